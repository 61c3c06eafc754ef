"""HPC projects after the treasury has spoken: what the owners paid in, what stalls, what the lenders take.

The ring holds: a project can default without the parent. A bill for construction that stays unpaid stalls the
building; debt service that stays unpaid hands the project to its lenders, and loan and building leave together.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_MW, STEP, STEPS_PER_YEAR

EACH = "hpc"

opening_gpu_assets = Constant(
    0.0, "USD m", "Book value of computers of projects is in mining_ppe when the projection starts"
)
opening_gpu_cost = Constant(0.0, "USD m", "Cost of computers bought since the projection started")
opening_stall_months = Constant(0.0, "month", "No stall before the projection starts")
opening_ring_defaulted = Constant(0.0, "1", "No project in default when the projection starts")
opening_gpu_arrears = Constant(0.0, "USD m", "No computers overdue when the projection starts")
opening_gpu_worn = Constant(0.0, "1", "No computers worn out when the projection starts")
opening_build_arrears = Constant(0.0, "USD m", "No bill of a building overdue when the projection starts")
opening_gpu_paid = Constant(0.0, "USD m", "Computers paid since the projection started")
opening_construction_paid = Constant(0.0, "USD m", "Construction paid since the projection started")


def opening_hpc_assets(opening_construction_spent):
    """Book value of construction at the start, what the tenant paid included [USD m]."""
    return opening_construction_spent


def opening_contract_prepayment(opening_tenant_prepayment):
    """Prepaid at the start and not yet credited [USD m]."""
    return opening_tenant_prepayment


def opening_hpc_cost(opening_hpc_assets):
    """Cost of construction at the start [USD m]."""
    return opening_hpc_assets


def call_share(bound, rescue_call, committed_share, rescue_share, pipeline_share):
    """Share of the owners' call that is paid [1]."""
    return committed_share if bound > 0 else (rescue_share if rescue_call > DUST else pipeline_share)


def paid_in(owners_call, ownership, call_share):
    """Paid in by the parent [USD m]."""
    return owners_call * ownership * call_share


def minority_paid_in(owners_call, ownership, call_share):
    """Paid in by the other owners alongside [USD m]."""
    return owners_call * (1 - ownership) * call_share


def ring_unpaid(ring_shortfall, paid_in, minority_paid_in):
    """Bills of the ring left unpaid [USD m]."""
    return max(0, ring_shortfall - paid_in - minority_paid_in)


def capex_unpaid(ring_unpaid, capex_due):
    """Of them, construction and computers: the lenders are served first [USD m]."""
    return min(ring_unpaid, capex_due)


def capex_paid(capex_due, capex_unpaid):
    """Construction and computers paid by the ring [USD m]."""
    return capex_due - capex_unpaid


def capex_paid_share(capex_paid, capex_due):
    """Share of the bills for construction and computers paid [1]."""
    return capex_paid / capex_due if capex_due > DUST else 1


def stall_months(stall_months_prior, capex_paid_share, delivered_mw, leased_mw):
    """Months lost because construction or computers were not paid [month]."""
    return (
        stall_months_prior + (1 - capex_paid_share) * STEP if delivered_mw < leased_mw - DUST_MW else stall_months_prior
    )


def service_unpaid(ring_unpaid, capex_unpaid):
    """Debt service left unpaid [USD m]."""
    return max(0, ring_unpaid - capex_unpaid)


def ring_defaulted(ring_defaulted_prior, service_unpaid, loan_balance_prior, loan_issued):
    """1 once the ring has failed to serve its loan [1]."""
    return 1 if ring_defaulted_prior > 0 or (service_unpaid > DUST and loan_balance_prior + loan_issued > DUST) else 0


def lost(ring_defaulted, ring_defaulted_prior):
    """1 in the month the lenders take the project [1]."""
    return ring_defaulted - ring_defaulted_prior


def loan_repaid(loan_scheduled, loan_balloon, loan_swept, service_unpaid):
    """Principal repaid; what is missing is missing here first [USD m]."""
    return max(0, loan_scheduled + loan_balloon - service_unpaid) + loan_swept


def loan_interest_paid(loan_interest, loan_scheduled, loan_balloon, service_unpaid):
    """Interest paid in the ring [USD m]."""
    return max(0, loan_interest - max(0, service_unpaid - loan_scheduled - loan_balloon))


def site_cost_unpaid(service_unpaid, loan_scheduled, loan_balloon, loan_interest):
    """Cost of the site nobody paid, when the ring earns less than nothing: its suppliers lose it [USD m]."""
    return max(0, service_unpaid - loan_scheduled - loan_balloon - loan_interest)


def loan_before_loss(loan_balance_prior, loan_issued, loan_repaid):
    """Loan before a loss of the project [USD m]."""
    return max(0, loan_balance_prior + loan_issued - loan_repaid)


def loan_balance(loan_before_loss, ring_defaulted):
    """Ring-fenced loan at month end; it leaves with the project [USD m]."""
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
    """Cash in the ring before a loss of the project [USD m]."""
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
    """Restricted cash of the ring at month end [USD m]."""
    return ring_cash_before_loss * (1 - ring_defaulted)


def reserve(reserve_kept, reserve_target, complete, ring_cash):
    """Debt service reserve account, part of the ring's cash: filled from what the finished project earns [USD m]."""
    return min(ring_cash, reserve_target if complete > 0 else reserve_kept)


def build_arrears(construction_due, tenant_capex, gpu_due, capex_paid_share):
    """Bills for the building and its computers left unpaid [USD m]."""
    return (construction_due - tenant_capex + gpu_due) * (1 - capex_paid_share)


def gpu_arrears(gpu_due, capex_paid_share):
    """Of them, computers: they do not work until they are paid [USD m]."""
    return gpu_due * (1 - capex_paid_share)


def gpu_worn(gpu_worn_prior, gpu_replacement, capex_paid_share, gpu_life):
    """Share of the computers that wore out and were not replaced [1]."""
    return min(
        1, gpu_worn_prior + ((1 - capex_paid_share) / (gpu_life * STEPS_PER_YEAR) if gpu_replacement > DUST else 0)
    )


def gpu_paid(gpu_paid_prior, gpu_due, capex_paid_share):
    """Computers of the build paid since the start [USD m]."""
    return gpu_paid_prior + gpu_due * capex_paid_share


def construction_paid(construction_paid_prior, construction_due, capex_paid_share):
    """Construction paid since the start, by ring and tenant [USD m]."""
    return construction_paid_prior + construction_due * capex_paid_share


def prepayment_before_loss(tenant_prepayment_prior, credit_taken, tenant_capex, capex_paid_share):
    """Owed to the tenant in future rent before a loss of the project [USD m]."""
    return max(0, tenant_prepayment_prior - credit_taken + tenant_capex * capex_paid_share)


def contract_prepayment(contract_prepayment_prior, contract_credit, tenant_capex, capex_paid_share):
    """What would be owed to the tenant if the contract were kept, for the repayment schedule [USD m]."""
    return max(0, contract_prepayment_prior - contract_credit + tenant_capex * capex_paid_share)


def tenant_prepayment(prepayment_before_loss, ring_defaulted, tenant_failed):
    """Owed to the tenant: prepayment and construction it funded; void once it fails, not when it leaves [USD m]."""
    return prepayment_before_loss * (1 - ring_defaulted) * (1 - tenant_failed)


# Book values


def construction_spend(construction_due, capex_paid_share):
    """Construction added to the books, what the tenant paid included [USD m]."""
    return construction_due * capex_paid_share


def computer_spend(gpu_due, gpu_replacement, capex_paid_share):
    """Computers added to the books [USD m]."""
    return (gpu_due + gpu_replacement) * capex_paid_share


def hpc_cost(hpc_cost_prior, construction_spend):
    """Cost of everything built [USD m]."""
    return hpc_cost_prior + construction_spend


def gpu_cost(gpu_cost_prior, computer_spend):
    """Cost of all computers bought [USD m]."""
    return gpu_cost_prior + computer_spend


def hpc_depreciation(hpc_assets_prior, hpc_cost_prior, delivered_share, hpc_depreciation_life):
    """Depreciation of what is delivered, straight line [USD m]."""
    return min(hpc_assets_prior, hpc_cost_prior * delivered_share / (hpc_depreciation_life * STEPS_PER_YEAR))


def gpu_depreciation(gpu_assets_prior, gpu_cost_prior, gpu_life):
    """Depreciation of computers, straight line; replacements, bought evenly, are written off as they come [USD m]."""
    return min(gpu_assets_prior, gpu_cost_prior / (gpu_life * STEPS_PER_YEAR))


def hpc_assets_before_loss(hpc_assets_prior, construction_spend, hpc_depreciation):
    """Book value of construction before a loss of the project [USD m]."""
    return hpc_assets_prior + construction_spend - hpc_depreciation


def hpc_assets(hpc_assets_before_loss, ring_defaulted):
    """Book value of construction [USD m]."""
    return hpc_assets_before_loss * (1 - ring_defaulted)


def gpu_assets_before_loss(gpu_assets_prior, computer_spend, gpu_depreciation):
    """Book value of computers before a loss of the project [USD m]."""
    return gpu_assets_prior + computer_spend - gpu_depreciation


def gpu_assets(gpu_assets_before_loss, ring_defaulted):
    """Book value of computers [USD m]."""
    return gpu_assets_before_loss * (1 - ring_defaulted)


def written_off(lost, hpc_assets_before_loss, gpu_assets_before_loss, ring_cash_before_loss):
    """Assets that leave with a lost project [USD m]."""
    return lost * (hpc_assets_before_loss + gpu_assets_before_loss + ring_cash_before_loss)


def extinguished(prepayment_before_loss, tenant_prepayment, loan_before_loss, loan_balance):
    """Liabilities that end with a lost project or a failed tenant [USD m]."""
    return prepayment_before_loss - tenant_prepayment + loan_before_loss - loan_balance


def project_depreciation(hpc_depreciation, gpu_depreciation):
    """Depreciation of the project [USD m]."""
    return hpc_depreciation + gpu_depreciation


def minority_income(
    noi,
    site_cost_unpaid,
    ring_interest_income,
    loan_interest_paid,
    loan_cost,
    project_depreciation,
    ownership,
):
    """Income of the project that belongs to other owners, who pay the tax on it themselves [USD m]."""
    return (noi + site_cost_unpaid + ring_interest_income - loan_interest_paid - loan_cost - project_depreciation) * (
        1 - ownership
    )


def minority_distribution(distributed, ownership):
    """Cash that reaches the other owners [USD m]."""
    return distributed * (1 - ownership)


def lost_cash(lost, ring_cash_before_loss):
    """Cash that leaves with a lost project [USD m]."""
    return lost * ring_cash_before_loss


def build_paid(capex_paid, gpu_replacement, capex_paid_share):
    """Bills for construction and computers paid, of the build only: replacements are left out [USD m]."""
    return capex_paid - gpu_replacement * capex_paid_share


def committed_gap(capex_left, build_paid, ownership, bound, ring_cash, reserve, loan_to_come):
    """Construction the parent is bound to pay because the ring cannot, from cash or a signed loan [USD m]."""
    return bound * ownership * max(0, capex_left - build_paid - (ring_cash - reserve) - loan_to_come)
