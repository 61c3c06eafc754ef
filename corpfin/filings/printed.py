"""What is printed in an inline XBRL document made to facts: each with the value, unit and period it is said to have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from corpfin.filings.facts import WHOLE, Fact, Filing, unreadable
from corpfin.filings.values import number, words

NIL = "http://www.w3.org/2001/XMLSchema-instance nil"
LONGEST_TEXT = 4_096
"""Characters kept of a text; notes are tagged whole, and none of the figures wanted stands in a longer one."""


@dataclass
class Printed:
    """A fact as it is printed, before its context and unit are known."""

    name: str
    kind: str
    given: Mapping[str, str]
    place: int
    hidden: bool
    excluded: int
    text: str = ""


@dataclass
class Context:
    """When, and of which part of the company."""

    entity: str = ""
    dimensions: list[tuple[str, str]] = field(default_factory=list)
    days: dict[str, str] = field(default_factory=dict)


@dataclass
class Instance:
    """All that one document prints: facts, contexts and units by id, continuations by id."""

    printed: list[Printed] = field(default_factory=list)
    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    continued: dict[str, Printed] = field(default_factory=dict)

    def filing(self, path: Path, known: Mapping[str, Filing]) -> tuple[Filing, str, list[Fact]]:
        """The filing, its filer and its facts, once all has been read."""
        said: dict[str, str] = {}
        texts = {fact.name: fact for fact in reversed(self.printed) if fact.name.startswith("dei:")}
        for name, fact in texts.items():
            try:
                said[name] = words(self.whole_text(fact), fact.given.get("format", ""))
            except ValueError:
                continue
        found = _filing(path, said, known)
        facts = [self.fact(printed, found) for printed in self.printed if "target" not in printed.given]
        entities = {context.entity for context in self.contexts.values() if context.entity}
        if len(entities) > 1:
            raise unreadable(path.name, f"holds facts of several filers: {', '.join(sorted(entities))}")
        return found, "".join(entities).lstrip("0"), facts

    def fact(self, printed: Printed, filing: Filing) -> Fact:
        """A fact with its context and unit; what cannot be read of it is its trouble."""
        given, trouble = printed.given, ""
        context = self.contexts.get(given.get("contextRef", ""))
        start, end, dimensions = None, filing.period_end or date.min, WHOLE
        if context is None:
            trouble = f"line {printed.place}: its context {given.get('contextRef', '')!r} is not in the file"
        else:
            dimensions = frozenset(context.dimensions)
            try:
                start, end = _period(context.days, end)
            except ValueError as error:
                trouble = f"line {printed.place}: {error}"
        value: float | str | None = None
        unit = ""
        if printed.kind != "nonNumeric":
            unit = self.units.get(given.get("unitRef", ""), "")
            if not unit:
                trouble = trouble or f"line {printed.place}: its unit {given.get('unitRef', '')!r} is not in the file"
        if given.get(NIL) not in ("true", "1") and not trouble:
            try:
                value = self.value(printed)
            except ValueError as error:
                trouble = f"line {printed.place}: {error}"
        decimals = given.get("decimals", "")
        exact = int(decimals) if re.fullmatch(r"-?\d{1,2}", decimals) else None
        return Fact(
            printed.name, value, unit, dimensions, start, end, filing, exact, printed.place, printed.hidden, trouble
        )

    def value(self, printed: Printed) -> float | str:
        """What is printed as a value; ``ValueError`` with the reason where it is none."""
        given = printed.given
        if printed.kind == "fraction":
            raise ValueError("fractions are not read")
        if printed.kind == "nonFraction":
            return number(printed.text, given.get("format", ""), given.get("scale") or "0", given.get("sign", ""))
        return words(self.whole_text(printed), given.get("format", ""))

    def whole_text(self, printed: Printed) -> str:
        """The text of a fact and of its continuations, as far as it is kept."""
        text, seen, following = printed.text, {""}, printed.given.get("continuedAt", "")
        while following not in seen and len(text) < LONGEST_TEXT:
            seen.add(following)
            more = self.continued.get(following)
            if more is None:
                raise ValueError(f"its continuation {following!r} is not in the file")
            text, following = text + more.text, more.given.get("continuedAt", "")
        return text[:LONGEST_TEXT]


def accession_in(path: Path) -> str:
    """The accession number in the name of a file or of a folder it stands in; empty when there is none.

    >>> accession_in(Path("data/000082787626000012/clsk-20260630.htm"))
    '0000827876-26-000012'
    """
    for part in reversed(path.parts):
        found = re.search(r"(?<!\d)(\d{10})(-?)(\d{2})\2(\d{6})(?!\d)", part)
        if found:
            return f"{found[1]}-{found[3]}-{found[4]}"
    return ""


def _day(text: str, *, ends: bool) -> date:
    """A day; midnight at which something ends belongs to the day before."""
    try:
        if "T" not in text:
            return date.fromisoformat(text[:10])
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date() - timedelta(days=1) if ends and midnight else moment.date()


def _period(days: Mapping[str, str], forever: date) -> tuple[date | None, date]:
    if "instant" in days:
        return None, _day(days["instant"], ends=True)
    if "startDate" in days and "endDate" in days:
        start, end = _day(days["startDate"], ends=False), _day(days["endDate"], ends=True)
        if end < start:
            raise ValueError(f"its period ends on {end}, before it begins on {start}")
        return start, end
    return None, forever


def _filing(path: Path, said: Mapping[str, str], known: Mapping[str, Filing]) -> Filing:
    form, period = said.get("dei:DocumentType", "").upper(), said.get("dei:DocumentPeriodEndDate", "")
    amendment = said.get("dei:AmendmentFlag", "").lower() == "true" or form.endswith("/A")
    try:
        period_end: date | None = date.fromisoformat(period)
    except ValueError:
        period_end = None
    accession = accession_in(path)
    same = [
        filing.accession
        for filing in known.values()
        if (filing.form, filing.period_end) == (form, period_end) and form and period_end
    ]
    if not accession and len(same) == 1:
        accession = same[0]
    filed = known[accession].filed if accession in known else None
    return Filing(path.name, form, period_end, accession, filed, amendment)
