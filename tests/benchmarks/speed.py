"""What a run costs, as ratios measured side by side in one process: python tests/benchmarks/speed.py.

As it stands it measures small sizes once, to see that it works; with --full the sizes of the README, whose table it
writes. User seconds of one thread; medians of runs that take turns with what they are held against.
"""

import argparse
import json
import os
import platform
import resource  # not on Windows
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
from peer import Peer

import corpfin as cf
from corpfin.engine import Row
from corpfin.engine import openings as opening_values
from corpfin.inputs import companies_of
from corpfin.paths import BLOCK, company_draws, market_draws, normals
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_kernel, market_graph, market_kernel
from corpfin.runs.projection import evaluate, split
from corpfin.runs.readings import OUTCOMES

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- speed: made by tests/benchmarks/speed.py -->\n", "<!-- end of speed -->\n"
TICKERS = "WULF", "MARA", "CORZ"
PEER_BLOCKS = 8  # 8,192 paths at once, which suits numpy best
Streams = list[tuple[str, tuple[int, ...]]]


def seconds(work: Callable[[], object]) -> float:
    """User seconds of this process that something takes."""
    start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - start


def streams_used(case: MarketCase, company: CompanyCase) -> Streams:
    """Name and shape of every stream of normals that one block of the simulation draws, by watching it."""
    seen: Streams = []

    def watch(seed: int, name: str, block: int, shape: tuple[int, ...], out: np.ndarray | None = None) -> np.ndarray:
        seen.append((name, shape))
        return normals(seed, name, block, shape, out)

    # The shipped market's price is lognormal, which draws no normals of its own.
    market_draws(case.randomness, 1, 0, source=watch)
    company_draws(company.randomness, company.ticker, company.projects, 1, 0, source=watch)
    return seen


class Subject:
    """One company, with its normals, the numpy of it and its interpreter."""

    def __init__(self, ticker: str, months: int = 60) -> None:
        self.ticker, self.months = ticker, months
        self.market_case = prepare_market(cf.load_market(), cf.load_scenario("base"), months)
        self.case = prepare_company(cf.load_company(ticker), self.market_case)
        self.streams = streams_used(self.market_case, self.case)
        self.arrays = [np.empty(shape) for _, shape in self.streams]

    def run(self, paths: int) -> cf.Simulation:
        return cf.simulate(self.ticker, paths=paths, months=self.months, threads=1)

    def draw(self, paths: int) -> None:
        """The normals of a run, block by block into the same memory, thrown away."""
        for block in range(-(-paths // BLOCK)):
            for (name, shape), array in zip(self.streams, self.arrays, strict=True):
                normals(1, name, block, shape, array)

    def over_normals(self, paths: int, times: int) -> float:
        """A whole run, from the files on, over the drawing of its normals."""
        self.run(paths)
        pairs = [(seconds(lambda: self.draw(paths)), seconds(lambda: self.run(paths))) for _ in range(times)]
        return median(run / drawing for drawing, run in pairs)

    def peer(self) -> Callable[[int], np.ndarray]:
        """The numpy of market and company: from the number of a block of 8,192 paths to their default months."""
        before = opening_values(market_graph(), self.market_case.data)
        above = Peer(market_kernel().prepare(self.market_case.data))
        own = Peer(company_kernel().prepare(self.case.data, before))
        needed = list(company_kernel().needs["market"])
        final = [Row("", name) for name in OUTCOMES]

        def run(number: int) -> np.ndarray:
            blocks = range(number * PEER_BLOCKS, (number + 1) * PEER_BLOCKS)
            drawn = [market_draws(self.market_case.randomness, 1, block) for block in blocks]
            draws = {name: np.concatenate([one[name] for one in drawn], axis=-1) for name in drawn[0]}
            self.market_case.shock(draws)
            paths = PEER_BLOCKS * BLOCK
            outer = above.run(paths, {"": draws}, {}, needed)
            drawn = [company_draws(self.case.randomness, self.ticker, self.case.projects, 1, block) for block in blocks]
            draws = {name: np.concatenate([one[name] for one in drawn], axis=-1) for name in drawn[0]}
            self.market_case.shock(draws, self.case.projects)
            found = own.run(paths, split(draws), {"market": outer}, final)
            return found[OUTCOMES.index("default_month")][-1]

        return run

    def over_peer(self, paths: int, times: int) -> float:
        """The numpy over a whole run, path by path; both must come to the same survival."""
        peer, block = self.peer(), PEER_BLOCKS * BLOCK
        defaults = peer(0)
        share = self.run(block).outcomes[self.ticker].survival(self.months)
        if abs(np.mean(defaults == 0) - share) > 2 / block:  # C libraries differ in last digits: a path may flip
            raise AssertionError(f"{self.ticker}: numpy comes to {np.mean(defaults == 0)}, the kernel to {share}")
        pairs = [(seconds(lambda: peer(1)), seconds(lambda: self.run(paths))) for _ in range(times)]
        return median((numpy / block) / (run / paths) for numpy, run in pairs)

    def over_interpreter(self, paths: int, times: int) -> float:
        """The plain interpreter over a whole run, path by path."""

        def path(number: int) -> None:
            above = market_draws(self.market_case.randomness, 1, 0)
            own = company_draws(self.case.randomness, self.ticker, self.case.projects, 1, 0)
            drawn = [{name: array[..., number].copy() for name, array in one.items()} for one in (above, own)]
            evaluate(self.case, self.market_case, *drawn)

        pairs = [(seconds(lambda: path(1)), seconds(lambda: self.run(paths))) for _ in range(times)]
        return median(one / (run / paths) for one, run in pairs)


def compiling(ticker: str) -> float:
    """User seconds that the first answer on a machine takes beyond the second, in processes of their own."""
    code = f"import corpfin as cf, os; cf.simulate({ticker!r}, paths=40_960, threads=1); print(os.times().user)"
    with tempfile.TemporaryDirectory() as folder:
        found = [
            subprocess.run(
                [sys.executable, "-c", code],
                check=True,
                capture_output=True,
                text=True,
                env=os.environ | {"CORPFIN_CACHE": folder},
            )
            for _ in range(2)
        ]
    first, second = (json.loads(one.stdout) for one in found)
    return float(first - second)


def measured(full: bool) -> Iterator[tuple[str, str, str]]:
    """What, held against what, and the ratio."""
    paths, times = (100_352, 5) if full else (8_192, 1)
    tickers = TICKERS if full else TICKERS[:1]
    subjects = {ticker: Subject(ticker) for ticker in tickers}
    for ticker, subject in subjects.items():
        yield f"{ticker}, {paths:,} paths", "drawing its normals", f"{subject.over_normals(paths, times):.2f}"
    for ticker, subject in subjects.items():
        yield "the same model in numpy", f"{ticker}, path by path", f"{subject.over_peer(paths, min(times, 3)):.1f}"
    first = subjects[tickers[0]]
    yield "the interpreter", f"{first.ticker}, path by path", f"{first.over_interpreter(paths, times):,.0f}"
    drawing = median(seconds(lambda: first.draw(paths)) for _ in range(times))
    cold = compiling(first.ticker)
    yield "compiling all it needs", f"normals of {first.ticker}", f"{cold / drawing:.1f} ({cold:.1f} s)"
    for size in (4_096, 16_384, 400_384) if full else (4_096,):
        yield f"{first.ticker}, {size:,} paths", "drawing its normals", f"{first.over_normals(size, min(times, 3)):.2f}"
    for months in (12, 36, 120) if full else (12,):
        other = Subject(first.ticker, months)
        yield f"{first.ticker}, {months} months", "drawing its normals", f"{other.over_normals(paths, 3):.2f}"
    one = median(seconds(lambda: first.run(paths)) for _ in range(times))
    known = sorted(companies_of())
    for names in (list(TICKERS), known) if full else (list(TICKERS),):
        several = median(
            seconds(lambda names=names: cf.simulate(names, paths=paths, threads=1)) for _ in range(min(times, 3))
        )
        yield f"{len(names)} companies", f"{first.ticker} alone", f"{several / one:.2f}"


def table(rows: list[tuple[str, str, str]], paths: int) -> str:
    """The rows in Markdown."""
    text = ["| what | over | ratio |", "|---|---|---:|", *(f"| {' | '.join(row)} |" for row in rows)]
    note = f"{paths:,} paths of 60 months where nothing else is said, one thread of {platform.machine()}, user seconds"
    return "\n".join([f"{note}:", "", *text, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="what a run costs, as ratios")
    parser.add_argument("--full", action="store_true", help="the sizes of the README, whose table is written")
    arguments = parser.parse_args()
    rows = []
    for row in measured(arguments.full):
        print(" | ".join(row), flush=True)
        rows.append(row)
    if arguments.full:
        text = README.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        README.write_text(head + BEGIN + table(rows, 100_352) + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
