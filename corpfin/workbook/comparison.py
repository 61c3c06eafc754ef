"""A comparison as a book: one sheet a question, all companies side by side, each with the name of its own book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.common.columns import Column
from corpfin.common.files import write_whole
from corpfin.studies.compare import Comparison, difference_columns
from corpfin.workbook.book import HEADING_ROW, LEAD_ROW, TITLE_ROW, Kind
from corpfin.workbook.emit import serial
from corpfin.workbook.settings import load_settings
from corpfin.workbook.styles import Styles
from corpfin.workbook.whole import workbook_bytes

FIRST_COLUMN = 2
MATURITIES, DIFFERENCES, MISSING = "Maturities", "Differences", "Missing"


def book_name(label: str) -> str:
    """The file name a company's own book is linked under, beside this one.

    >>> book_name("MARA")
    'mara.xlsx'
    """
    return f"{label.replace(' ', '-').lower()}.xlsx"


def write_comparison(path: str | Path, comparison: Comparison) -> list[Path]:
    """Write a comparison as a workbook of static values; returns its path, the one file written.

    The books of the companies are linked by name (``mara.xlsx``) and looked for in the same folder.
    """
    path = Path(path)

    def fill(workbook: Workbook) -> None:
        writer = _Writer(workbook, comparison)
        for question in writer.settings.comparison:
            columns = [column for column in comparison.columns if column.sheet == question.name]
            writer.sheet(question.name, question.question, comparison.table, columns)
        debts = comparison.maturities.reset_index(level="debt")
        lead = "When does principal fall due: notes by contract, project loans as the model pays them?"
        writer.sheet(MATURITIES, lead, debts, [_plain(name, "text" if name == "debt" else "USD m") for name in debts])
        lead = f"How much more or less often than {comparison.reference}, on the same paths?"
        writer.sheet(DIFFERENCES, lead, comparison.differences, difference_columns(comparison.months))
        if comparison.failures:
            reasons = {name: "; ".join(map(str, failure.problems)) for name, failure in comparison.failures.items()}
            table = pd.DataFrame({"reason": pd.Series(reasons, dtype=object)})
            writer.sheet(MISSING, "Which companies are missing, and why?", table, [_plain("reason", "text")])

    write_whole(path, workbook_bytes(fill))
    return [path]


def _plain(name: Any, unit: str) -> Column[Any]:
    """A column of a table that is no study's: it is called what it is named."""
    return Column(name, unit, str(name), "", lambda row: row[name])


class _Writer:
    """Writes tables with a company a row."""

    def __init__(self, workbook: Workbook, comparison: Comparison) -> None:
        self.workbook, self.settings = workbook, load_settings()
        self.styles = Styles(workbook, self.settings)
        simulation = comparison.simulation
        scenario = simulation.market_case.scenario.name
        self.about = f"STATIC VALUES: scenario {scenario}, seed {simulation.seed}, {simulation.paths:,} paths"

    def sheet(self, name: str, question: str, table: pd.DataFrame, columns: Sequence[Column[Any]]) -> None:
        """One sheet: the question, headings with units, a row a company."""
        table, units = table[[column.name for column in columns]], [column.unit for column in columns]
        page: Worksheet = self.workbook.add_worksheet(name)
        page.write_string(TITLE_ROW - 1, 0, question, self.styles.text("title"))
        page.write_string(LEAD_ROW - 1, 0, self.about, self.styles.text("static lead"))
        headings = ["Company", "Its book", *(column.label for column in columns)]
        for column, heading in enumerate(headings):
            side = "heading" if column < FIRST_COLUMN else "heading right"
            page.write_string(HEADING_ROW - 1, column, heading, self.styles.text(side))
            if column >= FIRST_COLUMN:
                page.write_string(HEADING_ROW - 2, column, units[column - FIRST_COLUMN], self.styles.text("unit right"))
        labels = [str(label) for label in table.index]
        for row, (label, values) in enumerate(zip(labels, table.itertuples(index=False), strict=True), HEADING_ROW):
            page.write_string(row, 0, label, self.styles.text("label"))
            own = book_name(label)
            page.write_url(row, 1, f"external:{own}", self.styles.text("address"), own)
            for column, (value, unit) in enumerate(zip(values, units, strict=True), FIRST_COLUMN):
                self.value(page, row, column, value, unit)
        page.set_column(0, 1, 14)
        page.set_column(FIRST_COLUMN, len(headings) - 1, 17)
        page.freeze_panes(HEADING_ROW, FIRST_COLUMN)
        page.hide_gridlines(2)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def value(self, page: Worksheet, row: int, column: int, value: Any, unit: str) -> None:
        """One static value; nothing where there is none."""
        style = self.styles.number(Kind.STATIC, unit)
        if isinstance(value, str):
            page.write_string(row, column, value, style)
        elif (shown := serial(value)) is None:
            page.write_blank(row, column, None, style)
        else:
            page.write_number(row, column, float(shown), style)
