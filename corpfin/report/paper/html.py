"""A document as one HTML file: nothing is fetched, nothing runs; drawings stand in it as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby

from corpfin.report.paper.elements import Bullets, Link, Paper, Part, Plot, Section, Table, Text, Tiles
from corpfin.report.paper.svg import svg

LONG, HEADING = 20, 14
"""Words in a cell, and headings, longer than this are broken into lines; first cells on telephones and in print."""

SHORT = 8
"""Rows of a table that stands on one sheet in print."""

CARDS = 2
"""Columns of long words of a table whose rows are cards on telephones."""


def html(paper: Paper) -> str:
    """The whole file."""
    style = files("corpfin.report.paper").joinpath("report.css").read_text(encoding="utf-8")
    title = escape(paper.title)
    links = "".join(f'<li><a href="#{each.name}">{escape(each.title)}</a></li>' for each in paper.sections)
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<title>{title}</title>",
        f"<style>\n{style}</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{title}</h1>",
        f'<p class="below">{escape(paper.below)}</p>',
        *_parts(paper.head),
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>',
        "</header>",
        "<main>",
        *(line for section in paper.sections for line in _section(section)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f'<section aria-labelledby="{section.name}">'
    yield f'<h2 id="{section.name}">{escape(section.title)}</h2>'
    yield from _parts(section.parts)
    yield "</section>"


def _parts(parts: Sequence[Part]) -> Iterator[str]:
    """Parts in their order, drawings that follow each other side by side."""
    for drawn, group in groupby(parts, key=lambda part: isinstance(part, Plot)):
        inner = (line for part in group for line in _part(part))
        yield from ('<div class="plots">', *inner, "</div>") if drawn else inner


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text():
            yield f'<p class="loud">{escape(part.text)}</p>' if part.loud else f"<p>{escape(part.text)}</p>"
        case Link():
            yield f'<p><a href="{escape(part.file, quote=True)}">{escape(part.text)}</a></p>'
        case Bullets():
            yield "<ul>"
            yield from (f"<li>{escape(item)}</li>" for item in part.items)
            yield "</ul>"
        case Tiles():
            yield '<dl class="tiles">'
            for label, figure, note in part.items:
                below = f'<dd class="note">{escape(note)}</dd>' if note else ""
                yield f'<div><dt>{escape(label)}</dt><dd class="figure">{escape(figure)}</dd>{below}</div>'
            yield "</dl>"
        case Table():
            yield from _table(part)
        case Plot():
            yield from _plot(part)


def _table(table: Table) -> Iterator[str]:
    label = escape(table.caption, quote=True)
    short = " short" * (len(table.rows) <= SHORT)
    yield f'<div class="scroll{short}" role="region" tabindex="0" aria-label="{label}">'
    long = [place for place, _ in enumerate(table.head) if place and any(len(row[place]) > LONG for row in table.rows)]
    cards = ' class="cards"' * (len(long) >= CARDS)
    yield f"<table{cards}><caption><span>{label}</span></caption>"
    if any(table.head):
        heads = (
            f'<th scope="col"{_class(table, n, len(cell) > HEADING)}>{_linked(table, cell)}</th>'
            for n, cell in enumerate(table.head)
        )
        yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cell(table, n, cell) for n, cell in enumerate(row))}</tr>"
    yield "</tbody></table></div>"
    if table.note:
        yield f'<p class="note">{escape(table.note)}</p>'


def _cell(table: Table, place: int, cell: str) -> str:
    if place == 0:
        return f'<th scope="row"{_class(table, place, len(cell) > HEADING)}>{_linked(table, cell)}</th>'
    return f"<td{_class(table, place, len(cell) > LONG)}>{escape(cell)}</td>"


def _linked(table: Table, cell: str) -> str:
    """A heading, which may lead to a file."""
    link = table.links.get(cell)
    return f'<a href="{escape(link, quote=True)}">{escape(cell)}</a>' if link else escape(cell)


def _class(table: Table, place: int, long: bool = False) -> str:
    found = " ".join(["w"] * (place in table.words) + ["l"] * long)
    return f' class="{found}"' if found else ""


def _plot(plot: Plot) -> Iterator[str]:
    drawn = svg(plot.drawn, plot.name)
    label = escape(f"{drawn.title}. {drawn.note}", quote=True)
    picture = drawn.drawing.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    yield f"<figure><figcaption><b>{escape(drawn.title)}</b><span>{escape(drawn.note)}</span></figcaption>"
    yield picture
    yield "</figure>"
