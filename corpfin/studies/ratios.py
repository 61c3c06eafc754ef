"""Simple ratios of a company's file, which a reader has without any model: what a forecast of failure has to beat.

Each is higher where failure is thought likelier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corpfin.inputs import Company
from corpfin.runs.projection import Projection

COMMITMENTS = {"order": "order_price", "purchase": "purchase_price"}
"""Field of what is still to be paid, by the block it stands in."""

RANGE = (0.5, 1.5)
"""Times an estimated commitment, to which its range must reach for it to be taken as known that badly."""

SLACK = 0.01
"""Part of a figure by which an end of its range may be rounded."""


@dataclass(frozen=True)
class Ratio:
    """A ratio: name, label, meaning, unit, and how it is read from a projection of the file."""

    name: str
    label: str
    meaning: str
    unit: str
    read: Callable[[Projection], float]


def commitments(company: Company) -> float:
    """Machines on order and purchases still to be paid [USD m]."""
    figures = [figure.value for figure in company.figures() if COMMITMENTS.get(figure.table) == figure.field]
    return float(sum(value for value in figures if isinstance(value, float)))


def scaled(company: Company, times: float) -> Company:
    """The company with every commitment that is badly known ``times`` as large; itself when there is none.

    Badly known is what the file calls estimated with a range from half of it or less to one and a half times or more.
    """
    changes = {
        (figure.table, figure.id, figure.field): times * figure.value
        for figure in company.figures()
        if COMMITMENTS.get(figure.table) == figure.field
        and isinstance(figure.value, float)
        and figure.grade == "estimated"
        and figure.low is not None
        and figure.high is not None
        and figure.low <= (RANGE[0] + SLACK) * figure.value
        and figure.high >= (RANGE[1] - SLACK) * figure.value
        and figure.value > 0
    }
    return company.changed(changes) if changes and times != 1 else company


def badly_known(company: Company) -> bool:
    """Whether any of its commitments is so."""
    return scaled(company, RANGE[0]) is not company


def _debt(found: Projection) -> float:
    return float(found.summary["corporate_debt"] + found.summary["project_loans"])


def _building(found: Projection) -> float:
    """What the company's share of committed projects has still to pay at the balance sheet [USD m]."""
    inputs = found.case.data.openings["hpc"]
    return float((found["hpc", "capex_left"][:, 0] * inputs["committed"] * inputs["ownership"]).sum())


def _asked_over_liquid(found: Projection) -> float:
    asked = _debt(found) + commitments(found.company) + _building(found)
    liquid = float(found.summary["btc_value"] + found.summary["cash"])
    return asked / liquid if liquid > 0 else (np.inf if asked > 0 else np.nan)


def _debt_over_market(found: Projection) -> float:
    return _debt(found) / float(found.summary["market_cap"])


def _net_debt(found: Projection) -> float:
    return _debt(found) - float(found.summary["cash"] + found.summary["btc_value"])


def _power_price(found: Projection) -> float:
    """Price of electricity with the host's fee, by the load of the fleets; nan without any [USD/MWh]."""
    fleets = found.company.tables.fleet
    load = np.array([fleet.hashrate * fleet.efficiency for fleet in fleets])
    price = np.array([fleet.power_price + (fleet.hosting_fee or 0.0) for fleet in fleets])
    return float((load * price).sum() / load.sum()) if load.sum() > 0 else np.nan


RATIOS = (
    Ratio(
        "debt_and_commitments",
        "debt + commitments / BTC + cash",
        "debt, machines on order, purchases and committed building still to be paid, over bitcoin and cash",
        "1",
        _asked_over_liquid,
    ),
    Ratio("debt_to_market", "debt / market value", "debt over market value of the shares", "1", _debt_over_market),
    Ratio("net_debt", "net debt", "debt less cash and bitcoin", "USD m", _net_debt),
    Ratio("power_price", "power price", "price of electricity and hosting by load", "USD/MWh", _power_price),
)
"""The ratios, in the order in which they are shown."""
