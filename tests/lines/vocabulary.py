"""The units the model is written in, as pint understands them: a registry that knows these and no others.

Months, quarters and years are kinds of their own: a month is one step of the model, not a number of days, so that a
month becomes a year only through MONTHS_PER_YEAR and a day only through a line that says how. Pint's own calendar
would convert them silently.
"""

import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pint

from corpfin.engine import Graph, Line

DEFINITIONS = (
    "M- = 1e6",
    "T- = 1e12",
    "P- = 1e15",
    "E- = 1e18",
    "m = 1e6",  # USD m, m share
    "bn = 1e9",
    "USD = [money]",
    "share = [share]",
    "BTC = [bitcoin]",
    "block = [block]",
    "second = [time] = s",
    "h = 3600 * second",
    "day = 24 * h",
    "month = [month]",
    "quarter = [quarter]",
    "year = [year]",
    "J = [energy]",
    "W = J / second",
    "Wh = W * h",
    "hash = [hash] = H",
    "Hs = hash / second",
    "difficulty = [difficulty]",
)

SPELLING = {
    "USD/TH": "USD/THs",  # price of a machine per terahash a second
    "USD/TH/year": "USD/THs/year",  # earned by a terahash a second in a year
    "USD/PH/day": "USD/PHs/day",  # earned by a petahash a second in a day
}
"""Units that the trade writes shorter than they are."""


def registry() -> pint.UnitRegistry:
    """A new registry of exactly the units of the model."""
    units = pint.UnitRegistry(None)
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def known(units: pint.UnitRegistry, text: str) -> bool:
    """Whether a unit text of a docstring, an input or a constant is in the vocabulary."""
    try:
        units.Unit(SPELLING.get(text, text))
    except (pint.errors.PintError, ValueError):
        return False
    return bool(text)


def with_zeros_that_fit(graph: Graph, units: pint.UnitRegistry) -> Graph:
    """The graph with ``max`` and ``min`` that give a bare 0 among quantities their unit: 0 MW is 0 of anything.

    Pint's comparison accepts the 0 in ``max(0, power)`` but returns it bare, and the product it stands in loses a unit.
    """
    fitting = {"max": _fitting(max, units), "min": _fitting(min, units)}

    def fit(line: Line) -> Line:
        function = line.function
        if not isinstance(function, types.FunctionType):
            return line
        return replace(line, function=types.FunctionType(function.__code__, {**function.__globals__, **fitting}))

    return replace(graph, lines=tuple(map(fit, graph.lines)), openings=tuple(map(fit, graph.openings)))


def _fitting(pick: Callable[..., Any], units: pint.UnitRegistry) -> Callable[..., Any]:
    def fitting(*values: Any) -> Any:
        unit = next((value.units for value in values if isinstance(value, pint.Quantity)), None)
        if unit is None:
            return pick(*values)
        return pick(
            *(value if isinstance(value, pint.Quantity) or value else units.Quantity(0.0, unit) for value in values)
        )

    return fitting
