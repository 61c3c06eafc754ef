"""A formula that moves along its row stands once in the file, and every reader finds it in every cell."""

import re
import zipfile

from openpyxl import load_workbook

from corpfin.workbook.book import at, moves
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short


def test_cells_that_share_a_text_read_as_if_each_had_its_own(short: Short) -> None:
    file, projection = short
    book, found, cells = load_workbook(file), excel.formulas(file), 0
    for sheet in Plan(projection).book.sheets.values():
        for row, column, cell, _ in sheet.cells():
            if cell.formula is not None:
                wanted, address = cell.text(column), excel.address(row, column)
                assert book[sheet.name][address].value == wanted, f"{sheet.name}!{address}"
                assert found[sheet.name, address].text == wanted.removeprefix("=")
                cells += 1
    with zipfile.ZipFile(file) as archive:
        xml = b"".join(archive.read(part) for part in excel.parts(file).values())
    first, others = (len(re.findall(b'<f t="shared" ' + rest, xml)) for rest in (b"ref=", b"si="))
    assert first > 500
    assert others == first * (len(projection.labels) - 1)
    assert first + others < cells


def test_what_does_not_move_with_its_column_is_not_shared() -> None:
    """A spreadsheet moves every column without a dollar sign, and shares none with another sheet in it."""
    shared = ["{c}10-{p}12*$G$7", "IF({n}$3>DUST,SUM({c}4:{c}9),CHECK_TOLERANCE)", "SUM($H4:$M4)"]
    written_out = ["{c}10*Debt!{c}12", "{c}10*G7", "SUM({c}4:H4)", "{c}4+LOG10({c}5)"]
    assert [moves(text) for text in shared + written_out] == [True] * 3 + [False] * 4
    assert at(shared[0], 8) == "I10-H12*$G$7"
