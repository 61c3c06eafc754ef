"""What a user does wrong ends in a message and a status, never in a traceback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from corpfin.engine import ModelError

Corpfin = Callable[..., Result]

MISTAKES = {
    "unknown ticker": (("run", "RINGG"), "RINGG: there is no company of this name; nearest is RING"),
    "no ticker at all": (("run", "zzzzzz"), "known are DIGR, "),
    "unknown scenario": (("run", "RING", "--scenario", "btc-haf"), "nearest is btc-half"),
    "missing company file": (("run", "nowhere/x.toml"), "x.toml: there is no such file"),
    "missing market file": (("run", "RING", "--market", "nowhere.toml"), "nowhere.toml: there is no such file"),
    "no folder": (("list", "--companies", "nowhere"), "nowhere is not a folder"),
    "no paths": (("run", "RING", "--paths", "0"), "--paths"),
    "no months": (("run", "RING", "--months", "0"), "--months"),
    "centuries": (("run", "RING", "--months", "1200"), "--months"),
    "no threads": (("run", "RING", "--threads", "0"), "--threads"),
    "seed in words": (("run", "RING", "--seed", "seven"), "--seed"),
    "no workbook": (("run", "RING", "--from-workbook", "ring.toml"), "ring.toml does not end in .xlsx"),
    "unknown option": (("run", "RING", "--path", "10"), "--path"),
    "unknown command": (("rnu", "RING"), "rnu"),
    "unknown line": (("explain", "RING", "cassh", "2027-03"), "there is no line cassh; did you mean cash?"),
    "unknown month": (("explain", "RING", "cash", "2047-03"), "the projection runs from 2026-04 to 2031-03"),
    "not a month": (("explain", "RING", "cash", "soon"), "no month soon"),
    "instance left out": (("explain", "RING", "interest", "2027-03"), "conv-2030"),
    "unknown instance": (("explain", "RING", "debt.conv.interest", "2027-03"), "conv-2030"),
    "unknown block": (("explain", "RING", "dept.conv.interest", "2027-03"), "there is no block dept; blocks are "),
    "line left out": (("explain", "RING"), "Missing argument"),
    "negative path": (("explain", "RING", "cash", "2027-03", "--path", "-1"), "--path"),
    "not toml": (("new", "company.txt"), "company.txt does not end in .toml"),
    "no such folder": (("new", "nowhere/company.toml"), "nowhere/company.toml: No such file or directory"),
}


@pytest.mark.parametrize(("words", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named(
    cli: Corpfin, words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cli(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        ('target = "ai_factor"\nhow = "add"\nvalue = 1.0', "ai_factor can only be changed by multiply"),
        ('target = "btc_price"\nhow = "add"\nvalue = -5e6', "btc_price would be -4.9"),
        ('target = "slip"\nhow = "add"\nvalue = -99.0', "slip would be "),
        ('target = "power_index"\nhow = "add"\nvalue = 1.0\nto_month = "2026-04"', "lies before the shock's first"),
    ],
)
def test_a_shock_that_cannot_be_applied_is_no_traceback(cli: Corpfin, tmp_path: Path, shock: str, message: str) -> None:
    file = tmp_path / "wild.toml"
    head = '[scenario]\nname = "wild"\nstory = "x"\n[[shock]]\nwhy = "x"\n'
    file.write_text(head + shock, encoding="utf-8")
    for words in (("explain", "HALL", "cash", "2027-03", "--depth", "0"), ("run", "HALL", "--paths", "16")):
        result = cli(*words, "--scenario", file)
        assert result.exit_code == 2
        assert result.stderr.startswith("corpfin: wild.toml: shock ")
        assert message in result.stderr


def test_output_that_cannot_be_written_is_found_before_the_work(
    cli: Corpfin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr("corpfin.runs.simulate", lambda *_, **__: pytest.fail("simulated in vain"))
    result = cli("run", "RING", "--csv", tmp_path / "file")
    assert result.exit_code == 2
    assert result.stderr == f"corpfin: {tmp_path / 'file'}: File exists\n"


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (MemoryError(), 2, "corpfin: not enough memory; ask for fewer paths or months\n"),
        (ModelError("line cash: no"), 2, "corpfin: line cash: no\n"),
        (OSError(28, "No space left on device", "monthly.csv"), 2, "corpfin: monthly.csv: No space left on device\n"),
    ],
    ids=["interrupt", "memory", "model", "disk"],
)
def test_what_goes_wrong_on_the_way(
    cli: Corpfin, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("corpfin.runs.simulate", fail)
    result = cli("run", "RING")
    assert (result.exit_code, result.stderr, result.stdout) == (status, message, "")


def test_a_fault_of_ours_keeps_its_traceback(cli: Corpfin, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("corpfin.runs.simulate", fail)
    assert isinstance(cli("run", "RING").exception, ZeroDivisionError)


def test_a_reader_who_leaves_early_is_no_error(command: list[str], environment: dict[str, str]) -> None:
    words = [*command, "list"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == b""
    assert process.returncode == 1


def test_an_output_without_these_letters_gets_others(command: list[str], environment: dict[str, str]) -> None:
    result = subprocess.run(
        [*command, "explain", "RING", "cash", "2027-03", "--depth", "1"],
        env={**environment, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"explained_cash" in result.stdout


def test_version_and_help(cli: Corpfin) -> None:
    assert cli("--version").stdout.startswith("corpfin ")
    assert cli("--version").exit_code == 0
    text = cli("--help").stdout
    assert all(name in text for name in ("run", "list", "check", "explain", "new"))
    assert "\x1b" not in text
