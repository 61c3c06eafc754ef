"""Time and memory of a whole simulation beside the time of drawing its normals: python tests/benchmarks/simulate.py.

Each size runs in a process of its own, so that the peak is its own: the child draws the normals that the simulation
uses (the same streams, arrays reused, as many threads), then simulates. A first child makes sure that the kernels are
compiled and kept on disk.
"""

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import local
from unittest.mock import patch

import numpy as np

import corpfin as cf
from corpfin.paths import BLOCK, company_draws, market, market_draws, normals, processes
from corpfin.paths import company as company_paths
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market

TICKER = "WULF"
SIZES = (16_384, 100_352, 400_384)  # whole blocks
THREADS = (1, 2)
MEGABYTE = 1024 * 1024


def streams_used(case: MarketCase, company: CompanyCase) -> list[tuple[str, tuple[int, ...]]]:
    """Name and shape of every stream of normals that one block of the simulation draws, by watching it."""
    seen: list[tuple[str, tuple[int, ...]]] = []

    def watch(seed: int, name: str, block: int, shape: tuple[int, ...], out: np.ndarray | None = None) -> np.ndarray:
        seen.append((name, shape))
        return normals(seed, name, block, shape, out)

    with ExitStack() as patches:
        for module in (market, company_paths, processes):
            if hasattr(module, "normals"):
                patches.enter_context(patch.object(module, "normals", watch))
        market_draws(case.randomness, 1, 0)
        company_draws(company.randomness, company.ticker, company.projects, 1, 0)
    return seen


def draw(streams: list[tuple[str, tuple[int, ...]]], paths: int, threads: int) -> int:
    """Draw every normal of a simulation block by block and throw it away; how many they were."""
    buffers = local()

    def block(number: int) -> None:
        arrays = buffers.__dict__.setdefault("arrays", [np.empty(shape) for _, shape in streams])
        for (name, shape), array in zip(streams, arrays, strict=True):
            normals(1, name, number, shape, array)

    blocks = -(-paths // BLOCK)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(block, range(blocks)))
    return blocks * sum(int(np.prod(shape)) for _, shape in streams)


def measure(paths: int, threads: int) -> dict[str, float]:
    """Figures of one size, to be called in a fresh process."""
    import resource  # not on Windows; the figures are for Linux, where ru_maxrss is in kilobytes

    case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    streams = streams_used(case, prepare_company(cf.load_company(TICKER), case))
    start = time.perf_counter()
    cf.simulate(TICKER, paths=1, threads=1)
    ready = time.perf_counter()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = draw(streams, paths, threads)
    drawn = time.perf_counter()
    cf.simulate(TICKER, paths=paths, threads=threads)
    done = time.perf_counter()
    return {
        "loading": ready - start,
        "normals": count,
        "drawing": drawn - ready,
        "simulating": done - drawn,
        "idle": idle * 1024 / MEGABYTE,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE,
    }


def child(paths: int, threads: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--paths", str(paths), "--threads", str(threads)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="time and memory of a simulation")
    parser.add_argument("--paths", type=int, help="measure one size in this process and print it as JSON")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.paths:
        print(json.dumps(measure(arguments.paths, arguments.threads)))
        return
    print(f"{TICKER}, 60 months; compiling or loading the kernels took {child(1, 1)['loading']:.1f} s")
    heads = ("paths", "threads", "million normals", "drawing s", "simulating s", "ratio", "idle MB", "peak MB")
    print(" ".join(f"{head:>15}" for head in heads))
    for threads in THREADS:
        for paths in SIZES:
            found = child(paths, threads)
            ratio = found["simulating"] / found["drawing"]
            row = (
                f"{paths:,}",
                f"{threads}",
                f"{found['normals'] / 1e6:.1f}",
                f"{found['drawing']:.2f}",
                f"{found['simulating']:.2f}",
                f"{ratio:.2f}",
                f"{found['idle']:.0f}",
                f"{found['peak']:.0f}",
            )
            print(" ".join(f"{cell:>15}" for cell in row))


if __name__ == "__main__":
    main()
