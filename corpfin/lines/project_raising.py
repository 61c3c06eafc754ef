"""A loan raised against a signed lease: what lenders would give, what the owners must have, when it closes.

A landlord signs a lease first and its financing later. A project that the company is not bound to and that has no loan
raises one once the credit window is open, cost and cover allow it and the owners can pay their part; then the company
is bound to build. Until that month it waits: it neither crawls on the cash of the parent nor takes what known payments
need.
"""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import DAYS_PER_YEAR, DUST, DUST_MW, DUST_SHARE, HALF, MONTHS_PER_YEAR, STEP, YEAR

EACH = "hpc"

opening_owners_part = Constant(0.0, "USD m", "No loan is sought before the projection starts")
opening_interest_fund = Constant(0.0, "USD m", "No loan raised before the start")
opening_loan_raised = Constant(0.0, "USD m", "Loans of the file are signed, none is raised before the start")


def guided_construction(leased_mw, capex_per_mw, tenant_funded):
    """Guided construction cost [USD m]. Of the building, the tenant's part aside."""
    return leased_mw * capex_per_mw * (1 - tenant_funded)


def guided_cost(guided_construction, gpu_capex):
    """Guided cost to owners [USD m]. Building and computers as guided."""
    return guided_construction + gpu_capex


def guided_left(guided_cost, opening_construction_spent, construction_paid_prior, tenant_funded, gpu_paid_prior):
    """Guided cost to complete [USD m]. Nobody who lends or decides knows of an overrun to come."""
    return max(
        0, guided_cost - (opening_construction_spent + construction_paid_prior) * (1 - tenant_funded) - gpu_paid_prior
    )


def loan_by_cost(guided_construction, advance_rate, gpu_capex, gpu_advance_rate):
    """Loan by cost [USD m]. What lenders advance on building and computers as guided."""
    return guided_construction * advance_rate + gpu_capex * gpu_advance_rate


def lease_noi(annual_revenue, utilisation, noi_margin):
    """NOI of the lease [USD m/year]. Of the first contract year, everything delivered."""
    return annual_revenue * utilisation * noi_margin


def lending_years(term_years, gpu_cloud, gpu_life):
    """Years a lender counts on [year]. The base term; of computers no more than their life."""
    return min(term_years, gpu_life) if gpu_cloud else term_years


def loan_by_cover(lease_noi, target_dscr, loan_coupon, escalator, lending_years):
    """Loan by cover [USD m]. Worth of the lease's NOI at the coupon over the term, divided by the cover asked for."""
    return (
        lease_noi
        / target_dscr
        * (
            (1 - exp((log(1 + escalator * YEAR) - log(1 + loan_coupon * YEAR)) * lending_years / YEAR))
            / (loan_coupon - escalator)
            if abs(loan_coupon - escalator) * YEAR > DUST_SHARE
            else lending_years / (1 + loan_coupon * YEAR)
        )
    )


def seeks_loan(committed, loan_principal, loan_raised_prior, delivered_mw_prior, leased_mw, running):
    """Loan sought [1]. 1 while a leased project under way has no loan and the company is not bound to build it."""
    return (
        running
        and not committed
        and loan_principal <= DUST
        and loan_raised_prior <= DUST
        and delivered_mw_prior < leased_mw - DUST_MW
    )


def bills_lent(seeks_loan, loan_by_cost, loan_by_cover, guided_left, loan_fee):
    """Loan on offer for bills [USD m]. The less of what cost and cover allow, no more than is left, fee included."""
    return seeks_loan * max(0, min(min(loan_by_cost, loan_by_cover), guided_left / (1 - loan_fee)))


def interest_lent(bills_lent, loan_by_cover, loan_coupon, full_delivery_month, stall_months_prior, month_number):
    """Loan on offer for its interest [USD m].

    Until delivery as guided, on half of the loan, which is drawn over that time; as far as cover allows it. Later
    delivery is the owners' cost.
    """
    return max(
        0,
        min(
            loan_by_cover - bills_lent,
            bills_lent
            * HALF
            * loan_coupon
            * max(STEP, full_delivery_month + stall_months_prior - month_number)
            / MONTHS_PER_YEAR,
        ),
    )


def loan_offered(bills_lent, interest_lent):
    """Loan on offer [USD m]. For bills of the building and its own interest."""
    return bills_lent + (interest_lent if bills_lent > DUST else 0)


def owners_part(seeks_loan, guided_left, cost_contingency, bills_lent, loan_fee, ownership):
    """Parent's part beside the loan [USD m]. Of the cost to complete and a contingency, what no loan pays."""
    return seeks_loan * ownership * max(0, guided_left * (1 + cost_contingency) - bills_lent * (1 - loan_fee))


def loan_raises(
    loan_offered,
    owners_part,
    total_hpc_owners_part_prior,
    building_means_prior,
    credit_open,
    tenancy,
    is_history,
    defaulted_prior,
):
    """Loan raised this month [1].

    1 when it closes: window open, tenant in place, and the parent's part of all that seek one within its means.
    """
    return (
        loan_offered > DUST
        and max(owners_part, total_hpc_owners_part_prior) <= building_means_prior
        and credit_open
        and tenancy > 0
        and not is_history
        and not defaulted_prior
    )


def loan_raised(loan_raised_prior, loan_raises, loan_offered):
    """Loan raised to date [USD m]. Principal of the loan raised against the lease, drawn or not."""
    return loan_raised_prior + loan_raises * loan_offered


def newly_raised(loan_raised, loan_raised_prior):
    """Loan newly raised [USD m]. Principal committed this month."""
    return loan_raised - loan_raised_prior


def newly_lent(loan_raises, bills_lent):
    """Loan newly raised for bills [USD m]. Fees included, funded interest not."""
    return loan_raises * bills_lent


def raising_fee(newly_lent, loan_fee):
    """Fees of a loan raised [USD m]. Drawn and paid at closing."""
    return newly_lent * loan_fee


def interest_drawn(loan_balance_prior, loan_coupon, days, interest_fund_prior, delivered_mw_prior, leased_mw):
    """Interest drawn on the loan [USD m]. While the building goes up, as long as the funded interest lasts."""
    return (
        min(interest_fund_prior, loan_balance_prior * loan_coupon * days / DAYS_PER_YEAR)
        if delivered_mw_prior < leased_mw - DUST_MW
        else 0
    )


def interest_fund(interest_fund_prior, newly_raised, newly_lent, interest_drawn):
    """Funded interest left [USD m]. Of the loan raised, what is still to be drawn for its own interest."""
    return interest_fund_prior + newly_raised - newly_lent - interest_drawn


def waits(loan_offered, loan_raises, guided_left, ownership, building_cash_prior):
    """Waiting for a loan [1]. 1 while a loan is to be had in time and cash at hand would not finish the project."""
    return loan_offered > DUST and not loan_raises and guided_left * ownership > building_cash_prior
