"""A watch list as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import percent, wrapped
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.runs.outcome import SURVIVES
from corpfin.studies.watch import EXECUTION, FAILING, FUNDED, FUNDING, PRICE, SURVIVAL, YEARS, WatchList

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def watch_page(result: WatchList) -> str:
    """The three points with their flags and what they are read from."""
    table = result.table
    window = "open" if table["window_open"].all() else "shut"
    head = [
        f"Watch list as of {result.month}, central path of scenario {result.scenario}",
        f"Survival on {result.paths:,} paths, seed {result.seed}",
        f"Credit window in the first month that is not history: {window}",
    ]
    rows = table.to_dict("index")
    leased = {ticker: row for ticker, row in rows.items() if row["leased_mw"] > 0}
    price, funding, building = (
        cells(on_page(result.columns, part), leased if part == EXECUTION else rows, part)
        for part in (PRICE, FUNDING, EXECUTION)
    )
    alive = cells(on_page(result.columns, SURVIVAL), rows, SURVIVAL)
    notes = wrapped(
        "USD per coin, USD m, months. JPMorgan: the network's cost by its method, an electricity average. Shelf: "
        "shares that may be sold at the market, and what it takes of them a month; the flag counts what it brings in "
        "time. Due: corporate principal by contract. Equity: what committed projects still ask of the company. Rolls: "
        f"the window is open and leverage allows refinancing. {SURVIVES} In %, ± one error; "
        f"funding is not green below {percent(FUNDED, 0)} after {min(YEARS[-1], result.months)} months and red below "
        f"{percent(FAILING, 0)}. Slip: "
        "mean delay the model draws for the last project."
    )
    flagged = [columns(table, left=2) for table in (price, funding, building)]
    return joined([head, *flagged, columns(alive), notes])


def _document(result: WatchList) -> dict[str, Any]:
    return study_document(result, month=result.month)


def _plots(result: WatchList) -> dict[str, Figure]:
    from corpfin.report.plots import watch_list

    return {"watch": watch_list(result)}


FACE = Face(WatchList, _plots, watch_page, _document)
