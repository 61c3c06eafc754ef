"""Spare slots: blocks of the model, empty and without any effect, that a reader can fill in the book.

A slot is a block like any other, with the rows of every kind. What its blocks must give is read as nothing until it is
typed: no principal, no megawatts, no hash rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from corpfin.engine import interpret
from corpfin.inputs import Company
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Document
from corpfin.inputs.fields import Table
from corpfin.inputs.rows import Row, layout
from corpfin.inputs.schema import Value, declared
from corpfin.paths import central_company
from corpfin.runs.cases import prepare_company
from corpfin.runs.graphs import company_graph
from corpfin.runs.projection import Projection

SPARE = "spare-"
Block = tuple[str, str | None]
"""Table and id of a block."""


def slots(counts: Mapping[str, int]) -> frozenset[Block]:
    """The slots of a book, by the number of them in each table."""
    return frozenset((table, f"{SPARE}{n}") for table, count in counts.items() for n in range(1, count + 1))


def nothing(table: type[Table]) -> dict[str, Value]:
    """What a block of a table says that does nothing: of all it must give, the plain word and the least number."""
    found: dict[str, Value] = {}
    for name, field in declared(table).items():
        if field.required and field.kind == "word":
            found[name] = field.words[0]
        elif field.required and field.kind == "number":
            found[name] = float(field.limits.get("ge", field.limits.get("le", 1.0)))
    return found


def is_used(company: Company, slot: Block) -> bool:
    """Whether a slot of a company holds anything but nothing."""
    row = next(row for row in company.rows if (row.table, row.id) == slot)
    return row.valid != {"id": row.id, **nothing(row.declaration)}


def slots_of(
    company: Document | None, filed: Document | None, counts: Mapping[str, int]
) -> tuple[frozenset[Block], frozenset[Block]]:
    """The spare slots among the blocks of a company as it is shown, and those that nobody has filled.

    ``filed`` is its file as it was before a book was read back: a block of the file is in use whatever it says.
    """
    if not isinstance(company, Company) or filed is None:
        return frozenset(), frozenset()
    there = slots(counts) & {(row.table, row.id) for row in company.rows}
    given = {(row.table, row.id) for row in filed.rows}
    return there, frozenset(slot for slot in there - given if not is_used(company, slot))


def is_known(table: type[Table], defaults: Mapping[str, Any]) -> bool:
    """Whether the market gives all that a block may leave out: that of 2021 knows nothing of HPC."""
    return all(
        name in defaults or field.required or field.spec.absent is not None or not field.spec.model
        for name, field in declared(table).items()
    )


def with_slots(company: Company, counts: Mapping[str, int]) -> Company:
    """The company with its spare slots, behind the other blocks of their tables; those in use stay in theirs.

    Tables of which its market gives no defaults have none.
    """
    rows, tables = list(company.rows), company.tables
    for table, count in counts.items():
        shape = layout(CompanyTables)[table]
        defaults = company.defaults.values.get(table, {})
        if not is_known(shape.table, defaults):
            continue
        ids = [f"{SPARE}{n}" for n in range(1, count + 1)]
        there = {row.id: row for row in rows if row.table == table}
        blocks = {block.id: block for block in getattr(tables, table)}
        for id in ids:
            if id not in there:
                said: dict[str, Any] = {"id": id, **nothing(shape.table)}
                there[id] = Row(table, id, f"{table}.{id}", shape.table, said, said, defaults)
                blocks[id] = shape.table.model_validate(said)
        order = [*(id for id in blocks if id not in ids), *ids]
        tables = tables.model_copy(update={table: [blocks[id] for id in order]})
        names = list(layout(CompanyTables))
        before = [row for row in rows if names.index(row.table) < names.index(table)]
        after = [row for row in rows if names.index(row.table) > names.index(table)]
        rows = [*before, *(there[id] for id in order), *after]
    return replace(company, rows=tuple(rows), tables=tables, origin=company.origin or company)


def spared(projection: Projection, counts: Mapping[str, int]) -> Projection:
    """The same path of the company with its spare slots; their draws are those of the central path."""
    case = prepare_company(with_slots(projection.company, counts), projection.market_case)
    draws = {scope: dict(found) for scope, found in projection.values.draws.items()}
    drawn = dict(projection.drawn)
    central = central_company(case.randomness, case.ticker, case.projects)
    there = {id: k for k, id in enumerate(projection.values.data.instances.get("hpc", ()))}

    def with_central(name: str, own: np.ndarray) -> np.ndarray:
        own = np.atleast_1d(own)
        return np.array([
            own[there[project.id]] if project.id in there else central[name][k]
            for k, project in enumerate(case.projects)
        ])  # fmt: skip

    for name in draws.get("hpc", {}):
        draws["hpc"][name] = with_central(name, draws["hpc"][name])
        drawn |= {name: with_central(name, drawn[name])} if name in drawn else {}
    values = interpret(company_graph(), case.data, draws, projection.market)
    return Projection(case, projection.market_case, projection.market, values, projection.path, drawn)
