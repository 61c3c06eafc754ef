"""Damaged and malicious books: a message with the place, no traceback, bounded time and memory."""

import os
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart

import corpfin as cf
from corpfin.workbook import read_workbook
from corpfin.workbook.inputs_sheet import CHANGED, FILED, KEY
from tests.workbook import excel
from tests.workbook.conftest import Short

SECONDS = 5.0
"""Most time a damaged book may take before it is refused, on a busy machine; one that opens is read in full first."""

Change = Callable[[dict[str, bytes], str], object]


def repacked(file: Path, to: Path, change: Change) -> Path:
    """A copy whose parts were changed; ``change`` gets them by name, and the part of the sheet Timeline."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts, excel.parts(file)["Timeline"])
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return to


def truncate(parts: dict[str, bytes], sheet: str) -> None:
    parts[sheet] = parts[sheet][:5_000]


def entity(parts: dict[str, bytes], sheet: str) -> None:
    parts[sheet] = parts[sheet].replace(b"<sheetData>", b"<sheetData>&nothing;", 1)


def doctype(parts: dict[str, bytes], sheet: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts[sheet] = parts[sheet].replace(b"?>", b"?>" + laughs, 1)


def bomb(parts: dict[str, bytes], sheet: str) -> None:
    parts[sheet] = b"<a>" + b" " * 50_000_000 + b"</a>"


def many_parts(parts: dict[str, bytes], sheet: str) -> None:
    parts.update({f"xl/media/{n}.xml": b"<a/>" for n in range(5_001)})


def no_styles(parts: dict[str, bytes], sheet: str) -> None:
    del parts["xl/styles.xml"]


def no_sheet(parts: dict[str, bytes], sheet: str) -> None:
    del parts[sheet]


def no_book(parts: dict[str, bytes], sheet: str) -> None:
    del parts["xl/workbook.xml"]


def headings(count: int) -> Change:
    """So many more months on the timeline."""

    def change(parts: dict[str, bytes], sheet: str) -> None:
        extra = b"".join(b'<c r="%s"><v>1</v></c>' % excel.address(4, 13 + n).encode() for n in range(count))
        parts[sheet] = re.sub(rb'(<row r="4".*?)(</row>)', rb"\1" + extra + rb"\2", parts[sheet], count=1, flags=re.S)

    return change


def far_row(parts: dict[str, bytes], sheet: str) -> None:
    last = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", last, 1)


DAMAGED = {
    "truncated sheet": (truncate, "{part}: is damaged: "),
    "undefined entity": (entity, "{part}: is damaged: undefined entity"),
    "declared entities": (doctype, "{part}: declares entities"),
    "zip bomb": (bomb, "{part}: unpacks to 50,000,007 bytes from "),
    "many parts": (many_parts, "is packed from "),
    "no styles": (no_styles, "is damaged: a part is missing"),
    "no sheet": (no_sheet, "it has no sheet Timeline"),
    "no book": (no_book, "is not an Excel workbook (.xlsx)"),
    "headings": (headings(900), "Timeline: row 4 numbers 906 months, the cover says 6"),
    "5,000 headings": (headings(5_000), "Timeline: reaches over "),
    "far row": (far_row, "Timeline: reaches over 1,048,576 rows"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_book_is_refused_with_the_place(
    name: str, short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    change, message = DAMAGED[name]
    wanted = message.format(part=excel.parts(short[0])["Timeline"])
    book = repacked(short[0], tmp_path / "bad.xlsx", change)
    opens = name in ("no styles", "no sheet", "headings", "5,000 headings", "far row")
    if not opens:
        tracemalloc.start()
    began = time.process_time()
    with pytest.raises(cf.InputError, match=re.escape(wanted)) as caught:
        read_workbook(book, tiny, market)
    assert str(caught.value).startswith("bad.xlsx: ")
    if not opens:
        assert time.process_time() - began < SECONDS
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
        tracemalloc.stop()


def test_what_is_no_file_is_refused_at_once(tmp_path: Path, tiny: cf.Company, market: cf.Market) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    for name in ("pipe.xlsx", "folder.xlsx"):
        with pytest.raises(cf.InputError, match=f"{name}: is not a file that holds a workbook"):
            read_workbook(tmp_path / name, tiny, market)
    secret = tmp_path / "sealed.xlsx"
    with zipfile.ZipFile(secret, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    sealed = bytearray(secret.read_bytes())
    sealed[6] |= 1
    sealed[sealed.index(b"PK\x01\x02") + 8] |= 1
    secret.write_bytes(bytes(sealed))
    with pytest.raises(cf.InputError, match=r"sealed.xlsx: cannot be unpacked"):
        read_workbook(secret, tiny, market)


def test_a_chart_in_place_of_a_sheet_is_refused(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    book = load_workbook(short[0])
    del book["Timeline"]
    book.create_chartsheet("Timeline").add_chart(BarChart())
    book.save(tmp_path / "bad.xlsx")
    with pytest.raises(cf.InputError, match=r"bad\.xlsx: Timeline: is a sheet of another kind"):
        read_workbook(tmp_path / "bad.xlsx", tiny, market)


def test_what_is_no_date_is_refused_by_its_cell(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    book = load_workbook(short[0])
    dates = [row for row in book["Inputs"].iter_rows(min_row=5) if str(row[KEY].value).endswith(("_date", "maturity"))]
    cells = [row[4] for row in dates if row[CHANGED].value is not None and row[FILED].value is not None]
    values = (1e18, True, "soon")
    assert len(cells) >= len(values)
    for cell, value in zip(cells, values, strict=False):
        cell.value, cell.number_format = value, "General"
    book.save(tmp_path / "bad.xlsx")
    with pytest.raises(cf.InputError) as caught:
        read_workbook(tmp_path / "bad.xlsx", tiny, market)
    assert all(f"Inputs!{cell.coordinate} (" in str(caught.value) for cell in cells[: len(values)])
