"""Differences on common paths, each with the error of the difference, and tables as text.

Two runs with the same draws differ far less path by path than two independent ones: the error of a difference is that
of the mean of the differences, not the root of two squared errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd


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


def markdown(table: pd.DataFrame, digits: int = 3) -> str:
    """A table in Markdown, its index first; numbers with ``digits`` significant digits below 1,000 and none above.

    >>> print(markdown(pd.DataFrame({"share": [0.51239], "BTC": [15133.2]}, index=pd.Index(["MARA"], name="company"))))
    | company | share | BTC |
    |---|---:|---:|
    | MARA | 0.512 | 15,133 |
    """
    flat = table.reset_index()
    numeric = [pd.api.types.is_numeric_dtype(flat[name]) for name in flat]
    lines = [[str(name) for name in flat], ["---:" if number else "---" for number in numeric]]
    lines += [[_cell(value, digits) for value in row] for row in flat.itertuples(index=False)]
    heads = ["| " + " | ".join(line) + " |" for line in lines]
    heads[1] = heads[1].replace(" ", "")
    return "\n".join(heads)


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float):
        if not np.isfinite(value):
            return "-"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"
    return str(value)


def columns_of(differences: dict[str, Difference]) -> dict[str, float]:
    """Differences as columns of a table: ``change_x`` and ``error_x`` for each name x."""
    return {
        column: number
        for name, difference in differences.items()
        for column, number in ((f"change_{name}", difference.value), (f"error_{name}", difference.error))
    }


def horizons_within(months: int, horizons: Sequence[int]) -> tuple[int, ...]:
    """The ``horizons`` that lie within a run of ``months``, the run's own end when none does."""
    return tuple(horizon for horizon in horizons if horizon <= months) or (months,)
