"""A workbook made in memory, so that it is put on disk whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet

DIGITS = 13
"""Digits of a value beside its formula: far more than engines agree in, and every program works it out anew."""


class _Element(str):
    """A formula as the whole element that stands in the file."""

    __slots__ = ()


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas hold functions of Excel 2007 only, and one formula a row where its cells share it.

    XlsxWriter looks into each formula for 29 functions that came later, which takes half the time of writing a book,
    and writes the text of a formula into each of its cells, which takes half the room.
    """

    shared = 0

    def write_shared(self, row: int, column: int, formula: str, style: Format, values: Sequence[Any]) -> None:
        """Write a formula of the first of cells side by side, which moves with each of them, and the value of each."""
        last = column + len(values) - 1
        self._check_dimensions(row, column)
        self._check_dimensions(row, last)
        head, cells = f'<f t="shared" ref="{xl_range(row, column, row, last)}" si="{self.shared}"', self.table[row]
        first = _Element(f"{head}>{escape(formula.removeprefix('='), quote=False)}</f>")
        other = _Element(f'<f t="shared" si="{self.shared}"/>')
        for place, value in enumerate(values):
            cells[column + place] = CellFormulaTuple(other if place else first, style, value)
        self.shared += 1

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: Any, attributes: Iterable[tuple[str, Any]] = ()) -> None:
        element = formula if isinstance(formula, _Element) else f"<f>{self._escape_data(formula)}</f>"
        shown = f"{result:.{DIGITS}g}" if isinstance(result, float) else self._escape_data(result)
        said = ""
        for name, value in attributes:
            said += f' {name}="{value}"'
        self.fh.write(f"<c{said}>{element}<v>{shown}</v></c>")


class _Book(Workbook):  # type: ignore[misc]
    worksheet_class = _Sheet


def workbook_bytes(fill: Callable[[Workbook], None]) -> bytes:
    """The file of a workbook that ``fill`` filled; texts never become formulas or links."""
    buffer = BytesIO()
    with _Book(buffer, {"strings_to_urls": False, "strings_to_formulas": False}) as workbook:
        fill(workbook)
    return buffer.getvalue()
