"""A watch list as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import wrapped
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.watch import EXECUTION, FUNDING, PRICE, WatchList

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def watch_page(result: WatchList) -> str:
    """The three points with their flags and what they are read from."""
    table = result.table
    window = "open" if table["window_open"].all() else "shut"
    head = [
        f"Watch list as of {result.month}, central path of scenario {result.scenario}",
        f"Credit window in the first month that is not history: {window}",
    ]
    rows = table.to_dict("index")
    leased = {ticker: row for ticker, row in rows.items() if row["leased_mw"] > 0}
    price, funding, building = (
        cells(on_page(result.columns, part), leased if part == EXECUTION else rows, part)
        for part in (PRICE, FUNDING, EXECUTION)
    )
    notes = wrapped(
        "USD per coin, USD m, months. Network: JPMorgan's cost of all miners, an electricity average. Shelf: "
        "shares that may be sold at the market, and what it takes of them a month; the flag counts what it brings in "
        "time. Due: corporate principal by contract. Equity: what committed projects still ask of the company. Rolls: "
        "the window is open and leverage allows refinancing. Slip: mean delay the model draws for the last project."
    )
    return joined([head, columns(price, left=2), columns(funding, left=2), columns(building, left=2), notes])


def _document(result: WatchList) -> dict[str, Any]:
    return study_document(result, month=result.month)


def _plots(result: WatchList) -> dict[str, Figure]:
    from corpfin.report.plots import watch_list

    return {"watch": watch_list(result)}


FACE = Face(WatchList, _plots, watch_page, _document)
