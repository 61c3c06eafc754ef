"""A comparison as a book: a cover, one sheet a question with all companies side by side and its chart, and their books.

Its figures are static. What is live is the book of each company, written beside it where that is asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from corpfin.common.columns import TEXT, Column, name_of_error
from corpfin.common.files import write_whole
from corpfin.runs.outcome import SURVIVES
from corpfin.runs.projection import project
from corpfin.studies.compare import Comparison, difference_columns
from corpfin.workbook.book import HEADING_ROW, LEAD_ROW, TITLE_ROW, Cell, Kind, clean, quoted
from corpfin.workbook.charts import draw
from corpfin.workbook.cover import COVER, LABEL, UNIT, VALUE, Cover, corpfin_version
from corpfin.workbook.emit import serial
from corpfin.workbook.save import write_workbook
from corpfin.workbook.settings import ChartSettings, load_settings
from corpfin.workbook.styles import AMBER, Styles
from corpfin.workbook.whole import workbook_bytes

MATURITIES, DIFFERENCES, MISSING = "Maturities", "Differences", "Missing"
PER_CENT = "%"
"""How the unit of a share is written over its column; every figure of unit 1 that companies are compared by is one."""

READING = (
    ("Grey figure", "a static value: a result of the simulation or of the central path, which follows nothing"),
    ("Error", "standard error of the figure before it; a chart shows one to either side"),
    ("Dash, or an empty cell", "nothing, or a figure that the company has not"),
    ("Survival", SURVIVES.partition(": ")[2]),
)


def book_name(label: str) -> str:
    """The file name of a company's own book.

    >>> book_name("MARA")
    'mara.xlsx'
    """
    return f"{label.replace(' ', '-').lower()}.xlsx"


def write_comparison(path: str | Path, comparison: Comparison, books: str | Path | None = None) -> list[Path]:
    """Write a comparison as a workbook of static values; returns its path and those of the other files written.

    With ``books``, a folder, the book of each company is written there (``mara.xlsx``) as :func:`write_workbook` does
    it, with the simulation that companies are compared by, and linked.
    """
    path = Path(path)
    own = {} if books is None else _write_books(Path(books), comparison)
    links = {label: _from(file, path.parent) for label, file in own.items()}

    def fill(workbook: Workbook) -> None:
        writer = _Writer(workbook, comparison, links)
        writer.sheets()
        _ComparisonCover(writer).show()

    write_whole(path, workbook_bytes(fill))
    return [path, *own.values()]


def _write_books(folder: Path, comparison: Comparison) -> dict[str, Path]:
    """Write the book of every company on its central path; their paths by company."""
    folder.mkdir(parents=True, exist_ok=True)
    simulation, found = comparison.simulation, {}
    for label, outcome in simulation.outcomes.items():
        case = simulation.market_case
        company, months = outcome.case.company, simulation.months
        shown = project(company, case.scenario, months=months, market=case.market, known=case.known)
        found[label] = write_workbook(folder / book_name(label), shown, simulation)
    return found


def _from(file: Path, folder: Path) -> str:
    """A file as a book in a folder names it: by the way to it, or whole where there is none from drive to drive."""
    try:
        return os.path.relpath(file, folder)
    except ValueError:
        return str(file.resolve())


def _plain(name: Any, unit: str, label: str = "") -> Column[Any]:
    """A column of a table that is no study's."""
    return Column(name, unit, label or str(name), "", lambda row: row[name])


class _Writer:
    """Writes tables with a company a row; ``links`` are the companies' own books as this one names them."""

    def __init__(self, workbook: Workbook, comparison: Comparison, links: Mapping[str, str]) -> None:
        self.workbook, self.comparison, self.links = workbook, comparison, links
        self.settings = load_settings()
        self.styles = Styles(workbook, self.settings)
        self.about = (
            f"STATIC VALUES: scenario {comparison.scenario}, seed {comparison.seed}, {comparison.paths:,} paths"
        )
        self.cover: Worksheet = workbook.add_worksheet(COVER)
        self.questions: dict[str, str] = {}
        self.left = 2 if links else 1

    def sheets(self) -> None:
        """Every sheet but the cover."""
        comparison = self.comparison
        for question in self.settings.comparison:
            columns = [column for column in comparison.columns if column.sheet == question.name]
            page = self.sheet(question.name, question.question, comparison.table, columns)
            self.chart(page, question.name, question.chart, columns)
        debts = comparison.maturities.reset_index(level="debt")
        lead = "When does principal fall due: notes by contract, project loans as the model pays them?"
        columns = [_plain(name, TEXT, "Debt") if name == "debt" else _plain(name, "USD m") for name in debts]
        self.sheet(MATURITIES, lead, debts, columns)
        lead = f"How much more or less often than {comparison.reference}, on the same paths?"
        self.sheet(DIFFERENCES, lead, comparison.differences, difference_columns(comparison.months))
        if comparison.failures:
            reasons = {name: "; ".join(map(str, failure.problems)) for name, failure in comparison.failures.items()}
            table = pd.DataFrame({"reason": pd.Series(reasons, dtype=object)})
            self.sheet(MISSING, "Which companies are missing, and why?", table, [_plain("reason", TEXT, "Reason")])

    def sheet(self, name: str, question: str, table: pd.DataFrame, columns: Sequence[Column[Any]]) -> Worksheet:
        """One sheet: the question, headings with units, a row a company."""
        self.questions[name] = question
        table, units = table[[column.name for column in columns]], [column.unit for column in columns]
        page: Worksheet = self.workbook.add_worksheet(name)
        page.write_string(TITLE_ROW - 1, 0, question, self.styles.text("title"))
        page.write_string(LEAD_ROW - 1, 0, self.about, self.styles.text("static lead"))
        headings = ["Company", *(["Its book"] if self.links else []), *(column.label for column in columns)]
        for column, heading in enumerate(headings):
            side = "heading" if column < self.left else "heading right"
            page.write_string(HEADING_ROW - 1, column, heading, self.styles.text(side))
        for column, unit in enumerate(units, self.left):
            shown = {"1": PER_CENT, TEXT: ""}.get(unit, unit)
            page.write_string(HEADING_ROW - 2, column, shown, self.styles.text("unit right"))
        labels = [str(label) for label in table.index]
        for row, (label, values) in enumerate(zip(labels, table.itertuples(index=False), strict=True), HEADING_ROW):
            page.write_string(row, 0, label, self.styles.text("label"))
            self.link(page, row, 1, label)
            for column, (value, unit) in enumerate(zip(values, units, strict=True), self.left):
                self.value(page, row, column, value, unit)
        page.set_row(HEADING_ROW - 1, 26)
        page.set_column(0, self.left - 1, 14)
        page.set_column(self.left, len(headings) - 1, 17)
        page.freeze_panes(HEADING_ROW, self.left)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 1)
        page.set_footer("&L&8&A&R&8&P of &N")
        return page

    def link(self, page: Worksheet, row: int, column: int, label: str) -> None:
        """The address of a company's own book, where it was written."""
        if label in self.links:
            file = self.links[label]
            page.write_url(row, column, f"external:{file}", self.styles.text("address"), Path(file).name)

    def value(self, page: Worksheet, row: int, column: int, value: Any, unit: str) -> None:
        """One static value; nothing where there is none."""
        style = self.styles.number(Kind.STATIC, "share" if unit == "1" else unit)
        if isinstance(value, str):
            page.write_string(row, column, clean(value), style)
        elif (shown := serial(value)) is None:
            page.write_blank(row, column, None, style)
        else:
            page.write_number(row, column, float(shown), style)

    def chart(self, page: Worksheet, name: str, settings: ChartSettings, columns: Sequence[Column[Any]]) -> None:
        """Companies side by side in a chart under their table, with the errors of what has one."""
        names = [str(column.name) for column in columns]
        first, last = HEADING_ROW, HEADING_ROW + len(self.comparison.table) - 1

        def span(column: str) -> list[Any]:
            place = self.left + names.index(column)
            return [name, first, place, last, place]

        series = []
        for line, label in settings.lines.items():
            column = line if line in names else [name for name in names if re.fullmatch(rf"{line}_\d+", name)][-1]
            found: dict[str, Any] = {"name": label, "categories": [name, first, 0, last, 0], "values": span(column)}
            if (error := name_of_error(column)) in names:
                letters = xl_col_to_name(self.left + names.index(error))
                cells = f"={quoted(name)}!${letters}${first + 1}:${letters}${last + 1}"
                bars = {"type": "custom", "plus_values": cells, "minus_values": cells}
                found["y_error_bars"] = bars | {"line": {"color": AMBER, "width": 1.5}}
            series.append(found)
        page.insert_chart(last + 2, 0, draw(self.workbook, settings, series, {}))


class _ComparisonCover(Cover):
    """The first sheet of the book."""

    def __init__(self, writer: _Writer) -> None:
        self.writer, self.page, self.styles = writer, writer.cover, writer.styles
        self.row = HEADING_ROW - 2

    def show(self) -> None:
        """Write everything."""
        page, writer, comparison = self.page, self.writer, self.writer.comparison
        for column, width in ((0, 2), (LABEL, 26), (UNIT, 52), (VALUE, 20), (VALUE + 1, 20), (VALUE + 2, 20)):
            page.set_column(column, column, width)
        page.hide_gridlines(2)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        outcomes = comparison.simulation.outcomes
        count = f"{len(outcomes)} compan{'y' if len(outcomes) == 1 else 'ies'} side by side"
        page.write_string(0, LABEL, f"{count}, on the same paths", self.styles.text("title"))
        lead = "Who survives, what it costs, how far the money lasts and how far each has come with AI"
        page.write_string(1, LABEL, lead, self.styles.text("lead"))
        self.band("Sheets", "The question each answers")
        for name, question in writer.questions.items():
            page.write_url(self.row, LABEL, f"internal:{quoted(name)}!A1", self.styles.text("address"), name)
            page.write_string(self.row, UNIT, question, self.styles.text("label"))
            self.row += 1
        case = comparison.simulation.market_case
        self.told("How it was run", (
            ("Scenario", case.scenario.name),
            ("Story", " ".join(case.scenario.story.split())),
            ("Balance-sheet date", f"{case.market.as_of}"),
            ("Months", f"{case.labels[0]} to {case.labels[-1]}"),
            ("What has happened and is seen", str(comparison.known)),
            ("Paths and seed", f"{comparison.paths:,} paths, seed {comparison.seed}"),
            ("Differences are taken from", comparison.reference),
            ("Version of corpfin", corpfin_version()),
        ))  # fmt: skip
        self.band("Companies", "Name", *(["Its own book"] if writer.links else []))
        for label, outcome in outcomes.items():
            self.line(label, "", Cell(clean(outcome.case.company.name), kind=Kind.CONSTANT), self.styles.text("label"),
                      UNIT)  # fmt: skip
            writer.link(page, self.row, VALUE, label)
            self.row += 1
        self.told("How to read it", READING)
        page.activate()

    def told(self, heading: str, lines: Sequence[tuple[str, str]]) -> None:
        """Words beside what they explain."""
        self.band(heading)
        for label, words in lines:
            self.page.write_string(self.row, LABEL, label, self.styles.text("story"))
            self.page.merge_range(self.row, UNIT, self.row, VALUE + 2, "", self.styles.text("story"))
            self.page.write_string(self.row, UNIT, clean(words), self.styles.text("story"))
            self.page.set_row(self.row, 12.5 * (1 + len(words) // 110))
            self.row += 1
