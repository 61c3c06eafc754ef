"""``corpfin backtest``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

from tests.fixtures.vintage import OUTCOMES, vintage, with_text

Corpfin = Callable[..., Result]
SMALL = ("--paths", 32, "--months", 6)


def test_the_same_question_gives_the_same_answer(cli: Corpfin, tmp_path: Path) -> None:
    home = vintage(tmp_path)
    file, plots = tmp_path / "table.csv", tmp_path / "plots"
    result = cli("backtest", home, *SMALL, "--json", "--csv", file, "--plots", plots)
    assert result.exit_code == 0
    assert set(result.stderr.splitlines()) == {f"{path} written" for path in (file, *plots.iterdir())}
    rows = json.loads(result.stdout)["table"]
    assert {row["known"] for row in rows} == {"none", "market"}
    assert len(pd.read_csv(file)) == len(rows)
    assert {plot.stem for plot in plots.iterdir()} == {"forecasts", "calibration", "pit"}
    assert cli("backtest", "2026-03-31", *SMALL, "--json", "--companies", tmp_path).stdout == result.stdout
    assert cli("backtest", home, *SMALL, "--markdown").stdout.startswith("| company | known | commitments |")


def test_one_reading_alone(cli: Corpfin, tmp_path: Path) -> None:
    page = cli("backtest", vintage(tmp_path), *SMALL, "--known", "market", "--sort", "failure_6").stdout
    assert "MARKET SEEN" in page
    assert "BLIND" not in page


def test_the_folder_may_be_named_by_the_environment(
    cli: Corpfin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vintage(tmp_path)
    monkeypatch.setenv("CORPFIN_COMPANIES", str(tmp_path))
    assert cli("backtest", "2026-03-31", *SMALL).exit_code == 0


def test_one_broken_file_is_left_out_with_its_reason(cli: Corpfin, tmp_path: Path) -> None:
    home = vintage(tmp_path)
    with_text(home, "tiny.toml", "cash = 7.5", "cash = -7.5")
    result = cli("backtest", home, *SMALL)
    assert result.exit_code == 2
    assert "RING" in result.stdout
    assert result.stderr == "TINY: tiny.toml: treasury.cash = -7.5: cannot be negative; allowed 0 to 500,000\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("2026-03-30",), "2026-03-30: there is no vintage of this "),
        (("./nowhere",), "nowhere: nowhere is not a folder; give the date of a vintage or the path of its folder"),
        (("2026-03-31", "--known", "nobody"), "--known"),
        (("2026-03-31", "--sort", "failure_7"), "failure_"),
    ],
)
def test_what_is_asked_for_wrongly(words: tuple[object, ...], message: str, cli: Corpfin, tmp_path: Path) -> None:
    vintage(tmp_path)
    result = cli("backtest", *words, *SMALL, "--companies", tmp_path)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


def test_every_fault_of_an_outcomes_file_is_told(cli: Corpfin, tmp_path: Path) -> None:
    text = OUTCOMES.replace("chapter_11", "chapter_7").replace('[RING."2026-06-30"]', '[RING."2026-06-15"]')
    result = cli("backtest", vintage(tmp_path, text), *SMALL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 2
