"""The simulation: the same whatever the threads, the company kept, the number of paths; one path of it a projection."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import corpfin as cf
from corpfin.engine import Row
from corpfin.runs.graphs import company_kernel, market_kernel
from corpfin.runs.outcome import standard_error
from corpfin.runs.projection import split
from corpfin.runs.readings import BILLS, KEPT, MONTHLY, OUTCOMES, QUANTILES
from corpfin.runs.simulation import Simulation, run_cases
from tests.runs.cases import MAIN, SHIPPED, company_case, market_case

PATHS = 4096
SEED = 7


@pytest.fixture(scope="module")
def everybody() -> Simulation:
    """Every shipped company on the same paths."""
    return cf.simulate(SHIPPED, paths=PATHS, seed=SEED, threads=2)


def same(one: Simulation, other: Simulation, ticker: str, paths: int = PATHS) -> bool:
    """Whether two simulations kept the very same figures of a company on the first ``paths`` paths."""
    a, b = one.outcomes[ticker], other.outcomes[ticker]
    return all(np.array_equal(a.sample[name][:paths], b.sample[name][:paths]) for name in OUTCOMES) and all(
        np.array_equal(a.monthly(name)[:, :paths], b.monthly(name)[:, :paths]) for name in MONTHLY
    )


# Same paths whatever runs beside them


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(everybody: Simulation, threads: int) -> None:
    assert same(everybody, cf.simulate("WULF", paths=PATHS, seed=SEED, threads=threads), "WULF")


def test_other_companies_change_nothing(everybody: Simulation) -> None:
    for ticker in MAIN:
        assert same(everybody, cf.simulate([ticker], paths=PATHS, seed=SEED), ticker)


def test_more_paths_leave_the_first_ones_as_they_were(everybody: Simulation) -> None:
    more = cf.simulate(MAIN, paths=2 * PATHS, seed=SEED)
    fewer = cf.simulate(MAIN, paths=1500, seed=SEED)  # ends within a block
    for ticker in MAIN:
        assert same(everybody, more, ticker)
        assert same(everybody, fewer, ticker, paths=1500)
        assert len(fewer.outcomes[ticker].sample["cash"]) == 1500


def test_another_seed_is_another_simulation(everybody: Simulation) -> None:
    assert not same(everybody, cf.simulate("WULF", paths=PATHS, seed=SEED + 1), "WULF")


def test_paths_beyond_the_sample_are_counted() -> None:
    found = cf.simulate("WULF", paths=KEPT + 1000, seed=SEED, months=13).outcomes["WULF"]
    assert found.monthly("cash").shape == (13, KEPT)
    assert found.sample["cash"].shape == (KEPT,)
    assert np.array_equal(found.monthly("cash")[-1], found.sample["cash"])
    assert found.paths == found.tally.defaults.sum() == KEPT + 1000
    assert found.tally.moments["dilution"].number == found.paths - found.failing(13)


# The projection is the simulation without chance


def certain_simulation(ticker: str, paths: int = 1) -> Simulation:
    market, case = market_case(), company_case(ticker)
    return run_cases(
        replace(market, randomness=market.randomness.certain()),
        [replace(case, randomness=case.randomness.certain())],
        paths=paths,
        seed=SEED,
    )


@pytest.mark.parametrize("ticker", SHIPPED)
def test_without_chance_it_is_the_projection_to_the_last_bit(ticker: str) -> None:
    projection = cf.project(ticker)
    outcome = certain_simulation(ticker, paths=3).outcomes[ticker]
    for name in OUTCOMES:
        assert np.array_equal(outcome.sample[name], np.full(3, projection[name][-1], np.float32)), name
    for name in MONTHLY:
        expected = np.repeat(projection[name].astype(np.float32)[:, None], 3, axis=1)
        assert np.array_equal(outcome.monthly(name), expected), name


@pytest.mark.parametrize("ticker", SHIPPED)
def test_kernel_gives_the_projection_in_full_precision(ticker: str) -> None:
    projection = cf.project(ticker)
    market, case = projection.market_case, projection.case
    names = [line.name for line in company_kernel().graph.lines if not line.scope]

    def wide(draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: np.ascontiguousarray(np.repeat(array[..., None], 2, axis=-1)) for name, array in draws.items()}

    own = {**projection.values.draws[""], **projection.values.draws["hpc"]}
    prepared = market_kernel().prepare(market.data)
    outer = prepared.run({"": wide(projection.market.draws[""])}, record=company_kernel().needs["market"])
    found = company_kernel().prepare(case.data, prepared.openings).run(
        split(wide(own)), {"market": outer.record}, record=[Row("", name) for name in names]
    )  # fmt: skip
    different = [
        name for name, row in zip(names, found.record, strict=True) if not (row[:, 0] == projection[name]).all()
    ]
    assert different == []


def test_chance_makes_a_difference(everybody: Simulation) -> None:
    projection = cf.project("WULF")
    assert np.ptp(everybody.outcomes["WULF"].sample["dilution"]) > 0
    assert not np.array_equal(everybody.outcomes["WULF"].monthly("cash")[:, 0], projection["cash"].astype(np.float32))


# One path of it


@pytest.mark.parametrize("ticker", MAIN)
@pytest.mark.parametrize("number", [0, 615, 1023, 1024, 4095])
def test_any_path_is_a_projection(everybody: Simulation, ticker: str, number: int) -> None:
    path, outcome = everybody.path(ticker, number), everybody.outcomes[ticker]
    assert path.path == number
    assert path["default_month"][-1] == outcome.sample["default_month"][number]
    for name in OUTCOMES:
        assert path[name][-1] == pytest.approx(outcome.sample[name][number], rel=1e-6, abs=1e-6), name
    assert path["cash"] == pytest.approx(outcome.monthly("cash")[:, number], rel=1e-6, abs=1e-6)


def test_a_path_that_fails_shows_how(everybody: Simulation) -> None:
    """Whoever has most defaults: the path's own walk ends in the month and with the bill that were counted."""
    ticker = min(SHIPPED, key=lambda name: everybody.outcomes[name].alive(60).mean())
    outcome = everybody.outcomes[ticker]
    failed = np.flatnonzero(~outcome.alive(60))
    assert failed.size, "no company of the sample fails on any path; find one that does"
    for number in failed[:3]:
        path = everybody.path(ticker, int(number))
        month = int(outcome.sample["default_month"][number])
        assert path["default_month"][-1] == month
        assert path["first_unpaid_bill"][-1] == outcome.sample["first_unpaid_bill"][number]
        assert path["unpaid"][month - 1] > 0
        assert (path["unpaid"][: month - 1] <= 1e-9).all()


def test_paths_beyond_the_simulation_and_strangers_are_refused(everybody: Simulation) -> None:
    with pytest.raises(KeyError):
        everybody.path("TSLA", 1)
    with pytest.raises(ValueError, match="counted from 0"):
        everybody.path("WULF", -1)


# The tables


def test_survival_never_rises(everybody: Simulation) -> None:
    for ticker in SHIPPED:
        share = everybody.survival[ticker, "survival"].to_numpy()
        assert (np.diff(share) <= 0).all()
        assert ((share >= 0) & (share <= 1)).all()


def test_survival_is_the_count_of_paths_without_default(everybody: Simulation) -> None:
    for ticker in SHIPPED:
        defaulted = everybody.outcomes[ticker].monthly("failed")
        share = everybody.survival[ticker, "survival"].to_numpy()
        assert np.array_equal(share, 1 - defaulted.mean(axis=1, dtype=np.float64))


def test_first_unpaid_bills_add_up_to_what_does_not_survive(everybody: Simulation) -> None:
    for ticker in SHIPPED:
        bills = everybody.first_unpaid_bills.loc[ticker]
        assert set(bills["first_unpaid_bill"]) == set(BILLS.values()) - {"none"}
        gone = 1 - everybody.survival[ticker, "survival"].iloc[-1]
        assert bills["share"].sum() == pytest.approx(gone, abs=1e-12)


def test_summary_repeats_the_tables(everybody: Simulation) -> None:
    for ticker in SHIPPED:
        row = everybody.summary.loc[ticker]
        for horizon in (12, 24, 36, 60):
            label = everybody.market_case.labels[horizon - 1]
            assert row[f"survival_{horizon}"] == everybody.survival.loc[label, (ticker, "survival")]
            assert row[f"survival_{horizon}_error"] == everybody.survival.loc[label, (ticker, "error")]


def test_quantiles_are_in_order(everybody: Simulation) -> None:
    for ticker in MAIN:
        for line in MONTHLY:
            fan = everybody.fan(ticker, line)
            assert list(fan.columns) == [f"{int(q * 100)}" for q in QUANTILES]
            assert all((fan[low] <= fan[high]).all() for low, high in pairwise(fan.columns))


@pytest.mark.parametrize(
    ("share", "paths", "error"),
    [
        # (0.5 * 96 + 2) / 100 = 0.5, sqrt(0.5 * 0.5 / 100) = 0.05
        (0.5, 96, 0.05),
        # no failure among 96: (96 + 2) / 100 = 0.98, sqrt(0.98 * 0.02 / 100) = 0.014
        (1.0, 96, 0.014),
        (0.0, 96, 0.014),
    ],
)
def test_standard_error_by_hand(share: float, paths: int, error: float) -> None:
    assert standard_error(share, paths) == pytest.approx(error, rel=1e-12)


def test_four_times_the_paths_halve_the_error() -> None:
    assert standard_error(0.8, 10_000) / standard_error(0.8, 40_000) == pytest.approx(2, rel=1e-3)


def test_error_measures_the_scatter_of_seeds(everybody: Simulation) -> None:
    """Survival of many small simulations scatters as much as the stated error says."""
    ticker = min(SHIPPED, key=lambda name: abs(everybody.survival[name, "survival"].iloc[-1] - 0.5))
    assert 0.02 < everybody.survival[ticker, "survival"].iloc[-1] < 0.98, "no company's fate is open; loosen a scenario"
    runs = [cf.simulate(ticker, paths=1024, seed=seed).survival.iloc[-1] for seed in range(24)]
    scatter = np.std([run[ticker, "survival"] for run in runs], ddof=1)
    stated = np.mean([run[ticker, "error"] for run in runs])
    assert 0.55 < scatter / stated < 1.5  # chi-squared of 23 degrees: 99.9 % of all sets of seeds


# Identities


@pytest.mark.parametrize("ticker", SHIPPED)
def test_every_check_holds_on_every_path(everybody: Simulation, ticker: str) -> None:
    assert everybody.outcomes[ticker].tally.worst.size < 1e-6  # nan fails too


# Refusals


@pytest.mark.parametrize("wrong", [{"paths": 0}, {"paths": -5}, {"months": 0}, {"threads": 0}])
def test_nothing_to_run_is_refused(wrong: dict[str, int]) -> None:
    name, value = next(iter(wrong.items()))
    with pytest.raises(ValueError, match=f"{name} is {value}; it must be 1 or more"):
        cf.simulate("WULF", **wrong)  # type: ignore[arg-type]


def test_progress_counts_the_blocks() -> None:
    seen: list[tuple[int, int]] = []
    cf.simulate("WULF", paths=2500, threads=2, progress=lambda done, every: seen.append((done, every)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_kernel_and_interpreter_agree_over_two_halvings() -> None:
    result = cf.simulate("MARA", paths=8, seed=3, months=120)
    sample = result.outcomes["MARA"].sample
    for number in range(8):
        path = result.path("MARA", number)
        assert path.monthly["block_subsidy"].drop_duplicates().size == 5
        for line in ("dilution", "btc", "default_month"):
            assert np.float32(path[line][-1]) == sample[line][number], line
