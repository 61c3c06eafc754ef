"""A column is said once: table, docstring, page and book read the same object; errors are named after their column."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.columns import ERROR, TEXT, TRUTH, Column, Place, described, frame, on_page
from corpfin.common.defaults import BACKTEST_MONTHS, MONTHS
from corpfin.runs.outcome import summary_columns
from corpfin.studies import judged_columns
from corpfin.workbook.settings import load_settings


def columns_of(result: type) -> Callable[[], tuple[Column[Any], ...]]:
    """The columns of a result's class, over the usual months."""
    module = import_module(result.__module__)
    months = BACKTEST_MONTHS if result is cf.Backtest else MONTHS
    return lambda: module.COLUMNS if hasattr(module, "COLUMNS") else module.columns(months)


RESULTS = {
    result: columns_of(result)
    for result in (cf.Backtest, cf.Comparison, cf.Stress, cf.Drivers, cf.Lifeline, cf.WatchList, cf.Roll, cf.Diff)
}
JUDGED = ("RANKED", "LEVELS", "CALIBRATION", "FIGURES", "COVERED", "GROWTH", "GROWN")
TABLES = {
    **{result.__name__: columns for result, columns in RESULTS.items()},
    **{name: lambda name=name: getattr(judged_columns, name) for name in JUDGED},
    "summary": lambda: summary_columns(MONTHS),
}


@pytest.mark.parametrize("table", TABLES)
def test_names_and_labels_are_unique_and_everything_is_said(table: str) -> None:
    columns = TABLES[table]()
    assert len({column.name for column in columns}) == len({column.label for column in columns}) == len(columns)
    assert all(column.unit and column.label and column.meaning for column in columns)
    assert all(len(column.label) <= 60 for column in columns)


@pytest.mark.parametrize("table", TABLES)
def test_an_error_belongs_to_a_column_of_its_unit(table: str) -> None:
    units = {column.name: column.unit for column in TABLES[table]()}
    errors = [name for name in units if "error" in name]
    assert all(name.endswith(ERROR) for name in errors)
    assert all(units[name] == units[name.removesuffix(ERROR)] for name in errors)


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.__name__)
def test_the_docstring_lists_every_column(result: type) -> None:
    text = " ".join(str(result.__doc__).split())
    assert all(f"``{column.name}`` [{column.unit}]: {column.meaning}." in text for column in RESULTS[result]())


def test_every_sheet_of_the_comparison_is_a_question() -> None:
    questions = {question.name for question in load_settings().comparison}
    assert {column.sheet for column in TABLES["Comparison"]()} == questions


def test_numbers_are_numbers() -> None:
    found = cf.simulate(["HIVE", "BITF"], paths=8, months=3).summary
    assert [name for name in found if not pd.api.types.is_float_dtype(found[name])] == ["first_unpaid_bill"]
    table = cf.watch(["HIVE"], paths=8).table
    kinds = {column.name: column.unit for column in TABLES["WatchList"]()}
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
