"""What sales beyond the usual do to the price of bitcoin, and dumped machines to that of machines.

Square-root law: a programme of size Q moves the price by Y * sigma * sqrt(Q / V), whatever its length (Donier and
Bonart, one million bitcoin metaorders, 2015). Impact of flow that knows nothing fades; part is taken to last. Where a
price move per dollar of flow is stated too, the larger of the two counts.
"""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import DUST, HALF, LOG_TWO, STEP, USD_M_PER_BILLION

opening_lasting_impact = Constant(0.0, "1", "The price at the start knows what was sold before")
opening_fading_impact = Constant(0.0, "1", "The price at the start knows what was sold before")
opening_impact_level = Constant(0.0, "1", "The price at the start knows what was sold before")
opening_dumping_discount = Constant(0.0, "1", "The price of machines at the start knows what was dumped before")
opening_conversion_shift = Constant(0.0, "1/month", "The world's rate holds when the projection starts")


def impact_by_root(excess_value, impact_coefficient, daily_volatility, daily_volume):
    """Impact by the square-root law [1]. Log fall of the price that this month's sales beyond the usual make."""
    return (
        impact_coefficient * daily_volatility * exp(HALF * log(excess_value / daily_volume))
        if excess_value > DUST
        else 0
    )


def impact_by_flow(excess_value, flow_beta):
    """Impact by flow [1]. In proportion to the flow: an upper bound, from flows into funds."""
    return flow_beta * excess_value / USD_M_PER_BILLION


def impact(impact_by_root, impact_by_flow):
    """Impact of the month [1]. Log fall of the price, met by everybody from next month."""
    return max(impact_by_root, impact_by_flow)


def lasting_impact(lasting_impact_prior, impact, lasting_share):
    """Lasting impact [1]. The part that stays."""
    return lasting_impact_prior + lasting_share * impact


def fading_impact(fading_impact_prior, impact, lasting_share, impact_half_life, days):
    """Fading impact [1]. The part that goes, by halves; that of this month is whole at its end."""
    return fading_impact_prior * exp(0 - LOG_TWO * days / impact_half_life) + (1 - lasting_share) * impact


def impact_level(lasting_impact, fading_impact):
    """Sector's weight on the price [1]. Log of the price without the sector's sales over that with them."""
    return lasting_impact + fading_impact


def dumping_discount(dumped, total_machine_installed, machine_absorption, forced_sale_discount):
    """Dumping discount [1]. Of the machine price, in full where as much is dumped as the world takes in a month."""
    return forced_sale_discount * min(1, dumped / (machine_absorption * STEP * total_machine_installed))


def conversion_shift(
    left_fleets, listed_share, total_machine_expected_converted, total_machine_installed, listed_switching
):
    """Shift of the conversion rate [1/month].

    What left listed fleets less their part of what the world's rate expects, over the world's machines.
    """
    return (
        listed_switching
        * (left_fleets - listed_share * total_machine_expected_converted)
        / (total_machine_installed * STEP)
    )
