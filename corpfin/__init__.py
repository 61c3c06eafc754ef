"""Financial and AI-transition model of the listed bitcoin miners.

>>> import corpfin as cf
>>> projection = cf.project("WULF")
>>> projection.summary["ticker"]
'WULF'
"""

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
from corpfin.studies import (
    Comparison,
    FailedPaths,
    Lifeline,
    Projection,
    ReverseStress,
    Sensitivity,
    Simulation,
    Stress,
    WatchList,
    compare,
    failed_paths,
    lifeline,
    project,
    reverse_stress,
    sensitivity,
    simulate,
    stress,
    watch,
)

__all__ = [
    "Company",
    "Comparison",
    "FailedPaths",
    "InputError",
    "Lifeline",
    "Market",
    "Projection",
    "ReverseStress",
    "Scenario",
    "Sensitivity",
    "Simulation",
    "Stress",
    "WatchList",
    "compare",
    "failed_paths",
    "lifeline",
    "load_companies",
    "load_company",
    "load_market",
    "load_scenario",
    "project",
    "reverse_stress",
    "sensitivity",
    "simulate",
    "stress",
    "watch",
]
