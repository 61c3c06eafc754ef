"""What a filing says, whatever it was read from: facts with unit, period and dimensions, and which of them counts.

A fact is one figure in one context. The same fact is often published again: within a filing rounded or repeated, in a
later one as a comparative or restated. What counts is the latest filing's; what contradicts itself within one filing
counts as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cmp_to_key

from corpfin.inputs import InputError, Problem

Dimensions = frozenset[tuple[str, str]]
"""Axis and member, each ``prefix:Name``; a typed member is its text."""

WHOLE: Dimensions = frozenset()
"""The dimensions of a figure of the whole company: none."""

STANDARD = ("us-gaap", "dei", "srt", "ifrs-full", "ecd", "cyd", "country", "currency", "exch", "stpr", "naics", "sic")
"""Prefixes that are the same in every filing; what stands under another is the filer's own."""


@dataclass(frozen=True)
class Filing:
    """One document handed in: ``accession`` and ``filed`` are "" and None where its file does not say them."""

    file: str
    form: str
    period_end: date | None
    accession: str = ""
    filed: date | None = None
    amendment: bool = False

    @property
    def label(self) -> str:
        """The accession, else what the file calls itself."""
        return self.accession or self.file

    @property
    def title(self) -> str:
        """For people: form, date of the balance sheet and accession."""
        period = f" for {self.period_end}" if self.period_end else ""
        number = f", accession {self.accession}" if self.accession else f" (file {self.file})"
        return f"{self.form or 'Filing'}{period}{number}"

    def compared(self, other: Filing) -> int:
        """Above 0 when this one was handed in later: by filing date where both are known, else by period."""
        if self.accession and self.accession == other.accession:
            return 0
        if self.filed and other.filed and self.filed != other.filed:
            return 1 if self.filed > other.filed else -1
        mine, its = ((item.period_end or item.filed or date.min, item.amendment) for item in (self, other))
        return (mine > its) - (mine < its)


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: ``value`` is a number in ``unit``, words, or None where the filing says nil.

    ``start`` is None for a figure of the date ``end``. ``decimals`` is None where it is exact or not said; ``place`` is
    the line of its file, 0 where there are none. ``trouble`` says why a value could not be read.
    """

    tag: str
    value: float | str | None
    unit: str
    dimensions: Dimensions
    start: date | None
    end: date
    filing: Filing
    decimals: int | None = None
    place: int = 0
    hidden: bool = False
    trouble: str = ""

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        return self.value if isinstance(self.value, float) else None

    @property
    def days(self) -> int:
        """Length of its period, 0 for a date."""
        return 0 if self.start is None else (self.end - self.start).days + 1

    @property
    def own(self) -> bool:
        """Whether the tag is the filer's own."""
        return self.tag.partition(":")[0] not in STANDARD

    @property
    def context(self) -> str:
        """Period and dimensions for people."""
        period = f"{self.end}" if self.start is None else f"{self.start} to {self.end}"
        members = [f"{local(axis)}={local(member)}" for axis, member in sorted(self.dimensions)]
        return " ".join([period, *([f"[{', '.join(members)}]"] if members else [])])

    def agrees(self, other: Fact) -> bool:
        """Whether two values are the same figure, each rounded as it says."""
        if self.number is None or other.number is None:
            return self.value == other.value
        slack = sum(0.5 * 10.0**-item.decimals for item in (self, other) if item.decimals is not None)
        return abs(self.number - other.number) <= slack * (1 + 1e-9) + 1e-9 * abs(self.number)


@dataclass(frozen=True)
class Pick:
    """The fact that counts among those of one tag, period and dimensions; none, with the ``trouble``, when none does.

    ``note`` says what a reader should know of the choice.
    """

    fact: Fact | None = None
    trouble: str = ""
    note: str = ""


class Facts:
    """All facts of the files given together, of one company; ``documents`` are the filings handed in whole."""

    def __init__(self, facts: Iterable[Fact], documents: Iterable[Filing] = ()) -> None:
        self.documents = tuple(documents)
        self._by_tag: dict[str, list[Fact]] = {}
        for fact in facts:
            self._by_tag.setdefault(fact.tag, []).append(fact)

    def __iter__(self) -> Iterator[Fact]:
        for found in self._by_tag.values():
            yield from found

    def of(self, tag: str) -> list[Fact]:
        """Every fact of a tag, in the order of the files."""
        return self._by_tag.get(tag, [])


def pick(facts: Iterable[Fact]) -> Pick:
    """Which of the facts of one tag, unit, period and dimensions counts: the latest filing's, its most exact copy."""
    found = list(facts)
    if not found:
        return Pick()
    newest = max((fact.filing for fact in found), key=cmp_to_key(Filing.compared))
    last = [fact for fact in found if fact.filing.compared(newest) == 0]
    readable = [fact for fact in last if not fact.trouble]
    valued = [fact for fact in readable if fact.value is not None]
    if not valued:
        troubles = [fact.trouble for fact in last if fact.trouble]
        return Pick(trouble=troubles[0] if troubles else "nil in the filing")
    best = max(valued, key=lambda fact: 99 if fact.decimals is None else fact.decimals)
    for fact in valued:
        if not fact.agrees(best):
            lines = f", lines {best.place} and {fact.place}" if best.place else ""
            return Pick(trouble=f"the filing says {said(best.value)} and {said(fact.value)}{lines}")
    earlier = [fact for fact in found if fact.filing.compared(newest) < 0 and fact.value is not None]
    changed = [fact for fact in earlier if not fact.agrees(best)]
    note = f"restated: was {said(changed[0].value)} in {changed[0].filing.label}" if changed else ""
    return Pick(best, note=note)


def said(value: float | str | None) -> str:
    """A value as a filing would print it, in full."""
    return f"{value:,.12g}" if isinstance(value, float) else f"{value}"


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def unreadable(file: str, message: str, place: str = "") -> InputError:
    """The error of a file that cannot be read, with the place."""
    return InputError([Problem(file, place, None, message)], "PARSING")
