"""The selector and the decks of the book: recalculated, each equals the engine; read back, each is a scenario."""

import shutil
from collections.abc import Callable
from pathlib import Path

import formualizer
import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.inputs.find import known_scenarios
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.book import FIRST_MONTH
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Written

SCENARIO = "Scenario"


@pytest.fixture(scope="module")
def typed(written: Written, market: cf.Market, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, cf.Projection]:
    """A book with own shocks and an own deck of the bitcoin price, and the projection it was made of."""
    file, projection = written("TINY")
    made = Plan(projection).scenario
    copy = shutil.copy(file, tmp_path_factory.mktemp("typed") / "typed.xlsx")
    book = load_workbook(copy)
    page = book[SCENARIO]
    page.cell(made.selector, 5).value = "own"
    past = projection.market_case.history
    for row, own in made.owns.items():
        if (own.target, own.what) == ("power_index", "own factor"):
            for month in range(past, 24):
                page.cell(row, FIRST_MONTH + 1 + month).value = 1.25
        if (own.target, own.what) == ("network.fee_median", "own addition"):
            page.cell(row, FIRST_MONTH + 1 + 30).value = 0.01
    page.cell(made.decks["btc_price"], 5).value = "own"
    for month in range(past, len(projection.labels)):
        page.cell(made.levels["btc_price"], FIRST_MONTH + 1 + month).value = 60_000.0 + 500.0 * month
    book.save(copy)
    return Path(copy), projection


def test_own_shocks_and_decks_are_read_back_and_equal_the_engine(
    typed: tuple[Path, cf.Projection], market: cf.Market
) -> None:
    file, projection = typed
    edited = read_workbook(file, projection.company, market)
    assert [shock.target for shock in edited.scenario.shocks].count("power_index") == 1
    assert {shock.how for shock in edited.scenario.shocks if shock.target == "btc_price"} == {"set"}
    run = cf.project(edited.company, edited.scenario, months=len(projection.labels), market=edited.market)
    assert run["btc_price"][30] == 75_000.0
    book, plan = formualizer.load_workbook(str(file)), Plan(projection)  # what openpyxl saves has no cached values
    book.evaluate_all()
    for name in ("cash", "btc_price_end", "hashprice", "network_hashrate", "share_price", "dilution"):
        home = plan.book.homes[plan.wiring.row(name)]
        found = [book.get_value(home.sheet, home.row, FIRST_MONTH + 1 + month) for month in (0, 12, 30, 35)]
        assert found == pytest.approx([run[name][month] for month in (0, 12, 30, 35)], rel=1e-9)


def test_a_scenario_chosen_in_the_book_is_read_back(written: Written, market: cf.Market, tmp_path: Path) -> None:
    file, projection = written("TINY")
    copy = shutil.copy(file, tmp_path / "chosen.xlsx")
    book = load_workbook(copy)
    book[SCENARIO].cell(Plan(projection).scenario.selector, 5).value = "btc-half"
    book.save(copy)
    assert read_workbook(Path(copy), projection.company, market).scenario.name == "btc-half"


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("ticker", ["RING"])
def test_every_scenario_chosen_in_the_book_equals_the_engine(
    ticker: str, market: cf.Market, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """The book under each scenario by two engines; two years, in which each of them has begun."""
    projection = cf.project(ticker, market=market, months=24)
    file = write_workbook(tmp_path / "book.xlsx", projection)
    plan = Plan(projection)
    bare = excel.stripped(file, tmp_path / "bare.xlsx")
    cell = f"E{plan.scenario.selector}".encode()
    files = {}
    for choice in plan.wiring.choices.all:

        def choose(sheet: str, xml: bytes, name: str = choice.name) -> bytes:
            return typed_text(xml, cell, name) if sheet == SCENARIO else xml

        files[choice.name] = excel.rewrite(bare, tmp_path / f"{choice.name}.xlsx", choose)
    made = excel.libreoffice(list(files.values()), tmp_path / "made")
    book, cells = excel.engine(file), 0
    for name, chosen in files.items():
        expected = excel.planned(cf.project(projection.company, name, market=market, months=24))
        found = {address: formula.cached for address, formula in excel.formulas(made[chosen]).items()}
        assert excel.differences(expected, found) == [], name
        book.set_value(SCENARIO, plan.scenario.selector, 5, name)
        book.evaluate_all()
        assert excel.differences(expected, excel.recalculated(book, expected)) == [], name
        cells += len(expected)
    assert set(files) == set(known_scenarios())  # the slots can hold what each of them changes
    say(f"{ticker}: {len(files)} scenarios, {cells:,} cells by each of two engines")


def typed_text(xml: bytes, cell: bytes, text: str) -> bytes:
    """A sheet with a word typed into a cell that holds one."""
    start = xml.index(b'<c r="' + cell + b'"')
    end = xml.index(b"</c>", start) + 4
    style = xml[start:end].partition(b' t="')[0]
    return xml[:start] + style + b' t="inlineStr"><is><t>' + text.encode() + b"</t></is></c>" + xml[end:]
