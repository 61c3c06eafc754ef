"""Rare failures: the probability of default where plain paths hardly ever fail, by importance sampling.

Paths are drawn where failures lie (:mod:`corpfin.studies.shift` finds where) and count by their likelihood under the
mixture they were drawn from. A fifth of them is plain (Hesterberg, Technometrics 37, 1995), so that no path counts for
more than five and a way to fail that the pilots missed can still be seen; one that the plain fifth does not show either
is in no error. Path n has the normals of path n of a plain run, the shift apart. The shift is an explanation too: it
says which luck kills.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, Place, documented, frame, name_of_error, to_html
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.numbers import whole_number
from corpfin.common.text import amount, small_chance, whole
from corpfin.inputs import AsOf, Market
from corpfin.inputs.known import Known
from corpfin.paths import BLOCK
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.projection import CompanyLike, ScenarioLike, company_of, market_and_date, scenario_of
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.runs.scatter import Progress, part_of
from corpfin.studies.lanes import Lanes
from corpfin.studies.shift import ROUNDS, Shifted, effective, search, weights

FEWEST = 50.0
"""Effective failures below which a probability is refused."""

HEAVIEST = 0.1
"""Share of the estimate that a single path may carry, above which a probability is refused."""


@dataclass(frozen=True, eq=False)
class Counted:
    """The paths of a run [P] by month of default (0: none), by their weight, and read to ``horizon``."""

    default_month: np.ndarray = field(repr=False)
    weight: np.ndarray = field(repr=False)
    horizon: int

    @property
    def counted(self) -> np.ndarray:
        """The weight of each path that fails by the horizon, 0 for the others."""
        failed = (self.default_month > 0) & (self.default_month <= self.horizon)
        return np.where(failed, self.weight, 0.0)

    @property
    def failures(self) -> float:
        """Number of paths that fail."""
        return float((self.counted > 0).sum())

    @property
    def effective(self) -> float:
        """Number of failures of equal weight that would tell as much."""
        return effective(self.counted)

    @property
    def refused(self) -> str:
        """Why the probability is not to be relied on; nothing when it is."""
        counted = self.counted
        if not counted.any():
            return f"no path fails by month {self.horizon}"
        if self.effective < FEWEST:
            return (
                f"{self.failures:,.0f} failures by month {self.horizon} tell no more than {self.effective:.0f} of "
                f"equal weight would; {FEWEST:.0f} are needed"
            )
        heaviest = counted.max() / counted.sum()
        if heaviest > HEAVIEST:
            return f"a single path carries {100 * heaviest:.0f} % of the estimate for month {self.horizon}"
        return ""

    @property
    def probability(self) -> float:
        """Probability of default by the horizon; nan when refused."""
        return np.nan if self.refused else float(self.counted.mean())

    @property
    def error(self) -> float:
        """Its standard error; of plain and moved paths together, which is a little too wide."""
        return np.nan if self.refused else float(self.counted.std() / np.sqrt(self.counted.size))

    @property
    def plain_paths(self) -> float:
        """Number of plain paths with the same error; nan when refused."""
        return self.probability * (1.0 - self.probability) / self.error**2 if self.error else np.nan


BY_HORIZON = "by horizon"
"""The table of the page."""

COLUMNS: tuple[Column[Counted], ...] = (
    Column(
        "probability",
        "1",
        "Probability of default",
        "probability of default by the horizon; none when refused",
        lambda counted: counted.probability,
        lambda row: small_chance(row["probability"], row[name_of_error("probability")]),
        (Place(BY_HORIZON, "probability"),),
    ),
    Column(
        name_of_error("probability"),
        "1",
        "Probability of default, error",
        "its standard error",
        lambda counted: counted.error,
    ),
    Column(
        "failures",
        "1",
        "Failures",
        "paths that fail, most of them moved",
        lambda counted: counted.failures,
        lambda row: whole(row["failures"]),
        (Place(BY_HORIZON, "failures"),),
    ),
    Column(
        "effective",
        "1",
        "Effective failures",
        "failures of equal weight that would tell as much",
        lambda counted: counted.effective,
        lambda row: amount(row["effective"]),
        (Place(BY_HORIZON, "effective"),),
    ),
    Column(
        "plain_paths",
        "1",
        "Plain paths",
        "plain paths with the same error",
        lambda counted: counted.plain_paths,
        lambda row: amount(round(row["plain_paths"], -2)),
        (Place(BY_HORIZON, "plain paths"),),
    ),
)
"""The columns of the table."""


@dataclass(frozen=True, eq=False, repr=False)
class Rare:
    """The result of :func:`rare`; ``table`` is indexed by ``horizon`` [month].

    ``shift`` has one row a mean that was moved, the likeliest way to fail and the furthest mean first: number of the
    ``way``, its ``share`` of the pilot paths nearest to failure [1], the ``factor``, the ``year`` after history (0 for
    what is drawn once) and by how many ``deviations`` [1] its mean moved; plus is a higher price, cost or delay.
    ``weight`` is the mean weight of all paths, which is 1 but for its error ``weight_error``. ``refused`` says why
    there is no probability at the end of the run; it is empty when there is one.
    """

    company: str
    scenario: str
    known: Known
    months: int
    paths: int
    seed: int
    pilot_paths: int
    weight: float
    weight_error: float
    refused: str
    table: pd.DataFrame
    shift: pd.DataFrame

    def __repr__(self) -> str:
        run = f"{self.scenario}, {self.months} months, {self.paths:,} paths, seed {self.seed}"
        return f"<Rare {self.company}: {run}{', refused' if self.refused else ''}>"

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        return to_html(self.table, COLUMNS, repr(self))


documented(Rare, COLUMNS)


def rare(
    company: CompanyLike,
    scenario: ScenarioLike = "base",
    *,
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    progress: Progress | None = None,
) -> Rare:
    """The probability of a company's default by horizon where it is small, from few paths, and which luck it takes.

    A probability is refused, and nan, where the failing paths tell too little or a single one too much. Raises
    ``InputError`` for files that cannot be used and ``ValueError`` for paths, months or threads below one.
    """
    paths = whole_number("paths", paths, 1)
    market, as_of = market_and_date(company, market, as_of)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    case = prepare_company(company_of(company, market, as_of), market_case)
    shifted = Shifted(market_case, case, seed, Lanes(market_case, case, paths), threads)
    shift, pilot_paths = search(shifted, progress)
    found = shifted.run(shift, range(-(-paths // BLOCK)), part_of(progress, ROUNDS, 1, ROUNDS + 1)).first(paths)
    weight = weights([(found, shift)])
    by_horizon = {month: Counted(found.default_month, weight, month) for month in horizons(months, HORIZONS)}
    return Rare(
        company=case.label,
        scenario=market_case.scenario.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        pilot_paths=pilot_paths,
        weight=float(weight.mean()),
        weight_error=float(weight.std() / np.sqrt(paths)),
        refused=by_horizon[months].refused,
        table=frame(COLUMNS, by_horizon, "horizon"),
        shift=shift.explained(),
    )
