"""Plain evaluation of a graph: the very functions of the model, called month by month on floats. The oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

import numpy as np

from corpfin.engine.data import Array, Data, DataError, Draws, check_draws
from corpfin.engine.drive import drive
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.parts import Line, Ref


class EvaluationError(ModelError):
    """A line has no value for the figures it was given; the message shows them."""


@dataclass(frozen=True)
class Openings:
    """Values before month 1: `openings["opening_cash"]` is a scalar, `openings["debt", "opening_balance"]` is [K]."""

    graph: Graph
    data: Data
    values: Mapping[tuple[str, str], Array]

    def __getitem__(self, key: str | tuple[str, str]) -> Array:
        return self.values[("", key) if isinstance(key, str) else key]

    def first(self, scope: str, name: str, k: int) -> float:
        """The value before month 1 of a line of instance `k`."""
        value = self.values[scope, self.graph.opening_name(name)]
        return float(value[k] if scope else value)


@dataclass(frozen=True)
class Values:
    """One interpreted path. `values["cash"]` has shape [M], `values["debt", "interest"]` has shape [K, M]."""

    openings: Openings
    draws: Draws
    rows: Mapping[tuple[str, str], Array]

    @property
    def graph(self) -> Graph:
        """The graph that was run."""
        return self.openings.graph

    @property
    def data(self) -> Data:
        """The figures it was run on."""
        return self.openings.data

    def __getitem__(self, key: str | tuple[str, str]) -> Array:
        return self.rows[("", key) if isinstance(key, str) else key]


def openings(graph: Graph, data: Data, *others: Openings) -> Openings:
    """Everything known before month 1: base values of inputs, opening constants, opening lines and their totals.

    `others` are the openings of the graphs that come before it and that it reads, one for each member; more do not
    matter. Raises DataError for missing figures and EvaluationError for an opening line without a value.
    """
    data.check(graph)
    earlier = by_graph(graph, data, others, [name for name in graph.reads if not graph.is_before(name)])
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
            if graph.adds_members(line):
                arguments = [float(member[line.summed.name]) for member in earlier[line.summed.graph]]
            elif line.function is None:
                arguments = [float(value) for value in values[line.summed.scope, line.summed.name]]
            else:
                arguments = [
                    float(earlier[ref.graph][0][ref.name]) if ref.graph != graph.name
                    else float(values[ref.scope, ref.name][k] if ref.scope else values["", ref.name])
                    for ref in line.parameters
                ]  # fmt: skip
            found.append(_call(line, arguments, data, k, "before month 1"))
        values[line.scope, line.name] = np.array(found if line.scope else found[0], dtype=np.float64)
    return Openings(graph, data, values)


Known = TypeVar("Known", Openings, Openings | Values)


def by_graph(graph: Graph, data: Data, others: Sequence[Known], needed: Sequence[str]) -> dict[str, list[Known]]:
    """The `others` that a graph reads, by the name of their graph.

    Raises DataError for one of `needed` that is missing, given twice without members or of another length.
    """
    found: dict[str, list[Known]] = {name: [] for name in graph.reads}
    for other in others:
        found.get(other.graph.name, []).append(other)
    for name, runs in found.items():
        if not runs and name in needed:
            each = ", once for each member," if graph.model[name].members else ""
            raise DataError(f"graph {graph.name} reads {name}; run that first{each} and pass its result")
        if len(runs) > 1 and not graph.model[name].members:
            raise DataError(f"graph {graph.name} was passed {len(runs)} results of {name}; pass one")
        for run in runs:
            if run.data.months != data.months:
                raise DataError(f"graph {graph.name} has {data.months} months and {name} has {run.data.months}")
    return found


def interpret(graph: Graph, data: Data, draws: Draws | None = None, *others: Values | Openings) -> Values:
    """Evaluate one path of M months.

    `draws[scope][name]` has shape [M] (static draws: scalar), or [K, M] ([K]) for a block. `others` are what the
    graphs that it reads came to on the same path, one for each member. A graph that comes after it may be given by its
    openings alone: then it stays as it was before month 1. Raises DataError for figures or draws that do not fit,
    EvaluationError for a line that divides by zero, overflows or leaves the domain of a function.
    """
    before = [other.openings if isinstance(other, Values) else other for other in others]
    run = _Run(openings(graph, data, *before), draws or {})
    run.connect(others)
    drive([run], data.months)
    return run.values


def interpret_together(jobs: Sequence[tuple[Graph, Data, Draws]]) -> list[Values]:
    """Evaluate one path of several graphs of a model, in the order of the model, a graph with members once for each.

    Each reads the others in the same month or a month later. Raises what `interpret` does.
    """
    before: list[Openings] = []
    for graph, data, _ in jobs:
        before.append(openings(graph, data, *before))
    runs = [_Run(known, draws) for known, (_, _, draws) in zip(before, jobs, strict=True)]
    for run in runs:
        run.connect([other.values for other in runs])
    drive(runs, jobs[0][1].months if jobs else 0)
    return [run.values for run in runs]


class _Run:
    """The cells of one path: one number per line and instance, and one per given, prior and opening that is read."""

    def __init__(self, known: Openings, draws: Draws) -> None:
        self.graph, self.data, self.draws, self.known = known.graph, known.data, draws, known
        check_draws(self.graph, self.data, draws)
        self.slots: dict[tuple[Ref, int], int] = {}
        rows = {}
        own = [Ref(self.graph.name, "line", line.scope, line.name) for line in self.graph.lines]
        for ref in own:
            for k in range(self.data.count(ref.scope)):
                self.slot(ref, k)
        self.history = np.empty((len(self.slots), self.data.months))
        for ref in own:
            first = self.slots.get((ref, 0), 0)
            rows[ref.scope, ref.name] = (
                self.history[first : first + self.data.count(ref.scope)] if ref.scope else self.history[first]
            )
        self.values = Values(known, draws, rows)

    def slot(self, ref: Ref, k: int) -> int:
        return self.slots.setdefault((ref, k), len(self.slots))

    def connect(self, others: Sequence[Values | Openings]) -> None:
        """Find what every line reads: here, or in the rows of the others as they fill."""
        graph = self.graph
        needed = [name for name in graph.reads if name in graph.lagged or not graph.is_before(name)]
        usable = [other for other in others if isinstance(other, Values) or other.graph.name in graph.lagged]
        self.others = by_graph(graph, self.data, usable, needed)
        lines = [(line, k) for line in graph.lines for k in range(self.data.count(line.scope))]
        self.steps = [
            (
                *_work(line),
                _taker(self.arguments(line, k)),
                self.slot(Ref(graph.name, "line", line.scope, line.name), k),
                line,
                k,
            )
            for line, k in lines
        ]
        self.constant: list[tuple[int, float]] = []
        self.dated: list[tuple[int, Sequence[float]]] = []
        self.priors: list[tuple[int, int, float]] = []
        self.rows: list[tuple[int, Array, float | None]] = []
        for (ref, k), slot in self.slots.items():
            self.feed(slot, ref, k)
        self.cells = [0.0] * len(self.slots)
        for slot, value in self.constant:
            self.cells[slot] = value

    def arguments(self, line: Line, k: int) -> list[int]:
        if line.function is None:
            ref = line.summed
            count = len(self.others[ref.graph]) if self.graph.adds_members(line) else self.data.count(ref.scope)
            return [self.slot(ref, i) for i in range(count)]
        return [self.slot(ref, k if ref.scope else 0) for ref in line.parameters]

    def feed(self, slot: int, ref: Ref, k: int) -> None:
        """Say where a cell has its value from in each month; a line of this graph is worked out."""
        own, months = ref.graph == self.graph.name, self.data.months
        home = self.values if own else self.others[ref.graph][k]
        before = home if isinstance(home, Openings) else home.openings
        k = k if ref.scope else 0
        if ref.kind == "given":
            draws = home.draws if isinstance(home, Values) else {}
            found = given_months(before.graph, before.data, draws, ref.scope, ref.name, k)
            if found.count(found[0]) == months:
                self.constant.append((slot, found[0]))
            else:
                self.dated.append((slot, found))
        elif ref.kind == "opening":
            value = before[ref.scope, ref.name]
            self.constant.append((slot, float(value[k] if ref.scope else value)))
        elif ref.kind == "prior" and own:
            source = self.slots[Ref(ref.graph, "line", ref.scope, ref.name), k]
            self.priors.append((slot, source, before.first(ref.scope, ref.name, k)))
        elif isinstance(home, Openings):
            self.constant.append((slot, before.first("", ref.name, 0)))
        elif not own:
            self.rows.append((slot, home[ref.name], before.first("", ref.name, 0) if ref.kind == "prior" else None))

    def advance(self, first: int, last: int) -> None:
        """Work out months `first` to `last` - 1."""
        cells = self.cells
        for month in range(first, last):
            for slot, row in self.dated:
                cells[slot] = row[month]
            for slot, months, before in self.rows:
                if before is None:
                    cells[slot] = float(months[month])
                else:
                    cells[slot] = float(months[month - 1]) if month else before
            for slot, source, start in self.priors:
                cells[slot] = cells[source] if month else start
            try:
                for function, number, take, target, line, k in self.steps:  # noqa: B007 - read when it fails
                    cells[target] = number(function(*take(cells)))
            except FAULTS as error:
                raise _without_value(line, take(cells), self.data, k, f"month {month + 1}", error) from error
            self.history[:, month] = cells[: len(self.history)]


def given_months(graph: Graph, data: Data, draws: Draws, scope: str, name: str, k: int) -> list[float]:
    """One instance's given as M floats, whatever its kind."""
    kind = graph.given_by_key[scope, name].kind
    if kind == "series":
        return list(data.series[name].tolist())
    figures = np.asarray(data.inputs[scope][name] if kind == "input" else draws[scope][name], dtype=np.float64)
    figures = figures[k] if scope else figures
    return list(np.broadcast_to(figures, (data.months,)).tolist())


FAULTS = (ZeroDivisionError, ValueError, OverflowError)
"""What a formula without a value raises."""

Function = Callable[..., float]
Taker = Callable[[list[float]], Sequence[float]]


def _work(line: Line) -> tuple[Function, Callable[[float], float]]:
    """What works a line out, and what makes a plain number of it."""
    if line.function is None or line.expression is None:
        return _added, float
    return line.function, _truth if line.expression.is_flag else float


def _taker(slots: list[int]) -> Taker:
    """What takes the cells of these numbers, as fast as Python does it."""
    return itemgetter(*slots) if len(slots) > 1 else itemgetter(slice(slots[0], slots[0] + 1) if slots else slice(0))


def _added(*terms: float) -> float:
    total = 0.0
    for value in terms:
        total += value
    return total


def _truth(value: float) -> float:
    return 1.0 if value else 0.0


def _call(line: Line, arguments: list[float], data: Data, k: int, when: str) -> float:
    function, number = _work(line)
    try:
        return number(function(*arguments))
    except FAULTS as error:
        raise _without_value(line, arguments, data, k, when, error) from error


def _without_value(
    line: Line, arguments: Sequence[float], data: Data, k: int, when: str, error: Exception
) -> EvaluationError:
    shown = ", ".join(f"{name} = {x!r}" for name, x in zip(line.names, arguments, strict=True))
    who = f" of {line.scope} {data.instances[line.scope][k]}" if line.scope else ""
    who += f" of {data.member}" if data.member else ""
    return EvaluationError(f"{line.place}{who}, {when}: {error} with {shown}")
