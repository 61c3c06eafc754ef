import math
from dataclasses import replace

import numpy as np
import pytest

from corpfin.paths import (
    BLOCK,
    Bootstrap,
    Lognormal,
    Merton,
    Project,
    TwoRegime,
    central_company,
    company_draws,
    locate,
    market_draws,
)
from corpfin.paths.company import CHANCES, OPERATING, STANCES

WANDERING = (*STANCES, *OPERATING, *CHANCES)
"""What is drawn around a company's own policy and operations, by month."""


def sample(parameters, projects, name, blocks=32):
    """Array [rows, blocks * 1024] of one name over many blocks."""
    return np.concatenate(
        [company_draws(parameters, "MARA", projects, 11, block)[name] for block in range(blocks)], axis=1
    )


def test_shapes_and_reuse(company, projects):
    draws = company_draws(company, "MARA", projects, 7, 2)
    assert {name: array.shape for name, array in draws.items()} == {
        "idio_return": (60, BLOCK),
        **dict.fromkeys(WANDERING, (60, BLOCK)),
        "relief": (60, BLOCK),
        "slip": (2, BLOCK),
        "overrun": (2, BLOCK),
        "gpu_overrun": (2, BLOCK),
        "tenant_clock": (2, BLOCK),
        "exit_clock": (2, BLOCK),
    }
    used = company_draws(company, "RIOT", projects, 8, 0)
    assert company_draws(company, "MARA", projects, 7, 2, used) is used
    for name, array in draws.items():
        assert array.flags.c_contiguous
        np.testing.assert_array_equal(used[name], array)


def test_company_of_path_4711_never_changes(company, projects):
    """Guards the stream names: a path that someone has written down stays that path."""
    block, lane = locate(4711)
    draws = company_draws(company, "MARA", projects, 7, block)
    expected = {
        "idio_return": -0.21420617776575615,
        "slip": 10.022045225404641,
        "overrun": 1.2703908132605892,
        "tenant_clock": 0.4210471709839373,
        "exit_clock": 0.5421954105081442,
    }
    for name, value in expected.items():
        assert draws[name][-1, lane] == pytest.approx(value, rel=1e-12), name


def test_company_without_projects(company):
    draws = company_draws(company, "CLSK", [], 7, 0)
    assert draws["slip"].shape == (0, BLOCK)
    assert np.ptp(draws["idio_return"]) > 0.0


def test_another_project_changes_no_other_draw(company, projects):
    alone = company_draws(company, "MARA", projects[1:], 7, 0)
    among = company_draws(company, "MARA", [*projects, Project("gamma", 5.0)], 7, 0)
    np.testing.assert_array_equal(among["idio_return"], alone["idio_return"])
    for name in ("slip", "overrun", "gpu_overrun", "tenant_clock", "exit_clock"):
        np.testing.assert_array_equal(among[name][1], alone[name][0])


def test_more_months_change_no_earlier_month(company, projects):
    short = company_draws(replace(company, months=24), "MARA", projects, 7, 0)
    longer = company_draws(company, "MARA", projects, 7, 0)
    np.testing.assert_array_equal(longer["idio_return"][:24], short["idio_return"])
    np.testing.assert_array_equal(longer["slip"], short["slip"])


def test_companies_projects_and_purposes_are_independent(company, projects):
    rows = []
    for ticker in ("MARA", "RIOT"):
        calm = replace(company, slip_on_time=0.0)
        parts = [company_draws(calm, ticker, projects, 7, block) for block in range(16)]
        for name in ("slip", "overrun", "gpu_overrun", "tenant_clock", "exit_clock"):
            rows.extend(np.concatenate([np.log(part[name]) for part in parts], axis=1))
        rows.append(np.concatenate([part["idio_return"][3] for part in parts]))
    correlation = np.corrcoef(rows)[~np.eye(len(rows), dtype=bool)]
    assert np.abs(correlation).max() < 4.5 / math.sqrt(16 * BLOCK)


def test_idiosyncratic_return_reverts_and_keeps_the_expected_level(company, projects):
    idio = sample(company, projects, "idio_return")
    assert np.all(idio[:3] == 0.0)
    assert np.std(idio[3]) * math.sqrt(12.0) == pytest.approx(0.7, rel=0.01)
    for months in (15, 60):
        deviation = idio[:months].sum(axis=0)
        count = months - 3
        variance = 0.7**2 / 12.0 * (1.0 - 0.94 ** (2 * count)) / (1.0 - 0.94**2)  # AR(1) started at 0
        assert np.var(deviation) == pytest.approx(variance, rel=0.03)
        level = np.exp(deviation)
        assert abs(level.mean() - 1.0) < 4.0 * level.std() / math.sqrt(level.size)


def test_slip_is_on_time_or_a_lognormal_share_of_the_remaining_months(company, projects):
    slip = sample(company, projects, "slip")
    late = slip > 0.0
    on_time = 1.0 - late.mean(axis=1)
    np.testing.assert_allclose(on_time, 0.3, atol=4.0 * math.sqrt(0.3 * 0.7 / slip.shape[1]))
    for k, project in enumerate(projects):
        log_share = np.log(slip[k][late[k]] / project.remaining_months)
        assert np.median(log_share) == pytest.approx(math.log(0.25), abs=0.03)
        assert np.std(log_share) == pytest.approx(0.8, rel=0.02)


@pytest.mark.parametrize("remaining", [0.0, -7.0])
def test_a_delivered_project_cannot_be_late(company, remaining):
    slip = company_draws(company, "MARA", [Project("alpha", remaining)], 7, 0)["slip"]
    assert slip.tobytes() == np.zeros((1, BLOCK)).tobytes()


@pytest.mark.parametrize(("name", "median", "sigma"), [("overrun", 1.1, 0.2), ("gpu_overrun", 1.05, 0.06)])
def test_overrun_median_and_spread(company, projects, name, median, sigma):
    log_overrun = np.log(sample(company, projects, name))
    np.testing.assert_allclose(np.median(log_overrun, axis=1), math.log(median), atol=0.03 * sigma)
    np.testing.assert_allclose(np.std(log_overrun, axis=1), sigma, rtol=0.02)


def test_computers_and_buildings_have_overruns_of_their_own(company, projects):
    building, computers = (np.log(sample(company, projects, name)) for name in ("overrun", "gpu_overrun"))
    for own, other in zip(building, computers, strict=True):
        assert abs(np.corrcoef(own, other)[0, 1]) < 4 / math.sqrt(len(own))


@pytest.mark.parametrize("name", ["tenant_clock", "exit_clock"])
def test_clocks_fail_a_constant_hazard_at_its_rate(company, projects, name):
    """At 5 % a year, exp(-0.05 x 5) of the tenants are left after five years."""
    clock = sample(company, projects, name)
    assert clock.min() >= 0.0
    left = math.exp(-0.25)
    np.testing.assert_allclose(
        (clock > 0.25).mean(axis=1), left, atol=4.0 * math.sqrt(left * (1 - left) / clock.shape[1])
    )
    np.testing.assert_allclose(clock.mean(axis=1), 1.0, atol=4.0 / math.sqrt(clock.shape[1]))


@pytest.mark.parametrize("no_slip", [{"slip_on_time": 1.0}, {"slip_on_time": 0.3, "slip_median": 0.0}])
def test_zero_volatility_is_the_central_path_to_the_last_bit(company, projects, no_slip):
    spreads = {"idio_volatility": 0.0, "overrun_sigma": 0.0, "gpu_overrun_sigma": 0.0}
    still = replace(company, hazards=False, varied=False, **spreads, **no_slip)
    central = central_company(still, "MARA", projects)
    draws = company_draws(still, "MARA", projects, 12345, 9)
    assert central.keys() == draws.keys()
    for name, path in central.items():
        for lane in range(BLOCK):
            assert path.tobytes() == draws[name][:, lane].tobytes(), name


def test_central_path_is_as_late_and_dear_as_expected_and_keeps_its_tenants(company, projects):
    """Seven of ten are late by a lognormal share of mean 0.25 exp(0.8^2 / 2) of their 10 and 24 months."""
    certain = company_draws(company.certain(), "MARA", projects, 7, 0)
    late = 0.7 * 0.25 * math.exp(0.32)
    expected = {
        "idio_return": 0.0,
        **dict.fromkeys(WANDERING, 0.0),
        "slip": [[10 * late], [24 * late]],
        "overrun": 1.1 * math.exp(0.02),
        "gpu_overrun": 1.05 * math.exp(0.0018),
        "tenant_clock": 1e9,
        "exit_clock": 1e9,
    }
    for name, value in expected.items():
        np.testing.assert_allclose(certain[name], np.broadcast_to(value, certain[name].shape), rtol=1e-12)
    drawn = sample(company, projects, "slip", 64)
    error = drawn.std(axis=1) / math.sqrt(drawn.shape[1])
    assert np.all(np.abs(drawn.mean(axis=1) - certain["slip"][:, 0]) < 4.0 * error)
    assert {name: len(path) for name, path in central_company(company, "MARA", projects).items()} == {
        "idio_return": 60,
        **dict.fromkeys(WANDERING, 60),
        "relief": 60,
        "slip": 2,
        "overrun": 2,
        "gpu_overrun": 2,
        "tenant_clock": 2,
        "exit_clock": 2,
    }


def test_projects_of_one_owner_share_a_factor(company, projects):
    """Slips, costs, and the slip of one with the cost of the other correlate by 0.5 on a normal scale; other owners'
    do not, and neither does the price of computers. Each keeps its median and spread."""
    shared = replace(company, slip_on_time=0.0, project_correlation=0.5)
    count = 32 * BLOCK
    slip, overrun = (np.log(sample(shared, projects, name)) for name in ("slip", "overrun"))
    np.testing.assert_allclose(np.corrcoef([*slip, *overrun])[~np.eye(4, dtype=bool)], 0.5, atol=4 / math.sqrt(count))
    np.testing.assert_allclose(np.std(overrun, axis=1), 0.2, rtol=0.02)
    np.testing.assert_allclose(np.median(overrun, axis=1), math.log(1.1), atol=0.006)
    others = [company_draws(shared, "RIOT", projects, 11, block)["overrun"][0] for block in range(32)]
    computers = np.log(sample(shared, projects, "gpu_overrun")[0])
    for far in (np.log(np.concatenate(others)), computers):
        assert abs(np.corrcoef(overrun[0], far)[0, 1]) < 4 / math.sqrt(count)


def test_a_named_tenant_has_one_clock(company):
    """Wherever it rents and whatever the project is called; who leaves a late project does so project by project."""
    mara = company_draws(company, "MARA", [Project("alpha", 10.0, "fluid"), Project("beta", 0.0, "fluid")], 7, 0)
    riot = company_draws(company, "RIOT", [Project("gamma", 3.0, "fluid"), Project("delta", 3.0, "other")], 7, 0)
    for clock in (mara["tenant_clock"][1], riot["tenant_clock"][0]):
        np.testing.assert_array_equal(clock, mara["tenant_clock"][0])
    assert abs(np.corrcoef(riot["tenant_clock"])[0, 1]) < 4 / math.sqrt(BLOCK)
    assert abs(np.corrcoef(mara["exit_clock"])[0, 1]) < 4 / math.sqrt(BLOCK)


def test_a_stance_is_kept_along_a_path_and_new_on_each(company):
    """0 in the three months that are history, then of unit spread in every month, 0.9 of it left a month later."""
    company = replace(company, policy_persistence=0.9, operating_persistence=0.5)
    drawn = {name: sample(company, (), name) for name in WANDERING}
    for name, kept in (*((name, 0.9) for name in STANCES), *((name, 0.5) for name in OPERATING), ("equity_shock", 0.0)):
        z = drawn[name]
        assert np.all(z[:3] == 0.0)
        np.testing.assert_allclose(z[3:].std(axis=1), 1.0, atol=0.03)
        assert np.corrcoef(z[10], z[11])[0, 1] == pytest.approx(kept, abs=0.03), name
    assert abs(np.corrcoef(drawn["selling_stance"][20], drawn["cash_stance"][20])[0, 1]) < 0.03


def test_a_known_market_does_not_tell_what_treasurers_do(company):
    seen = replace(company, policy_persistence=0.9, disclosed=0)
    z = sample(seen, (), "selling_stance")
    np.testing.assert_allclose(z.std(axis=1), 1.0, atol=0.03)
    assert np.all(sample(seen, (), "idio_return")[:3] == 0.0)


def test_two_projects_of_one_name_are_refused(company):
    with pytest.raises(ValueError, match="MARA: project ids must differ: alpha, alpha"):
        company_draws(company, "MARA", [Project("alpha", 1.0), Project("alpha", 2.0)], 7, 0)


HISTORY = tuple(math.sin(1.7 * month) * 0.2 + 0.02 for month in range(40))


@pytest.mark.parametrize(("btc_beta", "ai_beta"), [(0.0, 0.0), (1.4, 0.0), (0.5, 1.2), (-0.5, 1.5)])
@pytest.mark.parametrize(
    "process",
    [
        Lognormal(volatility=0.5, drift=0.1),
        Merton(volatility=0.4, drift=0.1, intensity=1.0, jump_mean=-0.15, jump_volatility=0.1),
        TwoRegime(drift=0.1, calm=0.3, turbulent=0.7, worsens=0.1, calms=0.3),
        Bootstrap(drift=0.1, history=HISTORY, mean_block=4.0),
    ],
    ids=lambda process: type(process).__name__,
)
def test_expected_growth_of_a_share_does_not_depend_on_its_volatility(market, company, process, btc_beta, ai_beta):
    """Bitcoin grows by 0.1 a year, the AI factor by nothing, the share by its beta's part of it and 0.05 of its own."""
    market = replace(market, process=process, ai_btc_correlation=0.5)
    betas = np.full((2, market.months), [[btc_beta], [ai_beta]])
    company = replace(company, share_drift=0.05, idio_volatility=0.3, convexity=market.convexity(*betas))
    first, months = market.known, 24
    grown = []
    for block in range(48):
        drawn, own = market_draws(market, 5, block), company_draws(company, "MARA", (), 5, block)
        btc = np.log(drawn["btc_price_end"][first + months - 1] / market.known_end[-1])
        window = slice(first, first + months)
        ai, idio = drawn["ai_return"][window].sum(axis=0), own["idio_return"][window].sum(axis=0)
        grown.append(np.exp(btc_beta * btc + ai_beta * ai + idio))
    sample = np.concatenate(grown)
    expected = math.exp((0.1 * btc_beta + 0.05) * months / 12)
    assert abs(sample.mean() - expected) < 4 * sample.std() / math.sqrt(sample.size)


def test_a_share_without_chance_grows_at_its_drift(company):
    company = replace(company, share_drift=0.12, convexity=(-0.5,) * 57)
    assert central_company(company, "MARA", ())["idio_return"] == pytest.approx([0, 0, 0, *[0.01] * 57])
