"""The Charts sheet: native charts over the rows of the book, chosen in ``templates/workbook.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from corpfin.workbook.book import DATE_ROW, FIRST_MONTH, Book, Row
from corpfin.workbook.settings import ChartSettings
from corpfin.workbook.styles import FONT, Styles
from corpfin.workbook.summaries import ANNUAL, MONTE_CARLO
from corpfin.workbook.wiring import Wiring

CHARTS = "Charts"
NOTE = "Charts of the simulation show static values; all others follow the book"
WIDTH, HEIGHT, ACROSS, ROWS = 700, 340, 2, 18
COLOURS = ("#1F3864", "#E08A1E", "#2E8B57", "#8C4A9E", "#B00020", "#5B8DB8", "#7F7F7F", "#C2B280")


def write_charts(
    workbook: Workbook, page: Worksheet, styles: Styles, book: Book, wiring: Wiring,
    charts: tuple[ChartSettings, ...], annual: Mapping[str, int], static: Mapping[str, int],
) -> None:  # fmt: skip
    """Put every chart that has something to show on the page; ``annual`` and ``static`` are rows by name."""
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    shown = chosen(workbook, book, wiring, charts, annual, static)
    for place, chart in enumerate(shown):
        page.insert_chart(place // ACROSS * ROWS, place % ACROSS * 11, chart)
    below = -(-len(shown) // ACROSS) * ROWS
    page.write_string(below, 0, NOTE, styles.text("lead"))


def chosen(
    workbook: Workbook, book: Book, wiring: Wiring, charts: tuple[ChartSettings, ...], annual: Mapping[str, int],
    static: Mapping[str, int],
) -> list[Any]:  # fmt: skip
    """The charts that have something to show."""
    found = [(settings, list(_series(book, wiring, settings, annual, static))) for settings in charts]
    return [
        _chart(workbook, settings, series)
        for settings, series in found
        if any(_moves(book, sheet, row) for _, sheet, row, _ in series)
    ]


def _moves(book: Book, sheet: str, number: int) -> bool:
    """Whether a row has anything to show."""
    row = book.sheets[sheet].rows[number]
    return isinstance(row, Row) and row.months is not None and bool(np.any(row.months.value))


def _series(
    book: Book, wiring: Wiring, settings: ChartSettings, annual: Mapping[str, int], static: Mapping[str, int]
) -> Iterator[tuple[str, str, int, int]]:
    """Name, sheet, row and number of columns of each series."""
    for name, label in settings.static.items():
        if name in static:
            yield label, MONTE_CARLO, static[name], book.months
    for name, label in settings.lines.items():
        if settings.annual:
            years = book.sheets[ANNUAL].dates
            assert years is not None
            if name in annual:
                yield label, ANNUAL, annual[name], len(years.value)
            continue
        found = [(id, datum) for id, datum in wiring.rows(name) if datum in book.homes]
        for id, datum in found:
            home = book.homes[datum]
            yield f"{id}: {label}" if len(found) > 1 else label, home.sheet, home.row, book.months


def _chart(workbook: Workbook, settings: ChartSettings, series: list[tuple[str, str, int, int]]) -> Any:
    first = FIRST_MONTH
    found = [
        {
            "name": name,
            "categories": [sheet, DATE_ROW - 1, first, DATE_ROW - 1, first + count - 1],
            "values": [sheet, row - 1, first, row - 1, first + count - 1],
        }
        for name, sheet, row, count in series
    ]
    months = {} if settings.annual else {
        "date_axis": True, "num_format": "mmm yy", "major_unit": 6, "major_unit_type": "months",
    }  # fmt: skip
    return draw(workbook, settings, found, months)


def draw(workbook: Workbook, settings: ChartSettings, series: Iterable[dict[str, Any]], axis: Mapping[str, Any]) -> Any:
    """A chart of ``series``, each its name, categories and values as ranges; ``axis`` is said of the one below."""
    kind, _, subtype = settings.kind.partition("_")
    chart = workbook.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
    assert chart is not None
    for position, found in enumerate(series):
        colour = COLOURS[position % len(COLOURS)]
        line = {"line": {"color": colour, "width": 1.75}}
        chart.add_series(found | ({"fill": {"color": colour}, "gap": 40} if kind == "column" else line))
    font = {"name": FONT, "size": 9}
    chart.set_title({"name": settings.title, "name_font": font | {"size": 12}, "overlay": False})
    chart.set_x_axis({"num_font": font, "label_position": "low", **axis})
    chart.set_y_axis({
        "name": settings.axis, "name_font": font, "num_font": font, "num_format": "0%" if settings.share else "#,##0",
        **({"min": 0, "max": 1} if settings.share == "whole" else {}),
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    })  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    return chart
