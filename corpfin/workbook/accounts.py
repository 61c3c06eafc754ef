"""Lines that only add and take away, taken apart: what a statement, a bridge or a corkscrew is made of.

The rows of the presentation sheets follow from the lines themselves, so a line that is added to the model stands in its
statement without another word.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from corpfin.engine import Line
from corpfin.workbook.book import MONTHS, Datum
from corpfin.workbook.wiring import Wiring


class Term(NamedTuple):
    """A figure with its sign in a sum, and 1 where it is last month's."""

    sign: int
    datum: Datum
    lag: int

    @property
    def name(self) -> str:
        """The name of its line."""
        return self.datum.name


def signed_names(line: Line) -> list[tuple[int, str]] | None:
    """The parameters of a line that is a plain sum of them, with signs; None for any other line.

    A sum that is held at 0 or above counts as one: where it is not, the difference shows on Checks.
    """
    if line.expression is None:
        return None
    node = line.expression.node
    match node:
        case ast.Call(func=ast.Name(id="max"), args=[ast.Constant(value=0), inner]):
            node = inner
    found: list[tuple[int, str]] = []

    def collect(part: ast.expr, sign: int) -> bool:
        match part:
            case ast.Name(id=name) if name in line.names:
                found.append((sign, name))
                return True
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                other = sign if isinstance(operator, ast.Add) else -sign
                return collect(left, sign) and collect(right, other)
        return False

    return found if collect(node, 1) else None


def terms(wiring: Wiring, datum: Datum, through: Collection[str] = ()) -> Iterator[Term]:
    """What a figure is the sum of, as far as it applies; lines in ``through`` are taken apart in their turn."""
    graph = wiring.graphs[datum.graph]
    line = graph.by_key[datum.scope, datum.name]
    names = signed_names(line)
    assert names is not None, f"{line.place} is no sum"
    reads = dict(zip(line.names, line.parameters, strict=True))
    for sign, name in names:
        read, lag = wiring.figure(graph, reads[name], datum.instance)
        if wiring.facts.fact((read, lag)) == 0.0:
            continue
        if name in through and not lag and read.shape == MONTHS:
            yield from (term._replace(sign=sign * term.sign) for term in terms(wiring, read, through))
        else:
            yield Term(sign, read, lag)
