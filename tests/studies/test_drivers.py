"""Drivers of failure on simulated companies; worked by hand in ``tests/oracle/test_drivers.py``."""

import numpy as np
import pytest

import corpfin as cf
from corpfin.runs.readings import BILLS
from corpfin.studies.drivers import COLUMNS, DRIVERS, drivers_of
from corpfin.studies.drivers import Drivers as Found

PATHS = 1_500
"""A block and a half, so that the last block is cut."""


@pytest.fixture(scope="module")
def result() -> Found:
    return cf.drivers(["CORZ", "MARA"], paths=PATHS)


def test_failures_are_those_of_the_simulation(result: Found) -> None:
    simulation = cf.simulate(["CORZ", "MARA"], paths=PATHS)
    for ticker, outcome in simulation.outcomes.items():
        month = outcome.final["default_month"]
        assert result.table.loc[ticker, "failing"] == (month > 0).mean()
        assert result.table.loc[ticker, "median_month"] == np.median(month[month > 0])
        shares = result.bills.loc[ticker, "share"]
        for code, bill in BILLS.items():
            found = (outcome.final["first_unpaid_bill"] == code).sum() / (month > 0).sum()
            assert code == 0 or shares.get(bill, 0.0) == pytest.approx(found)
    assert list(result.table.columns) == list(COLUMNS)


def test_every_failure_has_a_driver_or_several(result: Found) -> None:
    alone = result.table[[*DRIVERS[:-1]]].sum(axis=1) + result.table["together"]
    assert (alone >= 1.0 - 1e-12).all()
    for name in DRIVERS:
        weighted = (result.bills["share"] * result.bills[name]).groupby("company").sum()
        assert weighted.to_dict() == pytest.approx(result.table[name].to_dict())


def test_the_first_unpaid_bill_is_always_a_driver_when_it_could_be_paid_for(result: Found) -> None:
    """Who cannot pay principal or capex and nothing before it is saved when just that is paid for it."""
    for bill, driver in (("maturity or put", "principal"), ("committed capex", "construction")):
        assert (result.bills.xs(bill, level="bill")[driver] == 1.0).all()


def test_no_driver_where_there_is_nothing_to_drive(result: Found) -> None:
    """MARA has no project in its file: no tenant. CORZ has no loan on bitcoin: no call."""
    assert result.table.loc["MARA", "tenant"] == 0.0
    assert result.table.loc["CORZ", "margin"] == 0.0


def test_threads_change_nothing() -> None:
    simulation = cf.simulate("MARA", paths=PATHS, months=48)
    one, two = (drivers_of(simulation, "MARA", threads=threads) for threads in (1, 2))
    assert (one.saved == two.saved).all()
    with pytest.raises(KeyError):
        drivers_of(simulation, "CORZ")
