"""Default of each corporate instrument: when, what was claimed, what comes back.

A payment default of the company is one of all it owes, since an insolvency makes every claim due; a lender without
recourse who takes the machines, or notes exchanged below par, are a default of that instrument alone.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST

EACH = "debt"

opening_paper_default_month = Constant(0.0, "month", "No instrument in default when the projection starts")
opening_claim_at_default = Constant(0.0, "USD m", "No instrument in default when the projection starts")
opening_recovered_at_default = Constant(0.0, "USD m", "No instrument in default when the projection starts")


def claim_recovered(
    covered_claim,
    secured_claim,
    unsecured_claim,
    subordinated_claim,
    secured_recovery,
    unsecured_recovery,
    subordinated_recovery,
):
    """Recovered in a winding up [USD m]. From its own collateral, then with its class."""
    return (
        covered_claim
        + secured_claim * secured_recovery
        + unsecured_claim * unsecured_recovery
        + subordinated_claim * subordinated_recovery
    )


def paper_defaults(paper_default_month_prior, defaulted, machines_taken, claim, exchanged):
    """Instrument defaults this month [1]. 1 once: the company is in default, machines are taken, notes exchanged."""
    return paper_default_month_prior <= 0 and (((defaulted or machines_taken) and claim > DUST) or exchanged > DUST)


def paper_default_month(paper_default_month_prior, paper_defaults, month_number):
    """Month of default of the instrument [month]. 0 while there is none."""
    return month_number if paper_defaults else paper_default_month_prior


def claim_at_default(claim_at_default_prior, paper_defaults, claim, exchanged):
    """Claim at default [USD m]."""
    return claim + exchanged if paper_defaults else claim_at_default_prior


def exchange_recovered(exchanged, exchange_price, defaulted, subordinated_recovery):
    """Recovered in an exchange [USD m]. New notes at their face, unless the company fails in the same month."""
    return exchanged * exchange_price * (subordinated_recovery if defaulted else 1)


def recovered_at_default(
    recovered_at_default_prior, paper_defaults, claim, claim_recovered, defaulted, machines_taken, exchange_recovered
):
    """Recovered at default [USD m]. Valued in the month of default, on its path."""
    return (
        (claim_recovered if defaulted or machines_taken else claim) + exchange_recovered
        if paper_defaults
        else recovered_at_default_prior
    )
