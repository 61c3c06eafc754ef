"""Differences on common paths, each with the error of the difference.

Two runs with the same draws differ far less path by path than two independent ones: the error of a difference is that
of the mean of the differences, not the root of two squared errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from corpfin.common.columns import Column, Place, Row, name_of_error
from corpfin.runs.outcome import DILUTION, Outcome, standard_error
from corpfin.runs.readings import COMPARED, horizons

ContextT = TypeVar("ContextT")

DILUTION_NOTE = (
    "Dilution: diluted shares over those at the start, of paths that survive to the end (a level is their median, a "
    "change the mean over paths that survive both ways)."
)
"""The one convention, said on every page that shows dilution."""


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
        alive = {horizon: outcome.alive(horizon) for horizon in horizons(months, COMPARED)}
        return cls(alive, outcome.final["dilution"], figures)

    @property
    def survivors(self) -> np.ndarray:
        """Which paths [P] survive to the end of the run."""
        return self.alive[max(self.alive)]

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
        return float(reading.figures[name].mean())

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
    """A change with its sign and its error, a dash for none.

    >>> with_error(-0.15, 0.02, 2), with_error(0.0, 0.0, 1), with_error(np.nan, np.nan, 1)
    ('-0.15 ± 0.02', '0', '-')
    """
    if np.isnan(value):
        return "-"
    if value == 0.0 and error == 0.0:
        return "0"
    shown = f"{value + 0.0:+,.{digits}f}"
    return shown if np.isnan(error) else f"{shown} ± {error:,.{digits}f}"


def _part(context: ContextT, reach: Callable[[ContextT], dict[str, Difference]], name: str, n: int) -> float:
    return reach(context)[name][n]


def _shown(row: Row, name: str, scale: float, digits: int) -> str:
    return with_error(scale * row[name], scale * row[name_of_error(name)], digits)


def survival(month: int) -> Measure:
    """Survival to a month as a measure."""

    def level(reading: Reading) -> float:
        return float(reading.alive[month].mean())

    def error(reading: Reading) -> float:
        return float(standard_error(level(reading), reading.dilution.size))

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
    lambda reading: median(reading.dilution[reading.survivors]),
    None,
    "dilution",
    100.0,
    1,
    DILUTION_NOTE,
)
