"""README and DESIGN speak of what there is: files, rooms, commands, lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import corpfin
from corpfin.cli.app import COMMANDS

PACKAGE = Path(corpfin.__file__).parent
ROOT = PACKAGE.parent
README, DESIGN = ROOT / "README.md", PACKAGE / "DESIGN.md"

pytestmark = pytest.mark.skipif(not README.is_file(), reason="runs in a checkout, not on an installed package")


def named(file: Path) -> set[str]:
    """The paths a document names between backticks, from the top of the checkout."""
    words = re.findall(r"`([\w./-]+)`", file.read_text(encoding="utf-8"))
    return {word for word in words if re.match(r"(corpfin|companies|templates|tests|\.ci)/", word)}


@pytest.mark.parametrize("file", [README, DESIGN], ids=lambda file: file.name)
def test_every_path_that_is_named_exists(file: Path) -> None:
    assert [path for path in sorted(named(file)) if not (ROOT / path).exists()] == []


def test_the_readme_names_many_paths() -> None:
    assert len(named(README)) > 10


def test_every_command_is_in_the_readme_and_no_other() -> None:
    shown = set(re.findall(r"^corpfin (\w+) .*# ", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert shown == set(COMMANDS)


def test_every_room_stands_in_the_layout() -> None:
    layout = DESIGN.read_text(encoding="utf-8").split("## 3 ")[1].split("## 4 ")[0]
    shown = set(re.findall(r"^  (\w+)/ ", layout, re.MULTILINE))
    assert shown == {file.parent.name for file in PACKAGE.glob("*/__init__.py")}


def test_every_module_of_lines_is_described() -> None:
    model = DESIGN.read_text(encoding="utf-8").split("## 4 ")[1].split("## 5 ")[0]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", model))))
    modules = {file.stem for file in (PACKAGE / "lines").glob("*.py")} - {"__init__", "constants"}
    assert modules - words == set()


@pytest.mark.parametrize("file", [README, DESIGN], ids=lambda file: file.name)
def test_the_line_that_is_quoted_is_the_line(file: Path) -> None:
    quoted = file.read_text(encoding="utf-8").split("```python\ndef ")[1].split("```")[0]
    assert f"def {quoted}" in (PACKAGE / "lines" / "debt.py").read_text(encoding="utf-8")


def test_the_answers_of_the_readme_are_those_on_record() -> None:
    dates = "2026-03-31", "2026-06-30"
    record = [json.loads((ROOT / "tests" / "golden" / f"{day}.json").read_text("utf-8"))["companies"] for day in dates]
    shown = README.read_text(encoding="utf-8").split("## Where the answers stand")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in shown.splitlines() if re.match(r"\| [A-Z]+ \|", line)]
    columns = "survival_36", "survival_60", "dilution"
    assert {ticker: figures for ticker, *figures in rows} == {
        ticker: [f"{100 * answers[ticker][column]:.1f}" for answers in record for column in columns]
        for ticker in record[1]
    }
