"""The Excel text of a formula means what the formula means: worked cases, then 5,000 random lines of the grammar."""

import ast
import importlib.util
import math
import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import formualizer
import pytest
from xlsxwriter import Workbook

from corpfin.engine import exp, norm_cdf
from corpfin.engine.formulas import constant_name, formula, total
from corpfin.engine.grammar import Constant, Expression, check

CASES = 5_000
NAMES = ("a", "b", "c", "d", "e")
TWELVE = Constant(12.0, "1", "A dozen")
K1 = Constant(3.5, "1", "A constant with the name of a cell")


def negated(a, b):
    """Negation and subtraction [1]."""
    return -a - (b - -a)


def ranked(a, b, c):
    """Operators of two ranks [1]."""
    return a - b * c / (a + b)


def chosen(a, b):
    """A condition inside and one around [1]."""
    return min(a, b, 1) if a > 0 and (not b or a <= b) else abs(b) * TWELVE


def flagged(a, b):
    """A condition as the whole formula [1]."""
    return a != b or a == 1


def rated(a, b):
    """Functions and an awkward constant [1]."""
    return exp(a) + norm_cdf(b / K1)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (negated, "(0-A1)-(B1-(0-A1))"),
        (ranked, "A1-((B1*C1)/(A1+B1))"),
        (chosen, "IF(AND(A1>0,OR(NOT(B1<>0),A1<=B1)),MIN(A1,B1,1),ABS(B1)*TWELVE)"),
        (flagged, "IF(OR(A1<>B1,A1=1),1,0)"),
        (rated, "EXP(A1)+NORMSDIST(B1/K1_)"),
    ],
)
def test_worked_cases(function: Callable[..., float], text: str) -> None:
    expression = check(function)
    assert formula(expression.node, {name: f"{name.upper()}1" for name in expression.names}) == text


def test_totals() -> None:
    terms = ast.Tuple([ast.Name("0"), ast.Name("2"), ast.Constant(1)])
    assert total(terms, {"0": "H3", "2": "H9"}) == "SUM(H3,H9,1)"
    assert total(ast.Tuple([]), {}) == "0"


@pytest.mark.parametrize("name", ["R", "C", "RC", "R1C1", "A1", "XFD99", "r2"])
def test_a_constant_with_the_name_of_a_cell_gets_another(name: str) -> None:
    assert constant_name(name) == f"{name}_"


class Grower:
    """Grows random expressions of the grammar."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.divides = True

    def number(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.1:
            return self.random.choice((*NAMES, *NAMES, "0", "1", "TWELVE", "K1"))
        match self.random.randrange(12):
            case 0 | 1 | 2 | 3 | 4:
                operator = self.random.choice("+-*/" if self.divides else "+-*")
                return self.join(f" {operator} ", self.number, depth)
            case 5:
                return f"-({self.number(depth - 1)})"
            case 6 | 7:
                return f"({self.number(depth - 1)} if {self.flag(depth - 1)} else {self.number(depth - 1)})"
            case 8 | 9:
                arguments = [self.number(depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
                return f"{self.random.choice(('min', 'max'))}({', '.join(arguments)})"
            case _:
                names = ("abs", "exp", "norm_cdf", "log") if self.divides else ("abs", "norm_cdf")
                return f"{self.random.choice(names)}({self.number(depth - 1)})"

    def flag(self, depth: int) -> str:
        match self.random.randrange(9) if depth > 0 else 0:
            case 0 | 1 | 2 | 3 | 4:
                operator = self.random.choice(("<", "<=", ">", ">=", "==", "!="))
                return self.join(f" {operator} ", self.number, max(depth, 1))
            case 5:
                return self.random.choice(NAMES)
            case 6 | 7:
                divided, self.divides = self.divides, False  # nothing is guarded after and/or
                text = self.join(f" {self.random.choice(('and', 'or'))} ", self.flag, depth)
                self.divides = divided
                return text
            case _:
                return f"(not {self.flag(depth - 1)})"

    def join(self, operator: str, part: Callable[[int], str], depth: int) -> str:
        return f"({part(depth - 1)}{operator}{part(depth - 1)})"

    def value(self) -> float:
        return self.random.choice(
            (0.0, 1.0, round(self.random.uniform(-5, 5), 3), 10 ** self.random.uniform(-6, 5), self.random.gauss(0, 1))
        )


def grown(folder: Path, count: int) -> ModuleType:
    """A module of random lines, read from a file as real ones are."""
    grower = Grower(20261122)
    lines = ["from corpfin.engine import Constant, exp, log, norm_cdf", 'TWELVE = Constant(12.0, "1", "A dozen")',
             'K1 = Constant(3.5, "1", "A constant")']  # fmt: skip
    for number in range(count):
        flag = number % 6 == 0
        text = grower.flag(4) if flag else grower.number(5)
        if flag and text in NAMES:
            text = f"{text} > 0"
        read = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        names = [name for name in NAMES if name in read]
        lines.append(f"def line_{number}({', '.join(names)}):\n    return {text}")
    file = folder / "grown_lines.py"
    file.write_text("\n".join(lines), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("grown_lines", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Case = tuple[Expression, Callable[..., float], dict[str, float]]


def value_of(case: Case, point: dict[str, float]) -> float | None:
    """The value of a line at a point, None where it has no finite one."""
    expression, function, _ = case
    try:
        value = function(**point)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    number = float(bool(value)) if expression.is_flag else float(value)
    return number if math.isfinite(number) else None


def usable(module: ModuleType, grower: Grower) -> Iterator[Case]:
    """The lines that have a finite value at a random point; the grammar must take all of them."""
    for name, function in vars(module).items():
        if name.startswith("line_"):
            expression = check(function)
            point = {name: grower.value() for name in expression.names}
            if value_of((expression, function, point), point) is not None:
                yield expression, function, point


def test_random_lines_are_worked_out_alike(tmp_path: Path) -> None:
    cases = list(islice(usable(grown(tmp_path, 8_000), Grower(7)), CASES))
    assert len(cases) == CASES

    file = tmp_path / "grown.xlsx"
    with Workbook(str(file)) as workbook:
        page = workbook.add_worksheet("S")
        for row, constant in enumerate((TWELVE, K1)):
            page.write_number(row, 10, float(constant))
        workbook.define_name("TWELVE", "=S!$K$1")
        workbook.define_name("K1_", "=S!$K$2")
        for row, (expression, _, point) in enumerate(cases):
            for column, name in enumerate(NAMES):
                page.write_number(row, column, point.get(name, 0.0))
            text = formula(expression.node, {name: f"{name.upper()}{row + 1}" for name in expression.names})
            page.write_formula(row, len(NAMES), f"={text}", value="")
    book = formualizer.load_workbook(str(file))
    book.evaluate_all()

    wrong = []
    for row, case in enumerate(cases, start=1):
        # a file keeps 16 digits of a number, so the line is called at the point as the file has it
        stored = {name: float(book.get_value("S", row, 1 + NAMES.index(name))) for name in case[0].names}
        expected, found = value_of(case, stored), book.get_value("S", row, len(NAMES) + 1)
        near = isinstance(found, int | float) and math.isclose(found, expected or 0.0, rel_tol=1e-9, abs_tol=1e-12)
        if not near:
            wrong.append((case[0].text, stored, expected, found))
    assert wrong == []
    print(f"{len(cases):,} random lines worked out alike")
