"""The questions asked of the runs: held side by side, stressed, reversed, varied, with and without the AI projects."""

from corpfin.studies.backtest import Backtest, backtest
from corpfin.studies.compare import Comparison, compare
from corpfin.studies.credit import Credit, credit
from corpfin.studies.diff import Diff, diff
from corpfin.studies.drivers import Drivers, FoundDrivers, drivers, drivers_of
from corpfin.studies.failed import FailedPaths, failed_paths
from corpfin.studies.lifeline import Lifeline, lifeline
from corpfin.studies.rare import Rare, rare
from corpfin.studies.reverse import ReverseStress, reverse_stress
from corpfin.studies.roll import Roll, roll
from corpfin.studies.sector import SectorStudy, sector
from corpfin.studies.sensitivity import Sensitivity, sensitivity
from corpfin.studies.stress import Stress, stress
from corpfin.studies.watch import WatchList, watch

__all__ = [
    "Backtest",
    "Comparison",
    "Credit",
    "Diff",
    "Drivers",
    "FailedPaths",
    "FoundDrivers",
    "Lifeline",
    "Rare",
    "ReverseStress",
    "Roll",
    "SectorStudy",
    "Sensitivity",
    "Stress",
    "WatchList",
    "backtest",
    "compare",
    "credit",
    "diff",
    "drivers",
    "drivers_of",
    "failed_paths",
    "lifeline",
    "rare",
    "reverse_stress",
    "roll",
    "sector",
    "sensitivity",
    "stress",
    "watch",
]
