"""Companies together: with nothing met each runs as alone, to the last bit; more impact never helps; blocks add up."""

from functools import cache

import numpy as np
import pytest

from corpfin.inputs import load_market
from corpfin.paths import central_company, central_market
from corpfin.runs.batch import named
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.joint import Together
from corpfin.runs.projection import company_of, evaluate, scenario_of
from corpfin.runs.simulation import run_cases
from corpfin.runs.together import APART, Sector, graphs_together, project_together, sector_of

PATHS, MONTHS = 300, 60


@cache
def shipped(scenario: str = "base") -> Sector:
    market = load_market()
    case = prepare_market(market, scenario_of(scenario), MONTHS)
    return sector_of(case, [prepare_company(company_of(each, market), case) for each in named(None)])


def test_with_nothing_met_every_line_of_every_company_is_that_of_the_company_alone() -> None:
    apart = shipped().with_inputs(**APART)
    market, *companies, _ = project_together(apart)
    assert len(companies) > 10
    for case, found in zip(apart.cases, companies, strict=True):
        own = central_company(case.randomness, case.ticker, case.projects)
        alone = evaluate(case, apart.market_case, central_market(apart.market_case.randomness), own)
        for key, months in alone.values.rows.items():
            np.testing.assert_array_equal(months, found[key], err_msg=f"{case.label} {key}")
        for key, months in alone.market.rows.items():
            np.testing.assert_array_equal(months, market[key], err_msg=f"{key}")


def test_with_nothing_met_the_simulation_is_that_of_the_companies_alone() -> None:
    apart = shipped().with_inputs(**APART)
    found = Together({"apart": apart}, PATHS, 7).found()
    alone = run_cases(apart.market_case, apart.cases, paths=PATHS, seed=7)
    for label, outcome in alone.outcomes.items():
        np.testing.assert_array_equal(found.counts["apart"][label], outcome.tally.defaults.sum(axis=1))


@pytest.mark.parametrize(
    ("switch", "line"),
    [
        ("impact_coefficient", "impact_level"),
        ("flow_beta", "impact_level"),
        ("listed_switching", "conversion_shift"),
        ("forced_sale_discount", "dumping_discount"),
    ],
)
def test_each_thing_met_alone_does_something(switch: str, line: str) -> None:
    value = shipped().inputs[switch] or 0.034
    *_, apart = project_together(shipped().with_inputs(**APART))
    *_, found = project_together(shipped().with_inputs(**{**APART, switch: value}))
    assert np.abs(apart[line]).max() == 0
    assert np.abs(found[line]).max() > 0


@pytest.mark.slow
def test_more_impact_never_raises_survival_of_the_sector() -> None:
    calm = shipped("btc-half")
    levels = {f"{k}": calm.with_inputs(impact_coefficient=float(k)) for k in (0, 1, 5, 20)}
    found = Together(levels, PATHS, 7).found()
    alive = [sum(found.survival(name, case.label, MONTHS) for case in calm.cases) for name in levels]
    assert alive == sorted(alive, reverse=True)
    assert alive[0] > alive[-1]


def test_sums_over_companies() -> None:
    _, *companies, both = project_together(shipped())
    for line, own in (("listed_sold", "btc_sold"), ("listed_btc", "btc"), ("companies_in_default", "defaulted")):
        np.testing.assert_allclose(both[line], sum(each[own] for each in companies), rtol=1e-12)
    assert (both["listed_share"] < 1).all()
    assert (both["listed_chosen"] + both["listed_liquidated"] <= both["listed_sold"] + 1e-9).all()


@pytest.mark.slow
def test_blocks_add_up_in_any_order_and_over_threads() -> None:
    job = Together({"all": shipped(), "less": shipped().without("MARA")}, 1_300, 3, ["listed_sold"], ["all"])
    one, two = job.block(0), job.block(1)
    turned, threads = two.merged(one), job.found(threads=2)
    for found in (turned, threads):
        assert found.paths == 1_300
        assert int(found.joint["all"].sum()) == 1_300
        np.testing.assert_array_equal(found.joint["all"], one.merged(two).joint["all"])
        np.testing.assert_array_equal(found.sample("all"), one.merged(two).sample("all"))
    assert "MARA" not in threads.counts["less"]
    assert threads.sample("all").shape == (1, MONTHS, 1_300)


def test_sector_meets_market_and_companies_a_month_later_only() -> None:
    graphs = graphs_together()
    assert graphs["market"].lagged == ("sector",)
    assert graphs["company"].lagged == ("sector",)
    for name in ("market", "company"):
        for line in graphs[name].lines:
            assert all(ref.kind == "prior" for ref in line.parameters if ref.graph == "sector"), line.name
