"""An edited book read back: the changed inputs, their results, and what is refused."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook as OpenBook
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import read_workbook
from corpfin.workbook.book import Kind
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short

Edit = Callable[[Mapping[str, Any]], Path]


@pytest.fixture
def edit(short: Short, tmp_path: Path) -> Edit:
    """A copy of the book of TINY with other inputs, by key or by address (``Debt!H40``)."""
    file, projection = short
    rows = {blank.key: row for row, blank in reversed(Plan(projection).inputs.blanks.items())}

    def edited(changes: Mapping[str, Any]) -> Path:
        book = load_workbook(file)
        for key, value in changes.items():
            cell = address(book, key, rows)
            cell.value = datetime(value.year, value.month, value.day) if isinstance(value, date) else value
        book.save(tmp_path / "edited.xlsx")
        return tmp_path / "edited.xlsx"

    return edited


def address(book: OpenBook, key: str, rows: Mapping[str, int]) -> Any:
    sheet, _, cell = key.partition("!")
    return book[sheet][cell] if cell else book["Inputs"].cell(rows[key], 5)


@pytest.fixture
def company(market: cf.Market) -> cf.Company:
    return cf.load_company("TINY", market.defaults)


def test_a_book_as_written_changes_nothing(short: Short, company: cf.Company, market: cf.Market) -> None:
    read = read_workbook(short[0], company, market)
    assert read.changes == ()
    assert read.company is company
    assert read.market is market
    assert read.scenario.name == "base"


def test_the_cover_says_what_the_file_leaves_out(short: Short, company: cf.Company) -> None:
    texts = [cell.value for row in load_workbook(short[0])["Cover"].iter_rows() for cell in row]
    assert "Left out of the company file" in texts
    assert set(company.left_out) <= set(texts)


def test_an_edited_book_gives_what_the_same_change_in_the_file_gives(
    edit: Edit, company: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    bond = next(row for row in company.tables.debt if row.maturity)
    changes: dict[str, Any] = {
        "treasury.cash": 432.1,
        "equity.ai_beta": 1.25,
        f"debt.{bond.id}.coupon": 0.0625,
        f"debt.{bond.id}.maturity": date(2028, 5, 1),
        f"debt.{bond.id}.refinanceable": False,
        "treasury.production_sold": 0.25,
    }
    read = read_workbook(edit(changes | {"network.power_median": 51.0}), company, market)
    assert {change.key: change.after for change in read.changes} == changes | {"network.power_median": 51.0}
    change = next(change for change in read.changes if change.key == "treasury.cash")
    assert str(change) == f"treasury.cash [USD m]: {company.tables.treasury.cash} -> 432.1 ({change.cell})"

    (tmp_path / "toml").mkdir()
    other_market = cf.load_market(excel.changed(market, {"network.power_median": 51.0}, tmp_path / "toml"))
    other = cf.load_company(excel.changed(company, changes, tmp_path / "toml"), other_market.defaults)
    pd.testing.assert_frame_equal(
        cf.project(read.company, market=read.market).monthly, cf.project(other, market=other_market).monthly
    )
    ours = cf.simulate(read.company, paths=64, market=read.market)
    theirs = cf.simulate(other, paths=64, market=other_market)
    for name, values in theirs.outcomes["TINY"].sample.items():
        np.testing.assert_array_equal(ours.outcomes["TINY"].sample[name], values)
    assert read.company.figure("treasury", None, "cash").origin.startswith("estimated: ")
    assert "typed into edited.xlsx" in read.company.figure("treasury", None, "cash").why
    assert read.company.left_out == company.left_out == ("A second host is under discussion.",)


def test_blanks_words_and_lists_are_read(edit: Edit, company: cf.Company, market: cf.Market) -> None:
    rows = {
        blank.key: row
        for row, blank in reversed(Plan(cf.project(company, months=6, market=market)).inputs.blanks.items())
    }
    first = rows["treasury.funding_order"]
    order = company.value("treasury", "funding_order")
    assert isinstance(order, list)
    swapped = [order[2], order[1], order[0]]
    loan = company.tables.debt[0]
    typed = {f"Inputs!E{first + place}": word for place, word in enumerate(swapped)}
    read = read_workbook(edit(typed | {f"debt.{loan.id}.amortisation": "straight_line"}), company, market)
    assert read.company.value("treasury", "funding_order") == swapped
    assert read.company.value("debt", "amortisation", loan.id) == "straight_line"

    treasury = next(row for row in company.rows if row.table == "treasury")
    given = next(
        figure for figure in company.figures()
        if figure.table == "treasury" and figure.field in treasury.written
        and not treasury.fields[figure.field].required
    )  # fmt: skip
    read = read_workbook(edit({f"treasury.{given.field}": None}), company, market)
    assert [(change.key, change.after) for change in read.changes] == [(f"treasury.{given.field}", None)]
    assert read.company.figure("treasury", None, given.field).grade in ("default", "absent")


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_a_book_saved_by_libreoffice_is_read(
    edit: Edit, company: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    saved = excel.libreoffice([edit({"treasury.cash": 8.5})], tmp_path / "saved").popitem()[1]
    read = read_workbook(saved, company, market)
    assert [(change.key, change.after) for change in read.changes] == [("treasury.cash", 8.5)]


def refusal(file: Path, company: cf.Company, market: cf.Market) -> str:
    with pytest.raises(cf.InputError) as caught:
        read_workbook(file, company, market)
    return str(caught.value)


def test_a_typed_over_formula_is_refused_by_its_address(edit: Edit, company: cf.Company, market: cf.Market) -> None:
    plan = Plan(cf.project(company, months=6, market=market))
    row = plan.book.homes[plan.wiring.row("cash")].row
    wanted = edit({f"Treasury!K{row}": 5.0, f"Treasury!L{row}": "=0+5", "treasury.cash": 1.0})
    message = refusal(wanted, company, market)
    assert f"edited.xlsx: Treasury!K{row} = 5: a formula was typed over; it reads =" in message
    assert f'Treasury!L{row} = "=0+5"' in message
    assert len(message.splitlines()) == 2


def test_a_changed_draw_or_constant_is_refused(edit: Edit, company: cf.Company, market: cf.Market) -> None:
    plan = Plan(cf.project(company, months=6, market=market))
    draw = next(row for row, column, cell, _ in plan.book.sheets["Timeline"].cells() if cell.kind is Kind.GIVEN)
    constant = plan.book.names["HOURS_PER_DAY"]
    message = refusal(edit({f"Timeline!M{draw}": 1.0, f"Inputs!E{constant}": 25.0}), company, market)
    assert "history, draws or shocks were changed" in message
    assert f"Inputs!E{constant} = 25" in message


def test_a_value_the_file_would_not_allow_is_refused_by_its_cell(
    edit: Edit, company: cf.Company, market: cf.Market
) -> None:
    message = refusal(edit({"treasury.cash": -3.0, "equity.shares": "many", "equity.btc_beta": None}), company, market)
    assert "(treasury.cash) = -3: cannot be negative" in message
    assert '(equity.shares) = "many": is text; expected a number in m share' in message
    assert "(equity.btc_beta): is missing" in message
    assert message.count("Inputs!E") == 3


def test_what_is_no_book_of_this_company_is_refused(
    short: Short, company: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    assert "is a book of another company" in refusal(short[0], cf.load_company("DIGR", market.defaults), market)
    assert "cannot be opened" in refusal(tmp_path / "none.xlsx", company, market)
    text = tmp_path / "text.xlsx"
    text.write_text("no workbook")
    assert "is not an Excel workbook" in refusal(text, company, market)
    shutil.copy(short[0], text)
    book = load_workbook(text)
    del book["Timeline"]
    book.save(text)
    assert "it has no sheet Timeline" in refusal(text, company, market)
