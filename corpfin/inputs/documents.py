"""What a loaded file is: a company, a market or a scenario, with the value, grade and source of every figure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, Self

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.errors import nearest_name
from corpfin.inputs.fields import NEVER
from corpfin.inputs.market import MarketTables, ScenarioTables, Shock
from corpfin.inputs.provenance import Provenance
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Declared, Value
from corpfin.inputs.tenants import Tenants

Grade = Literal["reported", "derived", "estimated", "default", "absent", "text"]
Key = tuple[str, str | None, str]
"""Table, id of the block (None for a table that stands once) and field of a figure."""

COUNTED: tuple[Grade, ...] = ("reported", "derived", "estimated", "default")


@dataclass(frozen=True)
class Figure:
    """One field of one block, given or not.

    ``value`` is in ``unit``: as written (numbers as floats), else the market's default (grade "default"), else what
    the model reads when there is neither (grade "absent"; None when it reads nothing). Grade "text" marks words for
    people, which need no source. ``low`` and ``high`` bound a figure that is not known exactly.
    """

    table: str
    id: str | None
    field: str
    value: Value | None
    unit: str
    meaning: str
    grade: Grade
    source_text: str
    why: str
    low: float | None
    high: float | None

    @property
    def origin(self) -> str:
        """Grade, source, reason and range on one line."""
        low, high = (self.value if end is None else end for end in (self.low, self.high))
        known_range = "" if self.low is None and self.high is None else f"{low:.12g} to {high:.12g}"
        known = "; ".join(filter(None, (self.source_text, self.why, known_range)))
        return f"{self.grade}: {known}" if known else self.grade


class Tally(NamedTuple):
    """How many figures have a grade and which share of all graded ones they are."""

    figures: int
    share: float


@dataclass(frozen=True)
class Defaults:
    """What companies leave out: ``values[table][field]``, each with its citation under ``defaults.table.field``.

    Before them come, for a project, the figures of its tenant.
    """

    values: Mapping[str, Mapping[str, Value]]
    provenance: Provenance
    tenants: Tenants = field(default_factory=dict)

    def key(self, row: Row, name: str) -> str:
        """The key of the market file that gives a field which the row leaves out."""
        shared = self.tenants.get(str(row.valid.get("tenant")), {}) if row.table == "hpc" else {}
        return shared[name].key if name in shared else f"defaults.{row.table}.{name}"


@dataclass(frozen=True, repr=False)
class Document:
    """A file whose figures carry grades and sources; base of :class:`Company` and :class:`Market`."""

    file: Path
    rows: tuple[Row, ...]
    provenance: Provenance
    defaults: Defaults
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    tables: CompanyTables | MarketTables

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.file.name}>"

    def value(self, table: str, field: str, id: str | None = None) -> Value | None:
        """The value the model reads, in the unit of the field: as written, else the default, else the absent value.

        An absent date is a month number (``NEVER`` or 0). ``KeyError`` if there is no such block or field.
        """
        return self.figure(table, id, field).value

    def figure(self, table: str, id: str | None, field: str) -> Figure:
        """One field of the block ``id`` of ``table`` (None for a table that stands once); ``KeyError`` if not there."""
        key = f"{table}.{id}" if id else table
        row = next((row for row in self.rows if row.key == key), None)
        if row is None:
            raise KeyError(f"no {key}; nearest is {nearest_name(key, [row.key for row in self.rows])}")
        if field not in row.fields:
            raise KeyError(f"no field {field} in {table}; nearest is {nearest_name(field, row.fields)}")
        return self._figure(row, row.fields[field])

    @cached_property
    def values(self) -> dict[Key, Value | None]:
        """What the model reads of every field, by table, block and name."""
        return {
            (row.table, row.id, name): row.get(name) if name in row.valid or name in row.defaults else each.spec.absent
            for row in self.rows
            for name, each in row.fields.items()
        }

    def figures(self) -> Iterator[Figure]:
        """Every field of every block, left-out ones included, in the order of declaration."""
        for row in self.rows:
            for each in row.fields.values():
                yield self._figure(row, each)

    def source_of(self, table: str, id: str | None, field: str) -> str:
        """Where a figure comes from, on one line: ``reported: First quarter 2026 results (2026-05-07)``."""
        return self.figure(table, id, field).origin

    def grades(self) -> dict[Grade, Tally]:
        """Count and share of the figures of each grade; texts and absent figures are not counted."""
        counts = Counter(figure.grade for figure in self.figures())
        total = sum(counts[grade] for grade in COUNTED)
        return {grade: Tally(counts[grade], counts[grade] / total if total else 0.0) for grade in COUNTED}

    def digest(self) -> str:
        """SHA-256 of every figure with its provenance: equal for files that say the same, however they are laid out."""
        return hashlib.sha256("\n".join(sorted(repr(figure) for figure in self.figures())).encode()).hexdigest()

    def changed(self, values: Mapping[Key, Value]) -> Self:
        """A copy in which figures have other values, unchecked; their grades stay those of the original.

        ``KeyError`` if there is no such block or field.
        """
        rows, tables = list(self.rows), self.tables
        for (table, id, name), value in values.items():
            self.figure(table, id, name)
            number = next(n for n, row in enumerate(rows) if (row.table, row.id) == (table, id))
            row = rows[number]
            rows[number] = replace(row, written={**row.written, name: value}, valid={**row.valid, name: value})
            old = getattr(tables, table)
            new = (
                [block.model_copy(update={name: value}) if block.id == id else block for block in old]
                if isinstance(old, list)
                else old.model_copy(update={name: value})
            )
            tables = tables.model_copy(update={table: new})
        return replace(self, rows=tuple(rows), tables=tables)

    def _figure(self, row: Row, field: Declared) -> Figure:
        spec, name = field.spec, field.name
        label = (row.table, row.id, name)
        if name not in row.valid and name not in row.defaults:
            reading = {None: "not given", NEVER: "not given, read as never"}
            why = reading.get(spec.absent, f"not given, read as {spec.absent}")
            return Figure(*label, spec.absent, spec.unit, spec.meaning, "absent", "", why, None, None)
        grade: Grade
        if name in row.valid:
            provenance, citation = self.provenance, self.provenance.of(f"{row.key}.{name}")
            grade = citation.grade if citation and field.graded else "text"
        else:
            provenance = self.defaults.provenance
            citation = provenance.of(self.defaults.key(row, name))
            grade = "default"
        source = provenance.source_text(citation)
        why, low, high = (citation.why or "", citation.low, citation.high) if citation else ("", None, None)
        return Figure(*label, row.get(name), spec.unit, spec.meaning, grade, source, why, low, high)


@dataclass(frozen=True, repr=False)
class Company(Document):
    """One company: ``tables`` as written, figures with the market's defaults where the file is silent.

    ``origin`` is the company that a changed copy was made of: what is known of its months is held against that one.
    """

    tables: CompanyTables
    origin: Company | None = None

    def changed(self, values: Mapping[Key, Value]) -> Company:
        """A copy in which figures have other values; what is known of its months is still held against this one."""
        return replace(super().changed(values), origin=self.origin or self)

    @property
    def name(self) -> str:
        """Registered name."""
        return self.tables.company.name

    @property
    def ticker(self) -> str:
        """Stock ticker."""
        return self.tables.company.ticker

    @property
    def as_of(self) -> date:
        """Balance-sheet date; the first projected month is the next one."""
        return self.tables.company.as_of

    @property
    def unconsolidated(self) -> tuple[str, ...]:
        """Ids of the projects that its published accounts do not consolidate."""
        return tuple(row.id for row in self.tables.hpc if not self.values["hpc", row.id, "consolidated"])


@dataclass(frozen=True, repr=False)
class Market(Document):
    """The network, the price process, the other factors and the rules that all companies share.

    Its figures include the defaults for companies, as tables ``defaults.equity``, ``defaults.hpc`` and so on.
    ``origin`` is the market that an edited copy was made of.
    """

    tables: MarketTables
    origin: Market | None = None

    @property
    def as_of(self) -> date:
        """Last day before the first projected month."""
        return self.tables.network.as_of


@dataclass(frozen=True)
class Scenario:
    """A named set of shocks to the inputs and factors."""

    file: Path
    tables: ScenarioTables

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.tables.scenario.name

    @property
    def story(self) -> str:
        """Two lines for people."""
        return self.tables.scenario.story

    @property
    def shocks(self) -> tuple[Shock, ...]:
        """The shocks, in the order of the file."""
        return tuple(self.tables.shock)

    def digest(self) -> str:
        """SHA-256 of the contents."""
        return hashlib.sha256(self.tables.model_dump_json().encode()).hexdigest()
