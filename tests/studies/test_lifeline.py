"""With and without the transition: the counterfactual's opening balance, value by hand, the rule of the verdict."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import Company
from corpfin.runs.cases import prepare_market
from corpfin.runs.simulation import run_cases
from corpfin.studies.lifeline import SUMS, Lifeline, Multiples, value_per_share, verdict, without_transition
from corpfin.studies.paired import Difference

PATHS = 1_024
MOVING = ["CIFR", "CORZ", "HUT", "WULF"]


@pytest.fixture(scope="module")
def result() -> Lifeline:
    return cf.lifeline([*MOVING, "CLSK"], paths=PATHS)


def stripped(ticker: str) -> Company:
    """A company's file with its contracts taken out and nothing else changed."""
    company = cf.load_company(ticker)
    rows = tuple(row for row in company.rows if row.table != "hpc")
    return replace(company, rows=rows, tables=company.tables.model_copy(update={"hpc": []}))


@pytest.mark.parametrize("ticker", ["HUT", "CLSK"])
def test_without_contracts_the_difference_is_exactly_zero(ticker: str) -> None:
    found = cf.lifeline(stripped(ticker), paths=PATHS)
    row = found.table.loc[ticker]
    assert row["verdict"] == "no transition"
    assert (row.filter(regex="change_").astype(float) == 0.0).all()
    for case in ("without", "late"):
        pd.testing.assert_series_equal(
            found.levels.loc[(ticker, case)], found.levels.loc[(ticker, "with")], check_names=False
        )


def test_money_not_yet_built_with_goes_back() -> None:
    wulf = cf.load_company("WULF")
    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    found = without_transition(wulf, case)
    spent = cf.project(wulf).values.openings["hpc", "opening_construction_spent"]
    # Lake Mariner: notes of 3,200 less what is built; Core42 has built 507.5, 90 prepaid; Abernathy owes nothing yet
    assert found.returned == pytest.approx(3200.0 - spent[1])
    old, new = wulf.tables.treasury, found.company.tables.treasury
    assert new.restricted_cash == 0.0
    assert new.cash == pytest.approx(old.cash + old.restricted_cash - found.returned)
    assert found.unmet == 0.0
    assert found.company.tables.hpc == []
    assert wulf.tables.hpc, "the original is left alone"


def test_what_cash_cannot_cover_is_noted() -> None:
    wulf = cf.load_company("WULF")
    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    poor = replace(
        wulf,
        tables=wulf.tables.model_copy(
            update={"treasury": wulf.tables.treasury.model_copy(update={"cash": 100.0, "restricted_cash": 50.0})}
        ),
    )
    found = without_transition(poor, case)
    assert found.company.tables.treasury.cash == 0.0
    assert found.unmet == pytest.approx(found.returned - 150.0)


def test_mining_goes_on_and_a_loan_that_is_not_taken_repays_nothing() -> None:
    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    corz = without_transition(cf.load_company("CORZ"), case).company
    fleet = corz.tables.fleet[0]
    assert fleet.target_hashrate == fleet.hashrate, "the wind-down was for the transition"
    with_loan = cf.project("CORZ")["principal_falling_due"]
    without = cf.project(corz)["principal_falling_due"]
    assert with_loan[1] == pytest.approx(1000.0)  # repaid on 6 May 2026 from the notes of that day
    assert without[1] == 0.0
    assert cf.project(corz)["fleet", "hashrate"][0, -1] == pytest.approx(fleet.hashrate)


def test_the_counterfactual_holds_every_check() -> None:
    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    for ticker in MOVING:
        other = without_transition(cf.load_company(ticker), case).company
        outcome = cf.simulate(other, paths=256).outcomes[ticker]
        assert outcome.check_worst.max() < 1e-6


def test_rows_and_levels_agree(result: Lifeline) -> None:
    for ticker in MOVING:
        change = result.levels.loc[(ticker, "with")] - result.levels.loc[(ticker, "without")]
        late = result.levels.loc[(ticker, "late")] - result.levels.loc[(ticker, "with")]
        for name in ("survival_36", "survival_60", "value", "funding"):
            assert result.table.loc[ticker, f"change_{name}"] == pytest.approx(change[name], rel=1e-5, abs=1e-5)
            assert result.table.loc[ticker, f"late_change_{name}"] == pytest.approx(late[name], rel=1e-5, abs=1e-5)
    assert result.table.loc["CLSK", "verdict"] == "no transition"
    assert result.survival.columns.unique(0).tolist() == [*MOVING, "CLSK"]


def test_with_and_base_simulation_are_the_same(result: Lifeline) -> None:
    summary = cf.simulate("CIFR", paths=PATHS).summary
    assert result.table.loc["CIFR", "survival_60"] == summary.loc["CIFR", "survival_60"]


def test_value_per_share_by_hand() -> None:
    market_case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    simulation = cf.simulate(["WULF"], paths=8)
    outcome = run_cases(market_case, [simulation.outcomes["WULF"].case], paths=8, seed=1, sums=SUMS).outcomes["WULF"]
    found = value_per_share(outcome, 60, Multiples(space=10.0, mining=3.0))
    p, last = simulation.path("WULF", 5), slice(-12, None)
    own = p.case.data.openings["hpc"]["ownership"][:, None]
    converts = (p["debt", "if_converted_shares"][:, -1] > 0) & (p.case.data.openings["debt"]["principal_in_cash"] == 0)
    debt = p["debt", "balance"][:, -1][~converts]
    rings = (own * (p["hpc", "loan_balance"] + p["hpc", "tenant_prepayment"] - p["hpc", "ring_cash"]))[:, -1]
    mining = (p["ebitda"] - p["total_hpc_noi"])[last].sum()
    value = (
        p["cash"][-1]
        + p["btc_value"][-1]
        + 10.0 * (own * p["hpc", "noi"])[:, last].sum()
        + 3.0 * mining
        - debt.sum()
        - rings.sum()
    )
    assert outcome.alive(60)[5]
    assert found[5] == pytest.approx(value / p["diluted_shares"][-1], rel=1e-5)


def test_funding_stops_at_default() -> None:
    market_case = prepare_market(cf.load_market(), cf.load_scenario("btc-half"))
    simulation = cf.simulate("CANG", "btc-half", paths=64)
    outcome = run_cases(market_case, [simulation.outcomes["CANG"].case], paths=64, seed=1, sums=SUMS).outcomes["CANG"]
    number = int(np.argmax(outcome.final["default_month"] > 3))
    month = int(outcome.final["default_month"][number])
    p = simulation.path("CANG", number)
    assert outcome.final["raised"][number] == pytest.approx(p["funding"][:month].sum(), rel=1e-5)
    assert outcome.final["not_found"][number] == pytest.approx(p["unpaid"][month - 1], rel=1e-5)


@pytest.mark.parametrize(
    ("at_36", "at_60", "value", "expected"),
    [
        ((0.00, 0.001), (0.05, 0.004), (-9.0, 0.1), ("lifeline", "survival")),
        ((-0.02, 0.002), (0.05, 0.004), (9.0, 0.1), ("new risk", "survival")),
        ((-0.008, 0.001), (-0.009, 0.001), (9.0, 0.1), ("lifeline", "value")),
        ((0.00, 0.001), (0.03, 0.02), (-9.0, 0.1), ("new risk", "value")),
        ((0.00, 0.001), (0.00, 0.001), (0.4, 0.1), ("not decisive", "")),
        ((0.00, 0.001), (0.00, 0.001), (9.0, 5.0), ("not decisive", "")),
    ],
)
def test_the_rule_of_the_verdict(
    at_36: tuple[float, float], at_60: tuple[float, float], value: tuple[float, float], expected: tuple[str, str]
) -> None:
    change = {
        "survival_36": Difference(*at_36),
        "survival_60": Difference(*at_60),
        "value": Difference(*value),
        "dilution": Difference(-1.0, 0.1),
    }
    assert verdict(change, share_price=10.0) == expected


def test_another_scenario_and_files(tmp_path: Path) -> None:
    found = cf.lifeline("WULF", "btc-half+capex-40", paths=64)
    assert found.scenario == "btc-half+capex-40"
    found.to_csv(tmp_path / "lifeline.csv")
    assert pd.read_csv(tmp_path / "lifeline.csv").loc[0, "verdict"] == found.table.loc["WULF", "verdict"]
    assert found.to_markdown().splitlines()[2].startswith("| WULF | ")
