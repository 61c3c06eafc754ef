"""A figure as SVG for a page of its own: text as text, the page's colours, title and note left to the page."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import matplotlib
from matplotlib.patches import Patch

from corpfin.report.plots.style import COLOURS, GREY, INK, NOTE, PALE, STYLE, TITLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.6
"""Width of a drawing that stands in a column or on a telephone [inch]."""

VARIABLES = {INK: "ink", GREY: "soft", PALE: "line", "#ffffff": "paper"}
VARIABLES |= {colour: f"c{number}" for number, colour in enumerate(COLOURS) if colour not in VARIABLES}
"""Colours that a page has its own of, by day and by night."""

COLOUR = re.compile("|".join(map(re.escape, VARIABLES)), re.I)
NAMES = re.compile(r'(\bid="|url\(#|href="#)')
STYLES = re.compile(r'style="[^"]*"')
DIGITS = re.compile(r"(\d+\.\d)\d+")
DENSEST = 2
"""Density of a hatch: each dot of a denser one is a path of its own, and a page of them is slow."""

SALT = "corpfin"


class Svg(NamedTuple):
    """The drawing, its title and its note."""

    drawing: str
    title: str
    note: str


def svg(figure: Figure, name: str) -> Svg:
    """The drawing without its title and note; ``name`` keeps its parts apart from those of others on the same page."""
    said = {TITLE: "", NOTE: ""}
    for part in figure.findobj(lambda each: each.get_gid() in said):
        said[str(part.get_gid())] = part.get_text().strip()  # type: ignore[attr-defined]
        part.set_visible(False)
    for axes in figure.axes:
        axes.patch.set_visible(False)
    for patch in figure.findobj(Patch):
        if patch.get_hatch():
            patch.set_hatch(patch.get_hatch()[:DENSEST])
    figure.patch.set_visible(False)
    _, height = figure.get_size_inches()
    figure.set_size_inches(WIDTH, 0.85 * height)
    _fit_legends(figure)
    written = io.StringIO()
    with matplotlib.rc_context(STYLE | {"svg.fonttype": "none", "svg.hashsalt": SALT}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*|<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, flags=re.S)
    text = re.sub(r" font-family: [^;]*;", "", text)
    text = NAMES.sub(rf"\g<1>{name}-", text)
    text = STYLES.sub(lambda found: COLOUR.sub(_variable, found.group()), text)
    text = DIGITS.sub(r"\1", text)
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)
    return Svg(re.sub(r"\n\s*", "\n", text).strip(), said[TITLE], said[NOTE])


def _variable(found: re.Match[str]) -> str:
    return f"var(--{VARIABLES[next(colour for colour in VARIABLES if colour.lower() == found.group().lower())]})"


def _fit_legends(figure: Figure) -> None:
    """Legends wider than the drawing are set again in fewer columns."""
    for legend in list(figure.legends):
        figure.draw_without_rendering()
        if legend.get_window_extent().width > figure.bbox.width:
            handles = [handle for handle in legend.legend_handles if handle is not None]
            labels = [text.get_text() for text in legend.get_texts()]
            legend.remove()
            figure.legend(handles, labels, loc="outside lower left", ncols=1)
