"""Reads inline XBRL: the facts that a filing carries in its own text.

Read with the parser of the standard library, piece by piece, so that memory is bound by the number of facts and not by
the size of the file. Libraries were installed and weighed (November 2026): Arelle is complete, with dimensions, under
Apache 2.0, but brings 22 packages of 158 MB and wants taxonomies from the network; edgartools (MIT) brings 42 of
419 MB; ixbrlparse (MIT, 8 of 16 MB) builds the whole tree of a file in memory; py-xbrl is GPL and downloads taxonomies.
lxml (BSD) alone is 12 MB of compiled code that reads no better what is read here. So there is no extra: nothing is
installed for this room.

What a filing may do to its reader is refused with the place: entities of its own, files beside it, one tag of many
megabytes, nesting without end. Nothing is ever fetched.

Specification: Inline XBRL 1.1 and 1.0 (XBRL International), XBRL 2.1, XBRL Dimensions 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html.entities import html5
from pathlib import Path
from xml.parsers import expat

from corpfin.filings.facts import WHOLE, Fact, Filing, unreadable
from corpfin.filings.values import number, words

INLINE = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
INSTANCE, DIMENSION = "http://www.xbrl.org/2003/instance", "http://xbrl.org/2006/xbrldi"
NIL = "http://www.w3.org/2001/XMLSchema-instance nil"
NAMESPACES = (
    re.compile(r"https?://fasb\.org/(us-gaap|srt)/"),
    re.compile(r"https?://xbrl\.sec\.gov/([a-z]+)/"),
    re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/.*?/(ifrs-full)$"),
)
"""Namespaces of the standard lists of tags, whose year changes; the group is the prefix everybody uses."""

MEGABYTE = 1 << 20
LARGEST_FILE = 200 * MEGABYTE
LARGEST_TAG = 4 * MEGABYTE
MOST_FACTS = 100_000
DEEPEST = 500
LONGEST_TEXT = 4_096
"""Characters kept of a text; notes are tagged whole, and none of the figures wanted stands in a longer one."""

PIECE = 1 << 16


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


class RefusedError(Exception):
    """What a file does that is refused; the place is added where it is caught."""


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


def is_inline(path: Path) -> bool:
    """Whether a file looks like markup rather than JSON; ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        return file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read_inline(path: Path, known: Mapping[str, Filing] | None = None) -> tuple[Filing, str, list[Fact]]:
    """The filing in a file, the number of its filer (CIK) and its facts; raises :class:`InputError` with the place.

    ``known`` are filings by accession that other files tell of: where they hold this one, its accession and date are
    taken from there.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise unreadable(path.name, f"is {size / MEGABYTE:,.0f} MB; at most {LARGEST_FILE // MEGABYTE} MB are read")
    reader = Reader()
    try:
        with path.open("rb") as file:
            read = 0
            while piece := file.read(PIECE):
                read += len(piece)
                reader.parser.Parse(piece, False)
                if read - reader.parser.CurrentByteIndex > LARGEST_TAG:
                    raise RefusedError(f"one tag is longer than {LARGEST_TAG // MEGABYTE} MB")
            reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        cut = " (the file ends too early)" if error.code in _CUT else ""
        message = f"is not well-formed XML: {expat.ErrorString(error.code)}{cut}"
        raise unreadable(path.name, message, _place(error.lineno, error.offset, reader.parser.ErrorByteIndex)) from None
    except RefusedError as error:
        at = reader.parser
        place = _place(at.CurrentLineNumber, at.CurrentColumnNumber, at.CurrentByteIndex)
        raise unreadable(path.name, str(error), place) from None
    if not reader.printed:
        remedy = "give the main document of the filing, not its exhibit, viewer page or extracted instance"
        raise unreadable(path.name, f"holds no inline XBRL fact; {remedy}")
    return reader.filing(path, known or {})


_CUT = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


def _place(line: int, column: int, byte: int) -> str:
    return f"line {line}, column {column + 1}, byte {max(byte, 0):,}"


class Reader:
    """What the parser tells, kept as far as facts need it."""

    def __init__(self) -> None:
        self.printed: list[Printed] = []
        self.open: list[Printed] = []
        self.contexts: dict[str, Context] = {}
        self.units: dict[str, str] = {}
        self.continued: dict[str, Printed] = {}
        self.prefixes: dict[str, list[str]] = {}
        self.path: list[str] = []
        self.hidden = self.excluded = 0
        self.text: list[str] | None = None
        self.context: Context | None = None
        self.axis = self.unit_id = ""
        self.measures: dict[str, list[str]] = {}
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)
        parser.UseForeignDTD(True)  # so that &nbsp; and its like are handed on instead of ending the file
        parser.ExternalEntityRefHandler = self.outside
        parser.EntityDeclHandler = self.entity
        parser.SkippedEntityHandler = self.skipped
        parser.StartNamespaceDeclHandler = lambda prefix, uri: self.prefixes.setdefault(prefix or "", []).append(uri)
        parser.EndNamespaceDeclHandler = lambda prefix: self.prefixes[prefix or ""].pop() and None
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        self.parser = parser

    def entity(self, name: str, *_: object) -> None:
        """Refuse any entity a file declares: a filing needs none, and a small file can name a huge text by them."""
        raise RefusedError(f"declares the entity {name}; entities are not expanded")

    def outside(self, context: str | None, *_: object) -> int:
        """Take whatever stands outside the file for empty: it is never read."""
        self.parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    def skipped(self, name: str, is_parameter: bool) -> None:
        """A named character of HTML."""
        if not is_parameter:
            if f"{name};" not in html5:
                raise RefusedError(f"names the entity {name}, which nothing declares")
            self.characters(html5[f"{name};"])

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """An opening tag."""
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise RefusedError(f"tags stand more than {DEEPEST} deep in each other")
        space, _, what = name.rpartition(" ")
        if space in INLINE:
            self.start_inline(what, given)
        elif space == INSTANCE:
            self.start_instance(what, given)
        elif space == DIMENSION and self.context is not None:
            self.axis, self.text = self.qualified(given.get("dimension", "")), []

    def start_inline(self, what: str, given: Mapping[str, str]) -> None:
        match what:
            case "nonFraction" | "nonNumeric" | "fraction":
                if len(self.printed) >= MOST_FACTS:
                    raise RefusedError(f"holds more than {MOST_FACTS:,} facts")
                name = self.qualified(given.get("name", ""))
                fact = Printed(name, what, dict(given), self.parser.CurrentLineNumber, self.hidden > 0, self.excluded)
                self.printed.append(fact)
                self.open.append(fact)
            case "continuation":
                fact = Printed("", what, dict(given), self.parser.CurrentLineNumber, False, self.excluded)
                self.continued[given.get("id", "")] = fact
                self.open.append(fact)
            case "hidden":
                self.hidden += 1
            case "exclude":
                self.excluded += 1

    def start_instance(self, what: str, given: Mapping[str, str]) -> None:
        match what:
            case "context":
                self.context = self.contexts.setdefault(given.get("id", ""), Context())
            case "unit":
                self.unit_id, self.measures = given.get("id", ""), {"": []}
            case "unitNumerator" | "unitDenominator":
                self.measures.setdefault(what, [])
            case "identifier" | "instant" | "startDate" | "endDate" | "measure":
                self.text = []

    def end(self, name: str) -> None:
        """A closing tag."""
        self.path.pop()
        space, _, what = name.rpartition(" ")
        if space in INLINE:
            match what:
                case "nonFraction" | "nonNumeric" | "fraction" | "continuation":
                    self.open.pop()
                case "hidden":
                    self.hidden -= 1
                case "exclude":
                    self.excluded -= 1
        elif space == INSTANCE:
            self.end_instance(what)
        elif space == DIMENSION and self.context is not None and self.axis:
            member = self.taken()
            explicit = what == "explicitMember"
            self.context.dimensions.append((self.axis, self.qualified(member) if explicit else member))
            self.axis = ""

    def end_instance(self, what: str) -> None:
        match what:
            case "context":
                self.context = None
            case "identifier" if self.context is not None:
                self.context.entity = self.taken()
            case "instant" | "startDate" | "endDate" if self.context is not None:
                self.context.days[what] = self.taken()
            case "measure":
                part = self.path[-1].rpartition(" ")[2] if self.path else ""
                self.measures.setdefault(part if part in self.measures else "", []).append(_measure(self.taken()))
            case "unit":
                over, under = self.measures.get("unitNumerator"), self.measures.get("unitDenominator")
                parts = [over, under] if over is not None and under is not None else [self.measures[""]]
                self.units[self.unit_id] = "/".join("*".join(part) for part in parts)

    def characters(self, text: str) -> None:
        """Text, which belongs to every fact that is open around it."""
        if self.text is not None and sum(map(len, self.text)) < LONGEST_TEXT:
            self.text.append(text)
        for fact in self.open:
            if fact.excluded == self.excluded and len(fact.text) < LONGEST_TEXT:
                fact.text += text

    def taken(self) -> str:
        """The text of the element that closes."""
        text, self.text = "".join(self.text or ()), None
        return text.strip()

    def qualified(self, name: str) -> str:
        """A name with the prefix everybody uses for its namespace, else with the file's own."""
        prefix, colon, rest = name.strip().rpartition(":")
        uris = self.prefixes.get(prefix) or [""]
        for pattern in NAMESPACES:
            found = pattern.match(uris[-1])
            if found:
                return f"{found[1]}:{rest}"
        return f"{prefix}{colon}{rest}"

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


def _measure(name: str) -> str:
    """A measure without the prefix of its list: ``USD``, ``shares``, ``pure``, ``Bitcoin``."""
    return name.rpartition(":")[2]


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
