"""Monte Carlo: the same markets for every company, survival, dilution and first unpaid bill with their errors.

Paths are run in blocks of 1,024. A block draws its market once, runs the market's kernel, then each company's. Every
draw is a function of seed, stream name and path, so results do not depend on threads, on the number of paths or on
which companies run together.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd

from corpfin.common.columns import frame
from corpfin.common.defaults import MONTHS, PATHS
from corpfin.engine import Prepared, Row
from corpfin.engine import openings as opening_values
from corpfin.inputs import Market
from corpfin.inputs.known import Known
from corpfin.paths import BLOCK, company_draws, locate, market_draws
from corpfin.runs.batch import named
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_graph, company_kernel, market_graph, market_kernel
from corpfin.runs.outcome import Outcome, PathSum, quantile, standard_error, summary_columns
from corpfin.runs.prices import month_end_prices, spread
from corpfin.runs.projection import (
    Companies,
    Projection,
    ScenarioLike,
    company_of,
    evaluate,
    market_of,
    scenario_of,
    split,
)
from corpfin.runs.readings import KEPT, MONTHLY, OUTCOMES, QUANTILES

Progress = Callable[[int, int], None]
T = TypeVar("T")


def part_of(progress: Progress | None, before: int, own: int, total: int) -> Progress | None:
    """The progress of one run of several, as part of the whole: it weighs ``own`` of ``total``, after ``before``."""
    if progress is None:
        return None
    return lambda done, blocks: progress(before * blocks + own * done, total * blocks)


@dataclass(frozen=True, eq=False)
class Simulation:
    """The result of :func:`simulate`; tables are indexed by company."""

    market_case: MarketCase
    seed: int
    paths: int
    outcomes: dict[str, Outcome] = field(repr=False)

    @property
    def months(self) -> int:
        """Length of the horizon."""
        return len(self.market_case.labels)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """Share of paths not in default at each month end and its standard error, columns (company, figure)."""
        columns = {}
        for ticker, outcome in self.outcomes.items():
            share = np.array([outcome.survival(month) for month in range(1, self.months + 1)])
            columns[ticker, "survival"] = share
            columns[ticker, "error"] = standard_error(share, self.paths)
        return pd.DataFrame(columns, index=pd.Index(self.market_case.labels, name="month"))

    @cached_property
    def dilution(self) -> pd.DataFrame:
        """Quantiles of dilution at the horizon: of paths that survive, and of all (those in default as they stand).

        ``basic_5`` and so on are those of basic dilution, of paths that survive.
        """
        rows = {}
        for ticker, outcome in self.outcomes.items():
            everything = outcome.final["dilution"]
            survivors = everything[outcome.survivors]
            basic = outcome.final["basic_dilution"][outcome.survivors]
            rows[ticker] = {
                **{f"survivors_{int(q * 100)}": quantile(survivors, q) for q in QUANTILES},
                **{f"all_{int(q * 100)}": quantile(everything, q) for q in QUANTILES},
                **{f"basic_{int(q * 100)}": quantile(basic, q) for q in QUANTILES},
                "survivors_mean": float(survivors.mean()) if survivors.size else np.nan,
                "survivors_mean_error": float(survivors.std() / np.sqrt(survivors.size)) if survivors.size else np.nan,
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
        table = pd.DataFrame(rows, columns=["company", "bill", "share", "error"])
        return table.sort_values(["company", "share"], ascending=[True, False], kind="stable").set_index("company")

    def fan(self, ticker: str, line: str) -> pd.DataFrame:
        """Quantiles by month of one of the lines kept (``MONTHLY``); ``KeyError`` for another."""
        kept = self.outcomes[ticker].monthly
        if line not in kept:
            raise KeyError(f"{line} is not kept by month; kept are {', '.join(kept)}")
        values = np.quantile(kept[line], QUANTILES, axis=1).T
        index = pd.Index(self.market_case.labels, name="month")
        return pd.DataFrame(values, index=index, columns=[f"{int(q * 100)}" for q in QUANTILES])

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
        case = self.outcomes[label].case
        block, lane = locate(number)
        market = {
            name: array[:, lane].copy()
            for name, array in market_draws(self.market_case.randomness, self.seed, block).items()
        }
        company = {
            name: array[:, lane].copy()
            for name, array in company_draws(case.randomness, case.ticker, case.projects, self.seed, block).items()
        }
        return evaluate(case, self.market_case, market, company, path=number)


def simulate(
    companies: Companies,
    scenario: ScenarioLike = "base",
    *,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    known: Known = "all",
    progress: Progress | None = None,
) -> Simulation:
    """Run ``paths`` paths of ``months`` months for one or more companies on the same markets, for None all known.

    ``threads`` is the number of blocks run at once (all processors when None); it does not change a result. ``known``
    says how much of what has happened is seen (:data:`corpfin.inputs.known.Known`). ``progress`` is called with blocks
    done and blocks in all. Raises ``InputError`` when no company is named and for files that cannot be used,
    ``ValueError`` for a number of paths, months or threads below one.
    """
    market = market or market_of(companies)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases = [prepare_company(company_of(company, market), market_case) for company in named(companies)]
    return run_cases(market_case, cases, paths=paths, seed=seed, threads=threads, progress=progress)


def run_cases(
    market_case: MarketCase,
    cases: Sequence[CompanyCase],
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
    kept: int = KEPT,
    sums: Mapping[str, PathSum] = MappingProxyType({}),
) -> Simulation:
    """Simulate prepared cases; see :func:`simulate`. ``ValueError`` for a number of paths or threads below one.

    ``kept`` is the largest number of paths whose months are kept (0 saves memory), ``sums`` what else is kept of
    every path, by name.
    """
    for name, value in (("paths", paths), ("threads", 1 if threads is None else threads)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be 1 or more")
    run = _Run(market_case, cases, paths, seed, kept, sums)
    by_block(run.block, paths, threads, progress)
    return Simulation(market_case, seed, paths, run.outcomes)


def by_block(work: Callable[[int], T], paths: int, threads: int | None, progress: Progress | None) -> list[T]:
    """What ``work`` returns for the number of each block of the paths, in order, several blocks at once."""
    blocks = range(-(-paths // BLOCK))
    workers = min(threads or os.cpu_count() or 1, len(blocks))
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, number) for number in blocks]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                if progress:
                    progress(done, len(blocks))
        except BaseException:
            pool.shutdown(cancel_futures=True)  # an interrupted user does not wait for blocks not yet begun
            raise
    return [future.result() for future in futures]


class _Run:
    """The arrays of one simulation and the work of one block."""

    def __init__(
        self,
        market_case: MarketCase,
        cases: Sequence[CompanyCase],
        paths: int,
        seed: int,
        kept: int,
        sums: Mapping[str, PathSum],
    ) -> None:
        self.market_case, self.cases, self.paths, self.seed = market_case, list(cases), paths, seed
        self.kept, self.sums = min(paths, kept), dict(sums)
        before = opening_values(market_graph(), market_case.data)
        self.market = market_kernel().prepare(market_case.data, paths=paths)
        self.needed = company_kernel().needs["market"]
        self.companies: list[Prepared] = [company_kernel().prepare(case.data, before, paths=paths) for case in cases]
        checks = [line.name for line in company_graph().lines if line.name.startswith("check_")]
        self.check_rows = [Row("", name) for name in checks]
        self.outcome_rows = [Row("", name) for name in OUTCOMES]
        self.monthly_rows = [Row("", name) for name in MONTHLY]
        months = len(market_case.labels)
        self.outcomes = {
            case.label: Outcome(
                case,
                {name: np.empty(paths, dtype=np.float32) for name in (*OUTCOMES, *self.sums)},
                {name: np.empty((months, self.kept), dtype=np.float32) for name in MONTHLY},
                np.empty(paths),
            )
            for case in cases
        }
        self.buffers = threading.local()

    def block(self, number: int) -> None:
        """Draw and run one block and store what is kept of it."""
        first = number * BLOCK
        lanes = min(BLOCK, self.paths - first)
        case = self.market_case
        buffers = self.buffers.__dict__
        draws = buffers["market"] = market_draws(case.randomness, self.seed, number, buffers.get("market"))
        case.shock(draws)
        outer = {"market": self.market.run({"": draws}, paths=BLOCK, record=self.needed).record}
        for company, prepared in zip(self.cases, self.companies, strict=True):
            own = buffers.get(company.label)
            own = buffers[company.label] = company_draws(
                company.randomness, company.ticker, company.projects, self.seed, number, own
            )
            case.shock(own, company.projects)
            monthly = self.monthly_rows if first < self.kept else []
            summed = [row for item in self.sums.values() for row in item.rows(company)]
            result = prepared.run(
                split(own),
                outer,
                paths=BLOCK,
                record=[*monthly, *summed],
                worst=self.check_rows,
                final=self.outcome_rows,
            )
            outcome = self.outcomes[company.label]
            for name, row in zip(OUTCOMES, result.final, strict=True):
                outcome.final[name][first : first + lanes] = row[:lanes]
            for name, rows in zip(MONTHLY[: len(monthly)], result.record, strict=False):
                outcome.monthly[name][:, first : first + lanes] = rows[:, : min(lanes, self.kept - first)]
            default_month, start = result.final[OUTCOMES.index("default_month")], len(monthly)
            for name, item in self.sums.items():
                end = start + len(item.rows(company))
                total = item.total(company, result.record[start:end], default_month)
                outcome.final[name][first : first + lanes] = total[:lanes]
                start = end
            outcome.check_worst[first : first + lanes] = result.worst.max(axis=0)[:lanes]
