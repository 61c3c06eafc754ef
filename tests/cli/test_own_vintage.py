"""A company of one's own at a date of one's own, with its market: both made from the blanks, through every command."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import corpfin as cf
from corpfin.inputs import company_template, market_template
from tests.cli.conftest import Corpfin
from tests.fixtures.blanks import contents_of, filled
from tests.fixtures.world import FOLDER

AS_OF, EARLIER = "2024-12-31", -15
FEW = ("--paths", 64, "--months", 30)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one vintage: OWNA with projects, OWNB without, a market that leaves its machines to be solved."""
    folder = tmp_path_factory.mktemp("own") / AS_OF
    folder.mkdir()
    market = contents_of(FOLDER / "companies" / "market.toml", EARLIER)
    market["network"] |= {"halving_date": date(2028, 4, 17)}
    del market["network"]["installed_capacity"]
    (folder / "market.toml").write_text(filled(market_template(), market), encoding="utf-8")
    for ticker, model in (("OWNA", "hall"), ("OWNB", "tiny")):
        company = contents_of(FOLDER / "companies" / f"{model}.toml", EARLIER)
        company["company"] |= {"ticker": ticker, "name": f"{ticker}, made up"}
        (folder / f"{ticker.lower()}.toml").write_text(filled(company_template(), company), encoding="utf-8")
    return folder.parent


def test_the_own_vintage_is_the_newest_of_its_folder(own: Path) -> None:
    projection = cf.project(own / AS_OF / "owna.toml", months=60)
    assert projection.labels[0] == "2025-01"
    assert projection.monthly["block_subsidy"].iloc[[0, -1]].tolist() == [3.125, 1.5625]
    assert projection.market_case.market.figure("network", None, "installed_capacity").grade == "derived"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("check", "OWNA", "ownb"),
        ("run", "OWNA", *FEW),
        ("run", "OWNB", "--as-of", AS_OF, *FEW, "--json"),
        ("explain", "OWNA", "cash", "2025-06", "--depth", 1),
        ("compare", "--all", *FEW),
        ("stress", "OWNA", "--scenario", "btc-half", *FEW),
        ("drivers", "OWNB", *FEW),
        ("lifeline", "--all", "--as-of", AS_OF, *FEW),
        ("watch", "--all", "--paths", 64),
        ("reverse", "OWNB", "btc_price", "--at", 24, "--paths", 64),
        ("sensitivity", "OWNB", *FEW),
    ],
    ids=lambda words: words[0],
)
def test_every_command_runs_an_own_company_at_an_own_date(cli: Corpfin, own: Path, words: tuple[object, ...]) -> None:
    result = cli(*words, "--companies", own)
    assert result.exit_code == 0, result.stderr
    assert "OWN" in result.stdout or "Cash" in result.stdout


def test_its_workbook_can_be_edited_and_read_back(cli: Corpfin, own: Path, tmp_path: Path) -> None:
    where = ("--companies", own, *FEW)
    assert cli("run", "OWNB", *where, "--xlsx", tmp_path / "own.xlsx").exit_code == 0
    again = cli("run", "OWNB", *where, "--from-workbook", tmp_path / "own.xlsx")
    assert (again.exit_code, again.stderr) == (0, "Changed in own.xlsx:\n  nothing\n")


def test_companies_of_two_dates_do_not_stand_in_one_run(cli: Corpfin, own: Path) -> None:
    result = cli("compare", "OWNA", "RING", "--companies", own, *FEW)
    assert result.exit_code == 2
    assert "company.as_of = 2026-03-31: the run starts from 2024-12-31" in " ".join(result.stderr.split())
    assert "OWNA" in result.stdout
    result = cli("compare", "OWNA", "RING", "--as-of", AS_OF, "--companies", own, *FEW)
    assert "RING: as-of = 2024-12-31: there is no vintage of this date; allowed 2026-03-31" in result.stderr
    result = cli("run", "OWNA", "--as-of", "2026-03-31", "--companies", own)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "OWNA: as-of = 2026-03-31: there is no vintage of this date; allowed 2024-12-31" in result.stderr


def test_a_blank_market_is_written_and_never_over_another_file(cli: Corpfin, tmp_path: Path) -> None:
    assert cli("new", "--market", tmp_path / "market.toml").exit_code == 0
    assert (tmp_path / "market.toml").read_text(encoding="utf-8") == market_template()
    assert cli("new", "--market", tmp_path / "market.toml").exit_code == 2
    checked = cli("check", tmp_path / "market.toml")
    assert (checked.exit_code, checked.stdout) == (2, "")
    assert 'market.toml: network.halving_date = "": is blank; fill in a date' in checked.stderr


def test_a_vintage_added_moves_no_number_of_another(cli: Corpfin, own: Path, tmp_path: Path) -> None:
    older = shutil.copytree(own / AS_OF, tmp_path / AS_OF)
    words = ("run", "OWNB", "--companies", tmp_path, *FEW, "--json")
    before = cli(*words, "--as-of", AS_OF)
    assert before.exit_code == 0
    newer = tmp_path / "2025-03-31"
    newer.mkdir()
    for file in older.glob("*.toml"):
        contents = contents_of(file, 3)
        if file.name == "market.toml":
            contents["network"] |= {"halving_date": date(2028, 4, 17), "network_hashrate": 1_200.0}
        blank = market_template() if file.name == "market.toml" else company_template()
        (newer / file.name).write_text(filled(blank, contents), encoding="utf-8")
    assert cli(*words, "--as-of", AS_OF).stdout == before.stdout
    assert '"2025-03-31"' in cli(*words).stdout
    listed = cli("list", "--companies", tmp_path).stdout
    assert f"--as-of {AS_OF}: OWNA, OWNB" in listed


def test_a_market_file_is_checked_too(cli: Corpfin, own: Path) -> None:
    checked = cli("check", own / AS_OF / "market.toml", own / AS_OF / "owna.toml")
    assert (checked.exit_code, checked.stderr) == (0, "")
    said = [line for line in checked.stdout.splitlines() if not line.startswith("  warning: ")]
    assert [line.split(",")[0] for line in said] == ["market.toml: ok", "owna.toml: ok"]
