"""Stress: every company under every scenario, against base, on the same paths.

A scenario changes what is drawn or given; the draws stay those of the base case, so that a difference shows the
scenario and not the luck of another sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.inputs import Failure, InputError, Market, Problem, Scenario, known_scenarios, load_market
from corpfin.studies.batch import Companies, gather, prepare_batch
from corpfin.studies.model import MONTHS, prepare_market
from corpfin.studies.paired import (
    NOTHING,
    Difference,
    columns_of,
    horizons_within,
    markdown,
    mean_difference,
    share_difference,
)
from corpfin.studies.projection import ScenarioLike, scenario_of
from corpfin.studies.simulation import Outcome, PathSum, Progress, part_of, run_cases, standard_error

PATHS = 4_096
"""Paths of each scenario unless another number is asked for: differences on common paths need few."""

HORIZONS = (36, 60)
BASE = "base"

GAP = {
    "paid_in": PathSum("paid_in", "hpc", weights=("committed",)),
    "unfunded": PathSum("committed_gap", "hpc", weights=("ownership",), last=1),
}
"""What makes up the funding gap of a path: paid into committed projects, and still unfunded at the horizon."""


@dataclass(frozen=True, eq=False)
class Stress:
    """The result of :func:`stress`; ``failures`` says by name why a company is missing.

    ``table`` has one row for each (company, scenario), base first:

    - ``survival_36``, ``survival_60``: share of paths not in default [1], with ``level_error_36`` ...;
    - ``dilution``: median of surviving paths at the horizon [1];
    - ``funding_gap``: what committed projects ask of the company from the start on, mean of all paths; a project that
      its lenders have taken asks no more [USD m];
    - ``change_x`` and ``error_x``: the difference from base and its standard error on common paths; that of dilution is
      the mean over the paths that survive under both.

    ``stories`` holds each scenario's two lines.
    """

    table: pd.DataFrame
    stories: dict[str, str]
    paths: int
    seed: int
    failures: dict[str, Failure]

    def matrix(self, column: str) -> pd.DataFrame:
        """One figure of the table, company by scenario in the order of the run; ``KeyError`` for an unknown one."""
        wide = self.table[column].unstack("scenario")
        return wide.reindex(index=self.table.index.unique("company"), columns=list(self.stories))

    def to_markdown(self, column: str = "survival_60") -> str:
        """The matrix of one figure in Markdown."""
        return markdown(self.matrix(column))

    def to_csv(self, file: Path | str) -> None:
        """Write the table as CSV; ``OSError`` if it cannot be written."""
        self.table.to_csv(file, lineterminator="\n")


@dataclass(frozen=True)
class Reading:
    """One company under one scenario: survival by horizon, dilution and funding gap of every path [P]."""

    alive: dict[int, np.ndarray]
    dilution: np.ndarray
    gap: np.ndarray

    @classmethod
    def of(cls, outcome: Outcome, months: int) -> Reading:
        """What is kept of a simulation."""
        return cls(
            {horizon: outcome.alive(horizon) for horizon in horizons_within(months, HORIZONS)},
            outcome.final["dilution"],
            outcome.final["paid_in"] + outcome.final["unfunded"],
        )

    @property
    def survivors(self) -> np.ndarray:
        """Which paths [P] survive to the longest horizon."""
        return self.alive[max(self.alive)]

    def levels(self) -> dict[str, float]:
        """The figures of the scenario itself."""
        survivors = self.dilution[self.survivors]
        shares = {horizon: float(alive.mean()) for horizon, alive in self.alive.items()}
        return {
            **{f"survival_{horizon}": share for horizon, share in shares.items()},
            **{f"level_error_{horizon}": float(standard_error(s, self.gap.size)) for horizon, s in shares.items()},
            "dilution": float(np.median(survivors)) if survivors.size else np.nan,
            "funding_gap": float(self.gap.mean()),
        }

    def less(self, base: Reading) -> dict[str, Difference]:
        """The differences from base; exactly nothing from itself."""
        names = [*(f"survival_{horizon}" for horizon in self.alive), "dilution", "funding_gap"]
        if self is base:
            return dict.fromkeys(names, NOTHING)
        both = self.survivors & base.survivors
        found = [share_difference(alive, base.alive[horizon]) for horizon, alive in self.alive.items()]
        found.append(mean_difference(self.dilution[both], base.dilution[both]))
        found.append(mean_difference(self.gap, base.gap))
        return dict(zip(names, found, strict=True))


def stress(
    companies: Companies = None,
    scenarios: Sequence[ScenarioLike] | ScenarioLike | None = None,
    *,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    progress: Progress | None = None,
) -> Stress:
    """Run companies under scenarios and hold each against base on the same paths.

    ``companies`` None stands for all that are known by ticker, ``scenarios`` None for the shipped library. A scenario
    may be a combination, ``"btc-half+funding-shut"``. Base is run whether it is named or not. Raises ``InputError`` for
    an unknown scenario, with the nearest name, for two that differ and share a name, and when no company can be used.
    """
    market = market or load_market()
    found, failures = gather(companies, market)
    if scenarios is None:
        scenarios = list(known_scenarios())
    wanted = [scenarios] if isinstance(scenarios, ScenarioLike) else list(scenarios)
    run = _by_name([scenario_of(BASE), *map(scenario_of, wanted)])
    base: dict[str, Reading] = {}
    rows = {}
    for number, (name, scenario) in enumerate(run.items()):
        market_case = prepare_market(market, scenario, months)
        cases, unfit = prepare_batch(found, market_case)
        failures |= {f"{ticker} under {name}": failure for ticker, failure in unfit.items()}
        simulation = run_cases(
            market_case,
            cases,
            paths=paths,
            seed=seed,
            threads=threads,
            progress=part_of(progress, number, 1, len(run)),
            kept=0,
            sums=GAP,
        )
        for label, outcome in simulation.outcomes.items():
            reading = Reading.of(outcome, months)
            differences = reading.less(base.setdefault(label, reading))
            rows[label, name] = reading.levels() | columns_of(differences)
    table = pd.DataFrame(rows).T.rename_axis(["company", "scenario"])
    order = [company.ticker for company in found]
    table = table.reindex([(ticker, name) for ticker in order for name in run if (ticker, name) in rows])
    return Stress(table, {name: scenario.story for name, scenario in run.items()}, paths, seed, failures)


def _by_name(scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Scenarios by name; a file that takes the name of another one would stand in the table as that other."""
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        other = found.setdefault(scenario.name, scenario)
        if other.digest() != scenario.digest():
            message = f"is the name of {other.file.name} too; give one of them another name"
            raise InputError([Problem(scenario.file.name, "scenario.name", scenario.name, message)])
    return found
