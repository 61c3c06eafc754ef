"""The short scripts of templates/scripts: each fits a screen, runs and says something of the company it is given."""

import runpy
import sys
from pathlib import Path

import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import shipped
from tests.golden import readme

SCRIPTS = shipped("templates") / "scripts"
SCREEN = 40
"""Lines of a script at most."""

COMPANIES = {
    "compare": ("CORZ", "HIVE"),
    "drivers": ("CORZ",),
    "lifeline": ("CIFR",),
    "mechanisms": ("2026-03-31", "HIVE"),
    "network_facts": (),
    "network_history": (),
    "stress": ("HIVE",),
    "watch": ("HIVE",),
}
"""What each is called with; those that take long (plots, reverse, sensitivity) are left to the build."""


def run(name: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [f"{name}.py", *words])
    runpy.run_path(str(SCRIPTS / f"{name}.py"), run_name="__main__")


@pytest.mark.parametrize("file", sorted(SCRIPTS.glob("*.py")), ids=lambda file: file.stem)
def test_a_script_fits_a_screen(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= SCREEN


@pytest.mark.parametrize("name", COMPANIES)
def test_a_script_runs_and_names_what_it_was_given(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(name, COMPANIES[name], monkeypatch)
    shown = capsys.readouterr().out
    assert all(ticker in shown for ticker in COMPANIES[name] or ("2026-0",))
    if name == "mechanisms":
        assert_readme_shows(COMPANIES[name][-1], shown)


def assert_readme_shows(company: str, printed: str) -> None:
    """The worth of each mechanism to one company stands in README as it is printed."""
    shown = readme.block("mechanisms")
    for column in ("survival_60", "dilution"):
        own = readme.mechanisms_of(printed, column)[company]
        assert len(own) > 10
        assert readme.mechanisms_of(shown, column)[company] == own, "write it anew: python -m tests.golden.readme"


def test_the_network_follows_the_chain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From October 2025 to June 2026 within 5 %, but for January, in which a storm stopped a tenth for some weeks."""
    run("network_facts", (), monkeypatch)
    rows = [line.split() for line in capsys.readouterr().out.split("JPMorgan")[0].splitlines()[1:] if line]
    off = {month: abs(float(difference.rstrip("%"))) for month, _, _, difference, *_ in rows}
    assert off.pop("2026-01") < 9
    assert len(off) == 7
    assert max(off.values()) < 5


def test_only_scenarios_that_hurt_are_said_to_hurt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One company only gains, clearly; another loses a little, within the error, and a lot."""
    index = pd.MultiIndex.from_product([["AAA", "BBB"], ["base", "one", "two"]], names=["company", "scenario"])
    table = pd.DataFrame({"survival_60": 0.5, "change_survival_60_error": 0.01}, index)
    table["change_survival_60"] = [0.0, 0.2, 0.1, 0.0, -0.01, -0.3]
    stories = {"base": "", "one": "First.\n", "two": "Second.\n"}
    made = cf.Stress(
        table=table, failures={}, scenario="base", known="all", months=60, paths=1, seed=1, stories=stories
    )
    monkeypatch.setattr(cf, "stress", lambda *_, **__: made)
    run("stress", (), monkeypatch)
    shown = capsys.readouterr().out.split("hurts most")[1].splitlines()
    assert shown[1:] == ["BBB    two: Second."]
