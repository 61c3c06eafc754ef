"""A kernel narrowed to a company is the whole kernel, bit for bit: every company, every scenario."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

import corpfin as cf
from corpfin.engine import Openings, Prepared, Row, openings
from corpfin.inputs.find import known_scenarios
from corpfin.paths import company_draws, market_draws
from corpfin.runs.cases import MarketCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_graph, company_kernel, market_graph, market_kernel
from corpfin.runs.projection import split
from corpfin.runs.readings import MONTHLY, OUTCOMES
from tests.runs.cases import MAIN, SHIPPED

MANY = 100_000
"""Paths from which a kernel is narrowed."""

CHECKS = [Row("", line.name) for line in company_graph().lines if line.name.startswith("check_")]
SCENARIOS = known_scenarios()
CASES = [
    pytest.param(ticker, scenario, marks=[] if ticker in MAIN and scenario == "base" else pytest.mark.slow)
    for i, ticker in enumerate(SHIPPED)
    for j, scenario in enumerate(SCENARIOS)
    if ticker == MAIN[0] or scenario == "base" or (i + j) % 6 == 0
]
"""Every company as it is and under a sixth of the scenarios, each scenario for a sixth of the companies and the first.

Wild graphs (tests/engine/test_vector.py) are narrowed too: what shapes a program may take does not rest on this list.
"""


def assert_same(whole: Prepared, narrowed: Prepared, draws: dict, outer: dict, **asked: list[Row]) -> np.ndarray:
    """The rows recorded, after finding all that was asked for equal to the last bit, the sign of a zero included."""
    a, b = (prepared.run(draws, outer, paths=1024, **asked) for prepared in (whole, narrowed))
    for name in ("record", "worst", "final"):
        np.testing.assert_array_equal(getattr(a, name).view(np.uint64), getattr(b, name).view(np.uint64))
    return a.record


@dataclass(frozen=True)
class Upper:
    """A market under a scenario, its draws and the rows that companies read."""

    case: MarketCase
    before: Openings
    sent: np.ndarray


@cache
def upper(scenario: str) -> Upper:
    """The market, narrowed and whole, which must be the same."""
    market = prepare_market(cf.load_market(), cf.load_scenario(scenario))
    draws = market_draws(market.randomness, 11, 3)
    market.shock(draws)
    both = [market_kernel().prepare(market.data, paths=paths) for paths in (0, MANY)]
    sent = assert_same(*both, {"": draws}, {}, record=list(company_kernel().needs["market"]))
    return Upper(market, openings(market_graph(), market.data), sent)


@pytest.mark.parametrize(("ticker", "scenario"), CASES)
def test_narrowed_is_whole(ticker: str, scenario: str) -> None:
    above = upper(scenario)
    case = prepare_company(cf.load_company(ticker), above.case)
    own = company_draws(case.randomness, case.ticker, case.projects, 11, 3)
    above.case.shock(own, case.projects)
    both = [company_kernel().prepare(case.data, above.before, paths=paths) for paths in (0, MANY)]
    assert both[1].narrowed(CHECKS).height < both[0].program.height / 2
    assert_same(
        *both, split(own), {"market": above.sent}, record=[Row("", name) for name in MONTHLY], worst=CHECKS,
        final=[Row("", name) for name in OUTCOMES],
    )  # fmt: skip
