"""Scores of few cases, worked by hand."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from corpfin.studies.scores import (
    auc,
    aucs,
    bootstrap,
    brier,
    chance_of_auc,
    chance_of_number,
    failures_distribution,
    jeffreys,
    numbers_between,
    pit,
    rank_correlation,
    rank_correlations,
)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@pytest.mark.parametrize(
    ("forecast", "failed", "area"),
    [
        ((0.9, 0.8, 0.2, 0.1), (1, 1, 0, 0), 1.0),
        ((0.1, 0.2, 0.8, 0.9), (1, 1, 0, 0), 0.0),
        ((0.5, 0.5, 0.5), (1, 0, 0), 0.5),
        ((0.9, 0.5, 0.4, 0.5), (1, 0, 0, 1), 3.5 / 4),  # of four pairs three and a half
        ((np.inf, 2.0, 1.0), (1, 0, 0), 1.0),
    ],
)
def test_area(forecast: tuple[float, ...], failed: tuple[float, ...], area: float) -> None:
    assert auc(array(*forecast), array(*failed)) == pytest.approx(area)


def test_no_area_where_all_are_of_a_kind() -> None:
    for failed in (array(0, 0), array(1, 1), array()):
        forecast = np.linspace(0, 1, failed.size)
        assert np.isnan(auc(forecast, failed))
        assert np.isnan(chance_of_auc(forecast, failed, 1))
        assert np.isnan(bootstrap(aucs, forecast, failed, 1)).all()


def test_luck_orders_perfectly_once_in_all_the_ways_to_choose() -> None:
    forecast = np.arange(8.0)
    failed = (forecast >= 3).astype(float)
    assert chance_of_auc(forecast, failed, 1) == pytest.approx(1 / comb(8, 5))
    assert chance_of_auc(-forecast, failed, 1) == 1.0
    assert chance_of_auc(np.ones(8), failed, 1) == 1.0


def test_luck_is_drawn_where_the_ways_are_too_many() -> None:
    """Of 40 cases with 20 failures; half of all orders lie above the middle, by symmetry."""
    failed = np.tile([0.0, 1.0, 1.0, 0.0], 10)
    forecast = np.arange(40.0)
    assert auc(forecast, failed) == 0.5
    assert chance_of_auc(forecast, failed, 1) == pytest.approx(0.5, abs=0.02)
    assert chance_of_auc(failed, failed, 1) == pytest.approx(1 / 20_001)


def test_brier() -> None:
    assert brier(array(0.9, 0.2, 0.5), array(1, 0, 1)) == pytest.approx((0.01 + 0.04 + 0.25) / 3)
    assert np.isnan(brier(array(), array()))


def test_bootstrap_holds_the_score_and_is_the_same_again() -> None:
    random = np.random.default_rng(3)
    failed = (random.random(60) < 0.4).astype(float)
    forecast = failed + random.normal(size=60)
    low, high = bootstrap(aucs, forecast, failed, 7)
    assert low < auc(forecast, failed) < high
    assert (low, high) == bootstrap(aucs, forecast, failed, 7)
    # DeLong's error of an area is near that of Hanley and McNeil, which the width has to agree with
    area, hits = auc(forecast, failed), failed.sum()
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    others = 60 - hits
    variance = (area * (1 - area) + (hits - 1) * (q1 - area**2) + (others - 1) * (q2 - area**2)) / (hits * others)
    assert (high - low) / (2 * 1.96) == pytest.approx(np.sqrt(variance), rel=0.2)


def test_bootstrap_of_a_mean_is_the_normal_interval() -> None:
    values = np.random.default_rng(5).normal(size=400)
    low, high = bootstrap(lambda one, _: one.mean(axis=1), values, values, 1)
    assert (high - low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.1)


def test_a_score_too_seldom_defined_has_no_interval() -> None:
    """One of the two is all alike in every sample."""
    assert np.isnan(bootstrap(rank_correlations, array(1, 2, 3), array(2, 2, 2), 1)).all()


@pytest.mark.parametrize(
    ("hits", "count", "interval"),
    [
        (0, 10, (0.0, 0.2172)),  # Brown, Cai and DasGupta 2001 by tables of the beta distribution
        (10, 10, (0.7828, 1.0)),
        (5, 10, (0.2235, 0.7765)),
    ],
)
def test_jeffreys(hits: int, count: int, interval: tuple[float, float]) -> None:
    assert jeffreys(hits, count) == pytest.approx(interval, abs=5e-4)
    assert np.isnan(jeffreys(0, 0)).all()


def test_failures_of_independent_cases() -> None:
    assert failures_distribution(array(0.1, 0.6)) == pytest.approx([0.36, 0.58, 0.06])
    same = failures_distribution(np.full(5, 0.3))
    assert same == pytest.approx([comb(5, k) * 0.3**k * 0.7 ** (5 - k) for k in range(6)])
    assert failures_distribution(array()) == pytest.approx([1.0])


def test_numbers_between_leave_no_more_than_their_part_outside() -> None:
    distribution = failures_distribution(np.full(20, 0.3))
    low, high = map(int, numbers_between(distribution))
    assert distribution[:low].sum() <= 0.025 < distribution[: low + 1].sum()
    assert distribution[high + 1 :].sum() <= 0.025 < distribution[high:].sum()
    assert numbers_between(array(1.0)) == (0, 0)
    assert numbers_between(array(0.0, 1.0)) == (1, 1)


def test_chance_of_a_number() -> None:
    distribution = array(0.36, 0.58, 0.06)
    assert chance_of_number(distribution, 2) == pytest.approx(0.12)
    assert chance_of_number(distribution, 0) == pytest.approx(0.72)
    assert chance_of_number(distribution, 1) == 1.0


def test_rank_correlation() -> None:
    assert rank_correlation(array(1, 2, 3, 4), array(1, 8, 9, 100)) == pytest.approx(1.0)
    # ranks 1 2 3 4 against 2 1 4 3: 1 - 6 x 4 / (4 x 15)
    assert rank_correlation(array(1, 2, 3, 4), array(6, 5, 8, 7)) == pytest.approx(0.6)
    # with a tie: ranks 1, 2.5, 2.5, 4 against 1 2 3 4
    assert rank_correlation(array(1, 2, 2, 4), array(1, 2, 3, 4)) == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    assert np.isnan(rank_correlation(array(1, 2), array(1, 2)))
    assert np.isnan(rank_correlation(array(1, 1, 1), array(1, 2, 3)))


def test_pit() -> None:
    sample = array(0, 0, 1, 3)
    assert [pit(sample, value) for value in (-1, 0, 0.5, 1, 9)] == [0.0, 0.25, 0.5, 0.625, 1.0]
