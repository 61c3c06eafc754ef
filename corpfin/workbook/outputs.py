"""The Outputs sheet: a line's name in the first column, its months beside it, for sheets of the reader's own.

Rows of the calculation sheets move when a company gets another note; what looks a line up by its name does not care.
"""

from __future__ import annotations

from functools import partial

from corpfin.runs.readings import FLOWS, LEVELS
from corpfin.workbook.book import FIRST_MONTH, Book, Cell, Kind, Row, Sheet
from corpfin.workbook.calculations import opening_link
from corpfin.workbook.settings import Settings
from corpfin.workbook.wiring import Wiring

OUTPUTS = "Outputs"
HEADINGS = ("Line", *Sheet.headings[1:])
LEAD = (
    "For sheets of your own: INDEX(Outputs!$A:$BZ,MATCH(name of the line,Outputs!$A:$A,0),MATCH(month end,"
    "Outputs!$3:$3,0)) reads the same line after every refresh"
)


def lay_out_outputs(book: Book, wiring: Wiring, settings: Settings) -> None:
    """Add the sheet: the lines of the chosen rooms that stand once, then those chosen of every instance of a block."""
    sheet = book.sheet(Sheet(OUTPUTS, "Outputs by the name of their line", LEAD, headings=HEADINGS))
    chosen = settings.outputs
    once = [
        line.name
        for graph in wiring.graphs.values()
        for line in graph.lines
        if line.module in chosen.rooms and not line.scope and line.kind != "opening"
    ]
    sheet.head("Market and company")
    for name in dict.fromkeys((*chosen.lines, *settings.headline, *FLOWS, *LEVELS, *once)):
        _link(book, wiring, sheet, name, name)
    sheet.head("Every fleet, project and debt")
    for name in chosen.each:
        for id, datum in wiring.rows(name, spare=True):
            _link(book, wiring, sheet, f"{datum.scope}.{id}.{name}", name, id)


def _link(book: Book, wiring: Wiring, sheet: Sheet, shown: str, name: str, id: str = "") -> None:
    """A row that links to a line."""
    datum = dict(wiring.rows(name, spare=True))[id]
    label, unit = wiring.describe(datum)
    if datum not in book.homes:
        fixed = wiring.facts.plain_text(datum)
        row = Row(shown, label, unit, "does not apply to this company")
        row.months = Cell(wiring.value(datum), fixed, unit=wiring.look(datum))
        sheet.add(row)
        return
    row = Row(shown, label, unit, f"from {book.homes[datum].sheet}")
    row.months = Cell(wiring.value(datum), partial(book.link, datum), Kind.LINK, unit=wiring.look(datum))
    row.opening = opening_link(book, wiring, datum)
    sheet.show(datum, sheet.add(row), FIRST_MONTH)
