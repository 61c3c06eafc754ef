"""What is kept of a company's simulated paths, and the columns every table of simulations starts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from corpfin.common.columns import TEXT, Column, Place, Row, name_of_error
from corpfin.common.text import chance, share
from corpfin.engine import Row as GraphRow
from corpfin.runs.cases import CompanyCase
from corpfin.runs.readings import CAUSES, HORIZONS, horizons


@dataclass(frozen=True)
class PathSum:
    """A line summed over months on every path, kept as one number a path.

    A line of a block is summed over its instances too, each times the opening values of its inputs ``weights``.
    ``last`` is how many months count, up to the horizon (0: all); ``until_default`` leaves out those after default.
    """

    line: str
    scope: str = ""
    weights: tuple[str, ...] = ()
    last: int = 0
    until_default: bool = False

    def rows(self, case: CompanyCase) -> list[GraphRow]:
        """The rows of the graph it needs: one, or one an instance."""
        return [GraphRow(self.scope, self.line, k) for k in range(case.data.count(self.scope))]

    def total(self, case: CompanyCase, rows: np.ndarray, default_month: np.ndarray) -> np.ndarray:
        """The sums [P] of ``rows`` [K, M, P]; ``default_month`` [P] is 0 on a path without default."""
        for weight in self.weights:
            rows = rows * case.data.openings[self.scope][weight][:, None, None]
        by_month = rows.sum(axis=0)
        if self.until_default:
            number = np.arange(1, by_month.shape[0] + 1)[:, None]
            by_month = np.where((default_month == 0) | (number <= default_month), by_month, 0.0)
        return np.asarray(by_month[-self.last :].sum(axis=0))


@dataclass(frozen=True, eq=False)
class Outcome:
    """One company's simulation: ``final[name]`` [P] at the horizon, ``monthly[name]`` [M, min(P, KEPT)].

    ``final`` also holds the sums asked for, under their names. ``check_worst`` [P] is each path's largest value of any
    check over the months, in the check's unit.
    """

    case: CompanyCase
    final: dict[str, np.ndarray]
    monthly: dict[str, np.ndarray]
    check_worst: np.ndarray

    def alive(self, month: int) -> np.ndarray:
        """Which paths [P] are not in default at the end of ``month``."""
        default = self.final["default_month"]
        return np.asarray((default == 0) | (default > month))

    @property
    def months(self) -> int:
        """Length of the run."""
        return self.case.data.months

    @property
    def paths(self) -> int:
        """Number of paths P."""
        return self.check_worst.size

    @property
    def survivors(self) -> np.ndarray:
        """Which paths [P] are not in default at the horizon."""
        return self.alive(self.months)

    def survival(self, month: int) -> float:
        """Share of paths not in default at the end of ``month``."""
        return float(self.alive(month).mean())

    def causes(self) -> dict[str, float]:
        """Share of paths in default by the horizon by cause, every cause in the order of its code."""
        code = self.final["default_cause"]
        return {cause: float((code == number).mean()) for number, cause in CAUSES.items() if number}

    def top_cause(self) -> str:
        """The most frequent cause of default, none where no path fails."""
        shares = self.causes()
        cause = max(shares, key=shares.__getitem__)
        return cause if shares[cause] > 0 else CAUSES[0]


def standard_error(share: Any, paths: int) -> Any:
    """Standard error of a share of ``paths`` independent paths.

    Wilson's centre (Agresti and Coull 1998) is used, so that a share of 0 or 1 has an error too.
    """
    centre = (np.asarray(share) * paths + 2) / (paths + 4)
    return np.sqrt(centre * (1 - centre) / (paths + 4))


def quantile(values: np.ndarray, q: float) -> float:
    """A quantile, nan of nothing."""
    return float(np.quantile(values, q)) if values.size else np.nan


def shown_with_error(name: str, row: Row) -> str:
    """A share and its error in per cent, the sign left out."""
    return chance(row[name], row[name_of_error(name)]).removesuffix(" %")


def survival_columns(months: int, wanted: Sequence[int], part: str = "", sheet: str = "") -> list[Column[Outcome]]:
    """Survival to each horizon within the run and to its end, each with its error."""
    found: list[Column[Outcome]] = []
    for month in horizons(months, wanted):
        name = f"survival_{month}"
        found += [
            Column(
                name,
                "1",
                f"Survival to month {month}",
                f"share of paths not in default at the end of month {month}",
                lambda outcome, month=month: outcome.survival(month),  # type: ignore[misc]
                partial(shown_with_error, name),
                (Place(part, f"{month} months"),) if part else (),
                sheet,
            ),
            Column(
                name_of_error(name),
                "1",
                f"Survival to month {month}, error",
                "its standard error",
                lambda outcome, month=month: float(standard_error(outcome.survival(month), outcome.paths)),  # type: ignore[misc]
                sheet=sheet,
            ),
        ]
    return found


DILUTION: Column[Outcome] = Column(
    "dilution",
    "1",
    "Dilution",
    "diluted shares over those at the start, median of the paths that survive to the end",
    lambda outcome: quantile(outcome.final["dilution"][outcome.survivors], 0.5),
    lambda row: share(row["dilution"]),
)
DILUTION_95: Column[Outcome] = Column(
    "dilution_95",
    "1",
    "Dilution, 95 % quantile",
    "the same, 95 % of the surviving paths are below",
    lambda outcome: quantile(outcome.final["dilution"][outcome.survivors], 0.95),
    lambda row: share(row["dilution_95"]),
)
BASIC_DILUTION: Column[Outcome] = Column(
    "basic_dilution",
    "1",
    "Basic dilution",
    "shares outstanding over those at the start, median of the paths that survive to the end",
    lambda outcome: quantile(outcome.final["basic_dilution"][outcome.survivors], 0.5),
    lambda row: share(row["basic_dilution"]),
)
TOP_CAUSE: Column[Outcome] = Column(
    "top_cause",
    TEXT,
    "Main cause of default",
    "the most frequent cause of default by the horizon",
    lambda outcome: outcome.top_cause(),
)


def summary_columns(months: int) -> tuple[Column[Outcome], ...]:
    """The columns of a simulation's summary."""
    return (
        *survival_columns(months, HORIZONS),
        DILUTION,
        DILUTION_95,
        BASIC_DILUTION,
        Column(
            "btc_sold_median",
            "BTC",
            "Bitcoin sold",
            "bitcoin sold up to the horizon, median path",
            lambda outcome: quantile(outcome.final["btc_sold_total"], 0.5),
        ),
        Column(
            "btc_left_median",
            "BTC",
            "Bitcoin held at the end",
            "bitcoin held at the horizon, median path",
            lambda outcome: quantile(outcome.final["btc"], 0.5),
        ),
        Column(
            "project_defaults",
            "1",
            "Projects taken by their lenders",
            "share of paths on which lenders take at least one project",
            lambda outcome: float((outcome.final["projects_lost"] > 0).mean()),
        ),
        TOP_CAUSE,
    )
