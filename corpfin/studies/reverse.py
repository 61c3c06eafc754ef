"""Reverse stress: how far one input or factor must move until survival falls to a given share of the paths.

All levels run on the same paths, so survival is a step function of the level whose steps are single paths: it is
scanned over the range first, and the crossing nearest to today is then found by Brent's method.
:mod:`corpfin.studies.failed` asks the question the other way round.

One file: what may be moved, how it is moved and where it crosses are one search, read together.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from corpfin.common.columns import to_html
from corpfin.common.defaults import PATHS
from corpfin.engine import exp
from corpfin.inputs import AsOf, Company, InputError, Market, Problem, Scenario, Shock
from corpfin.inputs.draws import FACTORS, UNCHANGED, Factor, How, draws_of, is_static
from corpfin.inputs.errors import Report
from corpfin.inputs.known import Known
from corpfin.inputs.market import ScenarioHead, ScenarioTables, field_of
from corpfin.inputs.rows import Row, collect, layout
from corpfin.inputs.shock_checks import check_scenario
from corpfin.paths import central_company, central_market
from corpfin.runs.cases import MarketCase, prepare_company, prepare_market
from corpfin.runs.declared import timeless
from corpfin.runs.outcome import standard_error
from corpfin.runs.projection import CompanyLike, ScenarioLike, company_of, market_and_date, scenario_of
from corpfin.runs.scatter import Progress
from corpfin.runs.simulation import Simulation, simulate
from corpfin.studies.failed import FailedPaths, failed_paths
from corpfin.studies.side_tables import reverse_points

FIELD_RANGE: tuple[How, float, float] = ("multiply", 0.0, 5.0)
"""How a field of an input table is moved and how far the search goes, drawn in where its own limits are nearer."""

GRID = 6
"""Intervals scanned on each side of the level that changes nothing."""

PRECISION = 1e-4
"""Relative width of the bracket at which the search stops."""

ROUNDING = 1e-12
"""Relative distance from a limit at which a product does not round past it."""

CLOSE = 0.1
"""Distance from the share, in standard errors, at which a level is as good as any other."""

EXPECTED_RUNS = 2 * GRID + 12
"""Runs of a usual search, for the progress."""


@dataclass(frozen=True, eq=False, repr=False)
class ReverseStress:
    """The result of :func:`reverse_stress`.

    ``level`` is the level at which survival at month ``at`` is ``survival``, None when there is none in the range, and
    ``reason`` says why; it also carries a warning that belongs to a level. ``bracket`` holds the levels at which
    survival is one standard error above and below ``survival``: the true level lies between them two times in three.
    """

    company: str
    target: str
    how: How
    unit: str
    survival: float
    at: int
    level: float | None
    bracket: tuple[float, float] | None
    reason: str
    scenario: str
    known: Known
    paths: int
    seed: int
    curve: pd.DataFrame
    values: tuple[float, ...]
    simulation: Simulation | None

    def __repr__(self) -> str:
        asked = f"{self.target} at survival {self.survival:g} to month {self.at}, {self.paths:,} paths"
        return f"<ReverseStress {self.company}, {self.scenario}: {asked}: {self.level}>"

    def _repr_html_(self) -> str:
        return to_html(self.table, reverse_points(), repr(self))

    @property
    def table(self) -> pd.DataFrame:
        """Survival with its standard error at the base, at the level and at the two ends of the bracket.

        ``level`` is what the target is multiplied by, or what is added; ``value`` is what it becomes, under the
        scenario and in the first month that is not history, where it is one figure for all blocks. Without a level: the
        base and both ends of the range.
        """
        if self.level is None or self.bracket is None:
            levels = {"base": self.unchanged, "low end": self.curve.index[0], "high end": self.curve.index[-1]}
        else:
            levels = {
                "base": self.unchanged,
                "one error above": self.bracket[0],
                "level": self.level,
                "one error below": self.bracket[1],
            }
        rows = {
            name: {"level": level, "value": self.value(level), **self.curve.loc[level]}
            for name, level in levels.items()
        }
        return pd.DataFrame(rows).T.rename_axis("point")

    @property
    def unchanged(self) -> float:
        """The level that changes nothing."""
        return UNCHANGED[self.how]

    def failed(self, progress: Progress | None = None) -> FailedPaths | None:
        """What the paths that fail at the level had in common; None without a level or two paths on either side."""
        if self.simulation is None:
            return None
        alive = self.simulation.outcomes[self.company].alive(self.simulation.months)
        if min(alive.sum(), (~alive).sum()) < 2:
            return None
        return failed_paths(self.simulation, self.company, progress=progress)

    def value(self, level: float) -> float:
        """What the target becomes at a level, in ``unit``; nan where it is not one figure."""
        if len(set(self.values)) != 1:
            return np.nan
        return self.values[0] * level if self.how == "multiply" else self.values[0] + level


def reverse_stress(
    company: CompanyLike,
    target: str,
    survival: float = 0.5,
    at: int = 60,
    *,
    how: How | None = None,
    low: float | None = None,
    high: float | None = None,
    scenario: ScenarioLike = "base",
    paths: int = PATHS,
    seed: int = 1,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    progress: Progress | None = None,
) -> ReverseStress:
    """The level of ``target`` at which survival at month ``at`` falls to ``survival``.

    ``target`` is whatever a shock may name: a factor (``btc_price``, ``power_index``, ``slip``) or a field
    (``hpc.annual_revenue``). It is multiplied in every month that is not history, or added to; ``how``, ``low`` and
    ``high`` replace the usual way and range. The shock comes on top of ``scenario``. ``known`` says how much of what
    has happened is seen.

    Raises ``InputError`` for a target or file that cannot be used, a share not between 0 and 1, or a range that does
    not hold the level that changes nothing, and ``ValueError`` for paths or a month below 1.
    """
    if not 0 < survival < 1:
        raise _asked_wrongly("survival", survival, "must lie between 0 and 1")
    market, as_of = market_and_date(company, market, as_of)
    found, base = company_of(company, market, as_of), scenario_of(scenario)
    market_case = prepare_market(market, base, at, known)
    search = Search(found, base, target, *_range(found, market_case, target, how, low, high), survival, at)
    search.options = {"paths": paths, "seed": seed, "months": at, "threads": threads, "executor": executor}
    search.options |= {"market": market, "known": known}
    search.progress = progress
    return search.result()


@dataclass
class Search:
    """One search: survival by level, each level run once; ``options`` are those of ``simulate``."""

    company: Company
    scenario: Scenario
    target: str
    how: How
    low: float
    high: float
    values: tuple[float, ...]
    unit: str
    survival: float
    at: int
    options: dict[str, Any] = field(default_factory=dict)
    progress: Progress | None = None
    found: dict[float, float] = field(default_factory=dict)

    def result(self) -> ReverseStress:
        """Scan the range, then close in on the crossing nearest to the level that changes nothing."""
        for level in self.grid():
            self.run(level)
        cells = list(self.crossings(self.survival))
        if not cells:
            return self.answer(None, None, self.why_none())
        level = self.solve(self.survival, cells[0])
        error = self.error(self.survival)
        above, below = (self.near(level, self.survival + sign * error) for sign in (1.0, -1.0))
        notes = []
        if len(cells) > 1:
            notes.append(f"survival crosses {self.survival:.0%} {len(cells)} times in the range; nearest to the base")
        if abs(self.found[level] - self.survival) > error:
            notes.append(f"survival jumps past {self.survival:.0%} here: many paths fail at the same level")
        if self.found[UNCHANGED[self.how]] < self.survival:
            notes.append(f"survival is below {self.survival:.0%} already; this level would lift it there")
        return self.answer(level, (above, below), "; ".join(notes))

    def grid(self) -> list[float]:
        """The levels scanned: evenly spaced below the unchanged level, evenly in ratio above when multiplied."""
        middle = UNCHANGED[self.how]
        space = np.geomspace if self.how == "multiply" else np.linspace
        levels = [*np.linspace(self.low, middle, GRID + 1), *space(middle, self.high, GRID + 1)]
        return sorted({middle, *(float(level) for level in levels if self.low <= level <= self.high)})

    def run(self, level: float) -> float:
        """Survival at a level."""
        if level not in self.found:
            simulation = self.simulate(level)
            self.found[level] = simulation.outcomes[self.company.ticker].survival(self.at)
            if self.progress:
                self.progress(min(len(self.found), EXPECTED_RUNS - 1), EXPECTED_RUNS)
        return self.found[level]

    def simulate(self, level: float) -> Simulation:
        return simulate(self.company, shocked(self.scenario, self.target, self.how, level), **self.options)

    def error(self, share: float) -> float:
        return float(standard_error(share, self.options["paths"]))

    def crossings(self, share: float) -> Iterator[tuple[float, float]]:
        """Neighbouring levels between which survival crosses ``share``, nearest to the unchanged level first."""
        levels = sorted(self.found)
        cells = [
            (one, other)
            for one, other in pairwise(levels)
            if (self.found[one] >= share) != (self.found[other] >= share)
        ]
        middle = UNCHANGED[self.how]
        yield from sorted(cells, key=lambda cell: min(abs(cell[0] - middle), abs(cell[1] - middle)))

    def solve(self, share: float, cell: tuple[float, float]) -> float:
        """The level within a cell at which survival crosses ``share``, to a small part of the Monte Carlo error."""

        def excess(level: float) -> float:
            distance = self.run(level) - share
            return 0.0 if abs(distance) <= CLOSE * self.error(share) else distance

        width = PRECISION * max(abs(cell[0]), abs(cell[1]))
        level = float(brentq(excess, *cell, xtol=width))
        self.run(level)
        return level

    def near(self, level: float, share: float) -> float:
        """The crossing of another share next to ``level``; the nearer end of the range when there is none."""
        cells = sorted(self.crossings(share), key=lambda cell: min(abs(cell[0] - level), abs(cell[1] - level)))
        if cells:
            return self.solve(share, cells[0])
        return min(self.found, key=lambda other: (abs(self.found[other] - share), abs(other - level)))

    def why_none(self) -> str:
        shares = self.found
        lowest, highest = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
        if shares[lowest] == shares[highest]:
            zero = "; its value is 0, so try how='add'" if set(self.values) == {0.0} and self.how == "multiply" else ""
            return f"survival stays at {shares[highest]:.1%} whatever {self.target} is{zero}"
        if shares[lowest] >= self.survival:
            return f"survival never falls to {self.survival:.0%}: it is lowest, {shares[lowest]:.1%}, at {lowest:.4g}"
        base = shares[UNCHANGED[self.how]]
        return (
            f"survival is below {self.survival:.0%} already, {base:.1%}, "
            f"and highest, {shares[highest]:.1%}, at {highest:.4g}"
        )

    def answer(self, level: float | None, bracket: tuple[float, float] | None, reason: str) -> ReverseStress:
        if self.progress:
            self.progress(EXPECTED_RUNS, EXPECTED_RUNS)
        levels = sorted(self.found)
        shares = np.array([self.found[level] for level in levels])
        curve = pd.DataFrame(
            {"survival": shares, "survival_error": standard_error(shares, self.options["paths"])},
            index=pd.Index(levels, name="level"),
        )
        simulation = None if level is None else self.simulate(level)
        return ReverseStress(
            self.company.ticker,
            self.target,
            self.how,
            self.unit,
            self.survival,
            self.at,
            level,
            bracket,
            reason,
            self.scenario.name,
            self.options.get("known", "all"),
            self.options["paths"],
            self.options["seed"],
            curve,
            self.values,
            simulation,
        )


def shocked(scenario: Scenario, target: str, how: How, value: float) -> Scenario:
    """The scenario with one more shock, in every month that is not history; ``InputError`` for one that cannot be."""
    shock = Shock(target=target, how=how, value=value, why="reverse stress")
    alone = ScenarioTables(scenario=ScenarioHead(name="reverse-stress", story=shock.why), shock=[shock])
    report = Report(scenario.file)
    check_scenario(collect(alone.model_dump(exclude_none=True), layout(ScenarioTables), {}, report), report)
    report.close()
    return Scenario(scenario.file, scenario.tables.model_copy(update={"shock": [*scenario.shocks, shock]}))


def _range(
    company: Company, case: MarketCase, target: str, how: How | None, low: float | None, high: float | None
) -> tuple[How, float, float, tuple[float, ...], str]:
    """How the target is moved, how far, and its values and unit under the scenario."""
    nothing = ScenarioTables(scenario=ScenarioHead(name="base", story="Nothing is changed."), shock=[])
    shocked(Scenario(Path("reverse stress"), nothing), target, "multiply", 1.0)
    factor = FACTORS.get(target)
    if factor is None:
        usual, values, unit = _of_field(company, case, target)
    elif factor.search is None:
        message = "is open or closed and has no level between; use a scenario that closes it for some months"
        moved = ", ".join(name for name, other in FACTORS.items() if other.search)
        raise InputError([Problem("reverse stress", "target", target, message, allowed=moved)])
    else:
        usual, values, unit = factor.search, _central(company, case, factor, factor.search[0]), factor.unit
    chosen = how or usual[0]
    if chosen not in UNCHANGED:
        raise _asked_wrongly("how", chosen, f"a level is multiplied or added; allowed {' or '.join(UNCHANGED)}")
    if chosen != usual[0] and (low is None or high is None):
        raise _asked_wrongly("how", chosen, f"{target} is moved by {usual[0]} unless how, low and high are all given")
    start, end = (usual[1] if low is None else low), (usual[2] if high is None else high)
    if not start <= UNCHANGED[chosen] <= end or start == end:
        message = f"the range {start:g} to {end:g} does not hold {UNCHANGED[chosen]:g}, which changes nothing"
        raise _asked_wrongly("low" if low is not None else "high", low if low is not None else high, message)
    return chosen, start, end, values, unit


def _asked_wrongly(key: str, value: object, message: str) -> InputError:
    return InputError([Problem("reverse stress", key, value, message)])


def _central(company: Company, case: MarketCase, factor: Factor, how: How) -> tuple[float, ...]:
    """The factor as it stands on the central path, in the first month that is not history or by project."""
    name = draws_of(factor)[-1].name
    if is_static(factor):
        own = prepare_company(company, case)
        draws = central_company(own.randomness, own.ticker, own.projects)
        case.shock(draws, own.projects)
        building = [project.building for project in own.projects]
        return tuple(draws[name][building].tolist()) or (UNCHANGED[how],)
    draws = central_market(case.randomness)
    case.shock(draws)
    month = min(case.history, len(case.labels) - 1)
    return (float(exp(draws[name][: month + 1].sum()) if factor.returns else draws[name][month]),)


def _of_field(
    company: Company, case: MarketCase, target: str
) -> tuple[tuple[How, float, float], tuple[float, ...], str]:
    """The usual range, drawn in to the field's limits, the values and the unit of ``table.field``."""
    named, block = field_of(target)
    table, _, name = named.partition(".")
    below = [(document, row) for document in (company, case.market) for row in document.rows if row.table == table]
    rows = [(document, row) for document, row in below if block in (None, row.id)]
    if not rows:
        which = f" {block}" if block else ""
        raise InputError([Problem(company.file.name, target, None, f"the company has no [[{table}]]{which}")])
    values = tuple(_under(case, row, named, document.value(table, name, row.id)) for document, row in rows)
    declared = rows[0][1].fields[name]
    how, low, high = FIELD_RANGE
    limits = declared.limits
    least, most = limits.get("ge", limits.get("gt", -np.inf)), limits.get("le", limits.get("lt", np.inf))
    for value in values:
        if value and not np.isnan(value):
            start, end = sorted((least / value, most / value))
            low, high = max(low, start), min(high, end)
    width = high - low
    low = min(low + width * (PRECISION if "gt" in limits else ROUNDING if low else 0.0), UNCHANGED[how])
    high = max(high - width * (PRECISION if "lt" in limits else ROUNDING), UNCHANGED[how])
    return (how, low, high), values, declared.spec.unit or "1"


def _under(case: MarketCase, row: Row, target: str, value: Any) -> float:
    """A figure under the scenario in the first month that is not history; nan where it is no number."""
    if not isinstance(value, float | int):
        return np.nan
    at_start = target in timeless()
    factor, addition = case.shocks.change(target, str(row.get("kind")), row.id, before=value, at_start=at_start)
    month = min(case.history, len(case.labels) - 1)
    return float(value * factor[month] + addition[month])
