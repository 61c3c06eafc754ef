"""A scenario's shocks against a calendar: which months each holds, what it makes of an input, and whether that may be.

A shock changes what is drawn (``btc_price``), an input by month (``fleet.power_price``), or something that has no
months: a value before month 1 (``treasury.cash``), a parameter of randomness (``price.volatility``), a project's delay
or overrun. Every chain of shocks to an input comes to a factor and an addition by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpfin.engine.data import Array
from corpfin.inputs import InputError, Problem, Scenario, Shock
from corpfin.inputs.draws import FACTORS, is_static
from corpfin.inputs.market import FROM_NOW
from corpfin.inputs.schema import Declared, within
from corpfin.paths import DrawShock


@dataclass(frozen=True)
class Shocks:
    """The shocks of a scenario over months ``labels`` [M], of which the first ``known`` are history."""

    scenario: Scenario
    labels: tuple[str, ...]
    known: int

    @cached_property
    def fields(self) -> frozenset[str]:
        """The ``table.field`` that are changed."""
        return frozenset(shock.target for shock in self.scenario.shocks if "." in shock.target)

    @property
    def draws(self) -> tuple[DrawShock, ...]:
        """The shocks to what is drawn, those that begin beyond the horizon left out."""
        return tuple(
            DrawShock(shock.target, shock.how, shock.value, *self.months(shock))
            for shock in self.scenario.shocks
            if shock.target in FACTORS and self.months(shock)[0] < len(self.labels)
        )

    def months(self, shock: Shock) -> tuple[int, int]:
        """First and last month, counted from 0; beyond the horizon where the shock lies there."""
        return (
            self._position(shock.from_month) if shock.from_month else self.known,
            self._position(shock.to_month) if shock.to_month else len(self.labels) - 1,
        )

    @property
    def first(self) -> int:
        """The first month after history that the scenario touches, counted from 0; the first after history when none.

        What has no months is changed for the whole run. At most the run's last month.
        """
        begins = [max(self.months(shock)[0], self.known) for shock in self.scenario.shocks]
        inside = [month for month in begins if month < len(self.labels)]
        return min(min(inside, default=self.known), len(self.labels) - 1)

    def change(self, target: str, kind: str | None = None, *, at_start: bool = False) -> tuple[Array, Array]:
        """Factor and addition [M] that turn ``table.field`` of an instance of this kind into what the scenario makes
        of it; ``at_start`` for what has no months."""
        factor, addition = np.ones(len(self.labels)), np.zeros(len(self.labels))
        for shock in self.scenario.shocks:
            if shock.target == target and shock.kind in (None, kind):
                first, last = (0, len(self.labels) - 1) if at_start else self.months(shock)
                inside = slice(max(0, first), max(0, last + 1))
                if shock.how == "add":
                    addition[inside] += shock.value
                elif shock.how == "multiply":
                    factor[inside] *= shock.value
                    addition[inside] *= shock.value
                else:
                    factor[inside], addition[inside] = 0.0, shock.value
        return factor, addition

    def check_months(self, timeless: frozenset[str]) -> None:
        """Raise ``InputError`` for months of what has none (``timeless``), out of order, or of draws in history."""
        problems = []
        for shock in self.scenario.shocks:
            given = {name: getattr(shock, name) for name in ("from_month", "to_month") if getattr(shock, name)}
            first, last = self.months(shock)
            factor = FACTORS.get(shock.target)
            name, message = next(iter(given), "from_month"), ""
            if shock.target in timeless or (factor and is_static(factor)):
                message = "has no months: it is changed for the whole run; leave it out" if given else ""
            elif factor and first < self.known:
                message = f"is history; the first month that is not is {self._month(self.known)}, or +1"
            elif last < first and shock.to_month:
                name, message = "to_month", f"lies before the shock's first month, {self._month(first)}"
            if message:
                key = f"shock {shock.target}.{name}"
                problems.append(Problem(self.scenario.file.name, key, given.get(name), message))
        raise_all(problems)

    def faults(self, target: str, owner: str, field: Declared, before: float, after: Array) -> list[Problem]:
        """What is wrong with a field of ``owner`` (a file's block) that the shocks to ``target`` make ``after`` [M]."""
        wrong = [value for value in after if value != before and not within(field, value)]
        if not wrong:
            return []
        shocks = [f"{shock.how} {shock.value:g}" for shock in self.scenario.shocks if shock.target == target]
        unit = "" if field.spec.unit in ("", "1") else f" {field.spec.unit}"
        message = f"{', '.join(shocks)} makes {owner}.{field.name} {wrong[0]:,.6g}{unit}; the files say {before:,.6g}"
        return [Problem(self.scenario.file.name, f"shock {target}", None, message, allowed=field.allowed)]

    def _position(self, label: str) -> int:
        if label.startswith(FROM_NOW):
            return self.known + int(label[1:]) - 1
        year, month = map(int, self.labels[0].split("-"))
        return (int(label[:4]) - year) * 12 + int(label[5:]) - month

    def _month(self, position: int) -> str:
        year, month = map(int, self.labels[0].split("-"))
        index = year * 12 + month - 1 + position
        return f"{index // 12:04d}-{index % 12 + 1:02d}"


def raise_all(problems: Sequence[Problem]) -> None:
    """Raise ``InputError`` with every problem, if there is any."""
    if problems:
        raise InputError(problems)
