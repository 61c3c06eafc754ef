"""The registry of lines as a page: by sheet and room, one paragraph a line."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from corpfin.common.text import wrapped

INDENT = " " * 7


def lines_page(table: pd.DataFrame, prose: bool = False) -> str:
    """Each line of a table of :func:`corpfin.line_items`, in its order; with its prose and formula if asked for."""
    sections = []
    for (sheet, module), group in groupby(table.itertuples(), key=lambda line: (line.sheet, line.module)):
        rows = [f"{sheet}: {module}"]
        for line in group:
            rows += _line(line, prose)
        sections.append("\n".join(rows))
    return "\n\n".join(sections)


def _line(line: Any, prose: bool) -> list[str]:
    name = f"{line.scope}.{line.line}" if line.scope else line.line
    kind = {"line": "", "total": ", a total", "opening": ", before month 1"}[line.kind]
    unit = "" if line.unit == "1" else f" [{line.unit}]"
    rows = wrapped(f"{name}{kind}: {line.label}{unit}", f"{line.order:>5}  ", INDENT)
    if prose:
        rows += wrapped(line.prose, INDENT, INDENT) if line.prose else []
        rows += wrapped(f"= {line.formula}", INDENT, f"{INDENT}  ")
    rows += wrapped(f"reads {', '.join(line.reads) or 'nothing'}", INDENT, f"{INDENT}  ")
    return [*rows, *wrapped(f"read by {', '.join(line.read_by) or 'no line'}", INDENT, f"{INDENT}  ")]
