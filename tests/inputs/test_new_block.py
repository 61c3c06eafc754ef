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

HOSTS = """\
[[host]]
id = "autumn"
kind = "air"
fee = 120.0
notice = 2026-10-31

"""
GRADE = '[sources]\n"host" = { grade = "reported", source = "release" }'


class Host(Table):
    """[[host]]: a contract with a host of machines, which no file of today has."""

    id: str = text("Name of the contract in this file", required=True, pattern=ID)
    kind: Literal["air", "liquid"] = given("", "How it cools", required=True)
    fee: float = given("USD m", "Fee", required=True, ge=0)
    notice: date = given("month", "Day of notice", required=True, future="take out what has ended")
    rack_cost: float | None = given("USD m", "Cost of racks", ge=0, absent=0, kind="liquid")


class WithHosts(CompanyTables):
    """A company file that has hosts too."""

    host: list[Host] = blocks("Hosts of machines")


@pytest.fixture
def with_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block stands in the one list of tables."""
    monkeypatch.setattr("corpfin.inputs.load.CompanyTables", WithHosts)
    monkeypatch.setattr("corpfin.inputs.template.CompanyTables", WithHosts)


@pytest.fixture
def file(tmp_path: Path, company_text: str) -> Path:
    """The toy company with one host."""
    path = tmp_path / "toy.toml"
    path.write_text(company_text.replace("[notes]", f"{HOSTS}[notes]").replace("[sources]", GRADE), encoding="utf-8")
    return path


@pytest.mark.usefixtures("with_hosts")
def test_it_loads_where_a_file_has_one_and_where_it_has_none(file: Path, company_text: str, defaults: Defaults) -> None:
    company = load_company(file, defaults)
    assert company.value("host", "fee", "autumn") == 120.0
    assert company.source_of("host", "autumn", "notice") == "reported: First quarter results (2026-05-07)"
    assert company.source_of("host", "autumn", "rack_cost") == "absent: not given, read as 0"
    file.write_text(company_text, encoding="utf-8")
    tables = load_company(file, defaults).tables
    assert isinstance(tables, WithHosts)
    assert tables.host == []


@pytest.mark.usefixtures("with_hosts")
def test_its_rules_hold(file: Path, defaults: Defaults) -> None:
    wrong = file.read_text(encoding="utf-8").replace("notice = 2026-10-31", "notice = 2026-01-31\nrack_cost = 2")
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_company(file, defaults)
    assert sorted(f"{problem}" for problem in caught.value.problems) == [
        "toy.toml: host.autumn.notice = 2026-01-31: must be after the balance-sheet date 2026-03-31; "
        "take out what has ended",
        'toy.toml: host.autumn.rack_cost = 2: belongs to kind = "liquid", not "air"',
    ]


@pytest.mark.usefixtures("with_hosts")
def test_the_blank_shows_it() -> None:
    assert "# Hosts of machines\n[[host]]\nid = " in company_template()


def test_the_model_has_its_inputs() -> None:
    assert read_by_lines(WithHosts) == read_by_lines(CompanyTables) | {"host": Host}
