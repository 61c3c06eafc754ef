"""The figures of one run: instances, inputs by month, opening figures and series, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.parts import Given

Array = NDArray[np.float64]
Draws = Mapping[str, Mapping[str, Array]]


class DataError(ModelError):
    """Figures are missing, of the wrong shape or not finite; the message lists all of them."""


@dataclass(frozen=True)
class Data:
    """What a graph is given for one run of M months.

    `instances[block]` are the K ids of a block; `inputs[scope][name]` has shape [M] for scope "" and [K, M] for a
    block; `openings[scope][name]` is the value before month 1, a scalar or [K]; `series[name]` has shape [M].
    `member` names the run among those of a graph with members. Build it with `Data.of`, which broadcasts.
    """

    months: int
    instances: Mapping[str, tuple[str, ...]]
    inputs: Mapping[str, Mapping[str, Array]]
    openings: Mapping[str, Mapping[str, Array]]
    series: Mapping[str, Array] = field(default_factory=dict)
    member: str = ""

    @classmethod
    def of(
        cls,
        months: int,
        inputs: Mapping[str, Mapping[str, ArrayLike]],
        *,
        instances: Mapping[str, Sequence[str]] | None = None,
        openings: Mapping[str, Mapping[str, ArrayLike]] | None = None,
        series: Mapping[str, ArrayLike] | None = None,
        member: str = "",
    ) -> Data:
        """Broadcast scalars and [K] arrays over the months; openings default to the inputs of the first month.

        Raises DataError for an input whose shape fits neither one value per instance nor one per instance and month.
        """
        ids = {block: tuple(names) for block, names in (instances or {}).items()}
        spread = {
            scope: {name: _spread(scope, name, value, ids, months) for name, value in values.items()}
            for scope, values in inputs.items()
        }
        first = {scope: {name: value[..., 0] for name, value in values.items()} for scope, values in spread.items()}
        for scope, given in (openings or {}).items():
            first.setdefault(scope, {}).update(
                {
                    name: np.array(np.broadcast_to(np.asarray(value, float), _shape(scope, ids)))
                    for name, value in given.items()
                }
            )
        lines = {
            name: np.array(np.broadcast_to(np.asarray(value, float), (months,)))
            for name, value in (series or {}).items()
        }
        return cls(months, ids, spread, first, lines, member)

    def count(self, scope: str) -> int:
        """Number of instances of a block; 1 for the company itself."""
        return len(self.instances.get(scope, ())) if scope else 1

    def shape(self, scope: str, *tail: int) -> tuple[int, ...]:
        """The shape of a figure of this scope: `tail` for the company, [K, *tail] for a block."""
        return (self.count(scope), *tail) if scope else tail

    def check(self, graph: Graph) -> None:
        """Raise DataError listing every given of `graph` that is missing, misshapen or not finite here."""
        problems: list[str] = []
        for given in graph.given:
            if given.kind == "series":
                _inspect(problems, given, self.series.get(given.name), (self.months,))
            elif given.kind == "input" and self.count(given.scope):
                figures = self.inputs.get(given.scope, {}).get(given.name)
                _inspect(problems, given, figures, self.shape(given.scope, self.months))
                opening = self.openings.get(given.scope, {}).get(given.name)
                if figures is not None:
                    _inspect(problems, given, opening, self.shape(given.scope), "opening value")
        _report(graph, problems)


def check_draws(graph: Graph, data: Data, draws: Draws, *paths: int) -> None:
    """Raise DataError listing every draw that is missing, misshapen or (of one path) not finite; `paths` trails."""
    problems: list[str] = []
    for given in graph.draws:
        figures = draws.get(given.scope, {}).get(given.name)
        if not data.count(given.scope):
            continue
        tail = (data.months, *paths) if given.kind == "draw" else paths
        _inspect(problems, given, figures, data.shape(given.scope, *tail), finite=not paths)
    _report(graph, problems)


def _shape(scope: str, ids: Mapping[str, tuple[str, ...]]) -> tuple[int, ...]:
    return (len(ids.get(scope, ())),) if scope else ()


def _spread(scope: str, name: str, value: ArrayLike, ids: Mapping[str, tuple[str, ...]], months: int) -> Array:
    figures = np.asarray(value, dtype=np.float64)
    shape = _shape(scope, ids)
    if figures.shape == shape:
        figures = figures[..., None]
    try:
        return np.array(np.broadcast_to(figures, (*shape, months)))
    except ValueError:
        raise DataError(
            f"input {name}{f' of {scope}' if scope else ''} has shape {figures.shape}; "
            f"give {shape} or {(*shape, months)}"
        ) from None


def _inspect(
    problems: list[str],
    given: Given,
    figures: ArrayLike | None,
    shape: tuple[int, ...],
    what: str = "",
    *,
    finite: bool = True,
) -> None:
    label = " ".join(filter(None, (given.scope, given.kind, given.name, what)))
    if figures is None:
        problems.append(f"{label} is missing")
    elif np.shape(figures) != shape:
        problems.append(f"{label} has shape {np.shape(figures)}, not {shape}")
    elif finite and not np.all(np.isfinite(figures)):
        problems.append(f"{label} is not finite")


def _report(graph: Graph, problems: list[str]) -> None:
    if problems:
        raise DataError(f"graph {graph.name} cannot run: " + "; ".join(problems))
