"""The tenant: late delivery, failure, vacancy."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST_MW, STEP, STEPS_PER_YEAR

EACH = "hpc"

opening_late_hazard = Constant(0.0, "1", "No project past its outside date when the projection starts")
opening_tenant_hazard = Constant(0.0, "1", "Tenants sound when the projection starts")
opening_tenant_failed = Constant(0.0, "1", "Tenants sound when the projection starts")
opening_tenant_lost = Constant(0.0, "1", "Tenants in place when the projection starts")
opening_vacant_months = Constant(0.0, "month", "Nothing vacant when the projection starts")


def late_hazard(
    late_hazard_prior,
    month_number,
    full_delivery_month,
    outside_months,
    delivered_mw,
    leased_mw,
    termination_hazard,
    is_history,
):
    """Cumulated termination hazard [1]. Grows while delivery is past the outside date, from the end of history on."""
    return late_hazard_prior + (
        termination_hazard / STEPS_PER_YEAR
        if delivered_mw < leased_mw - DUST_MW and month_number > full_delivery_month + outside_months and not is_history
        else 0
    )


def tenant_hazard(tenant_hazard_prior, tenant_default_hazard, lease_kept, is_history):
    """Cumulated hazard of losing the lease [1].

    Of failures that end it, moved in or not: a name fails everywhere in one month. No tenant has failed in history.
    """
    return tenant_hazard_prior + (0 if is_history else tenant_default_hazard * (1 - lease_kept) / STEPS_PER_YEAR)


def tenant_failed(tenant_failed_prior, tenant_lost_prior, tenant_hazard, tenant_clock):
    """Tenant in default [1]. 1 once the first tenant has failed; the clock is an exponential draw of mean 1."""
    return tenant_failed_prior or (not tenant_lost_prior and tenant_hazard > tenant_clock)


def tenant_lost(tenant_lost_prior, late_hazard, exit_clock, tenant_failed):
    """Tenant lost [1]. 1 once the first tenant has failed, or has left because delivery is late."""
    return tenant_lost_prior or tenant_failed or late_hazard > exit_clock


def opening_commenced_share(opening_delivered_mw, leased_mw):
    """Share let at start [1]. Of the leased capacity."""
    return opening_delivered_mw / leased_mw if leased_mw > DUST_MW else 0


def commenced_share(commenced_share_prior, delivered_share, tenant_lost):
    """Share let to the first tenant [1]. Delivered of the leased capacity, and what that was when it was lost."""
    return commenced_share_prior if tenant_lost else delivered_share


def tenant_receipt(
    receipt_amount, receipt_month, second_receipt_amount, second_receipt_month, month_number, running, tenant_lost
):
    """Tenant prepayment received [USD m].

    Cash the tenant pays ahead in the months agreed and takes back as credit on rent; none once it is lost.
    """
    return (
        0
        if tenant_lost
        else running
        * (
            (receipt_amount if month_number == receipt_month else 0)
            + (second_receipt_amount if month_number == second_receipt_month else 0)
        )
    )


def vacant_months(vacant_months_prior, tenant_lost):
    """Months since tenant loss [month]. Counted from the month in which the first tenant was lost."""
    return vacant_months_prior + STEP if tenant_lost else 0
