"""The bitcoin network, second half: hash rate follows what pays, with a lag; hashprice and cost follow.

What machines cost follows what they earn, with a lag of its own, down to what making them costs; what is ordered is
decided at that price.
"""

from corpfin.engine import exp, log
from corpfin.lines.constants import (
    BLOCKS_PER_DAY,
    DAYS_PER_YEAR,
    DUST_HASHRATE,
    DUST_SHARE,
    HASHES_PER_DIFFICULTY,
    HOURS_PER_DAY,
    MONTHS_PER_YEAR,
    PH_PER_EH,
    SECONDS_PER_BLOCK,
    STEP,
    TH_PER_EH,
    USD_PER_MILLION,
)


def fleet_under_water(total_machine_online, total_machine_installed):
    """Share of machines under water [1]. Share of the world's machines that do not pay their electricity."""
    return 1 - total_machine_online / total_machine_installed


def capacity_elasticity(total_machine_online_slope, total_machine_online):
    """Capacity elasticity to hashprice [1]. Elasticity of running capacity to hashprice."""
    return total_machine_online_slope / max(total_machine_online, DUST_HASHRATE)


def answering_hashrate(network_hashrate_prior, response_speed, total_machine_online, capacity_elasticity):
    """Price-driven hash rate [EH/s]. Part of the log gap to profitable capacity is closed; two retargets a month.

    As hash rate moves, hashprice and so the capacity that pays move against it, by the elasticity: the step is damped
    by what the gap itself will answer, or hash rate would overshoot wherever many machines stand near break-even. Close
    to balance (1 - speed) / (1 + speed * elasticity) of a gap is left after a month, whatever the elasticity
    (linearly implicit Euler step: Rosenbrock, Computer Journal 5, 1963).
    """
    return network_hashrate_prior * exp(
        response_speed
        * log(max(total_machine_online, DUST_HASHRATE) / network_hashrate_prior)
        / (1 + response_speed * capacity_elasticity)
    )


def undisturbed_hashrate(answering_hashrate, network_hashrate_prior, hashrate_response, exogenous_growth):
    """Expected hash rate [EH/s]. By the model's rule: answering the price, or growing by itself."""
    return answering_hashrate if hashrate_response else network_hashrate_prior * (1 + exogenous_growth * STEP)


def network_hashrate(undisturbed_hashrate, hashrate_volatility, hashrate_shock, known_hashrate):
    """Network hash rate [EH/s]. Mean hash rate of the network, or history where it is known."""
    return known_hashrate if known_hashrate > 0 else undisturbed_hashrate * exp(hashrate_volatility * hashrate_shock)


def hashprice(btc_price, network_btc, days, network_hashrate):
    """Hashprice [USD/PH/day]. What a petahash per second earns a day."""
    return btc_price * network_btc / (days * network_hashrate * PH_PER_EH)


def difficulty(network_hashrate):
    """Difficulty [Tdifficulty]. The level that matches the hash rate."""
    return network_hashrate * TH_PER_EH * SECONDS_PER_BLOCK / HASHES_PER_DIFFICULTY


def new_efficiency(total_machine_on_sale_efficiency, total_machine_on_sale):
    """Efficiency of new machines [J/TH]. Of what is on sale, by its weight among orders."""
    return total_machine_on_sale_efficiency / max(total_machine_on_sale, DUST_SHARE)


def machine_margin(hashprice, power_median, new_efficiency):
    """Margin of a new machine [USD/TH/year]. Revenue less electricity at the median price, at this month's hashprice.

    A machine of e J/TH burns e MW per EH/s; both terms are per EH/s and day.
    """
    return (hashprice * PH_PER_EH - power_median * new_efficiency * HOURS_PER_DAY) / TH_PER_EH * DAYS_PER_YEAR


def payback_price(machine_margin, machine_price_payback):
    """Machine price by payback [USD/TH]. What buyers pay: the margin of as many months as the market accepts."""
    return machine_margin * (machine_price_payback / MONTHS_PER_YEAR)


def machine_cost(machine_cost_prior, machine_cost_decline):
    """Cost of making a machine [USD/TH]. At the site; no maker sells below it for long. Better chips let it fall."""
    return machine_cost_prior * exp(0 - machine_cost_decline * (STEP / MONTHS_PER_YEAR))


def machine_price(machine_price_prior, payback_price, machine_cost, machine_price_lag):
    """Machine price [USD/TH]. Follows what the machine earns with a lag, and no further down than what it costs."""
    return machine_price_prior + (max(payback_price, machine_cost) - machine_price_prior) * (STEP / machine_price_lag)


def machine_yield(machine_margin, machine_price):
    """New machine yield [1/year]. Yearly margin of a new machine over its price."""
    return machine_margin / machine_price


def investment(total_machine_installed, investment_sensitivity, machine_yield, hurdle_yield):
    """New machines ordered [EH/s]. Ordered and paid for this month, when new ones pay."""
    return total_machine_installed * investment_sensitivity * max(0, machine_yield - hurdle_yield)


def network_orders(total_machine_on_order_prior, total_machine_delivered, investment):
    """Machines on order [EH/s]. Order book of the network: paid for and not yet delivered."""
    return total_machine_on_order_prior - total_machine_delivered + investment


def price_elasticity(capacity_elasticity):
    """Hash rate elasticity to bitcoin price [1]. Once difficulty has followed.

    High when many miners stand near break-even: JPMorgan's "sensitivity".
    """
    return capacity_elasticity / (1 + capacity_elasticity)


def network_efficiency(total_machine_online_power, total_machine_online):
    """Network efficiency [J/TH]. Mean efficiency of the machines that run; 0 where none does."""
    return total_machine_online_power / max(total_machine_online, DUST_HASHRATE)


def energy_per_btc(network_hashrate, days, network_btc):
    """Hash work per bitcoin [EH/s*h/BTC]. Hash rate times hours behind one bitcoin."""
    return network_hashrate * HOURS_PER_DAY * days / network_btc


def mean_power_cost_per_btc(energy_per_btc, network_efficiency, power_median):
    """Mean power cost per bitcoin [USD/BTC].

    Electricity behind one bitcoin at the mean efficiency and the median price.
    """
    return energy_per_btc * network_efficiency * power_median


def marginal_power_cost_per_btc(mean_power_cost_per_btc, power_spread):
    """Marginal power cost per bitcoin [USD/BTC].

    As the mean, for a miner whose electricity is one standard deviation above the median.
    """
    return mean_power_cost_per_btc * exp(power_spread)


def jpm_production_cost(network_hashrate, block_subsidy, jpm_power_price, jpm_efficiency):
    """Production cost, JPMorgan method [USD/BTC]. As reconstructed: an electricity average, not a shutdown price."""
    return jpm_power_price * jpm_efficiency * network_hashrate * HOURS_PER_DAY / (BLOCKS_PER_DAY * block_subsidy)


def security_budget(btc_price, network_btc, days):
    """Security budget [USD m/day]. What the network pays all miners a day."""
    return btc_price * network_btc / days / USD_PER_MILLION


def attack_hour_cost(security_budget):
    """Cost of an hour's attack [USD m/h]. Reward forgone by as much hash rate as the network's in an hour."""
    return security_budget / HOURS_PER_DAY


def attack_hardware_cost(network_hashrate, machine_price):
    """Cost of attack hardware [USD m]. Price of as many new machines as the network runs."""
    return network_hashrate * TH_PER_EH * machine_price / USD_PER_MILLION
