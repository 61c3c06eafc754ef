"""The first quarter of 2026 of the six companies of the article, from the end of 2025: what they sold beside the bands.

Prices are known, what treasurers do is drawn; their policies are those known in December, their spreads of quarters
before 2026 (``tests/fixtures/2025-12-31``). What does not fit is held here too: a change of it is news.
"""

from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs.find import companies_in

HOME = Path(__file__).parents[1] / "fixtures" / "2025-12-31"
PATHS, MONTHS = 1_024, 3

BUYBACK = 912.8
"""What MARA paid for its own notes in March 2026 [USD m]."""


@pytest.fixture(scope="module")
def result() -> cf.Backtest:
    return cf.backtest(HOME, paths=PATHS, months=MONTHS, known="market")


def test_four_of_six_sold_what_lies_in_the_band(result: cf.Backtest) -> None:
    """Not MARA, which bought notes back, nor Cango, which paid loans down beyond what its lender and bills asked for.

    No path of Cango fails: what its bills lack, pledged coins pay.
    """
    sold = result.part("figures", "market").xs("btc_sold", level="figure")
    inside = sold["within_80"].droplevel("date")
    assert list(inside[inside].index) == ["BTDR", "CLSK", "CORZ", "RIOT"]
    assert result.table.loc[("CANG", "market", 1.0), f"failure_{MONTHS}"] == 0
    assert 2_000 < sold["q50"].droplevel("date")["CANG"] < 4_000


def test_a_buy_back_nobody_could_know_is_what_is_missing_of_mara(result: cf.Backtest) -> None:
    """Without the coins that paid for notes it lies in the band; and treasurers who buy notes back are drawn."""
    market = cf.load_market(HOME / "market.toml")
    simulation = cf.simulate([HOME / "mara.toml"], paths=PATHS, months=MONTHS, market=market, known="market")
    mara = simulation.outcomes["MARA"].sample
    low, high = np.quantile(mara["btc_sold_total"], (0.1, 0.9))
    price = np.mean([row.price_mean for row in market.tables.known_month])
    came = result.outcomes.figures
    sold = next(item.published.value for item in came if item.ticker == "MARA" and item.figure == "btc_sold")
    assert low < sold - BUYBACK * 1e6 / price < high < sold
    assert 0.1 < (mara["btc_sold_for_buyback_total"] > 0).mean() < 0.3


def test_all_six_are_there_and_nothing_of_the_quarter_is_seen(result: cf.Backtest) -> None:
    assert len(list(companies_in(HOME))) == 6
    assert not result.failures
    assert not result.figures["seen"].any()
