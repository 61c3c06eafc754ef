"""How far each figure of a company or market may move.

- a number with a range in its source entry: from ``low`` to ``high``; any other number by 10 % either way;
- a date by three months either way, unless it is known and lies in months that are history;
- yes or no, where the file does not know it (estimated or default): the other answer.

An end is held within what a file may say; an end it may not say at all stays at the base. Words (how a note is repaid,
the order of funding), figures that are zero and figures the model does not read are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from corpfin.inputs import Company, Figure, Market
from corpfin.inputs.checks import DRAWN, ORDERED, check_company, check_market
from corpfin.inputs.documents import Key
from corpfin.inputs.errors import Report
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Declared, Value
from corpfin.runs.months import shifted

STEP_SHARE = 0.1
"""Change of a number whose range is not known."""

STEP_MONTHS = 3
"""Change of a date [month]."""

UNKNOWN = ("estimated", "default")
"""Grades of figures an analyst could still look up; they come first."""

FIXED = (
    ("price", "btc_close"),
    ("network", "network_hashrate"),
    ("network", "log_fees"),
    ("network", "jpm_power_price"),
    ("network", "jpm_efficiency"),
)
"""Figures of the market that are history, protocol or definition: there is nothing about them to be wrong about."""

Side = Literal["company", "market"]


@dataclass(frozen=True)
class Variation:
    """One figure and how far it may move: :meth:`at` 0 is the low end, at 1 the high end."""

    figure: Figure
    side: Side
    low: Value
    high: Value
    basis: str

    @property
    def key(self) -> Key:
        """Table, id and field."""
        return self.figure.table, self.figure.id, self.figure.field

    @property
    def name(self) -> str:
        """Address in the file: ``debt.conv-2031.principal``."""
        return ".".join(filter(None, self.key))

    def at(self, position: float) -> Value:
        """The value at a position between 0 and 1; dates move by whole months, a truth flips in the middle."""
        match self.low, self.high:
            case float() as low, float() as high:
                return low + position * (high - low)
            case date() as low, date() as high if position < 1:
                months = (high.year - low.year) * 12 + high.month - low.month
                return shifted(low, round(position * months))
            case _:
                return self.high if position >= 0.5 else self.low


def variations(document: Company | Market, side: Side, history: str = "") -> tuple[Variation, ...]:
    """Every figure of a document that varies, in its order; ``history`` is the last month that is, as ``YYYY-MM``."""
    fields = [(row, declared) for row in document.rows for declared in row.fields.values()]
    found = (
        _variation(document, side, row, declared, figure, history)
        for (row, declared), figure in zip(fields, document.figures(), strict=True)
    )
    return tuple(variation for variation in found if variation is not None and variation.low != variation.high)


def _variation(
    document: Company | Market, side: Side, row: Row, declared: Declared, figure: Figure, history: str
) -> Variation | None:
    """How far one figure may move; None for a figure that does not vary."""
    read = declared.spec.model or (row.table in DRAWN and declared.spec.unit != "")
    fixed = (row.table, declared.name) in FIXED
    if not read or fixed or row.table.startswith("defaults.") or figure.grade in ("absent", "text"):
        return None

    def between(low: Value, high: Value, basis: str) -> Variation:
        least, most = (_allowed(document, row, declared, end, figure.value) for end in (low, high))
        return Variation(figure, side, least, most, basis)

    match figure.value:
        case bool() as value:
            return Variation(figure, side, value, not value, "yes or no") if figure.grade in UNKNOWN else None
        case date() as value:
            if figure.grade not in UNKNOWN and f"{value:%Y-%m}" <= history:
                return None
            return between(shifted(value, -STEP_MONTHS), shifted(value, STEP_MONTHS), f"{STEP_MONTHS} months")
        case float() as value if figure.low is not None or figure.high is not None:
            low, high = (value if end is None else end for end in (figure.low, figure.high))
            return between(low, high, "range")
        case float() as value if value != 0:
            step = abs(value) * STEP_SHARE
            return between(value - step, value + step, f"{STEP_SHARE:.0%}")
        case _:
            return None


def _allowed(document: Company | Market, row: Row, declared: Declared, end: Any, value: Any) -> Any:
    """The end, held within the field's limits and its order with other fields; the value if that is not enough."""
    if isinstance(end, float):
        low, high = declared.limits.get("ge", -np.inf), declared.limits.get("le", np.inf)
        for table, lower, upper, _ in ORDERED:
            other = row.number(upper if declared.name == lower else lower)
            if table == row.table and other is not None:
                high = min(high, other) if declared.name == lower else high
                low = max(low, other) if declared.name == upper else low
        end = float(min(max(end, low), high))
    report = Report(document.file)
    change = {(row.table, row.id, declared.name): end}
    if isinstance(document, Company):
        check_company(document.changed(change).rows, report)
    else:
        check_market(document.changed(change).rows, report)
    return value if report.problems else end


def must_be_ordered(one: Variation, other: Variation) -> bool:
    """Whether a file asks two figures to stand in order, so that they are not to be moved together."""
    return one.key[:2] == other.key[:2] and any(
        one.figure.table == table and {one.figure.field, other.figure.field} == {lower, upper}
        for table, lower, upper, _ in ORDERED
    )
