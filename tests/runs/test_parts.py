"""Parts of a run in files: put together they are the run; what does not belong together is refused with the remedy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpfin.inputs import InputError
from corpfin.runs.blocks import Job
from corpfin.runs.parts import Run, describe, merge_parts, model_digest, read_part, same_run, write_part
from corpfin.runs.scatter import run_job
from corpfin.runs.simulation import simulation_job
from tests.runs.cases import company_case, market_case
from tests.runs.digests import digest

PATHS = 4 * 1024 - 10
Write = Callable[..., Path]


def job_of(seed: int = 7, ticker: str = "WULF") -> Job:
    return simulation_job(market_case(13), [company_case(ticker, 13), company_case("CANG", 13)], PATHS, seed)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes blocks of a run as a part and gives its file."""

    def written(name: str, first: int, end: int, **other: Any) -> Path:
        job = job_of(**other)
        file = tmp_path / name
        write_part(file, describe(job, {"company": "WULF"}), run_job(job, blocks=range(first, end)))
        return file

    return written


def blocks_of(run: Run) -> int:
    return -(-int(run["paths"]) // 1024)


def refused(*files: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        merge_parts(files, blocks_of)
    return str(caught.value).splitlines()


def test_parts_in_any_order_are_the_run(write: Write) -> None:
    files = [write("a", 0, 1), write("b", 1, 3), write("c", 3, 4)]
    job = job_of()
    for order in (files, files[::-1]):
        run, summary = merge_parts(order, blocks_of)
        assert digest(summary) == digest(run_job(job))
        same_run(files[0], run, describe(job, {"company": "WULF"}))
    assert list(summary.tallies) == list(run_job(job).tallies)


def test_a_part_says_what_was_run(write: Write) -> None:
    part = read_part(write("a", 1, 2))
    assert part.summary.spans == ((1, 2),)
    assert (part.run["paths"], part.run["seed"], len(part.run["months"])) == (PATHS, 7, 13)
    assert part.run["company"]["simulation WULF"] == company_case("WULF").company.digest()
    assert part.run["model"] == model_digest()


def test_blocks_that_are_missing_are_named(write: Write) -> None:
    assert refused(write("a", 1, 2)) == [
        "blocks: 0:1 are missing: run them with --blocks 0:1 -o FILE",
        "blocks: 2:4 are missing: run them with --blocks 2:4 -o FILE",
    ]


def test_blocks_that_are_there_twice_are_named(write: Write) -> None:
    assert refused(write("a", 0, 3), write("b", 2, 4)) == ["b: blocks: 2:3 are in a too; leave one of them out"]


def test_parts_of_different_runs_are_refused(write: Write) -> None:
    found = refused(write("a", 0, 2), write("b", 2, 4, seed=8), write("c", 2, 4, ticker="MARA"))
    assert found == [
        "b: seed: is not that of a; leave one of them out or run it again",
        "c: company: is not that of a; leave one of them out or run it again",
    ]


@pytest.mark.parametrize("key", ["company", "market", "scenario", "model", "version"])
def test_what_has_changed_since_is_named(write: Write, key: str) -> None:
    file = write("a", 0, 4)
    run = read_part(file).run
    with pytest.raises(InputError, match=f"a: {key}: .* changed since the part was run; put it back or run"):
        same_run(file, run, run | {key: "another"})


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:2000])


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_text(file: Path) -> None:
    file.write_text("MARA", encoding="utf-8")


def of_numbers(file: Path) -> None:
    with file.open("wb") as stream:
        np.savez(stream, part=np.zeros(3))


def of_objects(file: Path) -> None:
    with file.open("wb") as stream:
        np.savez(stream, part=np.array([{}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize("damage", [cut_short, flipped, emptied, of_text, of_numbers, of_objects])
def test_a_damaged_part_is_named(write: Write, damage: Callable[[Path], None]) -> None:
    file = write("a", 0, 4)
    damage(file)
    assert refused(file) == ["a: is no part of a run, or is damaged; write it again with corpfin run --blocks"]


def test_a_part_of_another_layout_is_refused(write: Write, tmp_path: Path) -> None:
    file = write("a", 0, 4)
    with np.load(file) as stored:
        arrays = dict(stored)
    tree = json.loads(arrays["part"].tobytes()) | {"format": 99}
    arrays["part"] = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    with file.open("wb") as stream:
        np.savez(stream, **arrays)
    assert refused(file) == ["a: is laid out as version 99 and this is version 1; run it again"]
