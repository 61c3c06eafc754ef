"""The sector of the shipped files: its books are the engine's run of companies together; the network then and now."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.runs.batch import named
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.projection import company_of, scenario_of
from corpfin.runs.together import project_together, sector_of
from corpfin.studies.network_safety import against_earlier, by_price
from corpfin.studies.sector import SectorStudy
from corpfin.workbook.book import FIRST_MONTH, Datum
from corpfin.workbook.emit import serial
from corpfin.workbook.save import write_plan
from corpfin.workbook.sector import SectorPlan, company_plan, write_sector, write_sector_plan
from corpfin.workbook.wiring import MONTHS
from tests.workbook import excel, test_audit

FEW = ("MARA", "CANG")
YEAR = 14


@cache
def study() -> SectorStudy:
    return cf.sector(FEW, "btc-half", impact="high", paths=4, months=YEAR)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of a study with stronger impact, the sector's first."""
    return write_sector(tmp_path_factory.mktemp("sector") / "all.xlsx", study())


def test_the_book_of_the_sector_equals_the_engine_and_answers(books: list[Path]) -> None:
    assert [file.name for file in books] == ["all.xlsx", "all-mara.xlsx", "all-cang.xlsx"]
    expected = excel.cached(books[0])
    book = excel.engine(books[0])
    assert excel.differences(expected, excel.recalculated(book, expected)) == []
    sector = study().together
    plan = SectorPlan(sector, project_together(sector))
    planned = {
        (sheet.name, excel.address(row, column)): serial(value)
        for sheet in plan.book.sheets.values()
        for row, column, cell, value in sheet.cells()
        if cell.formula is not None
    }
    assert excel.differences(planned, excel.recalculated(book, planned)) == []
    price, sold, mara = (
        plan.book.homes[Datum(graph, MONTHS, "", 0, name)]
        for graph, name in (("market", "btc_price"), ("sector", "listed_sold"), ("MARA", "btc_sold"))
    )
    assert book.get_value(sold.sheet, sold.row, FIRST_MONTH + 8) > 0
    month = FIRST_MONTH + 8
    before = [book.get_value(price.sheet, price.row, month + k) for k in (0, 1)]
    at = (mara.row, month)
    book.set_value(mara.sheet, *at, book.get_value(mara.sheet, *at) + 10_000.0)
    was = book.get_value(sold.sheet, sold.row, month)
    book.evaluate_all()
    assert book.get_value(sold.sheet, sold.row, month) == pytest.approx(was + 10_000.0)
    after = [book.get_value(price.sheet, price.row, month + k) for k in (0, 1)]
    assert after[0] == before[0]
    assert after[1] < before[1] * 0.99


def test_a_companys_book_is_of_the_same_run_and_is_not_read_back_alone(books: list[Path]) -> None:
    cover, own = load_workbook(books[0]), load_workbook(books[1])
    test_audit.test_one_formula_per_row((books[0], cover))
    test_audit.test_no_literals_no_strangers((books[0], cover))
    assert {"Cover", "Network", "Companies", "Sector", "From CANG", "From MARA"} <= set(cover.sheetnames)
    assert {"Sector", "From sector", "Treasury"} <= set(own.sheetnames)
    with pytest.raises(cf.InputError, match="was written by a run of companies together"):
        cf.read_workbook(books[1], cf.load_company("MARA"), cf.load_market())


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_agrees_on_all_companies_and_on_the_book_of_one(tmp_path: Path) -> None:
    market = cf.load_market()
    case = prepare_market(market, scenario_of("base"), YEAR)
    sector = sector_of(case, [prepare_company(company_of(each, market), case) for each in named(None)])
    values = project_together(sector)
    files = [
        write_sector_plan(tmp_path / "sector.xlsx", SectorPlan(sector, values), "base"),
        write_plan(tmp_path / "one.xlsx", company_plan(sector, values, 0)),
    ]
    (tmp_path / "bare").mkdir()
    bare = {file: excel.stripped(file, tmp_path / "bare" / file.name) for file in files}
    made = excel.libreoffice(list(bare.values()), tmp_path / "made")
    for file in files:
        found = {address: formula.cached for address, formula in excel.formulas(made[bare[file]]).items()}
        assert excel.differences(excel.cached(file), found) == [], file.name


def test_hash_rate_answered_less_in_earlier_months() -> None:
    """2022 and 2024 are read off the vintage of 2021, each after the part of its history that is seen."""
    case = prepare_market(cf.load_market(), scenario_of("base"), YEAR)
    today = by_price(case)
    curves = against_earlier(case, today)
    months = list(dict.fromkeys(curves.index.get_level_values("month")))
    assert months == ["2022-01", "2024-01", case.labels[case.history]]
    assert curves.loc["2024-01"].loc[1.0, "btc_price"] == pytest.approx(42_000, rel=0.02)
    answers = [curves.loc[month].loc[1.0, "price_elasticity"] for month in months]
    assert 0 < answers[0] < answers[1] < answers[2] / 2
    for month in months:
        assert (np.diff(curves.loc[month, "fleet_under_water"]) <= 0).all()
