"""The world's machines by class: who is under water, what is scrapped, bought and turned to AI.

Electricity prices across miners are taken as lognormal, so the share of a class that pays its power is a normal
distribution function in closed form: Cambridge's 2025 survey gives the median, the spread is an estimate.
"""

from corpfin.engine import exp, log, norm_cdf
from corpfin.lines.constants import HALF, HOURS_PER_DAY, INVERSE_SQRT_TWO_PI, PH_PER_EH, STEP

EACH = "machine"


def opening_installed(installed_capacity, capacity_share):
    """Installed machines of the class at the start [EH/s]."""
    return installed_capacity * capacity_share


def machine_breakeven(prospective_hashprice, machine_efficiency):
    """Electricity price at which the class earns nothing [USD/MWh]."""
    return prospective_hashprice * PH_PER_EH / (machine_efficiency * HOURS_PER_DAY)


def power_score(machine_breakeven, power_median, power_spread):
    """Break-even price in standard deviations from the median miner's [1]."""
    return log(machine_breakeven / power_median) / power_spread


def running_share(power_score):
    """Share of the class that pays its electricity [1]."""
    return norm_cdf(power_score)


def installed(installed_prior, retirement, conversion, investment_share, investment_prior):
    """Installed machines: scrapped with age, unplugged for AI, added a month after they were ordered [EH/s]."""
    return installed_prior * (1 - (retirement + conversion) * STEP) + investment_share * investment_prior


def online(installed, running_share):
    """Machines of the class that would run at this month's price [EH/s]."""
    return installed * running_share


def online_power(online, machine_efficiency):
    """Load of the machines that would run [MW]."""
    return online * machine_efficiency


def online_slope(installed, power_score, power_spread):
    """Change of the capacity that runs per log change of hashprice [EH/s]."""
    return installed * exp(0 - HALF * power_score * power_score) * INVERSE_SQRT_TWO_PI / power_spread


def new_efficiency(machine_efficiency, investment_share):
    """Contribution of the class to the efficiency of new machines [J/TH]."""
    return machine_efficiency * investment_share
