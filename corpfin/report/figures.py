"""Which plots belong to which result."""

from __future__ import annotations

from matplotlib.figure import Figure

from corpfin.report.plots import lifeline_map, sector_plots, stress_heat_map
from corpfin.studies.compare import Comparison
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.result import Result
from corpfin.studies.stress import Stress


def plots_of(result: Result) -> dict[str, Figure]:
    """The plots of a study of several companies, by name; none for a watch list."""
    match result:
        case Comparison():
            return sector_plots(result.simulation)
        case Stress():
            return {"stress": stress_heat_map(result)}
        case Lifeline():
            tickers = map(str, result.table.index)
            return {"lifeline": lifeline_map(result, dict(zip(tickers, result.table["share_price"], strict=True)))}
        case _:
            return {}
