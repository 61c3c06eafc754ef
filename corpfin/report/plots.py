"""Plots of what the studies found: each takes a result and returns a matplotlib ``Figure``, drawn without a display.

One style for all (:data:`STYLE`): colours that the colour-blind can tell apart (Okabe and Ito 2008). Nothing is told by
colour alone, so that a grey print can be read too: lines differ by dashes or stand in panels of their own, bars differ
by hatching, and a sign is written out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, PercentFormatter

from corpfin.common.columns import ERROR, name_of_error
from corpfin.common.files import whole_file
from corpfin.common.text import percent, written
from corpfin.inputs import Company
from corpfin.runs import Projection, Simulation
from corpfin.runs.graphs import company_graph
from corpfin.runs.schedule import Due, debt_due, loans_due
from corpfin.studies.burdens import DRIVERS, NAMED
from corpfin.studies.drivers import Drivers
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import Sensitivity
from corpfin.studies.stress import BASE, Stress
from corpfin.studies.variation import UNKNOWN
from corpfin.studies.watch import WatchList

INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", INK, GREY)
"""Okabe and Ito's colours, yellow left out because it vanishes on paper."""

DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
HATCHES = ("", "////", "...", "\\\\\\\\", "xxxx", "----", "||||", "oo")
SIZE = (7.2, 4.3)
"""Width and height of a figure [inch]."""

NAME_WIDTH, NAME_HEIGHT = 45.0, 14.0
"""Room of a name beside a point [pixel]."""

SHORTEST = 8.0
"""Length of an arrow below which it would hide under its point [pixel]."""

GONE = ("repaid", "converted")
"""Events that are known and past."""

CLIP = 0.5
"""Change of a share [1] beyond which the heat map's colours grow no deeper, so that one cell does not pale the rest."""

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 22,
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "savefig.dpi": 160,
    "figure.constrained_layout.use": True,
}
LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in how light a colour is (ITU-R BT.601)."""

INTERVAL = 1.96
"""Standard errors on each side of a 95 % interval."""

FANS = ("cash", "btc", "dilution")
"""Lines whose spread over paths is drawn for a company."""

TITLES = {
    "cash": "Cash",
    "btc": "Bitcoin held",
    "dilution": "New shares over shares at the start",
    "liquidity": "Liquidity",
    "share_price": "Share price",
    "total_hpc_delivered_mw": "HPC capacity delivered",
}
OUTPUT_NAMES = {"dilution": "median dilution", "cash": "median cash at the end"}

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

P = ParamSpec("P")


def _styled(plot: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a plot in the common style, whatever the user's own settings are."""

    @wraps(plot)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with matplotlib.rc_context(STYLE):
            return plot(*args, **kwargs)

    return styled


def save_plots(folder: Path, figures: Mapping[str, Figure]) -> list[Path]:
    """Write each figure as ``name.png`` into a folder, made when missing, and return the files.

    A file appears whole or not at all. Raises ``OSError`` if one cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, figure in figures.items():
        path = folder / f"{name}.png"
        with whole_file(path) as temporary, matplotlib.rc_context(STYLE):
            figure.savefig(temporary, format="png")
        files.append(path)
    return files


def company_plots(projection: Projection, simulation: Simulation) -> dict[str, Figure]:
    """Every plot of one company, by name: those of mining and of HPC only where it has any."""
    company = projection.company
    figures = sector_plots(simulation)
    figures |= {line: fan_chart(simulation, company.ticker, line) for line in FANS}
    figures["maturity_wall"] = maturity_wall(company)
    if company.tables.fleet:
        figures["hashprice"] = hashprice_against_break_even(projection)
    return figures


def sector_plots(simulation: Simulation) -> dict[str, Figure]:
    """The plots that hold the companies of a simulation side by side, by name."""
    figures = {"survival": survival_curves(simulation)}
    if any(row.leased_mw for outcome in simulation.outcomes.values() for row in outcome.case.company.tables.hpc):
        figures["delivered_against_leased"] = delivered_against_leased(simulation)
    return figures


@_styled
def survival_curves(simulation: Simulation) -> Figure:
    """Share of paths not in default by month with its 95 % interval: one panel a company, the others pale behind it.

    Panels stand in order of survival at the horizon, highest first.
    """
    shares = {company: np.append(1.0, simulation.survival[company, "survival"]) for company in simulation.outcomes}
    order = sorted(shares, key=lambda company: shares[company][-1], reverse=True)
    across = math.ceil(math.sqrt(len(order)))
    down = math.ceil(len(order) / across)
    note = f"{_run(simulation)}; shade: 95 % interval{'; grey: the other companies' if len(order) > 1 else ''}"
    size = (max(SIZE[0], 2.2 * across), max(SIZE[1], 1.1 + 1.6 * down))
    figure = _panels("Survival by month, and at the end", note, size)
    months = np.arange(simulation.months + 1)
    for number, company in enumerate(order):
        axes = figure.add_subplot(down, across, number + 1)
        axes.grid(True, axis="y")
        for other in order:
            if other != company:
                axes.step(months, shares[other], where="post", color=PALE, lw=0.9)
        share, error = shares[company], np.append(0.0, simulation.survival[company, "error"])
        low, high = share - INTERVAL * error, share + INTERVAL * error
        axes.fill_between(months, low, high, step="post", color=COLOURS[0], alpha=0.3, lw=0)
        axes.step(months, share, where="post", color=COLOURS[0])
        axes.set_title(f"{company} {percent(share[-1])}", fontsize=9, pad=3)
        axes.set_ylim(0, 1.04)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        _years(axes, simulation.market_case.labels, start=1, most=max(3, 12 // across))
        axes.tick_params(labelleft=number % across == 0, labelbottom=number + across >= len(order))
    figure.supylabel("paths not in default", fontsize=9)
    return figure


@_styled
def fan_chart(simulation: Simulation, company: str, line: str = "cash") -> Figure:
    """Quantiles of a line by month over all paths, those in default as they stand.

    ``KeyError`` for a line that is not kept by month.
    """
    fan = simulation.fan(company, line)
    failed = 1 - simulation.survival[company, "survival"].iloc[-1]
    emptied = "; cash 0 at default" if line == "cash" else ""
    note = f"{_run(simulation)}; bands include defaulted paths ({percent(failed)} at the end{emptied})"
    figure, axes = _figure(f"{company}: {TITLES.get(line, line)}", note)
    months = np.arange(len(fan))
    axes.fill_between(months, fan["5"], fan["95"], color=COLOURS[0], alpha=0.18, lw=0, label="9 of 10 paths")
    axes.fill_between(months, fan["25"], fan["75"], color=COLOURS[0], alpha=0.38, lw=0, label="half of the paths")
    axes.plot(months, fan["50"], color=INK, label="median")
    unit = next(item.unit for item in company_graph().lines if (item.scope, item.name) == ("", line))
    axes.set_ylabel("" if unit == "1" else unit)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0) if unit == "1" else _thousands())
    if min(fan.min()) >= 0:
        axes.set_ylim(bottom=0)
    figure.legend(loc="outside lower center", ncols=3)
    _years(axes, simulation.market_case.labels)
    _history(axes, simulation.market_case.history)
    return figure


@_styled
def maturity_wall(company: Company) -> Figure:
    """Principal that falls due by contract [USD m], by calendar year and instrument, each with a hatch of its own.

    Corporate debt is dark with white hatches, project loans are light with dark ones. A convertible stands at its first
    put date. What the model expects to be rolled over or converted is not deducted. What is known to be repaid or
    converted after the balance-sheet date is drawn empty and stands in brackets, not in the total: what repaid it may
    be in the wall already, as a loan issued since.
    """
    corporate = debt_due(company)
    groups = {
        "debt": [due for due in corporate if due.event not in GONE],
        "loan": loans_due(company),
        "gone": [due for due in corporate if due.event in GONE],
    }
    dues = [(kind, due) for kind, group in groups.items() for due in group]
    note = f"Balance sheet of {company.as_of}"
    note += "; light: project loans, as bullets" if groups["loan"] else ""
    note += "; empty, in brackets: repaid or converted since, not in the total" if groups["gone"] else ""
    look: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, due in dues:
        look.setdefault((kind, due.id), _bar_look(kind, len(look)) | {"label": _due_name(company, kind, due)})
    figure, axes = _figure(f"{company.ticker}: principal due by contract", note, (8.4, 4.0 + 0.1 * len(look)))
    last = max((due.year for _, due in dues if due.year is not None), default=company.as_of.year)
    columns: list[int | None] = [*range(company.as_of.year, last + 1)]
    columns += [None] if any(due.year is None for _, due in dues) else []
    for place, year in enumerate(columns):
        height = {False: 0.0, True: 0.0}
        for kind, due in dues:
            if due.year == year:
                axes.bar(place, due.amount, 0.7, sum(height.values()), lw=0.9, **look[kind, due.id])
                height[kind == "gone"] += due.amount
        written_out = [(f"{height[False]:,.0f}", INK)] if height[False] else []
        written_out += [(f"({height[True]:,.0f})", GREY)] if height[True] else []
        for line, (text, colour) in enumerate(written_out):
            axes.annotate(
                text, (place, sum(height.values())), (0, 3 + 11 * line), textcoords="offset points", ha="center",
                color=colour,
            )  # fmt: skip
    axes.set_xticks(range(len(columns)), [str(year or "no date") for year in columns])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylabel("USD m")
    axes.yaxis.set_major_formatter(_thousands())
    axes.margins(y=0.14)
    if look:
        figure.legend(handles=[Patch(**item) for item in look.values()], loc="outside lower left", ncols=2)
    else:
        axes.text(0.5, 0.5, "no debt", transform=axes.transAxes, ha="center", color=GREY)
    return figure


@_styled
def tornado(result: Sensitivity, output: str | None = None, count: int = 15) -> Figure:
    """The figures with the largest swing of an output (survival at the horizon when None): difference from the base.

    Whiskers are 95 % intervals of the difference; figures with both ends within theirs are left out. Names of figures
    that are estimated or default are marked.
    """
    output = output or result.main_output
    table = result.ranked(output).sort_values(f"{output}_swing", ascending=False, kind="stable")
    low, high = (
        table[f"{output}_{side}"].abs() > INTERVAL * table[f"{output}_{side}_error"] for side in ("low", "high")
    )
    beyond = low | high
    rows = table[beyond].head(count)[::-1]
    scale, unit = (1.0, "USD m") if output == "cash" else (100.0, "percentage points")
    base = f"{result.base[output]:,.0f} USD m" if output == "cash" else percent(result.base[output])
    note = f"{result.paths:,} paths, seed {result.seed}; base {base}; "
    note += f"{beyond.sum()} of {len(table)} figures move it beyond the error"
    size = (SIZE[0] + 0.6, 1.5 + 0.3 * max(2, len(rows)))
    figure, axes = _figure(f"{result.company}: what moves {_output_name(output)}", note, size, grid="x")
    places = np.arange(len(rows))
    for side, up, colour, hatch in (("low", 0.2, COLOURS[0], ""), ("high", -0.2, COLOURS[4], "////")):
        widths, errors = scale * rows[f"{output}_{side}"], scale * INTERVAL * rows[f"{output}_{side}_error"]
        axes.barh(places + up, widths, 0.38, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
        axes.errorbar(widths, places + up, xerr=errors, fmt="none", ecolor=INK, elinewidth=0.8, capsize=1.5)
    axes.axvline(0, color=INK, lw=0.8)
    names = [f"{name} {'*' if grade in UNKNOWN else ' '}" for name, grade in rows["grade"].items()]
    axes.set_yticks(places, names, fontsize=8)
    axes.set_ylim(-0.6, max(1, len(rows)) - 0.4)
    axes.tick_params(axis="y", length=0)
    right = axes.secondary_yaxis("right")
    right.set_yticks(places, [_between(row) for row in rows.itertuples()], fontsize=7)
    right.tick_params(length=0, labelcolor=GREY)
    right.spines[:].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"change from the base [{unit}]")
    if rows.empty:
        axes.text(0.5, 0.5, "nothing beyond the error", transform=axes.transAxes, ha="center", color=GREY)
        return figure
    handles = [
        Patch(facecolor=COLOURS[0], label="at the low end (upper bar)"),
        Patch(facecolor=COLOURS[4], hatch="////", edgecolor="white", label="at the high end (lower bar)"),
        Line2D([], [], marker="$*$", color=INK, linestyle="none", label="estimated or default: worth looking up"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


@_styled
def reverse_curve(result: ReverseStress) -> Figure:
    """Survival at the levels computed, with 95 % intervals, and the level asked for, with its bracket of one error.

    Drawn around base and level; over the whole range when no level was found.
    """
    how = {"multiply": "times the base", "add": f"added [{result.unit}]"}[result.how]
    title = f"{result.company}: survival to month {result.at} by {result.target}"
    note = f"{result.paths:,} paths, seed {result.seed}{f'; {result.reason}' if result.level is None else ''}"
    figure, axes = _figure(title, note, grid="both")
    curve = result.curve
    axes.plot(curve.index, curve["survival"], color=COLOURS[0], lw=0.7)
    axes.errorbar(
        curve.index, curve["survival"], yerr=INTERVAL * curve["error"], color=COLOURS[0], fmt="o", markersize=4,
        elinewidth=1, capsize=2, label="computed, 95 % interval",
    )  # fmt: skip
    axes.axhline(result.survival, color=GREY, linestyle=DASHES[2], lw=1)
    axes.axvline(result.unchanged, color=GREY, linestyle=DASHES[1], lw=1)
    axes.annotate("base", (result.unchanged, 0.02), (3, 0), textcoords="offset points", color=GREY)
    if result.level is not None and result.bracket is not None:
        low, high = sorted(result.bracket)
        axes.axvspan(low, high, color=COLOURS[1], alpha=0.25, lw=0, label=f"{low:.3g} to {high:.3g}: one error")
        axes.plot(
            result.level, result.survival, marker="D", color=COLOURS[1], markersize=7, markeredgecolor="white",
            linestyle="none", zorder=3, label=f"{percent(result.survival, 0)} at {result.level:.3g}",
        )  # fmt: skip
    first, last = _window(result)
    edge = 0.02 * (last - first)
    axes.set_xlim(first - edge, last + edge)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel(f"{result.target}, {how}")
    axes.set_ylabel("paths not in default")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


@_styled
def stress_heat_map(result: Stress, column: str | None = None) -> Figure:
    """What each scenario changes of survival (to the horizon when None), a company a column, base itself on top.

    Companies stand in order of survival under base, highest first. A change is bold beyond two of its standard errors.
    ``KeyError`` for a column the table does not have.
    """
    horizon = _longest_survival(result.table)
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
    figure, axes = _figure(title, f"{result.paths:,} paths, seed {result.seed}; bold: beyond two errors", size, grid="")
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


@_styled
def driver_shares(result: Drivers) -> Figure:
    """Which burden would have had to be absent: share of a company's failures by driver, in shades and figures.

    Companies stand in order of how many of their paths fail, which their labels say; those that fail on none are named
    below and not drawn. Shares overlap and need not add up to one. Bold: more than half of the failures.
    """
    table = result.table.sort_values("failing", ascending=False, kind="stable")
    shown = table[table["failing"] > 0]
    size = (max(SIZE[0], 2.4 + 0.75 * len(DRIVERS)), 1.6 + 0.3 * max(len(shown), 1))
    note = f"Scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}; shares overlap"
    figure, axes = _figure(f"Drivers of failures within {result.months} months", note, size, grid="")
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


@_styled
def lifeline_map(result: Lifeline) -> Figure:
    """What the AI/HPC transition changes: survival to the horizon against value per share, one point a company.

    Whiskers are 95 % intervals on common paths. A point is filled where survival moved and open where value
    alone did. An arrow leads to where delivery twelve months late would put it, unless that is under the point.
    The change in value stands in share prices of the balance-sheet date, so that dear and cheap shares stand side
    by side. Companies without contracts are named below and not drawn.
    """
    table = result.table
    horizon = _longest_survival(table)
    moved = table[table["verdict"] != NO_TRANSITION]
    survival = [str(name) for name in table if str(name).startswith("verdict_survival_")]
    note = f"Scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}"
    figure, axes = _figure("The AI/HPC transition against the same company without it", note, (7.2, 5.0), grid="both")
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
    _name_spots(axes, spots)
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
    for name, spot in spots.items():
        ends = axes.transData.transform([spot, delayed[name]])
        if np.hypot(*(ends[1] - ends[0])) > SHORTEST:
            axes.annotate("", delayed[name], spot, arrowprops=arrow, zorder=1.5)  # from under its point
    axes.set_xlabel(f"change of survival to month {horizon.removeprefix('survival_')} [percentage points]")
    opening = (pd.Period(result.survival.index[0], "M") - 1).end_time.date()
    axes.set_ylabel(f"change of value per share\nin share prices of the balance sheet, {opening}")
    without = [str(company) for company in table.index if company not in moved.index]
    title = f"no contracts: {', '.join(without)}" if without else None
    late_look = Line2D([], [], color=INK, marker=r"$\rightarrow$", markersize=12, linestyle="none",
                       label="delivery twelve months late")  # fmt: skip
    shown = [*(handles[name] for name in sorted(handles)), late_look]
    figure.legend(handles=shown, loc="outside lower center", ncols=min(4, len(shown)), title=title, title_fontsize=8)
    return figure


@_styled
def watch_list(result: WatchList) -> Figure:
    """The three points of the watch list side by side, one row a company, its flag in colour and letter.

    Price: power and cash cost of a coin against the bitcoin price. Funding: liquidity, and with it a year of the shelf,
    against what two years ask for. Execution: capacity delivered over leased.
    """
    table = result.table.iloc[::-1]
    place = np.arange(len(table))
    note = f"Scenario {result.scenario}, central path. G green, A amber, R red, – nothing to watch; rules in the list"
    figure = _panels("What to watch: price, funding, execution", note, (9.6, 1.6 + 0.3 * len(table)))
    price, funding, execution = figure.subplots(1, 3, sharey=True)
    looks = {name: [FLAGS[flag] for flag in table[name]] for name in ("price", "funding", "execution")}
    for axes, name in ((price, "price"), (funding, "funding"), (execution, "execution")):
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
    asked = table["due_24"] + table["equity_to_complete"] + 24 * table["burn"]
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


@_styled
def delivered_against_leased(simulation: Simulation) -> Figure:
    """HPC capacity of each company: leased, delivered at the balance-sheet date, and at the horizon with its spread.

    ``ValueError`` when no company has leased any.
    """
    rows = []
    for company, outcome in simulation.outcomes.items():
        tables = outcome.case.company.tables
        leased = sum(row.leased_mw for row in tables.hpc)
        if leased:
            low, median, high = np.quantile(outcome.final["total_hpc_delivered_mw"], (0.05, 0.5, 0.95))
            rows.append((company, leased, sum(row.delivered_mw for row in tables.hpc), low, median, high))
    if not rows:
        raise ValueError("no company has leased HPC capacity")
    rows.sort(key=lambda row: row[1])
    size = (SIZE[0], 1.6 + 0.36 * len(rows))
    note = f"{_run(simulation)}; %: delivered of leased at the balance sheet"
    figure, axes = _figure("HPC capacity delivered against leased", note, size, grid="x")
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
    axes.xaxis.set_major_formatter(_thousands())
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


@_styled
def hashprice_against_break_even(projection: Projection) -> Figure:
    """Hashprice by month on one path against what each fleet must earn to pay its electricity; ``ValueError`` if none.

    A fleet whose line lies above the hashprice is switched off.
    """
    fleets = projection.company.tables.fleet
    if not fleets:
        raise ValueError(f"{projection.company.ticker} has no fleet")
    path = "central path" if projection.path is None else f"path {projection.path:,}"
    title = f"{projection.company.ticker}: hashprice against break-even"
    figure, axes = _figure(title, f"Scenario {projection.scenario.name}, {path}")
    months = np.arange(len(projection.labels))
    hashprice = projection["hashprice"]
    needed = hashprice * projection["fleet", "electricity_price"] / projection["fleet", "revenue_per_mwh"]
    ends = {}
    for number, (fleet, line) in enumerate(zip(fleets, needed, strict=True)):
        colour, dash = _look(number)
        axes.plot(months, line, color=colour, linestyle=dash)
        ends[fleet.id] = (line[-1], colour)
    axes.plot(months, hashprice, color=INK, lw=2.4)
    ends["hashprice"] = (hashprice[-1], INK)
    axes.set_ylim(0, 1.1 * max(hashprice.max(), needed.max()))
    axes.set_ylabel("USD per PH/s and day")
    _label_ends(axes, ends, len(months) - 1)
    _years(axes, projection.labels)
    _history(axes, projection.market_case.history)
    return figure


def _figure(title: str, note: str, size: tuple[float, float] = SIZE, grid: str = "y") -> tuple[Figure, Axes]:
    """An empty figure with its title and, below it in small print, what it was computed from."""
    figure = _canvas(size)
    axes = figure.add_subplot()
    if grid:
        axes.grid(True, axis=grid)  # type: ignore[arg-type]
    axes.set_title(title)
    axes.annotate(note, (0, 1), (0, 9), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=GREY)
    return figure, axes


def _panels(title: str, note: str, size: tuple[float, float]) -> Figure:
    """A figure still without panels, with one title and note above them all."""
    figure = _canvas(size)
    figure.suptitle(f"{title}\n ", x=0.01, ha="left", fontsize=11, weight="bold")  # the second line is the note's room
    figure.text(0.01, 1 - 0.4 / size[1], note, fontsize=8, color=GREY, va="bottom")
    return figure


def _canvas(size: tuple[float, float]) -> Figure:
    """An empty figure that can be drawn without a display; ``size`` in inches."""
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    return figure


def _run(simulation: Simulation) -> str:
    return f"Scenario {simulation.market_case.scenario.name}, {simulation.paths:,} paths, seed {simulation.seed}"


def _look(number: int) -> tuple[str, Any]:
    """Colour and dashes of the broken line of this number: neighbours differ in both, and all of the first 21."""
    usable, broken = COLOURS[:7], DASHES[1:]
    return usable[number % len(usable)], broken[number % len(broken)]


def _bar_look(kind: str, number: int) -> dict[str, Any]:
    """Colours and hatch of an instrument in the maturity wall; the first 64 differ, each eight by their hatch alone."""
    colour = COLOURS[(number + number // len(HATCHES)) % len(COLOURS)]
    light = tuple(1 - 0.2 * (1 - part) for part in to_rgb(colour))
    face, edge = {"debt": (colour, "white"), "loan": (light, colour), "gone": ("white", GREY)}[kind]
    return {
        "facecolor": face,
        "edgecolor": edge,
        "hatch": HATCHES[number % len(HATCHES)],
        "linestyle": "--" if kind == "gone" else "-",
    }


def _due_name(company: Company, kind: str, due: Due) -> str:
    """An instrument of the maturity wall, what happens to it and when, and which loan issued since repaid it."""
    when = due.event if due.day is None else f"{due.event} {due.day:%Y-%m}"
    since = {
        row.id: f"{row.loan_issue_date:%Y-%m}"
        for row in company.tables.hpc
        if row.loan_issue_date is not None and row.loan_issue_date > company.as_of
    }
    if kind == "loan" and due.id in since:
        when = f"issued {since[due.id]}, {when}"
    if kind == "gone" and due.day is not None:
        payers = [row.id for row in company.tables.hpc if row.loan_repays_parent]
        when += "".join(f" out of {payer}" for payer in payers if since.get(payer) == f"{due.day:%Y-%m}")
    return f"{due.id} ({when})"


def _window(result: ReverseStress) -> tuple[float, float]:
    """The computed levels nearest to base and level that leave as much room outside the two as lies between them."""
    levels = result.curve.index.to_numpy(dtype=float)
    if result.level is None:
        return levels[0], levels[-1]
    ends = (result.unchanged, result.level, *(result.bracket or ()))
    low, high = min(ends), max(ends)
    room = max(high - low, 0.05 * (levels[-1] - levels[0]))
    return max(levels[levels <= low - room], default=levels[0]), min(levels[levels >= high + room], default=levels[-1])


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


def _label_ends(axes: Axes, ends: Mapping[str, tuple[float, str]], last: float) -> None:
    """Names at the right ends of lines, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    names = sorted(ends, key=lambda name: ends[name][0])
    for name, place in zip(names, spread([ends[name][0] for name in names], 0.052 * (high - low), high), strict=True):
        value, colour = ends[name]
        leader = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
        axes.annotate(
            name, (last, value), (last * 1.04, place), color=colour, va="center", fontsize=8, arrowprops=leader,
            annotation_clip=False,
        )  # fmt: skip


def spread(places: Sequence[float], gap: float, highest: float) -> list[float]:
    """Ascending places moved as little as needed to lie ``gap`` apart and, as far as they fit, below ``highest``.

    >>> spread([0.0, 0.1, 5.0], 1.0, 10.0)
    [0.0, 1.0, 5.0]
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else place)
    limit = highest
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - gap
    return moved


def _years(axes: Axes, labels: Sequence[str], start: int = 0, most: int = 12) -> None:
    """Ticks at each January, or so many years apart that there are ``most`` at most."""
    places = [number + start for number, label in enumerate(labels) if label.endswith("-01")]
    places = places[:: max(1, math.ceil(len(places) / most))]
    axes.set_xticks(places, [labels[place - start][:4] for place in places])
    axes.set_xlim(0, len(labels) - 1 + start)


def _history(axes: Axes, known: int) -> None:
    """Mark the months that are history."""
    if known > 1:
        axes.axvspan(0, known - 1, color=PALE, alpha=0.5, lw=0, zorder=0)
        axes.annotate(
            "known", (0, 1), (3, -9), xycoords=("data", "axes fraction"), textcoords="offset points", color=GREY,
            fontsize=7,
        )  # fmt: skip


def _thousands() -> FuncFormatter:
    return FuncFormatter(lambda value, _: f"{value:,.0f}" if abs(value) >= 10 or value == 0 else f"{value:g}")


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


def _longest_survival(table: pd.DataFrame) -> str:
    """The last column of survival to a horizon."""
    return [name for name in map(str, table) if name.startswith("survival_") and not name.endswith(ERROR)][-1]


def _column_name(column: str) -> str:
    if column.startswith("survival_"):
        return f"Survival to month {column.removeprefix('survival_')}"
    return {"dilution": "Dilution", "funding_gap": "Funding gap"}[column]


def _output_name(output: str) -> str:
    if output.startswith("survival_"):
        return f"survival to month {output.removeprefix('survival_')}"
    return OUTPUT_NAMES[output]


def _between(row: Any) -> str:
    """The range of a figure; a unit only where it is an amount."""
    amount = row.basis in ("range", "10%") and not row.unit.startswith("1")
    return f"{written(row.low)} to {written(row.high)}{f' {row.unit}' if amount else ''}"
