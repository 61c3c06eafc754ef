"""One company's share of a simulation: probabilities with their errors, quantiles by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpfin.common.text import chance
from corpfin.runs import Simulation
from corpfin.runs.outcome import standard_error
from corpfin.runs.readings import BILLS


class Chance(NamedTuple):
    """A probability and its standard error, as text both in per cent."""

    share: float
    error: float

    def __str__(self) -> str:
        return chance(self.share, self.error)


class Bill(NamedTuple):
    """A first unpaid bill and the share of all paths that end with it."""

    bill: str
    share: float
    error: float


class Findings:
    """What a simulation says of the company under ``label``; ``KeyError`` when it is not one of the simulation's."""

    def __init__(self, simulation: Simulation, label: str) -> None:
        self.simulation, self.label = simulation, label
        self.outcome = simulation.outcomes[label]

    @property
    def survival(self) -> pd.DataFrame:
        """Survival by month and its error."""
        return self.simulation.survival.loc[:, [self.label]].droplevel(0, axis="columns")

    @property
    def summary(self) -> dict[str, Any]:
        """The company's row of the summary."""
        return _row(self.simulation.summary, self.label)

    @property
    def dilution(self) -> dict[str, Any]:
        """Quantiles of dilution."""
        return _row(self.simulation.dilution, self.label)

    @property
    def first_unpaid_bills(self) -> list[Bill]:
        """First unpaid bills, the most frequent first, those on no path too."""
        return [Bill(*row) for row in self.simulation.first_unpaid_bills.loc[[self.label]].itertuples(index=False)]

    @property
    def lenders_take(self) -> Chance:
        """Chance that lenders take at least one project."""
        share = self.summary["project_defaults"]
        return Chance(share, float(standard_error(share, self.simulation.paths)))

    @property
    def failing(self) -> Chance:
        """Chance of a default within the horizon."""
        months = self.simulation.months
        return Chance(self.outcome.failing(months) / self.simulation.paths, self.outcome.survival_error(months))

    @property
    def half_failed(self) -> int:
        """The month by which half of the paths that fail have failed, 0 when none does."""
        failed = np.cumsum(self.outcome.tally.defaults[1:].sum(axis=1))
        return int(np.searchsorted(failed, (failed[-1] + 1) // 2) + 1) if failed[-1] else 0

    @property
    def defaults(self) -> dict[str, list[int]]:
        """Paths in default by first unpaid bill and month, all of them."""
        counts = self.outcome.tally.defaults[1:]
        return {bill: counts[:, code].tolist() for code, bill in BILLS.items() if code}

    def alive(self, month: int) -> Chance:
        """Chance of no default by the end of ``month``, counted from 1."""
        return Chance(*self.survival.iloc[month - 1].tolist())


def _row(table: pd.DataFrame, label: str) -> dict[str, Any]:
    return {str(name): value for name, value in table.to_dict("index")[label].items()}
