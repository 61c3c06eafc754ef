"""The graphs of market and companies, from the lines and what is declared, and their kernels."""

from __future__ import annotations

import types
from collections.abc import Sequence
from functools import cache
from typing import Any

from corpfin import lines
from corpfin.engine import Given, Graph, Kernel
from corpfin.runs.declared import (
    BELOW,
    COMPANY_DRAWS,
    COMPANY_SERIES,
    MARKET_DRAWS,
    SERIES,
    ModelInput,
    company_inputs,
    market_inputs,
)


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
    given = [*map(_given, company_inputs()), *COMPANY_SERIES, *COMPANY_DRAWS, *extra]
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
