"""The sheet a reader opens first says how far each covenant is from a breach, or that there is none in numbers."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook.book import CONSTANT, OPENING, Row
from corpfin.workbook.dashboard import DASHBOARD
from corpfin.workbook.save import write_plan
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short

COUNT = "Covenants in numbers"


def rows_of(plan: Plan) -> dict[str, int]:
    rows = plan.book.sheets[DASHBOARD].rows
    return {row.label: number for number, row in rows.items() if isinstance(row, Row)}


def test_headroom_of_every_covenant_in_numbers(short: Short, market: cf.Market, tmp_path: Path) -> None:
    company = short[1].company
    owed = short[1]["debt", "balance"]
    place = next(k for k in range(len(owed)) if owed[k, -1] > 0)
    loan = company.tables.debt[place]
    given = {f"debt.{loan.id}.minimum_liquidity": 0.5, f"debt.{loan.id}.minimum_interest_cover": -50.0}
    other = cf.load_company(excel.changed(company, given, tmp_path), market.defaults)
    projection = cf.project(other, months=6, market=market)
    plan = Plan(projection)
    book, rows = excel.engine(write_plan(tmp_path / "book.xlsx", plan)), rows_of(plan)
    for label, line in (("liquidity", "liquidity_headroom"), ("interest cover", "interest_cover_headroom")):
        values, row = projection["debt", line][place], rows[f"{loan.id}: Headroom of {label}"]
        found = [book.get_value(DASHBOARD, row, column + 1) for column in (CONSTANT, OPENING)]
        assert found == pytest.approx([values[projection.market_case.now], values[-1]], rel=1e-9)
        assert values[-1] != 0
    assert book.get_value(DASHBOARD, rows[COUNT], CONSTANT + 1) == 2
    typed = {blank.key: row for row, blank in plan.inputs.blanks.items()}
    book.set_value("Inputs", typed[f"debt.{loan.id}.maximum_net_leverage"], CONSTANT + 1, 4.0)
    book.evaluate_all()
    assert book.get_value(DASHBOARD, rows[COUNT], CONSTANT + 1) == 3


def test_where_there_is_none_the_sheet_says_so(short: Short) -> None:
    rows = rows_of(Plan(short[1]))
    assert not [label for label in rows if "Headroom" in label and "loan-to-value" not in label]
    cell = load_workbook(short[0])[DASHBOARD].cell(rows[COUNT], CONSTANT + 1)
    assert cell.number_format == '[=0]"none";0'
    assert excel.cached(short[0])[DASHBOARD, cell.coordinate] == 0
