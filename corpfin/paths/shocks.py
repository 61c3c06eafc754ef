"""Scenario shocks to what is drawn: applied to a block of draws, or to the central path, in place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpfin.engine import log
from corpfin.paths.streams import Array

How = Literal["add", "multiply", "set"]


@dataclass(frozen=True, slots=True)
class DrawShock:
    """A shock with its months found: ``first`` and ``last``, both included and counted from 0.

    Months past the horizon are without effect. Static targets (``slip``, ``overrun``) have no months.
    """

    target: str
    how: How
    value: float
    first: int
    last: int

    def __str__(self) -> str:
        return f"shock {self.target} ({self.how} {self.value:g})"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a target changes: its arrays, the ways allowed, and the values that may result."""

    arrays: tuple[str, ...]
    hows: tuple[How, ...] = ("add", "multiply", "set")
    lowest: float = 0.0
    highest: float = math.inf
    static: bool = False


_TINY = math.ulp(0.0)  # the smallest number above zero
_RULES = {
    "btc_price": _Rule(("btc_price_end", "btc_price"), lowest=_TINY),
    "ai_factor": _Rule(("ai_return",), hows=("multiply",), lowest=-math.inf),
    "power_index": _Rule(("power_index",)),
    "credit_open": _Rule(("credit_open",), hows=("set",), highest=1.0),
    "slip": _Rule(("slip",), static=True),
    "overrun": _Rule(("overrun",), static=True),
}

TARGETS = tuple(_RULES)
"""Targets a :class:`DrawShock` may have."""


def apply(
    shocks: Sequence[DrawShock],
    arrays: Mapping[str, Array],
    months: Sequence[str],
    known: int,
    building: Sequence[bool] | None = None,
) -> None:
    """Change ``arrays`` in place, one shock after the other.

    ``arrays`` are those of ``market_draws``, ``company_draws`` or their central paths: months (or projects) are the
    first axis. Shocks to arrays that are not among them are passed over, so one list serves the market and every
    company. ``months`` names the M months for messages; the first ``known`` are history. ``building`` says of each
    project whether it is still under construction (all when None).

    - ``btc_price``: end and mean price in these months.
    - ``ai_factor``: multiplies the LEVEL of the factor in these months: log(value) joins the first month's return and
      leaves it in the month after the last.
    - ``power_index``, ``credit_open``: the level in these months.
    - ``slip`` [month], ``overrun`` [1]: of every project under construction; a finished one is neither late nor dearer.

    ``ValueError`` for an unknown target, a way of changing the target does not have, months in the wrong order, a
    month that is history, or a result out of range (a price of zero or less, a negative slip).
    """
    for shock in shocks:
        rule = _rule(shock, months, known)
        for name in rule.arrays:
            for part in _parts(arrays[name], rule, building) if name in arrays else ():
                _change(shock, rule, name, part)


def _parts(array: Array, rule: _Rule, building: Sequence[bool] | None) -> list[Array]:
    """The parts of an array that a shock reaches: all of it, or the rows of projects under construction."""
    if not rule.static or building is None:
        return [array]
    return [array[k : k + 1] for k, unfinished in enumerate(building) if unfinished]


def _rule(shock: DrawShock, months: Sequence[str], known: int) -> _Rule:
    rule = _RULES.get(shock.target)
    if rule is None:
        raise ValueError(f"{shock}: nothing is drawn under this name; drawn are {', '.join(TARGETS)}")
    if shock.how not in rule.hows:
        raise ValueError(f"{shock}: {shock.target} can only be changed by {' or '.join(rule.hows)}")
    if shock.target == "ai_factor" and shock.value <= 0.0:
        raise ValueError(f"{shock}: the factor is a level above zero; multiply it by a number above zero")
    if not rule.static:
        if not 0 <= shock.first <= shock.last:
            raise ValueError(f"{shock}: its last month comes before its first")
        if shock.first < known:
            history = ", ".join(months[shock.first : min(known, shock.last + 1)])
            raise ValueError(f"{shock}: {history} is history and cannot be changed; begin later")
    return rule


def _change(shock: DrawShock, rule: _Rule, name: str, array: Array) -> None:
    if shock.target == "ai_factor":
        array[shock.first : shock.first + 1] += log(shock.value)
        array[shock.last + 1 : shock.last + 2] -= log(shock.value)
        return
    rows = array if rule.static else array[shock.first : shock.last + 1]
    if shock.how == "add":
        rows += shock.value
    elif shock.how == "multiply":
        rows *= shock.value
    else:
        rows[...] = shock.value
    if not np.all((rows >= rule.lowest) & (rows <= rule.highest)):
        raise ValueError(f"{shock}: {name} would be {rows.min():g} to {rows.max():g}, which is out of range")
