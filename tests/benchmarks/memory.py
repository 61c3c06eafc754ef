"""Memory of a run by its number of paths, as a multiple of the smallest: python tests/benchmarks/memory.py.

Each size runs in a process of its own, so that the peak is its own. What the process holds after one block is taken
off: interpreter, libraries, the kernel compiled for this run and one block at work. What is left is what a run keeps.
"""

import argparse
import resource  # not on Windows; the figures are for Linux, where ru_maxrss is in kilobytes
import subprocess
import sys

import corpfin as cf
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.scatter import run_job
from corpfin.runs.simulation import simulation_job

TICKER = "WULF"
SIZES = (16_384, 400_384, 4_000_768)  # whole blocks; the first is the whole sample
MEGABYTE = 1024


def peak() -> float:
    """Largest memory of this process so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def measure(paths: int) -> tuple[float, float]:
    """Memory after the first block and at the peak of a run [MB], to be called in a fresh process."""
    market_case = prepare_market(cf.load_market(), cf.load_scenario("base"))
    job = simulation_job(market_case, [prepare_company(cf.load_company(TICKER), market_case)], paths, seed=1)
    run_job(job, threads=1, blocks=range(1))
    idle = peak()
    run_job(job, threads=1)
    return idle, peak()


def child(paths: int) -> tuple[float, float]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--paths", str(paths)]
    idle, most = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(idle), float(most)


def main() -> None:
    parser = argparse.ArgumentParser(description="memory of a simulation")
    parser.add_argument("--paths", type=int, help="measure one size in this process and print idle and peak")
    arguments = parser.parse_args()
    if arguments.paths:
        print(*measure(arguments.paths))
        return
    print(f"{TICKER}, 60 months, one thread")
    print(" ".join(f"{head:>12}" for head in ("paths", "idle MB", "peak MB", "run MB", "ratio")))
    first = None
    for paths in SIZES:
        idle, most = child(paths)
        first = first or most - idle
        row = (f"{paths:,}", f"{idle:.0f}", f"{most:.0f}", f"{most - idle:.0f}", f"{(most - idle) / first:.2f}")
        print(" ".join(f"{cell:>12}" for cell in row))


if __name__ == "__main__":
    main()
