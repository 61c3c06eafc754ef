"""What a filing changes in a company file: proposed figure by figure, decided by a person.

Nothing is guessed: a figure is taken where the mapping names its tag and its checks hold, and is listed with the reason
and the nearest field where not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from corpfin.filings.coins import coin_test
from corpfin.filings.debts import Instrument, instruments, loans, matched, nearest
from corpfin.filings.facts import WHOLE, Fact, Facts, local
from corpfin.filings.mapping import FieldMap, Way, mapping
from corpfin.filings.reading import Asked, Reading
from corpfin.inputs import Company, InputError, Problem
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import Value, declared, within

Group = Literal["matched", "new", "vanished", "unmatched"]
GROUPS: dict[Group, str] = {
    "matched": "the file and the filing both give it",
    "new": "the filing gives it, the file does not",
    "vanished": "the file gives it, the filing does not",
    "unmatched": "in the filing, but not taken; in brackets the nearest field",
}

MOST_OWN_TAGS = 15
"""Tags of the filer's own that are listed; the others are counted."""

SAME_WORDS = {"btc": "bitcoin", "bitcoins": "bitcoin", "notes": "debt", "loans": "loan", "pledge": "pledged"}
DULL = frozenset(
    [
        "of",
        "the",
        "a",
        "and",
        "in",
        "for",
        "or",
        "at",
        "by",
        "to",
        "is",
        "on",
        "with",
        "from",
        "number",
        "value",
        "current",
        "noncurrent",
        "amount",
        "total",
        "net",
        "gross",
        "date",
        "held",
        "share",
        "shares",
        "other",
    ]
)
"""Words that make no tag resemble a field."""


@dataclass(frozen=True)
class Proposal:
    """One row of the table: ``field`` is the key in the company file, the nearest one where the group is unmatched.

    ``facts`` are what the filing's value is made of; ``formula`` how, empty where it is one fact as published.
    """

    group: Group
    field: str
    file: Value | None
    filing: float | None
    unit: str
    check: str = ""
    facts: tuple[Fact, ...] = ()
    formula: str = ""
    shown: str = ""

    @property
    def tag(self) -> str:
        """The tags, each once."""
        return " ".join(dict.fromkeys(fact.tag for fact in self.facts))

    @property
    def context(self) -> str:
        """Period and dimensions of the first fact."""
        return self.facts[0].context if self.facts else ""

    @property
    def accession(self) -> str:
        """Of the filings it comes from, each once."""
        return " ".join(dict.fromkeys(fact.filing.label for fact in self.facts))


@dataclass(frozen=True)
class Refresh:
    """All of it: the date of the filing's balance sheet, the rows, and remarks on the whole."""

    company: Company
    facts: Facts
    day: date
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...] = field(default=())

    def of(self, group: Group) -> list[Proposal]:
        """The rows of a group."""
        return [row for row in self.proposals if row.group == group]


def refresh(company: Company, facts: Facts, prices: Mapping[str, float]) -> Refresh:
    """Hold a company file against what was filed.

    ``prices`` are month-end prices of bitcoin by ``YYYY-MM``. Raises :class:`InputError` where the filings are of
    another company or tell no balance-sheet date.
    """
    _check_company(company, facts)
    day = balance_date(facts)
    filled = frozenset(row.table for row in company.rows)
    asked = Asked(facts, company.ticker, day, filled)
    readings = _readings(asked, prices)
    identities, broken = _identities(asked, readings)
    rows = [row for item in mapping().field if (row := _row(company, item, readings[item.key], broken))]
    rows += _loan_rows(company, facts, day)
    rows += _figure_rows(asked, prices)
    used = {fact.tag for row in rows for fact in row.facts}
    own, remark = _own_tags(facts, day, used)
    notes = [*identities, *remark, *_notes(company, facts, day)]
    return Refresh(company, facts, day, (*rows, *own), tuple(notes))


def unfiled(company: Company) -> Refresh:
    """A company held against no filing."""
    return Refresh(company, Facts(()), company.as_of, ())


def balance_date(facts: Facts) -> date:
    """Date of the balance sheet: the latest of the documents, else the latest that company facts hold.

    Raises :class:`InputError` where there is none.
    """
    said = [filing.period_end for filing in facts.documents if filing.period_end]
    found = said or [fact.end for tag in mapping().anchor for fact in facts.of(tag) if fact.start is None]
    if not found:
        file = facts.documents[0].file if facts.documents else "the files"
        named = " or ".join(mapping().anchor)
        raise InputError([Problem(file, "", None, f"tells no balance-sheet date: no period on its cover, no {named}")])
    return max(found)


def _check_company(company: Company, facts: Facts) -> None:
    said = {f"{fact.value}".upper() for fact in facts.of("dei:TradingSymbol")}
    symbols = {symbol for symbol in said if re.fullmatch(r"[A-Z][A-Z0-9.]{0,5}", symbol) and symbol != "NONE"}
    if symbols and company.ticker not in symbols:
        file = facts.of("dei:TradingSymbol")[0].filing.file
        raise InputError([Problem(file, "", None, f"is of {', '.join(sorted(symbols))}, not of {company.ticker}")])


def _readings(asked: Asked, prices: Mapping[str, float]) -> dict[str, Reading]:
    """Every mapped field as the filing gives it, in the field's unit."""
    coins = mapping().coins
    found: dict[str, Reading] = {}
    worth = asked.figure(coins.fair_value, "instant", ["USD"], 1.0)
    for item in mapping().field:
        tests = [coin_test(worth, prices, f"{asked.day:%Y-%m}", coins.tolerance)] if item.key == coins.of else []
        reading = asked.figure(item.way, item.period, item.measures, item.per, *tests)
        if item.over is not None and reading.value is not None:
            reading = _over(reading, found[item.over])
        found[item.key] = reading
    return found


def _over(reading: Reading, below: Reading) -> Reading:
    if reading.value is None or not below.value:
        return replace(reading, value=None, trouble="what it is divided by is not known")
    facts = (*reading.facts, *below.facts)
    formula = " / ".join(f"{local(part.facts[0].tag)} {part.facts[0].context}" for part in (reading, below))
    return replace(reading, value=reading.value / below.value, facts=facts, formula=formula)


def _identities(asked: Asked, readings: Mapping[str, Reading]) -> tuple[list[str], dict[str, str]]:
    """What adds up and what does not, in words, and by field what broken identity speaks against it."""
    told: list[str] = []
    broken: dict[str, str] = {}
    per = {item.key: item.per for item in mapping().field}
    for identity in mapping().identity:
        left, right = (_side(asked, readings, per, names) for names in (identity.left, identity.right))
        if left is None or right is None:
            continue
        (one, slack), (other, more) = left, right
        if abs(one - other) <= slack + more + 1e-9 * abs(one):
            told.append(f"{identity.name}: {one / 1e6:,.1f} USD m, holds")
        else:
            message = f"{identity.name}: {one / 1e6:,.3f} against {other / 1e6:,.3f} USD m, does not hold"
            told.append(message)
            broken |= dict.fromkeys(identity.of, message)
    return told, broken


def _side(
    asked: Asked, readings: Mapping[str, Reading], per: Mapping[str, float], names: Iterable[str]
) -> tuple[float, float] | None:
    """A side of an identity in USD and its rounding; None where a part of it is not in the files."""
    total, slack = 0.0, 0.0
    for name in names:
        reading = readings.get(name) or asked.figure([Way(sum=[name])], "instant", ["USD"], 1.0)
        if reading.value is None:
            return None
        total += reading.value * per.get(name, 1.0)
        slack += sum(0.5 * 10.0**-fact.decimals for fact in reading.facts if fact.decimals is not None)
    return total, slack


def _row(company: Company, item: FieldMap, reading: Reading, broken: Mapping[str, str]) -> Proposal | None:
    """The row of a mapped field; None where neither side gives it."""
    table, _, name = item.key.rpartition(".")
    row = next(row for row in company.rows if row.key == table)
    given, declaration = row.valid.get(name), row.fields[name]
    unit = declaration.spec.unit
    if reading.value is None:
        if reading.trouble:
            main = reading.main
            shown = "" if main is None else f"{main.number:,.12g} {main.unit}" if main.number is not None else "nil"
            return Proposal("unmatched", item.key, given, None, unit, reading.trouble, reading.facts, "", shown)
        if given is None:
            return None
        tags = " ".join(dict.fromkeys(local(tag) for way in item.way for tag in (*way.sum, *way.some)))
        return Proposal("vanished", item.key, given, None, unit, f"none of {tags}")
    value = round(reading.value, 9)
    group: Group = "new" if given is None else "matched"
    check = "; ".join(reading.notes)
    if item.key in broken:
        group, check = "unmatched", broken[item.key]
    elif not within(declaration, value):
        group, check = "unmatched", f"not allowed: {declaration.allowed}"
    return Proposal(group, item.key, given, value, unit, check, reading.facts, reading.formula)


def _loan_rows(company: Company, facts: Facts, day: date) -> Iterator[Proposal]:
    own, published = loans(company, day), instruments(facts, mapping().debt, day)
    matches, unclear = matched(own, published)
    for match in matches:
        loan, item = match.loan, match.instrument
        check = f"{match.why} agree: {item.name}, {item.terms}"
        check += f"; {item.formula}" if item.formula else ""
        trouble = item.trouble
        if loan.undrawn:
            trouble = trouble or f"the file's principal holds {loan.undrawn:,.6g} not drawn yet, the filing's does not"
        group: Group = "unmatched" if trouble else "matched"
        check += f"; {trouble}" if trouble else ""
        principal = loan.principal + loan.undrawn
        yield Proposal(group, loan.key, principal, item.amount, "USD m", check, item.facts, item.formula, _face(item))
    taken = [match.instrument for match in matches]
    left = [loan for loan in own if all(match.loan is not loan for match in matches)]
    for item in (item for item in published if item not in taken):
        near = nearest(None, item, left or own)
        doubts = [words for words in unclear if words.startswith(f"{item.name} may be")]
        said = [f"{item.name}, {item.terms}", *doubts, *([item.trouble] if item.trouble else [])]
        group, key = ("unmatched", near) if item.trouble or doubts else ("new", "debt")
        said += [f"nearest in the file is {near}"] if near and group == "new" else []
        yield Proposal(
            group, key or "debt", None, item.amount, "USD m", "; ".join(said), item.facts, item.formula, _face(item)
        )
    if published:
        open_items = [item for item in published if item not in taken]
        apart = {f"hpc.{id}.loan_principal" for id in company.unconsolidated}
        for loan in left:
            near = nearest(loan, None, open_items)
            check = f"nearest in the filing is {near}" if near else "no loan of the filing is left"
            check = "its project is not consolidated: no balance sheet has it" if loan.key in apart else check
            yield Proposal("vanished", loan.key, loan.principal + loan.undrawn, None, "USD m", check)


def _face(item: Instrument) -> str:
    """What is published in place of an amount."""
    fact = item.facts[0]
    return "" if item.amount is not None or fact.number is None else f"{fact.number:,.12g} {fact.unit}"


def _figure_rows(asked: Asked, prices: Mapping[str, float]) -> Iterator[Proposal]:
    price = prices.get(f"{asked.day:%Y-%m}")
    for item in mapping().figure:
        reading = asked.figure(item.way, item.period, item.measures, item.per)
        if reading.facts:
            told = [item.name, *reading.notes, *([reading.trouble] if reading.trouble else [])]
            if reading.value is not None and price and item.nearest.endswith(("btc_loaned", "collateral_btc")):
                told.append(f"{reading.value * item.per / price:,.0f} BTC at {price:,.0f}")
            value = None if reading.value is None else round(reading.value, 9)
            yield Proposal("unmatched", item.nearest, None, value, item.unit, "; ".join(told), reading.facts)


def _own_tags(facts: Facts, day: date, used: set[str]) -> tuple[list[Proposal], list[str]]:
    """The filer's own tags of this date that resemble a field, and how many others there are."""
    known = _field_words()
    found: dict[str, tuple[float, str, Fact]] = {}
    count: set[str] = set()
    for fact in facts:
        if not fact.own or fact.tag in used or fact.number is None or fact.end != day:
            continue
        count.add(fact.tag)
        words = _words_of(local(fact.tag))
        score, key = max((len(words & own) / (1 + len(own)), name) for name, own in known.items())
        if score >= 0.5 and (fact.tag not in found or fact.dimensions == WHOLE):
            found[fact.tag] = (score, key, fact)
    ranked = sorted(found.values(), key=lambda item: (-item[0], item[2].tag))[:MOST_OWN_TAGS]
    rows = [
        Proposal("unmatched", key, None, None, "", "the filer's own tag, not in the mapping", (fact,), "",
                 f"{fact.number:,.12g} {fact.unit}")
        for _, key, fact in ranked
    ]  # fmt: skip
    others = len(count) - len(ranked)
    return rows, [f"{others} more of the filer's own tags at {day} resemble no field closely"] if others else []


def _field_words() -> dict[str, set[str]]:
    """The words in the name of each number field of a company file, by its key."""
    return {
        f"{table}.{name}": _words_of(name)
        for table, shape in layout(CompanyTables).items()
        for name, item in declared(shape.table).items()
        if item.kind == "number" and _words_of(name)
    }


def _words_of(name: str) -> set[str]:
    words = {word.lower() for word in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)}
    return {SAME_WORDS.get(word, word) for word in words} - DULL


def _notes(company: Company, facts: Facts, day: date) -> Iterator[str]:
    if day != company.as_of:
        yield f"the file is of {company.as_of}, the filing of {day}"
    if loans(company, day) and not instruments(facts, mapping().debt, day):
        yield "no loan is published under members of its own; company facts never do, the inline document may"
    unread = [fact for fact in facts if fact.trouble]
    if unread:
        yield f"{len(unread)} facts could not be read, such as {unread[0].tag}: {unread[0].trouble}"
    foreign = sorted({fact.unit for fact in facts.of("us-gaap:Assets") + facts.of("ifrs-full:Assets")} - {"USD"})
    if foreign:
        yield f"the balance sheet is in {', '.join(foreign)}; only US dollars are taken"
