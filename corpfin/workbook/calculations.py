"""The sheets of the model's lines, laid out from the graphs: links first, then instance by instance, then totals.

A formula reads only its own sheet: what comes from another one is pulled in once, as a green link, at the head of the
sheet or of the instance it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from corpfin.engine import Graph, Line
from corpfin.engine.formulas import formula, total
from corpfin.workbook.book import (
    CONSTANT,
    FIRST_MONTH,
    MONTHS,
    ONE,
    OPENING,
    OPENS,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
    quoted,
)
from corpfin.workbook.inputs_sheet import TOLERANCE
from corpfin.workbook.periods import BY_MONTH, Check
from corpfin.workbook.settings import Settings, SheetSettings
from corpfin.workbook.wiring import Wiring

CHECK, CHECKED = "check_", "check"
CHECK_HEADINGS = ("Section", "Label", "Unit", "Source or note", "Tolerance", "Worst month", "Fails")


@dataclass(frozen=True)
class Room:
    """One room of the model: its lines and totals in order, and opening lines that have no row of their own."""

    graph: Graph
    name: str
    scope: str
    lines: tuple[Line, ...]
    openings: tuple[Line, ...]

    @property
    def totals(self) -> tuple[Line, ...]:
        """The rows that add up the block."""
        return tuple(line for line in (*self.openings, *self.lines) if line.function is None)

    def applies(self, wiring: Wiring) -> bool:
        """Whether any of its rows is there."""
        return any(
            wiring.applies(wiring.datum(self.graph, line, k))
            for line in (*self.openings, *self.lines)
            for k in range(wiring.count(self.graph, line.scope))
        )

    @property
    def title(self) -> str:
        """What the room is about: the first sentence of its module."""
        function = next((line.function for line in self.lines if line.function), None)
        doc = function.__globals__.get("__doc__") if function else None
        return (doc or f"Totals over each {self.name}").strip().partition("\n")[0].rstrip(".")


def lay_out_calculations(book: Book, wiring: Wiring, settings: Settings, summed: frozenset[str]) -> None:
    """Add the sheets of lines; ``summed`` names the lines whose months are added up in the total column."""
    rooms = {room.name: room for graph in wiring.graphs.values() for room in _rooms(wiring, graph)}
    named = {room for sheet in settings.sheets for room in sheet.rooms}
    extra = [SheetSettings(name.capitalize(), rooms[name].title, (name,)) for name in rooms if name not in named]
    for sheet in (*settings.sheets, *extra):
        found = [rooms[name] for name in sheet.rooms if name in rooms and rooms[name].applies(wiring)]
        if found:
            _Layout(book, wiring, sheet, found, summed).lay_out()


def _rooms(wiring: Wiring, graph: Graph) -> Iterator[Room]:
    names = dict.fromkeys(line.module for line in (*graph.lines, *graph.openings))
    for name in names:
        lines = tuple(line for line in graph.lines if line.module == name)
        openings = tuple(line for line in graph.openings if line.module == name and wiring.partner(graph, line) is None)
        scope = next((line.scope for line in lines if line.scope), "")
        yield Room(graph, name, scope, lines, openings)


class _Layout:
    """One sheet being laid out."""

    def __init__(
        self, book: Book, wiring: Wiring, settings: SheetSettings, rooms: Sequence[Room], summed: frozenset[str]
    ) -> None:
        checks = any(line.name.startswith(CHECK) for room in rooms for line in room.lines)
        lead = "; ".join(dict.fromkeys(room.title for room in rooms))
        headings = CHECK_HEADINGS if checks else Sheet.headings
        self.sheet = book.sheet(Sheet(settings.name, settings.title, lead, headings=headings))
        self.book, self.wiring, self.rooms, self.summed = book, wiring, rooms, summed

    def lay_out(self) -> None:
        shared = [room for room in self.rooms if not room.scope]
        of_blocks = [room for room in self.rooms if room.scope]
        needs = [
            *(need for room in shared for need in self.needs(room, (*room.openings, *room.lines), 0)),
            *(need for room in of_blocks for k in range(self.wiring.count(room.graph, room.scope))
              for need in self.needs(room, self.own(room), k) if not need.scope),
        ]  # fmt: skip
        self.links("links", "Links: from other sheets", needs)
        for scope, group in groupby(self.rooms, key=lambda room: room.scope):
            rooms = list(group)
            if scope:
                self.block(rooms)
            else:
                for room in rooms:
                    self.room(room.title, room, (*room.openings, *room.lines), 0, room.name)

    def own(self, room: Room) -> tuple[Line, ...]:
        """The rows of a block's instance: totals stand apart."""
        return tuple(line for line in (*room.openings, *room.lines) if line.scope)

    def needs(self, room: Room, lines: Iterable[Line], instance: int) -> Iterator[Datum]:
        """Every figure the lines read that is at home on another sheet."""
        for line in self.there(room, lines, instance):
            for datum, _ in self.wiring.reads(room.graph, line, instance):
                yield from self.foreign(datum)
            name = self.wiring.opening_of(room.graph, line) if line.kind != "opening" else None
            if name is not None:
                before = self.wiring.before(room.graph, line.scope, instance, name)
                opening = room.graph.opening_by_key.get((line.scope, name))
                if opening is None:
                    yield from self.foreign(before)
                else:
                    for datum, _ in self.wiring.reads(room.graph, opening, instance):
                        yield from self.foreign(datum)

    def there(self, room: Room, lines: Iterable[Line], instance: int) -> Iterator[Line]:
        """The lines that have a row."""
        return (line for line in lines if self.wiring.applies(self.wiring.datum(room.graph, line, instance)))

    def foreign(self, datum: Datum) -> Iterator[Datum]:
        if self.wiring.sheet_of(datum) != self.sheet.name:
            yield datum

    def block(self, rooms: Sequence[Room]) -> None:
        """The instances of a block, each with its terms and its lines, then the totals."""
        graph, scope = rooms[0].graph, rooms[0].scope
        shared = graph.opening_constants  # stand with the first instance that has their row
        for k, name in enumerate(self.wiring.ids(graph, scope)):
            section = f"{scope} {name}"
            folded = self.wiring.folded(scope, name)
            if folded is not None:
                self.sheet.head(f"{section}: spare, filled in on Inputs")
            self.sheet.folding = folded
            terms = [
                need for room in rooms
                for need in self.needs(room, (*self.own(room), *room.totals), k)
                if need.scope == scope and (need.instance == k or (scope, need.name) in shared)
            ]  # fmt: skip
            self.links(section, f"{section}: terms", terms)
            for room in rooms:
                self.room(f"{section}: {room.title}", room, self.own(room), k, section)
            self.sheet.folding = None
        totals = [(room, tuple(self.there(room, room.totals, 0))) for room in rooms]
        if any(lines for _, lines in totals):
            self.sheet.head(f"Totals over each {scope}")
        for room, lines in totals:
            self.lines(room, lines, 0, f"all {scope}")

    def room(self, title: str, room: Room, lines: Sequence[Line], instance: int, section: str) -> None:
        """A heading and the lines below it that are there."""
        there = tuple(self.there(room, lines, instance))
        if there:
            self.sheet.head(title)
            self.lines(room, there, instance, section)

    def links(self, section: str, title: str, needs: Iterable[Datum]) -> None:
        """Rows that pull figures in, constants first."""
        wanted = [datum for datum in dict.fromkeys(needs) if datum not in self.sheet.shown]
        if wanted:
            self.sheet.head(title)
        for datum in sorted(wanted, key=lambda datum: (ONE, OPENS, MONTHS).index(datum.shape)):
            label, unit = self.wiring.describe(datum)
            look = self.wiring.look(datum)
            cell = Cell(self.wiring.value(datum), partial(self.book.link, datum), Kind.LINK, unit=look)
            row = Row(section, label, unit, f"{datum.name}, from {self.wiring.sheet_of(datum)}", grouped=True)
            column = {ONE: CONSTANT, OPENS: OPENING, MONTHS: FIRST_MONTH}[datum.shape]
            if datum.shape == ONE:
                row.constant = cell
            elif datum.shape == OPENS:
                row.opening = cell
            else:
                row.months, row.opening = cell, opening_link(self.book, self.wiring, datum)
            self.sheet.show(datum, self.sheet.add(row), column)

    def lines(self, room: Room, lines: Iterable[Line], instance: int, section: str) -> None:
        heading = ""
        for line in lines:
            if line.section and line.section != heading:
                heading = line.section
                self.sheet.head(heading, minor=True)
            number = self.sheet.next
            note = f"{line.name} = {line.formula}" + (f". {line.prose}" if line.prose else "")
            row = Row(section, line.label, line.unit, note)
            if line.kind == "opening":
                row.opening = self.opening_cell(room.graph, line, instance)
                datum = Datum(room.graph.name, OPENS, line.scope, instance, line.name)
                self.book.settle(self.sheet, datum, self.sheet.add(row), OPENING)
                continue
            datum = Datum(room.graph.name, MONTHS, line.scope, instance, line.name)
            row.months = self.month_cell(room.graph, line, instance, datum)
            name = self.wiring.opening_of(room.graph, line)
            if line.name.startswith(CHECK):
                row.section = CHECKED
                self.check(row, number)
            elif name is not None:
                row.opening = self.before(room.graph, line, instance, name, number)
            if (line.name if not line.scope else f"total_{line.scope}_{line.name}") in self.summed:
                values = self.wiring.value(datum)
                row.total = Cell(float(np.sum(values)), f"SUM({self.book.months_of(number)})")
            self.book.settle(self.sheet, datum, self.sheet.add(row), FIRST_MONTH)

    def month_cell(self, graph: Graph, line: Line, instance: int, datum: Datum) -> Cell:
        return Cell(self.wiring.value(datum), partial(self.text, graph, line, instance), unit=self.wiring.look(datum))

    def opening_cell(self, graph: Graph, line: Line, instance: int) -> Cell:
        datum = Datum(graph.name, OPENS, line.scope, instance, line.name)
        return Cell(self.wiring.value(datum), partial(self.text, graph, line, instance), unit=self.wiring.look(datum))

    def before(self, graph: Graph, line: Line, instance: int, name: str, number: int) -> Cell:
        """The opening cell of a line: its opening line's formula, or the input or constant it starts from."""
        opening = graph.opening_by_key.get((line.scope, name))
        datum = self.wiring.before(graph, line.scope, instance, name)
        if opening is not None:
            self.book.settle(self.sheet, datum, number, OPENING)
            return self.opening_cell(graph, opening, instance)
        look = self.wiring.look(datum)
        return Cell(self.wiring.value(datum), partial(self.book.reference, self.sheet, datum), unit=look)

    def check(self, row: Row, number: int) -> None:
        """Tolerance, worst month and flag of a check."""
        assert row.months is not None
        worst = float(np.max(np.abs(row.months.value)))
        months = self.book.months_of(number)
        tolerance = float(self.wiring.tolerance)
        row.constant = Cell(tolerance, TOLERANCE)
        row.total = Cell(worst, f"MAX(MAX({months}),0-MIN({months}))")
        row.opening = Cell(float(worst > tolerance), f"IF($F{number}>$E{number},1,0)", unit="flag")

    def text(self, graph: Graph, line: Line, instance: int) -> str:
        """The formula of a line in the cells of this sheet."""
        left = self.wiring.facts.reduced[self.wiring.datum(graph, line, instance)]
        reads = self.wiring.facts.reads(self.wiring.datum(graph, line, instance))
        cells = {name: self.book.reference(self.sheet, *read) for name, read in reads}
        return formula(left.node, cells) if line.expression else total(left.node, cells)


def opening_link(book: Book, wiring: Wiring, datum: Datum) -> Cell | None:
    """The opening cell beside a linked row, so that last month's value of month 1 stands to its left."""
    before = wiring.before_row(datum)
    if before is None:
        return None
    return Cell(wiring.value(before), partial(book.link, datum), Kind.LINK, unit=wiring.look(datum))


def lay_out_checks(book: Book, wiring: Wiring, settings: Settings, checks: Iterable[Check]) -> None:
    """Add the checks of the presentation sheets below those of the model, and the master check: how many fail."""
    sheet = next(sheet for sheet in book.sheets.values() if sheet.headings == CHECK_HEADINGS)
    tolerance = float(wiring.tolerance)
    sheet.head("Statements, corkscrews, sources and uses")
    for check in checks:
        number = sheet.next
        row = Row(CHECKED, check.label, check.unit, check.note, constant=Cell(tolerance, TOLERANCE))
        if check.item is None:
            worst = abs(check.value)
            row.total = Cell(worst, check.formula, Kind.LINK)
        else:
            worst = float(np.max(np.abs(check.item.values)))
            months = book.months_of(number)
            row.months = Cell(check.item.values, f"{quoted(BY_MONTH)}!{{c}}{check.item.row}", Kind.LINK)
            row.total = Cell(worst, f"MAX(MAX({months}),0-MIN({months}))")
        row.opening = Cell(float(worst > tolerance), f"IF($F{number}>$E{number},1,0)", unit="flag")
        sheet.add(row)
    rows = {number: row for number, row in sheet.rows.items() if isinstance(row, Row) and row.section == CHECKED}
    flags = [row.opening.value for row in rows.values() if row.opening]
    sheet.head("Master check")
    row = Row("master", "Checks that fail", "count", "0 when every check holds in every month")
    row.opening = Cell(float(sum(flags)), f"SUM($G${min(rows)}:$G${max(rows)})")
    book.master = f"{quoted(sheet.name)}!$G${sheet.add(row)}"
