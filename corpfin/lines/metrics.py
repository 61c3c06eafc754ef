"""What an analyst reads first: liquidity, runway, leverage, cost of a bitcoin."""

from corpfin.engine import Constant
from corpfin.lines.constants import (
    DUST,
    DUST_BTC,
    DUST_MW,
    DUST_RATE,
    FUNDING_LEAD,
    ONE_YEAR,
    RATIO_CAP,
    RUNWAY_CAP,
    STEP,
    STEPS_PER_YEAR,
    USD_PER_MILLION,
)

opening_building_means = Constant(0.0, "USD m", "Known at month end: nobody lends to a project before")
opening_cash_cover = Constant(0.0, "1", "Nothing is known of earnings before the projection starts: assets must cover")
opening_coverage = Constant(100.0, "1", "No distress before the projection starts: the opening price carries its own")


def opening_free_btc_value(opening_btc, total_debt_opening_collateral, opening_btc_loaned, opening_btc_close):
    """Free bitcoin value at start [USD m]. Bitcoin neither pledged nor lent out."""
    return (
        max(0, opening_btc - total_debt_opening_collateral - opening_btc_loaned) * opening_btc_close / USD_PER_MILLION
    )


def opening_next_year_needs(
    total_debt_opening_due_in_year,
    total_debt_opening_issue_in_year,
    total_hpc_opening_closing_in_year,
    total_offering_opening_raised_in_year,
):
    """Next-year needs at start [USD m].

    What will be asked for within twelve months of the start, as far as it is known then: maturities less signed money.
    """
    return max(
        0,
        total_debt_opening_due_in_year
        - total_debt_opening_issue_in_year
        - total_hpc_opening_closing_in_year
        - total_offering_opening_raised_in_year,
    )


def opening_net_debt(total_debt_opening_balance, opening_cash, opening_btc_value):
    """Net debt at start [USD m]. Corporate debt less cash and all bitcoin owned."""
    return total_debt_opening_balance - opening_cash - opening_btc_value


def opening_liquidity(opening_cash, opening_free_btc_value, total_debt_opening_line_left):
    """Liquidity at start [USD m]. Cash, free bitcoin and undrawn revolvers."""
    return opening_cash + opening_free_btc_value + total_debt_opening_line_left


def opening_leverage(opening_net_debt, opening_market_cap):
    """Leverage at start [1]. Net corporate debt over enterprise value."""
    return max(0, opening_net_debt) / (opening_market_cap + max(0, opening_net_debt))


def free_btc_value(btc, btc_pledged, btc_loaned, btc_close):
    """Free bitcoin value [USD m]. Bitcoin neither pledged nor lent out, at the month-end price."""
    return max(0, btc - btc_pledged - btc_loaned) * btc_close / USD_PER_MILLION


def liquidity(cash, free_btc_value, total_debt_line_left):
    """Liquidity [USD m]. Cash, free bitcoin and undrawn revolvers."""
    return cash + free_btc_value + total_debt_line_left


def building_means(liquidity, target_cash, total_debt_kept_ahead, total_hpc_committed_gap, total_hpc_call_6):
    """Means for new building [USD m].

    Liquidity beyond target cash, puts and maturities that are known, and construction already bound.
    """
    return max(0, liquidity - target_cash - total_debt_kept_ahead - max(0, total_hpc_committed_gap - total_hpc_call_6))


def burn(operating_cost, withholding_tax, interest_due, operating_receipts, total_hpc_parent_distribution):
    """Cash burn [USD m].

    Running cost, tax on vested shares and interest of the parent that its receipts do not cover, a month.
    """
    return max(0, operating_cost + withholding_tax + interest_due - operating_receipts - total_hpc_parent_distribution)


def cash_cover(
    mined_value,
    total_fleet_credits,
    services_income,
    interest_income,
    total_hpc_parent_distribution,
    operating_cost,
    total_debt_balance,
    refinancing_coupon,
    notes_coupons,
):
    """Cash interest cover [1].

    Cash earnings of the parent, all it mined counted as sold, over the interest lenders reckon with: on known
    instruments at the coupon of a new one.
    """
    return (
        max(
            0 - RATIO_CAP,
            min(
                RATIO_CAP,
                (
                    mined_value
                    + total_fleet_credits
                    + services_income
                    + interest_income
                    + total_hpc_parent_distribution
                    - operating_cost
                )
                * STEPS_PER_YEAR
                / (total_debt_balance * refinancing_coupon + notes_coupons),
            ),
        )
        if total_debt_balance * refinancing_coupon + notes_coupons > DUST_RATE
        else RATIO_CAP
    )


def runway(liquidity, burn):
    """Runway [month]. Months the liquidity lasts at this month's burn, maturities and construction aside."""
    return min(RUNWAY_CAP, liquidity / burn * STEP) if burn > DUST else RUNWAY_CAP


def signed_within_year(
    total_debt_issue_within_year, total_hpc_closing_within_year, total_offering_raised_within_year, draw_6
):
    """Signed funding within twelve months [USD m]. Money of known issues and closings, draws of half a year."""
    return total_debt_issue_within_year + total_hpc_closing_within_year + total_offering_raised_within_year + draw_6


def asked_within_year(
    total_debt_due_within_year,
    notes_within_year,
    total_hpc_committed_gap,
    total_purchase_bought_within_year,
    total_fleet_bound_within_year,
    net_payables,
    signed_within_year,
):
    """Net obligations within twelve months [USD m].

    Principal, construction, purchases and machines on order unfunded, what suppliers wait for, less money already
    signed.
    """
    return max(
        0,
        total_debt_due_within_year
        + notes_within_year
        + total_hpc_committed_gap
        + total_purchase_bought_within_year
        + total_fleet_bound_within_year
        + max(0, net_payables)
        - signed_within_year,
    )


def next_year_needs(burn, asked_within_year):
    """Next-year needs [USD m]. Burn of twelve months and what else will be asked for within them."""
    return burn * ONE_YEAR / STEP + asked_within_year


def liquidity_with_atm(liquidity, atm_remaining, atm_volume):
    """Liquidity with ATM [USD m].

    Liquidity and the shares the market would take in half a year within the ATM programme.
    """
    return liquidity + min(atm_remaining, atm_volume * FUNDING_LEAD / STEP)


def coverage(liquidity_with_atm, next_year_needs):
    """Liquidity coverage [1]. Liquidity with ATM over next year's needs."""
    return min(RATIO_CAP, liquidity_with_atm / next_year_needs) if next_year_needs > DUST else RATIO_CAP


def net_debt(corporate_debt, cash, btc_value):
    """Net debt [USD m].

    Corporate debt less cash and all bitcoin owned, free, lent out or pledged: loans on bitcoin count as debt, so the
    bitcoin that secures them counts as the liquid asset it is.
    """
    return corporate_debt - cash - btc_value


def enterprise_value(market_cap, net_debt):
    """Enterprise value [USD m]. Market value of the shares and net corporate debt."""
    return market_cap + max(0, net_debt)


def leverage(net_debt, enterprise_value):
    """Leverage [1]. Net corporate debt over enterprise value."""
    return max(0, net_debt) / enterprise_value if enterprise_value > DUST else 1


def interest_cover(ebitda, interest_expense):
    """Interest cover [1]. Earnings before interest, tax and depreciation over interest."""
    return max(0 - RATIO_CAP, min(RATIO_CAP, ebitda / interest_expense)) if interest_expense > DUST else RATIO_CAP


def net_leverage(net_debt, ebitda):
    """Net debt over EBITDA [1]. Of the month times twelve; the cap where there are no earnings."""
    return (
        0
        if net_debt <= DUST
        else (min(RATIO_CAP, net_debt / (ebitda * (ONE_YEAR / STEP))) if ebitda > DUST else RATIO_CAP)
    )


def power_cost_per_btc(total_fleet_power_cost, total_fleet_btc_mined):
    """Power cost per bitcoin [USD/BTC]. Electricity behind one bitcoin, its break-even price at today's hash rate."""
    return total_fleet_power_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def mining_share(mined_value, group_revenue):
    """Mining share of revenue [1]. By which overhead and interest are laid on mining."""
    return mined_value / group_revenue if group_revenue > DUST else 1


def mining_cash_cost(
    total_fleet_power_cost, total_fleet_site_expense, total_fleet_credits, sga, other_cost, mining_share
):
    """Mining cash cost [USD m]. Electricity and sites, credits deducted, and mining's share of overhead."""
    return total_fleet_power_cost + total_fleet_site_expense - total_fleet_credits + (sga + other_cost) * mining_share


def cash_cost_per_btc(mining_cash_cost, total_fleet_btc_mined):
    """Cash cost per bitcoin [USD/BTC]. Its share of overhead included."""
    return mining_cash_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def mining_all_in_cost(mining_cash_cost, interest_due, compensation_expense, mining_share, mining_depreciation_charge):
    """Mining all-in cost [USD m].

    Cash cost, depreciation, and mining's share of corporate interest and pay in shares.
    """
    return mining_cash_cost + mining_depreciation_charge + (interest_due + compensation_expense) * mining_share


def all_in_cost_per_btc(mining_all_in_cost, total_fleet_btc_mined):
    """All-in cost per bitcoin [USD/BTC]. Mining all-in cost behind one bitcoin."""
    return mining_all_in_cost * USD_PER_MILLION / total_fleet_btc_mined if total_fleet_btc_mined > DUST_BTC else 0


def projects_lost(total_hpc_ring_defaulted):
    """Projects lost [1]. Projects the lenders have taken."""
    return total_hpc_ring_defaulted


def delivered_over_leased(total_hpc_delivered_mw, total_hpc_leased_mw):
    """Delivered over leased capacity [1]. All projects."""
    return total_hpc_delivered_mw / total_hpc_leased_mw if total_hpc_leased_mw > DUST_MW else 0
