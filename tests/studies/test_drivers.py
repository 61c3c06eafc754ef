"""Drivers of failure on simulated companies; worked by hand in ``tests/oracle/test_drivers.py``."""

from collections.abc import Iterator

import numpy as np
import pytest

import corpfin as cf
from corpfin.runs.readings import BILLS
from corpfin.studies.burdens import DRIVERS
from corpfin.studies.drivers import COLUMNS, drivers_of
from corpfin.studies.drivers import Drivers as Found
from tests.fixtures.world import frozen

PATHS = 1_500
"""A block and a half, so that the last block is cut."""


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="module")
def result() -> Found:
    return cf.drivers(["HALL", "DIGR"], paths=PATHS)


def test_failures_are_those_of_the_simulation(result: Found) -> None:
    simulation = cf.simulate(["HALL", "DIGR"], paths=PATHS)
    for ticker, outcome in simulation.outcomes.items():
        month = outcome.sample["default_month"]
        assert result.table.loc[ticker, "failing"] == (month > 0).mean()
        assert result.table.loc[ticker, "default_month"] == np.median(month[month > 0])
        shares = result.bills.loc[ticker, "share_of_all"]
        for code, bill in BILLS.items():
            found = (outcome.sample["first_unpaid_bill"] == code).sum() / (month > 0).sum()
            assert code == 0 or shares.get(bill, 0.0) == pytest.approx(found)
    assert list(result.table.columns) == [column.name for column in COLUMNS]


def test_every_failure_has_a_driver_or_several(result: Found) -> None:
    alone = result.table[[*DRIVERS[:-1]]].sum(axis=1) + result.table["several"]
    assert (alone >= 1.0 - 1e-12).all()
    for name in DRIVERS:
        weighted = (result.bills["share_of_all"] * result.bills[name]).groupby("company").sum()
        assert weighted.to_dict() == pytest.approx(result.table[name].to_dict())


def test_what_stayed_unpaid_drives_more_often_there_than_elsewhere(result: Found) -> None:
    """Not always: what is due after it in the same month may stay unpaid, and relief changes what a company does."""
    for bill, driver in (("maturity or put", "principal"), ("interest", "interest")):
        assert (result.bills.xs(bill, level="bill")[driver] > result.table[driver]).all()


def test_no_driver_where_there_is_nothing_to_drive(result: Found) -> None:
    """DIGR has no project: no tenant. HALL has no loan on bitcoin: no call."""
    assert result.table.loc["DIGR", "tenant"] == 0.0
    assert result.table.loc["HALL", "margin"] == 0.0


def test_threads_change_nothing() -> None:
    simulation = cf.simulate("DIGR", paths=PATHS, months=48)
    one, two = (drivers_of(simulation, "DIGR", threads=threads) for threads in (1, 2))
    assert (one.saved == two.saved).all()
    with pytest.raises(KeyError):
        drivers_of(simulation, "HALL")
