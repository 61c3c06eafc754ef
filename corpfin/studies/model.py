"""The model assembled: lines wired to the declared inputs and draws, and a company, market and scenario as figures.

A field of an input table becomes an input of the graph under its own name, with four rules. A date ``maturity`` or
``issue_date`` is read as ``maturity_month`` or ``issue_month``, months from the balance-sheet date. A word is read as
one input of 0 or 1 per choice, an ordered list of words as the rank of each. A field that carries the name of a line is
that line's value before month 1, ``opening_cash`` for ``cash``.
"""

from __future__ import annotations

import calendar
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from corpfin import lines
from corpfin.engine import Data, Given, Graph, Kernel
from corpfin.inputs import Company, InputError, Market, Problem, Scenario, Table
from corpfin.inputs import company as company_tables
from corpfin.inputs import market as market_tables
from corpfin.inputs.checks import DRAWN
from corpfin.inputs.schema import Declared, declared
from corpfin.paths import (
    Bootstrap,
    CompanyRandomness,
    Lognormal,
    MarketRandomness,
    Merton,
    PriceProcess,
    Project,
    TwoRegime,
    apply,
)
from corpfin.studies.shocks import Shocks, raise_all

MONTHS = 60
"""Length of a projection unless another is asked for [month]."""

MARKET_TABLES: dict[str, type[Table]] = {
    "network": market_tables.Network,
    "price": market_tables.Price,
    "finance": market_tables.Finance,
    "machine": market_tables.Machine,
}
COMPANY_TABLES: dict[str, type[Table]] = {
    "equity": company_tables.Equity,
    "treasury": company_tables.Treasury,
    "costs": company_tables.Costs,
    "balance": company_tables.Balance,
    "fleet": company_tables.Fleet,
    "warrant": company_tables.Warrant,
    "offering": company_tables.Offering,
    "purchase": company_tables.Purchase,
    "debt": company_tables.Debt,
    "hpc": company_tables.Hpc,
}
BLOCKS = ("machine", "fleet", "warrant", "offering", "purchase", "debt", "hpc")

SERIES = (
    Given("days", "day", "series", "", "Days in the month"),
    Given("month_number", "month", "series", "", "Month of the projection, the first is 1"),
    Given("share_before_halving", "1", "series", "", "Share of the month's days before the halving"),
    Given("is_history", "1", "series", "", "1 in months that are history"),
    Given("known_hashrate", "EH/s", "series", "", "Network hash rate where it is history, else 0"),
    Given("known_fees", "BTC/block", "series", "", "Fees per block where they are history, else 0"),
)
MARKET_DRAWS = (
    Given("btc_price", "USD/BTC", "draw", "", "Bitcoin price, mean of the month"),
    Given("btc_price_end", "USD/BTC", "draw", "", "Bitcoin price at month end"),
    Given("ai_return", "1", "draw", "", "Log return of the AI-equity factor"),
    Given("power_index", "1", "draw", "", "Index price of electricity over the contract's"),
    Given("credit_open", "1", "draw", "", "1 while maturities can be rolled over"),
    Given("fee_shock", "1", "draw", "", "Shock to log fees, in standard deviations"),
    Given("hashrate_shock", "1", "draw", "", "Shock to hash rate, in standard deviations"),
)
COMPANY_DRAWS = (
    Given("idio_return", "1", "draw", "", "Log return of the share that no factor explains"),
    Given("slip", "month", "static_draw", "hpc", "Months late in construction"),
    Given("overrun", "1", "static_draw", "hpc", "Actual over guided construction cost"),
    Given("tenant_clock", "1", "static_draw", "hpc", "Cumulated hazard at which the tenant fails"),
    Given("exit_clock", "1", "static_draw", "hpc", "Cumulated hazard at which the tenant of a late project leaves"),
)
BELOW = ("month_number", "is_history", "ai_return", "power_index", "credit_open")
"""Series and draws of the market that only companies read; so are all fields of [finance]."""


@dataclass(frozen=True)
class ModelInput:
    """One input of a graph and how it is read from a field: ``choice`` is the word or the ranked word it stands for."""

    name: str
    table: str
    field: Declared
    choice: str = ""

    @property
    def scope(self) -> str:
        """The block the input belongs to, or the empty string."""
        return self.table if self.table in BLOCKS else ""

    @property
    def opening(self) -> bool:
        """Whether it is a line's value before month 1."""
        return self.name.startswith("opening_")

    def read(self, value: Any, as_of: date) -> float:
        """The number a line sees for a value of the file (or for the number that stands for its absence)."""
        match self.field.kind:
            case "date":
                return float(month_number(value, as_of)) if isinstance(value, date) else float(value)
            case "word":
                return float(value == self.choice)
            case "words":
                return float(list(value).index(self.choice) + 1)
            case _:
                return float(value)


def month_number(day: date, as_of: date) -> int:
    """Months from the balance-sheet date's month to the day's; the first projected month is 1."""
    return (day.year - as_of.year) * 12 + day.month - as_of.month


def month_after(as_of: date, number: int) -> tuple[int, int]:
    """Year and month of projected month ``number``."""
    index = as_of.year * 12 + as_of.month - 1 + number
    return index // 12, index % 12 + 1


def month_labels(as_of: date, months: int) -> list[str]:
    """Labels ``YYYY-MM`` of the projected months."""
    return ["{:04d}-{:02d}".format(*month_after(as_of, number)) for number in range(1, months + 1)]


def _line_names(modules: Sequence[types.ModuleType]) -> set[tuple[str, str]]:
    return {
        (getattr(module, "EACH", ""), name)
        for module in modules
        for name, member in vars(module).items()
        if isinstance(member, types.FunctionType) and member.__module__ == module.__name__
    }


def _inputs(tables: dict[str, type[Table]], modules: Sequence[types.ModuleType]) -> Iterator[ModelInput]:
    computed = _line_names(modules)
    for table, declaration in tables.items():
        scope = table if table in BLOCKS else ""
        for field in declared(declaration).values():
            if not field.spec.model:
                continue
            if field.kind == "word":
                yield from (ModelInput(word, table, field, word) for word in field.spec.choices)
            elif field.kind == "words":
                yield from (ModelInput(f"{word}_rank", table, field, word) for word in field.words)
            else:
                name = f"{field.name.removesuffix('_date')}_month" if field.kind == "date" else field.name
                yield ModelInput(f"opening_{name}" if (scope, name) in computed else name, table, field)


@cache
def market_inputs() -> tuple[ModelInput, ...]:
    """Every input of the market's graph."""
    return tuple(_inputs(MARKET_TABLES, lines.MARKET))


@cache
def company_inputs() -> tuple[ModelInput, ...]:
    """Every input of a company's graph."""
    return tuple(_inputs(COMPANY_TABLES, lines.COMPANY))


def _given(item: ModelInput) -> Given:
    unit = item.field.spec.unit or "1"
    return Given(item.name, unit, "input", item.scope, item.field.spec.meaning)


def build_market_graph(modules: Sequence[types.ModuleType] = lines.MARKET) -> Graph:
    """The market's graph; ``ModelError`` when a line does not fit."""
    below = {*BELOW, *(item.name for item in market_inputs() if item.table == "finance")}
    given = [*map(_given, market_inputs()), *SERIES, *MARKET_DRAWS]
    return Graph.build("market", modules, given, for_below=below)


def build_company_graph(modules: Sequence[Any] = lines.COMPANY, extra: Sequence[Given] = ()) -> Graph:
    """A company's graph below the market's, with ``extra`` inputs; ``ModelError`` when it does not fit."""
    given = [*map(_given, company_inputs()), *COMPANY_DRAWS, *extra]
    return Graph.build("company", modules, given, above=market_graph())


@cache
def market_graph() -> Graph:
    """The market's graph, built once."""
    return build_market_graph()


@cache
def company_graph() -> Graph:
    """The companies' graph, built once."""
    return build_company_graph()


@cache
def market_kernel() -> Kernel:
    """The market compiled."""
    return Kernel(market_graph())


@cache
def company_kernel() -> Kernel:
    """The companies' lines compiled: one kernel for all of them."""
    return Kernel(company_graph())


@dataclass(frozen=True)
class MarketCase:
    """The market under a scenario, as figures: ``labels`` [M] names the months, the first ``known`` are history."""

    market: Market
    scenario: Scenario
    labels: tuple[str, ...]
    data: Data
    randomness: MarketRandomness
    shocks: Shocks

    @property
    def known(self) -> int:
        """Number of projected months that are history."""
        return self.randomness.known

    @property
    def now(self) -> int:
        """The last month that is history, counted from 0; the first month when none is."""
        return max(self.known, 1) - 1

    def shock(self, draws: Mapping[str, np.ndarray], projects: Sequence[Project] = ()) -> None:
        """Apply the scenario to draws of the market, or of a company with these ``projects``, in place.

        ``InputError`` for a shock that cannot be applied or leads out of range.
        """
        try:
            apply(self.shocks.draws, draws, self.labels, self.known, [project.building for project in projects])
        except ValueError as error:
            raise InputError([Problem(self.scenario.file.name, "", None, f"{error}")]) from None


@dataclass(frozen=True)
class CompanyCase:
    """One company under a scenario, as figures; ``variant`` names a changed one beside the original."""

    company: Company
    data: Data
    randomness: CompanyRandomness
    projects: tuple[Project, ...]
    variant: str = ""

    @property
    def ticker(self) -> str:
        """Stock ticker; the draws are the same for every variant."""
        return self.company.ticker

    @property
    def label(self) -> str:
        """Name of the case in results: the ticker, and the variant."""
        return f"{self.ticker} {self.variant}".strip()


def prepare_market(market: Market, scenario: Scenario, months: int = MONTHS) -> MarketCase:
    """Turn market file and scenario into figures of ``months`` months.

    ``InputError`` for shocks that do not fit or lead out of a field's limits, ``ValueError`` for months below one.
    """
    if months < 1:
        raise ValueError(f"months is {months}; it must be 1 or more")
    tables = market.tables
    as_of = tables.network.as_of
    labels = tuple(month_labels(as_of, months))
    known = tables.known_month[:months]
    history = {row.month: row for row in known}
    ends = [calendar.monthrange(*month_after(as_of, number))[1] for number in range(1, months + 1)]
    halving = tables.network.halving_date
    series = {
        "days": ends,
        "month_number": range(1, months + 1),
        "share_before_halving": [
            1.0 if label < f"{halving:%Y-%m}" else (0.0 if label > f"{halving:%Y-%m}" else (halving.day - 1) / days)
            for label, days in zip(labels, ends, strict=True)
        ],
        "is_history": [float(label in history) for label in labels],
        "known_hashrate": [history[label].hashrate if label in history else 0.0 for label in labels],
        "known_fees": [(history[label].fees_per_block or 0.0) if label in history else 0.0 for label in labels],
    }
    shocks = Shocks(scenario, labels, len(known))
    shocks.check_months(timeless())
    instances = {"machine": [row.id for row in tables.machine]}
    data, problems = _data(market, market_inputs(), instances, as_of, months, shocks, series)
    price = _parameters(market, "price", shocks, problems)
    factors = _parameters(market, "factors", shocks, problems)
    raise_all(problems)
    randomness = MarketRandomness(
        months=months,
        start=tables.price.btc_close,
        process=_price_process(market, price),
        ai_volatility=factors["ai_volatility"],
        ai_btc_correlation=factors["ai_btc_correlation"],
        power_volatility=factors["power_volatility"],
        power_persistence=factors["power_persistence"],
        window_closes=factors["window_closes"],
        window_opens=factors["window_opens"],
        window_ai_beta=factors["window_ai_beta"],
        known_mean=tuple(row.price_mean for row in known),
        known_end=tuple(row.price_end for row in known),
    )
    return MarketCase(market, scenario, labels, data, randomness, shocks)


def prepare_company(company: Company, case: MarketCase) -> CompanyCase:
    """Turn a company into figures under the case's scenario.

    ``InputError`` when its balance-sheet date is not the market's or a shock leads out of a field's limits.
    """
    market = case.market.tables
    as_of = company.as_of
    if as_of != market.network.as_of:
        raise InputError(
            [
                Problem(
                    company.file.name,
                    "company.as_of",
                    str(as_of),
                    f"the market file starts from {market.network.as_of}; a company starts from the same date",
                )
            ]
        )
    months = len(case.labels)
    tables = company.tables
    instances = {name: [row.id for row in getattr(tables, name)] for name in COMPANY_TABLES if name in BLOCKS}
    data, problems = _data(company, company_inputs(), instances, as_of, months, case.shocks, {})
    own = _parameters(company, "equity", case.shocks, problems)
    factors = _parameters(case.market, "factors", case.shocks, [])
    raise_all(problems)
    projects = tuple(
        Project(row.id, month_number(row.full_delivery, as_of))
        if row.full_delivery is not None and row.delivered_mw < row.leased_mw
        else Project(row.id, 0.0)
        for row in tables.hpc
    )
    randomness = CompanyRandomness(
        months=months,
        known=case.known,
        idio_volatility=own["idio_volatility"],
        idio_persistence=factors["idio_persistence"],
        slip_on_time=factors["slip_on_time"],
        slip_median=factors["slip_median"],
        slip_sigma=factors["slip_sigma"],
        overrun_median=factors["overrun_median"],
        overrun_sigma=factors["overrun_sigma"],
    )
    return CompanyCase(company, data, randomness, projects)


def _price_process(market: Market, price: Mapping[str, float]) -> PriceProcess:
    """The bitcoin price process the market file names; ``InputError`` for a history that cannot be used."""
    parameter = price.__getitem__
    match market.tables.price.process:
        case "merton":
            names = ("volatility", "drift", "jump_intensity", "jump_mean", "jump_volatility")
            return Merton(*map(parameter, names))
        case "two_regime":
            names = ("drift", "volatility", "turbulent_volatility", "worsens", "calms")
            return TwoRegime(*map(parameter, names))
        case "bootstrap":
            return Bootstrap(parameter("drift"), _history(market), parameter("mean_block"))
        case _:
            return Lognormal(parameter("volatility"), parameter("drift"))


def _history(market: Market) -> tuple[float, ...]:
    """Monthly log returns of the history file that stands beside the market file."""
    file = market.file.parent / str(market.tables.price.history_file)
    try:
        prices = pd.read_csv(file)["price_end"].dropna().to_numpy(dtype=float)
        if len(prices) < 3 or not (prices > 0).all():
            raise ValueError("fewer than three prices, or one that is not above zero")
    except (OSError, KeyError, ValueError) as error:
        why = "has no column price_end" if isinstance(error, KeyError) else f"cannot be used: {error}"
        raise InputError([Problem(market.file.name, "price.history_file", file.name, why)]) from None
    return tuple(np.diff(np.log(prices)).tolist())


def _parameters(document: Company | Market, table: str, shocks: Shocks, problems: list[Problem]) -> dict[str, float]:
    """The parameters of randomness that a table gives, under the scenario, by name; faults join ``problems``."""
    written: Table = getattr(document.tables, table)
    found: dict[str, float] = {}
    for name, field in declared(type(written)).items():
        target, value = f"{table}.{name}", getattr(written, name)
        if field.spec.model or field.kind != "number":
            continue
        if value is not None:
            factor, addition = shocks.change(target, at_start=True)
            changed = value * factor + addition
            problems += shocks.faults(target, _owner(document, table, None), field, value, changed)
            found[name] = float(changed[0])
        elif target in shocks.fields:
            message = f"{document.file.name} does not give it: nothing reads it"
            problems.append(Problem(shocks.scenario.file.name, f"shock {target}", None, message))
    return found


def _owner(document: Company | Market, table: str, id: str | None) -> str:
    """A block for messages: ``WULF debt.conv-2031``, ``network``."""
    block = f"{table}.{id}" if id else table
    return f"{document.ticker} {block}" if isinstance(document, Company) else block


@cache
def timeless() -> frozenset[str]:
    """Every ``table.field`` whose shocks have no months: values before month 1 and parameters of randomness."""
    items = (*market_inputs(), *company_inputs())
    opening = {f"{item.table}.{item.field.name}" for item in items if item.opening}
    drawn = {
        f"{table}.{name}"
        for table, declaration in (MARKET_TABLES | COMPANY_TABLES | {"factors": market_tables.Factors}).items()
        for name, field in declared(declaration).items()
        if table in DRAWN and not field.spec.model
    }
    return frozenset(opening | drawn)


def _data(
    document: Company | Market,
    items: Sequence[ModelInput],
    instances: dict[str, list[str]],
    as_of: date,
    months: int,
    shocks: Shocks,
    series: dict[str, Any],
) -> tuple[Data, list[Problem]]:
    """Inputs by month and before month 1, and what is wrong with those that the scenario changes."""
    problems: list[Problem] = []
    base: dict[str, dict[str, Any]] = {"": {}}
    spread: dict[str, dict[str, Any]] = {"": {}}
    figures = {(figure.table, figure.id, figure.field): figure.value for figure in document.figures()}
    kinds = {scope: [str(row.get("kind")) for row in document.rows if row.table == scope] for scope in instances}
    for item in items:
        ids = instances[item.scope] if item.scope else [None]
        column = np.array([item.read(figures[item.table, id, item.field.name], as_of) for id in ids], dtype=float)
        changed = np.repeat(column[:, None], months, axis=1)
        target = f"{item.table}.{item.field.name}"
        for k, kind in enumerate(kinds.get(item.scope, [""]) if target in shocks.fields else ()):
            before = column[k]
            factor, addition = shocks.change(target, kind, at_start=item.opening)
            changed[k] = before * factor + addition
            problems += shocks.faults(target, _owner(document, item.table, ids[k]), item.field, before, changed[k])
            if item.opening:
                column[k] = changed[k, 0]
        base.setdefault(item.scope, {})[item.name] = column if item.scope else column[0]
        spread.setdefault(item.scope, {})[item.name] = changed if item.scope else changed[0]
    return Data.of(months, spread, instances=instances, openings=base, series=series), problems
