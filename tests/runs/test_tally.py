"""Results that merge: exact sums, any order, any split, nothing twice and nothing forgotten."""

import pickle
from fractions import Fraction
from functools import partial
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import corpfin as cf
from corpfin.runs.blocks import Job, World
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.scatter import run_job
from corpfin.runs.simulation import simulation_job
from corpfin.runs.tally import LONGEST, UNIT, Key, Moments, Summary, exact_sum, merge
from corpfin.studies.stress import GAP
from tests.runs.cases import company_case, market_case
from tests.runs.digests import digest

finite = partial(st.floats, allow_nan=False, allow_infinity=False)
some = arrays(np.float64, st.integers(0, 40), elements=finite(-1e150, 1e150))


def fraction(whole: int) -> Fraction:
    return Fraction(whole, 1 << UNIT)


@given(arrays(np.float64, st.integers(0, 40), elements=finite()))
def test_sums_are_exact(values: np.ndarray) -> None:
    assert fraction(exact_sum(values)) == sum(map(Fraction, values.tolist()), Fraction(0))


def test_sums_of_many_numbers_are_exact() -> None:
    """All bits of 2**53 - 1 set, in more numbers than one pass takes."""
    assert exact_sum(np.full(2 * LONGEST + 1, 2.0**53 - 1)) == (2 * LONGEST + 1) * (2**53 - 1) << UNIT


@given(
    arrays(
        np.float64,
        st.integers(0, 40),
        elements=st.floats(-(2.0**60), 2.0**60).filter(lambda x: not 0 < abs(x) < 1e-100),
    )
)
def test_squares_are_exact(values: np.ndarray) -> None:
    assert fraction(Moments.of(values).squares) == sum((Fraction(x) ** 2 for x in values.tolist()), Fraction(0))


@given(some, st.integers(0, 40), st.randoms())
def test_moments_do_not_know_order_or_split(values: np.ndarray, place: int, random: object) -> None:
    mixed = values.tolist()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    parts = Moments.of(np.array(mixed[:place])), Moments.of(np.array(mixed[place:]))
    assert parts[1].merged(parts[0]) == Moments.of(values)


def test_mean_and_deviation_by_hand() -> None:
    """1, 2, 3, 6: mean 3, squared distances 4, 1, 0, 9; over 4 and over 3."""
    found = Moments.of(np.array([1.0, 2.0, 3.0, 6.0]))
    assert found.mean == 3.0
    assert found.deviation() == pytest.approx(np.sqrt(14 / 4), rel=1e-15)
    assert found.error(freedom=1) == pytest.approx(np.sqrt(14 / 3) / 2, rel=1e-15)
    assert found.negative().mean == -3.0


def test_a_small_spread_around_a_large_mean_is_not_lost() -> None:
    values = 1e8 + np.array([-1.0, 1.0])
    assert Moments.of(values).deviation() == 1.0
    assert (values**2).mean() - values.mean() ** 2 != 1.0  # what is usual would have lost it


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1e200])
def test_what_is_not_a_number_makes_the_mean_none(wrong: float) -> None:
    found = Moments.of(np.array([1.0, wrong]))
    assert (found.number, found.undefined) == (2, 1)
    assert np.isnan([found.mean, found.deviation(), found.error()]).all()
    assert np.isnan([Moments().mean, Moments().error(), Moments.of(np.ones(1)).error(freedom=1)]).all()


@pytest.fixture(scope="module")
def job() -> Job:
    """Two companies under two scenarios, the last block in part."""
    cases = {name: prepare_market(cf.load_market(), cf.load_scenario(name), months=24) for name in ("base", "btc-half")}
    worlds = {
        name: World(case, tuple(prepare_company(cf.load_company(ticker), case) for ticker in ("WULF", "CANG")))
        for name, case in cases.items()
    }
    pairs = [(Key("btc-half", ticker), Key("base", ticker)) for ticker in ("WULF", "CANG")]
    return Job(worlds, 3 * 1024 + 100, 7, measured=GAP, pairs=pairs, differences=True)


@pytest.fixture(scope="module")
def parts(job: Job) -> list[Summary]:
    return [job.run([number]) for number in range(job.blocks)]


def test_parts_merge_in_any_order(job: Job, parts: list[Summary]) -> None:
    found = {digest(merge(*order)) for order in permutations(parts)}
    assert found == {digest(run_job(job, threads=2))}
    left, right = merge(parts[3], parts[0]), merge(parts[2], parts[1])
    assert digest(left.merged(right)) in found
    assert left.spans == ((0, 1), (3, 4))
    assert left.gaps(job.blocks) == [(1, 3)]
    assert left.merged(right).gaps(job.blocks) == []
    assert parts[0].gaps(6) == [(1, 6)]


def test_a_digest_sees_a_changed_bit(job: Job, parts: list[Summary]) -> None:
    other = Job(job.worlds, job.paths, 8, measured=job.measured, pairs=job.pairs, differences=True)
    assert digest(parts[0]) != digest(other.run([0]))
    assert digest(parts[0]) != digest(parts[1])


def test_no_block_counts_twice(parts: list[Summary]) -> None:
    with pytest.raises(ValueError, match="blocks 1 to 1 are there twice"):
        merge(parts[0], parts[1], parts[2], merge(parts[1], parts[3]))


def test_a_pair_can_be_turned_round(job: Job, parts: list[Summary]) -> None:
    found, (one, other) = merge(*parts), job.pairs[1]
    pair, turned = found.pair(one, other), found.pair(other, one)
    assert (turned.gained, turned.lost, turned.paths) == (pair.lost, pair.gained, job.paths)
    assert turned.moments["dilution"].mean == -pair.moments["dilution"].mean
    assert sum(pair.lost.values()) > 0
    with pytest.raises(KeyError):
        found.pair(one, one)


def test_a_job_arrives_whole_and_is_unpacked_once(job: Job, parts: list[Summary]) -> None:
    packed = pickle.dumps(job)
    assert len(packed) < 250_000
    there = pickle.loads(packed)
    assert digest(there.run([1])) == digest(parts[1])
    assert pickle.loads(packed) is there


def test_every_company_is_held_against_every_other() -> None:
    cases = [company_case(ticker) for ticker in ("WULF", "CANG", "MARA")]
    found = simulation_job(market_case(), cases, 16, 1)
    assert [(one.label, other.label) for one, other in found.pairs] == [
        ("WULF", "CANG"),
        ("WULF", "MARA"),
        ("CANG", "MARA"),
    ]
