"""The files that corpfin ships: all load, and every entry of their [sources] is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpfin.inputs.documents import Market
from corpfin.inputs.errors import InputError
from corpfin.inputs.find import MARKET, OUTCOMES, known_companies, known_scenarios, shipped
from corpfin.inputs.load import load_companies, load_company, load_market, load_scenario
from corpfin.inputs.provenance import covering

ENTRY = re.compile(r'^"(?P<key>[^"]+)" = \{.*\}\n', re.MULTILINE)


@pytest.fixture(scope="module")
def shipped_market() -> Market:
    return load_market()


@pytest.mark.parametrize("folder", sorted(shipped("companies").iterdir()), ids=lambda folder: folder.name)
def test_a_vintage_is_of_one_date(folder: Path) -> None:
    market = load_market(folder / "market.toml")
    assert f"{market.tables.network.as_of}" == folder.name
    files = sorted(file for file in folder.glob("*.toml") if file.name not in (MARKET, OUTCOMES))
    batch = load_companies(files, market.defaults)
    assert batch.failed == {}
    assert {f"{company.as_of}" for company in batch.loaded.values()} == {folder.name}


@pytest.mark.parametrize("ticker", known_companies())
def test_company_loads_under_its_ticker(ticker: str, shipped_market: Market) -> None:
    company = load_company(ticker.lower(), shipped_market.defaults)
    assert company.ticker == ticker
    assert company.as_of == shipped_market.tables.network.as_of
    assert company.grades()["reported"].figures > 0


@pytest.mark.parametrize("name", known_scenarios())
def test_scenario_loads_under_its_name(name: str) -> None:
    assert load_scenario(name).name == name


@pytest.mark.parametrize("ticker", known_companies())
def test_dropping_a_source_entry_is_noticed(ticker: str, shipped_market: Market, tmp_path: Path) -> None:
    """Without any entry that a number rests on, and that no shorter key stands in for, the company must not load."""
    text = known_companies()[ticker].read_text(encoding="utf-8")
    company = load_company(ticker, shipped_market.defaults)
    cited = company.provenance.citations
    graded = [f"{row.key}.{name}" for row in company.rows for name in row.valid if row.fields[name].graded]
    needed = {
        key for figure in graded if (key := covering(figure, cited)) and not covering(key.rpartition(".")[0], cited)
    }
    file = tmp_path / f"{ticker.lower()}.toml"
    for entry in ENTRY.finditer(text):
        if entry["key"] in needed:
            file.write_text(text.replace(entry[0], ""), encoding="utf-8")
            with pytest.raises(InputError, match=rf"{re.escape(entry['key'])}.*has no grade"):
                load_company(file, shipped_market.defaults)
    assert needed
    assert needed <= {entry["key"] for entry in ENTRY.finditer(text)}


def test_the_shipped_folders_are_there() -> None:
    assert (shipped("templates") / "workbook.toml").is_file()
    assert known_companies()
    assert "base" in known_scenarios()
