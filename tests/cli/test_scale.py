"""One answer, to the last byte, however its blocks are run: threads, processes, a cluster, parts put together."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from typer.testing import Result

Corpfin = Callable[..., Result]
ASKED = ("run", "DIGR", "--paths", 3000, "--months", 24, "--seed", 7)


@pytest.fixture(scope="module")
def expected(cli: Corpfin) -> bytes:
    return cli(*ASKED, "--json", "--threads", 1).stdout_bytes


def test_parts_put_together_print_what_the_run_would(cli: Corpfin, expected: bytes, tmp_path: Path) -> None:
    files = [tmp_path / "b", tmp_path / "a"]
    for file, blocks in zip(files, ("1:3", "0:1"), strict=True):
        written = cli(*ASKED, "--blocks", blocks, "-o", file)
        assert (written.exit_code, written.stdout) == (0, f"{file}: blocks {blocks} of 0:3\n")
    assert cli("merge", *files, "--json").stdout_bytes == expected
    assert cli("merge", *files).stdout == cli(*ASKED).stdout
    tables = cli("merge", *files, "--csv", tmp_path / "tables")
    assert tables.exit_code == 0
    assert (tmp_path / "tables" / "survival.csv").exists()


@pytest.mark.parametrize("files", [["a"], ["a", "a"]])
def test_parts_that_are_no_whole_are_refused(files: list[str], cli: Corpfin, tmp_path: Path) -> None:
    cli(*ASKED, "--blocks", "1:2", "-o", tmp_path / "a")
    found = cli("merge", *(tmp_path / file for file in files))
    assert (found.exit_code, found.stdout) == (2, "")
    expected = "blocks: 0:1 are missing" if len(files) == 1 else "a: blocks: 1:2 are in a too"
    assert found.stderr.startswith(f"corpfin: {expected}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--blocks", "0:4", "-o", "x"), "3,000 paths are the blocks 0:3"),
        (("--blocks", "2:2", "-o", "x"), "3,000 paths are the blocks 0:3"),
        (("--blocks", "two", "-o", "x"), "3,000 paths are the blocks 0:3"),
        (("--blocks", "0:1"), "give both"),
        (("-o", "x"), "give both"),
        (("--threads", 2, "--workers", 2), "give one of them"),
    ],
)
def test_what_does_not_fit_is_refused(words: tuple[object, ...], message: str, cli: Corpfin) -> None:
    found = cli(*ASKED, *words)
    assert found.exit_code == 2
    assert message in " ".join(found.stderr.split())


@pytest.mark.slow
def test_processes_print_the_same_bytes(
    expected: bytes, spawn: Callable[..., CompletedProcess[str]], cli: Corpfin
) -> None:
    found = spawn(*map(str, ASKED), "--json", "--workers", "2")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.encode() == expected


@pytest.mark.slow
def test_a_cluster_prints_the_same_bytes(expected: bytes, cli: Corpfin, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs corpfin[cluster]")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path), silence_logs=50
    ) as machines:
        found = cli(*ASKED, "--json", "--cluster", machines.scheduler_address)
    assert found.exit_code == 0
    assert found.stdout_bytes == expected
