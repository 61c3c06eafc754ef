"""A rolled file as a page and a document; the file itself is :attr:`Roll.text`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import wrapped
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.face import Face, cells, joined
from corpfin.studies.roll import COLUMNS, LOOK_UP, Roll

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def roll_page(result: Roll) -> str:
    """What was rolled, in the order in which it is worth looking up, and what left the file."""
    head = [
        f"{result.company} rolled from {result.before} to {result.as_of}: central path, scenario {result.scenario}",
        "To look up, what matters most first: swing in percentage points when the figure of the older file",
        f"goes through its range, survival to month {result.months}; {result.paths:,} common paths, seed {result.seed}",
    ]
    rows = result.table.to_dict("index")
    sections = [head, columns(cells(on_page(COLUMNS, LOOK_UP), rows, "figure"))]
    became: dict[str, list[str]] = {}
    for key, why in result.removed["became"].items():
        became.setdefault(str(why), []).append(str(key))
    if became:
        gone = [line for why, keys in became.items() for line in wrapped(f"{why}: {', '.join(keys)}")]
        sections.append(["CARRIED OUT", *gone])
    return joined(sections)


def _document(result: Roll) -> dict[str, Any]:
    given = ("company", "scenario", "known", "months", "paths", "seed", "text")
    return {
        "format": FORMAT,
        "versions": versions(),
        **{name: getattr(result, name) for name in given},
        "before": str(result.before),
        "as_of": str(result.as_of),
        "table": records(result.table),
        "removed": records(result.removed),
    }


def _plots(result: Roll) -> dict[str, Figure]:
    """None: what there is to see is a list."""
    return {}


FACE = Face(Roll, _plots, roll_page, _document)
