"""Rare failures of the invented companies, held against plain runs; the weights by hand."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

import corpfin as cf
from corpfin.paths import BLOCK
from corpfin.studies.rare import Counted
from corpfin.studies.shift import Found, Shift, weights
from tests.fixtures.world import frozen


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="module")
def ring() -> cf.Rare:
    return cf.rare("RING", paths=4_096)


def test_few_paths_find_what_many_plain_ones_do(ring: cf.Rare) -> None:
    """RING fails on 3 paths of 10,000: 4,096 have an error below an eighth, as would 60 times as many plain ones."""
    plain = cf.simulate("RING", paths=131_072, seed=11).outcomes["RING"]
    failing, row = 1.0 - plain.survival(60), ring.table.loc[60]
    assert ring.refused == ""
    assert row["probability_error"] < 0.125 * row["probability"]
    assert abs(row["probability"] - failing) < 3.0 * math.hypot(row["probability_error"], plain.survival_error(60))
    assert row["plain_paths"] > 60 * ring.paths


def test_common_failures_are_found_too() -> None:
    plain, found = cf.simulate("HALL", paths=16_384).outcomes["HALL"], cf.rare("HALL", paths=4_096)
    for month in (36, 60):
        row = found.table.loc[month]
        error = math.hypot(row["probability_error"], plain.survival_error(month))
        assert abs(row["probability"] - (1.0 - plain.survival(month))) < 3.0 * error


def test_weights_average_to_one(ring: cf.Rare) -> None:
    assert 0.0 < ring.weight_error < 0.05
    assert abs(ring.weight - 1.0) < 3.0 * ring.weight_error


def test_the_shift_says_what_kills(ring: cf.Rare) -> None:
    first = ring.shift.iloc[0]
    assert (first["way"], first["factor"], first["year"]) == (1, "overrun of north", 0)
    assert first["deviations"] > 2.0
    assert ring.shift["pilot_share"].max() == first["pilot_share"]
    assert (ring.shift["deviations"] != 0.0).all()


def test_threads_change_nothing(ring: cf.Rare) -> None:
    again = cf.rare("RING", paths=4_096, threads=1)
    assert again.table.equals(ring.table)
    assert again.shift.equals(ring.shift)


def test_too_few_paths_are_refused() -> None:
    found = cf.rare("RING", paths=64)
    assert "of equal weight would; 50 are needed" in found.refused
    assert found.table.loc[60, ["probability", "probability_error", "plain_paths"]].isna().all()


def test_what_cannot_fail_is_refused() -> None:
    """Every month of the run is history, so that no path differs from another."""
    found = cf.rare("RING", paths=16, months=1)
    assert found.refused == "no path fails by month 1"
    assert found.weight == 1.0
    assert found.table.loc[1, "failures"] == 0


def test_a_path_that_carries_too_much_is_refused() -> None:
    """200 failures of weight 1 and one of 30: 30 / 230 is 13 %, and 230^2 / 1,100 = 48 of equal weight."""
    weight = np.ones(10_000)
    weight[0] = 30.0
    month = np.where(np.arange(10_000) <= 200, 7.0, 0.0)
    assert Counted(month, weight, 12).effective == pytest.approx(230.0**2 / 1_100.0)
    assert "tell no more than 48" in Counted(month, weight, 12).refused
    weight[0] = 25.0
    assert Counted(month, weight, 12).refused == "a single path carries 11 % of the estimate for month 12"
    weight[0] = 1.0
    assert Counted(month, weight, 12).probability == pytest.approx(201 / 10_000)
    assert Counted(month, weight, 12).plain_paths == pytest.approx(10_000)
    assert Counted(month, weight, 6).refused == "no path fails by month 6"


def test_a_weight_by_hand() -> None:
    """A fifth plain, the rest moved by 2: at a score of 1.5 the densities differ by exp(2 x 1.5 - 2)."""
    shift = Shift((("s", 1),), np.array([[2.0]]), np.array([1.0]))
    component = shift.of(np.arange(10))
    assert component.tolist() == [0, 1, 1, 1, 1, 0, 1, 1, 1, 1]
    scores = np.full((1, 10), 1.5)
    found = weights([(Found(shift.scores, np.zeros(10), np.zeros(10), component, scores), shift)])
    assert found == pytest.approx(1.0 / (0.2 + 0.8 * math.exp(1.0)))


def test_ways_to_fail_take_turns_between_plain_paths() -> None:
    shift = Shift((("s", 1),), np.zeros((1, 3)), np.full(3, 1 / 3))
    assert shift.of(np.arange(11)).tolist() == [0, 1, 2, 3, 1, 0, 2, 3, 1, 2, 0]
    assert not Shift().of(np.arange(BLOCK)).any()
