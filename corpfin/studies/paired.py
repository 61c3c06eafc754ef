"""Differences on common paths, each with the error of the difference.

Two runs with the same draws differ far less path by path than two independent ones: the error of a difference is that
of the mean of the differences, not the root of two squared errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from corpfin.common.columns import Column, Place, Row, name_of_error
from corpfin.runs.difference import NOTHING, Difference, share_difference
from corpfin.runs.outcome import DILUTION, Outcome
from corpfin.runs.readings import COMPARED, horizons
from corpfin.runs.tally import Moments, Paired

ContextT = TypeVar("ContextT")

DILUTION_NOTE = (
    "Dilution: diluted shares over those at the start, of paths that survive to the end (a level is their median, a "
    "change the mean over paths that survive both ways)."
)
"""The one convention, said on every page that shows dilution."""


def mean_difference(moments: Moments) -> Difference:
    """The mean of differences by path; nan when there is no path, an error of nan for a single one."""
    return Difference(moments.mean, moments.error(freedom=1))


@dataclass(frozen=True)
class Reading:
    """One company in one case: survival to each of ``horizons``, dilution, and the means of other ``figures``.

    The last horizon is the run's end, where dilution and figures are read. **Dilution is that of surviving paths**: its
    level is the median of the paths that survive, its change the mean over the paths that survive in both cases.
    """

    outcome: Outcome
    horizons: tuple[int, ...]
    figures: tuple[str, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome, *figures: str) -> Reading:
        """What is read off an outcome, with ``figures`` that its run measured."""
        return cls(outcome, horizons(outcome.months, COMPARED), figures)

    def less(self, other: Reading) -> dict[str, Difference]:
        """The differences from another case on common paths; exactly nothing from itself.

        ``KeyError`` when the run did not compare the two.
        """
        names = [*(f"survival_{horizon}" for horizon in self.horizons), "dilution", *self.figures]
        if self.outcome.key == other.outcome.key:
            return dict.fromkeys(names, NOTHING)
        pair = self.outcome.against(other.outcome)
        found = [survival_difference(pair, horizon) for horizon in self.horizons]
        found += [mean_difference(pair.moments[name]) for name in ("dilution", *self.figures)]
        return dict(zip(names, found, strict=True))


def survival_difference(pair: Paired, horizon: int) -> Difference:
    """The difference of survival to a horizon."""
    return share_difference(pair.gained[horizon], pair.lost[horizon], pair.paths)


def median(values: np.ndarray) -> float:
    """The median, nan of nothing."""
    return float(np.median(values)) if values.size else np.nan


@dataclass(frozen=True)
class Measure:
    """What is compared between two cases: how it stands in one, with an error where it has one, and as a change.

    A page shows a change ``scale`` times, with ``digits``, under ``heading``, and ``note`` below a table of its own.
    """

    name: str
    unit: str
    label: str
    meaning: str
    change: str
    level: Callable[[Reading], float]
    error: Callable[[Reading], float] | None = None
    heading: str = ""
    scale: float = 1.0
    digits: int = 0
    note: str = ""


def measures(months: int, *others: Measure) -> tuple[Measure, ...]:
    """What every study of differences compares, survival to each horizon and dilution, and its ``others``."""
    return (*(survival(month) for month in horizons(months, COMPARED)), _DILUTION, *others)


def mean_of(
    name: str, unit: str, label: str, meaning: str, change: str, heading: str, digits: int = 0, note: str = ""
) -> Measure:
    """A figure of the readings, compared by its mean over all paths."""

    def level(reading: Reading) -> float:
        return reading.outcome.tally.moments[name].mean

    return Measure(name, unit, label, meaning, change, level, heading=heading, digits=digits, note=note)


def level_columns(compared: tuple[Measure, ...]) -> list[Column[Reading]]:
    """The measures as they stand in a case, each followed by its error where it has one."""
    found: list[Column[Reading]] = []
    for item in compared:
        found.append(Column(item.name, item.unit, item.label, item.meaning, item.level))
        if item.error is not None:
            found.append(error_column(item.name, item.unit, item.label, item.error))
    return found


def change_columns(
    compared: tuple[Measure, ...],
    reach: Callable[[ContextT], dict[str, Difference]],
    *,
    prefix: str = "change_",
    label: str = "change",
    part: str = "",
) -> list[Column[ContextT]]:
    """The measures as changes, each followed by its error; shown on a page in the table ``part``."""
    found: list[Column[ContextT]] = []
    for item in compared:
        name, title = f"{prefix}{item.name}", f"{item.label}, {label}"
        show = partial(_shown, name=name, scale=item.scale, digits=item.digits)
        places = (Place(part, item.heading),) if part else ()
        value, error = (
            partial(_part, reach=reach, name=item.name, n=0),
            partial(_part, reach=reach, name=item.name, n=1),
        )
        found.append(Column(name, item.unit, title, item.change, value, show, places))
        found.append(error_column(name, item.unit, title, error))
    return found


def error_column(name: str, unit: str, label: str, read: Callable[[ContextT], float]) -> Column[ContextT]:
    """The standard error of a column."""
    return Column(name_of_error(name), unit, f"{label}, error", "its standard error", read)


def with_error(value: float, error: float, digits: int) -> str:
    """A change with its sign and its error, a dash for none; what rounds to nothing has no sign.

    >>> with_error(-0.15, 0.02, 2), with_error(-0.004, 0.004, 1), with_error(-0.04, 0.06, 1), with_error(np.nan, 0.0, 1)
    ('-0.15 ± 0.02', '0', '0.0 ± 0.1', '-')
    """
    if np.isnan(value):
        return "-"
    change, spread = round(value, digits) + 0.0, round(error, digits)
    if change == 0.0 and spread == 0.0:
        return "0"
    shown = f"{change:{'+' if change else ''},.{digits}f}"
    return shown if np.isnan(error) else f"{shown} ± {spread:,.{digits}f}"


def _part(context: ContextT, reach: Callable[[ContextT], dict[str, Difference]], name: str, n: int) -> float:
    return reach(context)[name][n]


def _shown(row: Row, name: str, scale: float, digits: int) -> str:
    return with_error(scale * row[name], scale * row[name_of_error(name)], digits)


def survival(month: int) -> Measure:
    """Survival to a month as a measure."""

    def level(reading: Reading) -> float:
        return reading.outcome.survival(month)

    def error(reading: Reading) -> float:
        return reading.outcome.survival_error(month)

    meaning = f"share of paths not in default at the end of month {month}"
    return Measure(
        f"survival_{month}",
        "1",
        f"Survival to month {month}",
        meaning,
        "difference of the shares on common paths",
        level,
        error,
        f"month {month}",
        100.0,
        1,
    )


_DILUTION = Measure(
    DILUTION.name,
    DILUTION.unit,
    DILUTION.label,
    DILUTION.meaning,
    "mean difference over the paths that survive both ways",
    lambda reading: median(reading.outcome.sample["dilution"][reading.outcome.survivors]),
    None,
    "dilution",
    100.0,
    1,
    DILUTION_NOTE,
)
