"""Funding: a shortfall is met from revolver, free bitcoin and share issues in the company's stated order.

A shortfall is what bills, margin calls, calls that rescue a project, orders and the target cash (the minimum, and what
falls due soon) ask for beyond the cash at hand. A source has a capacity and a rank, 1 to 3, and meets what the sources
before it leave. Bitcoin and shares mix: of what the two must meet, the one that ranks first leaves the other its part,
and meets the rest only when the other cannot. For bills that no source has met, pledged coins are sold, then fleets.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_BTC, DUST_HASHRATE, SECOND, USD_PER_MILLION

opening_fleet_sale_share = Constant(0.0, "1", "No fleet sold before the projection starts")
opening_fleet_sold_to_date = Constant(0.0, "USD m", "No fleet sold before the projection starts")

opening_follow_on_sale = Constant(0.0, "USD m", "No offering in the month before the projection")


def may_let_go(total_hpc_rescue_call, total_fleet_cancellable_due, order_draw, total_debt_waivable_service):
    """Asked for what may be let go [USD m]. Projects, orders and pledged machines that it can walk away from."""
    return total_hpc_rescue_call + (total_fleet_cancellable_due - order_draw) + total_debt_waivable_service


def shortfall(bills, total_debt_kept_service, margin_due, target_cash, may_let_go, available):
    """Funding need [USD m]. Money looked for this month; growth and pipeline must wait for spare cash."""
    return max(0, bills + total_debt_kept_service + margin_due + target_cash + may_let_go - available)


def btc_for_sale(
    btc_after_pledges,
    margin_btc_share,
    total_debt_margin_call_btc,
    btc_sale_cap,
    btc_sold_by_policy,
    btc_sold_for_prepayment,
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
                btc_sale_cap - btc_sold_by_policy - btc_sold_for_prepayment,
            ),
        )
    )


def buyback_room(liquidity_prior, next_year_needs_prior, repayment_cover):
    """Liquidity beyond next year's needs [USD m]. Of last month end: what may go into notes that are not due."""
    return max(0, liquidity_prior - repayment_cover * next_year_needs_prior)


def buyback_paid(buyback_share, total_debt_below_par_cost, buyback_room, btc_for_sale, btc_price):
    """Notes bought back below par [USD m]. With bitcoin sold for it, at the price of the notes."""
    return min(
        min(1, buyback_share) * total_debt_below_par_cost, min(buyback_room, btc_for_sale * btc_price / USD_PER_MILLION)
    )


def btc_sold_for_buyback(buyback_paid, btc_price):
    """Bitcoin sold for buy-backs [BTC]. At the month's mean price."""
    return buyback_paid * USD_PER_MILLION / btc_price


def btc_for_funding(btc_for_sale, btc_sold_for_buyback):
    """Bitcoin for funding [BTC]. Left to meet a shortfall."""
    return max(0, btc_for_sale - btc_sold_for_buyback)


def btc_capacity(btc_for_funding, btc_price):
    """Bitcoin sale capacity [USD m]. Cash that bitcoin for funding would bring at the month's mean price."""
    return btc_for_funding * btc_price / USD_PER_MILLION


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


def asked_of_both(shortfall, revolver_capacity, revolver_rank):
    """Need asked of bitcoin and shares [USD m]. What a revolver that ranks first leaves."""
    return max(0, shortfall - (revolver_capacity if revolver_rank == 1 else 0))


def btc_offer(btc_capacity, asked_of_both, mix, btc_rank, atm_rank):
    """Bitcoin offered by rank [USD m]. Where it ranks before shares, the shares' part of the mix is left to them."""
    return min(btc_capacity, asked_of_both * (1 - mix)) if btc_rank < atm_rank else btc_capacity


def atm_offer(atm_capacity, asked_of_both, mix, btc_rank, atm_rank):
    """Shares offered by rank [USD m]. Where they rank before bitcoin, its part of the mix is left to it."""
    return min(atm_capacity, asked_of_both * (1 - mix)) if atm_rank < btc_rank else atm_capacity


def left_after_first(shortfall, revolver_capacity, btc_offer, atm_offer, revolver_rank, btc_rank):
    """Funding need after the first source [USD m]."""
    return max(
        0,
        shortfall - (revolver_capacity if revolver_rank == 1 else (btc_offer if btc_rank == 1 else atm_offer)),
    )


def left_after_second(left_after_first, revolver_capacity, btc_offer, atm_offer, revolver_rank, btc_rank):
    """Funding need after the second source [USD m]."""
    return max(
        0,
        left_after_first
        - (revolver_capacity if revolver_rank == SECOND else (btc_offer if btc_rank == SECOND else atm_offer)),
    )


def revolver_draw(revolver_capacity, revolver_rank, shortfall, left_after_first, left_after_second):
    """Revolver draw [USD m]. Meets what the sources that rank before leave."""
    return min(
        revolver_capacity,
        shortfall if revolver_rank == 1 else (left_after_first if revolver_rank == SECOND else left_after_second),
    )


def btc_by_rank(btc_offer, btc_rank, shortfall, left_after_first, left_after_second):
    """Bitcoin sold by rank [USD m]. Meets what the sources that rank before leave."""
    return min(
        btc_offer,
        shortfall if btc_rank == 1 else (left_after_first if btc_rank == SECOND else left_after_second),
    )


def atm_by_rank(atm_offer, atm_rank, shortfall, left_after_first, left_after_second):
    """Shares sold by rank [USD m]. Meets what the sources that rank before leave."""
    return min(
        atm_offer,
        shortfall if atm_rank == 1 else (left_after_first if atm_rank == SECOND else left_after_second),
    )


def left_after_third(shortfall, revolver_draw, btc_by_rank, atm_by_rank):
    """Funding need after the third source [USD m]. What was held back for the mix must meet it."""
    return max(0, shortfall - revolver_draw - btc_by_rank - atm_by_rank)


def btc_sale(btc_by_rank, btc_capacity, left_after_third):
    """Proceeds of bitcoin sold for funding [USD m]. By rank, and what the others could not meet."""
    return btc_by_rank + min(btc_capacity - btc_by_rank, left_after_third)


def atm_sale(atm_by_rank, atm_capacity, left_after_third, btc_sale, btc_by_rank):
    """Proceeds of shares sold for funding [USD m]. By rank, and what the others could not meet."""
    return atm_by_rank + min(atm_capacity - atm_by_rank, max(0, left_after_third - (btc_sale - btc_by_rank)))


def atm_for_growth(growth_equity, atm_capacity, atm_sale):
    """Proceeds of shares sold for growth [USD m]. What the market takes beyond the need."""
    return min(growth_equity, atm_capacity - atm_sale)


def atm_proceeds(atm_sale, atm_for_growth, share_sale_receipts):
    """ATM proceeds [USD m]. Shares sold at the market, for funding, for growth or as known."""
    return atm_sale + atm_for_growth + share_sale_receipts


def left_after_mix(left_after_third, btc_sale, btc_by_rank, atm_sale, atm_by_rank):
    """Funding need after all ranked sources [USD m]."""
    return max(0, left_after_third - (btc_sale - btc_by_rank) - (atm_sale - atm_by_rank))


def notes_sale(notes_capacity, left_after_mix):
    """Proceeds of new notes for funding [USD m]. Meet what the ranked sources could not."""
    return min(notes_capacity, left_after_mix)


def follow_on_sale(follow_on_capacity, left_after_mix, notes_sale):
    """Proceeds of a follow-on offering [USD m]. A marketed offering meets what no other source could."""
    return min(follow_on_capacity, left_after_mix - notes_sale)


def notes_proceeds(notes_for_growth, notes_cost, notes_sale):
    """Proceeds of new notes [USD m]. For growth and for funding, fees and capped call paid."""
    return notes_for_growth * (1 - notes_cost) + notes_sale


def need_met(revolver_draw, btc_sale, atm_sale, notes_sale, follow_on_sale):
    """Funding need met [USD m]. This month, from all sources."""
    return revolver_draw + btc_sale + atm_sale + notes_sale + follow_on_sale


def funding(need_met, atm_for_growth, notes_proceeds, notes_sale):
    """Funding raised [USD m]. This month, for the need and for growth."""
    return need_met + atm_for_growth + (notes_proceeds - notes_sale)


def btc_sold_for_funding(btc_sale, btc_capacity, btc_for_funding):
    """Bitcoin sold for funding [BTC]. To meet a shortfall."""
    return btc_for_funding * btc_sale / btc_capacity if btc_capacity > 0 else 0


def btc_market_room(
    btc_sale_cap, btc_sold_by_policy, btc_sold_for_prepayment, btc_sold_for_buyback, btc_sold_for_funding
):
    """Bitcoin the market still takes [BTC]. From this company, beyond what it has sold this month."""
    return max(
        0, btc_sale_cap - btc_sold_by_policy - btc_sold_for_prepayment - btc_sold_for_buyback - btc_sold_for_funding
    )


def collateral_capacity(total_debt_collateral_equity, total_debt_saleable_collateral, btc_market_room):
    """Equity in collateral within reach [USD m]. As far as the market takes the coins, of all loans alike."""
    return (
        total_debt_collateral_equity * min(1, btc_market_room / total_debt_saleable_collateral)
        if total_debt_saleable_collateral > DUST_BTC
        else 0
    )


def collateral_sale(bills, available, funding, collateral_capacity, known_btc_sold, defaulted_prior):
    """Collateral sold for bills, kept [USD m].

    What the company keeps of pledged coins sold for bills no source has met; its lenders take their loan-to-value. None
    where sales are known, and nobody lets a defaulted borrower have it.
    """
    return (
        0 if known_btc_sold >= 0 or defaulted_prior else min(collateral_capacity, max(0, bills - available - funding))
    )


def collateral_sale_share(collateral_sale, total_debt_collateral_equity):
    """Share of collateral sold for bills [1]. All loans alike."""
    return collateral_sale / total_debt_collateral_equity if total_debt_collateral_equity > DUST else 0


def free_machines(total_debt_pledged_hashrate_prior, total_fleet_planned_hashrate_prior):
    """Share of machines not pledged [1]. What lenders have security on is not the company's to sell."""
    return (
        max(0, 1 - total_debt_pledged_hashrate_prior / total_fleet_planned_hashrate_prior)
        if total_fleet_planned_hashrate_prior > DUST_HASHRATE
        else 0
    )


def fleet_sale(
    bills,
    available,
    funding,
    collateral_sale,
    total_fleet_resale_value,
    free_machines,
    asset_sale,
    is_history,
    defaulted_prior,
):
    """Proceeds of fleets sold [USD m].

    The last resort before default, where it is on: machines and sites go, at what a forced sale brings, for bills no
    source has met.
    """
    return (
        0
        if is_history or defaulted_prior or not asset_sale
        else min(total_fleet_resale_value * free_machines, max(0, bills - available - funding - collateral_sale))
    )


def fleet_sale_share(fleet_sale, total_fleet_resale_value):
    """Share of fleets sold [1]. All fleets alike; what is sold runs to the end of the month."""
    return fleet_sale / total_fleet_resale_value if total_fleet_resale_value > DUST else 0


def fleet_sold_to_date(fleet_sold_to_date_prior, fleet_sale):
    """Fleets sold to date [USD m]. Proceeds of forced sales since the projection started."""
    return fleet_sold_to_date_prior + fleet_sale


def spendable(available, funding, collateral_sale, fleet_sale):
    """Cash to pay bills with [USD m]."""
    return available + funding + collateral_sale + fleet_sale
