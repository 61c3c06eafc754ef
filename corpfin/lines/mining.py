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

opening_planned_change = Constant(0.0, "EH/s", "No machines on the way when the projection starts")


def opening_planned_hashrate(opening_hashrate):
    """Installed hash rate at the start [EH/s]."""
    return opening_hashrate


def opening_load(opening_hashrate, efficiency):
    """Load of the fleet at the start when everything runs [MW]."""
    return opening_hashrate * efficiency


def steps_to_target(target_month, month_number):
    """Months left to the guided hash rate, this one counted [month]."""
    return max(STEP, target_month - month_number + STEP)


def planned_change(target_hashrate, target_month, planned_hashrate_prior, steps_to_target, growth_open_prior):
    """Change towards the guided hash rate; growth waits while money is short, shrinking does not [EH/s]."""
    return (
        (target_hashrate - planned_hashrate_prior) * STEP / steps_to_target
        if target_month < NEVER_MONTH and (growth_open_prior > 0 or target_hashrate < planned_hashrate_prior)
        else 0
    )


def machines_returned(planned_change_prior, optional_share_prior):
    """Machines of last month that could not be paid and go back [EH/s]."""
    return max(0, planned_change_prior) * (1 - optional_share_prior)


def planned_hashrate(planned_hashrate_prior, planned_change, machines_returned):
    """Hash rate of the fleet before megawatts are handed to HPC [EH/s]."""
    return planned_hashrate_prior + planned_change - machines_returned


def growth_capex(planned_change, capex_per_th):
    """New machines [USD m]."""
    return max(0, planned_change) * TH_PER_EH * capex_per_th / USD_PER_MILLION


def handed_over(total_hpc_displaced_mw, opening_load, total_fleet_opening_load):
    """Megawatts of the fleet handed to HPC, all fleets in proportion to their load at the start [MW]."""
    return total_hpc_displaced_mw * opening_load / total_fleet_opening_load if total_fleet_opening_load > DUST_MW else 0


def hashrate(planned_hashrate, handed_over, efficiency):
    """Installed hash rate: machines whose megawatts went to HPC have left [EH/s]."""
    return max(0, planned_hashrate - handed_over / efficiency)


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
