"""Plots of a simulation: survival, the spread of a line over the paths, capacity delivered."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullFormatter, PercentFormatter

from corpfin.common.text import percent
from corpfin.report.plots.style import (
    COLOURS,
    GREY,
    INK,
    INTERVAL,
    PALE,
    SIZE,
    mark_history,
    mark_years,
    new_figure,
    new_panels,
    run_of,
    styled,
    thousands,
)
from corpfin.runs import Simulation
from corpfin.runs.graphs import company_graph

FANS = ("cash", "btc", "dilution")
"""Lines whose spread over paths is drawn for a company."""

TITLES = {
    "cash": "Cash",
    "btc": "Bitcoin held",
    "dilution": "Dilution: diluted shares over those at the start",
    "liquidity": "Liquidity",
    "share_price": "Share price",
    "total_hpc_delivered_mw": "HPC capacity delivered",
}


def sector_plots(simulation: Simulation) -> dict[str, Figure]:
    """The plots that hold the companies of a simulation side by side, by name."""
    figures = {"survival": survival_curves(simulation)}
    if any(row.leased_mw for outcome in simulation.outcomes.values() for row in outcome.case.company.tables.hpc):
        figures["delivered_against_leased"] = delivered_against_leased(simulation)
    return figures


@styled
def survival_curves(simulation: Simulation) -> Figure:
    """Share of paths not in default by month with its 95 % interval: one panel a company, the others pale behind it.

    Panels stand in order of survival at the horizon, highest first.
    """
    shares = {company: np.append(1.0, simulation.survival[company, "survival"]) for company in simulation.outcomes}
    order = sorted(shares, key=lambda company: shares[company][-1], reverse=True)
    across = math.ceil(math.sqrt(len(order)))
    down = math.ceil(len(order) / across)
    note = f"{run_of(simulation)}; shade: 95 % interval{'; grey: the other companies' if len(order) > 1 else ''}"
    size = (max(SIZE[0], 2.2 * across), max(SIZE[1], 1.1 + 1.6 * down))
    figure = new_panels("Survival by month, and at the end", note, size)
    months = np.arange(simulation.months + 1)
    for number, company in enumerate(order):
        axes = figure.add_subplot(down, across, number + 1)
        axes.grid(True, axis="y")
        for other in order:
            if other != company:
                axes.step(months, shares[other], where="post", color=PALE, lw=0.9)
        share, error = shares[company], np.append(0.0, simulation.survival[company, "survival_error"])
        low, high = share - INTERVAL * error, share + INTERVAL * error
        axes.fill_between(months, low, high, step="post", color=COLOURS[0], alpha=0.3, lw=0)
        axes.step(months, share, where="post", color=COLOURS[0])
        axes.set_title(f"{company} {percent(share[-1])}", fontsize=9, pad=3)
        axes.set_ylim(0, 1.04)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        mark_years(axes, simulation.market_case.labels, start=1, most=max(3, 12 // across))
        axes.tick_params(labelleft=number % across == 0, labelbottom=number + across >= len(order))
    figure.supylabel("paths not in default", fontsize=9)
    return figure


@styled
def fan_chart(simulation: Simulation, company: str, line: str = "cash") -> Figure:
    """Quantiles of a line by month over all paths, those in default as they stand.

    ``KeyError`` for a line that is not kept by month.
    """
    fan = simulation.fan(company, line)
    failed = 1 - simulation.survival[company, "survival"].iloc[-1]
    emptied = "; cash 0 at default" if line == "cash" else ""
    note = f"{run_of(simulation)}; bands include defaulted paths ({percent(failed)} at the end{emptied})"
    figure, axes = new_figure(f"{company}: {TITLES.get(line, line)}", note)
    _bands(axes, fan)
    unit = next(item.unit for item in company_graph().lines if (item.scope, item.name) == ("", line))
    axes.set_ylabel("" if unit == "1" else unit)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0) if unit == "1" else thousands())
    if min(fan.min()) >= 0:
        axes.set_ylim(bottom=0)
    figure.legend(loc="outside lower center", ncols=3)
    mark_years(axes, simulation.market_case.labels)
    mark_history(axes, simulation.market_case.history)
    return figure


@styled
def price_fan(simulation: Simulation, central: np.ndarray) -> Figure:
    """Quantiles of the bitcoin price at month end over the paths, with the ``central`` path [M], on a log scale."""
    fan = simulation.btc_price
    figure, axes = new_figure("Bitcoin price at month end", f"{run_of(simulation)}; log scale")
    _bands(axes, fan)
    axes.plot(np.arange(len(fan)), central, color=COLOURS[1], linestyle="--", label="central path")
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(10, (1, 2, 5)))
    axes.yaxis.set_major_formatter(thousands())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_ylabel("USD/BTC")
    figure.legend(loc="outside lower center", ncols=4)
    mark_years(axes, simulation.market_case.labels)
    mark_history(axes, simulation.market_case.history)
    return figure


def _bands(axes: Axes, fan: pd.DataFrame) -> None:
    """Nine of ten paths, half of them, and the median."""
    months = np.arange(len(fan))
    axes.fill_between(months, fan["5"], fan["95"], color=COLOURS[0], alpha=0.18, lw=0, label="9 of 10 paths")
    axes.fill_between(months, fan["25"], fan["75"], color=COLOURS[0], alpha=0.38, lw=0, label="half of the paths")
    axes.plot(months, fan["50"], color=INK, label="median")


@styled
def delivered_against_leased(simulation: Simulation) -> Figure:
    """HPC capacity of each company: leased, delivered at the balance-sheet date, and at the horizon with its spread.

    ``ValueError`` when no company has leased any.
    """
    rows = []
    for company, outcome in simulation.outcomes.items():
        tables = outcome.case.company.tables
        leased = sum(row.leased_mw for row in tables.hpc)
        if leased:
            low, median, high = np.quantile(outcome.sample["total_hpc_delivered_mw"], (0.05, 0.5, 0.95))
            rows.append((company, leased, sum(row.delivered_mw for row in tables.hpc), low, median, high))
    if not rows:
        raise ValueError("no company has leased HPC capacity")
    rows.sort(key=lambda row: row[1])
    size = (SIZE[0], 1.6 + 0.36 * len(rows))
    note = f"{run_of(simulation)}; %: delivered of leased at the balance sheet"
    figure, axes = new_figure("HPC capacity delivered against leased", note, size, grid="x")
    for place, (_, leased, delivered, low, median, high) in enumerate(rows):
        axes.barh(place, leased, 0.7, color="white", edgecolor=GREY, lw=1.0)
        axes.barh(place, delivered, 0.7, color=COLOURS[0], lw=0)
        axes.plot([low, high], [place, place], color=INK, lw=1.2, solid_capstyle="butt")
        axes.plot(median, place, marker="D", color=COLOURS[1], markersize=6, linestyle="none", markeredgecolor="white")
        axes.annotate(
            percent(delivered / leased, 0), (max(leased, median), place), (9, 0), textcoords="offset points",
            va="center", fontsize=8,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(thousands())
    axes.set_xlabel("MW of critical IT capacity")
    axes.margins(x=0.1)
    opening = next(iter(simulation.outcomes.values())).case.company.as_of
    horizon = simulation.market_case.labels[-1]
    handles = [
        Patch(facecolor="white", edgecolor=GREY, label="leased"),
        Patch(facecolor=COLOURS[0], label=f"delivered by the balance sheet of {opening}"),
        Line2D([], [], color=INK, lw=1.2, marker="D", markerfacecolor=COLOURS[1], markeredgecolor="white",
               label=f"delivered by {horizon}: median, 9 of 10 paths"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure
