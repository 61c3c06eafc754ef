"""A comparison as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corpfin.common.columns import name_of_error, on_page
from corpfin.common.tables import columns
from corpfin.common.text import amount, wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.runs.difference import Difference
from corpfin.runs.outcome import SURVIVES
from corpfin.studies.central import DUE_MONTHS
from corpfin.studies.compare import DIFFERENCES, FIRST, MONEY, OUTCOME, THOUSAND, Comparison, difference_columns
from corpfin.studies.paired import DILUTION_NOTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAILS_FIRST = "WHO FAILS FIRST: probability of default in %, ± one error, median month of the paths that fail"

ERRORS = 2.0
"""Errors of a difference within which two companies are tied."""


def compare_page(result: Comparison) -> str:
    """Survival and dilution, survival against the reference, costs, money and execution, principal due by year."""
    table = result.table
    rows = table.to_dict("index")
    head = [
        f"{len(table)} {'company' if len(table) == 1 else 'companies'} on the same {result.paths:,} paths, "
        f"scenario {result.scenario}, seed {result.seed}",
        "Survival to so many months in %, ± one error; dilution median and 95 %",
        *wrapped(SURVIVES, "", ""),
    ]
    outcome, money = (cells(on_page(result.columns, part), rows) for part in (OUTCOME, MONEY))
    price = table["btc_price"].iloc[0]
    notes = wrapped(
        f"Runway in months; cost of a coin in USD thousand against a price of {price / THOUSAND:,.1f}; money in USD m: "
        f"liquid now, corporate principal due by contract in the next {DUE_MONTHS} months, equity to complete (what "
        "committed projects still ask of the company on the central path), the same with uncontracted pipeline; MW "
        "delivered and leased; sold: of bitcoin held and mined; no ev: paths without a credit event to the end, %. "
        + DILUTION_NOTE
    )
    order = result.first_to_fail().to_dict("index")
    first = [FAILS_FIRST, *columns(cells(on_page(result.columns, FIRST), order))]
    sections = [head, columns(outcome), first, *_ties(result), columns(money), notes]
    sections.append(_maturities(result.maturities))
    return joined(sections)


def _document(result: Comparison) -> dict[str, Any]:
    return study_document(
        result,
        reference=result.reference,
        differences=records(result.differences),
        maturities=records(result.maturities),
    )


def _plots(result: Comparison) -> dict[str, Figure]:
    from corpfin.report.plots import principal_due_plot, sector_plots

    companies = [outcome.case.company for outcome in result.simulation.outcomes.values()]
    walls = {f"principal_due_{company.ticker}": principal_due_plot(company) for company in companies}
    return sector_plots(result.simulation) | walls


def _ties(result: Comparison) -> list[list[str]]:
    """Survival less that of the reference, with the error of the difference; nothing for a single company."""
    if len(result.table) < 2:
        return []
    found = on_page(difference_columns(result.months), DIFFERENCES)
    rows = [["", *found, ""]]
    for ticker, row in result.differences.drop(index=result.reference).to_dict("index").items():
        moved = [Difference(row[column.name], row[name_of_error(column.name)]) for column in found.values()]
        tie = "" if any(difference.beyond(ERRORS) for difference in moved) else "tie"
        rows.append([str(ticker), *(column.cell(row) for column in found.values()), tie])
    title = (
        f"SURVIVAL LESS {result.reference}'S in percentage points, ± one error of the difference; tie: within "
        f"{ERRORS:g} errors at every horizon"
    )
    return [[*wrapped(title, "", ""), *columns(rows)]]


def _maturities(maturities: pd.DataFrame) -> list[str]:
    """Principal due by year: corporate by contract, project loans below where there are any."""
    heading = wrapped(
        "PRINCIPAL DUE BY YEAR, USD m. Corporate: by contract, from the balance-sheet date to the last date of the "
        "file (first put, else maturity or instalments; no roll-over, no conversion). Projects: what the model pays on "
        "their loans on the central path, up to its end.",
        "",
        "",
    )
    rows = [["", "", *map(str, maturities)]]
    for key, row in zip(maturities.index, maturities.to_numpy(dtype=float), strict=True):
        rows.append([*map(str, key), *(amount(due or np.nan) for due in row)])
    return [*heading, *(columns(rows, left=2) if len(rows) > 1 else ["  None."])]


FACE = Face(Comparison, _plots, compare_page, _document)
