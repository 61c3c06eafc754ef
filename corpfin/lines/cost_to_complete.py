"""Cost to complete, and what the owners are asked for ahead."""

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


def capex_soon(capex_left, capex_due, gpu_replacement, months_to_completion):
    """Capex of the coming months [USD m].

    Of what is left after this month's bills, the part due in the coming months at an even pace.
    """
    return max(0, capex_left - capex_due + gpu_replacement) * min(1, FUNDING_LEAD / months_to_completion)


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


def closing_within_year(loan_distribution, loan_repays_parent, loan_issue_month, month_number, running, tenancy):
    """Closing distribution within a year [USD m].

    Money a signed loan sends up to the parent when it closes within twelve months.
    """
    return (
        running * (loan_distribution + loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= ONE_YEAR
        else 0
    )


def ring_left(ring_available, capex_due, ring_debt_service, reserve_kept, loan_to_come):
    """Ring cash for construction [USD m].

    Cash the ring will have for construction after this month, its reserve account left alone.
    """
    return max(0, ring_available - capex_due - ring_debt_service - reserve_kept) + loan_to_come


def call_soon(capex_soon, ring_left, ownership, bound):
    """Committed call of the coming months [USD m].

    What the parent will be bound to pay in the coming months: money is raised for it ahead.
    """
    return bound * ownership * max(0, capex_soon - ring_left)
