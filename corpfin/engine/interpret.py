"""Plain evaluation of a graph: the very functions of the model, called month by month on floats. The oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpfin.engine.data import Array, Data, DataError, Draws, check_draws
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.parts import Line, Ref, opening_name

Cell = tuple[str, str, str, int]


class EvaluationError(ModelError):
    """A line has no value for the figures it was given; the message shows them."""


@dataclass(frozen=True)
class Openings:
    """Values before month 1: `openings["opening_cash"]` is a scalar, `openings["debt", "opening_balance"]` is [K]."""

    data: Data
    values: Mapping[tuple[str, str], Array]

    def __getitem__(self, key: str | tuple[str, str]) -> Array:
        return self.values[("", key) if isinstance(key, str) else key]


@dataclass(frozen=True)
class Values:
    """One interpreted path. `values["cash"]` has shape [M], `values["debt", "interest"]` has shape [K, M]."""

    data: Data
    openings: Openings
    draws: Draws
    rows: Mapping[tuple[str, str], Array]

    def __getitem__(self, key: str | tuple[str, str]) -> Array:
        return self.rows[("", key) if isinstance(key, str) else key]


def openings(graph: Graph, data: Data, above: Openings | None = None) -> Openings:
    """Everything known before month 1: base values of inputs, opening constants, opening lines and their totals.

    Raises DataError for missing figures and EvaluationError for an opening line without a value.
    """
    data.check(graph)
    _check_above(graph, data, above.data if above else None)
    values: dict[tuple[str, str], Array] = {}
    for given in graph.given:
        if given.kind == "input":
            values[given.scope, given.name] = (
                data.openings[given.scope][given.name] if data.count(given.scope) else np.zeros(0)
            )
    for (scope, name), constant in graph.opening_constants.items():
        values[scope, name] = np.full(data.shape(scope), float(constant))
    for line in graph.openings:
        found = []
        for k in range(data.count(line.scope)):
            if line.kind == "opening" and line.function is None:
                arguments = [float(value) for value in values[line.summed]]
            else:
                arguments = [
                    float(above[ref.name]) if ref.kind == "above_opening" and above
                    else float(values[ref.scope, ref.name][k] if ref.scope else values["", ref.name])
                    for ref in line.parameters
                ]  # fmt: skip
            found.append(_call(line, arguments, data, k, "before month 1"))
        values[line.scope, line.name] = np.array(found if line.scope else found[0], dtype=np.float64)
    return Openings(data, values)


def interpret(graph: Graph, data: Data, draws: Draws | None = None, above: Values | None = None) -> Values:
    """Evaluate one path of M months.

    `draws[scope][name]` has shape [M] (static draws: scalar), or [K, M] ([K]) for a block. `above` holds the values of
    the graph above on the same path. Raises DataError for figures or draws that do not fit, EvaluationError for a line
    that divides by zero, overflows or leaves the domain of a function.
    """
    draws = draws or {}
    known = openings(graph, data, above.openings if above else None)
    check_draws(graph, data, draws)
    return _Run(graph, data, draws, known, above).values()


class _Run:
    """The cells of one path: one number per line and instance, and one per given, prior and opening that is read."""

    def __init__(self, graph: Graph, data: Data, draws: Draws, known: Openings, above: Values | None) -> None:
        self.graph, self.data, self.draws, self.known, self.above = graph, data, draws, known, above
        self.slots: dict[Cell, int] = {}
        self.steps = [
            (line, k, self.slot(Ref("line", line.scope, line.name), k), self.arguments(line, k))
            for line in graph.lines
            for k in range(data.count(line.scope))
        ]

    def slot(self, ref: Ref, k: int) -> int:
        return self.slots.setdefault((ref.kind, ref.scope, ref.name, k if ref.scope else 0), len(self.slots))

    def arguments(self, line: Line, k: int) -> list[int]:
        if line.kind == "total":
            return [self.slot(line.parameters[0], i) for i in range(self.data.count(line.summed[0]))]
        return [self.slot(ref, k) for ref in line.parameters]

    def values(self) -> Values:
        data, months = self.data, self.data.months
        fixed = {slot: row for cell, slot in self.slots.items() if (row := self.row(*cell)) is not None}
        priors = [
            (slot, self.slots["line", scope, name, k], float(self.opening(scope, name, k)))
            for (kind, scope, name, k), slot in self.slots.items()
            if kind == "prior"
        ]
        cells = [0.0] * len(self.slots)
        history = np.empty((len(self.slots), months))
        for month in range(months):
            for slot, row in fixed.items():
                cells[slot] = row[month]
            for slot, source, first in priors:
                cells[slot] = cells[source] if month else first
            for line, k, target, arguments in self.steps:
                cells[target] = _call(line, [cells[i] for i in arguments], data, k, f"month {month + 1}")
            history[:, month] = cells
        rows = {}
        for line in self.graph.lines:
            own = [self.slots["line", line.scope, line.name, k] for k in range(data.count(line.scope))]
            rows[line.scope, line.name] = history[own] if line.scope else history[own[0]]
        return Values(data, self.known, self.draws, rows)

    def opening(self, scope: str, name: str, k: int) -> float:
        value = self.known[scope, opening_name(name, self.graph.blocks)]
        return float(value[k] if scope else value)

    def row(self, kind: str, scope: str, name: str, k: int) -> Sequence[float] | None:
        """The months of a cell whose values are known in advance; None for lines and priors."""
        months, above = self.data.months, self.above
        if kind == "given":
            return given_months(self.graph, self.data, self.draws, scope, name, k)
        if kind == "opening":
            value = self.known[scope, name]
            return [float(value[k] if scope else value)] * months
        if above is None or not kind.startswith("above") or self.graph.above is None:
            return None
        if kind == "above_given":
            return given_months(self.graph.above, above.data, above.draws, "", name, 0)
        if kind == "above_opening":
            return [float(above.openings[name])] * months
        row: list[float] = above[name].tolist()
        if kind == "above":
            return row
        return [float(above.openings[opening_name(name, self.graph.above.blocks)]), *row[:-1]]


def given_months(graph: Graph, data: Data, draws: Draws, scope: str, name: str, k: int) -> list[float]:
    """One instance's given as M floats, whatever its kind."""
    kind = graph.given_by_key[scope, name].kind
    if kind == "series":
        return list(data.series[name].tolist())
    figures = np.asarray(data.inputs[scope][name] if kind == "input" else draws[scope][name], dtype=np.float64)
    figures = figures[k] if scope else figures
    return list(np.broadcast_to(figures, (data.months,)).tolist())


def _check_above(graph: Graph, data: Data, above: Data | None) -> None:
    if graph.above and above is None:
        raise DataError(f"graph {graph.name} reads {graph.above.name}; run that first and pass its result as above")
    if above and above.months != data.months:
        raise DataError(f"graph {graph.name} has {data.months} months and the graph above it {above.months}")


def _call(line: Line, arguments: list[float], data: Data, k: int, when: str) -> float:
    if line.function is None or line.expression is None:
        total = 0.0
        for value in arguments:
            total += value
        return total
    try:
        value = line.function(*arguments)
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        shown = ", ".join(f"{name} = {x!r}" for name, x in zip(line.expression.names, arguments, strict=True))
        who = f" of {line.scope} {data.instances[line.scope][k]}" if line.scope else ""
        raise EvaluationError(f"{line.place}{who}, {when}: {error} with {shown}") from error
    if line.expression.is_flag:
        return 1.0 if value else 0.0
    return float(value)
