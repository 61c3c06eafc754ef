"""Differences of shares on common paths, each with the error of the difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Difference(NamedTuple):
    """A difference and its standard error, in the unit of what was compared."""

    value: float
    error: float

    def beyond(self, errors: float) -> bool:
        """Whether the difference is more than so many standard errors away from zero."""
        return abs(self.value) > errors * self.error


NOTHING = Difference(0.0, 0.0)
"""The difference of a case from itself: exact, not an estimate."""


def share_difference(gained: int, lost: int, paths: int) -> Difference:
    """Difference of two shares of common paths: ``gained`` by one case alone, ``lost`` by it alone.

    Half a path is added to each of the four cells of the paired table, so that a difference of zero has an error too
    (Agresti and Min, Statistics in Medicine 24, 2005).
    """
    total = paths + 2
    more, fewer = gained + 0.5, lost + 0.5
    error = np.sqrt(more + fewer - (more - fewer) ** 2 / total) / total
    return Difference((gained - lost) / paths, float(error))
