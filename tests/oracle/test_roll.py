"""A file rolled forward goes on as the company would have gone on, to the last line, where no market moves."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpfin.inputs.load import company_from
from corpfin.runs.projection import Projection, project
from corpfin.runs.roll import rolled
from corpfin.studies.roll import rolled_contents
from tests.oracle.build import end, load
from tests.oracle.test_new_notes import NOTES, TRADED

LINES = ("cash", "btc", "shares", "share_price", "mining_ppe", "tax_losses", "corporate_debt", "interest_expense")
PROJECT_LINES = ("delivered_mw", "ring_cash", "loan_balance", "loan_undrawn", "tenant_prepayment", "construction_left")
ROLLED, ALL = 6, 18

CASES: dict[str, dict[str, Any]] = {
    "notes": {
        "debt": [
            {"principal": 30.0, "coupon": 0.06, "maturity": end(5)},
            {"principal": 20.0, "coupon": 0.06, "maturity": end(30), "amortisation": "straight_line"},
            {"principal": 10.0, "coupon": 0.12, "maturity": end(16), "amortisation": "annuity"},
            {"principal": 25.0, "issue_date": end(3), "issue_cost": 1.0, "maturity": end(40), "coupon": 0.05},
            {"principal": 15.0, "issue_date": end(9), "maturity": end(40), "coupon": 0.05},
        ],
        "costs": {"cash_sga": 3.0},
    },
    "conversion": {
        "debt": [
            {"kind": "convertible", "principal": 40.0, "conversion_price": 8.0, "maturity": end(4)},
            {"kind": "convertible", "principal": 40.0, "conversion_price": 20.0, "maturity": end(30),
             "put_date": end(5), "second_put_date": end(12)},
        ],
    },
    "bitcoin": {
        "treasury": {"btc": 900.0, "btc_tax_basis": 40_000.0, "production_sold": 0.5},
        "debt": [
            {"kind": "btc_loan", "principal": 20.0, "collateral_btc": 400.0, "coupon": 0.1, "maturity": end(10)},
            {"kind": "revolver", "principal": 0.0, "undrawn": 30.0, "coupon": 0.1, "maturity": end(24)},
        ],
        "fleet": [
            {"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0, "target_hashrate": 12.0,
             "target_date": end(12)},
            {"hashrate": 5.0, "efficiency": 25.0, "power_price": 45.0, "target_hashrate": 0.0, "target_date": end(4)},
        ],
        "costs": {"mining_depreciation": 6.0},
        "balance": {"mining_ppe": 200.0},
    },
    "new notes": {
        "treasury": {"cash": 30.0},
        "equity": TRADED,
        "finance": NOTES | {"notes_term": 12.0, "notes_coupon_strong": 0.06},
        "purchase": [{"purchase_date": end(3), "purchase_price": 120.0}],
        "offering": [{"offering_date": end(5), "offered_shares": 20.0, "net_proceeds": 200.0}],
    },
    "events": {
        "offering": [
            {"offering_date": end(2), "offered_shares": 5.0, "net_proceeds": 40.0},
            {"offering_date": end(10), "offered_shares": 2.0, "net_proceeds": 15.0},
        ],
        "purchase": [
            {"purchase_date": end(3), "purchase_price": 12.0},
            {"purchase_date": end(8), "purchase_price": 7.0},
        ],
        "warrant": [
            {"warrant_shares": 3.0, "strike": 4.0, "expiry": end(4)},
            {"warrant_shares": 3.0, "strike": 4.0, "expiry": end(11)},
        ],
    },
    "projects": {
        "treasury": {"cash": 900.0},
        "fleet": [{"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0}],
        "hpc": [
            {"leased_mw": 40.0, "delivered_mw": 10.0, "first_delivery": end(4), "full_delivery": end(12),
             "construction_start": end(-6), "capex_per_mw": 8.0, "capex_spent": 120.0, "annual_revenue": 60.0,
             "loan_principal": 150.0, "loan_issue_date": end(3), "loan_maturity": end(60), "loan_undrawn": 100.0,
             "loan_coupon": 0.06, "mining_mw_displaced": 60.0, "receipt_amount": 9.0, "receipt_date": end(5),
             "second_receipt_amount": 4.0, "second_receipt_date": end(9)},
        ],
    },
    "a venture": {
        "treasury": {"cash": 300.0, "restricted_cash": 30.0},
        "hpc": [
            {"leased_mw": 10.0, "delivered_mw": 0.0, "first_delivery": end(12), "full_delivery": end(12),
             "construction_start": end(0), "capex_per_mw": 10.0, "capex_spent": 0.0, "annual_revenue": 60.0,
             "ownership": 0.5, "consolidated": False, "venture_cash": 70.0, "loan_principal": 70.0,
             "loan_coupon": 0.06, "loan_maturity": end(60), "reserve_months": 6.0},
            {"leased_mw": 10.0, "delivered_mw": 10.0, "annual_revenue": 60.0, "loan_principal": 140.0,
             "loan_coupon": 0.06, "loan_maturity": end(60), "reserve_months": 12.0},
        ],
    },
}  # fmt: skip


def on(folder: Path, changes: dict[str, Any]) -> tuple[Projection, Projection]:
    """The company projected in one go, and in two: rolled after ROLLED months and then on."""
    company, market, scenario = load(folder, **changes)
    contents, _, _ = rolled_contents(company, market, scenario, end(ROLLED), "all")
    again = company_from(contents, Path("toy.toml"), market.defaults)
    later = market.changed({("network", None, "as_of"): end(ROLLED)})
    first = project(company, scenario, months=ALL, market=market)
    return first, project(again, scenario, months=ALL - ROLLED, market=later)


@pytest.mark.parametrize("name", CASES)
def test_to_roll_and_go_on_is_to_go_on(name: str, tmp_path: Path) -> None:
    first, second = on(tmp_path, CASES[name])
    assert first["default_month"][-1] == 0
    for line in LINES:
        assert second[line] == pytest.approx(first[line][ROLLED:], rel=1e-4, abs=1e-3), line
    for line in PROJECT_LINES if "hpc" in CASES[name] else ():
        assert second["hpc", line] == pytest.approx(first["hpc", line][:, ROLLED:], rel=1e-4, abs=1e-3), line


@pytest.fixture
def carried(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """What left the file of a case, by key."""

    def removed(name: str) -> dict[str, str]:
        company, market, scenario = load(tmp_path, **CASES[name])
        found = rolled(project(company, scenario, months=ROLLED, market=market), end(ROLLED))
        return {item.key: item.why for item in found.removed}

    return removed


def test_what_is_past_is_carried_out(carried: Callable[[str], dict[str, str]]) -> None:
    assert carried("notes") == {"debt.debt-1": "repaid", "debt.debt-4.issue_date": "past"}
    assert carried("conversion") == {"debt.debt-1": "converted", "debt.debt-2": "repaid"}
    assert carried("events") == {
        "offering.offering-1": "arrived",
        "purchase.purchase-1": "paid",
        "warrant.warrant-1": "lapsed",
    }
    assert carried("bitcoin") == {"fleet.fleet-2.target_date": "past"}
    assert carried("projects").keys() == {"hpc.hpc-1.loan_issue_date", "hpc.hpc-1.second_receipt_date"}


def test_the_second_of_two_dates_becomes_the_first(tmp_path: Path) -> None:
    company, market, scenario = load(tmp_path, **CASES["projects"])
    contents, _, _ = rolled_contents(company, market, scenario, end(ROLLED), "all")
    (project_row,) = contents["hpc"]
    assert (project_row["receipt_amount"], project_row["receipt_date"]) == (4.0, end(9))
    assert "second_receipt_date" not in project_row
    assert isinstance(contents["company"]["as_of"], date)
