"""Where the rows of a book went when it was written anew, and formulas of other sheets that follow them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from corpfin.workbook.book import FIRST_MONTH, FIRST_ROW, LABEL, NOTE, SECTION, Book, Row, clean

Identity = tuple[str, str, str, int]
"""What a row is, wherever it stands: section, label, first word of its note, and which of several such."""

_END = r"\$?[A-Z]{1,3}\$?\d+"
_SHEET = r"(?:'((?:[^']|'')+)'|([A-Za-z_][A-Za-z0-9_.]*))!"
REFERENCE = re.compile(rf"{_SHEET}({_END})(?::({_END}))?(?![A-Za-z0-9_(])")
_TEXT = re.compile(r'("(?:[^"]|"")*")')


class GoneError(ValueError):
    """A row, month or sheet that a formula reads and the new book has not."""


def identities(rows: Iterable[tuple[int, str, str, str]]) -> dict[int, Identity]:
    """The identity of each row, from its number, section, label and note."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found: dict[int, Identity] = {}
    for number, section, label, note in rows:
        if label:
            plain = section, label, note.partition(" ")[0]
            seen[plain] += 1
            found[number] = (*plain, seen[plain])
    return found


def of_page(page: Any) -> dict[int, Identity]:
    """The identities of the rows of a sheet that was read with openpyxl."""
    rows = enumerate(page.iter_rows(min_row=FIRST_ROW, max_col=NOTE + 1, values_only=True), FIRST_ROW)
    return identities(
        (number, str(row[SECTION] or ""), str(row[LABEL] or ""), str(row[NOTE] or "")) for number, row in rows
    )


def of_book(book: Book) -> dict[str, dict[int, Identity]]:
    """The same of every sheet of a book that is laid out."""
    return {
        name: identities((number, clean(row.section), clean(row.label), clean(row.note))
                         for number, row in sheet.rows.items() if isinstance(row, Row))
        for name, sheet in book.sheets.items() if sheet.rows
    }  # fmt: skip


@dataclass(frozen=True)
class Moves:
    """From the rows and months of an old book to those of a new one.

    ``rows`` has the new row by sheet and old row, ``sheets`` the sheets of the new book, ``old`` those the model had
    in the old one, ``monthly`` those with months. Columns of months move left by ``shift``; there are ``months``.
    """

    rows: Mapping[str, Mapping[int, int]]
    old: frozenset[str]
    sheets: frozenset[str]
    monthly: frozenset[str]
    shift: int
    months: int

    def row(self, sheet: str, row: int) -> int:
        """The new number of a row; :class:`GoneError` where there is none. What has no rows of lines stays."""
        if sheet not in self.sheets:
            raise GoneError(f"the sheet {sheet}")
        if row < FIRST_ROW or sheet not in self.rows:
            return row
        if row not in self.rows[sheet]:
            raise GoneError(f"row {row} of {sheet}")
        return self.rows[sheet][row]

    def column(self, sheet: str, column: int) -> int:
        """The new place of a column, counted from 0; :class:`GoneError` for a month that is no part of the new book."""
        if sheet not in self.monthly or column < FIRST_MONTH:
            return column
        moved = column - self.shift
        if not FIRST_MONTH <= moved < FIRST_MONTH + self.months:
            raise GoneError(f"the month in column {xl_col_to_name(column)} of {sheet}")
        return moved

    def formula(self, text: str) -> str:
        """A formula of another sheet, reading what it read before; :class:`GoneError` where that is not there."""
        parts = _TEXT.split(text)
        return "".join(part if n % 2 else REFERENCE.sub(self._moved, part) for n, part in enumerate(parts))

    def _moved(self, found: re.Match[str]) -> str:
        sheet = (found[1] or found[2]).replace("''", "'")
        if sheet not in self.old:
            return found[0]
        ends = [self._end(sheet, end) for end in (found[3], found[4]) if end]
        return (
            f"{found[0].partition('!')[0]}!{':'.join(ends)}" if found[1] is None else f"'{found[1]}'!{':'.join(ends)}"
        )

    def _end(self, sheet: str, end: str) -> str:
        row, column = xl_cell_to_rowcol(end.replace("$", ""))
        across, down = end.startswith("$"), "$" in end[1:]
        letters, number = xl_col_to_name(self.column(sheet, column)), self.row(sheet, row + 1)
        return f"{'$' if across else ''}{letters}{'$' if down else ''}{number}"
