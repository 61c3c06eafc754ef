"""A block is declared once, as a class and a field of the file's tables: loading, checks, blank and model follow."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from corpfin.inputs import company_template, load_company
from corpfin.inputs.company import ID, CompanyTables
from corpfin.inputs.documents import Defaults
from corpfin.inputs.errors import InputError
from corpfin.inputs.fields import Table, blocks, given, text
from corpfin.runs.declared import read_by_lines

ORDERS = """\
[[order]]
id = "autumn"
kind = "miners"
price = 120.0
delivery = 2026-10-31

"""
GRADE = '[sources]\n"order" = { grade = "reported", source = "release" }'


class Order(Table):
    """[[order]]: machines on order, which no file of today has."""

    id: str = text("Name of the order in this file", required=True, pattern=ID)
    kind: Literal["miners", "computers"] = given("", "What is ordered", required=True)
    price: float = given("USD m", "Price", required=True, ge=0)
    delivery: date = given("month", "Day of delivery", required=True, future="take out what is delivered")
    rack_cost: float | None = given("USD m", "Cost of racks", ge=0, absent=0, kind="computers")


class WithOrders(CompanyTables):
    """A company file that has orders too."""

    order: list[Order] = blocks("Machines on order")


@pytest.fixture
def with_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block stands in the one list of tables."""
    monkeypatch.setattr("corpfin.inputs.load.CompanyTables", WithOrders)
    monkeypatch.setattr("corpfin.inputs.template.CompanyTables", WithOrders)


@pytest.fixture
def file(tmp_path: Path, company_text: str) -> Path:
    """The toy company with one order."""
    path = tmp_path / "toy.toml"
    path.write_text(company_text.replace("[notes]", f"{ORDERS}[notes]").replace("[sources]", GRADE), encoding="utf-8")
    return path


@pytest.mark.usefixtures("with_orders")
def test_it_loads_where_a_file_has_one_and_where_it_has_none(file: Path, company_text: str, defaults: Defaults) -> None:
    company = load_company(file, defaults)
    assert company.value("order", "price", "autumn") == 120.0
    assert company.source_of("order", "autumn", "delivery") == "reported: First quarter results (2026-05-07)"
    assert company.source_of("order", "autumn", "rack_cost") == "absent: not given, read as 0"
    file.write_text(company_text, encoding="utf-8")
    tables = load_company(file, defaults).tables
    assert isinstance(tables, WithOrders)
    assert tables.order == []


@pytest.mark.usefixtures("with_orders")
def test_its_rules_hold(file: Path, defaults: Defaults) -> None:
    wrong = file.read_text(encoding="utf-8").replace("delivery = 2026-10-31", "delivery = 2026-01-31\nrack_cost = 2")
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_company(file, defaults)
    assert sorted(f"{problem}" for problem in caught.value.problems) == [
        "toy.toml: order.autumn.delivery = 2026-01-31: must be after the balance-sheet date 2026-03-31; "
        "take out what is delivered",
        'toy.toml: order.autumn.rack_cost = 2: belongs to kind = "computers", not "miners"',
    ]


@pytest.mark.usefixtures("with_orders")
def test_the_blank_shows_it() -> None:
    assert "# Machines on order\n[[order]]\nid = " in company_template()


def test_the_model_has_its_inputs() -> None:
    assert read_by_lines(WithOrders) == read_by_lines(CompanyTables) | {"order": Order}
