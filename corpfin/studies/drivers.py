"""Drivers of failure: which burden would have had to be absent for the month of failure to be paid.

The first bill that stays unpaid says where the money ran out; since capital expenditure is paid last, it is often that.
What drained the money is asked of the same paths again: every path that fails is run once more without one burden over
the twelve months up to and with its month of failure, all else as it was. A burden is a **driver** of the failure when
the company is then not in default at the end of that month. Burdens overlap (a low price is behind a margin call), so
shares need not add up to one; a failure that no burden alone explains has **several together**.

Four burdens are bills of the company, paid for it as they fell due on the path that failed, by money for which no share
is issued (the draw ``relief``):

- ``interest`` on corporate debt;
- ``principal`` of corporate debt that must be paid in cash: maturities, puts, instalments;
- ``margin`` calls of loans on bitcoin, in cash or in bitcoin at the month's price;
- ``construction``: what projects call from the company, computers included, land, sites and machines bought, and growth
  and pipeline it chose to pay.

Three are draws of the path:

- ``power``: the index price of electricity is no higher than at the start;
- ``price``: bitcoin is worth no less than at the balance-sheet date; the network answers to that price;
- ``tenant``: no tenant leaves, and projects are on time from the start, for a delay has no months.

Relief is what fell due on the path that failed; a company relieved early may then decide otherwise (keep its bitcoin,
pay for growth), which is part of the answer. Running costs are no burden of their own: without them all live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, Place, documented, frame, name_of_error
from corpfin.common.columns import Row as TableRow
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.text import chance, percent, whole
from corpfin.engine import Row, openings
from corpfin.inputs import Market
from corpfin.lines.constants import USD_PER_MILLION
from corpfin.paths import BLOCK, NEVER_CLOCK, company_draws, market_draws
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.graphs import company_kernel, market_graph, market_kernel
from corpfin.runs.outcome import Outcome, standard_error
from corpfin.runs.projection import Companies, ScenarioLike, market_of, scenario_of, split
from corpfin.runs.readings import BILLS
from corpfin.runs.simulation import Progress, Simulation, by_block, part_of, run_cases
from corpfin.studies.result import Result

WINDOW = 12
"""Months before default, that of the default included, in which a burden is taken away."""

POWER_START = 1.0
"""Index price of electricity over the contract's at the balance-sheet date."""

Draws = dict[str, np.ndarray]


@dataclass(frozen=True)
class Failures:
    """The F failed paths of one block: their draws, the price at the start, and what fell due by line [M, F].

    ``window`` [M, F] are the months in which a burden is taken away.
    """

    market: Draws
    company: Draws
    window: np.ndarray
    start: float
    due: Mapping[str, np.ndarray] = field(default_factory=dict)


Lift = Callable[[Failures], tuple[Draws, Draws]]
"""The draws of market and company without a burden."""


@dataclass(frozen=True)
class Burden:
    """A burden: name, heading, what its absence means, how it is lifted, the lines its bills are read from."""

    name: str
    label: str
    meaning: str
    lift: Lift
    lines: tuple[str, ...] = ()


def _paid(amount: Callable[[Failures], np.ndarray]) -> Lift:
    """Bills paid for the company as they fell due within the window."""

    def lift(failed: Failures) -> tuple[Draws, Draws]:
        return failed.market, failed.company | {"relief": np.where(failed.window, amount(failed), 0.0)}

    return lift


def _bills(*lines: str) -> Lift:
    """The sum of some lines, paid for the company."""
    return _paid(lambda failed: np.sum([failed.due[line] for line in lines], axis=0))


def _margin_calls(failed: Failures) -> np.ndarray:
    """Margin calls in cash, and in bitcoin at the month's price [USD m]."""
    posted = failed.due["margin_btc_share"] * failed.due["total_debt_margin_call_btc"]
    return np.asarray(failed.due["margin_due"] + posted * failed.market["btc_price"] / USD_PER_MILLION)


def _power(failed: Failures) -> tuple[Draws, Draws]:
    index = failed.market["power_index"]
    capped = np.where(failed.window, np.minimum(index, POWER_START), index)
    return failed.market | {"power_index": capped}, failed.company


def _price(failed: Failures) -> tuple[Draws, Draws]:
    floored = {
        name: np.where(failed.window, np.maximum(failed.market[name], failed.start), failed.market[name])
        for name in ("btc_price", "btc_price_end")
    }
    return failed.market | floored, failed.company


def _tenant(failed: Failures) -> tuple[Draws, Draws]:
    company = failed.company
    kept = {name: np.full_like(company[name], NEVER_CLOCK) for name in ("tenant_clock", "exit_clock")}
    return failed.market, company | kept | {"slip": np.zeros_like(company["slip"])}


MARGIN = ("margin_due", "margin_btc_share", "total_debt_margin_call_btc")
CAPEX = ("committed_due", "optional_paid")
BURDENS = (
    Burden(
        "interest",
        "interest",
        "corporate interest paid for it",
        _bills("total_debt_interest"),
        ("total_debt_interest",),
    ),
    Burden(
        "principal",
        "principal",
        "corporate principal due in cash, puts included, paid for it",
        _bills("total_debt_principal_due"),
        ("total_debt_principal_due",),
    ),
    Burden("margin", "margin", "margin calls met for it", _paid(_margin_calls), MARGIN),
    Burden("construction", "capex", "construction and purchases paid for it", _bills(*CAPEX), CAPEX),
    Burden("power", "power", "the power index no higher than at the start", _power),
    Burden("price", "bitcoin", "bitcoin worth no less than at the start", _price),
    Burden("tenant", "tenant", "no tenant lost, no project late", _tenant),
)
"""What is taken away, one at a time."""

BILLED = sum(bool(burden.lines) for burden in BURDENS)
"""So many of them, the first, are bills."""

TOGETHER = "together"
NAMED = (
    *((b.name, b.label, f"share of the failures that would have been paid with {b.meaning}") for b in BURDENS),
    (TOGETHER, "several", "share of the failures that none of these alone explains"),
)
"""Every driver with its heading and meaning."""

DRIVERS = tuple(name for name, _, _ in NAMED)
"""The drivers, and what stands for a failure that none of them explains alone."""

LINES = tuple(line for burden in BURDENS for line in burden.lines)


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


@dataclass(frozen=True, eq=False, kw_only=True)
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
            "median_month",
            "month",
            "Month of failure",
            "median month of default of the paths that fail",
            lambda found: float(np.median(found.default_month)) if found.failures else np.nan,
            lambda row: "-" if np.isnan(row["median_month"]) else whole(row["median_month"]),
            (Place(FIRST, "median month"),),
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
        "share",
        "1",
        "Share of the failures",
        "of all failures of the company",
        lambda unpaid: float(unpaid.chosen.mean()),
        partial(_per_cent, "share"),
        (Place(BY_BILL, "all"),),
    ),
    *(
        Column(
            name,
            "1",
            label,
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
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """What drives companies into default: every failed path again, without one burden at a time.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. Raises ``InputError``
    when no company can be used and ``ValueError`` for paths or months below one.
    """
    market = market or market_of(companies, folder)
    market_case = prepare_market(market, scenario_of(scenario), months)
    cases, failures = ready(companies, market, market_case, folder)
    parts = 2 * len(cases)
    simulation = run_cases(
        market_case, cases, paths=paths, seed=seed, threads=threads, kept=0,
        progress=part_of(progress, 0, len(cases), parts),
    )  # fmt: skip
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
        months=months,
        paths=paths,
        seed=seed,
        bills=frame(BILL_COLUMNS, bills, ["company", "bill"]),
    )


def drivers_of(
    simulation: Simulation, company: str, *, threads: int | None = None, progress: Progress | None = None
) -> FoundDrivers:
    """The drivers of one company's failures in a simulation; its cost is that of the failed paths run eight times.

    ``KeyError`` for a company that was not simulated.
    """
    outcome = simulation.outcomes[company]
    work = partial(_saved, simulation, outcome, _Lines(simulation, outcome))
    saved = np.concatenate(by_block(work, simulation.paths, threads, progress), axis=1)
    failed = outcome.final["default_month"] > 0
    month, bill = (outcome.final[name][failed].astype(int) for name in ("default_month", "first_unpaid_bill"))
    return FoundDrivers(company, simulation.paths, np.vstack([saved, ~saved.any(axis=0)]), month, bill)


class _Lines:
    """Market and company prepared, to be run on draws of any number of paths."""

    def __init__(self, simulation: Simulation, outcome: Outcome) -> None:
        before = openings(market_graph(), simulation.market_case.data)
        self.market = market_kernel().prepare(simulation.market_case.data)
        self.company = company_kernel().prepare(outcome.case.data, before)

    def run(self, market: Draws, company: Draws, lines: tuple[str, ...] = ()) -> tuple[np.ndarray, Draws]:
        """Month of default [F] and some lines [M, F] by name."""
        count = market["btc_price"].shape[-1]
        outer = {"market": self.market.run({"": market}, paths=count, record=company_kernel().needs["market"]).record}
        rows = [Row("", name) for name in lines]
        result = self.company.run(split(company), outer, paths=count, record=rows, final=[Row("", "default_month")])
        return result.final[0], dict(zip(lines, result.record, strict=True))


def _saved(simulation: Simulation, outcome: Outcome, lines: _Lines, number: int) -> np.ndarray:
    """Which burdens [B] are drivers of the failed paths [F] of one block."""
    first = number * BLOCK
    default = outcome.final["default_month"][first : first + BLOCK]
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
    month = np.arange(1, simulation.months + 1)[:, None]
    window = (month <= default) & (month > default - WINDOW)
    _, due = lines.run(market, company, LINES)
    failed = Failures(market, company, window, case.randomness.start, due)
    months = [lines.run(*burden.lift(failed))[0] for burden in BURDENS]
    return np.array([(found == 0) | (found > default) for found in months])
