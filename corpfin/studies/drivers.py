"""Drivers of failure: which burden would have had to be absent for the month of failure to be paid.

The first bill that stays unpaid says where the money ran out; since capital expenditure is paid last, it is often that.
What drained the money is asked of the same paths again: every path that fails is run once more without one burden over
the twelve months up to and with its month of failure, all else as it was. A burden is a **driver** of the failure when
the company is then not in default at the end of that month. Burdens overlap (a low price is behind a margin call), so
shares need not add up to one; a failure that no burden alone explains has **several together**.

The burdens are those of :mod:`corpfin.studies.burdens`. What is paid for a company is what fell due on the path that
failed; relieved early it may decide otherwise (keep its bitcoin, pay for growth), which is part of the answer. Running
costs are no burden of their own: without them all live.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, Place, documented, frame, name_of_error
from corpfin.common.columns import Row as TableRow
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.text import chance, percent, whole
from corpfin.inputs import AsOf, Market
from corpfin.inputs.known import Known
from corpfin.paths import BLOCK, company_draws, market_draws
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.outcome import Outcome, standard_error
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.readings import BILLS
from corpfin.runs.scatter import Progress, part_of, scatter
from corpfin.runs.simulation import Simulation, run_cases
from corpfin.studies.burdens import BILLED, BURDENS, DRIVERS, LINES, NAMED, TOGETHER, Failures
from corpfin.studies.lanes import Lanes
from corpfin.studies.result import Result

WINDOW = 12
"""Months before default, that of the default included, in which a burden is taken away."""


@dataclass(frozen=True, eq=False)
class FoundDrivers:
    """The drivers of one company's F failures on ``paths`` paths.

    ``saved`` [drivers, F] says of every failed path which of ``DRIVERS`` it has, ``default_month`` [F] and ``bill``
    [F, code] when it failed and what it left unpaid first.
    """

    company: str
    paths: int
    saved: np.ndarray = field(repr=False)
    default_month: np.ndarray = field(repr=False)
    bill: np.ndarray = field(repr=False)

    @property
    def failures(self) -> int:
        """Number of failed paths F."""
        return self.default_month.size

    @property
    def failing(self) -> float:
        """Share of the paths that fail."""
        return self.failures / self.paths

    @cached_property
    def shares(self) -> pd.DataFrame:
        """One row a driver: its ``share`` of the failures and the standard ``error`` of that; nan without a failure."""
        return self.among(np.ones(self.failures, dtype=bool))

    def among(self, chosen: np.ndarray) -> pd.DataFrame:
        """The same of the ``chosen`` failures [F]."""
        count = int(chosen.sum())
        share = self.saved[:, chosen].mean(axis=1) if count else np.full(len(DRIVERS), np.nan)
        found = {"share": share, "error": standard_error(share, count)}
        return pd.DataFrame(found, index=pd.Index(DRIVERS, name="driver"))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Drivers(Result):
    """The result of :func:`drivers`.

    ``table`` has one row a company: how many of its paths fail, when, and the drivers. ``bills`` has one row for each
    (company, first unpaid bill) that occurs: its ``share`` of the failures, and the share of each driver among these.
    """

    bills: pd.DataFrame

    @property
    def columns(self) -> tuple[Column[FoundDrivers], ...]:
        """The columns of the table."""
        return COLUMNS


FIRST, SECOND, BY_BILL = "first", "second", "by bill"
"""The tables of the page: the drivers that are bills, the others, and all by the first unpaid bill."""


def _with_error(name: str, row: TableRow) -> str:
    """A share and its error in per cent, a dash where no path fails."""
    return "-" if np.isnan(row[name]) else chance(row[name], row[name_of_error(name)]).removesuffix(" %")


def _columns() -> tuple[Column[FoundDrivers], ...]:
    """How many paths fail, when, and the share of each driver, each share followed by its error."""
    found: list[Column[FoundDrivers]] = [
        Column(
            "failing",
            "1",
            "Paths that fail",
            "share of paths in default by the horizon",
            lambda found: found.failing,
            partial(_with_error, "failing"),
            (Place(FIRST, "fail %"),),
        ),
        Column(
            name_of_error("failing"),
            "1",
            "Paths that fail, error",
            "its standard error",
            lambda found: float(standard_error(found.failing, found.paths)),
        ),
        Column(
            "default_month",
            "month",
            "Month of default",
            "median month of default of the paths that fail",
            lambda found: float(np.median(found.default_month)) if found.failures else np.nan,
            lambda row: "-" if np.isnan(row["default_month"]) else whole(row["default_month"]),
            (Place(FIRST, "month"),),
        ),
    ]
    for number, (name, label, meaning) in enumerate(NAMED):
        title = f"Driven by {label}" if name != TOGETHER else "Several together"
        found += [
            Column(
                name,
                "1",
                title,
                meaning,
                lambda found, name=name: found.shares.loc[name, "share"],  # type: ignore[misc]
                partial(_with_error, name),
                (Place(FIRST if number < BILLED else SECOND, label),),
            ),
            Column(
                name_of_error(name),
                "1",
                f"{title}, error",
                "its standard error",
                lambda found, name=name: found.shares.loc[name, "error"],  # type: ignore[misc]
            ),
        ]
    return tuple(found)


COLUMNS = _columns()
"""The columns of the table."""

documented(Drivers, COLUMNS)


@dataclass(frozen=True)
class Unpaid:
    """The failures of a company that left the same bill unpaid first: ``chosen`` [F] of all its failures."""

    found: FoundDrivers
    chosen: np.ndarray


def _per_cent(name: str, row: TableRow) -> str:
    return percent(row[name], 0).removesuffix(" %")


BILL_COLUMNS: tuple[Column[Unpaid], ...] = (
    Column(
        "share_of_all",
        "1",
        "Share of all failures",
        "of all failures of the company",
        lambda unpaid: float(unpaid.chosen.mean()),
        partial(_per_cent, "share_of_all"),
        (Place(BY_BILL, "all"),),
    ),
    *(
        Column(
            name,
            "1",
            f"Driven by {label}" if name != TOGETHER else "Several together",
            meaning,
            lambda unpaid, name=name: unpaid.found.among(unpaid.chosen).loc[name, "share"],  # type: ignore[misc]
            partial(_per_cent, name),
            (Place(BY_BILL, label),),
        )
        for name, label, meaning in NAMED
    ),
)
"""The columns of ``bills``."""


def drivers(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """What drives companies into default: every failed path again, without one burden at a time.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``known`` says how
    much of what has happened is seen. Raises ``InputError`` when no company can be used and ``ValueError`` for paths or
    months below one.
    """
    market, as_of = market_and_date(companies, market, as_of, folder)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    parts = 2 * len(cases)
    simulation = run_cases(
        market_case, cases, paths=paths, seed=seed, threads=threads, progress=part_of(progress, 0, len(cases), parts)
    )
    found = [
        drivers_of(simulation, case.label, threads=threads, progress=part_of(progress, len(cases) + number, 1, parts))
        for number, case in enumerate(cases)
    ]
    bills = {
        (item.company, BILLS[int(code)]): Unpaid(item, item.bill == code)
        for item in found
        for code in np.unique(item.bill)
    }
    return Drivers(
        table=frame(COLUMNS, {item.company: item for item in found}, "company"),
        failures=failures,
        scenario=market_case.scenario.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        bills=frame(BILL_COLUMNS, bills, ["company", "bill"]),
    )


def drivers_of(
    simulation: Simulation,
    company: str,
    *,
    paths: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FoundDrivers:
    """The drivers of one company's failures in a simulation; its cost is that of the failed paths run eight times.

    Paths are those of the sample, the first 16,384, and of these the first ``paths``; all when None. ``KeyError`` for a
    company that was not simulated.
    """
    outcome = simulation.outcomes[company]
    default, bill = (outcome.sample[name][:paths] for name in ("default_month", "first_unpaid_bill"))
    work = partial(_saved, simulation, outcome, Lanes(simulation.market_case, outcome.case), default)
    blocks = scatter(
        lambda some: {number: work(number) for number in some},
        dict.__or__,
        range(-(-default.size // BLOCK)),
        threads,
        progress=progress,
    )
    saved = np.concatenate([blocks[number] for number in sorted(blocks)], axis=1)
    failed = default > 0
    month, bill = (values[failed].astype(int) for values in (default, bill))
    return FoundDrivers(company, default.size, np.vstack([saved, ~saved.any(axis=0)]), month, bill)


def _saved(simulation: Simulation, outcome: Outcome, lanes: Lanes, month: np.ndarray, number: int) -> np.ndarray:
    """Which burdens [B] are drivers of the failed paths [F] of one block, ``month`` being that of default [P]."""
    first = number * BLOCK
    default = month[first : first + BLOCK]
    chosen = np.flatnonzero(default > 0)
    if not chosen.size:
        return np.zeros((len(BURDENS), 0), dtype=bool)
    default = default[chosen]
    case, own = simulation.market_case, outcome.case
    market = market_draws(case.randomness, simulation.seed, number)
    company = company_draws(own.randomness, own.ticker, own.projects, simulation.seed, number)
    for draws in (market, company):
        case.shock(draws, own.projects)
    market, company = (
        {name: np.ascontiguousarray(array[:, chosen]) for name, array in draws.items()} for draws in (market, company)
    )
    ahead = np.arange(1, simulation.months + 1)[:, None]
    window = (ahead <= default) & (ahead > default - WINDOW)
    _, due = lanes.run(market, company, LINES)
    failed = Failures(market, company, window, case.randomness.start, due)
    months = [lanes.run(*burden.lift(failed))[0] for burden in BURDENS]
    return np.array([(found == 0) | (found > default) for found in months])
