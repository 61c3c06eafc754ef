"""Loans: what a filing says of each instrument, and which of the file's it is.

A filer puts a loan on whatever axis it likes, so an instrument is a set of members that carries an amount; its terms
stand under the same members or some of them. It is the file's loan when two of coupon, maturity, conversion price and
amount agree and no term contradicts; what fits two is no match either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpfin.filings.facts import WHOLE, Dimensions, Fact, Facts, local, pick
from corpfin.filings.mapping import Instruments
from corpfin.inputs import Company

COUPON_SLACK = 0.00051
"""Coupons are published in hundredths of a per cent."""

AMOUNT_SLACK = 0.005
"""Amounts that are the same, rounding aside."""

MILLION = 1e6


@dataclass(frozen=True)
class Loan:
    """A loan of the company file: the ``key`` of its principal, terms as far as written.

    ``principal`` is what is outstanding [USD m]; ``undrawn`` is what the file's principal holds beyond it.
    """

    key: str
    principal: float
    coupon: float | None
    maturity: date | None
    conversion_price: float | None = None
    undrawn: float = 0.0


@dataclass(frozen=True)
class Instrument:
    """A loan of the filing, terms as far as published.

    ``amount`` is the principal outstanding [USD m], None with the ``trouble`` where it is not published; ``size`` is
    then its face or carrying amount. ``facts`` are what the amount is made of, ``formula`` how, where of several.
    """

    name: str
    dimensions: Dimensions
    amount: float | None
    size: float
    face: float | None
    coupon: float | None
    maturity: str
    conversion_price: float | None
    facts: tuple[Fact, ...]
    formula: str = ""
    trouble: str = ""

    @property
    def terms(self) -> str:
        """For people."""
        parts = [
            "" if self.coupon is None else f"{100 * self.coupon:.4g} %",
            f"due {self.maturity}" if self.maturity else "",
            "" if self.face is None else f"face {self.face:,.6g}",
            "" if self.conversion_price is None else f"converts at {self.conversion_price:,.6g}",
        ]
        return ", ".join(part for part in parts if part) or "no terms published"


@dataclass(frozen=True)
class Match:
    """A loan of the file and the instrument it is, with what agreed."""

    loan: Loan
    instrument: Instrument
    why: str


def loans(company: Company, day: date) -> list[Loan]:
    """The loans of a company file that are outstanding on a day: corporate ones and those of projects."""
    found = []
    for row in company.rows:
        prefix = {"debt": "", "hpc": "loan_"}.get(row.table)
        if prefix is None:
            continue
        principal, issued = row.valid.get(f"{prefix}principal"), row.valid.get(f"{prefix}issue_date")
        if not isinstance(principal, float) or (isinstance(issued, date) and issued > day):
            continue
        coupon, maturity = row.valid.get(f"{prefix}coupon"), row.valid.get(f"{prefix}maturity")
        price = row.valid.get(f"{prefix}conversion_price")
        undrawn = (row.number("loan_undrawn") or 0.0) if row.table == "hpc" else 0.0
        found.append(
            Loan(
                f"{row.key}.{prefix}principal",
                principal - undrawn,
                coupon if isinstance(coupon, float) else None,
                maturity if isinstance(maturity, date) else None,
                price if isinstance(price, float) else None,
                undrawn,
            )
        )
    return found


def instruments(facts: Facts, tags: Instruments, day: date) -> list[Instrument]:
    """What the filing publishes on each loan at a day, largest first."""
    read = {
        name: _by_part(facts, listed, tags.ignored_axes, day)
        for name, listed in {"amount": tags.amount, "net": tags.net, "cost": tags.cost, "face": tags.face}.items()
    }
    found = []
    for part in dict.fromkeys(part for name in ("amount", "face", "net") for part in read[name]):
        own = {name: parts[part] for name, parts in read.items() if part in parts}
        used, formula, trouble = _principal(own)
        face = own.get("face")
        found.append(
            Instrument(
                " ".join(sorted(_spoken(local(member)) for _, member in part)),
                part,
                None if trouble else sum(_millions(fact) for fact in used),
                _millions(used[0]),
                None if face is None or face[1] else _millions(face[0]),
                _term(facts, tags.coupon, part, day),
                _words(facts, tags.maturity, part, day),
                _term(facts, tags.conversion_price, part, day),
                used,
                formula,
                trouble,
            )
        )
    return sorted(_without_shadows(found), key=lambda item: -item.size)


Published = tuple[Fact, str]
"""A fact and why its value cannot be taken; empty where it can."""


def _principal(own: Mapping[str, Published]) -> tuple[tuple[Fact, ...], str, str]:
    """The facts whose sum is what is outstanding, how it is made of them, and the trouble where it is not published.

    The amount before unamortised cost; where a filer tags it after cost, the face of the same date proves it and cost
    is added. A carrying amount alone may be before or after cost; a face alone may be what was once issued.
    """
    amount, net, cost, face = (own.get(name) for name in ("amount", "net", "cost", "face"))
    first = amount or net or face
    assert first is not None
    if first[1]:
        return (first[0],), "", first[1]
    issued = None if face is None or face[1] else _millions(face[0])
    if cost is not None and not cost[1] and issued is not None and first is not face:
        whole = _millions(first[0]) + _millions(cost[0])
        if _alike(whole, issued) and (amount is None or not _alike(_millions(amount[0]), issued)):
            formula = f"{local(first[0].tag)} + {local(cost[0].tag)} {first[0].context}, which is its face"
            return (first[0], cost[0]), formula, ""
    if amount is not None:
        return (amount[0],), "", ""
    kind = "carrying amount, before or after cost" if net is not None else "face, not what is outstanding"
    return (first[0],), "", f"only its {kind}, is published"


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= AMOUNT_SLACK * max(abs(one), abs(other), 1e-9)


def matched(own: Sequence[Loan], published: Sequence[Instrument]) -> tuple[list[Match], list[str]]:
    """Which of the file's loans is which instrument, and what could not be told apart, in words.

    Pairs whose amount agrees too go first; then those that are left and fit nothing else.
    """
    pairs = [
        Match(loan, instrument, why) for loan in own for instrument in published if (why := agreement(loan, instrument))
    ]
    matches: list[Match] = []
    for first in (True, False):
        open_pairs = [pair for pair in pairs if not any(_meet(pair, match) for match in matches)]
        tried = [pair for pair in open_pairs if same_amount(pair.loan, pair.instrument) or not first]
        matches += [pair for pair in tried if sum(_meet(pair, other) for other in tried) == 1]
    left = [pair for pair in pairs if not any(_meet(pair, match) for match in matches)]
    return matches, [
        f"{pair.instrument.name} may be {pair.loan.key} ({pair.why} agree), but not it alone" for pair in left
    ]


def _meet(one: Match, other: Match) -> bool:
    """Whether two pairs share a side."""
    return one.loan is other.loan or one.instrument is other.instrument


def agreement(loan: Loan, instrument: Instrument) -> str:
    """What of the terms and the amount agrees, in words, if it is enough; empty if not."""
    agreed = []
    if loan.coupon is not None and instrument.coupon is not None:
        if abs(loan.coupon - instrument.coupon) > COUPON_SLACK:
            return ""
        agreed.append("coupon")
    if loan.maturity is not None and instrument.maturity:
        if f"{loan.maturity:%Y-%m}" != instrument.maturity[:7]:
            return ""
        agreed.append("maturity")
    if loan.conversion_price is not None and instrument.conversion_price is not None:
        if not _alike(loan.conversion_price, instrument.conversion_price):
            return ""
        agreed.append("conversion price")
    if same_amount(loan, instrument):
        agreed.append("amount")
    return " and ".join(agreed) if len(agreed) > 1 else ""


def same_amount(loan: Loan, instrument: Instrument) -> bool:
    """Whether the file's principal is the instrument's amount, its face or carrying amount where none is published."""
    return _alike(loan.principal, instrument.size if instrument.amount is None else instrument.amount)


def nearest(loan: Loan | None, instrument: Instrument | None, others: Iterable[Loan | Instrument]) -> str:
    """Of the other side's loans the most alike, named with what differs; empty when there is none."""
    ranked = []
    for other in others:
        own, its = (loan, other) if loan is not None else (other, instrument)
        if isinstance(own, Loan) and isinstance(its, Instrument):
            amount = its.size if its.amount is None else its.amount
            away = abs(own.principal - amount) / max(own.principal, amount, 1e-9)
            if own.coupon is not None and its.coupon is not None:
                away += min(100 * abs(own.coupon - its.coupon), 1.0)
            if own.maturity is not None and its.maturity:
                away += min(abs(own.maturity.year - int(its.maturity[:4])), 4) / 4
            ranked.append((away, other.key if isinstance(other, Loan) else f"{other.name} ({other.terms})"))
    return min(ranked)[1] if ranked else ""


def _by_part(facts: Facts, tags: Sequence[str], ignored: Sequence[str], day: date) -> dict[Dimensions, Published]:
    """The amount of each set of members at a day, by the first of the tags that gives it."""
    found: dict[Dimensions, Published] = {}
    for tag in tags:
        parts: dict[Dimensions, list[Fact]] = {}
        for fact in facts.of(tag):
            of_loan = fact.dimensions != WHOLE and not any(axis in ignored for axis, _ in fact.dimensions)
            if of_loan and fact.end == day and fact.start is None:
                parts.setdefault(fact.dimensions, []).append(fact)
        for part, same in parts.items():
            dollars = [fact for fact in same if fact.unit == "USD"]
            chosen = pick(dollars)
            if part in found and not found[part][1]:
                continue
            if chosen.fact is not None:
                found[part] = (chosen.fact, "")
            elif part not in found:
                units = ", ".join(sorted({fact.unit for fact in same}))
                found[part] = (same[0], chosen.trouble or f"the unit is {units}")
    return found


def _millions(fact: Fact) -> float:
    return (fact.number or 0.0) / MILLION


def _candidates(facts: Facts, tags: Sequence[str], part: Dimensions, day: date) -> list[Fact]:
    """The facts of a term under these members or some of them: the most alike, of the latest date."""
    for tag in tags:
        near = [
            fact
            for fact in facts.of(tag)
            if fact.dimensions and fact.dimensions <= part and fact.end <= day and fact.value is not None
        ]
        if near:
            most = max(len(fact.dimensions) for fact in near)
            alike = [fact for fact in near if len(fact.dimensions) == most]
            last = max(fact.end for fact in alike)
            return [fact for fact in alike if fact.end == last]
    return []


def _term(facts: Facts, tags: Sequence[str], part: Dimensions, day: date) -> float | None:
    chosen = pick(_candidates(facts, tags, part, day))
    return None if chosen.fact is None else chosen.fact.number


def _words(facts: Facts, tags: Sequence[str], part: Dimensions, day: date) -> str:
    chosen = pick(_candidates(facts, tags, part, day))
    text = "" if chosen.fact is None else f"{chosen.fact.value}"
    return text if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text) and len(text) > 4 else ""


def _without_shadows(found: Sequence[Instrument]) -> list[Instrument]:
    """Each loan once, where a filer publishes it under some of its members and again under all."""
    return [
        item
        for item in found
        if not any(
            item.dimensions < other.dimensions
            and item.amount is not None
            and other.amount is not None
            and _alike(item.amount, other.amount)
            for other in found
        )
    ]


def _spoken(member: str) -> str:
    """A member for people: its words without the last, which is always Member."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", member.removesuffix("Member"))
    return " ".join(words)
