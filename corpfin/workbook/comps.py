"""The line of a table of comparable companies: enterprise value, its multiples, net asset value a share by parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpfin.workbook.book import CONSTANT, TIMELINE, Book, Cell, Kind, Row, Sheet, month_column, quoted
from corpfin.workbook.periods import PAPER
from corpfin.workbook.timeline import Calendar
from corpfin.workbook.wiring import Wiring

COMPS = "Comps"
YEAR = 12
PARTS = (
    ("btc_value", 1), ("cash", 1), ("total_hpc_ring_cash", 1), ("mining_ppe", 1), ("total_hpc_hpc_assets", 1),
    ("total_hpc_gpu_assets", 1), ("corporate_debt", -1), ("total_hpc_loan_balance", -1),
    ("total_hpc_tenant_prepayment", -1),
)  # fmt: skip
"""What net asset value is made of, at fair value or book: bitcoin, cash, plant, projects, less what is owed."""


def lay_out_comps(book: Book, wiring: Wiring, calendar: Calendar, now: int) -> Sheet:
    """Add the sheet: at the last month that is history, a year, two and three later, and at the end."""
    months = sorted({*(month for month in (now, now + 12, now + 24, now + 36) if month < book.months), book.months - 1})
    lead = "At the last month that is history, one, two and three years later, and at the end"
    headings = PAPER + ("",) * len(months)
    over = {
        CONSTANT + place: Cell(
            calendar.ends[month], f"{TIMELINE}!${month_column(month)}${calendar.end}", Kind.LINK, unit="date"
        )
        for place, month in enumerate(months)
    }
    sheet = book.sheet(
        Sheet(COMPS, "Comparable-company line", lead, monthly=False, headings=headings, over=over, paged=True)
    )
    _Comps(book, wiring, sheet, months).write()
    return sheet


class _Comps:
    def __init__(self, book: Book, wiring: Wiring, sheet: Sheet, months: Sequence[int]) -> None:
        self.book, self.wiring, self.sheet, self.months = book, wiring, sheet, months

    def cell(self, name: str, month: int, sign: int = 1) -> tuple[float, str] | None:
        datum = self.wiring.row(name)
        if datum not in self.book.homes:
            return None
        home = self.book.homes[datum]
        text = f"{quoted(home.sheet)}!${month_column(month)}${home.row}"
        return sign * float(np.asarray(self.wiring.value(datum))[month]), text if sign > 0 else f"0-{text}"

    def line(self, section: str, name: str, sign: int = 1) -> int | None:
        """A line of the model at each date; None where it does not apply."""
        datum = self.wiring.row(name)
        if datum not in self.book.homes:
            return None
        label, unit = self.wiring.describe(datum)
        row = Row(section, label, unit, name)
        for place, month in enumerate(self.months):
            found = self.cell(name, month, sign)
            assert found is not None
            row.extra[CONSTANT + place] = Cell(found[0], found[1], Kind.LINK, unit=self.wiring.look(datum))
        return self.sheet.add(row)

    def value(self, row: int, place: int) -> float:
        found = self.sheet.rows[row]
        assert isinstance(found, Row)
        return float(found.extra[CONSTANT + place].value)

    def total(self, section: str, label: str, rows: Sequence[int]) -> int:
        row = Row(section, label, "USD m", "", bold=True)
        cells = ",".join(f"{{c}}{number}" for number in rows)
        for place in range(len(self.months)):
            row.extra[CONSTANT + place] = Cell(sum(self.value(number, place) for number in rows), f"SUM({cells})")
        return self.sheet.add(row)

    def ratio(self, section: str, label: str, unit: str, above: int, below: int | None, look: str = "") -> None:
        if below is None:
            return
        row = Row(section, label, unit, "")
        for place in range(len(self.months)):
            top, under = self.value(above, place), self.value(below, place)
            text = f"IF({{c}}{below}>0,{{c}}{above}/{{c}}{below},0)"
            row.extra[CONSTANT + place] = Cell(top / under if under > 0 else 0.0, text, unit=look)
        self.sheet.add(row)

    def ahead(self, section: str, name: str, label: str) -> int:
        """A flow over the twelve months after each date, as far as the book goes."""
        home = self.book.homes[self.wiring.row(name)]
        values = np.asarray(self.wiring.value(self.wiring.row(name)), dtype=float)
        row = Row(section, label, "USD m", "as far as the months of the book go")
        for place, month in enumerate(self.months):
            last = min(month + YEAR, self.book.months - 1)
            if month == last:
                row.extra[CONSTANT + place] = Cell(0.0, "0")
                continue
            span = f"{quoted(home.sheet)}!${month_column(month + 1)}${home.row}:${month_column(last)}${home.row}"
            row.extra[CONSTANT + place] = Cell(float(values[month + 1 : last + 1].sum()), f"SUM({span})", Kind.LINK)
        return self.sheet.add(row)

    def write(self) -> None:
        sheet = self.sheet
        sheet.head("Enterprise value, projects consolidated")
        section = "value"
        parts = [self.line(section, name, sign) for name, sign in (
            ("market_cap", 1), ("corporate_debt", 1), ("total_hpc_loan_balance", 1), ("cash", -1),
            ("total_hpc_ring_cash", -1), ("btc_value", -1))]  # fmt: skip
        value = self.total(section, "Enterprise value", [number for number in parts if number is not None])
        sheet.head("Multiples")
        section = "multiples"
        leased, delivered = self.line(section, "total_hpc_leased_mw"), self.line(section, "total_hpc_delivered_mw")
        hashrate = self.line(section, "total_fleet_hashrate")
        self.ratio(section, "EV / MW leased", "USD m/MW", value, leased)
        self.ratio(section, "EV / MW delivered", "USD m/MW", value, delivered)
        self.ratio(section, "EV / EH/s", "USD m/(EH/s)", value, hashrate)
        earnings = self.ahead(section, "ebitda", "EBITDA of the next twelve months")
        self.ratio(section, "EV / EBITDA of the next twelve months", "x", value, earnings, "multiple")
        sheet.head("Net asset value a share, by parts")
        section = "net assets"
        found = [number for name, sign in PARTS if (number := self.line(section, name, sign)) is not None]
        assets = self.total(section, "Net asset value: bitcoin at market, the rest at book", found)
        shares = self.line(section, "diluted_shares")
        for number in (*found, assets):
            source = sheet.rows[number]
            assert isinstance(source, Row)
            self.ratio("a share", f"{source.label.partition(':')[0]}, a share", "USD/share", number, shares)
        price = self.line("a share", "share_price")
        assert price is not None
        if shares is not None:
            self.ratio("a share", "Price / net asset value", "x", price, sheet.next - 2, "multiple")
