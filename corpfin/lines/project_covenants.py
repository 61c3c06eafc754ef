"""Covenants of a project's loan: the cover below which its lenders may call it."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_SHARE, STEP

EACH = "hpc"

opening_loan_breach_months = Constant(0.0, "month", "No loan in breach when the projection starts")
opening_loan_called = Constant(0.0, "1", "No loan called when the projection starts")


def dscr_headroom(dscr, default_dscr):
    """Headroom of DSCR [1]. Debt service cover of the month over the least allowed."""
    return dscr - default_dscr


def loan_in_breach(complete, loan_balance, dscr_headroom, is_history):
    """Loan covenant in breach [1]. 1 when a finished project covers its debt service by less than it must."""
    return complete and loan_balance > DUST and dscr_headroom < 0 - DUST_SHARE and not is_history


def loan_breach_months(loan_breach_months_prior, loan_in_breach, cures):
    """Months of the loan in breach [month]. In a row; a month whose debt service the owners pay is cured."""
    return loan_breach_months_prior + STEP if loan_in_breach and not cures else 0


def loan_called(loan_called_prior, loan_breach_months, loan_grace_months):
    """Project loan called [1]. 1 once a breach has outlasted the grace period: the lenders take the project."""
    return loan_called_prior or loan_breach_months > loan_grace_months
