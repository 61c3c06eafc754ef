"""What has happened as figures: the known months of a company, ready for its lines.

What is known of a month takes the place of what the model would say of it; everything else is modelled by the rules of
any other month. Levels and what is sold stand in a row of their own, 0 or -1 where nothing is known, and the lines take
them as they are. What is made up of several fleets or projects moves them all: bitcoin mined scales what their machines
give, capital expenditure pays less than the plan asks or some of what is left ahead of it. Cash is known last: the gap
between it and what all the rest comes to is a line of its own.

A figure of several months is spread over them as the model itself has it without the figure; evenly where it has
nothing. All of it is found once, on the central path of the company as its file has it: a scenario that changes the
company moves its months by as much as it would without what is known, so that more cash at the start stays more cash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpfin.engine import Data, Values
from corpfin.inputs import Company, InputError, Market, Problem
from corpfin.inputs.known import Known, months_of
from corpfin.runs.declared import KNOWN_INPUTS, KNOWN_SERIES

NOT_KNOWN = -1.0
"""A figure that cannot be negative, where it is not known."""

SEEN_BY_MARKET = ("share_price",)
"""Figures of a company that the market shows."""

SOURCES = {
    "known_share_price": "share_price",
    "known_undistressed_price": "share_price",
    "known_output": "btc_mined",
    "known_btc_sold": "btc_sold",
    "known_shares_sold": "shares_sold",
    "known_share_proceeds": "share_proceeds",
    "known_cash_gap": "cash",
    "known_delivered_mw": "delivered_mw",
    "known_capex_lead": "capex",
}
"""The field of [[known_month]] behind what a line reads."""

MARKET_SOURCES = {
    "known_hashrate": "hashrate",
    "known_fees": "fees_per_block",
    "btc_price": "price_mean",
    "btc_price_end": "price_end",
    "ai_return": "ai_return",
    "power_index": "power_index",
    "credit_open": "credit_open",
}
"""The field of the market's [[known_month]] behind what a line reads in a month that is history."""

MODELLED = {
    "btc_mined": "total_fleet_btc_mined",
    "btc_sold": "btc_sold",
    "shares_sold": "atm_shares",
    "share_proceeds": "atm_proceeds",
}
"""The line that a figure of several months is spread by."""

Array = np.ndarray
Run = Callable[["Figures"], Values]


@dataclass
class Figures:
    """What the lines read of known months: series [M] and, for the K projects, inputs [K, M], by name."""

    series: dict[str, Array]
    projects: dict[str, Array]

    @classmethod
    def nothing(cls, months: int, projects: int) -> Figures:
        """Nothing known of ``months`` months."""
        return cls(
            {given.name: np.full(months, NEUTRAL[given.name]) for given in KNOWN_SERIES},
            {given.name: np.full((projects, months), NEUTRAL[given.name]) for given in KNOWN_INPUTS},
        )

    def over(self, months: int) -> Figures:
        """The same over another number of months: cut, or with nothing known beyond."""
        first = next(iter(self.projects.values()))
        longer = Figures.nothing(months, len(first))
        for own, found in ((longer.series, self.series), (longer.projects, self.projects)):
            for name, values in found.items():
                kept = min(months, values.shape[-1])
                own[name][..., :kept] = values[..., :kept]
        return longer

    def among(self, own: Sequence[str], wanted: Sequence[str]) -> Figures:
        """The same of other projects: of those ``wanted`` that are not among the ``own`` nothing is known."""
        if list(own) == list(wanted):
            return self
        first = next(iter(self.projects.values()))
        made = Figures.nothing(first.shape[-1], len(wanted))
        for k, id in enumerate(wanted):
            for name, values in self.projects.items() if id in own else ():
                made.projects[name][k] = values[list(own).index(id)]
        return Figures(self.series, made.projects)

    def in_data(self, data: Data) -> Data:
        """A company's data with these figures in it."""
        own = {**data.inputs.get("hpc", {}), **self.projects}
        openings = {**data.openings.get("hpc", {}), **{name: values[:, 0] for name, values in self.projects.items()}}
        return Data(
            data.months,
            data.instances,
            {**data.inputs, "hpc": own},
            {**data.openings, "hpc": openings},
            {**data.series, **self.series},
        )


NEUTRAL = {
    "known_share_price": 0.0,
    "known_undistressed_price": 0.0,
    "known_output": 1.0,
    "known_btc_sold": NOT_KNOWN,
    "known_shares_sold": NOT_KNOWN,
    "known_share_proceeds": NOT_KNOWN,
    "known_cash_gap": 0.0,
    "known_delivered_mw": NOT_KNOWN,
    "known_capex_lead": 0.0,
}
"""What each reads where nothing is known."""


@dataclass(frozen=True)
class Fact:
    """One figure of one row: the positions of its months, counted from 0, and its project, empty for the company."""

    name: str
    value: float
    months: tuple[int, ...]
    project: str


def check_months(company: Company, market: Market) -> None:
    """``InputError`` for a month of the company that the market file does not know: there chance begins before it."""
    last = max((row.month for row in market.tables.known_month), default=f"{company.as_of:%Y-%m}")
    problems = []
    for row in company.rows:
        late = [month for month in months_of(row) if month > last] if row.table == "known_month" else []
        if late:
            message = f"{market.file.name} knows the months to {last}; add those to {late[-1]} there first"
            problems.append(Problem(company.file.name, row.key, late[-1], message))
    if problems:
        raise InputError(problems)


def facts(company: Company, known: Known, labels: Sequence[str]) -> list[Fact]:
    """What is known of a company and may be seen, in the order of its file; ``labels`` are the market's months."""
    found = []
    for row in company.rows:
        months = tuple(labels.index(month) for month in months_of(row)) if row.table == "known_month" and labels else ()
        for name, field in row.fields.items() if months else ():
            value = row.number(name)
            if field.kind == "number" and value is not None and (known == "all" or name in SEEN_BY_MARKET):
                found.append(Fact(name, value, months, str(row.get("hpc") or "")))
    return found


def source_of_known(company: Company, name: str, project: str, month: str, known: Known) -> str:
    """Where what a line reads under ``name`` comes from in a month, on one line; empty where nothing is known."""
    field = SOURCES.get(name, "")
    if not field or (known != "all" and (known == "none" or field not in SEEN_BY_MARKET)):
        return ""
    rows = [row for row in company.rows if row.table == "known_month" and field in row.valid]
    rows = [row for row in rows if month in months_of(row) and row.get("hpc") in (project or None, None)]
    return "; ".join(company.source_of(row.table, row.id, field) for row in rows)


def figures(found: Sequence[Fact], projects: Sequence[str], months: int, run: Run) -> Figures:
    """Turn what is known of the first ``months`` months into figures; ``run`` gives the model with figures in it."""
    return _Anchoring(found, projects, months, run).figures()


class _Anchoring:
    """The work of :func:`figures`: what is known month by month, and the model run as far as it is needed."""

    def __init__(self, found: Sequence[Fact], projects: Sequence[str], months: int, run: Run) -> None:
        self.found, self.projects, self.months, self.run = found, list(projects), months, run
        self.made = Figures.nothing(months, len(projects))

    def figures(self) -> Figures:
        closes = self.made.series["known_share_price"]
        for fact in self.of("share_price"):
            closes[fact.months[0]] = fact.value
        if any(fact.name != "share_price" for fact in self.found):
            self.move()
        self.made.series["known_undistressed_price"][:] = closes / (1.0 - self.run(self.made)["share_discount"])
        return self.made

    def move(self) -> None:
        """All that is known besides closes."""
        free = self.run(self.made)
        for name in ("btc_sold", "shares_sold", "share_proceeds"):
            for fact in self.of(name):
                self.made.series[f"known_{name}"][list(fact.months)] = self.spread(fact, free[MODELLED[name]])
        self.price_shares(free)
        self.deliver(free)
        mined = self.by_month("btc_mined", free[MODELLED["btc_mined"]])
        capex = self.capex(free)
        cash = {fact.months[0]: fact.value for fact in self.of("cash")}
        for month in range(self.months):
            if month in mined or month in capex:
                values = self.run(self.made)
                if month in mined:
                    given = float(values[MODELLED["btc_mined"]][month])
                    self.made.series["known_output"][month] = mined[month] / given if given > 0 else 1.0
                for own, value in capex.get(month, ()):
                    self.made.projects["known_capex_lead"][own, month] = _lead(values, own, month, value)
            if month in cash:
                self.made.series["known_cash_gap"][month] = cash[month] - float(self.run(self.made)["cash"][month])

    def of(self, name: str) -> Iterator[Fact]:
        return (fact for fact in self.found if fact.name == name)

    def spread(self, fact: Fact, by: Array) -> Array:
        """The figure by month of its period, as the model's own months have it, evenly where they have nothing."""
        own = np.maximum(by[list(fact.months)], 0.0)
        total = own.sum()
        return fact.value * (own / total if total > 0 else np.full(len(own), 1.0 / len(own)))

    def by_month(self, name: str, by: Array) -> dict[int, float]:
        """What is known of each month, spread where it is known of several."""
        return {
            month: float(value)
            for fact in self.of(name)
            for month, value in zip(fact.months, self.spread(fact, by), strict=True)
        }

    def price_shares(self, free: Values) -> None:
        """Money for shares and shares for money, at the month's price, where only one of the two is known."""
        sold, proceeds = (self.made.series[f"known_{name}"] for name in ("shares_sold", "share_proceeds"))
        price = free["share_price"] * (1.0 - free.data.inputs[""]["atm_discount"])
        only_sold = (sold >= 0) & (proceeds < 0)
        only_proceeds = (sold < 0) & (proceeds >= 0)
        proceeds[only_sold] = sold[only_sold] * price[only_sold]
        sold[only_proceeds] = proceeds[only_proceeds] / price[only_proceeds]

    def members(self, fact: Fact, named: Sequence[str]) -> list[int]:
        """The projects a figure is of: its own, or all that have none of their own in its months."""
        return [k for k, id in enumerate(self.projects) if id == fact.project or (not fact.project and id not in named)]

    def capex(self, free: Values) -> dict[int, list[tuple[list[int], float]]]:
        """For each month the groups of projects of which capital expenditure is known, and how much.

        That of the company is published: projects that it does not consolidate have no part of it.
        """
        paid, held = free["hpc", "capex_paid"], free.data.openings["hpc"]["consolidated"]
        apart = [id for id, own in zip(self.projects, held, strict=True) if not own]
        found: defaultdict[int, list[tuple[list[int], float]]] = defaultdict(list)
        named: defaultdict[int, dict[str, float]] = defaultdict(dict)
        for fact in sorted(self.of("capex"), key=lambda fact: not fact.project):
            elsewhere = {id for month in fact.months for id in named[month]} if not fact.project else set()
            rest = fact.value - sum(sum(named[month].values()) for month in fact.months if not fact.project)
            own = self.members(fact, [*elsewhere, *apart])
            shares = self.spread(Fact(fact.name, max(rest, 0.0), fact.months, fact.project), paid[own].sum(axis=0))
            for month, value in zip(fact.months, shares, strict=True):
                found[month].append((own, float(value)))
                if fact.project and fact.project not in apart:
                    named[month][fact.project] = float(value)
        return found

    def deliver(self, free: Values) -> None:
        """Megawatts of each project in every month up to the last of which its delivery is known.

        What is known bounds the months before it, in which delivery follows the model; what is known of the company is
        shared by what the model delivers, then by what is still to come.
        """
        made, modelled = self.made.projects["known_delivered_mw"], free["hpc", "delivered_mw"]
        leased, openings = free.data.inputs["hpc"]["leased_mw"][:, 0], free.data.openings["hpc"]["opening_delivered_mw"]
        reached, done = openings.copy(), np.zeros(len(self.projects), dtype=int)
        for fact in sorted(self.of("delivered_mw"), key=lambda fact: (fact.months[0], not fact.project)):
            month = fact.months[0]
            own = self.members(
                fact, [other.project for other in self.of("delivered_mw") if other.months == fact.months]
            )
            elsewhere = [k for k in range(len(self.projects)) if k not in own]
            target = fact.value - (0.0 if fact.project else sum(max(made[k, month], 0.0) for k in elsewhere))
            before = np.array([modelled[k, done[k] - 1] if done[k] else openings[k] for k in own])
            steps = np.maximum(modelled[own, month] - before, 0.0)
            after = _shared(reached[own], leased[own], steps, target)
            for k, start, end, base in zip(own, reached[own], after, before, strict=True):
                for position in range(done[k], month + 1):
                    by_model = start + max(modelled[k, position] - base, 0.0)
                    made[k, position] = end if position == month else min(by_model, end)
                reached[k], done[k] = end, month + 1


def _lead(values: Values, own: list[int], month: int, paid: float) -> float:
    """How far projects are behind plan (-1: nothing is paid) or ahead (1: all that is left) when ``paid`` is paid."""
    rows: Mapping[str, float] = {
        name: float(values["hpc", name][own, month].sum()) for name in ("capex_due", "gpu_replacement", "capex_left")
    }
    due, wanted = rows["capex_due"] - rows["gpu_replacement"], paid - rows["gpu_replacement"]
    if wanted <= due:
        return max(wanted / due - 1.0, -1.0) if due > 0 else 0.0
    left = rows["capex_left"] - due
    return min((wanted - due) / left, 1.0) if left > 0 else 0.0


def _shared(reached: Array, leased: Array, steps: Array, target: float) -> Array:
    """Megawatts of some projects that together come to ``target``, none below ``reached`` nor above ``leased``."""
    after = reached.copy()
    for weights in (steps, leased - reached):
        room, missing = leased - after, target - after.sum()
        if missing > 0 and weights.sum() > 0:
            after += np.minimum(missing * weights / weights.sum(), room)
    room, missing = leased - after, target - after.sum()
    return after + (room * min(missing / room.sum(), 1.0) if missing > 0 and room.sum() > 0 else 0.0)
