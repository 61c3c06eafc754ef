"""A workbook from a stranger opened: what it is made of is looked at before any of it is believed or kept in memory."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook as OpenBook
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpfin.inputs import InputError, Problem
from corpfin.inputs.errors import FailureKind

LARGEST = 400_000_000
"""Most bytes that all parts of a book may have unpacked: a book of fifty years has a quarter of it."""

DENSEST = 200
"""How many times larger than packed a part may be: the sheets of a book are packed to a tenth."""

SMALL = 1_000_000
"""Bytes unpacked below which a part may be packed as densely as it likes."""

MOST_PARTS, MOST_CELLS, MOST_ROWS, MOST_COLUMNS = 5_000, 3_000_000, 50_000, 1_000
"""Most parts and cells of a book, and how far down and right the sheets of the model may reach."""

CHUNK = 1 << 20
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")


def refusal(path: Path, place: str, message: str, kind: FailureKind = "PARSING") -> InputError:
    """One problem of a book, at a place in it."""
    return InputError([Problem(path.name, place, None, message)], kind)


def open_book(path: Path) -> OpenBook:
    """A book read with openpyxl; ``InputError``, with the place, for what is no workbook, damaged or out of bounds.

    Time and memory are bounded: by what the parts say of their size, which is held against what they are.
    """
    check_package(path)
    try:
        with path.open("rb") as file:
            return load_workbook(file)
    except Exception as error:  # whatever a damaged part makes the parser raise
        reason = f"{error}".partition("\n")[0][:120] or type(error).__name__
        raise refusal(path, "", f"is damaged: a part is missing or does not fit the others ({reason})") from None


def check_package(path: Path) -> None:
    """Raise ``InputError`` for a file that is no sound package of parts: every one is unpacked and parsed once."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refusal(path, "", "is not a file that holds a workbook")
        with ZipFile(path) as archive:
            infos = archive.infolist()
            _check_sizes(path, infos)
            if "xl/workbook.xml" not in archive.namelist():
                raise refusal(path, "", "is not an Excel workbook (.xlsx)")
            cells = 0
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    cells += _check_part(path, archive, info)
                if cells > MOST_CELLS:
                    raise refusal(path, info.filename, f"holds too many cells: a book has at most {MOST_CELLS:,}")
    except OSError as error:
        raise refusal(path, "", f"cannot be opened ({(error.strerror or 'not a workbook').lower()})") from None
    except (BadZipFile, EOFError):
        raise refusal(path, "", "is not an Excel workbook (.xlsx)") from None
    except RuntimeError as error:  # a password, or a way of packing that no workbook uses
        raise refusal(path, "", f"cannot be unpacked ({error})") from None


def _check_sizes(path: Path, infos: list[ZipInfo]) -> None:
    if len(infos) > MOST_PARTS:
        raise refusal(path, "", f"is packed from {len(infos):,} parts; a workbook has at most {MOST_PARTS:,}")
    for info in infos:
        if info.file_size > max(SMALL, DENSEST * info.compress_size):
            raise refusal(path, info.filename, f"unpacks to {info.file_size:,} bytes from {info.compress_size:,}")
    total = sum(info.file_size for info in infos)
    if total > LARGEST:
        raise refusal(path, "", f"unpacks to {total:,} bytes; a workbook has at most {LARGEST:,}")


def _check_part(path: Path, archive: ZipFile, info: ZipInfo) -> int:
    """Parse one part without keeping it; the number of cells it holds."""
    parser, cells, rest = ParserCreate(), 0, b""

    def no_entities(*_: object) -> NoReturn:
        raise refusal(path, info.filename, "declares entities, which no workbook does")

    parser.StartDoctypeDeclHandler = no_entities
    counted = SHEET_PART.fullmatch(info.filename) is not None
    with archive.open(info) as part:
        try:
            for chunk in _chunks(part):
                parser.Parse(chunk, False)
                if counted:
                    text = rest + chunk
                    cells += text.count(b"<c ") - rest.count(b"<c ")
                    rest = text[-2:]
            parser.Parse(b"", True)
        except ExpatError as error:
            raise refusal(path, info.filename, f"is damaged: {error}") from None
        except BadZipFile:
            raise refusal(path, info.filename, "is damaged: its bytes are not those that were packed") from None
    return cells


def _chunks(part: object) -> Iterator[bytes]:
    return iter(lambda: part.read(CHUNK), b"")  # type: ignore[attr-defined]


def model_sheet(path: Path, book: OpenBook, name: str) -> Worksheet:
    """A sheet of the model in a book; ``InputError`` where there is none, or it reaches further than one does."""
    if name not in book.sheetnames:
        raise refusal(path, "", f"is not a workbook of this program: it has no sheet {name}")
    page = book[name]
    if not isinstance(page, Worksheet):
        raise refusal(path, name, "is a sheet of another kind; the model has a sheet of cells by this name")
    if page.max_row > MOST_ROWS or page.max_column > MOST_COLUMNS:
        reach = f"{page.max_row:,} rows and {page.max_column:,} columns"
        raise refusal(path, name, f"reaches over {reach}; delete what stands outside the model")
    return page
