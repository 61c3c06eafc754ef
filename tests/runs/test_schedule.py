"""What falls due when, against schedules worked by hand."""

from collections import defaultdict
from datetime import date

import pytest

from corpfin.inputs import load_company
from corpfin.paths import central_company, central_market
from corpfin.runs import project
from corpfin.runs.months import month_number
from corpfin.runs.projection import evaluate
from corpfin.runs.schedule import Due, by_year, debt_due, due_within, loans_due, principal_due, total
from tests.runs.cases import SHIPPED, company_case, market_case, with_inputs

BY_CONTRACT = {
    ("", "opening_cash"): 1e6,
    ("", "opening_btc"): 1e6,
    ("debt", "refinanceable"): 0.0,
    ("debt", "revolver"): 0.0,
    ("debt", "opening_undrawn"): 0.0,
    ("debt", "conversion_price"): 1e9,
    ("debt", "margin_call_ltv"): 1e9,
    ("debt", "liquidation_ltv"): 1e9,
}
"""A company that pays every bill when the contract says: it is rich, rolls nothing over and repays no line early, its
share never reaches a conversion price and its lenders never call for collateral."""


def due(ticker: str, id: str) -> list[Due]:
    return [item for item in debt_due(load_company(ticker)) if item.id == id]


def test_a_note_falls_due_at_its_first_put_that_is_still_to_come() -> None:
    assert due("MARA", "conv-2031-0pct") == [
        Due("conv-2031-0pct", 2027, 291.6, "put", date(2027, 6, 4)),
    ]


def test_a_note_without_put_falls_due_at_maturity() -> None:
    assert due("WULF", "conv-2030-275pct") == [Due("conv-2030-275pct", 2030, 500.0, "maturity", date(2030, 2, 1))]


def test_a_loan_without_maturity_stands_open_and_last() -> None:
    schedule = debt_due(load_company("MARA"))
    assert schedule[-1] == Due("btc-backed-lines", None, 250.0, "no maturity", None)
    assert list(by_year(schedule)) == [2026, 2027, 2029, 2030, None]


def test_a_known_conversion_is_no_cash() -> None:
    schedule = debt_due(load_company("HUT"))
    converted = next(item for item in schedule if item.event == "converted")
    assert not converted.in_cash
    assert total(schedule) == pytest.approx(sum(item.amount for item in schedule) - converted.amount)


def test_a_revolver_that_is_not_drawn_owes_nothing() -> None:
    assert due("WULF", "revolver-2026") == []


def test_equal_instalments() -> None:
    """Bitdeer's equipment loan: 172.9 in 24 equal months from April 2026, so 9, 12 and 3 of them a year."""
    parts = due("BTDR", "matrixport-equipment-loan")
    principal = sum(part.amount for part in parts)
    assert [part.year for part in parts] == [2026, 2027, 2028]
    assert [part.amount for part in parts] == pytest.approx(
        [principal * 9 / 24, principal * 12 / 24, principal * 3 / 24]
    )


def test_an_annuity_repays_its_principal_and_more_of_it_every_year() -> None:
    """CleanSpark's equipment loans, level payments: a full year repays (1 + rate / 12) ** 12 as much as the last."""
    parts = due("CLSK", "equipment-loans")
    company = load_company("CLSK")
    rate = company.value("debt", "coupon", "equipment-loans")
    assert isinstance(rate, float)
    assert sum(part.amount for part in parts) == pytest.approx(company.value("debt", "principal", "equipment-loans"))
    assert parts[2].amount / parts[1].amount == pytest.approx((1 + rate / 12) ** 12)


def test_project_loans_are_kept_apart() -> None:
    wulf = load_company("WULF")
    assert [(item.id, item.amount, item.day) for item in loans_due(wulf)] == [
        ("lake-mariner-cb345", 3200.0, date(2030, 10, 15)),
        ("abernathy-jv", 1300.0, date(2030, 12, 31)),
    ]
    assert not {item.id for item in loans_due(wulf)} & {item.id for item in debt_due(wulf)}


def test_due_within_counts_cash_from_the_month_after() -> None:
    mara = load_company("MARA")
    assert due_within(mara, 3, 12) == pytest.approx(48.1 + 291.6)  # December 2026, June 2027
    assert due_within(mara, 9, 6) == pytest.approx(291.6)  # December is month 9 and past
    assert due_within(mara, 3, 24) == total([due for due in debt_due(mara) if due.year in (2026, 2027)])


def test_instalments_are_counted_by_month() -> None:
    """BTDR pays one note in instalments: those of 12 months are half of those of 24."""
    btdr = load_company("BTDR")
    year, two = due_within(btdr, 3, 12), due_within(btdr, 3, 24)
    assert 0 < year < two
    by_month = [due_within(btdr, month, 1) for month in range(3, 15)]
    assert sum(by_month) == pytest.approx(year)


def test_page_plot_and_comparison_show_the_same_years() -> None:
    for ticker in ("CORZ", "HUT", "MARA"):
        due = principal_due(project(ticker)).loc["corporate"]
        shown = {year or "open": total(dues) for year, dues in by_year(debt_due(load_company(ticker))).items()}
        assert due[due > 0].to_dict() == {year: amount for year, amount in shown.items() if amount > 0}


@pytest.mark.parametrize("ticker", SHIPPED)
def test_the_lines_demand_what_the_contracts_say(ticker: str) -> None:
    """The schedule reads the file, the lines roll a balance: of a company without choices both say the same."""
    company = load_company(ticker)
    last = max((row.maturity or company.as_of for row in company.tables.debt), default=company.as_of)
    months = max(1, month_number(last, company.as_of))
    market, case = market_case(months), with_inputs(company_case(ticker, months), BY_CONTRACT)
    draws = central_market(market.randomness), central_company(case.randomness, case.ticker, case.projects)
    paid = evaluate(case, market, *draws)
    demanded: dict[tuple[str, int], float] = defaultdict(float)
    in_cash: dict[int, float] = defaultdict(float)
    for id, bills, owed in zip(
        case.data.instances["debt"], paid["debt", "bill"], paid["debt", "principal_owed"], strict=True
    ):
        for label, bill, cash in zip(market.labels, bills, owed, strict=True):
            demanded[id, int(label[:4])] += bill
            in_cash[int(label[:4])] += cash
    dues = debt_due(company)
    by_contract: dict[tuple[str, int], float] = defaultdict(float)
    for due in dues:
        if due.year is not None:
            by_contract[due.id, due.year] += due.amount
    assert {key: amount for key, amount in demanded.items() if amount > 1e-9} == pytest.approx(dict(by_contract))
    cash = {year: total(due) for year, due in by_year(dues).items() if year is not None and total(due)}
    assert {year: amount for year, amount in in_cash.items() if amount > 1e-9} == pytest.approx(cash)
    assert not paid["defaulted"][-1]
