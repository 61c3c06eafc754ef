"""Sensitivity: which figure matters most, changed one at a time (tornado) or all together (Sobol indices).

Every variant runs on the same paths as the base case, so a difference carries the error of the difference and not that
of two separate runs. What varies, and how far, says :mod:`corpfin.studies.variation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Heading, to_html
from corpfin.common.defaults import MONTHS, VARIANT_PATHS
from corpfin.inputs import AsOf, Company, Market
from corpfin.inputs.known import Known
from corpfin.runs.blocks import Job, World
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.difference import NOTHING, Difference
from corpfin.runs.outcome import Outcome
from corpfin.runs.projection import CompanyLike, ScenarioLike, company_of, market_and_date, scenario_of
from corpfin.runs.readings import COMPARED, horizons
from corpfin.runs.scatter import Progress, run_job
from corpfin.runs.simulation import of_job
from corpfin.runs.tally import Key
from corpfin.studies.paired import mean_difference, median, survival_difference
from corpfin.studies.sobol import Sobol, sobol_indices
from corpfin.studies.variation import UNKNOWN, Variation, must_be_ordered, variations

BATCHES = 32
"""Batches of paths whose scatter gives the error of a median or of a difference of medians."""

CHUNK = 16
"""Variants run in one go: bounds the memory."""


def columns(months: int) -> tuple[Heading, ...]:
    """The columns of a sensitivity's table over ``months``."""
    outputs = {
        **{f"survival_{month}": ("1", f"Survival to month {month}") for month in horizons(months, COMPARED)},
        "dilution": ("1", "Dilution"),
        "cash": ("USD m", "Unrestricted cash"),
    }
    found = [
        Heading("file", TEXT, "File", "company or market"),
        Heading("grade", TEXT, "Grade", "how well the figure is known"),
        Heading("unit", TEXT, "Unit", "of the figure"),
        Heading("value", "unit", "Value", "as the file has it"),
        Heading("low", "unit", "Low end", "of its range"),
        Heading("high", "unit", "High end", "of its range"),
        Heading("basis", TEXT, "Basis", "where the range comes from"),
    ]
    for name, (unit, label) in outputs.items():
        for end in ("low", "high"):
            title = f"{label}, change at {end}"
            found.append(Heading(f"{name}_{end}", unit, title, f"difference from base at the {end} end"))
            found.append(Heading(f"{name}_{end}_error", unit, f"{title}, error", "its standard error"))
        found.append(Heading(f"{name}_swing", unit, f"{label}, swing", "width from low over base to high"))
    return tuple(found)


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """The result of :func:`sensitivity`: differences from the base case when one figure moves to an end of its range.

    ``outputs`` are ``survival_36`` and ``survival_60`` or the end [1], ``dilution`` (median of surviving paths at the
    horizon; its change the mean over paths that survive both ways) [1] and ``cash`` (median at the horizon over all
    paths) [USD m]; ``base`` holds their values and ``base_error`` the standard errors of these.
    """

    study: Study
    variations: tuple[Variation, ...]
    base: dict[str, float]
    differences: list[dict[str, tuple[Difference, Difference]]]
    base_error: dict[str, float]

    def __repr__(self) -> str:
        run = f"{self.study.months} months, {self.paths:,} paths, seed {self.seed}"
        return f"<Sensitivity {self.company}, {self.study.scenario.name}, {run}: {len(self.variations)} figures>"

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        return to_html(self.table, columns(self.study.months), repr(self))

    @property
    def company(self) -> str:
        """Ticker."""
        return self.study.company.ticker

    @property
    def paths(self) -> int:
        """Paths of each variant."""
        return self.study.paths

    @property
    def seed(self) -> int:
        """Seed of the paths."""
        return self.study.seed

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs, the longest survival horizon included."""
        return tuple(self.base)

    @property
    def main_output(self) -> str:
        """Survival at the longest horizon."""
        return [name for name in self.outputs if name.startswith("survival")][-1]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a figure: estimated and default figures first, each group by its effect on the main output.

        For each output: the difference from the base at the low and the high end, their standard errors, and the swing
        (width of the span from low over base to high).
        """
        return self.ranked(self.main_output)

    def ranked(self, output: str) -> pd.DataFrame:
        """The table ordered by the swing of ``output``; ``KeyError`` for an output that is not there."""
        if output not in self.base:
            raise KeyError(f"no output {output}; there are {', '.join(self.outputs)}")
        rows = []
        for variation, effects in zip(self.variations, self.differences, strict=True):
            figure = variation.figure
            row: dict[str, Any] = {
                "input": variation.name,
                "file": variation.side,
                "grade": figure.grade,
                "unit": figure.unit,
                "value": figure.value,
                "low": variation.low,
                "high": variation.high,
                "basis": variation.basis,
            }
            for name, (low, high) in effects.items():
                row |= {
                    f"{name}_low": low.value,
                    f"{name}_low_error": low.error,
                    f"{name}_high": high.value,
                    f"{name}_high_error": high.error,
                    f"{name}_swing": max(low.value, high.value, 0.0) - min(low.value, high.value, 0.0),
                }
            rows.append(row)
        table = pd.DataFrame(rows).set_index("input")
        order = [output, *(name for name in self.outputs if name != output)]
        keys = [table["grade"].isin(UNKNOWN), *(table[f"{name}_swing"] for name in order)]
        return table.iloc[np.lexsort([-np.asarray(key, dtype=float) for key in reversed(keys)])]

    def largest(self, count: int, output: str | None = None) -> tuple[Variation, ...]:
        """The ``count`` figures with the largest swing, whatever their grade, fit to be varied together.

        Two figures that must stand in order (delivered and leased megawatts) are not both taken.
        """
        output = output or self.main_output
        table = self.ranked(output).sort_values(f"{output}_swing", ascending=False, kind="stable")
        by_name = {variation.name: variation for variation in self.variations}
        chosen: list[Variation] = []
        for name in table.index:
            if len(chosen) < count and not any(must_be_ordered(by_name[name], other) for other in chosen):
                chosen.append(by_name[name])
        return tuple(chosen)

    def sobol(
        self,
        count: int = 5,
        *,
        output: str | None = None,
        samples: int = 64,
        seed: int = 1,
        progress: Progress | None = None,
    ) -> Sobol:
        """Sobol indices of the ``count`` figures with the largest swing of ``output``, on the same paths.

        Needs ``samples`` * (``count`` + 2) runs; ``seed`` is that of the sample of figures, not of the paths. Raises
        ``ValueError`` for a number of samples that is not a power of two and ``KeyError`` for an unknown output.
        """
        chosen = self.largest(count, output)

        def evaluate(positions: np.ndarray) -> pd.DataFrame:
            changes = [dict(zip(chosen, map(float, row), strict=True)) for row in positions]
            names = outputs(self.study.months)
            found = self.study.run(changes, progress)
            rows = [{name: statistic(name, outcome) for name in names} for outcome in found]
            return pd.DataFrame(rows)

        return sobol_indices({item.name: (0.0, 1.0) for item in chosen}, evaluate, samples, seed)


@dataclass(frozen=True, eq=False)
class Study:
    """A company and a market under a scenario, of which changed copies are run on the same paths."""

    company: Company
    market: Market
    scenario: Any
    paths: int
    seed: int
    months: int
    threads: int | None
    executor: Executor | None = None
    known: Known = "all"

    @cached_property
    def market_case(self) -> MarketCase:
        """The unchanged market as figures."""
        return prepare_market(self.market, self.scenario, self.months, self.known)

    @property
    def history(self) -> str:
        """The last month that is history, as ``YYYY-MM``; empty when none is."""
        past = self.market_case.labels[: self.market_case.history]
        return past[-1] if past else ""

    def run(self, changes: Sequence[Mapping[Variation, float]], progress: Progress | None = None) -> list[Outcome]:
        """The outcomes when each of the variations stands at its position; an empty mapping is the base case.

        Each is held against the base case on common paths, so :meth:`Outcome.against` it is known.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(changes), CHUNK):
            outcomes += self._run_chunk(changes[start : start + CHUNK], start)
            if progress:
                progress(len(outcomes), len(changes))
        return outcomes

    def _run_chunk(self, changes: Sequence[Mapping[Variation, float]], start: int) -> list[Outcome]:
        worlds = {"": World(self.market_case, (self._case("", {}, self.market_case),))}
        keys = []
        for number, change in enumerate(changes, start):
            changed = {item.key: item.at(position) for item, position in change.items() if item.side == "market"}
            name = f"{number}" if changed else ""
            world = worlds.get(name) or World(
                prepare_market(self.market.changed(changed), self.scenario, self.months, self.known), ()
            )
            if change:
                case = self._case(f"{number}", change, world.market_case)
                worlds[name] = replace(world, cases=(*world.cases, case))
            keys.append(Key(name, worlds[name].cases[-1 if change else 0].label))
        base = Key("", worlds[""].cases[0].label)
        pairs = [(key, base) for key in keys if key != base]
        job = Job(worlds, self.paths, self.seed, months_kept=False, pairs=pairs, differences=True)
        simulations = of_job(job, run_job(job, self.threads, self.executor))
        return [simulations[world].outcomes[label] for world, label in keys]

    def _case(self, variant: str, change: Mapping[Variation, float], market_case: MarketCase) -> CompanyCase:
        own = {item.key: item.at(position) for item, position in change.items() if item.side == "company"}
        case = prepare_company(self.company.changed(own) if own else self.company, market_case)
        return replace(case, variant=variant)


def sensitivity(
    company: CompanyLike,
    scenario: ScenarioLike = "base",
    *,
    paths: int = VARIANT_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    progress: Progress | None = None,
) -> Sensitivity:
    """Move every figure of a company, and of the market it stands in, to the ends of its range, one at a time.

    ``known`` says how much of what has happened is seen. ``progress`` is called with variants done and variants in all.
    Raises ``InputError`` for files that cannot be used.
    """
    market, as_of = market_and_date(company, market, as_of)
    study = Study(
        company_of(company, market, as_of), market, scenario_of(scenario), paths, seed, months, threads, executor, known
    )
    found = (*variations(study.company, "company", study.history), *variations(market, "market", study.history))
    return one_at_a_time(study, found, progress)


def one_at_a_time(study: Study, found: tuple[Variation, ...], progress: Progress | None = None) -> Sensitivity:
    """The sensitivity of a study to these figures, each moved to the ends of its range alone."""
    changes: list[Mapping[Variation, float]] = [{}]
    changes += [{variation: end} for variation in found for end in (0.0, 1.0)]
    base, *ends = study.run(changes, progress)
    names = outputs(study.months)
    differences = [
        {name: (effect(name, low, base), effect(name, high, base)) for name in names}
        for low, high in zip(ends[::2], ends[1::2], strict=True)
    ]
    levels = {name: statistic(name, base) for name in names}
    errors = {name: level_error(name, base) for name in names}
    return Sensitivity(study, found, levels, differences, errors)


def outputs(months: int) -> tuple[str, ...]:
    """The names of the outputs of a run of ``months``."""
    return (*(f"survival_{month}" for month in horizons(months, COMPARED)), "dilution", "cash")


def statistic(output: str, outcome: Outcome) -> float:
    """The output of a case: a share for survival, else a median of the sample."""
    if output.startswith("survival"):
        return outcome.survival(_horizon(output))
    return median(_known(_values(output, outcome)))


def level_error(output: str, outcome: Outcome) -> float:
    """Standard error of an output: of a share, or of a median by the scatter of batches of paths."""
    if output.startswith("survival"):
        return outcome.survival_error(_horizon(output))
    return median_error(_values(output, outcome))


def median_error(values: np.ndarray) -> float:
    """Standard error of the median of values by path, nan on a path without one; nan for fewer than two batches."""
    return _scatter([median(_known(batch)) for batch in np.array_split(values, min(BATCHES, values.size))])


def effect(output: str, outcome: Outcome, base: Outcome) -> Difference:
    """Difference of an output on common paths and its standard error.

    Survival is a difference of matched shares, dilution the mean difference on the paths that have it both ways.
    """
    if outcome.key == base.key:
        return NOTHING
    if output.startswith("survival"):
        return survival_difference(outcome.against(base), _horizon(output))
    if output == "dilution":
        return mean_difference(outcome.against(base).moments["dilution"])
    return median_difference(_values(output, outcome), _values(output, base))


def median_difference(values: np.ndarray, base: np.ndarray) -> Difference:
    """Difference of two medians over common paths [S].

    Its error is that of the mean over :data:`BATCHES` batches of paths; nan when there are fewer than two.
    """
    batches = min(BATCHES, base.size)
    by_batch = [
        np.median(some) - np.median(other)
        for some, other in zip(np.array_split(values, batches), np.array_split(base, batches), strict=True)
    ]
    return Difference(median(values) - median(base), _scatter(by_batch))


def _scatter(batches: Sequence[float]) -> float:
    """Standard error of the mean of batches that have a value; nan for fewer than two."""
    found = [value for value in batches if not np.isnan(value)]
    return float(np.std(found, ddof=1) / np.sqrt(len(found))) if len(found) > 1 else np.nan


def _horizon(output: str) -> int:
    return int(output.removeprefix("survival_"))


def _values(output: str, outcome: Outcome) -> np.ndarray:
    """An output by path of the sample [S]; dilution is nan on a path in default."""
    values = outcome.sample[output].astype(float)
    return np.where(outcome.survivors, values, np.nan) if output == "dilution" else values


def _known(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[~np.isnan(values)])
