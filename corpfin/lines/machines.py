"""The world's machines by class: who is under water, what is scrapped, bought and turned to AI.

Electricity prices across miners are taken as lognormal, so the share of a class that pays its power is a normal
distribution function in closed form: Cambridge's 2025 survey gives the median, the spread is an estimate.
"""

from corpfin.engine import exp, log, norm_cdf
from corpfin.lines.constants import HALF, HASHPRICE_UNIT, HOURS_PER_DAY, INVERSE_SQRT_TWO_PI, PH_PER_EH, STEP

EACH = "machine"


def opening_installed(installed_capacity, capacity_share):
    """Installed machines at start [EH/s]. Machines of the class at the start."""
    return installed_capacity * capacity_share


def machine_breakeven(prospective_hashprice, machine_efficiency):
    """Break-even electricity price [USD/MWh]. Price at which the class earns nothing."""
    return prospective_hashprice * PH_PER_EH / (machine_efficiency * HOURS_PER_DAY)


def median_breakeven(machine_efficiency, power_median):
    """Median miner's break-even hashprice [USD/PH/day]. At which the class just pays the median price of power."""
    return machine_efficiency * HOURS_PER_DAY * power_median / PH_PER_EH


def power_score(log_hashprice, median_breakeven, power_spread):
    """Break-even price score [1]. Break-even price in standard deviations from the median miner's."""
    return (log_hashprice - log(median_breakeven / HASHPRICE_UNIT)) / power_spread


def running_share(power_score):
    """Share of machines running [1]. Share of the class that pays its electricity."""
    return norm_cdf(power_score)


def installed(installed_prior, retirement, conversion, investment_share, investment_prior):
    """Installed machines [EH/s]. Scrapped with age, unplugged for AI, added a month after they were ordered."""
    return installed_prior * (1 - (retirement + conversion) * STEP) + investment_share * investment_prior


def online(installed, running_share):
    """Machines running [EH/s]. Machines of the class that would run at this month's price."""
    return installed * running_share


def online_power(online, machine_efficiency):
    """Load of machines running [MW]. Load of the machines that would run."""
    return online * machine_efficiency


def online_slope(installed, power_score, power_spread):
    """Hashprice sensitivity of capacity [EH/s]. Change of the capacity that runs per log change of hashprice."""
    return installed * exp(0 - HALF * power_score * power_score) * (INVERSE_SQRT_TWO_PI / power_spread)


def new_efficiency(machine_efficiency, investment_share):
    """Efficiency of new machines [J/TH]. Contribution of the class to the efficiency of new machines."""
    return machine_efficiency * investment_share
