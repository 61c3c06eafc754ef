"""The closed grammar of a line item: one expression, checked once and then trusted by every reading of the model."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from corpfin.engine import maths

Function = Callable[..., Any]


class ModelError(Exception):
    """Base of every error the engine raises; the message says where the fault is and what to do instead."""


class GrammarError(ModelError):
    """A line's formula uses something outside the grammar."""


class Constant(float):
    """A named number with a unit and a meaning, such as ``HOURS_PER_DAY = Constant(24.0, "h/day", "Hours in a day")``.

    It is a float in every calculation; `unit` and `meaning` serve the workbook and the unit check.
    """

    unit: str
    meaning: str

    def __new__(cls, value: float, unit: str, meaning: str) -> Constant:
        constant = super().__new__(cls, value)
        constant.unit = unit
        constant.meaning = meaning
        return constant

    def __getnewargs__(self) -> tuple[float, str, str]:  # type: ignore[override]
        return float(self), self.unit, self.meaning


def exp(x: float) -> float:
    """e to the power x; x is a pure number."""
    value = float(x)
    found = float(maths.exp(maths.FLOATS, value))
    if math.isinf(found) and math.isfinite(value):
        raise OverflowError("math range error")
    return found


def log(x: float) -> float:
    """Natural logarithm of a pure number above zero."""
    value = float(x)
    if value <= 0.0:
        raise ValueError("math domain error")
    return float(maths.log(maths.FLOATS, value))


def norm_cdf(x: float) -> float:
    """Probability that a standard normal variable is below the pure number x."""
    return float(maths.norm_cdf(maths.FLOATS, float(x)))


FUNCTIONS: dict[str, Function] = {"exp": exp, "log": log, "norm_cdf": norm_cdf}
BUILTINS: dict[str, int] = {"min": 2, "max": 2, "abs": 1}
RESERVED = frozenset(FUNCTIONS) | frozenset(BUILTINS) | {"range"}

_REMEDIES: dict[type[ast.AST], tuple[str, str]] = {
    ast.Pow: ("is a power", "multiply it out, or use exp and log"),
    ast.Mod: ("is a remainder", "let an input or series hold the calendar figure"),
    ast.FloorDiv: ("is a whole-number division", "use / and compare with min or max"),
    ast.Attribute: ("reads an attribute", "take the value as a parameter of the line"),
    ast.Subscript: ("reads an element", "take the value as a parameter of the line"),
    ast.Lambda: ("is a lambda", "write a second line"),
    ast.NamedExpr: ("names a value inside the formula", "make that value a line of its own"),
    ast.JoinedStr: ("is a text", "lines hold numbers only"),
}


@dataclass(frozen=True)
class Expression:
    """The checked formula of one line.

    `node` is the expression after ``return``; `names` the parameters in order; `constants` the named constants it uses;
    `text` the formula as Python text; `is_flag` says that the formula is a condition, so that its value is 1.0 or 0.0.
    """

    node: ast.expr
    names: tuple[str, ...]
    constants: dict[str, Constant]
    text: str
    is_flag: bool


def location(function: Function) -> str:
    """Where a line is written, as ``file:number``."""
    code = function.__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def check(function: Function) -> Expression:
    """Read the source of a line and return its checked formula.

    Raises GrammarError, quoting the offending piece of source, for anything outside the grammar.
    """
    return _Checker(function).expression()


def is_condition(node: ast.expr) -> bool:
    """Whether an expression is a comparison or a logical operation, hence a flag and not a number."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


class _Checker:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.name = function.__name__
        try:
            lines, self.first = inspect.getsourcelines(function)
        except (OSError, TypeError) as error:
            raise GrammarError(f"line {self.name}: its source cannot be read; define it in a file") from error
        self.source = textwrap.dedent("".join(lines))
        try:
            self.tree: ast.stmt = ast.parse(self.source).body[0]
        except SyntaxError:
            self.tree = ast.Pass(lineno=1)
        self.names: tuple[str, ...] = ()
        self.used: set[str] = set()
        self.constants: dict[str, Constant] = {}

    def fault(self, node: ast.AST, problem: str, remedy: str) -> NoReturn:
        quote = ast.get_source_segment(self.source, node) or self.source.strip().splitlines()[0]
        number = self.first + getattr(node, "lineno", 1) - 1
        place = f"{self.function.__code__.co_filename}:{number}"
        raise GrammarError(f"line {self.name}, {place}: `{quote}` {problem}; {remedy}")

    def expression(self) -> Expression:
        node = self.returned()
        self.flag(node) if is_condition(node) else self.number(node)
        for name in self.names:
            if name not in self.used:
                self.fault(self.tree, f"has the parameter {name} but never uses it", "take it out")
        return Expression(node, self.names, self.constants, ast.unparse(node), is_condition(node))

    def returned(self) -> ast.expr:
        """The returned expression, after checking the shape of the function around it."""
        tree = self.tree
        if not isinstance(tree, ast.FunctionDef):
            self.fault(tree, "is not a plain function", "write it with def and one return")
        if tree.decorator_list:
            self.fault(tree.decorator_list[0], "decorates a line", "take the decorator off")
        arguments = tree.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs or arguments.defaults:
            self.fault(tree, "has a default, starred or keyword parameter", "use plain parameter names only")
        self.names = tuple(argument.arg for argument in arguments.args)
        for name in (self.name, *self.names):
            if name in RESERVED or name.startswith("_"):
                self.fault(tree, f"uses the name {name}", "choose another, it means something in formulas")
        body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
        for statement in body:
            if not isinstance(statement, ast.Return):
                self.fault(statement, "is a statement of its own", "make it a line, or fold it into the one return")
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            self.fault(tree, "does not return one expression", "end with exactly one return of one expression")
        return body[0].value

    def number(self, node: ast.expr) -> None:
        """Demand an expression whose value is a number."""
        match node:
            case ast.Constant(value=bool()):
                self.fault(node, "is not a number", "write 1 or 0")
            case ast.Constant(value=int() | float() as value):
                if value not in (0, 1):
                    self.fault(node, "is a bare number", f'name it once: NAME = Constant({value}, "unit", "meaning")')
            case ast.Name():
                self.read(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                self.number(operand)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
                self.number(left)
                self.number(right)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.flag(test)
                self.number(body)
                self.number(orelse)
            case ast.Call():
                self.call(node)
            case _ if is_condition(node):
                quote = ast.unparse(node)
                self.fault(node, "is a condition used as a number", f"write `1 if {quote} else 0`")
            case _:
                kind = type(node.op) if isinstance(node, ast.BinOp | ast.UnaryOp) else type(node)
                self.fault(node, *_REMEDIES.get(kind, ("is outside the grammar", "use + - * /, min, max, abs and if")))

    def flag(self, node: ast.expr) -> None:
        """Demand a condition: a comparison, a logical operation, or a name whose nonzero value means yes."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                if isinstance(operator, ast.Is | ast.IsNot | ast.In | ast.NotIn):
                    self.fault(node, "is not a comparison of numbers", "use < <= > >= == or !=")
                self.number(left)
                self.number(right)
            case ast.Compare():
                self.fault(node, "chains comparisons", "join two comparisons with and")
            case ast.BoolOp(values=values):
                for value in values:
                    self.flag(value)
                for value in values[1:]:
                    self.unguarded(value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.flag(operand)
            case ast.Name():
                self.read(node)
            case _:
                self.fault(node, "is a number used as a condition", f"compare it: `{ast.unparse(node)} > 0`")

    def unguarded(self, node: ast.expr) -> None:
        """Refuse a division after `and` or `or`: a spreadsheet works out every operand, so nothing guards it there."""
        for part in ast.walk(node):
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div):
                divisor = part.right
                if not (isinstance(divisor, ast.Name) and divisor.id in self.constants):
                    self.fault(
                        part,
                        "divides inside and/or, where a spreadsheet guards nothing",
                        "multiply out, or make the ratio a line with `if`",
                    )

    def call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            self.fault(node, "calls a method", "use only min, max, abs, exp, log and norm_cdf")
        name, found = node.func.id, self.function.__globals__.get(node.func.id)
        if name not in FUNCTIONS and name not in BUILTINS:
            self.fault(node, f"calls {name}", "use only min, max, abs, exp, log and norm_cdf")
        if found is not FUNCTIONS.get(name):
            self.fault(
                node,
                f"calls another {name}",
                f"take {name} from corpfin.engine" if name in FUNCTIONS else f"do not redefine {name}",
            )
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self.fault(node, "has a keyword or starred argument", "give plain arguments")
        if name in ("min", "max"):
            if len(node.args) < BUILTINS[name]:
                self.fault(node, "has fewer than two arguments", f"give {name} two or more numbers")
        elif len(node.args) != 1:
            self.fault(node, f"has {len(node.args)} arguments", f"give {name} one number")
        for argument in node.args:
            self.number(argument)

    def read(self, node: ast.Name) -> None:
        constant = self.function.__globals__.get(node.id)
        if node.id in self.names:
            self.used.add(node.id)
        elif isinstance(constant, Constant):
            self.constants[node.id] = constant
        else:
            self.fault(node, "is neither a parameter nor a Constant", "make it a parameter or define the Constant")
