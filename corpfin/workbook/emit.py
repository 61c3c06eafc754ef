"""Rows of the book put into a file with XlsxWriter: values beside formulas, frozen panes, groups, print set-up."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.workbook.book import (
    DATE_ROW,
    FIRST_MONTH,
    HEADING_ROW,
    HEADINGS,
    INPUTS,
    LABEL,
    LEAD_ROW,
    NOTE,
    SECTION,
    TITLE_ROW,
    UNIT,
    Book,
    Cell,
    Heading,
    Kind,
    Row,
    Sheet,
    clean,
)
from corpfin.workbook.styles import Styles

EPOCH = date(1899, 12, 30)
WIDTHS = {SECTION: 15, LABEL: 60, UNIT: 12, NOTE: 30, 4: 12, 5: 12, 6: 12}
MONTH_WIDTH = 10.5
PAGES_WIDE = 3
OUTPUT_NAME_WIDTH = 34
INPUT_WIDTHS = WIDTHS | {
    SECTION: 26,
    NOTE: 44,
    4: 14,
    5: 16,
    6: 14,
    7: 14,
    8: 9,
    9: 12,
    10: 11,
    11: 11,
    12: 11,
    13: 10,
    14: 22,
    15: 34,
}


def emit(workbook: Workbook, styles: Styles, book: Book, sheet: Sheet, subject: str) -> Worksheet:
    """Write one sheet."""
    page = workbook.get_worksheet_by_name(sheet.name)
    assert page is not None
    page.write_string(TITLE_ROW - 1, 0, sheet.title, styles.text("title"))
    lead = "static lead" if sheet.lead.startswith("STATIC") else "lead"
    page.write_string(LEAD_ROW - 1, 0, clean(f"{subject}. {sheet.lead}"), styles.text(lead))
    for column, heading in enumerate(sheet.headings):
        side = "heading right" if column > NOTE else "heading"
        page.write_string(HEADING_ROW - 1, column, heading, styles.text(side))
    if sheet.dates is not None:
        _months(page, DATE_ROW - 1, sheet.dates, styles.over_month(sheet.dates.unit))
    if sheet.numbers is not None:
        _months(page, HEADING_ROW - 1, sheet.numbers, styles.text("month number"))
    _fold(page, sheet)
    last = max(_width(book, sheet), len(sheet.headings))
    for number, row in sheet.rows.items():
        if isinstance(row, Heading):
            style = styles.text("minor band" if row.minor else "band")
            for column in range(0 if not row.minor else last, last):
                page.write_blank(number - 1, column, None, style)
            page.write_string(number - 1, LABEL if row.minor else SECTION, row.text, style)
        else:
            _row(page, styles, number - 1, row)
    _look(page, book, sheet)
    return page


def _width(book: Book, sheet: Sheet) -> int:
    """Number of columns in use."""
    if sheet.dates is not None:
        return FIRST_MONTH + len(sheet.dates.value)
    return FIRST_MONTH + book.months if sheet.monthly else len(sheet.headings)


def _row(page: Worksheet, styles: Styles, number: int, row: Row) -> None:
    texts = {SECTION: row.section, LABEL: row.label, UNIT: row.unit, NOTE: row.note}
    for column, style in ((SECTION, "section"), (LABEL, "label"), (UNIT, "unit"), (NOTE, "note")):
        page.write_string(number, column, clean(texts[column]), styles.text(style))
    for column, cell in row.cells().items():
        unit = cell.unit or row.unit
        write(page, number, column, cell, cell.value, styles.number(cell.kind, unit))
        if cell.validation:
            page.data_validation(number, column, number, column, cell.validation)
    if row.months is not None:
        _months(page, number, row.months, styles.number(row.months.kind, row.months.unit or row.unit))


def _fold(page: Worksheet, sheet: Sheet) -> None:
    """Groups of rows: links may be folded away, spare slots are, and unfold by the sign beside the row below them."""
    for number, row in sheet.rows.items():
        if row.folded is not None:
            page.set_row(number - 1, None, None, {"level": 1, "hidden": row.folded})
        elif isinstance(row, Row) and row.grouped:
            page.set_row(number - 1, None, None, {"level": 1})
        if row.folded and (number + 1 not in sheet.rows or sheet.rows[number + 1].folded is None):
            page.set_row(number, None, None, {"collapsed": True})


def _months(page: Worksheet, number: int, cell: Cell, style: Any) -> None:
    cell = cell.made()
    for month, value in enumerate(cell.value):
        write(page, number, FIRST_MONTH + month, cell, value, style)


def write(page: Worksheet, row: int, column: int, cell: Cell, value: Any, style: Any) -> None:
    """Write one cell: a formula with the engine's value beside it, else the value; text is never interpreted."""
    shown = serial(value)
    if cell.formula is not None:
        cached = "" if shown is None else shown
        page.write_formula(row, column, cell.text(column), style, cached)
    elif shown is None:
        page.write_blank(row, column, None, style)
    elif isinstance(shown, bool):
        page.write_boolean(row, column, shown, style)
    elif isinstance(shown, str):
        page.write_string(row, column, clean(shown), style)
    else:
        page.write_number(row, column, shown, style)


def serial(value: Any) -> Any:
    """A value as a spreadsheet stores it: days for dates, nothing for what is not a number."""
    if isinstance(value, date):
        return float((value - EPOCH).days)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _look(page: Worksheet, book: Book, sheet: Sheet) -> None:
    """Widths, frozen panes, groups of months, print set-up."""
    months = sheet.monthly or sheet.dates is not None
    first = {SECTION: OUTPUT_NAME_WIDTH} if sheet.headings[SECTION] != HEADINGS[SECTION] else {}
    for column, width in (INPUT_WIDTHS if sheet.name == INPUTS else WIDTHS | first).items():
        page.set_column(column, column, width)
    if months:
        page.set_column(FIRST_MONTH, _width(book, sheet) - 1, MONTH_WIDTH)
        page.repeat_columns(SECTION, UNIT)
    page.freeze_panes(HEADING_ROW, FIRST_MONTH if months else UNIT)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(8 if months else 9)
    page.repeat_rows(TITLE_ROW - 1, HEADING_ROW - 1)
    page.fit_to_pages(PAGES_WIDE if months else 1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&8&A&R&8&P of &N")


def group_months(page: Worksheet, labels: tuple[str, ...]) -> None:
    """Put the months before each December into a group, so that a year can be closed down to its end."""
    for month, label in enumerate(labels):
        if not label.endswith("-12") and month < len(labels) - 1:
            page.set_column(FIRST_MONTH + month, FIRST_MONTH + month, MONTH_WIDTH, None, {"level": 1})


KINDS_IN_WORDS = {
    Kind.INPUT: "Input: may be changed, on the sheet Inputs",
    Kind.GIVEN: "Given by month: history, draws of the path, shocks of the scenario",
    Kind.CALCULATION: "Formula",
    Kind.LINK: "Link: pulled from another sheet",
    Kind.STATIC: "Static value: a result of a simulation",
}
