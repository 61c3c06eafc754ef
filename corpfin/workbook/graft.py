"""Sheets of an existing workbook put into a new one, part by part: what the reader made comes over as it was saved.

Only styles and texts that the sheets use come along, so that a book does not grow when it is refreshed. Values stored
beside formulas do not: they are those of the old book, and every program works them out when it opens the new one.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS, CONTENT = "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
PLAIN_FORMATS = 164
"""Number formats below this number are built in."""


@dataclass(frozen=True)
class Relation:
    """A part that another one names: ``kind`` is the last word of its type."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type: ``hyperlink``, ``drawing``."""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True)
class Name:
    """A defined name: its formula, attributes, and the sheet it is local to."""

    name: str
    text: str
    attributes: Mapping[str, str]
    sheet: str | None


@dataclass
class Package:
    """The parts of a workbook by name, and its sheets: name, part and state, in order."""

    parts: dict[str, bytes]
    sheets: list[tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        targets = {relation.id: relation.target for relation in self.relations(BOOK)}
        root = ElementTree.fromstring(self.parts[BOOK])
        self.sheets = [
            (sheet.get("name", ""), targets.get(sheet.get(f"{{{OFFICE}}}id", ""), ""), sheet.get("state", "visible"))
            for sheet in root.iter(f"{{{MAIN}}}sheet")
        ]

    @classmethod
    def read(cls, data: bytes) -> Package:
        """The parts of a workbook in memory."""
        with ZipFile(BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})

    def written(self) -> bytes:
        """The workbook as the bytes of a file."""
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return buffer.getvalue()

    def relations(self, part: str) -> list[Relation]:
        """What a part names."""
        folder, _, name = part.rpartition("/")
        data = self.parts.get(f"{folder}/_rels/{name}.rels")
        if data is None:
            return []
        return [
            Relation(each.get("Id", ""), each.get("Type", ""), target, external)
            for each in ElementTree.fromstring(data)
            for external in [each.get("TargetMode") == "External"]
            for target in [each.get("Target", "") if external else _resolved(folder, each.get("Target", ""))]
        ]

    def content_type(self, part: str) -> str:
        """The declared type of a part."""
        root = ElementTree.fromstring(self.parts[CONTENT])
        for each in root.iter(f"{{{TYPES}}}Override"):
            if each.get("PartName") == f"/{part}":
                return each.get("ContentType", "")
        ending = part.rpartition(".")[2].lower()
        found = (each for each in root.iter(f"{{{TYPES}}}Default") if each.get("Extension", "").lower() == ending)
        return next((each.get("ContentType", "") for each in found), "application/octet-stream")

    def names(self) -> list[Name]:
        """The defined names."""
        root = ElementTree.fromstring(self.parts[BOOK])
        found = []
        for each in root.iter(f"{{{MAIN}}}definedName"):
            attributes = {key: value for key, value in each.attrib.items() if key not in ("name", "localSheetId")}
            place = each.get("localSheetId")
            sheet = self.sheets[int(place)][0] if place is not None and int(place) < len(self.sheets) else None
            found.append(Name(each.get("name", ""), each.text or "", attributes, sheet))
        return found


def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


def graft(
    new: Package,
    old: Package,
    kept: Sequence[str],
    names: Iterable[Name],
    formula: Callable[[str, str], str],
) -> Package:
    """The new workbook with the ``kept`` sheets and ``names`` of the old one, each behind the sheet it stood behind.

    ``formula`` turns a formula of the old book, given its sheet, into one of the new.
    """
    grafted = _Graft(new, old, formula)
    for name in kept:
        grafted.sheet(name)
    grafted.finish(kept, list(names))
    return Package(grafted.parts)


class _Graft:
    def __init__(self, new: Package, old: Package, formula: Callable[[str, str], str]) -> None:
        self.new, self.old, self.formula = new, old, formula
        self.parts = dict(new.parts)
        self.styles = ElementTree.fromstring(old.parts[STYLES]) if STYLES in old.parts else None
        strings = ElementTree.fromstring(old.parts[STRINGS]) if STRINGS in old.parts else ()
        self.strings = [_text(each) for each in strings]
        self.added: dict[str, list[str]] = {}
        self.mapped: dict[tuple[str, int], int] = {}
        self.types: dict[str, str] = {}
        self.book_relations: list[tuple[str, str, str]] = []
        self.placed: dict[str, tuple[str, str]] = {}

    # Styles and texts

    def add(self, table: str, number: int, made: Callable[[], str]) -> int:
        """The new number of an entry of a table of the old book, which is added when first asked for."""
        if (table, number) not in self.mapped:
            text = made()
            entries = self.added.setdefault(table, [])
            entries.append(text)
            self.mapped[table, number] = self.count(table) + len(entries) - 1
        return self.mapped[table, number]

    def count(self, table: str) -> int:
        """Entries that a table of the new book has of its own."""
        part = self.new.parts.get(STRINGS if table == "sst" else STYLES, b"")
        found = re.search(rb"<" + table.encode() + rb"\b[^>]*?(?:uniqueCount|count)=\"(\d+)\"", part)
        if table == "sst":
            found = re.search(rb"<sst\b[^>]*?uniqueCount=\"(\d+)\"", part)
        return int(found[1]) if found else 0

    def entry(self, table: str, number: int) -> ElementTree.Element | None:
        parent = None if self.styles is None else self.styles.find(f"{{{MAIN}}}{table}")
        return None if parent is None or not 0 <= number < len(parent) else parent[number]

    def plain(self, table: str, number: int) -> int:
        """The new number of a font, fill, border or conditional format."""
        found = self.entry(table, number)
        return 0 if found is None else self.add(table, number, lambda: _text(found))

    def style(self, number: int) -> int:
        """The new number of a cell's format."""
        found = self.entry("cellXfs", number)
        if found is None:
            return 0

        def made() -> str:
            for key, table in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                found.set(key, str(self.plain(table, int(found.get(key, "0")))))
            found.set("numFmtId", str(self.number_format(int(found.get("numFmtId", "0")))))
            found.set("xfId", "0")
            return _text(found)

        return self.add("cellXfs", number, made)

    def number_format(self, number: int) -> int:
        if number < PLAIN_FORMATS or self.styles is None:
            return number
        codes = {int(each.get("numFmtId", "0")): each for each in self.styles.iter(f"{{{MAIN}}}numFmt")}
        if number not in codes:
            return 0
        if ("numFmts", number) not in self.mapped:
            used = [int(id) for id in re.findall(rb'<numFmt numFmtId="(\d+)"', self.new.parts[STYLES])]
            fresh = max([PLAIN_FORMATS - 1, *used]) + 1 + len(self.added.get("numFmts", ()))
            codes[number].set("numFmtId", str(fresh))
            self.added.setdefault("numFmts", []).append(_text(codes[number]))
            self.mapped["numFmts", number] = fresh
        return self.mapped["numFmts", number]

    def string(self, number: int) -> int:
        text = self.strings[number] if 0 <= number < len(self.strings) else "<si><t></t></si>"
        return self.add("sst", number, lambda: text)

    # Sheets

    def sheet(self, name: str) -> None:
        """Put one sheet and the parts it names into the new workbook."""
        part = next(part for sheet, part, _ in self.old.sheets if sheet == name)
        number = 1 + len(self.placed)
        target = f"xl/worksheets/kept{number}.xml"
        text = self.old.parts[part].decode("utf-8-sig")
        self.parts[target] = self.rewritten(name, text).encode()
        self.types[target] = self.old.content_type(part)
        lines = []
        for relation in self.old.relations(part):
            reached = relation.target
            if not relation.external:
                reached = f"/{self.copied(relation.target, number)}"
            mode = ' TargetMode="External"' if relation.external else ""
            target_text = html.escape(reached)
            lines.append(f'<Relationship Id="{relation.id}" Type="{relation.type}" Target="{target_text}"{mode}/>')
        if lines:
            whole = f'<Relationships xmlns="{RELATION}">{"".join(lines)}</Relationships>'
            self.parts[f"xl/worksheets/_rels/kept{number}.xml.rels"] = _declared(whole)
        self.placed[name] = f"rKept{number}", target
        self.book_relations.append((f"rKept{number}", f"{OFFICE}/worksheet", f"worksheets/kept{number}.xml"))

    def copied(self, part: str, number: int | str) -> str:
        """Take a part over under a name of its own."""
        target = f"xl/kept/{number}/{part.rpartition('/')[2]}"
        data = self.old.parts.get(part, b"")
        if part.endswith(".xml"):
            data = self.formatted(data.decode("utf-8-sig")).encode()
        self.parts[target] = data
        self.types[target] = self.old.content_type(part)
        return target

    def rewritten(self, name: str, text: str) -> str:
        """The text of a sheet with its styles, texts and formulas as the new workbook numbers and places them."""
        text = re.sub(r' tabSelected="(?:1|true)"', "", text)
        text = re.sub(r"<c\b[^>]*?(?:/>|>.*?</c>)", lambda found: self.cell(name, found[0]), text, flags=re.S)
        text = re.sub(
            r'(<row\b[^>]*? s|<col\b[^>]*? style)="(\d+)"',
            lambda found: f'{found[1]}="{self.style(int(found[2]))}"', text,
        )  # fmt: skip
        text = re.sub(
            r"(<(formula|formula1|formula2|xm:f)>)(.*?)(</\2>)",
            lambda found: f"{found[1]}{self.moved(name, found[3])}{found[4]}", text, flags=re.S,
        )  # fmt: skip
        return self.formatted(text)

    def formatted(self, text: str) -> str:
        """A part with its conditional formats as the new workbook numbers them."""
        return _DXF.sub(lambda found: f'{found[1]}="{self.plain("dxfs", int(found[2]))}"', text)

    def moved(self, name: str, text: str) -> str:
        return html.escape(self.formula(name, html.unescape(text)), quote=False)

    def cell(self, name: str, text: str) -> str:
        """One cell: a formula loses its stored value."""
        head, close, body = text.partition(">")
        closed = head.endswith("/")
        head = re.sub(r' (?:cm|vm)="\d+"', "", head)
        head = re.sub(r' s="(\d+)"', lambda found: f' s="{self.style(int(found[1]))}"', head)
        if closed:
            return f"{head}>"
        if "<f" in body:
            head = re.sub(r' t="\w+"', "", head)
            body = re.sub(r"<v>.*?</v>|<v/>", "", body, flags=re.S)
            body = re.sub(
                r"(<f\b[^>]*>)(.*?)(</f>)",
                lambda found: f"{found[1]}{self.moved(name, found[2])}{found[3]}", body, flags=re.S,
            )  # fmt: skip
        elif ' t="s"' in head:
            body = re.sub(r"<v>(\d+)</v>", lambda found: f"<v>{self.string(int(found[1]))}</v>", body)
        return f"{head}{close}{body}"

    # The whole

    def finish(self, kept: Sequence[str], names: list[Name]) -> None:
        """Write tables, relations, types, the order of the sheets and the names into the new workbook."""
        for table, entries in self.added.items():
            if table == "sst":
                self.parts[STRINGS] = _appended(self.parts[STRINGS], "sst", entries)
            else:
                self.parts[STYLES] = _appended(self.parts[STYLES], table, entries)
        for relation in self.old.relations(BOOK):
            if relation.kind == "person" and any("threadedComment" in part for part in self.types):
                target = self.copied(relation.target, "book")
                self.book_relations.append((f"rKept{relation.id}", relation.type, f"/{target}"))
        relations = "".join(
            f'<Relationship Id="{id}" Type="{type}" Target="{target}"/>' for id, type, target in self.book_relations
        )
        self.parts[BOOK_RELATIONS] = self.parts[BOOK_RELATIONS].replace(
            b"</Relationships>", f"{relations}</Relationships>".encode()
        )
        types = "".join(f'<Override PartName="/{part}" ContentType="{type}"/>' for part, type in self.types.items())
        self.parts[CONTENT] = self.parts[CONTENT].replace(b"</Types>", f"{types}</Types>".encode())
        self.book(kept, names)

    def book(self, kept: Sequence[str], names: list[Name]) -> None:
        own = [name for name, _, _ in self.new.sheets]
        before: dict[str, list[str]] = {}
        last = ""
        for name, _, _ in self.old.sheets:
            if name in kept:
                before.setdefault(last, []).append(name)
            elif name in own:
                last = name
        order = before.get("", []) + [each for name in own for each in (name, *before.get(name, []))]
        text = self.parts[BOOK].decode()
        tags = {html.unescape(name): tag for tag, name in re.findall(r'(<sheet name="([^"]*)"[^>]*/>)', text)}
        states = {name: state for name, _, state in self.old.sheets}
        for number, name in enumerate(kept, start=1 + len(own)):
            state = f' state="{states[name]}"' if states[name] != "visible" else ""
            id, _ = self.placed[name]
            tags[name] = f'<sheet name="{html.escape(name)}" sheetId="{number}"{state} r:id="{id}"/>'
        sheets = "".join(tags[name] for name in order)
        text = re.sub(r"<sheets>.*</sheets>", lambda _: f"<sheets>{sheets}</sheets>", text, flags=re.S)
        place = {name: order.index(name) for name in order}
        active = re.search(r'activeTab="(\d+)"', text)
        now = place[own[int(active[1]) if active else 0]]
        text = re.sub(r' (?:activeTab|firstSheet)="\d+"', "", text)
        text = re.sub(r"<workbookView\b", f'<workbookView activeTab="{now}"', text, count=1)
        listed = [(each.name, self.name(each, place)) for each in (*self.new.names(), *names)]
        listed.sort(key=lambda each: each[0].lower())
        whole = f"<definedNames>{''.join(tag for _, tag in listed)}</definedNames>" if listed else ""
        text = re.sub(r"<definedNames>.*</definedNames>", "", text, flags=re.S)
        self.parts[BOOK] = text.replace("</sheets>", f"</sheets>{whole}", 1).encode()

    def name(self, name: Name, place: Mapping[str, int]) -> str:
        local = f' localSheetId="{place[name.sheet]}"' if name.sheet is not None else ""
        others = "".join(f' {key}="{html.escape(value)}"' for key, value in name.attributes.items())
        return f'<definedName name="{html.escape(name.name)}"{local}{others}>{html.escape(name.text)}</definedName>'


_DXF = re.compile(r'(\w*[dD]xfId)="(\d+)"')


def _declared(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _text(element: ElementTree.Element) -> str:
    """An element as a part whose plain names are those of spreadsheets writes it."""
    element.tail = None
    text = ElementTree.tostring(element, encoding="unicode")
    prefix = re.search(rf' xmlns:(\w+)="{re.escape(MAIN)}"', text)
    if prefix is None:
        return text
    return re.sub(rf"(</?){prefix[1]}:", r"\1", text.replace(prefix[0], "", 1))


def _appended(part: bytes, table: str, entries: Sequence[str]) -> bytes:
    """A part with entries added to the end of one of its tables."""
    text, added = part.decode(), "".join(entries)

    def counted(found: re.Match[str]) -> str:
        return re.sub(r'(\b(?:count|uniqueCount)=")(\d+)"', lambda n: f'{n[1]}{int(n[2]) + len(entries)}"', found[0])

    if re.search(rf"<{table}\b", text) is None:  # only number formats may be lacking, and they come first
        start = re.search(r"<styleSheet\b[^>]*>", text)
        assert start is not None
        return f'{text[: start.end()]}<{table} count="{len(entries)}">{added}</{table}>{text[start.end() :]}'.encode()
    text = re.sub(rf"<{table}\b[^>]*>", counted, text, count=1)
    text = re.sub(rf"(<{table}\b[^>]*)/>", rf"\1></{table}>", text, count=1)
    return text.replace(f"</{table}>", f"{added}</{table}>", 1).encode()
