"""A plan with one company's figures in place: compiled once for its shape, run over any draws."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpfin.engine.data import Array, Draws
from corpfin.engine.layout import Month
from corpfin.engine.objects import Target, compiled, host
from corpfin.engine.vector import COUNTS, LANES, RUN, write

Integers = NDArray[np.int64]


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
    """Where the paths of a source come from: a draw, or a row of the graph above by number.

    `lags` brings last month's paths, `first` in month 1; `is_static` the same every month.
    """

    row: Row | int
    is_static: bool = False
    lags: bool = False
    first: float = 0.0


@dataclass(frozen=True)
class Program:
    """`figures` [M, n] are the plan's months, `openings` its openings, `instances` where each block's figures begin.

    `fills` (row, value) stand before month 1 and `copies` (to, from) are made after each month. `rows` says where a
    line is kept, `known` [M] what it is where no path changes it.
    """

    month: Month
    height: int
    figures: Array
    openings: Array
    instances: Integers
    sources: tuple[Source, ...]
    fills: tuple[tuple[int, float], ...]
    copies: tuple[tuple[int, int], ...]
    rows: dict[Row, int]
    known: dict[Row, Array] = field(default_factory=dict)

    @cached_property
    def host(self) -> Callable[..., None]:
        """The plan compiled for this machine."""
        return self.compiled(host())

    def compiled(self, target: Target) -> Callable[..., None]:
        """The plan compiled for a processor."""
        types = [ctypes.c_int64 if name in COUNTS else ctypes.c_void_p for name in RUN]
        return compiled(write(self.month, target.width), target).function("run", *types)

    def run(
        self, draws: Draws, above: Array, paths: int, record: Sequence[Row], worst: Sequence[Row], final: Sequence[Row],
        on: Callable[..., None] | None = None,
    ) -> Result:  # fmt: skip
        """Run the paths of `draws` and `above` [n, M, P] and keep the rows asked for, which exist.

        `on` is the plan compiled for another processor than this one.
        """
        months, blocks = len(self.figures), -(-paths // LANES)
        width = blocks * LANES
        given = _Given(draws, above, months, width)
        table = np.array([given.entry(source) for source in self.sources], dtype=np.int64).reshape(-1, 3)
        shapes = {"record": (months, width), "worst": (width,), "final": (width,)}
        numbers, out = {}, {}
        for name, wanted in (("record", record), ("worst", worst), ("final", final)):
            numbers[name] = np.array([self.rows[row] for row in wanted if row in self.rows], dtype=np.int64)
            out[name] = np.empty((len(numbers[name]), *shapes[name]))
        out["worst"].fill(0.0)
        arrays = {
            "v": _aligned(self.height * LANES), "xs": self.figures, "o": self.openings, "n": self.instances,
            "q": np.zeros(len(self.sources) + 1, dtype=np.int64), "sources": table,
            "fill_rows": np.array([row for row, _ in self.fills], dtype=np.int64),
            "fill_values": np.array([value for _, value in self.fills], dtype=np.float64),
            "copies": np.array(self.copies, dtype=np.int64).reshape(-1), **numbers,
            "recorded": out["record"], "worst_of": out["worst"], "final_of": out["final"],
        }  # fmt: skip
        counts = {
            "figures": self.figures.shape[1], "source_count": len(self.sources), "months": months, "blocks": blocks,
            "fills": len(self.fills), "copy_count": 2 * len(self.copies), "records": len(numbers["record"]),
            "worsts": len(numbers["worst"]), "finals": len(numbers["final"]),
        }  # fmt: skip
        run = on or self.host
        run(*(counts[name] if name in COUNTS else arrays[name].ctypes.data for name in RUN))
        return Result(
            self.gather(record, out["record"][..., :paths], lambda x: x, given, paths),
            self.gather(worst, out["worst"][..., :paths], lambda x: np.abs(x).max(axis=0), given, paths),
            self.gather(final, out["final"][..., :paths], lambda x: x[-1], given, paths),
        )

    def gather(
        self, wanted: Sequence[Row], found: Array, shorten: Callable[[Array], Array], given: _Given, paths: int
    ) -> Array:
        """The rows in the order asked for: those the code kept, and draws and known rows, `shorten`ed from [M, P]."""
        if all(row in self.rows for row in wanted):
            return found
        kept = iter(found)
        rows = []
        for row in wanted:
            if row in self.rows:
                rows.append(next(kept))
            elif row in self.known:
                rows.append(shorten(np.broadcast_to(self.known[row][:, None], (len(self.figures), paths))))
            else:
                rows.append(shorten(given.months_of(row)[:, :paths]))
        return np.array(rows)


class _Given:
    """The draws and rows from above of one run, at hand by address, filled up to whole LANES of paths."""

    def __init__(self, draws: Draws, above: Array, months: int, width: int) -> None:
        self.draws, self.months, self.width = draws, months, width
        self.above = _padded(above, width)
        self.arrays: dict[tuple[str, str], Array] = {}
        self.firsts: list[Array] = []

    def entry(self, source: Source) -> tuple[int, int, int]:
        """(address, bytes from month to month, address in month 1 or 0)."""
        month = self.width * 8
        if isinstance(source.row, int):
            address, step = self.above.ctypes.data + source.row * self.months * month, month
        else:
            row, length = source.row, 1 if source.is_static else self.months
            address, step = self.array(row).ctypes.data + row.k * length * month, 0 if source.is_static else month
        if not source.lags:
            return address, step, 0
        self.firsts.append(np.full(LANES, source.first))
        return address - step, step, self.firsts[-1].ctypes.data

    def array(self, row: Row) -> Array:
        key = row.scope, row.name
        if key not in self.arrays:
            self.arrays[key] = _padded(np.asarray(self.draws[row.scope][row.name], dtype=np.float64), self.width)
        return self.arrays[key]

    def months_of(self, row: Row) -> Array:
        """A draw [M, P]."""
        array = self.array(row)
        return np.broadcast_to(array[row.k] if row.scope else array, (self.months, self.width))


def _padded(array: Array, width: int) -> Array:
    short = width - array.shape[-1]
    if short:
        array = np.concatenate([array, np.repeat(array[..., -1:], short, axis=-1)], axis=-1)
    return np.ascontiguousarray(array)


def _aligned(length: int) -> Array:
    """Numbers that begin where a line of the processor's cache begins."""
    space = np.empty(length + 8)
    return space[(-space.ctypes.data // 8) % 8 :][:length]
