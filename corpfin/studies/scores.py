"""Scores of forecasts against what happened, each with an interval: of few cases, so that the interval is the answer.

A forecast is a probability of failure or any number that is higher where failure is thought likelier; ``failed`` [N] is
1 for a case that failed and 0 for one that did not.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from scipy.stats import beta, rankdata

from corpfin.runs.tally import Array

LEVEL = 0.95
"""Probability of every interval."""

DRAWS = 2_000
"""Samples of a bootstrap."""

ORDERS = 20_000
"""Most ways to choose the failures that are counted one by one; of more, so many are drawn."""

DEFINED = 0.5
"""Share of the samples on which a score must be defined for its interval to be."""


class Interval(NamedTuple):
    """An interval of probability ``LEVEL``; nan where there is none."""

    low: float
    high: float


NONE = Interval(np.nan, np.nan)


def auc(forecast: Array, failed: Array) -> float:
    """Probability that a case that failed has a higher forecast than one that did not, half for a tie [1].

    The area under the curve of hits against false alarms (Mann and Whitney). nan unless both kinds are there.

    >>> auc(np.array([0.9, 0.4, 0.4, 0.1]), np.array([1, 1, 0, 0]))
    0.875
    """
    return float(aucs(forecast[None], failed[None])[0])


def aucs(forecast: Array, failed: Array) -> Array:
    """:func:`auc` of each of S samples [S, N]."""
    hits = failed.sum(axis=1)
    others = failed.shape[1] - hits
    above = np.where(failed == 1, rankdata(forecast, axis=1), 0.0).sum(axis=1) - hits * (hits + 1) / 2
    found = np.full(len(hits), np.nan)
    np.divide(above, hits * others, out=found, where=hits * others > 0)
    return found


def chance_of_auc(forecast: Array, failed: Array, seed: int) -> float:
    """Probability of an area at least as large when the failures fall on any cases alike [1]; nan where there is none.

    It says what a bootstrap cannot: that of few cases a perfect order may be luck.

    >>> chance_of_auc(np.array([0.9, 0.4, 0.2, 0.1]), np.array([1, 1, 0, 0]), 1) == 1 / 6
    True
    """
    hits, count = int(failed.sum()), failed.size
    if not 0 < hits < count:
        return np.nan
    ranks = rankdata(forecast)
    found = ranks[failed == 1].sum() - 1e-9
    if comb(count, hits) <= ORDERS:
        return float(np.mean([ranks[list(chosen)].sum() >= found for chosen in combinations(range(count), hits)]))
    random = np.random.default_rng(seed)
    drawn = np.array([random.permutation(ranks)[:hits].sum() for _ in range(ORDERS)])
    return float(((drawn >= found).sum() + 1) / (ORDERS + 1))


def brier(probability: Array, failed: Array) -> float:
    """Mean square of probability less outcome [1]; nan of nothing.

    >>> brier(np.array([0.8, 0.3]), np.array([1, 0])).__round__(3)
    0.065
    """
    return float(briers(probability[None], failed[None])[0]) if failed.size else np.nan


def briers(probability: Array, failed: Array) -> Array:
    """:func:`brier` of each of S samples [S, N] of some cases."""
    return np.asarray(np.mean((probability - failed) ** 2, axis=1))


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's rank correlation [1]; nan of fewer than three cases and where one of the two is all alike.

    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([3.0, 1.0, 2.0]))
    -0.5
    """
    return float(rank_correlations(one[None], other[None])[0])


def rank_correlations(one: Array, other: Array) -> Array:
    """:func:`rank_correlation` of each of S samples [S, N]."""
    found = np.full(len(one), np.nan)
    if one.shape[1] < 3:
        return found
    a, b = (rankdata(values, axis=1) - (values.shape[1] + 1) / 2 for values in (one, other))
    spread = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    np.divide((a * b).sum(axis=1), spread, out=found, where=spread > 0)
    return found


def bootstrap(scores: Callable[[Array, Array], Array], one: Array, other: Array, seed: int) -> Interval:
    """The interval of a score of pairs over samples of them with replacement (Efron and Tibshirani 1993).

    ``scores`` gives that of each of S samples [S, N].
    Samples of which the score is not defined, since all failed or none, are left out; nan where they are too many.
    A score that is perfect is so in every sample: such an interval has no width and says nothing of luck.
    """
    if not one.size:
        return NONE
    random = np.random.default_rng(seed)
    picks = random.integers(one.size, size=(DRAWS, one.size))
    found = scores(one[picks], other[picks])
    found = found[~np.isnan(found)]
    if found.size < DEFINED * DRAWS:
        return NONE
    low, high = np.quantile(found, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(float(low), float(high))


def jeffreys(hits: float, count: int) -> Interval:
    """The interval of a share by Jeffreys (Brown, Cai and DasGupta 2001): to the end of the range for none and for all.

    >>> [round(end, 4) for end in jeffreys(0, 10)]
    [0.0, 0.2172]
    """
    if not count:
        return NONE
    ends = beta.ppf(((1 - LEVEL) / 2, (1 + LEVEL) / 2), hits + 0.5, count - hits + 0.5)
    return Interval(0.0 if hits == 0 else float(ends[0]), 1.0 if hits == count else float(ends[1]))


def failures_distribution(probability: Array) -> Array:
    """Probability of 0, 1 ... N failures of N independent cases [N + 1] (Poisson binomial).

    >>> failures_distribution(np.array([0.5, 0.2])).tolist()
    [0.4, 0.5, 0.1]
    """
    found = np.ones(1)
    for each in probability:
        found = np.convolve(found, [1 - each, each])
    return found


def numbers_between(distribution: Array) -> Interval:
    """The numbers beyond which a distribution of 0, 1 ... N [N + 1] leaves no more than half of 1 - ``LEVEL`` a side.

    >>> numbers_between(np.array([0.02, 0.9, 0.07, 0.01]))
    Interval(low=1.0, high=2.0)
    """
    below, half = np.cumsum(distribution), (1 - LEVEL) / 2
    return Interval(float(np.argmax(below > half)), float(np.argmax(below >= 1 - half - 1e-12)))


def chance_of_number(distribution: Array, number: int) -> float:
    """Twice the smaller of the probabilities of so many or fewer and of so many or more, at most 1 [1].

    >>> chance_of_number(np.array([0.4, 0.5, 0.1]), 2)
    0.2
    """
    return float(min(1.0, 2 * min(distribution[: number + 1].sum(), distribution[number:].sum())))


def pit(sample: Array, value: float) -> float:
    """Share of a sample below a value, half of what is equal to it [1]: evenly spread where forecasts are right.

    The probability integral transform, at the middle of a step (Czado, Gneiting and Held 2009).

    >>> pit(np.array([0.0, 0.0, 1.0, 2.0]), 0.0)
    0.25
    """
    return float(np.mean(sample < value) + np.mean(sample == value) / 2)
