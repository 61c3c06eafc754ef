import math
from dataclasses import replace

import numpy as np
import pytest

from corpfin.inputs.draws import drawn_by
from corpfin.paths import BLOCK, Bootstrap, Lognormal, Merton, TwoRegime, central_market, locate, market_draws, normals

HISTORY = tuple(np.random.default_rng(1).normal(0.02, 0.2, 97).tolist())
PROCESSES = [
    Lognormal(volatility=0.6, drift=0.1),
    Merton(volatility=0.45, drift=0.1, intensity=1.5, jump_mean=-0.12, jump_volatility=0.15),
    TwoRegime(drift=0.1, calm=0.35, turbulent=0.9, worsens=0.1, calms=0.25),
    Bootstrap(drift=0.1, history=HISTORY, mean_block=4.0),
]
each_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: type(process).__name__)


def sample(parameters, name, blocks=32):
    """Array [M, blocks * 1024] of one name over many blocks."""
    return np.concatenate([market_draws(parameters, 11, block)[name] for block in range(blocks)], axis=1)


def log_returns(parameters, blocks=32):
    """Monthly log returns of bitcoin after the known months."""
    return np.diff(np.log(sample(parameters, "btc_price_end", blocks)[parameters.known - 1 :]), axis=0)


def assert_mean(values, expected):
    """Mean within four standard errors; one value a path, so the values are independent."""
    assert abs(np.mean(values) - expected) < 4.0 * np.std(values) / math.sqrt(np.size(values))


def assert_same_bits(one, other):
    assert one.keys() == other.keys()
    for name in one:
        assert one[name].tobytes() == other[name].tobytes(), name


@each_process
def test_every_array_is_named_contiguous_and_finite(market, process):
    draws = market_draws(replace(market, process=process), 7, 2)
    assert tuple(draws) == tuple(draw.name for draw in drawn_by("market"))
    for array in draws.values():
        assert array.shape == (60, BLOCK)
        assert array.dtype == np.float64
        assert array.flags.c_contiguous
        assert np.isfinite(array).all()


def test_market_of_path_4711_never_changes(market):
    """Guards the stream names: a path that someone has written down stays that path."""
    block, lane = locate(4711)
    draws = market_draws(market, 7, block)
    expected = {
        "btc_price_end": 46456.35481846724,
        "btc_price": 51912.593124544044,
        "ai_return": -0.05327583124707525,
        "power_index": 1.0042594362785904,
        "fee_shock": 0.37111179785508897,
        "hashrate_shock": -1.52363246935387,
    }
    for name, value in expected.items():
        assert draws[name][4, lane] == pytest.approx(value, rel=1e-12), name
    assert np.flatnonzero(draws["credit_open"][:, lane] == 0.0).tolist() == [*range(23, 29), *range(47, 56)]
    for process, value in zip(
        PROCESSES, (44277.92689110, 56821.51904663, 57319.15289718, 134026.23848182), strict=True
    ):
        end = market_draws(replace(market, process=process), 7, block)["btc_price_end"]
        assert end[9, lane] == pytest.approx(value, rel=1e-11), type(process).__name__


@each_process
def test_same_seed_and_block_give_the_same_bits_in_used_arrays(market, process):
    market = replace(market, process=process)
    used = market_draws(market, 8, 5)
    assert market_draws(market, 7, 2, used) is used
    assert_same_bits(used, market_draws(market, 7, 2))


@each_process
def test_more_months_change_no_earlier_month(market, process):
    market = replace(market, process=process)
    short = market_draws(replace(market, months=36), 7, 0)
    longer = market_draws(market, 7, 0)
    assert_same_bits(short, {name: array[:36] for name, array in longer.items()})


def test_a_month_that_becomes_known_changes_no_later_shock(market):
    one_less = replace(market, known_mean=market.known_mean[:-1], known_end=market.known_end[:-1])
    before, after = market_draws(one_less, 7, 0), market_draws(market, 7, 0)
    np.testing.assert_array_equal(after["ai_return"][3:], before["ai_return"][3:])
    np.testing.assert_array_equal(after["fee_shock"][3:], before["fee_shock"][3:])


@each_process
def test_known_months_are_the_files(market, process):
    draws = market_draws(replace(market, process=process), 7, 1)
    for lane in (0, 500, BLOCK - 1):
        assert tuple(draws["btc_price_end"][:3, lane]) == market.known_end
        assert tuple(draws["btc_price"][:3, lane]) == market.known_mean
    for name, value in {
        "ai_return": 0.0,
        "power_index": 1.0,
        "credit_open": 1.0,
        "fee_shock": 0.0,
        "hashrate_shock": 0.0,
        "btc_dip": 0.0,
    }.items():
        assert np.all(draws[name][:3] == value), name
        assert np.ptp(draws[name][3:]) > 0.0, name


def test_what_is_known_besides_prices_is_the_files_and_chance_goes_on_from_it(market):
    known = replace(market, known_ai=(0.28, 0.17, 0.09), known_power=(1.1, 1.3, 1.6), known_open=(1.0, 1.0, 0.0))
    before, after = market_draws(market, 7, 1), market_draws(known, 7, 1)
    for lane in (0, 500, BLOCK - 1):
        assert tuple(after["ai_return"][:3, lane]) == known.known_ai
        assert tuple(after["power_index"][:3, lane]) == known.known_power
        assert tuple(after["credit_open"][:3, lane]) == known.known_open
    np.testing.assert_array_equal(after["ai_return"][3:], before["ai_return"][3:])
    gap = np.log(after["power_index"][3:6] / before["power_index"][3:6])
    np.testing.assert_allclose(
        gap, np.log(1.6) * 0.8 ** np.array([[1.0], [2.0], [3.0]]) * np.ones((1, BLOCK)), rtol=1e-9
    )
    assert after["credit_open"][3].mean() == pytest.approx(0.2, abs=0.05)  # shut in June: a fifth opens in July
    central = central_market(known)
    assert tuple(central["ai_return"][:4]) == (0.28, 0.17, 0.09, 0.0)


def test_horizon_within_history_has_nothing_random(market):
    draws = market_draws(replace(market, months=2), 7, 0)
    np.testing.assert_array_equal(draws["btc_price_end"][:, 9], market.known_end[:2])
    np.testing.assert_array_equal(draws["credit_open"], 1.0)


def test_without_history_the_start_price_leads(market):
    market = replace(market, known_mean=(), known_end=())
    end, mean = (market_draws(market, 7, 0)[name] for name in ("btc_price_end", "btc_price"))
    np.testing.assert_allclose(mean[0], (market.start + end[0]) / 2.0, rtol=1e-15)
    np.testing.assert_allclose(mean[1:], (end[:-1] + end[1:]) / 2.0, rtol=1e-15)
    z = math.sqrt(12.0) / 0.6 * (np.log(end[0] / market.start) - (0.1 - 0.18) / 12.0)
    assert_mean(z, 0.0)
    assert np.std(z) == pytest.approx(1.0, abs=0.1)


def test_lognormal_months_by_hand(market):
    """Path 0 rebuilt from its normals, one month after the other, with the formula as it is printed."""
    market = replace(market, months=6)
    z = normals(7, "market/btc", 0, (6, BLOCK))[:, 0]
    price, expected = 73_000.0, []
    for t in range(3, 6):
        price *= math.exp((0.1 - 0.6**2 / 2.0) / 12.0 + 0.6 * math.sqrt(1.0 / 12.0) * z[t])
        expected.append(price)
    np.testing.assert_allclose(market_draws(market, 7, 0)["btc_price_end"][3:, 0], expected, rtol=1e-13)


@each_process
def test_expected_price_grows_at_the_drift(market, process):
    end = sample(replace(market, process=process), "btc_price_end")
    for t in (3, 14, 26, 38):
        assert_mean(end[t], 73_000.0 * math.exp(0.1 * (t - 2) / 12.0))


def test_lognormal_volatility(market):
    assert np.std(log_returns(market)) * math.sqrt(12.0) == pytest.approx(0.6, rel=0.003)


def test_merton_variance_and_left_tail(market):
    process = PROCESSES[1]
    returns = log_returns(replace(market, process=process))
    variance = (0.45**2 + 1.5 * (0.12**2 + 0.15**2)) / 12.0
    assert np.var(returns) == pytest.approx(variance, rel=0.01)
    third = 1.5 / 12.0 * (-(0.12**3) - 3.0 * 0.12 * 0.15**2)  # third cumulant of a compound Poisson: rate x E[jump^3]
    assert np.mean((returns - returns.mean()) ** 3) == pytest.approx(third, rel=0.1)


def test_merton_without_jumps_is_lognormal(market):
    process = Merton(volatility=0.6, drift=0.1, intensity=0.0, jump_mean=-0.1, jump_volatility=0.1)
    assert_same_bits(market_draws(replace(market, process=process), 7, 0), market_draws(market, 7, 0))


def test_two_regime_variance_and_clustering(market):
    returns = log_returns(replace(market, process=PROCESSES[2]))
    share = 0.1 / 0.35
    assert np.var(returns) * 12.0 == pytest.approx((1.0 - share) * 0.35**2 + share * 0.9**2, rel=0.01)
    squares = returns**2
    assert np.corrcoef(squares[:-1].ravel(), squares[1:].ravel())[0, 1] > 0.05


def test_two_equal_regimes_are_lognormal(market):
    process = TwoRegime(drift=0.1, calm=0.6, turbulent=0.6, worsens=0.1, calms=0.2)
    np.testing.assert_allclose(
        market_draws(replace(market, process=process), 7, 0)["btc_price_end"],
        market_draws(market, 7, 0)["btc_price_end"],
        rtol=1e-12,
    )


def test_bootstrap_draws_history_in_runs(market):
    """Returns found again in history; a run goes on with probability 3/4 (mean block of 4 months).

    A month's shift is what its largest return differs by from the largest of history.
    """
    returns = log_returns(replace(market, process=PROCESSES[3]), blocks=8)
    returns += max(HISTORY) - returns.max(axis=1, keepdims=True)
    past = np.asarray(HISTORY)
    order = np.argsort(past)
    month = order[np.searchsorted(past[order], returns - 1e-9)]
    np.testing.assert_allclose(past[month], returns, atol=1e-12)
    goes_on = np.mean(month[1:] == (month[:-1] + 1) % len(past))
    assert goes_on == pytest.approx(0.75 + 0.25 / len(past), abs=0.003)
    counts = np.bincount(month.ravel(), minlength=len(past))
    np.testing.assert_allclose(counts / month.size, 1.0 / len(past), rtol=0.1)


def test_processes_refuse_what_they_cannot_draw():
    with pytest.raises(ValueError, match="two different finite"):
        Bootstrap(drift=0.0, history=(0.1, 0.1), mean_block=3.0)
    with pytest.raises(ValueError, match="two different finite"):
        Bootstrap(drift=0.0, history=(0.1, math.nan), mean_block=3.0)
    with pytest.raises(ValueError, match="must be 1 or more"):
        Bootstrap(drift=0.0, history=(0.1, 0.2), mean_block=0.5)
    with pytest.raises(ValueError, match="worsens and calms are both 0"):
        TwoRegime(drift=0.0, calm=0.3, turbulent=0.9, worsens=0.0, calms=0.0)


def test_parameters_refuse_an_empty_horizon_and_unpaired_prices(market):
    with pytest.raises(ValueError, match="months is 0"):
        replace(market, months=0)
    with pytest.raises(ValueError, match="3 known mean prices but 0 known end prices"):
        replace(market, known_end=())
    with pytest.raises(ValueError, match="AI returns: 1 known months but 3 known prices"):
        replace(market, known_ai=(0.1,))


def test_arrays_that_do_not_fit_are_refused(market):
    with pytest.raises(ValueError, match="btc_price"):
        market_draws(market, 7, 0, market_draws(replace(market, months=12), 7, 0))
    with pytest.raises(ValueError, match="ai_return"):
        market_draws(market, 7, 0, market_draws(market, 7, 0) | {"ai_return": np.empty((60, BLOCK), order="F")})
    partial = market_draws(market, 7, 0)
    del partial["hashrate_shock"]
    with pytest.raises(ValueError, match="hashrate_shock"):
        market_draws(market, 7, 0, partial)


@each_process
def test_ai_factor_correlates_with_bitcoin(market, process):
    market = replace(market, process=process)
    ai, btc = sample(market, "ai_return")[3:], log_returns(market)
    assert np.std(ai) * math.sqrt(12.0) == pytest.approx(0.4, rel=0.005)
    correlation = np.corrcoef(ai.ravel(), btc.ravel())[0, 1]
    # Jumps, and a volatility that varies, are noise that the normals do not share: less than the stated 0.5.
    attenuation = {
        Merton: 0.45 / math.sqrt(0.45**2 + 1.5 * (0.12**2 + 0.15**2)),
        TwoRegime: (0.35 * 0.25 + 0.9 * 0.1) / 0.35 / math.sqrt((0.35**2 * 0.25 + 0.9**2 * 0.1) / 0.35),
    }
    assert correlation == pytest.approx(0.5 * attenuation.get(type(process), 1.0), abs=0.004)


def test_ai_factor_does_not_grow_on_average(market):
    assert_mean(np.exp(sample(market, "ai_return").sum(axis=0)), 1.0)


@pytest.mark.parametrize("correlation", [-1.0, 1.0])
def test_full_correlation_moves_the_ai_factor_with_bitcoin(market, correlation):
    market = replace(market, ai_btc_correlation=correlation, known_mean=(), known_end=())
    draws = market_draws(market, 7, 0)
    btc = np.diff(np.log(draws["btc_price_end"]), axis=0) - (0.1 - 0.18) / 12.0
    ai = draws["ai_return"][1:] + 0.08 / 12.0
    np.testing.assert_allclose(ai * 0.6, btc * 0.4 * correlation, atol=1e-12)


def test_power_index_is_an_ar1_around_the_contract_price(market):
    log_power = np.log(sample(market, "power_index"))
    np.testing.assert_allclose(np.std(log_power[3]), 0.12, rtol=0.02)
    assert_mean(log_power[59], 0.0)
    assert np.std(log_power[59]) == pytest.approx(0.12 / math.sqrt(1.0 - 0.8**2), rel=0.02)
    assert np.corrcoef(log_power[58], log_power[59])[0, 1] == pytest.approx(0.8, abs=0.01)


def test_credit_window_stationary_share_and_persistence(market):
    window = sample(replace(market, window_ai_beta=0.0), "credit_open")
    assert set(np.unique(window)) == {0.0, 1.0}
    assert_mean(window[59], 0.2 / 0.26)  # 57 months on, (1 - 0.26)^57 of the start is left
    was_open = window[3:-1] == 1.0
    assert np.mean(window[4:][was_open] == 0.0) == pytest.approx(0.06, abs=0.001)
    assert np.mean(window[4:][~was_open] == 1.0) == pytest.approx(0.2, abs=0.002)


def test_a_fall_of_the_ai_factor_multiplies_the_odds_of_closing(market):
    """Odds against the standardised factor, in narrow bins, are those of the stated logistic curve."""
    z = (sample(market, "ai_return", 64)[3] + 0.16 / 24.0) * math.sqrt(12.0) / 0.4
    closed = sample(market, "credit_open", 64)[3] == 0.0  # every window is open the month before
    for low, high in [(-2.2, -1.8), (-1.2, -0.8), (-0.2, 0.2), (0.8, 1.2)]:
        chosen = (z > low) & (z < high)
        odds = 0.06 / 0.94 * np.exp(-0.7 * z[chosen])
        probability = odds / (1.0 + odds)
        error = math.sqrt(np.mean(probability * (1.0 - probability)) / chosen.sum())
        assert abs(closed[chosen].mean() - probability.mean()) < 4.0 * error


def test_credit_window_at_its_limits(market):
    never = market_draws(replace(market, window_closes=0.0, window_ai_beta=1e6), 7, 0)["credit_open"]
    assert np.all(never == 1.0)
    at_once = market_draws(replace(market, window_closes=1.0, window_opens=0.0), 7, 0)["credit_open"]
    assert np.all(at_once[3:] == 0.0)
    alternates = market_draws(replace(market, window_closes=1.0, window_opens=1.0), 7, 0)["credit_open"]
    assert np.all(alternates[3::2] == 0.0)
    assert np.all(alternates[4::2] == 1.0)


def test_fee_and_hashrate_shocks_are_standard_and_unrelated(market):
    draws = {name: sample(market, name, 8)[3:].ravel() for name in ("fee_shock", "hashrate_shock", "ai_return")}
    assert_mean(draws["fee_shock"], 0.0)
    assert np.std(draws["hashrate_shock"]) == pytest.approx(1.0, abs=0.01)
    correlation = np.corrcoef(list(draws.values()))[~np.eye(3, dtype=bool)]
    assert np.abs(correlation).max() < 4.0 / math.sqrt(len(draws["fee_shock"]))


@each_process
def test_zero_volatility_is_the_central_path_to_the_last_bit(market, process):
    market = replace(market, process=process)
    still = replace(
        market,
        process=Lognormal(volatility=0.0, drift=process.drift),
        ai_volatility=0.0,
        power_volatility=0.0,
        window_closes=0.0,
        network_shocks=False,
    )
    central = central_market(market)
    draws = market_draws(still, 12345, 9)
    for lane in range(BLOCK):
        assert_same_bits(central, {name: array[:, lane].copy() for name, array in draws.items()})


def test_central_path_grows_at_the_drift(market):
    central = central_market(market)
    assert central["btc_price_end"][14] == pytest.approx(73_000.0 * math.exp(0.1), rel=1e-12)
    assert central["btc_price"][3] == pytest.approx(73_000.0 * (1.0 + math.exp(0.1 / 12.0)) / 2.0, rel=1e-12)
    assert np.all(central["power_index"] == 1.0)
    assert np.all(central["credit_open"] == 1.0)
    flat = central_market(replace(market, process=Lognormal(volatility=0.6, drift=0.0)))
    assert np.all(flat["btc_price_end"][3:] == 73_000.0)
