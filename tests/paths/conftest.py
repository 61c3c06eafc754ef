"""A market, a company and its projects, far from any special case."""

import pytest

from corpfin.paths import CompanyRandomness, Lognormal, MarketRandomness, Project


@pytest.fixture
def market() -> MarketRandomness:
    return MarketRandomness(
        months=60,
        start=70_000.0,
        process=Lognormal(volatility=0.6, drift=0.1),
        ai_volatility=0.4,
        ai_btc_correlation=0.5,
        power_volatility=0.12,
        power_persistence=0.8,
        window_closes=0.06,
        window_opens=0.2,
        window_ai_beta=0.7,
        known_mean=(71_000.0, 76_500.0, 74_250.0),
        known_end=(72_000.0, 78_000.0, 73_000.0),
    )


@pytest.fixture
def company() -> CompanyRandomness:
    return CompanyRandomness(
        months=60,
        known=3,
        idio_volatility=0.7,
        idio_persistence=0.94,
        slip_on_time=0.3,
        slip_median=0.25,
        slip_sigma=0.8,
        overrun_median=1.1,
        overrun_sigma=0.2,
        gpu_overrun_median=1.05,
        gpu_overrun_sigma=0.06,
        disclosed=3,
    )


@pytest.fixture
def projects() -> list[Project]:
    return [Project("alpha", 10.0), Project("beta", 24.0)]
