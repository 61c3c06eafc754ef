"""The mapping is data: what ships can be read, and what is wrong with one is said all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpfin.filings.companyfacts import read_json
from corpfin.filings.mapping import load_mapping, mapping
from corpfin.inputs import InputError, shipped
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import declared

SHAPES = layout(CompanyTables)


def test_every_mapped_field_is_one_of_a_company_file() -> None:
    for item in mapping().field:
        table, _, name = item.key.partition(".")
        assert not SHAPES[table].repeats
        assert declared(SHAPES[table].table)[name].kind == "number"


def test_every_nearest_field_is_one_of_a_company_file() -> None:
    for item in mapping().figure:
        table, _, name = item.nearest.partition(".")
        assert name in declared(SHAPES[table].table)


def test_no_tag_of_coins_held_for_others_stands_in_it() -> None:
    text = (shipped("templates") / "filings.toml").read_text(encoding="utf-8")
    assert "CryptoAssetFairValue" in text
    assert "HeldForUser" not in text


def test_a_field_that_is_divided_comes_after_what_divides_it() -> None:
    keys = [item.key for item in mapping().field]
    for item in mapping().field:
        assert item.over is None or keys.index(item.over) < keys.index(item.key)


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ('period = "instant"', 'period = "day"', ["field[treasury.cash].period: Input should be 'instant'"]),
        ("per = 1e6", "pre = 1e6", ["field[treasury.cash].pre: Extra inputs are not permitted"]),
        ('sum = ["us-gaap:Cash"]', 'sum = ["us-gaap:Cash"]\nsome = ["us-gaap:Cash"]', ["gives either sum or some"]),
        ('axis = "*" # srt:CryptoAssetAxis, and filers\' own\n', "", ["treasury.btc: member needs an axis"]),
        ('member = "(Bitcoin', 'member = "((Bitcoin', ["member is not a pattern"]),
        (
            'measures = ["USD"]\nper',
            'measures = "USD"\nper',
            ["field[treasury.cash].measures: Input should be a valid list"],
        ),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(tmp_path: Path, old: str, new: str, messages: list[str]) -> None:
    text = (shipped("templates") / "filings.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "filings.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_mapping(file)
    for message in messages:
        assert message in str(error.value)
    assert str(error.value).startswith("filings.toml: ")


def test_json_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(b"[" + b" " * (3 << 20) + b"]")
    with pytest.raises(InputError, match=r"facts\.json: is 3 MB; at most 1 MB are read"):
        read_json(file, 1 << 20)
    assert read_json(file) == []
