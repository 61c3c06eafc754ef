"""The look of a cell: colour by kind (inputs blue, formulas black, links green), number format by unit."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from corpfin.workbook.book import Kind
from corpfin.workbook.settings import Settings

FONT = "Arial"
BLUE, GREEN, BLACK, GREY, NAVY, PALE = "#0000FF", "#00753A", "#000000", "#6B6B6B", "#1F3864", "#DDE5F0"
RED, AMBER = "#B00020", "#FFD480"
COLOURS = {
    Kind.INPUT: BLUE, Kind.GIVEN: BLUE, Kind.LINK: GREEN, Kind.CALCULATION: BLACK, Kind.CONSTANT: BLACK,
    Kind.STATIC: GREY,
}  # fmt: skip
FILLS = {Kind.INPUT: "#FFFBE0", Kind.GIVEN: "#F4F7FF", Kind.STATIC: "#F2F2F2"}

_TEXTS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": NAVY},
    "lead": {"font_color": GREY},
    "static lead": {"bold": True, "font_color": RED},
    "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "valign": "vcenter"},
    "heading right": {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "align": "right", "text_wrap": True},
    "month number": {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "align": "right", "num_format": "0"},
    "band": {"bold": True, "font_color": NAVY, "bg_color": PALE},
    "band right": {"bold": True, "font_color": NAVY, "bg_color": PALE, "align": "right"},
    "minor band": {"bold": True, "italic": True, "font_color": NAVY},
    "section": {"font_color": GREY, "font_size": 8},
    "label": {},
    "total": {"bold": True},
    "unit": {"font_color": GREY},
    "unit right": {"font_color": GREY, "align": "right"},
    "note": {"font_color": GREY, "font_size": 8},
    "story": {"text_wrap": True, "valign": "top"},
    "address": {"font_color": BLUE, "underline": 1},
}


class Styles:
    """The formats of one book, made when first asked for."""

    def __init__(self, workbook: Workbook, settings: Settings) -> None:
        self.workbook, self.settings = workbook, settings
        self.made: dict[tuple[object, ...], Format] = {}

    def text(self, name: str) -> Format:
        """A format for words."""
        return self._format((name,), _TEXTS[name])

    def number(self, kind: Kind, unit: str, *, bold: bool = False) -> Format:
        """The format of a figure."""
        look: dict[str, Any] = {"font_color": COLOURS[kind], "num_format": self.settings.format_of(unit)}
        if unit == "text":
            look |= {"num_format": "@", "align": "left" if kind is Kind.CONSTANT else "right"}
        if kind in FILLS:
            look["bg_color"] = FILLS[kind]
        if kind is Kind.INPUT:
            look |= {"locked": False, "border": 1, "border_color": "#C9C9C9"}
        if bold:
            look |= {"bold": True, "top": 1, "top_color": "#8C8C8C"}
        return self._format((kind, unit, bold), look)

    def over_month(self, unit: str) -> Format:
        """The format of a date, year or number over a month."""
        look = {
            "bold": True, "font_color": GREEN, "align": "right",
            "num_format": {"date": "mmm yy"}.get(unit, self.settings.format_of(unit)),
        }  # fmt: skip
        return self._format(("over", unit), look)

    def special(self, name: str, look: dict[str, Any]) -> Format:
        """A format used once."""
        return self._format((name,), look)

    def _format(self, key: tuple[object, ...], look: dict[str, Any]) -> Format:
        if key not in self.made:
            self.made[key] = self.workbook.add_format({"font_name": FONT, "font_size": 9} | look)
        return self.made[key]
