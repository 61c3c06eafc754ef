"""A simulation of several companies as plots, its summary as a page and a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.tables import markdown
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.face import Face
from corpfin.runs import Simulation

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _plots(result: Simulation) -> dict[str, Figure]:
    from corpfin.report.plots import FANS, fan_chart, sector_plots

    fans = {f"{line}_{ticker}": fan_chart(result, ticker, line) for ticker in result.outcomes for line in FANS}
    return sector_plots(result) | fans


def _page(result: Simulation) -> str:
    return markdown(result.summary)


def _document(result: Simulation) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "versions": versions(),
        "scenario": result.market_case.scenario.name,
        "known": result.market_case.known,
        **{name: getattr(result, name) for name in ("months", "paths", "seed")},
        "table": records(result.summary),
    }


FACE = Face(Simulation, _plots, _page, _document)
