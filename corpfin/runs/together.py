"""Companies run together: market, companies and sector stepped through the same month on the same paths.

The model is that of a company alone with a third graph, the sector, which adds up the companies and meets market and
companies a month later. Where it does, a line of a ``TOGETHER`` room takes the place of a figure that a company alone
is given; that figure is then called ``own_``. With nothing met the runs are those of each company alone, bit by bit,
which a test holds.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from corpfin import lines
from corpfin.engine import Data, Given, Graph, Kernel, Openings, Plan, Values, build_model, interpret_together
from corpfin.engine import openings as opening_values
from corpfin.engine.data import Array
from corpfin.engine.kernel import Prepared
from corpfin.inputs import InputError, Problem
from corpfin.paths import central_company, central_market, company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase
from corpfin.runs.declared import SECTOR, ModelInput, members, sector_inputs
from corpfin.runs.figures import by_month
from corpfin.runs.graphs import company_given, market_given, sector_given
from corpfin.runs.projection import split
from corpfin.runs.shocks import raise_all

OWN = "own_"

APART = dict.fromkeys(
    (
        "impact_coefficient",
        "flow_beta",
        "listed_switching",
        "forced_sale_discount",
        "shared_capital",
        "distress_spread",
    ),
    0.0,
)
"""Figures of [impact] with which companies meet nothing of each other."""


def met() -> dict[tuple[str, str], str]:
    """What the sector meets, by (block, name), and its own name where it has one of them."""
    found = {}
    for module in (*lines.MARKET_TOGETHER, *lines.COMPANY_TOGETHER):
        for function in vars(module).values():
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                for name in inspect.signature(function).parameters:
                    if name.startswith(OWN):
                        found[getattr(module, "EACH", ""), name.removeprefix(OWN)] = name
    return found


@cache
def graphs_together() -> dict[str, Graph]:
    """Market, company and sector by name, in the order of the month."""
    return build_model(
        Plan("market", (*lines.MARKET_TOGETHER, *lines.MARKET), _own(market_given()), reads=("sector",)),
        Plan(
            "company",
            (*lines.COMPANY_TOGETHER, *lines.COMPANY, *lines.COMPANY_ADDED),
            _own(company_given()),
            reads=("market", "sector"),
            members=True,
        ),
        Plan("sector", lines.SECTOR, sector_given(), reads=("market", "company")),
    )


@cache
def kernel_together(name: str) -> Kernel:
    """One of the graphs compiled."""
    return Kernel(graphs_together()[name])


def own_inputs(items: Sequence[ModelInput]) -> tuple[ModelInput, ...]:
    """Inputs under the names that they have in a run of companies together."""
    names = met()
    return tuple(replace(item, name=names.get((item.scope, item.name), item.name)) for item in items)


def _own(givens: Sequence[Given]) -> tuple[Given, ...]:
    names = met()
    return tuple(replace(given, name=names.get((given.scope, given.name), given.name)) for given in givens)


@dataclass(frozen=True)
class Sector:
    """Companies of one market, run together: ``data`` are the sector's own figures."""

    market_case: MarketCase
    cases: tuple[CompanyCase, ...]
    data: Data

    def without(self, ticker: str) -> Sector:
        """The sector without one company, which is then not there for anybody."""
        return sector_of(self.market_case, [case for case in self.cases if case.ticker != ticker], self.inputs)

    def with_inputs(self, **inputs: float) -> Sector:
        """The sector with other figures in every month."""
        return replace(self, data=_with(self.data, inputs))

    @property
    def inputs(self) -> dict[str, float]:
        """Its own figures in the first month, by name; the number of its companies left out."""
        return {
            name: float(self.data.openings[""].get(name, value[0]))
            for name, value in self.data.inputs[""].items()
            if name != "companies"
        }

    def figures(self) -> list[tuple[Graph, Data]]:
        """The graphs and their figures, in the order of the model."""
        graphs = graphs_together()
        return [
            (graphs["market"], _own_data(self.market_case.data)),
            *((graphs["company"], replace(_own_data(case.data), member=case.label)) for case in self.cases),
            (graphs["sector"], self.data),
        ]

    def openings(self) -> list[Openings]:
        """What is known before month 1, in the order of the model."""
        known: list[Openings] = []
        for graph, data in self.figures():
            known.append(opening_values(graph, data, *known))
        return known

    def prepared(self, paths: int, made: dict[int, Prepared] | None = None) -> list[Prepared]:
        """The kernels with the figures in place, in the order of the model.

        ``made`` keeps those of the market and of each company for other sectors of the same cases: what a sector is
        given changes none of them.
        """
        known, made = self.openings(), {} if made is None else made
        found = []
        for of, (graph, data) in zip((self.market_case, *self.cases, self), self.figures(), strict=True):
            ready = made.get(id(of)) or kernel_together(graph.name).prepare(data, *known, paths=paths)
            if of is not self:
                made[id(of)] = ready
            found.append(ready)
        return found

    def central(self) -> list[dict[str, dict[str, Array]]]:
        """The draws of the central path, in the order of the model."""
        market = central_market(self.market_case.randomness)
        own = [central_company(case.randomness, case.ticker, case.projects) for case in self.cases]
        return self._shocked(market, own)

    def drawn(self, seed: int, block: int) -> list[dict[str, dict[str, Array]]]:
        """The draws of a block, the very ones of each company alone."""
        market = market_draws(self.market_case.randomness, seed, block)
        own = [company_draws(case.randomness, case.ticker, case.projects, seed, block) for case in self.cases]
        return self._shocked(market, own)

    def _shocked(self, market: dict[str, Array], own: Sequence[dict[str, Array]]) -> list[dict[str, dict[str, Array]]]:
        self.market_case.shock(market)
        for case, draws in zip(self.cases, own, strict=True):
            self.market_case.shock(draws, case.projects)
        return [_own_draws({"": market}), *(_own_draws(split(draws)) for draws in own), {}]


def sector_of(
    market_case: MarketCase, cases: Sequence[CompanyCase], inputs: Mapping[str, float] | None = None
) -> Sector:
    """Companies prepared under one market case as a sector, with ``inputs`` in place of the file's.

    ``InputError`` for a market file without the table [impact].
    """
    market = market_case.market
    if market.tables.impact is None:
        message = "table is missing; companies cannot be run together without it"
        raise InputError([Problem(market.file.name, SECTOR, None, message)])
    months = len(market_case.labels)
    items = sector_inputs()
    data, problems = by_month(market, items, members(market.tables), market.as_of, months, market_case.shocks, {})
    raise_all(problems)
    data = _with(data, {"companies": float(len(cases))})
    return Sector(market_case, tuple(cases), _with(data, inputs or {}))


def project_together(sector: Sector) -> list[Values]:
    """The central path of market, companies and sector, interpreted, in this order."""
    found = zip(sector.figures(), sector.central(), strict=True)
    return interpret_together([(graph, data, draws) for (graph, data), draws in found])


def _with(data: Data, inputs: Mapping[str, float]) -> Data:
    changed = {name: np.full(data.months, float(value)) for name, value in inputs.items()}
    start = {name: np.array(float(value)) for name, value in inputs.items()}
    return replace(
        data,
        inputs={**data.inputs, "": {**data.inputs[""], **changed}},
        openings={**data.openings, "": {**data.openings[""], **start}},
    )


def _own_data(data: Data) -> Data:
    return replace(data, inputs=_named(data.inputs), openings=_named(data.openings))


def _named(figures: Mapping[str, Mapping[str, Array]]) -> dict[str, dict[str, Array]]:
    names = met()
    return {
        scope: {names.get((scope, name), name): value for name, value in values.items()}
        for scope, values in figures.items()
    }


def _own_draws(draws: Mapping[str, Mapping[str, Array]]) -> dict[str, dict[str, Array]]:
    return _named(draws)
