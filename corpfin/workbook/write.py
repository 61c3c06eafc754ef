"""A projection laid out as a workbook whose formulas are the model, and its sheets filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from corpfin.runs.projection import Projection
from corpfin.runs.readings import FLOWS
from corpfin.runs.simulation import Simulation
from corpfin.studies.stress import Stress
from corpfin.workbook.book import (
    CONSTANT,
    DATE_ROW,
    FIRST_MONTH,
    FIRST_ROW,
    HEADING_ROW,
    INPUTS,
    SCENARIO_SHEET,
    TIMELINE,
    Book,
    Cell,
    Kind,
    Sheet,
    clean,
    month_column,
)
from corpfin.workbook.bridge import lay_out_bridge, lay_out_sources_and_uses
from corpfin.workbook.calculations import lay_out_calculations, lay_out_checks
from corpfin.workbook.charts import CHARTS, chosen, write_charts
from corpfin.workbook.comps import lay_out_comps
from corpfin.workbook.cover import COVER, SOURCES, Cover, write_sources
from corpfin.workbook.dashboard import DASHBOARD, Dashboard
from corpfin.workbook.emit import emit, group_months
from corpfin.workbook.files_sheet import FILES, base_of, write_files
from corpfin.workbook.inputs_sheet import APPLIES, CHANGED, FAULT, InputsSheet, lay_out_inputs
from corpfin.workbook.notes import lay_out_debt
from corpfin.workbook.outputs import lay_out_outputs
from corpfin.workbook.periods import BY_MONTH, Monthly, Periods
from corpfin.workbook.scenario_sheet import lay_out_scenario
from corpfin.workbook.settings import Settings, load_settings
from corpfin.workbook.spare import spared
from corpfin.workbook.statements import lay_out_statements
from corpfin.workbook.styles import AMBER, Styles
from corpfin.workbook.summaries import MONTE_CARLO, STRESS, lay_out_annual, lay_out_monte_carlo, lay_out_stress
from corpfin.workbook.timeline import Calendar, lay_out_timeline
from corpfin.workbook.wiring import Wiring, alone

ALLOWED = {
    "autofilter": True, "format_cells": True, "format_columns": True, "format_rows": True, "insert_hyperlinks": True,
    "objects": True, "scenarios": True, "sort": False,
}  # fmt: skip
"""What a reader may do on a sheet of the model without lifting its protection, which has no password: look and note."""

BEFORE_FAILURE = 3
"""Months shown to the left of the month of failure."""


class Plan:
    """A book laid out and not yet written: every sheet with its rows, and the place of every figure."""

    def __init__(
        self,
        projection: Projection,
        simulation: Simulation | None = None,
        stress: Stress | None = None,
        wiring: Wiring | None = None,
    ) -> None:
        self.settings: Settings = load_settings()
        projection = spared(projection, self.settings.spare) if wiring is None else projection
        self.projection, self.simulation = projection, simulation
        self.book = Book(len(projection.labels))
        self.wiring = wiring or Wiring(projection, alone(projection), projection.company.as_of, self.settings)
        self.inputs: InputsSheet = lay_out_inputs(self.book, self.wiring, self.settings.tolerance)
        self.book.sheet(Sheet(SOURCES, "Sources", "", monthly=False))
        self.calendar: Calendar = lay_out_timeline(self.book, self.wiring, self.inputs)
        self.scenario = lay_out_scenario(self.book, self.wiring, self.calendar.sites) if self.wiring.choices else None
        charted = (name for chart in self.settings.charts if chart.annual for name in chart.lines)
        flows = tuple(dict.fromkeys((*FLOWS, *charted)))
        lay_out_calculations(self.book, self.wiring, self.settings, frozenset(flows))
        self.present()
        self.annual = lay_out_annual(self.book, self.wiring, self.calendar, flows)
        lay_out_outputs(self.book, self.wiring, self.settings)
        self.static: dict[str, int] = {}
        if simulation is not None:
            self.static = lay_out_monte_carlo(self.book, self.wiring, simulation, projection.case.label)
        if stress is not None:
            lay_out_stress(self.book, stress, projection.case.label)
        self.book.sheet(Sheet(CHARTS, "Charts", "", monthly=False))
        self.book.sheet(Sheet(FILES, "Files this book was made from", "", monthly=False))
        self.calendar.date_months(self.book)
        self.book.sheets = {name: self.book.sheets[name] for name in (*self.front, *self.book.sheets)}

    def present(self) -> None:
        """Lay out the sheets that people read, which stand in front, and the checks that they tie."""
        book, wiring, calendar = self.book, self.wiring, self.calendar
        behind = set(book.sheets)
        periods = Periods(calendar)
        monthly = Monthly(book, wiring)
        self.dashboard = Dashboard(book, wiring, calendar, monthly)
        flows = lay_out_statements(book, wiring, monthly, periods)
        ends = lay_out_bridge(book, wiring, monthly, periods, flows)
        lay_out_sources_and_uses(book, wiring, monthly, flows, ends)
        lay_out_debt(book, wiring, monthly, periods)
        lay_out_comps(book, wiring, calendar, self.projection.market_case.now)
        lay_out_checks(book, wiring, self.settings, monthly.checks)
        name = self.projection.scenario.name
        scenario, decks = Cell(name, kind=Kind.CONSTANT, unit="text"), Cell(0.0, kind=Kind.CONSTANT)
        if self.scenario is not None:
            rows = self.scenario.decks.values()
            decks = Cell(0.0, f"SUM({SCENARIO_SHEET}!$F${min(rows)}:$F${max(rows)})", Kind.LINK)
            scenario = Cell(name, f"{SCENARIO_SHEET}!$E${self.scenario.selector}", Kind.LINK, unit="text")
        self.dashboard.lay_out(self.simulation, scenario, decks)
        made = [name for name in book.sheets if name not in behind]
        self.front = [
            DASHBOARD,
            *([SCENARIO_SHEET] if self.scenario else []),
            *(name for name in made if name not in (DASHBOARD, BY_MONTH)),
            BY_MONTH,
        ]


def fill(workbook: Workbook, plan: Plan, notes: Callable[[dict[str, Worksheet]], None] | None = None) -> None:
    """Fill a workbook with what is laid out; ``notes`` then writes to its sheets what a reader had written there."""
    company = plan.projection.company
    workbook.set_properties({
        "title": clean(f"{company.name}: financial model"), "subject": plan.projection.scenario.name,
        "comments": "Written by corpfin", "created": datetime.combine(company.as_of, datetime.min.time()),
    })  # fmt: skip
    workbook.set_calc_mode("auto")
    styles = Styles(workbook, plan.settings)
    pages = {name: workbook.add_worksheet(name) for name in (COVER, *plan.book.sheets)}
    _fill(workbook, pages, styles, plan)
    _open_at_failure(pages, styles, plan)
    if notes is not None:
        notes(pages)


def _fill(workbook: Workbook, pages: dict[str, Worksheet], styles: Styles, plan: Plan) -> None:
    projection = plan.projection
    path = "" if projection.path is None else f", path {projection.path}"
    subject = f"{projection.company.name}, scenario {projection.scenario.name}{path}"
    charts, market = plan.settings.charts, projection.market_case.market
    write_sources(pages[SOURCES], styles, (projection.company, market))
    write_files(pages[FILES], styles, base_of(projection.company, market, projection.scenario))
    write_charts(workbook, pages[CHARTS], styles, plan.book, plan.wiring, charts, plan.annual, plan.static)
    write_sheets(workbook, pages, styles, plan.book, plan.inputs, subject, projection.labels)
    shown = chosen(workbook, plan.book, plan.wiring, charts, plan.annual, plan.static)
    plan.dashboard.finish(workbook, pages[DASHBOARD], styles, shown)
    drawn = {name: len(page.charts) for name, page in pages.items() if page.charts}
    cover = Cover(pages[COVER], styles, plan.book, plan.wiring, plan.settings, projection)
    cover.write(plan.calendar, plan.simulation, drawn)


def write_sheets(
    workbook: Workbook,
    pages: dict[str, Worksheet],
    styles: Styles,
    book: Book,
    inputs: InputsSheet,
    subject: str,
    labels: tuple[str, ...],
) -> None:
    """Write the sheets of rows, and what all of them need: names, filters, colours of the tabs."""
    for name, row in book.names.items():
        workbook.define_name(name, f"={INPUTS}!$E${row}")
    for sheet in book.sheets.values():
        if sheet.rows:
            page = emit(workbook, styles, book, sheet, subject)
            page.protect("", ALLOWED)
            if sheet.numbers is not None:
                group_months(page, labels)
    pages[INPUTS].autofilter(HEADING_ROW - 1, 0, inputs.sheet.next - 2, len(inputs.sheet.headings) - 1)
    _mark_changes(pages[INPUTS], styles, list(inputs.blanks))
    colours = {COVER: "#1F3864", INPUTS: "#0000FF", SOURCES: "#0000FF", TIMELINE: "#0000FF", CHARTS: "#1F3864",
               MONTE_CARLO: "#6B6B6B", STRESS: "#6B6B6B"}  # fmt: skip
    for name, page in pages.items():
        page.set_tab_color(colours.get(name, "#000000"))


def _mark_changes(page: Worksheet, styles: Styles, rows: list[int]) -> None:
    """Inputs not allowed stand on red, those their kind does not have on grey, those changed on amber."""
    style = styles.special("changed", {"bg_color": AMBER})
    none, wrong = (
        styles.special("no such figure", {"bg_color": "#D9D9D9", "font_color": "#7F7F7F"}),
        styles.special("not allowed", {"bg_color": "#F8D7DA", "font_color": "#B00020"}),
    )
    first = rows[0]
    for condition, look in (
        (f"${xl_col_to_name(FAULT)}{first}>0", wrong),
        (f"AND(ISNUMBER(${xl_col_to_name(APPLIES)}{first}),${xl_col_to_name(APPLIES)}{first}<1)", none),
        (f"${xl_col_to_name(CHANGED)}{first}>0", style),
    ):
        rule = {"type": "formula", "criteria": f"={condition}", "format": look, "stop_if_true": True}
        page.conditional_format(first - 1, CONSTANT, rows[-1] - 1, CONSTANT, rule)


def _open_at_failure(pages: dict[str, Worksheet], styles: Styles, plan: Plan) -> None:
    """On a path that fails the book opens at the row and month where money ran out, which stands out in red."""
    months = plan.wiring.value(plan.wiring.row(plan.settings.failure_month))
    failed = int(months[-1])
    home = plan.book.homes[plan.wiring.row(plan.settings.failure)]
    month_home = plan.book.homes[plan.wiring.row(plan.settings.failure_month)]
    last = plan.book.sheets[month_home.sheet].next - 1
    final = month_column(plan.book.months - 1)
    page = pages[month_home.sheet]
    page.conditional_format(
        DATE_ROW - 1, FIRST_MONTH, last - 1, FIRST_MONTH + plan.book.months - 1,
        {
            "type": "formula",
            "criteria": f"=AND(${final}${month_home.row}>0,H${HEADING_ROW}=${final}${month_home.row})",
            "format": styles.special("failure", {"bg_color": "#F8D7DA"}),
        },
    )  # fmt: skip
    if not failed:
        pages[COVER].activate()
        return
    left = FIRST_MONTH + max(0, failed - 1 - BEFORE_FAILURE)
    for name, sheet in plan.book.sheets.items():
        if sheet.numbers is not None:
            top = max(FIRST_ROW, home.row - 25) if name == home.sheet else FIRST_ROW
            pages[name].freeze_panes(HEADING_ROW, FIRST_MONTH, top - 1, left)
    pages[home.sheet].activate()
    pages[home.sheet].set_selection(home.row - 1, FIRST_MONTH + failed - 1, home.row - 1, FIRST_MONTH + failed - 1)
