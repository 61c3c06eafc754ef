"""A month's work with one company's figures in place: compiled once for its shape, run over any draws."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from corpfin.engine.data import Array, Draws
from corpfin.engine.layout import Month
from corpfin.engine.objects import Target, compiled, host
from corpfin.engine.vector import COUNTS, LANES, RUN, write

Code = Callable[..., None]
_MONTHS, _OPENED, _BROUGHT, _TAKEN, _FIGURES, _RECORDED = map(
    RUN.index, ("months", "opening_count", "brought", "taken", "xs", "recorded")
)
"""Places of the parameters that differ from month to month."""

_written: WeakKeyDictionary[Month, dict[Target, Code]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Row:
    """One row of a graph: a line or a draw of the company (scope ""), or of instance `k` of a block."""

    scope: str
    name: str
    k: int = 0


@dataclass(frozen=True)
class Result:
    """What a run kept: `record` [R, M, P], `worst` [W, P] (largest absolute value over the months), `final` [F, P]."""

    record: Array
    worst: Array
    final: Array


@dataclass(frozen=True)
class Source:
    """Where the paths of a source come from: a draw `row`, or row `number` of those another `graph` sends.

    `lags` brings last month's paths, `first` in month 1; `is_static` the same every month.
    """

    graph: str = ""
    row: Row = Row("", "")
    number: int = 0
    is_static: bool = False
    lags: bool = False
    first: float = 0.0


@dataclass(frozen=True)
class Program:
    """`figures` [M, n] are the months of the work, `openings` its openings, `instances` where each block's begin.

    `carried` (row, value before month 1) pass from month to month and `copies` (to, from) are made after each.
    `rows` says where a line is kept, `given` which rows are not worked out but arrive, `known` [M] what a line is that
    no path changes.
    """

    month: Month
    height: int
    figures: Array
    openings: Array
    instances: NDArray[np.int64]
    sources: tuple[Source, ...]
    carried: tuple[tuple[int, float], ...]
    copies: tuple[tuple[int, int], ...]
    rows: Mapping[Row, int]
    given: Mapping[Row, Source]
    known: Mapping[Row, Array] = field(default_factory=dict)

    @cached_property
    def host(self) -> Code:
        """The code for this machine."""
        return self.compiled(host())

    def compiled(self, target: Target) -> Code:
        """The code for a processor, written once for all companies that share the month."""
        written = _written.setdefault(self.month, {})
        if target not in written:
            types = [ctypes.c_int64 if name in COUNTS else ctypes.c_void_p for name in RUN]
            written[target] = compiled(write(self.month, target.width), target).function("run", *types)
        return written[target]


class Passage:
    """P paths of one program on their way; between two months their state is the rows that are carried.

    `draws` and `outer[graph]` [n, M, P or whole LANES of it] may fill as the passage goes on, a month ahead of it. A
    graph whose rows are missing stays as it was before month 1. The rows asked for are rows of the graph.
    """

    def __init__(
        self, program: Program, draws: Draws, outer: Mapping[str, Array], paths: int, record: Sequence[Row],
        worst: Sequence[Row] = (), final: Sequence[Row] = (), code: Code | None = None,
    ) -> None:  # fmt: skip
        self.program, self.draws, self.outer, self.paths = program, draws, outer, paths
        self.asked = tuple(record), tuple(worst), tuple(final)
        self.code = code or program.host
        self.months, self.width = len(program.figures), whole(paths)
        self.arrays: dict[object, Array] = {}
        self.kept = [{row: i for i, row in enumerate(rows) if row in program.rows} for rows in self.asked]
        # Rows that are known or arrive have places too, which are filled at the end: no row is copied afterwards.
        record_at, worst_at, final_at = (
            np.array([program.rows.get(row, 0) for row in rows], dtype=np.int64) for rows in self.asked
        )
        self.recorded = np.empty((len(record_at), self.months, self.width))
        self.worst, self.final = np.zeros((len(worst_at), self.width)), np.empty((len(final_at), self.width))
        self.state = np.empty((len(program.carried), self.width))
        self.table = np.array([self.entry(source) for source in program.sources], dtype=np.int64).reshape(-1, 3)
        self.now = self.table.copy()
        self.fixed = {
            "v": _aligned(program.height * LANES), "o": program.openings, "n": program.instances,
            "q": np.zeros(len(self.table) + 1, dtype=np.int64), "state": self.state,
            "carried": np.array([row for row, _ in program.carried], dtype=np.int64),
            "openings": np.array([value for _, value in program.carried], dtype=np.float64),
            "copies": np.array(program.copies, dtype=np.int64).reshape(-1), "record": record_at, "worst": worst_at,
            "final": final_at, "worst_of": self.worst, "final_of": self.final, "recorded": self.recorded,
            "xs": program.figures, "sources": self.now,
        }  # fmt: skip
        places = {name: array.ctypes.data for name, array in self.fixed.items()}
        counts = {
            "figures": program.figures.shape[1], "source_count": len(self.table), "length": self.months,
            "blocks": self.width // LANES, "copy_count": 2 * len(program.copies),
            "records": max((i + 1 for i in self.kept[0].values()), default=0),
            "worsts": len(self.worst) if program.height else 0, "finals": len(self.final) if program.height else 0,
        }  # fmt: skip
        self.arguments = [(places | counts).get(name, 0) for name in RUN]

    def advance(self, first: int, last: int) -> None:
        """Run months `first` to `last` - 1; all before are done."""
        program, carried, now = self.program, len(self.program.carried), self.arguments.copy()
        self.now[:, 0] = self.table[:, 0] + first * self.table[:, 1]
        self.now[:, 2] = 0 if first else self.table[:, 2]
        now[_MONTHS], now[_OPENED] = last - first, 0 if first else carried
        now[_BROUGHT], now[_TAKEN] = carried if first else 0, carried if last < self.months else 0
        now[_FIGURES] += first * program.figures.shape[1] * 8
        now[_RECORDED] += first * self.width * 8
        self.code(*now)

    def standing(self) -> Array:
        """Every row [height] as the last month left it, on the first path of the last LANES that were run."""
        return np.asarray(self.fixed["v"][::LANES])

    def result(self) -> Result:
        """What was asked for, in that order, when all months are done."""
        ways: tuple[tuple[Array, Callable[[Array], Array]], ...] = (
            (self.recorded, lambda months: months),
            (self.worst, lambda months: np.abs(months).max(axis=0)),
            (self.final, lambda months: months[-1]),
        )
        for (found, of), asked, kept in zip(ways, self.asked, self.kept, strict=True):
            for i, row in enumerate(asked):
                if row not in kept:
                    found[i] = of(self.given(row, 0, self.months))
        return Result(*(found[..., : self.paths] for found, _ in ways))

    def given(self, row: Row, first: int, last: int) -> Array:
        """Some months of a row that is known or arrives."""
        if row in self.program.known:
            return np.broadcast_to(self.program.known[row][first:last, None], (last - first, self.width))
        source = self.program.given[row]
        array = self.array(source)
        if array.ndim == 1:
            return np.broadcast_to(array, (last - first, self.width))
        return array[first:last]

    def entry(self, source: Source) -> tuple[int, int, int]:
        """(address, bytes from month to month, address in month 1 or 0)."""
        array = self.array(source)
        step = 0 if source.is_static or self.is_still(source) else self.width * 8
        if not source.lags or self.is_still(source):
            return array.ctypes.data, step, 0
        first = self.arrays.setdefault(source, np.full(LANES, source.first))
        return array.ctypes.data - step, step, first.ctypes.data

    def is_still(self, source: Source) -> bool:
        """Whether a source stays as it was before month 1, because its graph does not run."""
        return bool(source.graph) and source.graph not in self.outer

    def array(self, source: Source) -> Array:
        """The paths of a source [M, whole LANES], [whole LANES] where they are the same every month."""
        if self.is_still(source):
            return self.arrays.setdefault(("still", source), np.full(self.width, source.first))
        if source.graph:
            sent: Array = self.padded(source.graph, self.outer[source.graph])[source.number]
            return sent
        row = source.row
        array = self.padded((row.scope, row.name), self.draws[row.scope][row.name])
        drawn: Array = array[row.k] if row.scope else array
        return drawn

    def padded(self, key: object, array: Array) -> Array:
        """An array with whole LANES of paths, the last path filling up; the very array where it has them."""
        if key not in self.arrays:
            found = np.asarray(array, dtype=np.float64)
            short = self.width - found.shape[-1]
            if short:
                found = np.concatenate([found, np.repeat(found[..., -1:], short, axis=-1)], axis=-1)
            self.arrays[key] = np.ascontiguousarray(found)
        return self.arrays[key]


def whole(paths: int) -> int:
    """The number of paths filled up to whole LANES."""
    return -(-paths // LANES) * LANES


def _aligned(length: int) -> Array:
    """Numbers that begin where a line of the processor's cache begins."""
    space = np.empty(length + 8)
    return space[(-space.ctypes.data // 8) % 8 :][:length]
