"""What docstrings show is what the code says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import corpfin

PACKAGE = Path(corpfin.__file__).parent
SHOWING = [
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in sorted(PACKAGE.rglob("*.py"))
    if ">>>" in file.read_text(encoding="utf-8")
]


def test_many_modules_show_something() -> None:
    assert len(SHOWING) > 15


@pytest.mark.parametrize("name", SHOWING)
def test_docstrings_show_what_comes_out(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
