"""The questions: what happens to one company, and what may happen to many."""

from corpfin.studies.compare import Comparison, compare
from corpfin.studies.lifeline import Lifeline, lifeline
from corpfin.studies.projection import Projection, project
from corpfin.studies.reverse import FailedPaths, ReverseStress, failed_paths, reverse_stress
from corpfin.studies.sensitivity import Sensitivity, sensitivity
from corpfin.studies.simulation import Simulation, simulate
from corpfin.studies.stress import Stress, stress
from corpfin.studies.watch import WatchList, watch

__all__ = [
    "Comparison",
    "FailedPaths",
    "Lifeline",
    "Projection",
    "ReverseStress",
    "Sensitivity",
    "Simulation",
    "Stress",
    "WatchList",
    "compare",
    "failed_paths",
    "lifeline",
    "project",
    "reverse_stress",
    "sensitivity",
    "simulate",
    "stress",
    "watch",
]
