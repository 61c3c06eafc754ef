"""What the owners are asked for ahead, and the signed money that will spare them."""

from corpfin.lines.constants import FUNDING_LEAD, ONE_YEAR, STEP

EACH = "hpc"


def months_to_completion(full_delivery_month, delay, month_number):
    """Months to completion [month]. Months to the last delivery."""
    return max(STEP, full_delivery_month + delay - month_number)


def capex_soon(capex_left, capex_due, gpu_replacement, draw_share, months_to_completion):
    """Capex of the coming months [USD m].

    Of what is left after this month's bills and is not drawn from a loan, the part due in the coming months at an even
    pace.
    """
    return (
        max(0, capex_left - capex_due + gpu_replacement)
        * (1 - draw_share)
        * min(1, FUNDING_LEAD / months_to_completion)
    )


def receipt_to_come(
    receipt_amount, receipt_month, second_receipt_amount, second_receipt_month, month_number, running, tenant_lost
):
    """Tenant prepayment to come [USD m]. What the tenant has agreed to pay ahead within the coming months."""
    return (
        0
        if tenant_lost
        else running
        * (
            (receipt_amount if receipt_month > month_number and receipt_month - month_number <= FUNDING_LEAD else 0)
            + (
                second_receipt_amount
                if second_receipt_month > month_number and second_receipt_month - month_number <= FUNDING_LEAD
                else 0
            )
        )
    )


def loan_to_come(
    loan_principal,
    opening_loan_undrawn,
    loan_issue_cost,
    loan_distribution,
    loan_repays_parent,
    loan_issue_month,
    month_number,
    running,
    tenancy,
):
    """Signed loan to come [USD m].

    Proceeds at closing of a signed loan that closes within the coming months, as far as they stay in the ring.
    """
    return (
        running
        * max(0, loan_principal - opening_loan_undrawn - loan_issue_cost - loan_distribution - loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= FUNDING_LEAD
        else 0
    )


def closing_within_year(loan_distribution, loan_repays_parent, loan_issue_month, month_number, running, tenancy):
    """Closing distribution within a year [USD m].

    Money a signed loan sends up to the parent when it closes within twelve months.
    """
    return (
        running * (loan_distribution + loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= ONE_YEAR
        else 0
    )


def ring_left(ring_available, capex_due, ring_debt_service, reserve_kept, loan_to_come, receipt_to_come):
    """Ring cash for construction [USD m].

    Cash the ring will have for construction after this month, its reserve account left alone.
    """
    return max(0, ring_available - capex_due - ring_debt_service - reserve_kept) + loan_to_come + receipt_to_come


def call_soon(capex_soon, ring_left, ownership, bound):
    """Committed call of the coming months [USD m].

    What the parent will be bound to pay in the coming months: money is raised for it ahead.
    """
    return bound * ownership * max(0, capex_soon - ring_left)
