"""An edited book read back: its changed blue cells become a company and a market that can be run.

The book is laid out afresh from the files and held against what was read, cell by cell: a formula that was typed over
or altered is refused by its address, because the answer would no longer be the model's.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from openpyxl import Workbook as OpenBook
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter.utility import xl_col_to_name

from corpfin.common.toml_text import toml_file
from corpfin.inputs import Company, InputError, Market, Problem, Scenario, load_company, load_market, load_scenario
from corpfin.inputs.edit import Edit, edited
from corpfin.inputs.errors import FailureKind
from corpfin.inputs.known import KNOWN, Known
from corpfin.inputs.schema import Declared
from corpfin.runs.projection import project
from corpfin.workbook.book import CONSTANT, FIRST_MONTH, HEADING_ROW, INPUTS, TIMELINE, Kind, Row
from corpfin.workbook.cover import COVER, GIVEN_DIGEST, RAN, SCENARIO, SCENARIO_DIGEST, TICKER, given_digest, read_cover
from corpfin.workbook.cover import KNOWN as KNOWN_LABEL
from corpfin.workbook.emit import EPOCH, serial
from corpfin.workbook.inputs_sheet import Blank
from corpfin.workbook.wiring import Wiring
from corpfin.workbook.write import Plan

SHOWN = 20
"""Most cells one message names."""

TRUTHS = {"TRUE": True, "FALSE": False, "=TRUE()": True, "=FALSE()": False}
"""Truth values as programs write them."""

SAME = 1e-12
"""Relative difference below which a number counts as not changed."""

Loaded = TypeVar("Loaded", Company, Market)


@dataclass(frozen=True)
class Change:
    """One input that differs from its file: ``key`` there, ``cell`` in the book; None stands for left blank."""

    document: str
    key: str
    cell: str
    unit: str
    before: Any
    after: Any

    def __str__(self) -> str:
        before, after = ("blank" if value is None else value for value in (self.before, self.after))
        return f"{self.key} [{self.unit}]: {before} -> {after} ({self.cell})"


@dataclass(frozen=True)
class Edited:
    """What an edited book says: company and market with the changes applied, ready to be run, and under what."""

    company: Company
    market: Market
    scenario: Scenario
    known: Known
    changes: tuple[Change, ...]


def read_workbook(
    path: str | Path,
    company: Company,
    market: Market,
    scenario: Scenario | None = None,
    known: Known | None = None,
) -> Edited:
    """The changes an edited book makes to ``company`` and ``market``, applied.

    ``scenario`` is the one the book was written under; None takes the shipped one the cover names. ``known`` is what of
    history the book was written with; None takes what the cover says. A changed figure is
    graded as estimated, typed into the book. Raises :class:`InputError` for a file that is no such book, a formula
    that was typed over, and values that the files would not allow either, all of them together.
    """
    return _Reading(Path(path), company, market, scenario, known).edited()


class _Reading:
    def __init__(
        self, path: Path, company: Company, market: Market, scenario: Scenario | None, known: Known | None
    ) -> None:
        self.path, self.company, self.market = path, company, market
        self.book = self.open()
        self.about = read_cover(self.book[COVER])
        self.scenario = scenario or self.named_scenario()
        self.expect(TICKER, company.ticker, "is a book of another company")
        self.expect(RAN, Wiring.ran, "was written by a run of companies together, which no company alone can repeat")
        self.expect(SCENARIO_DIGEST, self.scenario.digest(), "was written under another version of the scenario")
        written = self.about.get(KNOWN_LABEL)
        found = next((word for word in KNOWN if word == written), KNOWN[-1])
        self.known = known or found
        self.expect(KNOWN_LABEL, self.known, "was written with another part of history seen")
        months = sum(1 for cell in self.book[TIMELINE][HEADING_ROW][FIRST_MONTH:] if cell.value is not None)
        self.plan = Plan(project(company, self.scenario, months=months, market=market, known=self.known))
        self.market = self.plan.projection.market_case.market

    def open(self) -> OpenBook:
        try:
            book = load_workbook(self.path)
        except OSError as error:
            raise self.refusal("", f"cannot be opened ({(error.strerror or 'not a workbook').lower()})") from None
        except (BadZipFile, InvalidFileException, KeyError, ValueError):
            raise self.refusal("", "is not an Excel workbook (.xlsx)") from None
        missing = [name for name in (COVER, INPUTS, TIMELINE) if name not in book.sheetnames]
        if missing:
            raise self.refusal("", f"is not a workbook of this program: it has no sheet {missing[0]}")
        return book

    def refusal(self, key: str, message: str, kind: FailureKind = "PARSING") -> InputError:
        return InputError([Problem(self.path.name, key, None, message)], kind)

    def named_scenario(self) -> Scenario:
        return load_scenario(self.about.get(SCENARIO, ""))

    def expect(self, label: str, wanted: str, message: str) -> None:
        if self.about.get(label) != wanted:
            raise self.refusal(COVER, f"{message}: {label} is {self.about.get(label)}, not {wanted}", "INVALID")

    def edited(self) -> Edited:
        problems = list(self.typed_over())
        if given_digest(self.given_values()) != self.about.get(GIVEN_DIGEST):
            message = "history, draws or shocks were changed; change them with a scenario file, not in the book"
            problems.append(Problem(self.path.name, TIMELINE, None, message))
        if problems:
            more = len(problems) - SHOWN
            rest = [Problem(self.path.name, "", None, f"and {more} more cells")] if more > 0 else []
            raise InputError([*problems[:SHOWN], *rest])
        changes = tuple(self.changes())
        market = self.applied("market", self.market, load_market, changes)

        def load(path: Path) -> Company:
            return replace(load_company(path, market.defaults), origin=self.company)

        company = self.applied("company", self.company, load, changes)
        return Edited(company, market, self.scenario, self.known, changes)

    # What may not be changed

    def typed_over(self) -> Iterator[Problem]:
        for sheet in self.plan.book.sheets.values():
            if sheet.name not in self.book.sheetnames:
                yield Problem(self.path.name, sheet.name, None, "this sheet is missing")
                continue
            page = self.book[sheet.name]
            for row, column, cell, value in sheet.cells():
                found = page.cell(row, column + 1).value
                address = f"{sheet.name}!{xl_col_to_name(column)}{row}"
                if cell.formula is not None:
                    wanted = cell.text(column)
                    if not isinstance(found, str) or _plain(found) != _plain(wanted):
                        yield Problem(self.path.name, address, found, f"a formula was typed over; it reads {wanted}")
                elif cell.kind is Kind.CONSTANT and isinstance(serial(value), float) and not _same(found, value):
                    yield Problem(self.path.name, address, found, f"is not an input; it holds {value}")

    def given_values(self) -> Iterator[Any]:
        page = self.book[TIMELINE]
        for row, column, cell, _ in self.plan.book.sheets[TIMELINE].cells():
            if cell.kind is Kind.GIVEN:
                yield page.cell(row, column + 1).value

    # What was changed

    def changes(self) -> Iterator[Change]:
        page = self.book[INPUTS]
        lists: dict[str, list[tuple[int, Blank, Any]]] = {}
        for row, blank in self.plan.inputs.blanks.items():
            expected = self.plan.inputs.sheet.rows[row]
            assert isinstance(expected, Row)
            assert expected.constant is not None
            typed = _typed(blank.field, page.cell(row, CONSTANT + 1).value)
            if blank.field.kind == "words":
                lists.setdefault(blank.key, []).append((row, blank, typed))
            elif not _same(typed, expected.constant.value):
                yield self.change(row, blank, expected.constant.value, typed)
        for found in lists.values():
            row, blank, _ = found[0]
            words = [word for _, _, word in found if word is not None]
            if words != blank.figure.value:
                yield self.change(row, blank, blank.figure.value, words or None)

    def change(self, row: int, blank: Blank, before: Any, after: Any) -> Change:
        cell = f"{INPUTS}!{xl_col_to_name(CONSTANT)}{row}"
        return Change(blank.document, blank.key, cell, blank.figure.unit or blank.field.kind, before, after)

    def applied(
        self, name: str, document: Loaded, load: Callable[[Path], Loaded], changes: tuple[Change, ...]
    ) -> Loaded:
        """The document with its changes, checked like any file; itself when there are none."""
        own = {change.key: change for change in changes if change.document == name}
        if not own:
            return document
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / document.file.name
            contents = edited(document, _edits(document, own, self.path.name))
            file.write_text(toml_file(contents), encoding="utf-8")
            try:
                return replace(load(file), file=document.file)
            except InputError as error:
                raise InputError([self.located(problem, own) for problem in error.problems], error.kind) from None

    def located(self, problem: Problem, changes: Mapping[str, Change]) -> Problem:
        """A problem of the edited file, said of the book."""
        change = changes.get(problem.key)
        key = f"{change.cell} ({problem.key})" if change else problem.key
        return replace(problem, file=self.path.name, key=key)


def _plain(formula: str) -> str:
    """A formula without what programs write differently: blanks, quotation marks around sheets, case."""
    return re.sub(r"[\s']", "", formula).upper()


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, datetime):
        found = found.date()
    left, right = serial(found), serial(expected)
    if (
        isinstance(left, int | float)
        and isinstance(right, int | float)
        and isinstance(left, bool) is isinstance(right, bool)
    ):
        return abs(left - right) <= SAME * max(abs(left), abs(right))
    return bool(left == right)


def _typed(field: Declared, value: Any) -> Any:
    """What was typed, as the file would have it; what does not fit is passed on, to be refused by name."""
    if isinstance(value, datetime):
        value = value.date()
    if value == "":
        return None
    match field.kind:
        case "date" if isinstance(value, int | float):
            return EPOCH + timedelta(days=int(value))
        case "truth" if value in (0, 1, *TRUTHS):
            return value == 1 or TRUTHS.get(value, False)
        case "number" if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        case _:
            return value if isinstance(value, date | str | bool | float | None) else str(value)


def _edits(document: Company | Market, changes: Mapping[str, Change], book: str) -> dict[str, Edit]:
    """The changes as edits of the document's file, each said to be typed into the book."""
    edits = {}
    for key, change in changes.items():
        citation = {"grade": "estimated", "why": f"typed into {book}, {change.cell}"}
        source = document.provenance.of(key)
        if source is not None and source.source:
            citation["source"] = source.source
        edits[key] = Edit(change.after, citation)
    return edits
