"""The share: price by betas, distress discount, and what an ATM programme could raise this month."""

from corpfin.engine import exp
from corpfin.lines.constants import STEPS_PER_YEAR, TRADING_DAYS


def opening_undistressed_price(opening_share_price):
    """Share price at the start [USD/share]."""
    return opening_share_price


def undistressed_price(undistressed_price_prior, btc_beta, btc_return, ai_beta, ai_return, idio_return):
    """Share price by its betas to bitcoin and to AI equity, and its own noise [USD/share]."""
    return undistressed_price_prior * exp(btc_beta * btc_return + ai_beta * ai_return + idio_return)


def distress(distress_discount, coverage_prior, distress_coverage):
    """Discount as liquidity falls short of next year's needs, as of last month end [1]."""
    return distress_discount * max(0, 1 - max(0, coverage_prior) / distress_coverage)


def share_price(undistressed_price, distress):
    """Share price [USD/share]."""
    return undistressed_price * (1 - distress)


def atm_registered(atm_renewal, market_cap_prior):
    """New capacity registered for the ATM programme, a share of market value a year [USD m]."""
    return market_cap_prior * atm_renewal / STEPS_PER_YEAR


def atm_volume(share_price, average_daily_volume, atm_participation):
    """What the market takes in a month at the stated share of volume [USD m]."""
    return share_price * average_daily_volume * TRADING_DAYS * atm_participation


def atm_gross_capacity(atm_volume, atm_remaining_prior, atm_registered, defaulted_prior):
    """Shares that can be sold at the market this month, before discount; none after default [USD m]."""
    return 0 if defaulted_prior else min(atm_volume, atm_remaining_prior + atm_registered)


def atm_capacity(atm_gross_capacity, atm_discount):
    """Cash those shares would bring [USD m]."""
    return atm_gross_capacity * (1 - atm_discount)
