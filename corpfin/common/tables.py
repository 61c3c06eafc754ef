"""Tables as text: aligned columns, Markdown, CSV."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpfin.common.files import write_whole
from corpfin.common.text import undusted

if TYPE_CHECKING:  # what only lines up cells need not load it
    import pandas as pd


def columns(rows: Sequence[Sequence[str]], left: int = 1, indent: str = "  ") -> list[str]:
    """Rows of cells as aligned columns: the first ``left`` to the left, the others to the right.

    >>> columns([["", "now"], ["all", "60.0"]])
    ['        now', '  all  60.0']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        indent
        + "  ".join(
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in rows
    ]


def markdown(table: pd.DataFrame, digits: int = 3) -> str:
    """A table in Markdown, its index first; numbers with ``digits`` significant digits below 1,000 and none above.

    >>> import pandas as pd
    >>> print(markdown(pd.DataFrame({"share": [0.51239], "BTC": [15133.2]}, index=pd.Index(["MARA"], name="company"))))
    | company | share | BTC |
    |---|---:|---:|
    | MARA | 0.512 | 15,133 |
    """
    flat = table.reset_index()
    numeric = list(flat.columns.isin(flat.select_dtypes(["number", "bool"]).columns))
    lines = [[str(name) for name in flat], ["---:" if number else "---" for number in numeric]]
    lines += [[plain_cell(value, digits) for value in row] for row in flat.itertuples(index=False)]
    heads = ["| " + " | ".join(line) + " |" for line in lines]
    heads[1] = heads[1].replace(" ", "")
    return "\n".join(heads)


def plain_cell(value: object, digits: int = 3) -> str:
    """A value as a table shows it: so many significant digits below 1,000, none above, a dash for no number."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return "-"
        value = undusted(value)
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"
    return str(value)


def write_csv(path: Path, table: pd.DataFrame, units: Mapping[str, str] | None = None) -> None:
    """Write a table as CSV, whole or not at all; ``OSError`` if it cannot be written.

    With ``units`` by column, headings carry them in brackets.
    """
    if units is not None:
        named = {name: f"{name} [{units[name]}]" for name in map(str, table) if name in units}
        table = table.rename(columns=named)
    write_whole(path, table.to_csv(lineterminator="\n"))
