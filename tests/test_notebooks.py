"""The notebooks of templates/notebooks: small, without outputs, of nobody's machine, and run as an analyst would."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import corpfin as cf
from corpfin.inputs import shipped
from corpfin.studies.lifeline import Verdict

NOTEBOOKS = sorted((shipped("templates") / "notebooks").glob("*.ipynb"))
SMALL = 8_000
"""Bytes of a notebook at most."""

FROM_THE_ROOT = re.compile(r"""(?<![\w<.>])(?:/|~/|[A-Za-z]:[\\/])\w""")
"""A path that begins at the root of a disk or at somebody's home."""

each = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def contents(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def code(file: Path) -> list[dict[str, Any]]:
    return [cell for cell in contents(file)["cells"] if cell["cell_type"] == "code"]


def test_there_is_one() -> None:
    assert NOTEBOOKS


@each
def test_a_notebook_is_small_and_holds_no_result(file: Path) -> None:
    assert file.stat().st_size <= SMALL
    assert [(cell["outputs"], cell["execution_count"]) for cell in code(file)] == [([], None)] * len(code(file))


@each
def test_a_notebook_is_of_no_machine(file: Path) -> None:
    found = contents(file)
    assert found["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert [cell["metadata"] for cell in found["cells"] if cell["metadata"]] == []
    assert [line for cell in found["cells"] for line in cell["source"] if FROM_THE_ROOT.search(line)] == []


@pytest.mark.parametrize("path", ["open('/srv/a')", "see ~/a", "C:\\a", "a = d:/b"])
def test_a_path_of_a_machine_is_seen(path: str) -> None:
    assert FROM_THE_ROOT.search(path)


@each
def test_the_code_of_a_notebook_compiles(file: Path) -> None:
    for number, cell in enumerate(code(file)):
        compile("".join(cell["source"]), f"{file.name}, cell {number}", "exec")


@pytest.mark.slow
def test_the_notebook_answers_its_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from the first cell to the last: nothing is complained of, two plots, and a verdict on each company."""
    import nbformat
    from nbclient import NotebookClient

    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PYTHONPATH", str(Path(cf.__file__).parents[1]))
    file = shipped("templates") / "notebooks" / "lifeline.ipynb"
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert {output.output_type for output in shown} == {"execute_result"}
    assert sum("image/png" in output.data for output in shown) == 2
    answer = shown[-1].data["text/html"]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in answer.split("<tr>")][-6:]
    assert [row[-5] for row in rows] == ["CIFR", "CLSK", "RIOT"] * 2
    assert {row[-4] for row in rows} <= set(get_args(Verdict)) - {"no transition"}
