"""What a machine does to a run: files that are none, disks that are full, folders of others, a process killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import corpfin
import corpfin as cf
from corpfin.cli import app
from corpfin.engine import objects
from tests.engine.test_objects import RIGHT, balance
from tests.fixtures.world import FOLDER

ROOT = Path(corpfin.__file__).parents[1]
TINY = FOLDER / "companies" / "tiny.toml"
is_root = hasattr(os, "getuid") and os.getuid() == 0
has_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among the files here")
NOBODY = 65_534


def cli(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="corpfin")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = is_root and sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(folder)], capture_output=True, check=False
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("only root may mount a small file system, and not everywhere")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """No compiled code in memory, and nothing said yet."""
    monkeypatch.setattr(objects, "_loaded", {})
    objects._warn_once.cache_clear()


# Files that are none


@has_pipes
def test_a_pipe_or_a_device_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "zero.toml"):
        for load in (cf.load_company, cf.load_market, cf.load_scenario):
            with pytest.raises(cf.InputError, match=rf"^{name}: cannot be read \(a pipe or device, not a file\)$"):
                load(tmp_path / name)
        result = cli("check", tmp_path / name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{name}: cannot be read (a pipe or device, not a file)\n"


def test_a_file_without_end_is_not_read_to_it(tmp_path: Path) -> None:
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(3 * 2**30)  # three gigabytes that take no room
    with pytest.raises(cf.InputError, match=r"^large\.toml: cannot be read \(larger than 16 mib\)$"):
        cf.load_company(tmp_path / "large.toml")


def test_a_link_to_nothing_says_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "wulf.toml").symlink_to(tmp_path / "gone.toml")
    with pytest.raises(cf.InputError) as caught:
        cf.load_company(tmp_path / "wulf.toml")
    assert str(caught.value) == f"wulf.toml: is a link to {tmp_path / 'gone.toml'}, where there is no file"


# The cache


def test_a_disk_without_room_costs_a_compilation_and_a_word(
    small: Path, cold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError, match="No space left"):
        (small / "filler").write_bytes(bytes(128 * 1024))
    monkeypatch.setenv("CORPFIN_CACHE", str(small))
    with pytest.warns(UserWarning, match=r"cannot be kept in .*No space left on device.*compiled anew"):
        assert balance() == pytest.approx(RIGHT, rel=1e-14)
    assert list((small / "kernels").iterdir()) == []


def test_a_disk_that_may_not_be_written_has_its_code_elsewhere(
    small: Path, cold: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    monkeypatch.setenv("CORPFIN_CACHE", str(small / "cache"))
    monkeypatch.setattr(objects.tempfile, "tempdir", str(tmp_path))
    with pytest.warns(UserWarning, match=r"cannot be written; compiled code is kept in .*corpfin-0"):
        assert balance() == pytest.approx(RIGHT, rel=1e-14)


@pytest.mark.skipif(not is_root, reason="only root can give a folder to another user")
def test_the_folder_of_another_user_is_refused(cold: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPFIN_CACHE", str(tmp_path))
    balance()
    os.chown(tmp_path / "kernels", NOBODY, NOBODY)
    objects._loaded.clear()
    with pytest.raises(objects.CacheError, match="belongs to another user; set CORPFIN_CACHE to a folder of your own"):
        balance()


def test_a_user_without_a_home_has_a_temporary_folder(
    cold: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container runs as a number that no list of users names: ``~`` then stands for nothing."""
    for name in ("CORPFIN_CACHE", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.setattr(objects.tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert balance() == pytest.approx(RIGHT, rel=1e-14)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("corpfin-")
    assert [file.suffix for file in folder.iterdir()] == [".object"]


# The terminal and what surrounds it


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}  # type: ignore[dict-item]
    return subprocess.run(
        [sys.executable, "-m", "corpfin", *words], text=True, stderr=subprocess.PIPE, timeout=300, env=environment,
        check=False, **options,  # type: ignore[call-overload]
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="descriptors are closed otherwise here")
def test_a_closed_standard_output_is_no_success() -> None:
    result = run("--version", preexec_fn=lambda: os.close(1))
    assert (result.returncode, result.stderr) == (
        2, "corpfin: standard output is closed; an answer has nowhere to go\n",
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_standard_output_is_no_success() -> None:
    with open("/dev/full", "w") as full:
        result = run("scenarios", stdout=full)
    assert result.returncode == 2
    assert "No space left on device" in result.stderr


def test_what_a_terminal_would_obey_is_written_out(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8")
    file = tmp_path / "tiny\u202e.toml"
    wrong = text.replace('"Tiny Hash Ltd."', '"Tiny\\u001b]0;taken\\u0007"').replace(
        "cash = 7.5", '"\\u001b[2J" = 1\ncash = "\\u009b31m"'
    )
    file.write_text(wrong, encoding="utf-8")
    result = cli("check", file)
    assert result.exit_code == 2
    name = "tiny\\u202e.toml"
    assert result.stderr.splitlines()[:3] == [
        f'{name}: company.name = "Tiny\\u001b]0;taken\\u0007": holds U+001B, which a terminal obeys or reads '
        "backwards; take it out",
        f"{name}: treasury.\\u001b[2J = 1: unknown key",
        f'{name}: treasury.cash = "\\u009b31m": is text; expected a number in USD m without quotation marks; '
        "allowed 0 to 500,000",
    ]


# Killed while it writes


WRITER = """
import os, sys
from pathlib import Path
import corpfin as cf
from corpfin.report.plots import company_plots, save_plots
from corpfin.report.tables import write_tables
from corpfin.workbook import write_workbook
from tests.fixtures.world import frozen
with frozen():
    folder, what = Path(sys.argv[1]), sys.argv[2]
    projection = cf.project("TINY", months=6)
    simulation = cf.simulate("TINY", months=6, paths=64, threads=1)
    writers = {
        "csv": lambda: write_tables(folder, projection, simulation),
        "plots": lambda: save_plots(folder, company_plots(projection, simulation)),
        "xlsx": lambda: write_workbook(folder / "book.xlsx", projection),
    }
    writers[what]()
    print("ready", flush=True)
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            while True:
                writers[what]()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
"""


def whole(file: Path, before: bytes) -> bool:
    """Whether a file is the old one, or a new one from its first byte to its last."""
    content = file.read_bytes()
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as book:
            return book.testzip() is None and b"Cover" in book.read("xl/workbook.xml")
    if file.suffix == ".png":
        return content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")
    return content == before


def killed(what: str, folder: Path, times: int) -> None:
    """Kill a process that writes, at moments from at once to a second later, and look at what it leaves."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    ) as writer:  # fmt: skip
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert files
        for number in range(times):
            print(number, file=writer.stdin, flush=True)
            child = int(writer.stdout.readline())
            time.sleep((number * 0.618) % 1.0 / 2)
            os.kill(child, signal.SIGKILL)
            assert writer.stdout.readline() == "gone\n"
            left = {file.name for file in folder.iterdir() if not file.name.startswith(".")}
            assert left == set(files)
            assert [name for name in files if not whole(folder / name, files[name])] == []
        writer.stdin.close()


can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")


@can_fork
def test_a_killed_process_leaves_whole_tables(tmp_path: Path) -> None:
    killed("csv", tmp_path, 3)


@can_fork
@pytest.mark.slow
@pytest.mark.parametrize(("what", "times"), [("csv", 60), ("plots", 12), ("xlsx", 12)])
def test_whatever_is_written_when_a_process_is_killed(what: str, times: int, tmp_path: Path) -> None:
    killed(what, tmp_path, times)
