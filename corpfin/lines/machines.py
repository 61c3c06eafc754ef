"""The world's machines by class: who is under water, what is scrapped, delivered and turned to AI.

Electricity prices across miners are taken as lognormal, so the share of a class that pays its power is a normal
distribution function in closed form: Cambridge's 2025 survey gives the median, the spread is an estimate.
"""

from corpfin.engine import exp, log, norm_cdf
from corpfin.lines.constants import (
    HALF,
    HASHPRICE_UNIT,
    HOURS_PER_DAY,
    INVERSE_SQRT_TWO_PI,
    MONTHS_PER_YEAR,
    PH_PER_EH,
    STEP,
)

EACH = "machine"


def opening_installed(installed_capacity, capacity_share):
    """Installed machines at start [EH/s]. Machines of the class at the start."""
    return installed_capacity * capacity_share


def class_efficiency(machine_efficiency, efficiency_progress, first_sale_month):
    """Efficiency of the class [J/TH]. A class not yet on sale betters the best of the start by the years until it is.

    What the next machines will need is not known; that they need less by a rate is what every generation has shown.
    """
    return machine_efficiency * exp(0 - efficiency_progress * max(0, first_sale_month) / MONTHS_PER_YEAR)


def machine_breakeven(prospective_hashprice, class_efficiency):
    """Break-even electricity price [USD/MWh]. Price at which the class earns nothing."""
    return prospective_hashprice * PH_PER_EH / (class_efficiency * HOURS_PER_DAY)


def median_breakeven(class_efficiency, power_median):
    """Median miner's break-even hashprice [USD/PH/day]. At which the class just pays the median price of power."""
    return class_efficiency * HOURS_PER_DAY * power_median / PH_PER_EH


def power_score(log_hashprice, median_breakeven, power_spread):
    """Break-even price score [1]. Break-even price in standard deviations from the median miner's."""
    return (log_hashprice - log(median_breakeven / HASHPRICE_UNIT)) / power_spread


def running_share(power_score):
    """Share of machines running [1]. Share of the class that pays its electricity."""
    return norm_cdf(power_score)


def delivered(on_order_prior, delivery_months):
    """Machines delivered [EH/s]. Paid for when ordered, so they come whatever the price is by then.

    A book of which every month the same share arrives: from order to delivery it takes delivery_months on average.
    """
    return on_order_prior * (STEP / delivery_months)


def installed(installed_prior, retirement, conversion, delivered):
    """Installed machines [EH/s]. Scrapped with age, unplugged for AI, added when delivered."""
    return installed_prior * (1 - (retirement + conversion) * STEP) + delivered


def online(installed, running_share):
    """Machines running [EH/s]. Machines of the class that would run at this month's price."""
    return installed * running_share


def online_power(online, class_efficiency):
    """Load of machines running [MW]. Load of the machines that would run."""
    return online * class_efficiency


def online_slope(installed, power_score, power_spread):
    """Hashprice sensitivity of capacity [EH/s]. Change of the capacity that runs per log change of hashprice."""
    return installed * exp(0 - HALF * power_score * power_score) * (INVERSE_SQRT_TWO_PI / power_spread)


def on_sale(investment_share, first_sale_month, last_sale_month, month_number):
    """Weight among new orders [1]. The share of the class while it is sold; orders go to what is then on sale."""
    return investment_share if month_number >= first_sale_month and month_number <= last_sale_month else 0


def on_sale_efficiency(class_efficiency, on_sale):
    """Weighted efficiency of what is on sale [J/TH]. Contribution of the class to the efficiency of new machines."""
    return class_efficiency * on_sale
