"""Delivery and signed money of each project, as the sector adds them up.

Only a run of companies together has this room.
"""

from corpfin.lines.constants import STEP

EACH = "hpc"


def ramp_months(first_delivery_month, full_delivery_month):
    """Delivery period [month]. Months from the next delivery to the last, both counted."""
    return max(full_delivery_month - max(first_delivery_month, STEP), 0) + STEP


def planned_mw(opening_delivered_mw, leased_mw, first_delivery_month, ramp_months, month_number):
    """Planned capacity [MW]. Delivered by now had nothing slipped since the start."""
    return opening_delivered_mw + (leased_mw - opening_delivered_mw) * max(
        0, min(1, (month_number - max(first_delivery_month, STEP) + STEP) / ramp_months)
    )


def late_mw(planned_mw, delivered_mw, ring_defaulted):
    """Capacity late [MW]. Planned and not delivered, of a project that is still its owners'."""
    return max(0, planned_mw - delivered_mw) * (1 - ring_defaulted)


def lost_mw(leased_mw, ring_defaulted):
    """Capacity lost [MW]. Leased, of a project the lenders have taken."""
    return leased_mw * ring_defaulted


def signed_left(loan_kept, loan_issue_month, month_number, loan_undrawn, receipt_left, second_receipt_left, running):
    """Signed and not received [USD m]. Of the loan, at closing or undrawn, and what the tenant has agreed to pay ahead.

    As far as it stays with the project: what goes to costs or to the parent builds nothing.
    """
    return (
        running * ((loan_kept if loan_issue_month > month_number else 0) + loan_undrawn)
        + receipt_left
        + second_receipt_left
    )
