"""A workbook made in memory, so that it is put on disk whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas hold functions of Excel 2007 only.

    XlsxWriter looks into each formula for 29 functions that came later, which takes half the time of writing a book.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _Book(Workbook):  # type: ignore[misc]
    worksheet_class = _Sheet


def workbook_bytes(fill: Callable[[Workbook], None]) -> bytes:
    """The file of a workbook that ``fill`` filled; texts never become formulas or links."""
    buffer = BytesIO()
    with _Book(buffer, {"strings_to_urls": False, "strings_to_formulas": False}) as workbook:
        fill(workbook)
    return buffer.getvalue()
