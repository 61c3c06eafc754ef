"""The fixture of the oracle: ``toy(months, ...)`` projects a toy company; ``tests/oracle/build.py`` says what it is."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.oracle.build import Toy, build


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    """``build`` writing into a folder of this test."""
    return functools.partial(build, tmp_path)
