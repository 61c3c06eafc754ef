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
from corpfin.inputs.market import FROM_NOW, HALVING, is_yearly
from corpfin.inputs.schema import Declared, within
from corpfin.paths import DrawShock


@dataclass(frozen=True)
class Shocks:
    """The shocks of a scenario over months ``labels`` [M], of which the first ``known`` are history.

    ``halving`` is the month of the first halving after history, counted from 0, also beyond the horizon.
    """

    scenario: Scenario
    labels: tuple[str, ...]
    known: int
    halving: int

    @cached_property
    def fields(self) -> frozenset[str]:
        """The ``table.field`` that are changed."""
        return frozenset(shock.target for shock in self.scenario.shocks if "." in shock.target)

    @property
    def draws(self) -> tuple[DrawShock, ...]:
        """The shocks to what is drawn, one for each span of months, those that begin beyond the horizon left out."""
        return tuple(
            DrawShock(shock.target, shock.how, shock.value, first, last)
            for shock in self.scenario.shocks
            if shock.target in FACTORS
            for first, last in self.spans(shock)
            if first < len(self.labels)
        )

    def spans(self, shock: Shock) -> list[tuple[int, int]]:
        """First and last months, counted from 0; beyond the horizon where the shock lies there.

        A shock has one span, one to months of every year one for each year that is not all history.
        """
        if is_yearly(shock.from_month or ""):
            return self._yearly(int(shock.from_month or 0), int(shock.to_month or 0))
        first = self._position(shock.from_month) if shock.from_month else self.known
        return [(first, self._position(shock.to_month) if shock.to_month else len(self.labels) - 1)]

    def _yearly(self, first: int, last: int) -> list[tuple[int, int]]:
        month = int(self.labels[0][5:])
        length = (last - first) % 12
        begins = range(first - month - 12, len(self.labels), 12)
        return [(max(begin, self.known), begin + length) for begin in begins if begin + length >= self.known]

    @property
    def first(self) -> int:
        """The first month after history that the scenario touches, counted from 0; the first after history when none.

        What has no months is changed for the whole run. At most the run's last month.
        """
        begins = [max(span[0], self.known) for shock in self.scenario.shocks for span in self.spans(shock)]
        inside = [month for month in begins if month < len(self.labels)]
        return min(min(inside, default=self.known), len(self.labels) - 1)

    def inert(self, timeless: frozenset[str]) -> str:
        """Why the scenario changes nothing in these months; empty where it changes something or has no shock.

        What has no months (``timeless``) is changed for the whole run.
        """
        spans = [span for shock in self.scenario.shocks for span in self.spans(shock)]
        targets = {shock.target for shock in self.scenario.shocks}
        always = any(target in timeless or _is_static(target) for target in targets)
        if not targets or always or any(first < len(self.labels) for first, _ in spans):
            return ""
        begins = f" before {self._month(min(first for first, _ in spans))}" if spans else ""
        return f"changes nothing{begins}, and the run is from {self.labels[0]} to {self.labels[-1]}"

    def change(self, target: str, kind: str | None = None, *, at_start: bool = False) -> tuple[Array, Array]:
        """Factor and addition [M] that turn ``table.field`` of an instance of this kind into what the scenario makes
        of it; ``at_start`` for what has no months."""
        factor, addition = np.ones(len(self.labels)), np.zeros(len(self.labels))
        for shock in self.scenario.shocks:
            if shock.target == target and shock.kind in (None, kind):
                for first, last in [(0, len(self.labels) - 1)] if at_start else self.spans(shock):
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
        """Raise ``InputError`` for months of what has none (``timeless``), out of order, before the run, or of draws in
        history."""
        problems = []
        for shock in self.scenario.shocks:
            given = {name: getattr(shock, name) for name in ("from_month", "to_month") if getattr(shock, name)}
            first, last = next(iter(self.spans(shock)), (self.known, len(self.labels)))
            name, message = next(iter(given), "from_month"), ""
            if shock.target in timeless or _is_static(shock.target):
                message = "has no months: it is changed for the whole run; leave it out" if given else ""
            elif shock.target in FACTORS and first < self.known:
                message = f"is history; the first month that is not is {self._month(self.known)}, or +1"
            elif first < 0 or last < 0:
                name = "from_month" if first < 0 else "to_month"
                message = f"lies before the run, which begins in {self.labels[0]}; the first month is that, or +1"
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
        if label == HALVING:
            return self.halving
        year, month = map(int, self.labels[0].split("-"))
        return (int(label[:4]) - year) * 12 + int(label[5:]) - month

    def _month(self, position: int) -> str:
        year, month = map(int, self.labels[0].split("-"))
        index = year * 12 + month - 1 + position
        return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _is_static(target: str) -> bool:
    """Whether a target is drawn once and has no months."""
    return target in FACTORS and is_static(FACTORS[target])


def raise_all(problems: Sequence[Problem]) -> None:
    """Raise ``InputError`` with every problem, if there is any."""
    if problems:
        raise InputError(problems)
