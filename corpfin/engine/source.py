"""Writes the kernel of a graph: readable Python source that numba compiles, and the layout of the arrays it works on.

All values that differ by path live in one flat array of rows, each row holding LANES paths side by side. The company's
rows come first, then those of the first block's instances one after the other, then the next block's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from corpfin.engine.grammar import FUNCTIONS, is_condition
from corpfin.engine.graph import Graph
from corpfin.engine.parts import Line, Ref

LANES = 64
FUSED = 6
"""Most lines that share one loop over the lanes: fewer reloads without running out of registers."""
PART = 4
"""Loops to a compiled function: numba's compile time grows faster than the length of a function."""

_HEADER = '''\
"""Kernel of the model {name}, written by corpfin.engine; do not edit.

_v holds the rows of {lanes} paths, _x the figures of each month, _o the figures before month 1, _n the instances.
"""

import math

from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def _lesser(a, b):
    return b if b < a else a


@compiled
def _greater(a, b):
    return b if b > a else a


@compiled
def exp(x):
    return math.exp(x)


@compiled
def log(x):
    return math.log(x)


@compiled
def norm_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


'''

_RUN = '''\


@compiled
def run(v, x, o, n, months, paths, sources, loads, priors, opening, record, recorded, worst, worst_of, final, final_of):
    """All months of all paths, {lanes} paths at a time.

    Each row of loads (row of v, source, row of source, static) brings draws and rows of the graph above into v; each
    row of priors (row of v, row it repeats) starts at opening and then follows one month behind.
    """
    for first in range(0, paths, {lanes}):
        width = min({lanes}, paths - first)
        for i in range(priors.shape[0]):
            v[priors[i, 0] * {lanes} : (priors[i, 0] + 1) * {lanes}] = opening[i]
        for t in range(months):
            for i in range(loads.shape[0]):
                if t == 0 or loads[i, 3] == 0:
                    source = sources[loads[i, 1]][loads[i, 2], t if loads[i, 3] == 0 else 0]
                    at = loads[i, 0] * {lanes}
                    for p in range(width):
                        v[at + p] = source[first + p]
            _month(v, x, o, n, t)
            for i in range(record.shape[0]):
                for p in range(width):
                    recorded[i, t, first + p] = v[record[i] * {lanes} + p]
            for i in range(worst.shape[0]):
                for p in range(width):
                    size = abs(v[worst[i] * {lanes} + p])
                    if size > worst_of[i, first + p] or size != size:
                        worst_of[i, first + p] = size
            for i in range(priors.shape[0]):
                to, at = priors[i, 0] * {lanes}, priors[i, 1] * {lanes}
                for p in range({lanes}):
                    v[to + p] = v[at + p]
        for i in range(final.shape[0]):
            for p in range(width):
                final_of[i, first + p] = v[final[i] * {lanes} + p]
'''


@dataclass
class Area:
    """Where the figures of one scope stand: path rows, month rows and opening figures, numbered as they are met."""

    rows: dict[Ref, int] = field(default_factory=dict)
    months: dict[Ref, int] = field(default_factory=dict)
    openings: dict[Ref, int] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[dict[Ref, int], dict[Ref, int], dict[Ref, int]]:
        """Rows, months and openings, the order in which the kernel counts them."""
        return self.rows, self.months, self.openings


class Layout:
    """The areas of a graph, company first, and where each reference of a line is found.

    `arrivals` are the rows that come from other graphs, path by path: own row and the row of the other graph, of which
    a prior is one month late. A graph that comes later in the month sends last month's row, one that comes before this
    month's. Totals over members arrive added up.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.areas: dict[str, Area] = {scope: Area() for scope in ("", *graph.blocks)}
        for line in graph.lines:
            self.place(Ref(graph.name, "line", line.scope, line.name))
        for given in graph.draws:
            self.place(Ref(graph.name, "given", given.scope, given.name))
        for line in self.lines:
            for ref in line.parameters:
                self.place(ref)
        sums = [(Ref(graph.name, "line", "", x.name), x.summed) for x in graph.lines if graph.adds_members(x)]
        sent = [(ref, ref) for ref in self.areas[""].rows if ref.graph != graph.name and not self.is_kept(ref)]
        self.arrivals: tuple[tuple[Ref, Ref], ...] = (*sums, *sent)

    @property
    def lines(self) -> list[Line]:
        """The lines and totals that the kernel works out, in order."""
        return [line for line in self.graph.lines if not self.graph.adds_members(line)]

    def is_kept(self, ref: Ref) -> bool:
        """Whether a reference is to the last month of a row that stands here too, so that it only needs keeping."""
        return ref.kind == "prior" and (ref.graph == self.graph.name or not self.graph.is_before(ref.graph))

    def table(self, ref: Ref) -> dict[Ref, int]:
        """The part of an area that a reference belongs to."""
        area = self.areas[ref.scope]
        if ref.kind == "opening":
            return area.openings
        return area.months if self.is_monthly(ref) else area.rows

    def is_monthly(self, ref: Ref) -> bool:
        """Whether a reference is to an input or series, the same on all paths."""
        given = self.graph.home(ref).given_by_key.get((ref.scope, ref.name))
        return ref.kind == "given" and given is not None and given.kind in ("input", "series")

    def place(self, ref: Ref) -> int:
        table = self.table(ref)
        if ref.graph != self.graph.name and self.is_kept(ref):
            self.place(replace(ref, kind="line"))
        return table.setdefault(ref, len(table))


def write(layout: Layout) -> str:
    """The Python source of the kernel: `_month` does one month of LANES paths, `run` all months of all paths."""
    graph = layout.graph
    loops = [
        loop
        for (module, scope, total), lines in groupby(layout.lines, lambda x: (x.module, x.scope, x.kind == "total"))
        for loop in (_totals(layout, lines) if total else _lines(layout, module, scope, lines))
    ]
    parts = ["".join(loops[i : i + PART]) for i in range(0, len(loops), PART)]
    starts = "".join(f"    {start}\n" for start in _starts(layout))
    calls = "".join(f"    _part_{i}(_v, _x, _o, _n, _t)\n" for i in range(len(parts)))
    return "".join(
        [
            _HEADER.format(name=graph.name, lanes=LANES),
            *(f"@compiled\ndef _part_{i}(_v, _x, _o, _n, _t):\n{starts}{part}\n\n" for i, part in enumerate(parts)),
            f'@compiled\ndef _month(_v, _x, _o, _n, _t):\n    """One month of {graph.name}."""\n{calls}',
            _RUN.format(lanes=LANES),
        ]
    )


def _starts(layout: Layout) -> Iterator[str]:
    """Where the figures of each block's first instance begin: its rows, months and openings."""
    begin = [str(len(table)) for table in layout.areas[""].tables]
    for i, block in enumerate(layout.graph.blocks):
        names = [f"_rows_{block}", f"_months_{block}", f"_openings_{block}"]
        yield f"{', '.join(names)} = {', '.join(begin)}"
        begin = [f"{name} + _n[{i}] * {len(t)}" for name, t in zip(names, layout.areas[block].tables, strict=True)]


def _each(layout: Layout, block: str) -> str:
    """The loop over a block's instances, and the slice of rows that belongs to one of them."""
    size = len(layout.areas[block].rows)
    return (
        f"    for _k in range(_n[{layout.graph.blocks.index(block)}]):\n"
        f"        _row = _rows_{block} + _k * {size}\n"
        f"        _own = _v[_row * {LANES} : (_row + {size}) * {LANES}]\n"
    )


def _totals(layout: Layout, lines: Iterable[Line]) -> Iterator[str]:
    """One sum over the instances of a block for each total."""
    for line in lines:
        ref = line.parameters[0]
        target, _ = _where(layout, Ref(layout.graph.name, "line", "", line.name))
        source, _ = _where(layout, ref)
        yield (
            f"    # {line.name}: {line.formula}\n"
            f"    for _p in range({LANES}):\n"
            f"        {target} = 0.0\n"
            f"{_each(layout, ref.scope)}"
            f"        for _p in range({LANES}):\n"
            f"            {target} += {source}\n"
        )


def _where(layout: Layout, ref: Ref) -> tuple[str, bool]:
    """The text that reads a reference, and whether it differs by path."""
    number, block = layout.place(ref), ref.scope
    if ref.kind == "opening":
        size = len(layout.areas[block].openings)
        return f"_o[_openings_{block} + _k * {size} + {number}]" if block else f"_o[{number}]", False
    if layout.is_monthly(ref):
        size = len(layout.areas[block].months)
        return f"_x[_months_{block} + _k * {size} + {number}, _t]" if block else f"_x[{number}, _t]", False
    return f"{'_own' if block else '_v'}[{number * LANES} + _p]", True


def _lines(layout: Layout, module: str, scope: str, lines: Iterable[Line]) -> Iterator[str]:
    """Loops over the lanes, each for a few consecutive lines of one scope."""
    indent = "        " if scope else "    "
    for group in _fused(lines):
        known: set[str] = set()
        scalars: list[str] = []
        body: list[str] = []
        for line in group:
            for name, ref in zip(line.names, line.parameters, strict=True):
                if name not in known:
                    known.add(name)
                    source, is_row = _where(layout, ref)
                    (body if is_row else scalars).append(f"{name} = {source}")
            known.add(line.name)
            target, _ = _where(layout, Ref(layout.graph.name, "line", scope, line.name))
            body += [f"{line.name} = {formula(line)}", f"{target} = {line.name}"]
        yield "".join(
            [
                f"    # {module}\n{_each(layout, scope) if scope else ''}",
                *(f"{indent}{text}\n" for text in scalars),
                f"{indent}for _p in range({LANES}):\n",
                *(f"{indent}    {text}\n" for text in body),
            ]
        )


def _fused(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Runs of lines for one loop; a line that calls exp, log or norm_cdf stands alone, for it cannot be vectorised."""
    group: list[Line] = []
    for line in lines:
        alone = line.expression is not None and any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
            for node in ast.walk(line.expression.node)
        )
        if group and (alone or len(group) == FUSED):
            yield group
            group = []
        group.append(line)
        if alone:
            yield group
            group = []
    if group:
        yield group


def formula(line: Line) -> str:
    """The formula of a line for numba: constants as numbers, flags as 1.0 or 0.0, min and max ordered as Python's."""
    if line.expression is None:
        return line.formula
    text = ast.unparse(_Formula(line.expression.constants).visit(_copy(line.expression.node)))
    return f"1.0 if {text} else 0.0" if is_condition(line.expression.node) else text


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


class _Formula(ast.NodeTransformer):
    def __init__(self, constants: Mapping[str, float]) -> None:
        self.constants = constants

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(node.value))  # type: ignore[arg-type]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(float(self.constants[node.id])) if node.id in self.constants else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        function = node.func
        if isinstance(function, ast.Name) and function.id in ("min", "max"):
            pick = ast.Name("_lesser" if function.id == "min" else "_greater")
            result: ast.expr = arguments[0]
            for argument in arguments[1:]:
                result = ast.Call(pick, [result, argument], [])
            return result
        return ast.Call(function, arguments, [])
