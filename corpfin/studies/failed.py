"""Failed paths: in what do the paths that fail differ from those that survive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Heading, to_html
from corpfin.paths import BLOCK, company_draws, market_draws
from corpfin.runs.scatter import Progress
from corpfin.runs.simulation import Simulation

COLUMNS = (
    Heading("unit", TEXT, "Unit", "of the means"),
    Heading("mean_failed", "unit", "Mean, failed", "of the paths in default"),
    Heading("mean_survived", "unit", "Mean, survived", "of the others"),
    Heading("difference", "SD", "Difference", "of the means over the pooled standard deviation"),
    Heading("difference_error", "SD", "Difference, error", "its standard error"),
)
"""The columns of the table."""


@dataclass(frozen=True, repr=False)
class FailedPaths:
    """The result of :func:`failed_paths`: ``failed`` and ``survived`` count the paths.

    ``table`` has one row a feature, ranked by how far the two groups differ: their means (geometric where a feature is
    a level above zero) and the difference in standard deviations with its standard error.
    """

    company: str
    at: int
    failed: int
    survived: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        counts = f"{self.failed:,} failed by month {self.at}, {self.survived:,} did not"
        return f"<FailedPaths {self.company}: {counts}, {len(self.table)} features>"

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        return to_html(self.table, COLUMNS, repr(self))


@dataclass(frozen=True)
class Feature:
    """One figure by path [P]; ``log`` features are compared by their logarithm."""

    name: str
    unit: str
    values: np.ndarray
    log: bool = False


def failed_paths(
    simulation: Simulation, company: str, at: int | None = None, *, progress: Progress | None = None
) -> FailedPaths:
    """What the paths of a company that are in default by month ``at`` (the horizon when None) had in common.

    Paths are those of the sample, the first 16,384. Draws are made again, block by block, and summarised over the first
    ``at`` months. A tenant counts by its clock, the cumulated hazard at which it fails, which is drawn whether or not a
    path lives to see it. The standardised difference is that of the means over the pooled standard deviation, its error
    after Hedges and Olkin (Statistical Methods for Meta-Analysis, 1985). Raises ``KeyError`` for a company that was not
    simulated and ``ValueError`` for a month outside the horizon, or when fewer than two paths failed or survived.
    """
    outcome = simulation.outcomes[company]
    at = simulation.months if at is None else at
    if not 1 <= at <= simulation.months:
        raise ValueError(f"month {at} is outside the horizon of {simulation.months} months")
    failed = ~outcome.alive(at)
    count = int(failed.sum())
    if min(count, failed.size - count) < 2:
        raise ValueError(f"{count} of {failed.size} paths of {company} failed by month {at}: nothing to compare")
    blocks = []
    count_of_blocks = -(-failed.size // BLOCK)
    for number in range(count_of_blocks):
        blocks.append(_features(simulation, company, number, at))
        if progress:
            progress(number + 1, count_of_blocks)
    rows = {}
    for parts in zip(*blocks, strict=True):
        values = np.concatenate([part.values for part in parts])[: failed.size]
        if np.ptp(values) > 0:
            rows[parts[0].name] = _compared(parts[0], values, failed)
    table = pd.DataFrame(rows).T.rename_axis("feature").infer_objects()
    order = np.argsort(-table["difference"].abs().to_numpy(dtype=float), kind="stable")
    return FailedPaths(company, at, count, failed.size - count, table.iloc[order])


def _compared(feature: Feature, values: np.ndarray, failed: np.ndarray) -> dict[str, Any]:
    """One row of the filter's table."""
    scale = np.log(values) if feature.log else values
    ours, theirs = scale[failed], scale[~failed]
    n, m = ours.size, theirs.size
    pooled = np.sqrt(((n - 1) * ours.var(ddof=1) + (m - 1) * theirs.var(ddof=1)) / (n + m - 2))
    difference = (ours.mean() - theirs.mean()) / pooled if pooled > 0 else 0.0
    back = np.exp if feature.log else float
    return {
        "unit": feature.unit,
        "mean_failed": float(back(ours.mean())),
        "mean_survived": float(back(theirs.mean())),
        "difference": float(difference),
        "difference_error": float(np.sqrt((n + m) / (n * m) + difference**2 / (2 * (n + m)))),
    }


def _features(simulation: Simulation, company: str, block: int, at: int) -> list[Feature]:
    """The figures of one block [1024]: market, then company, then its projects."""
    case, own = simulation.market_case, simulation.outcomes[company].case
    market = market_draws(case.randomness, simulation.seed, block)
    drawn = company_draws(own.randomness, own.ticker, own.projects, simulation.seed, block)
    for draws in (market, drawn):
        case.shock(draws, own.projects)
    months = slice(case.history, at) if case.history < at else slice(0, at)
    found = [
        Feature(f"bitcoin price, month {at}", "USD/BTC", market["btc_price_end"][at - 1], log=True),
        Feature("bitcoin price, lowest", "USD/BTC", market["btc_price_end"][months].min(axis=0), log=True),
        Feature(f"AI factor, month {at}", "1", np.exp(market["ai_return"][:at].sum(axis=0)), log=True),
        Feature("months with the credit window shut", "month", (market["credit_open"][months] <= 0).sum(axis=0) * 1.0),
        Feature("power index, mean", "1", market["power_index"][months].mean(axis=0), log=True),
        Feature("fee shock, mean", "1", market["fee_shock"][months].mean(axis=0)),
        Feature("hash-rate shock, mean", "1", market["hashrate_shock"][months].mean(axis=0)),
        Feature(f"own share factor, month {at}", "1", np.exp(drawn["idio_return"][:at].sum(axis=0)), log=True),
    ]
    for k, project in enumerate(own.projects):
        found += [
            Feature(f"slip of {project.id}", "month", drawn["slip"][k]),
            Feature(f"overrun of {project.id}", "1", drawn["overrun"][k], log=True),
            Feature(f"gpu_overrun of {project.id}", "1", drawn["gpu_overrun"][k], log=True),
            Feature(f"tenant clock of {project.id}", "1", drawn["tenant_clock"][k], log=True),
        ]
    return found
