"""The Inputs sheet: every figure of company and market with value, range, grade and source; constants at its foot.

Column E is what a person types, column F what the model reads: months for a date, 1 or 0 for a choice, and the value
for absence where E is left blank. Column H keeps what the file says, and I is 1 where E is something else. J is 0 where
a block of its kind has no such figure, which is then read as blank; K is 1 where what stands in E would be refused for
its kind when the book is read back, or is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from corpfin.engine import Graph
from corpfin.engine.formulas import constant_name
from corpfin.inputs import Company, Market
from corpfin.inputs.documents import Figure
from corpfin.inputs.protocol import EPOCH_DAYS
from corpfin.inputs.rows import Row as FileRow
from corpfin.inputs.schema import Declared
from corpfin.lines.constants import DUST, NEVER_MONTH, ONE_YEAR, STEPS_PER_QUARTER
from corpfin.runs.declared import ModelInput
from corpfin.workbook.book import (
    CONSTANT,
    INPUTS,
    ONE,
    OPENING,
    TOTAL,
    UNSHOCKED,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
    clean,
)
from corpfin.workbook.input_cells import held, validation
from corpfin.workbook.spare import nothing
from corpfin.workbook.wiring import Wiring, is_settled, is_share

FILED, CHANGED, APPLIES, FAULT, LOW, HIGH, GRADE, ALLOWED, KEY = range(OPENING + 1, OPENING + 10)
HEADINGS = (
    "Section", "Label", "Unit", "Source or note", "Input", "Read by the model", "If left blank",
    "In the file", "Changed", "Its kind has it", "Not allowed", "Low", "High", "Grade", "Allowed", "Key in the file",
)  # fmt: skip
CONSTANTS = "constant"
"""The section of the named constants."""

CHANGES = "inputs_changed"
"""The named cell that counts the changed inputs."""

MONTHS_A_YEAR = "MONTHS_A_YEAR"
HALVING_DAYS = "HALVING_DAYS"
PRESENTED = {"STEPS_PER_QUARTER": STEPS_PER_QUARTER, "NEVER_MONTH": NEVER_MONTH, "DUST": DUST}
"""Constants that the presentation sheets use, whatever the lines do."""

TOLERANCE = "CHECK_TOLERANCE"
KIND = "kind"
HALVING = ("network", "halving_date")
"""The one field no line reads that the timeline does."""


class Read(NamedTuple):
    """An input of the model and the instances of its block that read it from one place."""

    item: ModelInput
    instances: list[int]


@dataclass(frozen=True)
class Blank:
    """An input cell: the document it belongs to, its figure, its declaration and its key in the file."""

    document: str
    figure: Figure
    field: Declared
    key: str


@dataclass
class InputsSheet:
    """The sheet, and the input cell in each of its rows."""

    sheet: Sheet
    blanks: dict[int, Blank]
    as_of: str = ""
    halving: str = ""


def lay_out_inputs(book: Book, wiring: Wiring, tolerance: float) -> InputsSheet:
    """Add the Inputs sheet: company, market, constants."""
    lead = (
        "Blue cells may be changed: the file's value stays beside them. Column F is what the model reads. "
        "Low and high bound what is not known exactly."
    )
    sheet = book.sheet(Sheet(INPUTS, "Inputs", lead, monthly=False, headings=HEADINGS))
    builder = _Builder(book, wiring, InputsSheet(sheet, {}))
    builder.balance_sheet_date()
    for name, document in sorted(wiring.documents.items()):
        builder.document(name, document)
    builder.constants(tolerance)
    builder.count_changes()
    return builder.made


def given_text(figure: Figure) -> str:
    """Grade, source, reason of a figure."""
    return "; ".join(filter(None, (figure.source_text, figure.why)))


class _Builder:
    def __init__(self, book: Book, wiring: Wiring, made: InputsSheet) -> None:
        self.book, self.wiring, self.made, self.sheet = book, wiring, made, made.sheet
        self.as_of = wiring.as_of
        self.filed = {
            (name, *row): figure
            for name, file in wiring.filed.items()
            for row, figure in (((each.table, each.id, each.field), each) for each in file.figures())
        }
        self.had = {(name, row.table, row.id): row.has for name, file in wiring.filed.items() for row in file.rows}
        self.count = Row("", "Inputs changed in this book", "count", "blue cells that differ from the file's value")
        note = "blue cells that are missing, or filled though a block of its kind has no such figure"
        self.faults = Row("", "Inputs not allowed as they stand", "count", note)
        self.choices: dict[str, dict[str, int]] = {}
        self.used = ""
        self.last_of: dict[int, int] = {}

    def document(self, name: str, document: Company | Market) -> None:
        graph = self.wiring.graphs[name]
        read: dict[tuple[str, str | None, str], list[Read]] = {}
        lacking: list[Read] = []
        for item in self.wiring.inputs[name].values():
            found: dict[tuple[str, str | None, str] | None, list[int]] = {}
            for k, member in enumerate(self.wiring.members[name].get(item.scope, ())):
                if not self.wiring.is_read(graph, item, k):
                    continue
                source = item.source(member)
                fixed = self.wiring.fixed(Datum(name, ONE, item.scope, k, item.name)) is not None
                found.setdefault(source.key if source and not fixed else None, []).append(k)
            lacking += [Read(item, ks) for key, ks in found.items() if key is None]
            for key, ks in found.items():
                if key is not None:
                    read.setdefault(key, []).append(Read(item, ks))
        informative: list[tuple[FileRow, Figure]] = []
        for row in document.rows:
            if row.table.startswith("defaults.") or row.table == "known_month":
                continue
            headed = False
            slot = (row.table, row.id) in self.wiring.slots
            for field in row.fields.values():
                if not slot and not row.has(field.name):
                    continue
                figure = document.figure(row.table, row.id, field.name)
                readers = read.get((row.table, row.id, field.name), [])
                settled = not slot and is_settled(row, field)
                if not settled and not readers and (row.table, field.name) != HALVING:
                    if not slot:
                        informative.append((row, figure))
                    continue
                if not headed:
                    self.sheet.head(f"{row.key}: spare, fill in to use" if slot else _heading(row))
                    headed = True
                    if slot:
                        self.open_slot(row)
                if settled:
                    self.settled(row, figure)
                else:
                    self.field(graph, name, row, field, figure, readers)
            if slot:
                self.close_slot()
        self.lacking(graph, name, lacking)
        self.information(name, informative)

    def open_slot(self, row: FileRow) -> None:
        """Begin a spare slot, with a cell that says whether something is filled in."""
        empty = (row.table, row.id) in self.wiring.empty
        self.sheet.folding = False  # in a protected sheet nobody could unfold them
        line = Row(row.key, "In use: a figure below is filled in", "flag", "")
        line.total = Cell(float(not empty), partial(self.filled, self.sheet.next + 1))
        self.used = f"$F${self.sheet.add(line)}"

    def filled(self, first: int) -> str:
        """1 once a cell of the slot that begins in a row holds something."""
        return f"IF(COUNTA($E${first}:$E${self.last_of[first]})>0,1,0)"

    def close_slot(self) -> None:
        """End a spare slot."""
        self.last_of[int(self.used.rpartition("$")[2]) + 1] = self.sheet.next - 1
        self.sheet.folding, self.used = None, ""

    def balance_sheet_date(self) -> None:
        self.sheet.head("Balance-sheet date")
        row = Row("", "Balance-sheet date; the first projected month is the next one", "date", "")
        row.constant = Cell(self.as_of, kind=Kind.CONSTANT)
        self.made.as_of = f"$E${self.sheet.add(row)}"
        self.book.names[CHANGES] = self.sheet.add(self.count)
        self.sheet.add(self.faults)

    def count_changes(self) -> None:
        """Put the number of changed inputs, known once every input has its row, at the head of the sheet."""
        rows = [row for number in self.made.blanks if isinstance(row := self.sheet.rows[number], Row)]
        for line, place in ((self.count, CHANGED), (self.faults, FAULT)):
            column = xl_col_to_name(place)
            span = f"${column}${min(self.made.blanks)}:${column}${max(self.made.blanks)}"
            line.constant = Cell(sum(row.extra[place].value for row in rows if place in row.extra), f"SUM({span})")

    def lacking(self, graph: Graph, document: str, read: Sequence[Read]) -> None:
        """What some instances of a block do not have, such as a fleet the terms of an order: read as left out."""
        if read:
            self.sheet.head(f"{document.capitalize()}: what is no part of some blocks, read as left out")
        for item, instances in read:
            ids = [self.wiring.ids(graph, item.scope)[k] for k in instances]
            row = Row(item.scope, item.field.spec.meaning, item.field.spec.unit or "1", f"not of {', '.join(ids)}")
            datum = Datum(graph.name, ONE, item.scope, instances[0], item.name)
            row.total = Cell(self.wiring.value(datum), kind=Kind.CONSTANT)
            self.settle(graph, item, instances, self.sheet.add(row))

    def field(
        self, graph: Graph, document: str, row: FileRow, field: Declared, figure: Figure, read: Sequence[Read]
    ) -> None:
        match field.kind:
            case "word":
                number = self.blank(document, row, field, figure)
                for item, instances in read:
                    choice = Row(row.key, item.choice, "flag", f"1 when {field.name} is this")
                    here = self.sheet.next
                    value = item.read(figure.value, self.as_of)
                    choice.total = Cell(value, f"IF($F${number}=$B{here},1,0)")
                    if field.name == KIND:
                        self.choices.setdefault(row.key, {})[item.choice] = here
                    self.settle(graph, item, instances, self.sheet.add(choice))
            case "words":
                words = list(figure.value) if isinstance(figure.value, list) else []
                places = [self.blank(document, row, field, figure, place) for place in range(len(words))]
                for item, instances in read:
                    rank = Row(row.key, item.choice, "count", f"place in {field.name}")
                    here = self.sheet.next
                    text = f"MATCH($B{here},$F${places[0]}:$F${places[-1]},0)"
                    rank.total = Cell(item.read(figure.value, self.as_of), text)
                    self.settle(graph, item, instances, self.sheet.add(rank))
            case _:
                number = self.blank(document, row, field, figure)
                if (row.table, field.name) == HALVING:
                    self.made.halving = f"$F${number}"
                for item, instances in read:
                    self.settle(graph, item, instances, number)

    def settled(self, row: FileRow, figure: Figure) -> None:
        """What a block is: to be changed in the file, because its rows follow from it."""
        if figure.grade != "absent":
            note = "settled: another kind has other rows; change it in the file"
            value = Cell(figure.value, kind=Kind.CONSTANT)
            self.sheet.add(Row(row.key, clean(figure.meaning), "text", note, constant=value))

    def settle(self, graph: Graph, item: ModelInput, instances: Sequence[int], row: int) -> None:
        for instance in instances:
            datum = Datum(graph.name, ONE, item.scope, instance, item.name)
            here = self.wiring.sheet_of(datum) == INPUTS
            self.book.settle(self.sheet, datum if here else datum._replace(shape=UNSHOCKED), row, TOTAL)

    def blank(self, document: str, row: FileRow, field: Declared, figure: Figure, place: int = -1) -> int:
        """Add the row of one input cell; ``place`` counts the cells of a list of words."""
        number = self.sheet.next
        unit = {"date": "date", "truth": "flag", "word": "text", "words": "text"}.get(field.kind, figure.unit)
        look = "share" if is_share(field) else ""
        label = figure.meaning if place < 0 else f"{figure.meaning}: place {place + 1}"
        line = Row(row.key, clean(label), unit, clean(given_text(figure)))
        empty = (row.table, row.id) in self.wiring.empty
        left_out = figure.grade == "absent" or (self.used and field.name not in row.valid)
        typed = None if left_out or empty or not row.has(field.name) else held(figure.value, place)
        required = field.required and not self.used
        line.constant = Cell(typed, kind=Kind.INPUT, unit=look, validation=validation(field, required=required))
        fallback = held(row.defaults.get(field.name, field.spec.absent), place)
        if field.required:
            fallback = nothing(row.declaration)[field.name] if self.used else None
        self.kind_cells(line, row, field, number, typed)
        line.total = self.read_cell(field, number, figure, fallback, place)
        if fallback is not None:
            line.opening = Cell(
                fallback, kind=Kind.CONSTANT,
                unit="month" if field.kind == "date" and not isinstance(fallback, date) else look,
            )  # fmt: skip
        was = self.filed.get((document, figure.table, figure.id, figure.field))
        absent = was is None or was.grade == "absent" or not self.had[document, figure.table, figure.id](field.name)
        filed = None if was is None or absent else held(was.value, place)
        line.extra[FILED] = Cell(filed, kind=Kind.CONSTANT, unit=look)
        line.extra[CHANGED] = Cell(float(typed != filed), _changed(field, number), unit="flag")
        for column, end in ((LOW, was.low), (HIGH, was.high)) if was is not None else ():
            if end is not None:
                line.extra[column] = Cell(end, kind=Kind.CONSTANT, unit=look)
        line.extra[GRADE] = Cell(figure.grade, kind=Kind.CONSTANT, unit="text")
        line.extra[ALLOWED] = Cell(field.allowed or "", kind=Kind.CONSTANT, unit="text")
        line.extra[KEY] = Cell(f"{row.key}.{field.name}", kind=Kind.CONSTANT, unit="text")
        self.made.blanks[number] = Blank(document, figure, field, f"{row.key}.{field.name}")
        return self.sheet.add(line)

    def read_cell(self, field: Declared, number: int, figure: Figure, fallback: Any, place: int) -> Cell:
        """Column F: the input as a line reads it."""
        text, value = f"$E{number}", held(figure.value, place)
        unit = "share" if is_share(field) else ""
        if (figure.table, field.name) == HALVING:
            pass
        elif field.kind == "date":
            years = f"(YEAR($E{number})-YEAR({self.made.as_of}))*{MONTHS_A_YEAR}"
            text = f"({years})+(MONTH($E{number})-MONTH({self.made.as_of}))"
            if isinstance(value, date):
                value = (value.year - self.as_of.year) * 12 + value.month - self.as_of.month
            unit = "month"
        elif field.kind == "truth":
            text, value = f"IF($E{number},1,0)", float(value)
        if fallback is not None and self.used and field.spec.kinds:
            text = f"IF(OR(ISBLANK($E{number}),$J{number}<1),$G{number},{text})"
        elif fallback is not None:
            text = f"IF(ISBLANK($E{number}),$G{number},{text})"
        return Cell(value, text, unit=unit)

    def kind_cells(self, line: Row, row: FileRow, field: Declared, number: int, typed: Any) -> None:
        """Whether a slot's kind has the field, and of any block whether what is typed is refused or lacking."""
        blank = f"ISBLANK($E{number})"
        lacking = float(typed is None and (row.table, row.id) not in self.wiring.empty)
        if self.used and field.spec.kinds:
            has = row.has(field.name)
            line.extra[APPLIES] = Cell(float(has), self.of_kind(row, field), unit="flag")
            here = f"IF({blank},{self.used},0)" if field.spec.needed else "0"
            lacks = lacking if field.spec.needed and has else 0.0
            line.extra[FAULT] = Cell(lacks, f"IF($J{number}>0,{here},IF({blank},0,1))", unit="flag")
        elif field.required or field.spec.needed:
            line.extra[FAULT] = Cell(lacking, f"IF({blank},{self.used or 1},0)", unit="flag")

    def of_kind(self, row: FileRow, field: Declared) -> str:
        """1 where the block is of a kind that has the field: the plain kind is none of the others."""
        choices = self.choices[row.key]
        others = [f"$F${number}" for word, number in choices.items() if word in field.spec.kinds]
        if any(kind not in choices for kind in field.spec.kinds):
            others.append(f"(1-({'+'.join(f'$F${number}' for number in choices.values())}))")
        return f"IF(({'+'.join(others)})>0,1,0)"

    def information(self, document: str, figures: Sequence[tuple[FileRow, Figure]]) -> None:
        """What no formula reads: names, tenants, reported figures, parameters of chance."""
        if figures:
            self.sheet.head(f"{document.capitalize()}: for information, no formula reads it")
        for row, figure in figures:
            if figure.value is None or figure.field in ("format", "as_of"):
                continue
            value = ", ".join(figure.value) if isinstance(figure.value, list) else figure.value
            unit = "date" if isinstance(value, date) else figure.unit if isinstance(value, float) else "text"
            line = Row(row.key, clean(figure.meaning), unit, clean(given_text(figure)))
            line.constant = Cell(value, kind=Kind.CONSTANT)
            for column, end in ((LOW, figure.low), (HIGH, figure.high)):
                if end is not None:
                    line.extra[column] = Cell(end, kind=Kind.CONSTANT)
            line.extra[GRADE] = Cell(figure.grade, kind=Kind.CONSTANT, unit="text")
            line.extra[KEY] = Cell(f"{row.key}.{figure.field}", kind=Kind.CONSTANT, unit="text")
            self.sheet.add(line)

    def constants(self, tolerance: float) -> None:
        """Physical and calendar constants as named cells, then what the lines start from."""
        self.sheet.head("Constants, named cells")
        for name, value, unit, meaning in self.named(tolerance):
            row = Row(CONSTANTS, meaning, unit, constant_name(name))
            row.constant = Cell(value, kind=Kind.CONSTANT)
            self.book.names[constant_name(name)] = self.sheet.add(row)
        self.sheet.head("What lines start from")
        for graph in self.wiring.graphs.values():
            for (scope, name), constant in graph.opening_constants.items():
                datum = Datum(graph.name, ONE, scope, 0, name)
                if datum not in self.wiring.read:
                    continue
                row = Row(scope or graph.name, constant.meaning, constant.unit, name)
                row.constant = Cell(float(constant), kind=Kind.CONSTANT)
                self.book.settle(self.sheet, datum, self.sheet.add(row), CONSTANT)

    def named(self, tolerance: float) -> Iterator[tuple[str, float, str, str]]:
        yield TOLERANCE, tolerance, "1", "A check holds when it is nearer to zero than this"
        yield MONTHS_A_YEAR, float(ONE_YEAR), ONE_YEAR.unit, ONE_YEAR.meaning
        yield HALVING_DAYS, EPOCH_DAYS, "day", "Days of 210,000 blocks, from one halving to the next"
        for name, constant in sorted({**self.wiring.constants, **PRESENTED}.items()):
            yield name, float(constant), constant.unit, constant.meaning


def _heading(row: FileRow) -> str:
    named = row.get("name") or row.get("holder") or row.get("tenant")
    return f"{row.key}: {named}" if named else row.key


def _changed(field: Declared, number: int) -> str:
    """1 where what is typed in a row is not what the file says; blank is not zero."""
    typed, filed = (f"${xl_col_to_name(column)}{number}" for column in (CONSTANT, FILED))
    same = f"IF({typed},1,0)=IF({filed},1,0)" if field.kind == "truth" else f"{typed}={filed}"
    return f"IF(ISBLANK({typed}),IF(ISBLANK({filed}),0,1),IF(ISBLANK({filed}),1,IF({same},0,1)))"
