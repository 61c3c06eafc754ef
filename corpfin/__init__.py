"""Financial and AI-transition model of the listed bitcoin miners.

>>> import corpfin as cf
>>> projection = cf.project("WULF")
>>> projection.summary["ticker"]
'WULF'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpfin.inputs import (
        Company,
        InputError,
        Market,
        Scenario,
        load_companies,
        load_company,
        load_market,
        load_scenario,
    )
    from corpfin.report.figures import plots_of, save_plots
    from corpfin.runs.projection import Projection, project
    from corpfin.runs.simulation import Simulation, simulate
    from corpfin.studies.backtest import Backtest, backtest
    from corpfin.studies.compare import Comparison, compare
    from corpfin.studies.credit import Credit, credit
    from corpfin.studies.diff import Diff, diff
    from corpfin.studies.drivers import Drivers, drivers
    from corpfin.studies.failed import FailedPaths, failed_paths
    from corpfin.studies.lifeline import Lifeline, lifeline
    from corpfin.studies.rare import Rare, rare
    from corpfin.studies.reverse import ReverseStress, reverse_stress
    from corpfin.studies.roll import Roll, roll
    from corpfin.studies.sector import SectorStudy, sector
    from corpfin.studies.sensitivity import Sensitivity, sensitivity
    from corpfin.studies.stress import Stress, stress
    from corpfin.studies.watch import WatchList, watch
    from corpfin.workbook import read_workbook, write_comparison, write_sector, write_workbook
    from corpfin.workbook.line_items import line_items

__all__ = [
    "Backtest",
    "Company",
    "Comparison",
    "Credit",
    "Diff",
    "Drivers",
    "FailedPaths",
    "InputError",
    "Lifeline",
    "Market",
    "Projection",
    "Rare",
    "ReverseStress",
    "Roll",
    "Scenario",
    "SectorStudy",
    "Sensitivity",
    "Simulation",
    "Stress",
    "WatchList",
    "backtest",
    "compare",
    "credit",
    "diff",
    "drivers",
    "failed_paths",
    "lifeline",
    "line_items",
    "load_companies",
    "load_company",
    "load_market",
    "load_scenario",
    "plots_of",
    "project",
    "rare",
    "read_workbook",
    "reverse_stress",
    "roll",
    "save_plots",
    "sector",
    "sensitivity",
    "simulate",
    "stress",
    "watch",
    "write_comparison",
    "write_sector",
    "write_workbook",
]

_ROOMS = ("corpfin.inputs", "corpfin.runs", "corpfin.studies", "corpfin.workbook", "corpfin.report.figures")


def __getattr__(name: str) -> Any:
    """A public name, imported when first asked for: reading a company file should not load what draws and simulates."""
    if name in __all__:
        for room in _ROOMS:
            module = import_module(room)
            if name in module.__all__:
                globals()[name] = getattr(module, name)
                return globals()[name]
    raise AttributeError(f"module corpfin has no {name}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
