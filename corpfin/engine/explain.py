"""Why a figure is what it is: a tree from a line down to the inputs, with formulas, values and sources."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from corpfin.engine.data import Array, Data
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.interpret import Values, given_months
from corpfin.engine.parts import Line, Ref, RefKind, opening_name

SourceOf = Callable[[str, str, str], str]
Run = tuple[Graph, Data, Values]


_BELOW: dict[RefKind, RefKind] = {
    "above": "line", "above_prior": "prior", "above_given": "given", "above_opening": "opening",
}  # fmt: skip
_WORDS = {"series": "given by month", "draw": "drawn for this path", "static_draw": "drawn for this path, all months"}


class ExplainError(ModelError):
    """There is no such line, instance or month to explain."""


@dataclass(frozen=True)
class Node:
    """One figure of an explanation.

    `graph` and `scope` say where it lives; `instance` is the id in a block or ""; `month` is the one explained, from 1;
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


def explain(
    graph: Graph,
    data: Data,
    values: Values,
    name: str,
    month: int,
    instance: str | None = None,
    above: Run | None = None,
    source_of: SourceOf | None = None,
) -> Node:
    """The tree of one line in one month, counted from 1; `instance` is the id where the line belongs to a block.

    `source_of(scope, instance id, input name)` gives the words behind an input, "" for none. Each line is opened once;
    later mentions say "see above". Raises ExplainError for an unknown line or instance and a month outside the run.
    """
    if not 1 <= month <= data.months:
        raise ExplainError(f"month {month} is outside the run; give 1 to {data.months}")
    scopes = [scope for scope, line in graph.by_key if line == name]
    if not scopes:
        near = difflib.get_close_matches(name, sorted({line for _, line in graph.by_key}), n=1, cutoff=0.0)
        raise ExplainError(f"there is no line {name}; did you mean {near[0]}?")
    for scope in scopes:
        ids = data.instances.get(scope, ()) if scope else (None,)
        if instance in ids:
            return _Explainer((graph, data, values), above, source_of, month).line(
                Ref("line", scope, name), ids.index(instance)
            )
    known = [f"{scope}.{x}.{name}" for scope in scopes for x in data.instances.get(scope, ())]
    where = f"give one of: {', '.join(known)}" if known else "give no instance, it is a line of the whole"
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
    who = f"{node.scope} {node.instance}: " if node.instance else ""
    formula = f" = {node.formula}" if node.formula else ""
    note = f" ({node.note})" if node.note else ""
    unit = "" if node.unit == "-" else f" {node.unit}"
    return f"{who}{node.name} = {node.value:,.6g}{unit}{formula}{note}"


class _Explainer:
    def __init__(self, run: Run, above: Run | None, source_of: SourceOf | None, month: int) -> None:
        self.graph, self.data, self.values = run
        self.above = _Explainer(above, None, source_of, month) if above else None
        self.source_of, self.month = source_of, month
        self.seen: set[tuple[Ref, int]] = set()

    def reach(self, ref: Ref, k: int) -> Node:
        """The node of whatever a parameter reads."""
        k = k if ref.scope else 0
        match ref.kind:
            case "line":
                return self.line(ref, k)
            case "prior":
                return self.prior(ref, k)
            case "opening":
                return self.opening(ref, k)
            case "given":
                return self.given(ref, k)
        if self.above is None:
            raise ExplainError(f"{ref.name} belongs to the graph above {self.graph.name}; pass that run as above")
        return self.above.reach(Ref(_BELOW[ref.kind], "", ref.name), 0)

    def line(self, ref: Ref, k: int) -> Node:
        line, value = self.graph.by_key[ref.scope, ref.name], _pick(self.values[ref.scope, ref.name], ref, k)
        number = float(value[self.month - 1])
        if (ref, k) in self.seen:
            return self.node(ref, k, number, line.kind, line.unit, note="see above")
        self.seen.add((ref, k))
        return self.node(ref, k, number, line.kind, line.unit, line.formula, children=self.children(line, k))

    def children(self, line: Line, k: int) -> tuple[Node, ...]:
        if line.function is None:
            ref = line.parameters[0]
            return tuple(self.reach(ref, i) for i in range(self.data.count(ref.scope)))
        return tuple(self.reach(ref, k) for ref in line.parameters)

    def prior(self, ref: Ref, k: int) -> Node:
        line = self.graph.by_key[ref.scope, ref.name]
        if self.month > 1:
            value = float(_pick(self.values[ref.scope, ref.name], ref, k)[self.month - 2])
            return self.node(ref, k, value, "prior", line.unit, note="last month", name=f"{ref.name}_prior")
        opening = self.opening(Ref("opening", ref.scope, opening_name(ref.name, self.graph.blocks)), k)
        return replace(opening, name=f"{ref.name}_prior", kind="prior", note=f"{opening.name}: {opening.note}")

    def opening(self, ref: Ref, k: int) -> Node:
        """A value before month 1: a leaf with its formula, its constant or the source of its input."""
        key = ref.scope, ref.name
        value = float(_pick(self.values.openings[key], ref, k))
        if line := self.graph.opening_by_key.get(key):
            return self.node(ref, k, value, "opening", line.unit, line.formula, "before month 1")
        if (constant := self.graph.opening_constants.get(key)) is not None:
            return self.node(ref, k, value, "opening", constant.unit, note=constant.meaning)
        return self.node(ref, k, value, "opening", self.graph.given_by_key[key].unit, note=self.source(ref, k))

    def given(self, ref: Ref, k: int) -> Node:
        given = self.graph.given_by_key[ref.scope, ref.name]
        value = given_months(self.graph, self.data, self.values.draws, ref.scope, ref.name, k)[self.month - 1]
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
        return Node(name or ref.name, *where, value, unit, kind, formula, note, children)


def _pick(values: Array, ref: Ref, k: int) -> Array:
    return np.asarray(values[k] if ref.scope else values)
