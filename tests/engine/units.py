"""Unit check of a graph: every line is called with pint quantities and must give the unit its docstring states."""

import math
import random
import types
from collections.abc import Iterator, Mapping

import pint

from corpfin.engine import Constant, Graph, Line, Ref

SCALES = (1.0, 1.0, 1.0, 0.01, 100.0, 0.0)


def unit_problems(
    graph: Graph, registry: pint.UnitRegistry, spelling: Mapping[str, str] | None = None, samples: int = 12
) -> list[str]:
    """Every line of `graph` (opening lines too) whose formula does not fit its unit, one sentence each.

    `spelling` translates unit texts of docstrings, givens and Constants into pint's, as {"USD m": "musd", "-": ""}.
    Each line is called with `samples` seeded sets of figures of different sizes and signs, so that conditions flip; the
    result must convert to the stated unit with the very figure the plain call gives. A bare 0 fits any unit.
    """
    units = _Units(graph, registry, spelling or {})
    lines = (*graph.openings, *graph.lines)
    return [problem for line in lines for problem in units.problems(line, samples)]


class _Units:
    def __init__(self, graph: Graph, registry: pint.UnitRegistry, spelling: Mapping[str, str]) -> None:
        self.graph, self.registry, self.spelling = graph, registry, spelling

    def problems(self, line: Line, samples: int) -> Iterator[str]:
        if line.function is None:
            return
        try:
            stated = self.unit(line.unit)
            units = [self.unit(self.stated(ref)) for ref in line.parameters]
            measured = self.with_quantities(line)
        except (pint.errors.PintError, ValueError) as error:
            yield f"{line.place}: pint does not know a unit it uses: {error}"
            return
        dice, worked = random.Random(line.name), False
        for _ in range(samples):
            figures = [dice.choice(SCALES) * dice.uniform(-0.3, 1.0) for _ in units]
            try:
                expected = float(line.function(*figures))
            except (ZeroDivisionError, ValueError, OverflowError):
                continue
            worked = True
            problem = self.compare(line, measured, figures, units, expected, stated)
            if problem:
                yield f"{line.place}: {problem}"
                return
        if not worked:
            yield f"{line.place}: no sample of figures gives it a value"

    def compare(self, line, measured, figures, units, expected, stated) -> str:
        try:
            result = measured(*(self.registry.Quantity(x, unit) for x, unit in zip(figures, units, strict=True)))
            if line.expression.is_flag or (not isinstance(result, pint.Quantity) and result == 0):
                return ""
            found = self.registry.Quantity(result).to(stated).magnitude
        except pint.errors.PintError as error:
            return f"units do not fit: {error}"
        close = math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-300)
        return "" if close else f"gives {found:g} {line.unit} with units but {expected:g} without; a factor is missing"

    def with_quantities(self, line: Line):
        """The line's function with every Constant in its globals replaced by a quantity."""
        known = {
            name: self.registry.Quantity(float(value), self.unit(value.unit)) if isinstance(value, Constant) else value
            for name, value in line.function.__globals__.items()
            if not isinstance(value, Constant) or name in line.expression.constants
        }
        return types.FunctionType(line.function.__code__, known)

    def unit(self, text: str) -> pint.Unit:
        return self.registry.Unit(self.spelling.get(text, text))

    def stated(self, ref: Ref) -> str:
        graph = self.graph.home(ref)
        key = ref.scope, ref.name
        if ref.kind == "opening":
            known = graph.opening_by_key.get(key) or graph.opening_constants.get(key) or graph.given_by_key.get(key)
        else:
            known = graph.given_by_key[key] if ref.kind == "given" else graph.by_key[key]
        return known.unit
