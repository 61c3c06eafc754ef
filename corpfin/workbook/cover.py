"""The cover: what the book is about, whether it holds, what happens, where things are; and the list of sources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from xlsxwriter.worksheet import Worksheet

from corpfin.inputs.documents import Document
from corpfin.runs.projection import Projection
from corpfin.runs.readings import BILLS
from corpfin.runs.simulation import Simulation
from corpfin.workbook.book import (
    HEADING_ROW,
    INPUTS,
    LEAD_ROW,
    OPENING,
    SCENARIO_SHEET,
    TIMELINE,
    TITLE_ROW,
    Book,
    Cell,
    Kind,
    Row,
    clean,
    month_column,
    quoted,
)
from corpfin.workbook.emit import KINDS_IN_WORDS, serial
from corpfin.workbook.files_sheet import base_of
from corpfin.workbook.inputs_sheet import CHANGES
from corpfin.workbook.settings import Settings
from corpfin.workbook.styles import RED, Styles
from corpfin.workbook.timeline import Calendar
from corpfin.workbook.wiring import Wiring

COVER, SOURCES = "Cover", "Sources"
TICKER, SCENARIO, MONTHS = "Ticker", "Scenario", "Months"
RAN = "Run"
KNOWN = "What has happened and is seen"
SCENARIO_DIGEST = "Scenario, SHA-256"
FORMULAS_DIGEST = "Formulas, SHA-256"
SHEETS, CHARTS_DRAWN = "Sheets of the model", "Charts of the model"
COMPANY_DIGEST, MARKET_DIGEST = "Company file, SHA-256 of its figures", "Market file, SHA-256 of its figures"
GIVEN_DIGEST = "History, draws and shocks, SHA-256"
LABEL, UNIT, VALUE = 1, 2, 3
PROTECTED = "Without password, against typing over formulas: lift it (Review) to open groups of rows and months"
MOST_LINES = 2_000
"""Rows of a cover that are read."""

HOLDS = '[=0]"all checks hold";[Red]0" checks fail"'
NO_DEFAULT = '[=0]"no default";[Red]mmmm yyyy'
WEB = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&()*+,;=%\-]{1,2000}")


def corpfin_version() -> str:
    """The installed version, or that it runs from source."""
    try:
        return version("corpfin")
    except PackageNotFoundError:
        return "from source"


def given_digest(values: Iterable[Any]) -> str:
    """SHA-256 of given numbers, to the digits every program keeps."""
    return hashlib.sha256("\n".join(f"{value:.12g}" for value in values).encode()).hexdigest()


def months_said(text: str) -> int:
    """Number of months in what the cover says of them; 0 where it says something else.

    >>> months_said("2026-07 to 2031-06"), months_said("2026-07 onwards")
    (60, 0)
    """
    found = re.fullmatch(r"(\d{4})-(\d\d) to (\d{4})-(\d\d)", text)
    first_year, first, last_year, last = map(int, found.groups()) if found else (0, 1, 0, 0)
    return (last_year - first_year) * 12 + last - first + 1


def read_cover(page: Any) -> dict[str, str]:
    """The texts of a cover that was read with openpyxl, by their labels; the names of sheets come last and give way."""
    found: dict[str, str] = {}
    for row in page.iter_rows(max_col=VALUE + 1, max_row=MOST_LINES):
        if row[LABEL].value is not None and row[VALUE].value is not None:
            found.setdefault(str(row[LABEL].value), str(row[VALUE].value))
    return found


class Cover:
    """Writes the cover from top to bottom."""

    def __init__(
        self, page: Worksheet, styles: Styles, book: Book, wiring: Wiring, settings: Settings, projection: Projection
    ) -> None:
        self.projection = projection
        self.page, self.styles, self.book, self.wiring, self.settings = page, styles, book, wiring, settings
        self.row = TITLE_ROW - 1
        self.failure = ""

    def write(self, calendar: Calendar, simulation: Simulation | None, charts: Mapping[str, int]) -> None:
        """Write everything; ``charts`` has the number of them by sheet."""
        projection = self.projection
        company, page = projection.company, self.page
        for column, width in ((0, 2), (LABEL, 58), (UNIT, 12), (VALUE, 20), (4, 20), (5, 20)):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(0, LABEL, clean(f"{company.name} ({company.ticker})"), self.styles.text("title"))
        page.write_string(1, LABEL, "Monthly financial model: every figure follows from the sheet Inputs",
                          self.styles.text("lead"))  # fmt: skip
        self.row = HEADING_ROW - 1
        self.outcome(calendar)
        self.headline()
        self.about(simulation, charts)
        self.contents()
        self.bills()
        self.colours()
        self.notes("Left out of the company file", company.left_out)
        self.notes("Notes of the company file", company.notes)
        page.print_area(0, 0, self.row, VALUE + 2)

    def band(self, *texts: str) -> None:
        self.row += 1
        for column in range(LABEL, VALUE + 3):
            text = texts[column - LABEL] if column - LABEL < len(texts) else ""
            style = "band right" if column >= VALUE else "band"
            self.page.write_string(self.row, column, text, self.styles.text(style))
        self.row += 1

    def line(self, label: str, unit: str, cell: Cell, style: Any = None, column: int = VALUE) -> None:
        self.page.write_string(self.row, LABEL, clean(label), self.styles.text("label"))
        self.page.write_string(self.row, UNIT, unit, self.styles.text("unit"))
        look = style or self.styles.number(cell.kind, cell.unit or unit)
        if cell.formula is not None:
            self.page.write_formula(self.row, column, cell.text(column), look, serial(cell.value))
        elif isinstance(cell.value, str):
            self.page.write_string(self.row, column, clean(cell.value), look)
        else:
            self.page.write_number(self.row, column, serial(cell.value), look)

    def outcome(self, calendar: Calendar) -> None:
        """The master check, and the month of a default and the first unpaid bill."""
        settings, wiring = self.settings, self.wiring
        last = month_column(self.book.months - 1)
        month = wiring.row(settings.failure_month)
        number, bill = (
            f"{quoted(home.sheet)}!${last}${home.row}"
            for home in (self.book.homes[month], self.book.homes[wiring.row(settings.failure_bill)])
        )
        when = int(wiring.value(month)[-1])
        code = int(wiring.value(wiring.row(settings.failure_bill))[-1])
        ends = f"{TIMELINE}!{self.book.months_of(calendar.end)}"
        day = calendar.ends[when - 1] if when else 0.0
        self.band("Outcome")
        bold = {"bold": True, "align": "right", "font_color": "#00753A", "font_name": "Arial", "font_size": 9}
        self.line("Master check", "count", Cell(0.0, self.book.master, Kind.LINK),
                  self.styles.special("holds", bold | {"num_format": HOLDS}))  # fmt: skip
        self.row += 1
        self.line("Month of default", "date", Cell(day, f"IF({number}>0,INDEX({ends},{number}),0)", Kind.LINK),
                  self.styles.special("default", bold | {"num_format": NO_DEFAULT}))  # fmt: skip
        self.row += 1
        changes = Cell(self.changes(), CHANGES, Kind.LINK)
        self.line("Inputs changed in this book", "count", changes)
        self.row += 1
        self.bill_row = self.row
        self.bill = (bill, code, self.styles.special("bill", bold))
        self.row += 1
        if when:
            home = self.book.homes[wiring.row(settings.failure)]
            target = f"internal:{quoted(home.sheet)}!{month_column(when - 1)}{home.row}"
            self.page.write_url(self.row, LABEL, target, self.styles.text("address"), "Go to the month money ran out")
            self.row += 1

    def changes(self) -> float:
        """The number of inputs that differ from the files."""
        row = self.book.sheets[INPUTS].rows[self.book.names[CHANGES]]
        assert isinstance(row, Row)
        assert row.constant is not None
        return float(row.constant.value)

    def headline(self) -> None:
        """The main lines at the start, after a year and at the end."""
        year = min(12, self.book.months) - 1
        end = self.book.months - 1
        labels = self.wiring.run.labels
        self.band("Main figures", "Unit", "Opening", f"{labels[year]}", f"{labels[end]}")
        for name, label in self.settings.headline.items():
            datum = self.wiring.row(name)
            if datum not in self.book.homes:
                continue
            home = self.book.homes[datum]
            _, unit = self.wiring.describe(datum)
            row = self.book.sheets[home.sheet].rows[home.row]
            opening = getattr(row, "opening", None)
            columns = [(VALUE, OPENING, opening.value)] if opening is not None else []
            values = self.wiring.value(datum)
            columns += [(VALUE + 1, 7 + year, values[year]), (VALUE + 2, 7 + end, values[end])]
            for column, source, value in columns:
                letters = month_column(source - 7) if source >= 7 else "G"
                text = f"{quoted(home.sheet)}!${letters}${home.row}"
                self.line(label, unit, Cell(value, text, Kind.LINK, unit=self.wiring.look(datum)), column=column)
            self.row += 1

    def about(self, simulation: Simulation | None, charts: Mapping[str, int]) -> None:
        """Scenario, path, seed, versions and the hash of the inputs."""
        projection = self.projection
        path = "central path, no noise" if projection.path is None else f"simulated path {projection.path}"
        seed = f"{simulation.seed}, {simulation.paths:,} paths" if simulation else "no simulation in this book"
        base = base_of(projection.company, projection.market_case.market, projection.scenario)
        self.band("About this book")
        for label, value in (
            (TICKER, projection.company.ticker),
            (RAN, self.wiring.ran),
            ("Balance-sheet date", f"{projection.company.as_of}"),
            (MONTHS, f"{projection.labels[0]} to {projection.labels[-1]}"),
            (SCENARIO, projection.scenario.name),
            ("Story", " ".join(projection.scenario.story.split())),
            (KNOWN, projection.market_case.known),
            ("Path", path),
            ("Seed and number of paths", seed),
            ("Version of corpfin", corpfin_version()),
            (COMPANY_DIGEST, base.company.digest()),
            (MARKET_DIGEST, base.market.digest()),
            (SCENARIO_DIGEST, projection.scenario.digest()),
            (GIVEN_DIGEST, given_digest(self.given())),
            (FORMULAS_DIGEST, self.book.digest()),
            (SHEETS, ", ".join((COVER, *self.book.sheets))),
            (CHARTS_DRAWN, ", ".join(f"{name}: {count}" for name, count in charts.items())),
        ):
            self.line(label, "", Cell(value, kind=Kind.CONSTANT), self.styles.text("label"))
            self.row += 1

    def given(self) -> Iterator[Any]:
        """History, draws and shocks, as they stand on the timeline."""
        sheets = (self.book.sheets[name] for name in (TIMELINE, SCENARIO_SHEET) if name in self.book.sheets)
        return (value for sheet in sheets for _, _, cell, value in sheet.cells() if cell.kind is Kind.GIVEN)

    def contents(self) -> None:
        """The sheets, with links."""
        self.band("Contents")
        for sheet in self.book.sheets.values():
            self.page.write_url(
                self.row, LABEL, f"internal:{quoted(sheet.name)}!A1", self.styles.text("address"), sheet.name
            )
            self.page.write_string(self.row, VALUE, sheet.title, self.styles.text("label"))
            self.row += 1

    def bills(self) -> None:
        """The words for the first unpaid bill."""
        self.band("First unpaid bills")
        first = self.row + 1
        for code, bill in BILLS.items():
            self.line(bill, "", Cell(float(code), kind=Kind.CONSTANT, unit="count"))
            self.row += 1
        reference, code, style = self.bill
        names = f"$B${first}:$B${self.row}"
        here, self.row = self.row, self.bill_row
        self.line("First unpaid bill", "text", Cell(BILLS[code], f"INDEX({names},{reference}+1)", Kind.LINK),
                  style)  # fmt: skip
        other = f"$D${self.row + 1}<>$B${first}"
        red = {"type": "formula", "criteria": f"={other}", "format": self.styles.special("cause", {"font_color": RED})}
        self.page.conditional_format(self.row, VALUE, self.row, VALUE, red)
        self.row = here

    def colours(self) -> None:
        """How the sheets are protected, and what the colours mean."""
        self.band("Protection")
        self.page.write_string(self.row, LABEL, PROTECTED, self.styles.text("label"))
        self.row += 1
        self.band("Colours")
        for kind, words in KINDS_IN_WORDS.items():
            self.line(words, "", Cell(0.0, kind=kind), self.styles.number(kind, "text"))
            self.page.write_string(self.row, VALUE, "123.4", self.styles.number(kind, "text"))
            self.row += 1

    def notes(self, heading: str, notes: tuple[str, ...]) -> None:
        """Remarks of the company file under their heading."""
        if notes:
            self.band(heading)
        for note in notes:
            self.page.merge_range(self.row, LABEL, self.row, VALUE + 2, "", self.styles.text("story"))
            self.page.write_string(self.row, LABEL, clean(note), self.styles.text("story"))
            self.page.set_row(self.row, 12.5 * (1 + len(note) // 140))
            self.row += 1


def write_sources(page: Worksheet, styles: Styles, documents: Iterable[Document]) -> None:
    """The documents that figures are taken from, those of the first file first."""
    page.write_string(TITLE_ROW - 1, 0, "Sources", styles.text("title"))
    lead = "Documents the figures of the sheet Inputs are taken from"
    page.write_string(LEAD_ROW - 1, 0, lead, styles.text("lead"))
    for column, (heading, width) in enumerate(
        (("File", 12), ("Id", 24), ("Title", 70), ("Date", 12), ("Address", 70), ("Note", 60))
    ):
        page.set_column(column, column, width)
        page.write_string(HEADING_ROW - 1, column, heading, styles.text("heading"))
    page.freeze_panes(HEADING_ROW, 2)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    row = HEADING_ROW
    for document in documents:
        for source in document.provenance.sources.values():
            for column, text in enumerate((document.file.name, source.id, source.title)):
                page.write_string(row, column, clean(text), styles.text("label"))
            if source.date:
                page.write_number(row, 3, serial(source.date), styles.number(Kind.CONSTANT, "date"))
            if source.url and WEB.fullmatch(source.url):
                page.write_url(row, 4, source.url, styles.text("address"), source.url)
            elif source.url:
                page.write_string(row, 4, clean(source.url), styles.text("label"))
            page.write_string(row, 5, clean(source.note or ""), styles.text("note"))
            row += 1
