"""The work of a run, block by block: a pure function of what is run and the numbers of the blocks.

A block of 1,024 paths draws its market once for each world, runs the market's kernel, then each company's, and counts.
What is run can be sent to another process or machine: it is packed once, and unpacked once by each that receives it.
"""

from __future__ import annotations

import pickle
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from corpfin.common.numbers import whole_number
from corpfin.engine import Prepared, Row
from corpfin.engine import openings as opening_values
from corpfin.paths import BLOCK, company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase, said_of_files
from corpfin.runs.graphs import company_graph, company_kernel, market_graph, market_kernel
from corpfin.runs.projection import split
from corpfin.runs.readings import BILLS, HORIZONS, KEPT, MONTHLY, OUTCOMES, horizons
from corpfin.runs.tally import Array, Key, Moments, Paired, Summary, Tally, Worst, merge

Figure = Callable[[Mapping[str, Array], Array], Array]
"""A figure by path from the lines and sums at the horizon [P] and which paths survive [P]."""


@dataclass(frozen=True)
class PathSum:
    """A line summed over months on every path, one number a path.

    A line of a block is summed over its instances too, each times the opening values of its inputs ``weights``.
    ``last`` is how many months count (0: all), ``to`` the last of them (0: the horizon); ``until_default`` leaves out
    those after default. The last month alone is a level.
    """

    line: str
    scope: str = ""
    weights: tuple[str, ...] = ()
    last: int = 0
    to: int = 0
    until_default: bool = False

    def rows(self, case: CompanyCase) -> list[Row]:
        """The rows of the graph it needs: one, or one an instance."""
        return [Row(self.scope, self.line, k) for k in range(case.data.count(self.scope))]

    def total(self, case: CompanyCase, rows: Array, default_month: Array) -> Array:
        """The sums [P] of ``rows`` [K, M, P]; ``default_month`` [P] is 0 on a path without default."""
        for weight in self.weights:
            rows = rows * case.data.openings[self.scope][weight][:, None, None]
        by_month = rows.sum(axis=0)
        if self.until_default:
            number = np.arange(1, by_month.shape[0] + 1)[:, None]
            by_month = np.where((default_month == 0) | (number <= default_month), by_month, 0.0)
        return np.asarray(by_month[: self.to or None][-self.last :].sum(axis=0))


@dataclass(frozen=True)
class World:
    """A market under a scenario and the companies in it; two of them need different ``label``."""

    market_case: MarketCase
    cases: tuple[CompanyCase, ...]


@dataclass(frozen=True)
class Measured:
    """What is read off every path beyond what every run keeps: sums of lines, and figures made of them, by name."""

    sums: Mapping[str, PathSum] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Job:
    """What is run: ``worlds`` by name on the same ``paths`` of ``seed``.

    ``months_kept`` says whether the months of the sample are kept, for fans. Each of ``pairs`` is held against the
    other on common paths: survival, and with ``differences`` dilution and the measured figures too. Raises
    ``ValueError`` for a number of paths below one, and one or a seed that is not whole.
    """

    worlds: Mapping[str, World]
    paths: int
    seed: int
    months_kept: bool = True
    measured: Measured = field(default_factory=Measured)
    pairs: Sequence[tuple[Key, Key]] = ()
    differences: bool = False

    def __post_init__(self) -> None:
        whole_number("paths", self.paths, 1)
        whole_number("seed", self.seed)

    @property
    def blocks(self) -> int:
        """Number of blocks; the last may be run in part."""
        return -(-self.paths // BLOCK)

    def run(self, blocks: Iterable[int]) -> Summary:
        """The result of some of its blocks."""
        return merge(*(self._bench.block(number) for number in blocks))

    @cached_property
    def _bench(self) -> _Bench:
        return _Bench(self)

    @cached_property
    def _packed(self) -> bytes:
        return zlib.compress(pickle.dumps({item.name: getattr(self, item.name) for item in fields(self)}), 1)

    def __reduce__(self) -> tuple[Callable[[bytes], Job], tuple[bytes]]:
        return _unpacked, (self._packed,)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Job:
    """A job that arrived from elsewhere; only corpfin's own processes send one."""
    return Job(**pickle.loads(zlib.decompress(packed)))


@dataclass
class _Case:
    """A case ready to run, and the rows that are read off it."""

    key: Key
    case: CompanyCase
    prepared: Prepared
    summed: list[Row]


@dataclass
class _Found:
    """A case on the paths of one block [P], kept while others are held against it."""

    final: dict[str, Array]
    figures: dict[str, Array]

    def alive(self, month: int) -> Array:
        default = self.final["default_month"]
        return np.asarray((default == 0) | (default > month))


class _Bench:
    """Kernels and buffers of a job in one process, used by several threads at once."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.market: dict[str, Prepared] = {}
        self.cases: dict[str, list[_Case]] = {}
        self.needed = company_kernel().needs["market"]
        checks = [line.name for line in company_graph().lines if line.name.startswith("check_")]
        self.check_rows = [Row("", name) for name in checks]
        self.final_rows = [Row("", name) for name in OUTCOMES]
        self.monthly_rows = [Row("", name) for name in MONTHLY]
        self.buffers = threading.local()
        for name, world in job.worlds.items():
            with said_of_files(world.market_case.market, world.market_case.scenario, *(c.company for c in world.cases)):
                before = opening_values(market_graph(), world.market_case.data)
                self.market[name] = market_kernel().prepare(world.market_case.data, paths=job.paths)
                self.cases[name] = [
                    _Case(
                        Key(name, case.label),
                        case,
                        company_kernel().prepare(case.data, before, paths=job.paths),
                        [row for item in job.measured.sums.values() for row in item.rows(case)],
                    )
                    for case in world.cases
                ]

    def block(self, number: int) -> Summary:
        """Draw and run one block in every world and count."""
        lanes = min(BLOCK, self.job.paths - number * BLOCK)
        found: dict[Key, _Found] = {}
        tallies: dict[Key, Tally] = {}
        for name in self.job.worlds:
            self._world(name, number, lanes, found, tallies)
        pairs = {(one, other): self._pair(found[one], found[other]) for one, other in self.job.pairs}
        return Summary(((number, number + 1),), tallies, pairs)

    def _world(self, name: str, number: int, lanes: int, found: dict[Key, _Found], tallies: dict[Key, Tally]) -> None:
        buffers: dict[Any, dict[str, Array]] = self.buffers.__dict__
        seed, market_case = self.job.seed, self.job.worlds[name].market_case
        draws = buffers["market"] = market_draws(market_case.randomness, seed, number, buffers.get("market"))
        market_case.shock(draws)
        outer = {"market": self.market[name].run({"": draws}, paths=BLOCK, record=self.needed).record}
        sampled = number * BLOCK < KEPT
        monthly = self.monthly_rows if sampled and self.job.months_kept else []
        drawn, own = None, dict[str, Array]()
        for item in self.cases[name]:
            case, projects = item.case, item.case.projects
            chance = case.randomness, case.ticker, projects
            if chance != drawn:  # variants of a company mostly differ in figures alone
                place = f"{len(projects)} projects"
                own = company_draws(*chance, seed, number, buffers.get(place))
                buffers[place], drawn = own, chance
                market_case.shock(own, projects)
            result = item.prepared.run(
                split(own),
                outer,
                paths=BLOCK,
                record=[*monthly, *item.summed],
                worst=self.check_rows,
                final=self.final_rows,
            )
            final = {row: array[:lanes].astype(np.float32) for row, array in zip(OUTCOMES, result.final, strict=True)}
            default_month, start = result.final[OUTCOMES.index("default_month")], len(monthly)
            for name_of_sum, summed in self.job.measured.sums.items():
                end = start + len(summed.rows(case))
                total = summed.total(case, result.record[start:end], default_month)
                final[name_of_sum] = total[:lanes].astype(np.float32)
                start = end
            kept = {
                row: array[:, :lanes].astype(np.float32)
                for row, array in zip(MONTHLY[: len(monthly)], result.record, strict=False)
            }
            one = found[item.key] = _Found(final, {})
            alive = one.alive(case.data.months)
            for figure, compute in self.job.measured.figures.items():
                one.figures[figure] = compute(final, alive)
            moments = {
                "dilution": Moments.of(final["dilution"][alive]),
                "no_credit_event": Moments.of(final["credit_event_month"] == 0),
            }
            tallies[item.key] = Tally(
                count_defaults(final, case.data.months),
                int((final["projects_lost"] > 0).sum()),
                Worst.of(result.worst[:, :lanes].max(axis=0), number * BLOCK),
                moments | {figure: Moments.of(values) for figure, values in one.figures.items()},
                final={number: final} if sampled else {},
                monthly={number: kept} if monthly else {},
            )

    def _pair(self, one: _Found, other: _Found) -> Paired:
        months = next(iter(self.job.worlds.values())).market_case.data.months
        gained, lost = {}, {}
        for horizon in horizons(months, HORIZONS):
            ours, theirs = one.alive(horizon), other.alive(horizon)
            gained[horizon], lost[horizon] = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
        moments: dict[str, Moments] = {}
        if self.job.differences:
            both = one.alive(months) & other.alive(months)
            dilution = one.final["dilution"].astype(float) - other.final["dilution"]
            moments["dilution"] = Moments.of(dilution[both])
            for name, values in one.figures.items():
                moments[name] = Moments.of(values.astype(float) - other.figures[name])
        return Paired(one.final["dilution"].size, gained, lost, moments)


def count_defaults(final: Mapping[str, Array], months: int) -> Array:
    """Paths by month and first unpaid bill [M + 1, causes]; month 0 holds those without."""
    month, cause = (final[name].astype(np.int64) for name in ("default_month", "first_unpaid_bill"))
    counts = np.bincount(month * len(BILLS) + cause, minlength=(months + 1) * len(BILLS))
    return counts.reshape(months + 1, len(BILLS))
