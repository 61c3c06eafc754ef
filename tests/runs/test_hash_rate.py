"""How the network's hash rate moves: it settles at a constant price and does not swing on random ones."""

from dataclasses import replace

import numpy as np
import pytest

from corpfin.engine import Data, Row, interpret
from corpfin.paths import BLOCK, central_market, market_draws
from corpfin.runs.graphs import market_graph, market_kernel
from tests.runs.cases import market_case

HALVING = "2028-04"


def log_changes(hashrate: np.ndarray) -> np.ndarray:
    """Monthly log changes [M - 1, ...] of hash rate [M, ...]."""
    return np.diff(np.log(hashrate), axis=0)


def with_inputs(data: Data, **values: float) -> Data:
    """The market's data with inputs of the network that stay at these values."""
    changed = {name: np.full(data.months, value) for name, value in values.items()}
    return replace(data, inputs={**data.inputs, "": {**data.inputs[""], **changed}})


def on_paths(flat_price: float | None = None) -> np.ndarray:
    """Hash rate [M, 2048] on simulated paths from the first month that is not history, at a flat price if one is
    given."""
    case = market_case()
    found = []
    for block in range(2):
        draws = market_draws(case.randomness, 1, block)
        if flat_price is not None:
            draws["btc_price"][case.history :] = draws["btc_price_end"][case.history :] = flat_price
        kernel = market_kernel().prepare(case.data)
        found.append(kernel.run({"": draws}, paths=BLOCK, record=[Row("", "network_hashrate")]).record[0])
    return np.concatenate(found, axis=1)[case.history :]


@pytest.mark.parametrize("price", [15_000, 20_000, 30_000, 45_000, 60_000, 80_000, 100_000])
def test_hash_rate_settles_within_a_year_of_the_halving(price: float) -> None:
    """The reward falls by half once. Beyond what age and AI take from the machines month after month, every change is
    smaller than the one before and goes the same way, and a year later nothing is left of it. Machines get no better
    here, or each generation would move hash rate once more."""
    case = market_case()
    draws = central_market(case.randomness)
    draws["btc_price"][case.history :] = draws["btc_price_end"][case.history :] = price
    data = with_inputs(case.data, efficiency_progress=0.0)
    hashrate = interpret(market_graph(), data, {"": draws})["network_hashrate"]
    changes = log_changes(hashrate)[case.labels.index(HALVING) + 1 :]
    excess = changes - changes[12:].mean()
    moving = excess[: np.flatnonzero(np.abs(excess) < 0.002)[0] + 1]
    assert len(moving) <= 12
    assert (moving < 0).all()
    assert (np.abs(moving[1:]) < np.abs(moving[:-1])).all()
    assert np.abs(excess[12:]).max() < 0.001


@pytest.mark.parametrize("times", [1.3, 2.0, 3.0])
def test_a_risen_price_brings_machines_and_no_swing(times: float) -> None:
    """Machines that stand by start, then those ordered arrive while their price catches up: growth rises once, fades
    month after month and never turns round. Without a halving and with machines that get no better."""
    case, risen = market_case(), 18
    draws = central_market(case.randomness)
    price = np.where(np.arange(case.data.months) < risen, 80_000.0, 80_000.0 * times)
    draws["btc_price"][case.history :] = draws["btc_price_end"][case.history :] = price[case.history :]
    data = with_inputs(case.data, efficiency_progress=0.0)
    no_halving = {"subsidy_before_halving": np.full(data.months, 3.125), "share_before_halving": np.ones(data.months)}
    data = replace(data, series={**data.series, **no_halving})
    changes = log_changes(interpret(market_graph(), data, {"": draws})["network_hashrate"])[risen - 1 :]
    highest = int(changes.argmax())
    assert highest <= 3
    assert (np.diff(changes[: highest + 1]) > 0).all()
    assert (np.diff(changes[highest:]) < 5e-4).all()
    assert (changes > 0).all()


def test_hash_rate_does_not_swing_on_random_paths() -> None:
    changes = log_changes(on_paths())
    before, after = changes[:-1].ravel(), changes[1:].ravel()
    assert np.corrcoef(before, after)[0, 1] > -0.2


def test_hash_rate_is_as_restless_as_the_chain_s_at_a_calm_price() -> None:
    """The residual spread of regressions on the chain is 4 to 6 % a month."""
    assert 0.04 < log_changes(on_paths(60_000.0)).std() < 0.06
