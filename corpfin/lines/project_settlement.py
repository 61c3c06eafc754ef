"""Projects settled after the treasury: what was paid in, what stalls, what the lenders take.

The ring holds: a project can default without the parent. A bill for construction that stays unpaid stalls the
building; debt service that stays unpaid hands the project to its lenders, and loan and building leave together.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_MW, STEP, STEPS_PER_YEAR

EACH = "hpc"

opening_stall_months = Constant(0.0, "month", "No stall before the projection starts")
opening_ring_defaulted = Constant(0.0, "1", "No project in default when the projection starts")
opening_gpu_arrears = Constant(0.0, "USD m", "No computers overdue when the projection starts")
opening_gpu_worn = Constant(0.0, "1", "No computers worn out when the projection starts")
opening_build_arrears = Constant(0.0, "USD m", "No bill of a building overdue when the projection starts")
opening_gpu_paid = Constant(0.0, "USD m", "Computers paid since the projection started")
opening_construction_paid = Constant(0.0, "USD m", "Construction paid since the projection started")
opening_construction_paid_in_history = Constant(0.0, "USD m", "History is counted from the start of the projection")
opening_gpu_paid_in_history = Constant(0.0, "USD m", "History is counted from the start of the projection")


def opening_contract_prepayment(opening_tenant_prepayment):
    """Contract prepayment at start [USD m]. Prepaid at the start and not yet credited."""
    return opening_tenant_prepayment


def call_share(bound, cure_call, rescue_call, committed_share, rescue_share, pipeline_share):
    """Share of the equity call paid [1]. By the class of the call: a cure is paid like what may wait."""
    return (
        pipeline_share
        if cure_call > DUST
        else (committed_share if bound else (rescue_share if rescue_call > DUST else pipeline_share))
    )


def paid_in(owners_call, ownership, call_share):
    """Equity paid in by parent [USD m]."""
    return owners_call * ownership * call_share


def minority_paid_in(owners_call, ownership, call_share):
    """Equity paid in by other owners [USD m]. Paid in alongside the parent."""
    return owners_call * (1 - ownership) * call_share


def ring_unpaid(ring_shortfall, paid_in, minority_paid_in):
    """Unpaid ring bills [USD m]. Bills of the ring left unpaid."""
    return max(0, ring_shortfall - paid_in - minority_paid_in)


def capex_unpaid(ring_unpaid, capex_due):
    """Unpaid capex [USD m]. Of the unpaid bills, construction and computers: the lenders are served first."""
    return min(ring_unpaid, capex_due)


def capex_paid(capex_due, capex_unpaid):
    """Capex paid [USD m]. Construction and computers paid by the ring."""
    return capex_due - capex_unpaid


def capex_paid_share(capex_paid, capex_due):
    """Share of capex paid [1]. Share of the bills for construction and computers paid."""
    return capex_paid / capex_due if capex_due > DUST else 1


def stall_months(stall_months_prior, capex_paid_share, delivered_mw, leased_mw):
    """Months stalled [month]. Lost because construction or computers were not paid."""
    return (
        stall_months_prior + (1 - capex_paid_share) * STEP if delivered_mw < leased_mw - DUST_MW else stall_months_prior
    )


def service_unpaid(ring_unpaid, capex_unpaid):
    """Unpaid debt service [USD m]."""
    return max(0, ring_unpaid - capex_unpaid)


def ring_defaulted(ring_defaulted_prior, service_unpaid, loan_balance_prior, loan_issued, loan_called_prior):
    """Project loan in default [1]. 1 once the ring has failed to serve its loan, or its lenders have called it."""
    return ring_defaulted_prior or (
        (service_unpaid > DUST or loan_called_prior) and loan_balance_prior + loan_issued > DUST
    )


def lost(ring_defaulted, ring_defaulted_prior):
    """Project lost this month [1]. 1 in the month the lenders take the project."""
    return ring_defaulted and not ring_defaulted_prior


def loan_repaid(loan_scheduled, loan_balloon, loan_swept, service_unpaid):
    """Loan principal repaid [USD m]. What is missing for debt service is missing here first."""
    return max(0, loan_scheduled + loan_balloon - service_unpaid) + loan_swept


def loan_interest_paid(loan_interest, loan_scheduled, loan_balloon, service_unpaid):
    """Loan interest paid [USD m]. Interest paid in the ring."""
    return max(0, loan_interest - max(0, service_unpaid - loan_scheduled - loan_balloon))


def site_cost_unpaid(service_unpaid, loan_scheduled, loan_balloon, loan_interest):
    """Unpaid site cost [USD m].

    Cost of the site nobody paid, when the ring earns less than nothing: its suppliers lose it.
    """
    return max(0, service_unpaid - loan_scheduled - loan_balloon - loan_interest)


def loan_before_loss(loan_balance_prior, loan_issued, loan_repaid):
    """Project loan before loss [USD m]. Loan before a loss of the project."""
    return max(0, loan_balance_prior + loan_issued - loan_repaid)


def loan_balance(loan_before_loss, ring_defaulted):
    """Project loan [USD m]. Ring-fenced loan at month end; it leaves with the project."""
    return loan_before_loss * (1 - ring_defaulted)


def ring_cash_before_loss(
    ring_available,
    site_cost_unpaid,
    paid_in,
    minority_paid_in,
    capex_paid,
    loan_interest_paid,
    loan_repaid,
    distributed,
):
    """Restricted cash before loss [USD m]. Cash in the ring before a loss of the project."""
    return max(
        0,
        ring_available
        + site_cost_unpaid
        + paid_in
        + minority_paid_in
        - capex_paid
        - loan_interest_paid
        - loan_repaid
        - distributed,
    )


def ring_cash(ring_cash_before_loss, ring_defaulted):
    """Restricted cash [USD m]. Cash of the ring at month end."""
    return ring_cash_before_loss * (1 - ring_defaulted)


def reserve(reserve_kept, reserve_target, complete, ring_cash):
    """DSRA balance [USD m].

    Debt service reserve account, part of the ring's cash: filled from what the finished project earns.
    """
    return min(ring_cash, reserve_target if complete else reserve_kept)


def build_arrears(construction_due, tenant_capex, gpu_due, capex_paid_share):
    """Overdue build bills [USD m]. Bills for the building and its computers left unpaid."""
    return (construction_due - tenant_capex + gpu_due) * (1 - capex_paid_share)


def gpu_arrears(gpu_due, capex_paid_share):
    """Overdue computer bills [USD m]. Of the overdue bills, computers: they do not work until they are paid."""
    return gpu_due * (1 - capex_paid_share)


def gpu_worn(gpu_worn_prior, gpu_replacement, capex_paid_share, gpu_life):
    """Computers worn out [1]. Share of the computers that wore out and were not replaced."""
    return min(
        1, gpu_worn_prior + ((1 - capex_paid_share) / (gpu_life * STEPS_PER_YEAR) if gpu_replacement > DUST else 0)
    )


def gpu_paid(gpu_paid_prior, gpu_due, capex_paid_share):
    """Computers paid to date [USD m]. Computers of the build paid since the start."""
    return gpu_paid_prior + gpu_due * capex_paid_share


def construction_paid(construction_paid_prior, construction_due, capex_paid_share):
    """Construction paid to date [USD m]. Paid since the start, by ring and tenant."""
    return construction_paid_prior + construction_due * capex_paid_share


def construction_paid_in_history(construction_paid_in_history_prior, construction_paid, is_history):
    """Construction paid in history [USD m]. Paid since the start by the end of history: no overrun reaches it."""
    return construction_paid if is_history else construction_paid_in_history_prior


def gpu_paid_in_history(gpu_paid_in_history_prior, gpu_paid, is_history):
    """Computers paid in history [USD m]. Paid since the start by the end of history: no overrun reaches them."""
    return gpu_paid if is_history else gpu_paid_in_history_prior


def prepayment_before_loss(tenant_prepayment_prior, credit_taken, tenant_receipt, tenant_capex, capex_paid_share):
    """Tenant prepayment before loss [USD m]. Owed to the tenant in future rent before a loss of the project."""
    return max(0, tenant_prepayment_prior - credit_taken + tenant_receipt + tenant_capex * capex_paid_share)


def contract_prepayment(contract_prepayment_prior, contract_credit, tenant_receipt, tenant_capex, capex_paid_share):
    """Contract prepayment [USD m].

    What would be owed to the tenant if the contract were kept, for the repayment schedule.
    """
    return max(0, contract_prepayment_prior - contract_credit + tenant_receipt + tenant_capex * capex_paid_share)


def tenant_prepayment(prepayment_before_loss, ring_defaulted, tenant_failed):
    """Tenant prepayment [USD m].

    Owed to the tenant: prepayment and construction it funded; void once it fails, not when it leaves.
    """
    return prepayment_before_loss * (1 - ring_defaulted) * (1 - tenant_failed)


def minority_distribution(distributed, ownership):
    """Distributions to other owners [USD m]. Cash that reaches the other owners."""
    return distributed * (1 - ownership)


def lost_cash(lost, ring_cash_before_loss):
    """Cash lost with the project [USD m]. Cash that leaves with a lost project."""
    return lost * ring_cash_before_loss


def build_paid(capex_paid, gpu_replacement, capex_paid_share):
    """Build capex paid [USD m].

    Bills for construction and computers paid, of the build only: replacements are left out.
    """
    return capex_paid - gpu_replacement * capex_paid_share


def committed_gap(
    capex_left,
    build_paid,
    ownership,
    bound,
    ring_cash,
    reserve,
    loan_to_come,
    loan_available,
    loan_drawn,
    receipts_to_come,
):
    """Committed funding gap [USD m].

    Construction the parent is bound to pay because the ring cannot, from cash, a signed loan or the tenant's money.
    """
    return (
        bound
        * ownership
        * max(
            0,
            capex_left
            - build_paid
            - (ring_cash - reserve)
            - loan_to_come
            - (loan_available - loan_drawn)
            - receipts_to_come,
        )
    )
