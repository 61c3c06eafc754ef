"""Plots of what moves a company's survival: the tornado of its figures, the curve of one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from corpfin.common.text import percent, written
from corpfin.report.plots.style import COLOURS, DASHES, GREY, INK, INTERVAL, SIZE, new_figure, styled
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import Sensitivity
from corpfin.studies.variation import UNKNOWN

OUTPUT_NAMES = {"dilution": "median dilution", "cash": "median cash at the end"}


@styled
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
    figure, axes = new_figure(f"{result.company}: what moves {_output_name(output)}", note, size, grid="x")
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


@styled
def reverse_curve(result: ReverseStress) -> Figure:
    """Survival at the levels computed, with 95 % intervals, and the level asked for, with its bracket of one error.

    Drawn around base and level; over the whole range when no level was found.
    """
    how = {"multiply": "times the base", "add": f"added [{result.unit}]"}[result.how]
    title = f"{result.company}: survival to month {result.at} by {result.target}"
    note = f"{result.paths:,} paths, seed {result.seed}{f'; {result.reason}' if result.level is None else ''}"
    figure, axes = new_figure(title, note, grid="both")
    curve = result.curve
    axes.plot(curve.index, curve["survival"], color=COLOURS[0], lw=0.7)
    axes.errorbar(
        curve.index, curve["survival"], yerr=INTERVAL * curve["survival_error"], color=COLOURS[0], fmt="o",
        markersize=4, elinewidth=1, capsize=2, label="computed, 95 % interval",
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


def _window(result: ReverseStress) -> tuple[float, float]:
    """The computed levels nearest to base and level that leave as much room outside the two as lies between them."""
    levels = result.curve.index.to_numpy(dtype=float)
    if result.level is None:
        return levels[0], levels[-1]
    ends = (result.unchanged, result.level, *(result.bracket or ()))
    low, high = min(ends), max(ends)
    room = max(high - low, 0.05 * (levels[-1] - levels[0]))
    return max(levels[levels <= low - room], default=levels[0]), min(levels[levels >= high + room], default=levels[-1])


def _output_name(output: str) -> str:
    if output.startswith("survival_"):
        return f"survival to month {output.removeprefix('survival_')}"
    return OUTPUT_NAMES[output]


def _between(row: Any) -> str:
    """The range of a figure; a unit only where it is an amount."""
    amount = row.basis in ("range", "10%") and not row.unit.startswith("1")
    return f"{written(row.low)} to {written(row.high)}{f' {row.unit}' if amount else ''}"
