"""Runs the quick tests on the lowest versions that pyproject.toml allows and on the newest there are.

Started by a person: ``python tests/versions.py [--lowest PYTHON] [--newest PYTHON] [pytest arguments]``. Each gets a
virtual environment of its own, in a temporary folder unless ``--folder`` keeps it. In the end the answer of one company
is held against the other's, figure by figure.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEWEST = ["python3.15", "python3.14", "python3.13", "python3.12"]
READ_ONLY = ("mypy", "pandas-stubs", "ruff")
"""Packages of the tests that read the code and run nothing."""
TOLERANCE = 1e-6
"""Relative difference of two figures that counts as none."""
ASKED = ["run", "WULF", "--paths", "4096", "--json"]


def lowest_versions() -> list[str]:
    """Every package that the project or its tests run, at the lowest version allowed: ``numpy==2.0``."""
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    return [package.replace(">=", "==") for package in asked if not package.startswith(READ_ONLY)]


def installed(folder: Path, python: str, lowest: bool) -> Path:
    """The Python of a new environment with the project in it."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    inner = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pins = folder / "pins.txt"
    pins.write_text("\n".join(lowest_versions() if lowest else []) + "\n", encoding="utf-8")
    command = [str(inner), "-m", "pip", "install", "-q", "-c", str(pins), f"{ROOT}[test]"]
    subprocess.run(command if lowest else [*command, "--upgrade"], check=True)
    return inner


def tested(python: Path, arguments: list[str]) -> int:
    """Runs the quick tests; the exit status of pytest."""
    said = subprocess.run(
        [str(python), "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    print(f"{python}: {' '.join(said.stdout.split())}", flush=True)
    return subprocess.run([str(python), "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def answer(python: Path) -> dict[str, Any]:
    """The answer of one company."""
    said = subprocess.run([str(python), "-m", "corpfin", *ASKED], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout)
    del found["versions"]
    return found


def differences(one: Any, other: Any, key: str = "") -> Iterator[tuple[float, str]]:
    """Relative difference and key of each pair of figures; infinite where one is not there or no number."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from differences(one.get(name), other.get(name), f"{key}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{key}[{number}]")
    elif isinstance(one, int | float) and isinstance(other, int | float):
        yield abs(one - other) / max(abs(one), abs(other), 1.0), key
    else:
        yield 0.0 if one == other else math.inf, key


def main() -> int:
    """Exit status 0 when both passed and agree."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lowest", default=sys.executable, help="Python for the lowest versions")
    asked.add_argument("--newest", default=next(filter(shutil.which, NEWEST), sys.executable), help="for the newest")
    asked.add_argument("--folder", type=Path, help="keep the environments here")
    given, arguments = asked.parse_known_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        pythons = [
            installed(folder / name, python, name == "lowest")
            for name, python in (("lowest", given.lowest), ("newest", given.newest))
        ]
        statuses = [tested(python, arguments) for python in pythons]
        furthest, key = max(differences(*map(answer, pythons)))
    print(f"exit status of the tests: lowest {statuses[0]}, newest {statuses[1]}")
    print(f"furthest figure of {' '.join(ASKED)}: {key.lstrip('.')}, off by {furthest:.2g}")
    return max(*statuses, int(furthest > TOLERANCE))


if __name__ == "__main__":
    sys.exit(main())
