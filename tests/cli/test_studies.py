"""``compare``, ``stress``, ``drivers``, ``lifeline`` and ``watch``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import Result

from corpfin.inputs import known_companies
from corpfin.runs import simulation

Corpfin = Callable[..., Result]


def module(room: str) -> ModuleType:
    """A module of the studies, of which some have the name of their function."""
    return import_module(f"corpfin.studies.{room}")


def test_all_companies_in_one_watch_list(cli: Corpfin) -> None:
    result = cli("watch", "--all")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert all(f"  {ticker}" in result.stdout for ticker in known_companies())


@pytest.mark.parametrize("command", ["compare", "stress", "drivers", "lifeline"])
def test_the_same_question_gives_the_same_answer(command: str, cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    words = (command, "hall", "RING", "--paths", 128, "--seed", 3)
    result = cli(*words, "--json", "--csv", file)
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["table"]
    assert {row["company"] for row in rows} == {"HALL", "RING"}
    assert len(pd.read_csv(file)) == len(rows)
    assert cli(*words, "--json").stdout == result.stdout
    assert cli(*words, "--markdown").stdout.startswith("| company | ")


def test_one_broken_file_is_left_out_with_its_reason(cli: Corpfin, tmp_path: Path) -> None:
    text = known_companies()["TINY"].read_text(encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(text.replace("cash = 7.5", "cash = -7.5"), encoding="utf-8")
    result = cli("watch", "TINY", "RING", "--companies", tmp_path)
    assert result.exit_code == 2
    assert "RING" in result.stdout
    assert result.stderr.startswith("TINY: tiny.toml: treasury.cash = -7.5")
    found = json.loads(cli("watch", "TINY", "RING", "--companies", tmp_path, "--json").stdout)
    assert found["failures"]["TINY"][0].startswith("tiny.toml: treasury.cash = -7.5")
    assert [row["company"] for row in found["table"]] == ["RING"]


def test_all_means_the_folders_companies_too(cli: Corpfin, tmp_path: Path) -> None:
    text = known_companies()["TINY"].read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('ticker = "TINY"', 'ticker = "MINE"'), encoding="utf-8")
    result = cli("watch", "--all", "--companies", tmp_path)
    assert result.exit_code == 0
    assert "  MINE" in result.stdout
    assert "  TINY" in result.stdout


def test_a_broken_file_is_in_the_workbook_too(cli: Corpfin, tmp_path: Path) -> None:
    text = known_companies()["TINY"].read_text(encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(text.replace("cash = 7.5", "cash = -7.5"), encoding="utf-8")
    words = ("compare", "TINY", "RING", "--companies", tmp_path, "--paths", 16, "--months", 6)
    assert cli(*words, "--xlsx", tmp_path / "all.xlsx").exit_code == 2
    missing = load_workbook(tmp_path / "all.xlsx")["Missing"]
    assert any("treasury.cash = -7.5" in str(cell) for row in missing.values for cell in row)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "TINY", "--paths", 16, "--months", 6),
        ("explain", "TINY", "cash", "2026-09", "--depth", 0),
        ("reverse", "TINY", "btc_price", "--paths", 16, "--at", 6),
        ("sensitivity", "TINY", "--paths", 8, "--months", 2, "--top", 1),
        ("compare", "TINY", "--paths", 16, "--months", 6),
    ],
)
def test_every_command_takes_scenarios_joined(words: tuple[object, ...], cli: Corpfin) -> None:
    result = cli(*words, "--scenario", "btc-half+capex-40")
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_unknown_company_is_named_once(cli: Corpfin) -> None:
    result = cli("watch", "RING", "RANG")
    assert result.exit_code == 2
    assert result.stderr.startswith("RANG: there is no company of this name")


def test_two_files_of_one_ticker_are_not_taken_for_one(cli: Corpfin, tmp_path: Path) -> None:
    text = known_companies()["TINY"].read_text(encoding="utf-8")
    file = tmp_path / "less-cash.toml"
    file.write_text(text.replace("cash = 7.5", "cash = 3.5"), encoding="utf-8")
    result = cli("watch", "TINY", file)
    assert result.exit_code == 2
    assert result.stdout == cli("watch", "TINY").stdout
    assert 'less-cash.toml: company.ticker = "TINY": is taken by another company' in result.stderr
    assert cli("watch", "TINY", "tiny").exit_code == 0


def test_a_single_path_has_no_error_and_no_common_cause(cli: Corpfin) -> None:
    for words in (("lifeline", "HALL"), ("reverse", "DIGR", "btc_price")):
        result = cli(*words, "--paths", 1)
        assert result.exit_code == 0
        assert not re.search(r"\bnan\b", result.stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare",), "name companies or ask for --all"),
        (("watch", "RING", "--all"), "not both"),
        (("stress", "RING", "--scenario", "btc-haf"), "nearest is btc-half"),
        (("compare", "RING", "--scenario", "btc-half+capex-4"), "nearest is capex-40"),
        (("compare", "RING", "--paths", 16, "--reference", "RANG"), "nearest is RING"),
        (("compare", "RING", "--paths", 16, "--reference", "DIGR"), "is none of the companies compared; allowed RING"),
        (("stress", "RING", "--sort", "btc-haf"), "nearest is btc-half"),
        (("sensitivity", "RING", "--output", "profit"), "there are survival_36, survival_60, dilution, cash"),
        (("reverse", "RING", "btc_price", "--survival", 2), "must lie between 0 and 1"),
        (("reverse", "RING", "btc_price", "--how", "add"), "moved by multiply unless how, low and high are all given"),
        (("reverse", "RING", "btc_price", "--low", 2), "does not hold 1"),
        (("reverse", "RING", "btc_price", "--how", "set"), "--how"),
        (("watch", "RING", "--sort", "liquid"), "nearest is liquidity"),
        (("lifeline", "RANG"), "nearest is RING"),
    ],
)
def test_what_is_asked_for_wrongly(words: tuple[object, ...], message: str, cli: Corpfin) -> None:
    result = cli(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "RING", "--csv"),
        ("compare", "RING", "--xlsx"),
        ("compare", "RING", "--plots"),
        ("stress", "RING", "--csv"),
        ("lifeline", "RING", "--plots"),
        ("watch", "RING", "--csv"),
        ("reverse", "RING", "btc_price", "--plots"),
        ("sensitivity", "RING", "--csv"),
        ("run", "RING", "--xlsx"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_written_is_found_before_the_work(
    words: tuple[str, ...], cli: Corpfin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [module(room) for room in ("compare", "stress", "lifeline", "sensitivity")]
    for room in (*rooms, simulation):
        monkeypatch.setattr(
            room, "run_cases" if room is rooms[0] else "run_job", lambda *_, **__: pytest.fail("simulated in vain")
        )
    monkeypatch.setattr(module("watch"), "project", lambda *_, **__: pytest.fail("projected in vain"))
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    target = tmp_path / "file" / "below"
    result = cli(*words, target)
    assert result.exit_code == 2
    assert result.stderr == f"corpfin: {target}: Not a directory\n"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "words",
    [("compare", "RING", "--sort", "x"), ("lifeline", "RING", "--sort", "x"), ("stress", "RING", "--sort", "x")],
)
def test_a_bad_order_is_found_before_the_work(
    words: tuple[str, ...], cli: Corpfin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpfin.runs.batch.load_companies", lambda *_, **__: pytest.fail("loaded in vain"))
    assert cli(*words).exit_code == 2


def test_a_fault_inside_a_study_keeps_its_traceback(cli: Corpfin, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(module("compare"), "run_cases", fail)
    assert isinstance(cli("compare", "RING", "--paths", 16).exception, KeyError)


def test_reverse_and_sensitivity_for_programs(cli: Corpfin, tmp_path: Path) -> None:
    words = ("reverse", "TINY", "price.drift", "--how", "add", "--low", -1, "--high", 1, "--at", 24, "--paths", 256)
    result = cli(*words, "--json", "--plots", tmp_path / "reverse")
    assert set(result.stderr.splitlines()) == {f"{file} written" for file in (tmp_path / "reverse").glob("*.png")}
    found = json.loads(result.stdout)
    assert (found["how"], found["at"], found["scenario"]) == ("add", 24, "base")
    assert min(found["bracket"]) <= found["level"] <= max(found["bracket"])
    assert found["failed_paths"][0]["feature"].startswith("bitcoin price")
    assert {"level", "survival", "survival_error"} == set(found["curve"][0])
    words = ("sensitivity", "TINY", "--paths", 8, "--months", 2, "--sobol", 1, "--samples", 2)
    result = cli(*words, "--json", "--csv", tmp_path / "moves", "--plots", tmp_path / "moves")
    written = {"sensitivity.csv", "sobol.csv", "tornado_survival_2.png"}
    assert set(result.stderr.splitlines()) == {f"{tmp_path / 'moves' / name} written" for name in written}
    found = json.loads(result.stdout)
    assert set(found["base"]) == set(found["base_error"]) == {"survival_2", "dilution", "cash"}
    assert len(found["table"]) > 50
    assert found["sobol"][0].keys() == {"output", "input", "S1", "S1_conf", "ST", "ST_conf"}


def test_a_table_is_sorted_both_ways_and_its_file_has_units_on_request(cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    words = ("compare", "DIGR", "TINY", "RING", "--paths", "64", "--sort", "default_month")
    down, up = (cli(*words, *more).stdout.splitlines() for more in ((), ("--ascending", "--csv", file, "--units")))
    order = [[word for line in page for word in line.split()[:1] if word in words][:3] for page in (down, up)]
    assert sorted(order[0]) == sorted(order[1]) == ["DIGR", "RING", "TINY"]
    assert order[0] != order[1]
    head = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {"company", "survival_12 [1]", "default_month [month]", "first_unpaid_bill"} <= set(head)
    assert "liquidity [USD m]" in head
    for option, remedy in (("--ascending", "--sort"), ("--units", "--csv")):
        result = cli("compare", "DIGR", option)
        assert result.exit_code == 2
        assert remedy in result.stderr
