"""The wiring of a model: lines found in modules, parameters wired by name, order checked, totals made on demand."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from corpfin.engine.grammar import Constant
from corpfin.engine.parts import (
    GraphError,
    Key,
    Line,
    Over,
    Plan,
    Ref,
    functions,
    is_opening,
    opening_name,
    read_line,
    split_total,
)


def wire(plans: Sequence[Plan]) -> list[Builder]:
    """Read the graphs of a model and find what their lines read; raises what `build_model` does."""
    builders: dict[str, Builder] = {}
    for plan in plans:
        if plan.name in builders:
            raise GraphError(f"two graphs are called {plan.name}; rename one of the two")
        builders[plan.name] = Builder(plan, builders)
    for plan in plans:
        for name in plan.reads:
            if name not in builders or name == plan.name:
                others = ", ".join(other for other in builders if other != plan.name) or "none"
                raise GraphError(f"graph {plan.name} reads {name}, which is no other graph; the others are: {others}")
    for builder in builders.values():
        builder.wire()
    if unread := [words for builder in builders.values() for words in builder.unread()]:
        raise GraphError(f"{'; '.join(unread)}; use them in a line or remove them")
    return list(builders.values())


class Builder:
    """One graph being wired; `builders` are those of the whole model, filled in order."""

    def __init__(self, plan: Plan, builders: dict[str, Builder]) -> None:
        self.plan, self.name, self.builders = plan, plan.name, builders
        self.given = {(item.scope, item.name): item for item in plan.given}
        if len(self.given) < len(plan.given):
            raise GraphError(f"graph {self.name}: a given is listed twice; keep one of each name and scope")
        self.read: set[Key] = set()
        self.lines: dict[Key, Line] = {}
        self.totals: dict[Key, Line] = {}
        self.blocks = tuple(dict.fromkeys(block for module in plan.modules if (block := getattr(module, "EACH", ""))))
        read = [builders[name] for name in plan.reads if name in builders]
        self.earlier = [graph for graph in read if not graph.plan.members]
        self.over: Over = {name: {} for name in self.blocks} | {x.name: x.over for x in read if x.plan.members}
        if both := [name for name in self.blocks if name in builders]:
            raise GraphError(f"graph {self.name}: block {both[0]} has the name of a graph; rename one of the two")
        for module in plan.modules:
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
        if line.name.endswith("_prior") or split_total(line.name, self.over):
            raise self.fault(line, "has a name kept for last month's values or totals", "choose another name")
        self.lines[key] = line

    @property
    def later(self) -> list[Builder]:
        """The graphs it may read that come after it."""
        order = list(self.builders)
        names = [name for name in self.plan.reads if order.index(name) > order.index(self.name)]
        return [self.builders[name] for name in names if not self.builders[name].plan.members]

    def wire(self) -> None:
        """Find what every line reads; this may make totals here and in other graphs."""
        self.wired = [
            replace(line, parameters=tuple(self.resolve(line, name) for name in line.expression.names))
            for line in self.lines.values()
            if line.expression
        ]

    def order(self, kind: Literal["line", "opening"]) -> tuple[Line, ...]:
        """Lines and totals of the month, or those before month 1, in order; once all graphs are wired."""
        made = [total for total in self.totals.values() if (total.kind == "opening") == (kind == "opening")]
        order = self.ordered([line for line in self.wired if line.kind == kind], made)
        self.refuse_disorder(order, kind)
        return order

    def ordered(self, lines: list[Line], totals: list[Line]) -> tuple[Line, ...]:
        """Totals of inputs and of members come first, of openings after their line, of lines at the module's foot."""
        own = {Ref(self.name, line.kind, line.scope, line.name) for line in lines if line.kind != "total"}
        order = [total for total in totals if total.summed not in own]
        last = {line.module: line for line in lines}
        for line in lines:
            order.append(line)
            if line.kind == "opening":
                order += [total for total in totals if total.summed == Ref(self.name, "opening", line.scope, line.name)]
            elif line is last[line.module]:
                order += [total for total in totals if total.summed in own and total.module == line.module]
        return tuple(order)

    def resolve(self, line: Line, name: str) -> Ref:
        if line.kind == "opening" or is_opening(name, self.over):
            found = self.opening(line.scope, name)
        elif name.endswith("_prior"):
            found = self.prior(line, name.removesuffix("_prior"))
        else:
            found = self.value(line.scope, name)
            if found and found.graph in [graph.name for graph in self.later]:
                remedy = f"read {name}_prior" if found.kind == "line" else f"give it to {self.name} instead"
                raise self.fault(line, f"reads {name} of {found.graph}, which comes later in the month", remedy)
        if not found:
            raise self.unknown(line, name)
        return found

    def value(self, scope: str, name: str) -> Ref | None:
        """This month's value: own line, company line, line of an earlier graph, givens likewise, then later graphs."""
        here, whole = tuple(dict.fromkeys((scope, ""))), ("",)
        for graphs in ([self, *self.earlier], self.later):
            for search in (Builder.row, Builder.figure):
                for graph in graphs:
                    if found := search(graph, here if graph is self else whole, name):
                        return found
        return None

    def row(self, places: Iterable[str], name: str) -> Ref | None:
        """An own line or total."""
        for place in places:
            if (place, name) in self.lines and self.lines[place, name].kind == "line":
                return Ref(self.name, "line", place, name)
        return Ref(self.name, "line", "", name) if self.total(name, "total") else None

    def figure(self, places: Iterable[str], name: str) -> Ref | None:
        """An own given, which counts as read."""
        for place in places:
            if (place, name) in self.given:
                self.read.add((place, name))
                return Ref(self.name, "given", place, name)
        return None

    def prior(self, line: Line, name: str) -> Ref | None:
        """Last month's value; in month 1 it is the opening, which must exist."""
        found = self.value(line.scope, name)
        if not found:
            return None
        if found.kind == "given":
            raise self.fault(line, f"reads {name}_prior, but {name} is not a line", "only lines have a last month")
        home = self.builders[found.graph]
        opening = opening_name(name, home.over)
        if home.before(found.scope, opening) == found._replace(kind="opening", name=opening):
            return found._replace(kind="prior")
        problem = f"reads {name}_prior, but {name} has no value before month 1"
        raise self.fault(line, problem, home.without_opening(found.scope, name))

    def without_opening(self, scope: str, name: str) -> str:
        """Where to add the value before month 1 of a line, for a total that of what it adds up."""
        if total := split_total(name, self.over):
            over, item = total
            home, block = (self, over) if over in self.blocks else (self.builders[over], "")
            return home.without_opening(block, item)
        return f"add the input opening_{name} to {f'each {scope}' if scope else self.name}, or a line opening_{name}"

    def opening(self, scope: str, name: str) -> Ref | None:
        """A value known before month 1, here or in an earlier graph."""
        found = self.before(scope, name)
        return found or next((ref for graph in self.earlier if (ref := graph.before("", name))), None)

    def before(self, scope: str, name: str) -> Ref | None:
        """An own value known before month 1: base value of an input, opening line, constant, total of these."""
        for key in dict.fromkeys(((scope, name), ("", name))):
            if key in self.given and self.given[key].kind == "input":
                self.read.add(key)
                return Ref(self.name, "opening", *key)
            if key in self.constants or (key in self.lines and self.lines[key].kind == "opening"):
                return Ref(self.name, "opening", *key)
        return Ref(self.name, "opening", "", name) if self.total(name, "opening") else None

    def total(self, name: str, kind: Literal["total", "opening"]) -> bool:
        """Make a total over a block or members when it is first asked for; whether one of this name and kind exists."""
        key = split_total(name, self.over)
        if key is None or (kind, name) in self.totals:
            return key is not None
        over, item = key
        home, block = (self, over) if over in self.blocks else (self.builders[over], "")
        if kind == "opening":
            ref = home.before(block, item)
        else:
            ref = home.value(block, item) if home is self else home.row(("",), item)
        if ref is None or ref.scope != block:
            return False
        source = home.lines.get((block, item)) or home.given.get((block, item)) or home.totals.get((kind, item))
        source = source or home.lines[block, item.removeprefix("opening_")]
        first = next((line.module for line in self.lines.values() if line.scope == block), "")
        module = over if home is not self else source.module if isinstance(source, Line) else first
        label = (source.label if isinstance(source, Line) else source.meaning) or source.name
        self.totals[kind, name] = Line(name, "", module, kind, source.unit, f"{label}, total", parameters=(ref,))
        if ref.kind == "line":
            self.total(opening_name(name, self.over), "opening")
        return True

    def unread(self) -> Iterable[str]:
        """What no line of the model reads, in words."""
        names = [
            f"{item.kind} {item.name}" + (f" of {item.scope}" if item.scope else "")
            for key, item in self.given.items()
            if key not in self.read
        ]
        return [f"graph {self.name}: no line reads {', '.join(names)}"] if names else []

    def refuse_disorder(self, order: tuple[Line, ...], kind: Literal["line", "opening"]) -> None:
        """A line reads only what stands above it."""
        position = {(line.scope, line.name): i for i, line in enumerate(order)}
        for i, line in enumerate(order):
            for ref in line.parameters:
                at = position.get((ref.scope, ref.name), -1)
                if ref.kind != kind or ref.graph != self.name or at < i:
                    continue
                later = order[at]
                if kind == "opening" and (at == i or (line.scope, line.name) in self.reach(order, position, at)):
                    problem = f"reads {ref.name}, which in turn reads {line.name}: a circle"
                    raise self.fault(line, problem, "break the circle")
                lag = "" if kind == "opening" else f", or read {ref.name}_prior"
                if later.function:
                    problem = f"reads {ref.name}, which comes later ({later.place})"
                    raise self.fault(line, problem, f"move {ref.name} above it{lag}")
                problem = f"reads {ref.name}, which is added up at the foot of module {later.module}"
                raise self.fault(line, problem, f"move this line to a later module{lag}")

    def reach(self, order: tuple[Line, ...], position: dict[Key, int], start: int) -> set[Key]:
        """Everything in this order that the line at `start` reads, directly or through others."""
        seen: set[Key] = set()
        todo = [order[start]]
        while todo:
            for ref in todo.pop().parameters:
                key = ref.scope, ref.name
                if ref.graph == self.name and key not in seen and key in position:
                    seen.add(key)
                    todo.append(order[position[key]])
        return seen

    def fault(self, line: Line, problem: str, remedy: str) -> GraphError:
        return GraphError(f"{line.place}: {problem}; {remedy}")

    def unknown(self, line: Line, name: str) -> GraphError:
        base = name.removesuffix("_prior")
        keys = [*self.lines, *self.given]
        if total := split_total(base, self.over):
            block, item = total
            home, scope = (self, block) if block in self.blocks else (self.builders[block], "")
            if home is not self and ("", item) in home.given:
                problem = f"reads {name}, but {item} of {block} is not a line"
                return self.fault(line, problem, f"only lines add up over members; give {block} a line for it")
            known = [key[1] for key in (*home.lines, *(home.given if scope else ())) if key[0] == scope]
            problem = f"reads {name}, but {block} has no line {'or input ' if scope else ''}{item}"
            return self.fault(line, problem, _nearest(item, known))
        if base.startswith("total_"):
            blocks = ", ".join(self.over) or "none"
            return self.fault(line, f"reads {name}, but no block has that name", f"the blocks are: {blocks}")
        for block, item in keys:
            if block and item == base:
                problem = f"reads {name}, which exists once for each {block}"
                return self.fault(line, problem, f"write total_{block}_{name}")
        for graph in self.builders.values():
            if graph is not self and (("", base) in graph.lines or ("", base) in graph.given):
                return self.fault(line, *self.out_of_reach(graph, name))
        keys += [key for graph in (*self.earlier, *self.later) for key in (*graph.lines, *graph.given) if not key[0]]
        readable = [item for block, item in keys if block in ("", line.scope)]
        return self.fault(line, f"reads {name}, which is not known", _nearest(name, readable))

    def out_of_reach(self, graph: Builder, name: str) -> tuple[str, str]:
        """Why a graph that has the name cannot be read so, and what to do."""
        if graph.name in self.over:
            return f"reads {name}, which exists once for each {graph.name}", f"write total_{graph.name}_{name}"
        if graph.plan.members:
            problem = f"reads {name}, which exists once for each {graph.name}"
            return problem, f"add it up in a graph that comes after {graph.name} and reads it"
        if graph.name in self.plan.reads:
            return f"reads {name} of {graph.name} before month 1", f"only {graph.name} and later graphs can"
        return (
            f"reads {name} of {graph.name}, which {self.name} does not read",
            f"name {graph.name} among what it reads",
        )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else "define it as a line or give it as an input"
