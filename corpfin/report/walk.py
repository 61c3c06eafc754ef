"""The walk from a cell down to the inputs, as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from corpfin.engine import Node, render
from corpfin.runs import Projection
from corpfin.runs.months import month_after


def walk(node: Node, projection: Projection, depth: int | None = None) -> list[str]:
    """What is explained and its tree, one line a figure, cut ``depth`` steps below the cell.

    An input that the model reads as a number of months is shown with its calendar month. A cut tree does not say "see
    above", as what stands above may be cut.
    """
    label = projection.labels[node.month - 1]
    path = "central path" if projection.path is None else f"path {projection.path:,}"
    heading = f"{projection.company.ticker} {node.name} in {label}, scenario {projection.scenario.name}, {path}"
    return [heading, *render(_shown(node, projection.company.as_of, depth))]


def _shown(node: Node, as_of: date, depth: int | None) -> Node:
    below = None if depth is None else depth - 1
    children = () if depth == 0 else tuple(_shown(child, as_of, below) for child in node.children)
    unit = "-" if node.unit == "1" else node.unit
    note = "" if depth is not None and node.note == "see above" else _note(node, as_of)
    return replace(node, children=children, unit=unit, note=note)


def _note(node: Node, as_of: date) -> str:
    """The note of a node; that of a date which the file gives starts with its calendar month."""
    if node.kind != "input" or not node.name.endswith("_month") or node.note.startswith("absent"):
        return node.note
    year, month = month_after(as_of, int(node.value))
    return f"{year:04d}-{month:02d}; {node.note}"
