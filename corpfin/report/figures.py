"""Plots for users: which belong to a result, and how they are saved."""

from corpfin.report.faces import plots_of
from corpfin.report.plots import save_plots

__all__ = ["plots_of", "save_plots"]
