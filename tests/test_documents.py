"""README and DESIGN speak of what there is: files, rooms, commands, lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corpfin
from corpfin.cli.app import COMMANDS
from tests.golden import readme

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


@pytest.mark.parametrize("name", ["answers", "question"])
def test_the_figures_of_the_readme_are_those_on_record(name: str) -> None:
    assert readme.block(name) == readme.BLOCKS[name](), "write it anew: python -m tests.golden.readme"


@pytest.mark.slow
def test_the_page_of_the_readme_is_what_is_printed() -> None:
    assert readme.block("page") == readme.page(), "write it anew: python -m tests.golden.readme"


def test_the_picture_of_the_readme_is_there() -> None:
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert shown
    assert all((ROOT / file).is_file() for file in shown)
