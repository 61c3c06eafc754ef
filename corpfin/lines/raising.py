"""Capital markets: whether they buy the company's shares this month, how many, and at what discount.

The window is the company's own. It shuts when the share is far below its recent high while bitcoin is too, when it has
fallen fast, or by chance; it opens again when the share has come back from its low, or after months as long as observed
ones. It reads the share before distress, so that it tells of markets, not of the company's own purse.
"""

from corpfin.engine import Constant, exp, norm_cdf
from corpfin.lines.constants import DUST, STEP, STEPS_PER_YEAR, TRADING_DAYS

SECTIONS = {
    "share_high": "Equity window",
    "atm_registered": "At the market",
    "months_since_follow_on": "Follow-on offerings",
}

opening_equity_open = Constant(1.0, "1", "The window is open when the projection starts")
opening_slump = Constant(0.0, "1", "No slump when the projection starts")
opening_months_since_follow_on = Constant(12.0, "month", "No offering in the year before the projection")


def opening_share_month_ago(opening_share_price):
    """Share price a month before the start [USD/share]. Taken as that of the start."""
    return opening_share_price


def opening_share_two_months_ago(opening_share_price):
    """Share price two months before the start [USD/share]. Taken as that of the start."""
    return opening_share_price


def opening_share_three_months_ago(opening_share_price):
    """Share price three months before start [USD/share]. Taken as that of the start."""
    return opening_share_price


def opening_shut_low(opening_share_price):
    """Low of the share at start [USD/share]. While the window is open it is the last price."""
    return opening_share_price


def opening_share_high(past_share_high, opening_share_price):
    """Recent high of the share at start [USD/share]. The price at the start where no higher one is given."""
    return max(past_share_high, opening_share_price)


def share_high(undistressed_price, share_high_prior, high_fade):
    """Recent high of the share [USD/share]. It fades, as highs of more than a year ago are forgotten."""
    return max(undistressed_price, share_high_prior * (1 - high_fade * STEP))


def share_month_ago(undistressed_price_prior):
    """Share price a month ago [USD/share]. Before the discounts, as all that the window reads."""
    return undistressed_price_prior


def share_two_months_ago(share_month_ago_prior):
    """Share price two months ago [USD/share]."""
    return share_month_ago_prior


def share_three_months_ago(share_two_months_ago_prior):
    """Share price three months ago [USD/share]."""
    return share_two_months_ago_prior


def slump(
    share_month_ago,
    share_high_prior,
    btc_close_prior,
    btc_high_prior,
    share_three_months_ago_prior,
    window_share_floor,
    window_btc_floor,
    window_fall,
):
    """Slump [1]. The share and bitcoin both far below their highs, or the share fallen fast within a quarter."""
    return (
        share_month_ago < window_share_floor * share_high_prior and btc_close_prior < window_btc_floor * btc_high_prior
    ) or share_month_ago < (1 - window_fall) * share_three_months_ago_prior


def shut_low(share_month_ago, shut_low_prior, equity_open_prior):
    """Low of the share since the window shut [USD/share]."""
    return share_month_ago if equity_open_prior else min(shut_low_prior, share_month_ago)


def recovered(share_month_ago, shut_low, window_recovery, slump):
    """Share recovered [1]. So far above its low, and the slump over, that buyers are back."""
    return share_month_ago >= (1 + window_recovery) * shut_low and not slump


def equity_open(equity_open_prior, slump, slump_prior, recovered, equity_shock, equity_closes, equity_opens):
    """Equity window open [1]. Shut as a slump begins or by chance; open again on recovery or by chance."""
    return (not equity_open_prior and (recovered or norm_cdf(equity_shock) < equity_opens)) or (
        equity_open_prior and (slump_prior or not slump) and norm_cdf(equity_shock) >= equity_closes
    )


def atm_registered(atm_renewal, market_cap_prior):
    """ATM capacity registered [USD m].

    New capacity registered for the ATM programme, a share of market value a year.
    """
    return market_cap_prior * atm_renewal / STEPS_PER_YEAR


def atm_volume(share_price, average_daily_volume, atm_participation, equity_open, shut_atm):
    """ATM market depth [USD m]. What the market takes in a month at the stated share of volume; less while shut."""
    return share_price * average_daily_volume * TRADING_DAYS * atm_participation * (1 if equity_open else shut_atm)


def atm_gross_capacity(atm_volume, atm_remaining_prior, atm_registered, defaulted_prior, known_share_proceeds):
    """ATM capacity, gross [USD m].

    Shares that can be sold at the market this month, before discount; none after default, and none on top of a month
    whose sales are known.
    """
    return 0 if defaulted_prior or known_share_proceeds >= 0 else min(atm_volume, atm_remaining_prior + atm_registered)


def atm_capacity(atm_gross_capacity, atm_discount):
    """ATM capacity [USD m]. Cash those shares would bring."""
    return atm_gross_capacity * (1 - atm_discount)


def programme(equity_growth, equity_spread, equity_stance):
    """Growth equity programme [1/year]. Shares the treasurer would sell for growth over shares outstanding."""
    return equity_growth * exp(equity_spread * equity_stance)


def equity_rate(programme, equity_least):
    """Growth equity rate [1]. Of the month; of a small programme nothing comes, for it is not worth its costs."""
    return max(0, programme - equity_least) / STEPS_PER_YEAR


def growth_equity(equity_rate, market_cap_prior, equity_open, shut_atm, defaulted_prior, known_share_proceeds):
    """Growth equity wanted [USD m].

    Shares sold without a need: who can, raises before he must. A shut window slows it, as all sales at the market, and
    does not end it: in 2022 and 2023 programmes ran far below the highs.
    """
    return (
        equity_rate * market_cap_prior * (1 if equity_open else shut_atm)
        if not defaulted_prior and known_share_proceeds < 0
        else 0
    )


def months_since_follow_on(months_since_follow_on_prior, follow_on_sale_prior):
    """Months since the last offering [month]."""
    return STEP + (0 if follow_on_sale_prior > DUST else months_since_follow_on_prior)


def follow_on_capacity(
    share_price,
    average_daily_volume,
    follow_on_days,
    follow_on_discount,
    equity_open,
    months_since_follow_on,
    follow_on_interval,
    defaulted_prior,
    known_share_proceeds,
):
    """Follow-on offering capacity [USD m].

    What a marketed offering would bring: so many days of volume at the observed discount, in an open window, and not
    again before the market has digested the last.
    """
    return (
        share_price * average_daily_volume * follow_on_days * (1 - follow_on_discount)
        if equity_open
        and months_since_follow_on >= follow_on_interval
        and not defaulted_prior
        and known_share_proceeds < 0
        else 0
    )
