"""The blocks of a job over threads, processes or machines: any executor will do, and none changes a bit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing import get_context
from threading import Lock
from typing import Any, TypeVar

from corpfin.common.numbers import whole_number
from corpfin.runs.blocks import Job
from corpfin.runs.identities import warn_of_broken
from corpfin.runs.tally import Summary

Progress = Callable[[int, int], None]
ItemT = TypeVar("ItemT")

TASKS = 256
"""Most tasks a job is cut into: what is not merged yet bounds the memory."""

TRIES = 4
"""Times a task is begun whose worker dies, before the run is given up."""


def part_of(progress: Progress | None, before: int, own: int, total: int) -> Progress | None:
    """The progress of one run of several, as part of the whole: it weighs ``own`` of ``total``, after ``before``."""
    if progress is None:
        return None
    return lambda done, blocks: progress(before * blocks + own * done, total * blocks)


def run_job(
    job: Job,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    blocks: range | None = None,
) -> Summary:
    """The result of a job, or of some of its ``blocks``, over ``threads`` (all processors when None) or an executor.

    A task whose worker dies is begun again on an executor that takes new work. ``ValueError`` for a number of threads
    below one, or both threads and an executor; ``WorkersError`` when workers keep dying. Warns with ``BrokenIdentity``
    when an identity of the model does not hold on a path.
    """
    summary = scatter(
        job.run, Summary.merged, range(job.blocks) if blocks is None else blocks, threads, executor, progress
    )
    warn_of_broken(job, summary)
    return summary


def scatter(
    work: Callable[[range], ItemT],
    join: Callable[[ItemT, ItemT], ItemT],
    blocks: range,
    threads: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ItemT:
    """What ``work`` returns for all ``blocks``, in runs of neighbours, joined in the order in which they are done.

    Otherwise as :func:`run_job`.
    """
    if threads is not None:
        threads = whole_number("threads", threads, 1)
    if threads is not None and executor is not None:
        raise ValueError("give threads or an executor, not both: an executor brings its own workers")
    if executor is not None:
        return _collect(work, join, blocks, executor, progress)
    with ThreadPoolExecutor(min(threads or os.cpu_count() or 1, len(blocks))) as pool:
        return _collect(work, join, blocks, pool, progress)


def _collect(
    work: Callable[[range], ItemT],
    join: Callable[[ItemT, ItemT], ItemT],
    blocks: range,
    executor: Executor,
    progress: Progress | None,
) -> ItemT:
    size = -(-len(blocks) // TASKS)
    tasks = [blocks[start : start + size] for start in range(0, len(blocks), size)]
    tries = dict.fromkeys(tasks, 1)
    results: list[ItemT] = []
    done = 0
    pending: dict[Future[ItemT], range] = {}
    try:
        for task in tasks:
            pending[executor.submit(work, task)] = task
        while pending:
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                task = pending.pop(future)
                try:
                    found = future.result()
                except BrokenExecutor as error:
                    tries[task] += 1
                    pending[_again(work, task, executor, tries[task], error)] = task
                    continue
                results = [join(results[0], found)] if results else [found]
                done += len(task)
                if progress:
                    progress(done, len(blocks))
    except BaseException:
        for future in pending:  # an interrupted user does not wait for blocks not yet begun
            future.cancel()
        raise
    return results[0]


def _again(
    work: Callable[[range], ItemT], task: range, executor: Executor, tries: int, error: BrokenExecutor
) -> Future[ItemT]:
    """The task begun once more; ``RuntimeError`` with the remedy when that is in vain."""
    if tries <= TRIES:
        try:
            return executor.submit(work, task)
        except BrokenExecutor:
            pass
    raise WorkersError(
        f"a worker died {tries - 1} times running blocks {task.start} to {task.stop - 1}, perhaps for want of memory; "
        "take fewer workers or companies, or threads"
    ) from error


class WorkersError(OSError):
    """Workers that cannot be reached or die again and again: the machines' fault, with the remedy."""


class Processes(Executor):
    """Worker processes on this machine, replaced when one is killed."""

    def __init__(self, workers: int) -> None:
        self.workers, self.lock = workers, Lock()
        self.pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))  # a fork would copy held locks

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """See ``Executor``; a pool that lost a process gives way to a new one."""
        with self.lock:
            try:
                return self.pool.submit(fn, *args, **kwargs)
            except (BrokenExecutor, OSError):  # a pool that breaks while it starts a process has closed its handles
                self.pool.shutdown(wait=False)
                self.pool = self._new()
                return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See ``Executor``."""
        self.pool.shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a dask cluster as an executor; ``WorkersError`` where dask is missing or nobody answers."""
    try:
        from distributed import Client
    except ImportError:
        raise WorkersError("a cluster needs dask: pip install 'corpfin[cluster]'") from None
    try:
        client = Client(address, timeout=10)
    except OSError as error:
        raise WorkersError(f"no dask scheduler answers at {address}: {error}") from None
    with client, client.get_executor(pure=False) as executor:
        yield executor
