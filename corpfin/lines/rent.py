"""Rent and net operating income."""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import DUST, DUST_MW, DUST_SHARE, HALF_YEAR, MONTHS_PER_YEAR, STEPS_PER_YEAR, YEAR

EACH = "hpc"

opening_guarantor_paid = Constant(0.0, "USD m", "No guarantor called before the projection starts")


def opening_contract_start_month(first_delivery_month, opening_complete):
    """Contract start month at start [month]. Month of the first delivery, as guided while it is to come."""
    return first_delivery_month if first_delivery_month <= 0 else (0 if opening_complete else first_delivery_month)


def contract_start_month(
    contract_start_month_prior, delivered_mw_prior, delivered_mw, ramp_share, ramp_start_month, month_number
):
    """Contract start month [month]. Month of the first delivery; once that has been, no delay moves it."""
    return (
        contract_start_month_prior
        if delivered_mw_prior > DUST_MW
        else (max(ramp_start_month, month_number) if ramp_share > 0 or delivered_mw <= DUST_MW else month_number)
    )


def years_running(month_number, contract_start_month):
    """Contract years for escalation [year]. Years since the middle of the first contract year, never negative."""
    return max(0, month_number - contract_start_month - HALF_YEAR) / MONTHS_PER_YEAR


def years_past_term(month_number, contract_start_month, term_years):
    """Years past the base term [year]. How long the contract's base term is over."""
    return max(0, (month_number - contract_start_month) / MONTHS_PER_YEAR - term_years)


def rent_index(escalator, years_running):
    """Rent index [1]. Rent over that of the first contract year."""
    return exp(log(1 + escalator * YEAR) * years_running / YEAR)


def renewal_price_index(gpu_cloud, gpu_price_decay, years_past_term):
    """Renewal price index [1]. Price of computing over the contract's, once the term is over; 1 for space and power."""
    return exp(log(1 - gpu_price_decay * YEAR) * years_past_term / YEAR) if gpu_cloud else 1


def years_in_term(month_number, contract_start_month, years_past_term):
    """Years into the base term [year]. Years of the contract's base term that are over."""
    return max(0, (month_number - contract_start_month) / MONTHS_PER_YEAR) - years_past_term


def reletting_price_index(gpu_cloud, gpu_price_decay, years_in_term):
    """Reletting price index [1]. Market price of computing over what the contract still pays; 1 for space and power."""
    return exp(log(1 - gpu_price_decay * YEAR) * years_in_term / YEAR) if gpu_cloud else 1


def relet_share(vacant_months, reletting_months, reletting_rent, reletting_price_index):
    """Share of rent a new tenant pays [1]. Nothing while the space stands empty."""
    return reletting_rent * reletting_price_index if vacant_months > reletting_months else 0


def guaranteed_share(tenant_failed, backstop_share, commenced_share, delivered_share, years_past_term):
    """Share of rent guaranteed [1].

    The guarantor's once the tenant has failed, until the base term ends: a new tenant at less does not release it. It
    stands behind what was let by then, and behind nothing that was not yet running.
    """
    return (
        backstop_share * min(1, commenced_share / delivered_share)
        if tenant_failed and years_past_term <= 0 and delivered_share > DUST_SHARE
        else 0
    )


def contract_revenue(annual_revenue, delivered_share, rent_index, renewal_price_index, utilisation):
    """Contract revenue [USD m]. Revenue by contract of what is delivered."""
    return annual_revenue / STEPS_PER_YEAR * delivered_share * rent_index * renewal_price_index * utilisation


def guarantor_payment(contract_revenue, guaranteed_share, relet_share, tenant_lost, backstop_cap, guarantor_paid_prior):
    """Rent paid by the guarantor [USD m]. What the new tenant does not pay of the share guaranteed, up to the cap."""
    return (
        min(max(0, backstop_cap - guarantor_paid_prior), contract_revenue * max(0, guaranteed_share - relet_share))
        if tenant_lost
        else 0
    )


def guarantor_paid(guarantor_paid_prior, guarantor_payment):
    """Paid by the guarantor to date [USD m]."""
    return guarantor_paid_prior + guarantor_payment


def tenancy(tenant_lost, relet_share, guarantor_payment, contract_revenue):
    """Share of contract rent paid [1]. All; or the new tenant's and the guarantor's."""
    return relet_share + (guarantor_payment / contract_revenue if contract_revenue > DUST else 0) if tenant_lost else 1


def computers_in_place(gpu_capex, delivered_share, gpu_arrears_prior, gpu_worn_prior):
    """Computers in service [1].

    Share that works: those not paid for, or worn out and not replaced, do not; 1 without any.
    """
    return (
        max(0, 1 - gpu_arrears_prior / (gpu_capex * delivered_share) - gpu_worn_prior)
        if gpu_capex * delivered_share > DUST
        else 1
    )


def revenue(contract_revenue, tenancy, computers_in_place):
    """Project revenue [USD m]. Whoever owns the project."""
    return contract_revenue * tenancy * computers_in_place


def hpc_site_cost(annual_revenue, delivered_share, rent_index, utilisation, noi_margin):
    """Site operating cost [USD m]. By the contract's margin: it neither falls with prices nor ends with a tenant."""
    return annual_revenue / STEPS_PER_YEAR * delivered_share * rent_index * utilisation * (1 - noi_margin)


def noi(revenue, hpc_site_cost):
    """Net operating income (NOI) [USD m]."""
    return revenue - hpc_site_cost


def credit_taken(revenue, prepayment_credit, tenant_prepayment_prior):
    """Prepayment credit taken [USD m]. Rent settled against what the tenant paid in advance."""
    return min(tenant_prepayment_prior, revenue * prepayment_credit)
