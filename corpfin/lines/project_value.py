"""What a project would fetch if it were sold in distress, and what that leaves its owners.

The lower of what it earns and what it cost to build, less what is left to build: no buyer pays more than building it
anew, none more than what it earns is worth. Once the tenant is lost no contract stands behind the rent: a buyer counts
on a new tenant's, after the hall has stood empty, at the multiple of tenants nobody guarantees, or on what is left of
the guarantee, whichever is worth more. Land and power are worth something even where nothing is let.
"""

from corpfin.lines.constants import DUST, DUST_RATE, MONTHS_PER_YEAR

EACH = "hpc"


def full_rent(annual_revenue, rent_index, utilisation):
    """Rent of all that is leased [USD m/year]. By contract, everything delivered."""
    return annual_revenue * rent_index * utilisation


def let_value(full_rent, renewal_price_index, noi_margin, noi_multiple):
    """Value let by contract [USD m]. Its NOI at the multiple of finished and let projects."""
    return max(0, full_rent * (renewal_price_index - (1 - noi_margin))) * noi_multiple


def relet_rent(full_rent, reletting_rent, reletting_price_index):
    """Rent of a new tenant [USD m/year]. For all that was leased."""
    return full_rent * reletting_rent * reletting_price_index


def vacancy_loss(relet_rent, full_rent, guaranteed_share, reletting_months, vacant_months):
    """Rent lost until let again [USD m]. In the months it still stands empty, less what a guarantor pays in them."""
    return (
        max(0, relet_rent - full_rent * guaranteed_share) * max(0, reletting_months - vacant_months) / MONTHS_PER_YEAR
    )


def relet_value(relet_rent, full_rent, noi_margin, relet_multiple, vacancy_loss):
    """Value let again [USD m]. NOI of a new tenant at the multiple of tenants nobody guarantees."""
    return max(0, (relet_rent - full_rent * (1 - noi_margin)) * relet_multiple - vacancy_loss)


def guaranteed_years(full_rent, guaranteed_share, backstop_cap, guarantor_paid, noi_multiple):
    """Years the guarantee counts for [year]. Until its cap is reached, and no more than any rent counts for."""
    return (
        min(noi_multiple, max(0, backstop_cap - guarantor_paid) / (full_rent * guaranteed_share))
        if full_rent * guaranteed_share > DUST_RATE
        else 0
    )


def guaranteed_value(full_rent, guaranteed_share, noi_margin, guaranteed_years):
    """Value of the guarantee [USD m]. What the guarantor pays over what the empty site costs."""
    return max(0, full_rent * (guaranteed_share - (1 - noi_margin))) * guaranteed_years


def income_value(tenant_lost, let_value, relet_value, guaranteed_value):
    """Value by income [USD m]. By contract while the tenant is there; then let again or by the guarantee."""
    return max(relet_value, guaranteed_value) if tenant_lost else let_value


def left_to_build(capex_left, capex_paid):
    """Left to build [USD m]. Cost to complete after this month's bills."""
    return max(0, capex_left - capex_paid)


def site_value(leased_mw, site_resale, hpc_cost):
    """Value of its megawatts [USD m]. As a mining site's in a forced sale, and no more than was built."""
    return min(leased_mw * site_resale, hpc_cost)


def building_value(
    income_value,
    hpc_cost,
    gpu_assets_before_loss,
    left_to_build,
    complete,
    finished_discount,
    unfinished_discount,
    site_value,
):
    """Forced-sale value of the project [USD m].

    Lower of income and cost, less what is left to build, at a discount; no less than its site.
    """
    return max(
        site_value,
        (min(income_value, hpc_cost + gpu_assets_before_loss + left_to_build) - left_to_build)
        * (1 - (finished_discount if complete else unfinished_discount)),
    )


def ring_value(building_value, ring_cash_before_loss, running):
    """Value inside the ring [USD m]. Project and restricted cash, as long as the lenders have not taken them."""
    return (building_value + ring_cash_before_loss) * running


def ring_equity(ring_value, loan_before_loss, prepayment_before_loss, ring_defaulted, ownership):
    """Parent's equity in the ring [USD m]. Its part of what loan and rent paid in advance leave; none once lost."""
    return max(0, ring_value - loan_before_loss - prepayment_before_loss) * ownership * (1 - ring_defaulted)


def loan_claim(loan_before_loss, loan_interest, loan_interest_paid):
    """Claim of the project lenders [USD m]. Principal and the month's unpaid interest."""
    return loan_before_loss + max(0, loan_interest - loan_interest_paid) if loan_before_loss > DUST else 0


def guarantee_claim(completion_guarantee, complete, loan_claim, ring_value, running):
    """Claim on the completion guarantee [USD m].

    What an unfinished project would leave its lenders short of, which the parent has guaranteed; none once they have
    taken it.
    """
    return max(0, loan_claim - ring_value) * running * completion_guarantee * (1 - complete)
