"""What was published beside the model: a file against its own last quarter, a vintage against what became of it."""

import tomllib
from dataclasses import replace

import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import Company, known_companies, shipped
from corpfin.inputs.find import OUTCOMES
from corpfin.studies.published import FLOWS, LEVELS, Gap, first_quarter, model_of, outcomes, published

SHIPPED_OUTCOMES = [
    (file.name, ticker, figure, facts)
    for file in sorted(path for path in shipped("companies").iterdir() if (path / OUTCOMES).is_file())
    for ticker, figures in tomllib.loads((file / OUTCOMES).read_text(encoding="utf-8")).items()
    for figure, facts in figures.items()
]


def with_reported(ticker: str, **figures: float) -> Company:
    company = cf.load_company(ticker)
    reported = company.tables.reported.model_copy(update=figures)
    return replace(company, tables=company.tables.model_copy(update={"reported": reported}))


@pytest.mark.parametrize(("vintage", "ticker", "figure", "facts"), SHIPPED_OUTCOMES)
def test_an_outcome_has_a_value_a_grade_and_a_source(vintage: str, ticker: str, figure: str, facts: dict) -> None:
    assert cf.load_company(shipped("companies") / vintage / f"{ticker.lower()}.toml").ticker == ticker
    assert figure in {*LEVELS, *FLOWS}
    assert facts["value"] > 0
    assert facts["unit"] in ("USD m", "BTC", "m share")
    assert facts["grade"] in ("reported", "derived", "estimated")
    assert facts["source"]


def test_the_outcomes_are_no_company() -> None:
    assert "OUTCOMES" not in known_companies()


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


def test_published_figures_stand_beside_the_central_path_and_a_blind_run() -> None:
    company, market = cf.load_company("MARA"), cf.load_market()
    found = published(company, market, paths=16)
    assert list(found.index) == list(outcomes(company))
    central = cf.project(company, months=3, known="market", market=market)
    assert found.loc["btc", "central"] == central["btc"][-1] == model_of(central, "btc")
    assert found.loc["capex", "gap"] == pytest.approx(
        found.loc["capex", "central"] / found.loc["capex", "published"] - 1
    )
    assert (found["low"] <= found["median"]).all()
    assert (found["median"] <= found["high"]).all()


def test_nothing_published_is_an_empty_table() -> None:
    found = published(cf.load_company("HIVE"), cf.load_market())
    assert isinstance(found, pd.DataFrame)
    assert found.empty
