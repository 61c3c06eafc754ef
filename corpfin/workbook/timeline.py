"""The Timeline sheet: the calendar as formulas, history and draws as input rows, inputs that a scenario changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from corpfin.engine import Given, Graph
from corpfin.inputs.protocol import EPOCH_DAYS
from corpfin.paths import Project, central_company
from corpfin.runs.graphs import company_graph
from corpfin.workbook.book import (
    CONSTANT,
    FIRST_MONTH,
    INPUTS,
    MONTHS,
    ONE,
    TIMELINE,
    UNSHOCKED,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
)
from corpfin.workbook.emit import serial
from corpfin.workbook.inputs_sheet import HALVING_DAYS, InputsSheet
from corpfin.workbook.wiring import Run, Wiring

SLIP = "slip"
BUILT = (SLIP, "overrun", "gpu_overrun")
"""Draws of a project that hang on whether it is under construction, which its inputs say."""

NOTES = {"tax_year_start": "from the fiscal year of the company file"}
"""Where a series that is no history comes from."""


@dataclass(frozen=True)
class Site:
    """The cells of a project's dates: months to its last delivery, and 1 while it is under construction."""

    months: str
    building: str


class Calendar:
    """The rows of the calendar: month ends, years, and the year in each year's last projected month."""

    def __init__(self, book: Book, sheet: Sheet, inputs: InputsSheet, labels: tuple[str, ...], as_of: date) -> None:
        self.sheet = sheet
        self.sites: dict[int, Site] = {}
        self.ends = ends = [(pd.Period(label, "M").end_time).date() for label in labels]
        years = np.array([end.year for end in ends], dtype=float)
        last = np.where(np.append(years[1:], 0.0) != years, years, 0.0)
        sheet.head("Calendar")
        start = Cell(as_of, f"{INPUTS}!{inputs.as_of}", Kind.LINK)
        self.as_of = sheet.add(Row("calendar", "Balance-sheet date", "date", "from Inputs", start))
        self.number = sheet.next
        numbers = Cell(np.arange(1.0, len(labels) + 1), f"{{p}}{self.number}+1")
        first = Row("calendar", "Month of the projection", "count", "the balance sheet is month 0", months=numbers)
        first.opening = Cell(0.0, kind=Kind.CONSTANT)
        sheet.add(first)
        asof = f"$E${self.as_of}"
        self.end = self._row(
            "Month end", "date", ends, (f"DATE(YEAR({asof}),(MONTH({asof})+{{c}}{self.number})+1,1)-1")
        )
        self.year = self._row("Calendar year", "year", years, f"YEAR({{c}}{self.end})")
        self.last = self._row(
            "The year, in its last projected month, else 0",
            "year",
            last,
            (f"IF({{n}}{self.year}<>{{c}}{self.year},{{c}}{self.year},0)"),
        )
        quarters = [pd.Period(label, "M").asfreq("Q").end_time.date() for label in labels]
        self.months = len(labels)
        self.years, self.quarters = years, np.array([serial(end) for end in quarters])
        part = f"INT((MONTH({{c}}{self.end})-1)/STEPS_PER_QUARTER)+1"
        self.quarter = self._row(
            "Quarter end", "date", self.quarters, f"DATE(YEAR({{c}}{self.end}),({part})*STEPS_PER_QUARTER+1,1)-1"
        )
        begun = self._first("The year, in its first projected month, else 0", "year", self.year, years)
        self.by_year = self.year, self.last, begun
        closing = np.where(np.append(self.quarters[1:], 0.0) != self.quarters, self.quarters, 0.0)
        self.by_quarter = (
            self.quarter,
            self._row("The quarter, in its last projected month, else 0", "date", closing,
                      f"IF({{n}}{self.quarter}<>{{c}}{self.quarter},{{c}}{self.quarter},0)"),
            self._first("The quarter, in its first projected month, else 0", "date", self.quarter, self.quarters),
        )  # fmt: skip

    def date_months(self, book: Book) -> None:
        """Put month ends and month numbers over the months of every monthly sheet."""
        numbers = self.sheet.rows[self.number]
        assert isinstance(numbers, Row)
        assert numbers.months is not None
        for sheet in book.sheets.values():
            if sheet.monthly and sheet.dates is None:
                home = "" if sheet.name == TIMELINE else f"{TIMELINE}!"
                sheet.dates = Cell(self.ends, f"{home}{{c}}${self.end}", Kind.LINK, unit="date")
                sheet.numbers = Cell(numbers.months.value, f"{home}{{c}}${self.number}", Kind.LINK, unit="count")

    def halvings(self, run: Run, inputs: InputsSheet) -> tuple[int, int]:
        """Add the rows of the next halving, at noon, and of the subsidy, at the beginning of the month.

        A month after one with a halving in it has the next halving an epoch later and half the subsidy.
        """
        first = run.market_case.market.tables.network.halving_date
        subsidy = run.market.data.series["subsidy_before_halving"]
        epochs = np.cumsum(np.append(0.0, subsidy[1:] < subsidy[:-1]))
        day = serial(first)
        row = self.sheet.next
        halved = f"({{p}}{row}+HALF)<({{p}}{self.end}+1)"
        found = Row("calendar", "Next halving", "date", "the first from Inputs, later ones by protocol; at noon")
        found.opening = Cell(day, f"{INPUTS}!{inputs.halving}", Kind.LINK)
        months = Cell(day + epochs * EPOCH_DAYS, f"IF({halved},{{p}}{row}+{HALVING_DAYS},{{p}}{row})")
        self.sheet.add(replace(found, months=months))
        paid = Row("calendar", "Block subsidy, beginning of the month", "BTC/block", "by protocol")
        paid.opening = Cell(float(subsidy[0]), kind=Kind.CONSTANT)
        number = self.sheet.next
        months = Cell(subsidy, f"IF({halved},{{p}}{number}*HALF,{{p}}{number})")
        return row, self.sheet.add(replace(paid, months=months))

    def _first(self, label: str, unit: str, row: int, keys: np.ndarray) -> int:
        values = np.where(np.insert(keys[:-1], 0, 0.0) != keys, keys, 0.0)
        return self._row(label, unit, values, f"IF({{p}}{row}<>{{c}}{row},{{c}}{row},0)")

    def _row(self, label: str, unit: str, values: object, formula: str) -> int:
        return self.sheet.add(Row("calendar", label, unit, "", months=Cell(values, formula)))


def lay_out_timeline(book: Book, wiring: Wiring, inputs: InputsSheet) -> Calendar:
    """Add the Timeline sheet."""
    run = wiring.run
    lead = "Calendar, history and the draws of this path, before any scenario that can be chosen"
    sheet = book.sheet(Sheet(TIMELINE, "Timeline", lead))
    calendar = Calendar(book, sheet, inputs, run.labels, wiring.as_of)
    halving, subsidy = calendar.halvings(run, inputs)
    live = {
        "month_number": f"{{c}}{calendar.number}",
        "days": f"DAY({{c}}{calendar.end})",
        "subsidy_before_halving": f"{{c}}{subsidy}",
        "share_before_halving": (
            f"MIN(1,(INT({{c}}{halving}+HALF)-(({{c}}{calendar.end}-DAY({{c}}{calendar.end}))+1))/DAY({{c}}{calendar.end}))"
        ),
    }
    for graph in wiring.graphs.values():
        for given in graph.given:
            if given.kind == "series":
                datum = Datum(graph.name, MONTHS, "", 0, given.name)
                if datum not in wiring.read:
                    continue
                cell = Cell(wiring.value(datum), live.get(given.name), Kind.GIVEN)
                if given.name in live:
                    cell = Cell(wiring.value(datum), live[given.name])
                source = NOTES.get(given.name, f"history, from the {graph.name} file")
                note = "" if given.name in live else source
                _settle(book, sheet, datum, Row("calendar", given.meaning, given.unit, note, months=cell))
            elif wiring.is_known(graph, given.scope, given.name):
                for id, datum in zip(wiring.ids(graph, given.scope), _data(wiring, graph, given), strict=True):
                    if datum not in wiring.read:
                        continue
                    cell = Cell(wiring.value(datum), kind=Kind.GIVEN)
                    row = Row(f"{given.scope} {id}", given.meaning, given.unit, "history, from the company file")
                    _settle(book, sheet, datum, replace(row, months=cell))
    path = "central path: no noise" if run.path is None else f"drawn: path {run.path}"
    for graph in wiring.graphs.values():
        if graph.draws:
            sheet.head(f"Draws of the {graph.name}: {path}")
        if wiring.choices is not None and graph.members:
            calendar.sites = _building(book, wiring, sheet, inputs)
        for given in graph.draws:
            for k, datum in enumerate(_data(wiring, graph, given)):
                if datum not in wiring.read:
                    continue
                section = f"{given.scope} {wiring.ids(graph, given.scope)[k]}" if given.scope else "draws"
                row = Row(section, given.meaning, given.unit, f"{given.name}, {path}")
                moved = wiring.choices is not None and (given.scope, given.name) in wiring.choices.draws
                cell = Cell(wiring.drawn(datum) if moved else wiring.value(datum), kind=Kind.GIVEN)
                if given.name == SLIP and k in calendar.sites:
                    _slip(wiring, sheet, row, calendar.sites[k], k)
                elif datum.shape == ONE:
                    row.constant = cell
                else:
                    row.months = cell
                column = CONSTANT if datum.shape == ONE else FIRST_MONTH
                book.settle(sheet, datum._replace(shape=UNSHOCKED) if moved else datum, sheet.add(row), column)
    if wiring.choices is None:
        _shocks(book, wiring, sheet)
    return calendar


def _building(book: Book, wiring: Wiring, sheet: Sheet, inputs: InputsSheet) -> dict[int, Site]:
    """Whether each project is under construction, from its inputs: only then is it late and reached by a scenario."""
    rows = {blank.key: row for row, blank in inputs.blanks.items()}
    projection = wiring.projection
    graph = wiring.graphs[company_graph().name]
    sites = {}
    for k, project in enumerate(projection.case.projects):
        if not any(wiring.given(graph, "hpc", k, name) in wiring.read for name in BUILT):
            continue
        section, cells = f"hpc {project.id}", []
        for name, unit in (("leased_mw", "MW"), ("delivered_mw", "MW"), ("full_delivery", "month")):
            number = rows[f"hpc.{project.id}.{name}"]
            home = inputs.sheet.rows[number]
            assert isinstance(home, Row)
            assert home.total is not None
            link = Cell(home.total.value, f"{INPUTS}!$F${number}", Kind.LINK)
            cells.append(f"$E${sheet.add(Row(section, home.label, unit, 'from Inputs', link))}")
        leased, delivered, full = cells
        text = f"IF(AND({delivered}<{leased},{full}>0,{full}<NEVER_MONTH),1,0)"
        flag = Cell(float(project.building), text, unit="flag")
        row = sheet.add(Row(section, "1 while under construction at the start", "flag", "", flag))
        sites[k] = Site(full, f"$E${row}")
    return sites


def _slip(wiring: Wiring, sheet: Sheet, row: Row, site: Site, k: int) -> None:
    """How late a project is: a share that is drawn of the months to its last delivery."""
    case = wiring.projection.case
    project = case.projects[k]
    value = float(wiring.projection.drawn[SLIP][k])
    share = float(central_company(case.randomness, case.ticker, [Project("", 1.0)])[SLIP][0])
    if project.building:
        share = value / project.remaining_months
    drawn = replace(row, label=f"{row.label}, of the months to the last delivery", unit="1")
    number = sheet.add(replace(drawn, constant=Cell(share, kind=Kind.GIVEN)))
    row.constant = Cell(value, f"IF({site.building}>0,$E${number}*{site.months},0)")


def _data(wiring: Wiring, graph: Graph, given: Given) -> list[Datum]:
    return [wiring.given(graph, given.scope, k, given.name) for k in range(wiring.count(graph, given.scope))]


def _settle(book: Book, sheet: Sheet, datum: Datum, row: Row) -> None:
    book.settle(sheet, datum, sheet.add(row), CONSTANT if datum.shape == ONE else FIRST_MONTH)


def _shocks(book: Book, wiring: Wiring, sheet: Sheet) -> None:
    """Inputs the scenario changes where none can be chosen: factor and addition as given, then the value."""
    for graph in wiring.graphs.values():
        for given in graph.given:
            count = wiring.count(graph, given.scope)
            if given.kind == "input" and count and wiring.is_shocked(graph, given.scope, given.name):
                sheet.head(f"Scenario {wiring.run.scenario.name}: {given.meaning}")
                for k in range(count):
                    if wiring.is_read(graph, wiring.inputs[graph.name][given.scope, given.name], k):
                        _shock(book, wiring, sheet, graph, given, k)


def _shock(book: Book, wiring: Wiring, sheet: Sheet, graph: Graph, given: Given, k: int) -> None:
    """The rows of one shocked input of one instance."""
    item = wiring.inputs[graph.name][given.scope, given.name]
    member = wiring.members[graph.name][given.scope][k]
    source = item.source(member)
    document = wiring.documents[graph.name]
    kinds = [row.get("kind") for row in document.rows if source and (row.table, row.id) == (source.table, source.id)]
    kind = str(kinds[0]) if kinds and kinds[0] else None
    section = f"{given.scope} {member.id}" if member.id else item.table
    monthly = wiring.changes(graph, given.scope, given.name)
    base = Datum(graph.name, ONE, given.scope, k, given.name)
    value = document.figure(*source.key).value if source else item.left_out
    written = item.read(value, wiring.as_of)
    target, block = (source.target, source.id) if source else ("", None)
    shocks = wiring.run.market_case.shocks
    found = shocks.change(target, kind, block, before=written, at_start=item.opening)
    link = Cell(written, partial(book.link, base._replace(shape=UNSHOCKED)), Kind.LINK)
    before = sheet.add(Row(section, f"{given.meaning}, before", given.unit, "from Inputs", link))
    numbers = []
    for word, unit, values in zip(("factor", "addition"), ("1", given.unit), found, strict=True):
        cell = Cell(values if monthly else float(values[0]), kind=Kind.GIVEN)
        row = Row(section, f"{given.meaning}: {word}", unit, f"scenario {wiring.run.scenario.name}")
        numbers.append(sheet.add(replace(row, months=cell) if monthly else replace(row, constant=cell)))
    column = "{c}" if monthly else "$E$"
    datum = base._replace(shape=MONTHS) if monthly else base
    cell = Cell(wiring.value(datum), f"($E${before}*{column}{numbers[0]})+{column}{numbers[1]}")
    after = Row(section, f"{given.meaning}, under the scenario", given.unit, "value x factor + addition")
    _settle(book, sheet, datum, replace(after, months=cell) if monthly else replace(after, constant=cell))
