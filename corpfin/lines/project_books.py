"""Book values of projects, and what leaves the books with a lost one."""

from corpfin.engine import Constant
from corpfin.lines.constants import STEPS_PER_YEAR

EACH = "hpc"

opening_gpu_assets = Constant(
    0.0, "USD m", "Book value of computers of projects is in mining_ppe when the projection starts"
)
opening_gpu_cost = Constant(0.0, "USD m", "Cost of computers bought since the projection started")


def opening_hpc_assets(opening_construction_spent):
    """Construction book value at start [USD m]. What the tenant paid included."""
    return opening_construction_spent


def opening_hpc_cost(opening_hpc_assets):
    """Construction cost at start [USD m]. Cost of construction at the start."""
    return opening_hpc_assets


def construction_spend(construction_due, capex_paid_share):
    """Construction capitalised [USD m]. Added to the books, what the tenant paid included."""
    return construction_due * capex_paid_share


def computer_spend(gpu_due, gpu_replacement, capex_paid_share):
    """Computers capitalised [USD m]. Added to the books."""
    return (gpu_due + gpu_replacement) * capex_paid_share


def hpc_cost(hpc_cost_prior, construction_spend):
    """Construction cost [USD m]. Cost of everything built."""
    return hpc_cost_prior + construction_spend


def gpu_cost(gpu_cost_prior, computer_spend):
    """Computer cost [USD m]. Cost of all computers bought."""
    return gpu_cost_prior + computer_spend


def hpc_depreciation(hpc_assets_prior, hpc_cost_prior, delivered_share, hpc_depreciation_life):
    """Construction depreciation [USD m]. Of what is delivered, straight line."""
    return min(hpc_assets_prior, hpc_cost_prior * delivered_share / (hpc_depreciation_life * STEPS_PER_YEAR))


def gpu_depreciation(gpu_assets_prior, gpu_cost_prior, gpu_life):
    """Computer depreciation [USD m]. Straight line; replacements, bought evenly, are written off as they come."""
    return min(gpu_assets_prior, gpu_cost_prior / (gpu_life * STEPS_PER_YEAR))


def hpc_assets_before_loss(hpc_assets_prior, construction_spend, hpc_depreciation):
    """Construction book value before loss [USD m]. Before a loss of the project."""
    return hpc_assets_prior + construction_spend - hpc_depreciation


def hpc_assets(hpc_assets_before_loss, ring_defaulted):
    """Construction book value [USD m]."""
    return hpc_assets_before_loss * (1 - ring_defaulted)


def gpu_assets_before_loss(gpu_assets_prior, computer_spend, gpu_depreciation):
    """Computer book value before loss [USD m]. Before a loss of the project."""
    return gpu_assets_prior + computer_spend - gpu_depreciation


def gpu_assets(gpu_assets_before_loss, ring_defaulted):
    """Computer book value [USD m]."""
    return gpu_assets_before_loss * (1 - ring_defaulted)


def written_off(lost, hpc_assets_before_loss, gpu_assets_before_loss, ring_cash_before_loss):
    """Assets written off [USD m]. Assets that leave with a lost project."""
    return lost * (hpc_assets_before_loss + gpu_assets_before_loss + ring_cash_before_loss)


def extinguished(prepayment_before_loss, tenant_prepayment, loan_before_loss, loan_balance):
    """Liabilities extinguished [USD m]. They end with a lost project or a failed tenant."""
    return prepayment_before_loss - tenant_prepayment + loan_before_loss - loan_balance


def project_depreciation(hpc_depreciation, gpu_depreciation):
    """Project depreciation [USD m]. Of construction and computers."""
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
    """Minority interest in income [USD m].

    Income of the project that belongs to other owners, who pay the tax on it themselves.
    """
    return (noi + site_cost_unpaid + ring_interest_income - loan_interest_paid - loan_cost - project_depreciation) * (
        1 - ownership
    )
