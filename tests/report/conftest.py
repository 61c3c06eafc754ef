"""The frozen companies projected and simulated once for all tests of what is reported."""

from collections.abc import Iterator

import pytest

import corpfin as cf
from tests.fixtures.world import TICKERS, frozen


@pytest.fixture(scope="package", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="package")
def sector(world: None) -> cf.Simulation:
    return cf.simulate(TICKERS, paths=1024, seed=7)


@pytest.fixture(scope="package")
def projection(world: None) -> cf.Projection:
    return cf.project("DIGR")


@pytest.fixture(scope="package")
def simulation(world: None) -> cf.Simulation:
    return cf.simulate("DIGR", paths=1024, seed=7)


@pytest.fixture(scope="package")
def ring(world: None) -> cf.Projection:
    return cf.project("RING", months=24)


@pytest.fixture(scope="package")
def simulated_ring(world: None) -> cf.Simulation:
    return cf.simulate("RING", paths=512, seed=3, months=24)
