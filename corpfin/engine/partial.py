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

import numpy as np
from numpy.typing import NDArray

from corpfin.engine import maths
from corpfin.engine.data import Array
from corpfin.engine.grammar import is_condition
from corpfin.engine.graph import Graph
from corpfin.engine.layout import TOGETHER, Group, Month, Place, Step
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


class _Narrower:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.varying: set[Cell] = set()
        self.hoisted: dict[Cell, Array] = {}
        graph = case.graph
        lines = [line for line in graph.lines if not graph.adds_members(line)]
        self.works = [self.work(line, k) for line in lines for k in range(case.counts[line.scope])]
        while True:
            before = len(self.varying)
            self.varying.update(work.cell for work in self.works if work.cell not in self.varying and self.varies(work))
            if len(self.varying) == before:
                break

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
        return work.node is None or not _branches(work.node) or _Reader(self, work).either(work.node) is None

    def known(self, cell: Cell) -> Array | None:
        """A cell by month, or None where it differs by path."""
        kind, line = cell[1], _line(cell)
        if line in self.case.lines and kind in ("line", "prior"):
            if line in self.varying:
                return None
            months = self.case.lines[line]
            return months if kind == "line" else np.concatenate([[self.case.first[line]], months[:-1]])
        return self.hoisted.get(cell, self.case.figures.get(cell))

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
        groups = [works[i : i + TOGETHER] for i in range(0, len(works), TOGETHER)]
        known = {row: self.case.lines[cell] for row, cell in zip(wanted, asked, strict=True) if cell not in live}
        return _Assembly(self, groups, {cell for cell in asked if cell in live}).program(known)

    def fold(self, work: _Work) -> None:
        """Leave of a formula what differs by path, and of its cells those that it still reads."""
        if work.node is None:
            work.cells = {name: cell for name, cell in work.cells.items() if not self.is_nothing(cell)}
            return
        reader = _Reader(self, work)
        if is_condition(work.node):
            flag = reader.fold_flag(work.node)
            work.node = flag if is_condition(flag) else ast.IfExp(flag, ast.Constant(1), ast.Constant(0))
        else:
            work.node = reader.fold(work.node)
        used = {node.id for node in ast.walk(work.node) if isinstance(node, ast.Name)}
        work.cells = {name: cell for name, cell in work.cells.items() if name in used}

    def is_nothing(self, cell: Cell) -> bool:
        """Whether a term is zero in every month: a sum that began at 0.0 is never -0.0, so it changes no bit."""
        months = self.known(cell)
        return months is not None and not months.any()


class _Reader:
    """Evaluates parts of one formula by month, None where they differ by path, and folds those that do not."""

    def __init__(self, narrower: _Narrower, work: _Work) -> None:
        self.narrower, self.work = narrower, work
        self.months = narrower.case.months
        self.constants: Mapping[str, float] = work.line.expression.constants if work.line.expression else {}

    def either(self, node: ast.expr) -> Array | Flags | None:
        return self.flag(node) if is_condition(node) else self.number(node)

    def number(self, node: ast.expr) -> Array | None:
        """A number by month [M]."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return np.full(self.months, float(value))
            case ast.Name(id=name) if name in self.constants:
                return np.full(self.months, float(self.constants[name]))
            case ast.Name(id=name):
                return self.narrower.known(self.work.cells[name])
            case ast.UnaryOp(operand=operand):
                positive = self.number(operand)
                return None if positive is None else -positive
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(self.flag(test), body, orelse)
            case ast.BinOp(left=left, op=operator, right=right):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else _ARITHMETIC[type(operator)](a, b)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                values = [self.number(argument) for argument in arguments]
                return None if any(value is None for value in values) else _call(name, values)  # type: ignore[arg-type]
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def choice(self, test: Flags | None, body: ast.expr, orelse: ast.expr) -> Array | None:
        if test is None:
            return None
        yes = self.number(body) if test.any() else np.zeros(self.months)
        no = self.number(orelse) if not test.all() else np.zeros(self.months)
        return None if yes is None or no is None else np.where(test, yes, no)

    def flag(self, node: ast.expr) -> Flags | None:
        """A condition by month [M]."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else _COMPARISONS[type(operator)](a, b)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                flag = self.flag(operand)
                return None if flag is None else ~flag
            case ast.BoolOp(op=operator, values=values):
                ends = isinstance(operator, ast.Or)
                flags = [self.flag(value) for value in values]
                known = [flag for flag in flags if flag is not None]
                found = np.logical_or.reduce([flag == ends for flag in known]) if known else np.zeros(self.months, bool)
                if len(known) < len(flags) and not found.all():
                    return None
                return found if ends else ~found
        value = self.number(node)
        return None if value is None else value != 0.0

    def fold(self, node: ast.expr) -> ast.expr:
        """A number, with everything known in it a figure of the month."""
        if isinstance(node, ast.Constant | ast.Name):
            return node
        if (months := self.number(node)) is not None:
            return self.figure(months)
        match node:
            case ast.UnaryOp(op=operator, operand=operand):
                return ast.UnaryOp(operator, self.fold(operand))
            case ast.BinOp(left=left, op=operator, right=right):
                return ast.BinOp(self.fold(left), operator, self.fold(right))
            case ast.Call(func=function, args=arguments):
                return ast.Call(function, [self.fold(argument) for argument in arguments], [])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                holds = self.flag(test)
                if holds is not None and (holds.all() or not holds.any()):
                    return self.fold(body if holds.all() else orelse)
                return ast.IfExp(self.fold_flag(test), self.fold(body), self.fold(orelse))
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def fold_flag(self, node: ast.expr) -> ast.expr:
        """A condition that is not the same in all months of all paths."""
        flag = self.flag(node)
        if flag is not None:
            return self.figure(flag.astype(np.float64))
        match node:
            case ast.Compare(left=left, ops=operators, comparators=[right]):
                return ast.Compare(self.fold(left), operators, [self.fold(right)])
            case ast.UnaryOp(op=operator, operand=operand):
                return ast.UnaryOp(operator, self.fold_flag(operand))
            case ast.BoolOp(op=operator, values=values):
                flags = [self.flag(value) for value in values]
                idle = isinstance(operator, ast.And)
                rest = [
                    self.fold_flag(value)
                    for value, holds in zip(values, flags, strict=True)
                    if holds is None or not (holds == idle).all()
                ]
                return rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        return node

    def figure(self, months: Array) -> ast.expr:
        cell = self.narrower.hoist(months)
        name = f"_known{cell[4]}"
        self.work.cells[name] = cell
        return ast.Name(name)


class _Assembly:
    """Gives every cell that is left a place, and puts the program together."""

    def __init__(self, narrower: _Narrower, groups: list[list[_Work]], asked: set[Cell]) -> None:
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
        return Step(work.line.name, target, work.node, tuple(work.cells), reads, constants, kept)

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


def _branches(node: ast.expr) -> bool:
    return any(isinstance(part, ast.IfExp | ast.BoolOp) for part in ast.walk(node))


def _call(name: str, values: list[Array]) -> Array:
    if name in _FUNCTIONS:
        return np.array([_FUNCTIONS[name](maths.FLOATS, float(x)) for x in values[0]])
    if name == "abs":
        return np.abs(values[0])
    result = values[0]
    for value in values[1:]:
        result = np.where(value < result if name == "min" else value > result, value, result)
    return result
