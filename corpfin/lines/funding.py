"""Funding: a shortfall is met from revolver, free bitcoin and share issues in the company's stated order.

A shortfall is what bills, calls that rescue a project, orders and the target cash (the minimum, and what falls due
soon) ask for beyond the cash at hand. A source has a capacity and a rank, 1 to 3, and meets what the sources before it
leave; a further one is its capacity and its amount here, and its term in what each rank leaves.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_HASHRATE, SECOND, USD_PER_MILLION

opening_fleet_sale_share = Constant(0.0, "1", "No fleet sold before the projection starts")
opening_fleet_sold_to_date = Constant(0.0, "USD m", "No fleet sold before the projection starts")


def may_let_go(total_hpc_rescue_call, total_fleet_cancellable_due, order_draw, total_debt_waivable_service):
    """Asked for what may be let go [USD m]. Projects, orders and pledged machines that it can walk away from."""
    return total_hpc_rescue_call + (total_fleet_cancellable_due - order_draw) + total_debt_waivable_service


def shortfall(bills, total_debt_kept_service, target_cash, may_let_go, available):
    """Funding need [USD m]. Money looked for this month; growth and pipeline must wait for spare cash."""
    return max(0, bills + total_debt_kept_service + target_cash + may_let_go - available)


def btc_for_sale(
    btc_after_pledges,
    margin_btc_share,
    total_debt_margin_call_btc,
    btc_sale_cap,
    btc_sold_by_policy,
    known_btc_sold,
):
    """Bitcoin for sale [BTC].

    Bitcoin that can be sold on top of production, within what the market takes; none where sales are known.
    """
    return (
        0
        if known_btc_sold >= 0
        else max(
            0,
            min(
                btc_after_pledges - margin_btc_share * total_debt_margin_call_btc,
                btc_sale_cap - btc_sold_by_policy,
            ),
        )
    )


def btc_capacity(btc_for_sale, btc_price):
    """Bitcoin sale capacity [USD m]. Cash that bitcoin for sale would bring at the month's mean price."""
    return btc_for_sale * btc_price / USD_PER_MILLION


def revolver_capacity(
    shortfall,
    total_debt_headroom,
    total_debt_line_due_soon,
    target_cash,
    minimum_cash,
    may_let_go,
):
    """Revolver capacity [USD m].

    What revolvers can add: neither for their own repayment nor for what the company may let go.
    """
    return min(
        total_debt_headroom,
        max(0, shortfall - min(total_debt_line_due_soon, target_cash - minimum_cash) - may_let_go),
    )


def left_after_first(shortfall, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank):
    """Funding need after the first source [USD m]."""
    return max(
        0,
        shortfall - (revolver_capacity if revolver_rank == 1 else (btc_capacity if btc_rank == 1 else atm_capacity)),
    )


def left_after_second(left_after_first, revolver_capacity, btc_capacity, atm_capacity, revolver_rank, btc_rank):
    """Funding need after the second source [USD m]."""
    return max(
        0,
        left_after_first
        - (revolver_capacity if revolver_rank == SECOND else (btc_capacity if btc_rank == SECOND else atm_capacity)),
    )


def revolver_draw(revolver_capacity, revolver_rank, shortfall, left_after_first, left_after_second):
    """Revolver draw [USD m]. Meets what the sources that rank before leave."""
    return min(
        revolver_capacity,
        shortfall if revolver_rank == 1 else (left_after_first if revolver_rank == SECOND else left_after_second),
    )


def btc_sale(btc_capacity, btc_rank, shortfall, left_after_first, left_after_second):
    """Proceeds of bitcoin sold for funding [USD m]. Meets what the sources that rank before leave."""
    return min(
        btc_capacity,
        shortfall if btc_rank == 1 else (left_after_first if btc_rank == SECOND else left_after_second),
    )


def atm_sale(atm_capacity, atm_rank, shortfall, left_after_first, left_after_second):
    """Proceeds of shares sold for funding [USD m]. Meets what the sources that rank before leave."""
    return min(
        atm_capacity,
        shortfall if atm_rank == 1 else (left_after_first if atm_rank == SECOND else left_after_second),
    )


def atm_proceeds(atm_sale, share_sale_receipts):
    """ATM proceeds [USD m]. Shares sold at the market, for funding or as known."""
    return atm_sale + share_sale_receipts


def funding(revolver_draw, btc_sale, atm_sale):
    """Funding raised [USD m]. This month, from all sources, to meet the need."""
    return revolver_draw + btc_sale + atm_sale


def free_machines(total_debt_pledged_hashrate_prior, total_fleet_planned_hashrate_prior):
    """Share of machines not pledged [1]. What lenders have security on is not the company's to sell."""
    return (
        max(0, 1 - total_debt_pledged_hashrate_prior / total_fleet_planned_hashrate_prior)
        if total_fleet_planned_hashrate_prior > DUST_HASHRATE
        else 0
    )


def fleet_sale(bills, available, funding, total_fleet_resale_value, free_machines, is_history, defaulted_prior):
    """Proceeds of fleets sold [USD m].

    The last resort before default: machines and sites go, at what a forced sale brings, for bills no source has met.
    """
    return (
        0
        if is_history or defaulted_prior
        else min(total_fleet_resale_value * free_machines, max(0, bills - available - funding))
    )


def fleet_sale_share(fleet_sale, total_fleet_resale_value):
    """Share of fleets sold [1]. All fleets alike; what is sold runs to the end of the month."""
    return fleet_sale / total_fleet_resale_value if total_fleet_resale_value > DUST else 0


def fleet_sold_to_date(fleet_sold_to_date_prior, fleet_sale):
    """Fleets sold to date [USD m]. Proceeds of forced sales since the projection started."""
    return fleet_sold_to_date_prior + fleet_sale


def spendable(available, funding, fleet_sale):
    """Cash to pay bills with [USD m]."""
    return available + funding + fleet_sale
