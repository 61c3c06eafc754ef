"""The compiled reading of a graph: one kernel for all companies, run over many paths without the interpreter's lock."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import platformdirs
from numpy.typing import NDArray

from corpfin.engine.data import Array, Data, DataError, Draws, check_draws
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.interpret import Openings, given_months, openings
from corpfin.engine.parts import opening_name
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


def needed_above(graph: Graph) -> tuple[Row, ...]:
    """The rows of the graph above that this graph reads path by path, in the order `Prepared.run` wants them."""
    layout = Layout(graph)
    return tuple(Row("", name) for kind, name in layout.areas[""].rows if kind in ("above", "above_given"))


def cache_folder() -> Path:
    """Where kernels are kept: the folder CORPFIN_CACHE if set, else the user's cache folder."""
    chosen = os.environ.get("CORPFIN_CACHE")
    return (Path(chosen) if chosen else platformdirs.user_cache_path("corpfin")) / "kernels"


class Kernel:
    """The kernel of a graph, for any company and any number of instances; compiled when first run."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.layout = Layout(graph)
        self.source = write(self.layout)
        self.needed_above = needed_above(graph)

    def prepare(self, data: Data, above: Openings | None = None) -> Prepared:
        """Pack one company's figures for runs; `above` are the openings of the graph above, if the graph has one.

        Raises DataError for missing figures and EvaluationError for an opening line without a value.
        """
        return Prepared(self, data, openings(self.graph, data, above), above)

    @property
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

    def __init__(self, kernel: Kernel, data: Data, known: Openings, above: Openings | None) -> None:
        self.kernel, self.data, self.openings, self.above = kernel, data, known, above
        self.layout, self.graph = kernel.layout, kernel.graph
        self.counts = np.array([data.count(block) for block in self.graph.blocks], dtype=np.int64)
        self.starts: dict[str, int] = {}
        self.height = 0
        for scope, area in self.layout.areas.items():
            self.starts[scope] = self.height
            self.height += data.count(scope) * len(area.rows)
        months, before = [], []
        for scope, area in self.layout.areas.items():
            for k in range(data.count(scope)):
                months += [self.month_row(kind, scope, name, k) for kind, name in area.months]
                before += [self.opening(kind, scope, name, k) for kind, name in area.openings]
        self.months = np.array(months, dtype=np.float64).reshape(len(months), data.months)
        self.before = np.array(before, dtype=np.float64)
        self.priors, self.first = self.prior_rows()
        self.loads = self.load_rows()

    def row(self, row: Row) -> int:
        """The number of a row in the kernel's array. Raises ModelError for a row the graph does not have."""
        rows = self.layout.areas[row.scope].rows if row.scope in self.layout.areas else {}
        number = rows.get(("line", row.name), rows.get(("given", row.name)))
        if number is None or not 0 <= row.k < self.data.count(row.scope):
            raise ModelError(f"graph {self.graph.name} has no {row}; rows are lines and draws of existing instances")
        return self.starts[row.scope] + row.k * len(rows) + number

    def run(
        self,
        draws: Draws | None = None,
        above: Array | None = None,
        *,
        paths: int | None = None,
        record: Sequence[Row] = (),
        worst: Sequence[Row] = (),
        final: Sequence[Row] = (),
    ) -> Result:
        """Run P paths and keep the rows asked for.

        `draws[scope][name]` has shape [M, P] ([P] static), or [K, M, P] ([K, P]) for a block; `above` has shape
        [n, M, P] in the order of `needed_above`. `paths` is needed only where neither is given. Raises DataError for
        shapes that do not fit. A line that divides by zero gives inf or nan here, not an error.
        """
        draws = draws or {}
        paths = self.count_paths(draws, above) if paths is None else paths
        check_draws(self.graph, self.data, draws, paths)
        rows_above = np.zeros((0, self.data.months, paths)) if above is None else above
        wanted = (len(self.kernel.needed_above), self.data.months, paths)
        if rows_above.shape != wanted:
            raise DataError(f"graph {self.graph.name}: rows from above have shape {rows_above.shape}, not {wanted}")
        result = Result(
            record=np.empty((len(record), self.data.months, paths)),
            worst=np.zeros((len(worst), paths)),
            final=np.empty((len(final), paths)),
        )
        self.kernel.module.run(
            np.zeros(self.height * LANES), self.months, self.before, self.counts, self.data.months, paths,
            (np.ascontiguousarray(rows_above), *self.sources(draws, paths)), self.loads, self.priors, self.first,
            self.numbers(record), result.record, self.numbers(worst), result.worst, self.numbers(final), result.final,
        )  # fmt: skip
        return result

    def numbers(self, rows: Sequence[Row]) -> NDArray[np.int64]:
        return np.array([self.row(row) for row in rows], dtype=np.int64)

    def count_paths(self, draws: Draws, above: Array | None) -> int:
        arrays = [np.asarray(array) for scope in draws.values() for array in scope.values()]
        arrays += [] if above is None else [above]
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
        loads = []
        for source, given in enumerate(self.graph.draws, start=1):
            for k in range(self.data.count(given.scope)):
                loads.append((self.row(Row(given.scope, given.name, k)), source, k, given.kind == "static_draw"))
        for (kind, name), number in self.layout.areas[""].rows.items():
            if kind in ("above", "above_given"):
                loads.append((number, 0, self.kernel.needed_above.index(Row("", name)), False))
        return np.array(loads, dtype=np.int64).reshape(len(loads), 4)

    def prior_rows(self) -> tuple[NDArray[np.int64], Array]:
        """The pairs (row, row it repeats a month later) and the values of month 1."""
        pairs, first = [], []
        for scope, area in self.layout.areas.items():
            for kind, name in area.rows:
                if kind not in ("prior", "above_prior"):
                    continue
                source = "line" if kind == "prior" else "above"
                graph, before = self.upper() if kind == "above_prior" else (self.graph, self.openings)
                value = before[scope, opening_name(name, graph.blocks)]
                for k in range(self.data.count(scope)):
                    base = self.starts[scope] + k * len(area.rows)
                    pairs.append((base + area.rows[kind, name], base + area.rows[source, name]))
                    first.append(float(value[k] if scope else value))
        return np.array(pairs, dtype=np.int64).reshape(len(pairs), 2), np.array(first, dtype=np.float64)

    def month_row(self, kind: str, scope: str, name: str, k: int) -> list[float]:
        graph, before = self.upper() if kind == "above_given" else (self.graph, self.openings)
        return given_months(graph, before.data, {}, scope, name, k)

    def opening(self, kind: str, scope: str, name: str, k: int) -> float:
        before = self.upper()[1] if kind == "above_opening" else self.openings
        value = before[scope, name]
        return float(value[k] if scope else value)

    def upper(self) -> tuple[Graph, Openings]:
        """The graph above and its openings; `openings` has made sure that there are both where a line reads them."""
        if self.graph.above is None or self.above is None:
            raise DataError(f"graph {self.graph.name} reads the graph above it; pass the openings of that")
        return self.graph.above, self.above


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
