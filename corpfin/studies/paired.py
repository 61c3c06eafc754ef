"""Differences on common paths, each with the error of the difference.

Two runs with the same draws differ far less path by path than two independent ones: the error of a difference is that
of the mean of the differences, not the root of two squared errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpfin.runs.readings import horizons
from corpfin.runs.simulation import Outcome, standard_error

HORIZONS = (36, 60)
"""Months to which survival is held against another case, as far as they lie within the run."""


class Difference(NamedTuple):
    """A difference and its standard error, in the unit of what was compared."""

    value: float
    error: float

    def beyond(self, errors: float) -> bool:
        """Whether the difference is more than so many standard errors away from zero."""
        return abs(self.value) > errors * self.error


NOTHING = Difference(0.0, 0.0)
"""The difference of a case from itself: exact, not an estimate."""


def share_difference(changed: np.ndarray, base: np.ndarray) -> Difference:
    """Difference of the shares of paths [P] for which something holds, ``changed`` less ``base``.

    Half a path is added to each of the four cells of the paired table, so that a difference of zero has an error too
    (Agresti and Min, Statistics in Medicine 24, 2005).
    """
    gained, lost = float((changed & ~base).sum()), float((base & ~changed).sum())
    total = base.size + 2
    more, fewer = gained + 0.5, lost + 0.5
    error = np.sqrt(more + fewer - (more - fewer) ** 2 / total) / total
    return Difference((gained - lost) / base.size, float(error))


def mean_difference(changed: np.ndarray, base: np.ndarray) -> Difference:
    """Mean over paths [P] of ``changed`` less ``base``; nan when there is no path, an error of nan for a single one."""
    by_path = np.asarray(changed, dtype=float) - base
    if not by_path.size:
        return Difference(np.nan, np.nan)
    error = float(by_path.std(ddof=1) / np.sqrt(by_path.size)) if by_path.size > 1 else np.nan
    return Difference(float(by_path.mean()), error)


def columns_of(differences: dict[str, Difference]) -> dict[str, float]:
    """Differences as columns of a table: ``change_x`` and ``error_x`` for each name x."""
    return {
        column: number
        for name, difference in differences.items()
        for column, number in ((f"change_{name}", difference.value), (f"error_{name}", difference.error))
    }


@dataclass(frozen=True)
class Reading:
    """One company in one case, by path [P]: survival to each horizon, dilution, and other figures by name.

    The last horizon is the run's end, where dilution and figures are read. **Dilution is that of surviving paths**: its
    level is the median of the paths that survive, its change the mean over the paths that survive in both cases.
    """

    alive: dict[int, np.ndarray]
    dilution: np.ndarray
    figures: dict[str, np.ndarray]

    @classmethod
    def of(cls, outcome: Outcome, months: int, **figures: np.ndarray) -> Reading:
        """What is kept of a simulation of ``months``, with ``figures`` [P]."""
        alive = {horizon: outcome.alive(horizon) for horizon in horizons(months, HORIZONS)}
        return cls(alive, outcome.final["dilution"], figures)

    @property
    def survivors(self) -> np.ndarray:
        """Which paths [P] survive to the end of the run."""
        return self.alive[max(self.alive)]

    def levels(self) -> dict[str, float]:
        """The case itself: survival with its errors as ``level_error_x``, dilution, means of the figures."""
        shares = {horizon: float(alive.mean()) for horizon, alive in self.alive.items()}
        return {
            **{f"survival_{horizon}": share for horizon, share in shares.items()},
            **{f"level_error_{horizon}": float(standard_error(s, self.dilution.size)) for horizon, s in shares.items()},
            "dilution": median(self.dilution[self.survivors]),
            **{name: float(values.mean()) for name, values in self.figures.items()},
        }

    def less(self, other: Reading) -> dict[str, Difference]:
        """The differences from another case on common paths; exactly nothing from itself."""
        names = [*(f"survival_{horizon}" for horizon in self.alive), "dilution", *self.figures]
        if self is other:
            return dict.fromkeys(names, NOTHING)
        both = self.survivors & other.survivors
        found = [share_difference(alive, other.alive[horizon]) for horizon, alive in self.alive.items()]
        found.append(mean_difference(self.dilution[both], other.dilution[both]))
        found += [mean_difference(values, other.figures[name]) for name, values in self.figures.items()]
        return dict(zip(names, found, strict=True))


def median(values: np.ndarray) -> float:
    """The median, nan of nothing."""
    return float(np.median(values)) if values.size else np.nan
