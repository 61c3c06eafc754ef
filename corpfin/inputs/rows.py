"""An input file taken apart into rows, one per table block, each checked against its declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from corpfin.inputs.errors import Report, nearest_name
from corpfin.inputs.fields import Table
from corpfin.inputs.schema import FIRST_DATE, LAST_DATE, Declared, Value, declared, fault, is_list, obeyed, table_in


@dataclass(frozen=True)
class Shape:
    """How a table may stand in a file: its class, whether it repeats, must be there and hold a block; its meaning.

    A table that repeats and need not hold a block may be left out when there is none.
    """

    table: type[Table]
    repeats: bool
    required: bool
    filled: bool
    meaning: str


@dataclass(frozen=True)
class Row:
    """One block of one table: ``key`` is its address in the file (``treasury``, ``debt.conv-2031``).

    ``written`` is what the file says, ``valid`` the part of it that the declaration allows (numbers as floats) and
    ``defaults`` what the market file gives for the table.
    """

    table: str
    id: str | None
    key: str
    declaration: type[Table]
    written: Mapping[str, Any]
    valid: Mapping[str, Value]
    defaults: Mapping[str, Value] = field(default_factory=dict)

    @property
    def fields(self) -> Mapping[str, Declared]:
        """The declared fields, by name."""
        return declared(self.declaration)

    @property
    def nameless(self) -> bool:
        """Whether this is a block of a repeating table that lacks its id."""
        return self.id is None and self.key != self.table

    def get(self, name: str) -> Value | None:
        """The value as written, else the default; None when there is neither or the value is not allowed."""
        return self.valid.get(name) if name in self.written else self.defaults.get(name)

    def number(self, name: str) -> float | None:
        """:meth:`get` of a number field."""
        value = self.get(name)
        return value if isinstance(value, float) else None

    def has(self, name: str) -> bool:
        """Whether a block of this one's kind has the field."""
        kinds = self.fields[name].spec.kinds
        return not kinds or self.valid.get("kind") in kinds

    def day(self, name: str) -> date | None:
        """:meth:`get` of a date field."""
        value = self.get(name)
        return value if isinstance(value, date) else None

    def words(self, name: str) -> list[str]:
        """:meth:`get` of a list, empty when there is none."""
        value = self.get(name)
        return value if isinstance(value, list) else []


def layout(tables: type[Table]) -> dict[str, Shape]:
    """The tables of a file, by name."""
    return {
        name: Shape(inner, is_list(info.annotation), info.is_required(), bool(info.metadata), info.description or "")
        for name, info in tables.model_fields.items()
        if (inner := table_in(info.annotation)) is not None
    }


def collect(
    contents: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    defaults: Mapping[str, Mapping[str, Value]],
    report: Report,
) -> list[Row]:
    """The rows of the tables in ``shapes``, in that order; whatever is not as declared goes into the report."""
    rows: list[Row] = []
    for name, shape in shapes.items():
        if name in contents:
            for position, block in enumerate(_blocks(name, shape, contents[name], report), start=1):
                rows.append(_row(name, shape, position, block, defaults.get(name, {}), report))
        elif shape.required:
            report.add(_heading(name, shape), f"table is missing: {shape.meaning}")
    _find_twins(rows, report)
    return rows


def check_names(contents: Mapping[str, Any], known: list[str], report: Report) -> None:
    """Report every top-level name of a file that is not a known table."""
    for name in [name for name in contents if name not in known]:
        what = "table" if isinstance(contents[name], dict | list) else "key outside any table"
        report.add(name, f"unknown {what}", None, ", ".join(known), nearest_name(name, known))


def check_row(
    key: str, declaration: type[Table], written: Mapping[str, Any], report: Report, *, partial: bool = False
) -> dict[str, Value]:
    """The fields of a block that are as declared; the others go into the report.

    A ``partial`` block may leave out required fields.
    """
    fields = declared(declaration)
    bad = refused(declaration, written)
    valid: dict[str, Value] = {}
    for name, value in written.items():
        if name not in fields:
            report.add(f"{key}.{name}", "unknown key", value, None, nearest_name(name, fields))
        elif name in bad:
            message, allowed, nearest = fault(fields[name], value)
            report.add(f"{key}.{name}", message, value, allowed, nearest)
        else:
            valid[name] = float(value) if fields[name].kind == "number" else value
    if not partial:
        for name in fields:
            if fields[name].required and name not in written:
                report.add(f"{key}.{name}", f"is missing: {fields[name].described}", None, fields[name].allowed)
    return valid


def refused(declaration: type[Table], written: Mapping[str, Any]) -> set[str]:
    """The names in a block that are missing, unknown or hold a value that the declaration does not allow."""
    dates = {name: value for name, value in written.items() if type(value) is date}
    bad = {name for name, value in dates.items() if not FIRST_DATE <= value <= LAST_DATE}
    bad |= {name for name, value in written.items() if obeyed(value)}
    try:
        declaration.model_validate(dict(written))
    except ValidationError as error:
        bad |= {str(detail["loc"][0]) for detail in error.errors(include_url=False, include_context=False)}
    return bad


def _blocks(name: str, shape: Shape, value: Any, report: Report) -> Iterator[dict[str, Any]]:
    blocks = value if shape.repeats else [value]
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        report.add(name, f"is not written as a table here; its heading is {_heading(name, shape)}")
    elif shape.filled and not blocks:
        report.add(name, f"needs at least one block {_heading(name, shape)}")
    else:
        yield from blocks


def _heading(name: str, shape: Shape) -> str:
    return f"[[{name}]]" if shape.repeats else f"[{name}]"


def _row(
    name: str, shape: Shape, position: int, block: dict[str, Any], defaults: Mapping[str, Value], report: Report
) -> Row:
    row_id = _id(shape, block)
    numbered = f"{name}[{position}]" if shape.repeats else name
    key = f"{name}.{row_id}" if row_id else numbered
    return Row(name, row_id, key, shape.table, block, check_row(key, shape.table, block, report), defaults)


def _id(shape: Shape, block: dict[str, Any]) -> str | None:
    """What a block is called: its ``id``, or its month or months and, after them, its project."""
    if not shape.repeats:
        return None
    fields = declared(shape.table)
    if "month" not in fields:
        parts = [block.get("id")]
    else:
        months = [block.get("month")] if "month" in block else [block.get("from"), block.get("to")]
        parts = [*months, *([block["hpc"]] if "hpc" in block and "hpc" in fields else [])]
    return "/".join(map(str, parts)) if all(isinstance(part, str) and part for part in parts) else None


def _find_twins(rows: list[Row], report: Report) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id is not None and row.key in seen:
            report.add(row.key, "the same name is given to two blocks; each needs its own")
        seen.add(row.key)
