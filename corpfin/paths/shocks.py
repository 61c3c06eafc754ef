"""Scenario shocks to what is drawn: applied to a block of draws, or to the central path, in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpfin.engine import log
from corpfin.inputs.draws import FACTORS, Draw, Factor, How, draws_of, is_static
from corpfin.paths.streams import Array


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
    - ``slip`` [month], ``overrun``, ``gpu_overrun`` [1]: of every project under construction; a finished one is neither
      late nor dearer.

    ``ValueError`` for an unknown target, a way of changing the target does not have, months in the wrong order, a
    month that is history, or a result out of range (a price of zero or less, a negative slip).
    """
    for shock in shocks:
        factor = _factor(shock, months, known)
        for draw in draws_of(factor):
            for part in _parts(arrays[draw.name], draw, building) if draw.name in arrays else ():
                _change(shock, factor, draw, part)


def _parts(array: Array, draw: Draw, building: Sequence[bool] | None) -> list[Array]:
    """The parts of an array that a shock reaches: all of it, or the rows of projects under construction."""
    if not draw.static or building is None:
        return [array]
    return [array[k : k + 1] for k, unfinished in enumerate(building) if unfinished]


def _factor(shock: DrawShock, months: Sequence[str], known: int) -> Factor:
    factor = FACTORS.get(shock.target)
    if factor is None:
        raise ValueError(f"{shock}: nothing is drawn under this name; drawn are {', '.join(FACTORS)}")
    if shock.how not in factor.hows:
        raise ValueError(f"{shock}: {shock.target} can only be changed by {' or '.join(factor.hows)}")
    if factor.returns and shock.value <= 0.0:
        raise ValueError(f"{shock}: the factor is a level above zero; multiply it by a number above zero")
    if not is_static(factor):
        if not 0 <= shock.first <= shock.last:
            raise ValueError(f"{shock}: its last month comes before its first")
        if shock.first < known:
            history = ", ".join(months[shock.first : min(known, shock.last + 1)])
            raise ValueError(f"{shock}: {history} is history and cannot be changed; begin later")
    return factor


def _change(shock: DrawShock, factor: Factor, draw: Draw, array: Array) -> None:
    if factor.returns:
        array[shock.first : shock.first + 1] += log(shock.value)
        array[shock.last + 1 : shock.last + 2] -= log(shock.value)
        return
    rows = array if draw.static else array[shock.first : shock.last + 1]
    if shock.how == "add":
        rows += shock.value
    elif shock.how == "multiply":
        rows *= shock.value
    else:
        rows[...] = shock.value
    if not np.all((rows >= factor.lowest) & (rows <= factor.highest)):
        raise ValueError(f"{shock}: {draw.name} would be {rows.min():g} to {rows.max():g}, which is out of range")
