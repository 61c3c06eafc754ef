"""Construction and computers: what falls due and what is left to pay.

Spending follows the plan at a pace of its own. A slip or a stall stretches what is left of the building, and an overrun
makes dearer what is left to pay: neither undoes a month that has passed.
"""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import DUST_MW, MONTHS_PER_YEAR, S_CURVE_THREE, S_CURVE_TWO, STEPS_PER_YEAR, YEAR

EACH = "hpc"

opening_construction_scheduled = Constant(0.0, "USD m", "Construction due since the projection started")
opening_gpu_delivered_cost = Constant(0.0, "USD m", "Computers delivered since the projection started")


def opening_progress(construction_start_month, full_delivery_month):
    """Construction time elapsed at start [1]. Share of the planned construction time that is over at the start."""
    return (
        max(0, min(1, (0 - construction_start_month) / (full_delivery_month - construction_start_month)))
        if full_delivery_month > construction_start_month
        else 1
    )


def opening_s_curve(opening_progress):
    """S-curve at start [1]. Share of construction spent by then on an S-curve 3 t^2 - 2 t^3."""
    return opening_progress * opening_progress * (S_CURVE_THREE - S_CURVE_TWO * opening_progress)


def opening_build_share(opening_s_curve, opening_delivered_mw, leased_mw):
    """Construction share spent at start [1]. Taken where the file does not say: never less than what is delivered."""
    return max(opening_s_curve, opening_delivered_mw / leased_mw) if leased_mw > DUST_MW else 0


def opening_construction_spent(capex_spent, leased_mw, capex_per_mw, opening_build_share, opening_complete):
    """Construction spent at start [USD m].

    Spent by the balance-sheet date, from the file or from the S-curve; all when delivered.
    """
    return (
        min(capex_spent, leased_mw * capex_per_mw)
        if capex_spent >= 0 and not opening_complete
        else (leased_mw * capex_per_mw * opening_build_share)
    )


def construction_budget(
    leased_mw, capex_per_mw, opening_construction_spent, construction_paid_in_history_prior, overrun, is_history
):
    """Construction budget left at start [USD m].

    Still to be paid at the start; the overrun, drawn once, is on what is left when history ends.
    """
    return construction_paid_in_history_prior + (
        leased_mw * capex_per_mw - opening_construction_spent - construction_paid_in_history_prior
    ) * (1 if is_history else overrun)


def construction_months(months_worked, months_worked_prior, construction_start_month):
    """Construction time of the month [month]. None before construction starts or while it is stalled."""
    return max(months_worked, construction_start_month) - max(months_worked_prior, construction_start_month)


def construction_months_left(
    full_delivery_month, delay, stall_months_prior, months_worked_prior, construction_start_month
):
    """Construction time left [month]. Time to the last delivery, slip included, when the month begins."""
    return full_delivery_month + delay - stall_months_prior - max(months_worked_prior, construction_start_month)


def progress(progress_prior, construction_months, construction_months_left):
    """Construction time elapsed [1].

    Share of the construction time that is over. It never goes back: a slip stretches what is left.
    """
    return (
        progress_prior + (1 - progress_prior) * min(1, construction_months / construction_months_left)
        if construction_months_left > 0
        else 1
    )


def s_curve(progress):
    """S-curve [1]. Share of construction due by then on an S-curve."""
    return progress * progress * (S_CURVE_THREE - S_CURVE_TWO * progress)


def remainder_share(s_curve, s_curve_prior):
    """Share of the remainder due [1]. Of what was not yet due, the part that falls due this month."""
    return (s_curve - s_curve_prior) / (1 - s_curve_prior) if s_curve_prior < 1 else 1


def share_billed(remainder_share, progress, spending_pace):
    """Share of the remainder billed [1].

    At the month's pace: builders and suppliers bill before or after the plan, and all of it with the last delivery.
    """
    return min(1, remainder_share * spending_pace) if progress < 1 else 1


def construction_scheduled(construction_scheduled_prior, construction_budget, share_billed):
    """Construction due to date [USD m]. Since the start, as it is billed: a dearer building is not due in arrears."""
    return construction_scheduled_prior + (construction_budget - construction_scheduled_prior) * share_billed


def construction_planned(construction_scheduled, construction_paid_prior, running):
    """Construction bills by plan [USD m]. Bills of the month, those left unpaid earlier included."""
    return running * max(0, construction_scheduled - construction_paid_prior)


def construction_due(construction_planned, construction_budget, construction_paid_prior, running, known_capex_lead):
    """Construction bills due [USD m].

    By plan; where capital expenditure is known, less than that, or ahead of it out of what is left: what is not paid
    follows later and what is paid early is not asked for again.
    """
    return construction_planned + known_capex_lead * (
        running * max(0, construction_budget - construction_paid_prior) - construction_planned
        if known_capex_lead > 0
        else construction_planned
    )


def cooling_due(construction_due, cooling_share):
    """Cooling bills due [USD m]. Part of the construction bills."""
    return construction_due * cooling_share


def network_due(construction_due, network_share):
    """Network and fit-out bills due [USD m]. Part of the construction bills."""
    return construction_due * network_share


def shell_due(construction_due, cooling_due, network_due):
    """Shell and power bills due [USD m]. What remains of the construction bills beside cooling, network and fit-out."""
    return construction_due - cooling_due - network_due


def tenant_capex(construction_due, tenant_funded, tenant_lost):
    """Tenant-funded capex [USD m].

    Construction bills the tenant pays while it is there, and later takes back as credit.
    """
    return 0 if tenant_lost else construction_due * tenant_funded


def gpu_budget(gpu_capex, opening_delivered_mw, leased_mw, gpu_paid_in_history_prior, gpu_overrun, is_history):
    """Computer budget left at start [USD m].

    Still to be paid at the start; their overrun, drawn once, is on what is left when history ends.
    """
    return (
        gpu_paid_in_history_prior
        + (gpu_capex * (1 - opening_delivered_mw / leased_mw) - gpu_paid_in_history_prior)
        * (1 if is_history else gpu_overrun)
        if leased_mw > DUST_MW
        else 0
    )


def gpu_delivered_cost(gpu_delivered_cost_prior, gpu_budget, delivered_mw, delivered_mw_prior, leased_mw):
    """Cost of computers delivered [USD m]. Computers for the capacity delivered since the start."""
    return (
        gpu_delivered_cost_prior
        + (gpu_budget - gpu_delivered_cost_prior)
        * max(0, delivered_mw - delivered_mw_prior)
        / (leased_mw - delivered_mw_prior)
        if leased_mw - delivered_mw_prior > DUST_MW
        else gpu_delivered_cost_prior
    )


def gpu_planned(gpu_delivered_cost, gpu_paid_prior, running):
    """Computer bills by plan [USD m].

    Paid as the capacity for them is delivered, those left unpaid earlier included.
    """
    return running * max(0, gpu_delivered_cost - gpu_paid_prior)


def gpu_left(gpu_budget, gpu_paid_prior):
    """Computer cost to complete [USD m]. Computers still to be paid."""
    return max(0, gpu_budget - gpu_paid_prior)


def gpu_due(gpu_planned, gpu_left, running, known_capex_lead):
    """Computer bills due [USD m]. By plan, or less or ahead of it where capital expenditure is known."""
    return gpu_planned + known_capex_lead * (running * gpu_left - gpu_planned if known_capex_lead > 0 else gpu_planned)


def replacement_cost(gpu_capex, gpu_residual, gpu_price_decay, gpu_life):
    """Cost of a computer refresh [USD m]. A new set of computers at the end of a life, old ones sold."""
    return gpu_capex * (exp(log(1 - gpu_price_decay * YEAR) * gpu_life / YEAR) - gpu_residual)


def gpu_replacement(replacement_cost, delivered_share, gpu_life, month_number, contract_start_month, running):
    """Computer replacement capex [USD m]. One life's cost spread evenly over the next life."""
    return (
        running * max(0, replacement_cost) * delivered_share / (gpu_life * STEPS_PER_YEAR)
        if month_number - contract_start_month >= gpu_life * MONTHS_PER_YEAR
        else 0
    )


def capex_due(construction_due, tenant_capex, gpu_due, gpu_replacement):
    """Capex due [USD m]. Bills for construction and computers that the project must pay."""
    return construction_due - tenant_capex + gpu_due + gpu_replacement


def construction_left(construction_budget, construction_paid_prior, tenant_funded, tenant_lost):
    """Construction cost to complete [USD m].

    What the owners have still to pay; the tenant's part counts while it is there.
    """
    return max(0, construction_budget - construction_paid_prior) * (1 - (0 if tenant_lost else tenant_funded))


def capex_left(construction_left, gpu_left, running):
    """Cost to complete [USD m]. Construction and computers the project has still to pay, this month's included."""
    return running * (construction_left + gpu_left)
