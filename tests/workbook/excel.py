"""Written workbooks taken apart, recalculated by independent engines and compared with what the model's engine says."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import formualizer
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

import corpfin as cf
from corpfin.common.toml_text import toml_file
from corpfin.inputs.documents import Document
from corpfin.workbook.book import INPUTS
from corpfin.workbook.emit import EPOCH, serial
from corpfin.workbook.inputs_sheet import CHANGED, CHANGES
from corpfin.workbook.settings import load_settings
from corpfin.workbook.wiring import Wiring, alone
from corpfin.workbook.write import Plan

RELATIVE = 1e-9
ABSOLUTE = 1e-10
"""Rounding of money, bitcoin and megawatts: a tenth of the dead band of the lines."""

CELL = re.compile(rb'<c r="([A-Z]+\d+)"(?: s="\d+")?((?: t="\w+")?)>(?:<f[^>]*>(.*?)</f>)?(?:<v>(.*?)</v>)?</c>', re.S)
FORMULA = rb"<f>.*?</f>|<f [^>]*?/>|<f [^>]*?[^/]>.*?</f>"
FORMULA_CELL = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?)(?: t="\w+")?>(' + FORMULA + rb")<v>.*?</v>", re.S)
SHARED = re.compile(
    rb'(<c r="([A-Z]+)(\d+)"[^>]*>)<f t="shared" (?:ref="[A-Z0-9:]+" )?si="(\d+)"(?:/>|>(.*?)</f>)', re.S
)
RELATIVE_COLUMN = re.compile(rb"(?<![\w$.!])([A-Z]{1,3})(?=\$?\d+(?![\w(.]))")
"""A column that moves with its cell; functions and names are none."""

Address = tuple[str, str]


class Formula(NamedTuple):
    """A formula cell of a file: its text without ``=`` and the value stored beside it."""

    text: str
    cached: float | str


class Difference(NamedTuple):
    """A cell whose recalculated value is not the expected one."""

    sheet: str
    cell: str
    expected: Any
    found: Any


def parts(file: Path) -> dict[str, str]:
    """Sheet name to the part of the file that holds it."""
    with zipfile.ZipFile(file) as archive:
        book = archive.read("xl/workbook.xml").decode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    targets = {
        re.search(r'Id="(\w+)"', tag)[1]: re.search(r'Target="([^"]+)"', tag)[1]  # type: ignore[index]
        for tag in re.findall(r"<Relationship [^>]*>", relations)
    }
    sheets = re.findall(r'<sheet name="([^"]+)"[^>]*r:id="(\w+)"', book)
    return {html.unescape(name): f"xl/{targets[id].removeprefix('/xl/')}" for name, id in sheets}


def expanded(xml: bytes) -> bytes:
    """A sheet in which every cell says its formula itself, those shared along a row moved by hand."""
    shared: dict[bytes, tuple[int, list[bytes]]] = {}

    def whole(found: re.Match[bytes]) -> bytes:
        here = column(found[2])
        if found[5] is not None:
            shared[found[4]] = here, RELATIVE_COLUMN.split(found[5])
        origin, pieces = shared[found[4]]
        moved = [letters(column(piece) + here - origin) if place % 2 else piece for place, piece in enumerate(pieces)]
        return found[1] + b"<f>" + b"".join(moved) + b"</f>"

    return SHARED.sub(whole, xml)


def formulas(file: Path) -> dict[Address, Formula]:
    """Every formula cell of a file."""
    found: dict[Address, Formula] = {}
    with zipfile.ZipFile(file) as archive:
        for sheet, part in parts(file).items():
            for cell, kind, text, value in CELL.findall(expanded(archive.read(part))):
                if text:
                    plain = html.unescape(value.decode())
                    cached = plain if b"str" in kind else float(plain) if plain else ""
                    found[sheet, cell.decode()] = Formula(html.unescape(text.decode()), cached)
    return found


def counting(file: Path) -> set[Address]:
    """The cells that say which inputs were changed in the book, and how many."""
    flags = xl_col_to_name(CHANGED)
    return {
        address
        for address, found in formulas(file).items()
        if CHANGES in found.text
        or (address[0] == INPUTS and (address[1].startswith(flags) or found.text.startswith(f"SUM(${flags}$")))
    }


def rewrite(file: Path, to: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a file whose sheets went through ``change(sheet name, xml)``."""
    sheet_of = {part: name for name, part in parts(file).items()}
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(sheet_of[name], data) if name in sheet_of else data)
    return to


def stripped(file: Path, to: Path) -> Path:
    """A copy without any cached value, so that an engine has to work everything out."""
    return rewrite(file, to, lambda _, xml: FORMULA_CELL.sub(rb"\1>\2", xml))


def engine(file: Path) -> Any:
    """A file, caches stripped, worked out by formualizer."""
    book = formualizer.load_workbook(str(stripped(file, file.with_suffix(".stripped.xlsx"))))
    book.evaluate_all()
    return book


def recalculated(book: Any, addresses: Iterator[Address] | Mapping[Address, Any]) -> dict[Address, Any]:
    """The values of cells in a worked-out book."""
    return {(sheet, cell): book.get_value(sheet, *position(cell)) for sheet, cell in addresses}


@cache
def column(letters: bytes) -> int:
    """A column by its letters, counted from 0."""
    return int(xl_cell_to_rowcol(f"{letters.decode()}1")[1])


@cache
def letters(column: int) -> bytes:
    """The letters of a column counted from 0."""
    return str(xl_col_to_name(column)).encode()


@cache
def address(row: int, column: int) -> str:
    """The address of a row counted from 1 and a column counted from 0."""
    return str(xl_rowcol_to_cell(row - 1, column))


@cache
def position(cell: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1."""
    row, column = xl_cell_to_rowcol(cell)
    return row + 1, column + 1


def differences(expected: Mapping[Address, Any], found: Mapping[Address, Any]) -> list[Difference]:
    """The cells that differ by more than the tolerance."""
    return [
        Difference(*address, value, found[address])
        for address, value in expected.items()
        if value != found[address] and not same(value, found[address])
    ]


def same(expected: Any, found: Any) -> bool:
    """Whether two values are equal within 1e-9 relative (or the rounding of amounts)."""
    expected, found = number(expected), number(found)
    if isinstance(expected, float) and isinstance(found, float):
        return abs(expected - found) <= max(ABSOLUTE, RELATIVE * max(abs(expected), abs(found)))
    return bool(expected == found)


def number(value: Any) -> Any:
    """Numbers and dates, with the time of day, as floats."""
    if isinstance(value, datetime):
        return (value - datetime(EPOCH.year, EPOCH.month, EPOCH.day)) / timedelta(days=1)
    if isinstance(value, date):
        return float((value - EPOCH).days)
    return float(value) if isinstance(value, int | float) else value


def cached(file: Path) -> dict[Address, float | str]:
    """The values stored beside the formulas."""
    return {address: formula.cached for address, formula in formulas(file).items()}


def without_slots(projection: cf.Projection) -> Plan:
    """The book as one of companies together has it: blocks of the file alone."""
    return Plan(projection, wiring=Wiring(projection, alone(projection), projection.company.as_of, load_settings()))


def planned(projection: cf.Projection, lay_out: Callable[[cf.Projection], Plan] = Plan) -> dict[Address, Any]:
    """What every formula cell of a projection's book, the cover apart, must show."""
    return {
        (sheet.name, address(row, column)): serial(value)
        for sheet in lay_out(projection).book.sheets.values()
        for row, column, cell, value in sheet.cells()
        if cell.formula is not None
    }


def changed(document: Document, changes: Mapping[str, Any], folder: Path) -> Path:
    """The file of a company or market that says something else: ``changes`` by key, as ``debt.conv-2030.coupon``.

    None leaves a figure out.
    """
    contents = tomllib.loads(document.file.read_text(encoding="utf-8"))
    for key, value in changes.items():
        table, *id, field = key.split(".")
        block = next(row for row in contents[table] if row["id"] == id[0]) if id else contents[table]
        if value is None:
            del block[field]
            contents["sources"].pop(key, None)
            continue
        block[field] = value
        source = contents["sources"].get(key, {}).get("source")
        citation = {"grade": "estimated", "why": "changed in a test"}
        contents["sources"][key] = citation | ({"source": source} if source else {})
    file = folder / document.file.name
    file.write_text(toml_file(contents), encoding="utf-8")
    return file


def soffice() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice")


def libreoffice(files: list[Path], folder: Path) -> dict[Path, Path]:
    """Files recalculated by LibreOffice, in one run of it."""
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice() or "soffice", "--headless", "--norestore", profile, "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=600)
    return {file: folder / file.name for file in files}
