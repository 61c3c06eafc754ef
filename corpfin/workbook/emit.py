"""Rows of the book put into a file with XlsxWriter: values beside formulas, frozen panes, groups, print set-up."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.runs.readings import BILLS
from corpfin.workbook.book import (
    CONSTANT,
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
    moves,
)
from corpfin.workbook.styles import RED, Styles

EPOCH = date(1899, 12, 30)
WIDTHS = {SECTION: 8, LABEL: 42, UNIT: 9, NOTE: 13, 4: 9, 5: 9, 6: 9}
MONTH_WIDTH = 9.5
"""With these eight months stand beside the frozen columns on a screen 1440 pixels wide."""

LONG = 4
"""Letters of a formula above which its cells share one text: a shorter one is said again in less."""

PAGES_WIDE = 3
SHORT, WRAPPED = 18, 26
"""Letters that stand on one line of a heading, and the height of two."""
PLAIN_WIDTHS = WIDTHS | {SECTION: 15, LABEL: 60, UNIT: 12, NOTE: 30, 4: 14, 5: 14, 6: 14}
PAGED_WIDTHS = {SECTION: 2, LABEL: 46, UNIT: 9, NOTE: 1}
UPRIGHT = 10
"""Most columns of a sheet made for paper that stands upright."""

ON_PAPER = 16
"""Columns of a sheet by period that stand on paper: the years and the quarters of the first years."""

OUTPUT_NAME_WIDTH = 34
INPUT_WIDTHS = PLAIN_WIDTHS | {
    SECTION: 26, NOTE: 44, 4: 14, 5: 16, 6: 14, 7: 14, 8: 9, 9: 12, 10: 11, 11: 11, 12: 11, 13: 10,
    14: 22, 15: 34,
}  # fmt: skip


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
    if sheet.monthly or any(len(heading) > SHORT for heading in sheet.headings):
        page.set_row(HEADING_ROW - 1, WRAPPED)
    if sheet.dates is not None:
        _months(page, DATE_ROW - 1, sheet.dates, styles.over_month(sheet.dates.unit))
    if sheet.numbers is not None:
        _months(page, HEADING_ROW - 1, sheet.numbers, styles.text("month number"))
    for column, cell in sheet.over.items():
        write(page, DATE_ROW - 1, column, cell, cell.value, styles.over_month(cell.unit))
    _fold(page, sheet)
    last = max(_width(book, sheet), len(sheet.headings))
    for number, row in sheet.rows.items():
        if isinstance(row, Heading):
            style = styles.text("minor band" if row.minor else "band")
            for column in range(0 if not row.minor else last, last):
                page.write_blank(number - 1, column, None, style)
            page.write_string(number - 1, LABEL if row.minor else SECTION, row.text, style)
        else:
            _row(page, styles, number - 1, row, paged=sheet.paged)
        if isinstance(row, Row) and row.months is not None and row.months.unit == "bill":
            _words(page, styles, number - 1, len(row.months.value))
    _look(page, book, sheet)
    return page


def _words(page: Worksheet, styles: Styles, row: int, months: int) -> None:
    """Show the codes of unpaid bills as the words they stand for, in red."""
    for code, bill in BILLS.items():
        if code:
            look = {"num_format": f'"{bill}"', "font_color": RED, "bold": True}
            rule = {"type": "cell", "criteria": "==", "value": code, "format": styles.special(f"bill {code}", look)}
            page.conditional_format(row, FIRST_MONTH, row, FIRST_MONTH + months - 1, rule)


def _width(book: Book, sheet: Sheet) -> int:
    """Number of columns in use."""
    if sheet.dates is not None:
        return FIRST_MONTH + len(sheet.dates.value)
    return FIRST_MONTH + book.months if sheet.monthly else len(sheet.headings)


def _row(page: Worksheet, styles: Styles, number: int, row: Row, *, paged: bool) -> None:
    texts = {SECTION: row.section, LABEL: row.label, UNIT: row.unit, NOTE: row.note}
    named = ((LABEL, "label"), (UNIT, "unit"))
    for column, style in named if paged else ((SECTION, "section"), *named, (NOTE, "note")):
        page.write_string(number, column, clean(texts[column]), styles.text(style))
    if row.bold:
        page.write_string(number, LABEL, clean(row.label), styles.text("total"))
    for column, cell in row.cells().items():
        unit = cell.unit or row.unit
        write(page, number, column, cell, cell.value, styles.number(cell.kind, unit, bold=row.bold))
        if cell.validation:
            page.data_validation(number, column, number, column, cell.validation)
    if row.months is not None:
        _months(page, number, row.months, styles.number(row.months.kind, row.months.unit or row.unit, bold=row.bold))


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
    if cell.formula is not None and len(str(cell.formula)) > LONG and moves(str(cell.formula)):
        page.write_shared(number, FIRST_MONTH, cell.text(FIRST_MONTH), style, [cached(value) for value in cell.value])
        return
    for month, value in enumerate(cell.value):
        write(page, number, FIRST_MONTH + month, cell, value, style)


def write(page: Worksheet, row: int, column: int, cell: Cell, value: Any, style: Any) -> None:
    """Write one cell: a formula with the engine's value beside it, else the value; text is never interpreted."""
    if cell.formula is not None:
        page.write_formula(row, column, cell.text(column), style, cached(value))
        return
    shown = serial(value)
    if shown is None:
        page.write_blank(row, column, None, style)
    elif isinstance(shown, bool):
        page.write_boolean(row, column, shown, style)
    elif isinstance(shown, str):
        page.write_string(row, column, clean(shown), style)
    else:
        page.write_number(row, column, shown, style)


def cached(value: Any) -> Any:
    """A value as it stands beside a formula."""
    shown = serial(value)
    return "" if shown is None else shown


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
    if not months and sheet.name != INPUTS:
        page.set_column(CONSTANT, max(CONSTANT, len(sheet.headings) - 1), PLAIN_WIDTHS[CONSTANT])
    widths = WIDTHS | first if months else INPUT_WIDTHS if sheet.name == INPUTS else PLAIN_WIDTHS
    for column, width in widths.items():
        page.set_column(column, column, width, None, {"level": 1} if months and column >= NOTE else None)
    if months:
        page.set_column(FIRST_MONTH, _width(book, sheet) - 1, MONTH_WIDTH)
        page.repeat_columns(SECTION, UNIT)
    if sheet.paged:
        for column, width in PAGED_WIDTHS.items():
            page.set_column(column, column, width)
        page.set_column(CONSTANT, len(sheet.headings) - 1, MONTH_WIDTH)
        page.print_area(0, 0, sheet.next - 2, min(len(sheet.headings), ON_PAPER) - 1)
    page.freeze_panes(HEADING_ROW, FIRST_MONTH if months else CONSTANT if sheet.paged else UNIT)
    page.hide_gridlines(2)
    if not (sheet.paged and len(sheet.headings) <= UPRIGHT):
        page.set_landscape()
    page.set_paper(8 if months else 9)
    page.repeat_rows(TITLE_ROW - 1, HEADING_ROW - 1)
    page.fit_to_pages(PAGES_WIDE if months else 1, 0)
    if sheet.printed:
        row, column = sheet.printed
        page.print_area(0, 0, row - 1, column - 1)
        page.fit_to_pages(1, 1)
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
