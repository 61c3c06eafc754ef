"""Mining fleets: hash rate, the decision to run, bitcoin mined and what it costs."""

from corpfin.engine import Constant
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
    """Installed hash rate at the start [EH/s]."""
    return opening_hashrate


def opening_planned_load(opening_hashrate, efficiency):
    """Load of the fleet at the start when everything runs [MW]."""
    return opening_hashrate * efficiency


def machines_arrived(machines_ordered_prior, growth_share_prior):
    """Machines ordered last month, as far as they were paid for [EH/s]."""
    return machines_ordered_prior * growth_share_prior


def machines_removed(target_hashrate, target_month, planned_hashrate_prior, month_number):
    """Machines taken down on the way to a lower guided hash rate, at an even pace [EH/s]."""
    return (
        max(0, planned_hashrate_prior - target_hashrate) * STEP / max(STEP, target_month - month_number + STEP)
        if target_month < NEVER_MONTH
        else 0
    )


def planned_hashrate(planned_hashrate_prior, machines_arrived, machines_removed):
    """Hash rate of the fleet before megawatts are handed to HPC [EH/s]."""
    return planned_hashrate_prior + machines_arrived - machines_removed


def machines_ordered(target_hashrate, target_month, planned_hashrate, month_number, defaulted_prior):
    """Machines that run from next month, as far as spare cash pays for them: an even pace to the guided rate [EH/s]."""
    return (
        max(0, target_hashrate - planned_hashrate) * STEP / max(STEP, target_month - month_number)
        if target_month < NEVER_MONTH and defaulted_prior <= 0
        else 0
    )


def growth_capex(machines_ordered, capex_per_th):
    """New machines, paid when ordered [USD m]."""
    return machines_ordered * TH_PER_EH * capex_per_th / USD_PER_MILLION


def planned_load(planned_hashrate, efficiency):
    """Its load when everything runs [MW]."""
    return planned_hashrate * efficiency


def handed_over(total_hpc_displaced_mw, planned_load_prior, total_fleet_planned_load_prior, planned_load):
    """Megawatts of the fleet handed to HPC, all fleets in proportion to their load of last month [MW]."""
    return (
        min(planned_load, total_hpc_displaced_mw * planned_load_prior / total_fleet_planned_load_prior)
        if total_fleet_planned_load_prior > DUST_MW
        else 0
    )


def hashrate(planned_load, handed_over, efficiency):
    """Installed hash rate: machines whose megawatts went to HPC have left [EH/s]."""
    return (planned_load - handed_over) / efficiency


def electricity_price(power_price, indexed_share, power_index, hosting_fee):
    """Price of a MWh that runs machines: contract and index, and the host's fee [USD/MWh]."""
    return power_price * (1 + indexed_share * (power_index - 1)) + hosting_fee


def revenue_per_mwh(hashprice, efficiency, pool_fee):
    """What a MWh earns in bitcoin [USD/MWh]."""
    return hashprice * PH_PER_EH * (1 - pool_fee) / (efficiency * HOURS_PER_DAY)


def runs(revenue_per_mwh, electricity_price):
    """1 when running pays its electricity, else the fleet curtails [1]."""
    return 1 if revenue_per_mwh > electricity_price else 0


def operating_hashrate(hashrate, uptime, runs):
    """Hash rate that works, averaged over the month [EH/s]."""
    return hashrate * uptime * runs


def energy(operating_hashrate, efficiency, days):
    """Electricity used [MWh]."""
    return operating_hashrate * efficiency * HOURS_PER_DAY * days


def power_cost(energy, electricity_price):
    """Electricity bought by the machines that run [USD m]."""
    return energy * electricity_price / USD_PER_MILLION


def site_expense(hashrate, uptime, efficiency, days, site_cost):
    """Running cost of the site, paid whether machines run or not [USD m]."""
    return hashrate * uptime * efficiency * HOURS_PER_DAY * days * site_cost / USD_PER_MILLION


def credits(hashrate, efficiency, days, power_credit):
    """Demand-response credits on the contracted capacity [USD m]."""
    return hashrate * efficiency * HOURS_PER_DAY * days * power_credit / USD_PER_MILLION


def btc_mined(network_btc, operating_hashrate, network_hashrate, pool_fee):
    """Bitcoin mined: the fleet's share of what the network pays, less the pool's fee [BTC]."""
    return network_btc * operating_hashrate / network_hashrate * (1 - pool_fee)
