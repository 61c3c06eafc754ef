"""Companies side by side: rows, order, differences on common paths, the debt wall, distance to default."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import Shock
from corpfin.inputs.find import shipped
from corpfin.studies.compare import Comparison, debt_wall, distance_to_default
from corpfin.studies.model import prepare_market
from corpfin.studies.paired import markdown, mean_difference, share_difference

PATHS = 1_024


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return cf.compare(["MARA", "WULF", "HIVE"], paths=PATHS)


def test_a_row_says_what_simulation_and_central_path_say(comparison: Comparison) -> None:
    simulation, projection = comparison.simulation, cf.project("MARA")
    row = comparison.table.loc["MARA"]
    assert list(comparison.table.index) == ["MARA", "WULF", "HIVE"]
    for name in ("survival_12", "error_36", "survival_60", "dilution_median", "top_cause"):
        assert row[name] == simulation.summary.loc["MARA", name]
    assert row["breakeven_power"] == projection.summary["power_cost_per_btc"]
    assert row["runway"] == projection.summary["runway"]
    final = simulation.outcomes["MARA"].final
    assert row["btc_sold_share"] == pytest.approx(
        np.median(final["btc_sold_total"] / (final["btc_sold_total"] + final["btc"]))
    )


def test_a_simulation_already_run_gives_the_same_table(comparison: Comparison) -> None:
    again = cf.compare(comparison.simulation)
    pd.testing.assert_frame_equal(again.table, comparison.table)
    pd.testing.assert_frame_equal(again.maturities, comparison.maturities)


def test_sorted_filtered_and_written(comparison: Comparison, tmp_path: Path) -> None:
    assert comparison.sorted("survival_60")["survival_60"].is_monotonic_decreasing
    assert list(comparison.filtered("leased_mw > 100").index) == ["WULF"]
    with pytest.raises(KeyError, match=r"no column survival_6; nearest is survival_"):
        comparison.sorted("survival_6")
    comparison.to_csv(tmp_path / "compare.csv")
    read = pd.read_csv(tmp_path / "compare.csv", index_col="company")
    assert read["survival_36"].to_dict() == pytest.approx(comparison.table["survival_36"].to_dict())
    lines = comparison.to_markdown().splitlines()
    assert len(lines) == 2 + 3
    assert lines[0].startswith("| company | survival_12 |")


def test_differences_come_from_the_paths_themselves(comparison: Comparison) -> None:
    outcomes = comparison.simulation.outcomes
    found = comparison.against("MARA")
    assert found.loc["MARA"].abs().sum() == 0.0
    by_path = outcomes["WULF"].alive(60).astype(float) - outcomes["MARA"].alive(60)
    assert found.loc["WULF", "change_60"] == pytest.approx(by_path.mean())
    assert found.loc["WULF", "error_60"] == pytest.approx(by_path.std() / np.sqrt(PATHS), rel=0.02)
    with pytest.raises(KeyError, match="nearest is MARA"):
        comparison.against("MAR")


def test_common_paths_make_the_error_smaller_than_two_runs_would() -> None:
    base = np.arange(1000) % 2 == 0
    worse = base & (np.arange(1000) % 10 != 0)
    found = share_difference(worse, base)
    apart = np.sqrt(worse.mean() * (1 - worse.mean()) / 1000 + 0.25 / 1000)
    assert found.value == pytest.approx(-0.1)
    assert found.error < apart / 2
    # by hand: no path gained, 100 lost, half a path added to each cell
    more, fewer, total = 0.5, 100.5, 1002
    assert found.error == pytest.approx(np.sqrt(more + fewer - (more - fewer) ** 2 / total) / total)


def test_a_difference_of_nothing_has_an_error_too() -> None:
    alive = np.ones(1000, dtype=bool)
    assert share_difference(alive, alive).value == 0.0
    assert share_difference(alive, alive).error == pytest.approx(1 / 1002)
    assert np.isnan(mean_difference(np.zeros(0), np.zeros(0)).value)
    assert np.isnan(mean_difference(np.ones(1), np.zeros(1)).error)


def test_markdown_says_none_for_what_is_not_a_number() -> None:
    table = pd.DataFrame({"x": [np.nan, 1234.5]}, index=pd.Index(["A", "B"], name="company"))
    assert markdown(table).splitlines()[2:] == ["| A | - |", "| B | 1,234 |"]


def test_one_broken_file_leaves_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "hive.toml"
    text = (shipped("companies") / "hive.toml").read_text(encoding="utf-8")
    broken.write_text(text.replace("cash = 23.1", "cash = -23.1"), encoding="utf-8")
    found = cf.compare(["WULF", broken, "NOSUCH"], paths=16)
    assert list(found.table.index) == ["WULF"]
    assert set(found.failures) == {str(broken), "NOSUCH"}
    assert found.failures[str(broken)].problems[0].key == "treasury.cash"
    with pytest.raises(cf.InputError, match=r"treasury\.cash"):
        cf.compare(broken, paths=16)


def test_the_debt_wall_is_what_the_contracts_say() -> None:
    wulf, mara = cf.load_company("WULF"), cf.load_company("MARA")
    simulation = cf.simulate(["MARA"], paths=16)
    wall = debt_wall(mara, simulation.market_case).loc["corporate"]
    # puts of June and December 2027 (291.6 and 632.5), both below their conversion prices on the central path
    assert wall.loc["2027-06"] == pytest.approx(291.6)
    assert wall.loc["2027-12"] == pytest.approx(632.5)
    assert wall.loc["2026-07"] == 0.0
    projects = debt_wall(wulf, simulation.market_case).loc["projects"]
    assert 3200.0 - projects.loc[:"2030-09"].sum() > projects.loc["2030-10"] - 1300.0 > 0.0


def test_the_debt_wall_stands_at_the_prices_of_the_scenario() -> None:
    cleanspark, market = cf.load_company("CLSK"), cf.load_market()
    high = cf.load_scenario("base")
    shock = Shock(target="btc_price", how="multiply", value=10.0, why="test")
    high = replace(high, tables=high.tables.model_copy(update={"shock": [shock]}))
    walls = [debt_wall(cleanspark, prepare_market(market, scenario)) for scenario in (cf.load_scenario("base"), high)]
    before, after = (float(wall.loc["corporate"].sum()) for wall in walls)
    assert after < before  # notes far in the money convert and are not repaid


def test_distance_to_default_by_hand() -> None:
    p = cf.project("MARA")
    month = p.market_case.known - 1
    debt, soon = p["total_debt_balance"][month], p["total_debt_due_within_year"][month]
    assets = p["market_cap"][month] + debt
    equity = p.company.tables.equity
    factors, price = p.market_case.market.tables.factors, p.market_case.market.tables.price
    ai_beta = p.case.data.openings[""]["ai_beta"]
    btc, ai = equity.btc_beta * price.volatility, ai_beta * factors.ai_volatility
    variance = btc**2 + ai**2 + 2 * factors.ai_btc_correlation * btc * ai + equity.idio_volatility**2
    spread = assets * np.sqrt(variance) * (assets - debt) / assets
    assert distance_to_default(p, month) == pytest.approx((assets - soon - 0.5 * (debt - soon)) / spread)


def test_a_company_without_debt_or_projects_has_no_gap_and_no_wall() -> None:
    table = cf.compare("HIVE", paths=16).table
    assert table.loc["HIVE", "funding_gap"] == 0.0
    assert table.loc["HIVE", "wall"] < 5.0
