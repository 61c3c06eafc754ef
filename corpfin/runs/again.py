"""Lines of simulated paths beyond those that every run keeps: the sample's paths are run again, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpfin.engine import Graph, Row, openings
from corpfin.inputs import nearest_name
from corpfin.paths import BLOCK, company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase
from corpfin.runs.graphs import company_graph, company_kernel, market_graph, market_kernel
from corpfin.runs.projection import split

Place = tuple[str, str, int]
"""Block, line and number of the instance."""


def lines_again(
    market_case: MarketCase, case: CompanyCase, names: Sequence[str], paths: int, seed: int
) -> dict[str, np.ndarray]:
    """Lines or draws of company or market on the first ``paths`` paths of ``seed`` [M, P], by name.

    A line of a block is named with its instance, ``debt.conv-2031.balance``. The draws are those of the simulation, so
    that the paths are the same bits. ``KeyError`` with the nearest name for what is neither.
    """
    ours = {name: row for name in names if (row := _row(company_graph(), case, name)) is not None}
    others = {name: Row("", name) for name in names if name not in ours and _has(market_graph(), "", name)}
    if strange := [name for name in names if name not in ours and name not in others]:
        known = [line.name for graph in (company_graph(), market_graph()) for line in graph.lines]
        raise KeyError(f"no line {strange[0]}; nearest is {nearest_name(strange[0].rpartition('.')[2], known)}")
    market = market_kernel().prepare(market_case.data, paths=paths)
    company = company_kernel().prepare(case.data, openings(market_graph(), market_case.data), paths=paths)
    needed = company_kernel().needs["market"]
    found: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for block in range(-(-paths // BLOCK)):
        lanes = min(BLOCK, paths - block * BLOCK)
        draws = market_draws(market_case.randomness, seed, block)
        own = company_draws(case.randomness, case.ticker, case.projects, seed, block)
        market_case.shock(draws)
        market_case.shock(own, case.projects)
        outer = market.run({"": draws}, paths=BLOCK, record=[*needed, *others.values()]).record
        inner = company.run(
            split(own), {"market": outer[: len(needed)]}, paths=BLOCK, record=list(ours.values())
        ).record
        for name, row in [*zip(others, outer[len(needed) :], strict=True), *zip(ours, inner, strict=True)]:
            found[name].append(row[:, :lanes].copy())
    return {name: np.concatenate(blocks, axis=1) for name, blocks in found.items()}


def _row(graph: Graph, case: CompanyCase, name: str) -> Row | None:
    """The row a name means: a line or draw of the company, or one of an instance of a block."""
    if _has(graph, "", name):
        return Row("", name)
    scope, _, rest = name.partition(".")
    instance, _, line = rest.rpartition(".")
    instances = case.data.instances.get(scope, ())
    return (
        Row(scope, line, list(instances).index(instance))
        if instance in instances and _has(graph, scope, line)
        else None
    )


def _has(graph: Graph, scope: str, name: str) -> bool:
    given = graph.given_by_key.get((scope, name))
    return (scope, name) in graph.by_key or (given is not None and given.kind in ("draw", "static_draw"))
