"""What the model has of a quarter as a company would report it: without projects that it does not consolidate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corpfin.runs.projection import Projection

REPORTED: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...], str]] = {
    "btc_mined": ("BTC", ("total_fleet_btc_mined",), (), ""),
    "mining_revenue": ("USD m", ("mined_value",), (), ""),
    "mining_cost": ("USD m", ("total_fleet_power_cost", "total_fleet_site_expense"), ("total_fleet_credits",), ""),
    "hpc_revenue": ("USD m", ("total_hpc_revenue",), (), "revenue"),
    "interest_expense": ("USD m", ("interest_expense",), (), "loan_interest_paid"),
}
"""Fields of [reported]: their unit, the lines that add up to them, those that are taken off, and the line of projects
of which those not consolidated are left out; over a quarter."""


def unconsolidated(projection: Projection, line: str) -> np.ndarray:
    """A line of projects by month [M], of those alone that the company does not consolidate."""
    apart = 1.0 - projection.case.data.openings["hpc"]["consolidated"]
    return np.asarray(apart @ projection["hpc", line])


def reported_by_month(projection: Projection, field: str) -> np.ndarray:
    """What the model has of a field of [reported] by month [M], as the company would publish it."""
    _, more, less, of_projects = REPORTED[field]
    found = np.sum([projection[line] for line in more], axis=0) - sum(projection[line] for line in less)
    return np.asarray(found - unconsolidated(projection, of_projects) if of_projects else found)
