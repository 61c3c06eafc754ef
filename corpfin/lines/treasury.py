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

SECTIONS = {
    "btc_sold_production": "What comes in",
    "sga": "What is owed",
    "shortfall": "Where a shortfall is found",
    "operations_paid": "What is paid",
    "arrears": "Default",
}

opening_arrears = Constant(0.0, "USD m", "Nothing overdue when the projection starts")
opening_default_month = Constant(0.0, "month", "Nobody in default when the projection starts")
opening_default_cause = Constant(0.0, "1", "Nobody in default when the projection starts")
opening_growth_share = Constant(1.0, "1", "No machines on order when the projection starts")
opening_defaulted = Constant(0.0, "1", "Nobody in default when the projection starts")


def btc_sold_production(production_sold, total_fleet_btc_mined, btc_sale_cap):
    """Production sold [BTC]. Bitcoin sold as it is mined, by policy, within what the market takes."""
    return min(btc_sale_cap, production_sold * total_fleet_btc_mined)


def btc_loaned(btc_loaned_prior, coverage_prior, distress_coverage):
    """Bitcoin lent out [BTC]. Called back once liquidity does not cover next year's needs."""
    return 0 if coverage_prior < distress_coverage else btc_loaned_prior


def unpledged_btc(btc_prior, total_fleet_btc_mined, btc_sold_production, total_debt_collateral_prior, btc_loaned):
    """Unpledged bitcoin [BTC]. Neither pledged, nor lent out, nor sold as it was mined."""
    return max(0, btc_prior + total_fleet_btc_mined - btc_sold_production - total_debt_collateral_prior - btc_loaned)


def btc_sold_above_target(
    btc_prior, total_fleet_btc_mined, btc_sold_production, btc_target, unpledged_btc, btc_sale_cap
):
    """Bitcoin sold above target [BTC].

    Sold because more is held than the policy wants, within what the market takes.
    """
    return max(
        0,
        min(
            min(unpledged_btc, btc_sale_cap - btc_sold_production),
            btc_prior + total_fleet_btc_mined - btc_sold_production - btc_target,
        ),
    )


def btc_sold_by_policy(btc_sold_production, btc_sold_above_target):
    """Bitcoin sold by policy [BTC]. Sold whatever the cash position."""
    return btc_sold_production + btc_sold_above_target


def policy_proceeds(btc_sold_by_policy, btc_price):
    """Proceeds of policy sales [USD m]. At the month's mean price."""
    return btc_sold_by_policy * btc_price / USD_PER_MILLION


def interest_income(cash_prior, cash_yield, days):
    """Interest income of the parent [USD m]. Earned on opening cash."""
    return cash_prior * cash_yield * days / DAYS_PER_YEAR


def services_income(other_income):
    """Hosting and services margin [USD m]. Outside fleets and projects."""
    return other_income / STEPS_PER_QUARTER


def operating_receipts(policy_proceeds, total_fleet_credits, services_income, interest_income):
    """Operating receipts [USD m]. Cash received from operations before any bill."""
    return policy_proceeds + total_fleet_credits + services_income + interest_income


def free_btc(unpledged_btc, btc_sold_above_target):
    """Free bitcoin [BTC]. At hand: neither pledged, nor lent out, nor already sold."""
    return unpledged_btc - btc_sold_above_target


def pledge_share(free_btc, total_debt_pledged_at_issue):
    """New pledges covered [1]. Share of the pledges for new loans that free bitcoin covers."""
    return min(1, free_btc / total_debt_pledged_at_issue) if total_debt_pledged_at_issue > DUST_BTC else 0


def btc_after_pledges(free_btc, pledge_share, total_debt_pledged_at_issue):
    """Free bitcoin after new pledges [BTC]. Left after pledges for new loans."""
    return max(0, free_btc - pledge_share * total_debt_pledged_at_issue)


def debt_raised(total_debt_issued, total_debt_issued_on_pledge, pledge_share):
    """Proceeds of debt issues [USD m].

    Cash from known issues of notes and loans; a loan on bitcoin pays out as far as the bitcoin is posted.
    """
    return total_debt_issued - total_debt_issued_on_pledge * (1 - pledge_share)


def financing_receipts(
    debt_raised, total_debt_cost_of_issue, total_offering_cash_raised, total_warrant_strike_proceeds
):
    """Known financing receipts [USD m].

    Cash from known issues of notes and shares, less their cost, and from warrants exercised.
    """
    return debt_raised - total_debt_cost_of_issue + total_offering_cash_raised + total_warrant_strike_proceeds


def available(cash_prior, operating_receipts, total_hpc_parent_distribution, financing_receipts):
    """Cash before bills and funding [USD m]. Cash at hand before bills and before any new funding."""
    return cash_prior + operating_receipts + total_hpc_parent_distribution + financing_receipts


def sga(cash_sga):
    """Cash SG&A [USD m]. Selling, general and administrative cost paid in cash."""
    return cash_sga / STEPS_PER_QUARTER


def other_cost(other_operating_cost):
    """Other operating cost [USD m]. Site and start-up cost outside fleets and projects."""
    return other_operating_cost / STEPS_PER_QUARTER


def operating_cost(total_fleet_power_cost, total_fleet_site_expense, sga, other_cost):
    """Operating cost [USD m]. Running cost of the business outside the projects."""
    return total_fleet_power_cost + total_fleet_site_expense + sga + other_cost


def operations_due(operating_cost, tax_payable_prior, arrears_prior):
    """Operating bills due [USD m]. Running cost, last month's tax and what is overdue."""
    return operating_cost + tax_payable_prior + arrears_prior


def principal_falling_due(total_debt_principal_due, total_debt_secured_due):
    """Corporate principal falling due [USD m]. What collateral may settle included."""
    return total_debt_principal_due + total_debt_secured_due


def margin_btc_share(btc_after_pledges, total_debt_margin_call_btc):
    """Margin calls met in bitcoin [1]. Share of the margin calls met with free bitcoin, all lenders alike."""
    return min(1, btc_after_pledges / total_debt_margin_call_btc) if total_debt_margin_call_btc > DUST_BTC else 0


def margin_due(total_debt_margin_call_value, margin_btc_share):
    """Margin calls due in cash [USD m]. Rest of the margin calls, to be met by repaying loans."""
    return total_debt_margin_call_value * (1 - margin_btc_share)


def committed_due(total_hpc_committed_call, total_purchase_bought):
    """Committed capex due [USD m].

    Capital expenditure the company is bound to: calls of its projects, purchases signed.
    """
    return total_hpc_committed_call + total_purchase_bought


def bills(operations_due, total_debt_interest, total_debt_principal_due, margin_due, committed_due):
    """Bills due [USD m]. Everything that must be paid this month."""
    return operations_due + total_debt_interest + total_debt_principal_due + margin_due + committed_due


def minimum_cash(minimum_cash_months, operating_cost, total_debt_interest):
    """Minimum cash [USD m]. Cash the treasurer keeps: months of running cost and interest."""
    return minimum_cash_months * (operating_cost + total_debt_interest) / STEP


def asked_soon(total_debt_due_soon, total_hpc_call_soon, total_purchase_bought_soon):
    """Payments ahead [USD m]. Principal that is near and not rolled over, calls and purchases ahead."""
    return total_debt_due_soon + total_hpc_call_soon + total_purchase_bought_soon


def target_cash(minimum_cash, asked_soon, is_history):
    """Target cash [USD m].

    Cash the treasurer raises to: the minimum and what will be asked for soon. Nothing is raised ahead in months that
    are history: what the company raised then is in its file.
    """
    return minimum_cash + (0 if is_history else asked_soon)


def shortfall(bills, target_cash, total_hpc_rescue_call, available):
    """Funding need [USD m]. Money looked for this month; growth and pipeline must wait for spare cash."""
    return max(0, bills + target_cash + total_hpc_rescue_call - available)


def btc_for_sale(btc_after_pledges, margin_btc_share, total_debt_margin_call_btc, btc_sale_cap, btc_sold_by_policy):
    """Bitcoin for sale [BTC]. Bitcoin that can be sold on top of production, within what the market takes."""
    return max(
        0,
        min(
            btc_after_pledges - margin_btc_share * total_debt_margin_call_btc,
            btc_sale_cap - btc_sold_by_policy,
        ),
    )


def btc_capacity(btc_for_sale, btc_price):
    """Bitcoin sale capacity [USD m]. Cash that bitcoin for sale would bring at the month's mean price."""
    return btc_for_sale * btc_price / USD_PER_MILLION


def revolver_capacity(
    shortfall, total_debt_headroom, total_debt_line_due_soon, target_cash, minimum_cash, total_hpc_rescue_call
):
    """Revolver capacity [USD m].

    What revolvers can add: neither for their own repayment nor for a project the company may let go.
    """
    return min(
        total_debt_headroom,
        max(0, shortfall - min(total_debt_line_due_soon, target_cash - minimum_cash) - total_hpc_rescue_call),
    )


def revolver_draw(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Revolver draw [USD m]. After the sources that rank before."""
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
    """Proceeds of bitcoin sold for funding [USD m]. After the sources that rank before."""
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
    """ATM proceeds [USD m]. Shares sold at the market, after the sources that rank before."""
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
    """Funding raised [USD m]. This month, from all sources."""
    return revolver_draw + btc_sale + atm_proceeds


def spendable(available, funding):
    """Cash to pay bills with [USD m]."""
    return available + funding


def operations_paid(operations_due, spendable):
    """Operating bills paid [USD m]. Bills of the business."""
    return min(operations_due, spendable)


def interest_paid(total_debt_interest, spendable, operations_paid):
    """Interest paid [USD m]. On corporate debt."""
    return min(total_debt_interest, spendable - operations_paid)


def principal_paid(total_debt_principal_due, spendable, operations_paid, interest_paid):
    """Principal repaid [USD m]. Of corporate debt, what must be paid in cash."""
    return min(total_debt_principal_due, spendable - operations_paid - interest_paid)


def margin_paid(margin_due, spendable, operations_paid, interest_paid, principal_paid):
    """Margin calls paid in cash [USD m]. Bitcoin-backed loans repaid to meet margin calls."""
    return min(margin_due, spendable - operations_paid - interest_paid - principal_paid)


def after_debt(spendable, operations_paid, interest_paid, principal_paid, margin_paid):
    """Cash after debt service [USD m]. Left for capital expenditure."""
    return max(0, spendable - operations_paid - interest_paid - principal_paid - margin_paid)


def committed_paid(committed_due, after_debt):
    """Committed capex paid [USD m]. Committed capital expenditure."""
    return min(committed_due, after_debt)


def spare_cash(after_debt, committed_paid, target_cash):
    """Spare cash [USD m]. Cash above the target, for what may wait."""
    return max(0, after_debt - committed_paid - target_cash)


def rescue_paid(total_hpc_rescue_call, spare_cash):
    """Project rescues paid [USD m]. Paid to keep half-built projects from their lenders."""
    return min(total_hpc_rescue_call, spare_cash)


def growth_paid(total_fleet_growth_capex, spare_cash, rescue_paid):
    """Growth capex paid [USD m]. Paid for new machines of the fleets."""
    return min(total_fleet_growth_capex, spare_cash - rescue_paid)


def secured_paid(total_debt_secured_due, spare_cash, rescue_paid, growth_paid):
    """Matured secured loans repaid [USD m].

    Matured bitcoin-backed loans repaid in cash, so that the collateral comes back whole.
    """
    return min(total_debt_secured_due, spare_cash - rescue_paid - growth_paid)


def pipeline_paid(total_hpc_pipeline_call, spare_cash, rescue_paid, growth_paid, secured_paid):
    """Pipeline capex paid [USD m]. Paid for projects the company is not bound to."""
    return min(total_hpc_pipeline_call, spare_cash - rescue_paid - growth_paid - secured_paid)


def optional_paid(rescue_paid, growth_paid, pipeline_paid):
    """Optional capex paid [USD m]. Capital expenditure paid that might have waited."""
    return rescue_paid + growth_paid + pipeline_paid


def revolver_repaid(total_debt_repayable, spare_cash, optional_paid, secured_paid):
    """Revolver repaid [USD m]. From surplus cash."""
    return min(total_debt_repayable, max(0, spare_cash - optional_paid - secured_paid))


def cash(after_debt, committed_paid, optional_paid, secured_paid, revolver_repaid):
    """Unrestricted cash [USD m]. At month end."""
    return after_debt - committed_paid - optional_paid - secured_paid - revolver_repaid


def principal_share(principal_paid, total_debt_principal_due):
    """Share of principal repaid [1]. Of the principal due, all lenders alike."""
    return principal_paid / total_debt_principal_due if total_debt_principal_due > DUST else 1


def margin_cash_share(margin_paid, margin_due):
    """Share of margin calls paid in cash [1]. Of the margin calls left over, what is met by repayment."""
    return margin_paid / margin_due if margin_due > DUST else 1


def committed_share(committed_paid, committed_due):
    """Share of committed capex paid [1]. All projects and purchases alike."""
    return committed_paid / committed_due if committed_due > DUST else 1


def rescue_share(rescue_paid, total_hpc_rescue_call):
    """Share of project rescues paid [1]. Of the calls of half-built projects."""
    return rescue_paid / total_hpc_rescue_call if total_hpc_rescue_call > DUST else 1


def growth_share(growth_paid, total_fleet_growth_capex):
    """Share of growth capex paid [1]. Of the new machines."""
    return growth_paid / total_fleet_growth_capex if total_fleet_growth_capex > DUST else 1


def secured_share(secured_paid, total_debt_secured_due):
    """Share of secured loans repaid [1]. Of the matured bitcoin-backed loans, what is repaid in cash."""
    return secured_paid / total_debt_secured_due if total_debt_secured_due > DUST else 1


def pipeline_share(pipeline_paid, total_hpc_pipeline_call):
    """Share of pipeline capex paid [1]. Of the calls of other uncommitted projects."""
    return pipeline_paid / total_hpc_pipeline_call if total_hpc_pipeline_call > DUST else 1


def arrears(operations_due, operations_paid, total_debt_interest, interest_paid):
    """Arrears [USD m]. Bills and interest overdue."""
    return max(0, operations_due - operations_paid) + max(0, total_debt_interest - interest_paid)


def unpaid(bills, operations_paid, interest_paid, principal_paid, margin_paid, committed_paid):
    """Bills unpaid [USD m]. Left unpaid this month."""
    return max(0, bills - operations_paid - interest_paid - principal_paid - margin_paid - committed_paid)


def defaulted(defaulted_prior, unpaid):
    """In default [1]. 1 from the first month in which a bill stays unpaid."""
    return defaulted_prior or unpaid > DUST


def default_month(default_month_prior, defaulted, month_number):
    """Month of default [month]. 0 while there is none."""
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
    """First bill unpaid [1]. The first bill in the order of payment that was not paid in full, as a cause."""
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
    """Cause of default [1]. 1 operations, 2 interest, 3 maturity or put, 4 margin call, 5 committed capex."""
    return default_cause_prior if default_cause_prior > 0 else (first_unpaid if defaulted else 0)
