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
from corpfin.studies import Projection, Simulation, project, simulate

__all__ = [
    "Company",
    "InputError",
    "Market",
    "Projection",
    "Scenario",
    "Simulation",
    "load_companies",
    "load_company",
    "load_market",
    "load_scenario",
    "project",
    "simulate",
]
