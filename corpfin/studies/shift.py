"""Where failing paths lie: the means of the standard normals behind the draws, moved to them by pilot runs.

The cross-entropy method (Rubinstein and Kroese, The Cross-Entropy Method, 2004): pilot runs take the paths nearest to
failure, move the means to theirs, and go on from there until enough fail. There may be several ways to fail, each with
a shift of its own: the paths near failure are told apart by the draw that lies furthest out, and all pilot paths count
by their likelihood under the mixture they were drawn from together. What is no normal (credit window, tenants, the
jumps of a price) is drawn as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from corpfin.engine import arrays
from corpfin.paths import BLOCK, Tilt, company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase
from corpfin.runs.scatter import Progress, part_of, scatter
from corpfin.studies.lanes import Lanes

PLAIN = 5
"""Of so many paths one is drawn plain."""

PILOT = 1 << 32
"""First block of the pilot runs, which no run reaches: paths that are counted have no part in the choice of shift."""

PILOT_BLOCKS = 4
"""Blocks of each pilot run."""

ROUNDS = 8
"""Most pilot runs."""

NEAREST = 0.1
"""Share of a pilot's paths, those nearest to failure, to which the means are moved while few fail."""

ENOUGH = 30.0
"""Effective failures of all pilots from which on the means are moved to the failing paths alone."""

SETTLED = 400.0
"""Effective failures of all pilots at which the shift stands."""

WAYS = 4
"""Most ways to fail that are told apart."""

SMALLEST = 10.0
"""Effective paths below which a way to fail is none of its own."""

TOLD = 3.0
"""Standard errors from zero below which a mean is not moved: it would add noise to the weights and explain nothing."""

DISTANCE = "coverage"
"""The line whose lowest value says how near to failure a surviving path came."""

STREAMS = {
    "btc": "bitcoin price",
    "ai": "AI-equity factor",
    "power": "power index",
    "fees": "fees",
    "hashrate": "hash rate",
    "idio": "share's own return",
    "selling-stance": "readiness to sell bitcoin",
    "cash-stance": "caution with cash",
    "equity-stance": "readiness to sell shares",
    "growth-stance": "appetite for growth",
    "equity-shock": "equity window",
    "notes-shock": "note issues",
    "output-shock": "uptime",
    "overhead-shock": "overhead",
    "working-capital-shock": "net payables",
    "capex-shock": "pace of spending",
    "slip": "slip",
    "overrun": "overrun",
    "gpu-overrun": "gpu_overrun",
    "building": "slip and overrun",
}
"""What the normals of a stream stand for, by the last word of its name."""


@dataclass(frozen=True, eq=False)
class Shift:
    """Where the scores [S] are moved on each way to fail [W]: their names, how far [S, W], and the ways' shares [W]."""

    scores: tuple[tuple[str, int], ...] = ()
    means: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    shares: np.ndarray = field(default_factory=lambda: np.empty(0))

    def of(self, paths: np.ndarray) -> np.ndarray:
        """Which component moves each path [P], by its number: 0 for a plain one, then the ways in turn."""
        if not self.shares.size:
            return np.zeros_like(paths)
        return np.where(paths % PLAIN == 0, 0, 1 + (paths - paths // PLAIN - 1) % self.shares.size)

    @property
    def components(self) -> np.ndarray:
        """The means [S, 1 + W] of the plain component and the ways."""
        return np.column_stack([np.zeros(len(self.means)), self.means])

    def by_stream(self) -> dict[str, np.ndarray]:
        """The components' rows by stream, so far as any is moved."""
        found: dict[str, list[np.ndarray]] = {}
        for (stream, _), row in zip(self.scores, self.components, strict=True):
            found.setdefault(stream, []).append(row)
        return {stream: np.array(rows) for stream, rows in found.items() if np.any(rows)}

    def density(self, scores: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Density of ``scores`` [S, P] over the true one, where ``count`` [1 + W] are drawn from each component."""
        total = np.full(scores.shape[1], float(count[0]))
        for mean, drawn in zip(self.means.T, count[1:], strict=True):
            total += drawn * arrays.exp((mean[:, None] * scores).sum(axis=0) - (mean * mean).sum() / 2.0)
        return total

    def explained(self) -> pd.DataFrame:
        """The shift in words."""
        rows = []
        for way, (share, means) in enumerate(zip(self.shares, self.means.T, strict=True), start=1):
            for number in np.argsort(-np.abs(means), kind="stable"):
                stream, year = self.scores[number]
                *_, owner, last = stream.split("/")
                of_project = "/hpc/" in stream
                factor = f"{STREAMS[last]} of {owner}" if of_project else STREAMS[last]
                rows.append((way, share, factor, 0 if of_project else year, means[number]))
        table = pd.DataFrame(rows, columns=["way", "pilot_share", "factor", "year", "deviations"])
        return table[table["deviations"] != 0.0].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Found:
    """What is kept of the paths of some blocks [P]; ``scores`` [S, P] have ``names``, stream and year after history.

    ``distance`` is the lowest coverage of a path that survives, minus infinity for one that fails.
    """

    names: tuple[tuple[str, int], ...]
    default_month: np.ndarray
    distance: np.ndarray
    component: np.ndarray
    scores: np.ndarray

    def first(self, paths: int) -> Found:
        """The first ``paths`` of them."""
        whole = (self.default_month, self.distance, self.component, self.scores)
        return Found(self.names, *(array[..., :paths] for array in whole))


@dataclass(frozen=True, eq=False)
class Shifted:
    """A company in its market, drawn with its means moved, by ``threads`` at once (all processors when None)."""

    market_case: MarketCase
    case: CompanyCase
    seed: int
    lanes: Lanes
    threads: int | None = None

    def block(self, shift: Shift, number: int) -> Found:
        """Draw and run one block with its means moved."""
        component = shift.of(number * BLOCK + np.arange(BLOCK))
        tilt = Tilt(shift.by_stream(), component, self.market_case.history)
        own, projects = self.case, self.case.projects
        market = market_draws(self.market_case.randomness, self.seed, number, source=tilt.normals)
        company = company_draws(own.randomness, own.ticker, projects, self.seed, number, source=tilt.normals)
        for draws in (market, company):
            self.market_case.shock(draws, projects)
        default_month, lines = self.lanes.run(market, company, (DISTANCE,))
        lowest = lines[DISTANCE][self.market_case.now :].min(axis=0)
        names = tuple((name, year) for name, rows in tilt.scores.items() for year in range(1, len(rows) + 1))
        distance = np.where(default_month > 0, -np.inf, lowest)
        return Found(names, default_month, distance, component, np.concatenate(list(tilt.scores.values())))

    def run(self, shift: Shift, blocks: range, progress: Progress | None = None) -> Found:
        """All paths of some blocks, in their order."""
        found = scatter(
            lambda some: {number: self.block(shift, number) for number in some},
            dict.__or__,
            blocks,
            self.threads,
            progress=progress,
        )
        return joined([found[number] for number in sorted(found)])


def joined(parts: list[Found]) -> Found:
    """The paths of several runs, one after the other."""
    names = ("default_month", "distance", "component", "scores")
    return Found(parts[0].names, *(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names))


def weights(runs: list[tuple[Found, Shift]]) -> np.ndarray:
    """The true density of all paths of some runs over that of the mixture they were drawn from together [P]."""
    scores = np.concatenate([found.scores for found, _ in runs], axis=1)
    density = np.zeros(scores.shape[1])
    for found, shift in runs:
        density += shift.density(scores, np.bincount(found.component, minlength=1 + shift.shares.size))
    return np.asarray(scores.shape[1] / density)


def effective(weight: np.ndarray) -> float:
    """Number of equal weights that would tell as much (Kish): (sum of weights)^2 / sum of squares."""
    return float(weight.sum() ** 2 / (weight**2).sum()) if weight.any() else 0.0


def search(shifted: Shifted, progress: Progress | None) -> tuple[Shift, int]:
    """The shift, and the number of pilot paths it took."""
    runs: list[tuple[Found, Shift]] = []
    shift = Shift()
    for number in range(ROUNDS):
        first = PILOT + number * PILOT_BLOCKS
        pilot = shifted.run(shift, range(first, first + PILOT_BLOCKS), part_of(progress, number, 1, ROUNDS + 1))
        runs.append((pilot, shift))
        weight, paths = weights(runs), joined([found for found, _ in runs])
        near = np.isneginf(paths.distance)
        failures = effective(weight[near])
        if failures < ENOUGH:
            near = paths.distance <= np.quantile(pilot.distance, NEAREST, method="lower")
        shift = _moved(paths, weight, near)
        if failures >= SETTLED:
            break
    return shift, paths.default_month.size


def _moved(paths: Found, weight: np.ndarray, near: np.ndarray) -> Shift:
    """The ways to fail of the paths ``near`` failure [P], told apart by which of the furthest scores lies furthest."""
    scores, weight = paths.scores[:, near], weight[near]
    middle = _mean(scores, weight)
    furthest = np.argsort(-np.abs(middle), kind="stable")[:WAYS]
    furthest = furthest[middle[furthest] != 0.0]
    if not furthest.size:
        return Shift()
    way = np.argmax(scores[furthest] * np.sign(middle[furthest])[:, None], axis=0)
    members = [way == number for number in range(furthest.size)]
    members = [chosen for chosen in members if effective(weight[chosen]) >= SMALLEST] or [np.ones_like(near[near])]
    shares = np.array([weight[chosen].sum() for chosen in members]) / weight.sum()
    order = np.argsort(-shares, kind="stable")
    means = np.column_stack([_mean(scores[:, members[number]], weight[members[number]]) for number in order])
    return Shift(paths.names, means, shares[order])


def _mean(scores: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weighted means of the scores [S], 0 where they cannot be told from it."""
    mean = (scores * weight).sum(axis=1) / weight.sum()
    mean[np.abs(mean) < TOLD / np.sqrt(effective(weight))] = 0.0
    return np.asarray(mean)
