"""What a book is made of before it is written: sheets of rows, and where each figure of the model stands.

Every sheet has the same columns, and a month stands in the same column on all of them. Formulas are kept as texts in
which ``{c}``, ``{p}`` and ``{n}`` stand for the letter of the cell's own column, the one before and the one after, so
that a row has one formula. They are made when the book is written, once every row has its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

SECTION, LABEL, UNIT, NOTE, CONSTANT, TOTAL, OPENING, FIRST_MONTH = range(8)
"""Columns, counted from 0."""

HEADINGS = ("Section", "Label", "Unit", "Source or note", "Constant", "Total or check", "Opening")
TITLE_ROW, LEAD_ROW, DATE_ROW, HEADING_ROW, FIRST_ROW = range(1, 6)
"""Rows, counted from 1 as in addresses."""

INPUTS, TIMELINE, SCENARIO_SHEET = "Inputs", "Timeline", "Scenario"
MONTHS, ONE, OPENS, UNSHOCKED = "months", "constant", "opening", "unshocked"
"""Shapes of a figure: a row of months, one cell, an opening cell, an input or draw before the scenario changes it."""

LONGEST_TEXT = 32_000

Text = Callable[[], str]
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Kind(Enum):
    """What a cell is, which its colour shows."""

    INPUT = "input"
    GIVEN = "given"
    LINK = "link"
    CALCULATION = "calculation"
    CONSTANT = "constant"
    STATIC = "static"


class Datum(NamedTuple):
    """A figure of the model: a row of months, one constant cell or an opening cell, of one instance of a block."""

    graph: str
    shape: str
    scope: str
    instance: int
    name: str


class Place(NamedTuple):
    """Where a figure stands: the name of its sheet, its row (from 1) and its column (from 0)."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class Cell:
    """One cell, or the months of a row: the engine's value or values, a formula, the kind and what may be typed.

    ``unit`` chooses the number format where it differs from the row's.
    """

    value: Any
    formula: Text | str | None = None
    kind: Kind = Kind.CALCULATION
    unit: str = ""
    validation: dict[str, Any] | None = None

    def made(self) -> Cell:
        """The cell with its formula as a text: made once for all months of a row."""
        return replace(self, formula=self.formula()) if callable(self.formula) else self

    def text(self, column: int) -> str:
        """The formula, with its ``=``, in a given column."""
        made = self.made().formula
        assert isinstance(made, str)
        return f"={at(made, column)}"


@dataclass
class Row:
    """One row of a sheet; ``extra`` holds further cells by column where it has no months.

    A ``grouped`` row can be folded away with its neighbours, a ``bold`` one is a total; one that is ``folded`` or not
    belongs to a spare slot.
    """

    section: str
    label: str
    unit: str
    note: str
    grouped: bool = field(default=False, kw_only=True)
    bold: bool = field(default=False, kw_only=True)
    folded: bool | None = field(default=None, kw_only=True)
    constant: Cell | None = None
    total: Cell | None = None
    opening: Cell | None = None
    months: Cell | None = None
    extra: dict[int, Cell] = field(default_factory=dict)

    def cells(self) -> dict[int, Cell]:
        """The cells outside the months, by column."""
        fixed = {CONSTANT: self.constant, TOTAL: self.total, OPENING: self.opening}
        return {column: cell for column, cell in fixed.items() if cell} | self.extra


@dataclass(frozen=True)
class Heading:
    """A heading between rows; a minor one stands within a section, ``folded`` is as that of its rows."""

    text: str
    minor: bool = False
    folded: bool | None = None


@dataclass
class Sheet:
    """A sheet: its rows by number, headings between them, and the rows in which it shows figures of the model.

    ``dates`` and ``numbers`` stand over the months, ``over`` over other columns; a ``paged`` sheet is made for paper.
    ``printed`` are the last row and column on paper, counted from 1, of a sheet that prints on one page.
    """

    name: str
    title: str
    lead: str
    monthly: bool = True
    headings: tuple[str, ...] = HEADINGS
    dates: Cell | None = None
    numbers: Cell | None = None
    over: dict[int, Cell] = field(default_factory=dict)
    paged: bool = False
    printed: tuple[int, int] | None = None
    rows: dict[int, Row | Heading] = field(default_factory=dict)
    shown: dict[Datum, Place] = field(default_factory=dict)

    @property
    def next(self) -> int:
        """The number of the next free row."""
        return max(self.rows, default=FIRST_ROW - 1) + 1

    folding: bool | None = None
    """Whether what is added now is folded away; None where it is no part of a spare slot."""

    def head(self, text: str, *, minor: bool = False) -> None:
        """Add a heading, after a blank row unless it is minor or of a spare slot."""
        blank = self.rows and not minor and self.folding is None
        self.rows[self.next + (1 if blank else 0)] = Heading(clean(text), minor, self.folding)

    def add(self, row: Row) -> int:
        """Add a row and return its number."""
        number = self.next
        row.folded = self.folding
        self.rows[number] = row
        return number

    def cells(self) -> Iterator[tuple[int, int, Cell, Any]]:
        """Every cell that is not text: row, column, what it is, and its value."""
        for number, row in self.rows.items():
            if isinstance(row, Row):
                for column, cell in row.cells().items():
                    yield number, column, cell, cell.value
                if row.months is not None:
                    months = row.months.made()
                    for month, value in enumerate(months.value):
                        yield number, FIRST_MONTH + month, months, value

    def show(self, datum: Datum, row: int, column: int) -> None:
        """Note that a figure stands here."""
        self.shown[datum] = Place(self.name, row, column)


@dataclass
class Book:
    """All sheets in order; ``homes`` says where each figure is worked out or typed, ``names`` which row of
    the Inputs sheet holds a named constant, ``master`` the cell that counts the checks that fail."""

    months: int
    sheets: dict[str, Sheet] = field(default_factory=dict)
    homes: dict[Datum, Place] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    master: str = ""

    def sheet(self, sheet: Sheet) -> Sheet:
        """Add a sheet."""
        self.sheets[sheet.name] = sheet
        return sheet

    def settle(self, sheet: Sheet, datum: Datum, row: int, column: int) -> None:
        """Make a cell the home of a figure."""
        sheet.show(datum, row, column)
        self.homes[datum] = Place(sheet.name, row, column)

    def reference(self, sheet: Sheet, datum: Datum, lag: int = 0) -> str:
        """The cell of a figure on this sheet, as a formula of the sheet writes it."""
        return _cell(sheet.shown[datum], lag)

    def link(self, datum: Datum) -> str:
        """The home of a figure, as a formula of another sheet writes it."""
        home = self.homes[datum]
        return f"{quoted(home.sheet)}!{_cell(home, 0)}"

    def digest(self) -> str:
        """SHA-256 of every formula with its place: two books of equal files differ in it when the model does."""
        text = hashlib.sha256()
        for sheet in self.sheets.values():
            for number, row in sheet.rows.items():
                if isinstance(row, Row):
                    cells = {**row.cells(), FIRST_MONTH: row.months} if row.months else row.cells()
                    for column, cell in cells.items():
                        if cell.formula is None:
                            continue
                        text.update(f"{sheet.name}!{number}!{column}={cell.made().formula}\n".encode())
        return text.hexdigest()

    def months_of(self, row: int) -> str:
        """The months of a row on the same sheet, as a range."""
        return f"${month_column(0)}{row}:${month_column(self.months - 1)}{row}"


def _cell(place: Place, lag: int) -> str:
    if place.column >= FIRST_MONTH:
        return f"{{{'p' if lag else 'c'}}}{place.row}"
    return f"${xl_col_to_name(place.column)}${place.row}"


def month_column(month: int) -> str:
    """The letters of a month's column, months counted from 0."""
    return str(xl_col_to_name(FIRST_MONTH + month))


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it.

    >>> quoted("Debt"), quoted("Monte Carlo")
    ('Debt', "'Monte Carlo'")
    """
    return sheet if re.fullmatch(r"[A-Za-z]+", sheet) else f"'{sheet}'"


def at(formula: str, column: int) -> str:
    """A formula text in a given column."""
    return formula.format(**_letters(column))


_ELSEWHERE = re.compile(r"!|\{\{|(?<![\w$.}])[A-Z]{1,3}\$?\d")
"""Another sheet, a brace that is one, a column that does not move with the cell's own."""


def moves(formula: str) -> bool:
    """Whether a formula text reads its own sheet alone, in columns that stand still or move with the cell's.

    >>> moves("{c}10-{p}12*$G$7"), moves("{c}10*Debt!{c}12"), moves("{c}10*G7")
    (True, False, False)
    """
    return _ELSEWHERE.search(formula) is None


@cache
def _letters(column: int) -> dict[str, str]:
    """Letters of a column and of its neighbours; before the first there is none."""
    before = xl_col_to_name(column - 1) if column else ""
    return {"p": before, "c": xl_col_to_name(column), "n": xl_col_to_name(column + 1)}


def clean(text: str) -> str:
    """A text as a cell can hold it: what XML forbids is taken out, what is too long is cut."""
    return _NOT_IN_XML.sub("", text)[:LONGEST_TEXT]
