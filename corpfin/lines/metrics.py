"""What an analyst reads first: liquidity, runway, leverage, cost of a bitcoin."""

from corpfin.engine import Constant
from corpfin.lines.constants import (
    DUST,
    DUST_BTC,
    DUST_MW,
    FUNDING_LEAD,
    ONE_YEAR,
    RATIO_CAP,
    RUNWAY_CAP,
    STEP,
    USD_PER_MILLION,
)

opening_coverage = Constant(100.0, "1", "No distress before the projection starts: the opening price carries its own")


def opening_free_btc_value(opening_btc, total_debt_opening_collateral, opening_btc_loaned, opening_btc_close):
    """Bitcoin neither pledged nor lent out at the start [USD m]."""
    return (
        max(0, opening_btc - total_debt_opening_collateral - opening_btc_loaned) * opening_btc_close / USD_PER_MILLION
    )


def opening_next_year_needs(total_debt_opening_due_in_year):
    """What will be asked for within twelve months of the start, as far as it is known then: maturities [USD m]."""
    return total_debt_opening_due_in_year


def opening_net_debt(total_debt_opening_balance, opening_cash, opening_free_btc_value):
    """Corporate debt less cash and free bitcoin at the start [USD m]."""
    return total_debt_opening_balance - opening_cash - opening_free_btc_value


def opening_liquidity(opening_cash, opening_free_btc_value, total_debt_opening_undrawn):
    """Cash, free bitcoin and undrawn revolvers at the start [USD m]."""
    return opening_cash + opening_free_btc_value + total_debt_opening_undrawn


def opening_leverage(opening_net_debt, opening_market_cap):
    """Net corporate debt over enterprise value at the start [1]."""
    return max(0, opening_net_debt) / (opening_market_cap + max(0, opening_net_debt))


def free_btc_value(btc, btc_pledged, btc_loaned, btc_close):
    """Bitcoin neither pledged nor lent out, at the month-end price [USD m]."""
    return max(0, btc - btc_pledged - btc_loaned) * btc_close / USD_PER_MILLION


def liquidity(cash, free_btc_value, total_debt_line_left):
    """Cash, free bitcoin and undrawn revolvers [USD m]."""
    return cash + free_btc_value + total_debt_line_left


def burn(operating_cost, total_debt_interest, operating_receipts, total_hpc_parent_distribution):
    """Running cost and interest of the parent that its receipts do not cover, a month [USD m]."""
    return max(0, operating_cost + total_debt_interest - operating_receipts - total_hpc_parent_distribution)


def runway(liquidity, burn):
    """Months the liquidity lasts at this month's burn, maturities and construction aside [month]."""
    return min(RUNWAY_CAP, liquidity / burn * STEP) if burn > DUST else RUNWAY_CAP


def signed_within_year(total_debt_issue_within_year, total_hpc_closing_within_year, total_offering_raised_within_year):
    """Money of known issues and closings within twelve months [USD m]."""
    return total_debt_issue_within_year + total_hpc_closing_within_year + total_offering_raised_within_year


def asked_within_year(
    total_debt_due_within_year, total_hpc_committed_gap, total_purchase_bought_within_year, signed_within_year
):
    """Principal within twelve months, construction and purchases unfunded, less money already signed [USD m]."""
    return max(
        0,
        total_debt_due_within_year + total_hpc_committed_gap + total_purchase_bought_within_year - signed_within_year,
    )


def next_year_needs(burn, asked_within_year):
    """Burn of twelve months and what else will be asked for within them [USD m]."""
    return burn * ONE_YEAR / STEP + asked_within_year


def liquidity_with_atm(liquidity, atm_remaining, atm_volume):
    """Liquidity and the shares the market would take in half a year within the ATM programme [USD m]."""
    return liquidity + min(atm_remaining, atm_volume * FUNDING_LEAD / STEP)


def coverage(liquidity_with_atm, next_year_needs):
    """Money within reach over next year's needs [1]."""
    return min(RATIO_CAP, liquidity_with_atm / next_year_needs) if next_year_needs > DUST else RATIO_CAP


def net_debt(total_debt_balance, cash, free_btc_value):
    """Corporate debt less cash and free bitcoin [USD m]."""
    return total_debt_balance - cash - free_btc_value


def enterprise_value(market_cap, net_debt):
    """Market value of the shares and net corporate debt [USD m]."""
    return market_cap + max(0, net_debt)


def leverage(net_debt, enterprise_value):
    """Net corporate debt over enterprise value [1]."""
    return max(0, net_debt) / enterprise_value if enterprise_value > DUST else 1


def interest_cover(ebitda, interest_expense):
    """Earnings before interest, tax and depreciation over interest [1]."""
    return max(0 - RATIO_CAP, min(RATIO_CAP, ebitda / interest_expense)) if interest_expense > DUST else RATIO_CAP


def power_cost_per_btc(total_fleet_power_cost, total_fleet_btc_mined):
    """Electricity behind one bitcoin, its break-even price at today's hash rate [USD/BTC]."""
    return total_fleet_power_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def mining_share(mined_value, group_revenue):
    """Mining's share of revenue, by which overhead and interest are laid on it [1]."""
    return mined_value / group_revenue if group_revenue > DUST else 1


def mining_cash_cost(
    total_fleet_power_cost, total_fleet_site_expense, total_fleet_credits, sga, other_cost, mining_share
):
    """Electricity and sites, credits deducted, and mining's share of overhead [USD m]."""
    return total_fleet_power_cost + total_fleet_site_expense - total_fleet_credits + (sga + other_cost) * mining_share


def cash_cost_per_btc(mining_cash_cost, total_fleet_btc_mined):
    """Cash cost behind one bitcoin, its share of overhead included [USD/BTC]."""
    return mining_cash_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def mining_all_in_cost(
    mining_cash_cost, total_debt_interest, compensation_expense, mining_share, mining_depreciation_charge
):
    """Cash cost, depreciation, and mining's share of corporate interest and pay in shares [USD m]."""
    return mining_cash_cost + mining_depreciation_charge + (total_debt_interest + compensation_expense) * mining_share


def all_in_cost_per_btc(mining_all_in_cost, total_fleet_btc_mined):
    """All of that behind one bitcoin [USD/BTC]."""
    return mining_all_in_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def projects_lost(total_hpc_ring_defaulted):
    """Projects the lenders have taken [1]."""
    return total_hpc_ring_defaulted


def delivered_over_leased(total_hpc_delivered_mw, total_hpc_leased_mw):
    """Capacity delivered over capacity leased, all projects [1]."""
    return total_hpc_delivered_mw / total_hpc_leased_mw if total_hpc_leased_mw > DUST_MW else 0
