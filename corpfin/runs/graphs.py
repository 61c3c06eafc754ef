"""The graphs of market and companies, from the lines and what is declared, and their kernels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from corpfin import lines
from corpfin.common.columns import Heading
from corpfin.engine import Given, Graph, Kernel, Plan, build_model
from corpfin.runs.declared import (
    COMPANY_DRAWS,
    COMPANY_SERIES,
    KNOWN_INPUTS,
    KNOWN_SERIES,
    MARKET_DRAWS,
    SECTOR_INPUTS,
    SERIES,
    ModelInput,
    company_inputs,
    market_inputs,
    sector_inputs,
)


def _given(item: ModelInput) -> Given:
    unit = item.field.spec.unit or "1"
    return Given(item.name, unit, "input", item.scope, item.field.spec.meaning)


def market_given() -> tuple[Given, ...]:
    """What the market's graph is given."""
    return (*map(_given, market_inputs()), *SERIES, *MARKET_DRAWS)


def company_given() -> tuple[Given, ...]:
    """What a company's graph is given."""
    return (*map(_given, company_inputs()), *COMPANY_SERIES, *KNOWN_SERIES, *KNOWN_INPUTS, *COMPANY_DRAWS)


def sector_given() -> tuple[Given, ...]:
    """What the sector's graph is given."""
    return (*map(_given, sector_inputs()), *SECTOR_INPUTS)


def build_graphs(modules: Sequence[Any] = lines.COMPANY, extra: Sequence[Given] = ()) -> dict[str, Graph]:
    """The graphs by name, in the order of the month, companies with ``extra`` inputs; ``ModelError`` for a bad line."""
    market, company = market_given(), (*company_given(), *extra)
    return build_model(
        Plan("market", lines.MARKET, market),
        Plan("company", modules, company, reads=("market",), members=True),
    )


@cache
def graphs() -> dict[str, Graph]:
    """The graphs by name, built once."""
    return build_graphs()


def market_graph() -> Graph:
    """The market's graph."""
    return graphs()["market"]


def company_graph() -> Graph:
    """The companies' graph, run once for each of them."""
    return graphs()["company"]


def heading_of(line: str, among: Mapping[str, Graph] | None = None) -> Heading:
    """A line as a column of a table, of the graphs ``among`` (market and company when None); ``KeyError`` if none."""
    for graph in (among or graphs()).values():
        for scope in ("", *graph.blocks):
            if found := graph.by_key.get((scope, line)):
                return Heading(line, found.unit, found.label, found.prose.partition("\n")[0] or found.label)
    raise KeyError(f"no line {line}")


@cache
def market_kernel() -> Kernel:
    """The market compiled."""
    return Kernel(market_graph())


@cache
def company_kernel() -> Kernel:
    """The companies' lines compiled: one kernel for all of them."""
    return Kernel(company_graph())
