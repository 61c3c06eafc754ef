"""Toy graphs made at random, with every node of the grammar, and the figures and draws to run them."""

import linecache
import types
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from hypothesis import strategies as st

from corpfin.engine import Constant, Data, Given, Graph, exp, log, norm_cdf

MONTHS, PATHS = 4, 5
GIVEN = (
    Given("fixed", "-", "input"), Given("zero", "-", "input"), Given("dated", "-", "series"),
    Given("drawn", "-", "draw"), Given("once", "-", "static_draw"),
    Given("own", "-", "input", "part"), Given("noise", "-", "draw", "part"),
)  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 1e-300, 1e300, -1e300, 5e-324]), st.floats(-1e3, 1e3), st.floats(-3, 3)
)
_numbers = count()


@dataclass(frozen=True)
class Wild:
    """A graph with what it needs: `text` is the source of its lines, for the report of a failure."""

    text: str
    graph: Graph
    data: Data
    draws: dict[str, dict[str, np.ndarray]]


def expressions(names: list[str]) -> st.SearchStrategy[str]:
    """Formulas over `names`."""
    leaf = st.sampled_from([*names, *names, "0", "1", "SCALE"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        flag = flags(names, inner)
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
            inner.map(lambda x: f"(-{x})"),
            st.tuples(inner, flag, inner).map(lambda x: f"({x[0]} if {x[1]} else {x[2]})"),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda x: f"{x[0]}({x[1]}, {x[2]})"),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner, inner).map(
                lambda x: f"{x[0]}({', '.join(x[1:])})"
            ),
            st.tuples(st.sampled_from(["abs", "exp", "log", "norm_cdf"]), inner).map(lambda x: f"{x[0]}({x[1]})"),
        )

    return st.recursive(leaf, grown, max_leaves=8)


def flags(names: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions; what stands after and/or does not divide, as the grammar demands."""
    compared = st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner).map(" ".join)
    simple = st.one_of(
        st.sampled_from(names), st.tuples(st.sampled_from(names), st.sampled_from(["<", "!="]), inner).map(" ".join)
    )
    plain = simple.filter(lambda text: "/" not in text)
    joined = st.tuples(simple, st.sampled_from(["and", "or"]), plain).map(lambda x: f"({' '.join(x)})")
    return st.one_of(compared, simple, joined, st.one_of(simple, joined).map(lambda x: f"(not {x})"))


@st.composite
def wild_graphs(draw: Any) -> Wild:
    """A company module, a block and a company module after it, lines reading lines before them and last month's."""
    company, late = ["fixed", "zero", "dated", "drawn", "once"], []
    parts: list[str] = []
    for module, size in (("early", 4), ("inner", 3), ("late", 4)):
        lines = ['EACH = "part"'] if module == "inner" else []
        known = ["own", "noise", *company] if module == "inner" else company
        for i in range(size):
            name = f"{module}_{i}"
            readable = [*known, *late, f"{name}_prior"]
            formulas = expressions(readable)
            formula = draw(st.one_of(formulas, formulas, flags(readable, formulas)))
            words = set("".join(c if c.isalnum() or c == "_" else " " for c in formula).split())
            read = [x for x in readable if x in words]
            lines.append(f'def {name}({", ".join(read)}):\n    """Line [-]."""\n    return {formula}\n')
            known = [*known, name]
            late = [*late, f"{name}_prior"] if module != "inner" else late
        company = company + [f"{module}_{i}" for i in range(size)] if module != "inner" else company
        if module == "inner":
            company = [*company, "total_part_inner_0", "total_part_inner_2", "total_part_own"]
        parts.append("\n".join(lines))
    keep = ", ".join(x.name for x in GIVEN if not x.scope)
    parts[0] += f'\ndef every({keep}):\n    """All [-]."""\n    return {keep.replace(", ", " + ")}\n'
    parts[1] += '\ndef each(own, noise):\n    """All [-]."""\n    return own + noise\n'
    graph = Graph.build("wild", [_module(text) for text in parts], GIVEN)
    size = draw(st.integers(0, 2))
    data = Data.of(
        MONTHS,
        {"": {"fixed": draw(NUMBERS), "zero": 0.0}, "part": {"own": [draw(NUMBERS) for _ in range(size)]}},
        instances={"part": ["x", "y"][:size]}, series={"dated": [draw(NUMBERS) for _ in range(MONTHS)]},
    )  # fmt: skip

    def drawn(*shape: int) -> np.ndarray:
        found = draw(st.lists(NUMBERS, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
        return np.array(found, dtype=np.float64).reshape(shape)

    draws = {
        "": {"drawn": drawn(MONTHS, PATHS), "once": drawn(PATHS)},
        "part": {"noise": drawn(size, MONTHS, PATHS)},
    }
    return Wild("\n".join(parts), graph, data, draws)


def _module(text: str) -> types.ModuleType:
    """A module from its text, which the grammar can read again."""
    name = f"wild_{next(_numbers)}"
    module = types.ModuleType(name)
    file = f"<{name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scale = Constant(2.5, "-", "A scale")
    openings = {
        f"opening_{m}_{i}": Constant(i - 1.0, "-", "Start") for m in ("early", "inner", "late") for i in range(4)
    }
    vars(module).update({"exp": exp, "log": log, "norm_cdf": norm_cdf, "SCALE": scale, **openings})
    exec(compile(text, file, "exec"), vars(module))
    return module
