"""What a project would fetch if it were sold in distress, and what that leaves its owners.

The lower of what it earns and what it cost to build, less what is left to build: no buyer pays more than building it
anew, none more than what it earns is worth.
"""

from corpfin.lines.constants import DUST

EACH = "hpc"


def buyer_rent(tenant_lost, reletting_rent, reletting_price_index, renewal_price_index):
    """Rent a buyer counts on [1]. Over the contract's: all while the tenant is there, else a new tenant's."""
    return reletting_rent * reletting_price_index if tenant_lost else renewal_price_index


def buyer_noi(annual_revenue, rent_index, utilisation, buyer_rent, noi_margin):
    """NOI a buyer counts on [USD m/year]. With everything delivered."""
    return max(0, annual_revenue * rent_index * utilisation * (buyer_rent - (1 - noi_margin)))


def income_value(buyer_noi, noi_multiple):
    """Value by income [USD m]. At the multiple of finished and let projects."""
    return buyer_noi * noi_multiple


def left_to_build(capex_left, capex_paid):
    """Left to build [USD m]. Cost to complete after this month's bills."""
    return max(0, capex_left - capex_paid)


def building_value(
    income_value, hpc_cost, gpu_assets_before_loss, left_to_build, complete, finished_discount, unfinished_discount
):
    """Forced-sale value of the project [USD m]. Lower of income and cost, less what is left to build, at a discount."""
    return max(0, min(income_value, hpc_cost + gpu_assets_before_loss + left_to_build) - left_to_build) * (
        1 - (finished_discount if complete else unfinished_discount)
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
