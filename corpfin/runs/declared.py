"""What is declared of the model: tables of inputs, blocks, series and draws, and the inputs of the graphs they become.

A field of an input table becomes an input of the graph under its own name, with four rules. A date ``maturity`` or
``issue_date`` is read as ``maturity_month`` or ``issue_month``, months from the balance-sheet date. A word is read as
one input of 0 or 1 per choice, an ordered list of words as the rank of each. A field that carries the name of a line is
that line's value before month 1, ``opening_cash`` for ``cash``.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from corpfin import lines
from corpfin.engine import Given
from corpfin.inputs import Table
from corpfin.inputs.checks import DRAWN
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import drawn_by
from corpfin.inputs.market import MarketTables
from corpfin.inputs.rows import Shape, layout
from corpfin.inputs.schema import Declared, declared
from corpfin.runs.months import month_number

SHAPES: dict[str, Shape] = layout(MarketTables) | layout(CompanyTables)
"""Every table of a market or company file, by name."""


def read_by_lines(tables: type[Table]) -> dict[str, type[Table]]:
    """The tables of a file that lines read, by name: those with a field that reaches a line."""
    return {
        name: shape.table
        for name, shape in layout(tables).items()
        if any(field.spec.model for field in declared(shape.table).values())
    }


SECTOR = "impact"
"""The table of a market file that the sector alone reads."""

MARKET_TABLES = {name: table for name, table in read_by_lines(MarketTables).items() if name != SECTOR}
SECTOR_TABLES = {SECTOR: read_by_lines(MarketTables)[SECTOR]}
COMPANY_TABLES = read_by_lines(CompanyTables)


@dataclass(frozen=True)
class Join:
    """How the blocks of a table stand among those of another, ``block``.

    Its field ``by`` names the one whose figures they share. Not shared are the fields of ``block`` that are ``own``:
    each has a field of the table in its place, or nothing, and is then read as left out.
    """

    block: str
    by: str
    own: Mapping[str, str]


JOINS = {
    "order": Join(
        "fleet", "fleet", {"hashrate": "", "efficiency": "order_efficiency", "target_hashrate": "", "target_date": ""}
    )
}
"""Tables whose blocks are instances of another's: machines on order run as a fleet that has still to come."""

BLOCKS = tuple(name for name in (*MARKET_TABLES, *COMPANY_TABLES) if SHAPES[name].repeats and name not in JOINS)
"""The tables that stand once for each machine class, fleet, note ...: a line below one has a value for each."""


@dataclass(frozen=True)
class Member:
    """One instance of a block of the model: a block ``id`` of ``table``, which shares figures of the block ``host``."""

    id: str | None
    table: str
    host: str | None = None


@dataclass(frozen=True)
class Source:
    """Where the figure of an input stands in a file."""

    table: str
    id: str | None
    field: Declared

    @property
    def key(self) -> tuple[str, str | None, str]:
        """Table, block and field."""
        return self.table, self.id, self.field.name

    @property
    def target(self) -> str:
        """What a shock calls it."""
        return f"{self.table}.{self.field.name}"


def members(tables: Table) -> dict[str, list[Member]]:
    """The instances of each block that a file's tables have, by block; one without id for what stands once."""
    found: dict[str, list[Member]] = {"": [Member(None, "")]}
    for name in layout(type(tables)):
        join = JOINS.get(name)
        if join or name in BLOCKS:
            found.setdefault(join.block if join else name, []).extend(
                Member(row.id, name, getattr(row, join.by) if join else None) for row in getattr(tables, name)
            )
    return found


SERIES = (
    Given("days", "day", "series", "", "Days in the month"),
    Given("month_number", "month", "series", "", "Month of the projection, the first is 1"),
    Given("subsidy_before_halving", "BTC/block", "series", "", "Block subsidy at the beginning of the month"),
    Given("share_before_halving", "1", "series", "", "Share of the month's days before a halving in it, 1 without"),
    Given("is_history", "1", "series", "", "1 in months that are history"),
    Given("known_hashrate", "EH/s", "series", "", "Network hash rate where it is history, else 0"),
    Given("known_fees", "BTC/block", "series", "", "Fees per block where they are history, else 0"),
)
COMPANY_SERIES = (Given("tax_year_start", "1", "series", "", "1 in the first month of the fiscal year"),)
KNOWN_SERIES = (
    Given("known_share_price", "USD/share", "series", "", "Closing share price where it is known, else 0"),
    Given(
        "known_undistressed_price",
        "USD/share",
        "series",
        "",
        "Known close before the discount that the company as it is carries, else 0",
    ),
    Given("known_output", "1", "series", "", "Bitcoin mined over what the machines would give, 1 where not known"),
    Given("known_btc_sold", "BTC", "series", "", "Bitcoin sold where it is known, else -1"),
    Given("known_shares_sold", "m share", "series", "", "Shares sold for cash where it is known, else -1"),
    Given("known_share_proceeds", "USD m", "series", "", "Cash received for them where it is known, else -1"),
    Given("known_cash_gap", "USD m", "series", "", "Known cash less the cash all else comes to, 0 where not known"),
)
KNOWN_INPUTS = (
    Given("known_delivered_mw", "MW", "input", "hpc", "Megawatts delivered where it is known, else -1"),
    Given(
        "known_capex_lead",
        "1",
        "input",
        "hpc",
        "Capital expenditure known: behind the bills (-1: nothing paid) or ahead (1: all that is left), else 0",
    ),
)
"""What is known of a company's months; by project these are inputs that differ by month, in every scenario."""

SECTOR_INPUTS = (Given("companies", "1", "input", "", "Number of companies run together"),)

MARKET_DRAWS, COMPANY_DRAWS = (
    tuple(
        Given(draw.name, draw.unit, "static_draw" if draw.static else "draw", draw.scope, draw.meaning)
        for draw in drawn_by(home)
    )
    for home in ("market", "company")
)


@dataclass(frozen=True)
class ModelInput:
    """One input of a graph and how it is read from a field: ``choice`` is the word or the ranked word it stands for."""

    name: str
    table: str
    field: Declared
    choice: str = ""

    @property
    def scope(self) -> str:
        """The block the input belongs to, or the empty string."""
        return _scope(self.table)

    def source(self, member: Member) -> Source | None:
        """Where the figure of one instance stands; None where the instance has none and it is read as left out."""
        if member.table == self.table or not self.scope:
            return Source(self.table, member.id, self.field)
        join = JOINS.get(member.table)
        if join is None or self.table != join.block:
            return None
        if self.field.name not in join.own:
            return Source(self.table, member.host, self.field)
        name = join.own[self.field.name]
        return Source(member.table, member.id, declared(SHAPES[member.table].table)[name]) if name else None

    @property
    def left_out(self) -> float:
        """The number a line sees where an instance has no such figure."""
        return self.field.spec.absent or 0.0

    @property
    def targets(self) -> frozenset[str]:
        """What shocks may call it."""
        stands_in = [f"{name}.{own}" for name, join in JOINS.items() if join.block == self.table
                     for field, own in join.own.items() if own and field == self.field.name]  # fmt: skip
        return frozenset((f"{self.table}.{self.field.name}", *stands_in))

    @property
    def opening(self) -> bool:
        """Whether it is a line's value before month 1."""
        return self.name.startswith("opening_")

    def read(self, value: Any, as_of: date) -> float:
        """The number a line sees for a value of the file (or for the number that stands for its absence)."""
        match self.field.kind:
            case "date":
                return float(month_number(value, as_of)) if isinstance(value, date) else float(value)
            case "word":
                return float(value == self.choice)
            case "words":
                return float(list(value).index(self.choice) + 1)
            case _:
                return float(value)


def _line_names(modules: Sequence[types.ModuleType]) -> set[tuple[str, str]]:
    return {
        (getattr(module, "EACH", ""), name)
        for module in modules
        for name, member in vars(module).items()
        if isinstance(member, types.FunctionType) and member.__module__ == module.__name__
    }


def _scope(table: str) -> str:
    """The block that the fields of a table belong to, or the empty string."""
    return JOINS[table].block if table in JOINS else table if table in BLOCKS else ""


def _inputs(tables: dict[str, type[Table]], modules: Sequence[types.ModuleType]) -> Iterator[ModelInput]:
    computed = _line_names(modules)
    for table, declaration in tables.items():
        scope = _scope(table)
        stand_in = JOINS[table].own.values() if table in JOINS else ()
        for field in declared(declaration).values():
            if not field.spec.model or field.name in stand_in:
                continue
            if field.kind == "word":
                yield from (ModelInput(word, table, field, word) for word in field.choices)
            elif field.kind == "words":
                yield from (ModelInput(f"{word}_rank", table, field, word) for word in field.words)
            else:
                name = f"{field.name.removesuffix('_date')}_month" if field.kind == "date" else field.name
                yield ModelInput(f"opening_{name}" if (scope, name) in computed else name, table, field)


@cache
def market_inputs() -> tuple[ModelInput, ...]:
    """Every input of the market's graph."""
    return tuple(_inputs(MARKET_TABLES, lines.MARKET))


@cache
def company_inputs() -> tuple[ModelInput, ...]:
    """Every input of a company's graph."""
    return tuple(_inputs(COMPANY_TABLES, lines.COMPANY))


@cache
def sector_inputs() -> tuple[ModelInput, ...]:
    """Every input of the sector's graph."""
    return tuple(_inputs(SECTOR_TABLES, lines.SECTOR))


@cache
def timeless() -> frozenset[str]:
    """Every ``table.field`` whose shocks have no months: values before month 1 and parameters of randomness."""
    items = (*market_inputs(), *company_inputs())
    opening = {target for item in items if item.opening for target in item.targets}
    drawn = {
        f"{table}.{name}"
        for table in DRAWN
        for name, field in declared(SHAPES[table].table).items()
        if not field.spec.model
    }
    return frozenset(opening | drawn)
