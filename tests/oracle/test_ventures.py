"""Projects that a company does not consolidate: published cash, debt, capex and revenue are without them.

Beside each stands a consolidated hall, which earns 8 of 10 a month and owes 100 at 12 %.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpfin.inputs import InputError
from corpfin.runs.projection import Projection
from corpfin.runs.reported import reported_by_month
from corpfin.studies.realised import modelled, sums
from tests.oracle.build import Row, Toy, end, load, near
from tests.oracle.test_known import JANUARY as IN_JANUARY
from tests.oracle.test_known import MARKET, PROJECT
from tests.oracle.test_rings import FEBRUARY, HALL, JANUARY, SITE

AT_EQUITY: Row = {"consolidated": False}


def published(p: Projection, figure: str, month: int) -> float:
    """A published figure of the end of ``month`` as it is read from a path."""
    found = {
        name: item.total(p.case, np.stack([np.atleast_2d(p[item.scope, item.line])], axis=-1), np.zeros(1))
        for name, item in sums(figure, month).items()
    }
    return float(modelled(found, figure, month)[0])


def test_what_is_published_of_a_hall_and_a_site_at_equity(toy: Toy) -> None:
    """The venture has 20, pays interest and 15.625 of 100 to build, keeps 6; its owners pay half each of what is short.

    Of the hall's 12 and 8, its interest is paid, 6 stay as reserve, the rest is the parent's, who buys land for 5.
    """
    site = SITE | AT_EQUITY | {
        "capex_per_mw": 10.0, "capex_spent": 0.0, "reserve_months": 6.0, "venture_cash": 20.0, "ownership": 0.5,
    }  # fmt: skip
    p = toy(
        1,
        treasury={"restricted_cash": 12.0},
        hpc=[HALL | {"reserve_months": 6.0}, site],
        purchase=[{"purchase_date": end(1), "purchase_price": 5.0}],
    )
    assert p["hpc", "ring_cash"][:, 0] == near([6, 6])
    call = 15.625 - (20 - JANUARY - 6)
    cash = 100 + (12 + 8 - JANUARY - 6) - call / 2 - 5
    assert published(p, "cash", 1) == near(cash)
    assert published(p, "cash_and_restricted", 1) == near(cash + 6)
    assert published(p, "debt_principal", 1) == published(p, "debt_carrying", 1) == near(100)
    assert published(p, "capex", 1) == near(5)
    assert p["total_hpc_capex_paid"] == near([15.625])
    assert p["assets"][0] == near(cash + 6 + 6 + 5 + 15.625)  # the model's own statements hold it in full


def test_revenue_and_interest_are_those_of_the_hall(toy: Toy) -> None:
    p = toy(2, hpc=[HALL | AT_EQUITY, HALL, HALL | AT_EQUITY])
    assert published(p, "hpc_revenue", 2) == near(20)
    assert reported_by_month(p, "hpc_revenue") == near([10, 10])
    assert reported_by_month(p, "interest_expense") == near([JANUARY, FEBRUARY])
    assert p["total_hpc_revenue"] == near([30, 30])


def test_restricted_cash_is_that_of_consolidated_projects(toy: Toy) -> None:
    """Shared by their loans, or loans to come; without any it is the parent's, whatever a venture owes."""
    shares = {"treasury": {"restricted_cash": 12.0}}
    venture = HALL | AT_EQUITY | {"venture_cash": 3.0}
    later = HALL | {"loan_issue_date": end(2)}

    def opening(*projects: Row) -> list[float]:
        p = toy(1, **shares, hpc=list(projects))
        return [*p.values.openings["hpc", "opening_ring_cash"], p["parent_restricted_cash"][0]]

    assert opening(venture, HALL) == near([3, 12, 0])
    assert opening(HALL, venture, HALL | {"loan_principal": 50.0}) == near([8, 3, 4, 0])
    assert opening(venture, later) == near([3, 12, 0])
    assert opening(venture) == near([3, 12])
    assert published(toy(1, **shares, hpc=[venture]), "cash_and_restricted", 1) == near(100 + 12 + 3 + 8 - JANUARY)


def test_known_capex_of_the_company_is_that_of_consolidated_projects(toy: Toy) -> None:
    """5 in January, or 9 of which 4 the venture's own row says nothing of the published figure."""
    hpc = [PROJECT, PROJECT | AT_EQUITY]
    whole = IN_JANUARY | {"capex": 5.0}
    for known, paid in (([whole], [5, 1.96759259259]), ([whole, IN_JANUARY | {"hpc": "hpc-2", "capex": 4.0}], [5, 4])):
        p = toy(12, known_month=MARKET, treasury={"cash": 300.0}, hpc=hpc, known=known)
        assert p["hpc", "capex_paid"][:, 0] == near(paid)
        assert published(p, "capex", 1) == near(5)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """What is said of a company that cannot be used."""

    def said(**changes: object) -> str:
        with pytest.raises(InputError) as caught:
            load(tmp_path, **changes)
        return str(caught.value)

    return said


def test_a_wrong_word_is_refused_with_what_is_allowed(refused: Callable[..., str]) -> None:
    told = refused(hpc=[HALL | {"consolidated": "no"}])
    assert "company.toml: hpc.hpc-1.consolidated" in told
    assert "true or false" in told


def test_cash_of_a_venture_is_of_no_other_project(refused: Callable[..., str]) -> None:
    told = refused(hpc=[HALL | {"venture_cash": 3.0}])
    assert "hpc.hpc-1.venture_cash" in told
    assert "consolidated = false" in told
    assert "treasury.restricted_cash" in told


def test_published_capex_needs_a_consolidated_project(refused: Callable[..., str]) -> None:
    told = refused(hpc=[PROJECT | AT_EQUITY], known_month=MARKET, known=[IN_JANUARY | {"capex": 5.0}])
    assert "no [[hpc]] is consolidated" in told
