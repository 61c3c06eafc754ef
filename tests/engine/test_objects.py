"""Compiled objects on disk: found by content, mended when spoilt, and never taken from a folder others can write."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from corpfin.engine import Data, Kernel, Row, objects
from corpfin.engine.objects import CacheError
from tests.engine import toys

has_modes = pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no modes here")
DATA = Data.of(2, {"": {"opening_balance": 1200.0, "rate": 0.1}}, series={"deposit": 10.0})


@pytest.fixture
def compilations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been compiled since, with a cache on disk of its own and nothing in memory."""
    found: list[str] = []
    compile_it = objects._compile
    monkeypatch.setenv("CORPFIN_CACHE", str(tmp_path))
    monkeypatch.setattr(objects, "_loaded", {})
    monkeypatch.setattr(objects, "_compile", lambda code, target: found.append(code) or compile_it(code, target))
    objects._warn_once.cache_clear()
    return found


def balance() -> float:
    """The balance after two months, by a kernel that is looked for in memory, on disk, or compiled."""
    prepared = Kernel(toys.savings_graph()).prepare(DATA)
    found = prepared.run({"": {"noise": np.zeros((2, 1))}}, final=[Row("", "balance")]).final
    return float(found[0, 0])


RIGHT = (1200 + 1200 * 0.1 / 12 + 10) * (1 + 0.1 / 12) + 10


def test_an_object_is_compiled_once_and_then_found(compilations: list[str], tmp_path: Path) -> None:
    assert balance() == pytest.approx(RIGHT, rel=1e-14)
    assert len(compilations) == 1
    balance()
    objects._loaded.clear()
    balance()
    assert len(compilations) == 1
    assert [file.suffix for file in (tmp_path / "kernels").iterdir()] == [".object"]


def test_a_second_process_finds_it(tmp_path: Path) -> None:
    script = (
        "from corpfin.engine import objects\n"
        "compile_it = objects._compile\n"
        "objects._compile = lambda code, target: print('compiled') or compile_it(code, target)\n"
        "from tests.engine.test_objects import balance\n"
        "print(balance())\n"
    )
    environment = {**os.environ, "CORPFIN_CACHE": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    runs = [
        subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    first, second = (run.stdout.split() for run in runs)
    assert first == ["compiled", *second]


def spoil(file: Path, how: str) -> None:
    content = file.read_bytes()
    other = objects._MAGIC + b"0" * 64 + content[len(objects._MAGIC) + 64 :]
    changed = {
        "emptied": b"", "cut short": content[:-100], "appended": content + b"print('taken')", "another's": other,
        "one bit": content[:-500] + bytes([content[-500] ^ 1]) + content[-499:], "words": b"import os\n",
    }  # fmt: skip
    file.write_bytes(changed[how])


@pytest.mark.parametrize("how", ["emptied", "cut short", "appended", "another's", "one bit", "words"])
def test_a_spoilt_object_is_compiled_again_and_mended(compilations: list[str], tmp_path: Path, how: str) -> None:
    balance()
    (file,) = (tmp_path / "kernels").iterdir()
    good = file.read_bytes()
    spoil(file, how)
    objects._loaded.clear()
    assert balance() == pytest.approx(RIGHT, rel=1e-14)
    assert len(compilations) == 2
    assert file.read_bytes() == good
    objects._loaded.clear()
    balance()
    assert len(compilations) == 2


def test_another_processor_has_another_object(compilations: list[str], tmp_path: Path) -> None:
    balance()
    for width in (2, 16):
        target = objects.Target(objects.host().processor, objects.host().features, width)
        objects.compiled(compilations[0], target)
    assert len(compilations) == 3
    assert len(list((tmp_path / "kernels").iterdir())) == 3


def test_threads_compile_once(compilations: list[str]) -> None:
    threads = [threading.Thread(target=balance) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compilations) == 1


@has_modes
def test_the_folder_is_the_users_alone(compilations: list[str], tmp_path: Path) -> None:
    balance()
    assert (tmp_path / "kernels").stat().st_mode & 0o777 == 0o700


@has_modes
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_is_refused(compilations: list[str], tmp_path: Path, mode: int) -> None:
    balance()
    (tmp_path / "kernels").chmod(mode)
    objects._loaded.clear()
    with pytest.raises(CacheError, match=r"kernels can be written by others.*delete it, or chmod 700 it"):
        balance()


@has_modes
def test_a_folder_of_another_user_is_refused(
    compilations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kernels").mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345678)
    with pytest.raises(CacheError, match="belongs to another user; set CORPFIN_CACHE to a folder of your own"):
        balance()


def test_where_no_folder_can_be_made_a_temporary_one_serves(
    compilations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CORPFIN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(objects.tempfile, "tempdir", str(tmp_path))
    with pytest.warns(UserWarning, match="cannot be written; compiled code is kept in .*CORPFIN_CACHE names another"):
        assert balance() == pytest.approx(RIGHT, rel=1e-14)
    objects._loaded.clear()
    balance()
    assert len(compilations) == 1


def test_a_full_disk_costs_a_compilation_and_a_word(
    compilations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(objects.os, "replace", full)
    with pytest.warns(UserWarning, match="cannot be kept in .*No space left on device"):
        assert balance() == pytest.approx(RIGHT, rel=1e-14)
    assert list((tmp_path / "kernels").iterdir()) == []
