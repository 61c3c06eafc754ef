"""One company's share of a simulation: probabilities with their errors, quantiles by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpfin.common.text import chance
from corpfin.runs import Simulation
from corpfin.runs.outcome import standard_error


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
        return self._chance(self.summary["project_defaults"])

    @property
    def failing(self) -> Chance:
        """Chance of a default within the horizon."""
        return self._chance(self.default_months.size / self.simulation.paths)

    @property
    def default_months(self) -> np.ndarray:
        """Month of default of each path that fails."""
        month = self.outcome.final["default_month"]
        return month[month > 0]

    def alive(self, month: int) -> Chance:
        """Chance of no default by the end of ``month``, counted from 1."""
        return Chance(*self.survival.iloc[month - 1].tolist())

    def _chance(self, share: float) -> Chance:
        return Chance(share, float(standard_error(share, self.simulation.paths)))


def _row(table: pd.DataFrame, label: str) -> dict[str, Any]:
    return {str(name): value for name, value in table.to_dict("index")[label].items()}
