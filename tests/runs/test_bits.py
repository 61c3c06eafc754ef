"""One run, one answer to the last bit: whatever the threads, the width of registers or the C library's variants."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

RUN = """
import hashlib, sys
import corpfin.engine.objects as objects
threads, processor, features, width = sys.argv[1:]
if processor:
    from corpfin.engine import arrays, program
    target = objects.Target(processor, features, int(width))
    arrays.host = program.host = lambda: target
import corpfin as cf
from corpfin.cli import app
import io, contextlib
said = io.StringIO()
with contextlib.redirect_stdout(said):
    app(["run", "WULF", "--paths", "4096", "--json", "--threads", threads], standalone_mode=False)
assert len(said.getvalue()) > 10_000
if processor:
    assert program._written
    assert all(set(targets) == {target} for targets in program._written.values())
print(hashlib.sha256(said.getvalue().encode()).hexdigest())
"""

VARIANTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "two threads": (["2", "", "", ""], {}),
    "no vector units beyond SSE2": (["1", "x86-64", "", "2"], {}),
    "registers of four": (["1", "x86-64-v3", "", "4"], {}),
    "plain C library": (["1", "", "", ""], {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable"}),
    "plain numpy": (["1", "", "", ""], {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"}),
}


def digest(arguments: list[str], environment: dict[str, str]) -> str:
    """The hash of a run's document, made in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-c", RUN, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment).stdout


@pytest.fixture(scope="module")
def plain() -> str:
    return digest(["1", "", "", ""], {})


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_one_hash(variant: str, plain: str) -> None:
    assert len(plain.strip()) == 64
    assert digest(*VARIANTS[variant]) == plain
