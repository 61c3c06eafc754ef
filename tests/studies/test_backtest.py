"""The back-test on a made-up vintage: what it says is what the runs say, and what came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs.outcomes import Event
from corpfin.report.backtest import backtest_page
from corpfin.runs.blocks import PathSum
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.studies.backtest import ALL, MODEL
from corpfin.studies.burdens import DRIVERS
from corpfin.studies.judged import Compared, Covered, bands
from corpfin.studies.ratios import RATIOS, badly_known, commitments, scaled
from corpfin.studies.realised import Realised, shares_signed
from corpfin.studies.tested import columns
from tests.fixtures.vintage import OUTCOMES, vintage, with_text
from tests.fixtures.world import TICKERS, frozen

PATHS, MONTHS = 300, 15
AS_OF = date(2026, 3, 31)

PURCHASE = """
[[purchase]]
id = "machines"
purchase_date = 2026-07-15
purchase_price = 20.0

[[debt]]
id = "btc-loan"
"""
GRADED = """
"purchase" = { grade = "estimated", why = "invented" }
"purchase.machines.purchase_price" = { grade = "estimated", why = "invented", low = 10.0, high = 30.0 }
"debt" = {"""


def committed(folder: Path) -> Path:
    """The vintage in which TINY has machines to pay of which only the order of size is known."""
    home = vintage(folder)
    with_text(home, "tiny.toml", "purchase = []\n", "")
    with_text(home, "tiny.toml", '\n[[debt]]\nid = "btc-loan"\n', PURCHASE)
    with_text(home, "tiny.toml", '\n"debt" = {', GRADED)
    return home


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("vintages"))


@pytest.fixture(scope="module")
def result(home: Path) -> cf.Backtest:
    return cf.backtest(home, paths=PATHS, months=MONTHS, seed=3)


def test_the_table_is_that_of_the_runs_and_of_the_file(result: cf.Backtest, home: Path) -> None:
    assert list(result.table.columns) == [column.name for column in columns(MONTHS)]
    assert (result.readings, result.times, result.vintage) == (["none", "market"], [0.5, 1.0, 1.5], AS_OF)
    market = cf.load_market(home / "market.toml")
    for known in ("none", "market"):
        companies = [cf.load_company(home / f"{ticker.lower()}.toml") for ticker in TICKERS]
        simulation = cf.simulate(companies, paths=PATHS, months=MONTHS, seed=3, market=market, known=known)
        for ticker, outcome in simulation.outcomes.items():
            row = result.table.loc[ticker, known, 1.0]
            assert row["failure_12"] == pytest.approx(1 - outcome.survival(12))
            assert row["failure_15"] == pytest.approx(1 - outcome.survival(15))
            assert row["first_unpaid_bill"] == outcome.first_unpaid_bill()
    tiny = result.table.loc["TINY", "none", 1.0]
    assert (tiny["happened"], tiny["happened_on"], tiny["happened_month"]) == ("chapter 11", "2027-05-14", 14.0)
    assert (tiny["failed_12"], tiny["failed_15"]) == (0.0, 1.0)
    assert tiny["cause_drivers"] == "power, bitcoin"
    assert list(result.part("table", "none")["happened"]) == [
        "stood", "not known", "stood", "chapter 11",
    ]  # fmt: skip


def test_the_real_cause_is_held_against_the_drivers(result: cf.Backtest, home: Path) -> None:
    found = cf.drivers(home / "tiny.toml", paths=PATHS, months=MONTHS, seed=3, known="none")
    row, drivers = result.table.loc["TINY", "none", 1.0], found.table.loc["TINY"]
    assert row[list(DRIVERS)].tolist() == drivers[list(DRIVERS)].tolist()
    assert row["same_cause"] == pytest.approx((drivers["power"] + drivers["price"]) / 2)
    assert np.isnan(result.table.loc["DIGR", "none", 1.0]["same_cause"])


def test_more_to_pay_is_never_safer(result: cf.Backtest) -> None:
    chances = [result.table.loc["TINY", "none", times]["failure_15"] for times in result.times]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1]
    same = result.table.xs("DIGR", level="company")["failure_15"].groupby(level="known").nunique()
    assert (same == 1).all()


def test_only_what_is_known_is_judged(result: cf.Backtest) -> None:
    """HALL is known of at no month; by month 12 nobody has failed, by month 15 TINY has."""
    assert result.level.loc["none", 1.0, 12][["companies", "failures"]].tolist() == [3.0, 0.0]
    level = result.level.loc["none", 1.0, 15]
    assert level[["companies", "failures"]].tolist() == [3.0, 1.0]
    judged = result.part("table", "none").drop("HALL")
    assert level["expected"] == pytest.approx(judged["failure_15"].sum())
    assert level["expected_low"] <= level["expected"] <= level["expected_high"]
    assert level["brier"] == pytest.approx(((judged["failure_15"] - judged["failed_15"]) ** 2).mean())
    assert level["brier_flat"] == pytest.approx(1 / 3 * 2 / 3)
    order = result.part("order", "none")
    assert order.xs(12, level="month")["auc"].isna().all()
    others = judged.drop("TINY")["failure_15"]
    tiny = judged.loc["TINY", "failure_15"]
    assert order.loc[(15, MODEL), "auc"] == pytest.approx(((others < tiny) + (others == tiny) / 2).mean())
    assert order.loc[(15, MODEL), "auc_chance"] >= 1 / 3 - 1e-12
    assert set(order.index.get_level_values("forecast")) == {MODEL, *(ratio.name for ratio in RATIOS)}
    counted = result.calibration["companies"].groupby(level=["known", "commitments", "month"]).sum()
    assert (counted == 3).all()


def test_figures_are_those_of_the_paths(result: cf.Backtest, home: Path) -> None:
    market = cf.load_market(home / "market.toml")
    simulation = cf.simulate([home / "tiny.toml"], paths=PATHS, months=MONTHS, seed=3, market=market, known="none")
    paths = [simulation.path("TINY", number) for number in range(40)]
    sold = np.array([path["btc_sold"][:3].sum() for path in paths])
    cash = np.array([path["cash"][2] for path in paths])
    rows = result.part("figures", "none", company="TINY", date=date(2026, 6, 30))
    for figure, sample in (("btc_sold", sold), ("cash", cash)):
        drawn = rows.loc[figure]
        assert sample.min() <= drawn["q50"] <= sample.max()
        assert drawn["q10"] <= drawn["q25"] <= drawn["q50"] <= drawn["q75"] <= drawn["q90"]
    assert rows.loc["cash", "published"] == 2.0
    sure = result.part("figures", "none", company="DIGR", date=date(2026, 6, 30)).loc["debt_principal"]
    assert sure["q10"] == sure["q90"] == pytest.approx(2604.17, abs=0.01)
    assert not sure["spread"]
    assert sure["pit"] == 0.5


def test_coverage_counts_the_figures(result: cf.Backtest) -> None:
    figures = result.part("figures", "none")
    every = result.coverage.loc["none", 1.0, ALL]
    assert every["figures"] == every["judged"] == len(figures)
    assert every["no_spread"] == (~figures["spread"]).sum()
    assert every["coverage_80"] == pytest.approx(figures["within_80"].mean())
    assert every["off"] == pytest.approx(figures["gap"].abs().median())
    assert sum(every[f"pit_{low}_{low + 20}"] for low in range(0, 100, 20)) == len(figures)
    assert not result.part("figures", "market")["seen"].any()


def test_what_the_company_told_is_not_judged(home: Path) -> None:
    """A known market leaves open what the company did in it; its own known months do not."""
    found = cf.backtest(home, paths=16, months=MONTHS, known="all")
    told = found.part("figures", "all")
    assert list(told["seen"]) == [day <= date(2026, 6, 30) for day in told.index.get_level_values("date")]
    assert found.coverage.loc["all", 1.0, ALL]["judged"] == (~told["seen"]).sum()


def test_what_is_published_in_two_ways_counts_once(tmp_path: Path) -> None:
    carrying = 'debt_carrying = { value = 2900.0, unit = "USD m", grade = "reported", source = "invented" }'
    both = OUTCOMES.replace("debt_principal = {", f"{carrying}\ndebt_principal = {{")
    found = cf.backtest(vintage(tmp_path, both), paths=16, months=3, known="none").part("coverage", "none")
    assert "debt_carrying" not in found.index
    assert found.loc["debt_principal", "figures"] == 1
    assert found.loc[ALL, "figures"] == found.drop(ALL)["figures"].sum()
    alone = vintage(tmp_path / "alone", OUTCOMES.replace("debt_principal", "debt_carrying"))
    assert (
        cf.backtest(alone, paths=16, months=3, known="none").coverage.loc["none", 1.0, "debt_carrying"]["figures"] == 1
    )


def test_figures_are_without_what_is_not_consolidated_and_say_so(tmp_path: Path, result: cf.Backtest) -> None:
    home = vintage(tmp_path)
    with_text(home, "ring.toml", 'id = "venture"\n', 'id = "venture"\nconsolidated = false\n')
    found = cf.backtest(home, paths=PATHS, months=3, seed=3, known="none")
    own, whole = (
        each.part("figures", "none", company="RING", date=date(2026, 6, 30)).loc["capex"] for each in (found, result)
    )
    assert all(own[quantile] < whole[quantile] for quantile in ("q10", "q50", "q90"))
    assert (found.unconsolidated, result.unconsolidated) == ({"RING": ("venture",)}, {})
    said = "RING: the model's figures are without venture, which is not consolidated."
    assert said in backtest_page(found)
    assert said not in backtest_page(result)


def test_growth_of_shares_is_from_those_signed_for(result: cf.Backtest) -> None:
    june = result.dilution.loc["none", 1.0, date(2026, 6, 30)]
    before = {"TINY": 408.0, "DIGR": 400.0, "RING": shares_signed(cf.load_company("RING"), date(2026, 6, 30))}
    came = [450.0 / before["TINY"], 405.0 / before["DIGR"], 400.0 / before["RING"]]
    assert june["companies"] == 3
    assert june["growth_published"] == pytest.approx(np.median(came) - 1)
    later = result.dilution.loc["none", 1.0, date(2027, 3, 31)]
    assert later["companies"] == 1
    assert np.isnan(later["correlation"])
    tiny = result.growth.loc["none", 1.0, "TINY", date(2026, 6, 30)]
    assert tiny["growth_published"] == pytest.approx(450.0 / 408.0 - 1)
    assert tiny["growth_modelled_low"] <= tiny["growth_modelled"] <= tiny["growth_modelled_high"]
    shares = result.figures.loc["none", 1.0, "TINY", date(2026, 6, 30), "shares"]
    assert tiny["growth_modelled"] == pytest.approx(shares["q50"] / 408.0 - 1)
    growth = result.part("growth", "none", date=date(2026, 6, 30))
    assert june["growth_modelled"] == pytest.approx(growth["growth_modelled"].median())
    assert june["correlation"] == pytest.approx(
        growth["growth_modelled"].corr(growth["growth_published"], method="spearman")
    )


def test_one_reading_alone_is_that_of_both(result: cf.Backtest, home: Path) -> None:
    alone = cf.backtest(home, paths=PATHS, months=MONTHS, seed=3, known="market", threads=1)
    assert alone.readings == ["market"]
    both = result.table.xs("market", level="known", drop_level=False)
    assert alone.table.equals(both)


def test_a_shorter_run_leaves_out_what_lies_beyond(home: Path) -> None:
    short = cf.backtest(home, paths=16, months=3, known="none")
    assert short.beyond == 2
    assert {day for _, _, _, day, _ in short.figures.index} == {date(2026, 6, 30)}
    assert list(short.level.index.get_level_values("month").unique()) == [3]


def test_without_any_event_nothing_is_judged_but_figures(tmp_path: Path) -> None:
    found = cf.backtest(vintage(tmp_path, OUTCOMES.partition("[[event]]")[0]), paths=16, months=3, known="none")
    assert (found.level["companies"] == 0).all()
    assert found.order[["auc", "auc_low", "auc_chance"]].isna().all(axis=None)
    assert found.level[["expected", "brier", "failures_chance"]].isna().all(axis=None)
    assert len(found.figures)
    assert set(found.table["happened"]) == {"not known"}


def test_events_alone_are_enough(tmp_path: Path) -> None:
    events = OUTCOMES[OUTCOMES.index("[[event]]") :]
    found = cf.backtest(vintage(tmp_path, events), paths=16, months=15, known="none")
    assert found.figures.empty
    assert found.growth.empty
    assert found.dilution.empty
    assert found.level.loc[("none", 1.0, 15), "failures"] == 1


def test_a_single_company_that_failed(tmp_path: Path) -> None:
    home = vintage(tmp_path, "\n[[event]]" + OUTCOMES.split("[[event]]")[1])
    for ticker in TICKERS:
        if ticker != "TINY":
            (home / f"{ticker.lower()}.toml").unlink()
    found = cf.backtest(home, paths=16, months=15, known="none")
    assert found.level.loc[("none", 1.0, 15), ["companies", "failures"]].tolist() == [1.0, 1.0]
    assert found.order["auc"].isna().all()


def test_a_broken_company_is_left_out_with_its_reason(tmp_path: Path) -> None:
    home = vintage(tmp_path)
    with_text(home, "tiny.toml", "cash = 7.5", "cash = -7.5")
    found = cf.backtest(home, paths=16, months=3, known="none")
    assert list(found.failures) == ["TINY"]
    assert "TINY" not in found.table.index.get_level_values("company")
    assert "TINY" not in found.figures.index.get_level_values("company")


def test_what_is_missing_is_told_with_a_remedy(tmp_path: Path) -> None:
    home = vintage(tmp_path, None)
    with pytest.raises(cf.InputError) as caught:
        cf.backtest(home)
    assert str(caught.value).startswith("outcomes.toml: there is none beside the companies")
    (home / "market.toml").unlink()
    with pytest.raises(cf.InputError) as caught:
        cf.backtest(home)
    assert [problem.file for problem in caught.value.problems] == ["market.toml", "outcomes.toml"]
    with pytest.raises(cf.InputError, match=r"2026-03-30: there is no vintage of this .*nearest is 2026-03-31"):
        cf.backtest("2026-03-30", folder=tmp_path)


def test_paths_and_months_are_one_or_more(home: Path) -> None:
    for wrong in ("paths", "months"):
        with pytest.raises(ValueError, match=f"{wrong} is 0; it must be 1 or more"):
            cf.backtest(home, **{wrong: 0})  # type: ignore[arg-type]


def test_a_vintage_is_named_by_a_date_too(tmp_path: Path) -> None:
    vintage(tmp_path)
    named = cf.backtest(AS_OF, folder=tmp_path, paths=16, months=3, known="none")
    assert named.table.equals(cf.backtest("2026-03-31", folder=tmp_path, paths=16, months=3, known="none").table)


@pytest.mark.parametrize(
    ("failed_on", "stood_on", "by"),
    [
        (None, None, {1: np.nan}),
        (None, date(2026, 6, 30), {3: 0.0, 4: np.nan}),
        (None, date(2026, 6, 29), {2: 0.0, 3: np.nan}),
        (date(2026, 6, 1), None, {2: 0.0, 3: 1.0, 24: 1.0}),
    ],
)
def test_what_is_known_by_a_month(failed_on: date | None, stood_on: date | None, by: dict[int, float]) -> None:
    event = failed_on and Event(ticker="X", date=failed_on, kind="rescue", grade="derived", why="x")
    found = Realised("X", AS_OF, event or None, stood_on)
    assert [found.failed(month) for month in by] == pytest.approx(list(by.values()), nan_ok=True)


def test_a_sum_ends_where_it_is_told_to(home: Path) -> None:
    market_case = prepare_market(cf.load_market(home / "market.toml"), cf.load_scenario("base"), 4)
    case = prepare_company(cf.load_company(home / "tiny.toml"), market_case)
    rows = np.array([[[1.0], [2.0], [4.0], [8.0]]])
    never = np.zeros(1)
    for to, last, total in ((0, 0, 15.0), (3, 0, 7.0), (3, 1, 4.0), (0, 2, 12.0)):
        assert PathSum("cash", to=to, last=last).total(case, rows, never) == [total]


def test_ratios_of_a_file(home: Path) -> None:
    """TINY: debt 40, machines 20, 1,000 BTC at 68,000 and 7.5 in cash; 400 m shares at 0.4."""
    tiny = cf.load_company(home / "tiny.toml")
    file = cf.project(tiny, months=1, known="none", market=cf.load_market(home / "market.toml"))
    found = {ratio.name: ratio.read(file) for ratio in RATIOS}
    assert found["debt_and_commitments"] == pytest.approx(60.0 / 75.5)
    assert found["debt_to_market"] == pytest.approx(0.25)
    assert found["net_debt"] == pytest.approx(40.0 - 75.5)
    assert found["power_price"] == pytest.approx(63.0)


def test_only_what_is_badly_known_is_scaled(home: Path, tmp_path: Path) -> None:
    tiny = cf.load_company(home / "tiny.toml")
    assert [commitments(scaled(tiny, times)) for times in (0.5, 1.0, 1.5)] == [10.0, 20.0, 30.0]
    assert badly_known(tiny)
    assert not badly_known(cf.load_company("TINY"))
    narrow = committed(tmp_path)
    with_text(narrow, "tiny.toml", "low = 10.0, high = 30.0", "low = 15.0, high = 30.0")
    assert not badly_known(cf.load_company(narrow / "tiny.toml"))


def test_bands_hold_every_probability_once() -> None:
    probability = np.array([0.0, 0.05, 0.2, 0.499, 0.8, 1.0])
    found = bands(probability, np.array([0, 0, 1, 0, 1, 1.0]))
    assert [band.failed.size for band in found.values()] == [1, 1, 2, 0, 2]
    assert sum(band.failed.sum() for band in found.values()) == 3


def test_a_band_holds_its_ends_and_what_is_seen_is_not_judged() -> None:
    """Of 0 to 100 the 80 % band is 10 to 90, the 50 % band 25 to 75."""
    sample = np.arange(101.0)
    values = (5.0, 10.0, 30.0, 90.0)
    covered = Covered(tuple(Compared(value, "BTC", "reported", sample, value == 30.0) for value in values))
    assert (covered.share((0.1, 0.9)), covered.share((0.25, 0.75))) == (2 / 3, 0.0)
    assert [covered.fifth(number) for number in range(5)] == [2, 0, 0, 0, 1]
    assert [each.far for each in covered.figures] == [True, False, True, False]
    assert covered.off == pytest.approx(np.median([9.0, 4.0, 2 / 3, 4 / 9]))


def test_a_figure_without_a_band_is_held_when_it_is_right_to_a_thousandth() -> None:
    for published, held, place in ((3000.0, True, 0.5), (3002.9, True, 0.5), (3100.0, False, 1.0), (0.0, False, 0.0)):
        found = Compared(published, "USD m", "reported", np.full(9, 3000.0), seen=False)
        assert not found.spread
        assert (found.within((0.1, 0.9)), found.pit) == (held, place)
