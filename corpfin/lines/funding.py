"""Funding: a shortfall is met from revolver, free bitcoin and share issues in the company's stated order.

A shortfall is what bills, calls that rescue a project and the target cash (the minimum, and what falls due soon) ask
for beyond the cash at hand.
"""

from corpfin.lines.constants import USD_PER_MILLION


def shortfall(bills, target_cash, total_hpc_rescue_call, available):
    """Funding need [USD m]. Money looked for this month; growth and pipeline must wait for spare cash."""
    return max(0, bills + target_cash + total_hpc_rescue_call - available)


def btc_for_sale(btc_after_pledges, margin_btc_share, total_debt_margin_call_btc, btc_sale_cap, btc_sold_by_policy):
    """Bitcoin for sale [BTC]. Bitcoin that can be sold on top of production, within what the market takes."""
    return max(
        0,
        min(
            btc_after_pledges - margin_btc_share * total_debt_margin_call_btc,
            btc_sale_cap - btc_sold_by_policy,
        ),
    )


def btc_capacity(btc_for_sale, btc_price):
    """Bitcoin sale capacity [USD m]. Cash that bitcoin for sale would bring at the month's mean price."""
    return btc_for_sale * btc_price / USD_PER_MILLION


def revolver_capacity(
    shortfall, total_debt_headroom, total_debt_line_due_soon, target_cash, minimum_cash, total_hpc_rescue_call
):
    """Revolver capacity [USD m].

    What revolvers can add: neither for their own repayment nor for a project the company may let go.
    """
    return min(
        total_debt_headroom,
        max(0, shortfall - min(total_debt_line_due_soon, target_cash - minimum_cash) - total_hpc_rescue_call),
    )


def revolver_draw(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Revolver draw [USD m]. After the sources that rank before."""
    return min(
        revolver_capacity,
        max(
            0,
            shortfall
            - (btc_capacity if btc_rank < revolver_rank else 0)
            - (atm_capacity if atm_rank < revolver_rank else 0),
        ),
    )


def btc_sale(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """Proceeds of bitcoin sold for funding [USD m]. After the sources that rank before."""
    return min(
        btc_capacity,
        max(
            0,
            shortfall
            - (revolver_capacity if revolver_rank < btc_rank else 0)
            - (atm_capacity if atm_rank < btc_rank else 0),
        ),
    )


def atm_proceeds(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank, atm_rank):
    """ATM proceeds [USD m]. Shares sold at the market, after the sources that rank before."""
    return min(
        atm_capacity,
        max(
            0,
            shortfall
            - (revolver_capacity if revolver_rank < atm_rank else 0)
            - (btc_capacity if btc_rank < atm_rank else 0),
        ),
    )


def funding(revolver_draw, btc_sale, atm_proceeds):
    """Funding raised [USD m]. This month, from all sources."""
    return revolver_draw + btc_sale + atm_proceeds


def spendable(available, funding):
    """Cash to pay bills with [USD m]."""
    return available + funding
