"""The annotated blanks: made from the declarations, complete, and refused as long as they are blank."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Defaults
from corpfin.inputs.errors import InputError
from corpfin.inputs.fields import Table
from corpfin.inputs.find import shipped
from corpfin.inputs.load import DEFAULTED, load_company, load_market
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.provenance import Citation, Documents
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import declared
from corpfin.inputs.template import company_template, market_template

BLANKS: dict[str, Callable[[], str]] = {"company": company_template, "market": market_template}
TABLES: dict[str, type[Table]] = {"company": CompanyTables, "market": MarketTables}
REFRESH = "python -c 'from corpfin.inputs.template import {0}_template as t; print(t(), end=\"\")' > templates/{0}.toml"


@pytest.mark.parametrize("kind", BLANKS)
def test_the_shipped_blank_is_the_one_the_declarations_make(kind: str) -> None:
    shipped_text = (shipped("templates") / f"{kind}.toml").read_text(encoding="utf-8")
    assert shipped_text == BLANKS[kind](), f"write it anew: {REFRESH.format(kind)}"


@pytest.mark.parametrize("kind", BLANKS)
def test_every_field_has_its_line(kind: str) -> None:
    for name, shape in (layout(TABLES[kind]) | layout(Documents)).items():
        block = block_of(BLANKS[kind](), f"[[{name}]]" if shape.repeats else f"[{name}]")
        for field in declared(shape.table).values():
            to_fill_in = field.required and (shape.required or shape.repeats)
            start = f"\n{'' if to_fill_in else '# '}{field.name} = "
            assert start in f"\n{block}", f"{name}.{field.name}"
            assert field.spec.meaning in block


def test_every_field_that_may_have_a_default_has_its_line() -> None:
    """To be filled in where nothing else says what the model reads, else commented out."""
    for name, table in DEFAULTED.items():
        block = block_of(market_template(), f"[defaults.{name}]")
        for field in declared(table).values():
            lines = block.count(f"\n{field.name} = "), block.count(f"\n# {field.name} = ")
            may = field.spec.model and not field.required and not field.spec.needed
            needed = field.spec.absent is None
            assert lines == (may and needed, may and not needed), f"{name}.{field.name}"


def test_what_only_one_kind_has_says_so() -> None:
    block = block_of(company_template(), "[[debt]]")
    (collateral,) = (line for line in block.splitlines() if line.startswith("# collateral_btc"))
    assert collateral.endswith('Bitcoin pledged for this loan. Only for kind = "btc_loan". Left out: 0')
    (price,) = (line for line in block.splitlines() if line.startswith("# conversion_price"))
    assert price.endswith('Price at which the notes convert. Only for kind = "convertible", which must give it')


@pytest.mark.parametrize("kind", BLANKS)
def test_every_required_blank_is_told(kind: str, tmp_path: Path, defaults: Defaults) -> None:
    file = tmp_path / "new.toml"
    file.write_text(BLANKS[kind](), encoding="utf-8")
    load: Callable[[Path], object] = partial(load_company, defaults=defaults) if kind == "company" else load_market
    with pytest.raises(InputError) as caught:
        load(file)
    blanks = [value for value in values(tomllib.loads(BLANKS[kind]())) if value in ("", [])]
    told = ["is blank" if value == "" else "is not a full list of the words known here" for value in blanks]
    assert sorted(problem.message.partition(";")[0] for problem in caught.value.problems) == sorted(told)


@pytest.mark.parametrize("tables", [CompanyTables, MarketTables, ScenarioTables, Documents])
def test_every_declared_field_can_be_described(tables: type) -> None:
    for shape in layout(tables).values():
        for field in declared(shape.table).values():
            assert field.spec.meaning
            assert field.expected
            assert field.allowed is None or field.allowed


@pytest.mark.parametrize("name", layout(CompanyTables))
def test_the_kind_that_a_field_names_exists(name: str) -> None:
    fields = declared(layout(CompanyTables)[name].table)
    named = {kind for field in fields.values() for kind in field.spec.kinds}
    assert named <= set(fields["kind"].words if "kind" in fields else ())


def test_a_citation_is_declared_like_any_table() -> None:
    assert declared(Citation)["grade"].words == ("reported", "derived", "estimated")


def block_of(blank: str, heading: str) -> str:
    """The lines below a heading, up to the next blank one."""
    return "\n" + blank.partition(f"{heading}\n")[2].partition("\n\n")[0]


def values(contents: Any) -> Iterator[Any]:
    """Every value that a file's contents hold, blocks and tables taken apart."""
    match contents:
        case dict():
            for inner in contents.values():
                yield from values(inner)
        case [dict(), *_]:
            for inner in contents:
                yield from values(inner)
        case _:
            yield contents


def test_the_blank_scenario_is_the_generated_one() -> None:
    from corpfin.inputs import find
    from corpfin.inputs.template import scenario_template

    blank = (find.shipped("templates") / "scenario.toml").read_text(encoding="utf-8")
    remedy = "python -c 'from corpfin.inputs.template import scenario_template as t; print(t(), end=\"\")'"
    assert blank == scenario_template(), f"write it anew: {remedy} > templates/scenario.toml"
    tables = {line for line in blank.splitlines() if line.startswith("[")}
    assert tables == {"[scenario]", "[[shock]]"}
