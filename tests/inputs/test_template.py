"""The annotated blank: made from the declarations, complete, and refused as long as it is blank."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Defaults
from corpfin.inputs.errors import InputError
from corpfin.inputs.find import shipped
from corpfin.inputs.load import load_company
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.provenance import Citation, Documents
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import declared
from corpfin.inputs.template import company_template

REFRESH = "python -c 'from corpfin.inputs.template import company_template as t; print(t(), end=\"\")'"


def test_the_shipped_blank_is_the_one_the_declarations_make() -> None:
    shipped_text = (shipped("templates") / "company.toml").read_text(encoding="utf-8")
    assert shipped_text == company_template(), f"write it anew: {REFRESH} > templates/company.toml"


def test_every_field_has_its_line() -> None:
    blank = company_template()
    for name, shape in (layout(CompanyTables) | layout(Documents)).items():
        block = blank.partition(f"[[{name}]]\n" if shape.repeats else f"[{name}]\n")[2].partition("\n\n")[0]
        for field in declared(shape.table).values():
            start = f"\n{'' if field.required and name != 'notes' else '# '}{field.name} = "
            assert start in f"\n{block}", f"{name}.{field.name}"
            assert field.spec.meaning in block


def test_every_required_blank_is_told(tmp_path: Path, defaults: Defaults) -> None:
    file = tmp_path / "new.toml"
    file.write_text(company_template(), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_company(file, defaults)
    blanks = [field for block in tomllib.loads(company_template()).values() for field in _values(block) if field == ""]
    assert [problem.message.partition(";")[0] for problem in caught.value.problems] == ["is blank"] * len(blanks)


@pytest.mark.parametrize("tables", [CompanyTables, MarketTables, ScenarioTables, Documents])
def test_every_declared_field_can_be_described(tables: type) -> None:
    for shape in layout(tables).values():
        for field in declared(shape.table).values():
            assert field.spec.meaning
            assert field.expected
            assert field.allowed is None or field.allowed


def test_a_citation_is_declared_like_any_table() -> None:
    assert declared(Citation)["grade"].words == ("reported", "derived", "estimated")


def _values(block: object) -> list[object]:
    blocks = block if isinstance(block, list) else [block]
    return [value for item in blocks for value in item.values()]
