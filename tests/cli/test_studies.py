"""``compare``, ``stress``, ``lifeline`` and ``watch``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

from corpfin.inputs import known_companies, shipped

Corpfin = Callable[..., Result]


def test_all_companies_in_one_watch_list(cli: Corpfin) -> None:
    result = cli("watch", "--all")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert all(f"  {ticker}" in result.stdout for ticker in known_companies())


@pytest.mark.parametrize("command", ["compare", "stress", "lifeline"])
def test_the_same_question_gives_the_same_answer(command: str, cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    words = (command, "cifr", "WULF", "--paths", 128, "--seed", 3)
    result = cli(*words, "--json", "--csv", file)
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["table"]
    assert {row["company"] for row in rows} == {"CIFR", "WULF"}
    assert len(pd.read_csv(file)) == len(rows)
    assert cli(*words, "--json").stdout == result.stdout
    assert cli(*words, "--markdown").stdout.startswith("| company | ")


def test_one_broken_file_is_left_out_with_its_reason(cli: Corpfin, tmp_path: Path) -> None:
    text = (shipped("companies") / "hive.toml").read_text(encoding="utf-8")
    (tmp_path / "hive.toml").write_text(text.replace("cash = 23.1", "cash = -23.1"), encoding="utf-8")
    result = cli("watch", "HIVE", "WULF", "--companies", tmp_path)
    assert result.exit_code == 2
    assert "WULF" in result.stdout
    assert result.stderr.startswith("HIVE: hive.toml: treasury.cash = -23.1")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "HIVE", "--paths", 16, "--months", 6),
        ("explain", "HIVE", "cash", "2026-09", "--depth", 0),
        ("reverse", "CANG", "btc_price", "--paths", 16, "--at", 6),
        ("sensitivity", "HIVE", "--paths", 8, "--months", 2, "--top", 1),
        ("compare", "HIVE", "--paths", 16, "--months", 6),
    ],
)
def test_every_command_takes_scenarios_joined(words: tuple[object, ...], cli: Corpfin) -> None:
    result = cli(*words, "--scenario", "btc-half+capex-40")
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_unknown_company_is_named_once(cli: Corpfin) -> None:
    result = cli("watch", "WULF", "WOLF")
    assert result.exit_code == 2
    assert result.stderr.startswith("WOLF: there is no company of this name")


def test_two_files_of_one_ticker_are_not_taken_for_one(cli: Corpfin, tmp_path: Path) -> None:
    text = (shipped("companies") / "hive.toml").read_text(encoding="utf-8")
    file = tmp_path / "less-cash.toml"
    file.write_text(text.replace("cash = 23.1", "cash = 3.1"), encoding="utf-8")
    result = cli("watch", "HIVE", file)
    assert result.exit_code == 2
    assert result.stdout == cli("watch", "HIVE").stdout
    assert "ticker HIVE is taken" in result.stderr
    assert cli("watch", "HIVE", "hive").exit_code == 0


def test_a_single_path_has_no_error_and_no_common_cause(cli: Corpfin) -> None:
    for words in (("lifeline", "CIFR"), ("reverse", "CLSK", "btc_price")):
        result = cli(*words, "--paths", 1)
        assert result.exit_code == 0
        assert "nan" not in result.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare",), "name companies or ask for --all"),
        (("watch", "WULF", "--all"), "not both"),
        (("stress", "WULF", "--scenario", "btc-haf"), "nearest is btc-half"),
        (("compare", "WULF", "--scenario", "btc-half+capex-4"), "nearest is capex-40"),
        (("compare", "WULF", "--paths", 16, "--reference", "WOLF"), "nearest is WULF"),
        (("compare", "WULF", "--paths", 16, "--reference", "MARA"), "MARA was not simulated; there are WULF"),
        (("watch", "WULF", "--sort", "liquid"), "nearest is liquidity"),
        (("lifeline", "WOLF"), "nearest is WULF"),
    ],
)
def test_what_is_asked_for_wrongly(words: tuple[object, ...], message: str, cli: Corpfin) -> None:
    result = cli(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr
