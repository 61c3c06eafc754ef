"""A column of a table, said once: the table, its CSV, the order asked for, page, workbook and help all read it here."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Generic, TypeGuard, TypeVar

import pandas as pd

from corpfin.common.tables import plain_cell

ContextT = TypeVar("ContextT")
OtherT = TypeVar("OtherT")

ERROR = "_error"
"""Ends the name of a standard error: ``x_error`` is that of the column ``x``, in every table."""

TEXT, TRUTH = "text", "yes or no"
"""Units of what is no number."""

Row = Mapping[Any, Any]


def name_of_error(name: str) -> str:
    """The column that holds the standard error of another."""
    return f"{name}{ERROR}"


@dataclass(frozen=True)
class Place:
    """Where a column stands on a page: under ``heading`` in the table ``part``, by ``order`` and then as declared."""

    part: str
    heading: str
    order: int = 0


@dataclass(frozen=True)
class Heading:
    """What a column is: its name in tables, files and on the command line, unit, label for people, and meaning."""

    name: str
    unit: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Column(Heading, Generic[ContextT]):
    """One column: what it is, and how it is read from the context of a row.

    ``show`` turns a row of the table into the cell of a page, at ``places``; ``sheet`` names the sheet of the
    comparison's workbook it stands on.
    """

    read: Callable[[ContextT], Any]
    show: Callable[[Row], str] | None = None
    places: tuple[Place, ...] = ()
    sheet: str = ""

    def of(self, reach: Callable[[OtherT], ContextT]) -> Column[OtherT]:
        """The same column in a table whose rows have another context, from which ``reach`` gets this one's."""
        read = self.read
        return replace(self, read=lambda context: read(reach(context)))  # type: ignore[arg-type, return-value]

    def cell(self, row: Row) -> str:
        """The cell of a page."""
        return str(row[self.name]) if self.show is None else self.show(row)

    @property
    def dtype(self) -> type:
        """Type of the column's values."""
        return {TEXT: object, TRUTH: bool}.get(self.unit, float)


def frame(columns: Sequence[Column[ContextT]], rows: Mapping[Any, ContextT], index: str | list[str]) -> pd.DataFrame:
    """A table with a row for each context, by its name; numbers are numbers."""
    names = pd.Index(list(rows), name=index) if isinstance(index, str) else pd.MultiIndex.from_tuples(rows, names=index)
    values = {
        column.name: pd.Series([column.read(row) for row in rows.values()], index=names, dtype=column.dtype)
        for column in columns
    }
    return pd.DataFrame(values, index=names)


def to_html(table: pd.DataFrame, columns: Iterable[Heading], caption: str) -> str:
    """A table for a notebook: labels with their units, each with its meaning when pointed at, cells as on a page.

    The error of a column that is shown with it has no column of its own.
    """
    found = {column.name: column for column in columns}
    kept = [column for name, column in found.items() if not _is_shown(found.get(name.removesuffix(ERROR)), name)]
    heads = [f"<th>{escape(str(name))}</th>" for name in table.index.names]
    for each in kept:
        heads.append(f'<th title="{escape(each.meaning)}">{escape(each.label)}{_in_brackets(each.unit)}</th>')
    lines = []
    for key, row in table.to_dict("index").items():
        cells = [f"<th>{escape(str(part))}</th>" for part in (key if isinstance(key, tuple) else (key,))]
        shown = (each.cell(row) if _has_cell(each) else plain_cell(row[each.name]) for each in kept)
        cells += [f"<td>{escape(text)}</td>" for text in shown]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    body = "".join(lines)
    head = f"<caption>{escape(caption)}</caption><thead><tr>{''.join(heads)}</tr></thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _has_cell(column: Heading | None) -> TypeGuard[Column[Any]]:
    """Whether a column says itself how its cells look."""
    return isinstance(column, Column) and column.show is not None


def _is_shown(other: Heading | None, name: str) -> bool:
    return name.endswith(ERROR) and _has_cell(other)


def _in_brackets(unit: str) -> str:
    return "" if unit in (TEXT, TRUTH) else f" [{escape(unit)}]"


def on_page(columns: Iterable[Column[Any]], part: str) -> dict[str, Column[Any]]:
    """The columns of one table of a page, by their headings, in its order."""
    found = [(place, column) for column in columns for place in column.places if place.part == part]
    return {place.heading: column for place, column in sorted(found, key=lambda item: item[0].order)}


def units(columns: Iterable[Heading]) -> dict[str, str]:
    """The unit of each column that is a number, by name."""
    return {column.name: column.unit for column in columns if column.unit not in (TEXT, TRUTH)}


def described(columns: Iterable[Heading]) -> str:
    """The columns as a list for a docstring: name, unit and meaning."""
    lines = []
    for column in columns:
        text = f"- ``{column.name}`` [{column.unit}]: {column.meaning}."
        lines += textwrap.wrap(text, 112, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)


def documented(result: type, columns: Iterable[Heading]) -> None:
    """Add the columns of its table to the docstring of a result's class."""
    listing = textwrap.indent(described(columns), "    ")
    result.__doc__ = f"{result.__doc__}\n    Columns of ``table``:\n\n{listing}\n    "
