"""A file written from a filing: what matched is new and cited, what did not is said, and what is there stays."""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path

import pytest

from corpfin.common.toml_text import toml_file
from corpfin.filings.files import read_filings
from corpfin.filings.refresh import Refresh, refresh
from corpfin.filings.write import write_company
from corpfin.inputs import InputError, Market, load_company, load_market
from corpfin.inputs.edit import edited
from corpfin.runs.projection import project
from tests.filings.made import Document
from tests.filings.test_debts import machine_loan
from tests.fixtures.world import FOLDER, TICKERS

pytestmark = pytest.mark.usefixtures("offline")

CASH = "us-gaap:CashAndCashEquivalentsAtCarryingValue"


def quarter(folder: Path, day: str = "March 31, 2026", end: str = "2026-03-31") -> Path:
    """A filing of a date, with cash, pay in shares and a loan."""
    document = Document(period=day).millions(CASH, "9", end)
    document.millions("us-gaap:ShareBasedCompensation", "3", end, "2026-01-01")
    machine_loan(document)
    document.contexts = {(start, end if stop == "2026-06-30" else stop, members): name
                         for (start, stop, members), name in document.contexts.items()}  # fmt: skip
    return document.write(folder / "0000000042-26-000007" / "tiny.htm")


def held(company: str | Path, file: Path) -> Refresh:
    return refresh(load_company(company), read_filings([file]), {})


def defaults():  # type: ignore[no-untyped-def]
    return load_market().defaults


def test_what_matched_is_written_with_grade_and_accession(tmp_path: Path) -> None:
    out = tmp_path / "new.toml"
    left = write_company(out, held("TINY", quarter(tmp_path)), defaults(), force=False)
    assert left == []
    company, before = load_company(out, defaults()), load_company("TINY")
    assert (company.tables.treasury.cash, company.tables.costs.stock_compensation) == (9.0, 3.0)
    assert {debt.id: debt.principal for debt in company.tables.debt} == {"btc-loan": 30.0, "machines": 8.0}
    for key in ("treasury.cash", "debt.machines.principal"):
        citation = company.provenance.of(key)
        assert citation is not None
        assert (citation.grade, citation.source, citation.low) == ("reported", "filing-0000000042-26-000007", None)
        assert company.provenance.source_text(citation).startswith(
            "10-Q for 2026-03-31, accession 0000000042-26-000007"
        )
    changed = {"treasury.cash", "costs.stock_compensation", "debt.machines.principal"}
    for row in before.rows:
        (after,) = (other for other in company.rows if other.key == row.key)
        for name, value in row.written.items():
            assert (after.written[name] == value) == (f"{row.key}.{name}" not in changed)
            if f"{row.key}.{name}" not in changed:
                assert company.provenance.of(f"{row.key}.{name}") == before.provenance.of(f"{row.key}.{name}")
    assert out.read_text(encoding="utf-8").startswith(before.file.read_text(encoding="utf-8").splitlines()[0])


def test_a_moved_date_leaves_what_the_filing_lacks_as_an_estimate(tmp_path: Path) -> None:
    base = tmp_path / "tiny.toml"
    text = load_company("TINY").file.read_text(encoding="utf-8")
    cut = text.index("[[offering]]"), text.index("[[debt]]")
    text = (text[: cut[0]] + text[cut[1] :]).replace('"offering" = { grade = "reported", source = "release" }\n', "")
    base.write_text(text, encoding="utf-8")
    out = tmp_path / "rolled.toml"
    left = write_company(out, held(base, quarter(tmp_path, "June 30, 2026", "2026-06-30")), defaults(), force=False)
    assert "treasury.btc: still of 2026-03-31, not in the filing" in left
    assert "debt.btc-loan.principal: still of 2026-03-31, not in the filing" in left
    company = load_company(out, defaults())
    assert company.as_of == date(2026, 6, 30)
    citation = company.provenance.of("treasury.btc")
    assert citation is not None
    assert (citation.grade, citation.why) == ("estimated", "Of 2026-03-31; not found in the filing of 2026-06-30")
    cash = company.provenance.of("treasury.cash")
    assert cash is not None
    assert cash.grade == "reported"
    assert (
        project(company, months=3, market=market_of_june(tmp_path / "market.toml")).monthly.loc["2026-07"].notna().any()
    )


def market_of_june(file: Path) -> Market:
    """The frozen market as if it began in July."""
    contents = tomllib.loads((FOLDER / "companies" / "market.toml").read_text(encoding="utf-8"))
    contents["network"]["as_of"] = date(2026, 6, 30)
    del contents["known_month"]
    contents["sources"] = {
        key: entry for key, entry in contents["sources"].items() if not key.startswith("known_month")
    }
    file.write_text(toml_file(contents), encoding="utf-8")
    return load_market(file)


def test_a_file_that_would_not_pass_is_not_written(tmp_path: Path) -> None:
    out = tmp_path / "rolled.toml"
    with pytest.raises(InputError) as error:  # the offering of 31 May lies before the new balance sheet
        write_company(out, held("TINY", quarter(tmp_path, "June 30, 2026", "2026-06-30")), defaults(), force=False)
    assert "rolled.toml: offering.chairman.offering_date = 2026-05-31" in str(error.value)
    assert "nothing is written" in str(error.value)
    assert "corpfin roll" in str(error.value)
    assert os.listdir(tmp_path) == ["0000000042-26-000007"]


def test_a_filing_that_matches_nothing_writes_nothing(tmp_path: Path) -> None:
    found = held("TINY", Document().millions("us-gaap:Assets", "500").write(tmp_path / "tiny.htm"))
    with pytest.raises(InputError, match=r"new\.toml: is not written: no figure of the filing matches the file"):
        write_company(tmp_path / "new.toml", found, defaults(), force=False)
    assert os.listdir(tmp_path) == ["tiny.htm"]


def test_a_file_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "new.toml"
    out.write_text("mine", encoding="utf-8")
    found = held("TINY", quarter(tmp_path))
    with pytest.raises(FileExistsError, match="exists already and is left as it is; --force"):
        write_company(out, found, defaults(), force=False)
    assert out.read_text(encoding="utf-8") == "mine"
    write_company(out, found, defaults(), force=True)
    assert load_company(out, defaults()).tables.treasury.cash == 9.0


@pytest.mark.parametrize("ticker", TICKERS)
def test_a_file_edited_in_nothing_is_the_file(ticker: str, tmp_path: Path) -> None:
    before = load_company(ticker)
    out = tmp_path / before.file.name
    out.write_text(toml_file(edited(before, {})), encoding="utf-8")
    after = load_company(out, before.defaults)
    assert after.tables == before.tables
    assert after.provenance == before.provenance
    assert (after.notes, after.left_out) == (before.notes, before.left_out)


def test_a_market_edited_in_nothing_is_the_market(tmp_path: Path) -> None:
    before = load_market()
    out = tmp_path / "market.toml"
    out.write_text(toml_file(edited(before, {})), encoding="utf-8")
    after = load_market(out)
    assert after.tables == before.tables
    assert after.defaults.values == before.defaults.values
    assert after.provenance == before.provenance
    assert "[defaults.equity]\n" in out.read_text(encoding="utf-8")
