"""Monte Carlo: the same markets for every company, survival, dilution and first unpaid bill with their errors.

Every draw is a function of seed, stream name and path, so results do not depend on threads, on the number of paths or
on which companies run together.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from corpfin.common.columns import frame, name_of_error, to_html
from corpfin.common.defaults import MONTHS, PATHS
from corpfin.inputs import AsOf, Market
from corpfin.inputs.known import Known
from corpfin.runs.again import lines_again
from corpfin.runs.batch import distinct, named
from corpfin.runs.blocks import Job, World
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.outcome import Outcome, quantile, quantile_error, standard_error, summary_columns
from corpfin.runs.prices import month_end_prices, spread
from corpfin.runs.projection import (
    Companies,
    Projection,
    ScenarioLike,
    company_of,
    each,
    is_all,
    market_and_date,
    scenario_of,
    simulated,
)
from corpfin.runs.readings import KEPT, MONTHLY, QUANTILES
from corpfin.runs.scatter import Progress, run_job
from corpfin.runs.tally import Key, Summary

WORLD = "simulation"
"""The name of the one world of a simulation."""


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """The result of :func:`simulate`; tables are indexed by company."""

    market_case: MarketCase
    seed: int
    paths: int
    outcomes: dict[str, Outcome] = field(repr=False)
    _again: dict[tuple[str, str], np.ndarray] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        run = f"{self.months} months, {self.paths:,} paths, seed {self.seed}"
        return f"<Simulation {', '.join(self.outcomes)}; scenario {self.market_case.scenario.name}, {run}>"

    def _repr_html_(self) -> str:
        """The summary for a notebook."""
        return to_html(self.summary, summary_columns(self.months), repr(self))

    @property
    def months(self) -> int:
        """Length of the horizon."""
        return len(self.market_case.labels)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """Share of paths not in default at each month end and its standard error, columns (company, figure)."""
        columns = {}
        for ticker, outcome in self.outcomes.items():
            months = range(1, self.months + 1)
            columns[ticker, "survival"] = np.array([outcome.survival(month) for month in months])
            columns[ticker, "survival_error"] = np.array([outcome.survival_error(month) for month in months])
        return pd.DataFrame(columns, index=pd.Index(self.market_case.labels, name="month"))

    @cached_property
    def dilution(self) -> pd.DataFrame:
        """Quantiles of dilution at the horizon: of paths that survive, and of all (those in default as they stand).

        ``dilution_5`` and so on are of paths that survive, ``dilution_all_5`` of all, ``basic_dilution_5`` of basic
        dilution on paths that survive. Quantiles are those of the sample, the first 16,384 paths; ``dilution_mean`` is
        that of all surviving paths.
        """
        rows = {}
        for ticker, outcome in self.outcomes.items():
            everything = outcome.sample["dilution"]
            survivors, mean = everything[outcome.survivors], outcome.tally.moments["dilution"]
            basic = outcome.sample["basic_dilution"][outcome.survivors]
            groups = {"dilution": survivors, "dilution_all": everything, "basic_dilution": basic}
            of = [(f"{name}_{int(q * 100)}", values, q) for name, values in groups.items() for q in QUANTILES]
            rows[ticker] = {
                **{name: quantile(values, q) for name, values, q in of},
                "dilution_mean": mean.mean,
                "dilution_mean_error": mean.error(),
                **{name_of_error(name): quantile_error(values, q) for name, values, q in of},
            }
        return pd.DataFrame(rows).T.rename_axis("company")

    @cached_property
    def first_unpaid_bills(self) -> pd.DataFrame:
        """Share of paths in default by the horizon by the first bill left unpaid, and its standard error."""
        rows = [
            (ticker, bill, share, float(standard_error(share, self.paths)))
            for ticker, outcome in self.outcomes.items()
            for bill, share in outcome.first_unpaid_bills().items()
        ]
        table = pd.DataFrame(rows, columns=["company", "first_unpaid_bill", "share", "share_error"])
        return table.sort_values(["company", "share"], ascending=[True, False], kind="stable").set_index("company")

    def monthly(self, label: str, line: str) -> np.ndarray:
        """A line or draw of a company or its market on the paths of the sample, the first 16,384 [M, S].

        Lines that every run keeps (``MONTHLY``) are at hand; for another the paths are run again, once. A line of a
        block is named with its instance: ``debt.conv-2031.balance``. ``KeyError`` with the nearest name for none.
        """
        outcome = self.outcomes[label]
        if line in MONTHLY:
            return outcome.monthly(line)
        key = label, line
        if key not in self._again:
            sample = min(self.paths, KEPT)
            self._again[key] = lines_again(self.market_case, outcome.case, [line], sample, self.seed)[line]
        return self._again[key]

    def fan(self, ticker: str, line: str) -> pd.DataFrame:
        """Quantiles by month over the paths of the sample of any line; see :meth:`monthly`."""
        values = np.quantile(self.monthly(ticker, line), QUANTILES, axis=1).T
        index = pd.Index(self.market_case.labels, name="month")
        return pd.DataFrame(values, index=index, columns=[f"{int(q * 100)}" for q in QUANTILES])

    def sums(
        self, line: str, companies: Companies = None, *, first: str | None = None, last: str | None = None
    ) -> pd.DataFrame:
        """Quantiles over the sample's paths of a line summed over months: a row a company and, last, all together.

        ``companies`` None are all of the simulation; ``first`` and ``last`` are months as ``YYYY-MM``, those of the run
        when None. ``mean`` is that of the same paths. ``KeyError`` for a company, line or month there is none of.
        """
        names = list(self.outcomes) if is_all(companies) else list(map(str, each(companies)))
        labels = self.market_case.labels
        for month in filter(None, (first, last)):
            if month not in labels:
                raise KeyError(f"no month {month}; the run goes from {labels[0]} to {labels[-1]}")
        span = slice(labels.index(first) if first else 0, labels.index(last) + 1 if last else None)
        found = {name: self.monthly(name, line)[span].sum(axis=0, dtype=float) for name in names}
        if len(found) > 1:
            found["all"] = np.sum(list(found.values()), axis=0)
        rows = {
            name: {"mean": values.mean(), **{f"{int(q * 100)}": quantile(values, q) for q in QUANTILES}}
            for name, values in found.items()
        }
        return pd.DataFrame(rows).T.rename_axis("company")

    @cached_property
    def month_end_prices(self) -> np.ndarray:
        """Bitcoin price at month end on the first paths [M, min(P, KEPT)] [USD/BTC], drawn again."""
        return month_end_prices(self.market_case, self.paths, self.seed)

    @cached_property
    def btc_price(self) -> pd.DataFrame:
        """Bitcoin price at month end over the first paths, at most ``KEPT``: mean, its error, quantiles [USD/BTC]."""
        return spread(self.month_end_prices, self.market_case.labels)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a company: survival to 12, 24, 36, 60 months and the end, dilution, bitcoin, first unpaid bill."""
        return frame(summary_columns(self.months), self.outcomes, "company")

    def path(self, label: str, number: int) -> Projection:
        """A simulated path as a projection, interpreted from its very draws; ``KeyError`` for an unknown company."""
        return simulated(self.outcomes[label].case, self.market_case, self.seed, number)


def simulate(
    companies: Companies,
    scenario: ScenarioLike = "base",
    *,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    progress: Progress | None = None,
) -> Simulation:
    """Run ``paths`` paths of ``months`` months for one or more companies on the same markets, for None all known.

    ``threads`` is the number of blocks run at once (all processors when None); ``executor`` runs them in place of
    threads, here or on other machines. Neither changes a result. ``known`` says how much of what has happened is seen
    (:data:`corpfin.inputs.known.Known`). ``progress`` is called with blocks done and blocks in all. Raises
    ``InputError`` when no company is named and for files that cannot be used, ``ValueError`` for a number of paths,
    months or threads below one.
    """
    market, as_of = market_and_date(companies, market, as_of)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    found = distinct(company_of(company, market, as_of) for company in named(companies, as_of))
    cases = [prepare_company(company, market_case) for company in found]
    return run_cases(market_case, cases, paths=paths, seed=seed, threads=threads, executor=executor, progress=progress)


def run_cases(
    market_case: MarketCase,
    cases: Sequence[CompanyCase],
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate prepared cases of one market, each held against each; see :func:`simulate`."""
    job = simulation_job(market_case, cases, paths, seed)
    return of_job(job, run_job(job, threads, executor, progress))[WORLD]


def simulation_job(market_case: MarketCase, cases: Sequence[CompanyCase], paths: int, seed: int) -> Job:
    """What :func:`simulate` runs; ``ValueError`` for a number of paths below one."""
    keys = [Key(WORLD, case.label) for case in cases]
    return Job({WORLD: World(market_case, tuple(cases))}, paths, seed, pairs=tuple(combinations(keys, 2)))


def of_job(job: Job, summary: Summary) -> dict[str, Simulation]:
    """The simulations of a job by the name of their world, from the summary of all its blocks."""
    return {
        name: Simulation(
            world.market_case,
            job.seed,
            job.paths,
            {case.label: Outcome(Key(name, case.label), case, summary) for case in world.cases},
        )
        for name, world in job.worlds.items()
    }
