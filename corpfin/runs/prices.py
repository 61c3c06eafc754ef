"""The bitcoin price over the paths of a simulation, drawn again from the same seed under the same scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corpfin.paths import BLOCK, market_draws
from corpfin.runs.cases import MarketCase
from corpfin.runs.readings import KEPT, QUANTILES


def month_end_prices(market_case: MarketCase, paths: int, seed: int) -> np.ndarray:
    """Bitcoin price at the end of each month on the first paths [M, min(paths, KEPT)], the scenario applied [USD/BTC].

    They are the simulation's own: a draw is a function of seed, stream and path. ``InputError`` for a shock that cannot
    be applied.
    """
    count = min(paths, KEPT)
    found = np.empty((len(market_case.labels), count), dtype=np.float32)
    draws = None
    for first in range(0, count, BLOCK):
        draws = market_draws(market_case.randomness, seed, first // BLOCK, draws)
        market_case.shock(draws)
        found[:, first : first + BLOCK] = draws["btc_price_end"][:, : min(BLOCK, count - first)]
    return found


def spread(values: np.ndarray, labels: tuple[str, ...]) -> pd.DataFrame:
    """Mean, its standard error and quantiles by month of values by month and path [M, P]; the error of one is nan."""
    count, exact = values.shape[1], values.astype(float)
    index = pd.Index(labels, name="month")
    found = pd.DataFrame({"mean": exact.mean(axis=1)}, index=index)
    found["mean_error"] = exact.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.nan
    for quantile, row in zip(QUANTILES, np.quantile(exact, QUANTILES, axis=1), strict=True):
        found[f"{int(quantile * 100)}"] = row
    return found
