"""The graph of a model: lines found in modules, parameters wired by name, order checked, totals made on demand."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from corpfin.engine.grammar import Constant
from corpfin.engine.parts import (
    Given,
    GraphError,
    Key,
    Line,
    Namespace,
    Ref,
    functions,
    opening_name,
    read_line,
    split_total,
)


@dataclass(frozen=True, eq=False)
class Graph:
    """A built model: `lines` in the order of the month, `openings` in the order they are worked out before month 1."""

    name: str
    lines: tuple[Line, ...]
    openings: tuple[Line, ...]
    given: tuple[Given, ...]
    blocks: tuple[str, ...]
    opening_constants: dict[Key, Constant]
    above: Graph | None
    for_below: frozenset[str]

    @staticmethod
    def build(
        name: str,
        modules: Sequence[Namespace],
        given: Iterable[Given],
        above: Graph | None = None,
        for_below: Collection[str] = (),
    ) -> Graph:
        """Wire the lines of `modules`, in this order, to each other, to `given` and to the graph `above`.

        `for_below` names the givens that only the graph below this one reads. Raises GrammarError for a formula outside
        the grammar and GraphError for everything else that does not fit, each with place and remedy.
        """
        return _Builder(name, modules, tuple(given), above, frozenset(for_below)).build()

    @cached_property
    def by_key(self) -> dict[Key, Line]:
        """Lines and totals of the month by (scope, name)."""
        return {(line.scope, line.name): line for line in self.lines}

    @cached_property
    def opening_by_key(self) -> dict[Key, Line]:
        """Lines and totals worked out before month 1, by (scope, name)."""
        return {(line.scope, line.name): line for line in self.openings}

    @cached_property
    def given_by_key(self) -> dict[Key, Given]:
        """Givens by (scope, name)."""
        return {(given.scope, given.name): given for given in self.given}

    @property
    def draws(self) -> tuple[Given, ...]:
        """The givens that differ by path."""
        return tuple(given for given in self.given if given.kind in ("draw", "static_draw"))

    def knows_opening(self, scope: str, name: str) -> bool:
        """Whether a value of this name exists before month 1: an opening line, an input or a constant."""
        given = self.given_by_key.get((scope, name))
        known = (scope, name) in self.opening_by_key or (scope, name) in self.opening_constants
        return known or (given is not None and given.kind == "input")

    def table(self) -> list[dict[str, object]]:
        """One row per line in order: order, scope, module, line, kind, unit, label, prose, reads, read_by, formula."""
        rows = (*self.openings, *self.lines)
        readers: dict[Key, list[str]] = {}
        for line in rows:
            for ref in line.parameters:
                if not ref.kind.startswith("above"):
                    readers.setdefault((ref.scope, ref.name), []).append(line.name)
        return [
            {
                "order": order,
                "scope": line.scope,
                "module": line.module,
                "line": line.name,
                "kind": line.kind,
                "unit": line.unit,
                "label": line.label,
                "prose": line.prose,
                "reads": list(line.names),
                "read_by": readers.get((line.scope, line.name), []),
                "formula": line.formula,
            }
            for order, line in enumerate(rows)
        ]


class _Builder:
    def __init__(
        self, name: str, modules: Sequence[Namespace], given: tuple[Given, ...], above: Graph | None,
        for_below: frozenset[str],
    ) -> None:  # fmt: skip
        self.name, self.above, self.for_below = name, above, for_below
        self.given = {(item.scope, item.name): item for item in given}
        if len(self.given) < len(given):
            raise GraphError(f"graph {name}: a given is listed twice; keep one of each name and scope")
        self.read: set[Key] = set()
        self.read_above: set[str] = set()
        self.lines: dict[Key, Line] = {}
        self.totals: dict[Key, Line] = {}
        self.blocks = tuple(dict.fromkeys(block for module in modules if (block := getattr(module, "EACH", ""))))
        for module in modules:
            for function in functions(module):
                self.add(read_line(function, module))
        self.constants: dict[Key, Constant] = {}
        for line in self.lines.values():
            constant = line.function.__globals__.get(f"opening_{line.name}") if line.function else None
            if isinstance(constant, Constant):
                self.constants[line.scope, f"opening_{line.name}"] = constant

    def add(self, line: Line) -> None:
        key = line.scope, line.name
        if key in self.lines:
            raise self.fault(line, f"is already defined ({self.lines[key].place})", "rename one of the two")
        if key in self.given:
            raise self.fault(line, f"has the name of a given {self.given[key].kind}", "rename the line or the given")
        if line.name.endswith("_prior") or split_total(line.name, self.blocks):
            raise self.fault(line, "has a name kept for last month's values or totals", "choose another name")
        self.lines[key] = line

    def build(self) -> Graph:
        wired = [
            replace(line, parameters=tuple(self.resolve(line, name) for name in line.expression.names))
            for line in self.lines.values()
            if line.expression
        ]
        self.refuse_unread()
        totals = list(self.totals.values())
        month = self.ordered([x for x in wired if x.kind == "line"], [x for x in totals if x.kind == "total"])
        openings = self.ordered([x for x in wired if x.kind == "opening"], [x for x in totals if x.kind == "opening"])
        self.refuse_disorder(month, "line")
        self.refuse_disorder(openings, "opening")
        given = tuple(self.given.values())
        return Graph(self.name, month, openings, given, self.blocks, self.constants, self.above, self.for_below)

    def ordered(self, lines: list[Line], totals: list[Line]) -> tuple[Line, ...]:
        """Totals of inputs come first, of openings after their line, of lines at the foot of the module."""
        own = {(line.scope, line.name) for line in lines}
        order = [total for total in totals if total.summed not in own]
        last = {line.module: line for line in lines}
        for line in lines:
            order.append(line)
            key = line.scope, line.name
            if line.kind == "opening":
                order += [total for total in totals if total.summed == key]
            elif line is last[line.module]:
                order += [total for total in totals if total.summed in own and total.module == line.module]
        return tuple(order)

    def resolve(self, line: Line, name: str) -> Ref:
        total = split_total(name, self.blocks)
        if line.kind == "opening" or name.startswith("opening_") or (total and total[1].startswith("opening_")):
            found = self.opening(line.scope, name)
        elif name.endswith("_prior"):
            found = self.prior(line, name.removesuffix("_prior"))
        else:
            found = self.value(line.scope, name)
        if not found:
            raise self.unknown(line, name)
        return found

    def value(self, scope: str, name: str) -> Ref | None:
        """This month's value: own line, company line, line above, own given, company given, given above."""
        places = tuple(dict.fromkeys((scope, "")))
        for place in places:
            if (place, name) in self.lines and self.lines[place, name].kind == "line":
                return Ref("line", place, name)
        if self.total(name, "total"):
            return Ref("line", "", name)
        if self.above and ("", name) in self.above.by_key:
            return Ref("above", "", name)
        for place in places:
            if (place, name) in self.given:
                self.read.add((place, name))
                return Ref("given", place, name)
        if self.above and ("", name) in self.above.given_by_key:
            self.read_above.add(name)
            return Ref("above_given", "", name)
        return None

    def prior(self, line: Line, name: str) -> Ref | None:
        """Last month's value; in month 1 it is the opening, which must exist."""
        found = self.value(line.scope, name)
        if not found:
            return None
        if found.kind in ("given", "above_given"):
            raise self.fault(line, f"reads {name}_prior, but {name} is not a line", "only lines have a last month")
        home = self.name
        if found.kind == "above" and self.above:
            home, opening = self.above.name, opening_name(name, self.above.blocks)
            if self.above.knows_opening("", opening):
                self.read_above.add(opening)
                return Ref("above_prior", "", name)
        else:
            opening = opening_name(name, self.blocks)
            if self.opening(found.scope, opening) == Ref("opening", found.scope, opening):
                return Ref("prior", found.scope, name)
        raise self.fault(
            line,
            f"reads {name}_prior, but {name} has no value before month 1",
            f"add the input {opening} to {f'each {found.scope}' if found.scope else home}, or a line {opening}",
        )

    def opening(self, scope: str, name: str) -> Ref | None:
        """A value known before month 1: base value of an input, opening line, constant, total of these, or above."""
        for key in dict.fromkeys(((scope, name), ("", name))):
            if key in self.given and self.given[key].kind == "input":
                self.read.add(key)
                return Ref("opening", *key)
            if key in self.constants or (key in self.lines and self.lines[key].kind == "opening"):
                return Ref("opening", *key)
        if self.total(name, "opening"):
            return Ref("opening", "", name)
        if self.above and self.above.knows_opening("", name):
            self.read_above.add(name)
            return Ref("above_opening", "", name)
        return None

    def total(self, name: str, kind: Literal["total", "opening"]) -> bool:
        """Make the total over a block when it is first asked for; whether a total of this name and kind exists."""
        key = split_total(name, self.blocks)
        if key is None or (kind, name) in self.totals:
            return key is not None
        ref = self.opening(*key) if kind == "opening" else self.value(*key)
        if ref is None or ref.scope != key[0]:
            return False
        block, item = key
        source = self.lines.get(key) or self.given.get(key) or self.lines[block, item.removeprefix("opening_")]
        module = source.module if isinstance(source, Line) else next(x.module for x in self.in_block(block))
        label = (source.label if isinstance(source, Line) else source.meaning) or source.name
        self.totals[kind, name] = Line(
            name, "", module, kind, source.unit, f"{label}, over each {block}", parameters=(ref,)
        )
        if ref.kind == "line":
            self.total(opening_name(name, self.blocks), "opening")
        return True

    def in_block(self, block: str) -> Iterable[Line]:
        return (line for line in self.lines.values() if line.scope == block)

    def refuse_unread(self) -> None:
        unread = [
            f"{item.kind} {item.name}" + (f" of {item.scope}" if item.scope else "")
            for key, item in self.given.items()
            if key not in self.read and item.name not in self.for_below
        ]
        if self.above:
            unread += [f"{name} of {self.above.name}" for name in sorted(self.above.for_below - self.read_above)]
        if unread:
            raise GraphError(f"graph {self.name}: no line reads {', '.join(unread)}; use them in a line or remove them")

    def refuse_disorder(self, order: tuple[Line, ...], kind: Literal["line", "opening"]) -> None:
        """A line reads only what stands above it."""
        position = {(line.scope, line.name): i for i, line in enumerate(order)}
        for i, line in enumerate(order):
            for ref in line.parameters:
                at = position.get((ref.scope, ref.name), -1)
                if ref.kind != kind or at < i:
                    continue
                later = order[at]
                if kind == "opening" and (at == i or (line.scope, line.name) in _reach(order, position, at)):
                    problem = f"reads {ref.name}, which in turn reads {line.name}: a circle"
                    raise self.fault(line, problem, "break the circle")
                lag = "" if kind == "opening" else f", or read {ref.name}_prior"
                if later.function:
                    problem = f"reads {ref.name}, which comes later ({later.place})"
                    raise self.fault(line, problem, f"move {ref.name} above it{lag}")
                problem = f"reads {ref.name}, which is added up at the foot of module {later.module}"
                raise self.fault(line, problem, f"move this line to a later module{lag}")

    def fault(self, line: Line, problem: str, remedy: str) -> GraphError:
        return GraphError(f"{line.place}: {problem}; {remedy}")

    def unknown(self, line: Line, name: str) -> GraphError:
        base = name.removesuffix("_prior")
        keys = [*self.lines, *self.given]
        if total := split_total(base, self.blocks):
            known = [item for block, item in keys if block == total[0]]
            problem = f"reads {name}, but {total[0]} has no line or input {total[1]}"
            return self.fault(line, problem, _nearest(total[1], known))
        if base.startswith("total_"):
            blocks = ", ".join(self.blocks) or "none"
            return self.fault(line, f"reads {name}, but no block has that name", f"the blocks are: {blocks}")
        for block, item in keys:
            if block and item == base:
                problem = f"reads {name}, which exists once for each {block}"
                return self.fault(line, problem, f"write total_{block}_{name}")
        if self.above:
            keys += [key for key in (*self.above.by_key, *self.above.given_by_key) if not key[0]]
        readable = [item for block, item in keys if block in ("", line.scope)]
        return self.fault(line, f"reads {name}, which is not known", _nearest(name, readable))


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else "define it as a line or give it as an input"


def _reach(order: tuple[Line, ...], position: dict[Key, int], start: int) -> set[Key]:
    """Everything that the line at `start` reads, directly or through others."""
    seen: set[Key] = set()
    todo = [order[start]]
    while todo:
        for ref in todo.pop().parameters:
            key = ref.scope, ref.name
            if key not in seen and key in position:
                seen.add(key)
                todo.append(order[position[key]])
    return seen
