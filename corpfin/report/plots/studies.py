"""Plots of the studies of several companies: stress, drivers of failure, lifeline, watch list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, PercentFormatter

from corpfin.common.columns import name_of_error
from corpfin.common.text import percent
from corpfin.report.plots.style import (
    COLOURS,
    GREY,
    INK,
    INTERVAL,
    PALE,
    SIZE,
    longest_survival,
    new_figure,
    new_panels,
    styled,
)
from corpfin.studies.burdens import DRIVERS, NAMED
from corpfin.studies.drivers import Drivers
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.stress import BASE, Stress
from corpfin.studies.watch import WatchList

NAME_WIDTH, NAME_HEIGHT = 45.0, 14.0
"""Room of a name beside a point [pixel]."""

SHORTEST = 8.0
"""Length of an arrow below which it would hide under its point [pixel]."""

CLIP = 0.5
"""Change of a share [1] beyond which the heat map's colours grow no deeper, so that one cell does not pale the rest."""

LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in how light a colour is (ITU-R BT.601)."""

FLAGS = {
    "green": (COLOURS[2], "G"),
    "amber": (COLOURS[4], "A"),
    "red": (COLOURS[1], "R"),
    "none": (PALE, "–"),
}
"""Colour and letter of each flag of the watch list."""

NO_TRANSITION = "no transition"

VERDICTS = {
    "lifeline": (COLOURS[0], "o"),
    "not decisive": (GREY, "s"),
    "new risk": (COLOURS[1], "^"),
    "mixed": (COLOURS[3], "D"),
}
"""Colour and marker of each verdict on a transition."""


@styled
def stress_heat_map(result: Stress, column: str | None = None) -> Figure:
    """What each scenario changes of survival (to the horizon when None), a company a column, base itself on top.

    Companies stand in order of survival under base, highest first. A change is bold beyond two of its standard errors.
    ``KeyError`` for a column the table does not have.
    """
    horizon = longest_survival(result.table)
    column = column or horizon
    order = result.matrix(column if column.startswith("survival_") else horizon)[BASE]
    tickers = order.sort_values(ascending=False, kind="stable").index
    level, change, error = (
        result.matrix(name).loc[tickers].T.to_numpy(dtype=float)
        for name in (column, f"change_{column}", name_of_error(f"change_{column}"))
    )
    scenarios = list(result.stories)
    base = scenarios.index(BASE)
    share = column != "funding_gap"
    scale = 100.0 if share else 1.0
    size = (max(SIZE[0], 2.4 + 0.5 * len(tickers)), 1.4 + 0.27 * len(scenarios))
    title = f"{_column_name(column)} under stress: change from base"
    note = f"{result.paths:,} paths, seed {result.seed}; bold: beyond two errors"
    figure, axes = new_figure(title, note, size, grid="")
    shades = np.where(np.arange(len(scenarios))[:, None] == base, np.nan, change)
    lowest, highest = np.nanmin(shades, initial=0.0), np.nanmax(shades, initial=0.0)
    limit = min(max(-lowest, highest), CLIP if share else np.inf) or 1.0
    worse_is_red = "PuOr" if column.startswith("survival_") else "PuOr_r"
    image = axes.imshow(shades, cmap=worse_is_red, vmin=-limit, vmax=limit, aspect="auto")
    for (row, place), value in np.ndenumerate(change):
        if row == base:
            text, bold = f"{scale * level[row, place]:,.{1 if share else 0}f}", False
        else:
            text, bold = _signed(scale * value), abs(value) > 2 * error[row, place]
        dark = not np.isnan(value) and np.dot(image.to_rgba(value)[:3], LUMINANCE) < 0.5
        axes.text(
            place, row, text, ha="center", va="center", fontsize=8, color="white" if dark else INK,
            weight="bold" if bold else "normal",
        )  # fmt: skip
    axes.axhline(base + 0.5, color=INK, lw=0.8)
    unit = "[%]" if share else "[USD m]"
    axes.set_xticks(range(len(tickers)), list(tickers))
    axes.set_yticks(range(len(scenarios)), [f"{name} {unit}" if name == BASE else name for name in scenarios])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    formatter = FuncFormatter(lambda value, _: f"{scale * value:+,.0f}" if value else "0")
    extend = ("neither", "max", "min", "both")[2 * int(lowest < -limit) + int(highest > limit)]
    bar = figure.colorbar(image, ax=axes, fraction=0.03, pad=0.02, format=formatter, extend=extend)
    bar.outline.set_visible(False)
    bar.set_label("percentage points" if share else "USD m", fontsize=8)
    return figure


@styled
def driver_shares(result: Drivers) -> Figure:
    """Which burden would have had to be absent: share of a company's failures by driver, in shades and figures.

    Companies stand in order of how many of their paths fail, which their labels say; those that fail on none are named
    below and not drawn. Shares overlap and need not add up to one. Bold: more than half of the failures.
    """
    table = result.table.sort_values("failing", ascending=False, kind="stable")
    shown = table[table["failing"] > 0]
    size = (max(SIZE[0], 2.4 + 0.75 * len(DRIVERS)), 1.6 + 0.3 * max(len(shown), 1))
    note = f"Scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}; shares overlap"
    figure, axes = new_figure(f"Drivers of failures within {result.months} months", note, size, grid="")
    shares = shown[list(DRIVERS)].to_numpy(dtype=float)
    if len(shown):
        image = axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
        for (row, place), value in np.ndenumerate(shares):
            dark = np.dot(image.to_rgba(value)[:3], LUMINANCE) < 0.5
            axes.text(
                place, row, f"{100 * value:.0f}", ha="center", va="center", fontsize=8,
                color="white" if dark else INK, weight="bold" if value > 0.5 else "normal",
            )  # fmt: skip
    axes.set_xticks(range(len(DRIVERS)), [label for _, label, _ in NAMED])
    labels = [f"{company} ({percent(row['failing'])} fail)" for company, row in shown.iterrows()]
    axes.set_yticks(range(len(shown)), labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    sound = [str(company) for company in table.index if company not in shown.index]
    axes.set_xlabel("% of the failures" + (f"; none fails: {', '.join(sound)}" if sound else ""))
    return figure


@styled
def lifeline_map(result: Lifeline) -> Figure:
    """What the AI/HPC transition changes: survival to the horizon against value per share, one point a company.

    Whiskers are 95 % intervals on common paths. A point is filled where survival moved and open where value
    alone did. An arrow leads to where delivery twelve months late would put it, unless that is under the point.
    The change in value stands in share prices of the balance-sheet date, so that dear and cheap shares stand side
    by side. Companies without contracts are named below and not drawn.
    """
    table = result.table
    horizon = longest_survival(table)
    moved = table[table["verdict"] != NO_TRANSITION]
    survival = [str(name) for name in table if str(name).startswith("verdict_survival_")]
    note = f"Scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}"
    title = "The AI/HPC transition against the same company without it"
    figure, axes = new_figure(title, note, (7.2, 5.0), grid="both")
    axes.axhline(0, color=GREY, lw=0.8)
    axes.axvline(0, color=GREY, lw=0.8)
    spots: dict[str, tuple[float, float]] = {}
    delayed: dict[str, tuple[float, float]] = {}
    handles: dict[str, Line2D] = {}
    for company, row in moved.iterrows():
        colour, marker = VERDICTS[row["verdict"]]
        alone = row["verdict_value"] != "none" and all(row[name] == "none" for name in survival)
        face = "white" if alone else colour
        look: dict[str, Any] = {
            "color": colour, "marker": marker, "markersize": 7, "markerfacecolor": face, "linestyle": "none",
        }  # fmt: skip
        price = row["share_price"]
        x, y = 100 * row[f"change_{horizon}"], row["change_value"] / price
        dx, dy = 100 * INTERVAL * row[name_of_error(f"change_{horizon}")], INTERVAL * row["change_value_error"] / price
        late = x + 100 * row[f"late_change_{horizon}"], y + row["late_change_value"] / price
        axes.errorbar(x, y, xerr=dx, yerr=dy, elinewidth=1, capsize=2, **look)
        axes.update_datalim([late])
        label = f"{row['verdict']}{', by value alone' if alone else ''}"
        handles[label] = Line2D([], [], label=label, **look)
        spots[str(company)], delayed[str(company)] = (x, y), late
    axes.margins(0.14)
    axes.set_xlabel(f"change of survival to month {horizon.removeprefix('survival_')} [percentage points]")
    opening = (pd.Period(result.survival.index[0], "M") - 1).end_time.date()
    axes.set_ylabel(f"change of value per share\nin share prices of {opening}")
    without = [str(company) for company in table.index if company not in moved.index]
    missing = f"no contracts: {', '.join(without)}" if without else None
    late_look = Line2D([], [], color=INK, marker=r"$\rightarrow$", markersize=12, linestyle="none",
                       label="delivery twelve months late")  # fmt: skip
    shown = [*(handles[name] for name in sorted(handles)), late_look]
    figure.legend(handles=shown, loc="outside lower center", ncols=min(4, len(shown)), title=missing, title_fontsize=8)
    figure.draw_without_rendering()  # what is measured in pixels waits until everything has its place
    _name_spots(axes, spots)
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
    for name, spot in spots.items():
        ends = axes.transData.transform([spot, delayed[name]])
        if np.hypot(*(ends[1] - ends[0])) > SHORTEST:
            axes.annotate("", delayed[name], spot, arrowprops=arrow, zorder=1.5)  # from under its point
    return figure


@styled
def watch_list(result: WatchList) -> Figure:
    """The three points of the watch list side by side, one row a company, its flag in colour and letter.

    Price: power and cash cost of a coin against the bitcoin price. Funding: liquidity, and with it a year of the shelf,
    against what two years ask for. Execution: capacity delivered over leased.
    """
    table = result.table.iloc[::-1]
    place = np.arange(len(table))
    note = f"Scenario {result.scenario}, central path. G green, A amber, R red, – nothing to watch; rules in the list"
    figure = new_panels("What to watch: price, funding, execution", note, (9.6, 1.6 + 0.3 * len(table)))
    price, funding, execution = figure.subplots(1, 3, sharey=True)
    looks = {name: [FLAGS[flag] for flag in table[name]] for name in ("price_flag", "funding_flag", "execution_flag")}
    for axes, name in ((price, "price_flag"), (funding, "funding_flag"), (execution, "execution_flag")):
        axes.set_title(name.capitalize(), fontsize=9, pad=6)
        axes.grid(True, axis="x")
        axes.tick_params(axis="y", length=0, pad=22)  # room for the flags
        for at, (colour, letter) in zip(place, looks[name], strict=True):
            axes.annotate(letter, (0, at), (-12, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                          fontsize=8, weight="bold", va="center", ha="center",
                          bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": colour})  # fmt: skip
    price.hlines(place, table["power_cost_per_btc"] / 1e3, table["cash_cost_per_btc"] / 1e3, color=PALE, lw=3, zorder=1)
    price.plot(table["power_cost_per_btc"] / 1e3, place, "o", color=COLOURS[0], label="power cost")
    price.plot(table["cash_cost_per_btc"] / 1e3, place, "s", color=COLOURS[1], label="cash cost")
    price.axvline(float(table["btc_price"].iloc[0]) / 1e3, color=INK, lw=1.2, label="bitcoin price")
    price.set_xlim(left=0)
    price.set_xlabel("USD thousand per coin")
    shelf = np.minimum(table["shelf"], 12 * table["shelf_month"])
    asked = table["principal_due_24"] + table["equity_to_complete"] + 24 * table["burn"]
    funding.barh(place, table["liquidity"], 0.6, color=COLOURS[5], label="liquidity")
    funding.barh(place, shelf, 0.6, left=table["liquidity"], color="white", edgecolor=COLOURS[0], hatch="////",
                 label="shelf, a year")  # fmt: skip
    funding.plot(asked.where(asked > 0), place, "d", color=COLOURS[1], label="asked in two years")
    funding.set_xscale("symlog", linthresh=100)
    funding.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    funding.set_xlabel("USD m")
    leased = table["leased_mw"]
    execution.barh(place, (table["delivered_mw"] / leased.where(leased > 0)).fillna(0.0), 0.6, color=COLOURS[2],
                   label="delivered over leased; late by months")  # fmt: skip
    for at, mw, late in zip(place, leased, table["overdue"], strict=True):
        text = "no contract" if mw <= 0 else f"of {mw:,.0f} MW{f', late by {late:.0f}' if late > 0 else ''}"
        execution.annotate(text, (0.99, at), fontsize=8, color=GREY, ha="right", va="center")
    execution.set_xlim(0, 1)
    execution.xaxis.set_major_formatter(PercentFormatter(1.0))
    price.set_yticks(place, [str(company) for company in table.index])
    for axes in (price, funding, execution):
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles, labels, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=7)
    return figure


def _name_spots(axes: Axes, spots: Mapping[str, tuple[float, float]]) -> None:
    """Names beside points, from the lowest up, each moved up where it would cover the one before it at its side."""
    scale = axes.transData.transform
    taken: list[tuple[float, float]] = []
    for name, spot in sorted(spots.items(), key=lambda item: item[1][1]):
        x, y = scale(spot)
        height = y
        while any(abs(x - other) < NAME_WIDTH and abs(height - level) < NAME_HEIGHT for other, level in taken):
            height += 2.0
        taken.append((x, height))
        axes.annotate(name, spot, (7, 5 + (height - y) * 72 / axes.figure.dpi), textcoords="offset points", fontsize=8)


def _signed(change: float) -> str:
    """A change in a cell: whole from 1 on, one decimal below, a dot for what rounds to 0.0, a dash for what is unknown.

    >>> [_signed(change) for change in (-29.4, 0.96, -0.31, 0.04, float("nan"))]
    ['-29', '+1', '-0.3', '·', '-']
    """
    if np.isnan(change):
        return "-"
    if abs(change) < 0.05:
        return "·"
    return f"{change:+,.0f}" if abs(change) >= 0.95 else f"{change:+.1f}"


def _column_name(column: str) -> str:
    if column.startswith("survival_"):
        return f"Survival to month {column.removeprefix('survival_')}"
    return {"dilution": "Dilution", "funding_gap": "Funding gap"}[column]
