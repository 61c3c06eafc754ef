"""The documents of the reference, by name, and the folder they are written to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from corpfin.common.files import write_whole
from corpfin.report.reference.given import accepted, inputs, shocks
from corpfin.report.reference.model import checks, line_reference, method
from corpfin.report.reference.outputs import outputs
from corpfin.report.reference.prose import document, table

ABOUT = {
    "method.md": "how the model runs: order, chance, studies, constants",
    "lines.md": "every line: label, unit, reason, formula, what it reads and who reads it",
    "inputs.md": "every field of a company, market or outcomes file, with its limits",
    "limits.md": "where what is accepted ends",
    "scenarios.md": "what a scenario may say, and those that are shipped",
    "checks.md": "what must hold every month on every path",
    "outputs.md": "every column of every table",
    "commands.md": "every command and option",
}
"""What each document holds, in the order of the index."""


def reference(items: pd.DataFrame, commands: str) -> dict[str, str]:
    """Every document by the name of its file, ``index.md`` first: the same texts for the same code.

    ``items`` is the table of :func:`corpfin.line_items`, ``commands`` what there is to say of the command line.
    """
    texts = {
        "method.md": method(),
        "lines.md": line_reference(items),
        "inputs.md": inputs(),
        "limits.md": accepted(),
        "scenarios.md": shocks(),
        "checks.md": checks(items),
        "outputs.md": outputs(),
        "commands.md": commands,
    }
    rows = ([f"[{name}]({name})", about] for name, about in ABOUT.items())
    index = document(
        "corpfin: method and reference", "Made from the code by `corpfin docs`; a change of the code changes it.",
        table(["document", "what it holds"], rows),
    )  # fmt: skip
    return {"index.md": index, **{name: texts[name] for name in ABOUT}}


def write_reference(folder: Path, items: pd.DataFrame, commands: str) -> list[Path]:
    """Write :func:`reference` into a folder, which must exist; the files. ``OSError`` if one cannot be written."""
    files = []
    for name, text in reference(items, commands).items():
        write_whole(folder / name, text)
        files.append(folder / name)
    return files
