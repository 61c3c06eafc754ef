"""The questions: what happens to one company, and what may happen to many."""

from corpfin.studies.projection import Projection, project
from corpfin.studies.simulation import Simulation, simulate

__all__ = ["Projection", "Simulation", "project", "simulate"]
