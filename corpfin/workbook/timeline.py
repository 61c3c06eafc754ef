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
from corpfin.runs.projection import Projection
from corpfin.workbook.book import (
    CONSTANT,
    FIRST_MONTH,
    INPUTS,
    TIMELINE,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
)
from corpfin.workbook.emit import serial
from corpfin.workbook.inputs_sheet import HALVING_DAYS, InputsSheet
from corpfin.workbook.wiring import MONTHS, ONE, UNSHOCKED, Run, Wiring

BUILT = ("slip", "overrun", "gpu_overrun")
"""Draws of a project that hang on whether it is under construction, which its inputs say."""

NOTES = {"tax_year_start": "from the fiscal year of the company file"}
"""Where a series that is no history comes from."""


class Calendar:
    """The rows of the calendar: month ends, years, and the year in each year's last projected month."""

    def __init__(self, book: Book, sheet: Sheet, inputs: InputsSheet, labels: tuple[str, ...], as_of: date) -> None:
        self.sheet = sheet
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

    def _row(self, label: str, unit: str, values: object, formula: str) -> int:
        return self.sheet.add(Row("calendar", label, unit, "", months=Cell(values, formula)))


def lay_out_timeline(book: Book, wiring: Wiring, inputs: InputsSheet) -> Calendar:
    """Add the Timeline sheet."""
    run = wiring.run
    lead = "Calendar, history, the draws of this path and what the scenario changes by month"
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
    read = {
        datum
        for graph in wiring.graphs.values()
        for line in graph.lines
        for k in range(wiring.count(graph, line.scope))
        for datum, _ in wiring.reads(graph, line, k)
    }
    for graph in wiring.graphs.values():
        for given in graph.given:
            if given.kind == "series":
                datum = Datum(graph.name, MONTHS, "", 0, given.name)
                if given.name not in live and datum not in read:
                    continue  # a company without projects has no line that asks whether a month is history
                cell = Cell(wiring.value(datum), live.get(given.name), Kind.GIVEN)
                if given.name in live:
                    cell = Cell(wiring.value(datum), live[given.name])
                source = NOTES.get(given.name, f"history, from the {graph.name} file")
                note = "" if given.name in live else source
                _settle(book, sheet, datum, Row("calendar", given.meaning, given.unit, note, months=cell))
            elif wiring.is_known(graph, given.scope, given.name):
                for id, datum in zip(wiring.ids(graph, given.scope), _data(wiring, graph, given), strict=True):
                    cell = Cell(wiring.value(datum), kind=Kind.GIVEN)
                    row = Row(f"{given.scope} {id}", given.meaning, given.unit, "history, from the company file")
                    _settle(book, sheet, datum, replace(row, months=cell))
    path = "central path: no noise" if run.path is None else f"drawn: path {run.path}"
    for graph in wiring.graphs.values():
        if graph.draws:
            sheet.head(f"Draws of the {graph.name}: {path}")
        late = any(given.name in BUILT for given in graph.draws)
        building = _building(run, sheet, inputs) if late and isinstance(run, Projection) else []
        for given in graph.draws:
            for k, datum in enumerate(_data(wiring, graph, given)):
                if building and isinstance(run, Projection) and given.name in BUILT:
                    _built(book, run, sheet, datum, given, building[k], k)
                    continue
                section = f"{given.scope} {wiring.ids(graph, given.scope)[k]}" if given.scope else "draws"
                row = Row(section, given.meaning, given.unit, f"{given.name}, {path}")
                cell = Cell(wiring.value(datum), kind=Kind.GIVEN)
                if datum.shape == ONE:
                    row.constant = cell
                else:
                    row.months = cell
                _settle(book, sheet, datum, row)
    _shocks(book, wiring, sheet)
    return calendar


@dataclass(frozen=True)
class Site:
    """The rows of a project's dates: months to its last delivery, and whether it is under construction."""

    months: int
    building: int


def _building(run: Projection, sheet: Sheet, inputs: InputsSheet) -> list[Site]:
    """Whether each project is under construction, from its inputs: only then is it late and reached by a scenario."""
    rows = {blank.key: row for row, blank in inputs.blanks.items()}
    sites = []
    for row, project in zip(run.company.tables.hpc, run.case.projects, strict=True):
        numbers = []
        for name, unit, value in (
            ("leased_mw", "MW", row.leased_mw), ("delivered_mw", "MW", row.delivered_mw),
            ("full_delivery", "month", None),
        ):  # fmt: skip
            home = inputs.sheet.rows[rows[f"hpc.{row.id}.{name}"]]
            assert isinstance(home, Row)
            assert home.total is not None
            shown = home.total.value if value is None else value
            link = Cell(shown, f"{INPUTS}!$F${rows[f'hpc.{row.id}.{name}']}", Kind.LINK)
            numbers.append(sheet.add(Row(f"hpc {row.id}", home.label, unit, "from Inputs", link)))
        leased, delivered, full = (f"$E${number}" for number in numbers)
        flag = Cell(float(project.building), f"IF(AND({delivered}<{leased},{full}>0),1,0)", unit="flag")
        label = "1 while under construction at the start"
        sites.append(Site(numbers[2], sheet.add(Row(f"hpc {row.id}", label, "flag", "", flag))))
    return sites


def _built(book: Book, projection: Projection, sheet: Sheet, datum: Datum, given: Given, site: Site, k: int) -> None:
    """How late or dear a project is: what is drawn, changed by the scenario where it is under construction."""
    case = projection.case
    section = f"hpc {case.projects[k].id}"
    factor, addition = _shocked(projection, given.name)
    value = float(np.atleast_1d(projection.values.draws["hpc"][given.name])[k])
    late = given.name == "slip"
    drawn = central_company(case.randomness, case.ticker, [Project("", 1.0)])[given.name][0]
    if case.projects[k].building and factor:
        drawn = (value - addition) / factor / (case.projects[k].remaining_months if late else 1.0)
    elif not late and not case.projects[k].building:
        drawn = value
    path = "central path" if projection.path is None else f"path {projection.path}"
    numbers = []
    for label, unit, number in (
        ("drawn, of the months to the last delivery" if late else "drawn", "1", drawn),
        ("factor of the scenario", "1", factor), ("addition of the scenario", given.unit, addition),
    ):  # fmt: skip
        cell = Cell(float(number), kind=Kind.GIVEN)
        numbers.append(
            f"$E${sheet.add(Row(section, f'{given.meaning}: {label}', unit, f'{given.name}, {path}', cell))}"
        )
    base = f"({numbers[0]}*$E${site.months})" if late else numbers[0]
    otherwise = "0" if late else numbers[0]
    text = f"IF($E${site.building}>0,({base}*{numbers[1]})+{numbers[2]},{otherwise})"
    row = Row(section, given.meaning, given.unit, f"{given.name}, {path}", Cell(value, text))
    _settle(book, sheet, datum, row)


def _shocked(projection: Projection, name: str) -> tuple[float, float]:
    """What the scenario does to how late or dear a project under construction is: a factor, and an addition."""
    at = {}
    for level in (1.0, 2.0):
        draws = {name: np.array([level])}
        projection.market_case.shock(draws, [Project("", 1.0)])
        at[level] = float(draws[name][0])
    factor = at[2.0] - at[1.0]
    return factor, at[1.0] - factor


def _data(wiring: Wiring, graph: Graph, given: Given) -> list[Datum]:
    return [wiring.given(graph, given.scope, k, given.name) for k in range(wiring.count(graph, given.scope))]


def _settle(book: Book, sheet: Sheet, datum: Datum, row: Row) -> None:
    book.settle(sheet, datum, sheet.add(row), CONSTANT if datum.shape == ONE else FIRST_MONTH)


def _shocks(book: Book, wiring: Wiring, sheet: Sheet) -> None:
    """Inputs the scenario changes: factor and addition as given rows, then value x factor + addition."""
    for graph in wiring.graphs.values():
        for given in graph.given:
            count = wiring.count(graph, given.scope)
            if given.kind == "input" and count and wiring.is_shocked(graph, given.scope, given.name):
                sheet.head(f"Scenario {wiring.run.scenario.name}: {given.meaning}")
                for k in range(count):
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
    link = Cell(written, partial(book.link, base if monthly else base._replace(shape=UNSHOCKED)), Kind.LINK)
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
