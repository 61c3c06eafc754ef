"""Delivery of leased capacity.

One instance of a project is a contract or campus.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_MW, STEP

EACH = "hpc"

opening_months_worked = Constant(0.0, "month", "Counted from the start of the projection")
opening_displaced_mw = Constant(0.0, "MW", "What has left the fleets before the start is in no file")


def running(ring_defaulted_prior):
    """Project with its owners [1]. 1 while it belongs to its owners, 0 once the lenders have it."""
    return not ring_defaulted_prior


def delay(slip, is_history, stall_months_prior):
    """Delivery delay [month].

    Construction slip drawn once, which no month that is history knows of, plus months stalled for want of money.
    """
    return (0 if is_history else slip) + stall_months_prior


def slip_of_next(slip, is_history, first_delivery_month, full_delivery_month):
    """Slip of the next delivery [month].

    A slip is of the last delivery and stretches the time that is left: what is nearly there is hardly later.
    """
    return (
        0
        if is_history
        else slip * max(first_delivery_month, STEP) / max(full_delivery_month, max(first_delivery_month, STEP))
    )


def ramp_start_month(first_delivery_month, slip_of_next, stall_months_prior):
    """Next delivery month [month]. Month in which the next capacity is delivered."""
    return max(first_delivery_month, STEP) + slip_of_next + stall_months_prior


def last_delivery_month(first_delivery_month, full_delivery_month, delay):
    """Last delivery month [month]."""
    return max(full_delivery_month, max(first_delivery_month, STEP)) + delay


def months_worked(month_number, stall_months_prior):
    """Months worked [month]. Months since the start in which the building was not stalled."""
    return month_number - stall_months_prior


def delivering_from(month_number, ramp_start_month, delivered_mw_prior, opening_delivered_mw):
    """Delivering from [month]. The month itself once something has come since the start, else the next delivery."""
    return month_number if delivered_mw_prior > opening_delivered_mw + DUST_MW else max(month_number, ramp_start_month)


def ramp_share(month_number, delivering_from, last_delivery_month, months_worked, months_worked_prior):
    """Share of what is left delivered [1].

    In the month: what is left comes evenly until the last delivery, which a slip puts off without stopping the others.
    """
    return min(
        1,
        max(0, min(months_worked - months_worked_prior, month_number - delivering_from + STEP))
        / max(STEP, last_delivery_month - delivering_from + STEP),
    )


def delivered_mw(delivered_mw_prior, leased_mw, ramp_share, running, known_delivered_mw):
    """Delivered capacity [MW]. What is known, else by plan and delay; never handed back while the project runs."""
    return running * (
        known_delivered_mw
        if known_delivered_mw >= 0
        else delivered_mw_prior + max(0, leased_mw - delivered_mw_prior) * ramp_share
    )


def over_delivered(delivered_mw, leased_mw):
    """Delivered beyond leased capacity [MW]."""
    return max(0, delivered_mw - leased_mw)


def delivered_share(delivered_mw, leased_mw):
    """Delivered share of leased capacity [1]."""
    return delivered_mw / leased_mw if leased_mw > DUST_MW else 0


def opening_complete(opening_delivered_mw, leased_mw):
    """Project complete at start [1]. 1 when everything leased was delivered before the start."""
    return opening_delivered_mw >= leased_mw - DUST_MW


def site_mw(delivered_mw, gross_ratio):
    """Power at the meter [MW]. What the delivered capacity draws, cooling and losses included."""
    return delivered_mw * gross_ratio


def complete(delivered_mw, leased_mw, running, build_arrears_prior):
    """Project complete [1]. 1 once everything leased is delivered and no bill of the building is overdue."""
    return running and delivered_mw >= leased_mw - DUST_MW and build_arrears_prior <= DUST


def displaced_mw(displaced_mw_prior, mining_mw_displaced, delivered_mw, opening_delivered_mw, leased_mw):
    """Mining load displaced [MW]. What has made way for the project; it does not return with a lost project."""
    return (
        max(
            displaced_mw_prior,
            mining_mw_displaced * (delivered_mw - opening_delivered_mw) / (leased_mw - opening_delivered_mw),
        )
        if leased_mw - opening_delivered_mw > DUST_MW
        else 0
    )
