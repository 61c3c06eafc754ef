"""What a company's file and central path say at the last month that is history, and the columns made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from corpfin.common.columns import Column, Place
from corpfin.common.text import amount
from corpfin.inputs import Company, Market
from corpfin.runs.projection import Projection
from corpfin.runs.schedule import due_within

DUE_MONTHS = 24
"""How far ahead principal due is counted [month]."""


@dataclass(frozen=True)
class Central:
    """A projection on the central path, read at the last month that is history."""

    projection: Projection

    @property
    def company(self) -> Company:
        """The company's file."""
        return self.projection.company

    @property
    def now(self) -> int:
        """The month, counted from 0."""
        return self.projection.market_case.now

    def at(self, line: str) -> float:
        """A line of the company or the market in that month."""
        return float(self.projection[line][self.now])

    def summary(self, name: str) -> Any:
        """A figure of the projection's summary."""
        return self.projection.summary[name]

    def due(self, months: int) -> float:
        """Corporate principal due by contract in so many months from then on [USD m]."""
        return float(due_within(self.company, self.now + 1, months))

    @cached_property
    def to_complete(self) -> float:
        """See :func:`equity_to_complete`."""
        return equity_to_complete(self.projection, self.now + 1)


def equity_to_complete(projection: Projection, known: int) -> float:
    """What committed projects still ask of the company on the central path after the first ``known`` months [USD m].

    What it pays into them (building and shortfalls that the rings cannot pay), plus its part of what is left unfunded
    at the horizon, which the line ``committed_gap`` takes as its part already.
    """
    committed = projection.case.data.openings["hpc"]["committed"]
    paid = (projection["hpc", "paid_in"][:, known:].sum(axis=1) * committed).sum()
    return float(paid + projection["hpc", "committed_gap"][:, -1].sum())


def pipeline_cost(company: Company, market: Market) -> float:
    """The uncontracted megawatts the company talks of at the default cost per MW; nan if either is not given [USD m].

    Companies count such megawatts gross or critical as they please: an order of magnitude, not a commitment.
    """
    potential, cost = (
        company.tables.reported.hpc_potential_mw,
        market.defaults.values.get("hpc", {}).get("capex_per_mw"),
    )
    return potential * cost if potential is not None and isinstance(cost, float) else np.nan


def summed_up(
    name: str, unit: str, label: str, meaning: str, places: tuple[Place, ...], sheet: str = ""
) -> Column[Central]:
    """A column that is a figure of the projection's summary."""
    return Column(name, unit, label, meaning, lambda c: c.summary(name), lambda row: amount(row[name]), places, sheet)


def cost(name: str, label: str, meaning: str, places: tuple[Place, ...], scale: float = 1.0) -> Column[Central]:
    """The cost of a coin as a column, shown over ``scale``; nan where nothing is mined."""
    return Column(
        name,
        "USD/BTC",
        label,
        meaning,
        lambda c: c.summary(name) or np.nan,
        lambda row: amount(row[name] / scale),
        places,
        "Costs",
    )


def equity_column(places: tuple[Place, ...]) -> Column[Central]:
    """Equity to complete as a column."""
    return Column(
        "equity_to_complete",
        "USD m",
        "Equity to complete",
        "what committed projects still ask of the company on the central path",
        lambda c: c.to_complete,
        lambda row: amount(row["equity_to_complete"]),
        places,
        "Liquidity",
    )


def due_column(months: int, heading: str, part: str) -> Column[Central]:
    """Corporate principal due by contract within ``months`` as a column."""
    name = f"principal_due_{months}"
    return Column(
        name,
        "USD m",
        f"Principal due within {months} months",
        f"corporate principal due by contract, in cash, in the {months} months after history",
        lambda c: c.due(months),
        lambda row: amount(row[name]),
        (Place(part, heading),),
        "Liquidity",
    )


MEGAWATTS: tuple[Column[Central], ...] = (
    Column(
        "delivered_mw",
        "MW",
        "Delivered capacity",
        "megawatts delivered by the last month that is history",
        lambda c: c.summary("delivered_mw_now"),
        lambda row: amount(row["delivered_mw"]),
        sheet="Capacity",
    ),
    Column(
        "leased_mw",
        "MW",
        "Leased capacity",
        "megawatts under contract",
        lambda c: c.summary("leased_mw"),
        lambda row: amount(row["leased_mw"]),
        sheet="Capacity",
    ),
)
