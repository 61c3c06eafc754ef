"""Stress: every company under every scenario, against base, on the same paths.

A scenario changes what is drawn or given; the draws stay those of the base case, so that a difference shows the
scenario and not the luck of another sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.tables import markdown
from corpfin.inputs import AsOf, InputError, Market, Problem, Scenario, known_scenarios
from corpfin.inputs.known import Known
from corpfin.runs.batch import gather, prepare_batch
from corpfin.runs.blocks import Job, Measured, PathSum, World
from corpfin.runs.cases import prepare_market
from corpfin.runs.difference import Difference
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.scatter import Progress, run_job
from corpfin.runs.simulation import of_job
from corpfin.runs.tally import Key
from corpfin.studies.paired import Measure, Reading, change_columns, level_columns, mean_of, measures
from corpfin.studies.result import Result, known_name

BASE = "base"


def _gap(final: Mapping[str, np.ndarray], alive: np.ndarray) -> np.ndarray:
    return np.asarray(final["paid_in"] + final["unfunded"])


GAP = Measured(
    {
        "paid_in": PathSum("paid_in", "hpc", weights=("committed",)),
        "unfunded": PathSum("committed_gap", "hpc", weights=("ownership",), last=1),
    },
    {"funding_gap": _gap},
)
"""The funding gap of a path: paid into committed projects, and still unfunded at the horizon."""


FUNDING_GAP = mean_of(
    "funding_gap",
    "USD m",
    "Funding gap",
    "what committed projects ask of the company from the start on, mean of all paths",
    "mean difference over all paths",
    "gap",
    note="What committed projects ask of the company from the start on. A project that its lenders have taken asks for "
    "nothing more: a gap may fall because things get worse.",
)


def compared(months: int) -> tuple[Measure, ...]:
    """What scenarios are compared by."""
    return measures(months, FUNDING_GAP)


@dataclass(frozen=True)
class Stressed:
    """A company under a scenario, and what the scenario changes against base."""

    reading: Reading
    changes: dict[str, Difference]


def columns(months: int) -> tuple[Column[Stressed], ...]:
    """The columns of a stress's table over ``months``."""
    by = compared(months)
    levels: list[Column[Stressed]] = [column.of(lambda found: found.reading) for column in level_columns(by)]
    return (*levels, *change_columns(by, lambda found: found.changes))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Stress(Result):
    """The result of :func:`stress`; ``scenario`` is the one the others are held against.

    ``table`` has one row for each (company, scenario), base first: how each stands, and what it changes against base.

    ``stories`` holds each scenario's two lines, ``inert`` why a scenario changes nothing in the months of this run.
    """

    stories: dict[str, str]
    inert: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Column[Stressed], ...]:
        """The columns of the table."""
        return columns(self.months)

    @property
    def main_column(self) -> str:
        """Survival to the end of the run."""
        return f"survival_{self.months}"

    def matrix(self, column: str) -> pd.DataFrame:
        """One figure of the table, company by scenario in the order of the run; ``KeyError`` for an unknown one."""
        known_name(column, self.table.columns, "column")
        wide = self.table[column].unstack("scenario")
        return wide.reindex(index=self.table.index.unique("company"), columns=list(self.stories))

    def sorted(self, column: str, *, descending: bool = True) -> pd.DataFrame:
        """The table with its companies in the order of survival under a scenario; ``KeyError`` for an unknown one."""
        known_name(column, self.stories, "scenario")
        order = self.matrix(self.main_column)[column].sort_values(ascending=not descending, kind="stable").index
        return self.table.reindex([key for ticker in order for key in self.table.index if key[0] == ticker])

    def to_markdown(self, column: str | None = None) -> str:
        """The matrix of one figure in Markdown, of survival to the end of the run when None."""
        return markdown(self.matrix(column or self.main_column))


documented(Stress, columns(MONTHS))


def stress(
    companies: Companies = None,
    scenarios: Sequence[ScenarioLike] | ScenarioLike | None = None,
    *,
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Stress:
    """Run companies under scenarios and hold each against base on the same paths.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first, ``scenarios`` None for
    the shipped library. A scenario may be a combination, ``"btc-half+funding-shut"``. Base is run whether it is named
    or not. ``known`` says how much of what has happened is seen. Raises ``InputError`` for an unknown scenario, with
    the nearest name, for two that differ and share a name, and when no company can be used; ``ValueError`` for paths or
    months below one.
    """
    market, as_of = market_and_date(companies, market, as_of, folder)
    run = _by_name(scenarios)
    found, failures = gather(companies, market, as_of, folder)
    worlds: dict[str, World] = {}
    for name, scenario in run.items():
        market_case = prepare_market(market, scenario, months, known, inert=True)
        cases, unfit = prepare_batch(found, market_case)
        failures |= {f"{ticker} under {name}": failure for ticker, failure in unfit.items()}
        worlds[name] = World(market_case, tuple(cases))
    base: dict[str, Key] = {}
    keys = [Key(name, case.label) for name, world in worlds.items() for case in world.cases]
    pairs = [(key, base[key.label]) for key in keys if base.setdefault(key.label, key) != key]
    job = Job(worlds, paths, seed, months_kept=False, measured=GAP, pairs=pairs, differences=True)
    simulations = of_job(job, run_job(job, threads, executor, progress))
    rows: dict[tuple[str, str], Stressed] = {}
    for key in keys:
        reading, other = (
            Reading.of(simulations[world].outcomes[label], FUNDING_GAP.name) for world, label in (key, base[key.label])
        )
        rows[key.label, key.world] = Stressed(reading, reading.less(other))
    order = [(company.ticker, name) for company in found for name in run if (company.ticker, name) in rows]
    table = frame(columns(months), {key: rows[key] for key in order}, ["company", "scenario"])
    stories = {name: scenario.story for name, scenario in run.items()}
    inert = {name: world.market_case.inert for name, world in worlds.items() if world.market_case.inert}
    return Stress(
        table=table,
        failures=failures,
        scenario=BASE,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        stories=stories,
        inert=inert,
    )


def scenario_names(scenarios: Sequence[ScenarioLike] | ScenarioLike | None = None) -> list[str]:
    """The names under which :func:`stress` would run these scenarios, base first; ``InputError`` as there."""
    return list(_by_name(scenarios))


def _by_name(scenarios: Sequence[ScenarioLike] | ScenarioLike | None) -> dict[str, Scenario]:
    """Scenarios by name, base first; a file that takes another's name would stand in the table as that other."""
    if scenarios is None:
        scenarios = list(known_scenarios())
    wanted = [scenarios] if isinstance(scenarios, ScenarioLike) else list(scenarios)
    found: dict[str, Scenario] = {}
    for scenario in [scenario_of(BASE), *map(scenario_of, wanted)]:
        other = found.setdefault(scenario.name, scenario)
        if other.digest() != scenario.digest():
            message = f"is the name of {other.file.name} too; give one of them another name"
            raise InputError([Problem(scenario.file.name, "scenario.name", scenario.name, message)])
    return found
