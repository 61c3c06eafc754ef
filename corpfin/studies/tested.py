"""A company of a back-test: what its paths say beside what happened to it, and the columns of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from corpfin.common.columns import ERROR, TEXT, Column, Place
from corpfin.common.columns import Row as TableRow
from corpfin.common.defaults import BACKTEST_MONTHS
from corpfin.common.text import share, whole
from corpfin.runs.outcome import DEFAULT_MONTH, FIRST_UNPAID_BILL, Outcome, failure_columns
from corpfin.runs.readings import horizons
from corpfin.studies.burdens import NAMED
from corpfin.studies.drivers import COLUMNS as DRIVER_COLUMNS
from corpfin.studies.drivers import FoundDrivers
from corpfin.studies.realised import Realised

JUDGED = (12, 24)
"""Months to which failure is judged, as far as they lie within the run."""

LABELS = {name: label for name, label, _ in NAMED}
"""Headings of the drivers."""


@dataclass(frozen=True, eq=False)
class Tested:
    """A company of a back-test: its simulated paths, what drives its failures, and what happened to it."""

    outcome: Outcome
    drivers: FoundDrivers
    realised: Realised

    def probability(self, month: int) -> float:
        """Share of the paths that fail by the end of ``month``."""
        return self.outcome.failing(month) / self.outcome.paths

    @property
    def told_causes(self) -> list[str]:
        """The real cause in the words of the model; none where there is no failure or it is told in no such words."""
        return list(self.realised.failure.drivers or ()) if self.realised.failure else []

    @property
    def same_cause(self) -> float:
        """Share of the failures that one part of the real cause drives, their mean; nan without cause or failure."""
        shares = self.drivers.shares["share"]
        return float(shares[self.told_causes].mean()) if self.told_causes else np.nan


FAILURES, DRIVEN = "failures", "driven"
"""The tables of the page: what was said and what came, and what drives the paths that fail."""

STOOD = "stood"
UNKNOWN = "not known"


def _what_happened(realised: Realised) -> str:
    if realised.failure:
        return realised.failure.kind.replace("_", " ")
    return STOOD if realised.survived else UNKNOWN


def _when(realised: Realised) -> str:
    day = realised.failure.date if realised.failure else realised.survived
    return str(day or "")


def _month(row: TableRow) -> str:
    if np.isnan(row["default_month"]):
        return "-"
    return f"{whole(row['default_month'])} ({whole(row['default_month_10'])}-{whole(row['default_month_90'])})"


def _drivers() -> list[Column[Tested]]:
    """The share of each driver, as in the study of drivers, without the error on the page."""
    found: list[Column[Tested]] = []
    for column in DRIVER_COLUMNS:
        if column.name in LABELS:
            found.append(
                replace(
                    column,
                    show=partial(_per_cent, column.name),
                    places=(Place(DRIVEN, LABELS[column.name]),),
                ).of(lambda tested: tested.drivers)
            )
        elif column.name.removesuffix(ERROR) in LABELS:
            found.append(column.of(lambda tested: tested.drivers))
    return found


def _per_cent(name: str, row: TableRow) -> str:
    """A share in per cent, marked where the driver is part of the real cause."""
    return share(row[name]).removesuffix(" %") + ("*" if LABELS[name] in row["cause_drivers"].split(", ") else "")


def columns(months: int = BACKTEST_MONTHS) -> tuple[Column[Tested], ...]:
    """The columns of a back-test's table over ``months``."""
    found: list[Column[Tested]] = []
    for month in horizons(months, JUDGED):
        columns = failure_columns(month, (Place(FAILURES, f"by {month} %"),))
        found += [column.of(lambda tested: tested.outcome) for column in columns]
    median = replace(DEFAULT_MONTH, show=_month, places=(Place(FAILURES, "month"),))
    found.append(median.of(lambda tested: tested.outcome))
    found += [
        Column(
            f"default_month_{100 * q:.0f}",
            "month",
            f"Month of default, {100 * q:.0f} % quantile",
            "of the same",
            lambda tested, q=q: tested.outcome.default_month(q),  # type: ignore[misc]
        )
        for q in (0.1, 0.9)
    ]
    found += [
        replace(
            FIRST_UNPAID_BILL,
            places=(Place(FAILURES, "first unpaid"),),
        ).of(lambda tested: tested.outcome),
        *_drivers(),
        Column(
            "happened",
            TEXT,
            "What happened",
            "kind of the first failure; stood, or not known",
            lambda tested: _what_happened(tested.realised),
            places=(Place(FAILURES, "happened"),),
        ),
        Column(
            "happened_on",
            TEXT,
            "Day of it",
            "of the failure, or the last on which the company is known to have stood",
            lambda tested: _when(tested.realised),
        ),
        Column(
            "happened_month",
            "month",
            "Real month of failure",
            "month of the failure; nan without one",
            lambda tested: tested.realised.month,
            lambda row: "" if np.isnan(row["happened_month"]) else whole(row["happened_month"]),
            (Place(FAILURES, "real month"),),
        ),
        Column(
            "cause",
            TEXT,
            "Real cause",
            "as it was told",
            lambda tested: (tested.realised.failure.cause or "") if tested.realised.failure else "",
        ),
        Column(
            "cause_drivers",
            TEXT,
            "Real cause as drivers",
            "the same in the words of the model",
            lambda tested: ", ".join(LABELS[name] for name in tested.told_causes),
        ),
        Column(
            "same_cause",
            "1",
            "Driven by the real cause",
            "share of the paths that fail which one of these drives, their mean; nan without a cause or a failure",
            lambda tested: tested.same_cause,
        ),
    ]
    found += [
        Column(
            f"failed_{month}",
            "1",
            f"Failed by month {month}",
            "1 or 0; nan where nobody knows yet",
            lambda tested, month=month: tested.realised.failed(month),  # type: ignore[misc]
        )
        for month in horizons(months, JUDGED)
    ]
    return tuple(found)
