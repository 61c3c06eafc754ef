"""The model's first quarter beside a file's own last one."""

from dataclasses import replace

import pytest

import corpfin as cf
from corpfin.inputs import Company
from corpfin.runs.blocks import Job, Measured, World
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.scatter import run_job
from corpfin.runs.simulation import of_job
from corpfin.studies.published import Gap, first_quarter
from corpfin.studies.realised import modelled, sums


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


def test_what_is_not_consolidated_is_named() -> None:
    gap = Gap("hpc_revenue", "USD m", 50.0, 100.0, ("hall",))
    assert str(gap).endswith("the last reported one to 100 (-50%), without hall, which is not consolidated")


def test_wulf_owes_its_own_notes_and_not_those_of_its_venture() -> None:
    """500 + 1,000 + 1,025 + 3,200 by the end of June 2026, the bridge repaid; Abernathy's 1,300 are not among them."""
    wulf = cf.load_company("WULF", as_of="2026-03-31")
    market_case = prepare_market(cf.load_market(company=wulf.file), cf.load_scenario("base"), 3, "none")
    world = World(market_case, (prepare_company(wulf, market_case),))
    job = Job({"blind": world}, 256, 1, months_kept=False, measured=Measured(sums("debt_principal", 3)))
    sample = of_job(job, run_job(job, 1, None, None))["blind"].outcomes["WULF"].sample
    owed = modelled(sample, "debt_principal", 3)
    assert owed.min() == 5725.0  # more where it has sold notes before it must
    assert (owed == 5725.0).mean() > 0.5
