"""Machines on order after payments: what has been paid, and which orders the company walks away from."""

from corpfin.engine import Constant
from corpfin.lines.constants import DAYS_PER_YEAR, DUST, DUST_SHARE, HOURS_PER_DAY, USD_PER_MILLION

EACH = "fleet"

opening_order_cancelled = Constant(0.0, "1", "No order cancelled when the projection starts")


def opening_instalment_share(order_price):
    """Instalments paid at start [1]. All of them where nothing is left to pay."""
    return order_price <= DUST


def instalments_paid_share(cancellable, committed_share, cancellable_share):
    """Share of instalment paid [1]. Of this month's, whatever its class of payment."""
    return cancellable_share if cancellable else committed_share


def instalment_share(instalment_share_prior, instalment_falls_due, instalment_part, instalments_paid_share):
    """Instalments paid to date [1]. Share of all instalments; a machine needs all of its own, and its deposit."""
    return min(1, instalment_share_prior + instalment_falls_due * instalment_part * instalments_paid_share)


def order_yield(revenue_per_mwh, electricity_price, efficiency, order_hashrate, order_price):
    """Yield on instalments [1/year].

    Yearly margin of the machines at their site over what is to be paid for them: the deposit is spent either way.
    """
    return (
        (revenue_per_mwh - electricity_price)
        * order_hashrate
        * efficiency
        * HOURS_PER_DAY
        * DAYS_PER_YEAR
        / USD_PER_MILLION
        / order_price
        if order_price > DUST
        else 0
    )


def order_cancelled(
    order_cancelled_prior,
    cancellable,
    instalment_share,
    cancellable_due,
    cancellable_share,
    order_yield,
    hurdle_yield,
):
    """Order cancelled [1].

    1 once the company has let it go: an instalment found no money, or the machines do not earn what new ones must. Then
    no more is paid, and only machines that are paid for come.
    """
    return order_cancelled_prior or (
        cancellable
        and 1 - instalment_share > DUST_SHARE
        and ((cancellable_due > DUST and 1 - cancellable_share > DUST_SHARE) or order_yield <= hurdle_yield)
    )


def deposit_lost(order_cancelled, order_cancelled_prior, deposit, instalment_share):
    """Deposit lost [USD m]. On cancellation, of the machines that will not come."""
    return (order_cancelled - order_cancelled_prior) * deposit * (1 - instalment_share)
