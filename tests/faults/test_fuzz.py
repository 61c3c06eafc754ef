"""Mutated companies, markets and scenarios: each is refused in words, or runs, is finite, adds up and can be told.

300 cases in the gate: QUICK in the normal run, the others with the slow tests; ``--fuzz N`` runs N of three seeds.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import corpfin as cf
from tests.faults.judge import World, judged
from tests.faults.mutate import Kind, case
from tests.fixtures.world import FOLDER, frozen

QUICK, ALL = 80, 300
SEEDS = (1, 2, 3)
SLOWEST = 60.0
"""Seconds that no case may take, on a machine that does much else besides."""

Files = dict[Kind, list[Path]]


@pytest.fixture(scope="module")
def files() -> Files:
    companies = sorted(file for file in (FOLDER / "companies").glob("*.toml") if file.name != "market.toml")
    scenarios = sorted((FOLDER / "templates" / "scenarios").glob("*.toml"))
    return {"company": companies, "market": [FOLDER / "companies" / "market.toml"], "scenario": scenarios}


@pytest.fixture(scope="module")
def world() -> Iterator[Callable[[int], World]]:
    with frozen():
        market = cf.load_market()
        company, scenario = cf.load_company("TINY", market.defaults), cf.load_scenario("base")
        yield lambda months: World(company, market, scenario, months, paths=1_024)


def fuzz(cases: Iterator[tuple[int, int]], files: Files, world: World, folder: Path) -> str:
    """Judges every case of seed and number; what became of how many, and which was the slowest."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = (0.0, "")
    for seed, number in cases:
        made = case(seed, number, files)
        begun = time.process_time()
        try:
            counts[f"{made.kind} {judged(made, world, folder)}"] += 1
        except Exception as error:
            wrong.append(f"{seed}:{number} {type(error).__name__}: {str(error)[:300]} | {made}")
        slowest = max(slowest, (time.process_time() - begun, f"{seed}:{number} {made.kind}"))
    assert wrong == []
    assert slowest[0] < SLOWEST, slowest[1]
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    return f"{counts.total()} cases: {told}; the slowest, {slowest[1]}, took {slowest[0]:.1f} s"


def test_a_mutated_file_is_refused_in_words_or_answered_whole(
    request: pytest.FixtureRequest, files: Files, world: Callable[[int], World], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    asked = request.config.getoption("--fuzz")
    if not asked:
        fuzz(((SEEDS[0], number) for number in range(QUICK)), files, world(6), tmp_path)
        return
    found = fuzz(((seed, number) for seed in SEEDS for number in range(-(-asked // 3))), files, world(60), tmp_path)
    with capsys.disabled():
        print(f"\n{found}")


@pytest.mark.slow
def test_the_others(files: Files, world: Callable[[int], World], tmp_path: Path) -> None:
    fuzz(((SEEDS[0], number) for number in range(QUICK, ALL)), files, world(12), tmp_path)
