"""``run --rare``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Corpfin = Callable[..., Result]


def test_a_probability_with_its_error(cli: Corpfin) -> None:
    found = cli("run", "HALL", "--rare", "--paths", 1024, "--months", 36)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.startswith("HALL: probability of default by importance sampling; scenario base\n1,024 paths")
    row = json.loads(cli("run", "HALL", "--rare", "--paths", 1024, "--months", 36, "--json").stdout)["table"][-1]
    assert 0.0 < row["probability_error"] < row["probability"] < 1.0


def test_a_refusal_leaves_with_its_reason(cli: Corpfin) -> None:
    found = cli("run", "HALL", "--rare", "--paths", 16, "--months", 1)
    assert (found.exit_code, found.stderr) == (2, "HALL: refused: no path fails by month 1\n")
    assert "Refused: no path fails by month 1." in found.stdout


@pytest.mark.parametrize(
    "words",
    [("--xlsx", "a.xlsx"), ("--csv", "a"), ("--plots", "a"), ("--workers", 2), ("--blocks", "0:1")],
    ids=lambda words: words[0],
)
def test_what_belongs_to_the_whole_answer_is_refused(
    words: tuple[object, ...], cli: Corpfin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = cli("run", "HALL", "--rare", *words)
    assert found.exit_code == 2
    said = " ".join(found.stderr.replace("│", " ").split())
    assert f"--rare and {words[0]}" in said
    assert "leave the others out" in said
    assert list(tmp_path.iterdir()) == []
