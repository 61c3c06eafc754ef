"""When debt falls due by contract, read from the company file: no roll-over, no conversion, no share price.

The projection answers what happens to a note; this answers what the holders may ask for and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy_financial as npf

from corpfin.inputs import Company
from corpfin.inputs.company import Debt
from corpfin.studies.model import month_after, month_number

PAYMENTS_PER_YEAR = 12


@dataclass(frozen=True)
class Due:
    """Principal of one instrument that falls due in one year; ``year`` and ``day`` are None where no date is known.

    ``day`` is the date of a single payment, None for a year's instalments. ``in_cash`` is False for a conversion into
    shares that is already known.
    """

    id: str
    year: int | None
    amount: float
    event: str
    day: date | None
    in_cash: bool = True


def debt_due(company: Company) -> list[Due]:
    """Corporate debt by year and instrument: known repayment, else first put or maturity, else instalments."""
    dues = [due for row in company.tables.debt if row.principal > 0 for due in _instrument(company, row)]
    return sorted(dues, key=_order)


def loans_due(company: Company) -> list[Due]:
    """Project loans at their maturity, at the principal of today or of issue: what is repaid before is not deducted."""
    rows = [row for row in company.tables.hpc if row.loan_principal]
    return sorted(
        (_bullet(row.id, row.loan_principal or 0.0, "maturity", row.loan_maturity) for row in rows), key=_order
    )


def by_year(dues: list[Due]) -> dict[int | None, list[Due]]:
    """The payments of each year, in order; those without a date last, under None."""
    years: dict[int | None, list[Due]] = {}
    for due in dues:
        years.setdefault(due.year, []).append(due)
    return years


def total(dues: list[Due]) -> float:
    """Cash that falls due [USD m]."""
    return sum(due.amount for due in dues if due.in_cash)


def _instrument(company: Company, row: Debt) -> Iterator[Due]:
    if row.repaid_date is not None:
        event = "converted" if row.repaid_in_shares else "repaid"
        yield _bullet(row.id, row.principal, event, row.repaid_date, in_cash=not row.repaid_in_shares)
        return
    put = _first_put(company, row)
    if put is not None:
        yield _bullet(row.id, row.principal, "put", put)
        return
    amortisation = company.value("debt", "amortisation", row.id)
    if amortisation == "bullet" or row.maturity is None:
        yield _bullet(row.id, row.principal, "maturity", row.maturity)
        return
    start = row.issue_date or company.as_of
    count = max(1, month_number(row.maturity, start))
    coupon = company.value("debt", "coupon", row.id) if amortisation == "annuity" else 0.0
    rate = coupon if isinstance(coupon, float) else 0.0
    for year, amount in _instalments(row.principal, rate, count, start).items():
        yield Due(row.id, year, amount, "instalments", None)


def _first_put(company: Company, row: Debt) -> date | None:
    """The first date still to come on which holders may demand their principal before maturity."""
    last = row.maturity or date.max
    puts = [day for day in (row.put_date, row.second_put_date) if day is not None and company.as_of < day < last]
    return min(puts) if puts and row.kind == "convertible" else None


def _bullet(id: str, amount: float, event: str, day: date | None, in_cash: bool = True) -> Due:
    return Due(id, day.year if day else None, amount, event if day else f"no {event}", day, in_cash)


def _instalments(principal: float, rate: float, count: int, start: date) -> dict[int, float]:
    """Principal repaid by year in ``count`` monthly payments: level with interest, equal parts without."""
    years: dict[int, float] = {}
    for number in range(1, count + 1):
        year, _ = month_after(start, number)
        part = -float(npf.ppmt(rate / PAYMENTS_PER_YEAR, number, count, principal)) if rate else principal / count
        years[year] = years.get(year, 0.0) + part
    return years


def _order(due: Due) -> tuple[bool, int, date, str]:
    return due.year is None, due.year or 0, due.day or date.max, due.id
