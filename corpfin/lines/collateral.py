"""Claims of corporate lenders, and what each has as collateral of its own, as if the company were wound up now."""

from corpfin.lines.constants import DUST, USD_PER_MILLION

EACH = "debt"


def interest_unpaid(interest, interest_paid, interest_due):
    """Interest left unpaid [USD m]. Of the month, all lenders alike."""
    return interest * max(0, 1 - interest_paid / interest_due) if interest_due > DUST else 0


def claim(balance, settled_with_machines, interest_unpaid):
    """Claim [USD m]. Principal, and interest of the month unpaid; what is settled with machines this month included."""
    return balance + settled_with_machines + interest_unpaid


def own_collateral(collateral, btc_close, machine_value):
    """Collateral of its own [USD m]. Bitcoin at the month-end price, machines at their price on resale."""
    return collateral * btc_close / USD_PER_MILLION + machine_value


def covered_claim(claim, own_collateral):
    """Claim covered by its collateral [USD m]."""
    return min(claim, own_collateral)


def claimed_machines(claim, machine_value):
    """Machines claimed by lenders [USD m]. Of the machines pledged, what the claim takes."""
    return min(claim, machine_value)


def surplus_collateral(claim, collateral, btc_close):
    """Bitcoin beyond the claim [USD m]. It goes back to the company; machines beyond it have never left."""
    return max(0, collateral * btc_close / USD_PER_MILLION - claim)


def deficiency(claim, covered_claim, recourse):
    """Deficiency claim [USD m]. What collateral does not cover, where the lender may claim it from the company."""
    return (claim - covered_claim) * recourse


def secured_claim(deficiency, secured):
    """Claim secured on the company [USD m]. Of a first lien on what the company owns."""
    return deficiency * secured


def unsecured_claim(deficiency, secured, unsecured, convertible):
    """Unsecured claim [USD m]."""
    return deficiency if not secured and (unsecured or not convertible) else 0


def subordinated_claim(deficiency, secured_claim, unsecured_claim):
    """Claim of convertible notes [USD m]. They come after other creditors where their file does not say otherwise."""
    return deficiency - secured_claim - unsecured_claim
