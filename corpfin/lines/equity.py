"""The share: price by betas, distress discount, and what an ATM programme could raise this month."""

from corpfin.engine import exp
from corpfin.lines.constants import STEPS_PER_YEAR, TRADING_DAYS


def opening_undistressed_price(opening_share_price):
    """Undistressed share price at start [USD/share]."""
    return opening_share_price


def distress(distress_discount, coverage_prior, distress_coverage):
    """Distress discount [1]. As liquidity falls short of next year's needs, as of last month end."""
    return distress_discount * max(0, 1 - max(0, coverage_prior) / distress_coverage)


def undistressed_price(
    undistressed_price_prior, btc_beta, btc_return, ai_beta, ai_return, idio_return, known_undistressed_price
):
    """Undistressed share price [USD/share].

    By its betas to bitcoin and to AI equity, and its own noise; a known close sets it anew, before the discount.
    """
    return (
        known_undistressed_price
        if known_undistressed_price > 0
        else undistressed_price_prior * exp(btc_beta * btc_return + ai_beta * ai_return + idio_return)
    )


def share_price(undistressed_price, distress, known_share_price):
    """Share price [USD/share]. At month end: the close where it is known."""
    return known_share_price if known_share_price > 0 else undistressed_price * (1 - distress)


def atm_registered(atm_renewal, market_cap_prior):
    """ATM capacity registered [USD m].

    New capacity registered for the ATM programme, a share of market value a year.
    """
    return market_cap_prior * atm_renewal / STEPS_PER_YEAR


def atm_volume(share_price, average_daily_volume, atm_participation):
    """ATM market depth [USD m]. What the market takes in a month at the stated share of volume."""
    return share_price * average_daily_volume * TRADING_DAYS * atm_participation


def atm_gross_capacity(atm_volume, atm_remaining_prior, atm_registered, defaulted_prior, known_share_proceeds):
    """ATM capacity, gross [USD m].

    Shares that can be sold at the market this month, before discount; none after default, and none on top of a month
    whose sales are known.
    """
    return 0 if defaulted_prior or known_share_proceeds >= 0 else min(atm_volume, atm_remaining_prior + atm_registered)


def atm_capacity(atm_gross_capacity, atm_discount):
    """ATM capacity [USD m]. Cash those shares would bring."""
    return atm_gross_capacity * (1 - atm_discount)
