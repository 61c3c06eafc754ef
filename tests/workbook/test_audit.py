"""The written file held against the rules of financial modelling: FAST, the ICAEW code, the banker's colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenBook
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries

import corpfin as cf
from corpfin.workbook import write_workbook
from corpfin.workbook.book import FIRST_MONTH, FIRST_ROW, HEADINGS
from corpfin.workbook.styles import BLACK, BLUE, GREEN, GREY
from tests.workbook import excel
from tests.workbook.conftest import Written

FUNCTIONS = {
    "ABS", "AND", "COLUMN", "COUNTA", "COUNTIF", "DATE", "DAY", "EXP", "IF", "INDEX", "INT", "ISBLANK", "LN", "MATCH",
    "MAX", "MIN", "MONTH", "NORMSDIST", "NOT", "OR", "SUM", "SUMIF", "YEAR",
}  # fmt: skip
"""Functions the book may use: all in Excel 2007, none volatile."""

MONTHLY = (
    "Network",
    "Mining",
    "Orders",
    "HPC",
    "Prospects",
    "Debt",
    "Treasury",
    "Equity",
    "Credit",
    "Statements",
    "Checks",
)
FRONT = ("Dashboard", "Scenario", "Financials", "Cash bridge", "Sources and uses", "Debt schedule", "Comps", "By month")
"""Sheets for people, in front of the calculations: by period, or links and sums by month."""

SHEET = r"(?:(?:'([^']+)'|([A-Za-z]+))(!))?"
ADDRESS = r"(\$?)([A-Z]{1,3})(\$?)(\d+)"
ONE_CELL = re.compile(SHEET + ADDRESS)
REFERENCE = re.compile(f"{SHEET}{ADDRESS}(?::{ADDRESS})?")
A_LINK = re.compile(r"=('[^']+'|[A-Za-z]+)!\$?[A-Z]+\$?\d+")


def monthly(book: OpenBook) -> list[str]:
    """The calculation sheets; there is none of contracts where the inputs have none."""
    contracts = any(str(cell.value).startswith("hpc.") for row in book["Inputs"].iter_rows() for cell in row)
    return [name for name in MONTHLY if name != "HPC" or contracts]


@pytest.fixture(scope="module", params=["RING", "DIGR path"])
def book(
    request: pytest.FixtureRequest,
    written: Written,
    simulation: cf.Simulation,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, OpenBook]:
    """A central book with every kind of block, and one of a simulated path with static sheets."""
    if request.param == "RING":
        file, _ = written("RING")
    else:
        file = tmp_path_factory.mktemp("audit") / "path.xlsx"
        write_workbook(file, simulation.path("DIGR", 3), simulation)
    return file, load_workbook(file)


def formula_cells(book: OpenBook) -> Iterator[Cell]:
    for page in book:
        for row in page.iter_rows():
            yield from (cell for cell in row if cell.data_type == "f")


def relative(cell: Cell) -> str:
    """A formula in R1C1 form."""

    def shift(found: re.Match[str]) -> str:
        column, row = range_boundaries(f"{found[5]}{found[7]}")[:2]
        across = f"C{column}" if found[4] else f"C[{column - cell.column}]"
        down = f"R{row}" if found[6] else f"R[{row - cell.row}]"
        return f"{found[1] or found[2] or ''}{found[3] or ''}{down}{across}"

    return ONE_CELL.sub(shift, str(cell.value))


def test_one_formula_per_row(book: tuple[Path, OpenBook]) -> None:
    rows: dict[tuple[str, int], set[str]] = {}
    for cell in formula_cells(book[1]):
        if cell.column > FIRST_MONTH and cell.parent.title not in ("Cover", "Inputs", *FRONT[:1], *FRONT[2:-1]):
            rows.setdefault((cell.parent.title, cell.row), set()).add(relative(cell))
    broken = {row: sorted(texts) for row, texts in rows.items() if len(texts) > 1}
    assert broken == {}
    assert len(rows) > 300


def test_a_break_in_a_row_is_noticed(book: tuple[Path, OpenBook]) -> None:
    changed = load_workbook(book[0])
    cell = next(found for found in formula_cells(changed) if (found.parent.title, found.column) == ("Debt", 13))
    cell.value = str(cell.value) + "+0"
    with pytest.raises(AssertionError):
        test_one_formula_per_row((book[0], changed))


def test_a_row_is_formulas_throughout_or_not_at_all(book: tuple[Path, OpenBook]) -> None:
    for name in monthly(book[1]):
        page = book[1][name]
        for row in page.iter_rows(min_row=FIRST_ROW, min_col=FIRST_MONTH + 1):
            assert len({cell.data_type == "f" for cell in row}) == 1, f"{name} row {row[0].row}"


def test_no_literals_no_strangers(book: tuple[Path, OpenBook]) -> None:
    names = set(book[1].defined_names)
    for cell in formula_cells(book[1]):
        text = str(cell.value)
        assert '"' not in text
        assert "[" not in text
        rest = REFERENCE.sub(" ", text)
        numbers = set(re.findall(r"(?<![A-Za-z_])\d+(?:\.\d+)?", rest))
        assert numbers <= {"0", "1"}, f"{cell.parent.title}!{cell.coordinate} {text}"
        words = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*(?=\()", rest))
        assert words <= FUNCTIONS, words - FUNCTIONS
        others = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*(?![A-Za-z_0-9(])", rest))
        assert others <= names, others - names


def test_names_are_constants_on_the_inputs_sheet(book: tuple[Path, OpenBook]) -> None:
    names = {name: found.attr_text for name, found in book[1].defined_names.items()}
    assert len(names) > 15
    assert all(re.fullmatch(r"Inputs!\$E\$\d+", target) for target in names.values())
    used = {word for cell in formula_cells(book[1]) for word in re.findall(r"[A-Za-z_][A-Z_a-z0-9]+", str(cell.value))}
    assert set(names) <= used


def test_no_errors_nothing_hidden_nothing_linked(book: tuple[Path, OpenBook]) -> None:
    file, open_book = book
    assert not [address for address, value in excel.cached(file).items() if str(value).startswith("#")]
    assert not open_book._external_links
    for page in open_book:
        assert page.sheet_state == "visible"
        hidden = sorted(row for row, look in page.row_dimensions.items() if look.hidden)
        assert all(page.row_dimensions[row].outlineLevel for row in hidden)
        for first in (row for row in hidden if row - 1 not in hidden):
            assert any("spare-" in str(cell.value) for cell in page[first][:2]), (page.title, first)
        assert not [column for column, look in page.column_dimensions.items() if look.hidden]


def cells_used(book: OpenBook) -> set[tuple[str, int, int]]:
    used: set[tuple[str, int, int]] = set()
    for cell in formula_cells(book):
        for found in REFERENCE.finditer(str(cell.value)):
            sheet = (found[1] or found[2]) if found[3] else cell.parent.title
            area = f"{found[5]}{found[7]}" + (f":{found[9]}{found[11]}" if found[9] else "")
            left, top, right, bottom = range_boundaries(area)
            used |= {(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return used | {("Inputs", int(re.findall(r"\d+", found.attr_text)[0]), 5) for found in book.defined_names.values()}


def colour(cell: Cell) -> str:
    return f"#{str(cell.font.color.rgb)[-6:]}" if cell.font.color and cell.font.color.rgb else BLACK


def test_every_input_is_used(book: tuple[Path, OpenBook]) -> None:
    used = cells_used(book[1])
    inputs = [
        cell for name in ("Inputs", "Timeline") for row in book[1][name].iter_rows(min_row=FIRST_ROW) for cell in row
        if colour(cell) == BLUE
    ]  # fmt: skip
    idle = [cell.coordinate for cell in inputs if (cell.parent.title, cell.row, cell.column) not in used]
    assert idle == []
    assert len(inputs) > 200


def test_colours_follow_the_kind_of_cell(book: tuple[Path, OpenBook]) -> None:
    for cell in formula_cells(book[1]):
        if cell.parent.title in ("Cover", "Annual", *FRONT) or cell.row < FIRST_ROW:
            continue
        wanted = GREEN if A_LINK.fullmatch(str(cell.value)) else BLACK
        assert colour(cell) == wanted, f"{cell.parent.title}!{cell.coordinate} {cell.value}"
        assert wanted == GREEN or "!" not in str(cell.value), "calculations read their own sheet"
    for name in monthly(book[1]):
        for row in book[1][name].iter_rows(min_row=FIRST_ROW, min_col=5):
            assert not [cell.coordinate for cell in row if cell.data_type == "n" and cell.value is not None]
    for name in {"Monte Carlo", "Stress"} & set(book[1].sheetnames):
        page = book[1][name]
        assert "STATIC VALUES" in str(page["A2"].value)
        cells = [cell for row in page.iter_rows(min_row=FIRST_ROW, min_col=5) for cell in row]
        assert {colour(cell) for cell in cells if cell.value is not None} == {GREY}


def test_only_blue_cells_are_unlocked_and_all_of_them_validated(book: tuple[Path, OpenBook]) -> None:
    page = book[1]["Inputs"]
    validated = {str(area) for rule in page.data_validations.dataValidation for area in rule.sqref.ranges}
    assert page.protection.sheet
    for row in page.iter_rows(min_row=FIRST_ROW):
        for cell in row:
            blue = colour(cell) == BLUE
            assert cell.protection.locked is not blue, cell.coordinate
            assert (cell.coordinate in validated) is blue, cell.coordinate


def test_sheets_of_the_model_are_protected_without_password(book: tuple[Path, OpenBook]) -> None:
    for name in ("Inputs", "Timeline", *MONTHLY, "Annual", "Outputs"):
        protection = book[1][name].protection
        assert protection.sheet
        assert not protection.password
        assert not protection.formatRows


def test_every_row_has_a_label_and_a_unit(book: tuple[Path, OpenBook]) -> None:
    for page in book[1]:
        if page.title in ("Cover", "Sources", "Charts", "Files"):
            continue
        if page.title in FRONT[2:-1]:
            continue
        headings = tuple(cell.value for cell in page[FIRST_ROW - 1][: len(HEADINGS)])
        assert headings[1:4] == HEADINGS[1:4]
        assert headings[0] == ("Line" if page.title == "Outputs" else HEADINGS[0])
        for row in page.iter_rows(min_row=FIRST_ROW):
            if any(cell.value is not None for cell in row[4:]):
                assert row[1].value, f"{page.title} row {row[0].row} has no label"
                assert row[2].value, f"{page.title} row {row[0].row} has no unit"


def test_a_month_stands_in_the_same_column_everywhere(book: tuple[Path, OpenBook]) -> None:
    for name in monthly(book[1]):
        page = book[1][name]
        for column in range(FIRST_MONTH + 1, page.max_column + 1):
            letters = get_column_letter(column)
            assert re.fullmatch(rf"=Timeline!{letters}\$\d+", str(page.cell(FIRST_ROW - 2, column).value))
        assert page.freeze_panes == f"{get_column_letter(FIRST_MONTH + 1)}{FIRST_ROW}"
        assert page.column_dimensions["H"].outlineLevel == 1


def test_the_sheets_of_the_specification_are_there(book: tuple[Path, OpenBook]) -> None:
    order = ["Cover", *FRONT, "Inputs", "Sources", "Timeline", *monthly(book[1]), "Annual", "Outputs"]
    assert book[1].sheetnames[: len(order)] == order
    assert book[1].sheetnames[-2:] == ["Charts", "Files"]
    assert len(book[1]["Charts"]._charts) >= 4
