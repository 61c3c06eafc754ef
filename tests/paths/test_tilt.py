"""Moved means: the same numbers where nothing moves, the shift where it does, and likelihoods that make up for it."""

import numpy as np
import pytest

from corpfin.paths import BLOCK, Tilt, company_draws, market_draws, normals
from corpfin.paths.company import CHANCES, OPERATING, STANCES

PLAIN = np.zeros(BLOCK, dtype=int)
HALF = np.arange(BLOCK) % 2


def both(market, company, projects, tilt=None):
    source = {} if tilt is None else {"source": tilt.normals}
    return market_draws(market, 7, 2, **source) | company_draws(company, "MARA", projects, 7, 2, **source)


def test_without_a_shift_every_bit_is_the_same(market, company, projects):
    tilt = Tilt({}, PLAIN, known=3)
    found = both(market, company, projects, tilt)
    for name, array in both(market, company, projects).items():
        assert array.tobytes() == found[name].tobytes(), name
    by_month = {"market/btc", "market/ai", "market/power", "market/fees", "market/hashrate", "company/MARA/idio"}
    by_month |= {f"company/MARA/{name.replace('_', '-')}" for name in (*STANCES, *OPERATING, *CHANCES)}
    once = {f"company/MARA/hpc/{id}/{what}" for id in ("alpha", "beta") for what in ("slip", "overrun", "gpu-overrun")}
    assert {name: len(rows) for name, rows in tilt.scores.items()} == dict.fromkeys(by_month, 5) | dict.fromkeys(
        once, 1
    )


def test_only_what_is_moved_changes(market, company, projects):
    shift = {"company/MARA/hpc/beta/overrun": np.array([[0.0, 2.0]]), "market/power": np.zeros((5, 2))}
    found, plain = both(market, company, projects, Tilt(shift, HALF, known=3)), both(market, company, projects)
    for name, array in plain.items():
        changed = (found[name] != array).any(axis=0)
        assert changed[HALF == 0].sum() == 0, name
        assert changed.any() == (name == "overrun"), name
    times = found["overrun"] / plain["overrun"]
    assert times[0] == pytest.approx(1.0)
    assert times[1, HALF == 1] == pytest.approx(np.exp(2.0 * company.overrun_sigma))


def test_a_year_moves_by_its_deviations_and_history_stays():
    """Of 20 months 3 are history, 12 a year, 5 the rest: a month moves by the shift over the root of their number."""
    tilt = Tilt({"s": np.array([[0.0, 1.5], [0.0, -2.0]])}, HALF, known=3)
    moved = tilt.normals(1, "s", 0, (20, BLOCK)) - normals(1, "s", 0, (20, BLOCK))
    expected = np.repeat([0.0, 1.5 / np.sqrt(12), -2.0 / np.sqrt(5)], [3, 12, 5])
    np.testing.assert_allclose(moved[:, 1], expected, atol=1e-15)
    assert not moved[:, 0].any()
    plain = normals(1, "s", 0, (20, BLOCK))
    np.testing.assert_allclose(tilt.scores["s"][0, 1], plain[3:15, 1].sum() / np.sqrt(12) + 1.5)
    np.testing.assert_allclose(tilt.scores["s"][1, 1], plain[15:, 1].sum() / np.sqrt(5) - 2.0)


def test_a_stream_that_is_history_has_no_score():
    tilt = Tilt({}, PLAIN, known=4)
    tilt.normals(1, "s", 0, (3, BLOCK))
    assert tilt.scores["s"].shape == (0, BLOCK)
