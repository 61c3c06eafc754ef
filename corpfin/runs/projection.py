"""The projection: one company under one scenario, month by month, every figure explainable down to its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import to_html
from corpfin.common.defaults import MONTHS
from corpfin.engine import ModelError, Values, interpret
from corpfin.engine.data import Draws
from corpfin.engine.explain import Node, explain
from corpfin.inputs import (
    AsOf,
    Company,
    InputError,
    Market,
    Problem,
    Scenario,
    load_company,
    load_market,
    load_scenario,
    nearest_name,
)
from corpfin.inputs.draws import drawn_by
from corpfin.inputs.find import date_asked, find_company, other_date
from corpfin.inputs.known import Known
from corpfin.paths import central_company, central_market, company_draws, locate, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market, said_of_files
from corpfin.runs.declared import ModelInput, company_inputs, market_inputs, members
from corpfin.runs.graphs import company_graph, heading_of, market_graph
from corpfin.runs.known import MARKET_SOURCES, source_of_known
from corpfin.runs.readings import BILLS, FLOWS, LEVELS

AT_MONTH = {
    "btc_price": "btc_price",
    "btc_price_end": "btc_price_end",
    "hashprice": "hashprice",
    "power_cost_per_btc": "power_cost_per_btc",
    "cash_cost_per_btc": "cash_cost_per_btc",
    "all_in_cost_per_btc": "all_in_cost_per_btc",
    "burn": "burn",
    "runway": "runway",
    "liquidity": "liquidity",
    "next_year_needs": "next_year_needs",
    "btc_mined_a_month": "total_fleet_btc_mined",
}
"""Figures of one month that the answer tells, by the line each is."""

CompanyLike = Company | str | Path
Companies = Sequence[CompanyLike] | CompanyLike | None
"""One company or several, loaded, by ticker or by path; None or "all" for every company known by ticker."""

ALL = "all"
"""Stands for every company known by ticker."""

ScenarioLike = Scenario | str | Path


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """One path of one company: figures of market and company by month, with the cases they were computed from.

    ``path`` is the number of the simulated path, None for the central one; ``drawn`` are its draws before the scenario
    changed them, by name: [M], or [K] for those of K projects.
    """

    case: CompanyCase
    market_case: MarketCase
    market: Values
    values: Values
    path: int | None = None
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __repr__(self) -> str:
        path = "central path" if self.path is None else f"path {self.path}"
        return f"<Projection {self.case.label}, {self.scenario.name}, {path}, {self.labels[0]} to {self.labels[-1]}>"

    def _repr_html_(self) -> str:
        """The years for a notebook."""
        return to_html(self.annual, [heading_of(line) for line in (*FLOWS, *LEVELS)], repr(self))

    @property
    def company(self) -> Company:
        """The company's file."""
        return self.case.company

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.market_case.scenario

    @property
    def labels(self) -> tuple[str, ...]:
        """Months as ``YYYY-MM``."""
        return self.market_case.labels

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Every draw and line by month: M rows named ``YYYY-MM``; a block's columns are ``debt.conv-2031.interest``."""
        columns: dict[str, np.ndarray] = {}
        for graph, values in ((market_graph(), self.market), (company_graph(), self.values)):
            columns |= values.draws[""]
            for line in graph.lines:
                found = values[line.scope, line.name]
                if line.scope:
                    for id, row in zip(values.data.instances[line.scope], found, strict=True):
                        columns[f"{line.scope}.{id}.{line.name}"] = row
                else:
                    columns[line.name] = found
        return pd.DataFrame(columns, index=pd.Index(self.labels, name="month"))

    @cached_property
    def annual(self) -> pd.DataFrame:
        """Main lines by calendar year: flows summed, balances and prices at the year's last projected month."""
        years = [label[:4] for label in self.labels]
        flows = self.monthly[list(FLOWS)].groupby(years).sum()
        levels = self.monthly[list(LEVELS)].groupby(years).last()
        return flows.join(levels).rename_axis("year")

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What the one-page answer says of the projection, by name."""
        return _summary(self)

    def at_month(self, month: int) -> dict[str, float]:
        """What the one-page answer says of ``month``, counted from 0, by name; money in USD m."""
        found = {name: float(self[line][month]) for name, line in AT_MONTH.items()}
        return found | {"capex_left": float(self["hpc", "capex_left"][:, month].sum())}

    def __getitem__(self, key: str | tuple[str, str]) -> np.ndarray:
        """A line or draw [M], or ``["debt", "interest"]`` [K, M]; ``KeyError`` with the nearest name otherwise."""
        scope, name = ("", key) if isinstance(key, str) else key
        for values in (self.values, self.market):
            if (scope, name) in values.rows:
                return values.rows[scope, name]
            if name in values.draws.get(scope, {}):
                return np.asarray(values.draws[scope][name])
        names = [line.name for graph in (company_graph(), market_graph()) for line in graph.lines]
        raise KeyError(f"no line {key}; nearest is {nearest_name(name, names)}")

    def explain(self, line: str, month: str, instance: str | None = None) -> Node:
        """Walk from a cell down to the inputs, with value, unit, grade and source of each.

        ``line`` may carry its block and instance: ``debt.conv-2031.interest``. ``ModelError`` for an unknown line,
        instance or month, with the nearest right one.
        """
        parts = line.split(".")
        if len(parts) == 3:
            instance, line = parts[1], parts[2]
        number = self.labels.index(month) + 1 if month in self.labels else 0
        values = self._home(line, parts[0] if len(parts) == 3 else None)
        if not number:
            raise ModelError(f"no month {month}; the projection runs from {self.labels[0]} to {self.labels[-1]}")
        found = explain(values, line, number, instance=instance, others=[self.market], source_of=self.source_of)
        return self._with_history(found)

    def _with_history(self, node: Node) -> Node:
        """The tree with the source of what is known of its month at each leaf that is history."""
        children = tuple(map(self._with_history, node.children))
        month = self.labels[node.month - 1]
        if node.graph == company_graph().name:
            note = source_of_known(self.company, node.name, node.instance, month, self.market_case.known)
        else:
            row = self.market_case.labels.index(month) < self.market_case.history
            field = MARKET_SOURCES.get(node.name)
            document = self.market_case.market
            note = document.source_of("known_month", month, field) if row and field else ""
        return replace(node, children=children, note=note or node.note)

    def _home(self, line: str, scope: str | None) -> Values:
        """The run a line belongs to; the company's for an unknown line, which then says so."""
        homes = self.values, self.market
        blocks = [block for values in homes for block in values.graph.blocks]
        if scope is not None and scope not in blocks:
            raise ModelError(f"there is no block {scope}; blocks are {', '.join(blocks)}")
        for values in homes:
            if any(found.name == line and scope in (None, found.scope) for found in values.graph.lines):
                return values
        return homes[0]

    def source_of(self, scope: str, instance: str | None, name: str) -> str:
        """Grade and source of an input of the model, or what kind of given it is."""
        for items, document in (
            (_by_name(company_inputs()), self.company),
            (_by_name(market_inputs()), self.market_case.market),
        ):
            item = items.get((scope, name))
            if item is not None:
                found = next(each for each in members(document.tables)[scope] if each.id == (instance or None))
                source = item.source(found)
                return document.source_of(*source.key) if source else f"a block of {found.table} has none"
        if self.path is None:
            return "central path: no noise"
        return f"drawn: path {self.path}"


def _summary(p: Projection) -> dict[str, Any]:
    """Position, costs, runway, debt due by year, capacity and outcome of one path; money in USD m.

    Costs per bitcoin, burn, capital left and megawatts delivered now are those of the last month that is history, or of
    the first month when none is.
    """
    tables = p.company.tables
    last_known = p.market_case.now
    month = int(p["default_month"][-1])
    years = np.array([int(label[:4]) for label in p.labels])

    def by_year(flow: np.ndarray) -> dict[str, float]:
        return {str(year): float(flow[years == year].sum()) for year in np.unique(years)}

    return {
        "company": p.company.name,
        "ticker": p.company.ticker,
        "as_of": str(p.company.as_of),
        "scenario": p.scenario.name,
        "cash": tables.treasury.cash,
        "restricted_cash": tables.treasury.restricted_cash,
        "btc": tables.treasury.btc,
        "btc_pledged": float(p.values.openings["debt", "opening_collateral"].sum()),
        "btc_loaned": tables.treasury.btc_loaned or 0.0,
        "btc_value": float(p.values.openings["opening_btc_value"]),
        "corporate_debt": float(p.values.openings["debt", "opening_balance"].sum()),
        "project_loans": float(p.values.openings["hpc", "opening_loan_balance"].sum()),
        "market_cap": tables.equity.shares * tables.equity.share_price,
        "month_of_costs": p.labels[last_known],
        **p.at_month(last_known),
        "principal_due": by_year(p["principal_falling_due"]),
        "project_debt_service": by_year(p["hpc", "ring_debt_service"].sum(axis=0)),
        "leased_mw": float(sum(row.leased_mw for row in tables.hpc)),
        "delivered_mw": {str(year): float(p["total_hpc_delivered_mw"][years == year][-1]) for year in np.unique(years)},
        "delivered_mw_now": float(p["total_hpc_delivered_mw"][last_known]),
        "dilution": float(p["dilution"][-1]),
        "basic_dilution": float(p["basic_dilution"][-1]),
        "default_month": p.labels[month - 1] if month else None,
        "first_unpaid_bill": BILLS[int(p["first_unpaid_bill"][-1])],
    }


def _by_name(items: tuple[ModelInput, ...]) -> dict[tuple[str, str], ModelInput]:
    return {(item.scope, item.name): item for item in items}


def check_name(company: object) -> None:
    """Raise ``InputError`` for what is neither a loaded company nor a ticker or path."""
    if not isinstance(company, CompanyLike):
        message = "is no company; give a ticker, a file or a loaded company"
        raise InputError([Problem("companies", "", None, f"{company!r} {message}")])


def company_of(company: CompanyLike, market: Market, as_of: AsOf = None, folder: Path | None = None) -> Company:
    """A loaded company, or one found by ticker or path; ``InputError`` when it cannot be read or is of another date."""
    check_name(company)
    if not isinstance(company, Company):
        return load_company(company, market.defaults, folder, as_of=as_of)
    day = date_asked(as_of) or company.as_of
    if company.as_of != day:
        raise other_date(company.ticker, company.as_of, day)
    return company


def is_all(companies: Companies) -> bool:
    """Whether every company known by ticker is meant."""
    return companies is None or (isinstance(companies, str) and companies == ALL)


def each(companies: Companies) -> list[CompanyLike]:
    """The companies named, one by one, for None or "all" none; ``InputError`` for what is no company."""
    companies = None if is_all(companies) else companies
    several = isinstance(companies, Iterable) and not isinstance(companies, str)
    found = list(companies or ()) if several or companies is None else [companies]  # type: ignore[arg-type]
    for item in found:
        check_name(item)
    return found  # type: ignore[return-value]


def market_and_date(
    companies: Companies, market: Market | None = None, as_of: AsOf = None, folder: Path | None = None
) -> tuple[Market, AsOf]:
    """The market of a run, and the date of which its tickers are; None for the newest of each.

    Without a ``market``: the file that goes with the first company named, by ``as_of`` where none is; see
    ``load_market``. With one, tickers are of its date unless ``as_of`` says otherwise.
    """
    if market is not None:
        return market, as_of or market.as_of
    first = next(iter(each(companies)), None)
    if isinstance(first, str | Path):
        first = find_company(first, folder, as_of)
    file = first.file if isinstance(first, Company) else first
    return load_market(company=file, companies=folder, as_of=as_of), as_of


def scenario_of(scenario: ScenarioLike) -> Scenario:
    """A loaded scenario, or one found by name or path, or several: ``"btc-half+capex-40"``; see ``load_scenario``."""
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


def project(
    company: CompanyLike,
    scenario: ScenarioLike = "base",
    *,
    months: int = MONTHS,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
) -> Projection:
    """Project one company on the central path: no volatility, projects as late and dear as expected, tenants stay.

    A ticker means its newest vintage, that of ``as_of``, or where ``market`` is given that of its date. ``known`` says
    how much of what has happened is seen: ``none``, ``market`` or ``all``; see :data:`corpfin.inputs.known.Known`.
    Raises ``InputError`` for files that cannot be used.
    """
    market, as_of = market_and_date(company, market, as_of)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    case = prepare_company(company_of(company, market, as_of), market_case)
    market_draws = central_market(market_case.randomness)
    company_draws = central_company(case.randomness, case.ticker, case.projects)
    return evaluate(case, market_case, market_draws, company_draws)


def evaluate(
    case: CompanyCase,
    market_case: MarketCase,
    market_draws: dict[str, np.ndarray],
    company_draws: dict[str, np.ndarray],
    path: int | None = None,
) -> Projection:
    """Interpret one path: market draws [M]; company draws [M] or, for its K projects, [K]. Shocks are applied here."""
    drawn = {name: array.copy() for draws in (market_draws, company_draws) for name, array in draws.items()}
    for draws in (market_draws, company_draws):
        market_case.shock(draws, case.projects)
    with said_of_files(market_case.market, market_case.scenario, case.company):
        market = interpret(market_graph(), market_case.data, {"": market_draws})
        values = interpret(company_graph(), case.data, split(company_draws), market)
    return Projection(case, market_case, market, values, path, drawn)


def simulated(case: CompanyCase, market_case: MarketCase, seed: int, number: int) -> Projection:
    """A simulated path, interpreted from its very draws."""
    block, lane = locate(number)
    drawn = (
        market_draws(market_case.randomness, seed, block),
        company_draws(case.randomness, case.ticker, case.projects, seed, block),
    )
    market, company = ({name: array[:, lane].copy() for name, array in draws.items()} for draws in drawn)
    return evaluate(case, market_case, market, company, path=number)


def split(draws: dict[str, np.ndarray]) -> Draws:
    """A company's draws by scope: those of projects belong to the block hpc."""
    own = drawn_by("company")
    return {draw.scope: {other.name: draws[other.name] for other in own if other.scope == draw.scope} for draw in own}
