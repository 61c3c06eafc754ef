"""The table of proposals as text and as a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpfin.common.tables import columns
from corpfin.common.text import wrapped, written
from corpfin.filings.refresh import GROUPS, Group, Proposal

if TYPE_CHECKING:  # only the table as a file needs it
    import pandas as pd

COLUMNS = ("field", "file", "filing", "unit", "tag", "context", "accession", "check")


def page(title: str, proposals: Sequence[Proposal], remarks: Sequence[str]) -> str:
    """One table a group, each row with its check below it, and the remarks."""
    lines = [title]
    for group, meaning in GROUPS.items():
        rows = [row for row in proposals if row.group == group]
        if rows:
            lines += ["", f"{group}: {meaning}", *_table(group, rows)]
    if remarks:
        lines += ["", "remarks"]
        lines += [line for remark in remarks for line in wrapped(remark, "  ", "    ")]
    return "\n".join(lines)


def table(proposals: Sequence[Proposal]) -> pd.DataFrame:
    """The rows as a data frame: group and the columns of the page."""
    import pandas as pd

    rows = [[row.group, *_cells(row), row.check] for row in proposals]
    return pd.DataFrame(rows, columns=["group", *COLUMNS]).set_index("group")


def _table(group: Group, rows: Sequence[Proposal]) -> list[str]:
    """Aligned rows, the check of each on the lines below it."""
    cells = [list(COLUMNS[:-1]), *(_cells(row) for row in rows)]
    if group == "unmatched":
        for line in cells[1:]:
            line[0] = f"({line[0]})"
    aligned = columns(_padded(cells), left=7)
    lines = [aligned[0]]
    for text, row in zip(aligned[1:], rows, strict=True):
        lines.append(text)
        lines += wrapped(row.check, "      ", "      ") if row.check else []
    return lines


def _padded(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cells whose numbers, the second and third, stand to the right."""
    widths = [max(len(line[place]) for line in cells) for place in (1, 2)]
    return [[line[0], line[1].rjust(widths[0]), line[2].rjust(widths[1]), *line[3:]] for line in cells]


def _cells(row: Proposal) -> list[str]:
    file = "" if row.file is None else written(row.file)
    filing = row.shown if row.filing is None else f"{row.filing:,.7g}"
    return [row.field, file, filing, row.unit, row.tag, row.context, row.accession]
