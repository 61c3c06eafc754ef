"""Results of blocks of paths that merge exactly: counts, exact sums, a sample of paths.

Nothing here depends on the order in which blocks are merged or on how they are split over threads, processes and
machines: counts and sums are whole numbers, and the sample is kept by the number of its block. Memory does not grow
with the number of paths.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
NameT = TypeVar("NameT")
ItemT = TypeVar("ItemT")

UNIT = 1127
"""Sums are whole multiples of 2**-1127: every float64 is one, taken as 53 bits and an exponent."""

STEPS, LONGEST = 8, 1 << 17
"""Exponents added up together, and the most numbers at once, so that 27 + 8 + 17 bits add up exactly in a float64."""

LARGEST = 2.0**500
"""A value beyond it is taken as undefined: its square would overflow."""


def exact_sum(values: Array) -> int:
    """The sum of finite float64 numbers in units of 2**-1127, without rounding.

    >>> exact_sum(np.array([1e16, 1.0, -1e16])) == 1 << UNIT
    True
    """
    if not values.size:
        return 0
    if values.size > LONGEST:
        return sum(exact_sum(part) for part in np.array_split(values, -(-values.size // LONGEST)))
    mantissa, exponent = np.frexp(values)
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    lowest = int(exponent.min())
    place = exponent - lowest
    bin_, step = place >> 3, place & STEPS - 1  # few bins: each is a step in Python
    high, low = (np.bincount(bin_, part << step) for part in (whole >> 27, whole & (1 << 27) - 1))
    shift = lowest - 53 + UNIT
    return sum(
        ((int(high[k]) << 27) + int(low[k])) << (shift + STEPS * int(k))
        for k in np.flatnonzero((high != 0) | (low != 0))
    )


class Moments(NamedTuple):
    """Number, sum and sum of squares of some values, the sums exact in units of 2**-1127.

    ``undefined`` counts what is not a number or too large to be squared.
    """

    number: int = 0
    total: int = 0
    squares: int = 0
    undefined: int = 0

    @classmethod
    def of(cls, values: Array) -> Moments:
        """The moments of values of any shape."""
        wide = np.asarray(values, dtype=np.float64).ravel()
        with np.errstate(invalid="ignore"):
            known = wide[np.abs(wide) < LARGEST]
        high = (known * 134217729.0) - (known * 134217729.0 - known)  # Veltkamp: 26 bits, so that products are exact
        low = known - high
        squares = exact_sum(np.concatenate([high * high, 2.0 * high * low, low * low]))
        return cls(wide.size, exact_sum(known), squares, wide.size - known.size)

    def merged(self, other: Moments) -> Moments:
        """Those of the values of both."""
        return Moments(*(one + two for one, two in zip(self, other, strict=True)))

    def negative(self) -> Moments:
        """Those of the values with their signs turned."""
        return self._replace(total=-self.total)

    @property
    def mean(self) -> float:
        """The mean, correctly rounded; nan of nothing or of what is not a number."""
        if not self.number or self.undefined:
            return math.nan
        return float(Fraction(self.total, self.number << UNIT))

    def deviation(self, freedom: int = 0) -> float:
        """Standard deviation, its variance over ``number - freedom``; nan of too few values."""
        if self.number <= freedom or self.undefined:
            return math.nan
        spread = (self.squares * self.number << UNIT) - self.total * self.total
        return math.sqrt(Fraction(spread, self.number * (self.number - freedom) << 2 * UNIT))

    def error(self, freedom: int = 0) -> float:
        """Standard error of the mean."""
        return self.deviation(freedom) / math.sqrt(self.number) if self.number else math.nan


class Worst(NamedTuple):
    """The largest value of any check on any path, and the first path that has it; a value that is no number is larger
    than all others."""

    size: float
    path: int

    @classmethod
    def of(cls, sizes: Array, first: int) -> Worst:
        """The worst of paths ``first`` and later, by their largest checks [P]."""
        number = int(np.argmax(sizes))
        return cls(float(sizes[number]), first + number)

    def merged(self, other: Worst) -> Worst:
        """The worse of two."""

        def rank(worst: Worst) -> tuple[bool, float, int]:
            undefined = math.isnan(worst.size)
            return undefined, 0.0 if undefined else worst.size, -worst.path

        return max(self, other, key=rank)


@dataclass(frozen=True, eq=False)
class Tally:
    """What is known of a case after some paths.

    ``defaults`` [M + 1, causes] counts paths by month and cause of default, month 0 those without. ``lost`` counts
    paths on which lenders take a project. ``moments`` are those of figures by path. ``worst`` is the largest value of
    any check in any month. ``final`` and ``monthly`` hold, by block and name, the lines at the horizon [P] and by month
    [M, P] of the blocks that belong to the sample.
    """

    defaults: Array
    lost: int
    worst: Worst
    moments: dict[str, Moments] = field(default_factory=dict)
    final: dict[int, dict[str, Array]] = field(default_factory=dict, repr=False)
    monthly: dict[int, dict[str, Array]] = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.defaults.sum())

    def merged(self, other: Tally) -> Tally:
        """What is known after the paths of both."""
        return Tally(
            self.defaults + other.defaults,
            self.lost + other.lost,
            self.worst.merged(other.worst),
            _each(self.moments, other.moments, Moments.merged),
            self.final | other.final,
            self.monthly | other.monthly,
        )


@dataclass(frozen=True, eq=False)
class Paired:
    """A case held against another on common paths.

    ``gained`` and ``lost`` count by horizon the paths that survive in this case alone and in the other alone;
    ``moments`` are those of the differences of figures, this less the other, of dilution over the paths that survive
    both ways.
    """

    paths: int
    gained: dict[int, int]
    lost: dict[int, int]
    moments: dict[str, Moments] = field(default_factory=dict)

    def merged(self, other: Paired) -> Paired:
        """The pair on the paths of both."""
        return Paired(
            self.paths + other.paths,
            _each(self.gained, other.gained, int.__add__),
            _each(self.lost, other.lost, int.__add__),
            _each(self.moments, other.moments, Moments.merged),
        )

    def turned(self) -> Paired:
        """The other case held against this one."""
        moments = {name: item.negative() for name, item in self.moments.items()}
        return Paired(self.paths, self.lost, self.gained, moments)


class Key(NamedTuple):
    """A case of a run: the name of its world (a market under a scenario) and its label."""

    world: str
    label: str


@dataclass(frozen=True, eq=False)
class Summary:
    """The result of some blocks of a run: what is known of every case, and of pairs of cases on common paths.

    ``spans`` are the blocks it holds, as (first, end) in order.
    """

    spans: tuple[tuple[int, int], ...]
    tallies: dict[Key, Tally]
    pairs: dict[tuple[Key, Key], Paired]

    def merged(self, other: Summary) -> Summary:
        """The result of the blocks of both; ``ValueError`` for blocks that both hold."""
        spans: list[tuple[int, int]] = []
        for first, end in sorted((*self.spans, *other.spans)):
            if spans and first < spans[-1][1]:
                raise ValueError(f"blocks {first} to {min(end, spans[-1][1]) - 1} are there twice")
            if spans and first == spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((first, end))
        return Summary(
            tuple(spans),
            _each(self.tallies, other.tallies, Tally.merged),
            _each(self.pairs, other.pairs, Paired.merged),
        )

    def gaps(self, blocks: int) -> list[tuple[int, int]]:
        """The blocks of 0 to ``blocks`` - 1 that are missing, as (first, end)."""
        edges = [(0, 0), *self.spans, (blocks, blocks)]
        return [(end, first) for (_, end), (first, _) in pairwise(edges) if end < first]

    def pair(self, case: Key, other: Key) -> Paired:
        """A case held against another; ``KeyError`` when the run did not compare them."""
        if (case, other) in self.pairs:
            return self.pairs[case, other]
        return self.pairs[other, case].turned()


def merge(*parts: Summary) -> Summary:
    """One result of several, in any order; ``ValueError`` for blocks that are there twice."""
    return reduce(Summary.merged, parts)


def _each(
    one: Mapping[NameT, ItemT], other: Mapping[NameT, ItemT], join: Callable[[ItemT, ItemT], ItemT]
) -> dict[NameT, ItemT]:
    """Both by name, what both have joined."""
    new = {name: item for name, item in other.items() if name not in one}
    return {name: join(item, other[name]) if name in other else item for name, item in one.items()} | new
