# ruff: noqa: N801, N805
"""The unit check passes the toys and notices what it is for."""

import pint

from corpfin.engine import Constant, Given, Graph
from tests.engine import toys
from tests.engine.units import unit_problems

REGISTRY = pint.UnitRegistry()
REGISTRY.define("EUR = [money]")
SPELLING = {"-": "", "flag": ""}
HOURS = Constant(24.0, "hour/day", "Hours in a day")
HOURS_UNITLESS = Constant(24.0, "-", "Hours in a day, its unit forgotten")


def monthly_toys():
    """The firm, with rates a year and interest a month: the graph says EUR where the formula gives EUR a month."""
    return tuple(toys.firm_model().values())


def problems(module, *given):
    return unit_problems(Graph.build("toy", [module], given), REGISTRY, SPELLING)


POWER, DAYS = Given("power", "MW", "input"), Given("days", "day", "input")


def test_lines_of_the_economy_fit():
    assert unit_problems(monthly_toys()[0], REGISTRY, SPELLING) == []


def test_amount_for_a_month_is_noticed_as_a_rate():
    found = unit_problems(monthly_toys()[1], REGISTRY, SPELLING)
    assert len(found) == 1
    assert "line interest" in found[0]
    assert "units do not fit" in found[0]


def test_right_line_passes():
    class right:
        def energy(power, days):
            """Energy [MWh]."""
            return power * days * HOURS if days > 0 else 0

    assert problems(right, POWER, DAYS) == []


def test_megawatt_for_megawatt_hour_is_noticed():
    class wrong:
        def energy(power, days):
            """Energy [MW]."""
            return power * days * HOURS

    assert "units do not fit" in problems(wrong, POWER, DAYS)[0]


def test_missing_factor_is_noticed():
    class wrong:
        def energy(power, days):
            """Energy [MWh]."""
            return power * days

    assert "a factor is missing" in problems(wrong, POWER, DAYS)[0]


def test_constant_without_its_unit_is_noticed():
    class wrong:
        def energy(power, days):
            """Energy [MWh]."""
            return power * days * HOURS_UNITLESS

    assert "a factor is missing" in problems(wrong, POWER, DAYS)[0]


def test_comparison_of_unlike_things_is_noticed():
    class wrong:
        def is_long(power, days):
            """Whether it lasts [flag]."""
            return days > power

    assert "units do not fit" in problems(wrong, POWER, DAYS)[0]


def test_unknown_unit_is_reported():
    class wrong:
        def energy(power):
            """Energy [quux]."""
            return power

    assert "pint does not know" in problems(wrong, POWER)[0]
