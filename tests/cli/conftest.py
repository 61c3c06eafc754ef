"""The command line in this process, and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import corpfin
from corpfin.cli import app
from tests.fixtures.world import frozen

Corpfin = Callable[..., Result]
ROOT = Path(corpfin.__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="session")
def cli() -> Corpfin:
    """Runs a command in this process: ``cli("list")``; standard output and error are kept apart."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], prog_name="corpfin")


@pytest.fixture(scope="session")
def command() -> list[str]:
    """The words that start a corpfin of its own."""
    return [sys.executable, "-W", "error", "-m", "corpfin"]


@pytest.fixture
def environment() -> dict[str, str]:
    """What a process of its own needs to find this corpfin, with colours asked for."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "FORCE_COLOR": "1"}


@pytest.fixture
def spawn(command: list[str], environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command in a process of its own, its output in pipes."""
    return lambda *words: subprocess.run(
        [*command, *words], env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
