"""What is declared of the model: tables of inputs, blocks, series and draws, and the inputs of the graphs they become.

A field of an input table becomes an input of the graph under its own name, with four rules. A date ``maturity`` or
``issue_date`` is read as ``maturity_month`` or ``issue_month``, months from the balance-sheet date. A word is read as
one input of 0 or 1 per choice, an ordered list of words as the rank of each. A field that carries the name of a line is
that line's value before month 1, ``opening_cash`` for ``cash``.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
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


MARKET_TABLES = read_by_lines(MarketTables)
COMPANY_TABLES = read_by_lines(CompanyTables)
BLOCKS = tuple(name for name in (*MARKET_TABLES, *COMPANY_TABLES) if SHAPES[name].repeats)
"""The tables that stand once for each machine class, fleet, note ...: a line below one has a value for each."""

SERIES = (
    Given("days", "day", "series", "", "Days in the month"),
    Given("month_number", "month", "series", "", "Month of the projection, the first is 1"),
    Given("share_before_halving", "1", "series", "", "Share of the month's days before the halving"),
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
        return self.table if self.table in BLOCKS else ""

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


def _inputs(tables: dict[str, type[Table]], modules: Sequence[types.ModuleType]) -> Iterator[ModelInput]:
    computed = _line_names(modules)
    for table, declaration in tables.items():
        scope = table if table in BLOCKS else ""
        for field in declared(declaration).values():
            if not field.spec.model:
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
def timeless() -> frozenset[str]:
    """Every ``table.field`` whose shocks have no months: values before month 1 and parameters of randomness."""
    items = (*market_inputs(), *company_inputs())
    opening = {f"{item.table}.{item.field.name}" for item in items if item.opening}
    drawn = {
        f"{table}.{name}"
        for table in DRAWN
        for name, field in declared(SHAPES[table].table).items()
        if not field.spec.model
    }
    return frozenset(opening | drawn)
