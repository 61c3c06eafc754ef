"""A company file a few months on: its balances as the central path leaves them, without what is past by then.

Each table has its rules here. A field that is a line's value before month 1 takes the value of that line at the end;
the others are rolled by name or stay. What a date has passed leaves: a matured note with its block, an offering that is
in the cash, the date of a put. What the path has sold since stands in a block of its own: the pool of new notes.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np

from corpfin.inputs.company import Debt
from corpfin.inputs.documents import Company
from corpfin.inputs.known import months_of
from corpfin.inputs.rows import Row
from corpfin.lines.constants import (
    DUST,
    DUST_BTC,
    DUST_HASHRATE,
    DUST_MW,
    DUST_SHARE,
    STEPS_PER_QUARTER,
    USD_PER_MILLION,
)
from corpfin.runs.declared import JOINS, company_inputs
from corpfin.runs.months import shifted
from corpfin.runs.projection import Projection
from corpfin.runs.reported import REPORTED, reported_by_month, unconsolidated

Block = dict[str, Any]
"""One block of a file, field by field as written."""

DIGITS = 6
"""Significant digits of a rolled figure."""

SAME = 1e-6
"""Relative difference below which a figure has not moved."""

EVENTS = {
    "warrant": ("expiry", "lapsed"),
    "offering": ("offering_date", "arrived"),
    "purchase": ("purchase_date", "paid"),
}
"""Blocks that are one event: the field of its day, and what has become of it once that is past."""

WITH_DATE = {
    "issue_date": ("issue_cost",),
    "put_date": (),
    "second_put_date": (),
    "target_date": ("target_hashrate",),
    "instalments_start": (),
    "draw_end": ("undrawn",),
    "receipt_date": ("receipt_amount",),
    "second_receipt_date": ("second_receipt_amount",),
    "loan_issue_date": ("loan_issue_cost", "loan_distribution", "loan_repays_parent"),
}
"""Dates that leave once they are past, each with the fields that say something of that day alone."""

SECOND = "second_"
"""What a field is called when it says the same of a second date."""

CONVERTIBLE, TERM = "convertible", "term"


@dataclass(frozen=True)
class Removed:
    """A block or field that the rolled file has no more: its key, and what has become of it."""

    key: str
    why: str


@dataclass(frozen=True)
class Rolled:
    """What a file says at a later date: ``blocks`` by key, in the order of the file, and what left it."""

    as_of: date
    blocks: dict[str, tuple[Row, Block]]
    removed: tuple[Removed, ...]


class End:
    """The central path at its end: what a company has become."""

    def __init__(self, projection: Projection, as_of: date) -> None:
        self.projection, self.as_of, self.months = projection, as_of, len(projection.labels)

    def __call__(self, name: str, row: Row | None = None) -> float:
        """A line at the end: of the company or market, or of a block."""
        return float(self.path(name, row)[-1])

    def path(self, name: str, row: Row | None = None) -> np.ndarray:
        """A line by month."""
        if row is None:
            return self.projection[name]
        return np.asarray(self.projection[_scope(row), name][self.place(row)])

    def place(self, row: Row) -> int:
        """The place of a block among the instances of its kind."""
        return self.projection.values.data.instances[_scope(row)].index(str(row.id))

    def past(self, day: Any) -> bool:
        """Whether a day has passed."""
        return isinstance(day, date) and day <= self.as_of

    def month(self, number: float) -> date:
        """The end of projected month ``number`` of the path."""
        day = shifted(self.projection.company.as_of.replace(day=1), round(number))
        return day.replace(day=monthrange(day.year, day.month)[1])

    @cached_property
    def openings(self) -> dict[tuple[str, str], str]:
        """The fields that are a line's value before month 1, with that line."""
        return {
            (item.table, item.field.name): item.name.removeprefix("opening_")
            for item in company_inputs()
            if item.opening
        }


def _scope(row: Row) -> str:
    """The block of the model that a block of the file is an instance of."""
    return JOINS[row.table].block if row.table in JOINS else row.table


def rolled(projection: Projection, as_of: date) -> Rolled:
    """A company's file at the end of its central path, ``as_of``, by what the path makes of it."""
    end, company = End(projection, as_of), projection.company
    blocks: dict[str, tuple[Row, Block]] = {}
    removed: list[Removed] = []
    for row in company.rows:
        block, why = _block(end, company, row)
        if block is None:
            removed.append(Removed(row.key, why))
        else:
            blocks[row.key] = row, block
            gone = [name for name in row.written if name not in block]
            removed += [Removed(f"{row.key}.{name}", "past") for name in gone if isinstance(row.written[name], date)]
    if end("notes_balance") > DUST:
        row = _new_notes(end)
        blocks[row.key] = row, _pool(end, str(row.id))
    return Rolled(as_of, blocks, tuple(removed))


def _block(end: End, company: Company, row: Row) -> tuple[Block | None, str]:
    """What a block says at the end; None with the reason where it is no more."""
    if row.table in EVENTS:
        field, why = EVENTS[row.table]
        if end.past(row.written.get(field)):
            return None, why
    if row.table == "known_month":
        months = [month for month in months_of(row) if month <= f"{end.as_of:%Y-%m}"]
        return (None, "past") if months else (dict(row.written), "")
    block = dict(row.written)
    for (table, name), line in end.openings.items():
        if table == row.table and row.has(name):
            _put(block, company, row, name, end(line, row if row.id else None))
    gone = RULES[row.table](end, company, row, block) if row.table in RULES else ""
    if gone:
        return None, gone
    for name, others in WITH_DATE.items():
        if end.past(block.get(name)):
            for left in (name, *others):
                block.pop(left, None)
    for name in [name for name in block if name.startswith(SECOND)]:
        if name.removeprefix(SECOND) not in block:
            block[name.removeprefix(SECOND)] = block.pop(name)
    return block, ""


def _figure(value: float) -> float:
    """A figure of the model as a file says it."""
    return float(f"{max(value, 0.0):.{DIGITS}g}")


def _put(block: Block, company: Company, row: Row, name: str, value: float) -> None:
    """Give a field its value; what is as it was, or as the model reads it anyway, is left as it is written."""
    before = company.value(row.table, name, row.id)
    figure = _figure(value)
    if not isinstance(before, float | int) or abs(figure - before) > SAME * max(abs(before), abs(figure)):
        block[name] = figure


def _identity(end: End, company: Company, row: Row, block: Block) -> str:
    block["as_of"] = end.as_of
    return ""


def _treasury(end: End, company: Company, row: Row, block: Block) -> str:
    in_rings = end("total_hpc_ring_cash") - float(unconsolidated(end.projection, "ring_cash")[-1])
    _put(block, company, row, "restricted_cash", end("parent_restricted_cash") + in_rings)
    if end("btc") > DUST_BTC:
        _put(block, company, row, "btc_tax_basis", end("btc_tax_cost") * float(USD_PER_MILLION) / end("btc"))
    return ""


def _reported(end: End, company: Company, row: Row, block: Block) -> str:
    """The last quarter is the path's, where it is that long."""
    quarter = int(STEPS_PER_QUARTER)
    for name in [name for name in REPORTED if name in block]:
        _put(block, company, row, name, float(reported_by_month(end.projection, name)[-quarter:].sum()))
    if "hashrate_average" in block:
        mean = end.projection["fleet", "operating_hashrate"].sum(axis=0)[-quarter:].mean()
        _put(block, company, row, "hashrate_average", float(mean))
    if end.months < quarter:
        for name in (*REPORTED, "hashrate_average"):
            block.pop(name, None)
    return ""


def _fleet(end: End, company: Company, row: Row, block: Block) -> str:
    """Machines paid for last month and those of its orders arrive; those whose megawatts went to HPC have left."""
    own = end("hashrate", row) + end("machines_ordered", row) * end("growth_share")
    efficiency, target = company.value("fleet", "efficiency", row.id), row.number("target_hashrate")
    orders = [other for other in company.rows if other.table == "order" and other.get("fleet") == row.id]
    came = [(end("hashrate", order), order.number("order_efficiency") or 0.0) for order in orders]
    arrived = sum(rate for rate, _ in came)
    _put(block, company, row, "hashrate", own + arrived)
    if arrived > DUST_HASHRATE and isinstance(efficiency, float):
        load = own * efficiency + sum(rate * per_hash for rate, per_hash in came)
        _put(block, company, row, "efficiency", load / (own + arrived))
    if target is not None and isinstance(efficiency, float):
        _put(block, company, row, "target_hashrate", target - end("handed_over", row) / efficiency)
    return ""


def _order(end: End, company: Company, row: Row, block: Block) -> str:
    """What has still to come and to be paid; instalments paid for machines still to come are deposit."""
    ordered, price, deposit = (row.number(name) or 0.0 for name in ("order_hashrate", "order_price", "deposit"))
    left = ordered - end("order_delivered", row)
    if end("order_cancelled", row):
        return "cancelled"
    if left <= DUST_HASHRATE:
        return "delivered"
    paid = end("instalment_share", row)
    _put(block, company, row, "order_hashrate", left)
    _put(block, company, row, "order_price", price * (1 - paid))
    _put(block, company, row, "deposit", deposit * left / ordered + price * max(0.0, paid - (1 - left / ordered)))
    for name in ("first_payment", "last_payment", "first_delivery", "last_delivery"):
        if end.past(block.get(name)):
            block[name] = end.month(end.months + 1)
    return ""


def _debt(end: End, company: Company, row: Row, block: Block) -> str:
    """What is outstanding; rolled over, it is a term loan at its new rate and date."""
    issued = row.day("issue_date")
    if issued is not None and not end.past(issued):
        return ""
    left = end("balance", row)
    if left <= DUST and (end("undrawn", row) <= DUST or end.past(block.get("maturity"))):
        became = {
            "ran out": float(DUST),
            "converted": end.path("converted", row).sum(),
            "taken over with its machines": end.path("settled_with_machines", row).sum(),
            "settled from its collateral": end.path("liquidation_proceeds", row).sum(),
            "repaid": end.path("repaid", row).sum(),
        }
        return max(became, key=lambda name: float(became[name]))
    _put(block, company, row, "principal", left)
    if row.has("collateral_btc"):
        _put(block, company, row, "collateral_btc", end("collateral", row))
    if row.has("collateral_hashrate"):
        _put(block, company, row, "collateral_hashrate", end("pledged_hashrate", row))
    if end("rolled", row):
        _put(block, company, row, "coupon", end("rate", row))
        block["maturity"] = end.month(end("due_month", row))
        if row.valid.get("kind") == CONVERTIBLE:
            for name in [name for name in block if (kinds := row.fields[name].spec.kinds) and TERM not in kinds]:
                del block[name]
            block["kind"] = TERM
    return ""


def _new_notes(end: End) -> Row:
    """The row of the pool of new notes, of which the file said nothing."""
    id = f"new-notes-{end.as_of:%Y-%m}"
    return Row("debt", id, f"debt.{id}", Debt, {}, {"kind": CONVERTIBLE})


def _pool(end: End, id: str) -> Block:
    """Notes sold on the path, and paper given in exchanges, as one convertible on the terms of the pool."""
    balance = end("notes_balance")
    return {
        "id": id,
        "name": "Notes sold or given in exchange since",
        "kind": CONVERTIBLE,
        "principal": _figure(balance),
        "coupon": _figure(end("notes_coupons") / balance),
        "conversion_price": _figure(balance / end("notes_shares")),
        "amortisation": "bullet",
        "maturity": end.month(max(end.months + 1, ceil(end("notes_due_month") - DUST_SHARE))),
    }


def _project(end: End, company: Company, row: Row, block: Block) -> str:
    """Megawatts, spending and the loan; what is late is due in the month that comes next.

    A loan raised on the path binds the company to build; funded interest is part of what it has still to draw.
    """
    if end("ring_defaulted", row):
        return "lost to its lenders"
    delivered, leased = end("delivered_mw", row), row.number("leased_mw") or 0.0
    if delivered < leased - DUST_MW:
        spent = float(end.projection.values.openings["hpc", "opening_construction_spent"][end.place(row)])
        _put(block, company, row, "capex_spent", spent + end("construction_paid", row))
        if end.past(block.get("full_delivery")):
            block["full_delivery"] = end.month(end.months + 1)
    if company.value("hpc", "consolidated", row.id) is False:
        _put(block, company, row, "venture_cash", end("ring_cash", row))
    displaced = row.number("mining_mw_displaced")
    if displaced is not None:
        _put(block, company, row, "mining_mw_displaced", displaced - end("displaced_mw", row))
    if not end("loan_closed", row):
        return ""
    undrawn = end("loan_undrawn", row) + end("interest_fund", row)
    owed = end("loan_balance", row) + undrawn
    raised = end("loan_raised", row) > DUST
    if raised:
        block["committed"] = True
    if owed <= DUST:
        for name in ("loan_principal", "loan_undrawn", "loan_maturity"):
            block.pop(name, None)
        return ""
    _put(block, company, row, "loan_principal", owed)
    if raised:
        _put(block, company, row, "loan_undrawn", undrawn)
        block["loan_maturity"] = end.month(end("loan_due_month", row))
    if end("loan_rolled", row):
        _put(block, company, row, "loan_coupon", end("loan_rate", row))
        block["loan_maturity"] = end.month(end("loan_due_month", row))
    return ""


RULES: dict[str, Callable[[End, Company, Row, Block], str]] = {
    "company": _identity,
    "treasury": _treasury,
    "reported": _reported,
    "fleet": _fleet,
    "order": _order,
    "debt": _debt,
    "hpc": _project,
}
"""By table, what changes in a block beyond the values before month 1; each returns why the block is no more, if so."""


def contents_of(company: Company, blocks: Mapping[str, tuple[Row, Block]], why: str) -> dict[str, Any]:
    """What a file with these blocks, those of ``company`` changed, says; changes are estimates, ``why`` their reason.

    What is as it was keeps its grade and source; sources that nothing cites any more are left out.
    """
    tables: dict[str, Any] = {}
    changed: list[str] = []
    for key, (row, block) in blocks.items():
        if row.id is None:
            tables[row.table] = block
        else:
            tables.setdefault(row.table, []).append(block)
        changed += [
            f"{key}.{name}"
            for name, value in block.items()
            if row.fields[name].graded and value != row.written.get(name)
        ]
    stands = {f"{key}.{name}" for key, (_, block) in blocks.items() for name in block}
    cited = {
        key: citation.model_dump(exclude_none=True)
        for key, citation in company.provenance.citations.items()
        if key not in changed and any(name == key or name.startswith(f"{key}.") for name in stands)
    }
    cited |= {key: {"grade": "estimated", "why": why} for key in changed}
    named = {citation.get("source") for citation in cited.values()}
    sources = [item.model_dump(exclude_none=True) for item in company.provenance.sources.values() if item.id in named]
    notes = {"items": list(company.notes)} | ({"left_out": list(company.left_out)} if company.left_out else {})
    return tables | {"notes": notes, "sources": cited, "source": sources}
