"""A figure as SVG for a page of its own: text as text, the page's colours, title and note left to the page."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import matplotlib
from matplotlib.patches import Patch

from corpfin.report.plots.style import COLOURS, GREY, INK, LIGHT, NOTE, PALE, STYLE, TITLE, light

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.6
"""Width of a drawing that stands in a column or on a telephone [inch]."""

NAMED = {INK: "ink", GREY: "soft", PALE: "line", "#ffffff": "paper"}
NAMED |= {colour: f"c{number}" for number, colour in enumerate(COLOURS) if colour not in NAMED}
VARIABLES = {colour: f"var(--{name})" for colour, name in NAMED.items()}
VARIABLES |= {
    light(colour): f"color-mix(in srgb, {VARIABLES[colour]} {100 * LIGHT:.0f}%, var(--paper))" for colour in COLOURS
}
VARIABLES = {colour.lower(): own for colour, own in VARIABLES.items()}
"""What a page has in place of a colour, by day and by night."""

COLOUR = re.compile("|".join(map(re.escape, VARIABLES)), re.I)
NAMES = re.compile(r'(\bid="|url\(#|href="#)')
STYLES = re.compile(r'style="[^"]*"')
UNSEEN = re.compile(r"<metadata>.*?</metadata>\s*|<defs>\s*<style.*?</style>\s*</defs>\s*|<!--.*?-->", re.S)
TAG = re.compile(r"<[^>]*>")
DIGITS = re.compile(r"(?<!opacity: )(\d+\.\d)\d+")
"""A place in points to more than a tenth; opacities stay, and so do figures in the text between tags."""

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DENSITY = 2
"""Signs of a hatch: those of a denser one run together on a drawing of this width."""

HATCH = re.compile(
    r'(<pattern id="[^"]*" patternUnits="userSpaceOnUse" x="0" y="0") width="72" height="72">\s*'
    r'<rect x="0" y="0" width="73" height="73" fill="([^"]*)"/>\s*<path d="([^"]*)"'
)
"""A hatch as matplotlib writes it: a square inch with each of its dots, 43 kB of them."""

TILE = 12
"""Side of the square [pt] that every hatch of this density repeats: twelve rows an inch, dots staggered."""

LINES = re.compile(r' d="([ML\d\s.z-]*)"')
"""A path of straight lines alone."""

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
            patch.set_hatch(DENSITY * patch.get_hatch()[0])
    figure.patch.set_visible(False)
    _, height = figure.get_size_inches()
    figure.set_size_inches(WIDTH, 0.85 * height)
    written = io.StringIO()
    with matplotlib.rc_context(STYLE | {"svg.fonttype": "none", "svg.hashsalt": SALT}):
        _fit_legends(figure)
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = UNSEEN.sub("", text)
    text = re.sub(r" font-family: [^;]*;", "", text)
    text = NAMES.sub(rf"\g<1>{name}-", text)
    text = HATCH.sub(_tile, text)
    text = STYLES.sub(lambda found: COLOUR.sub(_variable, found.group()), text)
    text = TAG.sub(lambda found: DIGITS.sub(r"\1", found.group()), text)
    text = LINES.sub(lambda found: f' d="{"".join(map(_corners, re.split(r"(?=M)", found[1])))}"', text)
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)
    return Svg(re.sub(r"\n\s*", "\n", text).strip(), said[TITLE], said[NOTE])


def _tile(found: re.Match[str]) -> str:
    """A hatch as the square it repeats, with the lines and dots that reach into it."""
    start, fill, path = found.groups()
    kept = [part for part in re.split(r"(?=M)", path) if part.strip() and _reaches(part)]
    square = f'width="{TILE}" height="{TILE}"'
    return f'{start} {square}><rect {square} style="fill: {fill}"/><path d="{"".join(kept)}"'


def _reaches(part: str) -> bool:
    numbers = [float(found) for found in NUMBER.findall(part)]
    return all(max(along) >= 0 and min(along) <= TILE for along in (numbers[::2], numbers[1::2]))


def _corners(part: str) -> str:
    """A line without the points at which it goes on as it came, along an axis: a month in which nothing fell, say."""
    numbers = NUMBER.findall(part)
    kept: list[tuple[str, str]] = []
    for point in zip(numbers[::2], numbers[1::2], strict=True):
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and any(_goes_on(kept[-2], kept[-1], point, along) for along in (0, 1)):
            kept.pop()
        kept.append(point)
    closed = "z" if "z" in part else ""
    return f"M{'L'.join(' '.join(point) for point in kept)}{closed}" if kept else ""


def _goes_on(first: tuple[str, str], middle: tuple[str, str], last: tuple[str, str], along: int) -> bool:
    """Whether three points lie on a line along an axis, in their order."""
    across = 1 - along
    ways = [float(point[along]) for point in (first, middle, last)]
    return first[across] == middle[across] == last[across] and ways in (sorted(ways), sorted(ways, reverse=True))


def _variable(found: re.Match[str]) -> str:
    return VARIABLES[found.group().lower()]


def _fit_legends(figure: Figure) -> None:
    """Legends wider than the drawing are set again in two columns, or in one."""
    for legend in list(figure.legends):
        handles = [handle for handle in legend.legend_handles if handle is not None]
        labels = [text.get_text() for text in legend.get_texts()]
        title = legend.get_title().get_text() or None
        for columns in (2, 1):
            figure.draw_without_rendering()
            if legend.get_window_extent().width <= figure.bbox.width:
                break
            legend.remove()
            legend = figure.legend(
                handles, labels, loc="outside lower left", ncols=columns, title=title, title_fontsize=8
            )
