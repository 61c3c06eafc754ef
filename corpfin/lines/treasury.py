"""The month's money: what comes in, what is owed, where a shortfall is found, and what stays unpaid.

Bills are paid in the order operations, interest, principal, margin calls, committed capital expenditure, then what may
wait. A shortfall against bills, calls that rescue a project and the target cash (the minimum, and what falls due soon)
is met from revolver, free bitcoin and share issues in the company's stated order. What is still unpaid is a default,
with its month and the first bill that was not paid in full.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import (
    CAUSE_CAPEX,
    CAUSE_INTEREST,
    CAUSE_MARGIN,
    CAUSE_MATURITY,
    CAUSE_OPERATIONS,
    DAYS_PER_YEAR,
    DUST,
    DUST_BTC,
    STEP,
    STEPS_PER_QUARTER,
    USD_PER_MILLION,
)

opening_arrears = Constant(0.0, "USD m", "Nothing overdue when the projection starts")
opening_default_month = Constant(0.0, "month", "Nobody in default when the projection starts")
opening_default_cause = Constant(0.0, "1", "Nobody in default when the projection starts")
opening_growth_share = Constant(1.0, "1", "No machines on order when the projection starts")
opening_defaulted = Constant(0.0, "1", "Nobody in default when the projection starts")


# What comes in


def btc_sold_production(production_sold, total_fleet_btc_mined, btc_sale_cap):
    """Bitcoin sold as it is mined, by policy, within what the market takes [BTC]."""
    return min(btc_sale_cap, production_sold * total_fleet_btc_mined)


def btc_loaned(btc_loaned_prior, coverage_prior, distress_coverage):
    """Bitcoin lent out; called back once liquidity does not cover next year's needs [BTC]."""
    return 0 if coverage_prior < distress_coverage else btc_loaned_prior


def unpledged_btc(btc_prior, total_fleet_btc_mined, btc_sold_production, total_debt_collateral_prior, btc_loaned):
    """Bitcoin neither pledged, nor lent out, nor sold as it was mined [BTC]."""
    return max(0, btc_prior + total_fleet_btc_mined - btc_sold_production - total_debt_collateral_prior - btc_loaned)


def btc_sold_above_target(
    btc_prior, total_fleet_btc_mined, btc_sold_production, btc_target, unpledged_btc, btc_sale_cap
):
    """Bitcoin sold because more is held than the policy wants, within what the market takes [BTC]."""
    return max(
        0,
        min(
            min(unpledged_btc, btc_sale_cap - btc_sold_production),
            btc_prior + total_fleet_btc_mined - btc_sold_production - btc_target,
        ),
    )


def btc_sold_by_policy(btc_sold_production, btc_sold_above_target):
    """Bitcoin sold whatever the cash position [BTC]."""
    return btc_sold_production + btc_sold_above_target


def policy_proceeds(btc_sold_by_policy, btc_price):
    """Cash from it at the month's mean price [USD m]."""
    return btc_sold_by_policy * btc_price / USD_PER_MILLION


def interest_income(cash_prior, cash_yield, days):
    """Interest earned on opening cash [USD m]."""
    return cash_prior * cash_yield * days / DAYS_PER_YEAR


def services_income(other_income):
    """Margin of hosting and services outside fleets and projects [USD m]."""
    return other_income / STEPS_PER_QUARTER


def operating_receipts(policy_proceeds, total_fleet_credits, services_income, interest_income):
    """Cash received from operations before any bill [USD m]."""
    return policy_proceeds + total_fleet_credits + services_income + interest_income


def free_btc(unpledged_btc, btc_sold_above_target):
    """Bitcoin at hand: neither pledged, nor lent out, nor already sold [BTC]."""
    return unpledged_btc - btc_sold_above_target


def pledge_share(free_btc, total_debt_pledged_at_issue):
    """Share of the pledges for new loans that free bitcoin covers [1]."""
    return min(1, free_btc / total_debt_pledged_at_issue) if total_debt_pledged_at_issue > DUST_BTC else 0


def btc_after_pledges(free_btc, pledge_share, total_debt_pledged_at_issue):
    """Free bitcoin left after pledges for new loans [BTC]."""
    return max(0, free_btc - pledge_share * total_debt_pledged_at_issue)


def debt_raised(total_debt_issued, total_debt_issued_on_pledge, pledge_share):
    """Cash from known issues of notes and loans; a loan on bitcoin pays out as far as the bitcoin is posted [USD m]."""
    return total_debt_issued - total_debt_issued_on_pledge * (1 - pledge_share)


def financing_receipts(
    debt_raised, total_debt_cost_of_issue, total_offering_cash_raised, total_warrant_strike_proceeds
):
    """Cash from known issues of notes and shares and from warrants exercised [USD m]."""
    return debt_raised - total_debt_cost_of_issue + total_offering_cash_raised + total_warrant_strike_proceeds


def available(cash_prior, operating_receipts, total_hpc_parent_distribution, financing_receipts):
    """Cash at hand before bills and before any new funding [USD m]."""
    return cash_prior + operating_receipts + total_hpc_parent_distribution + financing_receipts


# What is owed


def sga(cash_sga):
    """Selling, general and administrative cost paid in cash [USD m]."""
    return cash_sga / STEPS_PER_QUARTER


def other_cost(other_operating_cost):
    """Site and start-up cost outside fleets and projects [USD m]."""
    return other_operating_cost / STEPS_PER_QUARTER


def operating_cost(total_fleet_power_cost, total_fleet_site_expense, sga, other_cost):
    """Running cost of the business outside the projects [USD m]."""
    return total_fleet_power_cost + total_fleet_site_expense + sga + other_cost


def operations_due(operating_cost, tax_payable_prior, arrears_prior):
    """Running cost, last month's tax and what is overdue [USD m]."""
    return operating_cost + tax_payable_prior + arrears_prior


def principal_falling_due(total_debt_principal_due, total_debt_secured_due):
    """Corporate principal that falls due, what collateral may settle included [USD m]."""
    return total_debt_principal_due + total_debt_secured_due


def margin_btc_share(btc_after_pledges, total_debt_margin_call_btc):
    """Share of the margin calls met with free bitcoin, all lenders alike [1]."""
    return min(1, btc_after_pledges / total_debt_margin_call_btc) if total_debt_margin_call_btc > DUST_BTC else 0


def margin_due(total_debt_margin_call_value, margin_btc_share):
    """Rest of the margin calls, to be met by repaying loans [USD m]."""
    return total_debt_margin_call_value * (1 - margin_btc_share)


def committed_due(total_hpc_committed_call, total_purchase_bought):
    """Capital expenditure the company is bound to: calls of its projects, purchases signed [USD m]."""
    return total_hpc_committed_call + total_purchase_bought


def bills(operations_due, total_debt_interest, total_debt_principal_due, margin_due, committed_due):
    """Everything that must be paid this month [USD m]."""
    return operations_due + total_debt_interest + total_debt_principal_due + margin_due + committed_due


def minimum_cash(minimum_cash_months, operating_cost, total_debt_interest):
    """Cash the treasurer keeps: months of running cost and interest [USD m]."""
    return minimum_cash_months * (operating_cost + total_debt_interest) / STEP


def asked_soon(total_debt_due_soon, total_hpc_call_soon, total_purchase_bought_soon):
    """Principal that is near and not rolled over, calls and purchases ahead [USD m]."""
    return total_debt_due_soon + total_hpc_call_soon + total_purchase_bought_soon


def target_cash(minimum_cash, asked_soon, is_history):
    """Cash the treasurer raises to: the minimum and what will be asked for soon [USD m].

    Nothing is raised ahead in months that are history: what the company raised then is in its file.
    """
    return minimum_cash + (0 if is_history else asked_soon)


# Where a shortfall is found


def shortfall(bills, target_cash, total_hpc_rescue_call, available):
    """Money looked for this month; growth and pipeline must wait for spare cash [USD m]."""
    return max(0, bills + target_cash + total_hpc_rescue_call - available)


def btc_for_sale(btc_after_pledges, margin_btc_share, total_debt_margin_call_btc, btc_sale_cap, btc_sold_by_policy):
    """Bitcoin that can be sold on top of production, within what the market takes [BTC]."""
    return max(
        0,
        min(
            btc_after_pledges - margin_btc_share * total_debt_margin_call_btc,
            btc_sale_cap - btc_sold_by_policy,
        ),
    )


def btc_capacity(btc_for_sale, btc_price):
    """Cash those would bring at the month's mean price [USD m]."""
    return btc_for_sale * btc_price / USD_PER_MILLION


def revolver_capacity(
    shortfall, total_debt_headroom, total_debt_line_due_soon, target_cash, minimum_cash, total_hpc_rescue_call
):
    """What revolvers can add: neither for their own repayment nor for a project the company may let go [USD m]."""
    return min(
        total_debt_headroom,
        max(0, shortfall - min(total_debt_line_due_soon, target_cash - minimum_cash) - total_hpc_rescue_call),
    )


def revolver_draw(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Drawn on revolvers after the sources that rank before [USD m]."""
    return min(
        revolver_capacity,
        max(
            0,
            shortfall
            - (btc_capacity if btc_rank < revolver_rank else 0)
            - (atm_capacity if atm_rank < revolver_rank else 0),
        ),
    )


def btc_sale(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Raised by selling bitcoin after the sources that rank before [USD m]."""
    return min(
        btc_capacity,
        max(
            0,
            shortfall
            - (revolver_capacity if revolver_rank < btc_rank else 0)
            - (atm_capacity if atm_rank < btc_rank else 0),
        ),
    )


def atm_proceeds(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Raised by selling shares at the market after the sources that rank before [USD m]."""
    return min(
        atm_capacity,
        max(
            0,
            shortfall
            - (revolver_capacity if revolver_rank < atm_rank else 0)
            - (btc_capacity if btc_rank < atm_rank else 0),
        ),
    )


def funding(revolver_draw, btc_sale, atm_proceeds):
    """Raised this month [USD m]."""
    return revolver_draw + btc_sale + atm_proceeds


def spendable(available, funding):
    """Cash to pay the bills with [USD m]."""
    return available + funding


# What is paid


def operations_paid(operations_due, spendable):
    """Bills of the business paid [USD m]."""
    return min(operations_due, spendable)


def interest_paid(total_debt_interest, spendable, operations_paid):
    """Interest paid [USD m]."""
    return min(total_debt_interest, spendable - operations_paid)


def principal_paid(total_debt_principal_due, spendable, operations_paid, interest_paid):
    """Principal repaid [USD m]."""
    return min(total_debt_principal_due, spendable - operations_paid - interest_paid)


def margin_paid(margin_due, spendable, operations_paid, interest_paid, principal_paid):
    """Bitcoin-backed loans repaid to meet margin calls [USD m]."""
    return min(margin_due, spendable - operations_paid - interest_paid - principal_paid)


def after_debt(spendable, operations_paid, interest_paid, principal_paid, margin_paid):
    """Cash left for capital expenditure [USD m]."""
    return max(0, spendable - operations_paid - interest_paid - principal_paid - margin_paid)


def committed_paid(committed_due, after_debt):
    """Committed capital expenditure paid [USD m]."""
    return min(committed_due, after_debt)


def spare_cash(after_debt, committed_paid, target_cash):
    """Cash above the target, for what may wait [USD m]."""
    return max(0, after_debt - committed_paid - target_cash)


def rescue_paid(total_hpc_rescue_call, spare_cash):
    """Paid to keep half-built projects from their lenders [USD m]."""
    return min(total_hpc_rescue_call, spare_cash)


def growth_paid(total_fleet_growth_capex, spare_cash, rescue_paid):
    """Paid for new machines of the fleets [USD m]."""
    return min(total_fleet_growth_capex, spare_cash - rescue_paid)


def secured_paid(total_debt_secured_due, spare_cash, rescue_paid, growth_paid):
    """Matured bitcoin-backed loans repaid in cash, so that the collateral comes back whole [USD m]."""
    return min(total_debt_secured_due, spare_cash - rescue_paid - growth_paid)


def pipeline_paid(total_hpc_pipeline_call, spare_cash, rescue_paid, growth_paid, secured_paid):
    """Paid for projects the company is not bound to [USD m]."""
    return min(total_hpc_pipeline_call, spare_cash - rescue_paid - growth_paid - secured_paid)


def optional_paid(rescue_paid, growth_paid, pipeline_paid):
    """Capital expenditure paid that might have waited [USD m]."""
    return rescue_paid + growth_paid + pipeline_paid


def revolver_repaid(total_debt_repayable, spare_cash, optional_paid, secured_paid):
    """Revolver repaid from surplus cash [USD m]."""
    return min(total_debt_repayable, max(0, spare_cash - optional_paid - secured_paid))


def cash(after_debt, committed_paid, optional_paid, secured_paid, revolver_repaid):
    """Unrestricted cash at month end [USD m]."""
    return after_debt - committed_paid - optional_paid - secured_paid - revolver_repaid


def principal_share(principal_paid, total_debt_principal_due):
    """Share of the principal due that is repaid, all lenders alike [1]."""
    return principal_paid / total_debt_principal_due if total_debt_principal_due > DUST else 1


def margin_cash_share(margin_paid, margin_due):
    """Share of the margin calls left over that is met by repayment [1]."""
    return margin_paid / margin_due if margin_due > DUST else 1


def committed_share(committed_paid, committed_due):
    """Share of the committed bills that is paid, all projects and purchases alike [1]."""
    return committed_paid / committed_due if committed_due > DUST else 1


def rescue_share(rescue_paid, total_hpc_rescue_call):
    """Share of the calls of half-built projects that is paid [1]."""
    return rescue_paid / total_hpc_rescue_call if total_hpc_rescue_call > DUST else 1


def growth_share(growth_paid, total_fleet_growth_capex):
    """Share of the new machines that is paid [1]."""
    return growth_paid / total_fleet_growth_capex if total_fleet_growth_capex > DUST else 1


def secured_share(secured_paid, total_debt_secured_due):
    """Share of the matured bitcoin-backed loans that is repaid in cash [1]."""
    return secured_paid / total_debt_secured_due if total_debt_secured_due > DUST else 1


def pipeline_share(pipeline_paid, total_hpc_pipeline_call):
    """Share of the calls of other uncommitted projects that is paid [1]."""
    return pipeline_paid / total_hpc_pipeline_call if total_hpc_pipeline_call > DUST else 1


# Default


def arrears(operations_due, operations_paid, total_debt_interest, interest_paid):
    """Bills and interest overdue [USD m]."""
    return max(0, operations_due - operations_paid) + max(0, total_debt_interest - interest_paid)


def unpaid(bills, operations_paid, interest_paid, principal_paid, margin_paid, committed_paid):
    """Bills left unpaid this month [USD m]."""
    return max(0, bills - operations_paid - interest_paid - principal_paid - margin_paid - committed_paid)


def defaulted(defaulted_prior, unpaid):
    """1 from the first month in which a bill stays unpaid [1]."""
    return defaulted_prior or unpaid > DUST


def default_month(default_month_prior, defaulted, month_number):
    """Month of default, 0 while there is none [month]."""
    return default_month_prior if default_month_prior > 0 else (month_number if defaulted else 0)


def first_unpaid(
    operations_due,
    operations_paid,
    total_debt_interest,
    interest_paid,
    total_debt_principal_due,
    principal_paid,
    margin_due,
    margin_paid,
):
    """The first bill in the order of payment that was not paid in full, as a cause [1]."""
    return (
        CAUSE_OPERATIONS
        if operations_due - operations_paid > DUST
        else (
            CAUSE_INTEREST
            if total_debt_interest - interest_paid > DUST
            else (
                CAUSE_MATURITY
                if total_debt_principal_due - principal_paid > DUST
                else (CAUSE_MARGIN if margin_due - margin_paid > DUST else CAUSE_CAPEX)
            )
        )
    )


def default_cause(default_cause_prior, defaulted, first_unpaid):
    """Cause of the default: 1 operations, 2 interest, 3 maturity or put, 4 margin call, 5 committed capex [1]."""
    return default_cause_prior if default_cause_prior > 0 else (first_unpaid if defaulted else 0)
