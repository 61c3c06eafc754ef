"""What people read by month, quarter and year: rows laid out once by month, and seen by period on sheets of their own.

A row by month is a link or a formula of its sheet; on a sheet by period a flow is added up over the months of the
period, a balance is its last, an opening balance its first, and a sum adds up the rows above it there too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Literal

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from corpfin.engine.data import Array
from corpfin.workbook.book import (
    CONSTANT,
    DATE_ROW,
    MONTHS,
    TIMELINE,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
    month_column,
    quoted,
)
from corpfin.workbook.timeline import Calendar
from corpfin.workbook.wiring import Wiring

BY_MONTH = "By month"
How = Literal["flow", "last", "first", "mean", "sum", "per"]
"""How a row is seen by period: added up, its last or first month, its mean, a sum or a quotient of rows there."""


@dataclass(eq=False)
class Item:
    """One row of the sheet by month: its months, how it is seen by period, and the rows it is made of."""

    section: str
    label: str
    unit: str
    note: str
    how: How
    values: Array
    parts: tuple[Item, ...] = ()
    row: int = 0
    bold: bool = False
    look: str = ""


@dataclass(frozen=True)
class Block:
    """A heading and the rows below it; ``folded`` or not where they are of a spare slot."""

    title: str
    items: tuple[Item, ...]
    folded: bool | None = None


@dataclass
class Check:
    """A difference that must be nothing: its row by month, or one figure and the cell it stands in."""

    label: str
    unit: str
    note: str
    item: Item | None = None
    value: float = 0.0
    formula: str = ""


@dataclass
class Monthly:
    """The sheet by month being laid out."""

    book: Book
    wiring: Wiring
    sheet: Sheet = field(init=False)
    checks: list[Check] = field(default_factory=list)

    def __post_init__(self) -> None:
        lead = "Statements, bridge of cash and corkscrews of debt by month; by period on sheets of their own"
        self.sheet = self.book.sheet(Sheet(BY_MONTH, "By month", lead))

    def head(self, title: str, *, minor: bool = False) -> None:
        """Add a heading."""
        self.sheet.head(title, minor=minor)

    def _add(self, item: Item, formula: Callable[[], str] | str, kind: Kind, opening: Cell | None = None) -> Item:
        row = Row(item.section, item.label, item.unit, item.note, bold=item.bold, opening=opening)
        row.months = Cell(item.values, formula, kind, unit=item.look)
        item.row = self.sheet.add(row)
        return item

    def link(self, section: str, datum: Datum, sign: int = 1, how: How = "flow", label: str = "") -> Item:
        """Add a row that pulls a figure in, with its sign."""
        name, unit = self.wiring.describe(datum)
        values = sign * np.asarray(self.wiring.value(datum), dtype=float)
        note = f"{datum.name}, from {self.book.homes[datum].sheet}"
        item = Item(section, label or name, unit, note, how, values, look=self.wiring.look(datum))
        text = partial(self._signed, datum, sign)
        return self._add(item, text, Kind.LINK)

    def _signed(self, datum: Datum, sign: int) -> str:
        return self.book.link(datum) if sign > 0 else f"0-{self.book.link(datum)}"

    def difference(self, section: str, label: str, one: Datum, other: Datum, note: str) -> Item:
        """Add a row that is one figure less another."""
        values = np.asarray(self.wiring.value(one), float) - np.asarray(self.wiring.value(other), float)
        text = partial(self._less, one, other)
        return self._add(Item(section, label, self.wiring.describe(one)[1], note, "flow", values), text, Kind.LINK)

    def _less(self, one: Datum, other: Datum) -> str:
        return f"{self.book.link(one)}-{self.book.link(other)}"

    def total(self, section: str, label: str, parts: Sequence[Item], note: str = "", how: How = "sum") -> Item:
        """Add a row that adds up rows of this sheet."""
        unit = parts[0].unit if parts else "USD m"
        months = self.wiring.projection.labels
        values = np.sum([part.values for part in parts], axis=0) if parts else np.zeros(len(months))
        item = Item(section, label, unit, note, how, values, tuple(parts), bold=True)
        return self._add(
            item, f"SUM({summed([part.row for part in parts], '{c}')})" if parts else "0", Kind.CALCULATION
        )

    def corkscrew(
        self, section: str, datum: Datum, moves: Sequence[tuple[int, Datum]], opening: Cell, before: Datum | None = None
    ) -> tuple[Item, list[Item], Item]:
        """Add opening, movements and closing of a balance, and the check that the closing one is the model's.

        ``opening`` is the balance before month 1; where a loss may take the balance, ``before`` is what it was till
        then. Returns the three, the loss among the movements.
        """
        name, unit = self.wiring.describe(datum)
        closing = self.sheet.next + 1 + len(moves) + (before is not None)
        values = np.asarray(self.wiring.value(datum), dtype=float)
        earlier = np.concatenate([[float(opening.value)], values[:-1]])
        first = self._add(Item(section, "Opening", unit, "last month's closing", "first", earlier), f"{{p}}{closing}",
                          Kind.CALCULATION)  # fmt: skip
        rows = [self.link(section, move, sign) for sign, move in moves]
        if before is not None:
            rows.append(
                self.difference(section, "Ended with a lost project", datum, before, "closing less before loss")
            )
        span = summed([first.row, *(row.row for row in rows)], "{c}")
        made = earlier + np.sum([row.values for row in rows], axis=0) if rows else earlier
        last = Item(section, "Closing", unit, "opening and movements", "last", made, bold=True)
        self._add(last, f"SUM({span})", Kind.CALCULATION, opening)
        gap = Item(section, "Difference from the model", unit, f"less {datum.name}", "last", made - values)
        self._add(gap, lambda: f"{{c}}{last.row}-{self.book.link(datum)}", Kind.LINK)
        self.checks.append(
            Check(f"Corkscrew: {section}, {name}"[:80], unit, "opening and movements are the closing balance", gap)
        )
        return first, rows, last

    def opening(self, datum: Datum) -> Cell:
        """The balance of a line before month 1, pulled in from beside its row."""
        graph = self.wiring.graphs[datum.graph]
        start = self.wiring.starts_from(graph, graph.by_key[datum.scope, datum.name], datum.instance)
        assert start is not None
        home = self.book.homes[datum]
        return Cell(self.wiring.value(start), f"{quoted(home.sheet)}!$G${home.row}", Kind.LINK)

    def quotient(self, item: Item) -> Item:
        """Add a row that is one row of this sheet over another."""
        above, below = item.parts
        return self._add(item, f"{{c}}{above.row}/{{c}}{below.row}", Kind.CALCULATION)

    def flag(self, item: Item, due: Datum, number: str) -> Item:
        """Add a row with the number of a month after history in which a figure is more than dust, else never."""
        history = Datum("market", MONTHS, "", 0, "is_history")

        def text() -> str:
            return f"IF(AND({self.book.link(due)}>DUST,{self.book.link(history)}=0),{number},NEVER_MONTH)"

        return self._add(item, text, Kind.LINK)

    def rolled(self, section: str, label: str, opening: float, parts: Sequence[Datum], net: Item) -> tuple[Item, Item]:
        """Add opening and closing rows of a balance that moves by one row of this sheet; what ``parts`` were before."""
        cells = [self.opening(datum).formula for datum in parts]
        values = opening + np.cumsum(net.values)
        before = np.concatenate([[opening], values[:-1]])
        number = self.sheet.next
        first = Item(section, f"{label}, opening", net.unit, "last month's closing", "first", before)
        self._add(first, f"{{p}}{number + 1}", Kind.CALCULATION)
        last = Item(section, f"{label}, closing", net.unit, "opening and net flow", "last", values, bold=True)
        start = Cell(opening, "+".join(map(str, cells)), Kind.LINK)
        self._add(last, f"{{c}}{number}+{{c}}{net.row}", Kind.CALCULATION, start)
        return first, last

    def balance(self, label: str, one: Item, other: Item) -> Item:
        """Add the difference between two rows of this sheet, and its check."""
        gap = Item(one.section, f"{one.label}: difference", one.unit, f"less {other.label.lower()}", "last",
                   one.values - other.values)  # fmt: skip
        self._add(gap, f"{{c}}{one.row}-{{c}}{other.row}", Kind.CALCULATION)
        self.checks.append(Check(label, one.unit, f"{one.label} less {other.label.lower()}", gap))
        return gap

    def tie(self, label: str, item: Item, datum: Datum) -> Item:
        """Add the difference between a row and the model's line, and its check."""
        values = item.values - np.asarray(self.wiring.value(datum), dtype=float)
        gap = Item(
            item.section, f"{item.label}: difference from the model", item.unit, f"less {datum.name}", "flow", values
        )
        self._add(gap, lambda: f"{{c}}{item.row}-{self.book.link(datum)}", Kind.LINK)
        self.checks.append(Check(label, item.unit, f"rows of the statement add up to {datum.name}", gap))
        return gap


def summed(rows: Sequence[int], column: str) -> str:
    """Rows of a column as the arguments of a sum, neighbours as a range."""
    found = []
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        run = [row for _, row in group]
        found.append(f"{column}{run[0]}" + (f":{column}{run[-1]}" if len(run) > 1 else ""))
    return ",".join(found)


class Periods:
    """Years and quarters of a run: the columns of the sheets by period."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.year_keys = np.unique(calendar.years)
        self.quarter_keys = np.unique(calendar.quarters)
        self.first_quarter = CONSTANT + len(self.year_keys)

    @property
    def columns(self) -> int:
        """Number of columns in use."""
        return self.first_quarter + len(self.quarter_keys)

    @property
    def ends(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """First and last columns of years, and of quarters."""
        return (CONSTANT, self.first_quarter - 1), (self.first_quarter, self.columns - 1)

    def over(self) -> dict[int, Cell]:
        """Years and ends of quarters over the columns; each follows from the one before."""
        calendar = self.calendar
        start = f"{TIMELINE}!$H$"
        found = {}
        for place, year in enumerate(self.year_keys):
            text = "{p}$" + f"{DATE_ROW}+1" if place else f"{start}{calendar.year}"
            found[CONSTANT + place] = Cell(float(year), text, Kind.LINK, unit="year")
        for place, quarter in enumerate(self.quarter_keys):
            after = f"DATE(YEAR({{p}}${DATE_ROW}),MONTH({{p}}${DATE_ROW})+STEPS_PER_QUARTER+1,1)-1"
            text = after if place else f"{start}{calendar.quarter}"
            found[self.first_quarter + place] = Cell(float(quarter), text, Kind.LINK, unit="date")
        return found

    def cells(self, item: Item, rows: dict[int, int], span: str) -> dict[int, Cell]:
        """The cells of a row on a sheet by period; ``rows`` says where rows by month stand there."""
        return {
            column: Cell(value, text, kind, unit=item.look)
            for column, value, text, kind in (
                *self._block(item, rows, span, CONSTANT, self.year_keys, self.calendar.by_year),
                *self._block(item, rows, span, self.first_quarter, self.quarter_keys, self.calendar.by_quarter),
            )
        }

    def _block(
        self, item: Item, rows: dict[int, int], span: str, left: int, keys: Array, by: tuple[int, int, int]
    ) -> list[tuple[int, float, str, Kind]]:
        found = []
        periods = self.calendar.years if left == CONSTANT else self.calendar.quarters
        whole, last, first = (f"{TIMELINE}!{span_of(row, self.calendar.months)}" for row in by)
        for place, key in enumerate(keys):
            inside = item.values[periods == key]
            here = all(part.row in rows for part in item.parts)
            match item.how if here else "flow":
                case "flow":
                    value, text, kind = inside.sum(), f"SUMIF({whole},{{c}}${DATE_ROW},{span})", Kind.LINK
                case "last":
                    value, text, kind = inside[-1], f"SUMIF({last},{{c}}${DATE_ROW},{span})", Kind.LINK
                case "first":
                    value, text, kind = inside[0], f"SUMIF({first},{{c}}${DATE_ROW},{span})", Kind.LINK
                case "mean":
                    value, kind = inside.mean(), Kind.LINK
                    text = f"SUMIF({whole},{{c}}${DATE_ROW},{span})/COUNTIF({whole},{{c}}${DATE_ROW})"
                case "sum":
                    value, kind = inside.sum(), Kind.CALCULATION
                    text = f"SUM({summed([rows[part.row] for part in item.parts], '{c}')})" if item.parts else "0"
                case "per":
                    above, below = item.parts
                    top, under = (_seen(part, part.values[periods == key]) for part in (above, below))
                    value, kind = top / under if under else 0.0, Kind.CALCULATION
                    one, other = f"{{c}}{rows[above.row]}", f"{{c}}{rows[below.row]}"
                    text = f"IF({other}=0,0,{one}/{other})"
            found.append((left + place, float(value), text, kind))
        return found


def _seen(item: Item, inside: Array) -> float:
    return float(inside.sum() if item.how in ("flow", "sum") else inside.mean() if item.how == "mean" else inside[-1])


def span_of(row: int, months: int) -> str:
    """The months of a row as a range."""
    return f"${month_column(0)}${row}:${month_column(months - 1)}${row}"


PAPER = ("", "", "Unit", "")
"""Headings of a sheet made for paper: section and source stand on the sheet by month."""


def lay_out_periods(monthly: Monthly, periods: Periods, name: str, title: str, blocks: Sequence[Block]) -> Sheet:
    """Add a sheet by year and quarter of rows that stand by month."""
    lead = (
        "Years, then quarters; the first and the last may be parts. Flows are added up, balances are the period's last"
    )
    headings = PAPER + ("",) * (periods.columns - CONSTANT)
    book = monthly.book
    sheet = book.sheet(Sheet(name, title, lead, monthly=False, headings=headings, over=periods.over(), paged=True))
    rows: dict[int, int] = {}
    for block in blocks:
        if not block.items:
            continue
        sheet.folding = block.folded
        sheet.head(block.title)
        for item in block.items:
            span = f"{quoted(BY_MONTH)}!{span_of(item.row, book.months)}"
            row = Row(item.section, item.label, item.unit, item.note, bold=item.bold)
            rows[item.row] = sheet.next
            row.extra = periods.cells(item, rows, span)
            sheet.add(row)
    sheet.folding = None
    sums = [item for block in blocks for item in block.items if item.how == "sum" and item.parts[0].row in rows]
    if sums:
        sheet.head("Sums of years, and of quarters, less sums of months")
    for item in sums:
        row = Row("check", item.label, item.unit, "")
        months = f"{quoted(BY_MONTH)}!{span_of(item.row, book.months)}"
        number, here = sheet.next, rows[item.row]
        found = sheet.rows[here]
        assert isinstance(found, Row)
        for place, (left, right) in enumerate(periods.ends):
            values = [found.extra[column].value for column in range(left, right + 1)]
            gap = abs(sum(values) - float(item.values.sum()))
            span = f"${xl_col_to_name(left)}{here}:${xl_col_to_name(right)}{here}"
            row.extra[CONSTANT + place] = Cell(gap, f"ABS(SUM({span})-SUM({months}))", Kind.LINK)
            said = f"{'Years' if not place else 'Quarters'} add up to months: {item.label.lower()}"
            cell = f"{quoted(name)}!${xl_col_to_name(CONSTANT + place)}${number}"
            monthly.checks.append(Check(said, item.unit, "by year or quarter less by month", None, gap, cell))
        sheet.add(row)
    return sheet
