"""Default of each project's loan: when, what was claimed, what comes back from ring and guarantee."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST

EACH = "hpc"

opening_loan_default_month = Constant(0.0, "month", "No project loan in default when the projection starts")
opening_loan_claim_at_default = Constant(0.0, "USD m", "No project loan in default when the projection starts")
opening_loan_recovered_at_default = Constant(0.0, "USD m", "No project loan in default when the projection starts")


def guarantee_recovered(guarantee_claim, unsecured_recovery):
    """Recovered from the guarantee [USD m]. If the parent were wound up: with its unsecured creditors."""
    return guarantee_claim * unsecured_recovery


def loan_recovered(loan_claim, ring_value, guarantee_recovered):
    """Recovered by project lenders [USD m]. From the ring, and from the parent as far as it guaranteed completion."""
    return min(loan_claim, ring_value) + guarantee_recovered


def loan_defaults(lost, loan_claim):
    """Project loan defaults this month [1]. 1 in the month in which the lenders take the project."""
    return lost and loan_claim > DUST


def loan_default_month(loan_default_month_prior, loan_defaults, month_number):
    """Month of default of the project loan [month]. 0 while there is none."""
    return month_number if loan_defaults else loan_default_month_prior


def loan_claim_at_default(loan_claim_at_default_prior, loan_defaults, loan_claim):
    """Claim of project lenders at default [USD m]."""
    return loan_claim if loan_defaults else loan_claim_at_default_prior


def loan_recovered_at_default(loan_recovered_at_default_prior, loan_defaults, loan_recovered):
    """Recovered by project lenders at default [USD m]. Valued in the month of default, on its path."""
    return loan_recovered if loan_defaults else loan_recovered_at_default_prior
