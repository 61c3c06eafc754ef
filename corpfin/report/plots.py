"""Plots of what the studies found: each takes a result and returns a matplotlib ``Figure``, drawn without a display.

One style for all (:data:`STYLE`): colours that the colour-blind can tell apart (Okabe and Ito 2008), lines that also
differ by dashes and bars that also differ by hatching, so that a grey print can be read too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, PercentFormatter

from corpfin.inputs import Company
from corpfin.report.schedule import Due, debt_due, loans_due
from corpfin.report.text import percent, written
from corpfin.studies import Projection, Simulation
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.model import company_graph
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import UNKNOWN, Sensitivity
from corpfin.studies.stress import Stress

INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", INK, GREY)
"""Okabe and Ito's colours, yellow left out because it vanishes on paper."""

DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---")
SIZE, WIDE = (7.2, 4.3), (8.8, 4.3)
"""Width and height of a figure, and of one with a legend at its side [inch]."""

NAME_WIDTH, NAME_HEIGHT = 45.0, 14.0
"""Room of a name beside a point [pixel]."""

GONE = ("repaid", "converted")
"""Events that are known and past."""

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
    "hatch.color": "white",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "savefig.dpi": 160,
    "figure.constrained_layout.use": True,
}
INTERVAL = 1.96
"""Standard errors on each side of a 95 % interval."""

TITLES = {
    "cash": "Cash",
    "btc": "Bitcoin held",
    "dilution": "New shares over shares at the start",
    "liquidity": "Liquidity",
    "share_price": "Share price",
    "total_hpc_delivered_mw": "HPC capacity delivered",
}
OUTPUT_NAMES = {"dilution": "median dilution", "cash": "median cash at the end"}

NO_TRANSITION = "no transition"
VERDICTS = {
    "lifeline": (COLOURS[0], "o"),
    "not decisive": (GREY, "s"),
    "new risk": (COLOURS[1], "^"),
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
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with matplotlib.rc_context(STYLE):
                figure.savefig(temporary, format="png")
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        files.append(path)
    return files


def company_plots(projection: Projection, simulation: Simulation) -> dict[str, Figure]:
    """Every plot of one company, by name: those of mining and of HPC only where it has any."""
    company = projection.company
    figures = sector_plots(simulation)
    figures |= {line: fan_chart(simulation, company.ticker, line) for line in ("cash", "btc", "dilution")}
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
    """Share of paths not in default by month, one line a company, with its 95 % interval."""
    figure, axes = _figure("Survival", _run(simulation))
    months = np.arange(simulation.months + 1)
    ends = {}
    for number, company in enumerate(simulation.outcomes):
        found = simulation.survival[company]
        share, error = np.append(1.0, found["survival"]), np.append(0.0, found["error"])
        colour, dash = _look(number)
        axes.fill_between(months, share - INTERVAL * error, share + INTERVAL * error, color=colour, alpha=0.18, lw=0)
        axes.plot(months, share, color=colour, linestyle=dash)
        ends[f"{company} {percent(share[-1], 0)}"] = (share[-1], colour)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("paths not in default")
    _label_ends(axes, ends, simulation.months)
    _years(axes, simulation.market_case.labels, start=1)
    return figure


@_styled
def fan_chart(simulation: Simulation, company: str, line: str = "cash") -> Figure:
    """Quantiles of a line by month over all paths; ``KeyError`` for a line that is not kept by month."""
    fan = simulation.fan(company, line)
    figure, axes = _figure(f"{company}: {TITLES.get(line, line)}", _run(simulation))
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
    _history(axes, simulation.market_case.known)
    return figure


@_styled
def maturity_wall(company: Company) -> Figure:
    """Principal that falls due by contract, by calendar year and instrument; project loans are hatched.

    A convertible stands at its first put date. What the model expects to be rolled over or converted is not deducted;
    what is known to be repaid or converted after the balance-sheet date is pale.
    """
    dues = [(due, False) for due in debt_due(company)] + [(due, True) for due in loans_due(company)]
    note = f"Balance sheet of {company.as_of}{'; hatched: project loans' if loans_due(company) else ''}"
    figure, axes = _figure(f"{company.ticker}: principal due by contract", note, WIDE)
    years = sorted({due.year for due, _ in dues if due.year is not None})
    span = list(range(company.as_of.year, max(years, default=company.as_of.year) + 1))
    undated = any(due.year is None for due, _ in dues)
    places: dict[int | None, int] = {year: number for number, year in enumerate([*span, *([None] if undated else [])])}
    height = dict.fromkeys(places, 0.0)
    look: dict[tuple[str, bool], tuple[str, str]] = {}
    for due, loan in dues:
        if (due.id, loan) not in look:
            colour = PALE if due.event in GONE else COLOURS[len(look) % len(COLOURS)]
            look[due.id, loan] = (colour, HATCHES[1] if loan else "")
        colour, hatch = look[due.id, loan]
        axes.bar(
            places[due.year], due.amount, 0.7, height[due.year], color=colour, hatch=hatch, edgecolor="white", lw=0.8
        )
        height[due.year] += due.amount
    for year, place in places.items():
        if height[year]:
            axes.annotate(
                f"{height[year]:,.0f}", (place, height[year]), (0, 3), textcoords="offset points", ha="center"
            )
    names = {(due.id, loan): f"{due.id} ({_event(due)})" for due, loan in dues}
    handles = [Patch(facecolor=c, hatch=h, edgecolor="white", label=names[key]) for key, (c, h) in look.items()]
    axes.set_xticks(list(places.values()), [str(year or "no date") for year in places])
    axes.set_ylabel("USD m")
    axes.yaxis.set_major_formatter(_thousands())
    axes.margins(y=0.12)
    if handles:
        figure.legend(handles=handles, loc="outside right upper")
    else:
        axes.text(0.5, 0.5, "no debt", transform=axes.transAxes, ha="center", color=GREY)
    return figure


@_styled
def tornado(result: Sensitivity, output: str | None = None, count: int = 15) -> Figure:
    """The figures with the largest swing of an output (survival at the horizon when None): difference from the base.

    Whiskers are 95 % intervals of the difference. Names of figures that are estimated or default are marked.
    """
    output = output or result.main_output
    table = result.ranked(output).sort_values(f"{output}_swing", ascending=False, kind="stable").head(count)[::-1]
    scale, unit = (1.0, "USD m") if output == "cash" else (100.0, "percentage points")
    base = f"{result.base[output]:,.0f} USD m" if output == "cash" else percent(result.base[output])
    note = f"{result.paths:,} paths, seed {result.seed}; base {base}"
    size = (SIZE[0], 1.5 + 0.28 * len(table))
    figure, axes = _figure(f"{result.company}: what moves {_output_name(output)}", note, size, grid="x")
    places = np.arange(len(table))
    for side, colour, hatch in (("low", COLOURS[0], ""), ("high", COLOURS[4], "///")):
        widths = scale * table[f"{output}_{side}"]
        errors = scale * INTERVAL * table[f"{output}_{side}_error"]
        axes.barh(places, widths, 0.72, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
        axes.errorbar(widths, places, xerr=errors, fmt="none", ecolor=INK, elinewidth=0.9, capsize=1.8)
    axes.axvline(0, color=INK, lw=0.8)
    names = [f"{name} {'*' if grade in UNKNOWN else ' '}" for name, grade in table["grade"].items()]
    axes.set_yticks(places, names, fontsize=8)
    axes.tick_params(axis="y", length=0)
    right = axes.secondary_yaxis("right")
    right.set_yticks(places, [_between(row) for row in table.itertuples()], fontsize=7)
    right.tick_params(length=0, labelcolor=GREY)
    right.spines[:].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"change from the base [{unit}]")
    handles = [
        Patch(facecolor=COLOURS[0], label="at the low end"),
        Patch(facecolor=COLOURS[4], hatch="///", edgecolor="white", label="at the high end"),
        Line2D([], [], marker="$*$", color=INK, linestyle="none", label="estimated or default: worth looking up"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


@_styled
def reverse_curve(result: ReverseStress) -> Figure:
    """Survival against the level of the target, with its 95 % interval, and the level asked for."""
    how = {"multiply": "times the base", "add": f"added [{result.unit}]"}[result.how]
    title = f"{result.company}: survival to month {result.at} by {result.target}"
    figure, axes = _figure(title, f"{result.paths:,} paths, seed {result.seed}", grid="both")
    curve = result.curve
    share, error = curve["survival"], curve["error"]
    axes.fill_between(
        curve.index, share - INTERVAL * error, share + INTERVAL * error, color=COLOURS[0], alpha=0.2, lw=0
    )
    axes.plot(curve.index, share, color=COLOURS[0], marker="o", markersize=3)
    axes.axhline(result.survival, color=GREY, linestyle=DASHES[2], lw=1)
    axes.axvline(result.unchanged, color=GREY, linestyle=DASHES[1], lw=1)
    axes.annotate("base", (result.unchanged, 0.02), (3, 0), textcoords="offset points", color=GREY)
    if result.level is not None:
        axes.plot(result.level, result.survival, marker="D", color=COLOURS[1], markersize=7)
        place, side = ((-9, 6), "right") if result.level < result.unchanged else ((9, 6), "left")
        axes.annotate(
            f"{percent(result.survival, 0)} at {result.level:.3g}", (result.level, result.survival), place, ha=side,
            textcoords="offset points", color=COLOURS[1],
        )  # fmt: skip
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel(f"{result.target}, {how}")
    axes.set_ylabel("paths not in default")
    return figure


@_styled
def stress_heat_map(result: Stress, column: str | None = None) -> Figure:
    """Survival (to the horizon when None) of each company under each scenario, coloured by its change from base.

    A figure stands in bold type where the change is beyond two of its standard errors. ``KeyError`` for a column the
    table does not have.
    """
    column = column or _longest_survival(result.table)
    level, change, error = (result.matrix(name).T for name in (column, f"change_{column}", f"error_{column}"))
    changes, errors = change.to_numpy(dtype=float), error.to_numpy(dtype=float)
    share = column != "funding_gap"
    size = (max(SIZE[0], 2.4 + 0.5 * level.shape[1]), 1.4 + 0.27 * level.shape[0])
    title = f"{_column_name(column)} under stress, coloured by the change from base"
    figure, axes = _figure(title, f"{result.paths:,} paths, seed {result.seed}; bold: beyond two errors", size, grid="")
    limit = float(np.nanmax(np.abs(changes), initial=0.0)) or 1.0
    worse_is_red = "PuOr" if column.startswith("survival_") else "PuOr_r"
    image = axes.imshow(changes, cmap=worse_is_red, vmin=-limit, vmax=limit, aspect="auto")
    for (row, place), value in np.ndenumerate(level.to_numpy(dtype=float)):
        moved = abs(changes[row, place])
        text = "-" if np.isnan(value) else (f"{100 * value:.0f}" if share else f"{value:,.0f}")
        axes.text(
            place, row, text, ha="center", va="center", fontsize=8, color="white" if moved > 0.6 * limit else INK,
            weight="bold" if moved > 2 * errors[row, place] else "normal",
        )  # fmt: skip
    axes.set_xticks(range(level.shape[1]), list(level.columns))
    axes.set_yticks(range(level.shape[0]), list(level.index))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    formatter = FuncFormatter(lambda value, _: f"{(100 if share else 1) * value:+,.0f}" if value else "0")
    bar = figure.colorbar(image, ax=axes, fraction=0.03, pad=0.02, format=formatter)
    bar.outline.set_visible(False)
    bar.set_label("change from base [percentage points]" if share else "change from base [USD m]", fontsize=8)
    return figure


@_styled
def lifeline_map(result: Lifeline, prices: Mapping[str, float] | None = None) -> Figure:
    """What the AI/HPC transition changes: survival to the horizon against value per share, one point a company.

    Whiskers are 95 % intervals on common paths. ``prices`` [USD/share] by company, when given, are what the change in
    value is divided by, so that companies with dear and cheap shares can stand side by side. Companies without
    contracts are named below and not drawn.
    """
    table = result.table
    horizon = _longest_survival(table)
    moved = table[table["verdict"] != NO_TRANSITION]
    note = f"Scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}"
    figure, axes = _figure("The AI/HPC transition against the same company without it", note, grid="both")
    axes.axhline(0, color=GREY, lw=0.8)
    axes.axvline(0, color=GREY, lw=0.8)
    spots = {}
    for company, row in moved.iterrows():
        colour, marker = VERDICTS[row["verdict"]]
        price = prices[str(company)] if prices else 1.0
        x, y = 100 * row[f"change_{horizon}"], row["change_value"] / price
        dx, dy = 100 * INTERVAL * row[f"error_{horizon}"], INTERVAL * row["error_value"] / price
        axes.errorbar(
            x, y, xerr=dx, yerr=dy, color=colour, marker=marker, markersize=7, elinewidth=1, capsize=2, linestyle="none"
        )
        spots[str(company)] = (x, y)
    axes.margins(0.14)
    _name_spots(axes, spots)
    axes.set_xlabel(f"change of survival to month {horizon.removeprefix('survival_')} [percentage points]")
    axes.set_ylabel("change of value per share" + (" [share prices of today]" if prices else " [USD/share]"))
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle="none", label=verdict)
        for verdict, (colour, marker) in VERDICTS.items()
        if verdict in set(moved["verdict"])
    ]
    without = [str(company) for company in table.index if company not in moved.index]
    title = f"no contracts: {', '.join(without)}" if without else None
    figure.legend(handles=handles, loc="outside lower center", ncols=3, title=title, title_fontsize=8)
    return figure


@_styled
def delivered_against_leased(simulation: Simulation) -> Figure:
    """HPC capacity of each company: leased, delivered today, and delivered at the horizon with its spread.

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
    figure, axes = _figure("HPC capacity delivered against leased", _run(simulation), size, grid="x")
    for place, (_, leased, today, low, median, high) in enumerate(rows):
        axes.barh(place, leased, 0.7, color="white", edgecolor=GREY, lw=1.0)
        axes.barh(place, today, 0.7, color=COLOURS[0], lw=0)
        axes.plot([low, high], [place, place], color=INK, lw=1.2, solid_capstyle="butt")
        axes.plot(median, place, marker="D", color=COLOURS[1], markersize=6, linestyle="none", markeredgecolor="white")
        axes.annotate(
            f"{percent(today / leased, 0)} today", (leased, place), (6, 0), textcoords="offset points", va="center",
            fontsize=8,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(_thousands())
    axes.set_xlabel("MW of critical IT capacity")
    axes.margins(x=0.12)
    horizon = simulation.market_case.labels[-1]
    handles = [
        Patch(facecolor="white", edgecolor=GREY, label="leased"),
        Patch(facecolor=COLOURS[0], label="delivered today"),
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
        colour, dash = _look(number, first_dash=1)
        axes.plot(months, line, color=colour, linestyle=dash)
        ends[fleet.id] = (line[-1], colour)
    axes.plot(months, hashprice, color=INK, lw=2.4)
    ends["hashprice"] = (hashprice[-1], INK)
    axes.set_ylim(0, 1.1 * max(hashprice.max(), needed.max()))
    axes.set_ylabel("USD per PH/s and day")
    _label_ends(axes, ends, len(months) - 1)
    _years(axes, projection.labels)
    _history(axes, projection.market_case.known)
    return figure


def _figure(title: str, note: str, size: tuple[float, float] = SIZE, grid: str = "y") -> tuple[Figure, Axes]:
    """An empty figure with its title and, below it in small print, what it was computed from."""
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    if grid:
        axes.grid(True, axis=grid)  # type: ignore[arg-type]
    axes.set_title(title)
    axes.annotate(note, (0, 1), (0, 9), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=GREY)
    return figure, axes


def _run(simulation: Simulation) -> str:
    return f"Scenario {simulation.market_case.scenario.name}, {simulation.paths:,} paths, seed {simulation.seed}"


def _look(number: int, first_dash: int = 0) -> tuple[str, Any]:
    """Colour and dashes of the line of this number: no two of the first 28 are alike in both."""
    usable = COLOURS[:7]
    return usable[number % len(usable)], DASHES[(number // len(usable) + first_dash) % len(DASHES)]


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


def _years(axes: Axes, labels: Sequence[str], start: int = 0) -> None:
    """Ticks at each January, and at the first month."""
    places = [number + start for number, label in enumerate(labels) if label.endswith("-01")]
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


def _event(due: Due) -> str:
    return due.event if due.day is None else f"{due.event} {due.day:%Y-%m}"


def _longest_survival(table: pd.DataFrame) -> str:
    """The last column of survival to a horizon."""
    return [name for name in map(str, table) if name.startswith("survival_")][-1]


def _column_name(column: str) -> str:
    if column.startswith("survival_"):
        return f"Survival to month {column.removeprefix('survival_')} [%]"
    return {"dilution": "Dilution [%]", "funding_gap": "Funding gap [USD m]"}[column]


def _output_name(output: str) -> str:
    if output.startswith("survival_"):
        return f"survival to month {output.removeprefix('survival_')}"
    return OUTPUT_NAMES[output]


def _between(row: Any) -> str:
    """The range of a figure; a unit only where it is an amount."""
    amount = row.basis in ("range", "10%") and not row.unit.startswith("1")
    return f"{written(row.low)} to {written(row.high)}{f' {row.unit}' if amount else ''}"
