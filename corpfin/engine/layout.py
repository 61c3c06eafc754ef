"""Where the figures of a graph stand, and what is worked out in which order: the month that `vector` compiles.

Four tables hold everything. Rows differ by path and are written in the month: lines, and last month's values. Sources
differ by path and are only read: draws, and rows of other graphs. Months and openings are the same on all paths.
In each table the company's figures come first, then those of the first block's instances one after the other, then
the next block's.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal, TypeVar

from corpfin.engine.grammar import FUNCTIONS
from corpfin.engine.graph import Graph
from corpfin.engine.parts import Given, Line, Ref, RefKind

T = TypeVar("T")

TOGETHER = 24
"""Most lines of a group: as many as share their figures in registers before these run out."""

CALLING = 12
"""How many lines one counts for that calls exp, log or norm_cdf, each of which needs registers of its own."""

TOTALS = 8
"""Most totals of a group: each keeps a register while the instances pass by."""

Table = Literal["rows", "sources", "months", "openings"]
TABLES: tuple[Table, ...] = ("rows", "sources", "months", "openings")


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the table, the block whose instance is meant ("" for the company), its number there.

    `lags` says that last month's value is meant, which stands in the row until this month's is stored.
    """

    table: Table
    scope: str
    number: int
    lags: bool = False


@dataclass(frozen=True)
class Step:
    """One row worked out: the formula `node` over `names`, which stand in `reads`; a total adds up `reads`."""

    name: str
    target: Place
    node: ast.expr | None
    names: tuple[str, ...]
    reads: tuple[Place, ...]
    constants: Mapping[str, float]
    calls: bool = False
    """Whether the formula calls exp, log or norm_cdf."""
    is_kept: bool = True
    """Whether the row is written to memory; if not, only its own group reads it."""

    @property
    def over(self) -> str:
        """The block whose instances a total adds up one by one; "" for all else."""
        return self.reads[0].scope if self.node is None and self.reads else ""

    @property
    def text(self) -> str:
        """The formula for people."""
        return ast.unparse(self.node) if self.node else f"sum of {', '.join(self.names)}"


@dataclass(frozen=True)
class Group:
    """Steps worked out together: once, or once for each instance of `scope`; or totals `over` the instances."""

    scope: str
    over: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Month:
    """Everything one month takes: `sizes[scope]` is how many rows, sources, months and openings an instance has."""

    name: str
    sizes: dict[str, tuple[int, int, int, int]]
    groups: tuple[Group, ...]

    def listing(self) -> str:
        """The month for people: every formula in order, by group, with the row it is kept in."""
        text = [f"{self.name}: one month"]
        for number, group in enumerate(self.groups):
            each = (
                f", for each {group.scope}" if group.scope else f", adding up each {group.over}" if group.over else ""
            )
            text.append(f"\ngroup {number}{each}")
            for step in group.steps:
                kept = f"row {step.target.number}" if step.is_kept else "not kept"
                text.append(f"    {step.name} = {step.text}  # {kept}")
        return "\n".join(text) + "\n"


@dataclass
class Area:
    """The figures of one scope, numbered as they are met."""

    rows: dict[Ref, int] = field(default_factory=dict)
    sources: dict[Ref, int] = field(default_factory=dict)
    months: dict[Ref, int] = field(default_factory=dict)
    openings: dict[Ref, int] = field(default_factory=dict)

    def table(self, name: Table) -> dict[Ref, int]:
        """One of the four by name."""
        found: dict[Ref, int] = getattr(self, name)
        return found


class Layout:
    """The areas of a graph, company first, and where each reference of a line is found."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.areas: dict[str, Area] = {scope: Area() for scope in ("", *graph.blocks)}
        lines = [line for line in graph.lines if not graph.adds_members(line)]
        self.added = {self.own("line", line): line.summed for line in graph.lines if graph.adds_members(line)}
        self.groups = list(_grouped(lines))
        self.late = self.read_late()
        for line in graph.lines:
            self.place(self.own("line", line))
        for given in graph.draws:
            self.place(self.own("given", given))
        for line in lines:
            for ref in line.parameters:
                self.place(ref)

    def own(self, kind: RefKind, item: Line | Given) -> Ref:
        """The reference to a line or given of this graph."""
        return Ref(self.graph.name, kind, item.scope, item.name)

    def read_late(self) -> set[Ref]:
        """The lines whose last month is read after this month's is written; others share one row for both."""
        written = {self.own("prior", line): number for number, lines in enumerate(self.groups) for line in lines}
        return {
            ref
            for number, lines in enumerate(self.groups)
            for line in lines
            for ref in line.parameters
            if written.get(ref, number) < number
        }

    def place(self, ref: Ref) -> Place:
        """Where a reference is read, numbered when first met."""
        table = self.table(ref)
        if table == "rows" and ref.kind == "prior" and ref not in self.late:
            return replace(self.place(ref._replace(kind="line")), lags=True)
        numbers = self.areas[ref.scope].table(table)
        return Place(table, ref.scope, numbers.setdefault(ref, len(numbers)))

    def table(self, ref: Ref) -> Table:
        """The table a reference belongs to."""
        if ref.kind == "opening":
            return "openings"
        if ref.kind == "given":
            fixed = self.graph.home(ref).given_by_key[ref.scope, ref.name].kind in ("input", "series")
            return "months" if fixed else "sources"
        return "rows" if ref.graph == self.graph.name and ref._replace(kind="line") not in self.added else "sources"

    def sent(self, ref: Ref) -> Ref | None:
        """The row of another graph that arrives for a source, as this month's; None for a draw of this graph."""
        row = ref._replace(kind="line") if ref.kind == "prior" else ref
        return self.added.get(row, row if ref.graph != self.graph.name else None)

    def month(self) -> Month:
        """The month of the whole graph, for any company; every row is kept."""
        sizes = {scope: _sizes(area) for scope, area in self.areas.items()}
        groups = (self.group(lines) for lines in self.groups)
        return Month(self.graph.name, sizes, tuple(groups))

    def group(self, lines: Sequence[Line]) -> Group:
        steps = tuple(self.step(line) for line in lines)
        return Group(lines[0].scope, steps[0].over, steps)

    def step(self, line: Line) -> Step:
        expression = line.expression
        return Step(
            line.name,
            self.place(self.own("line", line)),
            expression.node if expression else None,
            line.names,
            tuple(self.place(ref) for ref in line.parameters),
            expression.constants if expression else {},
            calls(line),
        )


def calls(line: Line) -> bool:
    """Whether the formula of a line calls exp, log or norm_cdf."""
    return line.expression is not None and any(f"{name}(" in line.expression.text for name in FUNCTIONS)


def _sizes(area: Area) -> tuple[int, int, int, int]:
    return len(area.rows), len(area.sources), len(area.months), len(area.openings)


def together(lines: Iterable[T], line_of: Callable[[T], Line]) -> Iterator[list[T]]:
    """Consecutive lines in groups of bounded length."""
    found: list[T] = []
    taken = 0
    for item in lines:
        counts = CALLING if calls(line_of(item)) else 1
        if found and taken + counts > TOGETHER:
            yield found
            found, taken = [], 0
        found.append(item)
        taken += counts
    if found:
        yield found


def _grouped(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Consecutive lines of one scope, and consecutive totals over one block, in groups of bounded length."""
    for (_, over), same in groupby(lines, lambda x: (x.scope, x.summed.scope if x.kind == "total" else "")):
        found = list(same)
        if over:
            yield from (found[i : i + TOTALS] for i in range(0, len(found), TOTALS))
        else:
            yield from together(found, lambda line: line)
