"""The compiled reading of a graph: one kernel for all companies, run over many paths without the interpreter's lock."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType, ModuleType

import numpy as np
import platformdirs
from numpy.typing import NDArray

from corpfin.engine.data import Array, Data, DataError, Draws, check_draws
from corpfin.engine.drive import drive
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.interpret import Openings, by_graph, given_months, openings
from corpfin.engine.parts import Ref
from corpfin.engine.source import LANES, Layout, write

_loading = threading.Lock()


@dataclass(frozen=True)
class Row:
    """One row of a graph: a line or a draw of the company (scope ""), or of instance `k` of a block."""

    scope: str
    name: str
    k: int = 0


@dataclass(frozen=True)
class Result:
    """What a run kept: `record` [R, M, P], `worst` [W, P] (largest absolute value over the months), `final` [F, P]."""

    record: Array
    worst: Array
    final: Array


def cache_folder() -> Path:
    """Where kernels are kept: the folder CORPFIN_CACHE if set, else the user's cache folder."""
    chosen = os.environ.get("CORPFIN_CACHE")
    return (Path(chosen) if chosen else platformdirs.user_cache_path("corpfin")) / "kernels"


class Kernel:
    """The kernel of a graph, for any company and any number of instances; compiled when first run.

    `needs` says which rows of which other graph it reads path by path, in the order `Prepared.run` wants them.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.layout = Layout(graph)
        self.source = write(self.layout)
        needs: dict[str, list[Row]] = {}
        for _, ref in self.layout.arrivals:
            needs.setdefault(ref.graph, []).append(Row("", ref.name))
        self.needs = {name: tuple(rows) for name, rows in needs.items()}

    def prepare(self, data: Data, *others: Openings) -> Prepared:
        """Pack one company's figures for runs; `others` are the openings of the graphs that its graph reads.

        Raises DataError for missing figures and EvaluationError for an opening line without a value.
        """
        return Prepared(self, openings(self.graph, data, *others), others)

    @cached_property
    def module(self) -> ModuleType:
        """The generated module, loaded once per process and compiled by numba on first call, then kept on disk."""
        stamp = hashlib.sha256(f"{version('numba')}\n{self.source}".encode()).hexdigest()[:16]
        name = f"corpfin_kernel_{stamp}"
        with _loading:
            if name not in sys.modules:
                sys.modules[name] = _load(name, _stored(cache_folder() / f"{name}.py", self.source))
        return sys.modules[name]


class Prepared:
    """One company's figures as the arrays of its kernel. May be run from many threads at once."""

    def __init__(self, kernel: Kernel, known: Openings, others: Sequence[Openings]) -> None:
        self.kernel, self.data, self.openings = kernel, known.data, known
        self.layout, self.graph = kernel.layout, kernel.graph
        data, graph = self.data, self.graph
        needed = [name for name in graph.reads if name in graph.lagged or not graph.is_before(name)]
        found = by_graph(graph, data, others, [name for name in needed if not graph.model[name].members])
        self.before = {name: runs[0] for name, runs in found.items() if runs} | {graph.name: known}
        self.counts = np.array([data.count(block) for block in self.graph.blocks], dtype=np.int64)
        self.starts: dict[str, int] = {}
        self.height = 0
        for scope, area in self.layout.areas.items():
            self.starts[scope] = self.height
            self.height += data.count(scope) * len(area.rows)
        months, figures = [], []
        for scope, area in self.layout.areas.items():
            for k in range(data.count(scope)):
                months += [self.month_row(ref, k) for ref in area.months]
                figures += [self.opening(ref, k) for ref in area.openings]
        self.months = np.array(months, dtype=np.float64).reshape(len(months), data.months)
        self.figures = np.array(figures, dtype=np.float64)
        self.priors, self.first = self.prior_rows()
        self.loads = self.load_rows()

    def row(self, row: Row) -> int:
        """The number of a row in the kernel's array. Raises ModelError for a row the graph does not have."""
        rows = self.layout.areas[row.scope].rows if row.scope in self.layout.areas else {}
        line = Ref(self.graph.name, "line", row.scope, row.name)
        number = rows.get(line, rows.get(replace(line, kind="given")))
        if number is None or not 0 <= row.k < self.data.count(row.scope):
            raise ModelError(f"graph {self.graph.name} has no {row}; rows are lines and draws of existing instances")
        return self.starts[row.scope] + row.k * len(rows) + number

    def run(
        self,
        draws: Draws | None = None,
        outer: Mapping[str, Array] = MappingProxyType({}),
        *,
        paths: int | None = None,
        record: Sequence[Row] = (),
        worst: Sequence[Row] = (),
        final: Sequence[Row] = (),
    ) -> Result:
        """Run P paths alone and keep the rows asked for.

        `draws[scope][name]` has shape [M, P] ([P] static), or [K, M, P] ([K, P]) for a block; `outer[graph]` has shape
        [n, M, P] in the order of `Kernel.needs[graph]`, for a graph with members added up over these. A graph that
        comes later in the month may be left out: it stays as it was before month 1. `paths` is needed only where
        neither is given. Raises DataError for shapes that do not fit. A line that divides by zero gives inf or nan
        here, not an error.
        """
        job = Job(self, draws or {}, record, worst, final)
        paths = self.count_paths(job.draws, outer) if paths is None else paths
        for name, rows in self.kernel.needs.items():
            wanted = len(rows), self.data.months, paths
            found = f"have shape {np.shape(outer[name])}, not" if name in outer else "are missing; give"
            if np.shape(outer[name]) != wanted if name in outer else not self.graph.is_before(name):
                raise DataError(f"graph {self.graph.name}: rows of {name} {found} {wanted}")
        run = _Run(job, outer, paths, [])
        drive([run], self.data.months)
        return run.result

    def numbers(self, rows: Sequence[Row]) -> NDArray[np.int64]:
        return np.array([self.row(row) for row in rows], dtype=np.int64)

    def count_paths(self, draws: Draws, outer: Mapping[str, Array]) -> int:
        arrays = [np.asarray(array) for scope in draws.values() for array in scope.values()]
        arrays += outer.values()
        if not arrays:
            raise DataError(f"graph {self.graph.name}: without draws say how many paths to run")
        return int(arrays[0].shape[-1])

    def sources(self, draws: Draws, paths: int) -> list[Array]:
        """The draws as [K, M, P] arrays ([K, 1, P] static), in the order of the graph, without copying."""
        empty = np.zeros((0, 1, paths))
        return [
            np.ascontiguousarray(draws[given.scope][given.name], dtype=np.float64).reshape(
                self.data.count(given.scope), -1, paths
            )
            if self.data.count(given.scope) else empty
            for given in self.graph.draws
        ]  # fmt: skip

    def load_rows(self) -> NDArray[np.int64]:
        """What enters the array from where: draws each month or once, then the rows that arrive from other graphs."""
        loads = []
        for source, given in enumerate(self.graph.draws, start=1):
            for k in range(self.data.count(given.scope)):
                loads.append((self.row(Row(given.scope, given.name, k)), source, k, given.kind == "static_draw"))
        rows = self.layout.areas[""].rows
        places = [(name, row) for name, wanted in self.kernel.needs.items() for row in wanted]
        for own, sent in self.layout.arrivals:
            loads.append((rows[own], 0, places.index((sent.graph, Row("", sent.name))), False))
        return np.array(loads, dtype=np.int64).reshape(len(loads), 4)

    def prior_rows(self) -> tuple[NDArray[np.int64], Array]:
        """The pairs (row, row it repeats a month later) and the values of month 1."""
        pairs, first = [], []
        for scope, area in self.layout.areas.items():
            for ref in filter(self.layout.is_kept, area.rows):
                for k in range(self.data.count(scope)):
                    base = self.starts[scope] + k * len(area.rows)
                    pairs.append((base + area.rows[ref], base + area.rows[replace(ref, kind="line")]))
                    first.append(self.before[ref.graph].first(scope, ref.name, k))
        return np.array(pairs, dtype=np.int64).reshape(len(pairs), 2), np.array(first, dtype=np.float64)

    def month_row(self, ref: Ref, k: int) -> list[float]:
        before = self.before[ref.graph]
        return given_months(before.graph, before.data, {}, ref.scope, ref.name, k)

    def opening(self, ref: Ref, k: int) -> float:
        value = self.before[ref.graph][ref.scope, ref.name]
        return float(value[k] if ref.scope else value)


@dataclass(frozen=True)
class Job:
    """One company, or the market, in a run of several: its figures, its draws and the rows to keep."""

    prepared: Prepared
    draws: Draws
    record: Sequence[Row] = ()
    worst: Sequence[Row] = ()
    final: Sequence[Row] = ()


def run_together(jobs: Sequence[Job], paths: int) -> list[Result]:
    """Run P paths of several graphs of a model, a graph with members once for each, each reading the others' rows.

    The results are in the order of the jobs. Raises DataError for draws that do not fit and for a graph that is
    missing although one of the jobs reads it in the same month.
    """
    outer: dict[tuple[Kernel, str], Array] = {}
    for reader in jobs:
        kernel, months = reader.prepared.kernel, reader.prepared.data.months
        for name, rows in kernel.needs.items():
            if not any(job.prepared.graph.name == name for job in jobs):
                if kernel.graph.is_before(name):
                    continue
                raise DataError(f"graph {kernel.graph.name} reads {name}; run it together with that")
            if (kernel, name) not in outer:
                outer[kernel, name] = np.zeros((len(rows), months, paths))
    runs = []
    for job in jobs:
        graph, kernel = job.prepared.graph, job.prepared.kernel
        own = {name: array for (reader, name), array in outer.items() if reader is kernel}
        asked = [(reader.needs[name], array) for (reader, name), array in outer.items() if name == graph.name]
        runs.append(_Run(job, own, paths, asked))
    drive(runs, jobs[0].prepared.data.months if jobs else 0)
    return [run.result for run in runs]


class _Run:
    """P paths of one graph on their way; between two months their state is the rows that repeat a month later."""

    def __init__(
        self, job: Job, outer: Mapping[str, Array], paths: int, asked: Sequence[tuple[Sequence[Row], Array]]
    ) -> None:
        """`outer` and `asked` [n, M, P] fill as the runs advance: rows of other graphs, and own rows they ask for."""
        self.prepared, self.outer, self.paths, self.asked = job.prepared, outer, paths, asked
        self.graph, prepared = job.prepared.graph, job.prepared
        check_draws(self.graph, prepared.data, job.draws, paths)
        self.draws = prepared.sources(job.draws, paths)
        months = prepared.data.months
        self.recorded = prepared.numbers([*job.record, *(row for rows, _ in asked for row in rows)])
        self.worst, self.final = prepared.numbers(job.worst), prepared.numbers(job.final)
        self.result = Result(
            record=np.empty((len(job.record), months, paths)),
            worst=np.zeros((len(job.worst), paths)),
            final=np.empty((len(job.final), paths)),
        )
        self.work, self.rows = np.zeros(prepared.height * LANES), np.empty((0, 0, paths))
        self.left = np.empty((len(self.final) + len(prepared.priors), paths))
        self.state = self.left[len(self.final) :]
        self.before = {  # of the graphs that come later in the month
            name: np.array([prepared.before[name].first("", row.name, 0) for row in rows])[:, None, None]
            for name, rows in prepared.kernel.needs.items()
            if self.graph.is_before(name)
        }

    def advance(self, first: int, last: int) -> None:
        """Run months `first` to `last` - 1 from the state in which the months before left the paths."""
        prepared, kept = self.prepared, self.result
        whole = first == 0 and last == prepared.data.months
        record, final, carried = kept.record, kept.final, self.final
        if not whole or self.asked:
            record = np.empty((len(self.recorded), last - first, self.paths))
        if not whole:
            carried = np.concatenate([self.final, prepared.priors[:, 0]])
            final = self.left
        prepared.kernel.module.run(
            self.work, _part(prepared.months, first, last), prepared.figures, prepared.counts,
            last - first, self.paths,
            (self.incoming(first, last), *(x if x.shape[1] == 1 else _part(x, first, last) for x in self.draws)),
            self.loads(first), prepared.priors, prepared.first,
            self.recorded, record, self.worst, kept.worst, carried, final,
        )  # fmt: skip
        if record is not kept.record:
            self.hand_out(record, first, last)
        if final is not kept.final:
            kept.final[:] = final[: len(self.final)]

    def loads(self, first: int) -> NDArray[np.int64]:
        """The rows to load: after month 1 the state too, once, from behind the rows of the other graphs."""
        prepared = self.prepared
        if not first:
            return prepared.loads
        count, start = len(prepared.priors), len(prepared.layout.arrivals)
        state = np.zeros((count, 4), dtype=np.int64)
        state[:, 0], state[:, 2], state[:, 3] = prepared.priors[:, 0], np.arange(start, start + count), 1
        return np.concatenate([prepared.loads, state])

    def incoming(self, first: int, last: int) -> Array:
        """The rows of the other graphs in these months [n, last - first, P], after month 1 with the state below."""
        needs, start = self.prepared.kernel.needs, 0
        if not first and len(needs) == 1 and not self.before:
            return _part(self.outer[next(iter(needs))], first, last)
        count = len(self.prepared.layout.arrivals)
        shape = count + (len(self.state) if first else 0), last - first, self.paths
        rows = self.rows = self.rows if self.rows.shape == shape else np.empty(shape)
        for name, wanted in needs.items():
            part = rows[start : start + len(wanted)]
            start += len(wanted)
            if name not in self.before:
                part[:] = self.outer[name][:, first:last]
                continue
            part[:] = self.before[name]
            if name in self.outer:
                late = max(first, 1)
                part[:, late - first :] = self.outer[name][:, late - 1 : last - 1]
        if first:
            rows[count:] = self.state[:, None]
        return rows

    def hand_out(self, record: Array, first: int, last: int) -> None:
        """Keep what was asked for and give the other graphs what they need; members add up in their order."""
        end = len(self.result.record)
        self.result.record[:, first:last] = record[:end]
        for rows, array in self.asked:
            start, end = end, end + len(rows)
            if self.graph.members:
                array[:, first:last] += record[start:end]
            else:
                array[:, first:last] = record[start:end]


def _part(array: Array, first: int, last: int) -> Array:
    """Some months of an array [n, M] or [n, M, P]; the very array where these are all."""
    return np.ascontiguousarray(array[:, first:last])


def _stored(path: Path, source: str) -> Path:
    """Write the source under its final name in one step, so that no other process reads half of it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
            file.write(source)
        os.replace(file.name, path)
    return path


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ModelError(f"the kernel {path} cannot be imported; delete it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
