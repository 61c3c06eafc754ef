"""One figure of the mapping read from the facts: by the first way that holds, or the reason why none does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpfin.filings.facts import WHOLE, Dimensions, Fact, Facts, Pick, local, pick
from corpfin.filings.mapping import PeriodKind, Way

QUARTER = (80, 100)
"""Days of a quarter; fiscal quarters of 12 to 14 weeks are within."""

YEAR_TO_DATE = ((168, 200), (255, 290), (340, 380))
"""Days of two, three and four quarters."""

COVER_DAYS = 150
"""How long after the balance sheet a cover page may be dated."""


@dataclass(frozen=True)
class Term:
    """One tag of a way: its value, the facts it comes from, and what a reader should know."""

    value: float
    facts: tuple[Fact, ...]
    note: str = ""
    subtracted: bool = False


@dataclass(frozen=True)
class Reading:
    """A figure as the filing gives it: ``value`` in the field's unit, None with the ``trouble`` where it gives none.

    ``facts`` are those it is made of, ``formula`` how, empty where it is one fact as published.
    """

    value: float | None
    facts: tuple[Fact, ...] = ()
    trouble: str = ""
    notes: tuple[str, ...] = ()
    formula: str = ""
    proven: bool = False

    @property
    def main(self) -> Fact | None:
        """The fact that stands for it."""
        return self.facts[0] if self.facts else None


class MissingError(Exception):
    """A tag of a way is not in the files for this period."""


class UnusableError(Exception):
    """A tag of a way is in the files, but its value cannot be taken; says why. ``facts`` are those it is about."""

    def __init__(self, reason: str, facts: Iterable[Fact] = ()) -> None:
        self.facts = tuple(facts)
        super().__init__(reason)


@dataclass(frozen=True)
class Asked:
    """What is read: facts, the ticker whose own tags count, the day, and the tables that the company file fills."""

    facts: Facts
    ticker: str
    day: date
    filled: frozenset[str] = frozenset()

    def figure(
        self,
        ways: Sequence[Way],
        period: PeriodKind,
        measures: Sequence[str],
        per: float,
        test: Callable[[Reading], Reading] = lambda reading: reading,
    ) -> Reading:
        """The figure by the first of the ways that holds and passes the ``test``; the first trouble when none does.

        Another way that says something else is a note.
        """
        found = [reading for way in ways if (reading := self._by(way, period, measures, per)) is not None]
        readings = [test(reading) if reading.value is not None else reading for reading in found]
        good = [reading for reading in readings if reading.value is not None]
        if not good:
            return readings[0] if readings else Reading(None)
        first = good[0]
        notes = list(first.notes)
        for other in good[1:]:
            if other.main and first.value is not None and other.value is not None:
                same = abs(other.value - first.value) <= 0.01 * abs(first.value)
                if not same and local(other.main.tag) != local(first.facts[0].tag):
                    notes.append(f"{local(other.main.tag)} gives {other.value:,.6g}")
        return Reading(first.value, first.facts, "", tuple(notes), first.formula, first.proven)

    def _by(self, way: Way, period: PeriodKind, measures: Sequence[str], per: float) -> Reading | None:
        """The figure by one way; None where the files do not hold it."""
        if way.filer not in (None, self.ticker):
            return None
        period = way.period or period
        wanted = [measure.casefold() for measure in way.measures or measures]
        try:
            terms = [self.term(tag, way, period, wanted) for tag in way.sum]
            for tag in way.some:
                try:
                    terms.append(self.term(tag, way, period, wanted))
                except MissingError:
                    continue
            if not terms:
                return None
            taken = [self.term(tag, way, period, wanted) for tag in way.less]
        except MissingError:
            return None
        except UnusableError as error:
            return Reading(None, error.facts, f"{error}")
        facts = tuple(fact for term in (*terms, *taken) for fact in term.facts)
        if way.without in self.filled:
            reason = f"of the whole company, which has [[{way.without}]] too"
            return Reading(None, facts, reason)
        value = (sum(term.value for term in terms) - sum(term.value for term in taken)) * way.factor / per
        notes = [note for note in (way.note, *(term.note for term in (*terms, *taken))) if note]
        formula = _formula(terms, taken)
        return Reading(value, facts, "", tuple(dict.fromkeys(notes)), formula, way.proven)

    def term(self, tag: str, way: Way, period: PeriodKind, measures: Sequence[str]) -> Term:
        """One tag: of the whole company, of one member, or added over the members of an axis."""
        found = self.facts.of(tag)
        parts = {fact.dimensions for fact in found}
        if way.axis is None:
            if WHOLE not in parts and parts:
                there = [fact for fact in found if self._in(fact, period)]
                if there:
                    raise UnusableError(f"only in parts, such as {there[0].context}", there[:1])
                raise MissingError
            return self.one(found, WHOLE, period, measures)
        wanted = [part for part in parts if self._of(part, way)]
        terms = []
        for part in sorted(wanted, key=sorted):
            try:
                terms.append(self.one(found, part, period, measures))
            except MissingError:
                continue
        if not terms:
            raise MissingError
        if way.member is not None:
            if len(terms) > 1:
                named = ", ".join(term.facts[0].context for term in terms)
                raise UnusableError(f"several members fit: {named}", [term.facts[0] for term in terms])
            return terms[0]
        facts = tuple(fact for term in terms for fact in term.facts)
        listed = " + ".join(f"{term.value:,.12g}" for term in terms)
        return Term(sum(term.value for term in terms), facts, listed, any(term.subtracted for term in terms))

    @staticmethod
    def _of(part: Dimensions, way: Way) -> bool:
        if len(part) != 1:
            return False
        ((axis, member),) = part
        return way.axis in (axis, "*") and (way.member is None or re.fullmatch(way.member, local(member)) is not None)

    def _in(self, fact: Fact, period: PeriodKind) -> bool:
        if period == "cover":
            return fact.start is None and self.day <= fact.end <= self.day + timedelta(days=COVER_DAYS)
        return fact.end == self.day and (fact.start is None) == (period == "instant")

    def one(self, found: Sequence[Fact], part: Dimensions, period: PeriodKind, measures: Sequence[str]) -> Term:
        """A tag for one set of dimensions."""
        same = [fact for fact in found if fact.dimensions == part]
        if period == "quarter":
            return self.quarter(same, measures)
        there = [fact for fact in same if self._in(fact, period)]
        if period == "cover" and there:
            last = max(fact.end for fact in there)
            there = [fact for fact in there if fact.end == last]
        return _plain(there, measures)

    def quarter(self, found: Sequence[Fact], measures: Sequence[str]) -> Term:
        """The quarter to the day: as published, else the year to date less that of the quarter before."""
        ending = [fact for fact in found if fact.end == self.day and fact.start is not None]
        if not ending:
            raise MissingError
        by_start: dict[date, list[Fact]] = {}
        for fact in ending:
            by_start.setdefault(fact.start or date.min, []).append(fact)
        direct = None
        for start in sorted(by_start, reverse=True):
            if QUARTER[0] <= by_start[start][0].days <= QUARTER[1]:
                direct = _plain(by_start[start], measures)
                break
        subtracted, gap = self._subtracted(found, by_start, measures)
        if direct is None:
            if subtracted is None:
                raise UnusableError(gap or f"only of {ending[0].context}, which is no quarter", ending[:1])
            return subtracted
        if subtracted is not None and not _close(direct.value, subtracted.value, direct.facts + subtracted.facts):
            note = f"the year to date gives {subtracted.value:,.12g} for the quarter, published is {direct.value:,.12g}"
            return Term(direct.value, direct.facts, "; ".join(filter(None, (direct.note, note))))
        return direct

    def _subtracted(
        self, found: Sequence[Fact], by_start: dict[date, list[Fact]], measures: Sequence[str]
    ) -> tuple[Term | None, str]:
        """The quarter from the year to date, or why not."""
        gap = ""
        for start, ending in sorted(by_start.items()):
            if not any(low <= ending[0].days <= high for low, high in YEAR_TO_DATE):
                continue
            whole = _plain(ending, measures)
            before = [
                fact for fact in found if fact.start == start and QUARTER[0] <= (self.day - fact.end).days <= QUARTER[1]
            ]
            if not before:
                quarter = self.day - timedelta(days=91)
                gap = (
                    f"only the year to date from {start}; the part to about {quarter} is not in the files: "
                    "give the earlier filing too, or company facts"
                )
                continue
            last = max(fact.end for fact in before)
            first = _plain([fact for fact in before if fact.end == last], measures)
            notes = "; ".join(filter(None, (whole.note, first.note)))
            return Term(whole.value - first.value, (*whole.facts, *first.facts), notes, True), ""
        return None, gap


def _plain(found: Sequence[Fact], measures: Sequence[str]) -> Term:
    """The one value of facts that differ in nothing but filing, copy and unit."""
    if not found:
        raise MissingError
    fitting = [fact for fact in found if fact.unit.casefold() in measures]
    if not fitting:
        units = ", ".join(sorted({fact.unit or "none" for fact in found}))
        raise UnusableError(f"the unit is {units}", found[:1])
    by_unit: dict[str, list[Fact]] = {}
    for fact in fitting:
        by_unit.setdefault(fact.unit, []).append(fact)
    picks: list[Pick] = [pick(facts) for facts in by_unit.values()]
    for chosen in picks:
        if chosen.trouble:
            raise UnusableError(chosen.trouble, fitting[:1])
    kept = [chosen for chosen in picks if chosen.fact is not None and chosen.fact.number is not None]
    if not kept:
        raise UnusableError("the filing gives words, not a number", fitting[:1])
    values = [(chosen.fact.number, chosen) for chosen in kept if chosen.fact is not None]
    if len({value for value, _ in values}) > 1:
        raise UnusableError(f"differs by unit: {', '.join(f'{value:,.12g}' for value, _ in values)}", fitting[:1])
    value, chosen = values[0]
    assert value is not None
    assert chosen.fact is not None
    return Term(value, (chosen.fact,), chosen.note)


def _close(one: float, other: float, facts: Iterable[Fact]) -> bool:
    """Whether two sums of rounded figures are the same."""
    slack = sum(0.5 * 10.0**-fact.decimals for fact in facts if fact.decimals is not None)
    return abs(one - other) <= slack + 0.005 * abs(one)


def _formula(terms: Sequence[Term], taken: Sequence[Term]) -> str:
    """How a figure is made where it is more than one fact."""
    if len(terms) == 1 and not taken and len(terms[0].facts) == 1:
        return ""
    return " + ".join(map(_shown, terms)) + "".join(f" - {_shown(term)}" for term in taken)


def _shown(term: Term) -> str:
    joint = " less " if term.subtracted else " + "
    return f"{local(term.facts[0].tag)} {joint.join(fact.context for fact in term.facts)}"
