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
from html.entities import html5
from pathlib import Path
from xml.parsers import expat

from corpfin.filings.facts import Fact, Filing, unreadable
from corpfin.filings.printed import LONGEST_TEXT, Context, Instance, Printed

INLINE = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
INSTANCE, DIMENSION = "http://www.xbrl.org/2003/instance", "http://xbrl.org/2006/xbrldi"
NAMESPACES = (
    re.compile(r"https?://fasb\.org/(us-gaap|srt)/"),
    re.compile(r"https?://xbrl\.sec\.gov/([a-z]+)/"),
    re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/.*?/(ifrs-full)$"),
)
"""Namespaces of the standard lists of tags, whose year changes; the group is the prefix everybody uses."""

BLANK = b"\xef\xbb\xbf \t\r\n"
"""Bytes that may stand before the first tag."""

MEGABYTE = 1 << 20
LARGEST_FILE = 200 * MEGABYTE
LARGEST_TAG = 4 * MEGABYTE
MOST_FACTS = 100_000
DEEPEST = 500
PIECE = 1 << 16


class RefusedError(Exception):
    """What a file does that is refused; the place is added where it is caught."""


def is_inline(path: Path) -> bool:
    """Whether a file looks like markup rather than JSON; ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        return file.read(512).lstrip(BLANK).startswith(b"<")


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
                if not read:
                    read = reader.skip(piece)
                    piece = piece[read:]
                read += len(piece)
                reader.parser.Parse(piece, False)
                if read - reader.skipped_bytes - reader.parser.CurrentByteIndex > LARGEST_TAG:
                    raise RefusedError(f"one tag is longer than {LARGEST_TAG // MEGABYTE} MB")
            reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        cut = " (the file ends too early)" if error.code in _CUT else ""
        message = f"is not well-formed XML: {expat.ErrorString(error.code)}{cut}"
        place = reader.place(error.lineno, error.offset, reader.parser.ErrorByteIndex)
        raise unreadable(path.name, message, place) from None
    except (LookupError, ValueError) as error:  # what the parser raises for an encoding it does not know
        if "encoding" not in str(error):
            raise
        raise unreadable(
            path.name, f"is in an encoding that is not read ({error}); save it as UTF-8", "line 1"
        ) from None
    except RefusedError as error:
        at = reader.parser
        place = reader.place(at.CurrentLineNumber, at.CurrentColumnNumber, at.CurrentByteIndex)
        raise unreadable(path.name, str(error), place) from None
    if not reader.said.printed:
        remedy = "give the main document of the filing, not its exhibit, viewer page or extracted instance; "
        remedy += "monthly updates carry none, and come as a table (.csv) or by hand"
        raise unreadable(path.name, f"holds no inline XBRL fact; {remedy}")
    return reader.said.filing(path, known or {})


_CUT = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


class Reader:
    """What the parser tells, kept as far as facts need it."""

    def __init__(self) -> None:
        self.said = Instance()
        self.open: list[Printed] = []
        self.prefixes: dict[str, list[str]] = {}
        self.path: list[str] = []
        self.hidden = self.excluded = 0
        self.skipped_bytes = self.skipped_lines = 0
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

    def skip(self, piece: bytes) -> int:
        """How many bytes of the first piece to leave out: documents cut out of a submission begin with a blank line,
        which XML forbids before its declaration."""
        self.skipped_bytes = len(piece) - len(piece.lstrip(BLANK))
        self.skipped_lines = piece.count(b"\n", 0, self.skipped_bytes)
        return self.skipped_bytes

    def place(self, line: int, column: int, byte: int) -> str:
        """A place in the file, for people."""
        return f"line {line + self.skipped_lines}, column {column + 1}, byte {max(byte, 0) + self.skipped_bytes:,}"

    def line(self) -> int:
        """The line of the file that is read now."""
        return self.parser.CurrentLineNumber + self.skipped_lines

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
                if len(self.said.printed) >= MOST_FACTS:
                    raise RefusedError(f"holds more than {MOST_FACTS:,} facts")
                name = self.qualified(given.get("name", ""))
                fact = Printed(name, what, dict(given), self.line(), self.hidden > 0, self.excluded)
                self.said.printed.append(fact)
                self.open.append(fact)
            case "continuation":
                fact = Printed("", what, dict(given), self.line(), False, self.excluded)
                self.said.continued[given.get("id", "")] = fact
                self.open.append(fact)
            case "hidden":
                self.hidden += 1
            case "exclude":
                self.excluded += 1

    def start_instance(self, what: str, given: Mapping[str, str]) -> None:
        match what:
            case "context":
                self.context = self.said.contexts.setdefault(given.get("id", ""), Context())
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
                self.said.units[self.unit_id] = "/".join("*".join(part) for part in parts)

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


def _measure(name: str) -> str:
    """A measure without the prefix of its list: ``USD``, ``shares``, ``pure``, ``Bitcoin``."""
    return name.rpartition(":")[2]
