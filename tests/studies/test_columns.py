"""A column is said once: table, docstring, page and book read the same object; errors are named after their column."""

import re
from collections.abc import Sequence

import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.columns import ERROR, TEXT, TRUTH, Column, Heading, Place, described, frame, on_page
from corpfin.common.defaults import BACKTEST_MONTHS, MONTHS
from corpfin.runs.readings import BILLS
from corpfin.runs.together import graphs_together
from corpfin.studies.tables import TABLES
from corpfin.workbook.settings import load_settings

RESULTS = {
    cf.Backtest: "backtest",
    cf.Comparison: "compare",
    cf.Stress: "stress",
    cf.Drivers: "drivers",
    cf.Lifeline: "lifeline",
    cf.WatchList: "watch",
    cf.SectorStudy: "sector",
    cf.Rare: "rare",
    cf.Roll: "roll",
    cf.Diff: "diff",
}
"""Results whose docstring lists the columns of their table, by the name of the study."""

OF_ROW = ("level", "unit")
"""Units that a row has of its own."""

CODED = {"first_unpaid_bill": BILLS}
"""Lines that are codes, told in words in a table."""


def columns_of(table: str) -> Sequence[Heading]:
    """The columns of a table over the usual months."""
    return TABLES[table](BACKTEST_MONTHS if table.startswith("backtest") else MONTHS)


@pytest.mark.parametrize("table", TABLES)
def test_names_and_labels_are_unique_and_everything_is_said(table: str) -> None:
    columns = columns_of(table)
    assert len({column.name for column in columns}) == len({column.label for column in columns}) == len(columns)
    assert all(column.unit and column.label and column.meaning for column in columns)
    assert all(len(column.label) <= 60 for column in columns)
    assert all(re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", column.name) for column in columns)


@pytest.mark.parametrize("table", TABLES)
def test_an_error_belongs_to_a_column_of_its_unit(table: str) -> None:
    units = {column.name: column.unit for column in columns_of(table)}
    errors = [name for name in units if name.endswith(ERROR)]
    assert all(units[name] == units[name.removesuffix(ERROR)] for name in errors)


def test_one_thing_has_one_name_in_all_tables() -> None:
    """A name stands for one label and unit, a label for one name, wherever they are used."""
    names: dict[str, set[tuple[str, str]]] = {}
    labels: dict[str, set[str]] = {}
    for table in TABLES:
        for column in columns_of(table):
            unit = "of its row" if column.unit in OF_ROW else column.unit
            names.setdefault(column.name, set()).add((column.label, unit))
            labels.setdefault(column.label, set()).add(column.name)
    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    assert {label: found for label, found in labels.items() if len(found) > 1} == {}


def test_a_column_called_as_a_line_is_that_line() -> None:
    """The same label and unit in the table, on the page, in the file and in the workbook's row."""
    lines = {line.name: (line.unit, line.label) for graph in graphs_together().values() for line in graph.lines
             if not line.scope}  # fmt: skip
    for table in TABLES:
        for column in columns_of(table):
            if column.name in lines and column.unit not in (TEXT, TRUTH):
                assert (column.unit, column.label) == lines[column.name], f"{table}.{column.name}"
            elif column.name in lines:
                assert column.label == lines[column.name][1]
                assert column.name in CODED


def test_a_heading_of_a_page_is_made_of_words_of_its_column() -> None:
    """Whoever reads a page finds the column: each word of its heading begins a word of the name or the label."""
    for table in TABLES:
        for column in columns_of(table):
            words = re.findall(r"[a-z]+", f"{column.name} {column.label}".lower())
            for place in column.places if isinstance(column, Column) else ():
                said = re.findall(r"[a-z]+", re.sub(r"\[.*\]", "", place.heading.lower()))
                strange = [word for word in said if not any(each.startswith(word[:4]) for each in words)]
                assert strange == [], f"{table}.{column.name}: {place.heading}"


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.__name__)
def test_the_docstring_lists_every_column(result: type) -> None:
    text = " ".join(str(result.__doc__).split())
    listed = [f"``{column.name}`` [{column.unit}]: {column.meaning}." for column in columns_of(RESULTS[result])]
    assert [entry for entry in listed if entry not in text] == []


def test_every_sheet_of_the_comparison_is_a_question() -> None:
    questions = {question.name for question in load_settings().comparison}
    assert {column.sheet for column in columns_of("compare") if isinstance(column, Column)} == questions


def test_numbers_are_numbers() -> None:
    found = cf.simulate(["HIVE", "BITF"], paths=8, months=3).summary
    assert [name for name in found if not pd.api.types.is_float_dtype(found[name])] == ["first_unpaid_bill"]
    table = cf.watch(["HIVE"], paths=8).table
    kinds = {column.name: column.unit for column in columns_of("watch")}
    for name, values in table.items():
        wanted = {TEXT: pd.api.types.is_object_dtype, TRUTH: pd.api.types.is_bool_dtype}
        assert wanted.get(kinds[str(name)], pd.api.types.is_float_dtype)(values), name


def test_a_column_added_is_in_table_listing_and_page() -> None:
    price: Column[float] = Column("price", "USD", "Price", "what it costs", lambda context: context)
    twice = Column[float](
        "twice", "USD", "Twice", "two of them", lambda context: 2 * context, lambda row: f"{row['twice']:.0f}",
        (Place("page", "two"),),
    )  # fmt: skip
    table = frame([price, twice], {"A": 1, "B": 2.5}, "company")
    assert table.to_dict("list") == {"price": [1.0, 2.5], "twice": [2.0, 5.0]}
    assert described([twice]) == "- ``twice`` [USD]: two of them."
    assert {head: column.cell(table.loc["B"]) for head, column in on_page([price, twice], "page").items()} == {
        "two": "5"
    }


def test_columns_of_a_page_stand_by_order_and_then_as_declared() -> None:
    made = [
        Column[int](name, "1", name, name, int, places=(Place("page", name, order),))
        for name, order in (("c", 1), ("a", 0), ("b", 0))
    ]
    assert list(on_page(made, "page")) == ["a", "b", "c"]
