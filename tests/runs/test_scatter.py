"""The same bits on threads, processes, a cluster, and with a worker killed."""

import os
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import corpfin as cf
from corpfin.runs.blocks import Job
from corpfin.runs.scatter import TASKS, TRIES, Processes, WorkersError, cluster, run_job
from corpfin.runs.simulation import simulation_job
from tests.runs.cases import company_case, market_case
from tests.runs.digests import digest

PATHS, SEED = 5 * 1024, 7


@pytest.fixture(scope="module")
def job() -> Job:
    return simulation_job(market_case(), [company_case(ticker) for ticker in ("WULF", "CANG")], PATHS, SEED)


@pytest.fixture(scope="module")
def expected(job: Job) -> str:
    return digest(run_job(job, threads=1))


def test_threads_and_any_executor_give_the_same_bits(job: Job, expected: str) -> None:
    assert digest(run_job(job, threads=3)) == expected
    with ThreadPoolExecutor(2) as pool:
        assert digest(run_job(job, executor=pool)) == expected


@pytest.mark.slow
def test_two_processes_give_the_same_bits(job: Job, expected: str) -> None:
    with Processes(2) as pool:
        assert digest(run_job(job, executor=pool)) == expected
        found = cf.simulate(["WULF", "CANG"], paths=PATHS, seed=SEED, executor=pool)
    assert digest(found.outcomes["WULF"].summary) == expected


class Assassin(Processes):
    """Kills a worker of its own once all have begun: a pool still starting may trip over itself."""

    killed = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        if not self.killed and len(self.pool._processes) == self.workers:
            self.killed = next(iter(self.pool._processes))
            os.kill(self.killed, signal.SIGKILL)
        return future


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed otherwise here")
def test_a_killed_worker_changes_no_bit(job: Job, expected: str) -> None:
    with Assassin(2) as pool:
        assert digest(run_job(job, executor=pool)) == expected
        assert pool.killed


class Dying(Executor):
    """An executor whose workers always die, taking ``lives`` tasks in all."""

    def __init__(self, lives: int) -> None:
        self.lives, self.begun = lives, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.begun == self.lives:
            raise BrokenProcessPool("the pool is gone")
        self.begun += 1
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future


@pytest.mark.parametrize("lives", [5, 1000])
def test_workers_that_keep_dying_end_the_run_with_a_remedy(job: Job, lives: int) -> None:
    pool = Dying(lives)
    with pytest.raises(WorkersError, match=r"a worker died \d times running blocks \d to \d.*take fewer workers"):
        run_job(job, executor=pool)
    assert pool.begun <= 5 * TRIES


def test_a_fault_of_the_work_itself_is_not_tried_again(job: Job) -> None:
    class Faulty(ThreadPoolExecutor):
        begun = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.begun += 1
            return super().submit(int, "x")

    with Faulty(1) as pool, pytest.raises(ValueError, match="invalid literal"):
        run_job(job, executor=pool)
    assert pool.begun == 5


def test_some_blocks_alone(job: Job) -> None:
    seen: list[tuple[int, int]] = []
    found = run_job(job, threads=1, blocks=range(1, 3), progress=lambda done, every: seen.append((done, every)))
    assert found.spans == ((1, 3),)
    assert seen == [(1, 2), (2, 2)]


def test_tasks_are_bounded_however_many_the_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(Executor):
        tasks: list[range] = []  # noqa: RUF012

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.tasks.append(args[0])
            return Future()

    case = simulation_job(market_case(), [company_case("WULF")], 10_000_000, SEED)
    pool = Counting()

    def stop(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpfin.runs.scatter.wait", stop)
    with pytest.raises(KeyboardInterrupt):
        run_job(case, executor=pool)
    assert len(pool.tasks) <= TASKS
    assert [number for task in pool.tasks for number in task] == list(range(case.blocks))


def test_threads_and_an_executor_together_are_refused(job: Job) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="give threads or an executor, not both"):
        run_job(job, threads=2, executor=pool)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bits(job: Job, expected: str, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs corpfin[cluster]")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path), silence_logs=50
    ) as machines:
        with cluster(machines.scheduler_address) as pool:
            assert digest(run_job(job, executor=pool)) == expected
        with cluster(machines.scheduler_address) as pool:
            long = simulation_job(market_case(), [company_case("WULF")], 40 * 1024, SEED)
            victim = next(iter(machines.workers.values()))

            def kill(done: int, every: int) -> None:
                if done == 2:
                    os.kill(victim.pid, signal.SIGKILL)

            found = run_job(long, executor=pool, progress=kill)
    assert digest(found) == digest(run_job(long))


def test_a_cluster_that_does_not_answer_is_named() -> None:
    pytest.importorskip("distributed", reason="needs corpfin[cluster]")
    start = time.monotonic()
    with (
        pytest.raises(WorkersError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
    assert time.monotonic() - start < 60
