"""The model assembled and run: one company on the central path, and many on simulated ones."""

from corpfin.runs.projection import Projection, project
from corpfin.runs.simulation import Simulation, simulate

__all__ = ["Projection", "Simulation", "project", "simulate"]
