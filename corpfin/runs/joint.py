"""Companies run together over many paths: who defaults with whom, and what the sector comes to, block by block.

Several sectors (with the circle and without, without one company) run on the very same draws. Counts are whole
numbers and months are kept by block, so results do not depend on threads or on the order in which blocks are done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, fields
from functools import cached_property, reduce

import numpy as np

from corpfin.common.numbers import whole_number
from corpfin.engine import Job, Row, run_together
from corpfin.engine.kernel import Prepared
from corpfin.paths import BLOCK
from corpfin.runs.difference import Difference, share_difference
from corpfin.runs.readings import KEPT, horizons
from corpfin.runs.scatter import Progress, scatter
from corpfin.runs.tally import Array
from corpfin.runs.together import Sector

DEFAULT = Row("", "default_month")


@dataclass(frozen=True, eq=False)
class Together:
    """What is run: ``sectors`` by name on the same ``paths`` of ``seed``.

    ``lines`` of the sector are kept by month on the first paths, at most ``KEPT``, for the sectors named in ``kept``.
    Each of ``pairs`` is held against the other, company by company. Raises ``ValueError`` for paths below one.
    """

    sectors: Mapping[str, Sector]
    paths: int
    seed: int
    lines: Sequence[str] = ()
    kept: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        whole_number("paths", self.paths, 1)

    def __getstate__(self) -> dict[str, object]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def _prepared(self) -> dict[str, list[Prepared]]:
        made: dict[int, Prepared] = {}
        return {name: sector.prepared(self.paths, made) for name, sector in self.sectors.items()}

    def run(self, blocks: Iterable[int]) -> Found:
        """The result of some blocks of 1,024 paths."""
        return reduce(Found.merged, map(self.block, blocks))

    def block(self, number: int) -> Found:
        """Draw one block and run every sector on it."""
        lanes = min(BLOCK, self.paths - number * BLOCK)
        first = next(iter(self.sectors.values()))
        drawn = first.drawn(self.seed, number)
        by_label = {case.label: own for case, own in zip(first.cases, drawn[1:-1], strict=True)}
        defaults: dict[str, dict[str, Array]] = {}
        monthly: dict[str, dict[int, Array]] = {}
        for name, sector in self.sectors.items():
            keeps = name in self.kept and number * BLOCK < KEPT
            rows = [Row("", line) for line in self.lines] if keeps else []
            draws = [drawn[0], *(by_label[case.label] for case in sector.cases), {}]
            jobs = [
                Job(
                    ready,
                    own,
                    final=[DEFAULT] if ready.graph.name == "company" else (),
                    record=rows if ready.graph.name == "sector" else (),
                )
                for ready, own in zip(self._prepared[name], draws, strict=True)
            ]
            results = run_together(jobs, BLOCK)
            defaults[name] = {
                case.label: result.final[0][:lanes].astype(np.int64)
                for case, result in zip(sector.cases, results[1:-1], strict=True)
            }
            if keeps:
                monthly[name] = {number: results[-1].record[:, :, :lanes].astype(np.float32)}
        months = first.data.months
        counts = {
            name: {label: _by_month(found, months) for label, found in own.items()} for name, own in defaults.items()
        }
        joint = {name: _joint(own, months) for name, own in defaults.items()}
        pairs = {
            (one, other, label): _changed(found, defaults[other][label], months)
            for one, other in self.pairs
            for label, found in defaults[one].items()
            if label in defaults[other]
        }
        return Found(lanes, counts, joint, pairs, monthly)

    def found(
        self, threads: int | None = None, executor: Executor | None = None, progress: Progress | None = None
    ) -> Found:
        """The result of all blocks, over ``threads`` or an executor; see :func:`corpfin.runs.scatter.scatter`."""
        return scatter(self.run, Found.merged, range(-(-self.paths // BLOCK)), threads, executor, progress)


@dataclass(frozen=True, eq=False)
class Found:
    """What is known after some paths.

    ``counts[sector][company]`` [M + 1] are paths by month of default, month 0 those without. ``joint[sector]`` [n + 1]
    are paths by the number of companies in default at the end. ``pairs[one, other, company]`` are by horizon the paths
    that survive in the first sector alone and in the other alone. ``monthly[sector]`` holds the lines kept, by block
    [lines, M, P].
    """

    paths: int
    counts: dict[str, dict[str, Array]]
    joint: dict[str, Array]
    pairs: dict[tuple[str, str, str], dict[int, tuple[int, int]]]
    monthly: dict[str, dict[int, Array]] = field(default_factory=dict, repr=False)

    def merged(self, other: Found) -> Found:
        """What is known after the paths of both."""
        return Found(
            self.paths + other.paths,
            {
                name: {label: found + other.counts[name][label] for label, found in own.items()}
                for name, own in self.counts.items()
            },
            {name: found + other.joint[name] for name, found in self.joint.items()},
            {
                key: {
                    month: (found[0] + other.pairs[key][month][0], found[1] + other.pairs[key][month][1])
                    for month, found in own.items()
                }
                for key, own in self.pairs.items()
            },
            {name: found | other.monthly[name] for name, found in self.monthly.items() if name in other.monthly}
            | {name: found for name, found in self.monthly.items() if name not in other.monthly}
            | {name: found for name, found in other.monthly.items() if name not in self.monthly},
        )

    def survival(self, sector: str, label: str, month: int) -> float:
        """Share of paths not in default after so many months."""
        counts = self.counts[sector][label]
        return 1.0 - float(counts[1 : month + 1].sum()) / self.paths

    def difference(self, one: str, other: str, label: str, month: int) -> Difference:
        """Survival in one sector less that in another on the same paths."""
        return share_difference(*self.pairs[one, other, label][month], self.paths)

    def sample(self, sector: str) -> Array:
        """The lines kept [lines, M, P], by path."""
        found = self.monthly[sector]
        return np.concatenate([found[number] for number in sorted(found)], axis=2)


def _by_month(default_month: Array, months: int) -> Array:
    return np.bincount(default_month, minlength=months + 1)


def _joint(defaults: Mapping[str, Array], months: int) -> Array:
    number = sum((found > 0).astype(np.int64) for found in defaults.values())
    return np.bincount(number, minlength=len(defaults) + 1)


def _changed(one: Array, other: Array, months: int) -> dict[int, tuple[int, int]]:
    found = {}
    for month in horizons(months, (12, 24, 36, 60)):
        ours, theirs = (one == 0) | (one > month), (other == 0) | (other > month)
        found[month] = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    return found
