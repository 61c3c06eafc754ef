# ruff: noqa: N801, N805
"""The compiled code: same bits as the interpreter, on every processor, and when narrowed to a case."""

import math
import platform
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from corpfin.engine import Data, EvaluationError, Given, Graph, Kernel, Row, exp, interpret, log, norm_cdf
from corpfin.engine.kernel import BREAK_EVEN
from corpfin.engine.objects import Target, assembly, host
from corpfin.engine.program import Passage
from corpfin.engine.vector import write
from tests.engine.wild import PATHS, Wild, wild_graphs

PLAIN = Target("x86-64", "", 2)  # SSE2, which every processor of this kind has
TARGETS = [
    PLAIN, Target("x86-64", "", 4), Target("haswell", "", 2), Target("haswell", "", 4), Target("haswell", "", 8),
    *(Target(host().processor, host().features, width) for width in (2, 4, 8, 16)),
]  # fmt: skip
is_intel = re.search("x86|amd64", platform.machine(), re.I)
WILD = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
"""Without shrinking: every attempt compiles a graph."""


def rows_of(graph: Graph, data: Data) -> list[Row]:
    return [Row(line.scope, line.name, k) for line in graph.lines for k in range(data.count(line.scope))]


def assert_same_bits(a: np.ndarray, b: np.ndarray, text: str = "") -> None:
    """Equal numbers, signs of zero among them; NaN is one number."""
    np.testing.assert_array_equal(a, b, err_msg=text)
    zero = a == 0
    np.testing.assert_array_equal(np.signbit(a[zero]), np.signbit(b[zero]), err_msg=text)


@WILD
@given(wild=wild_graphs())
def test_wild_graphs_agree_with_the_interpreter(wild: Wild) -> None:
    """The sign of a zero is left out: Python's 0 is a whole number and has none. Paths with a fault have no values."""
    rows = rows_of(wild.graph, wild.data)
    found = Kernel(wild.graph).prepare(wild.data).run(wild.draws, paths=PATHS, record=rows).record
    for path in range(PATHS):
        one = {scope: {name: array[..., path] for name, array in named.items()} for scope, named in wild.draws.items()}
        try:
            values = interpret(wild.graph, wild.data, one)
        except EvaluationError:
            continue
        for row, months in zip(rows, found[..., path], strict=True):
            expected = values[row.scope, row.name][row.k] if row.scope else values[row.name]
            np.testing.assert_array_equal(months, expected, err_msg=f"{row}\n{wild.text}")


@WILD
@given(wild=wild_graphs())
def test_a_narrowed_wild_graph_is_the_whole_one(wild: Wild) -> None:
    rows = rows_of(wild.graph, wild.data)
    whole_one = Kernel(wild.graph).prepare(wild.data)
    narrow_one = Kernel(wild.graph).prepare(wild.data, paths=BREAK_EVEN)
    for wanted in (rows, rows[-1:], rows[::3]):
        whole, narrowed = (
            prepared.run(wild.draws, paths=PATHS, record=wanted, worst=wanted, final=wanted)
            for prepared in (whole_one, narrow_one)
        )
        for name in ("record", "worst", "final"):
            assert_same_bits(getattr(narrowed, name), getattr(whole, name), wild.text)


class everything:
    def ratio(a, b):
        """Division [-]."""
        return a / b

    def root(a):
        """Logarithm [-]."""
        return log(a)

    def power(a):
        """Exponential [-]."""
        return exp(a)

    def share(a, b):
        """Normal [-]."""
        return norm_cdf(a - b)

    def least(ratio, root):
        """Minimum [-]."""
        return min(ratio, root, 0)

    def most(ratio, root):
        """Maximum [-]."""
        return max(ratio, root)

    def guarded(a, b):
        """A division that is not taken [-]."""
        return a / b if b > 0 or b < 0 else log(1 + abs(a))

    def total(total_prior, guarded, share):
        """Carried on [-]."""
        return total_prior + guarded * share


A_AND_B = [Given("a", "-", "draw"), Given("b", "-", "draw")]


class opened:
    def opening_total(start):
        """Start [-]."""
        return start


GRAPH = Graph.build("all", [everything, opened], [*A_AND_B, Given("start", "-", "input")])
CORNERS = [0.0, -0.0, 1.0, -1.0, 3.7, -37.9, 710.0, -750.0, 1e308, -1e308, math.inf, -math.inf, math.nan]


def corner_draws() -> dict[str, dict[str, np.ndarray]]:
    a, b = (x.reshape(1, -1) for x in np.meshgrid(CORNERS, CORNERS))
    return {"": {"a": np.repeat(a, 2, axis=0), "b": np.repeat(b, 2, axis=0)}}


def test_faults_give_what_ieee_arithmetic_gives() -> None:
    draws = corner_draws()
    a, b = draws[""]["a"], draws[""]["b"]
    names = ("ratio", "root", "power", "least", "most", "guarded")
    data = Data.of(2, {"": {"start": 1.0}})
    found = dict(
        zip(names, Kernel(GRAPH).prepare(data).run(draws, record=[Row("", n) for n in names]).record, strict=True)
    )
    with np.errstate(all="ignore"):
        ratio = a / b
        assert_same_bits(found["ratio"], ratio)
        root = found["root"]
        np.testing.assert_array_equal(np.isnan(root), np.isnan(np.log(a)))
        np.testing.assert_array_equal(np.isinf(root), np.isinf(np.log(a)))
        np.testing.assert_array_equal(np.isinf(found["power"]), np.isinf(np.exp(a)))
        least = np.where(root < ratio, root, ratio)
        assert_same_bits(found["least"], np.where(least > 0.0, 0.0, least))
        assert_same_bits(found["most"], np.where(root > ratio, root, ratio))
        fine = (b != 0) & ~np.isnan(b)
        assert_same_bits(found["guarded"][fine], ratio[fine])
        np.testing.assert_array_equal(np.isnan(found["guarded"][~fine]), np.isnan(a[~fine]))


@pytest.mark.skipif(not is_intel, reason="the processors named here are Intel's kind")
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.processor}-{target.width}")
def test_bits_do_not_depend_on_width_or_processor(target: Target) -> None:
    if target.processor == "haswell" and not {"+avx2", "+fma"} <= set(host().features.split(",")):
        pytest.skip("this processor has no AVX2")
    data = Data.of(2, {"": {"start": 1.0}})
    rows, program = rows_of(GRAPH, data), Kernel(GRAPH).prepare(data).program
    found = []
    for code in (program.compiled(target), program.compiled(PLAIN)):
        passage = Passage(program, corner_draws(), {}, len(CORNERS) ** 2, rows, rows, rows, code)
        passage.advance(0, 2)
        found.append(passage.result())
    for name in ("record", "worst", "final"):
        assert_same_bits(getattr(found[0], name), getattr(found[1], name))


@pytest.mark.skipif(not is_intel, reason="the instructions named here are Intel's")
def test_nothing_is_fused_and_registers_are_full() -> None:
    text = assembly(write(Kernel(GRAPH).month, 4), Target("haswell", "", 4))
    assert re.search(r"vmulpd.*%ymm", text)
    assert not re.search(r"vfn?m(add|sub)", text)
    assert not re.search(r"\bcall\w*\s+(exp|log|erfc?|fmin|fmax)\b", text)


def test_the_listing_says_what_is_worked_out() -> None:
    text = Kernel(GRAPH).listing()
    for line in GRAPH.lines:
        assert f"    {line.name} = {line.formula}  # row " in text
