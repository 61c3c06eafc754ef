"""A workbook written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from corpfin.common.files import write_whole


@contextmanager
def whole_workbook(path: Path) -> Iterator[Workbook]:
    """A workbook to fill, put at ``path`` in one step when it is complete; texts never become formulas or links.

    Raises ``OSError``, naming ``path``, if it cannot be written; an existing file is then as it was.
    """
    buffer = BytesIO()
    with Workbook(buffer, {"strings_to_urls": False, "strings_to_formulas": False}) as workbook:
        yield workbook
    write_whole(path, buffer.getvalue())
