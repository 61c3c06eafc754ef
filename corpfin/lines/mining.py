"""Mining fleets: hash rate, the decision to run and what it costs."""

from corpfin.engine import Constant, exp
from corpfin.lines.constants import (
    DUST,
    DUST_HASHRATE,
    DUST_MW,
    HOURS_PER_DAY,
    NEVER_MONTH,
    PH_PER_EH,
    STEP,
    TH_PER_EH,
    USD_PER_MILLION,
)

EACH = "fleet"

opening_empty_slots = Constant(0.0, "EH/s", "No place of a machine empty when the projection starts")
opening_machines_renewed = Constant(0.0, "EH/s", "No machines bought for empty places when the projection starts")
opening_machines_ordered = Constant(0.0, "EH/s", "No machines on order when the projection starts")


def opening_planned_hashrate(opening_hashrate):
    """Planned hash rate at start [EH/s]. The installed hash rate."""
    return opening_hashrate


def opening_planned_load(opening_hashrate, efficiency):
    """Planned load at start [MW]. Load of the fleet at the start when everything runs."""
    return opening_hashrate * efficiency


def machines_arrived(machines_ordered_prior, growth_share_prior):
    """Machines added [EH/s]. Those bought last month, as far as they were paid for."""
    return machines_ordered_prior * growth_share_prior


def machines_retired(planned_hashrate_prior, retirement):
    """Machines scrapped [EH/s]. For age, as the world's machines of their class are."""
    return planned_hashrate_prior * retirement * STEP


def machines_maintained(
    machines_retired, maintenance_paid_prior, planned_hashrate_prior, total_fleet_planned_hashrate_prior, capex_per_th
):
    """Machines replaced by maintenance [EH/s].

    Of those scrapped, what last month's maintenance capex bought; all fleets in proportion to their hash rate.
    """
    return (
        min(
            machines_retired,
            maintenance_paid_prior
            * (planned_hashrate_prior / total_fleet_planned_hashrate_prior)
            * USD_PER_MILLION
            / (capex_per_th * TH_PER_EH),
        )
        if total_fleet_planned_hashrate_prior > DUST_HASHRATE and capex_per_th > 0
        else 0
    )


def machines_removed(target_hashrate, target_month, planned_hashrate_prior, month_number):
    """Machines removed [EH/s]. Taken down on the way to a lower guided hash rate, at an even pace."""
    return (
        max(0, planned_hashrate_prior - target_hashrate) * STEP / max(STEP, target_month - month_number + STEP)
        if target_month < NEVER_MONTH
        else 0
    )


def machines_taken_away(total_debt_hashrate_taken_prior, total_fleet_planned_hashrate_prior, planned_hashrate_prior):
    """Machines taken by lenders [EH/s]. Last month, on loans without recourse; all fleets in proportion."""
    return (
        planned_hashrate_prior * min(1, total_debt_hashrate_taken_prior / total_fleet_planned_hashrate_prior)
        if total_fleet_planned_hashrate_prior > DUST_HASHRATE
        else 0
    )


def machines_sold(planned_hashrate_prior, fleet_sale_share_prior):
    """Machines sold [EH/s]. Those sold last month because bills found no other money."""
    return planned_hashrate_prior * fleet_sale_share_prior


def planned_hashrate(
    planned_hashrate_prior,
    machines_arrived,
    order_arrived,
    machines_maintained,
    machines_retired,
    machines_removed,
    machines_taken_away,
    machines_sold,
):
    """Planned hash rate [EH/s]. Hash rate of the fleet before megawatts are handed to HPC."""
    return max(
        0,
        planned_hashrate_prior
        + machines_arrived
        + order_arrived
        + machines_maintained
        - machines_retired
        - machines_removed
        - machines_taken_away
        - machines_sold,
    )


def empty_slots(empty_slots_prior, machines_retired, machines_maintained, machines_renewed_prior, growth_share_prior):
    """Places of machines empty [EH/s]. Of machines scrapped and not replaced; their megawatts run nothing."""
    return max(
        0, empty_slots_prior + machines_retired - machines_maintained - machines_renewed_prior * growth_share_prior
    )


def displaced_load(total_hpc_displaced_mw, planned_load_prior, total_fleet_planned_load_prior):
    """Load that HPC asks for [MW]. Of all fleets in proportion to their load of last month."""
    return (
        total_hpc_displaced_mw * planned_load_prior / total_fleet_planned_load_prior
        if total_fleet_planned_load_prior > DUST_MW
        else 0
    )


def machines_renewed(
    empty_slots,
    displaced_load,
    efficiency,
    planned_hashrate,
    investment_sensitivity,
    machine_yield,
    hurdle_yield,
    target_hashrate,
    target_month,
    fleet_sold_to_date_prior,
    defaulted_prior,
):
    """Machines renewed [EH/s].

    Bought for empty places that HPC has not taken, as eagerly as the world invests when new machines pay; not in a
    fleet that is being wound down. Assumed as efficient as those they replace.
    """
    return (
        min(
            max(0, empty_slots - displaced_load / efficiency),
            planned_hashrate * investment_sensitivity * max(0, machine_yield - hurdle_yield),
        )
        if (target_month >= NEVER_MONTH or target_hashrate >= planned_hashrate)
        and fleet_sold_to_date_prior <= DUST
        and not defaulted_prior
        else 0
    )


def machines_ordered(
    target_hashrate,
    target_month,
    planned_hashrate,
    empty_slots,
    machines_renewed,
    month_number,
    fleet_sold_to_date_prior,
    defaulted_prior,
):
    """Machines ordered [EH/s].

    They run from next month, as far as spare cash pays for them: an even pace to the guided rate, and what is renewed.
    Who has sold fleets in need has given the plan up.
    """
    return machines_renewed + (
        max(0, target_hashrate - planned_hashrate - empty_slots) * STEP / max(STEP, target_month - month_number)
        if target_month < NEVER_MONTH and fleet_sold_to_date_prior <= DUST and not defaulted_prior
        else 0
    )


def growth_capex(machines_ordered, capex_per_th):
    """Growth capex [USD m]. New machines, to grow or in place of scrapped ones, paid when ordered."""
    return machines_ordered * TH_PER_EH * capex_per_th / USD_PER_MILLION


def planned_load(planned_hashrate, efficiency):
    """Planned load [MW]. Load of the planned hash rate when everything runs."""
    return planned_hashrate * efficiency


def handed_over(displaced_load, empty_slots, efficiency, planned_load):
    """Load handed to HPC [MW]. Of machines that still run: places already empty are taken first."""
    return min(planned_load, max(0, displaced_load - empty_slots * efficiency))


def hashrate(planned_load, handed_over, efficiency):
    """Installed hash rate [EH/s]. Machines whose megawatts went to HPC have left."""
    return (planned_load - handed_over) / efficiency


def resale_value(hashrate, efficiency, hosting_fee, machine_price, fleet_resale, site_resale):
    """Forced-sale value of fleet and site [USD m]. Machines by the price of new ones; no site where hosted."""
    return hashrate * TH_PER_EH * machine_price * fleet_resale / USD_PER_MILLION + (
        hashrate * efficiency * site_resale if hosting_fee <= 0 else 0
    )


def electricity_price(power_price, indexed_share, power_index, hosting_fee):
    """Electricity price [USD/MWh]. Price of a MWh that runs machines: contract and index, and the host's fee."""
    return power_price * (1 + indexed_share * (power_index - 1)) + hosting_fee


def revenue_per_mwh(hashprice, efficiency, pool_fee):
    """Mining revenue per MWh [USD/MWh]. What a MWh earns in bitcoin."""
    return hashprice * PH_PER_EH * (1 - pool_fee) / (efficiency * HOURS_PER_DAY)


def runs(revenue_per_mwh, electricity_price):
    """Fleet in operation [1]. 1 when running pays its electricity, else the fleet curtails."""
    return revenue_per_mwh > electricity_price


def realised_uptime(uptime, uptime_spread, output_shock):
    """Realised uptime [1]. Of the month: storms, repairs and the pool's luck move it."""
    return min(1, uptime * exp(uptime_spread * output_shock))


def operating_hashrate(hashrate, realised_uptime, runs, known_output):
    """Operating hash rate [EH/s].

    Hash rate that works, averaged over the month; all fleets more or less alike where bitcoin mined is known.
    """
    return hashrate * realised_uptime * runs * known_output


def energy(operating_hashrate, efficiency, days):
    """Electricity used [MWh]."""
    return operating_hashrate * efficiency * HOURS_PER_DAY * days


def power_cost(energy, electricity_price):
    """Power cost [USD m]. Electricity bought by the machines that run."""
    return energy * electricity_price / USD_PER_MILLION


def site_expense(hashrate, uptime, efficiency, days, site_cost):
    """Site operating cost [USD m]. Running cost of the site, paid whether machines run or not."""
    return hashrate * uptime * efficiency * HOURS_PER_DAY * days * site_cost / USD_PER_MILLION


def credits(hashrate, efficiency, days, power_credit):
    """Demand-response credits [USD m]. Earned on the contracted capacity."""
    return hashrate * efficiency * HOURS_PER_DAY * days * power_credit / USD_PER_MILLION
