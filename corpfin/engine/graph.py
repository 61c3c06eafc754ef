"""The graphs of a model, and how one is built from plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from corpfin.engine.grammar import Constant
from corpfin.engine.parts import Given, Key, Line, Namespace, Over, Plan, Ref, opening_name
from corpfin.engine.wire import wire


@dataclass(frozen=True, eq=False)
class Graph:
    """A built graph: `lines` in the order of the month, `openings` in the order they are worked out before month 1.

    `model` holds all graphs of its model in their order, this one too; `reads` and `members` are those of its plan.
    """

    name: str
    lines: tuple[Line, ...]
    openings: tuple[Line, ...]
    given: tuple[Given, ...]
    blocks: tuple[str, ...]
    opening_constants: dict[Key, Constant]
    reads: tuple[str, ...]
    members: bool
    over: Over
    model: Mapping[str, Graph] = field(repr=False)

    @staticmethod
    def build(name: str, modules: Sequence[Namespace], given: Iterable[Given]) -> Graph:
        """A model of one graph: the lines of `modules`, in this order, and `given`. Raises what `build_model` does."""
        return build_model(Plan(name, modules, tuple(given)))[name]

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

    @cached_property
    def lagged(self) -> tuple[str, ...]:
        """The graphs whose last month its lines read because they come after it in the month."""
        read = {ref.graph for line in self.lines for ref in line.parameters}
        return tuple(name for name in self.reads if name in read and self.is_before(name))

    def is_before(self, other: str) -> bool:
        """Whether it comes before another graph in the month."""
        order = list(self.model)
        return order.index(self.name) < order.index(other)

    def home(self, ref: Ref) -> Graph:
        """The graph that a reference of this one names."""
        return self if ref.graph == self.name else self.model[ref.graph]

    def adds_members(self, line: Line) -> bool:
        """Whether a line of this graph is a total over the members of another one."""
        return line.function is None and line.summed.graph != self.name

    def opening_name(self, name: str) -> str:
        """The name of the value a line has before month 1: opening_cash, total_debt_opening_balance."""
        return opening_name(name, self.over)

    def knows_opening(self, scope: str, name: str) -> bool:
        """Whether a value of this name exists before month 1: an opening line, an input or a constant."""
        given = self.given_by_key.get((scope, name))
        known = (scope, name) in self.opening_by_key or (scope, name) in self.opening_constants
        return known or (given is not None and given.kind == "input")

    def table(self) -> list[dict[str, object]]:
        """One row per line in order: order, scope, module, line, kind, unit, label, prose, reads, read_by, formula.

        Readers are those of every graph of the model; who reads last month's value reads the opening in month 1.
        """
        rows = (*self.openings, *self.lines)
        readers: dict[Key, dict[str, None]] = {}
        for line in (line for graph in self.model.values() for line in (*graph.openings, *graph.lines)):
            for ref in line.parameters:
                if ref.graph == self.name:
                    lagged = [self.opening_name(ref.name)] if ref.kind == "prior" else []
                    for name in (ref.name, *lagged):
                        readers.setdefault((ref.scope, name), {})[line.name] = None
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
                "read_by": list(readers.get((line.scope, line.name), ())),
                "formula": line.formula,
            }
            for order, line in enumerate(rows)
        ]


def build_model(*plans: Plan) -> dict[str, Graph]:
    """Wire the graphs of a model, in the order in which they are stepped through a month, each by its name.

    Raises GrammarError for a formula outside the grammar and GraphError for everything else that does not fit, each
    with place and remedy.
    """
    model: dict[str, Graph] = {}
    for plan, built in zip(plans, wire(plans), strict=True):
        model[plan.name] = Graph(
            plan.name, built.order("line"), built.order("opening"), tuple(plan.given), built.blocks, built.constants,
            plan.reads, plan.members, built.over, model,
        )  # fmt: skip
    return model
