"""The same model as vectorised numpy, one statement a line, generated from the formula trees the kernel is made from.

It is what somebody would write who knows numpy well: whole arrays of paths, `np.where` for branches, figures of the
month as plain numbers, so that what no path changes stays a number here too.
"""

import ast
from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import ndtr

from corpfin.engine import Prepared, Row
from corpfin.engine.grammar import is_condition
from corpfin.engine.layout import TABLES, Place, Step

Array = np.ndarray

_FUNCTIONS = {"exp": "np.exp", "log": "np.log", "norm_cdf": "ndtr", "abs": "np.abs"}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=", ast.And: "&", ast.Or: "|",
}  # fmt: skip


class Peer:
    """One company, or the market, as numpy: its months, run over any number of paths."""

    def __init__(self, prepared: Prepared) -> None:
        self.program = prepared.program
        sizes, self.starts = self.program.month.sizes, {}
        heights = dict.fromkeys(TABLES, 0)
        for scope, size in sizes.items():
            for table, length in zip(TABLES, size, strict=True):
                self.starts[table, scope] = heights[table]
                heights[table] += prepared.counts[scope] * length
        self.sizes = {(table, scope): n for scope, size in sizes.items() for table, n in zip(TABLES, size, strict=True)}
        text = ["def month(v, x, o, q):"]
        for group in self.program.month.groups:
            for k in range(prepared.counts[group.scope]):
                text += self.group(group.steps, k, range(prepared.counts[group.over]) if group.over else None)
        space: dict[str, Callable[..., None]] = {"np": np, "ndtr": ndtr}
        exec("\n".join(text), space)
        self.month = space["month"]

    def at(self, place: Place, k: int) -> str:
        """Where a place of instance k stands."""
        table = {"rows": "v", "sources": "q", "months": "x", "openings": "o"}[place.table]
        key = place.table, place.scope
        return f"{table}[{self.starts[key] + (k * self.sizes[key] if place.scope else 0) + place.number}]"

    def group(self, steps: tuple[Step, ...], k: int, over: range | None) -> list[str]:
        """Everything is read before anything is stored, as in the kernel."""
        text, own = [], {}
        for number, step in enumerate(steps):
            if over is not None:
                formula = " + ".join(self.at(step.reads[0], i) for i in over) or "np.float64(0.0)"
            elif step.node is None:
                formula = " + ".join(own.get(place) or self.at(place, k) for place in step.reads) or "np.float64(0.0)"
            else:
                places = [own.get(place) or self.at(place, k) for place in step.reads]
                names = dict(zip(step.names, places, strict=True))
                names |= {name: f"np.float64({value!r})" for name, value in step.constants.items()}
                formula = _written(step.node, names)
                if is_condition(step.node):
                    formula = f"np.where({formula}, 1.0, 0.0)"
            own[step.target] = f"t{number}"
            text.append(f"    t{number} = {formula}")
        return text + [f"    {self.at(step.target, k)} = {own[step.target]}" for step in steps if step.is_kept]

    def run(
        self, paths: int, draws: Mapping[str, Mapping[str, Array]], outer: Mapping[str, Array], rows: list[Row]
    ) -> list[list[Array]]:
        """Some rows of the graph by month; draws and `outer` as for `Prepared.run`."""
        program = self.program
        v: list[Array] = [np.float64(0.0)] * program.height
        for row, first in program.carried:
            v[row] = np.float64(first)
        o = list(program.openings)
        found: list[list[Array]] = [[] for _ in rows]
        with np.errstate(all="ignore"):
            for month, figures in enumerate(program.figures):
                q = []
                for source in program.sources:
                    if source.graph:
                        lag = month - source.lags
                        still = lag < 0 or source.graph not in outer
                        q.append(np.float64(source.first) if still else outer[source.graph][source.number][lag])
                        continue
                    array = draws[source.row.scope][source.row.name]
                    array = array[source.row.k] if source.row.scope else array
                    q.append(array if source.is_static else array[month])
                self.month(v, figures, o, q)
                for row, to in zip(rows, found, strict=True):
                    at = q[program.sources.index(program.given[row])] if row in program.given else v[program.rows[row]]
                    to.append(np.broadcast_to(at, (paths,)))
                for target, source_row in program.copies:
                    v[target] = v[source_row]
        return found


def _written(node: ast.expr, names: Mapping[str, str]) -> str:
    """A formula as numpy."""

    def flag(part: ast.expr) -> str:
        return write(part) if is_condition(part) else f"({write(part)} != 0)"

    def write(part: ast.expr) -> str:
        match part:
            case ast.Constant(value=value):
                return repr(float(value))
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"np.logical_not({flag(operand)})"
            case ast.UnaryOp(operand=operand):
                return f"(-{write(operand)})"
            case ast.BinOp(left=left, op=operator, right=right):
                return f"({write(left)} {_OPERATORS[type(operator)]} {write(right)})"
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return f"({write(left)} {_OPERATORS[type(operator)]} {write(right)})"
            case ast.BoolOp(op=operator, values=values):
                return "(" + f" {_OPERATORS[type(operator)]} ".join(map(flag, values)) + ")"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"np.where({flag(test)}, {write(body)}, {write(orelse)})"
            case ast.Call(func=ast.Name(id=name), args=[only]):
                return f"{_FUNCTIONS[name]}({write(only)})"
            case ast.Call(func=ast.Name(id=name), args=[first, *rest]):
                text = write(first)
                for other in rest:
                    text = f"np.{name}imum({text}, {write(other)})"
                return text
        raise TypeError(ast.unparse(part))

    return write(node)
