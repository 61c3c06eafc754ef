import math

import numpy as np
import pytest

from corpfin.paths import DrawShock, apply, central_company, central_market, company_draws, market_draws

MONTHS = [f"{2026 + (3 + t) // 12}-{(3 + t) % 12 + 1:02d}" for t in range(60)]


@pytest.fixture
def before(market):
    return market_draws(market, 7, 0)


@pytest.fixture
def draws(market):
    return market_draws(market, 7, 0)


def assert_only_changed(before, after, changed, rows):
    """Only these rows of these arrays differ."""
    for name, array in after.items():
        differs = (array != before[name]).any(axis=1)
        expected = [name in changed and t in rows for t in range(len(array))]
        np.testing.assert_array_equal(differs, expected, err_msg=name)


def test_months_of_the_tests_are_the_calendars():
    assert MONTHS[:2] == ["2026-04", "2026-05"]
    assert MONTHS[9] == "2027-01"


def test_price_multiply_shifts_end_and_mean_in_its_months(before, draws):
    apply([DrawShock("btc_price", "multiply", 0.5, 6, 17)], draws, MONTHS, 3)
    assert_only_changed(before, draws, {"btc_price_end", "btc_price"}, range(6, 18))
    for name in ("btc_price_end", "btc_price"):
        np.testing.assert_array_equal(draws[name][6:18], before[name][6:18] * 0.5)


def test_price_set_and_add_and_months_past_the_horizon(before, draws):
    shocks = [DrawShock("btc_price", "set", 50_000.0, 58, 80), DrawShock("btc_price", "add", -1_000.0, 59, 99)]
    apply(shocks, draws, MONTHS, 3)
    assert_only_changed(before, draws, {"btc_price_end", "btc_price"}, range(58, 60))
    assert np.all(draws["btc_price"][58] == 50_000.0)
    assert np.all(draws["btc_price_end"][59] == 49_000.0)


def test_ai_factor_level_is_multiplied_and_comes_back(before, draws):
    apply([DrawShock("ai_factor", "multiply", 0.4, 10, 21)], draws, MONTHS, 3)
    assert_only_changed(before, draws, {"ai_return"}, {10, 22})
    ratio = np.exp(draws["ai_return"].cumsum(axis=0) - before["ai_return"].cumsum(axis=0))
    np.testing.assert_allclose(ratio[:10], 1.0, rtol=1e-12)
    np.testing.assert_allclose(ratio[10:22], 0.4, rtol=1e-12)
    np.testing.assert_allclose(ratio[22:], 1.0, rtol=1e-12)


def test_ai_factor_for_good(before, draws):
    apply([DrawShock("ai_factor", "multiply", 0.4, 10, 59)], draws, MONTHS, 3)
    np.testing.assert_allclose(draws["ai_return"].sum(axis=0) - before["ai_return"].sum(axis=0), math.log(0.4))


def test_power_and_credit(before, draws):
    apply([DrawShock("power_index", "multiply", 1.5, 3, 8)], draws, MONTHS, 3)
    np.testing.assert_array_equal(draws["power_index"][3:9], before["power_index"][3:9] * 1.5)
    np.testing.assert_array_equal(draws["power_index"][9:], before["power_index"][9:])
    apply([DrawShock("credit_open", "set", 0.0, 3, 14)], draws, MONTHS, 3)
    assert np.all(draws["credit_open"][3:15] == 0.0)
    np.testing.assert_array_equal(draws["credit_open"][15:], before["credit_open"][15:])


def test_static_shocks_and_one_list_for_market_and_company(company, projects, before, draws):
    shocks = [
        DrawShock("slip", "add", 6.0, 0, 59),
        DrawShock("overrun", "multiply", 1.2, 0, 59),
        DrawShock("btc_price", "multiply", 0.5, 3, 59),
    ]
    plain, shocked = (company_draws(company, "MARA", projects, 7, 0) for _ in range(2))
    apply(shocks, shocked, MONTHS, 3)
    apply(shocks, draws, MONTHS, 3)
    np.testing.assert_array_equal(shocked["slip"], plain["slip"] + 6.0)
    np.testing.assert_array_equal(shocked["overrun"], plain["overrun"] * 1.2)
    np.testing.assert_array_equal(shocked["idio_return"], plain["idio_return"])
    assert_only_changed(before, draws, {"btc_price_end", "btc_price"}, range(3, 60))


def test_central_paths_are_shocked_like_any_path(market, company, projects):
    shocks = [DrawShock("btc_price", "multiply", 0.5, 5, 7), DrawShock("slip", "add", 6.0, 0, 0)]
    market_path, company_path = central_market(market), central_company(company, "MARA", projects)
    block = market_draws(market.certain(), 99, 3)
    for arrays in (market_path, company_path, block):
        apply(shocks, arrays, MONTHS, 3)
    late = 0.7 * 0.25 * math.exp(0.32)
    np.testing.assert_allclose(company_path["slip"], [6.0 + 10.0 * late, 6.0 + 24.0 * late], rtol=1e-12)
    for name, path in market_path.items():
        assert path.tobytes() == block[name][:, 700].tobytes()


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (DrawShock("btc_price", "multiply", 0.5, 1, 9), "2026-05, 2026-06 is history"),
        (DrawShock("credit_open", "set", 0.0, 0, 0), "2026-04 is history"),
        (DrawShock("ai_factor", "multiply", 0.5, 2, 9), "2026-06 is history"),
        (DrawShock("btc_price", "add", -1e9, 5, 5), "btc_price would be .* out of range"),
        (DrawShock("btc_price", "set", 0.0, 5, 5), "out of range"),
        (DrawShock("btc_price", "multiply", math.nan, 5, 5), "out of range"),
        (DrawShock("btc_price", "multiply", 0.5, 9, 8), "last month comes before its first"),
        (DrawShock("ai_factor", "add", 0.5, 5, 5), "can only be changed by multiply"),
        (DrawShock("ai_factor", "multiply", 0.0, 5, 5), "above zero"),
        (DrawShock("credit_open", "add", 1.0, 5, 5), "can only be changed by set"),
        (DrawShock("credit_open", "set", 2.0, 5, 5), "out of range"),
        (DrawShock("btc_prise", "set", 2.0, 5, 5), "nothing is drawn under this name; drawn are btc_price"),
    ],
)
def test_what_cannot_be_is_refused_by_name(draws, shock, message):
    with pytest.raises(ValueError, match=message) as error:
        apply([shock], draws, MONTHS, 3)
    assert str(error.value).startswith(f"shock {shock.target} ({shock.how}")


def test_negative_slip_is_refused(company, projects):
    with pytest.raises(ValueError, match="slip would be"):
        apply([DrawShock("slip", "add", -1.0, 0, 0)], company_draws(company, "MARA", projects, 7, 0), MONTHS, 3)
