"""Debt as a lender reads it: one corkscrew a note and a project loan, and two ladders, by contract and as rolled."""

from __future__ import annotations

from functools import partial

import numpy as np

from corpfin.workbook.accounts import terms
from corpfin.workbook.book import (
    CONSTANT,
    DATE_ROW,
    MONTHS,
    ONE,
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
from corpfin.workbook.periods import BY_MONTH, Block, Item, Monthly, Periods, lay_out_periods, span_of
from corpfin.workbook.wiring import Wiring

DEBT_SCHEDULE = "Debt schedule"
THROUGH = ("balance_before_call", "brought_forward")


def lay_out_debt(book: Book, wiring: Wiring, monthly: Monthly, periods: Periods) -> None:
    """Add the corkscrews by month, and the sheet by year and quarter with its ladders."""
    made = _Debt(book, wiring, monthly)
    blocks = [*made.notes(), *made.loans()]
    if not blocks:
        return
    sheet = lay_out_periods(monthly, periods, DEBT_SCHEDULE, "Corkscrews and ladders of debt", blocks)
    made.ladder(sheet, periods)


class _Debt:
    def __init__(self, book: Book, wiring: Wiring, monthly: Monthly) -> None:
        self.book, self.wiring, self.monthly = book, wiring, monthly
        self.graph = wiring.graphs["company"]
        self.left: dict[int, list[Item]] = {}

    def datum(self, scope: str, k: int, name: str) -> Datum:
        return Datum("company", MONTHS, scope, k, name)

    def notes(self) -> list[Block]:
        """A corkscrew for each instrument, and for the pool of notes sold later."""
        found = []
        names = [(self.datum("debt", k, "balance"), id) for k, id in enumerate(self.wiring.ids(self.graph, "debt"))]
        pool = self.datum("", 0, "notes_balance")
        for datum, id in (*names, (pool, "new notes")):
            if datum not in self.book.homes:
                continue
            moves = [(term.sign, term.datum) for term in terms(self.wiring, datum, THROUGH) if not term.lag]
            found.append(self.corkscrew(datum, id, moves, "cash_interest" if datum.scope else "notes_interest"))
        return found

    def loans(self) -> list[Block]:
        """A corkscrew for each ring-fenced loan, before a loss of the project."""
        found = []
        for k, id in enumerate(self.wiring.ids(self.graph, "hpc")):
            datum = self.datum("hpc", k, "loan_balance")
            before = self.datum("hpc", k, "loan_before_loss")
            if datum in self.book.homes and before in self.book.homes:
                moves = [(term.sign, term.datum) for term in terms(self.wiring, before) if not term.lag]
                found.append(self.corkscrew(datum, f"{id}, project loan", moves, "loan_interest_paid", before))
        return found

    def corkscrew(
        self, datum: Datum, id: str, moves: list[tuple[int, Datum]], interest: str, before: Datum | None = None
    ) -> Block:
        monthly, table = self.monthly, datum.scope
        folded = self.wiring.folded(table, self.wiring.ids(self.graph, table)[datum.instance]) if table else None
        monthly.sheet.folding = folded
        monthly.head(f"Debt: {id}")
        first, rows, last = monthly.corkscrew(id, datum, moves, monthly.opening(datum), before)
        paid = datum._replace(name=interest)
        also = [monthly.link(id, paid)] if paid in self.book.homes else []
        monthly.sheet.folding = None
        if datum.scope == "debt":
            self.left[datum.instance] = [row for (sign, _), row in zip(moves, rows, strict=True) if sign < 0]
        return Block(id, (first, *rows, last, *also), folded)

    def ladder(self, sheet: Sheet, periods: Periods) -> None:
        """Principal by year: by contract, and as it is repaid, converted or settled in the model."""
        ids = self.wiring.ids(self.graph, "debt")
        contract, rolled = [], []
        for k, id in enumerate(ids):
            if k in self.left:
                contract.append((id, k))
                rolled.append((id, k))
        if not contract:
            return
        years = periods.year_keys
        sheet.head("Ladder by contract: on maturity, or on the first date on which holders may ask")
        for id, k in contract:
            sheet.folding = self.wiring.folded("debt", id)
            row = Row("ladder", id, "USD m", "instalments as they fall due")
            for place, year in enumerate(years):
                text = partial(self.due, k, periods)
                row.extra[CONSTANT + place] = Cell(self.due_value(k, float(year), periods), text, Kind.LINK)
            sheet.add(row)
        sheet.folding = None
        sheet.head("Ladder as rolled: what is repaid, converted or settled in the model")
        for id, k in rolled:
            sheet.folding = self.wiring.folded("debt", id)
            row = Row("ladder", id, "USD m", "")
            for place, year in enumerate(years):
                inside = periods.calendar.years == year
                value = -sum(float(item.values[inside].sum()) for item in self.left[k])
                row.extra[CONSTANT + place] = Cell(value, partial(self.settled, k, periods), Kind.LINK)
            sheet.add(row)
        sheet.folding = None

    def settled(self, k: int, periods: Periods) -> str:
        """What left an instrument in the year over the column."""
        years = f"{TIMELINE}!{span_of(periods.calendar.year, self.book.months)}"
        parts = [
            f"SUMIF({years},{{c}}${DATE_ROW},{quoted(BY_MONTH)}!{span_of(item.row, self.book.months)})"
            for item in self.left[k]
        ]
        return f"0-({'+'.join(parts) or '0'})"

    def first_demand(self, k: int) -> list[Datum]:
        """Maturity and put dates, as far as the instrument has them."""
        found = [Datum("company", ONE, "debt", k, name) for name in ("maturity_month", "put_month")]
        return [datum for datum in found if datum in self.book.homes]

    def flags(self, k: int) -> list[Datum]:
        found = [Datum("company", ONE, "debt", k, name) for name in ("straight_line", "annuity")]
        return [datum for datum in found if datum in self.book.homes]

    def due(self, k: int, periods: Periods) -> str:
        """The formula of one note in one year: instalments as billed, a bullet whole in its year."""
        calendar = periods.calendar
        dates = [self.book.link(datum) for datum in self.first_demand(k)]
        month = f"MIN({','.join(dates)})" if dates else "NEVER_MONTH"
        years = f"{TIMELINE}!{span_of(calendar.year, self.book.months)}"
        ends = f"MIN({month},{self.horizon(periods)})"
        year = f"INDEX({years},1,MAX(1,{ends}))"
        home = self.book.homes[self.datum("debt", k, "balance")]
        principal = f"{quoted(home.sheet)}!$G${home.row}"
        whole = f"IF(AND({month}>0,{month}<={self.horizon(periods)},{year}={{c}}${DATE_ROW}),{principal},0)"
        flags = [self.book.link(datum) for datum in self.flags(k)]
        bill = self.datum("debt", k, "bill")
        if not flags or bill not in self.book.homes:
            return whole
        span = self.book.homes[bill]
        billed = f"SUMIF({years},{{c}}${DATE_ROW},{quoted(span.sheet)}!{span_of(span.row, self.book.months)})"
        return f"IF({'+'.join(flags)}>0,{billed},{whole})"

    def horizon(self, periods: Periods) -> str:
        """The number of the last month."""
        return f"{TIMELINE}!${month_column(self.book.months - 1)}${periods.calendar.number}"

    def due_value(self, k: int, year: float, periods: Periods) -> float:
        values = self.wiring.value
        inside = periods.calendar.years == year
        bill = self.datum("debt", k, "bill")
        if any(values(datum) > 0 for datum in self.flags(k)) and bill in self.book.homes:
            return float(np.asarray(values(bill))[inside].sum())
        month = min((values(datum) for datum in self.first_demand(k)), default=np.inf)
        if not 0 < month <= len(inside):
            return 0.0
        opening = self.monthly.opening(self.datum("debt", k, "balance")).value
        return float(opening) if periods.calendar.years[int(month) - 1] == year else 0.0
