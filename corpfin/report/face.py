"""What a result looks like: one face per type of result, declared beside its renderer, and what the faces share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from corpfin.common.columns import Column, Row
from corpfin.common.tables import columns
from corpfin.common.text import page_width
from corpfin.inputs import Failure
from corpfin.report.document import FORMAT, records, versions
from corpfin.studies.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Face(Generic[ResultT]):
    """How a type of result is shown: its plots by name, its page, its document for programs."""

    result: type[ResultT]
    plots: Callable[[ResultT], dict[str, Figure]]
    page: Callable[[ResultT], str]
    document: Callable[[ResultT], dict[str, Any]]


def study_document(result: Result, **found: Any) -> dict[str, Any]:
    """A result for programs: its table by rows, what it was computed from, and why companies are missing."""
    return {
        "format": FORMAT,
        "versions": versions(),
        **{name: getattr(result, name) for name in ("scenario", "known", "months", "paths", "seed")},
        **found,
        "table": records(result.table),
        "failures": {name: [str(problem) for problem in failure.problems] for name, failure in result.failures.items()},
    }


def faults_of(failures: Mapping[str, Failure]) -> list[str]:
    """Every problem of the companies that were left out, with the name each was given."""
    return [
        f"{problem}" if f"{problem}".startswith(f"{name}:") else f"{name}: {problem}"
        for name, failure in failures.items()
        for problem in failure.problems
    ]


def joined(sections: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections)


def cells(found: Mapping[str, Column[Any]], table: Mapping[Any, Row], head: str = "") -> list[list[str]]:
    """The rows of one table of a page: headings, and a row for each company of ``table``."""
    rows = [[str(label), *(column.cell(row) for column in found.values())] for label, row in table.items()]
    return [[head, *found], *rows]


def blocks(rows: list[list[str]]) -> list[list[str]]:
    """A wide table cut into tables that fit a page, each with the first column."""
    first = max(len(row[0]) for row in rows)
    width = 2 + max(len(cell) for row in rows for cell in row[1:])
    count = max(1, (page_width() - 2 - first) // width)
    return [columns([[row[0], *row[start : start + count]] for row in rows]) for start in range(1, len(rows[0]), count)]


def signed(value: float) -> str:
    """A change with its sign; a point where it rounds to nothing, a dash where there is none to show."""
    if np.isnan(value):
        return "-"
    return "." if abs(value) < 0.05 else (f"{value:+,.1f}" if abs(value) < 1000 else f"{value:+,.0f}")
