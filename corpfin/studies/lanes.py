"""Market and company prepared, to be run on draws of any number of paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corpfin.engine import Row, openings
from corpfin.runs.cases import CompanyCase, MarketCase
from corpfin.runs.graphs import company_kernel, market_graph, market_kernel
from corpfin.runs.projection import split


class Lanes:
    """One company in its market; ``paths`` is how many will be run in all."""

    def __init__(self, market_case: MarketCase, case: CompanyCase, paths: int = 0) -> None:
        before = openings(market_graph(), market_case.data)
        self.market = market_kernel().prepare(market_case.data, paths=paths)
        self.company = company_kernel().prepare(case.data, before, paths=paths)

    def run(
        self, market: Mapping[str, np.ndarray], company: Mapping[str, np.ndarray], lines: tuple[str, ...] = ()
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Month of default [P] and some lines [M, P] by name, on draws of which the scenario has had its part."""
        count = market["btc_price"].shape[-1]
        outer = {"market": self.market.run({"": market}, paths=count, record=company_kernel().needs["market"]).record}
        rows = [Row("", name) for name in lines]
        result = self.company.run(
            split(dict(company)), outer, paths=count, record=rows, final=[Row("", "default_month")]
        )
        return result.final[0], dict(zip(lines, result.record, strict=True))
