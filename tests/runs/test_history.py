"""The lines held against the chain's own history, where the data folder is at hand (it may not be redistributed)."""

import calendar
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.lines import constants, hashrate, network
from corpfin.runs.projection import Projection

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "btc_monthly.csv").is_file(), reason="the chain's history is not here: shared/data beside the checkout"
)

SUBSIDY = 3.125
"""BTC per block since April 2024."""


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    """Monthly figures of the chain, by month."""
    return pd.read_csv(DATA / "btc_monthly.csv", index_col="month")


@pytest.fixture(scope="module")
def projection() -> Projection:
    return cf.project("WULF")


def known_months() -> list[str]:
    return [row.month for row in cf.load_market().tables.known_month]


def test_known_months_are_history_and_follow_each_other() -> None:
    months = known_months()
    assert months
    assert months == [str(period) for period in pd.period_range(months[0], months[-1], freq="M")]


def test_known_prices_are_those_of_the_data(history: pd.DataFrame) -> None:
    for row in cf.load_market().tables.known_month:
        assert row.price_mean == pytest.approx(history.loc[row.month, "price_mean"], rel=1e-4), row.month
        assert row.price_end == pytest.approx(history.loc[row.month, "price_end"], rel=1e-4), row.month


def test_known_hash_rate_and_fees_are_those_of_the_data(history: pd.DataFrame) -> None:
    for row in cf.load_market().tables.known_month:
        assert row.hashrate == pytest.approx(history.loc[row.month, "hashrate_mean_ehs"], rel=1e-3), row.month
        if row.fees_per_block is not None:
            assert row.fees_per_block == pytest.approx(history.loc[row.month, "fees_per_block"], rel=1e-3), row.month


def test_start_is_that_of_the_data(history: pd.DataFrame) -> None:
    tables = cf.load_market().tables
    before = history.loc[f"{tables.network.as_of:%Y-%m}"]
    assert tables.price.btc_close == pytest.approx(before["price_end"], rel=1e-4)
    assert tables.network.network_hashrate == pytest.approx(before["hashrate_mean_ehs"], rel=1e-3)
    assert tables.network.log_fees == pytest.approx(np.log(before["fees_per_block"]), abs=1e-3)


def test_projection_starts_with_history(projection: Projection, history: pd.DataFrame) -> None:
    for position, month in enumerate(known_months()):
        assert projection["btc_price"][position] == pytest.approx(history.loc[month, "price_mean"], rel=1e-4)
        assert projection["network_hashrate"][position] == pytest.approx(
            history.loc[month, "hashrate_mean_ehs"], rel=1e-3
        )


def hashprice_of(row: pd.Series, days: int, rate: float) -> float:
    """Hashprice by the model's own lines from a month's price and fees, at a hash rate [USD/PH/day]."""
    network_btc = network.network_btc(SUBSIDY, row["fees_per_block"], days)
    return float(hashrate.hashprice(row["price_mean"], network_btc, days, rate))


def days_in(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def recent(history: pd.DataFrame) -> pd.DataFrame:
    """Complete months since the halving of 2024 with fees known."""
    return history.loc["2024-05":].query("complete and days_fees == days").dropna(subset=["hashprice_mean"])


def test_hashprice_at_the_hash_rate_of_the_difficulty_is_the_published_one(history: pd.DataFrame) -> None:
    """The data's hashprice is what a hash earns at the month's difficulty; ours at the hash rate that it stands for."""
    months = recent(history)
    assert len(months) >= 24
    for month, row in months.iterrows():
        rate = row["difficulty_mean"] / 1e12 / hashrate.difficulty(1.0)
        assert hashprice_of(row, days_in(str(month)), rate) == pytest.approx(row["hashprice_mean"], rel=0.01), month


def test_hashprice_of_known_months_is_within_two_percent(projection: Projection, history: pd.DataFrame) -> None:
    """At the hash rate seen, which differs from the difficulty's by luck and by how far difficulty lags."""
    compared = [month for month in known_months() if month in recent(history).index]  # fees come a month later
    assert compared
    for month in compared:
        ours = projection["hashprice"][projection.labels.index(month)]
        assert ours == pytest.approx(history.loc[month, "hashprice_mean"], rel=0.02), month


def test_difficulty_of_the_lines_is_the_chain_s_at_ten_minute_blocks(history: pd.DataFrame) -> None:
    """Where blocks came at the protocol's pace over a year, hash rate and difficulty agree."""
    months = recent(history).iloc[-12:]
    assert len(months) == 12
    ours = np.mean([hashrate.difficulty(rate) for rate in months["hashrate_mean_ehs"]])
    assert ours == pytest.approx(months["difficulty_mean"].mean() / 1e12, rel=0.02)


def test_blocks_of_a_month_follow_the_protocol(history: pd.DataFrame) -> None:
    """The lines pay rewards at 144 blocks a day; over the months since the halving the chain did within two percent."""
    months = recent(history)
    days = sum(days_in(str(month)) for month in months.index)
    assert float(constants.BLOCKS_PER_DAY) * days == pytest.approx(months["blocks"].sum(), rel=0.02)
