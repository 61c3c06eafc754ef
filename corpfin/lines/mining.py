"""Mining fleets: hash rate, the decision to run, bitcoin mined and what it costs."""

from corpfin.engine import Constant, exp
from corpfin.lines.constants import (
    DUST_MW,
    HOURS_PER_DAY,
    NEVER_MONTH,
    PH_PER_EH,
    STEP,
    TH_PER_EH,
    USD_PER_MILLION,
)

EACH = "fleet"

opening_machines_ordered = Constant(0.0, "EH/s", "No machines on order when the projection starts")


def opening_planned_hashrate(opening_hashrate):
    """Planned hash rate at start [EH/s]. The installed hash rate."""
    return opening_hashrate


def opening_planned_load(opening_hashrate, efficiency):
    """Planned load at start [MW]. Load of the fleet at the start when everything runs."""
    return opening_hashrate * efficiency


def machines_arrived(machines_ordered_prior, growth_share_prior):
    """Machines delivered [EH/s]. Those ordered last month, as far as they were paid for."""
    return machines_ordered_prior * growth_share_prior


def machines_removed(target_hashrate, target_month, planned_hashrate_prior, month_number):
    """Machines removed [EH/s]. Taken down on the way to a lower guided hash rate, at an even pace."""
    return (
        max(0, planned_hashrate_prior - target_hashrate) * STEP / max(STEP, target_month - month_number + STEP)
        if target_month < NEVER_MONTH
        else 0
    )


def planned_hashrate(planned_hashrate_prior, machines_arrived, machines_removed):
    """Planned hash rate [EH/s]. Hash rate of the fleet before megawatts are handed to HPC."""
    return planned_hashrate_prior + machines_arrived - machines_removed


def machines_ordered(target_hashrate, target_month, planned_hashrate, month_number, defaulted_prior):
    """Machines ordered [EH/s].

    They run from next month, as far as spare cash pays for them: an even pace to the guided rate.
    """
    return (
        max(0, target_hashrate - planned_hashrate) * STEP / max(STEP, target_month - month_number)
        if target_month < NEVER_MONTH and not defaulted_prior
        else 0
    )


def growth_capex(machines_ordered, capex_per_th):
    """Growth capex [USD m]. New machines, paid when ordered."""
    return machines_ordered * TH_PER_EH * capex_per_th / USD_PER_MILLION


def planned_load(planned_hashrate, efficiency):
    """Planned load [MW]. Load of the planned hash rate when everything runs."""
    return planned_hashrate * efficiency


def handed_over(total_hpc_displaced_mw, planned_load_prior, total_fleet_planned_load_prior, planned_load):
    """Load handed to HPC [MW]. All fleets in proportion to their load of last month."""
    return (
        min(planned_load, total_hpc_displaced_mw * planned_load_prior / total_fleet_planned_load_prior)
        if total_fleet_planned_load_prior > DUST_MW
        else 0
    )


def hashrate(planned_load, handed_over, efficiency):
    """Installed hash rate [EH/s]. Machines whose megawatts went to HPC have left."""
    return (planned_load - handed_over) / efficiency


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


def btc_mined(network_btc, operating_hashrate, network_hashrate, pool_fee):
    """Bitcoin mined [BTC]. The fleet's share of what the network pays, less the pool's fee."""
    return network_btc * operating_hashrate / network_hashrate * (1 - pool_fee)
