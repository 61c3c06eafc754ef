"""A book written over one that its reader worked in: his sheets, notes and names stay, or the file stays as it is."""

import re
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as OpenBook
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

import corpfin as cf
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short

Work = Callable[[Callable[[OpenBook], None]], Path]


@pytest.fixture
def work(short: Short, tmp_path: Path) -> Work:
    """A copy of the short book in which a reader did something."""

    def done(do: Callable[[OpenBook], None]) -> Path:
        book = load_workbook(short[0])
        do(book)
        book.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return done


@pytest.fixture(scope="module")
def richer(short: Short, market: cf.Market, tmp_path_factory: pytest.TempPathFactory) -> cf.Projection:
    """TINY with another note before its own, so that rows of debt, Inputs and Treasury move."""
    company = short[1].company
    text = company.file.read_text(encoding="utf-8")
    note = '[[debt]]\nid = "first"\nkind = "term"\nprincipal = 1.0\ncoupon = 0.05\nmaturity = 2029-01-31\n\n'
    start = text.index("[[debt]]")
    cited = '"debt.first" = { grade = "estimated", why = "made for a test" }\n'
    head = text.index("[sources]\n", start) + len("[sources]\n")
    file = tmp_path_factory.mktemp("richer") / "tiny.toml"
    file.write_text(text[:start] + note + text[start:head] + cited + text[head:], encoding="utf-8")
    return cf.project(cf.load_company(file, market.defaults), months=6, market=market)


def my_view(projection: cf.Projection) -> Callable[[OpenBook], None]:
    """A sheet in front with styles, formulas that look up and point, notes and names."""
    plan = Plan(projection)
    debt = plan.book.homes[plan.wiring.rows("balance")[0][1]]
    cash = plan.book.homes[plan.wiring.row("cash")]

    def do(book: OpenBook) -> None:
        page = book.create_sheet("My view", 0)
        page["A1"], page["A1"].font = "Mine", Font(bold=True, color="FF00AA11")
        page["A1"].fill = PatternFill("solid", "FFEEDD")
        page["B1"] = 1.25
        page["B1"].number_format = '0.00" x"'
        page["A2"] = f"=Debt!K{debt.row}*2"
        page["A3"] = f"=SUM(Treasury!$H${cash.row}:$M${cash.row})"
        page["A4"] = '=INDEX(Outputs!$A:$BZ,MATCH("cash",Outputs!$A:$A,0),MATCH(Timeline!$J$3,Outputs!$3:$3,0))'
        page["A5"] = '="Debt!K1 is text"&MyRate'
        page["A6"].comment = Comment("On my sheet", "Me")
        page.merge_cells("C1:D1")
        book.create_sheet("Last", len(book.sheetnames))["A1"] = "='My view'!B1"
        book["Debt"].cell(debt.row, 9).comment = Comment("Why so much?", "Me")
        book.defined_names["MyRate"] = DefinedName("MyRate", attr_text="'My view'!$B$1")
        book.defined_names["MyDebt"] = DefinedName("MyDebt", attr_text=f"Debt!$K${debt.row}")

    return do


def test_the_readers_sheets_notes_and_names_stay_and_follow_their_rows(
    work: Work, short: Short, richer: cf.Projection, tmp_path: Path
) -> None:
    file = work(my_view(short[1]))
    for _ in range(2):  # and a second time nothing is lost and nothing grows
        write_workbook(file, richer)
    plan = Plan(richer)
    debt = plan.book.homes[plan.wiring.rows("balance")[1][1]]
    cash = plan.book.homes[plan.wiring.row("cash")]
    book = load_workbook(file)
    assert book.sheetnames == ["My view", "Cover", *plan.book.sheets, "Last"]
    page = book["My view"]
    assert page["A2"].value == f"=Debt!K{debt.row}*2"
    assert page["A3"].value == f"=SUM(Treasury!$H${cash.row}:$M${cash.row})"
    assert page["A5"].value == '="Debt!K1 is text"&MyRate'
    assert (page["A1"].value, page["A1"].font.b, page["A1"].font.color.rgb) == ("Mine", True, "FF00AA11")
    assert page["A1"].fill.fgColor.rgb == "00FFEEDD"
    assert page["B1"].number_format == '0.00" x"'
    assert page["A6"].comment.text == "On my sheet"
    assert [str(area) for area in page.merged_cells.ranges] == ["C1:D1"]
    assert book["Last"]["A1"].value == "='My view'!B1"
    note = book["Debt"].cell(debt.row, 9).comment
    assert (note.text, note.author) == ("Why so much?", "Me")
    assert book.defined_names["MyDebt"].attr_text == f"Debt!$K${debt.row}"
    assert book.defined_names["MyRate"].attr_text == "'My view'!$B$1"
    assert read_workbook(file, richer.company, richer.market_case.market).changes == ()
    with zipfile.ZipFile(file) as archive:
        styles = archive.read("xl/styles.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert styles.count("0.00&quot; x&quot;") == 1
    for text, count, table, entry in ((styles, "count", "cellXfs", "<xf "), (texts, "uniqueCount", "sst", "<si>")):
        said = re.search(rf'<{table} [^>]*\b{count}="(\d+)"', text)
        assert said
        assert int(said[1]) == text.partition(f"<{table} ")[2].partition(f"</{table}>")[0].count(entry)
    worked = excel.engine(file)
    assert worked.get_value("My view", 4, 1) == pytest.approx(richer.monthly["cash"].iloc[2])
    assert worked.get_value("My view", 2, 1) == pytest.approx(2 * richer["debt", "balance"][1][3])
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_a_refreshed_book_and_keeps_what_was_kept(
    work: Work, short: Short, richer: cf.Projection, tmp_path: Path
) -> None:
    file = write_workbook(work(my_view(short[1])), richer)
    made = excel.libreoffice([file], tmp_path / "made")[file]
    book = load_workbook(made, data_only=True)
    assert book["My view"]["A4"].value == pytest.approx(richer.monthly["cash"].iloc[2])
    assert write_workbook(made, richer) == made
    again = load_workbook(made)
    assert again["My view"]["A1"].font.b
    assert again["My view"]["A6"].comment.text == "On my sheet"


def cannot_be_kept(book: OpenBook, cash: int) -> None:
    """Everything that a new book cannot have, and formulas, inputs and notes that would be lost."""
    drawn = BarChart()
    drawn.add_data(Reference(book["Treasury"], min_col=8, max_col=12, min_row=20))
    book.create_sheet("Mine").add_chart(drawn)
    book["Mine"]["A1"] = "=Debt!K4000"
    book["Debt"].add_chart(deepcopy(drawn))
    book.create_chartsheet("Picture").add_chart(BarChart())
    book["Treasury"][f"K{cash}"] = 5.0
    book["Treasury"]["T20"] = "remember"
    book["Debt"]["A5000"].comment = Comment("Far down", "Me")
    next(row for row in book["Inputs"].iter_rows(min_row=5) if row[4].value == 7.5)[4].value = 8.0


REFUSED = (
    "holds macros, which cannot be carried into a new book: give --xlsx another name, or move it to a workbook of its",
    "Mine: holds charts, pictures or shapes",
    "Debt: holds charts, pictures or shapes",
    "Picture: holds a chart",
    "= 5: a formula was typed over",
    'Treasury!T20 = "remember": is none of the model\'s cells and would be lost',
    "(treasury.cash) = 8: was changed by its reader and would be lost: give --from-workbook book.xlsx too",
    'Mine!A1 = "=Debt!K4000": reads row 4000 of Debt, which is not in the new book',
    'note at Debt!A5000 = "Far down": reads row 5000 of Debt',
)


def test_what_cannot_be_kept_is_refused_and_left_as_it_is(work: Work, short: Short, tmp_path: Path) -> None:
    plan = Plan(short[1])
    cash = plan.book.homes[plan.wiring.row("cash")].row
    file = work(lambda book: cannot_be_kept(book, cash))
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    macros = f'<Relationship Id="rM" Type="{kind}" Target="v.bin"/></Relationships>'.encode()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "macros.xlsx", "w") as new:
        for part in old.namelist():
            data = old.read(part)
            relations = part == "xl/_rels/workbook.xml.rels"
            new.writestr(part, data.replace(b"</Relationships>", macros) if relations else data)
    (tmp_path / "macros.xlsx").rename(file)
    before = file.read_bytes()
    with pytest.raises(cf.InputError) as caught:
        write_workbook(file, short[1])
    missing = [wanted for wanted in REFUSED if wanted not in str(caught.value)]
    assert missing == [], str(caught.value)
    assert file.read_bytes() == before


def test_what_is_no_book_of_the_company_is_left_as_it_is(work: Work, short: Short, tmp_path: Path) -> None:
    def another(book: OpenBook) -> None:
        next(row for row in book["Cover"].iter_rows() if row[1].value == "Ticker")[3].value = "MARA"

    file = work(another)
    with pytest.raises(cf.InputError, match="is a book of another company: Ticker is MARA, not TINY"):
        write_workbook(file, short[1])
    (tmp_path / "notes.xlsx").write_text("my notes")
    with pytest.raises(cf.InputError, match=re.escape("notes.xlsx: is not an Excel workbook")):
        write_workbook(tmp_path / "notes.xlsx", short[1])
    assert (tmp_path / "notes.xlsx").read_text() == "my notes"


def test_changed_inputs_go_along_when_they_were_read(
    work: Work, short: Short, tiny: cf.Company, market: cf.Market
) -> None:
    def change(book: OpenBook) -> None:
        next(row for row in book["Inputs"].iter_rows(min_row=5) if row[4].value == 7.5)[4].value = 8.0

    file = work(change)
    read = read_workbook(file, tiny, market)
    write_workbook(file, cf.project(read.company, months=6, market=market))
    assert [str(change) for change in read_workbook(file, tiny, market).changes] == [str(read.changes[0])]


def test_lines_are_looked_up_by_name(short: Short) -> None:
    page: Any = load_workbook(short[0], data_only=True)["Outputs"]
    rows = {row[0].value: [cell.value for cell in row[7:]] for row in page.iter_rows(min_row=5) if row[1].value}
    monthly = Plan(short[1]).projection.monthly
    assert len(rows) > 80
    for name, values in rows.items():
        assert values == pytest.approx(list(monthly[name]), rel=1e-12), name
