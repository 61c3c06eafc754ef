"""Credit events of the company, each dated by the first month in which it happens.

Survival is the absence of two of them, payment default of the company and exchange below par; no credit event is the
absence of all. A project whose debt service its owners pay is none: nobody has lost anything.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, NEVER_MONTH

opening_liquidity_short_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_breach_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_acceleration_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_cross_default_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_collateral_taken_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_cure_month = Constant(0.0, "month", "No project cured before the projection starts")
opening_exchange_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_payment_default_month = Constant(0.0, "month", "No credit event before the projection starts")
opening_project_default_month = Constant(0.0, "month", "No credit event before the projection starts")


def liquidity_short_month(liquidity_short_month_prior, total_debt_liquidity_short, month_number):
    """Liquidity short of covenant, month [month]. Of any loan; 0 while there is none."""
    return (
        month_number
        if liquidity_short_month_prior <= 0 and total_debt_liquidity_short > 0
        else liquidity_short_month_prior
    )


def breach_month(breach_month_prior, total_debt_in_breach, total_hpc_loan_in_breach, month_number):
    """Covenant breach, month [month]. Of any loan of company or project, cured or not; 0 while there is none."""
    return (
        month_number
        if breach_month_prior <= 0 and total_debt_in_breach + total_hpc_loan_in_breach > 0
        else breach_month_prior
    )


def acceleration_month(acceleration_month_prior, total_debt_event_of_default, total_hpc_loan_called, month_number):
    """Loan called, month [month]. For a breach that outlasted its grace; 0 while there is none."""
    return (
        month_number
        if acceleration_month_prior <= 0 and total_debt_event_of_default + total_hpc_loan_called > 0
        else acceleration_month_prior
    )


def cross_default_month(cross_default_month_prior, total_debt_cross_defaulted, month_number):
    """Called by cross-default, month [month]. 0 while there is none."""
    return (
        month_number if cross_default_month_prior <= 0 and total_debt_cross_defaulted > 0 else cross_default_month_prior
    )


def collateral_taken_month(collateral_taken_month_prior, total_debt_called_in, total_debt_machines_taken, month_number):
    """Collateral taken, month [month]. Bitcoin sold on a margin call or machines taken; 0 while none."""
    return (
        month_number
        if collateral_taken_month_prior <= 0 and (total_debt_called_in > DUST or total_debt_machines_taken > 0)
        else collateral_taken_month_prior
    )


def project_default_month(project_default_month_prior, total_hpc_loan_defaults, month_number):
    """Project default, month [month]. First project taken by its lenders; 0 while there is none."""
    return (
        month_number
        if project_default_month_prior <= 0 and total_hpc_loan_defaults > 0
        else project_default_month_prior
    )


def cure_month(cure_month_prior, total_hpc_cures, month_number):
    """Project cured, month [month]. Its owners first pay debt service for it; 0 while they do not."""
    return month_number if cure_month_prior <= 0 and total_hpc_cures > 0 else cure_month_prior


def exchange_month(exchange_month_prior, exchange, month_number):
    """Distressed exchange, month [month]. First notes exchanged below par; 0 while there are none."""
    return month_number if exchange_month_prior <= 0 and exchange else exchange_month_prior


def payment_default_month(payment_default_month_prior, defaulted, month_number):
    """Payment default, month [month]. First bill of the company left unpaid; 0 while there is none."""
    return month_number if payment_default_month_prior <= 0 and defaulted else payment_default_month_prior


def first_event_month(breach_month, cross_default_month, collateral_taken_month, project_default_month, default_month):
    """First credit event by its month [month]. The never month while there is none."""
    return min(
        breach_month if breach_month > 0 else NEVER_MONTH,
        cross_default_month if cross_default_month > 0 else NEVER_MONTH,
        collateral_taken_month if collateral_taken_month > 0 else NEVER_MONTH,
        project_default_month if project_default_month > 0 else NEVER_MONTH,
        default_month if default_month > 0 else NEVER_MONTH,
    )


def credit_event_month(first_event_month):
    """Month of the first credit event [month]. Of any kind; 0 while there is none."""
    return first_event_month if first_event_month < NEVER_MONTH else 0
