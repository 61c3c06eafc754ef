"""Machines on order: the instalments that fall due and the machines that come.

An order stands among the fleets: its machines run as a fleet of their own with the site and power of the one they go
to. Instalments are equal and monthly, so are deliveries, and machines that are not paid for do not come.
``order_settlement`` says what was paid and which orders the company walked away from.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import FIVE_MONTHS, FOUR_MONTHS, FUNDING_LEAD, ONE_YEAR, STEP, THREE_MONTHS, TWO_MONTHS

EACH = "fleet"

opening_order_delivered = Constant(0.0, "EH/s", "Nothing of an order delivered when the projection starts")


def delivery_progress(first_delivery_month, last_delivery_month, month_number):
    """Deliveries by schedule [1]. Share of the order that is to have come by month end."""
    return max(0, min(last_delivery_month, month_number) - first_delivery_month + STEP) / (
        last_delivery_month - first_delivery_month + STEP
    )


def order_delivered(order_hashrate, delivery_progress, instalment_share_prior):
    """Order delivered to date [EH/s]. By schedule, as far as its instalments were paid by last month end."""
    return order_hashrate * min(delivery_progress, instalment_share_prior)


def order_arrived(order_delivered, order_delivered_prior):
    """Order delivered [EH/s]. Machines that come this month; they run at once."""
    return order_delivered - order_delivered_prior


def instalment_part(first_payment_month, last_payment_month):
    """Instalment over the order's price [1]. Of equal instalments, one a month."""
    return STEP / (last_payment_month - first_payment_month + STEP)


def instalment(order_price, instalment_part):
    """Instalment [USD m]. Paid a month while the order stands."""
    return order_price * instalment_part


def instalment_falls_due(first_payment_month, last_payment_month, month_number, order_cancelled_prior):
    """Instalment falls due [1]. 1 in the months of payment, until the order is cancelled."""
    return month_number >= first_payment_month and month_number <= last_payment_month and not order_cancelled_prior


def bound_due(instalment, instalment_falls_due, cancellable):
    """Instalments due, not cancellable [USD m]. Of an order the company is bound to: unpaid, they are a default."""
    return instalment * instalment_falls_due * (1 - cancellable)


def cancellable_due(instalment, instalment_falls_due, cancellable):
    """Instalments due, cancellable [USD m]. Of an order the company may let go against its deposit."""
    return instalment * instalment_falls_due * cancellable


def bound_within_year(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due within twelve months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + ONE_YEAR) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_1(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 1 month [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + STEP) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_2(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 2 months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + TWO_MONTHS) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_3(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 3 months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + THREE_MONTHS) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_4(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 4 months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + FOUR_MONTHS) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_5(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 5 months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + FIVE_MONTHS) - max(first_payment_month - STEP, month_number))
        / STEP
    )


def bound_6(instalment, cancellable, first_payment_month, last_payment_month, month_number):
    """Instalments due in 6 months [USD m]. Of orders the company is bound to."""
    return (
        instalment
        * (1 - cancellable)
        * max(0, min(last_payment_month, month_number + FUNDING_LEAD) - max(first_payment_month - STEP, month_number))
        / STEP
    )
