"""Narrows a kernel to one case: what no path changes is worked out once, what nobody asks for not at all.

The kernel's own program is run once, on one path. A line is known in advance when nothing it reads differs by path, or
only on the side of a condition that is never taken. What is known becomes a figure of the month; conditions that hold
always or never disappear; a line stays only where a row asked for reads it, this month or through last month's value.
Every operation that stays is the one the kernel does, so the rows asked for are the same bit for bit.

Figures are data and not code: cases that differ in figures only share one compiled object.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from corpfin.engine import maths
from corpfin.engine.data import Array
from corpfin.engine.grammar import is_condition
from corpfin.engine.graph import Graph
from corpfin.engine.layout import Group, Month, Place, Step, calls, together
from corpfin.engine.parts import Line, Ref
from corpfin.engine.program import Program, Row, Source

Cell = tuple[str, str, str, str, int]
"""Graph, kind, scope and name of a reference, and the instance; tuples, because there are many."""

Flags = NDArray[np.bool_]

_FUNCTIONS = {"exp": maths.exp, "log": maths.log, "norm_cdf": maths.norm_cdf}
_COMPARISONS = {
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal, ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}  # fmt: skip
_ARITHMETIC = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}


@dataclass(frozen=True)
class Case:
    """What a case knows: `figures` [M] of givens and openings, `lines` [M] of every line on one path.

    `first` is what a line was before month 1, `sources` where the paths of a cell come from; `given` are the rows of
    the graph that are not worked out but arrive.
    """

    graph: Graph
    counts: Mapping[str, int]
    months: int
    figures: Mapping[Cell, Array]
    lines: Mapping[Cell, Array]
    first: Mapping[Cell, float]
    sources: Mapping[Cell, Source]
    given: Mapping[Row, Source]


def narrow(case: Case, wanted: Iterable[Row]) -> Program:
    """The program that works out the rows `wanted`, lines of the graph, and as little else as it can."""
    with np.errstate(all="ignore"):
        return _Narrower(case).program(list(wanted))


@dataclass
class _Work:
    """One line of one instance: the cells its names stand for, and its formula as far as it is left."""

    line: Line
    cell: Cell
    cells: dict[str, Cell]
    node: ast.expr | None

    def __post_init__(self) -> None:
        self.read = {*self.cells.values(), *map(_line, self.cells.values())}


class _Narrower:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.varying: set[Cell] = set()
        self.hoisted: dict[Cell, Array] = {}
        self.lagged: dict[Cell, Array] = {}
        self.constants: dict[float, Array] = {}
        graph = case.graph
        lines = [line for line in graph.lines if not graph.adds_members(line)]
        # The lines of one instance follow each other, so that a group finds what it reads in registers.
        runs = [(scope, list(same)) for scope, same in groupby(lines, lambda line: line.scope)]
        self.works = [self.work(line, k) for scope, run in runs for k in range(case.counts[scope]) for line in run]
        found = set(case.sources)
        while found:
            before, found = found, set[Cell]()
            for work in self.works:
                if work.cell in self.varying or (before.isdisjoint(work.read) and found.isdisjoint(work.read)):
                    continue
                if self.varies(work):
                    self.varying.add(work.cell)
                    found.add(work.cell)

    def work(self, line: Line, k: int) -> _Work:
        cell = (self.case.graph.name, "line", line.scope, line.name, k)
        if line.expression is None:
            ref = line.parameters[0]
            cells = {f"term{i}": _cell(ref, i) for i in range(self.case.counts[ref.scope])}
            return _Work(line, cell, cells, None)
        cells = {name: _cell(ref, k) for name, ref in zip(line.names, line.parameters, strict=True)}
        return _Work(line, cell, cells, line.expression.node)

    def varies(self, work: _Work) -> bool:
        if all(self.known(cell) is not None for cell in work.cells.values()):
            return False
        if work.node is None or not _branches(work.line):
            return True
        return isinstance(_Folder(self, work, hoists=False).either(work.node), ast.expr)

    def known(self, cell: Cell) -> Array | None:
        """A cell by month, or None where it differs by path."""
        kind, line = cell[1], _line(cell)
        if line in self.case.lines and kind in ("line", "prior"):
            if line in self.varying:
                return None
            if kind == "line":
                return self.case.lines[line]
            if cell not in self.lagged:
                self.lagged[cell] = np.concatenate([[self.case.first[line]], self.case.lines[line][:-1]])
            return self.lagged[cell]
        return self.hoisted.get(cell, self.case.figures.get(cell))

    def constant(self, value: float) -> Array:
        """A constant by month."""
        if value not in self.constants:
            self.constants[value] = np.full(self.case.months, value)
        return self.constants[value]

    def hoist(self, months: Array) -> Cell:
        """A new figure of the month."""
        cell = ("", "hoisted", "", "", len(self.hoisted))
        self.hoisted[cell] = months
        return cell

    def program(self, wanted: list[Row]) -> Program:
        asked: list[Cell] = [(self.case.graph.name, "line", row.scope, row.name, row.k) for row in wanted]
        by_cell = {work.cell: work for work in self.works}
        live: set[Cell] = set()
        todo = [cell for cell in asked if cell in self.varying]
        while todo:
            cell = todo.pop()
            if cell not in live:
                live.add(cell)
                self.fold(by_cell[cell])
                read = [_line(other) for other in by_cell[cell].cells.values() if other[1] in ("line", "prior")]
                todo += [line for line in read if line in self.varying]
        works = [work for work in self.works if work.cell in live]
        groups = list(together(works, lambda work: work.line))
        known = {row: self.case.lines[cell] for row, cell in zip(wanted, asked, strict=True) if cell not in live}
        return _Assembly(self, groups, [cell for cell in asked if cell in live]).program(known)

    def fold(self, work: _Work) -> None:
        """Leave of a formula what differs by path, and of its cells those that it still reads."""
        if work.node is None:
            work.cells = {name: cell for name, cell in work.cells.items() if not self.is_nothing(cell)}
            return
        folder = _Folder(self, work, hoists=True)
        node = folder.left(folder.either(work.node), work.node)
        if is_condition(work.node) and not is_condition(node):
            node = ast.IfExp(node, ast.Constant(1), ast.Constant(0))
        work.node = node
        work.cells = {name: cell for name, cell in work.cells.items() if name in folder.used}

    def is_nothing(self, cell: Cell) -> bool:
        """Whether a term is zero in every month: a sum that began at 0.0 is never -0.0, so it changes no bit."""
        months = self.known(cell)
        return months is not None and not months.any()


class _Folder:
    """Folds one formula: a part that no path changes gives its months, any other part what is left of it."""

    def __init__(self, narrower: _Narrower, work: _Work, hoists: bool) -> None:
        self.narrower, self.work, self.hoists = narrower, work, hoists
        self.months = narrower.case.months
        self.used: set[str] = set()
        self.constants: Mapping[str, float] = work.line.expression.constants if work.line.expression else {}

    def either(self, node: ast.expr) -> Array | Flags | ast.expr:
        return self.flag(node) if is_condition(node) else self.number(node)

    def number(self, node: ast.expr) -> Array | ast.expr:
        """A number by month [M]."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return self.narrower.constant(float(value))
            case ast.Name(id=name) if name in self.constants:
                return self.narrower.constant(float(self.constants[name]))
            case ast.Name(id=name):
                months = self.narrower.known(self.work.cells[name])
                return months if months is not None else self.left(node, node)
            case ast.UnaryOp(op=operator, operand=operand):
                positive = self.number(operand)
                return ast.UnaryOp(operator, positive) if isinstance(positive, ast.expr) else -positive
            case ast.BinOp(left=left, op=operator, right=right):
                a, b = self.number(left), self.number(right)
                if isinstance(a, ast.expr) or isinstance(b, ast.expr):
                    return ast.BinOp(self.left(a, left), operator, self.left(b, right))
                return _ARITHMETIC[type(operator)](a, b)
            case ast.Call(func=ast.Name(id=name) as function, args=arguments):
                values = [self.number(argument) for argument in arguments]
                known = [value for value in values if not isinstance(value, ast.expr)]
                if len(known) == len(values):
                    return _call(name, known)
                return ast.Call(function, [self.left(*pair) for pair in zip(values, arguments, strict=True)], [])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(test, body, orelse)
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Array | ast.expr:
        holds = self.flag(test)
        if not isinstance(holds, ast.expr) and (holds.all() or not holds.any()):
            return self.number(body if holds.all() else orelse)
        yes, no = self.number(body), self.number(orelse)
        if isinstance(holds, ast.expr) or isinstance(yes, ast.expr) or isinstance(no, ast.expr):
            return ast.IfExp(self.left(holds, test), self.left(yes, body), self.left(no, orelse))
        return np.where(holds, yes, no)

    def flag(self, node: ast.expr) -> Flags | ast.expr:
        """A condition by month [M]."""
        match node:
            case ast.Compare(left=left, ops=[operator] as operators, comparators=[right]):
                a, b = self.number(left), self.number(right)
                if isinstance(a, ast.expr) or isinstance(b, ast.expr):
                    return ast.Compare(self.left(a, left), operators, [self.left(b, right)])
                return _COMPARISONS[type(operator)](a, b)
            case ast.UnaryOp(op=ast.Not() as operator, operand=operand):
                flag = self.flag(operand)
                return ast.UnaryOp(operator, flag) if isinstance(flag, ast.expr) else ~flag
            case ast.BoolOp(op=operator, values=values):
                return self.several(operator, values)
        value = self.number(node)
        return value if isinstance(value, ast.expr) else value != 0.0

    def several(self, operator: ast.boolop, values: list[ast.expr]) -> Flags | ast.expr:
        """`and` or `or`: known where one condition decides it in every month; those that never decide disappear."""
        decides, used = isinstance(operator, ast.Or), set(self.used)
        flags = [self.flag(value) for value in values]
        known = [flag == decides for flag in flags if not isinstance(flag, ast.expr)]
        decided = np.logical_or.reduce(known) if known else np.zeros(self.months, dtype=bool)
        if len(known) == len(flags) or decided.all():
            self.used = used
            return decided if decides else ~decided
        rest = [
            self.left(flag, value)
            for flag, value in zip(flags, values, strict=True)
            if isinstance(flag, ast.expr) or (flag == decides).any()
        ]
        return rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)

    def left(self, found: Array | Flags | ast.expr, node: ast.expr) -> ast.expr:
        """What stands for a part in the formula that is left: constants and names as they are, else a new figure."""
        if isinstance(found, ast.expr):
            node = found
        elif self.hoists and not isinstance(node, ast.Constant | ast.Name):
            cell = self.narrower.hoist(found.astype(np.float64))
            node = ast.Name(f"_known{cell[4]}")
            self.work.cells[node.id] = cell
        if isinstance(node, ast.Name):
            self.used.add(node.id)
        return node


class _Assembly:
    """Gives every cell that is left a place, and puts the program together."""

    def __init__(self, narrower: _Narrower, groups: list[list[_Work]], asked: list[Cell]) -> None:
        self.narrower, self.case, self.groups, self.asked = narrower, narrower.case, groups, asked
        self.written = {work.cell: number for number, works in enumerate(groups) for work in works}
        self.last_read: dict[Cell, int] = {}
        for number, works in enumerate(groups):
            for cell in (cell for work in works for cell in work.cells.values()):
                self.last_read[cell] = number
        self.rows: dict[Cell, int] = {}
        self.free: list[int] = []
        self.height = 0
        self.figures: dict[bytes, int] = {}
        self.columns: list[Array] = []
        self.sources: dict[Source, int] = {}

    def program(self, known: dict[Row, Array]) -> Program:
        lagged = [cell for cell in self.written if _prior(cell) in self.last_read]
        late = [cell for cell in lagged if self.last_read[_prior(cell)] > self.written[cell]]
        for cell in (*lagged, *(_prior(cell) for cell in late), *self.asked):
            self.rows.setdefault(cell, len(self.rows))
        self.height = len(self.rows)
        for cell in lagged:
            self.rows.setdefault(_prior(cell), self.rows[cell])
        lasting = set(self.rows)
        groups = []
        for number, works in enumerate(self.groups):
            groups.append(Group("", "", tuple(self.step(work, number) for work in works)))
            done = [cell for cell in self.rows if self.last_read.get(cell) == number and cell not in lasting]
            self.free += [self.rows.pop(cell) for cell in done]
        month = Month(f"{self.case.graph.name}, narrowed", {}, tuple(groups))
        months = np.array(self.columns).reshape(len(self.columns), self.case.months).T
        return Program(
            month,
            self.height,
            np.ascontiguousarray(months),
            np.zeros(0),
            np.zeros(0, dtype=np.int64),
            tuple(self.sources),
            tuple((self.rows[_prior(cell)], self.case.first[cell]) for cell in lagged),
            tuple((self.rows[_prior(cell)], self.rows[cell]) for cell in late),
            {Row(*cell[2:]): self.rows[cell] for cell in self.asked},
            self.case.given,
            known,
        )

    def step(self, work: _Work, number: int) -> Step:
        reads = tuple(self.place(cell) for cell in work.cells.values())
        cell = work.cell
        kept = cell in self.rows or self.last_read.get(cell, number) > number
        if kept and cell not in self.rows:
            self.rows[cell] = self.free.pop() if self.free else self.height
            self.height = max(self.height, self.rows[cell] + 1)
        # A row that is not kept is told from others by a number that no row has.
        target = Place("rows", "", self.rows[cell] if kept else -1 - self.place_in_group(cell, number))
        constants = work.line.expression.constants if work.line.expression else {}
        return Step(work.line.name, target, work.node, tuple(work.cells), reads, constants, calls(work.line), kept)

    def place_in_group(self, cell: Cell, number: int) -> int:
        return next(i for i, work in enumerate(self.groups[number]) if work.cell == cell)

    def place(self, cell: Cell) -> Place:
        months = self.narrower.known(cell)
        if months is not None:
            number = self.figures.setdefault(months.tobytes(), len(self.figures))
            if number == len(self.columns):
                self.columns.append(months)
            return Place("months", "", number)
        if cell in self.case.sources:
            return Place("sources", "", self.sources.setdefault(self.case.sources[cell], len(self.sources)))
        if cell in self.rows:
            return Place("rows", "", self.rows[cell], lags=cell[1] == "prior")
        return Place("rows", "", -1 - self.place_in_group(cell, self.written[cell]))


def _cell(ref: Ref, k: int) -> Cell:
    return ref.graph, ref.kind, ref.scope, ref.name, k if ref.scope else 0


def _prior(cell: Cell) -> Cell:
    return (cell[0], "prior", *cell[2:])


def _line(cell: Cell) -> Cell:
    return (cell[0], "line", *cell[2:])


def _branches(line: Line) -> bool:
    return any(word in line.formula for word in (" if ", " and ", " or "))


def _call(name: str, values: list[Array]) -> Array:
    if name in _FUNCTIONS:
        return np.array([_FUNCTIONS[name](maths.FLOATS, float(x)) for x in values[0]])
    if name == "abs":
        return np.abs(values[0])
    result = values[0]
    for value in values[1:]:
        result = np.where(value < result if name == "min" else value > result, value, result)
    return result
