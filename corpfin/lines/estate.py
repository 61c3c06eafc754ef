"""The company wound up now: what it owns, sold in distress, and the classes of creditors that share it.

Collateral goes to whom it is pledged first; the rest by absolute priority: first lien, other creditors, convertible
notes, shareholders. Every month on every path, so that the month of a default has its own recovery.
"""

from corpfin.lines.constants import DUST, USD_PER_MILLION

SECTIONS = {
    "coins": "What there is",
    "trade_claim": "Who shares it",
}


def coins(btc, btc_pledged, btc_close):
    """Unpledged bitcoin [USD m]. What is lent out included: it is a claim of the company's own."""
    return max(0, btc - btc_pledged) * btc_close / USD_PER_MILLION


def unpledged_fleet(total_fleet_resale_value, total_debt_claimed_machines):
    """Unpledged machines and sites [USD m]. In a forced sale, less what lenders on machines take."""
    return max(0, total_fleet_resale_value - total_debt_claimed_machines)


def gross_estate(cash, coins, unpledged_fleet, total_debt_surplus_collateral, total_hpc_ring_equity):
    """Estate before its costs [USD m]. Cash, bitcoin, machines, sites and equity in projects, none of it pledged."""
    return cash + coins + unpledged_fleet + total_debt_surplus_collateral + total_hpc_ring_equity


def administration(gross_estate, administration_share):
    """Costs of administration [USD m]. They come before every creditor without collateral of his own."""
    return gross_estate * administration_share


def estate(gross_estate, administration):
    """Estate to distribute [USD m]."""
    return gross_estate - administration


def trade_claim(operations_due, operations_paid, committed_due, committed_paid, net_payables):
    """Claim of suppliers [USD m]. Bills of the business and of construction left unpaid, and payables."""
    return max(0, operations_due - operations_paid) + max(0, committed_due - committed_paid) + max(0, net_payables)


def notes_claim(notes_balance, notes_interest, interest_paid, interest_due):
    """Claim of new notes [USD m]. Sold, or given in an exchange, since the start: convertible, so they come after."""
    return notes_balance + (notes_interest * max(0, 1 - interest_paid / interest_due) if interest_due > DUST else 0)


def secured_distributed(total_debt_secured_claim, estate):
    """Distributed to first lien [USD m]."""
    return min(total_debt_secured_claim, estate)


def unsecured_claims(total_debt_unsecured_claim, trade_claim, total_hpc_guarantee_claim):
    """Unsecured claims [USD m]. Lenders without a lien, suppliers, project lenders under a completion guarantee."""
    return total_debt_unsecured_claim + trade_claim + total_hpc_guarantee_claim


def unsecured_distributed(unsecured_claims, estate, secured_distributed):
    """Distributed to unsecured creditors [USD m]. All alike."""
    return min(unsecured_claims, estate - secured_distributed)


def subordinated_claims(total_debt_subordinated_claim, notes_claim):
    """Claims of convertible notes [USD m]. Those of the file and new ones alike."""
    return total_debt_subordinated_claim + notes_claim


def subordinated_distributed(subordinated_claims, estate, secured_distributed, unsecured_distributed):
    """Distributed to convertible notes [USD m]."""
    return min(subordinated_claims, estate - secured_distributed - unsecured_distributed)


def equity_residual(estate, secured_distributed, unsecured_distributed, subordinated_distributed):
    """Left for shareholders [USD m]. After every creditor."""
    return estate - secured_distributed - unsecured_distributed - subordinated_distributed


def secured_recovery(secured_distributed, total_debt_secured_claim):
    """Recovery of first lien [1]. Of the part no collateral of its own covers."""
    return secured_distributed / total_debt_secured_claim if total_debt_secured_claim > DUST else 1


def unsecured_recovery(unsecured_distributed, unsecured_claims):
    """Recovery of unsecured creditors [1]."""
    return unsecured_distributed / unsecured_claims if unsecured_claims > DUST else 1


def subordinated_recovery(subordinated_distributed, subordinated_claims):
    """Recovery of convertible notes [1]."""
    return subordinated_distributed / subordinated_claims if subordinated_claims > DUST else 1


def notes_recovered(notes_claim, subordinated_recovery):
    """Recovered by holders of new notes [USD m]."""
    return notes_claim * subordinated_recovery


def trade_recovered(trade_claim, unsecured_recovery):
    """Recovered by suppliers [USD m]."""
    return trade_claim * unsecured_recovery
