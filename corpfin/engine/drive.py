"""The month-step driver: the graphs of a model stepped together, in the interpreter and in the kernel alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph


class Run(Protocol):
    """A graph on its way through the months."""

    @property
    def graph(self) -> Graph:
        """The graph that is run."""

    def advance(self, first: int, last: int) -> None:
        """Work out months `first` to `last` - 1, counted from 0; all before are done, here and in the other runs."""


def month_by_month(graphs: Sequence[Graph]) -> bool:
    """Whether one of the graphs reads the last month of one that comes after it, so that none can run ahead."""
    names = {graph.name for graph in graphs}
    return any(name in names for graph in graphs for name in graph.lagged)


def drive(runs: Sequence[Run], months: int) -> None:
    """Take the runs through all months, in the order of their model; members of one graph stay in their order.

    Where a graph reads the last month of one that comes after it, all go month by month; else each runs through alone.
    Raises ModelError for a graph without members that is run twice.
    """
    names = [run.graph.name for run in runs]
    if twice := [run.graph.name for run in runs if names.count(run.graph.name) > 1 and not run.graph.members]:
        raise ModelError(f"graph {twice[0]} is run twice; only a graph with members is run more than once")
    order = list(runs[0].graph.model) if runs else []
    stepped = sorted(runs, key=lambda run: order.index(run.graph.name))
    step = 1 if month_by_month([run.graph for run in runs]) else months
    for first in range(0, months, step):
        for run in stepped:
            run.advance(first, first + step)
