"""What every study of several companies returns: a table, what it was computed from, and why companies are missing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from corpfin.common.columns import Column, to_html
from corpfin.common.columns import units as units_of
from corpfin.common.tables import markdown, write_csv
from corpfin.inputs import Failure, nearest_name
from corpfin.inputs.known import Known


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Result(ABC):
    """A study of companies under ``scenario`` over ``months``, on ``paths`` paths of ``seed`` (0: central path alone).

    ``table`` is indexed by company; ``failures`` says by name why one is missing; ``known`` is how much of what has
    happened was seen, or how much by each of several readings.
    """

    table: pd.DataFrame
    failures: dict[str, Failure]
    scenario: str
    known: Known | tuple[Known, ...]
    months: int
    paths: int = 0
    seed: int = 0

    def __repr__(self) -> str:
        drawn = f", {self.paths:,} paths, seed {self.seed}" if self.paths else ", central path"
        missing = f", {len(self.failures)} left out" if self.failures else ""
        count = len(self.table)
        rows = f"{count} row{'' if count == 1 else 's'}"
        return f"<{type(self).__name__} {self.scenario}, {self.months} months{drawn}: {rows}{missing}>"

    @property
    @abstractmethod
    def columns(self) -> Sequence[Column[Any]]:
        """The columns of the table."""

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        return to_html(self.table, self.columns, repr(self))

    def sorted(self, column: str, *, descending: bool = True) -> pd.DataFrame:
        """The table in the order of a column; ``KeyError`` with the nearest name for an unknown one."""
        known_name(column, self.table.columns, "column")
        return self.table.sort_values(column, ascending=not descending, kind="stable")

    def filtered(self, condition: str) -> pd.DataFrame:
        """The rows for which a condition on the columns holds: ``survival_36 < 0.8 and leased_mw > 0``."""
        return self.table.query(condition)

    def to_markdown(self) -> str:
        """The table in Markdown."""
        return markdown(self.table)

    def to_csv(self, file: Path | str, *, units: bool = False) -> None:
        """Write the table as CSV, with ``units`` in its headings if asked; ``OSError`` if it cannot be written."""
        write_csv(Path(file), self.table, units_of(self.columns) if units else None)


def known_name(name: str, known: Iterable[object], what: str) -> None:
    """Raise ``KeyError`` with the nearest names, or all of them, for a name that is not among the ``known``."""
    names = [str(item) for item in known]
    if name not in names:
        nearest = nearest_name(name, names, count=3)
        others = f"nearest is {nearest}" if nearest else f"there are {', '.join(names)}"
        raise KeyError(f"no {what} {name}; {others}")
