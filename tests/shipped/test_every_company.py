"""Every shipped company has a page, plots and a book that hold: what the frozen companies are tested for, of all."""

from pathlib import Path

import pytest
from matplotlib.text import Text

import corpfin as cf
from corpfin.inputs import known_companies, vintages
from corpfin.report.answer import answer_of
from corpfin.report.page import page
from corpfin.report.plots import principal_due_plot
from corpfin.runs.schedule import debt_due, loans_due
from corpfin.workbook import write_workbook
from tests.workbook import excel

pytestmark = pytest.mark.slow

OF_ALL_DATES = [(str(day), ticker) for day in vintages() for ticker in known_companies(as_of=day)]
"""Every shipped company of every vintage."""

NEWEST = OF_ALL_DATES[0][0]

UNLIKE = ("MARA", "CORZ", "WULF", "CANG", "HIVE")
"""Companies of every shape: notes, a restructured landlord, rings, a loan on bitcoin, computers of its own."""

LONGEST_LINE = 100

LONG, SHORT = 24, 12
"""Months of the books of the newest date, and of the older ones and those LibreOffice works out.

A row has one formula for all months (``tests/workbook/test_audit.py``), so a short book shows what a long one would.
"""


@pytest.mark.parametrize(("as_of", "ticker"), OF_ALL_DATES)
def test_every_page_is_plain_and_narrow(as_of: str, ticker: str) -> None:
    projection, simulation = (
        cf.project(ticker, months=12, as_of=as_of),
        cf.simulate(ticker, paths=64, months=12, as_of=as_of),
    )
    lines = page(answer_of(projection, simulation)).splitlines()
    assert max(map(len, lines)) <= LONGEST_LINE
    assert not any("\x1b" in line or "nan" in line.lower().split() or line != line.rstrip() for line in lines)


@pytest.mark.parametrize(("as_of", "ticker"), OF_ALL_DATES)
def test_every_wall_adds_up_and_is_not_cut_off(as_of: str, ticker: str) -> None:
    company = cf.load_company(ticker, as_of=as_of)
    figure = principal_due_plot(company)
    dues = [*debt_due(company), *loans_due(company)]
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == pytest.approx(sum(due.amount for due in dues))
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()  # type: ignore[attr-defined]
    ticks = {label for axes in figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())}
    for text in set(figure.findobj(Text)) - ticks:
        if text.get_visible() and text.get_text():
            box = text.get_window_extent()
            assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
            assert -1 <= box.y0 <= box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize(("as_of", "ticker"), OF_ALL_DATES)
def test_every_formula_equals_the_engine(as_of: str, ticker: str, tmp_path: Path) -> None:
    projection = cf.project(ticker, as_of=as_of, months=LONG if as_of == NEWEST else SHORT)
    file = write_workbook(tmp_path / f"{ticker}.xlsx", projection)
    expected = excel.cached(file)
    found = excel.recalculated(excel.engine(file), expected)
    assert excel.differences(expected, found) == []
    assert excel.differences(excel.planned(projection), found) == []
    assert len(expected) > 333 * len(projection.monthly)


@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_agrees(tmp_path: Path) -> None:
    books = [
        write_workbook(tmp_path / f"{as_of}-{ticker}.xlsx", cf.project(ticker, as_of=as_of, months=SHORT))
        for as_of, ticker in OF_ALL_DATES
        if as_of == NEWEST and ticker in UNLIKE
    ]
    (tmp_path / "bare").mkdir()
    bare = {file: excel.stripped(file, tmp_path / "bare" / file.name) for file in books}
    made = excel.libreoffice(list(bare.values()), tmp_path / "made")
    for file in books:
        found = {address: formula.cached for address, formula in excel.formulas(made[bare[file]]).items()}
        assert excel.differences(excel.cached(file), found) == [], file.name
