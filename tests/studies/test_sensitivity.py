"""Sensitivity: ranges, differences on common paths, the order of the tornado, and Sobol indices that are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs.checks import check_company, check_market
from corpfin.inputs.errors import Report
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.months import shifted
from corpfin.runs.outcome import standard_error
from corpfin.studies.sensitivity import (
    Sensitivity,
    Study,
    effect,
    median_difference,
    median_error,
    one_at_a_time,
    outputs,
)
from corpfin.studies.sobol import sobol_indices
from corpfin.studies.variation import FIXED, UNKNOWN, Variation, variations

MONTHS, PATHS, SEED = 36, 256, 3
HISTORY = "2026-06"


@pytest.fixture(scope="module")
def result() -> Sensitivity:
    return cf.sensitivity("CLSK", paths=PATHS, seed=SEED, months=MONTHS)


# What varies


@pytest.mark.parametrize("ticker", ["CLSK", "CORZ", "MARA", "HUT"])
def test_both_ends_are_what_a_file_may_say(ticker: str) -> None:
    company = cf.load_company(ticker)
    found = variations(company, "company", HISTORY)
    assert found
    for variation in found:
        for end in (0.0, 1.0):
            report = Report(company.file)
            check_company(company.changed({variation.key: variation.at(end)}).rows, report)
            assert report.problems == [], variation.name


def test_both_ends_of_the_market_are_what_its_file_may_say() -> None:
    market = cf.load_market()
    for variation in variations(market, "market", HISTORY):
        for end in (0.0, 1.0):
            report = Report(market.file)
            check_market(market.changed({variation.key: variation.at(end)}).rows, report)
            assert report.problems == [], variation.name


def named(ticker: str) -> dict[str, Variation]:
    return {variation.name: variation for variation in variations(cf.load_company(ticker), "company", HISTORY)}


def test_a_range_is_taken_from_the_source_entry_else_ten_per_cent() -> None:
    found = named("CORZ")
    capex, cash = found["hpc.coreweave-590mw.capex_per_mw"], found["treasury.cash"]
    assert (capex.low, capex.high, capex.basis) == (capex.figure.low, capex.figure.high, "range")
    assert (cash.at(0), cash.at(1), cash.basis) == (pytest.approx(904.6332), pytest.approx(1105.6628), "10%")


def test_an_end_is_held_within_limits_and_order() -> None:
    found = named("HUT")
    uptime = next(variation for name, variation in found.items() if name.endswith(".uptime"))
    assert uptime.high <= 1.0
    for name, variation in found.items():
        if name.endswith(".delivered_mw"):
            leased = next(row.leased_mw for row in cf.load_company("HUT").tables.hpc if row.id == variation.figure.id)
            assert variation.high <= leased


def test_dates_move_by_months_and_known_history_stays() -> None:
    found = named("CORZ")
    delivery = found["hpc.coreweave-590mw.full_delivery"]
    assert (delivery.at(0), delivery.at(1)) == (date(2026, 12, 31), date(2027, 6, 30))
    assert delivery.at(0.5) == date(2027, 3, 31)
    assert "debt.term-364day-2027.repaid_date" not in found
    assert "hpc.coreweave-590mw.loan_issue_date" not in found


def test_what_is_not_known_to_be_true_is_flipped_and_what_is_reported_is_not() -> None:
    found = named("CORZ")
    refinanceable = found["debt.conv-2029-300pct.refinanceable"]
    assert (refinanceable.at(0), refinanceable.at(1)) == (True, False)
    assert all(v.figure.grade in UNKNOWN for v in found.values() if isinstance(v.figure.value, bool))


def test_zero_absent_words_and_unread_figures_are_left_out() -> None:
    names = named("CORZ")
    read = {name for name in names if name.startswith(("reported.", "company."))}
    assert read == {"reported.hpc_potential_mw"}, "of what is reported, the prospects alone are read"
    assert "hpc.coreweave-590mw.contract_value" not in names
    assert "hpc.coreweave-590mw.loan_amortisation" not in names
    assert "debt.conv-2031-0pct.coupon" not in names


def test_history_and_protocol_do_not_vary() -> None:
    market = cf.load_market()
    names = {variation.name for variation in variations(market, "market", HISTORY)}
    assert names.isdisjoint(f"{table}.{name}" for table, name in FIXED)
    assert all(market.value(table, name) is not None for table, name in FIXED), "a figure that is no more"
    assert {"price.volatility", "network.power_median"} <= names


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 5, 31), -3, date(2026, 2, 28)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2027, 1, 1), -1, date(2026, 12, 1)),
    ],
)
def test_shifted(day: date, months: int, expected: date) -> None:
    assert shifted(day, months) == expected


# Changed documents


def test_a_changed_figure_changes_its_input_and_nothing_else() -> None:
    company = cf.load_company("CORZ")
    case = prepare_market(cf.load_market(), cf.load_scenario("base"), 12)
    before = prepare_company(company, case)
    after = prepare_company(company.changed({("debt", "conv-2029-300pct", "coupon"): 0.05}), case)
    for scope, inputs in before.data.inputs.items():
        for name, figures in inputs.items():
            same = np.array_equal(figures, after.data.inputs[scope][name])
            assert same == ((scope, name) != ("debt", "coupon")), (scope, name)
    assert after.data.inputs["debt"]["coupon"][0] == pytest.approx(0.05)
    assert company.value("debt", "coupon", "conv-2029-300pct") == 0.03
    assert (before.randomness, before.projects) == (after.randomness, after.projects)


def test_changed_figures_reach_draws_and_projects() -> None:
    company, market = cf.load_company("CORZ"), cf.load_market()
    case = prepare_market(market.changed({("price", None, "volatility"): 0.3}), cf.load_scenario("base"), 12)
    assert case.randomness.process.volatility == 0.3
    later = company.changed({("hpc", "coreweave-590mw", "full_delivery"): date(2028, 3, 31)})
    assert prepare_company(later, case).projects[0].remaining_months == 24
    noisier = company.changed({("equity", None, "idio_volatility"): 0.9})
    assert prepare_company(noisier, case).randomness.idio_volatility == 0.9


# The tornado


@pytest.mark.slow
def test_base_is_the_simulation(result: Sensitivity) -> None:
    simulation = cf.simulate("CLSK", paths=PATHS, seed=SEED, months=MONTHS)
    assert result.base["survival_36"] == float(simulation.outcomes["CLSK"].alive(36).mean())
    median = np.median(
        simulation.outcomes["CLSK"].sample["cash"].astype(float)
    )  # the sample is kept in single precision
    assert result.base["cash"] == median


@pytest.mark.slow
def test_a_row_is_the_run_of_the_changed_company(result: Sensitivity) -> None:
    name = "equity.atm_participation"
    company = cf.load_company("CLSK").changed({("equity", None, "atm_participation"): result.table.loc[name, "high"]})
    simulation = cf.simulate(company, paths=PATHS, seed=SEED, months=MONTHS)
    difference = simulation.outcomes["CLSK"].alive(36).mean() - result.base["survival_36"]
    assert result.table.loc[name, "survival_36_high"] == pytest.approx(difference)


@pytest.mark.slow
def test_unknown_figures_come_first_each_group_by_its_swing(result: Sensitivity) -> None:
    unknown = result.table["grade"].isin(UNKNOWN).to_numpy()
    assert unknown.any()
    assert not unknown.all()
    assert not unknown[np.argmin(unknown) :].any()
    for group in (result.table[unknown], result.table[~unknown]):
        assert (np.diff(group["survival_36_swing"]) <= 0).all()


@pytest.mark.slow
def test_differences_carry_errors_and_money_helps(result: Sensitivity) -> None:
    table = result.table
    assert (table.filter(like="survival_36").filter(like="error") > 0).all(axis=None)
    cash = table.loc["treasury.cash"]
    assert cash["survival_36_high"] >= 0 >= cash["survival_36_low"]
    assert cash["cash_high"] >= 0
    assert table.loc["costs.cash_sga", "survival_36_high"] <= 0


@pytest.mark.slow
def test_ranked_by_another_output_and_unknown_outputs_are_errors(result: Sensitivity) -> None:
    group = result.ranked("dilution")
    swings = group.loc[group["grade"].isin(UNKNOWN), "dilution_swing"]
    assert (np.diff(swings) <= 0).all()
    with pytest.raises(KeyError, match="there are survival_36, dilution, cash"):
        result.ranked("profit")


def test_largest_takes_no_two_figures_that_must_stand_in_order() -> None:
    company = cf.load_company("CORZ")
    every = variations(company, "company", HISTORY)
    pair = [item for item in every if item.figure.field in ("leased_mw", "delivered_mw")]
    equal = [{"survival_60": (median_difference(np.ones(4), np.zeros(4)),) * 2} for _ in pair]
    found = Sensitivity(None, tuple(pair), {"survival_60": 1.0}, equal, {}).largest(2)  # type: ignore[arg-type]
    assert len(found) == 1


def test_progress_counts_to_the_end() -> None:
    calls: list[tuple[int, int]] = []
    company, market = cf.load_company("HIVE"), cf.load_market()
    study = Study(company, market, cf.load_scenario("base"), 8, SEED, 2, None, None)
    some = (*variations(company, "company", HISTORY)[:20], *variations(market, "market", HISTORY)[:2])
    found = one_at_a_time(study, some, lambda done, total: calls.append((done, total)))
    assert found.variations == some
    assert calls[-1] == (1 + 2 * len(some),) * 2
    assert len(calls) > 1
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


# Errors of differences


def test_error_of_a_difference_of_medians_is_its_scatter() -> None:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        base = rng.normal(size=1024)
        found.append(median_difference(base + rng.normal(0.3, 0.5, size=1024), base))
    scatter = np.std([item.value for item in found])
    assert np.mean([item.error for item in found]) == pytest.approx(scatter, rel=0.2)


def test_common_paths_make_the_error_small() -> None:
    base = np.random.default_rng(0).normal(size=1024)
    assert median_difference(base + 1.0, base) == pytest.approx((1.0, 0.0), abs=1e-12)


def test_dilution_is_that_of_paths_that_survive_both_ways() -> None:
    company = cf.load_company("CANG")
    study = Study(company, cf.load_market(), cf.load_scenario("base"), 256, SEED, 24, None, None)
    more = next(item for item in variations(company, "company", HISTORY) if item.name == "costs.cash_sga")
    base, dearer = study.run([{}, {more: 1.0}])
    both = base.survivors & dearer.survivors
    assert 0 < both.sum() < base.survivors.sum()
    by_path = dearer.sample["dilution"][both].astype(float) - base.sample["dilution"][both]
    found = effect("dilution", dearer, base)
    assert found == pytest.approx((by_path.mean(), by_path.std(ddof=1) / np.sqrt(both.sum())), rel=1e-12)
    assert effect("dilution", base, base) == (0.0, 0.0)


@pytest.mark.slow
def test_the_base_carries_errors(result: Sensitivity) -> None:
    assert tuple(result.base) == tuple(result.base_error) == outputs(MONTHS)
    assert result.base_error["survival_36"] == standard_error(result.base["survival_36"], PATHS)
    alive = cf.simulate("CLSK", paths=PATHS, seed=SEED, months=MONTHS).outcomes["CLSK"]
    assert result.base["dilution"] == pytest.approx(np.median(alive.sample["dilution"][alive.alive(MONTHS)]))


def test_error_of_a_median_is_its_scatter() -> None:
    rng = np.random.default_rng(0)
    samples = [rng.normal(size=1024) for _ in range(200)]
    errors = [median_error(sample) for sample in samples]
    assert np.mean(errors) == pytest.approx(np.std([np.median(sample) for sample in samples]), rel=0.2)


# Sobol indices


def ishigami(points: np.ndarray) -> pd.DataFrame:
    """Ishigami and Homma 1990 with a = 7, b = 0.1, and a constant."""
    x, y, z = points.T
    return pd.DataFrame({"ishigami": np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x), "constant": 1.0})


def test_indices_of_the_ishigami_function_are_the_analytic_ones() -> None:
    bounds = dict.fromkeys(("x", "y", "z"), (-np.pi, np.pi))
    table = sobol_indices(bounds, ishigami, 1024, seed=5).table.loc["ishigami"]
    assert table["S1"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert table["ST"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert (np.abs(table["S1"] - [0.3139, 0.4424, 0.0]) < 2 * table["S1_conf"]).all()


def test_an_output_that_does_not_vary_has_no_indices() -> None:
    table = sobol_indices({"x": (0.0, 1.0), "y": (0.0, 1.0), "z": (0.0, 1.0)}, ishigami, 8).table
    assert (table.loc["constant"] == 0).all(axis=None)


def test_an_output_that_varies_only_where_the_samples_are_mixed_has_no_indices() -> None:
    bounds = {"x": (0.0, 1.0), "y": (0.0, 1.0)}

    def mixed(points: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame({"mixed": np.arange(len(points)) % 4 == 1})

    assert (sobol_indices(bounds, mixed, 8).table == 0).all(axis=None)


def test_samples_must_be_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="power of two"):
        sobol_indices({"x": (0.0, 1.0)}, ishigami, 100)


@pytest.mark.slow
def test_indices_of_a_company_sum_sensibly_and_agree_over_two_seeds(result: Sensitivity) -> None:
    first, second = (result.sobol(3, output="cash", samples=16, seed=seed).table.loc["cash"] for seed in (1, 2))
    for table in (first, second):
        assert table["S1"].sum() <= 1 + table["S1_conf"].sum()
        assert (table["ST"] >= table["S1"] - table["S1_conf"] - table["ST_conf"]).all()
        assert table["ST"].sum() >= 1 - table["ST_conf"].sum()
    assert list(first.index) == list(second.index)
    assert (np.abs(first["ST"] - second["ST"]) <= first["ST_conf"] + second["ST_conf"]).all()
