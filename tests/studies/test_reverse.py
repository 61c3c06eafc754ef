"""Reverse stress: the level does what it says, none comes with its reason, and failed paths are the drawn ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import InputError
from corpfin.runs.outcome import standard_error
from corpfin.studies.reverse import Search, shocked

PATHS, SEED = 2048, 5


@pytest.fixture(scope="module")
def price() -> cf.ReverseStress:
    return cf.reverse_stress("CANG", "btc_price", survival=0.5, at=24, paths=PATHS, seed=SEED)


# The level


def test_running_at_the_level_gives_the_share_asked_for(price: cf.ReverseStress) -> None:
    assert price.level is not None
    scenario = shocked(cf.load_scenario("base"), "btc_price", "multiply", price.level)
    share = float(cf.simulate("CANG", scenario, paths=PATHS, seed=SEED, months=24).outcomes["CANG"].alive(24).mean())
    assert abs(share - 0.5) <= standard_error(0.5, PATHS)
    assert share == price.table.loc["level", "survival"]


def test_on_other_paths_the_level_holds_within_both_errors(price: cf.ReverseStress) -> None:
    assert price.level is not None
    scenario = shocked(cf.load_scenario("base"), "btc_price", "multiply", price.level)
    share = float(cf.simulate("CANG", scenario, paths=PATHS, seed=99, months=24).outcomes["CANG"].alive(24).mean())
    assert abs(share - 0.5) <= 3 * np.hypot(standard_error(0.5, PATHS), standard_error(share, PATHS))


def test_the_bracket_is_one_error_above_and_below(price: cf.ReverseStress) -> None:
    table, error = price.table, standard_error(0.5, PATHS)
    assert table.loc["one error above", "survival"] == pytest.approx(0.5 + error, abs=0.2 * error)
    assert table.loc["one error below", "survival"] == pytest.approx(0.5 - error, abs=0.2 * error)
    assert price.bracket is not None
    assert min(price.bracket) < price.level < max(price.bracket)  # type: ignore[operator]


def test_survival_rises_with_the_price_and_value_is_the_first_price(price: cf.ReverseStress) -> None:
    assert price.curve["survival"].is_monotonic_increasing
    last = cf.load_market().tables.known_month[-1].price_end
    assert price.table.loc["level", "value"] == pytest.approx(last * price.level)  # type: ignore[operator]
    assert price.table.loc["base", "value"] == last


def test_the_level_of_what_is_added() -> None:
    found = cf.reverse_stress("CIFR", "slip", survival=0.8, at=60, paths=1024)
    assert found.how == "add"
    assert found.level is not None
    assert found.table.loc["level", "survival"] == pytest.approx(0.8, abs=float(standard_error(0.8, 1024)))


def test_a_level_is_added_to_what_is_expected_of_the_one_project() -> None:
    found = cf.reverse_stress("CORZ", "slip", at=6, paths=8)
    (expected,) = found.values
    assert expected > 0
    assert found.table.loc["base", "value"] == expected
    ends = found.table.loc["high end"]
    assert ends["level"] > 0
    assert ends["value"] == expected + ends["level"]


def test_a_field_of_the_file_keeps_its_limits() -> None:
    found = cf.reverse_stress("CLSK", "fleet.uptime", survival=0.5, at=24, paths=256)
    assert found.curve.index.max() * max(found.values) <= 1.0 + 1e-12


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("btc_price", 58_523.93 / 2),
        ("power_index", 1.5),
        ("hpc.reletting_months", 18.0),
        ("price.volatility", 0.52),
        ("treasury.cash", 775.0),
    ],
)
def test_values_are_those_of_the_scenario(target: str, value: float) -> None:
    """Half the price, power at the index half as dear again, six months longer empty."""
    names = "btc-half+power-50+tenant-default"
    found = cf.reverse_stress("CIFR", target, at=6, paths=8, scenario=names)
    cash = cf.load_company("CIFR").tables.treasury.cash
    assert found.table.loc["base", "value"] == pytest.approx(cash if target == "treasury.cash" else value)


def test_values_of_projects_stand_on_what_is_expected_of_each() -> None:
    """A year on top of the slip expected of each building, 40 % on top of the one overrun expected of all."""

    def found(target: str, scenario: str) -> cf.ReverseStress:
        return cf.reverse_stress("CIFR", target, at=6, paths=8, scenario=scenario)

    slips, overruns = found("slip", "base"), found("overrun", "base")
    late, dear = found("slip", "hpc-late-12"), found("overrun", "capex-40")
    assert len(set(slips.values)) > 1
    assert min(slips.values) > 0
    assert late.values == pytest.approx([value + 12.0 for value in slips.values])
    assert np.isnan(late.table.loc["base", "value"])  # no one figure says it
    factors = cf.load_market().tables.factors
    expected = factors.overrun_median * np.exp(factors.overrun_sigma**2 / 2)
    assert overruns.table.loc["base", "value"] == pytest.approx(expected)
    assert dear.table.loc["base", "value"] == pytest.approx(1.4 * expected)


def test_the_range_keeps_limits_on_both_sides() -> None:
    """The meter's ratio is never below 1, and no company's price of power above 500."""
    ratio = cf.reverse_stress("CORZ", "hpc.gross_ratio", at=6, paths=8)
    assert ratio.curve.index.min() * min(ratio.values) >= 1.0 - 1e-12
    power = cf.reverse_stress("CORZ", "fleet.power_price", how="multiply", at=6, paths=8, scenario="base")
    assert power.curve.index.max() * max(power.values) <= 500.0


# None in range


def test_never_falls() -> None:
    found = cf.reverse_stress("WULF", "power_index", survival=0.5, at=12, paths=256)
    assert (found.level, found.simulation, found.failed()) == (None, None, None)
    assert found.reason.startswith("survival stays at 100.0% whatever power_index is")
    assert list(found.table.index) == ["base", "low end", "high end"]


def test_below_already() -> None:
    found = cf.reverse_stress("CANG", "fleet.pool_fee", survival=0.9, at=24, paths=256)
    assert found.level is None
    assert found.reason.startswith("survival is below 90% already")


def test_a_company_below_already_is_told_what_would_lift_it() -> None:
    found = cf.reverse_stress("CANG", "btc_price", survival=0.9, at=24, paths=256)
    assert found.level is not None
    assert found.level > 1
    assert "below 90% already" in found.reason


def test_a_field_of_zero_cannot_be_multiplied() -> None:
    found = cf.reverse_stress("CLSK", "price.drift", survival=0.5, at=12, paths=256)
    assert found.level is None
    assert "try how='add'" in found.reason
    moved = cf.reverse_stress("CLSK", "price.drift", 0.5, 60, how="add", low=-1.0, high=1.0, paths=1024)
    assert moved.level is not None
    assert moved.level < 0


# What cannot be asked


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("btc_prise", "nearest is btc_price"),
        ("credit_open", "open or closed"),
        ("warrant.strike", r"no \[\[warrant\]\]"),
    ],
)
def test_targets_that_cannot_be_used(target: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        cf.reverse_stress("CLSK", target, paths=8)


@pytest.mark.parametrize(
    "options",
    [
        {"survival": 1.0},
        {"survival": 0.0},
        {"at": 0},
        {"low": 2.0},
        {"high": 0.5},
        {"how": "set"},
        {"how": "add"},
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|1 or more|does not hold|multiplied or added|are all given"):
        cf.reverse_stress("CLSK", "btc_price", paths=8, **options)


# The search on curves that are known


class Curve(Search):
    """A search on a given curve in place of the model."""

    def __init__(self, curve: Any, share: float = 0.5, paths: int = 10_000) -> None:
        company, scenario = SimpleNamespace(ticker="TOY"), cf.load_scenario("base")
        super().__init__(company, scenario, "toy", "multiply", 0.0, 5.0, (1.0,), "1", share, 60)  # type: ignore[arg-type]
        self.options, self.curve = {"paths": paths, "seed": 1}, curve

    def simulate(self, level: float) -> Any:
        share = round(10_000 * self.curve(level)) / 10_000
        return SimpleNamespace(outcomes={"TOY": SimpleNamespace(survival=lambda month: share)})


def test_a_smooth_curve_is_solved() -> None:
    found = Curve(lambda level: level / (1 + level), share=0.4).result()
    assert found.level == pytest.approx(2 / 3, rel=0.005)
    assert found.reason == ""


def test_a_jump_is_found_and_named() -> None:
    found = Curve(lambda level: 0.9 if level > 0.7 else 0.2).result()
    assert found.level == pytest.approx(0.7, rel=1e-3)
    assert "jumps past 50%" in found.reason
    assert found.bracket == pytest.approx((0.7, 0.7), rel=1e-3)


def test_of_two_crossings_the_nearer_is_taken_and_the_other_named() -> None:
    found = Curve(lambda level: max(0.0, 1 - abs(level - 1.5))).result()
    assert found.level == pytest.approx(1.0, rel=0.02)
    assert "2 times" in found.reason


def test_each_level_is_run_once() -> None:
    runs: list[float] = []

    def curve(level: float) -> float:
        runs.append(level)
        return min(1.0, level / 2)

    found = Curve(curve, share=0.31).result()
    assert len(set(runs)) == len(found.curve)
    assert len(runs) <= len(set(runs)) + 1  # the level itself again, for its paths


# The paths that fail


def test_features_are_those_of_the_very_paths() -> None:
    simulation = cf.simulate("CANG", paths=24, seed=2, months=24)
    found = cf.failed_paths(simulation, "CANG")
    failed = ~simulation.outcomes["CANG"].alive(24)
    ends, lows, shut, power = [], [], [], []
    known = simulation.market_case.history
    for number in range(24):
        path = simulation.path("CANG", number)
        ends.append(path["btc_price_end"][-1])
        lows.append(path["btc_price_end"][known:].min())
        shut.append((path["credit_open"][known:] == 0).sum())
        power.append(path["power_index"][known:].mean())
    for name, values, log in (
        ("bitcoin price, month 24", ends, True),
        ("bitcoin price, lowest", lows, True),
        ("months with the credit window shut", shut, False),
        ("power index, mean", power, True),
    ):
        scale = np.log(values) if log else np.asarray(values, dtype=float)
        expected = [np.exp(part.mean()) if log else part.mean() for part in (scale[failed], scale[~failed])]
        assert found.table.loc[name, ["mean_failed", "mean_survived"]].tolist() == pytest.approx(expected), name
    assert (found.failed, found.survived) == (int(failed.sum()), int((~failed).sum()))


def test_a_price_stress_is_named_first_and_ranked_by_distance(price: cf.ReverseStress) -> None:
    found = price.failed()
    assert found is not None
    assert found.table.index[0].startswith("bitcoin price")
    assert found.table["difference"].iloc[0] < 0
    assert found.table["difference"].abs().is_monotonic_decreasing
    assert (found.table["difference_error"] > 0).all()


def test_projects_show_their_slip_overrun_and_tenant() -> None:
    simulation = cf.simulate("CORZ", "capex-40", paths=1024, seed=2)
    found = cf.failed_paths(simulation, "CORZ")
    overrun = found.table.loc["overrun of coreweave-590mw"]
    assert overrun["mean_failed"] > overrun["mean_survived"] > 1


def test_a_tenant_counts_by_its_clock_and_not_by_how_long_a_path_lives() -> None:
    simulation = cf.simulate("CORZ", "capex-40", paths=40, seed=2, known="none")
    found = cf.failed_paths(simulation, "CORZ")
    failed = ~simulation.outcomes["CORZ"].alive(60)
    clocks = [simulation.path("CORZ", number).values.draws["hpc"]["tenant_clock"][0] for number in range(40)]
    expected = [np.exp(np.log(np.array(clocks)[group]).mean()) for group in (failed, ~failed)]
    assert found.table.loc[
        "tenant clock of coreweave-590mw", ["mean_failed", "mean_survived"]
    ].tolist() == pytest.approx(expected)


def test_tenants_that_fail_show_in_the_paths_that_fail() -> None:
    simulation = cf.simulate("CIFR", "tenant-default", paths=4096, seed=2)
    clocks = cf.failed_paths(simulation, "CIFR").table.filter(like="tenant clock", axis="index")
    assert (clocks["difference"] < 2 * clocks["difference_error"]).all()
    assert (clocks["difference"] < -2 * clocks["difference_error"]).any()


def test_failed_paths_need_two_groups_and_a_month_of_the_horizon() -> None:
    simulation = cf.simulate("WULF", paths=64, months=6)
    with pytest.raises(ValueError, match="nothing to compare"):
        cf.failed_paths(simulation, "WULF")
    with pytest.raises(ValueError, match="outside the horizon"):
        cf.failed_paths(simulation, "WULF", at=7)
    with pytest.raises(KeyError):
        cf.failed_paths(simulation, "MARA")
