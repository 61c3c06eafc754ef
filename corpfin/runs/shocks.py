"""A scenario's shocks against a calendar: which months each holds, what it makes of an input, and whether that may be.

A shock changes what is drawn (``btc_price``), an input by month (``fleet.power_price``), or something that has no
months: a value before month 1 (``treasury.cash``), a parameter of randomness (``price.volatility``), a project's delay
or overrun. Every chain of shocks to an input comes to a factor and an addition by month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from corpfin.engine.data import Array
from corpfin.inputs import Company, InputError, Market, Problem, Scenario, Shock, nearest_name
from corpfin.inputs.draws import FACTORS, How, draws_of, is_static
from corpfin.inputs.market import FROM_NOW, HALVING, is_yearly
from corpfin.inputs.schema import Declared, within
from corpfin.paths import DrawShock, apply


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
        return frozenset(shock.field for shock in self.scenario.shocks if "." in shock.target)

    @cached_property
    def has_path(self) -> bool:
        """Whether something that is drawn follows a path."""
        return any(shock.how == "path" and shock.target in FACTORS for shock in self.scenario.shocks)

    def draws(self, central: Mapping[str, Array]) -> tuple[DrawShock, ...]:
        """The shocks to what is drawn, one for each span of months, those that begin beyond the horizon left out.

        ``central`` are the draws of the market on the central path, which a path starts from; they are changed in
        place, and may be empty where there is none (:attr:`has_path`).
        """
        found: list[DrawShock] = []
        for shock in self.scenario.shocks:
            if shock.target not in FACTORS:
                continue
            if shock.how == "path":
                made = list(self._followed(shock, central[draws_of(FACTORS[shock.target])[-1].name]))
            else:
                made = [
                    DrawShock(shock.target, shock.how, shock.amount, first, last)
                    for first, last in self.spans(shock)
                    if first < len(self.labels)
                ]
            if central:
                apply(made, central, self.labels, self.known)
            found += made
        return tuple(found)

    def _followed(self, shock: Shock, central: Array) -> Iterator[DrawShock]:
        """A path month by month: the level itself, or what turns the central path into it."""
        before = float(central[max(self.known - 1, 0)])
        certain = shock.certain is not False
        for month, level in self.levels(shock, before).items():
            how: How = "set" if certain else "multiply"
            yield DrawShock(shock.target, how, level if certain else level / float(central[month]), month, month)

    def levels(self, shock: Shock, before: float) -> dict[int, float]:
        """Level by month of a path that starts from ``before`` in the last month of history; the last one stays."""
        months = [self.known - 1, *(self._position(month) for month, _ in shock.dated)]
        levels = [before, *(level for _, level in shock.dated)]
        inside = range(self.spans(shock)[0][0], len(self.labels))
        if shock.between == "step":
            return {month: levels[int(np.searchsorted(months, month, side="right")) - 1] for month in inside}
        return dict(zip(inside, np.interp(inside, months, levels).tolist(), strict=True))

    def spans(self, shock: Shock) -> list[tuple[int, int]]:
        """First and last months, counted from 0; beyond the horizon where the shock lies there.

        A shock has one span, one to months of every year one for each year that is not all history. A path begins after
        history, in steps at its first month.
        """
        if shock.how == "path":
            first = self._position(shock.dated[0][0]) if shock.between == "step" else self.known
            return [(first, len(self.labels) - 1)]
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
        targets = {shock.field for shock in self.scenario.shocks}
        always = any(target in timeless or _is_static(target) for target in targets)
        if not targets or always or any(first < len(self.labels) for first, _ in spans):
            return ""
        begins = f" before {self._month(min(first for first, _ in spans))}" if spans else ""
        return f"changes nothing{begins}, and the run is from {self.labels[0]} to {self.labels[-1]}"

    def change(
        self,
        target: str,
        kind: str | None = None,
        block: str | None = None,
        *,
        before: float = 0.0,
        at_start: bool = False,
    ) -> tuple[Array, Array]:
        """Factor and addition [M] that turn ``table.field`` of an instance into what the scenario makes of it.

        ``kind`` and ``block`` are the instance's own, ``before`` its figure in the file, which a path starts from;
        ``at_start`` for what has no months.
        """
        factor, addition = np.ones(len(self.labels)), np.zeros(len(self.labels))
        for shock in self.scenario.shocks:
            if shock.field != target or shock.kind not in (None, kind) or shock.block not in (None, block):
                continue
            if shock.how == "path":
                last = max(self.known - 1, 0)
                for month, level in self.levels(shock, before * factor[last] + addition[last]).items():
                    factor[month], addition[month] = 0.0, level
                continue
            for first, last in [(0, len(self.labels) - 1)] if at_start else self.spans(shock):
                inside = slice(max(0, first), max(0, last + 1))
                if shock.how == "add":
                    addition[inside] += shock.amount
                elif shock.how == "multiply":
                    factor[inside] *= shock.amount
                    addition[inside] *= shock.amount
                else:
                    factor[inside], addition[inside] = 0.0, shock.amount
        return factor, addition

    def nowhere(self, document: Company | Market, tables: Iterable[str]) -> list[Problem]:
        """Shocks to a block that ``document`` has none of, among those to its ``tables``."""
        problems = []
        for shock in self.scenario.shocks:
            table = shock.target.partition(".")[0]
            ids = [str(row.id) for row in document.rows if row.table == table]
            if shock.block is not None and table in tables and shock.block not in ids:
                message = f"{document.file.name} has no {table} {shock.block}"
                allowed, near = ", ".join(ids) or None, nearest_name(shock.block, ids)
                key = f"shock {shock.target}"
                problems.append(Problem(self.scenario.file.name, key, None, message, allowed, near))
        return problems

    def check_months(self, timeless: frozenset[str]) -> None:
        """Raise ``InputError`` for months of what has none (``timeless``), out of order, before the run, or of draws in
        history."""
        problems = []
        for shock in self.scenario.shocks:
            given = {name: getattr(shock, name) for name in ("from_month", "to_month") if getattr(shock, name)}
            first, last = next(iter(self.spans(shock)), (self.known, len(self.labels)))
            name, message = next(iter(given), "from_month"), ""
            if shock.how == "path":
                name, message = "levels", self._path_fault(shock, timeless)
                given = {"levels": str(shock.levels)}
            elif shock.field in timeless or _is_static(shock.target):
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
        shocks = [shock.said for shock in self.scenario.shocks if shock.field == target]
        unit = "" if field.spec.unit in ("", "1") else f" {field.spec.unit}"
        message = f"{', '.join(shocks)} makes {owner}.{field.name} {wrong[0]:,.6g}{unit}; the files say {before:,.6g}"
        return [Problem(self.scenario.file.name, f"shock {target}", None, message, allowed=field.allowed)]

    def _path_fault(self, shock: Shock, timeless: frozenset[str]) -> str:
        months = [self._position(month) for month, _ in shock.dated]
        if shock.field in timeless:
            return "has no months and cannot follow a path; set it"
        if min(months) < self.known:
            return f"begins in history; the first month that is not is {self._month(self.known)}, or +1"
        ascending = all(one < other for one, other in pairwise(months))
        return "" if ascending else "must name later months after earlier ones"

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
