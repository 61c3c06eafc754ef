"""The bridge of cash by source and use, and sources and uses over the horizon, of the company and of each project."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpfin.workbook.accounts import terms
from corpfin.workbook.book import CONSTANT, MONTHS, Book, Cell, Datum, Kind, Row, Sheet, quoted
from corpfin.workbook.periods import (
    BY_MONTH,
    PAPER,
    Block,
    Check,
    Item,
    Monthly,
    Periods,
    lay_out_periods,
    span_of,
    summed,
)
from corpfin.workbook.statements import Flows
from corpfin.workbook.wiring import Wiring

BRIDGE, SOURCES_AND_USES = "Cash bridge", "Sources and uses"
CASH = ("cash", "total_hpc_ring_cash")
"""Cash of the parent, and that of the projects."""


def lay_out_bridge(book: Book, wiring: Wiring, monthly: Monthly, periods: Periods, flows: Flows) -> tuple[Item, Item]:
    """Add the bridge from opening to closing cash; returns the two."""
    section = "cash bridge"
    monthly.head("Bridge of cash, the projects' included")
    parts = [datum for datum in map(wiring.row, CASH) if datum in book.homes]
    held = [monthly.link(section, datum, how="last") for datum in parts]
    opening = sum(float(monthly.opening(datum).value) for datum in parts)
    first, last = monthly.rolled(section, "Cash", opening, parts, flows.net)
    closing = monthly.total(section, "Cash held", held, how="last")
    monthly.balance("Statements: cash flow to cash", last, closing)
    inflows, outflows = split(flows)
    blocks = (
        Block("Opening", (first,)),
        Block("Sources", inflows),
        Block("Uses", outflows),
        Block("Closing", (flows.net, last, *held)),
    )
    lay_out_periods(monthly, periods, BRIDGE, "From opening to closing cash, by source and use", blocks)
    return first, last


def split(flows: Flows) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What brings cash and what takes it."""
    rows = {1: [], -1: []}  # type: dict[int, list[Item]]
    for term, item in flows.moves:
        rows[term.sign].append(item)
    return tuple(rows[1]), tuple(rows[-1])


def lay_out_sources_and_uses(
    book: Book, wiring: Wiring, monthly: Monthly, flows: Flows, ends: tuple[Item, Item]
) -> None:
    """Add what the company and each project raise and spend over the months of the book."""
    lead = f"Over all months of the book, {wiring.projection.labels[0]} to {wiring.projection.labels[-1]}"
    headings = (*PAPER, "Sources", "Uses")
    sheet = book.sheet(Sheet(SOURCES_AND_USES, "Sources and uses", lead, monthly=False, headings=headings, paged=True))
    made = _Table(book, sheet, monthly)
    inflows, outflows = split(flows)
    by_month = quoted(BY_MONTH)
    rows = [("Opening cash", float(ends[0].values[0]), f"{by_month}!$H${ends[0].row}", 1)]
    for sign, items in ((1, inflows), (-1, outflows)):
        rows += [
            (item.label, float(item.values.sum()), f"SUM({by_month}!{span_of(item.row, book.months)})", sign)
            for item in items
        ]
    letters = book.months_of(ends[1].row).partition(":")[2]
    rows.append(("Closing cash", -float(ends[1].values[-1]), f"0-{by_month}!{letters}", -1))
    made.table("company", "The company, its projects consolidated", rows)
    graph = wiring.graphs["company"]
    for k, id in enumerate(wiring.ids(graph, "hpc")):
        sheet.folding = wiring.folded("hpc", id)
        made.project(wiring, k, id)
    sheet.folding = None


class _Table:
    def __init__(self, book: Book, sheet: Sheet, monthly: Monthly) -> None:
        self.book, self.sheet, self.monthly = book, sheet, monthly

    def table(self, section: str, title: str, rows: Sequence[tuple[str, float, str, int]]) -> None:
        """Rows of label, amount with its sign in cash, formula, and +1 for a source or -1 for a use."""
        self.sheet.head(title)
        numbers = []
        for label, value, text, sign in rows:
            row = Row(section, label, "USD m", "")
            shown = text if sign > 0 else text.removeprefix("0-") if text.startswith("0-") else f"0-{text}"
            row.extra = {CONSTANT if sign > 0 else CONSTANT + 1: Cell(sign * value, shown, Kind.LINK)}
            numbers.append(self.sheet.add(row))
        total = Row(section, "Total", "USD m", "sources are uses", bold=True)
        sums = [sum(sign * value for _, value, _, sign in rows if sign == each) for each in (1, -1)]
        for place, value in enumerate(sums):
            total.extra[CONSTANT + place] = Cell(value, f"SUM({summed(numbers, '{c}')})")
        number = self.sheet.add(total)
        worst = Row(section, "Difference", "USD m", "")
        worst.extra[CONSTANT] = Cell(abs(sums[0] - sums[1]), f"ABS($E${number}-$F${number})")
        where = f"{quoted(SOURCES_AND_USES)}!$E${self.sheet.add(worst)}"
        label = f"Sources are uses: {section}"
        self.monthly.checks.append(Check(label, "USD m", "over all months", None, abs(sums[0] - sums[1]), where))

    def project(self, wiring: Wiring, k: int, id: str) -> None:
        """The cash of one ring: everything that came into it and left it."""
        closing = Datum("company", MONTHS, "hpc", k, "ring_cash")
        before = closing._replace(name="ring_cash_before_loss")
        if before not in self.book.homes:
            return
        rows: list[tuple[str, float, str, int]] = []
        opening = self.monthly.opening(closing)
        assert isinstance(opening.formula, str)
        rows.append(("Opening cash", float(opening.value), opening.formula, 1))
        moves = [term for term in terms(wiring, before, ("ring_available",)) if not term.lag]
        lost = closing._replace(name="lost_cash")
        found = [(term.sign, term.datum) for term in moves] + ([(-1, lost)] if lost in self.book.homes else [])
        for sign, datum in sorted(found, key=lambda pair: -pair[0]):
            home = self.book.homes[datum]
            span = f"{quoted(home.sheet)}!{span_of(home.row, self.book.months)}"
            value = float(np.sum(wiring.value(datum)))
            rows.append(
                (wiring.describe(datum)[0], sign * value, f"SUM({span})" if sign > 0 else f"0-SUM({span})", sign)
            )
        home = self.book.homes[closing]
        letters = self.book.months_of(home.row).partition(":")[2]
        last = float(np.asarray(wiring.value(closing))[-1])
        rows.append(("Closing cash", -last, f"0-{quoted(home.sheet)}!{letters}", -1))
        self.table(f"project {id}", f"Project {id}", rows)
