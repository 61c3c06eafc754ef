"""Back-test: a vintage run as on its day, held against what became of its companies.

Two readings: blind, and with the market that came as known months, which asks for the right companies, months and
causes once the price is given. Volatility and drift are those of the vintage's market file, a reader's of that day.
Commitments that the files call estimated with a wide range are taken at half, once and one and a half times: they are
often worked out from what was paid later. Rules, bands and horizons are the same for every company and stand in code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, documented, frame
from corpfin.common.defaults import BACKTEST_MONTHS, DIFFERENCE_PATHS
from corpfin.inputs import Company, InputError, Market, Problem, load_market, load_scenario
from corpfin.inputs.find import MARKET, OUTCOMES, companies_in, find_vintage
from corpfin.inputs.known import Known
from corpfin.inputs.outcomes import Outcomes, load_outcomes
from corpfin.runs.batch import gather, prepare_batch
from corpfin.runs.blocks import Job, Measured, World
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.projection import project
from corpfin.runs.readings import horizons
from corpfin.runs.scatter import Progress, part_of, run_job
from corpfin.runs.simulation import Simulation, of_job
from corpfin.studies.drivers import drivers_of
from corpfin.studies.judged import Band, Compared, Covered, Grown, Growth, Level, Ranked, bands
from corpfin.studies.judged_columns import CALIBRATION, COVERED, FIGURES, GROWN, GROWTH, LEVELS, RANKED
from corpfin.studies.ratios import RATIOS, badly_known, scaled
from corpfin.studies.realised import SHARES, Realised, modelled, month_of, shares_signed, sums
from corpfin.studies.result import Result
from corpfin.studies.tested import JUDGED, Tested, columns

READINGS: tuple[Known, ...] = ("none", "market")
"""How much of what has happened the readings see."""

SEEN: dict[Known, str] = {"none": "blind", "market": "market seen", "all": "all seen"}
"""The readings in two words."""

TIMES = (0.5, 1.0, 1.5)
"""Multiples at which commitments that are badly known are taken."""

MODEL = "model"
"""The model's own forecast, among the ratios."""

ALL = "all"
"""All figures together, among the figures."""

OWED = {"debt_carrying": "debt_principal"}
"""What a figure says less well than another: where that is published too it is shown and not counted."""

CASE = ["known", "commitments"]
"""What a table is indexed by first: how much is seen, and how many times the commitments are taken."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Backtest(Result):
    """The result of :func:`backtest`: ``vintage`` run as on its day, held against its ``outcomes``.

    All tables are indexed by ``known``, how much of what has happened is seen, and ``commitments``, how many times
    those that are badly known are taken. ``table`` has one row a company. ``order`` says of the model and of each ratio
    how well it orders the companies at a ``month``; ``level`` how many were to be expected to fail; ``calibration`` the
    same by band of probability; ``figures`` holds each published figure against the paths, ``coverage`` how often the
    bands hold them; ``growth`` the growth of shares by company and date, ``dilution`` how well it orders the companies.
    ``beyond`` counts published figures of later months than those run; ``unconsolidated`` names by company the projects
    that its figures are without.
    """

    vintage: date
    outcomes: Outcomes = field(repr=False)
    order: pd.DataFrame
    level: pd.DataFrame
    calibration: pd.DataFrame
    figures: pd.DataFrame
    coverage: pd.DataFrame
    growth: pd.DataFrame
    dilution: pd.DataFrame
    beyond: int
    unconsolidated: Mapping[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[Column[Tested], ...]:
        """The columns of the table."""
        return columns(self.months)

    @property
    def readings(self) -> list[Known]:
        """How much was seen, one reading after the other."""
        return list(dict.fromkeys(self.table.index.get_level_values("known")))

    @property
    def times(self) -> list[float]:
        """How many times the commitments that are badly known were taken."""
        return list(dict.fromkeys(self.table.index.get_level_values("commitments")))

    def part(self, table: str, known: Known, commitments: float = 1.0, **at: Any) -> pd.DataFrame:
        """The rows of one reading of a table, ``table`` itself or another, and of further levels of its index."""
        found = getattr(self, table).xs((known, commitments, *at.values()), level=[*CASE, *at])
        assert isinstance(found, pd.DataFrame)
        return found

    def rows(self, table: str, known: Known, commitments: float = 1.0, **at: Any) -> dict[Any, dict[Any, Any]]:
        """The same by what is left of the index, each row by column."""
        return self.part(table, known, commitments, **at).to_dict("index")


documented(Backtest, columns())


@dataclass(frozen=True)
class _Reading:
    """One reading at one multiple of the commitments: what is seen, the multiple, the cases by ticker."""

    known: Known
    times: float
    cases: Mapping[str, CompanyCase]

    @property
    def key(self) -> tuple[Known, float]:
        """What its rows are indexed by first."""
        return self.known, self.times


def backtest(
    vintage: str | date | Path,
    *,
    known: Known | None = None,
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = BACKTEST_MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Run a vintage, given by date or by the path of its folder, as on its day, and hold it against its outcomes.

    ``known`` None stands for both readings, blind and with the market that came. Dates are looked for in ``folder``
    first. Raises ``InputError`` when there is no such vintage, its market or outcomes cannot be used or no company can,
    and ``ValueError`` for paths or months below one.
    """
    home = find_vintage(str(vintage) if isinstance(vintage, date) else vintage, folder)
    market, outcomes = _files(home)
    as_of = market.tables.network.as_of
    seen = READINGS if known is None else (known,)
    markets = {each: prepare_market(market, load_scenario("base"), months, each) for each in seen}
    loaded, failures = gather(list(companies_in(home)), market, folder=home)
    ready, unfit = prepare_batch(loaded, markets[seen[0]])
    companies = [case.company for case in ready]
    readings = [
        _Reading(each, times, {company.ticker: _case(company, times, market_case) for company in companies})
        for each, market_case in markets.items()
        for times in (TIMES if any(map(badly_known, companies)) else (1.0,))
    ]
    published = [item for item in outcomes.figures if month_of(item, as_of) <= months]
    measured = Measured({n: s for item in published for n, s in sums(item.figure, month_of(item, as_of)).items()})
    worlds: dict[str, World] = {
        each: World(market_case, _different(readings, each)) for each, market_case in markets.items()
    }
    job = Job(worlds, paths, seed, months_kept=False, measured=measured)
    simulations = of_job(job, run_job(job, threads, executor, part_of(progress, 0, 1, 2)))
    tested = _tested(readings, simulations, outcomes, as_of, threads, part_of(progress, 1, 1, 2))
    figures = {
        (*reading.key, item.ticker, item.date, item.figure): Compared(
            item.published.value,
            item.published.unit,
            item.published.grade,
            modelled(tested[reading.key][item.ticker].outcome.sample, item.figure, month_of(item, as_of)),
            seen=reading.known == "all" and month_of(item, as_of) <= markets[reading.known].history,
        )
        for reading in readings
        for item in published
        if item.ticker in reading.cases
    }
    rows = {(ticker, *key): item for key, items in tested.items() for ticker, item in items.items()}
    growth = _growth(readings, figures)
    ordered, level, calibration = _failures(readings, tested, market, months, seed)
    return Backtest(
        table=frame(columns(months), rows, ["company", *CASE]),
        failures=failures | unfit,
        scenario=markets[seen[0]].scenario.name,
        known=seen,
        months=months,
        paths=paths,
        seed=seed,
        vintage=as_of,
        outcomes=outcomes,
        order=frame(RANKED, ordered, [*CASE, "month", "forecast"]),
        level=frame(LEVELS, level, [*CASE, "month"]),
        calibration=frame(CALIBRATION, calibration, [*CASE, "month", "band"]),
        figures=frame(FIGURES, figures, [*CASE, "company", "date", "figure"]),
        coverage=frame(COVERED, _coverage(readings, figures), [*CASE, "figure"]),
        growth=frame(GROWTH, growth, [*CASE, "company", "date"]),
        dilution=frame(GROWN, _by_date(growth, seed), [*CASE, "date"]),
        beyond=len(outcomes.figures) - len(published),
        unconsolidated={each.ticker: each.unconsolidated for each in companies if each.unconsolidated},
    )


def _files(home: Path) -> tuple[Market, Outcomes]:
    """Market and outcomes of a vintage; ``InputError`` when one is not there or cannot be used."""
    lacking = {
        MARKET: "there is none beside the companies; a vintage is run in the market of its date",
        OUTCOMES: "there is none beside the companies; give what became of them, start from templates/outcomes.toml",
    }
    problems = [Problem(name, "", None, why) for name, why in lacking.items() if not (home / name).is_file()]
    if problems:
        raise InputError(problems, "MISSING")
    market = load_market(home / MARKET)
    return market, load_outcomes(home / OUTCOMES, market.tables.network.as_of)


def _case(company: Company, times: float, market_case: MarketCase) -> CompanyCase:
    """A company with its badly known commitments so many times as large, a variant when it has any."""
    changed = scaled(company, times)
    return replace(prepare_company(changed, market_case), variant="" if changed is company else f"x{times:g}")


def _different(readings: Sequence[_Reading], known: Known) -> tuple[CompanyCase, ...]:
    """The cases of a reading at any multiple, those that are the same once."""
    cases = [case for reading in readings if reading.known == known for case in reading.cases.values()]
    return tuple({case.label: case for case in cases}.values())


def _tested(
    readings: Sequence[_Reading],
    simulations: Mapping[str, Simulation],
    outcomes: Outcomes,
    as_of: date,
    threads: int | None,
    progress: Progress | None,
) -> dict[tuple[Known, float], dict[str, Tested]]:
    """Every company by reading: its paths, what drives its failures, what happened."""
    drivers = {}
    labels = [(known, label) for known, simulation in simulations.items() for label in simulation.outcomes]
    for number, (known, label) in enumerate(labels):
        step = part_of(progress, number, 1, len(labels))
        drivers[known, label] = drivers_of(simulations[known], label, threads=threads, progress=step)
    return {
        reading.key: {
            ticker: Tested(
                simulations[reading.known].outcomes[case.label],
                drivers[reading.known, case.label],
                Realised.of(outcomes, ticker, as_of),
            )
            for ticker, case in reading.cases.items()
        }
        for reading in readings
    }


def _failures(
    readings: Sequence[_Reading],
    tested: Mapping[tuple[Known, float], Mapping[str, Tested]],
    market: Market,
    months: int,
    seed: int,
) -> tuple[dict[Any, Ranked], dict[Any, Level], dict[Any, Band]]:
    """Order, level and calibration of every reading at every horizon."""
    ordered: dict[Any, Ranked] = {}
    level: dict[Any, Level] = {}
    calibration: dict[Any, Band] = {}
    for reading in readings:
        found = tested[reading.key]
        files = {t: project(case.company, months=1, market=market, known="none") for t, case in reading.cases.items()}
        ratios = {ratio.name: {t: ratio.read(file) for t, file in files.items()} for ratio in RATIOS}
        for month in horizons(months, JUDGED):
            judged = {t: item for t, item in found.items() if not np.isnan(item.realised.failed(month))}
            failed = np.array([item.realised.failed(month) for item in judged.values()])
            probability = np.array([item.probability(month) for item in judged.values()])
            key = (*reading.key, month)
            forecasts = {name: np.array([by[ticker] for ticker in judged]) for name, by in ratios.items()}
            for name, forecast in {MODEL: probability, **forecasts}.items():
                given = ~np.isnan(forecast)
                ordered[(*key, name)] = Ranked(forecast[given], failed[given], seed)
            fallen = [~item.outcome.alive(month) for item in judged.values()]
            together = np.sum(fallen, axis=0, dtype=int) if fallen else np.zeros(0, dtype=int)
            level[key] = Level(probability, failed, together, seed)
            calibration |= {(*key, name): band for name, band in bands(probability, failed).items()}
    return ordered, level, calibration


def _coverage(readings: Sequence[_Reading], figures: Mapping[Any, Compared]) -> dict[Any, Covered]:
    """How often the bands hold the figures: of all, and of each kind that is published of any company.

    What is published in two ways counts once, as what it says best.
    """
    counted = {key: item for key, item in figures.items() if (*key[:4], OWED.get(key[4])) not in figures}
    kinds = list(dict.fromkeys(key[4] for key in counted))  # in the order of the file
    return {
        (*reading.key, kind): Covered(
            tuple(item for key, item in counted.items() if key[:2] == reading.key and kind in (ALL, key[4]))
        )
        for reading in readings
        for kind in (ALL, *kinds)
    }


def _growth(readings: Sequence[_Reading], figures: Mapping[Any, Compared]) -> dict[Any, Growth]:
    """Growth of shares beyond those signed for, of every company and date that they are published of."""
    return {
        (known, times, ticker, day): Growth(item, shares_signed(reading.cases[ticker].company, day))
        for reading in readings
        for (known, times, ticker, day, figure), item in figures.items()
        if figure == SHARES and reading.key == (known, times)
    }


def _by_date(growth: Mapping[Any, Growth], seed: int) -> dict[Any, Grown]:
    """The same of all companies together, by date."""
    found: dict[Any, list[Growth]] = {}
    for (known, times, _, day), item in sorted(growth.items(), key=lambda pair: pair[0][3]):
        found.setdefault((known, times, day), []).append(item)
    return {key: Grown(tuple(items), seed) for key, items in found.items()}
