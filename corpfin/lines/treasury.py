"""The month's money before funding: what comes in, what is owed, what the treasurer wants in hand.

What is missing is raised in ``funding``; who is paid is found in ``payments``.

One file: six of its lines are one ladder of months, which the grammar cannot write once.
"""

from corpfin.engine import Constant, exp
from corpfin.lines.constants import (
    DAYS_PER_YEAR,
    DUST_BTC,
    FIVE_MONTHS,
    FOUR_MONTHS,
    FUNDING_LEAD,
    STEP,
    STEPS_PER_QUARTER,
    THREE_MONTHS,
    TWO_MONTHS,
    USD_PER_MILLION,
)

SECTIONS = {
    "btc_sold_production": "What comes in",
    "overhead_cut": "What is owed",
    "gap_1": "What is raised ahead",
}

opening_overhead_cut = Constant(0.0, "1", "The overhead of the file is what is paid when the projection starts")


def btc_sold_production(production_share, total_fleet_btc_mined, btc_sale_cap, known_btc_sold):
    """Production sold [BTC]. Bitcoin sold as it is mined, by policy, within what the market takes."""
    return 0 if known_btc_sold >= 0 else min(btc_sale_cap, production_share * total_fleet_btc_mined)


def btc_sold_as_known(known_btc_sold, btc_prior, total_fleet_btc_mined, total_debt_collateral_prior):
    """Bitcoin sold as known [BTC]. In place of all sales of the company's own, as far as it is not pledged."""
    return max(0, min(known_btc_sold, btc_prior + total_fleet_btc_mined - total_debt_collateral_prior))


def btc_loaned(btc_loaned_prior, coverage_prior, distress_coverage):
    """Bitcoin lent out [BTC]. Called back once liquidity does not cover next year's needs."""
    return 0 if coverage_prior < distress_coverage else btc_loaned_prior


def unpledged_btc(
    btc_prior, total_fleet_btc_mined, btc_sold_production, btc_sold_as_known, total_debt_collateral_prior, btc_loaned
):
    """Unpledged bitcoin [BTC]. Neither pledged, nor lent out, nor sold as it was mined or is known to be sold."""
    return max(
        0,
        btc_prior
        + total_fleet_btc_mined
        - btc_sold_production
        - btc_sold_as_known
        - total_debt_collateral_prior
        - btc_loaned,
    )


def btc_sold_above_target(
    btc_prior, total_fleet_btc_mined, btc_sold_production, btc_target, unpledged_btc, btc_sale_cap, known_btc_sold
):
    """Bitcoin sold above target [BTC].

    Sold because more is held than the policy wants, within what the market takes.
    """
    return (
        0
        if known_btc_sold >= 0
        else max(
            0,
            min(
                min(unpledged_btc, btc_sale_cap - btc_sold_production),
                btc_prior + total_fleet_btc_mined - btc_sold_production - btc_target,
            ),
        )
    )


def btc_sold_from_holdings(
    holdings_share, unpledged_btc, btc_sold_above_target, btc_sold_production, btc_sale_cap, known_btc_sold
):
    """Bitcoin sold from holdings [BTC]. A share of what is free, by choice, within what the market takes."""
    return (
        0
        if known_btc_sold >= 0
        else max(
            0,
            min(
                min(1, holdings_share) * (unpledged_btc - btc_sold_above_target),
                btc_sale_cap - btc_sold_production - btc_sold_above_target,
            ),
        )
    )


def btc_sold_by_policy(btc_sold_production, btc_sold_above_target, btc_sold_from_holdings, btc_sold_as_known):
    """Bitcoin sold by choice [BTC]. By policy, whatever the cash position, or known to be sold."""
    return btc_sold_production + btc_sold_above_target + btc_sold_from_holdings + btc_sold_as_known


def policy_proceeds(btc_sold_by_policy, btc_price):
    """Proceeds of policy sales [USD m]. At the month's mean price."""
    return btc_sold_by_policy * btc_price / USD_PER_MILLION


def btc_sold_for_prepayment(total_debt_prepayment_btc, btc_sale_cap, btc_sold_by_policy, known_btc_sold):
    """Bitcoin sold to prepay loans [BTC].

    Pledged coins sold by choice at the month-end price, within what the market takes; none where sales are known.
    """
    return 0 if known_btc_sold >= 0 else max(0, min(total_debt_prepayment_btc, btc_sale_cap - btc_sold_by_policy))


def loans_prepaid(btc_sold_for_prepayment, btc_close):
    """Loans prepaid with pledged bitcoin [USD m]. All that the coins bring goes to the lenders."""
    return btc_sold_for_prepayment * btc_close / USD_PER_MILLION


def prepaid_share(btc_sold_for_prepayment, total_debt_prepayment_btc):
    """Share of prepayment made [1]. Of what is sought, all loans alike."""
    return btc_sold_for_prepayment / total_debt_prepayment_btc if total_debt_prepayment_btc > DUST_BTC else 0


def interest_income(cash_prior, cash_yield, days):
    """Interest income of the parent [USD m]. Earned on opening cash."""
    return cash_prior * cash_yield * days / DAYS_PER_YEAR


def services_income(other_income):
    """Hosting and services margin [USD m]. Outside fleets and projects."""
    return other_income / STEPS_PER_QUARTER


def operating_receipts(policy_proceeds, total_fleet_credits, services_income, interest_income, prospect_distribution):
    """Operating receipts [USD m]. Cash received from operations before any bill."""
    return policy_proceeds + total_fleet_credits + services_income + interest_income + prospect_distribution


def free_btc(unpledged_btc, btc_sold_above_target, btc_sold_from_holdings):
    """Free bitcoin [BTC]. At hand: neither pledged, nor lent out, nor already sold."""
    return unpledged_btc - btc_sold_above_target - btc_sold_from_holdings


def pledge_share(free_btc, total_debt_pledged_at_issue):
    """New pledges covered [1]. Share of the pledges for new loans that free bitcoin covers."""
    return min(1, free_btc / total_debt_pledged_at_issue) if total_debt_pledged_at_issue > DUST_BTC else 0


def btc_after_pledges(free_btc, pledge_share, total_debt_pledged_at_issue):
    """Free bitcoin after new pledges [BTC]. Left after pledges for new loans."""
    return max(0, free_btc - pledge_share * total_debt_pledged_at_issue)


def debt_raised(total_debt_issued, total_debt_issued_on_pledge, pledge_share, bound_draw):
    """Proceeds of debt issues [USD m].

    Cash from known issues and delayed draws; a loan on bitcoin pays out as far as the bitcoin is posted.
    """
    return total_debt_issued - total_debt_issued_on_pledge * (1 - pledge_share) + bound_draw


def share_sale_receipts(known_share_proceeds):
    """Share sales as known [USD m]. Cash from shares sold at the market or otherwise, in place of what is needed."""
    return max(0, known_share_proceeds)


def financing_receipts(
    debt_raised,
    total_debt_cost_of_issue,
    total_offering_cash_raised,
    total_warrant_strike_proceeds,
    share_sale_receipts,
):
    """Known financing receipts [USD m].

    Cash from known issues of notes and shares, less their cost, and from warrants exercised.
    """
    return (
        debt_raised
        - total_debt_cost_of_issue
        + total_offering_cash_raised
        + total_warrant_strike_proceeds
        + share_sale_receipts
    )


def overhead_cut(overhead_cut_prior, deepest_cut, cut_speed, coverage_prior, distress_coverage):
    """Overhead cut [1]. As liquidity falls short of next year's needs; it takes months to come and to go."""
    return overhead_cut_prior + cut_speed * (
        deepest_cut * max(0, 1 - max(0, coverage_prior) / distress_coverage) - overhead_cut_prior
    )


def sga(cash_sga, overhead_spread, overhead_shock, overhead_cut):
    """Cash SG&A [USD m]. Selling, general and administrative cost paid in cash."""
    return cash_sga / STEPS_PER_QUARTER * exp(overhead_spread * overhead_shock) * (1 - overhead_cut)


def other_cost(other_operating_cost):
    """Other operating cost [USD m]. Site and start-up cost outside fleets and projects."""
    return other_operating_cost / STEPS_PER_QUARTER


def operating_cost(total_fleet_power_cost, total_fleet_site_expense, sga, other_cost):
    """Operating cost [USD m]. Running cost of the business outside the projects."""
    return total_fleet_power_cost + total_fleet_site_expense + sga + other_cost


def payables_by_terms(working_capital_spread, working_capital_shock, operating_cost):
    """Net payables by terms [USD m].

    What suppliers wait for and customers pay ahead beyond what stood at the start, in months of running cost; below 0
    the company pays ahead.
    """
    return working_capital_spread * working_capital_shock * operating_cost / STEP


def payables_taken(payables_by_terms, net_payables_prior, defaulted_prior):
    """Payables taken up [USD m]. Cash kept by paying later, or received ahead; nobody gives a defaulter terms."""
    return 0 if defaulted_prior else max(0, payables_by_terms - net_payables_prior)


def available(
    cash_prior,
    operating_receipts,
    payables_taken,
    total_hpc_parent_distribution,
    financing_receipts,
    relief,
):
    """Cash before bills and funding [USD m].

    Cash at hand before bills and before any new funding; relief is nothing but in a study of drivers.
    """
    return (
        cash_prior + operating_receipts + payables_taken + total_hpc_parent_distribution + financing_receipts + relief
    )


def operations_due(operating_cost, withholding_tax, tax_payable_prior, arrears_prior):
    """Operating bills due [USD m]. Running cost, tax on vested shares, last month's tax and what is overdue."""
    return operating_cost + withholding_tax + tax_payable_prior + arrears_prior


def interest_due(total_debt_interest, notes_interest):
    """Corporate interest due [USD m]. On known instruments and new notes."""
    return total_debt_interest + notes_interest


def principal_payable(total_debt_principal_due, notes_due):
    """Corporate principal payable [USD m]. In cash, of known instruments and new notes."""
    return total_debt_principal_due + notes_due


def principal_falling_due(principal_payable, total_debt_secured_due, total_debt_machine_principal):
    """Corporate principal falling due [USD m]. What collateral may settle included."""
    return principal_payable + total_debt_secured_due + total_debt_machine_principal


def margin_btc_share(btc_after_pledges, total_debt_margin_call_btc):
    """Margin calls met in bitcoin [1]. Share of the margin calls met with free bitcoin, all lenders alike."""
    return min(1, btc_after_pledges / total_debt_margin_call_btc) if total_debt_margin_call_btc > DUST_BTC else 0


def margin_due(total_debt_margin_call_value, margin_btc_share):
    """Margin calls due in cash [USD m]. Rest of the margin calls: loans are repaid, or the lenders sell collateral."""
    return total_debt_margin_call_value * (1 - margin_btc_share)


def committed_due(total_hpc_committed_call, total_purchase_bought, total_fleet_bound_due):
    """Committed capex due [USD m].

    Capital expenditure the company is bound to: calls of its projects, purchases signed, machines on order.
    """
    return total_hpc_committed_call + total_purchase_bought + total_fleet_bound_due


def maintenance_due(maintenance_capex, mining_depreciation, maintenance_share, spending_pace, defaulted_prior):
    """Maintenance capex due [USD m].

    As the company states it, else a share of depreciation, at the month's pace; it waits for spare cash, machines not
    replaced do not run.
    """
    return (
        (maintenance_capex if maintenance_capex > 0 else mining_depreciation * maintenance_share)
        / STEPS_PER_QUARTER
        * spending_pace
        * (1 - defaulted_prior)
    )


def bills(operations_due, interest_due, principal_payable, total_debt_deficiency_due, committed_due):
    """Bills due [USD m]. Everything that must be paid this month."""
    return operations_due + interest_due + principal_payable + total_debt_deficiency_due + committed_due


def minimum_cash(months_kept, operating_cost, withholding_tax, interest_due):
    """Minimum cash [USD m]. Cash the treasurer keeps: months of running cost, tax on vested shares and interest."""
    return months_kept * (operating_cost + withholding_tax + interest_due) / STEP


def gap_1(
    total_debt_net_due_1,
    total_purchase_bought_1,
    total_fleet_bound_1,
    total_hpc_call_1,
    total_hpc_closing_1,
    total_offering_raised_1,
    draw_1,
):
    """Liquidity gap in 1 month [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_1
        + total_purchase_bought_1
        + total_fleet_bound_1
        + total_hpc_call_1
        - total_hpc_closing_1
        - total_offering_raised_1
        - draw_1
    )


def gap_2(
    total_debt_net_due_2,
    total_purchase_bought_2,
    total_fleet_bound_2,
    total_hpc_call_2,
    total_hpc_closing_2,
    total_offering_raised_2,
    draw_2,
):
    """Liquidity gap in 2 months [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_2
        + total_purchase_bought_2
        + total_fleet_bound_2
        + total_hpc_call_2
        - total_hpc_closing_2
        - total_offering_raised_2
        - draw_2
    )


def gap_3(
    total_debt_net_due_3,
    total_purchase_bought_3,
    total_fleet_bound_3,
    total_hpc_call_3,
    total_hpc_closing_3,
    total_offering_raised_3,
    draw_3,
):
    """Liquidity gap in 3 months [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_3
        + total_purchase_bought_3
        + total_fleet_bound_3
        + total_hpc_call_3
        - total_hpc_closing_3
        - total_offering_raised_3
        - draw_3
    )


def gap_4(
    total_debt_net_due_4,
    total_purchase_bought_4,
    total_fleet_bound_4,
    total_hpc_call_4,
    total_hpc_closing_4,
    total_offering_raised_4,
    draw_4,
):
    """Liquidity gap in 4 months [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_4
        + total_purchase_bought_4
        + total_fleet_bound_4
        + total_hpc_call_4
        - total_hpc_closing_4
        - total_offering_raised_4
        - draw_4
    )


def gap_5(
    total_debt_net_due_5,
    total_purchase_bought_5,
    total_fleet_bound_5,
    total_hpc_call_5,
    total_hpc_closing_5,
    total_offering_raised_5,
    draw_5,
):
    """Liquidity gap in 5 months [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_5
        + total_purchase_bought_5
        + total_fleet_bound_5
        + total_hpc_call_5
        - total_hpc_closing_5
        - total_offering_raised_5
        - draw_5
    )


def gap_6(
    total_debt_net_due_6,
    total_purchase_bought_6,
    total_fleet_bound_6,
    total_hpc_call_6,
    total_hpc_closing_6,
    total_offering_raised_6,
    draw_6,
):
    """Liquidity gap in 6 months [USD m]. What the parent must pay by then less signed money that arrives by then."""
    return (
        total_debt_net_due_6
        + total_purchase_bought_6
        + total_fleet_bound_6
        + total_hpc_call_6
        - total_hpc_closing_6
        - total_offering_raised_6
        - draw_6
    )


def asked_soon(lead, gap_1, gap_2, gap_3, gap_4, gap_5, gap_6):
    """Payments ahead [USD m].

    Raised ahead: the widest gap of the months within the lead. Principal not rolled over, calls, purchases and orders
    count as they fall due; money that is signed counts from the month in which it arrives, and none that comes after
    the need.
    """
    return max(
        0,
        max(
            max(gap_1, gap_2 if lead >= TWO_MONTHS else 0, gap_3 if lead >= THREE_MONTHS else 0),
            max(
                gap_4 if lead >= FOUR_MONTHS else 0,
                gap_5 if lead >= FIVE_MONTHS else 0,
                gap_6 if lead >= FUNDING_LEAD else 0,
            ),
        ),
    )


def target_cash(minimum_cash, asked_soon, notes_due_soon):
    """Target cash [USD m]. Cash the treasurer raises to: the minimum and payments ahead."""
    return minimum_cash + asked_soon + notes_due_soon
