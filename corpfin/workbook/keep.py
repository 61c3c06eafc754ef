"""What a reader put into a book, carried into the one that takes its place: sheets, notes, named cells.

What cannot be carried over (charts, pictures, macros, formulas typed over, inputs changed and not taken along) is a
reason to refuse: nothing a reader made is ever deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet as ReadSheet
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from corpfin.inputs import Problem
from corpfin.runs.projection import Projection
from corpfin.workbook.book import FIRST_MONTH, FIRST_ROW, INPUTS, NOTE, Book
from corpfin.workbook.cover import CHARTS_DRAWN, MONTHS, SHEETS
from corpfin.workbook.graft import Name, Package, graft
from corpfin.workbook.inputs_sheet import CONSTANTS
from corpfin.workbook.moves import GoneError, Moves, of_book, of_page
from corpfin.workbook.read import Stored, raise_some, same_figure

ELSEWHERE = "give --xlsx another name, or"
CARRIED = {"hyperlink", "comments", "vmlDrawing", "printerSettings", "table", "threadedComment"}
"""What a reader's sheet may hold beside its cells."""

IN_WORDS = {
    "drawing": "charts, pictures or shapes", "image": "a picture", "pivotTable": "a pivot table",
    "oleObject": "an embedded object", "control": "controls", "ctrlProp": "controls", "queryTable": "a query",
    "externalLink": "links to other workbooks", "pivotCacheDefinition": "pivot tables", "connections": "connections",
    "vbaProject": "macros", "slicerCache": "slicers", "chartsheet": "a chart", "dialogsheet": "a dialog",
    "xlMacrosheet": "macros",
}  # fmt: skip
"""What cannot be carried over, by the type of the part that holds it."""

BUILT_IN = "_xlnm."
SHEET_START = re.compile(rb"<worksheet[\s>]")
THREADED = re.compile(r"\[Threaded comment\].*?\n(?:Comment|Kommentar):\s*", re.S)


class Comment(NamedTuple):
    """A note of the reader on a cell of the model: row from 1 and column from 0, in the new book."""

    row: int
    column: int
    text: str
    author: str


@dataclass(frozen=True)
class Kept:
    """What is carried over into a new book."""

    old: Package
    sheets: tuple[str, ...]
    names: tuple[Name, ...]
    comments: dict[str, list[Comment]]
    moves: Moves

    def note(self, pages: dict[str, Worksheet]) -> None:
        """Write the reader's notes to the cells they belong to."""
        for sheet, comments in self.comments.items():
            for comment in comments:
                options = {"author": comment.author}
                pages[sheet].write_comment(comment.row - 1, comment.column, comment.text, options)

    def into(self, data: bytes) -> bytes:
        """A new book with the reader's sheets and names."""
        if not self.sheets and not self.names:
            return data
        return graft(
            Package.read(data), self.old, self.sheets, self.names, lambda _, text: self.moves.formula(text)
        ).written()


def keep(path: Path, projection: Projection, book: Book, names: frozenset[str]) -> Kept:
    """What of the book at ``path`` goes into the one laid out as ``book``, whose sheets are ``names``.

    ``InputError`` with everything that cannot: the file is then to be left as it is.
    """
    stored = Stored(path)
    stored.expect_company(projection.company.ticker)
    found = _Found(path, stored, projection, book, names)
    problems = list(found.problems())
    kept = found.kept(problems)
    raise_some(problems)
    return kept


class _Found:
    def __init__(self, path: Path, stored: Stored, projection: Projection, book: Book, names: frozenset[str]) -> None:
        self.path, self.stored, self.projection, self.book, self.names = path, stored, projection, book, names
        self.old = Package.read(path.read_bytes())
        self.own = frozenset(stored.about.get(SHEETS, "").split(", "))
        self.sheets = tuple(name for name, _, _ in self.old.sheets if name not in self.own)
        places = {sheet: {row: n for n, row in rows.items()} for sheet, rows in of_book(book).items()}
        rows = {
            sheet: {n: places[sheet][row] for n, row in of_page(stored.book[sheet]).items() if row in places[sheet]}
            for sheet in places if sheet in stored.book.sheetnames and sheet in self.own
        }  # fmt: skip
        monthly = frozenset(sheet.name for sheet in book.sheets.values() if sheet.numbers is not None)
        first, *_ = stored.about.get(MONTHS, projection.labels[0]).split(" ")
        shift = (pd.Period(projection.labels[0], "M") - pd.Period(first, "M")).n
        self.moves = Moves(rows, self.own, names, monthly, shift, book.months)

    def problem(self, place: str, message: str, value: Any = None) -> Problem:
        return Problem(self.path.name, place, value, message)

    def problems(self) -> Iterator[Problem]:
        """What cannot be carried over, sheet by sheet."""
        for relation in self.old.relations("xl/workbook.xml"):
            if relation.kind in IN_WORDS and relation.kind not in ("chartsheet", "dialogsheet"):
                yield self.problem("", self.cannot(relation.kind))
        twins = {name.lower() for name in self.names}
        for name in self.sheets:
            if name.lower() in twins:
                yield self.problem(name, "the model has a sheet by this name now: rename yours")
        for name, part, _ in self.old.sheets:
            own = name in self.own
            allowed = CARRIED | ({"drawing"} if own and not self.added_drawings(name, part) else set())
            for kind in dict.fromkeys(relation.kind for relation in self.old.relations(part)):
                if kind not in allowed:
                    yield self.problem(name, self.cannot(kind))
            if not own and SHEET_START.search(self.old.parts.get(part, b"")) is None:
                yield self.problem(
                    name, self.cannot("chartsheet" if b"<chartsheet" in self.old.parts[part] else "sheet")
                )
        yield from self.stored.faults()
        yield from self.lost_inputs()
        yield from self.stray_cells()

    def cannot(self, kind: str) -> str:
        held = IN_WORDS.get(kind, f"a part of the kind {kind}")
        return f"holds {held}, which cannot be carried into a new book: {ELSEWHERE} move it to a workbook of its own"

    def added_drawings(self, name: str, part: str) -> bool:
        """Whether a sheet of the model has more drawn on it than the model draws."""
        drawn = sum(
            len(re.findall(rb"<(?:\w+:)?(?:twoCell|oneCell|absolute)Anchor\b", self.old.parts.get(each.target, b"")))
            for each in self.old.relations(part) if each.kind == "drawing"
        )  # fmt: skip
        return drawn > charts_drawn(self.stored.about).get(name, 0)

    def lost_inputs(self) -> Iterator[Problem]:
        """Inputs that the reader changed and the new book does not have."""
        for change in self.stored.changes():
            document = self.projection.company if change.document == "company" else self.projection.market_case.market
            if not same_figure(document, change.key, change.after):
                message = f"was changed by its reader and would be lost: give --from-workbook {self.path.name} too"
                yield self.problem(f"{change.cell} ({change.key})", message, change.after)

    def stray_cells(self) -> Iterator[Problem]:
        """Cells that somebody filled on a sheet of the model where the model has none."""
        if self.stored.plan is None:
            return
        for sheet in self.stored.plan.book.sheets.values():
            if not sheet.rows or sheet.name not in self.stored.book.sheetnames:
                continue
            used = {(row, column) for row, column, _, _ in sheet.cells()}
            wide = FIRST_MONTH + self.stored.plan.book.months if sheet.monthly else len(sheet.headings)
            for cells in self.stored.book[sheet.name].iter_rows(min_row=1):
                for cell in cells:
                    row, column = cell.row, cell.column - 1
                    text = column <= NOTE and (row in sheet.rows or row < FIRST_ROW)
                    if cell.value is None or (row, column) in used or text or (row < FIRST_ROW and column < wide):
                        continue
                    address = f"{sheet.name}!{xl_col_to_name(column)}{row}"
                    message = "is none of the model's cells and would be lost: move it to a sheet of your own"
                    yield self.problem(address, message, cell.value)

    # What is carried over

    def kept(self, problems: list[Problem]) -> Kept:
        """What goes over; what has no place any more joins the ``problems``."""
        names = tuple(self.kept_names(problems))
        comments = {sheet: found for sheet in self.own if (found := list(self.comments(sheet, problems)))}
        self.try_formulas(problems)
        return Kept(self.old, self.sheets, names, comments, self.moves)

    def kept_names(self, problems: list[Problem]) -> Iterator[Name]:
        for name in self.old.names():
            local = name.sheet is not None
            if (local and name.sheet in self.own) or (not local and (name.name in self.book.names or self.ours(name))):
                continue
            try:
                yield Name(name.name, self.moves.formula(name.text), name.attributes, name.sheet)
            except GoneError as gone:
                problems.append(self.problem(f"name {name.name}", f"{self.gone(gone)}", name.text))

    def ours(self, name: Name) -> bool:
        """Whether a name is of a constant that the old book had and the new one does not need."""
        found = re.fullmatch(rf"{INPUTS}!\$E\$(\d+)", name.text)
        return found is not None and self.stored.book[INPUTS].cell(int(found[1]), 1).value == CONSTANTS

    def comments(self, sheet: str, problems: list[Problem]) -> Iterator[Comment]:
        if sheet not in self.stored.book.sheetnames:
            return
        for cells in self.stored.book[sheet].iter_rows():
            for cell in cells:
                if cell.comment is None:
                    continue
                try:
                    row, column = self.moves.row(sheet, cell.row), self.moves.column(sheet, cell.column - 1)
                    text = THREADED.sub("", cell.comment.text)
                    yield Comment(row, column, text, cell.comment.author or "")
                except GoneError as gone:
                    place = f"note at {sheet}!{cell.coordinate}"
                    problems.append(self.problem(place, f"{self.gone(gone)}", cell.comment.text))

    def try_formulas(self, problems: list[Problem]) -> None:
        """Find the formulas of the reader's sheets that read what is not there any more."""
        for name in self.sheets:
            page = self.stored.book[name]
            for cells in page.iter_rows() if isinstance(page, ReadSheet) else ():
                for cell in cells:
                    if cell.data_type == "f":
                        try:
                            self.moves.formula(getattr(cell.value, "text", None) or str(cell.value))
                        except GoneError as gone:
                            problems.append(self.problem(f"{name}!{cell.coordinate}", self.gone(gone), cell.value))

    @staticmethod
    def gone(gone: GoneError) -> str:
        return f"reads {gone}, which is not in the new book: take it out, or look lines up by name on Outputs"


def charts_drawn(about: Mapping[str, str]) -> dict[str, int]:
    """Number of charts by sheet, as the cover says it."""
    return {name: int(count) for name, count in re.findall(r"([^:,]+?): (\d+)(?:, )?", about.get(CHARTS_DRAWN, ""))}
