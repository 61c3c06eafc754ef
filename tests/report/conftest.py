"""The frozen companies projected and simulated once for all tests of what is reported."""

from collections.abc import Iterator

import pytest

import corpfin as cf
from tests.fixtures.world import TICKERS, frozen, thawed


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="session")
def sector() -> cf.Simulation:
    with frozen():
        return cf.simulate(TICKERS, paths=1024, seed=7)


@pytest.fixture(scope="session")
def projection() -> cf.Projection:
    with frozen():
        return cf.project("DIGR")


@pytest.fixture(scope="session")
def simulation() -> cf.Simulation:
    with frozen():
        return cf.simulate("DIGR", paths=1024, seed=7)


@pytest.fixture(scope="session")
def ring() -> cf.Projection:
    with frozen():
        return cf.project("RING", months=24)


@pytest.fixture(scope="session")
def simulated_ring() -> cf.Simulation:
    with frozen():
        return cf.simulate("RING", paths=512, seed=3, months=24)


@pytest.fixture(scope="session")
def sector_study() -> cf.SectorStudy:
    """Two shipped companies together: the invented market has no [impact]."""
    with thawed():
        return cf.sector(["IREN", "MARA"], paths=16, months=12)
