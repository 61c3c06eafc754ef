"""Two readings of one model: what the interpreter computes path by path is, bit for bit, what the kernel computes."""

from dataclasses import dataclass

import numpy as np
import pytest

import corpfin as cf
from corpfin.engine import Row, Values
from corpfin.inputs import find
from corpfin.runs.cases import CompanyCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_graph, company_kernel, market_graph, market_kernel
from corpfin.runs.projection import evaluate, split
from tests.runs.cases import MAIN, SHIPPED, Paths, company_case, draws_of, paths, paths_of, rows

HOLDS = 1e-6
"""Largest value of a check, in its unit."""

FEW, MANY = 20, 200
"""Paths compared: each company on few, the first also on many."""

COMPARED = [
    *(pytest.param((name, FEW), id=name, marks=[] if name in MAIN else pytest.mark.slow) for name in SHIPPED),
    *(pytest.param((name, MANY), id=f"{name}-{MANY}", marks=pytest.mark.slow) for name in MAIN[:1]),
]


@dataclass(frozen=True)
class Readings:
    """Every row of market and company on the same paths: compiled [R, M, P] and interpreted [R, M, P]."""

    ticker: str
    names: list[str]
    compiled: np.ndarray
    interpreted: np.ndarray

    def row(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Both readings of a line of the company [M, P]."""
        number = self.names.index(name)
        return self.compiled[number], self.interpreted[number]


@pytest.fixture(scope="module", params=COMPARED)
def readings(request: pytest.FixtureRequest) -> Readings:
    ticker, count = request.param
    return both(company_case(ticker), paths(count))


def both(case: CompanyCase, on: Paths) -> Readings:
    """Both readings of a company on the same paths."""
    market_rows, company_rows = rows(market_graph(), on.case), rows(company_graph(), case)
    own = draws_of(case, on)
    market = market_kernel().prepare(on.case.data).run({"": on.draws}, paths=on.count, record=market_rows)
    company = company_kernel().prepare(case.data, on.openings).run(
        split(own), on.outer, paths=on.count, record=company_rows
    )  # fmt: skip
    found = np.empty((len(market_rows) + len(company_rows), len(on.case.labels), on.count))
    for lane in range(on.count):
        path = evaluate(case, on.case, lane_of(on.draws, lane), lane_of(own, lane))
        found[:, :, lane] = [
            *(interpreted(path.market, row) for row in market_rows),
            *(interpreted(path.values, row) for row in company_rows),
        ]
    names = [f"{row.scope}.{row.k}.{row.name}" if row.scope else row.name for row in (*market_rows, *company_rows)]
    return Readings(case.ticker, names, np.concatenate([market.record, company.record]), found)


def lane_of(draws: dict[str, np.ndarray], lane: int) -> dict[str, np.ndarray]:
    return {name: array[..., lane].copy() for name, array in draws.items()}


def interpreted(values: Values, row: Row) -> np.ndarray:
    found = values[row.scope, row.name]
    return found[row.k] if row.scope else found


def differing(readings: Readings) -> list[str]:
    """The rows that are not the same to the last bit, or not finite; a zero has no sign."""
    same = (readings.compiled == readings.interpreted) & np.isfinite(readings.compiled)
    return [name for name, row in zip(readings.names, same, strict=True) if not row.all()]


def test_every_row_agrees(readings: Readings) -> None:
    assert differing(readings) == []


def test_every_row_of_both_graphs_is_compared(readings: Readings) -> None:
    blocks = company_case(readings.ticker).data.instances
    compared = {name.split(".")[-1] for name in readings.names}
    assert {line.name for line in market_graph().lines} <= compared
    assert {x.name for x in company_graph().lines if not x.scope or blocks[x.scope]} <= compared


@pytest.mark.slow
def test_every_row_agrees_where_a_loan_is_raised() -> None:
    """Bitdeer of June: whether and when its project finds lenders differs by path."""
    june = find.shipped("companies").parent / "2026-06-30"
    market = prepare_market(cf.load_market(june / "market.toml"), cf.load_scenario("base"))
    found = both(prepare_company(cf.load_company(june / "btdr.toml"), market), paths_of(market, 40))
    raised = np.array([found.row(name)[0][-1] for name in found.names if name.endswith(".loan_raised")]).sum(axis=0)
    assert 0 < (raised > 0).sum() < raised.size
    assert differing(found) == []


def test_default_months_are_equal(readings: Readings) -> None:
    compiled, interpreted = readings.row("default_month")
    assert np.array_equal(compiled, interpreted)


def test_checks_hold_in_both(readings: Readings) -> None:
    checks = [number for number, name in enumerate(readings.names) if name.startswith("check_")]
    assert len(checks) >= 7
    for figures in (readings.compiled, readings.interpreted):
        worst = np.abs(figures[checks]).max(axis=(1, 2))
        assert {readings.names[n]: gap for n, gap in zip(checks, worst, strict=True) if not gap < HOLDS} == {}


def test_paths_differ(readings: Readings) -> None:
    """What is compared is not one path again and again."""
    price = readings.row("btc_close")[0]
    assert len(np.unique(price[-1])) == price.shape[1]
    assert np.ptp(readings.row("cash")[0], axis=1).max() > 0


def test_a_difference_would_be_noticed(readings: Readings) -> None:
    wrong = readings.interpreted.copy()
    price = wrong[readings.names.index("share_price")]
    price[30, 3] = np.nextafter(price[30, 3], 0)
    assert differing(Readings(readings.ticker, readings.names, readings.compiled, wrong)) == ["share_price"]
