"""A line's formula as the text of a spreadsheet cell, made from the same syntax tree the other readings use.

Only functions Excel 2007 had are written, every operation stands in parentheses and negation is ``(0-x)``, because
spreadsheets and Python rank operators differently. A condition is a number there as here: 1 or 0.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

_FUNCTIONS = {"min": "MIN", "max": "MAX", "abs": "ABS", "exp": "EXP", "log": "LN", "norm_cdf": "NORMSDIST"}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>",
}  # fmt: skip
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*|[Rr]\d*[Cc]\d*")


def formula(node: ast.expr, cells: Mapping[str, str]) -> str:
    """The formula, without its leading ``=``, of a checked expression or what is left of one.

    ``cells`` gives the cell that a parameter is read from. Named constants keep their names.
    """
    return _Writer(cells).outer(node)


def total(node: ast.expr, cells: Mapping[str, str]) -> str:
    """The formula that adds up the terms of a tuple, read from ``cells``; 0 for none."""
    assert isinstance(node, ast.Tuple)
    terms = [_Writer(cells).number(term) for term in node.elts]
    return f"SUM({','.join(terms)})" if terms else "0"


def constant_name(name: str) -> str:
    """The name of a constant's cell: its own, unless a spreadsheet would take that for a cell address.

    >>> constant_name("HOURS_PER_DAY"), constant_name("K1")
    ('HOURS_PER_DAY', 'K1_')
    """
    return f"{name}_" if _LIKE_A_CELL.fullmatch(name) else name


class _Writer:
    """Writes one tree; ``outer`` leaves out the parentheses where the text stands alone or between commas."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells

    def outer(self, node: ast.expr) -> str:
        if isinstance(node, ast.Compare | ast.BoolOp) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return f"IF({self.flag(node)},1,0)"
        return self.number(node)

    def number(self, node: ast.expr) -> str:
        """An expression whose value is a number, without parentheses around it."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return str(int(value))
            case ast.Name(id=name):
                return self.cells[name] if name in self.cells else constant_name(name)
            case ast.UnaryOp(operand=operand):
                return f"0-{self.part(operand)}"
            case ast.BinOp(left=left, op=operator, right=right):
                return f"{self.part(left)}{_OPERATORS[type(operator)]}{self.part(right)}"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"IF({self.flag(test)},{self.number(body)},{self.number(orelse)})"
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return f"{_FUNCTIONS[name]}({','.join(self.number(argument) for argument in arguments)})"
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def flag(self, node: ast.expr) -> str:
        """A condition, as the first argument of IF or an argument of AND, OR and NOT takes it."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return f"{self.part(left)}{_OPERATORS[type(operator)]}{self.part(right)}"
            case ast.BoolOp(op=operator, values=values):
                name = "AND" if isinstance(operator, ast.And) else "OR"
                return f"{name}({','.join(self.flag(value) for value in values)})"
            case ast.UnaryOp(operand=operand):
                return f"NOT({self.flag(operand)})"
            case ast.Name():
                return f"{self.number(node)}<>0"
        raise TypeError(f"{ast.unparse(node)} is outside the grammar")

    def part(self, node: ast.expr) -> str:
        """An operand: in parentheses when it is an operation itself."""
        text = self.number(node)
        return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp) else text
