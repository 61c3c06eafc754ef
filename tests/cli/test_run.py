"""``corpfin run``: the page, the JSON document, the tables."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from corpfin.inputs import known_companies, known_scenarios, load_market

Corpfin = Callable[..., Result]
SMALL = ("--paths", "1024", "--seed", "7")


@pytest.fixture(scope="module")
def document(cli: Corpfin) -> dict[str, Any]:
    return json.loads(cli("run", "RING", *SMALL, "--json", "--threads", "1").stdout)


def test_the_page_answers_for_the_company(cli: Corpfin) -> None:
    result = cli("run", "ring", *SMALL)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("Ringhall Compute Inc. (RING), balance sheet of 2026-03-31\n")
    for heading in ("POSITION", "BREAK-EVEN", "LIQUIDITY", "DEBT DUE", "AI AND HPC", "SURVIVAL", "INPUTS", "ANSWER"):
        assert f"\n{heading}" in result.stdout
    assert "1,024 paths, seed 7" in result.stdout


def test_json_is_the_same_bytes_again_and_with_two_threads(cli: Corpfin) -> None:
    outputs = {cli("run", "RING", *SMALL, "--json", "--threads", threads).stdout_bytes for threads in (1, 2, 2)}
    assert len(outputs) == 1


def test_more_paths_leave_the_first_as_they_were(cli: Corpfin) -> None:
    """Asked of a company of which many paths fail, or it would be asked of zeros."""
    short, long = (
        json.loads(cli("run", "DIGR", "--paths", paths, "--seed", 7, "--json").stdout)["default_month"]
        for paths in (1024, 2048)
    )
    assert long[:1024] == short
    assert len(long) == 2048
    assert sum(month > 0 for month in short) > 100


def test_seed_and_scenario_matter(cli: Corpfin, document: dict[str, Any]) -> None:
    other = json.loads(cli("run", "RING", "--paths", "1024", "--seed", "8", "--json").stdout)
    half = json.loads(cli("run", "RING", *SMALL, "--json", "--scenario", "btc-half").stdout)
    assert other["fans"] != document["fans"]
    assert other["projection"] == document["projection"]
    assert half["scenario"] == "btc-half"
    assert half["digests"]["scenario"] != document["digests"]["scenario"]
    assert half["projection"]["btc_price"] == document["projection"]["btc_price"]
    assert half["annual"]["mined_value"][-1] < document["annual"]["mined_value"][-1]


def test_files_stand_in_for_names(cli: Corpfin, document: dict[str, Any]) -> None:
    result = cli(
        "run", known_companies()["RING"], *SMALL, "--json",
        "--scenario", known_scenarios()["base"],
        "--market", load_market().file,
    )  # fmt: skip
    assert json.loads(result.stdout) == document


def test_months_set_the_horizon(cli: Corpfin) -> None:
    found = json.loads(cli("run", "RING", "--paths", "64", "--months", "18", "--json").stdout)
    assert len(found["months"]) == 18
    assert {"survival_12", "survival_18"} <= set(found["simulation"])
    assert "survival_24" not in found["simulation"]


def test_tables_are_written_beside_the_answer(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("run", "RING", "--paths", "64", "--months", "12", "--csv", tmp_path / "out" / "ring")
    assert result.exit_code == 0
    assert "ANSWER" in result.stdout
    names = set(os.listdir(tmp_path / "out" / "ring"))
    assert {"monthly.csv", "annual.csv", "survival.csv", "paths.csv", "fan_cash.csv", "first_unpaid_bills.csv"} <= names
    assert all(name.endswith(".csv") for name in names)


def test_a_pipe_gets_no_colours_and_no_progress(spawn: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    result = spawn("run", "RING", "--paths", "1024", "--months", "12")
    assert result.returncode == 0
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert result.stdout.endswith(".\n")


def test_a_terminal_gets_progress_and_the_answer_stays_clean(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    screen, terminal = pty.openpty()
    words = [*command, "run", "RING", "--paths", "65536", "--months", "12", "--json"]
    with (
        (tmp_path / "answer").open("wb") as answer,
        subprocess.Popen(words, env=environment, stdout=answer, stderr=terminal) as process,
    ):
        os.close(terminal)
        shown = _all_of(screen)
    assert process.returncode == 0
    assert b"\x1b" in shown
    assert b"simulating" in shown
    found = json.loads((tmp_path / "answer").read_bytes())
    assert (found["paths"], len(found["default_month"])) == (65_536, 16_384)


def _all_of(screen: int) -> bytes:
    """Everything written to a terminal until it is closed; Linux reports the end as an error."""
    shown = b""
    try:
        while part := os.read(screen, 4096):
            shown += part
    except OSError:
        pass
    os.close(screen)
    return shown
