"""``list``, ``check``, ``explain`` and ``new``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path

import pytest
from typer.testing import Result

from corpfin.cli.app import COMMANDS
from corpfin.cli.options import command as command_of
from corpfin.inputs import company_template, known_companies, load_company
from corpfin.report.reference.write import ABOUT

Corpfin = Callable[..., Result]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder with a good company under another name and a broken one."""
    good = known_companies()["RING"].read_text(encoding="utf-8")
    (tmp_path / "good.toml").write_text(good, encoding="utf-8")
    faults = good.replace("cash = 2600.0", "cash = -1.0").replace("btc = 5.0", 'btc = "five"')
    (tmp_path / "bad.toml").write_text(faults, encoding="utf-8")
    return tmp_path


def test_list_names_every_company_and_its_grades(cli: Corpfin) -> None:
    result = cli("list")
    assert result.exit_code == 0
    heading, *rows = result.stdout.splitlines()
    assert heading.split() == ["ticker", "company", "as", "of", "reported", "derived", "estimated", "default"]
    assert [row.split()[0] for row in rows] == sorted(known_companies())
    for row in rows:
        shares = [float(cell) for cell in row.replace("%", "").split()[-4:]]
        assert sum(shares) == pytest.approx(100, abs=2)
        assert len(row) <= 100


def test_list_shows_a_broken_file_and_its_reason(cli: Corpfin, broken: Path) -> None:
    result = cli("list", "--companies", broken)
    assert result.exit_code == 2
    assert "BAD     cannot be used, see below" in result.stdout
    assert "GOOD    Ringhall Compute Inc." in result.stdout
    assert result.stderr.startswith("BAD: bad.toml: treasury.cash = -1: ")
    assert "(and 1 more)" in result.stderr


def test_check_says_ok_for_the_good(cli: Corpfin) -> None:
    result = cli("check", "RING", "digr")
    assert result.exit_code == 0
    assert result.stderr == ""
    said = [line for line in result.stdout.splitlines() if not line.startswith("  warning: ")]
    assert [line.split(",")[0] for line in said] == ["ring.toml: ok", "digr.toml: ok"]


def test_check_warns_of_a_first_quarter_unlike_the_last(cli: Corpfin) -> None:
    said = cli("check", "RING").stdout.splitlines()
    assert said[0].startswith("ring.toml: ok")
    assert [line for line in said if line.startswith("  warning: hpc_revenue: the model's first quarter comes to ")]


def test_check_gives_every_problem_and_goes_on(cli: Corpfin, broken: Path) -> None:
    result = cli("check", broken / "bad.toml", broken / "good.toml", "nobody")
    assert result.exit_code == 2
    assert result.stdout.startswith("good.toml: ok")
    first, second, third = result.stderr.splitlines()
    assert first.startswith("bad.toml: treasury.cash = -1: ")
    assert second.startswith('bad.toml: treasury.btc = "five": ')
    assert third.startswith("nobody: there is no company of this name")


def test_check_holds_a_company_against_the_market(cli: Corpfin, broken: Path) -> None:
    text = (broken / "good.toml").read_text(encoding="utf-8").replace("as_of = 2026-03-31", "as_of = 2026-02-28")
    (broken / "early.toml").write_text(text, encoding="utf-8")
    result = cli("check", broken / "early.toml")
    assert result.exit_code == 2
    assert "the run starts from 2026-03-31, and all companies of a run share its months" in result.stderr
    assert result.stdout == ""


def test_explain_walks_down_to_sources(cli: Corpfin) -> None:
    result = cli("explain", "HALL", "cash", "2027-03")
    assert result.exit_code == 0
    assert result.stdout.startswith("HALL cash in 2027-03, scenario base, central path\ncash = ")
    assert "(reported: " in result.stdout
    assert "(estimated: " in result.stdout
    assert "(default: " in result.stdout


def test_explain_takes_a_line_of_one_instance(cli: Corpfin) -> None:
    result = cli("explain", "RING", "debt.conv-2030.interest", "2026-12", "--depth", "0")
    assert result.stdout.splitlines()[1] == ("debt conv-2030: interest = 1.27397 USD m = cash_interest * recourse")


def test_explain_walks_a_simulated_path(cli: Corpfin) -> None:
    words = ("explain", "RING", "hashprice", "2027-03", "--depth", "0")
    path = cli(*words, "--path", "1500", "--seed", "7")
    assert path.stdout.startswith("RING hashprice in 2027-03, scenario base, path 1,500\n")
    assert path.stdout.splitlines()[1] != cli(*words).stdout.splitlines()[1]
    assert path.stdout == cli(*words, "--path", "1500", "--seed", "7").stdout
    assert path.stdout != cli(*words, "--path", "1500", "--seed", "8").stdout


def price(walk: str) -> float:
    """The number of a walk's first figure."""
    return float(walk.splitlines()[1].split()[2].replace(",", ""))


def test_explain_walks_a_scenario(cli: Corpfin) -> None:
    words = ("explain", "RING", "btc_close", "2027-03", "--depth", "0")
    base, half = cli(*words).stdout, cli(*words, "--scenario", "btc-half").stdout
    assert price(half) == pytest.approx(price(base) / 2, rel=1e-5)
    assert "scenario btc-half" in half


def test_new_writes_the_annotated_blank(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("new", tmp_path / "mine.toml")
    assert result.exit_code == 0
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == company_template()
    assert cli("check", tmp_path / "mine.toml").exit_code == 2


def test_new_refuses_to_overwrite(cli: Corpfin, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    result = cli("new", tmp_path / "mine.toml")
    assert result.exit_code == 2
    assert "exists already and is left as it is" in result.stderr
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "mine"


def test_own_companies_come_first(cli: Corpfin, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("check", "good", "--companies", broken).exit_code == 0
    monkeypatch.setenv("CORPFIN_COMPANIES", str(broken))
    assert load_company("GOOD").ticker == "RING"
    assert cli("check", "good").exit_code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list"]], ids=" ".join)
def test_help_and_list_load_nothing_that_computes(arguments: list[str]) -> None:
    """Half a second of processor time, not two: tables, plots and statistics are loaded by who needs them."""
    command = [sys.executable, "-X", "importtime", "-m", "corpfin", *arguments]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert "corpfin.cli" in loaded
    assert [
        name for name in ("pandas", "matplotlib", "scipy", "SALib", "openpyxl", "xlsxwriter") if name in loaded
    ] == []


def test_docs_writes_the_same_reference_in_every_process(cli: Corpfin, tmp_path: Path) -> None:
    """Where texts are hashed otherwise too, and with every option of every command; scenarios are the tests' own."""
    result = cli("docs", "-o", tmp_path / "one")
    assert result.exit_code == 0
    command = [sys.executable, "-m", "corpfin", "docs", "-o", str(tmp_path / "two")]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "3"})
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == ["scenarios.md"]
    assert result.stderr.splitlines() == [f"{tmp_path / 'one' / name} written" for name in ("index.md", *ABOUT)]
    told = one["commands.md"].decode()
    for name, function in COMMANDS.items():
        section = told.partition(f"\n## corpfin {name}\n")[2].partition("\n## ")[0]
        assert section.count("\n- `") == len(signature(command_of(function)).parameters), name
    assert "- `-o FILE`: With --blocks: the part to write, for corpfin merge." in told
