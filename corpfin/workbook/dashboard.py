"""The sheet a reader opens first: the answer, what it rests on, and six charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.inputs import Company
from corpfin.lines.constants import DUST, NEVER_MONTH
from corpfin.runs.readings import BILLS, HORIZONS, horizons
from corpfin.runs.simulation import Simulation
from corpfin.studies.papers import COVENANTS, covenants_given
from corpfin.workbook.book import (
    CONSTANT,
    INPUTS,
    MONTHS,
    ONE,
    OPENING,
    TIMELINE,
    TOTAL,
    UNSHOCKED,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
    month_column,
    quoted,
)
from corpfin.workbook.emit import serial
from corpfin.workbook.inputs_sheet import CHANGES
from corpfin.workbook.periods import BY_MONTH, Item, Monthly, span_of
from corpfin.workbook.styles import AMBER, RED, Styles
from corpfin.workbook.timeline import Calendar
from corpfin.workbook.wiring import Wiring

DASHBOARD = "Dashboard"
CHECKS_HOLD = '[=0]"all hold";[Red]0" fail"'
NOT_RUN = "-"
CHANGED = '[=0]"none";[Red]0'
NONE_OR_MONTH = '[=0]"none";[Red]mmm yyyy'
STATIC = "static"
YEAR = 12
CHARTS_SHOWN = 6
MARGIN_CALL = "margin_call_ltv"
AT_WORK = {"debt": ("balance", "undrawn"), "hpc": ("loan_balance",)}
"""What an instrument owes or may come to owe, by block."""


class Dashboard:
    """Lays the sheet out; ``finish`` colours it once it is a page."""

    def __init__(self, book: Book, wiring: Wiring, calendar: Calendar, monthly: Monthly) -> None:
        self.book, self.wiring, self.calendar, self.monthly = book, wiring, calendar, monthly
        projection = wiring.projection
        span = f"{projection.labels[0]} to {projection.labels[-1]}"
        lead = f"{span}; grey cells are results of a simulation and do not follow"
        headings = ("Section", "Label", "Unit", "Source or note", "", "Error", "In a year")
        self.sheet = book.sheet(Sheet(DASHBOARD, "Dashboard", lead, monthly=False, headings=headings))
        self.now = projection.market_case.now
        self.static: list[int] = []
        self.headrooms: list[int] = []
        self.special: dict[int, str] = {}

    def lay_out(self, simulation: Simulation | None, scenario: Cell, decks: Cell) -> None:
        """Add every row."""
        self.answer(simulation)
        self.state(scenario, decks)
        self.money()
        self.breakeven()
        self.capacity()
        self.maturity()
        self.covenants()

    def add(self, section: str, label: str, unit: str, cell: Cell, note: str = "", **others: Cell) -> int:
        row = Row(section, label, unit, note)
        row.extra = {CONSTANT: cell} | {
            {"error": TOTAL, "later": OPENING}[name]: other for name, other in others.items()
        }
        return self.sheet.add(row)

    def answer(self, simulation: Simulation | None) -> None:
        self.sheet.head("Answer")
        last = month_column(self.book.months - 1)
        wiring = self.wiring
        outcome = simulation.outcomes[wiring.projection.case.label] if simulation else None
        note = f"seed {simulation.seed}, {simulation.paths:,} paths" if simulation else "no simulation in this book"
        for horizon in horizons(self.book.months, HORIZONS):
            told = (outcome.survival(horizon), outcome.survival_error(horizon)) if outcome else (NOT_RUN, NOT_RUN)
            self.result(f"Survival, {horizon} months", note, *told)
        median = float(np.median(outcome.sample["dilution"])) if outcome else NOT_RUN
        self.result("Dilution, median of all paths", note, median)
        bill = wiring.row(wiring.settings.failure_bill)
        self.date("this path", "Default on this path", wiring.row(wiring.settings.failure_month))
        home = self.book.homes[bill]
        code = float(wiring.value(bill)[-1])
        found = Cell(code, f"{quoted(home.sheet)}!${last}${home.row}", Kind.LINK, unit="bill")
        self.bill = self.add("this path", "First unpaid bill", "word", found)

    def result(self, label: str, note: str, value: float | str, error: float | str | None = None) -> None:
        """A result of the simulation, with its standard error.

        Its row is there without a simulation too: a book read back is laid out without one, and compared.
        """
        others = {} if error is None else {"error": Cell(error, kind=Kind.STATIC, unit="share")}
        row = self.add(STATIC, label, "share", Cell(value, kind=Kind.STATIC, unit="share"), note, **others)
        self.static.append(row)

    def date(self, section: str, label: str, month: Datum) -> None:
        """The month, counted from 1, that a line has come to by the end, as a date; none where it is 0."""
        home, last = self.book.homes[month], month_column(self.book.months - 1)
        when = int(self.wiring.value(month)[-1])
        number = f"{quoted(home.sheet)}!${last}${home.row}"
        ends = f"{TIMELINE}!{self.book.months_of(self.calendar.end)}"
        day = self.calendar.ends[when - 1] if when else 0.0
        row = self.add(section, label, "date", Cell(day, f"IF({number}>0,INDEX({ends},{number}),0)", Kind.LINK))
        self.special[row] = NONE_OR_MONTH

    def state(self, scenario: Cell, decks: Cell) -> None:
        self.sheet.head("State of the book")
        self.scenario = self.add("book", "Scenario in force", "text", scenario)
        self.decks = self.add("book", "Decks that take its place", "count", decks)
        self.special[self.decks] = CHANGED
        if self.book.master:
            row = self.add("book", "Checks", "count", Cell(0.0, self.book.master, Kind.LINK))
            self.special[row] = CHECKS_HOLD
        count = self.book.sheets[INPUTS].rows[self.book.names[CHANGES]]
        assert isinstance(count, Row)
        assert count.constant is not None
        row = self.add(
            "book", "Inputs that differ from the files", "count", Cell(count.constant.value, CHANGES, Kind.LINK)
        )
        self.special[row] = CHANGED

    def figure(self, section: str, name: str, label: str = "", *, later: bool = True) -> None:
        """A line in the last month that is history, and a year later."""
        datum = self.wiring.row(name)
        if datum not in self.book.homes:
            return
        words, unit = self.wiring.describe(datum)
        cells: dict[str, Cell] = {}
        year = min(self.now + YEAR, self.book.months - 1)
        if later:
            cells["later"] = self.at(datum, year)
        self.add(section, label or words, self.unit(datum, unit), self.at(datum, self.now), "", **cells)

    def unit(self, datum: Datum, unit: str) -> str:
        """A unit as people read it: what has unit 1 is a share or a multiple."""
        return {"multiple": "x"}.get(look := self.wiring.look(datum), look) if unit == "1" else unit

    def at(self, datum: Datum, month: int) -> Cell:
        home = self.book.homes[datum]
        value = float(np.asarray(self.wiring.value(datum))[month])
        return Cell(
            value, f"{quoted(home.sheet)}!${month_column(month)}${home.row}", Kind.LINK, unit=self.wiring.look(datum)
        )

    def money(self) -> None:
        self.sheet.head(f"Liquidity against the needs of twelve months, {self.wiring.projection.labels[self.now]}")
        for name in (
            "cash",
            "free_btc_value",
            "total_debt_line_left",
            "liquidity",
            "next_year_needs",
            "coverage",
            "runway",
        ):
            self.figure("liquidity", name)

    def breakeven(self) -> None:
        self.sheet.head("Break-even against price")
        for name in ("btc_price", "power_cost_per_btc", "cash_cost_per_btc", "all_in_cost_per_btc", "hashprice"):
            self.figure("break-even", name)

    def capacity(self) -> None:
        if self.wiring.row("total_hpc_leased_mw") not in self.book.homes:
            return
        self.sheet.head("Leased and delivered")
        for name in ("total_hpc_leased_mw", "total_hpc_delivered_mw", "delivered_over_leased"):
            self.figure("capacity", name)

    def maturity(self) -> None:
        """The next month in which principal falls due after history, and how much."""
        due = self.wiring.row("principal_falling_due")
        if due not in self.book.homes:
            return
        flag = self.next_due(due)
        self.sheet.head("Next principal due")
        values = np.asarray(self.wiring.value(due), dtype=float)
        falls = flag.values < NEVER_MONTH
        later = list(np.flatnonzero(falls))
        ends = f"{TIMELINE}!{self.book.months_of(self.calendar.end)}"
        span = f"{quoted(BY_MONTH)}!{span_of(flag.row, self.book.months)}"
        first = f"MIN({span})"
        last = f"{TIMELINE}!${month_column(self.book.months - 1)}${self.calendar.number}"
        day = self.calendar.ends[later[0]] if later else 0.0
        row = self.add("debt", "Month", "date", Cell(day, f"IF({first}<={last},INDEX({ends},{first}),0)", Kind.LINK))
        self.special[row] = 'mmm yyyy;;"later"'
        home = self.book.homes[due]
        amounts = f"{quoted(home.sheet)}!{span_of(home.row, self.book.months)}"
        amount = float(values[later[0]]) if later else 0.0
        self.add("debt", "Amount", "USD m", Cell(amount, f"IF({first}<={last},INDEX({amounts},{first}),0)", Kind.LINK))
        year = float(values[self.now : self.now + YEAR].sum())
        left, right = month_column(self.now), month_column(min(self.now + YEAR, self.book.months) - 1)
        text = f"SUM({quoted(home.sheet)}!${left}${home.row}:${right}${home.row})"
        self.add("debt", "Principal falling due within twelve months", "USD m", Cell(year, text, Kind.LINK))

    def covenants(self) -> None:
        """Covenants in numbers, those typed in among them, headroom of the file's, and the first breach."""
        wiring = self.wiring
        self.sheet.head(f"Headroom of covenants, {wiring.projection.labels[self.now]}")
        inputs = [row for table, name, k in self.terms() if (row := self.input_row(table, name, k))]
        count = sum(cell.value is not None for _, cell in inputs)
        if inputs:
            cells = ",".join(f"{INPUTS}!$E${number}" for number, _ in inputs)
            told = Cell(float(count), f"COUNTA({cells})", Kind.LINK)
            self.special[self.add("covenants", "Covenants in numbers", "count", told)] = '[=0]"none";0'
        filed = wiring.filed["company"]
        assert isinstance(filed, Company)
        for block, _, loan, _, line in covenants_given(filed.tables):
            datum = Datum("company", MONTHS, block, wiring.ids(wiring.graphs["company"], block).index(loan.id), line)
            if datum in self.book.homes and (block, loan.id) not in wiring.slots:
                self.headroom(loan.id, datum)
        breach = wiring.row("breach_month")
        if breach in self.book.homes:
            self.date("this path", "First breach on this path", breach)

    def terms(self) -> Iterator[tuple[str, str, int]]:
        """Every field that is a covenant, of every instance of its block; a margin call has its default."""
        graph = self.wiring.graphs["company"]
        for table, fields in COVENANTS.items():
            for name in fields:
                if name != MARGIN_CALL:
                    yield from ((table, name, k) for k in range(self.wiring.count(graph, table)))

    def input_row(self, table: str, name: str, k: int) -> tuple[int, Cell] | None:
        """The row of an input on its sheet and the blue cell in it; None where it has none."""
        for shape in (ONE, UNSHOCKED):
            home = self.book.homes.get(Datum("company", shape, table, k, name))
            row = self.book.sheets[INPUTS].rows[home.row] if home and home.sheet == INPUTS else None
            if home and isinstance(row, Row) and row.constant is not None:
                return home.row, row.constant
        return None

    def headroom(self, id: str, datum: Datum) -> None:
        """A row of a covenant: how far from a breach, nothing while its loan is not at work."""
        wiring = self.wiring
        owed = [datum._replace(name=name) for name in AT_WORK[datum.scope]]
        owed = [each for each in owed if each in self.book.homes]
        done = datum._replace(name="complete")
        label, unit = wiring.describe(datum)
        unit = self.unit(datum, unit)

        def at(month: int) -> Cell:
            cell, amounts = self.at(datum, month), [self.at(each, month) for each in owed]
            work = f"{'+'.join(str(each.formula) for each in amounts)}>DUST"
            holds = sum(each.value for each in amounts) > DUST
            if done in self.book.homes:
                built = self.at(done, month)
                work, holds = f"AND({built.formula}>0,{work})", holds and built.value > 0
            return replace(cell, value=cell.value if holds else 0.0, formula=f"IF({work},{cell.formula},0)")

        year = min(self.now + YEAR, self.book.months - 1)
        self.headrooms.append(self.add("covenants", f"{id}: {label}", unit, at(self.now), later=at(year)))

    def next_due(self, due: Datum) -> Item:
        """A row by month: the number of a month in which principal falls due, else never."""
        self.monthly.head("Dates")
        numbers = np.arange(1.0, self.book.months + 1)
        falls = (np.asarray(self.wiring.value(due)) > DUST) & (numbers > self.wiring.projection.market_case.history)
        item = Item("dates", "Month in which principal falls due", "month", "never in any other", "first",
                    np.where(falls, numbers, float(NEVER_MONTH)))  # fmt: skip
        return self.monthly.flag(item, due, f"{TIMELINE}!{{c}}${self.calendar.number}")

    def finish(self, workbook: Workbook, page: Worksheet, styles: Styles, charts: list[Any]) -> None:
        """Formats of single cells, amber where a result is stale, red for a default, and the charts."""
        for row, look in self.special.items():
            cell = self.sheet.rows[row]
            assert isinstance(cell, Row)
            made = cell.extra[CONSTANT]
            if made.formula is None:
                continue
            style = styles.special(
                f"dashboard {look}", {"num_format": look, "align": "right", "bold": True, "font_color": "#00753A"}
            )
            page.write_formula(row - 1, CONSTANT, made.text(CONSTANT), style, serial(made.value))
        for code, bill in BILLS.items():
            words = {"num_format": f'"{bill}"', "font_color": RED, "bold": True} if code else {"num_format": '"none"'}
            rule = {"type": "cell", "criteria": "==", "value": code, "format": styles.special(f"cause {code}", words)}
            page.conditional_format(self.bill - 1, CONSTANT, self.bill - 1, CONSTANT, rule)
        if self.static:
            other = f'$E${self.scenario}<>"{self.wiring.projection.scenario.name}"'
            amber = {
                "type": "formula",
                "criteria": f"=OR({CHANGES}>0,$E${self.decks}>0,{other})",
                "format": styles.special("stale", {"bg_color": AMBER}),
            }
            page.conditional_format(self.static[0] - 1, CONSTANT, self.static[-1] - 1, TOTAL, amber)
        if self.headrooms:
            low = {"type": "cell", "criteria": "<", "value": 0, "format": styles.special("breach", {"font_color": RED})}
            page.conditional_format(self.headrooms[0] - 1, CONSTANT, self.headrooms[-1] - 1, OPENING, low)
        for column, width in enumerate((9, 40, 9, 14, 13, 9, 13)):
            page.set_column(column, column, width)
        for place, chart in enumerate(charts[:CHARTS_SHOWN]):
            chart.set_size({"width": 470, "height": 235})
            page.insert_chart(3 + place // 2 * 13, 8 + place % 2 * 8, chart)
        page.set_column(7, 7, 2)
        page.set_column(8, 24, 8)
        page.fit_to_pages(1, 1)
        page.freeze_panes(4, 0)
