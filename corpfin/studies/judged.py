"""How a back-test is judged: order, level, calibration, bands of figures, growth of shares, each with its interval.

A case is judged at a horizon only where it is known whether the company had failed by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from corpfin.runs.tally import Array
from corpfin.studies.scores import (
    NONE,
    Interval,
    auc,
    aucs,
    bootstrap,
    brier,
    briers,
    chance_of_auc,
    chance_of_number,
    failures_distribution,
    jeffreys,
    numbers_between,
    pit,
    rank_correlation,
    rank_correlations,
)

BANDS = ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0))
"""Bands of a probability of failure in which it is held against the share that failed; set before any run."""

INNER, OUTER = (0.25, 0.75), (0.1, 0.9)
"""Quantiles between which the 50 % and the 80 % band lie."""

FIFTHS = 5
"""Parts of the range of a PIT that are counted."""

ROUNDED = 1e-3
"""Part of a published figure by which it may be rounded: nearer than this is the same."""

FAR = 0.15
"""Part of a published figure beyond which the model's is called far off where there is no band to judge it by."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """A forecast [N] held against who failed [N]: does it put those that fail first?"""

    forecast: Array
    failed: Array
    seed: int

    @cached_property
    def interval(self) -> Interval:
        """That of the area."""
        return bootstrap(aucs, self.forecast, self.failed, self.seed)

    @property
    def area(self) -> float:
        """The area under its curve."""
        return auc(self.forecast, self.failed)

    @property
    def chance(self) -> float:
        """Probability that luck orders as well."""
        return chance_of_auc(self.forecast, self.failed, self.seed)


@dataclass(frozen=True, eq=False)
class Level:
    """Probabilities of failure [N] held against who failed [N]: are there as many as expected?

    ``together`` [S] is how many of them fail on each path, all on the same market.
    """

    probability: Array
    failed: Array
    together: Array
    seed: int

    @property
    def failures(self) -> float:
        """How many failed."""
        return float(self.failed.sum())

    @property
    def alone(self) -> Interval:
        """Failures to be expected were the companies independent."""
        return numbers_between(failures_distribution(self.probability)) if self.failed.size else NONE

    @property
    def common(self) -> Array:
        """Probability of 0, 1 ... N failures on common markets [N + 1]."""
        return np.bincount(self.together, minlength=self.failed.size + 1) / self.together.size

    @property
    def on_paths(self) -> Interval:
        """Failures to be expected on common markets."""
        return numbers_between(self.common) if self.failed.size else NONE

    @property
    def chance(self) -> float:
        """Probability on common markets of a number as far out as the one that came."""
        return chance_of_number(self.common, int(self.failures)) if self.failed.size else np.nan

    @cached_property
    def brier(self) -> Interval:
        """The interval of the Brier score."""
        return bootstrap(briers, self.probability, self.failed, self.seed)

    @property
    def flat(self) -> float:
        """The Brier score of the share that failed, told of everybody: what nobody could have known before."""
        return brier(np.full(self.failed.size, self.failed.mean()), self.failed) if self.failed.size else np.nan


@dataclass(frozen=True, eq=False)
class Band:
    """The cases whose probability [N] lies in one band, and who of them failed [N]."""

    probability: Array
    failed: Array

    @property
    def interval(self) -> Interval:
        """That of the share that failed."""
        return jeffreys(self.failed.sum(), self.failed.size)


def bands(probability: Array, failed: Array) -> dict[str, Band]:
    """The bands by name; the last holds its upper end."""
    found = {}
    for low, high in BANDS:
        inside = (probability >= low) & ((probability < high) | (high == BANDS[-1][1]))
        found[f"{100 * low:.0f}-{100 * high:.0f} %"] = Band(probability[inside], failed[inside])
    return found


@dataclass(frozen=True, eq=False)
class Compared:
    """A published figure beside the model's on the paths of a sample [S].

    ``seen`` says that the reading sees what the company did in its month: nothing is random there, and no band to be
    judged by.
    """

    published: float
    unit: str
    grade: str
    sample: Array = field(repr=False)
    seen: bool

    @cached_property
    def quantiles(self) -> dict[float, float]:
        """Those of the bands, and the median."""
        wanted = (OUTER[0], INNER[0], 0.5, INNER[1], OUTER[1])
        return dict(zip(wanted, map(float, np.quantile(self.sample, wanted)), strict=True))

    @property
    def slack(self) -> float:
        """How far a figure may lie from the published one and be the same."""
        return ROUNDED * max(1.0, abs(self.published))

    @property
    def gap(self) -> float:
        """The model's median over the published figure, less one; nan of nothing."""
        return self.quantiles[0.5] / self.published - 1 if self.published else np.nan

    @property
    def spread(self) -> bool:
        """Whether its band is wider than what is rounded."""
        return self.quantiles[OUTER[1]] - self.quantiles[OUTER[0]] > self.slack

    @cached_property
    def pit(self) -> float:
        """Share of the paths below it, half of those that are the same; nan where it is seen."""
        near = np.abs(self.sample - self.published) <= self.slack
        return np.nan if self.seen else pit(np.where(near, self.published, self.sample), self.published)

    def within(self, band: tuple[float, float]) -> bool:
        """Whether a band holds it, its ends included."""
        low, high = (self.quantiles[end] for end in band)
        return low - self.slack <= self.published <= high + self.slack

    @property
    def far(self) -> bool:
        """Whether it lies outside the 80 % band, or where it is seen far from the model's."""
        return abs(self.gap) > FAR if self.seen else not self.within(OUTER)


@dataclass(frozen=True)
class Covered:
    """Published figures beside the model's: how often do the bands hold them?"""

    figures: tuple[Compared, ...]

    @property
    def judged(self) -> list[Compared]:
        """Those of months that are not seen."""
        return [each for each in self.figures if not each.seen]

    @property
    def off(self) -> float:
        """Median of how far the model's medians are off, over all figures; nan of nothing."""
        gaps = [abs(each.gap) for each in self.figures if not np.isnan(each.gap)]
        return float(np.median(gaps)) if gaps else np.nan

    def share(self, band: tuple[float, float]) -> float:
        """Share of those judged that lies within a band; nan of nothing."""
        return float(np.mean([each.within(band) for each in self.judged])) if self.judged else np.nan

    def interval(self, band: tuple[float, float]) -> Interval:
        """That of the share, as if they were independent, which the figures of one company are not."""
        return jeffreys(sum(each.within(band) for each in self.judged), len(self.judged))

    def fifth(self, number: int) -> float:
        """How many have their PIT in a fifth of its range, counted from 0."""
        places = [min(int(each.pit * FIFTHS), FIFTHS - 1) for each in self.judged]
        return float(places.count(number))


@dataclass(frozen=True, eq=False)
class Growth:
    """Shares of a company published for a date beside the model's, over those ``before``, less one."""

    shares: Compared
    before: float

    def modelled(self, q: float = 0.5) -> float:
        """A quantile of the model's growth; one of ``INNER`` and ``OUTER``, or the median."""
        return self.shares.quantiles[q] / self.before - 1

    @property
    def published(self) -> float:
        """The growth that came."""
        return self.shares.published / self.before - 1


@dataclass(frozen=True, eq=False)
class Grown:
    """Growth of shares up to a date of all companies of which they are published: does the model order them?"""

    companies: tuple[Growth, ...]
    seed: int

    @property
    def modelled(self) -> Array:
        """The model's medians [N]."""
        return np.array([each.modelled() for each in self.companies])

    @property
    def published(self) -> Array:
        """What came [N]."""
        return np.array([each.published for each in self.companies])

    @property
    def correlation(self) -> float:
        """Rank correlation of the two."""
        return rank_correlation(self.modelled, self.published)

    @cached_property
    def interval(self) -> Interval:
        """That of the rank correlation."""
        return bootstrap(rank_correlations, self.modelled, self.published, self.seed)
