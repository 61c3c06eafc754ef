"""One answer, many renderings: page and JSON document take every figure from the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from corpfin.report.answer import Answer, Figure, answer_of
from corpfin.report.document import document, to_json
from corpfin.report.page import page
from corpfin.runs import Projection, Simulation
from corpfin.runs.graphs import graphs
from corpfin.runs.together import graphs_together

Path = tuple[int, ...]
"""Places of the parts that lead to a figure, from the blocks of the answer down."""

ON_BOTH = {
    "cash",
    "restricted_cash",
    "btc",
    "btc_value",
    "corporate_debt",
    "project_loans",
    "market_cap",
    "btc_price",
    "power_cost_per_btc",
    "cash_cost_per_btc",
    "all_in_cost_per_btc",
    "hashprice",
    "liquidity",
    "next_year_needs",
    "burn",
    "runway",
    "capex_left",
    "survival_12",
    "survival_24",
    "btc_sold_median",
    "btc_left_median",
    "project_defaults",
}
"""Figures that are said on the page and stand in the document under their own name."""


@pytest.fixture(scope="module")
def answer(ring: Projection, simulated_ring: Simulation) -> Answer:
    return answer_of(ring, simulated_ring)


def figures(parts: tuple[Any, ...], path: Path = ()) -> Iterator[tuple[Path, Figure]]:
    """Every figure of a tree with its place."""
    for number, part in enumerate(parts):
        if isinstance(part, Figure):
            yield (*path, number), part
        else:
            yield from figures(part.parts, (*path, number))


def changed(parts: tuple[Any, ...], path: Path, **values: Any) -> tuple[Any, ...]:
    """The parts with one figure changed."""
    first, *rest = path
    part = parts[first]
    new = replace(part, **values) if not rest else replace(part, parts=changed(part.parts, tuple(rest), **values))
    return (*parts[:first], new, *parts[first + 1 :])


def another(value: Any) -> Any:
    """A value of the same kind that is written differently."""
    match value:
        case bool():
            return not value
        case int() | float():
            return 2 * value + 7
        case date():
            return value.replace(year=value.year + 11)
        case list():
            return [*value, "another"]
        case _:
            return f"{value or ''}another"


def plain(answer: Answer) -> dict[str, Any]:
    """The document without the tree it was made from."""
    return {name: value for name, value in json.loads(to_json(document(answer))).items() if name != "answer"}


def test_a_figure_changed_in_the_tree_changes_both_page_and_document(answer: Answer) -> None:
    text, found = page(answer), plain(answer)
    told = dict.fromkeys(ON_BOTH, True)
    for place, figure in figures(answer.blocks):
        if figure.name in ON_BOTH and len(place) == 2:
            other = replace(answer, blocks=changed(answer.blocks, place, value=another(figure.value)))
            told[figure.name] = page(other) != text and plain(other) != found
    assert [name for name, both in told.items() if not both] == []


def test_no_figure_of_the_tree_is_said_nowhere(answer: Answer) -> None:
    """Each figure, changed, changes the page or what stands in the document beside the tree."""
    text, found = page(answer), plain(answer)
    silent = []
    for place, figure in figures(answer.blocks):
        other = replace(answer, blocks=changed(answer.blocks, place, value=another(figure.value)))
        if page(other) == text and plain(other) == found:
            silent.append(figure.name)
    assert silent == []


def test_errors_and_ranges_are_the_trees(answer: Answer) -> None:
    found = answer["survival"]
    place = next(n for n, part in enumerate(answer.blocks) if part is found)
    number = next(n for n, part in enumerate(found.parts) if part.name == "survival_12")
    wide = replace(answer, blocks=changed(answer.blocks, (place, number), error=0.25))
    assert "± 25.0 %" in page(wide)
    assert 0.25 in plain(wide)["simulation"].values()
    number = next(n for n, part in enumerate(found.parts) if part.name == "btc_sold_median")
    high = replace(answer, blocks=changed(answer.blocks, (place, number), high=987_654.0))
    assert "to 987,654 BTC" in page(high)


def test_a_figure_that_names_a_line_names_one_of_the_model(answer: Answer) -> None:
    lines = {line.name for graph in graphs().values() for line in (*graph.openings, *graph.lines)}
    named = {figure.source for _, figure in figures(answer.blocks) if figure.source.startswith("line ")}
    assert {source.removeprefix("line ") for source in named} - lines == set()
    assert len(named) > 10


def test_every_number_says_where_it_comes_from(answer: Answer) -> None:
    numbers = [figure for _, figure in figures(answer.blocks) if isinstance(figure.value, float | int)]
    assert [figure.name for figure in numbers if not figure.source or not figure.label] == []


def test_the_document_tells_the_tree_with_labels_units_and_grades(answer: Answer, ring: Projection) -> None:
    blocks = {block["name"]: block for block in json.loads(to_json(document(answer)))["answer"]}
    cash = next(figure for figure in blocks["position"]["figures"] if figure["name"] == "cash")
    given = ring.company.figure("treasury", None, "cash")
    assert (cash["label"], cash["value"], cash["unit"]) == ("Unrestricted cash", given.value, given.unit)
    assert (cash["grade"], cash["source"], cash["month"]) == (given.grade, "input treasury.cash", "2026-03-31")


def test_a_name_that_is_not_in_the_tree_is_an_error(answer: Answer) -> None:
    with pytest.raises(KeyError, match="no cach among cash, "):
        _ = answer["position"]["cach"]
    with pytest.raises(KeyError, match="no posture among identities, run, position"):
        _ = answer["posture"]


def test_a_figure_that_is_a_line_is_called_as_the_line(answer: Answer) -> None:
    """What the page and the report say is what the workbook's row and the table's column say, in the same unit."""
    lines = {line.name: line for graph in graphs_together().values() for line in graph.lines if not line.scope}
    for _, figure in figures(answer.blocks):
        if figure.source == f"line {figure.name}" and figure.name in lines and figure.unit:
            line = lines[figure.name]
            assert (figure.label.removesuffix(", central path"), figure.unit) == (line.label, line.unit)
