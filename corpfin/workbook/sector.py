"""The sector as a workbook with live formulas for the central path, and beside it a book for each company in it.

In the sector's book market and sector are formulas: what is sold weighs on the price of the next month, and that moves
the network. What each company does is given there by month, and worked out in the company's own book, where in turn
what the sector came to is given. An answer of the companies to a figure changed in the sector's book is a matter of a
new run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.common.files import write_whole
from corpfin.engine import Values
from corpfin.inputs import Market, Scenario
from corpfin.runs.capacity import with_capacity
from corpfin.runs.cases import MarketCase
from corpfin.runs.declared import SECTOR, company_inputs, market_inputs, sector_inputs
from corpfin.runs.projection import Projection
from corpfin.runs.together import Sector, graphs_together, own_inputs, project_together
from corpfin.studies.sector import SectorStudy
from corpfin.workbook.book import CONSTANT, HEADING_ROW, Book, Cell, Datum, Kind, Row, Sheet, clean
from corpfin.workbook.brought import TogetherWiring, brought_sheet, lay_out_brought
from corpfin.workbook.calculations import lay_out_calculations
from corpfin.workbook.comparison import book_name
from corpfin.workbook.cover import COVER, LABEL, SOURCES, UNIT, VALUE, Cover, corpfin_version, write_sources
from corpfin.workbook.files_sheet import base_of
from corpfin.workbook.inputs_sheet import InputsSheet, lay_out_inputs
from corpfin.workbook.save import write_plan
from corpfin.workbook.settings import Settings, load_settings
from corpfin.workbook.styles import Styles
from corpfin.workbook.timeline import lay_out_timeline
from corpfin.workbook.whole import workbook_bytes
from corpfin.workbook.wiring import ONE, Shown
from corpfin.workbook.write import Plan, write_sheets

MEMBERS = "companies"
"""The one input of the sector that stands in no file: how many companies it has."""


@dataclass(frozen=True)
class SectorRun:
    """The central path of companies together: figures of the market and of the sector."""

    market_case: MarketCase
    market: Values
    sector: Values
    path: None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Months as ``YYYY-MM``."""
        return self.market_case.labels

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.market_case.scenario


class SectorPlan:
    """The sector's book laid out and not yet written."""

    def __init__(self, sector: Sector, values: list[Values]) -> None:
        self.settings: Settings = load_settings()
        self.run = SectorRun(sector.market_case, values[0], values[-1])
        self.book = Book(len(self.run.labels))
        market, labels = sector.market_case.market, [case.label for case in sector.cases]
        self.labels, filed = labels, with_capacity(market.origin or market)
        shown = (
            Shown(values[0].graph, values[0], own_inputs(market_inputs()), _tables(market, own=False), filed),
            Shown(values[-1].graph, values[-1], sector_inputs(), _tables(market, own=True), filed),
        )
        brought = dict(zip(labels, values[1:-1], strict=True))
        self.wiring = TogetherWiring(self.run, shown, brought, market.as_of, self.settings)
        self.inputs: InputsSheet = lay_out_inputs(self.book, self.wiring, self.settings.tolerance)
        self._members(self.inputs.sheet, labels)
        self.book.sheet(Sheet(SOURCES, "Sources", "", monthly=False))
        self.calendar = lay_out_timeline(self.book, self.wiring, self.inputs)
        lay_out_calculations(self.book, self.wiring, self.settings, frozenset())
        leads = {label: f"What the sector adds up of {label}, worked out in its own book" for label in labels}
        lay_out_brought(self.book, self.wiring, leads)
        self.calendar.date_months(self.book)

    def book_names(self, path: Path) -> dict[str, str]:
        """The names of the companies' books beside this one, by company."""
        return {label: f"{path.stem}-{book_name(label)}" for label in self.labels}

    def _members(self, sheet: Sheet, labels: list[str]) -> None:
        given = graphs_together()["sector"].given_by_key["", MEMBERS]
        sheet.head("Sector: those in it")
        row = Row(MEMBERS, given.meaning, given.unit, ", ".join(labels))
        row.constant = Cell(float(len(labels)), kind=Kind.CONSTANT)
        self.book.settle(sheet, Datum("sector", ONE, "", 0, MEMBERS), sheet.add(row), CONSTANT)


def company_plan(sector: Sector, values: list[Values], number: int) -> Plan:
    """The book of one company of the sector, counted from 0, laid out and not yet written."""
    projection = Projection(sector.cases[number], sector.market_case, values[0], values[1 + number])
    market, company = sector.market_case.market, projection.company
    base, own = base_of(company, market, projection.scenario), values[1 + number]
    shown = (
        Shown(values[0].graph, values[0], own_inputs(market_inputs()), market, base.market),
        Shown(own.graph, own, own_inputs(company_inputs()), company, base.company),
    )
    wiring = TogetherWiring(projection, shown, {"sector": values[-1]}, company.as_of, load_settings())
    plan = Plan(projection, wiring=wiring)
    lead = "What the sector came to, worked out in its own book: it is met here a month later"
    lay_out_brought(plan.book, wiring, {"sector": lead})
    plan.calendar.date_months(plan.book)
    return plan


def write_sector(path: str | Path, study: SectorStudy) -> list[Path]:
    """Write the sector of a study as a workbook with live formulas, and each company's book beside it.

    A company's book has the name of the sector's before its own: ``sector.xlsx`` and ``sector-mara.xlsx``. Returns the
    paths, the sector's first.
    """
    path, sector = Path(path), study.together
    values = project_together(sector)
    plan = SectorPlan(sector, values)
    books = [path.with_name(name) for name in plan.book_names(path).values()]
    for number, file in enumerate(books):
        write_plan(file, company_plan(sector, values, number))
    return [write_sector_plan(path, plan, study.impact), *books]


def write_sector_plan(path: Path, plan: SectorPlan, impact: str) -> Path:
    """Write the sector's book alone; returns the path."""

    def fill(workbook: Workbook) -> None:
        workbook.set_properties({
            "title": "Sector: financial model", "subject": plan.run.scenario.name,
            "comments": "Written by corpfin", "created": datetime.combine(plan.wiring.as_of, datetime.min.time()),
        })  # fmt: skip
        workbook.set_calc_mode("auto")
        styles = Styles(workbook, plan.settings)
        pages = {name: workbook.add_worksheet(name) for name in (COVER, *plan.book.sheets)}
        SectorCover(pages[COVER], styles, plan).show(impact, plan.book_names(path))
        write_sources(pages[SOURCES], styles, (plan.run.market_case.market,))
        subject = f"Sector of {len(plan.labels)} companies, scenario {plan.run.scenario.name}"
        write_sheets(workbook, pages, styles, plan.book, plan.inputs, subject, plan.run.labels)
        pages[COVER].activate()

    write_whole(path, workbook_bytes(fill))
    return path


class SectorCover(Cover):
    """The first sheet of the sector's book."""

    def __init__(self, page: Worksheet, styles: Styles, plan: SectorPlan) -> None:
        settings = replace(plan.settings, headline=plan.settings.sector_headline)
        self.page, self.styles, self.book, self.wiring, self.settings = page, styles, plan.book, plan.wiring, settings
        self.run, self.row = plan.run, HEADING_ROW - 1

    def show(self, impact: str, own: Mapping[str, str]) -> None:
        """Write everything; ``own`` are the names of the companies' books."""
        page, run = self.page, self.run
        for column, width in ((0, 2), (LABEL, 58), (UNIT, 12), (VALUE, 20), (VALUE + 1, 20), (VALUE + 2, 20)):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(0, LABEL, f"Sector of {len(own)} companies", self.styles.text("title"))
        lead = "Market and sector are formulas; what each company does is given by month, on its sheet"
        page.write_string(1, LABEL, lead, self.styles.text("lead"))
        self.headline()
        self.band("Companies", "", "Its lines here", "Its own book")
        for label, file in own.items():
            page.write_string(self.row, LABEL, clean(label), self.styles.text("label"))
            sheet, address = brought_sheet(label), self.styles.text("address")
            page.write_url(self.row, VALUE, f"internal:'{sheet}'!A1", address, sheet)
            page.write_url(self.row, VALUE + 1, f"external:{file}", address, file)
            self.row += 1
        self.band("About this book")
        for label, value in (
            ("Balance-sheet date", f"{self.wiring.as_of}"),
            ("Months", f"{run.labels[0]} to {run.labels[-1]}, central path, no noise"),
            ("Scenario", run.scenario.name),
            ("Story", " ".join(run.scenario.story.split())),
            ("What has happened and is seen", run.market_case.known),
            ("Impact of sales on the price", impact),
            ("Version of corpfin", corpfin_version()),
            ("Market file, SHA-256 of its figures", run.market_case.market.digest()),
        ):
            self.line(label, "", Cell(value, kind=Kind.CONSTANT), self.styles.text("label"))
            self.row += 1
        self.contents()
        self.colours()


def _tables(market: Market, *, own: bool) -> Market:
    """The market file with the table that the sector alone reads, or with all others."""
    return replace(market, rows=tuple(row for row in market.rows if (row.table == SECTOR) is own))
