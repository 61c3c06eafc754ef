"""README and DESIGN speak of what there is: files, rooms, commands, lines."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_group

import corpfin
from corpfin.cli.app import COMMANDS, app
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


def commands() -> list[str]:
    """Every command that README shows as one would type it; dots stand for what is left to the reader."""
    text = README.read_text(encoding="utf-8")
    shown = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S))
    typed = re.findall(r"\b(corpfin [a-z][^#\n]*)", shown)
    typed += re.findall(r"`(corpfin [a-z][^`\n]*)`", text)
    return sorted({command.strip() for command in typed if "..." not in command})


def test_every_command_of_the_readme_can_be_typed() -> None:
    typed = commands()
    assert len(typed) > 40
    for command in typed:
        _, name, *words = shlex.split(command)
        found = get_group(app).commands[name]
        if words:  # the name alone speaks of the command
            found.make_context(name, words)
        missing = [word for word in words if word.startswith("templates/") and not (ROOT / word).is_file()]
        assert not missing, f"{command}: no file {', '.join(missing)}"


def test_what_the_readme_calls_is_public_and_takes_what_it_is_given() -> None:
    (block,) = re.findall(r"```python\n(import corpfin as cf\n.*?)```", README.read_text(encoding="utf-8"), re.S)
    calls = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Call)]
    own = [node for node in calls if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "cf"]
    assert len(own) > 5
    for call in own:
        given = {word.arg: None for word in call.keywords if word.arg}
        inspect.signature(getattr(corpfin, call.func.attr)).bind(*call.args, **given)  # type: ignore[attr-defined]


WRITE = "write it anew: python -m tests.golden.readme"


@pytest.mark.parametrize("name", ["answers", "question", "companies", "citing"])
def test_the_figures_of_the_readme_are_those_on_record(name: str) -> None:
    assert readme.block(name) == readme.BLOCKS[name](), WRITE


@pytest.mark.slow
@pytest.mark.parametrize("name", ["page", "backtest", "week"])
def test_what_the_readme_shows_is_what_is_printed(name: str) -> None:
    assert readme.block(name) == readme.BLOCKS[name](), WRITE


def test_the_mechanisms_of_the_readme_begin_with_the_record() -> None:
    """The first row of each table; that of one company is held to what the script prints by the tests of scripts."""
    record = readme.record(readme.dates()[0])
    for column in ("survival_60", "dilution"):
        shown = readme.mechanisms_of(readme.block("mechanisms"), column)
        assert set(shown) == set(record)
        for company, figures in shown.items():
            assert figures["everything"] == pytest.approx(100 * record[company][column], abs=0.0501), WRITE


def test_the_picture_of_the_readme_is_there() -> None:
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert shown
    assert all((ROOT / file).is_file() for file in shown)
