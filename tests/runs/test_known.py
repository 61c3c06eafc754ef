"""What is known of months that are history: closes, the AI factor, the same on every path, and how much is seen."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import InputError
from corpfin.inputs.find import known_companies
from corpfin.inputs.known import KNOWN
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.readings import MONTHLY
from corpfin.studies.lifeline import without_transition

MONTHS = ("2026-04", "2026-05", "2026-06")
CLOSES = {
    "MARA": (11.99, 14.38, 13.89),
    "RIOT": (17.24, 27.11, 27.38),
    "CLSK": (12.53, 18.29, 14.55),
    "CORZ": (20.00, 26.85, 25.59),
    "CIFR": (17.74, 23.65, 24.50),
    "WULF": (21.73, 25.56, 24.70),
    "IREN": (45.51, 63.54, 45.73),
    "HUT": (75.78, 124.83, 115.44),
    "BTDR": (11.29, 17.49, 15.87),
    "CANG": (0.44, 0.44, 0.20),
    "BITF": (3.03, 5.68, 5.74),
    "HIVE": (2.41, 4.52, 3.64),
}
"""Month-end closes of the twelve, in shares as each file counts them."""

FUND = (383.40, 506.72, 598.93, 655.89)
"""Closes of the semiconductor fund SMH from March to June 2026."""


def test_every_shipped_company_has_its_closes() -> None:
    assert set(CLOSES) == set(known_companies())


@pytest.mark.parametrize("ticker", CLOSES)
def test_the_share_price_of_history_is_the_close(ticker: str) -> None:
    p = cf.project(ticker, months=4)
    for month, close in zip(MONTHS, CLOSES[ticker], strict=True):
        node = p.explain("share_price", month)
        assert node.value == close
        known = next(child for child in node.children if child.name == "known_share_price")
        assert "Close of" in known.note
    checks = p.monthly.filter(like="check_").abs()
    assert checks.to_numpy().max() < 1e-6


@pytest.mark.parametrize("known", KNOWN)
def test_the_ai_factor_of_history_is_that_of_the_fund(known: str) -> None:
    seen = cf.project("MARA", months=4, known=known)["ai_return"]
    returns = [math.log(after / before) for before, after in pairwise(FUND)]
    assert seen[:3] == pytest.approx([0, 0, 0] if known == "none" else returns, abs=1e-5)
    assert seen[3] == 0


def test_months_that_are_history_are_the_same_on_every_path() -> None:
    """With projects that are being built in them (CORZ, IREN, WULF) and without."""
    s = cf.simulate(["CORZ", "IREN", "WULF", "MARA"], paths=256, months=6)
    for ticker, outcome in s.outcomes.items():
        p = cf.project(ticker, months=6)
        for line in MONTHLY:
            months = outcome.monthly(line)
            spread = np.ptp(months[:3], axis=1)
            assert spread.max() == 0, (ticker, line)
            assert months[:3, 0] == pytest.approx(p[line][:3], rel=1e-6, abs=1e-6), (ticker, line)
        assert np.ptp(outcome.monthly("share_price")[3]) > 0
        assert outcome.tally.worst.size < 1e-6


def test_nothing_known_leaves_the_first_month_to_chance() -> None:
    s = cf.simulate(["MARA"], paths=256, months=3, known="none")
    assert s.market_case.history == 0
    assert np.ptp(s.outcomes["MARA"].monthly("share_price")[0]) > 0


def test_the_market_shows_prices_and_not_what_companies_report() -> None:
    market, everything = (cf.project("MARA", months=4, known=known) for known in ("market", "all"))
    assert market["share_price"][:3].tolist() == everything["share_price"][:3].tolist()
    assert market["btc_price"].tolist() == everything["btc_price"].tolist()
    assert everything["cash"][2] == pytest.approx(421.3)
    assert everything["total_fleet_btc_mined"][:3].sum() == pytest.approx(2422)
    assert everything["btc"][2] == pytest.approx(35577)
    assert market["unexplained_cash"][2] == 0
    assert market["total_fleet_btc_mined"][:3].sum() != pytest.approx(2422)


def test_another_word_than_the_three_is_refused() -> None:
    with pytest.raises(ValueError, match="known is 'some'; it must be one of none, market, all"):
        cf.project("MARA", months=2, known="some")  # type: ignore[arg-type]


def test_a_company_cannot_know_a_month_that_the_market_does_not() -> None:
    market = cf.load_market()
    tables = market.tables.model_copy(update={"known_month": market.tables.known_month[:2]})
    case = prepare_market(replace(market, tables=tables), cf.load_scenario("base"), 12)
    with pytest.raises(InputError, match=r"known_month\.2026-06 = .2026-06.: market\.toml knows the months to 2026-05"):
        prepare_company(cf.load_company("MARA"), case)


def test_more_cash_at_the_start_stays_more_cash() -> None:
    """What is known is held against the file: a changed copy of it moves by its change, in history too."""
    company, case = cf.load_company("MARA"), prepare_market(cf.load_market(), cf.load_scenario("base"), 4)
    richer = company.changed({("treasury", None, "cash"): company.tables.treasury.cash + 50})
    before, after = (cf.project(found, months=4)["cash"] for found in (company, richer))
    assert after[2] - before[2] == pytest.approx(50, abs=2)
    assert prepare_company(richer, case).data.series["known_cash_gap"][2] == pytest.approx(13.7, abs=0.1)


def test_without_its_transition_a_company_knows_nothing_of_what_it_built() -> None:
    company, case = cf.load_company("WULF"), prepare_market(cf.load_market(), cf.load_scenario("base"), 4)
    p = cf.project(without_transition(company, case).company, months=4)
    assert p["unexplained_cash"].tolist() == [0, 0, 0, 0]
    assert p["share_price"][:3].tolist() == list(CLOSES["WULF"])
    assert p["atm_proceeds"][:3].sum() == pytest.approx(187.333)
    assert p["total_fleet_btc_mined"][:3].sum() == pytest.approx(179.2)
