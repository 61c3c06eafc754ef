"""What of the model applies to a company: rows that can only be nothing are not in its book.

A term note cannot convert, a company without projects earns no rent. What an instrument is (its ``kind``) is not typed
over in a book, and fields that only other kinds have are as left out: with these every formula is folded, until nothing
changes any more. A row whose figure is 0, 1 or never, whatever the inputs, is left out, and formulas that read it are
written without it. What remains is worked out by the same operations as before, so the book equals the engine.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from corpfin.engine import Constant, Graph, Line
from corpfin.engine.grammar import FUNCTIONS, is_condition
from corpfin.lines.constants import NEVER_MONTH
from corpfin.workbook.book import MONTHS, ONE, OPENS, Datum


class Sign(Enum):
    """What is known of a figure that the inputs change."""

    POSITIVE = "above 0"
    NOT_NEGATIVE = "0 or above"
    NOT_POSITIVE = "0 or below"


Fact = float | Sign | None
"""What a figure is worth whatever the inputs, or its sign; None where nothing is known."""

Found = tuple[Fact, ast.expr]
"""What is known of a part of a formula, and what is left of it."""

NEVER = "NEVER_MONTH"
PLAIN: Mapping[Fact, ast.expr] = {
    0.0: ast.Constant(0),
    1.0: ast.Constant(1),
    float(NEVER_MONTH): ast.Name(NEVER),
}
"""What a formula may hold in place of a cell."""

_COMPARE: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_FUNCTIONS: Mapping[str, Callable[..., float]] = {**FUNCTIONS, "min": min, "max": max, "abs": abs}


def not_negative(fact: Fact) -> bool:
    """Whether a figure is never below 0."""
    return fact in (Sign.NOT_NEGATIVE, Sign.POSITIVE) or (isinstance(fact, float) and fact >= 0.0)


def not_positive(fact: Fact) -> bool:
    """Whether a figure is never above 0."""
    return fact is Sign.NOT_POSITIVE or (isinstance(fact, float) and fact <= 0.0)


def either_of(one: Fact, other: Fact) -> Fact:
    """What is known of a figure that is one or the other."""
    if one == other:
        return one
    if not_negative(one) and not_negative(other):
        return Sign.NOT_NEGATIVE
    return Sign.NOT_POSITIVE if not_positive(one) and not_positive(other) else None


@dataclass(frozen=True)
class Reduced:
    """What is left of a line: what is known of it, the formula, and the names and constants that this still reads."""

    fact: Fact
    node: ast.expr
    names: tuple[str, ...] = ()
    constants: Mapping[str, Constant] = field(default_factory=dict)


def reduce(line: Line, facts: Sequence[Fact]) -> Reduced:
    """What is left of a line, given what is known of its parameters (of a total: of each of its terms)."""
    if line.expression is None:
        known: Fact = 0.0
        terms = [(str(k), fact) for k, fact in enumerate(facts) if fact != 0.0]
        for _, fact in terms:
            known = _sum(known, fact)
        parts = [PLAIN[fact] if fact in PLAIN else ast.Name(name) for name, fact in terms]
        return Reduced(known, ast.Tuple(parts), tuple(name for name, fact in terms if fact not in PLAIN))
    expression = line.expression
    fact, node = _Folder(dict(zip(line.names, facts, strict=True)), expression.constants).either(expression.node)
    if expression.is_flag and not isinstance(fact, float) and not is_condition(node):
        node = ast.IfExp(node, ast.Constant(1), ast.Constant(0))
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    constants = {name: each for name, each in {**expression.constants, NEVER: NEVER_MONTH}.items() if name in used}
    return Reduced(fact, node, tuple(name for name in line.names if name in used), constants)


class _Folder:
    """Folds one formula; a flag is worth 1 or 0."""

    def __init__(self, facts: Mapping[str, Fact], constants: Mapping[str, Constant]) -> None:
        self.facts, self.constants = facts, constants

    def either(self, node: ast.expr) -> Found:
        return self.flag(node) if is_condition(node) else self.number(node)

    def number(self, node: ast.expr) -> Found:
        match node:
            case ast.Constant(value=int() | float() as value):
                return float(value), node
            case ast.Name(id=name):
                return _known(float(self.constants[name]) if name in self.constants else self.facts[name], node)
            case ast.UnaryOp(op=sign, operand=operand):
                fact, part = self.number(operand)
                return _known(_difference(0.0, fact), ast.UnaryOp(sign, part))
            case ast.BinOp(left=left, op=sign, right=right):
                return _arithmetic(sign, self.number(left), self.number(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(test, body, orelse)
            case ast.Call(func=ast.Name() as function, args=arguments):
                return _call(function, [self.number(argument) for argument in arguments])
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Found:
        holds, condition = self.flag(test)
        if isinstance(holds, float):
            return self.number(body if holds else orelse)
        yes, no = self.number(body), self.number(orelse)
        if isinstance(yes[0], float) and yes[0] == no[0]:
            return yes
        return either_of(yes[0], no[0]), ast.IfExp(condition, yes[1], no[1])

    def flag(self, node: ast.expr) -> Found:
        match node:
            case ast.Compare(left=left, ops=[sign] as signs, comparators=[right]):
                (a, one), (b, other) = self.number(left), self.number(right)
                return _known(_comparison(sign, a, b), ast.Compare(one, signs, [other]))
            case ast.UnaryOp(op=ast.Not() as sign, operand=operand):
                fact, part = self.flag(operand)
                return _known(float(not fact) if isinstance(fact, float) else Sign.NOT_NEGATIVE,
                              ast.UnaryOp(sign, part))  # fmt: skip
            case ast.BoolOp(op=sign, values=values):
                decides = float(isinstance(sign, ast.Or))
                parts = [self.flag(value) for value in values]
                if any(fact == decides for fact, _ in parts):
                    return _known(decides, node)
                rest = [part for fact, part in parts if not isinstance(fact, float)]
                if not rest:
                    return _known(1 - decides, node)
                return Sign.NOT_NEGATIVE, rest[0] if len(rest) == 1 else ast.BoolOp(sign, rest)
        fact, part = self.number(node)
        return _known(float(fact != 0.0) if isinstance(fact, float) else Sign.NOT_NEGATIVE, part)


def _known(fact: Fact, node: ast.expr) -> Found:
    return fact, PLAIN.get(fact, node)


def _comparison(sign: ast.cmpop, a: Fact, b: Fact) -> Fact:
    if isinstance(a, float) and isinstance(b, float):
        return float(_COMPARE[type(sign)](a, b))
    match sign:
        case ast.Eq() | ast.NotEq() if {a, b} == {Sign.POSITIVE, 0.0}:
            return float(isinstance(sign, ast.NotEq))
        case ast.Gt() if a is Sign.POSITIVE and b == 0.0:
            return 1.0
        case ast.Lt() if (not_negative(a) and b == 0.0) or (not_positive(b) and a == 0.0):
            return 0.0
        case ast.Gt() if (not_positive(a) and b == 0.0) or (not_negative(b) and a == 0.0):
            return 0.0
        case ast.Gt() if not_positive(a) and isinstance(b, float) and b > 0.0:
            return 0.0
        case ast.GtE() if (not_negative(a) and b == 0.0) or (not_positive(b) and a == 0.0):
            return 1.0
        case ast.LtE() if (not_positive(a) and b == 0.0) or (not_negative(b) and a == 0.0):
            return 1.0
    return Sign.NOT_NEGATIVE


def _sum(a: Fact, b: Fact) -> Fact:
    if isinstance(a, float) and isinstance(b, float):
        return a + b
    return (
        Sign.NOT_NEGATIVE
        if not_negative(a) and not_negative(b)
        else (Sign.NOT_POSITIVE if not_positive(a) and not_positive(b) else None)
    )


def _difference(a: Fact, b: Fact) -> Fact:
    if isinstance(a, float) and isinstance(b, float):
        return a - b
    return (
        Sign.NOT_NEGATIVE
        if not_negative(a) and not_positive(b)
        else (Sign.NOT_POSITIVE if not_positive(a) and not_negative(b) else None)
    )


def _product(a: Fact, b: Fact) -> Fact:
    one, other = not_negative(a), not_negative(b)
    if (one or not_positive(a)) and (other or not_positive(b)):
        return Sign.NOT_NEGATIVE if one is other else Sign.NOT_POSITIVE
    return None


def _arithmetic(sign: ast.operator, left: Found, right: Found) -> Found:
    (a, one), (b, other) = left, right
    whole = ast.BinOp(one, sign, other)
    if isinstance(a, float) and isinstance(b, float) and (b or not isinstance(sign, ast.Div)):
        return _known(float(_ARITHMETIC[type(sign)](a, b)), whole)
    match sign:
        case ast.Add():
            return right if a == 0.0 else left if b == 0.0 else (_sum(a, b), whole)
        case ast.Sub():
            return left if b == 0.0 else (_difference(a, b), whole)
        case ast.Mult():
            if a == 0.0 or b == 0.0:
                return _known(0.0, whole)
            return right if a == 1.0 else left if b == 1.0 else (_product(a, b), whole)
        case _:
            return left if a == 0.0 or b == 1.0 else (_product(a, b), whole)


def _call(function: ast.Name, parts: list[Found]) -> Found:
    facts = [fact for fact, _ in parts]
    whole = ast.Call(function, [part for _, part in parts], [])
    values = [fact for fact in facts if isinstance(fact, float)]
    if len(values) == len(facts):
        try:
            return _known(float(_FUNCTIONS[function.id](*values)), whole)
        except (OverflowError, ValueError):
            return None, whole  # on a branch that is never taken
    match function.id:
        case "min" if 0.0 in values and all(map(not_negative, facts)):
            return _known(0.0, whole)
        case "max" if 0.0 in values and all(map(not_positive, facts)):
            return _known(0.0, whole)
        case "min" if all(map(not_negative, facts)):
            return Sign.NOT_NEGATIVE, whole
        case "min" if any(map(not_positive, facts)):
            return Sign.NOT_POSITIVE, whole
        case "max" if any(map(not_negative, facts)):
            return Sign.NOT_NEGATIVE, whole
        case "abs" | "exp" | "norm_cdf":
            return Sign.NOT_NEGATIVE, whole
    return None, whole


Read = tuple[Datum, int]
"""A figure, and 1 where it is last month's."""


class Facts:
    """What is known of every figure, found by folding the lines until nothing changes any more.

    ``parameters`` gives the figures a line names, ``opening`` the one a line starts from (None where it has none) and
    ``fixed`` what an input is worth where no reader of the book can change it.
    """

    def __init__(
        self,
        graphs: Mapping[str, Graph],
        count: Callable[[Graph, str], int],
        parameters: Callable[[Graph, Line, int], Iterable[Read]],
        opening: Callable[[Graph, Line, int], Datum | None],
        fixed: Callable[[Datum], Fact],
    ) -> None:
        self.fixed, self.opening = fixed, opening
        self.values: dict[Datum, Fact] = {}
        self.reduced: dict[Datum, Reduced] = {}
        self.starts: dict[Datum, Datum] = {}
        self.works: list[_Work] = []
        for graph in graphs.values():
            for line in (*graph.openings, *graph.lines):
                for k in range(count(graph, line.scope)):
                    self.works.append(self.work(graph, line, k, tuple(parameters(graph, line, k))))
        self.settle()

    def work(self, graph: Graph, line: Line, k: int, reads: tuple[Read, ...]) -> _Work:
        datum = Datum(graph.name, OPENS if line.kind == "opening" else MONTHS, line.scope, k, line.name)
        if line.kind != "opening" and (start := self.opening(graph, line, k)) is not None:
            self.starts[datum] = start
        return _Work(line, datum, reads)

    def settle(self) -> None:
        """Fold everything, then again what reads a figure that is no longer known, until none is."""
        changed: set[Read] | None = None
        folded: dict[tuple[int, tuple[Fact, ...]], Reduced] = {}
        while changed is None or changed:
            before, changed = changed, set()
            for work in self.works:
                if before is not None and before.isdisjoint(work.reads) and changed.isdisjoint(work.reads):
                    continue
                datum, lagged = work.datum, (work.datum, 1)
                last, first = self.fact(lagged), datum not in self.values
                facts = tuple(self.fact(read) for read in work.reads)
                key = (id(work.line), facts)
                if key not in folded:
                    folded[key] = reduce(work.line, facts)
                found = self.reduced[datum] = folded[key]
                if not first and self.values[datum] != found.fact:
                    changed.add((datum, 0))
                self.values[datum] = found.fact
                if self.fact(lagged) != last:
                    changed.add(lagged)

    def fact(self, read: Read) -> Fact:
        """What a figure is worth whatever the inputs; None where they matter."""
        datum, lag = read
        if datum.shape == ONE or (datum not in self.values and not lag):
            return self.fixed(datum)
        if not lag:
            return self.values[datum]
        start = self.starts.get(datum)
        first = None if start is None else self.fact((start, 0))
        return either_of(first, self.values[datum]) if datum in self.values else first

    def plain(self, datum: Datum) -> bool:
        """Whether formulas are written without a figure: it is 0, 1 or never, in every month and before the first."""
        value = self.fact((datum, 0))
        start = self.starts.get(datum)
        return value in PLAIN and (start is None or self.fact((start, 0)) == value)

    def plain_text(self, datum: Datum) -> str:
        """What a formula holds in place of a figure that has no row."""
        return ast.unparse(PLAIN[self.fact((datum, 0))])

    def reads(self, datum: Datum) -> Iterator[tuple[str, Read]]:
        """What the formula of a line still reads, by parameter; the members of a total by their number."""
        work = self._by_datum[datum]
        found = self.reduced[datum]
        if work.line.function is None:
            yield from ((str(i), read) for i, read in enumerate(work.reads) if str(i) in found.names)
        else:
            named = dict(zip(work.line.names, work.reads, strict=True))
            yield from ((name, named[name]) for name in found.names)

    @cached_property
    def _by_datum(self) -> dict[Datum, _Work]:
        return {work.datum: work for work in self.works}


class _Work(NamedTuple):
    """One line of one instance and the figures it reads."""

    line: Line
    datum: Datum
    reads: tuple[Read, ...]
