from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corpfin.paths import BLOCK, locate, normals, uniforms
from corpfin.paths.streams import generator


def test_raw_numbers_of_a_stream_never_change():
    """Guards the key: Philox is fixed by numpy's promise, so a difference here is a changed hash or name scheme."""
    raw = generator(7, "market/btc", 4).bit_generator.random_raw(3)
    assert raw.tolist() == [11810266520284877537, 14235722963588459921, 3652469837718807928]


def test_numbers_of_path_4711_never_change():
    """Guards the layout: a difference here alone means that numpy changed how it makes normals (NEP 19 allows it)."""
    block, lane = locate(4711)
    assert normals(7, "market/btc", block, (2, BLOCK))[:, lane].tolist() == [-1.678214259481601, 0.9055757620757049]
    assert uniforms(7, "market/credit", block, (2, BLOCK))[:, lane].tolist() == [0.9060524103824136, 0.6935826132718746]


@pytest.mark.parametrize("draw", [normals, uniforms])
def test_longer_horizon_only_appends(draw):
    np.testing.assert_array_equal(draw(7, "x", 0, (36, BLOCK)), draw(7, "x", 0, (60, BLOCK))[:36])


@pytest.mark.parametrize("draw", [normals, uniforms])
def test_reused_array_is_filled_and_returned(draw):
    out = np.full((5, BLOCK), np.nan)
    assert draw(7, "x", 3, (5, BLOCK), out) is out
    np.testing.assert_array_equal(out, draw(7, "x", 3, (5, BLOCK)))


def test_threads_draw_what_one_thread_draws():
    def draw(block):
        return normals(7, "x", block, (60, BLOCK))

    with ThreadPoolExecutor(4) as pool:
        threaded = list(pool.map(draw, range(16)))
    for block, array in enumerate(threaded):
        np.testing.assert_array_equal(array, draw(block))


def test_seed_name_and_block_each_make_another_stream():
    """Ends of the names that look like a seed or block must not confuse the key either."""
    keys = [
        (7, "a", 0),
        (8, "a", 0),
        (7, "b", 0),
        (7, "a", 1),
        (7, "a|0", 0),
        (7, "0|a", 0),
        (77, "a", 0),
        (-7, "a", 0),
    ]
    draws = np.array([normals(*key, (64, BLOCK)).ravel() for key in keys])
    correlation = np.corrcoef(draws)[~np.eye(len(keys), dtype=bool)]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(64 * BLOCK)


def test_seed_may_be_a_numpy_integer():
    np.testing.assert_array_equal(normals(np.int64(7), "x", np.int64(2), (BLOCK,)), normals(7, "x", 2, (BLOCK,)))


def test_wrong_shape_block_and_path_are_refused():
    with pytest.raises(ValueError, match="last axis must be the 1024 paths"):
        normals(7, "x", 0, (60, 100))
    with pytest.raises(ValueError, match="block -1"):
        uniforms(7, "x", -1, (60, BLOCK))
    with pytest.raises(ValueError, match="path -1"):
        locate(-1)
