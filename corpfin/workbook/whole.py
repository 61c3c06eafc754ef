"""A workbook made in memory, so that it is put on disk whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from xlsxwriter import Workbook


def workbook_bytes(fill: Callable[[Workbook], None]) -> bytes:
    """The file of a workbook that ``fill`` filled; texts never become formulas or links."""
    buffer = BytesIO()
    with Workbook(buffer, {"strings_to_urls": False, "strings_to_formulas": False}) as workbook:
        fill(workbook)
    return buffer.getvalue()
