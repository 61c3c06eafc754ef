"""The lowest price of a month against the reflection principle."""

import math

import numpy as np

from corpfin.engine import Row, norm_cdf
from corpfin.inputs import load_market, load_scenario
from corpfin.paths import BLOCK, Lognormal, market_draws
from corpfin.runs.cases import prepare_market
from corpfin.runs.graphs import market_kernel

BLOCKS = 32


def touched(start: float, barrier: float) -> tuple[float, float, float, int]:
    """Share of paths called from a loan-to-value of ``start`` within a month, at its end, by theory; how many."""
    case = prepare_market(load_market(), load_scenario("base"), 12)
    process = case.randomness.process
    assert isinstance(process, Lognormal)
    prepared, month = market_kernel().prepare(case.data), case.history
    level = math.log(start / barrier)
    low, end = [], []
    for block in range(BLOCKS):
        draws = market_draws(case.randomness, 3, block)
        found = prepared.run({"": draws}, paths=BLOCK, record=[Row("", "btc_low"), Row("", "btc_close")]).record
        before = found[1][month - 1]
        low.append(np.log(found[0][month] / before) <= level)
        end.append(np.log(found[1][month] / before) <= level)
    spread = process.volatility / math.sqrt(12)
    drift = (process.drift - process.volatility**2 / 2) / 12
    theory = norm_cdf((level - drift) / spread) + math.exp(2 * drift * level / spread**2) * norm_cdf(
        (level + drift) / spread
    )
    return float(np.mean(low)), float(np.mean(end)), theory, BLOCKS * BLOCK


def test_the_chance_of_a_call_within_the_month() -> None:
    found, ends, theory, paths = touched(0.62, 0.70)
    assert abs(found - theory) < 4 * math.sqrt(theory * (1 - theory) / paths)
    assert found > 1.5 * ends
