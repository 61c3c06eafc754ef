"""Every way an input file can be wrong, and the words it is told in: the galleries ``toy/*_faults.toml``."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

import pytest

from corpfin.inputs.documents import Defaults
from corpfin.inputs.errors import InputError
from corpfin.inputs.load import load_company, load_market, load_scenario

TOY = Path(__file__).parent / "toy"
KINDS = ("company", "market", "scenario")
GALLERIES = {kind: tomllib.loads((TOY / f"{kind}_faults.toml").read_text(encoding="utf-8")) for kind in KINDS}
JARGON = ("Input should", "validation error", "Traceback", "pydantic", "None", "dict", "float", "str ")
ODD_VALUES = [
    "nan",
    "-inf",
    "1e400",
    "9" * 400,
    "-1",
    "true",
    '""',
    '"x"',
    "[]",
    "[[1]]",
    "{}",
    "1970-01-01",
    "07:30:00",
]


def broken(kind: str, *names: str) -> str:
    """The toy file of a kind with the named faults of its gallery put in."""
    text = (TOY / f"{kind}.toml").read_text(encoding="utf-8")
    for name in names:
        old, new = GALLERIES[kind][name]["old"], GALLERIES[kind][name]["new"]
        assert text.count(old) == 1, f"{name}: {old!r} stands {text.count(old)} times in the toy {kind}"
        text = text.replace(old, new)
    return text


def refusal(file: Path, kind: str, text: str, defaults: Defaults) -> InputError:
    """The error that loading a file with this text raises."""
    file.write_text(text, encoding="utf-8")
    load = {"company": partial(load_company, defaults=defaults), "market": load_market, "scenario": load_scenario}[kind]
    with pytest.raises(InputError) as caught:
        load(file)
    return caught.value


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in GALLERIES[kind]])
def test_one_fault(kind: str, name: str, tmp_path: Path, defaults: Defaults) -> None:
    said = str(refusal(tmp_path / "toy.toml", kind, broken(kind, name), defaults)).splitlines()
    assert said == [f"toy.toml: {line}" for line in GALLERIES[kind][name]["says"].splitlines()]


def test_the_company_gallery_is_large() -> None:
    assert len(GALLERIES["company"]) >= 45


def test_no_message_speaks_to_programmers() -> None:
    said = [fault["says"] for gallery in GALLERIES.values() for fault in gallery.values()]
    assert [line for line in said for word in JARGON if word in line] == []


def test_five_faults_are_told_together(tmp_path: Path, defaults: Defaults) -> None:
    names = ("per-cent", "misspelt-word", "missing-key", "unused-source", "delivered")
    said = str(refusal(tmp_path / "toy.toml", "company", broken("company", *names), defaults)).splitlines()
    assert sorted(said) == sorted(f"toy.toml: {GALLERIES['company'][name]['says']}" for name in names)


def test_a_problem_can_be_taken_apart(tmp_path: Path, defaults: Defaults) -> None:
    error = refusal(tmp_path / "toy.toml", "company", broken("company", "misspelt-word"), defaults)
    (problem,) = error.problems
    assert error.kind == "INVALID"
    assert (problem.file, problem.key, problem.value) == ("toy.toml", "debt.conv-2031.kind", "convertable")
    assert (problem.message, problem.nearest) == ("is not known here", "convertible")
    assert problem.allowed == "term, convertible, btc_loan, revolver or equipment"


def test_neither_value_nor_default(tmp_path: Path, company_text: str, defaults: Defaults) -> None:
    values = {table: {k: v for k, v in given.items() if k != "pool_fee"} for table, given in defaults.values.items()}
    without = Defaults(values, defaults.provenance)
    assert str(refusal(tmp_path / "toy.toml", "company", company_text, without)) == (
        "toy.toml: fleet.north.pool_fee: is not given: Share of the reward kept by the pool; "
        "give it or add a default to [defaults.fleet]; allowed 0 or more and below 1"
    )


def test_tables_that_are_no_tables(tmp_path: Path, company_text: str, defaults: Defaults) -> None:
    tables, _, provenance = company_text.partition("[sources]")
    text = f"sources = 3\n{tables}[[source]]{provenance.partition('[[source]]')[2]}"
    said = str(refusal(tmp_path / "toy.toml", "company", text, defaults))
    assert "toy.toml: sources: is not written as a table here; its heading is [sources]" in said.splitlines()


def test_a_market_needs_machines_and_default_tables(tmp_path: Path, defaults: Defaults) -> None:
    text = (TOY / "market.toml").read_text(encoding="utf-8")
    head, known, price = text.partition("[[machine]]")[0], *text.partition("[[known_month]]")[1:]
    defaulted, _, sources = price.partition("[defaults.equity]")
    text = f"machine = []\ndefaults = 3\n{head}{known}{defaulted}[sources]{sources.partition('[sources]')[2]}"
    said = str(refusal(tmp_path / "toy.toml", "market", text, defaults)).splitlines()
    assert "toy.toml: machine: needs at least one block [[machine]]" in said
    assert "toy.toml: defaults = 3: is not written as a table; its headings are [defaults.equity] and so on" in said


@pytest.mark.parametrize("odd", ODD_VALUES, ids=lambda odd: odd[:12])
def test_any_odd_value_is_told_or_taken(odd: str, tmp_path: Path, company_text: str, defaults: Defaults) -> None:
    """Whatever stands behind any equals sign, nothing but InputError comes out."""
    lines = company_text.splitlines()
    file = tmp_path / "toy.toml"
    told = 0
    for number, line in enumerate(lines):
        if " = " in line:
            odd_line = f"{line.partition(' = ')[0]} = {odd}"
            file.write_text("\n".join([*lines[:number], odd_line, *lines[number + 1 :]]), encoding="utf-8")
            try:
                load_company(file, defaults)
            except InputError:
                told += 1
    assert told > 30


def test_a_new_file_without_grades_is_told_in_a_line_a_table(tmp_path: Path, defaults: Defaults) -> None:
    """Dozens of figures without grade are one thing to do, said once for each table."""
    text = (TOY / "company.toml").read_text(encoding="utf-8")
    head, *_ = text.partition("[sources]\n")
    file = tmp_path / "company.toml"
    file.write_text(head + "[sources]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_company(file, defaults)
    bare = [problem for problem in caught.value.problems if "no grade" in problem.message]
    assert len(bare) == len({problem.key.partition(".")[0] for problem in bare})
    (treasury,) = (problem for problem in bare if problem.key.startswith("treasury"))
    assert 'add "treasury" = { grade = ..., source = ... }' in treasury.message
    assert "cash, " in treasury.message
