"""Imports run one way: cli, workbook, report -> studies -> runs -> engine, paths, lines, inputs -> common.

And cli -> filings -> inputs, common: what the world publishes is nobody's but the person's who looks at it.

Within a room they run one way too: no circle of files, wherever in a file the import stands.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import corpfin

PACKAGE = Path(corpfin.__file__).parent
MODEL = {"engine", "lines", "inputs", "paths", "common"}
RUNS = {"runs", *MODEL}
STUDIES = {"studies", *RUNS}
MAY_IMPORT = {
    "common": {"common"},
    "engine": {"engine", "common"},
    "lines": {"lines", "engine"},
    "inputs": {"inputs", "common"},
    "paths": {"paths", "inputs", "engine", "common"},
    "runs": RUNS,
    "studies": STUDIES,
    "workbook": {"workbook", *STUDIES},
    "report": {"report", *STUDIES},
    "filings": {"filings", "inputs", "common"},
    "": {"", "workbook", "report", *STUDIES},  # corpfin/__init__.py, the public face
    "cli": {"cli", "", "workbook", "report", "filings", *STUDIES},
}
"""For each room the rooms it may import from; "" is the package itself."""

LONGEST = 400
"""Lines of a file, above which its docstring says, after "One file:", why it is one subject."""

SUBJECT = re.compile(r"btc|bitcoin|hash[ _-]?(rate|price)|min(er|ers|ing)\b|halving|megawatt|\bhpc\b|\bgpu", re.I)
"""What the engine must not know."""


def room_of(file: Path) -> str:
    """The room a source file belongs to."""
    first = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return {"__init__": "", "__main__": "cli"}.get(first, first)


def imports(source: str, package: str) -> Iterator[str]:
    """Every module a source imports by full name, wherever it stands; ``package`` resolves relative imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imported_rooms(source: str, package: str) -> set[str]:
    """The rooms of corpfin a source imports from; "" for a name taken from the package itself."""
    names = [name.split(".") for name in imports(source, package)]
    inner = [parts[1] if len(parts) > 1 else "" for parts in names if parts[0] == "corpfin"]
    return {name if name in MAY_IMPORT else "" for name in inner}


def sources(room: str | None = None) -> list[Path]:
    """The source files of a room, of all rooms when None."""
    return [file for file in sorted(PACKAGE.rglob("*.py")) if room in (None, room_of(file))]


def package_of(file: Path) -> str:
    return ".".join([PACKAGE.name, *file.relative_to(PACKAGE).parent.parts])


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(file: Path) -> None:
    room = room_of(file)
    assert room in MAY_IMPORT, f"{room} is not a room of the house; see DESIGN section 3"
    found = imported_rooms(file.read_text(encoding="utf-8"), package_of(file))
    assert found - MAY_IMPORT[room] == set()


@pytest.mark.parametrize("room", ["common", "engine", "lines", "inputs", "paths", "runs", "studies"])
def test_every_room_of_the_model_has_files(room: str) -> None:
    assert len(sources(room)) > 1


def module_of(file: Path) -> str:
    return ".".join([package_of(file), *([] if file.stem == "__init__" else [file.stem])])


def test_no_file_imports_itself_through_others() -> None:
    known = {module_of(file) for file in sources()}
    graph = {}
    for file in sources():
        names = imports(file.read_text(encoding="utf-8"), package_of(file))
        targets = {name if name in known else name.rpartition(".")[0] for name in names}
        graph[module_of(file)] = (targets & known) - {PACKAGE.name, module_of(file)}
    circle = first_circle(graph)
    assert circle is None, " -> ".join(circle)


def first_circle(graph: dict[str, set[str]]) -> list[str] | None:
    """A circle of a graph of names, its first name again at the end; None when there is none."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])[::-1]
    return None


def test_a_circle_is_found() -> None:
    assert first_circle({"a": {"b"}, "b": {"c"}, "c": set()}) is None
    assert set(first_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) or []) == {"a", "b", "c"}


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_long_file_says_why_it_is_one(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if len(text.splitlines()) > LONGEST:
        assert "One file:" in (ast.get_docstring(ast.parse(text)) or ""), "is it two subjects?"


def test_lines_know_nothing_but_the_engine() -> None:
    outside = {
        name
        for file in sources("lines")
        for name in imports(file.read_text(encoding="utf-8"), package_of(file))
        if not name.startswith(("corpfin.engine.", "corpfin.lines."))
    }
    assert outside == set()


@pytest.mark.parametrize("file", sources("engine"), ids=lambda file: file.name)
def test_engine_knows_no_bitcoin(file: Path) -> None:
    assert [found.group() for found in SUBJECT.finditer(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("from corpfin import lines", {"lines"}),
        ("import corpfin.runs.cases as cases", {"runs"}),
        ("import corpfin as cf", {""}),
        ("from corpfin import simulate", {""}),
        ("from ..paths import streams", {"paths"}),
        ("from . import graph", {"engine"}),
        ("def f():\n    from corpfin.cli import main", {"cli"}),
        ("if TYPE_CHECKING:\n    from corpfin.report.page import page", {"report"}),
        ("import numpy as np\nfrom pathlib import Path", set()),
    ],
)
def test_imports_are_found_however_written(source: str, rooms: set[str]) -> None:
    assert imported_rooms(source, "corpfin.engine") == rooms


@pytest.mark.parametrize("text", ["the hash rate", "btc_price", "a Bitcoin loan", "miners", "HPC", "gpu_capex"])
def test_words_of_the_subject_are_found(text: str) -> None:
    assert SUBJECT.search(text)


@pytest.mark.parametrize("text", ["hashlib.sha256", "determine", "minimum", "min(a, b)", "definition order"])
def test_other_words_are_left_alone(text: str) -> None:
    assert not SUBJECT.search(text)
