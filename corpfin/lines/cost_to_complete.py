"""Cost to complete, and what a signed loan will bring."""

from corpfin.lines.constants import FUNDING_LEAD, ONE_YEAR, STEP

EACH = "hpc"


def construction_left(construction_budget, construction_paid_prior, tenant_funded, tenant_lost):
    """Construction cost to complete [USD m].

    What the owners have still to pay; the tenant's part counts while it is there.
    """
    return max(0, construction_budget - construction_paid_prior) * (1 - (0 if tenant_lost else tenant_funded))


def capex_left(construction_left, gpu_left, running):
    """Cost to complete [USD m]. Construction and computers the project has still to pay, this month's included."""
    return running * (construction_left + gpu_left)


def months_to_completion(full_delivery_month, delay, month_number):
    """Months to completion [month]. Months to the last delivery."""
    return max(STEP, full_delivery_month + delay - month_number)


def loan_to_come(
    loan_principal,
    loan_issue_cost,
    loan_distribution,
    loan_repays_parent,
    loan_issue_month,
    month_number,
    running,
    tenancy,
):
    """Signed loan to come [USD m].

    Proceeds of a signed loan that closes within the coming months, as far as they stay in the ring.
    """
    return (
        running * max(0, loan_principal - loan_issue_cost - loan_distribution - loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= FUNDING_LEAD
        else 0
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
