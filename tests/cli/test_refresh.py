"""``corpfin refresh``: a company held against its filings, the market against the chain."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from corpfin.inputs import load_company, load_market
from tests.filings.made import Document
from tests.filings.test_chain import made

Corpfin = Callable[..., Result]


@pytest.fixture
def filing(tmp_path: Path) -> Path:
    """A filing of TINY for the date of its file."""
    document = Document(period="March 31, 2026")
    document.millions("us-gaap:CashAndCashEquivalentsAtCarryingValue", "9", "2026-03-31")
    document.number("us-gaap:CryptoAssetNumberOfUnits", "1,005", "2026-03-31", unit="tiny:Bitcoin")
    document.millions("us-gaap:CryptoAssetFairValue", "68", "2026-03-31")
    document.number("us-gaap:CryptoAssetCost", "40.2", "2026-03-31", scale="6")
    return document.write(tmp_path / "0000000042-26-000007" / "tiny.htm")


def test_the_table_says_what_matches_is_new_has_vanished_and_is_not_taken(cli: Corpfin, filing: Path) -> None:
    result = cli("refresh", "TINY", filing)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "Tiny Hash Ltd. (tiny.toml, as of 2026-03-31) against its filing for 2026-03-31"
    assert "matched: the file and the filing both give it" in lines
    (cash,) = (line.split() for line in lines if line.startswith("  treasury.cash"))
    assert cash[1:5] == ["7.5", "9", "USD", "m"]
    assert cash[-1] == "0000000042-26-000007"
    assert "      x 68,000 = 68.3, fair value 68.0 USD m: agrees" in lines
    assert any(line.startswith("  treasury.btc_tax_basis") for line in lines)
    assert "vanished: the file gives it, the filing does not" in lines
    assert result.stderr == ""


def test_the_table_as_a_file(cli: Corpfin, filing: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    found = cli("refresh", "TINY", filing, "--csv", file)
    assert (found.exit_code, found.stderr) == (0, f"{file} written\n")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["group", "field", "file", "filing", "unit", "tag", "context", "accession", "check"]
    assert {"matched", "new", "vanished"} == {row["group"] for row in rows}


def test_what_is_written_can_be_checked_and_run(cli: Corpfin, filing: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"
    written = cli("refresh", "TINY", filing, "--write", out)
    assert written.exit_code == 0, written.stderr
    assert written.stderr.startswith(f"{out} written\nthen run: corpfin check {out}\n")
    assert load_company(out).tables.treasury.btc == 1005.0
    checked = cli("check", out)
    assert checked.exit_code == 0, checked.stderr
    assert "new.toml: ok, Tiny Hash Ltd., as of 2026-03-31" in checked.stdout
    again = cli("refresh", out, filing)
    (btc,) = (line.split() for line in again.stdout.splitlines() if line.startswith("  treasury.btc "))
    assert btc[1:3] == ["1,005", "1,005"]


def test_a_file_that_is_there_stays_unless_forced(cli: Corpfin, filing: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"
    out.write_text("mine", encoding="utf-8")
    refused = cli("refresh", "TINY", filing, "--write", out)
    assert (refused.exit_code, out.read_text(encoding="utf-8")) == (2, "mine")
    assert "exists already and is left as it is; --force writes over it" in refused.stderr
    assert cli("refresh", "TINY", filing, "--write", out, "--force").exit_code == 0
    assert load_company(out).tables.treasury.cash == 9.0


def test_a_pasted_table_of_monthly_updates(cli: Corpfin, tmp_path: Path) -> None:
    table, out = tmp_path / "updates.csv", tmp_path / "new.toml"
    table.write_text("month,btc_mined,source\n2026-06,410,June update\n", encoding="utf-8")
    result = cli("refresh", "TINY", table, "--write", out)
    assert result.exit_code == 0, result.stderr
    assert "against what was pasted" in result.stdout
    assert [month.month for month in load_company(out).tables.known_month] == ["2026-06"]
    assert cli("check", out).exit_code == 0


def test_the_market_against_the_chain(cli: Corpfin, tmp_path: Path) -> None:
    out = tmp_path / "market.toml"
    result = cli("refresh", "--market", *made(tmp_path), "--write", out)
    assert result.exit_code == 0, result.stderr
    assert "market.toml, as of 2026-03-31, against the chain" in result.stdout
    assert load_market(out).tables.known_month[-1].price_end == 64_100.0
    again = cli("refresh", "--market", out, *made(tmp_path))
    assert again.exit_code == 0, again.stderr
    (end,) = (line.split() for line in again.stdout.splitlines() if "2026-06.price_end" in line)
    assert end[1:3] == ["64,100", "64,100"]


MISTAKES = {
    "nothing": (("refresh",), "name a company"),
    "no files": (("refresh", "TINY"), "give what to read, or --fetch"),
    "no such file": (("refresh", "TINY", "nowhere.htm"), "nowhere.htm is no file that is there"),
    "no such company": (("refresh", "TINNY", "made.htm"), "nearest is TINY"),
    "no chain files": (("refresh", "--market"), "give what to read, or --fetch"),
    "a filing for the chain": (("refresh", "--market", "made.htm"), "made.htm: line 1, column 1, byte 0: is not JSON"),
    "no markup": (("refresh", "TINY", "made.json"), "is not of the company-facts form"),
    "neither": (("refresh", "TINY", "made.txt"), "made.txt: line 1, column 1, byte 0: is not JSON"),
    "no folder": (("refresh", "TINY", "made.htm", "--write", "nowhere/x.toml"), "nowhere"),
}


@pytest.mark.parametrize(("words", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named(
    cli: Corpfin, words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"made.htm": "<html></html>", "made.json": '{"a": 1}', "made.txt": "Cash 9"}
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    result = cli(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert sorted(os.listdir(tmp_path)) == sorted(files)
