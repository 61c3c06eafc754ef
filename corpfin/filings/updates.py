"""Monthly production updates, which carry no XBRL: a table that a person pastes becomes known months.

The first line names the columns: ``month`` (or ``from`` and ``to``), figures by their names in ``[[known_month]]``,
``source`` (the title of the release) and, if wanted, ``date``, ``url`` and ``hpc``. Columns are set off by tabs,
semicolons or commas. An empty cell says nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from corpfin.filings.facts import WHOLE, Fact, Filing
from corpfin.filings.refresh import Group, Proposal
from corpfin.inputs import Company, nearest_name
from corpfin.inputs.company import KnownCompanyMonth
from corpfin.inputs.errors import Report
from corpfin.inputs.known import is_month, next_month
from corpfin.inputs.provenance import Source
from corpfin.inputs.schema import declared, fault, within

FIELDS = declared(KnownCompanyMonth)
FIGURES = tuple(name for name, item in FIELDS.items() if item.kind == "number")
WHEN = ("month", "from", "to", "hpc")
ABOUT = ("source", "date", "url")
SUFFIXES = (".csv", ".tsv")
LARGEST = 1 << 20


@dataclass(frozen=True)
class Update:
    """One row: the names of its block, its figures, and the release it is from."""

    block: Mapping[str, str]
    figures: Mapping[str, float]
    source: Source
    line: int

    @property
    def key(self) -> str:
        """Key of its block in the company file."""
        return f"known_month.{'/'.join(self.block[name] for name in WHEN if name in self.block)}"


@dataclass(frozen=True)
class Updates:
    """The rows held against a company: proposals, changed figures by key, and blocks that are new."""

    proposals: tuple[Proposal, ...] = ()
    edits: Mapping[str, float] = field(default_factory=dict)
    blocks: tuple[Mapping[str, Any], ...] = ()
    cited: Mapping[str, Source] = field(default_factory=dict)


def read_updates(path: Path) -> list[Update]:
    """The rows of a table; raises :class:`InputError` with everything that is wrong with it, each with its line."""
    report = Report(path)
    if path.stat().st_size > LARGEST:
        report.add("", f"is larger than {LARGEST >> 20} MB")
        report.close()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        report.add(f"byte {error.start:,}", "is not UTF-8 text")
        report.close()
    lines = text.splitlines()
    mark = next((mark for mark in "\t;," if lines and mark in lines[0]), ",")
    try:
        rows = list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        report.add("", f"is no table: {error}")
        report.close()
    names = [name.strip() for name in rows[0]] if rows else []
    for name in names:
        if name not in (*WHEN, *FIGURES, *ABOUT):
            known = (*WHEN, *FIGURES, *ABOUT)
            report.add("line 1", "unknown column", name, ", ".join(known), nearest_name(name, known))
    if "source" not in names:
        report.add("line 1", "has no column source; each row names the release it is from")
    for name in {name for name in names if names.count(name) > 1}:
        report.add("line 1", "names a column twice", name)
    report.close()
    found = [_update(names, row, number, report) for number, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    if not found and not report.problems:
        report.add("", "holds no row")
    report.close()
    return [update for update in found if update is not None]


def hold_updates(company: Company, updates: list[Update]) -> Updates:
    """Hold the rows against the months of a company file."""
    given = {row.key: row.written for row in company.rows if row.table == "known_month"}
    proposals: list[Proposal] = []
    edits: dict[str, float] = {}
    blocks: dict[str, dict[str, Any]] = {}
    cited: dict[str, Source] = {}
    for update in updates:
        for name, value in update.figures.items():
            key = f"{update.key}.{name}"
            before = given.get(update.key, {}).get(name)
            group: Group = "new" if before is None else "matched"
            proposals.append(
                Proposal(group, key, before, value, FIELDS[name].spec.unit, "", (_fact(update, name, value),))
            )
            cited[key] = update.source
            if update.key in given:
                edits[key] = value
            else:
                blocks.setdefault(update.key, dict(update.block))[name] = value
    return Updates(tuple(proposals), edits, tuple(blocks.values()), cited)


def _update(names: list[str], row: list[str], number: int, report: Report) -> Update | None:
    """One row; what is wrong with it goes into the report, and None is returned."""
    where = f"line {number}"
    if len(row) != len(names):
        report.add(where, f"has {len(row)} columns, the first line {len(names)}")
        return None
    cells = {name: cell.strip() for name, cell in zip(names, row, strict=True) if cell.strip()}
    problems = len(report.problems)
    when = {name: cells[name] for name in WHEN if name in cells}
    if {*when} - {"hpc"} not in ({"month"}, {"from", "to"}):
        report.add(where, "needs either month or both from and to")
    for name in (name for name in ("month", "from", "to") if name in when and not is_month(when[name])):
        report.add(f"{where}, {name}", "is no month", when[name], "YYYY-MM")
    figures = dict(_figures(cells, where, report))
    if not figures and len(report.problems) == problems:
        report.add(where, "has no figure", None, ", ".join(FIGURES))
    published = _date(cells.get("date", ""), where, report)
    if "source" not in cells:
        report.add(where, "names no source")
    if len(report.problems) > problems:
        return None
    title = cells["source"]
    short = re.sub(r"[^a-z0-9]+", "-", f"{title} {published or ''}".lower()).strip("-") or "update"
    return Update(when, figures, Source(id=short, title=title, date=published, url=cells.get("url")), number)


def _figures(cells: Mapping[str, str], where: str, report: Report) -> Iterator[tuple[str, float]]:
    for name in (name for name in FIGURES if name in cells):
        text = cells[name]
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            report.add(f"{where}, {name}", "is not a number", cells[name])
        elif not within(FIELDS[name], float(text)):
            message, allowed, _ = fault(FIELDS[name], float(text))
            report.add(f"{where}, {name}", message, float(text), allowed)
        else:
            yield name, float(text)


def _date(text: str, where: str, report: Report) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        report.add(f"{where}, date", "is not a date", text, "YYYY-MM-DD")
        return None


def _fact(update: Update, name: str, value: float) -> Fact:
    """A figure of the table as a fact of its release."""
    first, last = (update.block.get(end) or update.block["month"] for end in ("from", "to"))
    end = date.fromordinal(date.fromisoformat(f"{next_month(last)}-01").toordinal() - 1)
    filing = Filing(update.source.title, "", end, filed=update.source.date)
    return Fact(f"table:{name}", value, "", WHOLE, date.fromisoformat(f"{first}-01"), end, filing, place=update.line)


def is_table(path: Path) -> bool:
    """Whether a file is such a table, told by its name."""
    return path.suffix.lower() in SUFFIXES
