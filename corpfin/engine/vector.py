"""Writes a month as LLVM code that works on several paths at once: how a line becomes machine code.

Take the line ::

    def interest(balance_prior, rate, outstanding):
        return balance_prior * rate / SCALE if outstanding > 0 else 0

of the block `debt`, `outstanding` being drawn. Its group becomes one function, called once a month for LANES paths::

    define internal void @group_0(ptr noalias %v, ptr noalias %x, ptr noalias %o, ptr noalias %n, ptr noalias %q)

`%v` holds the rows, LANES paths side by side in each; `%x` the figures of this month; `%o` the openings; `%q` a pointer
to this month's paths of each source (draws, other graphs); `%n` says for each block how many instances there are and
where its figures begin. The function loops over the instances of `debt` (where the rows, figures and sources of this
one begin is %b15, %b21 and %b18 below), and within over the lanes (%i25), a register of them at a time, here 4::

    %b26 = getelementptr double, ptr %b15, i64 64             ; balance_prior: row 1 of the instance, 64 lanes a row
    %b27 = getelementptr double, ptr %b26, i64 %i25
    %b28 = load <4 x double>, ptr %b27, align 8
    %b29 = getelementptr double, ptr %b21, i64 0              ; rate: one figure, put in all four lanes
    %b30 = load double, ptr %b29, align 8
    %b31 = insertelement <4 x double> poison, double %b30, i64 0
    %b32 = shufflevector <4 x double> %b31, <4 x double> poison, <4 x i32> zeroinitializer
    %b33 = getelementptr ptr, ptr %b18, i64 0                 ; outstanding: where its paths of this month are
    %b34 = load ptr, ptr %b33, align 8
    %b35 = getelementptr double, ptr %b34, i64 %i25
    %b36 = load <4 x double>, ptr %b35, align 8
    %b37 = fcmp ogt <4 x double> %b36, splat (double 0x0000000000000000)
    %b38 = fmul <4 x double> %b28, %b32
    %b39 = fdiv <4 x double> %b38, splat (double 0x4004000000000000)
    %b40 = select <4 x i1> %b37, <4 x double> %b39, <4 x double> splat (double 0x0000000000000000)

What is read or worked out stays in a register for the lines after it in the group: the next one, `balance_prior +
interest`, is the single instruction `fadd <4 x double> %b28, %b40`. At the end of the loop the rows that are kept are
stored. A row may be shared with last month's value (`Layout.late`): a group reads before it stores.

Every node of the syntax tree is one instruction:

- `+ - * /` and unary minus are `fadd`, `fsub`, `fmul`, `fdiv`, `fneg`; none carries a fast-math flag and none is fused,
  so each is rounded as Python rounds it; a division by a constant power of two is a multiplication, which is as exact;
- `min(a, b)` is `b if b < a else a` and `max` the same with `>`, one comparison and one `select`: Python's order for
  equal zeros and for NaN;
- `a if c else b` works out both sides and takes one lane by lane; what the other side did, a division by zero even,
  is dropped by the `select`;
- a comparison is an ordered `fcmp` (`!=` an unordered one) and gives one bit a lane; a flag is kept as 1.0 or 0.0, and
  a name used as a condition is `!= 0`;
- exp, log and norm_cdf are written out from their one definition in `corpfin.engine.maths`.

Totals loop over the instances inside the loop over the lanes and add up in registers.

`@run` calls the groups month after month for each LANES paths and copies out what is recorded. No lane ever looks at
another, so a result is bit for bit the same whatever the width and the processor.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from corpfin.engine import maths
from corpfin.engine.grammar import is_condition
from corpfin.engine.layout import TABLES, Group, Month, Place, Step
from corpfin.engine.registers import Code, Lanes, Value

LANES = 64
"""Paths side by side in a row; a multiple of every width."""

_ARITHMETIC: dict[type[ast.AST], str] = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_COMPARISONS: dict[type[ast.AST], str] = {
    ast.Lt: "olt", ast.LtE: "ole", ast.Gt: "ogt", ast.GtE: "oge", ast.Eq: "oeq", ast.NotEq: "une",
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {"exp": maths.exp, "log": maths.log, "norm_cdf": maths.norm_cdf}
_ARGUMENTS = "ptr noalias %v, ptr noalias %x, ptr noalias %o, ptr noalias %n, ptr noalias %q"


class _Formulas:
    """Writes the steps of one group inside its loops: each place is read once, each formula follows its tree."""

    def __init__(self, code: Code, bases: dict[tuple[str, str], str], lane: str) -> None:
        self.code, self.bases, self.lane, self.ops = code, bases, lane, Lanes(code)
        self.known: dict[Place, Value] = {}
        self.named: dict[str, Value] = {}
        self.constants: Mapping[str, float] = {}

    def step(self, step: Step) -> None:
        if step.node is None:
            value = Value(self.code, self.code.constant(0.0))
            for place in step.reads:
                value = value + self.read(place)
        else:
            self.named = {name: self.read(place) for name, place in zip(step.names, step.reads, strict=True)}
            self.named |= {
                name: Value(self.code, self.code.constant(number)) for name, number in step.constants.items()
            }
            self.constants = step.constants
            value = self.as_number(self.flag(step.node)) if is_condition(step.node) else self.number(step.node)
        self.known[step.target] = value

    def read(self, place: Place) -> Value:
        if place not in self.known:
            if place.number < 0:
                raise KeyError(f"{place} is read outside the group that works it out")
            base = self.bases[place.table, place.scope]
            if place.table == "rows":
                name = self.code.load(self.code.address(base, place.number * LANES), self.lane)
            elif place.table == "sources":
                at = self.code.emit(f"getelementptr ptr, ptr {base}, i64 {place.number}")
                name = self.code.load(self.code.emit(f"load ptr, ptr {at}, align 8"), self.lane)
            else:
                single = self.code.emit(f"load double, ptr {self.code.address(base, place.number)}, align 8")
                name = self.code.spread(single)
            self.known[place] = Value(self.code, name)
        return self.known[place]

    def keep(self, step: Step) -> None:
        base = self.bases["rows", step.target.scope]
        at = self.code.address(base, step.target.number * LANES)
        self.code.store(self.known[step.target].name, at, self.lane)

    def as_number(self, flag: str) -> Value:
        return self.ops.select(flag, 1.0, 0.0)

    def number(self, node: ast.expr) -> Value:
        """An expression whose value is a number."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return Value(self.code, self.code.constant(float(value)))
            case ast.Name(id=name):
                return self.named[name]
            case ast.UnaryOp(operand=operand):
                return -self.number(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                a = self.number(left)
                if isinstance(operator, ast.Div) and (inverse := self.inverse(right)):
                    return a * inverse
                return a.of(_ARITHMETIC[type(operator)], a.name, self.number(right).name)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.ops.select(self.flag(test), self.number(body), self.number(orelse))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, [self.number(argument) for argument in arguments])
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def inverse(self, node: ast.expr) -> float:
        """1 / a constant that is a power of two, else 0: to multiply by it is to divide, bit for bit, and quicker."""
        value = self.constants.get(node.id, 0.0) if isinstance(node, ast.Name) else 0.0
        return 1.0 / value if abs(math.frexp(value)[0]) == 0.5 and abs(value) < 2.0**1000 else 0.0

    def call(self, name: str, values: list[Value]) -> Value:
        if name in _FUNCTIONS:
            found: Value = _FUNCTIONS[name](self.ops, values[0])
            return found
        if name == "abs":
            return self.ops.absolute(values[0])
        result = values[0]
        for value in values[1:]:
            result = self.ops.select(value < result if name == "min" else value > result, value, result)
        return result

    def flag(self, node: ast.expr) -> str:
        """A condition, one bit a lane."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self.number(left).compare(_COMPARISONS[type(operator)], self.number(right))
            case ast.BoolOp(op=operator, values=values):
                found = self.flag(values[0])
                for value in values[1:]:
                    name = "and" if isinstance(operator, ast.And) else "or"
                    found = self.code.emit(f"{name} {self.code.flags} {found}, {self.flag(value)}")
                return found
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.code.emit(f"xor {self.code.flags} {self.flag(operand)}, splat (i1 true)")
        return self.number(node).compare("une", 0.0)


def write(month: Month, width: int) -> str:
    """The code of a month for registers of `width` numbers: one function a group, and `run`, which calls them."""
    groups = [_group(month, number, group, width) for number, group in enumerate(month.groups)]
    calls = [f"call void @group_{number}({_ARGUMENTS.replace(' noalias', '')})" for number in range(len(groups))]
    return "\n".join([_declare(width), *groups, _run(calls, width)])


def write_functions(width: int) -> str:
    """The code of exp, log and norm_cdf over flat arrays of a multiple of `width` numbers, in place or not."""
    return "\n".join([_declare(width), *(_function(name, width) for name in _FUNCTIONS)])


def _function(name: str, width: int) -> str:
    code = Code(width)
    with code.loop("%count", width) as p:
        value = _FUNCTIONS[name](Lanes(code), Value(code, code.load("%x", p)))
        code.store(value.name, "%y", p)
    return code.text(f"void @{name}(ptr %x, ptr %y, i64 %count) nounwind")


def _declare(width: int) -> str:
    return "".join(f"declare <{w} x double> @llvm.fabs.v{w}f64(<{w} x double>)\n" for w in (width, 2 * width))


def _group(month: Month, number: int, group: Group, width: int) -> str:
    # Long chains of a function's polynomial leave a processor idle; two registers side by side keep it busy.
    code = Code(2 * width if any(step.calls for step in group.steps) else width)
    bases = {("rows", ""): "%v", ("sources", ""): "%q", ("months", ""): "%x", ("openings", ""): "%o"}
    if group.over:
        _totals(code, month, group, bases)
    elif group.scope:
        with _instances(code, month, group.scope, bases), code.loop(LANES, code.width) as lane:
            _steps(code, group, bases, lane)
    else:
        with code.loop(LANES, code.width) as lane:
            _steps(code, group, bases, lane)
    return code.text(f"internal void @group_{number}({_ARGUMENTS}) nounwind")


def _steps(code: Code, group: Group, bases: dict[tuple[str, str], str], lane: str) -> None:
    formulas = _Formulas(code, bases, lane)
    for step in group.steps:
        formulas.step(step)
    for step in group.steps:
        if step.is_kept:
            formulas.keep(step)


def _totals(code: Code, month: Month, group: Group, bases: dict[tuple[str, str], str]) -> None:
    count, starts = _starts(code, month, group.over)
    with code.loop(LANES, code.width) as lane:
        with code.adding_up(count, len(group.steps)) as (k, sums, terms):
            _bases(code, month, group.over, starts, k, bases)
            formulas = _Formulas(code, bases, lane)
            terms += [formulas.read(step.reads[0]).name for step in group.steps]
        for step, total in zip(group.steps, sums, strict=True):
            code.store(total, code.address("%v", step.target.number * LANES), lane)


@contextmanager
def _instances(code: Code, month: Month, scope: str, bases: dict[tuple[str, str], str]) -> Iterator[None]:
    """The loop over a block's instances, with the addresses where the figures of one of them begin."""
    count, starts = _starts(code, month, scope)
    with code.loop(count) as k:
        _bases(code, month, scope, starts, k, bases)
        yield


def _starts(code: Code, month: Month, scope: str) -> tuple[str, list[str]]:
    """How many instances a block has, and where each of its tables begins."""
    first = 5 * (list(month.sizes).index(scope) - 1)
    count, *starts = (code.integer("%n", first + i) for i in range(5))
    return count, starts


def _bases(code: Code, month: Month, scope: str, starts: list[str], k: str, bases: dict[tuple[str, str], str]) -> None:
    for table, size, start in zip(TABLES, month.sizes[scope], starts, strict=True):
        number = code.emit(f"add i64 {start}, {code.emit(f'mul i64 {k}, {size}')}")
        kind, whole = {"rows": ("double", "%v"), "sources": ("ptr", "%q"), "months": ("double", "%x")}.get(
            table, ("double", "%o")
        )
        if table == "rows":
            number = code.emit(f"mul i64 {number}, {LANES}")
        bases[table, scope] = code.emit(f"getelementptr {kind}, ptr {whole}, i64 {number}")


RUN = (
    "v", "xs", "figures", "o", "n", "q", "sources", "source_count", "months", "length", "blocks", "carried",
    "openings", "opening_count", "state", "brought", "taken", "copies", "copy_count", "record", "records", "recorded",
    "worst", "worsts", "worst_of", "final", "finals", "final_of",
)  # fmt: skip
"""The parameters of `run`, in order."""

COUNTS = frozenset(
    {
        "figures", "source_count", "months", "length", "blocks", "opening_count", "brought", "taken", "copy_count",
        "records", "worsts", "finals",
    }
)  # fmt: skip
"""Those that are whole numbers; the others are addresses."""


def _run(calls: list[str], width: int) -> str:
    """Some months of all paths, LANES paths at a time.

    Each source is (address, bytes from month to month, address in the first month or 0). The rows `carried` from month
    to month begin as `openings` in month 1, later as `state` [rows, paths] was left; `opening_count`, `brought` and
    `taken` are their number or 0. `copies` (to, from) bring a row to the row that repeats it a month later. What is
    recorded has shape [R, length, paths], the largest absolute value and the last value of a row [paths].
    """
    code = Code(width)
    with code.loop("%blocks") as block:
        first = code.emit(f"mul i64 {block}, {LANES}")
        with code.loop("%opening_count") as i:
            at = _row(code, code.integer("%carried", i))
            single = code.emit(f"load double, ptr {code.address('%openings', i)}, align 8")
            value = code.spread(single)
            with code.loop(LANES, width) as p:
                code.store(value, at, p)
        with code.loop("%brought") as i:
            _copy(code, _kept(code, "%state", i, first), _row(code, code.integer("%carried", i)))
        with code.loop("%months") as month:
            with code.loop("%source_count") as i:
                _source(code, i, month, first)
            code.do(f"%x = getelementptr double, ptr %xs, i64 {code.emit(f'mul i64 {month}, %figures')}")
            for call in calls:
                code.do(call)
            with code.loop("%records") as i:
                row = code.emit(f"add i64 {code.emit(f'mul i64 {i}, %length')}, {month}")
                _copy(code, _row(code, code.integer("%record", i)), _kept(code, "%recorded", row, first))
            with code.loop("%worsts") as i:
                _larger(code, _row(code, code.integer("%worst", i)), _kept(code, "%worst_of", i, first))
            with code.loop("%copy_count", 2) as i:
                to, source = (code.integer("%copies", at) for at in (i, code.emit(f"add i64 {i}, 1")))
                _copy(code, _row(code, source), _row(code, to))
        with code.loop("%taken") as i:
            _copy(code, _row(code, code.integer("%carried", i)), _kept(code, "%state", i, first))
        with code.loop("%finals") as i:
            _copy(code, _row(code, code.integer("%final", i)), _kept(code, "%final_of", i, first))
    parameters = ", ".join(f"{'i64' if name in COUNTS else 'ptr'} %{name}" for name in RUN)
    return code.text(f"void @run({parameters}) nounwind")


def _row(code: Code, number: str) -> str:
    return code.address("%v", code.emit(f"mul i64 {number}, {LANES}"))


def _kept(code: Code, base: str, row: str, first: str) -> str:
    """Where the paths from `first` on stand in a row of a result; the results hold whole LANES of paths."""
    length = code.emit(f"mul i64 %blocks, {LANES}")
    return code.address(base, code.emit(f"add i64 {code.emit(f'mul i64 {row}, {length}')}, {first}"))


def _copy(code: Code, source: str, to: str) -> None:
    with code.loop(LANES, code.width) as p:
        code.store(code.load(source, p), to, p)


def _larger(code: Code, source: str, to: str) -> None:
    """The larger absolute value replaces the one kept; NaN replaces any and is never replaced by a number."""
    with code.loop(LANES, code.width) as p:
        ops = Lanes(code)
        size, before = ops.absolute(Value(code, code.load(source, p))), Value(code, code.load(to, p))
        either = code.emit(f"or {code.flags} {size > before}, {size.compare('uno', size)}")
        code.store(ops.select(either, size, before).name, to, p)


def _source(code: Code, i: str, month: str, first: str) -> None:
    """This month's address of a source for the paths from `first` on."""
    at = code.emit(f"mul i64 {i}, 3")
    base, step, start = (code.integer("%sources", code.emit(f"add i64 {at}, {j}")) for j in range(3))
    moved = code.emit(f"add i64 {base}, {code.emit(f'mul i64 {step}, {month}')}")
    moved = code.emit(f"add i64 {moved}, {code.emit(f'mul i64 {first}, 8')}")
    has_start = code.emit(f"icmp ne i64 {start}, 0")
    is_first = code.emit(f"and i1 {has_start}, {code.emit(f'icmp eq i64 {month}, 0')}")
    address = code.emit(f"inttoptr i64 {code.emit(f'select i1 {is_first}, i64 {start}, i64 {moved}')} to ptr")
    code.do(f"store ptr {address}, ptr {code.emit(f'getelementptr ptr, ptr %q, i64 {i}')}, align 8")
