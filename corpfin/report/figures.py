"""Which plots belong to which result."""

from __future__ import annotations

from matplotlib.figure import Figure

from corpfin.report import plots
from corpfin.report.plots import save_plots
from corpfin.runs import Simulation
from corpfin.studies.compare import Comparison
from corpfin.studies.drivers import Drivers
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.result import Result
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import Sensitivity
from corpfin.studies.stress import Stress
from corpfin.studies.watch import WatchList

__all__ = ["plots_of", "save_plots"]

Plotted = Result | Sensitivity | ReverseStress | Simulation


def plots_of(result: Plotted) -> dict[str, Figure]:
    """The plots of a result, by name, ready for :func:`corpfin.save_plots`; ``TypeError`` for what has none."""
    match result:
        case Simulation():
            fans = {
                f"{line}_{ticker}": plots.fan_chart(result, ticker, line)
                for ticker in result.outcomes
                for line in plots.FANS
            }
            return plots.sector_plots(result) | fans
        case Comparison():
            companies = [outcome.case.company for outcome in result.simulation.outcomes.values()]
            walls = {f"maturity_wall_{company.ticker}": plots.maturity_wall(company) for company in companies}
            return plots.sector_plots(result.simulation) | walls
        case Stress():
            return {"stress": plots.stress_heat_map(result)}
        case Drivers():
            return {"drivers": plots.driver_shares(result)}
        case Lifeline():
            return {"lifeline": plots.lifeline_map(result)}
        case WatchList():
            return {"watch": plots.watch_list(result)}
        case Sensitivity():
            return {f"tornado_{result.main_output}": plots.tornado(result)}
        case ReverseStress():
            return {f"reverse_{result.target}": plots.reverse_curve(result)}
        case _:
            raise TypeError(f"a {type(result).__name__} has no plots")
