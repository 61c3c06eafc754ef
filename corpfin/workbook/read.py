"""An edited book read back: what its reader changed becomes a company and a market that can be run.

Three sides are held against each other: the value in the blue cell, the file's value when the book was written, kept
beside it, and today's file. Only what the reader changed is put onto today's file, so that an old book that nobody
touched changes nothing; where the file has moved as well, that is a conflict, and is listed.

The book is laid out afresh from the files kept in it and compared cell by cell: a formula that was typed over is
refused by its address, because the book's answer would no longer be the model's.

One file: what may not be changed, what was, and what becomes of it are the steps of one reading.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from xlsxwriter.utility import xl_col_to_name

from corpfin.common.defaults import LONGEST
from corpfin.common.toml_text import toml_file
from corpfin.inputs import Company, InputError, Market, Problem, Scenario, load_company, load_market, load_scenario
from corpfin.inputs.edit import Edit, edited
from corpfin.inputs.known import KNOWN, Known
from corpfin.inputs.schema import Declared, declared
from corpfin.runs.capacity import with_capacity
from corpfin.runs.declared import COMPANY_TABLES, SHAPES
from corpfin.runs.projection import project
from corpfin.workbook.book import CONSTANT, FIRST_MONTH, FIRST_ROW, HEADING_ROW, INPUTS, SCENARIO_SHEET, TIMELINE, Kind
from corpfin.workbook.cover import (
    COMPANY_DIGEST,
    COVER,
    FORMULAS_DIGEST,
    GIVEN_DIGEST,
    MARKET_DIGEST,
    MONTHS,
    RAN,
    SCENARIO,
    SCENARIO_DIGEST,
    TICKER,
    given_digest,
    months_said,
    read_cover,
)
from corpfin.workbook.cover import KNOWN as KNOWN_LABEL
from corpfin.workbook.emit import EPOCH, serial
from corpfin.workbook.files_sheet import FILES, Base, read_files
from corpfin.workbook.inputs_sheet import CHANGED, FILED, HEADINGS, KEY
from corpfin.workbook.opened import model_sheet, open_book, refusal
from corpfin.workbook.read_scenario import ChosenScenario
from corpfin.workbook.settings import load_settings
from corpfin.workbook.spare import Block, slots
from corpfin.workbook.wiring import Wiring
from corpfin.workbook.write import Plan

SHOWN = 20
"""Most cells one message names."""

TRUTHS = {"TRUE": True, "FALSE": False, "=TRUE()": True, "=FALSE()": False}
"""Truth values as programs write them."""

SAME = 1e-12
"""Relative difference below which a number counts as not changed."""

LAST_DAY = 2_958_465
"""The day a spreadsheet's calendar ends with, in 9999."""

SHEETS = (COVER, INPUTS, TIMELINE, FILES)
"""The sheets without which a book cannot be read back."""

Loaded = TypeVar("Loaded", Company, Market)


def _said(value: Any) -> Any:
    return "blank" if value is None else value


@dataclass(frozen=True)
class Change:
    """One input that its reader changed: ``key`` in the file, ``cell`` in the book; None stands for left blank.

    ``before`` is what the file said when the book was written.
    """

    document: str
    key: str
    cell: str
    unit: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key} [{self.unit}]: {_said(self.before)} -> {_said(self.after)} ({self.cell})"


@dataclass(frozen=True)
class Conflict:
    """A change of the reader to a figure that the file says otherwise than when the book was written.

    ``now`` is what the file says today. The reader's value is ``taken`` unless the file has no such figure any more.
    """

    change: Change
    now: Any
    taken: bool

    def __str__(self) -> str:
        change = self.change
        said = f"{change.key} [{change.unit}] ({change.cell}): the book says {_said(change.after)}, the file said"
        if not self.taken:
            return f"{said} {_said(change.before)} and has no such figure now; it is not taken"
        return f"{said} {_said(change.before)} and says {_said(self.now)} now; the book's value is taken"


@dataclass(frozen=True)
class Edited:
    """What an edited book says: company and market with its reader's changes, ready to be run, and under what.

    ``changes`` are those applied, ``conflicts`` those to figures that the files say otherwise than when the book was
    written, ``remarks`` what else was found.
    """

    company: Company
    market: Market
    scenario: Scenario
    known: Known
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()
    remarks: tuple[str, ...] = ()


def read_workbook(
    path: str | Path,
    company: Company,
    market: Market,
    scenario: Scenario | None = None,
    known: Known | None = None,
) -> Edited:
    """What the reader of a book changed in it, put onto ``company`` and ``market``, which are the files of today.

    ``scenario`` is the one the book was written under; None takes the shipped one the cover names. ``known`` is what of
    history the book was written with; None takes what the cover says. A changed figure is
    graded as estimated, typed into the book. Raises :class:`InputError` for a file that is no such book, a formula
    that was typed over, and values that the files would not allow either, all of them together.
    """
    return Reading(Path(path), company, market, scenario, known).edited()


class InputCell(NamedTuple):
    """A blue cell: its place, what the file said when the book was written, what stands there now, and its unit."""

    place: str
    filed: Any
    typed: Any
    unit: str


class Stored:
    """A book as it stands in its file: what it was made from, what was changed in it, what may not have been.

    ``InputError`` for a file that is no such book.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = open_book(path)
        for name in SHEETS:
            model_sheet(path, self.book, name)
        self.about = read_cover(self.book[COVER])
        written = self.about.get(KNOWN_LABEL)
        self.known: Known = next((word for word in KNOWN if word == written), KNOWN[-1])

    def expect(self, label: str, wanted: str, message: str) -> None:
        """Refuse a book whose cover says something else than ``wanted``."""
        if self.about.get(label) != wanted:
            found = self.about.get(label)
            raise refusal(self.path, COVER, f"{message}: {label} is {found}, not {wanted}", "INVALID")

    def expect_company(self, ticker: str) -> None:
        """Refuse a book of another company."""
        self.expect(TICKER, ticker, "is a book of another company")

    def base(self) -> Base | None:
        """The files the book was made from; None where they cannot be read."""
        return read_files(self.book[FILES])

    def months(self) -> int:
        """Months of the book: as many as the cover says, or the timeline does not fit it."""
        row = self.book[TIMELINE][HEADING_ROW]
        found = sum(1 for cell in row[FIRST_MONTH:] if cell.value is not None)
        said = months_said(self.about.get(MONTHS, ""))
        if found != said or not 0 < found <= LONGEST:
            message = f"row {HEADING_ROW} numbers {found:,} months, the cover says {said:,}; a book has up to {LONGEST}"
            raise refusal(self.path, TIMELINE, message)
        return found

    @cached_property
    def plan(self) -> Plan | None:
        """The book as it was written; None where another version of the program wrote it."""
        months, base = self.months(), self.base()
        if base is None:
            return None
        try:
            made = Plan(project(base.company, base.scenario, months=months, market=base.market, known=self.known))
        except InputError:
            return None
        return made if made.book.digest() == self.about.get(FORMULAS_DIGEST) else None

    # What may not be changed

    def faults(self) -> Iterator[Problem]:
        """Formulas typed over, and history, draws and shocks that were changed."""
        if self.plan is None:
            return
        yield from self.typed_over(self.plan)
        if given_digest(self.given_values(self.plan)) != self.about.get(GIVEN_DIGEST):
            message = "history, draws or shocks were changed; change them with a scenario file, not in the book"
            yield Problem(self.path.name, TIMELINE, None, message)

    def typed_over(self, plan: Plan) -> Iterator[Problem]:
        for sheet in plan.book.sheets.values():
            if sheet.name not in self.book.sheetnames:
                yield Problem(self.path.name, sheet.name, None, "this sheet is missing")
                continue
            if not sheet.rows:
                continue
            page = model_sheet(self.path, self.book, sheet.name)
            for row, column, cell, value in sheet.cells():
                found = page.cell(row, column + 1).value
                address = f"{sheet.name}!{xl_col_to_name(column)}{row}"
                if cell.formula is not None:
                    wanted = cell.text(column)
                    if found != wanted and (not isinstance(found, str) or _plain(found) != _plain(wanted)):
                        yield Problem(self.path.name, address, found, f"a formula was typed over; it reads {wanted}")
                elif cell.kind is Kind.CONSTANT and isinstance(serial(value), float) and not _same(found, value):
                    yield Problem(self.path.name, address, found, f"is not an input; it holds {value}")

    def given_values(self, plan: Plan) -> Iterator[Any]:
        for name in (name for name in (TIMELINE, SCENARIO_SHEET) if name in plan.book.sheets):
            page = self.book[name]
            for row, column, cell, _ in plan.book.sheets[name].cells():
                if cell.kind is Kind.GIVEN:
                    yield page.cell(row, column + 1).value

    # What was changed

    @cached_property
    def cells(self) -> dict[str, list[InputCell]]:
        """The input cells by key: one, or as many as a list has places."""
        page = self.book[INPUTS]
        columns = {str(cell.value): cell.column for cell in page[HEADING_ROW]}
        wanted = (HEADINGS[CONSTANT], HEADINGS[FILED], HEADINGS[CHANGED], HEADINGS[KEY])
        if missing := [name for name in wanted if name not in columns]:
            message = f"row {HEADING_ROW} has no heading {missing[0]}: the book was written by another version"
            raise refusal(self.path, INPUTS, message)
        typed, filed, changed, key = (columns[name] for name in wanted)
        unit = columns[HEADINGS[2]]
        found: dict[str, list[InputCell]] = {}
        for row in range(FIRST_ROW, page.max_row + 1):
            name = page.cell(row, key).value
            if isinstance(name, str) and page.cell(row, changed).value is not None:
                place = f"{INPUTS}!{xl_col_to_name(typed - 1)}{row}"
                sides = page.cell(row, filed).value, page.cell(row, typed).value
                found.setdefault(name, []).append(InputCell(place, *sides, str(page.cell(row, unit).value)))
        return found

    def changes(self) -> Iterator[Change]:
        """Every input whose cell says something else than the file's value kept beside it."""
        for name, cells in self.cells.items():
            field = _declared(name)
            place, before, after, shown = cells[0]
            if field is not None and field.kind == "words":
                before, after = ([word for cell in cells if (word := cell[n]) is not None] or None for n in (1, 2))
            elif field is not None:
                before, after = _typed(field, before), _typed(field, after)
            if not _same(before, after):
                table = name.partition(".")[0]
                document = "company" if table in COMPANY_TABLES else "market"
                yield Change(document, name, place, shown, before, after)


class Reading(Stored):
    """A book read back onto the files of today."""

    def __init__(
        self, path: Path, company: Company, market: Market, scenario: Scenario | None, known: Known | None
    ) -> None:
        super().__init__(path)
        self.company, self.market = company, with_capacity(market)
        self.expect_company(company.ticker)
        if self.about.get(RAN, Wiring.ran) != Wiring.ran:
            message = "was written by a run of companies together, which no company alone can repeat"
            raise refusal(self.path, COVER, message, "INVALID")
        self.scenario = scenario or load_scenario(self.about.get(SCENARIO, ""))
        self.expect(SCENARIO, self.scenario.name, "was written under another scenario")
        self.known = known or self.known
        self.expect(KNOWN_LABEL, self.known, "was written with another part of history seen")
        self.remarks: list[str] = []
        if self.about.get(SCENARIO_DIGEST) != self.scenario.digest():
            self.remarks.append(f"scenario {self.scenario.name} has changed since the book was written; it runs as now")

    def base(self) -> Base | None:
        """The files the book was made from: today's where they say the same, else those kept in it."""
        digests = self.about.get(COMPANY_DIGEST), self.about.get(MARKET_DIGEST), self.about.get(SCENARIO_DIGEST)
        if digests == (self.company.digest(), self.market.digest(), self.scenario.digest()):
            return Base(self.company, self.market, self.scenario)
        return super().base()

    def edited(self) -> Edited:
        """What the book says; ``InputError`` for what it may not."""
        raise_some(list(self.faults()))
        if self.plan is None:
            self.remarks.append("written by another version of the program; its formulas were not checked")
        changes, conflicts = [], []
        added: dict[Block, dict[str, Change]] = {}
        for change in self.changes():
            document = self.company if change.document == "company" else self.market
            now = _figure(document, change.key)
            if now is None and (slot := self.slot(change.key)):
                added.setdefault(slot, {})[change.key.rpartition(".")[2]] = change
                changes.append(change)
                continue
            if now is None:
                conflicts.append(Conflict(change, None, taken=False))
                continue
            if _same(change.after, now[0]):
                continue
            changes.append(change)
            if not _same(change.before, now[0]):
                conflicts.append(Conflict(change, now[0], taken=True))
        market = self.applied("market", self.market, load_market, changes, {})
        if market is not self.market:
            market = replace(market, origin=self.market)

        def load(path: Path) -> Company:
            return replace(load_company(path, market.defaults), origin=self.company)

        company = self.applied("company", self.company, load, changes, added)
        found = tuple(changes), tuple(conflicts), tuple(self.remarks)
        return Edited(company, market, self.chosen(company), self.known, *found)

    def chosen(self, company: Company) -> Scenario:
        """The scenario in force in the book, with its reader's own rows and decks."""
        if self.plan is None or self.plan.scenario is None or SCENARIO_SHEET not in self.book.sheetnames:
            return self.scenario
        page = self.book[SCENARIO_SHEET]
        return ChosenScenario(page, self.plan.scenario, self.plan.wiring, self.scenario, self.path, company).read()

    def slot(self, key: str) -> Block | None:
        """The spare slot that a key belongs to, where today's file has no block by its name."""
        table, _, rest = key.partition(".")
        found = table, rest.rpartition(".")[0]
        there = any((row.table, row.id) == found for row in self.company.rows)
        return found if found in slots(load_settings().spare) and not there else None

    def applied(
        self,
        name: str,
        document: Loaded,
        load: Callable[[Path], Loaded],
        changes: Sequence[Change],
        added: Mapping[Block, Mapping[str, Change]],
    ) -> Loaded:
        """The document with its changes and ``added`` blocks, checked like any file; itself when there are none."""
        own = {change.key: change for change in changes if change.document == name}
        if not own:
            return document
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / document.file.name
            blocks: dict[str, list[dict[str, Any]]] = {}
            citations = {}
            for (table, id), fields in added.items():
                said = {field: change.after for field, change in fields.items()}
                blocks.setdefault(table, []).append({"id": id, **said})
                cells = ", ".join(change.cell for change in fields.values())
                why = f"typed into {self.path.name}, {cells}"
                citations[f"{table}.{id}"] = {"grade": "estimated", "why": why}
            new = {change.key for fields in added.values() for change in fields.values()}
            kept = {key: change for key, change in own.items() if key not in new}
            contents = edited(document, _edits(document, kept, self.path.name), blocks, citations)
            file.write_text(toml_file(contents), encoding="utf-8")
            try:
                return replace(load(file), file=document.file)
            except InputError as error:
                raise InputError([self.located(problem) for problem in error.problems], error.kind) from None

    def located(self, problem: Problem) -> Problem:
        """A problem of the edited file, said of the book."""
        cells = self.cells.get(problem.key)
        key = f"{cells[0].place} ({problem.key})" if cells else problem.key
        return replace(problem, file=self.path.name, key=key)


def _declared(key: str) -> Declared | None:
    """The field of a key; None where the tables have none such."""
    table, _, rest = key.partition(".")
    shape = SHAPES.get(table)
    return declared(shape.table).get(rest.rpartition(".")[2]) if shape else None


def raise_some(problems: Sequence[Problem]) -> None:
    """Raise ``InputError`` with the first of the problems of a book and the number of the others, if there are any."""
    if problems:
        more = len(problems) - SHOWN
        rest = [Problem(problems[0].file, "", None, f"and {more} more cells")] if more > 0 else []
        raise InputError([*problems[:SHOWN], *rest])


def same_figure(document: Company | Market, key: str, value: Any) -> bool:
    """Whether a file says this of a figure."""
    now = _figure(document, key)
    return now is not None and _same(value, now[0])


def _figure(document: Company | Market, key: str) -> tuple[Any] | None:
    """What a file says of a figure, as its cell would hold it; None where it has no such block or field."""
    block, _, name = key.rpartition(".")
    row = next((row for row in document.rows if row.key == block), None)
    if row is None or name not in row.fields:
        return None
    return (row.get(name) if row.has(name) or name in row.written else None,)


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
        case "date" if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LAST_DAY:
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
