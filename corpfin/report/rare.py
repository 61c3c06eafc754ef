"""A rare failure's probability as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import percent, wrapped
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.face import Face, cells, joined
from corpfin.studies.rare import BY_HORIZON, COLUMNS, Rare

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 6
"""Moved means shown of each way to fail, the furthest."""


def rare_page(result: Rare) -> str:
    """The probability of default by horizon, or why there is none, and which luck it takes."""
    head = [
        f"{result.company}: probability of default by importance sampling; scenario {result.scenario}",
        f"{result.paths:,} paths, seed {result.seed}, after {result.pilot_paths:,} pilot paths; ± one standard error",
    ]
    table = cells(on_page(COLUMNS, BY_HORIZON), result.table.to_dict("index"), "to month")
    notes = wrapped(
        "Most paths are drawn where failures lie and count by their likelihood; effective: failures of equal weight "
        "that would tell as much; a dash where they tell too little. What neither the pilots nor the plain fifth of "
        f"the paths met is in no error. Mean weight of all paths {result.weight:.3f} ± {result.weight_error:.3f}, "
        "which should be 1."
    )
    sections = [head, [*columns(table), *notes]]
    if result.refused:
        sections.append(wrapped(f"Refused: {result.refused}."))
    if len(result.shift):
        sections.append(_ways(result))
    return joined(sections)


def _ways(result: Rare) -> list[str]:
    """Each way to fail with the means that were moved furthest."""
    rows = [["", "", "deviations"]]
    for way, moved in result.shift.groupby("way"):
        shown = moved.head(SHOWN).to_dict("records")
        for number, row in enumerate(shown):
            name = row["factor"] + (f", year {row['year']}" if row["year"] else "")
            share = f"{way}: {percent(row['pilot_share'], 0)}" if number == 0 else ""
            rows.append([share, name, f"{row['deviations']:+.1f}"])
    heading = (
        "WAYS TO FAIL by the pilot paths nearest to failure: share of these, and the draws furthest from their mean"
    )
    return [*wrapped(heading, "", ""), *columns(rows, left=2)]


def _document(result: Rare) -> dict[str, Any]:
    names = (
        "company", "scenario", "known", "months", "paths", "seed", "pilot_paths", "weight", "weight_error", "refused",
    )  # fmt: skip
    return {
        "format": FORMAT,
        "versions": versions(),
        **{name: getattr(result, name) for name in names},
        "table": records(result.table),
        "shift": records(result.shift),
    }


def _plots(_: Rare) -> dict[str, Figure]:
    return {}


FACE = Face(Rare, _plots, rare_page, _document)
