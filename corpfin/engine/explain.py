"""Why a figure is what it is: a tree from a line down to the inputs, with formulas, values and sources."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from corpfin.common.text import undusted
from corpfin.engine.data import Array
from corpfin.engine.grammar import ModelError
from corpfin.engine.interpret import Openings, Values, given_months
from corpfin.engine.parts import Line, Ref

SourceOf = Callable[[str, str, str], str]

_WORDS = {"series": "given by month", "draw": "drawn for this path", "static_draw": "drawn for this path, all months"}


class ExplainError(ModelError):
    """There is no such line, instance or month to explain."""


@dataclass(frozen=True)
class Node:
    """One figure of an explanation.

    `graph` and `scope` say where it lives, `member` in whose run of a graph with members; `instance` is the id in a
    block or ""; `month` is the one explained, from 1;
    `kind` is "line", "total", "prior", "opening" or the kind of a given; `formula` is as written, "" where there is
    none; `note` says where a leaf comes from.
    """

    name: str
    graph: str
    scope: str
    instance: str
    month: int
    value: float
    unit: str
    kind: str
    formula: str = ""
    note: str = ""
    children: tuple[Node, ...] = ()
    member: str = ""

    def __repr__(self) -> str:
        inside = f"{self.scope} {self.instance}: " if self.instance else ""
        return f"<{inside}{self.name} = {undusted(self.value):,.6g} {self.unit}, made of {len(self.children)}>"

    def _repr_html_(self) -> str:
        """The walk for a notebook: each figure opens to what it is made of."""
        inside = f"{self.scope} {self.instance}: " if self.instance else ""
        words = ", ".join(filter(None, (self.formula and f"= {self.formula}", self.note)))
        said = escape(f"{inside}{self.name} = {undusted(self.value):,.6g} {self.unit}  {words}".rstrip())
        if not self.children:
            return f"<div>{said}</div>"
        below = "".join(child._repr_html_() for child in self.children)
        return f'<details><summary>{said}</summary><div style="margin-left: 1.5em">{below}</div></details>'


def explain(
    values: Values,
    name: str,
    month: int,
    instance: str | None = None,
    others: Sequence[Values | Openings] = (),
    source_of: SourceOf | None = None,
) -> Node:
    """The tree of one line in one month, counted from 1; `instance` is the id where the line belongs to a block.

    `others` are what `interpret` was given for the other graphs. `source_of(scope, instance id, input name)` gives the
    words behind an input, "" for none. Each line is opened once; later mentions say "see above". Raises ExplainError
    for an unknown line or instance and a month outside the run.
    """
    graph, data = values.graph, values.data
    if not 1 <= month <= data.months:
        raise ExplainError(f"month {month} is outside the run; give 1 to {data.months}")
    scopes = [scope for scope, line in graph.by_key if line == name]
    if not scopes:
        near = difflib.get_close_matches(name, sorted({line for _, line in graph.by_key}), n=1, cutoff=0.0)
        raise ExplainError(f"there is no line {name}; did you mean {near[0]}?")
    for scope in scopes:
        ids = data.instances.get(scope, ()) if scope else (None,)
        if instance in ids:
            known: dict[str, list[_Explainer]] = {}
            for found in (*others, values):
                known.setdefault(found.graph.name, []).append(_Explainer(found, known, source_of, month))
            return known[graph.name][-1].line(Ref(graph.name, "line", scope, name), ids.index(instance))
    full = [f"{scope}.{x}.{name}" for scope in scopes for x in data.instances.get(scope, ())]
    where = f"give one of: {', '.join(full)}" if full else "give no instance, it is a line of the whole"
    what = f"does not exist for instance {instance}" if instance else "exists once for each instance"
    raise ExplainError(f"{name} {what}; {where}")


def render(node: Node) -> list[str]:
    """The tree as lines of plain text."""
    lines = [_head(node)]
    for i, child in enumerate(node.children):
        last = i == len(node.children) - 1
        first, *rest = render(child)
        lines.append(("└─ " if last else "├─ ") + first)
        lines += [("   " if last else "│  ") + line for line in rest]
    return lines


def _head(node: Node) -> str:
    names = [node.member, f"{node.scope} {node.instance}" if node.instance else ""]
    who = "".join(f"{name}: " for name in names if name)
    formula = f" = {node.formula}" if node.formula else ""
    note = f" ({node.note})" if node.note else ""
    unit = "" if node.unit == "-" else f" {node.unit}"
    return f"{who}{node.name} = {undusted(node.value):,.6g}{unit}{formula}{note}"


class _Explainer:
    """One graph's run; `known` holds those of all graphs by name, filled after it is made."""

    def __init__(
        self, run: Values | Openings, known: dict[str, list[_Explainer]], source_of: SourceOf | None, month: int
    ) -> None:
        self.before = run if isinstance(run, Openings) else run.openings
        self.rows = {} if isinstance(run, Openings) else run.rows
        self.draws = {} if isinstance(run, Openings) else run.draws
        self.graph, self.data = self.before.graph, self.before.data
        self.known, self.source_of, self.month = known, source_of, month
        self.seen: set[tuple[Ref, int]] = set()

    def reach(self, ref: Ref, k: int) -> Node:
        """The node of whatever a parameter reads."""
        k = k if ref.scope else 0
        home = self if ref.graph == self.graph.name else self.others(ref)[0]
        match ref.kind:
            case "line":
                return home.line(ref, k)
            case "prior":
                return home.prior(ref, k)
            case "opening":
                return home.opening(ref, k)
            case "given":
                return home.given(ref, k)

    def others(self, ref: Ref) -> list[_Explainer]:
        """The runs of another graph, one for each of its members."""
        if ref.graph not in self.known:
            raise ExplainError(f"{self.graph.name} reads {ref.name} of {ref.graph}; pass the run of that too")
        return self.known[ref.graph]

    def line(self, ref: Ref, k: int) -> Node:
        line, value = self.graph.by_key[ref.scope, ref.name], _pick(self.rows[ref.scope, ref.name], ref, k)
        number = float(value[self.month - 1])
        if (ref, k) in self.seen:
            return self.node(ref, k, number, line.kind, line.unit, note="see above")
        self.seen.add((ref, k))
        return self.node(ref, k, number, line.kind, line.unit, line.formula, children=self.children(line, k))

    def children(self, line: Line, k: int) -> tuple[Node, ...]:
        if line.function is None:
            ref = line.summed
            if self.graph.adds_members(line):
                return tuple(member.line(ref, 0) for member in self.others(ref))
            return tuple(self.reach(ref, i) for i in range(self.data.count(ref.scope)))
        return tuple(self.reach(ref, k) for ref in line.parameters)

    def prior(self, ref: Ref, k: int) -> Node:
        line = self.graph.by_key[ref.scope, ref.name]
        if self.month > 1 and self.rows:
            value = float(_pick(self.rows[ref.scope, ref.name], ref, k)[self.month - 2])
            return self.node(ref, k, value, "prior", line.unit, note="last month", name=f"{ref.name}_prior")
        opening = self.opening(ref._replace(kind="opening", name=self.graph.opening_name(ref.name)), k)
        return replace(opening, name=f"{ref.name}_prior", kind="prior", note=f"{opening.name}: {opening.note}")

    def opening(self, ref: Ref, k: int) -> Node:
        """A value before month 1: a leaf with its formula, its constant or the source of its input."""
        key = ref.scope, ref.name
        value = float(_pick(self.before[key], ref, k))
        if line := self.graph.opening_by_key.get(key):
            return self.node(ref, k, value, "opening", line.unit, line.formula, "before month 1")
        if (constant := self.graph.opening_constants.get(key)) is not None:
            return self.node(ref, k, value, "opening", constant.unit, note=constant.meaning)
        return self.node(ref, k, value, "opening", self.graph.given_by_key[key].unit, note=self.source(ref, k))

    def given(self, ref: Ref, k: int) -> Node:
        given = self.graph.given_by_key[ref.scope, ref.name]
        value = given_months(self.graph, self.data, self.draws, ref.scope, ref.name, k)[self.month - 1]
        note = self.source(ref, k) if given.kind == "input" else _WORDS[given.kind]
        return self.node(ref, k, value, given.kind, given.unit, note=note)

    def source(self, ref: Ref, k: int) -> str:
        instance = self.data.instances[ref.scope][k] if ref.scope else ""
        return (self.source_of(ref.scope, instance, ref.name) if self.source_of else "") or "input"

    def node(
        self, ref: Ref, k: int, value: float, kind: str, unit: str, formula: str = "", note: str = "", name: str = "",
        children: tuple[Node, ...] = (),
    ) -> Node:  # fmt: skip
        instance = self.data.instances[ref.scope][k] if ref.scope else ""
        where = self.graph.name, ref.scope, instance, self.month
        return Node(name or ref.name, *where, value, unit, kind, formula, note, children, self.data.member)


def _pick(values: Array, ref: Ref, k: int) -> Array:
    return np.asarray(values[k] if ref.scope else values)
