"""Every line of market and company, called with quantities instead of numbers, gives the unit its docstring states."""

import types
from dataclasses import replace
from functools import partial

import pint
import pytest

from corpfin.engine import Constant, Graph, Line
from corpfin.lines import constants
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.together import graphs_together
from tests.engine.units import unit_problems
from tests.lines.vocabulary import SPELLING, known, registry, with_zeros_that_fit

REGISTRY = registry()
GRAPHS = {name: partial(graphs_together().__getitem__, name) for name in graphs_together()}
CONVERSIONS = (
    "USD_PER_MILLION",
    "PH_PER_EH",
    "TH_PER_EH",
    "HOURS_PER_DAY",
    "DAYS_PER_YEAR",
    "MONTHS_PER_YEAR",
    "STEPS_PER_YEAR",
    "STEPS_PER_QUARTER",
)


def problems(graph: Graph) -> list[str]:
    return unit_problems(with_zeros_that_fit(graph, REGISTRY), REGISTRY, SPELLING)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_line_gives_the_unit_it_states(name: str) -> None:
    assert problems(GRAPHS[name]()) == []


@pytest.mark.parametrize("name", GRAPHS)
def test_every_input_and_draw_has_a_known_unit(name: str) -> None:
    assert [given for given in GRAPHS[name]().given if not known(REGISTRY, given.unit)] == []


def test_every_constant_has_a_known_unit() -> None:
    found = [value for value in vars(constants).values() if isinstance(value, Constant)]
    assert len(found) > 20
    assert [value.meaning for value in found if not known(REGISTRY, value.unit)] == []


@pytest.mark.parametrize("unit", ["", "USDm", "metre", "MWH", "EUR", "1/fortnight"])
def test_anything_else_is_not_known(unit: str) -> None:
    assert not known(REGISTRY, unit)


# The registry itself


def quantity(value: float, unit: str) -> pint.Quantity:
    return REGISTRY.Quantity(value, SPELLING.get(unit, unit))


def test_hash_rate_times_efficiency_is_power_exactly() -> None:
    assert (quantity(7.0, "EH/s") * quantity(19.0, "J/TH")).to("MW").magnitude == 133.0


def test_hashprice_over_efficiency_is_a_price_of_power() -> None:
    earned = quantity(30.0, "USD/PH/day") / quantity(20.0, "J/TH")
    assert earned.to("USD/MWh").magnitude == pytest.approx(30.0 * 1000 / (20.0 * 24))


@pytest.mark.parametrize(("one", "other"), [("month", "day"), ("month", "year"), ("quarter", "month"), ("year", "day")])
def test_calendar_units_do_not_convert_by_themselves(one: str, other: str) -> None:
    with pytest.raises(pint.DimensionalityError):
        quantity(1.0, one).to(other)


# The check notices what it is for


def users(graph: Graph, constant: str) -> list[Line]:
    """The lines and opening lines that use a constant."""
    lines = (*graph.openings, *graph.lines)
    return [line for line in lines if line.expression and constant in line.expression.constants]


def with_constant(graph: Graph, name: str, value: float) -> Graph:
    """The graph with another number for a constant, wherever it is used."""

    def change(line: Line) -> Line:
        if not isinstance(line.function, types.FunctionType) or name not in line.function.__globals__:
            return line
        function = types.FunctionType(line.function.__code__, {**line.function.__globals__, name: value})
        return replace(line, function=function)

    return replace(graph, lines=tuple(map(change, graph.lines)), openings=tuple(map(change, graph.openings)))


@pytest.mark.parametrize("name", CONVERSIONS)
def test_conversion_left_out_of_any_line_is_caught(name: str) -> None:
    caught, using = [], []
    for graph in (market_graph(), company_graph()):
        using += users(graph, name)
        caught += problems(with_constant(graph, name, 1.0))
    assert using
    assert [line.name for line in using] == [problem.split(",")[0].removeprefix("line ") for problem in caught]


@pytest.mark.parametrize("name", CONVERSIONS)
def test_conversion_that_loses_its_unit_is_caught(name: str) -> None:
    bare = Constant(float(getattr(constants, name)), "1", "its unit forgotten")
    caught = [problem for build in GRAPHS.values() for problem in problems(with_constant(build(), name, bare))]
    assert len(caught) == sum(len(users(build(), name)) for build in GRAPHS.values())


def test_megawatts_for_megawatt_hours_are_caught() -> None:
    graph = company_graph()
    energy = replace(graph.by_key["fleet", "energy"], unit="MW")
    wrong = replace(graph, lines=tuple(energy if line.name == "energy" else line for line in graph.lines))
    found = problems(wrong)
    assert any(problem.startswith("line energy,") and "units do not fit" in problem for problem in found)
    assert any(problem.startswith("line power_cost,") for problem in found)
