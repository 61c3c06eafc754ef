"""A lifeline as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.runs.outcome import shown_with_error
from corpfin.runs.readings import COMPARED, horizons
from corpfin.studies.lifeline import DELAY, PLAN, Lifeline
from corpfin.studies.paired import DILUTION_NOTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def lifeline_page(result: Lifeline) -> str:
    """The verdicts, survival with and without, and what the transition, and a year's delay, change."""
    head = [
        f"With the AI/HPC transition less without it; scenario {result.scenario}",
        f"{result.paths:,} common paths, seed {result.seed}; ± one error",
    ]
    rows = result.table.to_dict("index")
    moving = {ticker: row for ticker, row in rows.items() if row["verdict"] != "no transition"}
    plan = cells(on_page(result.columns, PLAN), rows)
    late = cells(on_page(result.columns, DELAY), moving)
    shown, cases = horizons(result.months, COMPARED), ("with", "without", "late")
    levels = [["", *(f"{case} {horizon}" for horizon in shown for case in cases)]]
    found = result.levels.to_dict("index")
    for ticker in rows:
        shares = [shown_with_error(f"survival_{horizon}", found[ticker, case]) for horizon in shown for case in cases]
        levels.append([str(ticker), *shares])
    notes = wrapped(
        "Survival to a month and dilution in percentage points, value in USD per share at the horizon, funding in "
        "USD m raised or not found. A loss of survival beyond two errors and a point makes a new risk, a gain a "
        "lifeline; where survival does not move, value per share decides. " + DILUTION_NOTE
    )
    sections = [head, columns(plan, left=2), notes, ["SURVIVAL in %, with, without and a year late", *columns(levels)]]
    if len(late) > 1:
        sections.append(["DELIVERY TWELVE MONTHS LATE less as planned", *columns(late)])
    return joined(sections)


def _document(result: Lifeline) -> dict[str, Any]:
    return study_document(result, levels=records(result.levels))


def _plots(result: Lifeline) -> dict[str, Figure]:
    from corpfin.report.plots import lifeline_map

    return {"lifeline": lifeline_map(result)}


FACE = Face(Lifeline, _plots, lifeline_page, _document)
