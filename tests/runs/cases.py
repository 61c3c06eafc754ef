"""Prepared companies for the tests, changes to them, and both readings of the model on the same paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

import corpfin as cf
from corpfin.common.defaults import MONTHS
from corpfin.engine import Graph, Openings, Row, openings
from corpfin.inputs.find import known_companies
from corpfin.inputs.known import Known
from corpfin.paths import company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_kernel, market_graph, market_kernel
from corpfin.runs.projection import split
from tests.fixtures.world import MARCH

MAIN = ("WULF", "CORZ", "MARA")
SHIPPED = (*MAIN, *sorted(set(known_companies(as_of=MARCH)) - set(MAIN)))

Changes = Mapping[tuple[str, str], Any]
Figures = dict[Row, np.ndarray]


@cache
def market_case(months: int = MONTHS, known: Known = "all") -> MarketCase:
    """The shipped market of March 2026 under the base scenario."""
    return prepare_market(cf.load_market(as_of=MARCH), cf.load_scenario("base"), months, known)


@cache
def company_case(ticker: str, months: int = MONTHS, known: Known = "all") -> CompanyCase:
    """A shipped company in that market; what it reported of its own months belongs to the company as it is only."""
    return prepare_company(cf.load_company(ticker, as_of=MARCH), market_case(months, known))


# Companies changed


def with_inputs(case: CompanyCase, changes: Changes) -> CompanyCase:
    """The company with other inputs: ``{("debt", "coupon"): 0.0, ("", "opening_cash"): 100.0}``.

    A value is a number, an array [K] or a function of the old figures; months and value before month 1 change alike.
    ``KeyError`` for an input that does not exist.
    """
    data = case.data
    inputs = {scope: dict(figures) for scope, figures in data.inputs.items()}
    before = {scope: dict(figures) for scope, figures in data.openings.items()}
    for (scope, name), value in changes.items():
        old, first = inputs[scope][name], before[scope][name]
        if callable(value):
            inputs[scope][name], before[scope][name] = value(old), value(first)
        else:
            figures = np.asarray(value, dtype=float)
            before[scope][name] = np.broadcast_to(figures, first.shape).copy()
            inputs[scope][name] = np.broadcast_to(figures[..., None], old.shape).copy()
    return replace(case, data=replace(data, inputs=inputs, openings=before))


def with_rows(case: CompanyCase, block: str, rows: Sequence[int]) -> CompanyCase:
    """The company with these instances of a block, by number: ``[]`` for none, ``[0, 0]`` for the first one twice."""
    data, chosen = case.data, list(rows)
    ids = tuple(f"{data.instances[block][k]}-{number}" for number, k in enumerate(chosen))
    changed = replace(
        data,
        instances={**data.instances, block: ids},
        inputs={**data.inputs, block: {name: array[chosen] for name, array in data.inputs[block].items()}},
        openings={**data.openings, block: {name: array[chosen] for name, array in data.openings[block].items()}},
    )
    projects = tuple(replace(case.projects[k], id=ids[n]) for n, k in enumerate(chosen)) if block == "hpc" else None
    return replace(case, data=changed, projects=case.projects if projects is None else projects)


def input_of(case: CompanyCase, scope: str, name: str) -> np.ndarray:
    """An input before month 1: a number or [K]."""
    return case.data.openings[scope][name]


# Both readings


def rows(graph: Graph, case: CompanyCase | MarketCase) -> list[Row]:
    """Every row of a graph: a line of the company, or of each instance of its block."""
    return [Row(line.scope, line.name, k) for line in graph.lines for k in range(case.data.count(line.scope))]


@dataclass(frozen=True)
class Paths:
    """The same paths for every company: market draws [M, P] and the market's rows the companies read."""

    case: MarketCase
    seed: int
    draws: dict[str, np.ndarray]
    openings: Openings
    outer: dict[str, np.ndarray]

    @property
    def count(self) -> int:
        """Number of paths P."""
        return self.outer["market"].shape[-1]


@cache
def paths(count: int, seed: int = 7, months: int = MONTHS) -> Paths:
    """The first ``count`` paths of a seed."""
    return paths_of(market_case(months), count, seed)


def paths_of(case: MarketCase, count: int, seed: int = 7) -> Paths:
    """The same of any market."""
    draws = _first(market_draws(case.randomness, seed, 0), count)
    found = market_kernel().prepare(case.data).run({"": draws}, paths=count, record=company_kernel().needs["market"])
    return Paths(case, seed, draws, openings(market_graph(), case.data), {"market": found.record})


def draws_of(case: CompanyCase, on: Paths) -> dict[str, np.ndarray]:
    """The company's own draws on these paths, made once for all that share what is drawn for them."""
    key = case.ticker, case.randomness, case.projects, on.seed, on.count
    if key not in _drawn:
        draws = _first(company_draws(case.randomness, case.ticker, case.projects, on.seed, 0), on.count)
        for array in draws.values():
            array.flags.writeable = False
        _drawn[key] = draws
    return dict(_drawn[key])


_drawn: dict[tuple[object, ...], dict[str, np.ndarray]] = {}


def run(case: CompanyCase, on: Paths, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Lines of the company [M, P] by the kernel."""
    return run_each(case, [on], names)[0]


def run_each(case: CompanyCase, on: Sequence[Paths], names: Sequence[str]) -> list[dict[str, np.ndarray]]:
    """Lines of the company [M, P] by the kernel on each of several sets of paths of one market."""
    wanted = [Row("", name) for name in names]
    prepared = company_kernel().prepare(case.data, on[0].openings)
    found = [prepared.run(split(draws_of(case, some)), some.outer, paths=some.count, record=wanted) for some in on]
    return [dict(zip(names, result.record, strict=True)) for result in found]


def _first(draws: dict[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    return {name: np.ascontiguousarray(array[..., :count]) for name, array in draws.items()}
