"""The one style of all plots, their paper, and what they say of months, amounts and runs.

Colours that the colour-blind can tell apart (Okabe and Ito 2008). Nothing is told by colour alone, so that a grey print
can be read too: lines differ by dashes or stand in panels of their own, bars differ by hatching, and a sign is written
out.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from corpfin.common.columns import ERROR
from corpfin.common.files import whole_file
from corpfin.runs import Simulation

INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", INK, GREY)
"""Okabe and Ito's colours, yellow left out because it vanishes on paper."""

LIGHT = 0.2
"""How much of a colour is left in its light shade."""

DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
HATCHES = ("", "////", "...", "\\\\\\\\", "xxxx", "----", "||||", "oo")

SIZE = (7.2, 4.3)
"""Width and height of a figure [inch]."""

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

TITLE, NOTE = "title", "note"
"""What title and note of a figure are called among its parts."""

INTERVAL = 1.96
"""Standard errors on each side of a 95 % interval."""

P = ParamSpec("P")


def styled(plot: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a plot in the common style, whatever the user's own settings are."""

    @wraps(plot)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with matplotlib.rc_context(STYLE):
            return plot(*args, **kwargs)

    return drawn


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


def new_figure(title: str, note: str, size: tuple[float, float] = SIZE, grid: str = "y") -> tuple[Figure, Axes]:
    """An empty figure with its title and, below it in small print, what it was computed from."""
    figure = _canvas(size)
    axes = figure.add_subplot()
    if grid:
        axes.grid(True, axis=grid)  # type: ignore[arg-type]
    axes.set_title(title).set_gid(TITLE)
    axes.annotate(
        note, (0, 1), (0, 9), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=GREY, gid=NOTE
    )
    return figure, axes


def new_panels(title: str, note: str, size: tuple[float, float]) -> Figure:
    """A figure still without panels, with one title and note above them all."""
    figure = _canvas(size)
    head = figure.suptitle(f"{title}\n ", x=0.01, ha="left", fontsize=11, weight="bold")  # second line: the note's room
    head.set_gid(TITLE)
    figure.text(0.01, 1 - 0.4 / size[1], note, fontsize=8, color=GREY, va="bottom", gid=NOTE)
    return figure


class Picture(Figure):
    """A figure that a notebook shows when it is the last thing of a cell."""

    def _repr_png_(self) -> bytes:
        written = io.BytesIO()
        with matplotlib.rc_context(STYLE):
            self.savefig(written, format="png")
        return written.getvalue()


def _canvas(size: tuple[float, float]) -> Figure:
    """An empty figure that can be drawn without a display; ``size`` in inches."""
    figure = Picture(figsize=size)
    FigureCanvasAgg(figure)
    return figure


def run_of(simulation: Simulation) -> str:
    return f"Scenario {simulation.market_case.scenario.name}, {simulation.paths:,} paths, seed {simulation.seed}"


def light(colour: str) -> str:
    """The light shade of a colour on white paper.

    >>> light("#009E73")
    '#ccece3'
    """
    red, green, blue = (1 - LIGHT * (1 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def look_of(number: int) -> tuple[str, Any]:
    """Colour and dashes of the broken line of this number: neighbours differ in both, and all of the first 21."""
    usable, broken = COLOURS[:7], DASHES[1:]
    return usable[number % len(usable)], broken[number % len(broken)]


def label_ends(axes: Axes, ends: Mapping[str, tuple[float, str]], last: float) -> None:
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


def mark_years(axes: Axes, labels: Sequence[str], start: int = 0, most: int = 12) -> None:
    """Ticks at each January, or so many years apart that there are ``most`` at most."""
    places = [number + start for number, label in enumerate(labels) if label.endswith("-01")]
    places = places[:: max(1, math.ceil(len(places) / most))]
    axes.set_xticks(places, [labels[place - start][:4] for place in places])
    axes.set_xlim(0, len(labels) - 1 + start)


def mark_history(axes: Axes, known: int) -> None:
    """Mark the months that are history."""
    if known > 1:
        axes.axvspan(0, known - 1, color=PALE, alpha=0.5, lw=0, zorder=0)
        axes.annotate(
            "known", (0, 1), (3, -9), xycoords=("data", "axes fraction"), textcoords="offset points", color=GREY,
            fontsize=7,
        )  # fmt: skip


def thousands() -> FuncFormatter:
    return FuncFormatter(lambda value, _: f"{value:,.0f}" if abs(value) >= 10 or value == 0 else f"{value:g}")


def longest_survival(table: pd.DataFrame) -> str:
    """The last column of survival to a horizon."""
    return [name for name in map(str, table) if name.startswith("survival_") and not name.endswith(ERROR)][-1]
