"""What a book of companies run together does not work out itself: lines of another run, brought in as given rows.

In the sector's book these are the lines of each company that are added up, in a company's book those of the sector that
it meets. Each of the others has a sheet. No formula reaches into another file: a link that is broken, or not brought
up to date, would go on showing what it last held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from corpfin.engine import Graph, Line, Ref, Values
from corpfin.workbook.book import FIRST_MONTH, OPENING, Book, Cell, Datum, Kind, Row, Sheet
from corpfin.workbook.settings import Settings
from corpfin.workbook.wiring import MONTHS, OPENS, Run, Shown, Wiring


def brought_sheet(name: str) -> str:
    """The sheet of what is brought in from a run.

    >>> brought_sheet("MARA")
    'From MARA'
    """
    return f"From {name}"


class TogetherWiring(Wiring):
    """The graphs that a book works out, and ``brought`` the runs it takes lines from, by name."""

    ran = "among others"

    def __init__(
        self, run: Run, shown: Sequence[Shown], brought: Mapping[str, Values], as_of: date, settings: Settings
    ) -> None:
        super().__init__(run, shown, as_of, settings)
        self.brought = dict(brought)

    def reads(self, graph: Graph, line: Line, instance: int) -> Iterator[tuple[Datum, int]]:
        """As ever; a total over companies reads a line of each."""
        if not graph.adds_members(line):
            yield from super().reads(graph, line, instance)
            return
        shape = OPENS if line.summed.kind == "opening" else MONTHS
        for name in self.brought:
            yield Datum(name, shape, "", 0, line.summed.name), 0

    def figure(self, graph: Graph, ref: Ref, instance: int) -> tuple[Datum, int]:
        """The figure behind a reference, and 1 when it is last month's."""
        if ref.graph in self.graphs:
            return super().figure(graph, ref, instance)
        return Datum(ref.graph, MONTHS, "", 0, ref.name), int(ref.kind == "prior")

    def sheet_of(self, datum: Datum) -> str:
        """The sheet a figure is at home on."""
        return brought_sheet(datum.graph) if datum.graph in self.brought else super().sheet_of(datum)

    def value(self, datum: Datum) -> Any:
        """The engine's figure: months as an array, else a number."""
        if datum.graph not in self.brought:
            return super().value(datum)
        values = self.brought[datum.graph]
        return values[datum.name] if datum.shape == MONTHS else float(np.asarray(values.openings[datum.name]))

    def graph_of(self, datum: Datum) -> Graph:
        """The graph a figure belongs to."""
        brought = self.brought.get(datum.graph)
        return brought.graph if brought else super().graph_of(datum)

    def before_row(self, datum: Datum) -> Datum | None:
        """The figure that stands before the months of a row, if there is one."""
        if datum.graph not in self.brought:
            return super().before_row(datum)
        graph = self.brought[datum.graph].graph
        name = graph.opening_name(datum.name)
        return datum._replace(shape=OPENS, name=name) if graph.knows_opening("", name) else None

    def brought_in(self) -> dict[str, list[Datum]]:
        """What is read of each of the others, rows of months first."""
        wanted = dict.fromkeys(
            datum
            for graph in self.graphs.values()
            for line in (*graph.lines, *graph.openings)
            for k in range(self.count(graph, line.scope))
            for datum, _ in self.reads(graph, line, k)
            if datum.graph in self.brought
        )
        return {
            name: sorted((datum for datum in wanted if datum.graph == name), key=lambda datum: datum.shape != MONTHS)
            for name in self.brought
        }


def lay_out_brought(book: Book, wiring: TogetherWiring, leads: Mapping[str, str]) -> None:
    """Add a sheet for each of the others, with what it says of itself in ``leads``."""
    for name, data in wiring.brought_in().items():
        sheet = book.sheet(Sheet(brought_sheet(name), f"From {name}", leads[name]))
        sheet.head("Central path, as given")
        for datum in data:
            if datum in book.homes:
                continue
            label, unit = wiring.describe(datum)
            row, number = Row(name, label, unit, datum.name), sheet.next
            before = datum if datum.shape == OPENS else wiring.before_row(datum)
            if datum.shape == MONTHS:
                row.months = Cell(wiring.value(datum), kind=Kind.GIVEN)
                book.settle(sheet, datum, number, FIRST_MONTH)
            if before is not None:
                row.opening = Cell(wiring.value(before), kind=Kind.GIVEN)
                book.settle(sheet, before, number, OPENING)
            sheet.add(row)
