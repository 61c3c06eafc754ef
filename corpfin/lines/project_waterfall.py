"""The ring's own waterfall, up to the call on its owners.

What the parent can pay is found in ``payments``; ``project_settlement`` settles it.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DAYS_PER_YEAR, DUST, STEP, STEPS_PER_YEAR

EACH = "hpc"

opening_cured_months = Constant(0.0, "month", "No month cured before the projection starts")


def opening_consolidated_loan(opening_loan_balance, consolidated):
    """Consolidated loan at start [USD m]. Outstanding at the start, in the accounts that restricted cash is from."""
    return opening_loan_balance * consolidated


def opening_consolidated_principal(loan_principal, consolidated):
    """Consolidated principal at start [USD m]. The same with what is still to be issued."""
    return loan_principal * consolidated


def opening_ring_cash(
    restricted_cash,
    opening_consolidated_loan,
    total_hpc_opening_consolidated_loan,
    opening_consolidated_principal,
    total_hpc_opening_consolidated_principal,
    venture_cash,
    consolidated,
):
    """Restricted cash at start [USD m].

    Of the ring: pro rata to the loans outstanding, or to loans to come while none is. A venture that is not
    consolidated has no part of it and cash of its own.
    """
    return venture_cash * (1 - consolidated) + (
        restricted_cash * opening_consolidated_loan / total_hpc_opening_consolidated_loan
        if total_hpc_opening_consolidated_loan > DUST
        else (
            restricted_cash * opening_consolidated_principal / total_hpc_opening_consolidated_principal
            if total_hpc_opening_consolidated_principal > DUST
            else 0
        )
    )


def opening_reserve(reserve_months, opening_loan_balance, loan_coupon, opening_ring_cash):
    """DSRA balance at start [USD m].

    Debt service reserve account: what is restricted, up to the months of interest it should hold.
    """
    return min(opening_ring_cash, reserve_months * opening_loan_balance * loan_coupon / STEPS_PER_YEAR / STEP)


def ring_interest_income(ring_cash_prior, cash_yield, days):
    """Interest income on ring cash [USD m]. Earned on the restricted cash of last month end."""
    return ring_cash_prior * cash_yield * days / DAYS_PER_YEAR


def ring_available(
    ring_cash_prior,
    ring_interest_income,
    noi,
    credit_taken,
    tenant_receipt,
    loan_issued,
    loan_cost,
    closing_distribution,
):
    """Cash available in the ring [USD m]. Before it pays anything."""
    return (
        ring_cash_prior
        + ring_interest_income
        + noi
        - credit_taken
        + tenant_receipt
        + loan_issued
        - loan_cost
        - closing_distribution
    )


def ring_debt_service(loan_interest, loan_scheduled, loan_balloon):
    """Debt service due [USD m]. Interest and principal due in the ring."""
    return loan_interest + loan_scheduled + loan_balloon


def reserve_target(reserve_months, loan_balance_prior, loan_issued, loan_rate, loan_scheduled):
    """DSRA target [USD m]. What the debt service reserve account should hold: months of interest and repayment."""
    return reserve_months * ((loan_balance_prior + loan_issued) * loan_rate / STEPS_PER_YEAR + loan_scheduled) / STEP


def reserve_kept(reserve_prior, reserve_target, loan_issued, ring_available, ring_debt_service):
    """DSRA after debt service [USD m].

    Of the reserve account, filled when a loan closes, what debt service leaves: it pays no construction.
    """
    return min(
        reserve_target if loan_issued > DUST else min(reserve_prior, reserve_target),
        max(0, ring_available - ring_debt_service),
    )


def service_shortfall(ring_debt_service, ring_available):
    """Debt service shortfall [USD m]. Interest and principal the ring cannot pay itself."""
    return max(0, ring_debt_service - ring_available)


def ring_shortfall(ring_available, capex_due, ring_debt_service, reserve_kept, service_shortfall):
    """Ring shortfall [USD m]. Bills the ring cannot pay itself, its reserve account kept for debt service."""
    return service_shortfall + max(0, capex_due - max(0, ring_available - ring_debt_service - reserve_kept))


def supported(loan_balance_prior, loan_issued, complete_prior, build_arrears_prior):
    """Owner support allowed [1].

    1 while the owners may pay: always without a loan, with one until all is delivered and paid for.
    """
    return loan_balance_prior + loan_issued <= DUST or not complete_prior or build_arrears_prior > DUST


def bound(committed, loan_raised, loan_balance_prior, loan_issued, completion_guarantee):
    """Owner support binding [1].

    1 when the owners must pay what they are asked: committed, or a loan raised against the lease, and no loan or a
    completion guarantee.
    """
    return (committed or loan_raised > DUST) and (loan_balance_prior + loan_issued <= DUST or completion_guarantee)


def market_noi(contract_revenue, reletting_rent, reletting_price_index, hpc_site_cost):
    """NOI at a new tenant's rent [USD m]. What the site would earn a month if it were let again today."""
    return contract_revenue * reletting_rent * reletting_price_index - hpc_site_cost


def cures(
    supported,
    service_shortfall,
    loan_balloon,
    market_noi,
    level_interest,
    cured_months_prior,
    cure_months,
    ownership,
    building_cash_prior,
    defaulted_prior,
):
    """Cure by the owners [1].

    1 when they pay a month's debt service of a finished project, which they need not: out of spare cash, for so many
    months and no more, and only while the site let again would earn its interest. No cure repays a balloon.
    """
    return (
        not supported
        and service_shortfall > DUST
        and loan_balloon <= DUST
        and market_noi >= level_interest
        and cured_months_prior + STEP <= cure_months
        and service_shortfall * ownership <= building_cash_prior
        and not defaulted_prior
    )


def cured_months(cured_months_prior, cures):
    """Months cured [month]. Months of debt service the owners have paid for a finished project."""
    return cured_months_prior + STEP * cures


def cure_call(service_shortfall, cures):
    """Cure of debt service [USD m]. What the owners put in so that lenders do not take a finished project."""
    return service_shortfall * cures


def owners_call(ring_shortfall, supported, waits, cure_call):
    """Equity call on owners [USD m]. Money asked of the owners; none while the project waits for a loan."""
    return ring_shortfall * supported * (1 - waits) + cure_call


def committed_call(owners_call, cure_call, ownership, bound):
    """Committed equity call on parent [USD m]. The parent's part of the call where it is bound to pay."""
    return (owners_call - cure_call) * ownership * bound


def optional_call(owners_call, ownership, committed_call):
    """Optional equity call on parent [USD m]. The parent's part of the call where it may stop."""
    return owners_call * ownership - committed_call


def rescue_call(optional_call, cure_call, loan_balance_prior, loan_issued):
    """Rescue equity call [USD m].

    Of the optional call, what keeps a half-built project from its lenders: worth raising money for.
    """
    return optional_call if loan_balance_prior + loan_issued > DUST and cure_call <= DUST else 0


def pipeline_call(optional_call, rescue_call):
    """Pipeline equity call [USD m]. The rest of the optional call: paid from spare cash, or the project stalls."""
    return optional_call - rescue_call


def ring_excess(ring_available, capex_due, ring_debt_service, reserve_target):
    """Excess cash in the ring [USD m]. Cash above bills and reserve."""
    return max(0, ring_available - capex_due - ring_debt_service - reserve_target)


def free_to_distribute(
    loan_balance_prior,
    loan_issued,
    loan_principal,
    loan_raised,
    loan_issue_month,
    loan_available,
    month_number,
    complete,
    dscr,
    lockup_dscr,
):
    """Distributions allowed [1].

    1 when cash may leave the ring: no loan and none to come or to draw, or complete and above the lock-up cover.

    Nothing but the closing distribution leaves in the month a loan closes.
    """
    return (
        loan_balance_prior + loan_issued <= DUST
        and (
            loan_principal + loan_raised <= DUST
            or (loan_issue_month <= month_number and (loan_available <= DUST or complete))
        )
    ) or (loan_balance_prior > DUST and loan_issued <= DUST and complete and dscr >= lockup_dscr)


def loan_swept(ring_excess, free_to_distribute, cash_sweep, loan_balance_prior, loan_scheduled, loan_balloon):
    """Cash sweep [USD m]. Excess cash that repays the loan early."""
    return min(loan_balance_prior - loan_scheduled - loan_balloon, ring_excess * free_to_distribute * cash_sweep)


def distributed(ring_excess, free_to_distribute, loan_swept):
    """Distributions to owners [USD m]. Cash that leaves the ring for the owners."""
    return ring_excess * free_to_distribute - loan_swept


def parent_distribution(distributed, ownership, closing_distribution):
    """Distributions to parent [USD m]. Cash that reaches the parent, the distribution at closing included."""
    return distributed * ownership + closing_distribution
