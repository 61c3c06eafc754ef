"""The parts a graph is made of: givens, references, lines, and the rules of their names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Literal, NamedTuple

from corpfin.engine.grammar import Expression, Function, ModelError, check, location

GivenKind = Literal["input", "series", "draw", "static_draw"]
LineKind = Literal["line", "total", "opening"]
RefKind = Literal["line", "prior", "given", "opening"]
Key = tuple[str, str]
Over = Mapping[str, "Over"]
"""What totals of a graph are over: its blocks, and the graphs run for several members, each with what theirs are."""
Namespace = ModuleType | type

_HEAD = re.compile(r"^(?P<label>[^\[\]\n]*?)\s*\[(?P<unit>[^\[\]\n]+)\](?:\.(?:\s+(?P<prose>.*))?)?$", re.DOTALL)


class GraphError(ModelError):
    """The lines of a model do not fit together."""


@dataclass(frozen=True)
class Given:
    """Something the graph is given.

    `kind`: "input" (one number per instance, which a scenario may change by month), "series" (one number a month,
    company scope only), "draw" (per path and month) or "static_draw" (per path, the same in all months). `scope` is ""
    or the name of a block.
    """

    name: str
    unit: str
    kind: GivenKind
    scope: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Plan:
    """What a graph of a model is made from.

    `reads` names the other graphs that its lines may read: one before it in the model as it is this month, one after
    it as it was last month. A graph with `members` is run once for each of several (companies); later graphs read only
    what these add up to, as total_company_cash.
    """

    name: str
    modules: Sequence[Namespace]
    given: Sequence[Given] = ()
    reads: tuple[str, ...] = ()
    members: bool = False


class Ref(NamedTuple):
    """What one parameter of a line reads, and of which graph: a line this month or last, a given, an opening value."""

    graph: str
    kind: RefKind
    scope: str
    name: str


@dataclass(frozen=True)
class Line:
    """One row of the model. Totals have no function and no expression; their only parameter is the row they add up.

    `label` is what a row of a sheet is called, `prose` what there is to say about it, `section` the heading within its
    module under which it stands, if there is one.
    """

    name: str
    scope: str
    module: str
    kind: LineKind
    unit: str
    label: str
    prose: str = ""
    section: str = ""
    function: Function | None = field(default=None, repr=False)
    expression: Expression | None = field(default=None, repr=False)
    parameters: tuple[Ref, ...] = ()

    @property
    def place(self) -> str:
        """Name and source location for messages."""
        return f"line {self.name}, {location(self.function)}" if self.function else f"total {self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The parameter names as written; for a total, the name of what it adds up."""
        return self.expression.names if self.expression else (self.summed.name,)

    @property
    def summed(self) -> Ref:
        """The first thing it reads: for a total, what it adds up."""
        return self.parameters[0]

    @property
    def formula(self) -> str:
        """The formula as written; totals say what they add up."""
        if self.expression:
            return self.expression.text
        return f"sum of {self.summed.name} over each {self.summed.scope or self.summed.graph}"


def opening_name(name: str, over: Over) -> str:
    """The name of the value a line has before month 1: opening_cash, total_debt_opening_balance."""
    total = split_total(name, over)
    return f"total_{total[0]}_{opening_name(total[1], over[total[0]])}" if total else f"opening_{name}"


def is_opening(name: str, over: Over) -> bool:
    """Whether a name is one of a value before month 1."""
    total = split_total(name, over)
    return is_opening(total[1], over[total[0]]) if total else name.startswith("opening_")


def split_total(name: str, over: Iterable[str]) -> Key | None:
    """What total_<block>_<line> is over and the line it adds up, the longest name first; None for other names."""
    for block in sorted(over, key=len, reverse=True):
        if name.startswith(f"total_{block}_"):
            return block, name.removeprefix(f"total_{block}_")
    return None


def functions(module: Namespace) -> list[Function]:
    """The public functions a module or class defines itself, in definition order."""
    return [
        value
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and not name.startswith("_")
        and (isinstance(module, type) or value.__module__ == module.__name__)
    ]


def section_of(function: Function, module: Namespace) -> str:
    """The heading of the last line at or above `function` that ``SECTIONS`` of its module names; "" above the first.

    ``SECTIONS = {"balance": "Balances"}`` says that the section "Balances" begins with the line `balance`.
    """
    names = [item.__name__ for item in functions(module)]
    headings: dict[str, str] = getattr(module, "SECTIONS", {})
    begun = [headings[name] for name in names[: names.index(function.__name__) + 1] if name in headings]
    return begun[-1] if begun else ""


def read_line(function: Function, module: Namespace) -> Line:
    """The line a function describes, its parameters not yet resolved.

    Raises GrammarError for its formula and GraphError for a docstring without a unit.
    """
    head = _HEAD.match(inspect.getdoc(function) or "")
    if not head:
        raise GraphError(
            f"line {function.__name__}, {location(function)}: its docstring does not begin with a label and a unit; "
            'write it like this: """Cash at month end [USD m]. What there is to say about it."""'
        )
    prose = " ".join((head["prose"] or "").split())
    kind: LineKind = "opening" if function.__name__.startswith("opening_") else "line"
    scope, short = getattr(module, "EACH", ""), module.__name__.rpartition(".")[2]
    section = section_of(function, module)
    return Line(
        function.__name__, scope, short, kind, head["unit"], head["label"], prose, section, function, check(function)
    )
