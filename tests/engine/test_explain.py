"""Explanations: a tree down to the inputs, each line opened once, with sources and useful refusals."""

import numpy as np
import pytest

from corpfin.engine import Data, ExplainError, explain, interpret, render
from tests.engine import toys

MODEL = toys.firm_model()
ECONOMY, FIRM = MODEL["economy"], MODEL["firm"]
ECONOMY_DATA = Data.of(3, {"": {"opening_demand": 100.0, "drift": 0.01}}, series={"tariff": 0.1})
FIRM_DATA = Data.of(
    3, {
        "": {"cover": 0.7, "margin": 0.1},
        "note": {"principal": [100.0, 50.0], "share_repaid": 0.0, "coupon": 0.12, "due": 2.0},
    },
    instances={"note": ["a", "b"]}, series={"month": [1.0, 2.0, 3.0]},
)  # fmt: skip
OUTER = interpret(ECONOMY, ECONOMY_DATA, {"": {"shock": np.zeros(3), "regime": np.float64(0)}})
VALUES = interpret(FIRM, FIRM_DATA, {"note": {"hardship": np.zeros((2, 3)), "patience": np.ones(2)}}, OUTER)


def tree(name, month, instance=None):
    return explain(
        VALUES, name, month, instance, [OUTER],
        source_of=lambda scope, instance, name: f"reported, {scope or 'firm'} {instance} {name}",
    )  # fmt: skip


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def test_values_are_those_of_the_run():
    for node in nodes(tree("cash", 2)):
        if node.graph == "firm" and node.kind in ("line", "total"):
            values = VALUES[node.scope, node.name]
            k = FIRM_DATA.instances["note"].index(node.instance) if node.scope else ...
            assert node.value == values[k][1]


def test_each_line_is_opened_once():
    found = list(nodes(tree("cash", 2)))
    opened = [(node.graph, node.scope, node.instance, node.name) for node in found if node.children]
    assert len(opened) == len(set(opened))
    assert any(node.note == "see above" for node in found)


def test_totals_open_into_instances_and_the_other_graph_is_followed():
    found = {(node.graph, node.instance, node.name) for node in nodes(tree("cash", 2))}
    assert {("firm", "a", "paid"), ("firm", "b", "paid"), ("economy", "", "growth"), ("economy", "", "shock")} <= found


def test_text_shows_formula_value_unit_and_source():
    text = render(tree("interest", 1, "b"))
    assert text == [
        "note b: interest = 0.5 EUR = owed_prior * coupon / MONTHS",
        "├─ note b: owed_prior = 50 EUR = principal * (1 - share_repaid) (opening_owed: before month 1)",
        "└─ note b: coupon = 0.12 1/year (reported, note b coupon)",
    ]
    assert "owed_prior = 50.5 EUR (last month)" not in render(tree("interest", 2, "b"))
    assert render(tree("interest", 2, "b"))[1].endswith("(last month)")


def test_opening_of_an_input_shows_its_source():
    text = "\n".join(render(tree("earnings", 1)))
    assert "demand_prior = 100 EUR (opening_demand: reported, firm  opening_demand)" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cahs", 1), "there is no line cahs; did you mean cash"),
        (("cash", 4), "month 4 is outside the run; give 1 to 3"),
        (("cash", 0), "month 0 is outside the run; give 1 to 3"),
        (("owed", 1), "owed exists once for each instance; give one of: note.a.owed, note.b.owed"),
        (("owed", 1, "z"), "owed does not exist for instance z; give one of: note.a.owed, note.b.owed"),
        (("cash", 1, "a"), "give no instance, it is a line of the whole"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ExplainError, match=message):
        tree(*arguments)


def test_the_run_of_the_other_graph_must_be_passed():
    with pytest.raises(ExplainError, match="firm reads demand of economy; pass the run of that too"):
        explain(VALUES, "earnings", 1)
