"""Where each number comes from: ``[sources]``, ``[[source]]`` and the grade of every figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from corpfin.inputs.company import ID
from corpfin.inputs.errors import Report, nearest_name, toml_text
from corpfin.inputs.fields import Table, given, text
from corpfin.inputs.rows import Row, check_row, collect, layout, refused
from corpfin.inputs.schema import fault

SOURCES = "sources"


class Source(Table):
    """[[source]]: a document that figures are taken from."""

    id: str = text("Name of the source in this file, never reused", required=True, pattern=ID)
    title: str = text("Title, for people", required=True, min_length=1)
    date: dt.date | None = text("Date of publication")
    url: str | None = text("Where it can be read")
    note: str | None = text("Anything a reader should know of it")

    def __str__(self) -> str:
        return f"{self.title} ({self.date})" if self.date else self.title


class Citation(Table):
    """An entry of [sources]: how well a number, or everything below a key, is known and from where."""

    grade: Literal["reported", "derived", "estimated"] = text("How well it is known", required=True)
    source: str | None = text("The id of a [[source]]")
    why: str | None = text("The formula of a derived figure or the reason for an estimate", min_length=1)
    low: float | None = given("", "Low end of the plausible range", model=False)
    high: float | None = given("", "High end of the plausible range", model=False)


class Notes(Table):
    """[notes]: free text."""

    items: list[str] = text("Remarks for people", required=True)
    left_out: list[str] | None = text("What the file leaves out that belongs to the picture; stands on the page")


class Documents(Table):
    """The tables of a company or market file that say where its numbers come from."""

    source: list[Source] | None = text("Sources")
    notes: Notes | None = text("Remarks")


@dataclass(frozen=True)
class Provenance:
    """The citations of a file by key, and its sources by id."""

    citations: Mapping[str, Citation]
    sources: Mapping[str, Source]

    def of(self, key: str) -> Citation | None:
        """The citation of the figure at ``key``: its own, else the nearest one above it, else None."""
        cited = covering(key, self.citations)
        return None if cited is None else self.citations[cited]

    def source_text(self, citation: Citation | None) -> str:
        """Title and date of the source a citation names; empty when it names none."""
        return str(self.sources[citation.source]) if citation and citation.source else ""


def covering(key: str, cited: Mapping[str, Any]) -> str | None:
    """The most specific of the ``cited`` keys that is ``key`` or stands above it.

    >>> covering("debt.conv-2031.principal", {"debt": 1, "debt.conv-2031": 2, "debt.conv-2030": 3})
    'debt.conv-2031'
    """
    while key and key not in cited:
        key = key.rpartition(".")[0]
    return key or None


def check_provenance(contents: Mapping[str, Any], rows: Sequence[Row], report: Report) -> None:
    """Report what is wrong with the sources of a file whose figures are ``rows``.

    That is: a figure without grade, an entry that points at nothing, a source that is not there or cited nowhere, a
    grade without its ground and a range that does not hold the value.
    """
    documents = collect(contents, layout(Documents), {}, report)
    sources = {row.id: row for row in documents if row.table == "source" and row.id is not None}
    entries = contents.get(SOURCES, {})
    if not isinstance(entries, dict):
        report.add(SOURCES, f"is not written as a table here; its heading is [{SOURCES}]")
        entries = {}
    named = [row for row in rows if not row.nameless]
    figures = {f"{row.key}.{name}": (row, name) for row in named for name in row.written if name in row.fields}
    keys = {prefix: None for row in named for name in row.written for prefix in _prefixes(f"{row.key}.{name}")}
    for key, entry in entries.items():
        if key not in keys:
            near = nearest_name(key, keys)
            report.add(f'{SOURCES}."{key}"', "points at nothing that this file gives", nearest=near)
        else:
            _check_entry(key, entry, figures.get(key), sources, report)
    bare = [
        (key, row, name)
        for key, (row, name) in figures.items()
        if row.fields[name].graded and row.written[name] not in ("", []) and covering(key, entries) is None
    ]
    _tell_bare(bare, report)
    cited = [entry.get("source") for entry in entries.values() if isinstance(entry, dict)]
    for source in [source for source in sources if source not in cited]:
        report.add(f"source.{source}", f"is cited nowhere in [{SOURCES}]; cite it or take it out")


def _tell_bare(bare: Sequence[tuple[str, Row, str]], report: Report) -> None:
    """Report the figures without grade, those of one table together: a new file has dozens of them."""
    tables: dict[str, list[tuple[str, Row, str]]] = {}
    for key, row, name in bare:
        tables.setdefault(row.table, []).append((key, row, name))
    for table, found in tables.items():
        key, row, name = found[0]
        entry = "{ grade = ..., source = ... }"
        allowed = "reported, derived or estimated"
        if len(found) == 1:
            remedy = f'add "{key}" = {entry} to [{SOURCES}]'
            report.add(key, f"has no grade; {remedy}", row.written[name], allowed)
        else:
            names = ", ".join(dict.fromkeys(name for *_, name in found))
            remedy = f'add "{table}" = {entry} to [{SOURCES}] for all of them, or "{key}" and so on for each'
            report.add(table, f"{len(found)} figures have no grade ({names}); {remedy}", None, allowed)


def provenance_of(contents: Mapping[str, Any]) -> Provenance:
    """The provenance of a file that :func:`check_provenance` found nothing wrong with."""
    citations = {key: Citation.model_validate(entry) for key, entry in contents.get(SOURCES, {}).items()}
    sources = [Source.model_validate(block) for block in contents.get("source", [])]
    return Provenance(citations, {source.id: source for source in sources})


def _prefixes(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _check_entry(
    key: str, entry: Any, figure: tuple[Row, str] | None, sources: Mapping[str, Row], report: Report
) -> None:
    where = f'{SOURCES}."{key}"'
    if not isinstance(entry, dict):
        report.add(where, "is not an entry", entry, '{ grade = "reported", source = "..." }')
    elif entry and all(isinstance(inner, dict) for inner in entry.values()):
        inner = f"{key}.{next(iter(entry))}"
        report.add(f"{SOURCES}.{inner}", f'the key of an entry stands in quotation marks: "{inner}" = ...')
    else:
        valid = check_row(where, Citation, entry, report)
        _check_ground(where, valid, entry, sources, report)
        _check_range(where, valid, figure, report)


def _check_ground(
    where: str, valid: Mapping[str, Any], entry: Mapping[str, Any], sources: Mapping[str, Row], report: Report
) -> None:
    cited = valid.get("source")
    if cited is not None and cited not in sources:
        report.add(f"{where}.source", "there is no such [[source]]", cited, None, nearest_name(cited, sources))
    lacking = ground_fault(valid.get("grade"), entry)
    if lacking:
        report.add(where, lacking)


def ground_fault(grade: str | None, entry: Mapping[str, Any]) -> str:
    """What an entry of this grade lacks of its ground, ``source`` or ``why``; nothing when it has it."""
    match grade:
        case "reported" if "source" not in entry:
            return 'a reported figure needs a source: source = "..."'
        case "derived" if "source" not in entry and "why" not in entry:
            return 'a derived figure needs a source or its formula: why = "..."'
        case "estimated" if "why" not in entry:
            return 'an estimate needs its reason: why = "..."'
    return ""


def _check_range(where: str, valid: Mapping[str, Any], figure: tuple[Row, str] | None, report: Report) -> None:
    ends = {end: valid[end] for end in ("low", "high") if end in valid}
    if not ends:
        return
    if figure is None or figure[0].fields[figure[1]].kind != "number":
        report.add(where, "low and high belong to the key of one number")
        return
    row, name = figure
    for end, value in ends.items():
        if name in refused(row.declaration, {name: value}):
            message, allowed, nearest = fault(row.fields[name], value)
            report.add(f"{where}.{end}", message, value, allowed, nearest)
    number = row.valid.get(name)
    if isinstance(number, float) and not ends.get("low", number) <= number <= ends.get("high", number):
        written = ", ".join(f"{end} {toml_text(value)}" for end, value in ends.items())
        report.add(where, f"the value {toml_text(number)} lies outside its range: {written}")
