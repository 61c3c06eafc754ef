"""With and without the transition: the counterfactual's opening balance, value by hand, the rule of the verdict."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import Company, known_companies
from corpfin.runs.blocks import Job, Measured, World
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.difference import Difference
from corpfin.runs.outcome import Outcome
from corpfin.runs.scatter import run_job
from corpfin.runs.simulation import of_job
from corpfin.studies.counterfactual import BALANCE, Balance, balance, without_transition
from corpfin.studies.lifeline import SUMS, Lifeline, Moved, Multiples, moved, value_per_share, verdict
from tests.fixtures.world import MARCH

PATHS = 1_024
PARTS = ("written", "valid")
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


def base_case(months: int = 60) -> MarketCase:
    return prepare_market(cf.load_market(), cf.load_scenario("base"), months)


def given_and_spent(company: Company, case: MarketCase) -> tuple[float, float, float]:
    """Net worth on the first day, in full, and what owners paid of the buildings, read from projection and file.

    Owners paid what was spent beyond the money of lenders and tenants that is no longer in escrow.
    """
    p, treasury = cf.project(company, months=1), company.tables.treasury
    before = p.values.openings
    loans, prepaid = before["hpc", "opening_loan_balance"], before["hpc", "opening_tenant_prepayment"]
    spent, escrow = before["hpc", "opening_construction_spent"], before["hpc", "opening_ring_cash"]
    owned = treasury.cash + treasury.restricted_cash + treasury.btc * p.market_case.market.tables.price.btc_close / 1e6
    owed = p.summary["corporate_debt"] + loans.sum() + prepaid.sum()
    owners = np.maximum(0.0, spent - np.maximum(0.0, loans + prepaid - escrow)).sum()
    return owned + spent.sum() - owed, float(owners), float(spent.sum())


@pytest.mark.parametrize("ticker", sorted(known_companies(as_of=MARCH)))
def test_nobody_is_richer_on_the_first_day_without_its_projects(ticker: str) -> None:
    """Owners' money in buildings left out on both sides; in full, the counterfactual is poorer by just that money."""
    company, case = cf.load_company(ticker), base_case()
    other = without_transition(company, case)
    worth, owners, _ = given_and_spent(company, case)
    without, nothing, spent = given_and_spent(other.company, case)
    assert (nothing, spent, other.unmet) == (0.0, 0.0, 0.0)
    assert without <= worth - owners + 1e-9
    assert without == pytest.approx(worth - owners, abs=1e-9)
    for found, expected in ((company, worth - owners), (other.company, without)):
        assert balance(prepare_company(found, case), case).net_worth == pytest.approx(expected, abs=1e-9)


def test_escrow_goes_back_in_full_though_more_was_built() -> None:
    """Cipher: 3,531.1 of 3,733 stand in escrow, 1,098.8 is built: only 201.9 of the loans was built with."""
    found = without_transition(cf.load_company("CIFR"), base_case())
    old, new = cf.load_company("CIFR").tables.treasury, found.company.tables.treasury
    assert found.returned == old.restricted_cash == 3531.1
    assert (new.cash, new.restricted_cash) == (old.cash, 0.0)


def test_escrow_of_a_venture_at_equity_goes_back_as_any_other() -> None:
    """The same Cipher, were Black Pearl not consolidated and its part of the escrow its own."""
    old = cf.load_company("CIFR")
    restricted, (barber, pearl) = old.tables.treasury.restricted_cash, (1733.0, 2000.0)
    apart = old.changed(
        {
            ("treasury", None, "restricted_cash"): restricted * barber / (barber + pearl),
            ("hpc", "black-pearl-aws", "consolidated"): False,
            ("hpc", "black-pearl-aws", "venture_cash"): restricted * pearl / (barber + pearl),
        }
    )
    case = base_case(1)
    whole, found = (without_transition(company, case) for company in (old, apart))
    assert found.returned == pytest.approx(whole.returned)
    new = found.company.tables.treasury
    assert (new.cash, new.restricted_cash) == pytest.approx((old.tables.treasury.cash, 0.0))
    worth = [balance(prepare_company(company, case), case).net_worth for company in (old, apart)]
    assert worth[0] == pytest.approx(worth[1])


def test_restricted_cash_that_secures_no_loan_stays_restricted() -> None:
    riot = cf.load_company("RIOT")
    new = without_transition(riot, base_case()).company.tables.treasury
    assert (new.cash, new.restricted_cash) == (riot.tables.treasury.cash, riot.tables.treasury.restricted_cash)


def test_a_loan_that_closes_later_is_not_drawn_and_brings_nothing() -> None:
    """IREN and Cipher close loans in May and June 2026: with them cash comes in, without them none does."""
    for ticker in ("CIFR", "IREN"):
        other = without_transition(cf.load_company(ticker), base_case()).company
        p = cf.project(other, months=6)
        assert cf.project(ticker, months=6)["total_hpc_loan_issued"].sum() > 0
        assert p["total_hpc_loan_issued"].sum() == 0.0
        assert p["total_hpc_parent_distribution"].sum() == 0.0


def test_a_bridge_without_a_maturity_is_repaid_when_it_is_known_to_be() -> None:
    corz = cf.load_company("CORZ")
    rows = tuple(
        replace(row, **{part: {k: v for k, v in getattr(row, part).items() if k != "maturity"} for part in PARTS})
        if row.key == "debt.term-364day-2027"
        else row
        for row in corz.rows
    )
    debts = [
        row.model_copy(update={"maturity": None}) if row.id == "term-364day-2027" else row for row in corz.tables.debt
    ]
    undated = replace(corz, rows=rows, tables=corz.tables.model_copy(update={"debt": debts}))
    other = without_transition(undated, base_case()).company
    assert [row.repaid_date for row in other.tables.debt] == [row.repaid_date for row in corz.tables.debt]


def test_the_opening_balances_are_those_of_the_cases(result: Lifeline) -> None:
    case = base_case()
    for ticker in (*MOVING, "CLSK"):
        company = cf.load_company(ticker)
        other = without_transition(company, case).company if ticker in MOVING else company
        for name, found in (("with", company), ("without", other)):
            expected = balance(prepare_company(found, case), case)
            shown = result.table.loc[ticker, [f"opening_{name}_{line}" for line in BALANCE]]
            assert shown.tolist() == [getattr(expected, line) for line in BALANCE]


def test_net_worth_by_hand() -> None:
    assert Balance(10.0, 20.0, 5.0, 7.0, 4.0, 25.0, 3.0).net_worth == 10.0


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
    case = prepare_market(cf.load_market(as_of=MARCH), cf.load_scenario("base"))
    corz = without_transition(cf.load_company("CORZ", as_of=MARCH), case).company
    fleet = corz.tables.fleet[0]
    assert fleet.target_hashrate == fleet.hashrate, "the wind-down was for the transition"
    with_loan = cf.project("CORZ", as_of=MARCH)["principal_falling_due"]
    without = cf.project(corz)["principal_falling_due"]
    assert with_loan[1] == pytest.approx(1000.0)  # repaid on 6 May 2026 from the notes of that day
    assert without[1] == 0.0
    fleets = cf.project(corz)
    places = fleets["fleet", "hashrate"][0, -1] + fleets["fleet", "empty_slots"][0, -1]
    assert places == pytest.approx(fleet.hashrate), "machines age, their places stay"


def test_the_counterfactual_holds_every_check() -> None:
    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    for ticker in MOVING:
        other = without_transition(cf.load_company(ticker), case).company
        outcome = cf.simulate(other, paths=256).outcomes[ticker]
        assert outcome.tally.worst.size < 1e-6


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


def measured(market_case: MarketCase, case: CompanyCase, paths: int) -> Outcome:
    """A company's outcome with the sums a lifeline is made of."""
    job = Job({"": World(market_case, (case,))}, paths, seed=1, months_kept=False, measured=Measured(SUMS))
    return of_job(job, run_job(job))[""].outcomes[case.label]


def test_value_per_share_by_hand() -> None:
    market_case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    simulation = cf.simulate(["WULF"], paths=8)
    outcome = measured(market_case, simulation.outcomes["WULF"].case, paths=8)
    found = value_per_share(outcome.sample, outcome.survivors, Multiples(space=10.0, mining=3.0))
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
        - (p["notes_balance"] - p["notes_as_shares"])[-1]
        - rings.sum()
    )
    assert outcome.alive(60)[5]
    assert found[5] == pytest.approx(value / p["diluted_shares"][-1], rel=1e-5)


def test_funding_stops_at_default() -> None:
    market_case = prepare_market(cf.load_market(), cf.load_scenario("btc-half"))
    simulation = cf.simulate("CANG", "btc-half", paths=64)
    outcome = measured(market_case, simulation.outcomes["CANG"].case, paths=64)
    number = int(np.argmax(outcome.sample["default_month"] > 3))
    month = int(outcome.sample["default_month"][number])
    p = simulation.path("CANG", number)
    assert outcome.sample["raised"][number] == pytest.approx(p["need_met"][:month].sum(), rel=1e-5)
    assert outcome.sample["not_found"][number] == pytest.approx(p["unpaid"][month - 1], rel=1e-5)


@pytest.mark.parametrize(
    ("at_36", "at_60", "value", "measures", "expected"),
    [
        ((0.00, 0.001), (0.05, 0.004), (0.1, 0.1), ("none", "gain", "none"), "lifeline"),
        ((-0.02, 0.002), (0.00, 0.004), (-9.0, 0.1), ("loss", "none", "loss"), "new risk"),
        ((-0.02, 0.002), (0.05, 0.004), (9.0, 0.1), ("loss", "gain", "gain"), "mixed"),
        ((0.00, 0.001), (0.05, 0.004), (-9.0, 0.1), ("none", "gain", "loss"), "mixed"),
        ((-0.008, 0.001), (-0.009, 0.001), (9.0, 0.1), ("none", "none", "gain"), "lifeline"),
        ((0.00, 0.001), (0.03, 0.02), (-9.0, 0.1), ("none", "none", "loss"), "new risk"),
        ((0.00, 0.001), (0.00, 0.001), (0.4, 0.1), ("none", "none", "none"), "not decisive"),
        ((0.00, 0.001), (0.00, 0.001), (9.0, 5.0), ("none", "none", "none"), "not decisive"),
    ],
)
def test_the_rule_of_the_verdict(
    at_36: tuple[float, float],
    at_60: tuple[float, float],
    value: tuple[float, float],
    measures: tuple[Moved, Moved, Moved],
    expected: str,
) -> None:
    change = {
        "survival_36": Difference(*at_36),
        "survival_60": Difference(*at_60),
        "value": Difference(*value),
        "dilution": Difference(-1.0, 0.1),
    }
    found = moved(change, share_price=10.0)
    assert found == dict(zip(("survival_36", "survival_60", "value"), measures, strict=True))
    assert verdict(found) == expected


def test_both_horizons_and_the_value_are_shown_and_counted(result: Lifeline) -> None:
    """The table's verdicts are those of its own changes, errors and share price."""
    names = ("survival_36", "survival_60", "value")
    for _, row in result.table.iterrows():
        change = {name: Difference(row[f"change_{name}"], row[f"change_{name}_error"]) for name in names}
        measures = moved(change, row["share_price"])
        assert [row[f"verdict_{name}"] for name in names] == list(measures.values())
        assert row["verdict"] in (verdict(measures), "no transition")
    assert (result.table.loc[MOVING, "verdict"] != "no transition").all()


def test_another_scenario_and_files(tmp_path: Path) -> None:
    found = cf.lifeline("WULF", "btc-half+capex-40", paths=64)
    assert found.scenario == "btc-half+capex-40"
    found.to_csv(tmp_path / "lifeline.csv")
    assert pd.read_csv(tmp_path / "lifeline.csv").loc[0, "verdict"] == found.table.loc["WULF", "verdict"]
    assert found.to_markdown().splitlines()[2].startswith("| WULF | ")
