"""The watch list: flags by their rules, figures from the central path, survival from a simulation."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import corpfin as cf
from corpfin.studies.watch import WatchList, execution_flag, funding_flag, price_flag


@pytest.fixture(scope="module")
def result() -> WatchList:
    return cf.watch(["MARA", "CORZ", "IREN", "HIVE", "WULF"], paths=256)


@pytest.mark.parametrize(
    ("btc_price", "power", "cash", "flag"),
    [(60e3, 61e3, 90e3, "red"), (60e3, 45e3, 70e3, "amber"), (60e3, 45e3, 55e3, "green"), (60e3, 0.0, 0.0, "none")],
)
def test_price_against_cost(btc_price: float, power: float, cash: float, flag: str) -> None:
    assert price_flag(btc_price, power, cash) == flag


@pytest.mark.parametrize(
    ("liquidity", "shelf", "shelf_month", "flag"),
    [
        (100.0, 0.0, 0.0, "red"),  # 60 + 30 + 20 is more than there is
        (100.0, 9.0, 9.0, "red"),  # the shelf holds 9
        (100.0, 50.0, 0.5, "red"),  # it holds 50, of which the market takes 6 in a year
        (100.0, 50.0, 1.0, "amber"),  # 12 in a year: enough, but not from liquidity
        (120.0, 0.0, 0.0, "amber"),  # enough for a year; two years take 120 + 60 + 20
        (120.0, 90.0, 1.0, "amber"),  # with the 24 of two years still too little
        (120.0, 90.0, 4.0, "green"),
        (200.0, 0.0, 0.0, "green"),
    ],
)
def test_funding(liquidity: float, shelf: float, shelf_month: float, flag: str) -> None:
    """A burn of 5 a month, 30 due in 12 months and 60 in 24, 20 to complete."""
    assert funding_flag(liquidity, shelf, shelf_month, 5.0, 30.0, 60.0, 20.0, survival=1.0) == flag


@pytest.mark.parametrize(
    ("liquidity", "survival", "flag"),
    [
        (200.0, 0.9, "green"),
        (200.0, 0.899, "amber"),  # more than one path in ten fails within three years
        (200.0, 0.5, "amber"),
        (200.0, 0.499, "red"),  # likelier to fail than not
        (120.0, 0.95, "amber"),  # a year's money alone is amber whatever survives
        (100.0, 1.0, "red"),
    ],
)
def test_money_that_suffices_on_the_central_path_is_held_against_survival(
    liquidity: float, survival: float, flag: str
) -> None:
    assert funding_flag(liquidity, 0.0, 0.0, 5.0, 30.0, 60.0, 20.0, survival) == flag


def test_survival_is_the_simulations() -> None:
    """Bitdeer's money suffices for two years on the central path, and fewer than 90 % of its paths live for three."""
    found = cf.watch(["BTDR", "CANG", "CLSK"], paths=1024, seed=3)
    simulated = cf.simulate(["BTDR", "CANG", "CLSK"], paths=1024, seed=3).summary
    assert (found.paths, found.seed) == (1024, 3)
    for name in ("survival_12", "survival_12_error", "survival_36", "survival_36_error"):
        assert found.table[name].to_dict() == simulated[name].to_dict()
    survival, funding = found.table["survival_36"], found.table["funding_flag"]
    assert "green" not in set(funding[survival < 0.9])
    assert 0.5 < survival["BTDR"] < 0.9
    assert funding["BTDR"] == "amber"


@pytest.mark.parametrize(("months", "read"), [(24, 24), (12, 12), (6, 6), (48, 36)])
def test_a_short_run_is_read_to_its_end(months: int, read: int) -> None:
    found = cf.watch("CANG", paths=256, months=months).table
    alive = [name for name in found if name.startswith("survival_") and not name.endswith("_error")]
    assert alive[-1] == f"survival_{read}"
    assert alive == sorted({f"survival_{min(12, read)}", f"survival_{read}"}, key=lambda name: int(name[9:]))


@pytest.mark.parametrize(
    ("leased", "delivered", "overdue", "gap", "liquidity", "flag"),
    [
        (0.0, 0.0, 0.0, 0.0, 0.0, "none"),
        (100.0, 60.0, 0.0, 0.0, 10.0, "green"),
        (100.0, 40.0, 0.0, 0.0, 10.0, "amber"),
        (100.0, 60.0, 0.0, 5.0, 10.0, "amber"),
        (100.0, 60.0, 0.0, 11.0, 10.0, "red"),
        (100.0, 0.0, 6.0, 0.0, 10.0, "red"),
    ],
)
def test_execution(leased: float, delivered: float, overdue: float, gap: float, liquidity: float, flag: str) -> None:
    assert execution_flag(leased, delivered, overdue, gap, liquidity) == flag


def test_figures_are_those_of_the_projection(result: WatchList) -> None:
    p = cf.project("MARA")
    row = result.table.loc["MARA"]
    assert result.month == "2026-06"
    assert row["cash"] == p.monthly.loc["2026-06", "cash"]
    assert row["power_cost_per_btc"] == p.summary["power_cost_per_btc"]
    assert row["principal_due_12"] == pytest.approx(291.6 + 48.1)  # put of June 2027, maturity of December 2026
    assert row["principal_due_24"] == pytest.approx(291.6 + 632.5 + 48.1)
    assert row["leased_mw"] == 0.0
    assert row["execution_flag"] == "none"


def test_delivery(result: WatchList) -> None:
    wulf = result.table.loc["WULF"]
    assert wulf["delivered_mw"] / wulf["leased_mw"] == pytest.approx(60 / 606)
    assert wulf["to_go"] == 6.0  # CB-3 to CB-5 and Abernathy: guided for December 2026
    assert result.table.loc["MARA", "to_go"] == 0.0
    factors = cf.load_market().tables.factors
    mean_share = factors.slip_median * 2.718281828459045 ** (factors.slip_sigma**2 / 2)
    assert wulf["slip_expected"] == pytest.approx((1 - factors.slip_on_time) * mean_share * 9.0)


def test_a_delivery_that_is_late_in_part_is_overdue() -> None:
    """CORZ has delivered 243 of 590 MW; were all guided for May 2026, it would be a month late at the end of June."""
    corz = cf.load_company("CORZ")
    late = corz.changed({("hpc", "coreweave-590mw", "full_delivery"): date(2026, 5, 31)})
    assert cf.watch(corz, paths=1).table.loc["CORZ", "overdue"] == 0.0
    assert cf.watch(late, paths=1).table.loc["CORZ", "overdue"] == 1.0
    assert cf.watch("MARA", paths=1).table.loc["MARA", "overdue"] == 0.0, "it builds nothing"
    done = late.changed({("hpc", "coreweave-590mw", "leased_mw"): 395.0})
    row = cf.watch(done, paths=1).table.loc["CORZ"]
    assert (row["overdue"], row["to_go"]) == (0.0, 0.0), "the file has it deliver 395 MW by the end of June"


def test_what_is_delivered_is_read_at_the_month_shown(result: WatchList) -> None:
    """CORZ bills 225 MW at the end of March and 395 at the end of June, the month of the list; 0.5 of 590 is 295."""
    assert result.table.loc["CORZ", "delivered_mw"] == 395.0
    half = cf.load_company("CORZ").changed({("hpc", "coreweave-590mw", "capex_spent"): 1e4})
    assert cf.watch(half, paths=1).table.loc["CORZ", ["equity_to_complete", "execution_flag"]].tolist() == [
        0.0,
        "green",
    ]


def test_the_slip_and_the_window_are_the_scenarios() -> None:
    base, late = (cf.watch("CIFR", name, paths=1).table.loc["CIFR"] for name in ("base", "hpc-late-12+funding-shut"))
    assert late["slip_expected"] == pytest.approx(base["slip_expected"] + 12.0)
    assert (base["window_open"], late["window_open"]) == (True, False)
    assert base["jpm_production_cost"] == pytest.approx(cf.project("CIFR")["jpm_production_cost"][2])


def test_progress_counts_blocks() -> None:
    calls: list[tuple[int, int]] = []
    cf.watch(["HIVE", "CANG"], paths=1500, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]


def test_what_pays_for_the_building(result: WatchList) -> None:
    p = cf.project("CORZ")
    corz = result.table.loc["CORZ"]
    assert corz["left_to_build"] == pytest.approx((p["hpc", "capex_left"] - p["hpc", "capex_paid"])[:, 2].sum())
    assert corz["ring_money"] == pytest.approx(p["hpc", "ring_cash"][:, 2].sum()), "its notes closed in May 2026"


def test_written(result: WatchList, tmp_path: Path) -> None:
    result.to_csv(tmp_path / "watch.csv")
    assert list(pd.read_csv(tmp_path / "watch.csv")["company"]) == list(result.table.index)
    assert result.to_markdown().count("\n") == 1 + len(result.table)
