"""What may drive a company into default, and how a path is run without it.

Four burdens are bills of the company, paid for it as they fell due on the path that failed, by money for which no share
is issued (the draw ``relief``):

- ``interest`` on corporate debt;
- ``principal`` of corporate debt that must be paid in cash: maturities, puts, instalments;
- ``margin`` calls of loans on bitcoin, in cash or in bitcoin at the month's price, and what is owed on them when all
  collateral has been sold;
- ``construction``: what projects call from the company, computers included, land, sites and machines bought, and growth
  and pipeline it chose to pay.

Three are draws of the path:

- ``power``: the index price of electricity is no higher than at the start;
- ``price``: bitcoin is worth no less than at the balance-sheet date; the network answers to that price;
- ``tenant``: no tenant leaves, and projects are on time from the start, for a delay has no months.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from corpfin.lines.constants import USD_PER_MILLION
from corpfin.paths import NEVER_CLOCK

POWER_START = 1.0
"""Index price of electricity over the contract's at the balance-sheet date."""

Draws = dict[str, np.ndarray]


@dataclass(frozen=True)
class Failures:
    """The F failed paths of one block: their draws, the price at the start, and what fell due by line [M, F].

    ``window`` [M, F] are the months in which a burden is taken away.
    """

    market: Draws
    company: Draws
    window: np.ndarray
    start: float
    due: Mapping[str, np.ndarray] = field(default_factory=dict)


Lift = Callable[[Failures], tuple[Draws, Draws]]
"""The draws of market and company without a burden."""


@dataclass(frozen=True)
class Burden:
    """A burden: name, heading, what its absence means, how it is lifted, the lines its bills are read from."""

    name: str
    label: str
    meaning: str
    lift: Lift
    lines: tuple[str, ...] = ()


def _paid(amount: Callable[[Failures], np.ndarray]) -> Lift:
    """Bills paid for the company as they fell due within the window."""

    def lift(failed: Failures) -> tuple[Draws, Draws]:
        return failed.market, failed.company | {"relief": np.where(failed.window, amount(failed), 0.0)}

    return lift


def _bills(*lines: str) -> Lift:
    """The sum of some lines, paid for the company."""
    return _paid(lambda failed: np.sum([failed.due[line] for line in lines], axis=0))


def _margin_calls(failed: Failures) -> np.ndarray:
    """Margin calls in cash, in bitcoin at the month's price, and what is owed when all collateral is sold [USD m]."""
    posted = failed.due["margin_btc_share"] * failed.due["total_debt_margin_call_btc"]
    cash = failed.due["margin_due"] + failed.due["total_debt_deficiency_due"]
    return np.asarray(cash + posted * failed.market["btc_price"] / USD_PER_MILLION)


def _power(failed: Failures) -> tuple[Draws, Draws]:
    index = failed.market["power_index"]
    capped = np.where(failed.window, np.minimum(index, POWER_START), index)
    return failed.market | {"power_index": capped}, failed.company


def _price(failed: Failures) -> tuple[Draws, Draws]:
    floored = {
        name: np.where(failed.window, np.maximum(failed.market[name], failed.start), failed.market[name])
        for name in ("btc_price", "btc_price_end")
    }
    return failed.market | floored, failed.company


def _tenant(failed: Failures) -> tuple[Draws, Draws]:
    company = failed.company
    kept = {name: np.full_like(company[name], NEVER_CLOCK) for name in ("tenant_clock", "exit_clock")}
    return failed.market, company | kept | {"slip": np.zeros_like(company["slip"])}


MARGIN = ("margin_due", "margin_btc_share", "total_debt_margin_call_btc", "total_debt_deficiency_due")
CAPEX = ("committed_due", "optional_paid")
BURDENS = (
    Burden(
        "interest",
        "interest",
        "corporate interest paid for it",
        _bills("interest_due"),
        ("interest_due",),
    ),
    Burden(
        "principal",
        "principal",
        "corporate principal due in cash, puts included, paid for it",
        _bills("principal_payable"),
        ("principal_payable",),
    ),
    Burden("margin", "margin", "margin calls met for it", _paid(_margin_calls), MARGIN),
    Burden("construction", "capex", "construction and purchases paid for it", _bills(*CAPEX), CAPEX),
    Burden("power", "power", "the power index no higher than at the start", _power),
    Burden("price", "bitcoin", "bitcoin worth no less than at the start", _price),
    Burden("tenant", "tenant", "no tenant lost, no project late", _tenant),
)
"""What is taken away, one at a time."""

BILLED = sum(bool(burden.lines) for burden in BURDENS)
"""So many of them, the first, are bills."""

TOGETHER = "several"
NAMED = (
    *((b.name, b.label, f"share of the failures that would have been paid with {b.meaning}") for b in BURDENS),
    (TOGETHER, "several", "share of the failures that none of these alone explains"),
)
"""Every driver with its heading and meaning."""

DRIVERS = tuple(name for name, _, _ in NAMED)
"""The drivers, and what stands for a failure that none of them explains alone."""

LINES = tuple(line for burden in BURDENS for line in burden.lines)
