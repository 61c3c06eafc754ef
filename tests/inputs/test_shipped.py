"""The files that corpfin ships: all load, and every entry of their [sources] is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpfin.inputs.documents import Company
from corpfin.inputs.errors import InputError
from corpfin.inputs.find import MARKET, OUTCOMES, known_companies, known_scenarios, shipped, vintages
from corpfin.inputs.load import load_companies, load_company, load_market, load_scenario
from corpfin.inputs.provenance import covering

ENTRY = re.compile(r'^"(?P<key>[^"]+)" = \{.*\}\n', re.MULTILINE)


OF_ALL_DATES = [(str(day), ticker) for day in vintages() for ticker in known_companies(as_of=day)]


@pytest.mark.parametrize("folder", sorted(shipped("companies").iterdir()), ids=lambda folder: folder.name)
def test_a_vintage_is_of_one_date(folder: Path) -> None:
    market = load_market(folder / "market.toml")
    assert f"{market.tables.network.as_of}" == folder.name
    files = sorted(file for file in folder.glob("*.toml") if file.name not in (MARKET, OUTCOMES))
    batch = load_companies(files, market.defaults)
    assert batch.failed == {}
    assert {f"{company.as_of}" for company in batch.loaded.values()} == {folder.name}


@pytest.mark.parametrize(("as_of", "ticker"), OF_ALL_DATES)
def test_company_loads_under_its_ticker(as_of: str, ticker: str) -> None:
    company = load_company(ticker.lower(), as_of=as_of)
    assert company.ticker == ticker
    assert str(company.as_of) == str(load_market(as_of=as_of).as_of) == as_of
    assert company.grades()["reported"].figures > 0
    sources, cited = company.provenance.sources, company.provenance.citations.values()
    reported = [sources[each.source] for each in cited if each.grade == "reported" and each.source]
    told = [each.title for each in reported if "third party" in each.title.lower()]
    assert told == [], "what a third party makes of a filing is not reported by the company"


@pytest.mark.parametrize("name", known_scenarios())
def test_scenario_loads_under_its_name(name: str) -> None:
    assert load_scenario(name).name == name


@pytest.mark.parametrize("name", known_scenarios())
def test_a_scenario_is_of_no_vintage(name: str) -> None:
    """Its months are counted or of every year, and its story names no year that one balance sheet has ahead of it."""
    scenario = load_scenario(name)
    months = [month for shock in scenario.shocks for month in (shock.from_month, shock.to_month) if month]
    assert not [month for month in months if re.match(r"\d{4}", month)]
    assert not re.search(r"\b20(2[4-9]|[3-9]\d)\b", scenario.story)


def needed_by(company: Company) -> set[str]:
    """The entries that a number rests on and that no shorter key stands in for."""
    cited = company.provenance.citations
    graded = [f"{row.key}.{name}" for row in company.rows for name in row.valid if row.fields[name].graded]
    return {
        key for figure in graded if (key := covering(figure, cited)) and not covering(key.rpartition(".")[0], cited)
    }


@pytest.mark.parametrize(("as_of", "ticker"), OF_ALL_DATES)
def test_dropping_source_entries_is_noticed(as_of: str, ticker: str, tmp_path: Path) -> None:
    """Without its needed entries a company does not load, and each of them is named."""
    text = known_companies(as_of=as_of)[ticker].read_text(encoding="utf-8")
    company = load_company(ticker, as_of=as_of)
    needed = needed_by(company)
    assert needed
    assert needed <= {entry["key"] for entry in ENTRY.finditer(text)}
    file = tmp_path / f"{ticker.lower()}.toml"
    file.write_text(ENTRY.sub(lambda entry: "" if entry["key"] in needed else entry[0], text), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_company(file, company.defaults)
    told = {problem.key: BARE.match(problem.message) for problem in error.value.problems}
    assert {key for key in needed if not any(covers(key, place) or covers(place, key) for place in told)} == set()
    left = company.provenance.citations.keys() - needed
    graded = [f"{row.key}.{name}" for row in company.rows for name in row.valid if row.fields[name].graded]
    bare = [figure for figure in graded if covering(figure, left) is None]
    assert sum(int(found["count"] or 1) for found in told.values() if found) == len(bare)


BARE = re.compile(r"(?:(?P<count>\d+) figures have|has) no grade")


def covers(key: str, figure: str) -> bool:
    """Whether an entry is that of a figure, of its block or of its table."""
    return figure == key or figure.startswith(f"{key}.")


@pytest.mark.parametrize("ticker", ["WULF", "MARA"])
def test_dropping_one_entry_alone_is_noticed(ticker: str, tmp_path: Path) -> None:
    text = known_companies()[ticker].read_text(encoding="utf-8")
    company = load_company(ticker)
    file = tmp_path / f"{ticker.lower()}.toml"
    for key in needed_by(company):
        entry = next(entry for entry in ENTRY.finditer(text) if entry["key"] == key)
        file.write_text(text.replace(entry[0], ""), encoding="utf-8")
        with pytest.raises(InputError, match=rf"{re.escape(key)}.*ha(s|ve) no grade"):
            load_company(file, company.defaults)


def test_the_shipped_folders_are_there() -> None:
    assert (shipped("templates") / "workbook.toml").is_file()
    assert known_companies()
    assert "base" in known_scenarios()
