"""Plots of what was found: each takes a result and returns a matplotlib ``Figure``, drawn without a display."""

from corpfin.report.plots.backtest import calibration, forecasts, pit_histograms
from corpfin.report.plots.company import company_plots, hashprice_against_break_even, principal_due_plot
from corpfin.report.plots.moves import reverse_curve, tornado
from corpfin.report.plots.sector import sector_figures
from corpfin.report.plots.simulations import (
    FANS,
    delivered_against_leased,
    fan_chart,
    price_fan,
    sector_plots,
    survival_curves,
)
from corpfin.report.plots.studies import driver_shares, lifeline_map, stress_heat_map, watch_list
from corpfin.report.plots.style import save_plots

__all__ = [
    "FANS",
    "calibration",
    "company_plots",
    "delivered_against_leased",
    "driver_shares",
    "fan_chart",
    "forecasts",
    "hashprice_against_break_even",
    "lifeline_map",
    "pit_histograms",
    "price_fan",
    "principal_due_plot",
    "reverse_curve",
    "save_plots",
    "sector_figures",
    "sector_plots",
    "stress_heat_map",
    "survival_curves",
    "tornado",
    "watch_list",
]
