"""Drivers of failure by hand, as miners failed in 2022: the lender's interest, a put, a margin call, power, bitcoin.

Nothing is drawn in the toy's world, so all paths fail in the same month and a driver's share is 1 or 0.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import corpfin as cf
from corpfin.studies.burdens import BURDENS, DRIVERS, Burden
from corpfin.studies.drivers import WINDOW, Drivers, drivers_of
from tests.fixtures.world import frozen
from tests.oracle.build import Row, Toy, end, load, near

SALARIES = {"cash_sga": 18.0}  # 6 a month
FLEET: Row = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0, "indexed_share": 1.0}
"""139.5 BTC in January are 13.95; 148,800 MWh at 40 are 5.952: 8 a month before salaries, 2 after."""

SHUT: Row = {"target": "credit_open", "how": "set", "value": 0.0}


def found(folder: Path, months: int = 12, **changes: Any) -> Drivers:
    company, market, scenario = load(folder, **changes)
    return cf.drivers(company, scenario, market=market, months=months, paths=3)


def names(result: Drivers) -> set[str]:
    """The drivers of the toy's failures, after it was seen that all paths fail alike."""
    row = result.table.loc["TOY"]
    assert row["failing"] == 1.0
    assert set(row[list(DRIVERS)]) <= {0.0, 1.0}
    return {name for name in DRIVERS if row[name]}


def test_interest_on_an_equipment_loan(tmp_path: Path) -> None:
    """100 at 24 % are some 2 a month; 9 last four months. The machines earn nothing, the principal is years away."""
    result = found(tmp_path, treasury={"cash": 9.0}, debt=[{"principal": 100.0, "coupon": 0.24, "maturity": end(36)}])
    assert names(result) == {"interest"}
    assert result.table.loc["TOY", "default_month"] == 5
    assert result.bills.loc[("TOY", "interest"), "share_of_all"] == 1.0


def test_a_put_that_cannot_be_refinanced(tmp_path: Path) -> None:
    """40 of 100 is there when holders put in month 4."""
    note = {"kind": "convertible", "principal": 100.0, "conversion_price": 20.0, "maturity": end(10)}
    result = found(tmp_path, treasury={"cash": 40.0}, debt=[note | {"put_date": end(4)}])
    assert names(result) == {"principal"}
    assert result.table.loc["TOY", "default_month"] == 4


def test_a_margin_call_is_the_calls_and_the_prices(tmp_path: Path) -> None:
    """500 BTC against 30 are called at 50,000: 15 of repayment, 1 is there. All is sold and 4 are owed in month 3.

    Had the 15 been paid there would be no sale; at 100,000 there would be no call.
    """
    loan = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "maturity": end(24)}
    fall = {"target": "btc_price", "how": "multiply", "value": 0.5, "from_month": "+2"}
    result = found(tmp_path, treasury={"btc": 500.0, "cash": 1.0}, debt=[loan], shock=[fall])
    assert names(result) == {"margin", "price"}
    assert result.table.loc["TOY", "default_month"] == 3


def test_bitcoin_posted_for_a_call_counts_like_cash(tmp_path: Path) -> None:
    """Of 200 free BTC 125 are posted in month 2; the other 75 bring the salaries of 6.

    625 BTC are worth 20 beyond the loan of 30: they pay three months and 2 of month 6. The 10 that were posted would
    have paid it; so would 200 BTC at a price at which none is called.
    """
    loan = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "maturity": end(24)}
    fall = {"target": "btc_price", "how": "multiply", "value": 0.8, "from_month": "+2"}
    common = {"costs": SALARIES, "debt": [loan], "shock": [fall]}
    result = found(tmp_path, treasury={"btc": 700.0, "cash": 6.0}, **common)
    assert result.table.loc["TOY", "default_month"] == 6
    assert result.bills.index.tolist() == [("TOY", "operations")]
    assert names(result) == {"margin", "price"}


def test_power(tmp_path: Path) -> None:
    """At an index of 2.2 a MWh costs 88 and earns 93.75: 0.86 in January is left for salaries of 6."""
    dear = {"target": "power_index", "how": "multiply", "value": 2.2, "from_month": "+3"}
    result = found(tmp_path, treasury={"cash": 10.0}, costs=SALARIES, fleet=[FLEET], shock=[dear])
    assert names(result) == {"power"}
    assert result.table.loc["TOY", "default_month"] == 5


def test_bitcoin(tmp_path: Path) -> None:
    """At 50,000 a MWh earns 46.875 and costs 40: 1 is left for salaries of 6."""
    fall = {"target": "btc_price", "how": "multiply", "value": 0.5, "from_month": "+3"}
    result = found(tmp_path, treasury={"cash": 10.0}, costs=SALARIES, fleet=[FLEET], shock=[fall])
    assert names(result) == {"price"}
    assert result.table.loc["TOY", "default_month"] == 5


def test_a_price_that_fell_before_the_window_counts_within_it(tmp_path: Path) -> None:
    """5 a month are lost from month 3 on; 94 last 18 months. Twelve months at the old price save month 21."""
    fall = {"target": "btc_price", "how": "multiply", "value": 0.5, "from_month": "+3"}
    result = found(tmp_path, 24, treasury={"cash": 94.0}, costs=SALARIES, fleet=[FLEET], shock=[fall])
    assert names(result) == {"price"}
    assert result.table.loc["TOY", "default_month"] > WINDOW


def test_capex_is_left_unpaid_and_the_price_drives_too(tmp_path: Path) -> None:
    """10 for a site in month 5 find 4: the bill is capex. At the old price 32 were there; without the site 4 are."""
    fall = {"target": "btc_price", "how": "multiply", "value": 0.5, "from_month": "+2"}
    site = {"purchase_price": 10.0, "purchase_date": end(5)}
    result = found(
        tmp_path, treasury={"cash": 22.0}, costs=SALARIES, fleet=[FLEET], purchase=[site], shock=[fall, SHUT], months=5
    )
    assert names(result) == {"construction", "price"}
    told = ["share_of_all", "construction", "price", "interest"]
    assert result.bills.loc[("TOY", "committed capex"), told].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_a_late_tenant(tmp_path: Path) -> None:
    """Rent of 10 a month is due from month 4 and comes a year later; 30 pay salaries of 6 for five months."""
    hall = {"leased_mw": 10.0, "delivered_mw": 0.0, "first_delivery": end(4), "full_delivery": end(4)}
    late = {"target": "slip", "how": "add", "value": 12.0}
    result = found(
        tmp_path, treasury={"cash": 30.0}, costs=SALARIES, hpc=[hall | {"annual_revenue": 120.0}], shock=[late]
    )
    assert names(result) == {"tenant"}
    assert result.table.loc["TOY", "default_month"] == 6


def test_a_lost_tenant(tmp_path: Path) -> None:
    """The hazard is so high that the tenant fails at once; 12 pay two months of salaries."""
    hall = {"leased_mw": 10.0, "delivered_mw": 10.0, "annual_revenue": 120.0, "tenant_default_hazard": 1.0}
    company, market, scenario = load(tmp_path, treasury={"cash": 12.0}, costs=SALARIES, hpc=[hall])
    result = cf.drivers(company, scenario, market=market, months=24, paths=512)
    row = result.table.loc["TOY"]
    assert 0.3 < row["failing"] < 1.0
    assert row["tenant"] == 1.0
    assert row[[name for name in DRIVERS if name != "tenant"]].sum() == 0.0


def test_several_together(tmp_path: Path) -> None:
    """20 against a note and a site of 50 each in month 4: neither alone would have done."""
    result = found(
        tmp_path,
        treasury={"cash": 20.0},
        debt=[{"principal": 50.0, "maturity": end(4)}],
        purchase=[{"purchase_price": 50.0, "purchase_date": end(4)}],
        shock=[SHUT],
    )
    assert names(result) == {"several"}


def test_who_does_not_fail_has_no_driver(tmp_path: Path) -> None:
    row = found(tmp_path).table.loc["TOY"]
    assert row["failing"] == 0.0
    assert row[["default_month", *DRIVERS, *(f"{name}_error" for name in DRIVERS)]].isna().all()


def test_relief_is_cash_for_no_share_and_no_debt(toy: Toy) -> None:
    """10 a month against salaries of 6 and 100 in cash; every identity is held by the toy itself."""
    p = toy(3, costs=SALARIES, relief=[10, 0])
    assert p["cash"] == near([104, 98, 92])
    assert p["shares"] == near([100] * 3)
    assert p["total_debt_balance"] == near([0] * 3)
    assert p["book_equity"] == near([104, 98, 92])


def test_nothing_taken_away_saves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed paths run again as they were fail in the same months: what a lift changes is all that changes."""
    nothing = Burden("interest", "interest", "nothing", lambda failed: (failed.market, failed.company))
    study = import_module("corpfin.studies.drivers")  # the room has a function of this name
    monkeypatch.setattr(study, "BURDENS", (nothing,) * len(BURDENS))
    with frozen():
        simulation = cf.simulate("TINY", "btc-half", paths=1_500, months=36)
    found = drivers_of(simulation, "TINY")
    assert found.failures == int((simulation.outcomes["TINY"].sample["default_month"] > 0).sum()) > 100
    assert found.shares.loc["several", "share"] == 1.0
