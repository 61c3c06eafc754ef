"""One company projected and simulated once for all tests of its page."""

import pytest

from corpfin.inputs import load_company
from corpfin.runs import Projection, Simulation, project, simulate


@pytest.fixture(scope="session")
def projection() -> Projection:
    return project("MARA")


@pytest.fixture(scope="session")
def simulation() -> Simulation:
    return simulate("MARA", paths=1024, seed=7)


@pytest.fixture(scope="session")
def wulf() -> Projection:
    return project(load_company("WULF"), months=24)


@pytest.fixture(scope="session")
def simulated_wulf() -> Simulation:
    return simulate("WULF", paths=512, seed=3, months=24)
