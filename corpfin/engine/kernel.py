"""The compiled reading of a graph: one kernel for all companies, run over many paths without the interpreter's lock."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from corpfin.engine.data import Array, Data, DataError, Draws, check_draws
from corpfin.engine.drive import drive, month_by_month
from corpfin.engine.grammar import ModelError
from corpfin.engine.graph import Graph
from corpfin.engine.interpret import Openings, by_graph, given_months, openings
from corpfin.engine.layout import TABLES, Layout, Month
from corpfin.engine.partial import Case, Cell, narrow
from corpfin.engine.parts import Ref
from corpfin.engine.program import Passage, Program, Result, Row, Source, whole
from corpfin.engine.vector import LANES

BREAK_EVEN = 2_000_000
"""Paths times months from which it pays to narrow a kernel to its case.

Narrowing and compiling cost about 0.35 ms a row (of lines and instances), once; a narrowed row saves 0.18 ns a path
and month.
"""


SIDE_BY_SIDE = 4 * LANES
"""Paths that graphs which go month by month take together.

After each month a company leaves what it carries to the next one for the others to go on: of so many paths that stays
in the processor's cache, of a whole block it does not.
"""

RESULT = tuple(item.name for item in fields(Result))


class Kernel:
    """The kernel of a graph, for any company and any number of instances; compiled when first run.

    `needs` says which rows of which other graph it reads path by path, in the order `Prepared.run` wants them.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.layout = Layout(graph)
        needs: dict[str, dict[Row, None]] = {}
        for ref in self.layout.areas[""].sources:
            if sent := self.layout.sent(ref):
                needs.setdefault(sent.graph, {})[Row("", sent.name)] = None
        self.needs = {name: tuple(rows) for name, rows in needs.items()}

    @cached_property
    def month(self) -> Month:
        """Every line of the graph in order."""
        return self.layout.month()

    def listing(self) -> str:
        """What the kernel works out in a month, for people."""
        return self.month.listing()

    def prepare(self, data: Data, *others: Openings, paths: int = 0) -> Prepared:
        """Pack one company's figures for runs; `others` are the openings of the graphs that its graph reads.

        `paths` is how many will be run in all: from BREAK_EVEN on the kernel is narrowed to the company first, which
        changes no bit of a result. Raises DataError for missing figures and EvaluationError for an opening line
        without a value.
        """
        return Prepared(self, openings(self.graph, data, *others), others, paths * data.months >= BREAK_EVEN)


class Prepared:
    """One company's figures as the arrays of its kernel. May be run from many threads at once."""

    def __init__(self, kernel: Kernel, known: Openings, others: Sequence[Openings], narrows: bool) -> None:
        self.kernel, self.data, self.openings, self.narrows = kernel, known.data, known, narrows
        self.layout, self.graph = kernel.layout, kernel.graph
        data, graph = self.data, self.graph
        needed = [name for name in graph.reads if name in graph.lagged or not graph.is_before(name)]
        found = by_graph(graph, data, others, [name for name in needed if not graph.model[name].members])
        self.before = {name: runs[0] for name, runs in found.items() if runs} | {graph.name: known}
        self.counts = {scope: data.count(scope) for scope in ("", *graph.blocks)}
        self.program = self.full()
        self.narrow: dict[frozenset[Row], Program] = {}
        self.narrowing = threading.Lock()

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

    def narrowed(self, rows: Sequence[Row]) -> Program:
        """A program that works out little more than `rows`: one made before if it has them all."""
        wanted = frozenset(row for row in rows if row in self.program.rows)
        with self.narrowing:
            made = next((program for has, program in self.narrow.items() if has >= wanted), None)
            if made is None:
                ordered = sorted(wanted, key=lambda row: (row.scope, row.name, row.k))
                made = self.narrow[wanted] = narrow(self.case, ordered)
            return made

    def refuse_unknown(self, rows: Sequence[Row]) -> None:
        """Raise ModelError for a row the graph does not have."""
        for row in rows:
            if row not in self.program.rows and row not in self.program.given:
                what = "rows are lines and draws of existing instances"
                raise ModelError(f"graph {self.graph.name} has no {row}; {what}")

    def count_paths(self, draws: Draws, outer: Mapping[str, Array]) -> int:
        arrays = [np.asarray(array) for scope in draws.values() for array in scope.values()]
        arrays += outer.values()
        if not arrays:
            raise DataError(f"graph {self.graph.name}: without draws say how many paths to run")
        return int(arrays[0].shape[-1])

    def full(self) -> Program:
        """The program of the whole kernel on the figures of this company."""
        starts: dict[tuple[str, str], int] = {}
        heights = dict.fromkeys(TABLES, 0)
        sources: list[Source] = []
        months: list[list[float]] = []
        before: list[float] = []
        rows: dict[Row, int] = {}
        carried: list[tuple[int, float]] = []
        copies: list[tuple[int, int]] = []
        given: dict[Row, Source] = {}
        lagged = {ref for line in self.graph.lines for ref in line.parameters if ref.kind == "prior"}
        for scope, area in self.layout.areas.items():
            for table in TABLES:
                starts[table, scope] = heights[table]
                heights[table] += self.counts[scope] * len(area.table(table))
            for k in range(self.counts[scope]):
                base = starts["rows", scope] + k * len(area.rows)
                for ref, number in area.rows.items():
                    late = ref._replace(kind="prior")
                    if ref.kind == "line":
                        rows[Row(scope, ref.name, k)] = base + number
                    if ref.kind == "line" and late in lagged:
                        at = base + area.rows.get(late, number)
                        carried.append((at, self.openings.first(scope, ref.name, k)))
                        copies += [(at, base + number)] if late in area.rows else []
                sources += [self.source(ref, k) for ref in area.sources]
                given |= {
                    Row(scope, ref.name, k): self.source(ref, k)
                    for ref in area.sources
                    if ref.graph == self.graph.name and ref.kind != "prior"
                }
                months += [self.month_row(ref, k) for ref in area.months]
                before += [self.opening(ref, k) for ref in area.openings]
        counts = [(self.counts[block], *(starts[table, block] for table in TABLES)) for block in self.graph.blocks]
        return Program(
            self.kernel.month,
            heights["rows"],
            np.ascontiguousarray(np.array(months, dtype=np.float64).reshape(len(months), self.data.months).T),
            np.array(before, dtype=np.float64),
            np.array(counts, dtype=np.int64).reshape(-1),
            tuple(sources),
            tuple(carried),
            tuple(copies),
            rows,
            given,
        )

    @cached_property
    def case(self) -> Case:
        """What is known of this company before any path is drawn."""
        graph, data = self.graph, self.data
        figures: dict[Cell, Array] = {}
        sources: dict[Cell, Source] = {}
        first: dict[Cell, float] = {}
        lines = [line for line in graph.lines if not graph.adds_members(line)]
        for ref in dict.fromkeys(ref for line in lines for ref in line.parameters):
            table = self.layout.table(ref)
            for k in range(self.counts[ref.scope]):
                cell = (ref.graph, ref.kind, ref.scope, ref.name, k)
                if table == "months":
                    figures[cell] = np.array(self.month_row(ref, k))
                elif table == "openings":
                    figures[cell] = np.full(data.months, self.opening(ref, k))
                elif table == "sources":
                    sources[cell] = self.source(ref, k)
                elif ref.kind == "prior":
                    first[ref.graph, "line", ref.scope, ref.name, k] = self.openings.first(ref.scope, ref.name, k)
        draws: dict[str, dict[str, Array]] = {scope: {} for scope in self.counts}
        for item in graph.draws:
            months = (data.months, 1) if item.kind == "draw" else (1,)
            draws[item.scope][item.name] = np.zeros(data.shape(item.scope, *months))
        outer = {name: np.zeros((len(needed), data.months, 1)) for name, needed in self.kernel.needs.items()}
        passage = Passage(self.program, draws, outer, 1, [])
        rows = np.empty((self.program.height, data.months))
        for month in range(data.months):
            passage.advance(month, month + 1)
            rows[:, month] = passage.standing()
        known = {
            (graph.name, "line", row.scope, row.name, row.k): rows[number] for row, number in self.program.rows.items()
        }
        return Case(graph, self.counts, data.months, figures, known, first, sources, self.program.given)

    def source(self, ref: Ref, k: int) -> Source:
        """Where the paths of a source come from."""
        sent = self.layout.sent(ref)
        if sent is None:
            is_static = self.graph.given_by_key[ref.scope, ref.name].kind == "static_draw"
            return Source(row=Row(ref.scope, ref.name, k), is_static=is_static)
        number = self.kernel.needs[sent.graph].index(Row("", sent.name))
        lags = ref.kind == "prior"
        first = self.before[ref.graph].first("", ref.name, 0) if lags else 0.0
        return Source(sent.graph, number=number, lags=lags, first=first)

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

    def part(self, first: int, last: int) -> Job:
        """The job on some of its paths."""
        draws = {
            scope: {name: np.asarray(array)[..., first:last] for name, array in named.items()}
            for scope, named in self.draws.items()
        }
        return replace(self, draws=draws)


def run_together(jobs: Sequence[Job], paths: int) -> list[Result]:
    """Run P paths of several graphs of a model, a graph with members once for each, each reading the others' rows.

    The results are in the order of the jobs. Raises DataError for draws that do not fit and for a graph that is
    missing although one of the jobs reads it in the same month.
    """
    graphs = [job.prepared.graph for job in jobs]
    if not month_by_month(graphs) or paths <= SIDE_BY_SIDE:
        return _run_together(jobs, paths)
    for job in jobs:
        check_draws(job.prepared.graph, job.prepared.data, job.draws, paths)
    parts = []
    for first in range(0, paths, SIDE_BY_SIDE):
        last = min(first + SIDE_BY_SIDE, paths)
        parts.append(_run_together([job.part(first, last) for job in jobs], last - first))
    return [
        Result(*(np.concatenate([getattr(part, name) for part in found], axis=-1) for name in RESULT))
        for found in zip(*parts, strict=True)
    ]


def _run_together(jobs: Sequence[Job], paths: int) -> list[Result]:
    outer: dict[tuple[Kernel, str], Array] = {}
    for reader in jobs:
        kernel, months = reader.prepared.kernel, reader.prepared.data.months
        for name, rows in kernel.needs.items():
            if not any(job.prepared.graph.name == name for job in jobs):
                if kernel.graph.is_before(name):
                    continue
                raise DataError(f"graph {kernel.graph.name} reads {name}; run it together with that")
            if (kernel, name) not in outer:
                outer[kernel, name] = np.zeros((len(rows), months, whole(paths)))
    runs = []
    for job in jobs:
        graph, kernel = job.prepared.graph, job.prepared.kernel
        own = {name: array for (reader, name), array in outer.items() if reader is kernel}
        asked = [(reader.needs[name], array) for (reader, name), array in outer.items() if name == graph.name]
        runs.append(_Run(job, own, paths, asked))
    drive(runs, jobs[0].prepared.data.months if jobs else 0)
    return [run.result for run in runs]


class _Run:
    """P paths of one graph on their way; `outer` and `asked` [n, M, P] fill as the runs advance.

    `outer` are rows of other graphs, `asked` own rows that other graphs ask for.
    """

    def __init__(
        self, job: Job, outer: Mapping[str, Array], paths: int, asked: Sequence[tuple[Sequence[Row], Array]]
    ) -> None:
        prepared = job.prepared
        self.graph = prepared.graph
        check_draws(self.graph, prepared.data, job.draws, paths)
        self.own = len(job.record)
        sent = dict.fromkeys(row for rows, _ in asked for row in rows)
        kept = [*job.record, *sent, *job.worst, *job.final]
        prepared.refuse_unknown(kept)
        program = prepared.narrowed(kept) if prepared.narrows else prepared.program
        # What the kernel works out comes first, so that it writes over nothing that is put in place here.
        ordered = sorted(sent, key=lambda row: row not in program.rows)
        places = {row: self.own + i for i, row in enumerate(ordered)}
        self.passage = Passage(program, job.draws, outer, paths, [*job.record, *ordered], job.worst, job.final)
        self.sent = [(np.array([places[row] for row in rows], dtype=np.int64), array) for rows, array in asked]
        self.arriving = [row for row in ordered if row not in program.rows and row not in program.known]
        self.places = places
        for row in ordered:
            if row in program.known:
                self.passage.recorded[places[row]] = program.known[row][:, None]

    def advance(self, first: int, last: int) -> None:
        """Run months `first` to `last` - 1 and give the other graphs what they need; members add up in their order."""
        self.passage.advance(first, last)
        found = self.passage.recorded
        for row in self.arriving:
            found[self.places[row], first:last] = self.passage.given(row, first, last)
        for places, array in self.sent:
            months = found[places, first:last]
            array[:, first:last] = array[:, first:last] + months if self.graph.members else months

    @property
    def result(self) -> Result:
        """What the job asked for, when all months are done."""
        found = self.passage.result()
        return replace(found, record=found.record[: self.own])
