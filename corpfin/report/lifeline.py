"""A lifeline as a page, a document and plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpfin.common.columns import Row, on_page
from corpfin.common.tables import columns
from corpfin.common.text import money, wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.runs.outcome import shown_with_error
from corpfin.runs.readings import COMPARED, horizons
from corpfin.studies.counterfactual import BALANCE
from corpfin.studies.lifeline import CASES, DELAY, PLAN, VERDICTS, Lifeline
from corpfin.studies.paired import DILUTION_NOTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


NOTES = (
    "Survival to a month and dilution in percentage points, value in USD per share at the horizon, funding in "
    "USD m raised or not found. Survival to either month, by a point, and value per share, by 5 % of the share "
    "price, gain or lose beyond two errors; lifeline: some gain and none loses; new risk: some lose and none "
    "gains; mixed: they disagree. " + DILUTION_NOTE
)
"""What the changes are in and how the verdict is reached."""


def lifeline_page(result: Lifeline) -> str:
    """The verdicts, what the transition changes, levels, opening balances, and what a year's delay changes."""
    head = [
        f"With the AI/HPC transition less without it; scenario {result.scenario}",
        f"{result.paths:,} common paths, seed {result.seed}; ± one error",
    ]
    rows = result.table.to_dict("index")
    moving = {ticker: row for ticker, row in rows.items() if row["verdict"] != "no transition"}
    verdicts = cells(on_page(result.columns, VERDICTS), rows)
    plan = cells(on_page(result.columns, PLAN), rows)
    late = cells(on_page(result.columns, DELAY), moving)
    shown, cases = horizons(result.months, COMPARED), ("with", "without", "late")
    levels = [["", *(f"{case} {horizon}" for horizon in shown for case in cases)]]
    found = result.levels.to_dict("index")
    for ticker in rows:
        shares = [shown_with_error(f"survival_{horizon}", found[ticker, case]) for horizon in shown for case in cases]
        levels.append([str(ticker), *shares])
    notes = wrapped(NOTES)
    sections = [head, columns(verdicts), columns(plan), notes]
    sections.append(["SURVIVAL in %, with, without and a year late", *columns(levels)])
    if moving:
        sections += _balances(moving)
    if len(late) > 1:
        sections.append(["DELIVERY TWELVE MONTHS LATE less as planned", *columns(late)])
    return joined(sections)


def _balances(moving: Mapping[Any, Row]) -> list[list[str]]:
    """The opening balance of each company with and without the transition, and what it rests on."""
    rows = [["", *("cash", "restricted", "bitcoin", "buildings", "debt", "loans", "prepaid", "net worth")]]
    for ticker, row in moving.items():
        rows += [[f"{ticker} {case}", *(money(row[f"opening_{case}_{name}"]) for name in BALANCE)] for case in CASES]
    unmet = {ticker: row["unmet"] for ticker, row in moving.items() if row["unmet"] > 0}
    missing = "; ".join(f"{ticker} lacks {money(amount)} of it" for ticker, amount in unmet.items())
    notes = wrapped(
        "At book: debts at principal, bitcoin at the opening price; buildings: as far as lenders and tenants paid for "
        "them. Without the transition, money lent or prepaid and still there is returned, restricted cash first"
        f"{f'; {missing}, which is forgiven' if missing else ''}; what owners built with stays spent."
    )
    return [["OPENING BALANCE with and without the transition, USD m", *columns(rows)], notes]


def _document(result: Lifeline) -> dict[str, Any]:
    return study_document(result, levels=records(result.levels))


def _plots(result: Lifeline) -> dict[str, Figure]:
    from corpfin.report.plots import lifeline_map

    return {"lifeline": lifeline_map(result)}


FACE = Face(Lifeline, _plots, lifeline_page, _document)
