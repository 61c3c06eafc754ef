"""Parts of a run in files, for batch queues: each says what was run, and those of one run are put together again."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from corpfin.common.files import whole_file
from corpfin.inputs import InputError, Problem
from corpfin.runs.blocks import Job
from corpfin.runs.graphs import graphs
from corpfin.runs.tally import Array, Key, Moments, Paired, Summary, Tally, Worst, merge

FORMAT = 1
"""Version of the layout of a part."""

Run = dict[str, Any]
"""What was run: how it was asked for (``given``) and what it was made of, as JSON."""


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a run: what was run, and the result of some of its blocks."""

    file: Path
    run: Run
    summary: Summary


def describe(job: Job, given: Mapping[str, Any]) -> Run:
    """What a job runs, so that parts of it can be told from those of another; ``given`` is how it was asked for."""
    return {
        "given": dict(given),
        "paths": job.paths,
        "seed": job.seed,
        "months": list(next(iter(job.worlds.values())).market_case.labels),
        "scenario": {name: world.market_case.scenario.digest() for name, world in job.worlds.items()},
        "market": {name: world.market_case.market.digest() for name, world in job.worlds.items()},
        "company": {
            f"{name} {case.label}".strip(): case.company.digest()
            for name, world in job.worlds.items()
            for case in world.cases
        },
        "model": model_digest(),
        "version": _version(),
    }


def model_digest() -> str:
    """SHA-256 of every line of the model and its constants."""
    found = sha256()
    for graph in graphs().values():
        for line in graph.lines:
            formula = line.expression and (line.expression.text, sorted(line.expression.constants.items()))
            found.update(repr((graph.name, line.scope, line.name, formula)).encode())
    return found.hexdigest()


def write_part(file: Path, run: Run, summary: Summary) -> None:
    """Write a part, whole or not at all; ``OSError``, naming the file, if it cannot be written."""
    arrays: dict[str, Any] = {}
    tree = {
        "format": FORMAT,
        "run": run,
        "spans": summary.spans,
        "tallies": [_tally_out(key, tally, arrays) for key, tally in summary.tallies.items()],
        "pairs": [
            {
                "keys": keys,
                "paths": pair.paths,
                "gained": list(pair.gained.items()),
                "lost": list(pair.lost.items()),
                "moments": _moments_out(pair.moments),
            }
            for keys, pair in summary.pairs.items()
        ],
    }
    with whole_file(file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, part=np.frombuffer(json.dumps(tree).encode(), np.uint8), **arrays)


def read_part(file: Path) -> Part:
    """Read a part; ``InputError`` for what is none or is damaged, ``OSError`` for what cannot be read."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            tree = json.loads(stored["part"].tobytes())
            if tree["format"] != FORMAT:
                message = f"is laid out as version {tree['format']} and this is version {FORMAT}; run it again"
                raise InputError([Problem(file.name, "", None, message)])
            tallies = dict(_tally_in(item, stored) for item in tree["tallies"])
        pairs = {
            (Key(*item["keys"][0]), Key(*item["keys"][1])): Paired(
                item["paths"], dict(item["gained"]), dict(item["lost"]), _moments_in(item["moments"])
            )
            for item in tree["pairs"]
        }
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        message = "is no part of a run, or is damaged; write it again with corpfin run --blocks"
        raise InputError([Problem(file.name, "", None, message)]) from None
    return Part(file, tree["run"], Summary(tuple((first, end) for first, end in tree["spans"]), tallies, pairs))


def merge_parts(files: Sequence[Path], blocks_of: Callable[[Run], int]) -> tuple[Run, Summary]:
    """What was run and its whole result, from parts in any order.

    ``InputError`` with everything that is wrong: parts that are damaged, of different runs, with blocks in common, or
    with blocks missing of the ``blocks_of`` the run.
    """
    problems: list[Problem] = []
    parts: list[Part] = []
    for file in files:
        try:
            parts.append(read_part(file))
        except InputError as error:
            problems += error.problems
    for part in parts[1:]:
        problems += _strangers(parts[0], part)
    _raise(problems)
    for number, part in enumerate(parts):
        for other in parts[:number]:
            problems += _overlaps(other, part)
    _raise(problems)
    first = parts[0]
    whole = merge(*(part.summary for part in parts))
    _raise(
        Problem("", "blocks", None, f"{start}:{end} are missing: run them with --blocks {start}:{end} -o FILE")
        for start, end in whole.gaps(blocks_of(first.run))
    )
    return first.run, whole


def same_run(file: Path, found: Run, now: Run) -> None:
    """Raise ``InputError`` where what was run is not what would be run now, from the files as they are."""
    names = {
        "company": "the company's file",
        "market": "the market's file",
        "scenario": "the scenario",
        "model": "the model",
        "version": "the version of corpfin",
    }
    _raise(
        Problem(file.name, key, None, f"{name} has changed since the part was run; put it back or run the parts again")
        for key, name in names.items()
        if found[key] != now[key]
    )


def _strangers(one: Part, other: Part) -> list[Problem]:
    return [
        Problem(other.file.name, key, None, f"is not that of {one.file.name}; leave one of them out or run it again")
        for key in one.run
        if one.run[key] != other.run.get(key)
    ]


def _overlaps(one: Part, other: Part) -> list[Problem]:
    common = [
        (max(first, start), min(last, end))
        for first, last in one.summary.spans
        for start, end in other.summary.spans
        if max(first, start) < min(last, end)
    ]
    return [
        Problem(other.file.name, "blocks", None, f"{start}:{end} are in {one.file.name} too; leave one of them out")
        for start, end in common
    ]


def _raise(problems: Any) -> None:
    if found := list(problems):
        raise InputError(found)


def _version() -> str:
    try:
        return version("corpfin")
    except PackageNotFoundError:
        return "checkout"


def _moments_out(moments: Mapping[str, Moments]) -> dict[str, list[str]]:
    return {name: [hex(part) for part in item] for name, item in moments.items()}


def _moments_in(stored: Mapping[str, list[str]]) -> dict[str, Moments]:
    return {name: Moments(*(int(part, 16) for part in parts)) for name, parts in stored.items()}


def _tally_out(key: Key, tally: Tally, arrays: dict[str, Array]) -> dict[str, Any]:
    """A tally for JSON; its arrays are put among the ``arrays`` under names that tell where they belong."""
    place = f"{len(arrays)}"
    arrays[f"{place}.defaults"] = tally.defaults
    sample: list[list[Any]] = []
    for kind, blocks in (("final", tally.final), ("monthly", tally.monthly)):
        for number, lines in blocks.items():
            for name, values in lines.items():
                sample.append([kind, number, name])
                arrays[f"{place}.{len(sample)}"] = values
    return {
        "key": key,
        "place": place,
        "lost": tally.lost,
        "worst": tally.worst,
        "moments": _moments_out(tally.moments),
        "sample": sample,
    }


def _tally_in(item: Mapping[str, Any], stored: Mapping[str, Array]) -> tuple[Key, Tally]:
    place = item["place"]
    kept: dict[str, dict[int, dict[str, Array]]] = {"final": {}, "monthly": {}}
    for row, (kind, number, name) in enumerate(item["sample"], start=1):
        kept[kind].setdefault(number, {})[name] = stored[f"{place}.{row}"]
    tally = Tally(
        stored[f"{place}.defaults"], item["lost"], Worst(*item["worst"]), _moments_in(item["moments"]), **kept
    )
    return Key(*item["key"]), tally
