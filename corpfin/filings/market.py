"""What the chain changes in a market file: months that are history, and the state of the network at its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from corpfin.filings.chain import MADE, Chain, ChainMonth, log_fees, whole_months
from corpfin.filings.facts import WHOLE, Fact, Filing
from corpfin.filings.refresh import Group, Proposal
from corpfin.filings.write import write_market
from corpfin.inputs import Market, load_market
from corpfin.inputs.edit import Edit
from corpfin.inputs.known import next_month
from corpfin.inputs.market import KnownMonth, MarketTables
from corpfin.inputs.provenance import Source
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import declared, within

NEEDED = tuple(name for name, field in declared(KnownMonth).items() if field.required and name != "month")
"""Without these a month cannot stand in the file."""

DIGITS = {"price_mean": 2, "price_end": 2, "hashrate": 1, "fees_per_block": 5}
REPORTED = ("price_end", "btc_close")
"""What the interface prints; the rest is worked out."""


@dataclass(frozen=True)
class MarketRefresh:
    """The rows, what is changed (by key), the months that are new, and remarks."""

    market: Market
    proposals: tuple[Proposal, ...]
    edits: dict[str, float]
    months: tuple[dict[str, Any], ...]
    remarks: tuple[str, ...]
    source: Source


def refresh_market(market: Market, chain: Chain, name: str) -> MarketRefresh:
    """Hold a market file against the chain; ``name`` says whose data it is."""
    start = f"{market.tables.network.as_of:%Y-%m}"
    found = [month for month in whole_months(chain) if month.month >= start]
    last = chain.last
    source = Source(
        id=f"chain-{last:%Y-%m-%d}" if last else "chain",
        title=f"Chain data of {name} by the mempool interface",
        date=last.date() if last else None,
    )
    rows: list[Proposal] = []
    edits: dict[str, float] = {}
    months: list[dict[str, Any]] = []
    for month in found:
        known = any(row.key == f"known_month.{month.month}" for row in market.rows)
        wanted = _at_start(month) if month.month == start else _of_month(month)
        fit = month.month == start or known or all(name in MADE and month.number(name) is not None for name in NEEDED)
        for row in _rows(market, month, wanted, source, new=not known and month.month != start, fit=fit):
            rows.append(row)
            if row.group in ("matched", "new") and row.filing is not None and (known or month.month == start):
                edits[row.field] = row.filing
        if fit and not known and month.month != start:
            months.append({"month": month.month} | {name: value for _, name, value in wanted if value is not None})
    return MarketRefresh(market, tuple(rows), edits, tuple(months), tuple(_remarks(market, found, months)), source)


def write_refreshed_market(out: Path, found: MarketRefresh, *, force: bool) -> None:
    """Write the market file with what the chain says; whole and checked, or not at all."""
    edits = {key: Edit(value, _citation(key, found.source)) for key, value in found.edits.items()}
    citations = {
        f"known_month.{month['month']}.{name}": _citation(name, found.source)
        for month in found.months
        for name in month
        if name != "month"
    }
    write_market(out, found.market, edits, found.months, citations, [found.source], load_market, force=force)


def _citation(key: str, source: Source) -> dict[str, Any]:
    name = key.rpartition(".")[2]
    made = {"network_hashrate": MADE["hashrate"], "log_fees": f"log of the {MADE['fees_per_block']}",
            "btc_close": MADE["price_end"]}.get(name) or MADE[name]  # fmt: skip
    grade = "reported" if name in REPORTED else "derived"
    return {"grade": grade, "source": source.id, "why": made[0].upper() + made[1:]}


Wanted = list[tuple[str, str, float | None]]
"""Key, the month's figure it comes from, value."""


def _of_month(month: ChainMonth) -> Wanted:
    return [(f"known_month.{month.month}.{name}", name, _rounded(month, name)) for name in MADE]


def _at_start(month: ChainMonth) -> Wanted:
    """What the state at the start takes from its month."""
    fees = month.number("fees_per_block")
    return [
        ("network.network_hashrate", "hashrate", _rounded(month, "hashrate")),
        ("network.log_fees", "fees_per_block", None if fees is None else round(log_fees(fees), 4)),
        ("price.btc_close", "price_end", _rounded(month, "price_end")),
    ]


def _rounded(month: ChainMonth, name: str) -> float | None:
    value = month.number(name)
    return None if value is None else round(value, DIGITS[name])


def _rows(
    market: Market, month: ChainMonth, wanted: Wanted, source: Source, *, new: bool, fit: bool
) -> Iterator[Proposal]:
    given = {row.key: row.valid for row in market.rows}
    for key, name, value in wanted:
        table, _, field = key.rpartition(".")
        shape = KnownMonth if new else layout(MarketTables)[table.partition(".")[0]].table
        declaration = declared(shape)[field]
        before = given.get(table, {}).get(field)
        check = month.checks.get(name, "")
        unit = declaration.spec.unit
        if value is None:
            if check:
                yield Proposal("unmatched", key, before, None, unit, check)
            continue
        allowed = within(declaration, value)
        group: Group = "matched" if before is not None else "new"
        if not allowed:
            group, check = "unmatched", f"not allowed: {declaration.allowed}"
        elif not fit:
            group, check = "unmatched", check or f"a month needs {', '.join(NEEDED)}"
        told = "; ".join(part for part in (check, MADE[name]) if part)
        facts = (_fact(name, month.month, value, source),)
        yield Proposal(group, key, before, value, unit, told, facts)


def _fact(name: str, month: str, value: float, source: Source) -> Fact:
    """A figure of a month as a fact of the chain."""
    first = date.fromisoformat(f"{month}-01")
    last = date.fromisoformat(f"{next_month(month)}-01") - timedelta(days=1)
    return Fact(f"chain:{name}", value, "", WHOLE, first, last, Filing(source.id, "", last))


def _remarks(market: Market, found: list[ChainMonth], months: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield f"the chain data cover no whole month from {market.tables.network.as_of:%Y-%m} on"
    if months:
        named = ", ".join(month["month"] for month in months)
        yield (
            f"power_index, credit_open and ai_return of {named} are not on the chain; left out they read 1, true and 0:"
            " enter what is known"
        )
