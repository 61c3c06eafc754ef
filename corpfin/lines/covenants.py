"""Covenants of corporate debt: what its lenders test every month end, what cures a breach, when they call the loan.

Only what an agreement says is tested: a term left out is none. A breach stops draws at once; one that lasts longer than
the grace period lets the lender call the loan, and he does (``acceleration``). History holds no breach.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_SHARE, STEP

EACH = "debt"

opening_in_breach = Constant(0.0, "1", "No covenant in breach when the projection starts")
opening_breach_months = Constant(0.0, "month", "No covenant in breach when the projection starts")
opening_cures_used = Constant(0.0, "1", "No breach cured before the projection starts")
opening_cure_due = Constant(0.0, "USD m", "No cure promised when the projection starts")


def tested(balance, undrawn, month_number, issue_month, due_month, is_history, defaulted):
    """Covenants tested [1]. 1 while the lender has money at work or promised; none has been in breach in history."""
    return (
        (balance > DUST or undrawn > DUST)
        and month_number >= issue_month
        and month_number < due_month
        and not is_history
        and not defaulted
    )


def liquidity_headroom(cash, free_btc_value, bitcoin_counts, minimum_liquidity):
    """Headroom of liquidity [USD m]. Cash, with free bitcoin where it counts, over the least allowed."""
    return cash + free_btc_value * bitcoin_counts - minimum_liquidity


def market_cap_headroom(market_cap, minimum_market_cap):
    """Headroom of market cap [USD m]. Market value of the shares over the least allowed."""
    return market_cap - minimum_market_cap


def interest_cover_headroom(interest_cover, minimum_interest_cover):
    """Headroom of interest cover [1]. Over the least allowed."""
    return interest_cover - minimum_interest_cover


def net_leverage_headroom(net_leverage, maximum_net_leverage):
    """Headroom of net leverage [1]. Below the highest allowed."""
    return maximum_net_leverage - net_leverage


def ltv_headroom(margin_call_ltv, lowest_price_ltv, btc_loan):
    """Headroom of loan-to-value [1]. Below the margin call, at the lowest price of the month before it is met."""
    return (margin_call_ltv - lowest_price_ltv) * btc_loan


def liquidity_short(tested, liquidity_headroom):
    """Liquidity short of covenant [1]."""
    return tested and liquidity_headroom < 0 - DUST


def in_breach(tested, liquidity_short, market_cap_headroom, interest_cover_headroom, net_leverage_headroom):
    """Covenant in breach [1]. 1 when any test of the month end fails."""
    return liquidity_short or (
        tested
        and (
            market_cap_headroom < 0 - DUST
            or interest_cover_headroom < 0 - DUST_SHARE
            or net_leverage_headroom < 0 - DUST_SHARE
        )
    )


def cured(in_breach, balance, cures_used_prior, cure_number, cure_amount):
    """Breach cured [1]. 1 when the borrower answers it by a repayment, as often as it may."""
    return in_breach and balance > DUST and cure_amount > DUST and cures_used_prior + 1 <= cure_number


def cures_used(cures_used_prior, cured):
    """Cures used [1]. Times a breach has been cured."""
    return cures_used_prior + cured


def cure_due(cured, balance, cure_amount):
    """Cure due next month [USD m]. Repayment promised, due with the principal of next month."""
    return min(balance, cure_amount) if cured else 0


def breach_months(breach_months_prior, in_breach, cured):
    """Months in breach [month]. In a row, cured ones left out."""
    return breach_months_prior + STEP if in_breach and not cured else 0


def event_of_default(breach_months, grace_months):
    """Event of default [1]. 1 when a breach has lasted longer than the grace period."""
    return breach_months > grace_months


def debt_called(event_of_default, balance):
    """Debt called for a covenant [USD m]. For a breach of its own."""
    return balance if event_of_default else 0
