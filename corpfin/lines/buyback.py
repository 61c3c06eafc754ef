"""Corporate notes below par: what the company could retire for less than it owes.

A convertible far out of the money is a bond, most often with a low coupon: it trades at what its holders could earn
elsewhere until the day on which they may next demand their money.
"""

from corpfin.engine import exp
from corpfin.lines.constants import MONTHS_PER_YEAR, NEVER_MONTH, REFINANCING_LEAD

EACH = "debt"


def note_price(rate, refinancing_coupon, falls_due_month, month_number):
    """Price of the notes over par [1]. Yield of a new note less the coupon, over the time to the next demand."""
    return exp(0 - max(0, refinancing_coupon - rate) * max(0, falls_due_month - month_number) / MONTHS_PER_YEAR)


def below_par_face(
    balance_prior,
    cure_due_prior,
    unsecured_bullet,
    in_the_money,
    note_price,
    buyback_price,
    falls_due_month,
    month_number,
    repaid_month,
    accelerated_prior,
    defaulted_prior,
):
    """Notes below par [USD m]. Unsecured bullets that can be had cheaply, are not called nor about to be due."""
    return (
        max(0, balance_prior - cure_due_prior)
        if unsecured_bullet
        and not in_the_money
        and note_price <= buyback_price
        and falls_due_month - month_number > REFINANCING_LEAD
        and falls_due_month < NEVER_MONTH
        and (repaid_month >= NEVER_MONTH or month_number > repaid_month)
        and not accelerated_prior
        and not defaulted_prior
        else 0
    )


def below_par_cost(below_par_face, note_price):
    """Cost of notes below par [USD m]. What all of them would cost."""
    return below_par_face * note_price
