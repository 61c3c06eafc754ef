"""The model grows by writing lines: six lines of code add a block and its line to every reading at once."""

from dataclasses import replace

import numpy as np
import pytest

from corpfin import lines
from corpfin.engine import Data, Given, Graph, Kernel, Row, explain, interpret, render
from corpfin.runs.graphs import build_graphs, company_graph, company_kernel, market_graph
from corpfin.runs.projection import split
from tests.runs.cases import Paths, company_case, draws_of, paths

# ruff: noqa: N801, N805


class royalties:
    EACH = "royalty"

    def owed(royalty_rate, mined_value):
        """Royalty on bitcoin mined [USD m]."""
        return royalty_rate * mined_value


RATE = Given("royalty_rate", "1", "input", "royalty", "Share of the revenue that the land owner takes")


class mine:
    """A line of the company itself, which reads the sum over the block."""

    def mined_after_royalties(mined_value, total_royalty_owed):
        """Mining revenue after royalties [USD m]."""
        return mined_value - total_royalty_owed


RATES = [0.02, 0.05]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return build_graphs((*lines.COMPANY, royalties, mine), extra=[RATE])["company"]


@pytest.fixture(scope="module")
def few() -> Paths:
    return paths(8)


def data() -> Data:
    """The figures of WULF with two royalties."""
    base = company_case("WULF").data
    rates = np.array(RATES)
    return replace(
        base,
        instances={**base.instances, "royalty": ("north", "south")},
        inputs={**base.inputs, "royalty": {"royalty_rate": np.repeat(rates[:, None], base.months, axis=1)}},
        openings={**base.openings, "royalty": {"royalty_rate": rates}},
    )


def test_it_is_in_the_table(graph: Graph) -> None:
    table = {(row["scope"], row["line"]): row for row in graph.table()}
    assert table["royalty", "owed"]["reads"] == ["royalty_rate", "mined_value"]
    assert table["", "total_royalty_owed"]["formula"] == "sum of owed over each royalty"
    assert table["", "mined_after_royalties"]["unit"] == "USD m"
    assert "mined_after_royalties" in table["", "mined_value"]["read_by"]
    assert len(table) == len(company_graph().table()) + 3


@pytest.mark.slow  # compiles the whole model; tests/engine/test_run.py adds a line and a block to a toy
def test_interpreter_and_kernel_agree_on_it(graph: Graph, few: Paths) -> None:
    case, figures = company_case("WULF"), data()
    own, names = draws_of(case, few), [("royalty", "owed"), ("", "mined_after_royalties"), ("", "cash")]
    wanted = [Row("royalty", "owed", 0), Row("royalty", "owed", 1), Row("", "mined_after_royalties"), Row("", "cash")]
    kernel = Kernel(graph)
    assert kernel.needs == company_kernel().needs  # so that the rows at hand fit
    compiled = kernel.prepare(figures, few.openings).run(split(own), few.outer, paths=few.count, record=wanted).record
    for lane in range(few.count):
        market = interpret(market_graph(), few.case.data, {"": {k: v[..., lane] for k, v in few.draws.items()}})
        path = interpret(graph, figures, split({k: v[..., lane] for k, v in own.items()}), market)
        expected = np.vstack([np.atleast_2d(path[name]) for name in names])
        assert compiled[:, :, lane] == pytest.approx(expected, rel=1e-12)
        assert path["mined_after_royalties"] == pytest.approx(path["mined_value"] * (1 - sum(RATES)), rel=1e-12)
        assert path["royalty", "owed"][1] == pytest.approx(RATES[1] * path["mined_value"], rel=1e-12)


def test_it_is_explained(graph: Graph, few: Paths) -> None:
    case, figures = company_case("WULF"), data()
    market = interpret(market_graph(), few.case.data, {"": {k: v[..., 0] for k, v in few.draws.items()}})
    path = interpret(graph, figures, split({k: v[..., 0] for k, v in draws_of(case, few).items()}), market)
    node = explain(
        path, "mined_after_royalties", 5, others=[market],
        source_of=lambda scope, instance, name: f"{name} of {instance}",
    )  # fmt: skip
    assert node.value == path["mined_after_royalties"][4]
    text = "\n".join(render(node))
    for part in ("mined_after_royalties", "total_royalty_owed", "royalty_rate", "mined_value"):
        assert part in text
    assert "royalty_rate of south" in text


def test_the_company_is_otherwise_as_it_was(graph: Graph) -> None:
    added = {("royalty", "owed"), ("", "total_royalty_owed"), ("", "mined_after_royalties")}
    assert set(graph.by_key) - set(company_graph().by_key) == added
