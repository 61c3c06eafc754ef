"""The bitcoin network, second half: hash rate follows what pays, with a lag; hashprice and cost follow."""

from corpfin.engine import Constant, exp
from corpfin.lines.constants import (
    BLOCKS_PER_DAY,
    DAYS_PER_YEAR,
    HASHES_PER_DIFFICULTY,
    HOURS_PER_DAY,
    PH_PER_EH,
    SECONDS_PER_BLOCK,
    STEP,
    TH_PER_EH,
    USD_PER_MILLION,
)

opening_investment = Constant(0.0, "EH/s", "No machines on order when the projection starts")


def fleet_under_water(total_machine_online, total_machine_installed):
    """Share of the world's machines that do not pay their electricity [1]."""
    return 1 - total_machine_online / total_machine_installed


def answering_hashrate(network_hashrate_prior, response_speed, total_machine_online):
    """Hash rate after part of the gap to profitable capacity is closed; about two retargets a month [EH/s]."""
    return network_hashrate_prior + response_speed * (total_machine_online - network_hashrate_prior)


def undisturbed_hashrate(answering_hashrate, network_hashrate_prior, hashrate_response, exogenous_growth):
    """Hash rate by the model's rule: answering the price, or growing by itself [EH/s]."""
    return answering_hashrate if hashrate_response > 0 else network_hashrate_prior * (1 + exogenous_growth * STEP)


def network_hashrate(undisturbed_hashrate, hashrate_volatility, hashrate_shock, known_hashrate):
    """Mean hash rate of the network, or history where it is known [EH/s]."""
    return known_hashrate if known_hashrate > 0 else undisturbed_hashrate * exp(hashrate_volatility * hashrate_shock)


def hashprice(btc_price, network_btc, days, network_hashrate):
    """What a petahash per second earns a day [USD/PH/day]."""
    return btc_price * network_btc / (days * network_hashrate * PH_PER_EH)


def difficulty(network_hashrate):
    """Difficulty that matches the hash rate [Tdifficulty]."""
    return network_hashrate * TH_PER_EH * SECONDS_PER_BLOCK / HASHES_PER_DIFFICULTY


def machine_yield(hashprice, power_median, total_machine_new_efficiency, machine_price):
    """Yearly margin of a new machine at the median electricity price over its price [1/year].

    A machine of e J/TH burns e MW per EH/s; both sides are per EH/s.
    """
    return (
        (hashprice * PH_PER_EH - power_median * total_machine_new_efficiency * HOURS_PER_DAY)
        / (machine_price * TH_PER_EH)
        * DAYS_PER_YEAR
    )


def investment(total_machine_installed, investment_sensitivity, machine_yield, hurdle_yield):
    """Machines ordered this month, running next month, when new ones pay [EH/s]."""
    return total_machine_installed * investment_sensitivity * max(0, machine_yield - hurdle_yield)


def capacity_elasticity(total_machine_online_slope, total_machine_online):
    """Elasticity of running capacity to hashprice [1]."""
    return total_machine_online_slope / total_machine_online


def price_elasticity(capacity_elasticity):
    """Elasticity of hash rate to the bitcoin price once difficulty has followed [1].

    High when many miners stand near break-even: JPMorgan's "sensitivity".
    """
    return capacity_elasticity / (1 + capacity_elasticity)


def network_efficiency(total_machine_online_power, total_machine_online):
    """Mean efficiency of the machines that run [J/TH]."""
    return total_machine_online_power / total_machine_online


def energy_per_btc(network_hashrate, days, network_btc):
    """Hash rate times hours behind one bitcoin [EH/s*h/BTC]."""
    return network_hashrate * HOURS_PER_DAY * days / network_btc


def mean_power_cost_per_btc(energy_per_btc, network_efficiency, power_median):
    """Electricity behind one bitcoin at the mean efficiency and the median price [USD/BTC]."""
    return energy_per_btc * network_efficiency * power_median


def marginal_power_cost_per_btc(mean_power_cost_per_btc, power_spread):
    """The same for a miner whose electricity is one standard deviation above the median [USD/BTC]."""
    return mean_power_cost_per_btc * exp(power_spread)


def jpm_production_cost(network_hashrate, block_subsidy, jpm_power_price, jpm_efficiency):
    """JPMorgan's production cost as reconstructed: an electricity average, not a shutdown price [USD/BTC]."""
    return jpm_power_price * jpm_efficiency * network_hashrate * HOURS_PER_DAY / (BLOCKS_PER_DAY * block_subsidy)


def security_budget(btc_price, network_btc, days):
    """What the network pays all miners a day [USD m/day]."""
    return btc_price * network_btc / days / USD_PER_MILLION


def attack_hour_cost(security_budget):
    """Reward forgone by as much hash rate as the network's in an hour [USD m/h]."""
    return security_budget / HOURS_PER_DAY


def attack_hardware_cost(network_hashrate, machine_price):
    """Price of as many new machines as the network runs [USD m]."""
    return network_hashrate * TH_PER_EH * machine_price / USD_PER_MILLION
