"""Sensitivity: which figure matters most, changed one at a time (tornado) or all together (Sobol indices).

Every variant runs on the same paths as the base case, so a difference carries the error of the difference and not that
of two separate runs. What varies:

- a number with a range in its source entry: from ``low`` to ``high``; any other number by 10 % either way;
- a date by three months either way, unless it is known and lies in months that are history;
- yes or no, where the file does not know it (estimated or default): the other answer.

An end is held within what a file may say; an end it may not say at all stays at the base. Words (how a note is repaid,
the order of funding), figures that are zero and figures the model does not read are left out.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd

from corpfin.inputs import Company, Figure, Market
from corpfin.inputs.checks import DRAWN, ORDERED, check_company, check_market
from corpfin.inputs.errors import Report
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Declared, Value
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company, prepare_market
from corpfin.runs.projection import CompanyLike, ScenarioLike, company_of, market_of, scenario_of
from corpfin.runs.readings import MONTHS, horizons
from corpfin.runs.simulation import Outcome, Progress, run_cases, standard_error
from corpfin.studies.paired import HORIZONS, Difference, mean_difference, median, share_difference

PATHS = 2_048
"""Paths of each variant unless another number is asked for: differences on common paths need few."""

STEP_SHARE = 0.1
"""Change of a number whose range is not known."""

STEP_MONTHS = 3
"""Change of a date [month]."""

BATCHES = 32
"""Batches of paths whose scatter gives the error of a median or of a difference of medians."""

CHUNK = 16
"""Variants run in one go: bounds the memory."""

UNKNOWN = ("estimated", "default")
"""Grades of figures an analyst could still look up; they come first."""

FIXED = (
    ("price", "btc_close"),
    ("network", "network_hashrate"),
    ("network", "log_fees"),
    ("network", "subsidy_before"),
    ("network", "subsidy_after"),
    ("network", "jpm_power_price"),
    ("network", "jpm_efficiency"),
)
"""Figures of the market that are history, protocol or definition: there is nothing about them to be wrong about."""

Key = tuple[str, str | None, str]
Side = Literal["company", "market"]
DocumentT = TypeVar("DocumentT", Company, Market)


@dataclass(frozen=True)
class Variation:
    """One figure and how far it may move: :meth:`at` 0 is the low end, at 1 the high end."""

    figure: Figure
    side: Side
    low: Value
    high: Value
    basis: str

    @property
    def key(self) -> Key:
        """Table, id and field."""
        return self.figure.table, self.figure.id, self.figure.field

    @property
    def name(self) -> str:
        """Address in the file: ``debt.conv-2031.principal``."""
        return ".".join(filter(None, self.key))

    def at(self, position: float) -> Value:
        """The value at a position between 0 and 1; dates move by whole months, a truth flips in the middle."""
        match self.low, self.high:
            case float() as low, float() as high:
                return low + position * (high - low)
            case date() as low, date() as high if position < 1:
                months = (high.year - low.year) * 12 + high.month - low.month
                return shifted(low, round(position * months))
            case _:
                return self.high if position >= 0.5 else self.low


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The result of :func:`sensitivity`: differences from the base case when one figure moves to an end of its range.

    ``outputs`` are ``survival_36`` and ``survival_60`` or the end [1], ``dilution`` (median of surviving paths at the
    horizon; its change the mean over paths that survive both ways) [1] and ``cash`` (median at the horizon over all
    paths) [USD m]; ``base`` holds their values and ``base_error`` the standard errors of these.
    """

    study: Study = field(repr=False)
    variations: tuple[Variation, ...] = field(repr=False)
    base: dict[str, float]
    differences: list[dict[str, tuple[Difference, Difference]]] = field(repr=False)
    base_error: dict[str, float]

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
            if len(chosen) < count and not any(_must_be_ordered(by_name[name], other) for other in chosen):
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
            rows = [
                {name: statistic(name, values) for name, values in _outputs(outcome, self.study.months).items()}
                for outcome in self.study.run(changes, progress)
            ]
            return pd.DataFrame(rows)

        return sobol_indices({item.name: (0.0, 1.0) for item in chosen}, evaluate, samples, seed)


@dataclass(frozen=True, eq=False)
class Sobol:
    """Sobol indices of some figures, varied together and evenly within their ranges.

    ``table`` has one row per output and figure: first-order index S1 (share of the output's variance that the figure
    explains alone), total index ST (alone and with others), each with the half width of its 95 % interval.
    ``values`` [R, outputs] are the outputs of the runs.
    """

    table: pd.DataFrame
    values: pd.DataFrame = field(repr=False)


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

    @cached_property
    def market_case(self) -> MarketCase:
        """The unchanged market as figures."""
        return prepare_market(self.market, self.scenario, self.months)

    def run(self, changes: Sequence[Mapping[Variation, float]], progress: Progress | None = None) -> list[Outcome]:
        """The outcomes when each of the variations stands at its position; an empty mapping is the base case."""
        outcomes: dict[int, Outcome] = {}
        together = [n for n, change in enumerate(changes) if not any(item.side == "market" for item in change)]
        alone = [[n] for n in range(len(changes)) if n not in set(together)]
        for chunk in [*(together[start : start + CHUNK] for start in range(0, len(together), CHUNK)), *alone]:
            outcomes |= self._run_chunk({n: changes[n] for n in chunk})
            if progress:
                progress(len(outcomes), len(changes))
        return [outcomes[n] for n in range(len(changes))]

    def _run_chunk(self, changes: Mapping[int, Mapping[Variation, float]]) -> dict[int, Outcome]:
        market_case = self.market_case
        for change in changes.values():
            market = {item.key: item.at(position) for item, position in change.items() if item.side == "market"}
            if market:
                market_case = prepare_market(changed(self.market, market), self.scenario, self.months)
        cases = [self._case(f"{n}", change, market_case) for n, change in changes.items()]
        simulation = run_cases(market_case, cases, paths=self.paths, seed=self.seed, threads=self.threads, kept=0)
        return dict(zip(changes, simulation.outcomes.values(), strict=True))

    def _case(self, variant: str, change: Mapping[Variation, float], market_case: MarketCase) -> CompanyCase:
        own = {item.key: item.at(position) for item, position in change.items() if item.side == "company"}
        case = prepare_company(changed(self.company, own) if own else self.company, market_case)
        return replace(case, variant=variant)


def sensitivity(
    company: CompanyLike,
    scenario: ScenarioLike = "base",
    *,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Move every figure of a company, and of the market it stands in, to the ends of its range, one at a time.

    ``progress`` is called with variants done and variants in all. Raises ``InputError`` for files that cannot be used.
    """
    market = market or market_of(company)
    study = Study(company_of(company, market), market, scenario_of(scenario), paths, seed, months, threads)
    known = study.market_case.labels[: study.market_case.known]
    history = known[-1] if known else ""
    found = (*variations(study.company, "company", history), *variations(market, "market", history))
    changes: list[Mapping[Variation, float]] = [{}]
    changes += [{variation: end} for variation in found for end in (0.0, 1.0)]
    base, *ends = [_outputs(outcome, months) for outcome in study.run(changes, progress)]
    differences = [
        {name: (effect(name, low[name], base[name]), effect(name, high[name], base[name])) for name in base}
        for low, high in zip(ends[::2], ends[1::2], strict=True)
    ]
    levels = {name: statistic(name, values) for name, values in base.items()}
    errors = {name: level_error(name, values) for name, values in base.items()}
    return Sensitivity(study, found, levels, differences, errors)


def outputs(months: int) -> tuple[str, ...]:
    """The names of the outputs of a run of ``months``."""
    return (*(f"survival_{month}" for month in horizons(months, HORIZONS)), "dilution", "cash")


def sobol_indices(
    bounds: Mapping[str, tuple[float, float]],
    evaluate: Callable[[np.ndarray], pd.DataFrame],
    samples: int,
    seed: int = 1,
) -> Sobol:
    """First-order and total Sobol indices of a function of evenly distributed inputs, with 95 % intervals.

    ``evaluate`` turns [R, D] inputs into R rows of outputs. Sampling and estimators are those of Saltelli et al.,
    Computer Physics Communications 181, 2010, as SALib implements them (Iwanaga, Usher and Herman 2022); the
    intervals are bootstrapped. An output that does not vary over the sample has indices of zero. ``ValueError`` when
    ``samples`` is not a power of two.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if samples < 2 or samples & (samples - 1):
        raise ValueError(f"samples is {samples}; a Sobol sequence is balanced only for a power of two")
    problem = {"num_vars": len(bounds), "names": list(bounds), "bounds": [list(ends) for ends in bounds.values()]}
    points = sampling.sample(problem, samples, calc_second_order=False, seed=seed)
    values = evaluate(points)
    names = ("S1", "S1_conf", "ST", "ST_conf")
    tables = {}
    for output, column in values.items():
        flat = column.to_numpy(dtype=float)
        if np.ptp(flat.reshape(samples, -1)[:, [0, -1]]) > 0:  # the two independent samples; the rest mixes them
            found = analysis.analyze(problem, flat, calc_second_order=False, seed=seed + 1)
        else:
            found = dict.fromkeys(names, np.zeros(len(bounds)))
        tables[output] = pd.DataFrame({name: found[name] for name in names}, index=pd.Index(list(bounds), name="input"))
    return Sobol(pd.concat(tables, names=["output"]), values)


def variations(document: Company | Market, side: Side, history: str = "") -> tuple[Variation, ...]:
    """Every figure of a document that varies, in its order; ``history`` is the last month that is, as ``YYYY-MM``."""
    fields = [(row, declared) for row in document.rows for declared in row.fields.values()]
    found = (
        _variation(document, side, row, declared, figure, history)
        for (row, declared), figure in zip(fields, document.figures(), strict=True)
    )
    return tuple(variation for variation in found if variation is not None and variation.low != variation.high)


def changed(document: DocumentT, values: Mapping[Key, Value]) -> DocumentT:
    """A copy of a company or market in which figures have other values; their grades stay those of the original."""
    rows, tables = list(document.rows), document.tables
    for (table, id, name), value in values.items():
        number = next(n for n, row in enumerate(rows) if (row.table, row.id) == (table, id))
        row = rows[number]
        rows[number] = replace(row, written={**row.written, name: value}, valid={**row.valid, name: value})
        old = getattr(tables, table)
        new = (
            [block.model_copy(update={name: value}) if block.id == id else block for block in old]
            if isinstance(old, list)
            else old.model_copy(update={name: value})
        )
        tables = tables.model_copy(update={table: new})
    return replace(document, rows=tuple(rows), tables=tables)


def shifted(day: date, months: int) -> date:
    """The day ``months`` later, or the last of that month where it has no such day.

    >>> shifted(date(2026, 5, 31), -3)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def statistic(output: str, values: np.ndarray) -> float:
    """The output from its values by path: a share for survival, else the median; nan on a path stands for no value."""
    return float(values.mean()) if output.startswith("survival") else median(values[~np.isnan(values)])


def level_error(output: str, values: np.ndarray) -> float:
    """Standard error of an output: of a share, or of a median by the scatter of batches of paths."""
    if output.startswith("survival"):
        return float(standard_error(values.mean(), values.size))
    return _scatter([statistic(output, batch) for batch in np.array_split(values, min(BATCHES, values.size))])


def effect(output: str, values: np.ndarray, base: np.ndarray) -> Difference:
    """Difference of an output on common paths and its standard error.

    Survival is a difference of matched shares, dilution the mean difference on the paths that have it both ways. The
    error of a difference of medians is that of the mean over :data:`BATCHES` batches of paths; nan when there are fewer
    than two.
    """
    if output.startswith("survival"):
        return share_difference(values, base)
    if output == "dilution":
        both = ~np.isnan(values) & ~np.isnan(base)
        return mean_difference(values[both], base[both])
    batches = min(BATCHES, base.size)
    by_batch = [
        np.median(some) - np.median(other)
        for some, other in zip(np.array_split(values, batches), np.array_split(base, batches), strict=True)
    ]
    return Difference(statistic(output, values) - statistic(output, base), _scatter(by_batch))


def _scatter(batches: Sequence[float]) -> float:
    """Standard error of the mean of batches that have a value; nan for fewer than two."""
    found = [value for value in batches if not np.isnan(value)]
    return float(np.std(found, ddof=1) / np.sqrt(len(found))) if len(found) > 1 else np.nan


def _outputs(outcome: Outcome, months: int) -> dict[str, np.ndarray]:
    """The outputs by path [P]; dilution is nan on a path in default."""
    return {
        **{f"survival_{horizon}": outcome.alive(horizon) for horizon in horizons(months, HORIZONS)},
        "dilution": np.where(outcome.alive(months), outcome.final["dilution"].astype(float), np.nan),
        "cash": outcome.final["cash"].astype(float),
    }


def _variation(
    document: Company | Market, side: Side, row: Row, declared: Declared, figure: Figure, history: str
) -> Variation | None:
    """How far one figure may move; None for a figure that does not vary."""
    read = declared.spec.model or (row.table in DRAWN and declared.spec.unit != "")
    fixed = (row.table, declared.name) in FIXED
    if not read or fixed or row.table.startswith("defaults.") or figure.grade in ("absent", "text"):
        return None

    def between(low: Value, high: Value, basis: str) -> Variation:
        least, most = (_allowed(document, row, declared, end, figure.value) for end in (low, high))
        return Variation(figure, side, least, most, basis)

    match figure.value:
        case bool() as value:
            return Variation(figure, side, value, not value, "yes or no") if figure.grade in UNKNOWN else None
        case date() as value:
            if figure.grade not in UNKNOWN and f"{value:%Y-%m}" <= history:
                return None
            return between(shifted(value, -STEP_MONTHS), shifted(value, STEP_MONTHS), f"{STEP_MONTHS} months")
        case float() as value if figure.low is not None or figure.high is not None:
            low, high = (value if end is None else end for end in (figure.low, figure.high))
            return between(low, high, "range")
        case float() as value if value != 0:
            step = abs(value) * STEP_SHARE
            return between(value - step, value + step, f"{STEP_SHARE:.0%}")
        case _:
            return None


def _allowed(document: Company | Market, row: Row, declared: Declared, end: Any, value: Any) -> Any:
    """The end, held within the field's limits and its order with other fields; the value if that is not enough."""
    if isinstance(end, float):
        low, high = declared.limits.get("ge", -np.inf), declared.limits.get("le", np.inf)
        for table, lower, upper, _ in ORDERED:
            other = row.number(upper if declared.name == lower else lower)
            if table == row.table and other is not None:
                high = min(high, other) if declared.name == lower else high
                low = max(low, other) if declared.name == upper else low
        end = float(min(max(end, low), high))
    report = Report(document.file)
    change = {(row.table, row.id, declared.name): end}
    if isinstance(document, Company):
        check_company(changed(document, change).rows, report)
    else:
        check_market(changed(document, change).rows, report)
    return value if report.problems else end


def _must_be_ordered(one: Variation, other: Variation) -> bool:
    return one.key[:2] == other.key[:2] and any(
        one.figure.table == table and {one.figure.field, other.figure.field} == {lower, upper}
        for table, lower, upper, _ in ORDERED
    )
