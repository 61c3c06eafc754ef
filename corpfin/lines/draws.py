"""Delayed draws: committed loans that are drawn as capital expenditure, purchases and orders are paid.

What is signed counts: a payment ahead that a lender will fund is not raised a second time. What is drawn by a month is
never less than by an earlier one: a commitment that lapses has paid what fell due before.
"""


def bound_draw(total_hpc_committed_call, total_purchase_bought, total_fleet_bound_due, total_debt_drawable):
    """Draw for committed capex [USD m]. Of what the company is bound to, what lenders have committed."""
    return min(total_hpc_committed_call + total_purchase_bought + total_fleet_bound_due, total_debt_drawable)


def order_draw(total_fleet_cancellable_due, total_debt_drawable, bound_draw):
    """Draw for cancellable orders [USD m]. It goes to the maker of the machines and to no other bill."""
    return min(total_fleet_cancellable_due, total_debt_drawable - bound_draw)


def delayed_draw(bound_draw, order_draw):
    """Delayed draw [USD m]. All lenders alike."""
    return bound_draw + order_draw


def draw_1(delayed_draw, total_debt_drawable_1, total_hpc_call_1, total_purchase_bought_1, total_fleet_bound_1):
    """Delayed draws in 1 month [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return min(
        max(0, total_debt_drawable_1 - delayed_draw),
        total_hpc_call_1 + total_purchase_bought_1 + total_fleet_bound_1,
    )


def draw_2(draw_1, delayed_draw, total_debt_drawable_2, total_hpc_call_2, total_purchase_bought_2, total_fleet_bound_2):
    """Delayed draws in 2 months [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return max(
        draw_1,
        min(
            max(0, total_debt_drawable_2 - delayed_draw),
            total_hpc_call_2 + total_purchase_bought_2 + total_fleet_bound_2,
        ),
    )


def draw_3(draw_2, delayed_draw, total_debt_drawable_3, total_hpc_call_3, total_purchase_bought_3, total_fleet_bound_3):
    """Delayed draws in 3 months [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return max(
        draw_2,
        min(
            max(0, total_debt_drawable_3 - delayed_draw),
            total_hpc_call_3 + total_purchase_bought_3 + total_fleet_bound_3,
        ),
    )


def draw_4(draw_3, delayed_draw, total_debt_drawable_4, total_hpc_call_4, total_purchase_bought_4, total_fleet_bound_4):
    """Delayed draws in 4 months [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return max(
        draw_3,
        min(
            max(0, total_debt_drawable_4 - delayed_draw),
            total_hpc_call_4 + total_purchase_bought_4 + total_fleet_bound_4,
        ),
    )


def draw_5(draw_4, delayed_draw, total_debt_drawable_5, total_hpc_call_5, total_purchase_bought_5, total_fleet_bound_5):
    """Delayed draws in 5 months [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return max(
        draw_4,
        min(
            max(0, total_debt_drawable_5 - delayed_draw),
            total_hpc_call_5 + total_purchase_bought_5 + total_fleet_bound_5,
        ),
    )


def draw_6(draw_5, delayed_draw, total_debt_drawable_6, total_hpc_call_6, total_purchase_bought_6, total_fleet_bound_6):
    """Delayed draws in 6 months [USD m]. Of what is bound to be paid by then, what lenders will fund."""
    return max(
        draw_5,
        min(
            max(0, total_debt_drawable_6 - delayed_draw),
            total_hpc_call_6 + total_purchase_bought_6 + total_fleet_bound_6,
        ),
    )
