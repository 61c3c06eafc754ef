"""New convertible notes: when the market buys them, at which terms, and what the ones already sold ask for.

All notes sold after the balance sheet are one pool: its coupon, its conversion price and the month in which it falls
due are those of its notes on average. Buyers ask for an open equity window and for a market value well above the debt.
Who rolls unsecured paper over asks for cover: cash earnings that pay the interest, or cash and bitcoin well above the
debt. A known note is a ``[[debt]]``.
"""

from corpfin.engine import norm_cdf
from corpfin.lines.constants import (
    DAYS_PER_YEAR,
    DUST,
    DUST_SHARE,
    STEP,
    STEPS_PER_YEAR,
    YEAR,
)

SECTIONS = {
    "asset_room": "What lenders ask for",
    "notes_allowance": "New notes: what the market buys",
    "notes_strike": "New notes outstanding",
}


def opening_notes_allowance(notes_of_value, opening_shares, opening_share_price):
    """New notes allowance at start [USD m]. A year of it: nothing was sold just before."""
    return notes_of_value * YEAR * opening_shares * opening_share_price


def asset_room(cash_prior, btc_value_prior, corporate_debt_prior, asset_cover_floor):
    """Further debt that assets cover [USD m].

    Cash and bitcoin, pledged or not, over the cover lenders ask for, less corporate debt, as of last month end.
    """
    return (cash_prior + btc_value_prior) / max(1, asset_cover_floor) - corporate_debt_prior


def cash_covered(cash_cover_prior, cash_cover_floor, asset_cover_floor):
    """Interest covered as lenders ask [1]. By cash earnings; by whatever is earned where no cover is asked for."""
    return cash_cover_prior >= cash_cover_floor or asset_cover_floor <= 0


def covered(cash_covered, asset_room):
    """Covered as lenders ask [1]. By cash earnings, or by cash and bitcoin."""
    return cash_covered or asset_room >= 0


def weakness(leverage_prior, refinancing_leverage):
    """Weakness of the borrower [1]. 0 without net debt, 1 at the leverage beyond which nobody lends."""
    return min(1, leverage_prior / refinancing_leverage) if refinancing_leverage > 0 else 1


def notes_coupon(weakness, notes_coupon_strong, notes_coupon_weak):
    """New notes coupon [1/year]. Credit, not volatility, sets it: between that of strong and of weak issuers."""
    return notes_coupon_strong + (notes_coupon_weak - notes_coupon_strong) * weakness


def notes_premium(weakness, notes_premium_strong, notes_premium_weak):
    """New notes conversion premium [1]. Over the share price, between that of strong and of weak issuers."""
    return notes_premium_strong + (notes_premium_weak - notes_premium_strong) * weakness


def notes_allowance(notes_allowance_prior, notes_issued_prior, notes_of_value, market_cap_prior):
    """New notes allowance [USD m]. A share of market value a year, at most a year of it saved up."""
    return max(
        0,
        min(
            notes_of_value * YEAR * market_cap_prior,
            notes_allowance_prior - notes_issued_prior + notes_of_value * market_cap_prior / STEPS_PER_YEAR,
        ),
    )


def notes_room(market_cap_prior, corporate_debt_prior, notes_leverage):
    """Further debt that market value covers [USD m].

    As of last month end. Who may convert looks to the shares beneath the notes: Bitdeer in 2024 and TeraWulf in 2025
    sold them covered by neither earnings nor cash and bitcoin.
    """
    return notes_leverage * market_cap_prior - corporate_debt_prior


def notes_depth(share_price, average_daily_volume, notes_days):
    """Notes that trading in the share carries [USD m].

    Who buys convertibles hedges them with the share: an issue is so many days of its volume and no more.
    """
    return share_price * average_daily_volume * notes_days


def notes_market(notes_allowance, notes_room, notes_depth, equity_open, defaulted_prior, known_share_proceeds):
    """New notes the market buys [USD m].

    While the equity window is open, as far as market value and trading carry them; not beside a month whose share sales
    are known.
    """
    return (
        max(0, min(notes_allowance, min(notes_room, notes_depth)))
        if equity_open and not defaulted_prior and known_share_proceeds < 0
        else 0
    )


def notes_for_growth(notes_market, notes_shock, notes_chance, appetite):
    """Notes sold for growth [USD m].

    Now and then, by appetite, and then all the market buys: issues are lumps. Who can, borrows before he must; what it
    brings stays in cash.
    """
    return notes_market if norm_cdf(notes_shock) < notes_chance * appetite else 0


def notes_capacity(notes_market, notes_for_growth, notes_cost):
    """New notes capacity [USD m]. Cash that further notes would bring, fees and capped call paid."""
    return (notes_market - notes_for_growth) * (1 - notes_cost)


def notes_strike(notes_balance_prior, notes_shares_prior):
    """Conversion price of new notes [USD/share]. Of the pool."""
    return notes_balance_prior / notes_shares_prior if notes_balance_prior > DUST else 0


def notes_in_the_money(notes_strike, share_price, defaulted_prior):
    """New notes in the money [1]. The share is above the conversion price; nobody converts after a default."""
    return notes_strike > 0 and share_price > notes_strike and not defaulted_prior


def notes_interest(notes_coupons_prior, days):
    """Interest on new notes [USD m]. Of the month, paid in cash."""
    return notes_coupons_prior * days / DAYS_PER_YEAR


def notes_mature(notes_balance_prior, notes_due_month_prior, month_number):
    """New notes due [1]. From the month in which their holders may demand their money."""
    return notes_balance_prior > DUST and month_number >= notes_due_month_prior - STEP * DUST_SHARE


def notes_converted(notes_mature, notes_in_the_money, notes_balance_prior):
    """New notes converted [USD m]. Into shares, when due and in the money."""
    return notes_balance_prior if notes_mature and notes_in_the_money else 0


def notes_due(notes_mature, notes_in_the_money, notes_balance_prior):
    """New notes payable [USD m]. In cash, when due and out of the money."""
    return notes_balance_prior if notes_mature and not notes_in_the_money else 0


def notes_due_soon(notes_mature, notes_in_the_money, notes_balance_prior, notes_due_month_prior, month_number, lead):
    """New notes due soon [USD m]. Within the lead at which cash is raised."""
    return (
        notes_balance_prior
        if not notes_mature
        and not notes_in_the_money
        and notes_due_month_prior - month_number <= lead + STEP * DUST_SHARE
        else 0
    )
