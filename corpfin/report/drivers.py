"""The drivers of failure as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.drivers import BILL_COLUMNS, BY_BILL, FIRST, SECOND, WINDOW, Drivers

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def drivers_page(result: Drivers) -> str:
    """Failures and their drivers, and both by the first bill that stayed unpaid."""
    head = [
        f"What drives failures within {result.months} months; scenario {result.scenario}, {result.paths:,} paths, "
        f"seed {result.seed}",
        "Share of the failures that would have been paid without it, in %, ± one error",
    ]
    rows = result.table.to_dict("index")
    notes = wrapped(
        f"A burden is a driver of a failure when the company, without it in the {WINDOW} months up to the failure, is "
        "not in default at the end of that month. Interest, principal with puts, margin calls, and capex (building and "
        "machines bought) are paid for it; power is no dearer and bitcoin no cheaper than at the start; tenant: none "
        "is lost, no project is late. Burdens overlap: shares need not add up to 100; several: none alone would have "
        "been enough."
    )
    tables = [columns(cells(on_page(result.columns, part), rows)) for part in (FIRST, SECOND)]
    sections = [head, *tables, notes]
    if len(result.bills):
        names = [" ".join(map(str, name)) for name in result.bills.index.to_list()]
        bills = dict(zip(names, result.bills.to_dict("records"), strict=True))
        heading = "DRIVERS BY THE FIRST BILL LEFT UNPAID, in %: of all failures of a company, then of these"
        sections.append([heading, *columns(cells(on_page(BILL_COLUMNS, BY_BILL), bills))])
    return joined(sections)


def _document(result: Drivers) -> dict[str, Any]:
    return study_document(result, bills=records(result.bills))


def _plots(result: Drivers) -> dict[str, Figure]:
    from corpfin.report.plots import driver_shares

    return {"drivers": driver_shares(result)}


FACE = Face(Drivers, _plots, drivers_page, _document)
