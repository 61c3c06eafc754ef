"""The model's first quarter beside a file's own last one."""

from dataclasses import replace

import pytest

import corpfin as cf
from corpfin.inputs import Company
from corpfin.studies.published import Gap, first_quarter


def with_reported(ticker: str, **figures: float) -> Company:
    company = cf.load_company(ticker)
    reported = company.tables.reported.model_copy(update=figures)
    return replace(company, tables=company.tables.model_copy(update={"reported": reported}))


def test_a_figure_a_quarter_off_is_wide_and_dust_is_not() -> None:
    assert Gap("btc_mined", "BTC", 126.0, 100.0).wide
    assert not Gap("btc_mined", "BTC", 124.0, 100.0).wide
    assert not Gap("hpc_revenue", "USD m", 0.9, 0.0).wide
    assert str(Gap("mining_cost", "USD m", 50.0, 100.0)).endswith("the last reported one to 100 (-50%)")


def test_the_first_quarter_is_that_of_the_projection_with_the_market_known() -> None:
    market = cf.load_market()
    mined = cf.project("MARA", known="market")["total_fleet_btc_mined"][:3].sum()
    found = {gap.field: gap for gap in first_quarter(with_reported("MARA", btc_mined=2 * mined), market)}
    assert found["btc_mined"].model == pytest.approx(mined)
    assert found["btc_mined"].wide
    same = {gap.field: gap for gap in first_quarter(with_reported("MARA", btc_mined=mined), market)}
    assert not same["btc_mined"].wide


def test_what_is_not_reported_is_not_compared() -> None:
    company = with_reported("MARA", **dict.fromkeys(("btc_mined", "mining_revenue", "mining_cost"), None))
    fields = {gap.field for gap in first_quarter(company, cf.load_market())}
    assert fields.isdisjoint({"btc_mined", "mining_revenue", "mining_cost"})
