"""Signed money to come: what lender and tenant have agreed to pay before the owners are asked."""

from corpfin.lines.constants import FUNDING_LEAD, ONE_YEAR, STEP

EACH = "hpc"


def months_to_completion(full_delivery_month, delay, month_number):
    """Months to completion [month]. Months to the last delivery."""
    return max(STEP, full_delivery_month + delay - month_number)


def loan_kept(loan_principal, opening_loan_undrawn, loan_issue_cost, loan_distribution, loan_repays_parent):
    """Loan proceeds kept by the project [USD m]. At closing: what is drawn later, costs or goes to the parent aside."""
    return max(0, loan_principal - opening_loan_undrawn - loan_issue_cost - loan_distribution - loan_repays_parent)


def loan_to_come(loan_kept, loan_issue_month, month_number, running, tenancy):
    """Signed loan to come [USD m].

    Proceeds at closing of a signed loan that closes within the coming months, as far as they stay in the ring.
    """
    return (
        running * loan_kept
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= FUNDING_LEAD
        else 0
    )


def months_to_receipt(receipt_month, month_number):
    """Months to tenant prepayment [month]. Months until the tenant pays ahead, not above 0 once it has."""
    return receipt_month - month_number


def months_to_second_receipt(second_receipt_month, month_number):
    """Months to second prepayment [month]. The same of the tenant's second payment ahead."""
    return second_receipt_month - month_number


def receipt_left(receipt_amount, months_to_receipt, running, tenant_lost):
    """Tenant prepayment agreed [USD m]. What the tenant has still to pay ahead, while it is there."""
    return running * receipt_amount if months_to_receipt > 0 and not tenant_lost else 0


def second_receipt_left(second_receipt_amount, months_to_second_receipt, running, tenant_lost):
    """Second prepayment agreed [USD m]. The same of the tenant's second payment ahead."""
    return running * second_receipt_amount if months_to_second_receipt > 0 and not tenant_lost else 0


def receipts_to_come(receipt_left, months_to_receipt, second_receipt_left, months_to_second_receipt):
    """Tenant prepayments to come [USD m]. Agreed and to arrive within the coming months."""
    return (receipt_left if months_to_receipt <= FUNDING_LEAD else 0) + (
        second_receipt_left if months_to_second_receipt <= FUNDING_LEAD else 0
    )


def opening_closing_in_year(loan_distribution, loan_repays_parent, loan_issue_month):
    """Closing distribution in year 1 [USD m]. Of loans signed but not closed at the start."""
    return loan_distribution + loan_repays_parent if loan_issue_month > 0 and loan_issue_month <= ONE_YEAR else 0


def closing_within_year(loan_distribution, loan_repays_parent, loan_issue_month, month_number, running, tenancy):
    """Closing distribution within a year [USD m].

    Money a signed loan sends up to the parent when it closes within twelve months.
    """
    return (
        running * (loan_distribution + loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= ONE_YEAR
        else 0
    )
