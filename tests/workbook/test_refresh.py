"""An old book onto today's file: the reader's changes and no others, conflicts said, the file's values beside them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.inputs_sheet import CHANGED, FILED, KEY
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short

Today = Callable[[Mapping[str, Any]], cf.Company]


@pytest.fixture
def today(tiny: cf.Company, market: cf.Market, tmp_path: Path) -> Today:
    """The file of TINY as it says something else today."""
    return lambda changes: cf.load_company(excel.changed(tiny, changes, tmp_path), market.defaults)


def typed(file: Path, to: Path, changes: Mapping[str, Any]) -> Path:
    book = load_workbook(file)
    for key, value in changes.items():
        next(row for row in book["Inputs"].iter_rows(min_row=5) if row[KEY].value == key)[4].value = value
    book.save(to)
    return to


def test_an_untouched_old_book_changes_nothing(short: Short, tiny: cf.Company, market: cf.Market, today: Today) -> None:
    now = today({"treasury.cash": tiny.tables.treasury.cash - 1.0, "equity.ai_beta": 0.9})
    read = read_workbook(short[0], now, market)
    assert (read.changes, read.conflicts, read.remarks) == ((), (), ())
    assert read.company is now


def test_only_the_readers_changes_are_put_onto_the_file_of_today(
    short: Short, tiny: cf.Company, market: cf.Market, today: Today, tmp_path: Path
) -> None:
    file, _ = short
    old = typed(file, tmp_path / "old.xlsx", {"treasury.cash": 7.0, "equity.shares": 90.0})
    now = today({"treasury.cash": 6.5, "equity.ai_beta": 0.9})
    read = read_workbook(old, now, market)
    said = {key: read.company.value(*key.split(".")) for key in ("treasury.cash", "equity.shares", "equity.ai_beta")}
    assert said == {"treasury.cash": 7.0, "equity.shares": 90.0, "equity.ai_beta": 0.9}
    assert [change.key for change in read.changes] == ["equity.shares", "treasury.cash"]
    (conflict,) = read.conflicts
    before = tiny.tables.treasury.cash
    assert str(conflict) == (
        f"treasury.cash [USD m] ({conflict.change.cell}): the book says 7.0, the file said {before} and says 6.5 now; "
        "the book's value is taken"
    )
    agreed = read_workbook(old, today({"treasury.cash": 7.0}), market)
    assert [change.key for change in agreed.changes] == ["equity.shares"]
    assert agreed.conflicts == ()

    again = write_workbook(tmp_path / "again.xlsx", cf.project(read.company, months=6, market=market))
    assert [change.key for change in read_workbook(again, now, market).changes] == ["equity.shares", "treasury.cash"]
    book = load_workbook(again, data_only=True)
    cells = {str(row[KEY].value): row for row in book["Inputs"].iter_rows(min_row=5)}
    cash = cells["treasury.cash"]
    assert (cash[4].value, cash[FILED].value, cash[CHANGED].value) == (7.0, 6.5, 1)
    assert cells["equity.ai_beta"][CHANGED].value == 0
    assert book["Inputs"][book.defined_names["inputs_changed"].attr_text.rpartition("!")[2]].value == 2


def test_a_block_that_is_gone_is_said_and_not_taken(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    loan = tiny.tables.debt[-1]
    key = f"debt.{loan.id}.coupon"
    old = typed(short[0], tmp_path / "old.xlsx", {key: 0.2})
    text = tiny.file.read_text(encoding="utf-8")
    start = text.index("[[debt]]", text.index(f'id = "{loan.id}"') - 20)
    rest = text.index("\n[", start + 2)
    kept = [line for line in (text[:start] + text[rest + 1 :]).splitlines() if not line.startswith(f'"debt.{loan.id}')]
    file = tmp_path / "tiny.toml"
    file.write_text("\n".join(kept), encoding="utf-8")
    read = read_workbook(old, cf.load_company(file, market.defaults), market)
    assert read.changes == ()
    assert [str(conflict).endswith("has no such figure now; it is not taken") for conflict in read.conflicts] == [True]


def test_the_flag_follows_what_is_typed(short: Short) -> None:
    file, projection = short
    plan = Plan(projection)
    book = excel.engine(file)
    rows = {blank.key: row for row, blank in plan.inputs.blanks.items()}
    optional = next(key for key in rows if key == "treasury.production_sold")
    for key, value in (("treasury.cash", 9.0), (optional, None)):
        book.set_value("Inputs", rows[key], 5, value)
    book.evaluate_all()
    count = plan.book.names["inputs_changed"]
    assert book.get_value("Inputs", count, 5) == 2
    assert [book.get_value("Inputs", rows[key], CHANGED + 1) for key in ("treasury.cash", "equity.shares")] == [1, 0]


def test_a_book_of_another_version_gives_its_inputs_and_says_so(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    file, _ = short
    book = load_workbook(file)
    for row in book["Cover"].iter_rows():
        if row[1].value == "Formulas, SHA-256":
            row[3].value = "another"
    book["Treasury"]["K20"].value = 5.0
    next(row for row in book["Inputs"].iter_rows(min_row=5) if row[KEY].value == "treasury.cash")[4].value = 7.0
    book.save(tmp_path / "other.xlsx")
    read = read_workbook(tmp_path / "other.xlsx", tiny, market)
    assert [change.key for change in read.changes] == ["treasury.cash"]
    assert read.remarks == ("written by another version of the program; its formulas were not checked",)
