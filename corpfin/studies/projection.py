"""The projection: one company under one scenario, month by month, every figure explainable down to its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpfin.engine import Graph, ModelError, Values, interpret
from corpfin.engine.data import Draws
from corpfin.engine.explain import Node, explain
from corpfin.inputs import Company, Market, Scenario, load_company, load_market, load_scenario, nearest_name
from corpfin.paths import central_company, central_market
from corpfin.studies.model import (
    MONTHS,
    CompanyCase,
    MarketCase,
    ModelInput,
    company_graph,
    company_inputs,
    market_graph,
    market_inputs,
    prepare_company,
    prepare_market,
)
from corpfin.studies.summary import summarise

CompanyLike = Company | str | Path
ScenarioLike = Scenario | str | Path

COMPANY_STATIC = ("slip", "overrun", "tenant_clock", "exit_clock")

FLOWS = (
    "group_revenue",
    "mined_value",
    "total_hpc_revenue",
    "total_fleet_btc_mined",
    "btc_sold",
    "ebitda",
    "fair_value_change",
    "depreciation",
    "interest_expense",
    "tax",
    "net_income",
    "operating_cash_flow",
    "investing_cash_flow",
    "financing_cash_flow",
    "net_cash_flow",
    "total_hpc_capex_paid",
    "principal_falling_due",
    "atm_proceeds",
    "shares_issued",
    "unpaid",
)
LEVELS = (
    "cash",
    "total_hpc_ring_cash",
    "btc",
    "btc_value",
    "total_debt_balance",
    "total_hpc_loan_balance",
    "book_equity",
    "shares",
    "share_price",
    "total_hpc_delivered_mw",
    "liquidity",
    "runway",
    "leverage",
    "hashprice",
    "network_hashrate",
    "defaulted",
)


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """One path of one company: figures of market and company by month, with the cases they were computed from.

    ``path`` is the number of the simulated path, None for the central one.
    """

    case: CompanyCase
    market_case: MarketCase
    market: Values
    values: Values
    path: int | None = None

    def __repr__(self) -> str:
        path = "central path" if self.path is None else f"path {self.path}"
        return f"<Projection {self.case.label}, {self.scenario.name}, {path}, {self.labels[0]} to {self.labels[-1]}>"

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
        return summarise(self)

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
        graph, values = self._home(line, parts[0] if len(parts) == 3 else None)
        above = (market_graph(), self.market.data, self.market) if graph is company_graph() else None
        if not number:
            raise ModelError(f"no month {month}; the projection runs from {self.labels[0]} to {self.labels[-1]}")
        return explain(
            graph, values.data, values, line, number, instance=instance, above=above, source_of=self.source_of
        )

    def _home(self, line: str, scope: str | None) -> tuple[Graph, Values]:
        """The graph a line belongs to; the company's for an unknown line, which then says so."""
        homes = ((company_graph(), self.values), (market_graph(), self.market))
        blocks = [block for graph, _ in homes for block in graph.blocks]
        if scope is not None and scope not in blocks:
            raise ModelError(f"there is no block {scope}; blocks are {', '.join(blocks)}")
        for graph, values in homes:
            if any(found.name == line and scope in (None, found.scope) for found in graph.lines):
                return graph, values
        return homes[0]

    def source_of(self, scope: str, instance: str | None, name: str) -> str:
        """Grade and source of an input of the model, or what kind of given it is."""
        for items, document in (
            (_by_name(company_inputs()), self.company),
            (_by_name(market_inputs()), self.market_case.market),
        ):
            item = items.get((scope, name))
            if item is not None:
                return document.source_of(item.table, instance, item.field.name)
        if self.path is None:
            return "central path: no noise"
        return f"drawn: path {self.path}"


def _by_name(items: tuple[ModelInput, ...]) -> dict[tuple[str, str], ModelInput]:
    return {(item.scope, item.name): item for item in items}


def company_of(company: CompanyLike, market: Market) -> Company:
    """A loaded company, or one found by ticker or path; ``InputError`` when it cannot be read."""
    return company if isinstance(company, Company) else load_company(company, market.defaults)


def scenario_of(scenario: ScenarioLike) -> Scenario:
    """A loaded scenario, or one found by name or path, or several: ``"btc-half+capex-40"``; see ``load_scenario``."""
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


def project(
    company: CompanyLike, scenario: ScenarioLike = "base", *, months: int = MONTHS, market: Market | None = None
) -> Projection:
    """Project one company on the central path: no volatility, projects on time and on budget, every tenant staying.

    Raises ``InputError`` for files that cannot be used.
    """
    market = market or load_market()
    market_case = prepare_market(market, scenario_of(scenario), months)
    case = prepare_company(company_of(company, market), market_case)
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
    for draws in (market_draws, company_draws):
        market_case.shock(draws, case.projects)
    market = interpret(market_graph(), market_case.data, {"": market_draws})
    values = interpret(company_graph(), case.data, split(company_draws), market)
    return Projection(case, market_case, market, values, path)


def split(draws: dict[str, np.ndarray]) -> Draws:
    """A company's draws by scope: those of projects belong to the block hpc."""
    return {
        "": {name: array for name, array in draws.items() if name not in COMPANY_STATIC},
        "hpc": {name: array for name, array in draws.items() if name in COMPANY_STATIC},
    }
