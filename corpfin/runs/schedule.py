"""When debt falls due: corporate debt by contract, project loans by contract and as the model expects to repay them.

By contract means read from the company file, from the balance-sheet date to the last date it gives: no roll-over, no
conversion, no share price. The projection answers what happens to a note; this answers what the holders may ask for.
The lines of a company that has no such choice demand the same, which a test holds for every company.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy_financial as npf
import pandas as pd

from corpfin.inputs import Company
from corpfin.inputs.company import Debt
from corpfin.runs.months import month_after, month_number
from corpfin.runs.projection import Projection

PAYMENTS_PER_YEAR = 12

OPEN = "open"
"""Stands for the year of what has no date."""

Row = dict[int | str, float]


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
    dues: list[Due] = []
    for row in company.tables.debt:
        payments = list(_payments(company, row))
        if len(payments) == 1:
            dues += payments
        else:
            years = {payment.year: 0.0 for payment in payments}
            for payment in payments:
                years[payment.year] += payment.amount
            dues += [Due(row.id, year, amount, "instalments", None) for year, amount in years.items()]
    return sorted(dues, key=_order)


def due_within(company: Company, after: int, months: int) -> float:
    """Corporate debt that falls due by contract, in cash, in the ``months`` after projected month ``after`` [USD m]."""
    payments = [payment for row in company.tables.debt for payment in _payments(company, row)]
    return sum(
        payment.amount
        for payment in payments
        if payment.in_cash and payment.day and after < month_number(payment.day, company.as_of) <= after + months
    )


def principal_due(projection: Projection) -> pd.DataFrame:
    """Principal due by calendar year [USD m], with a column ``open`` for what has no date.

    Rows ``corporate``: by contract, in cash, from the balance-sheet date to the last date the file gives; ``projects``:
    what the model pays on project loans on this path, up to its end. A row stands only where something is due.
    """
    corporate: Row = {year or OPEN: total(dues) for year, dues in by_year(debt_due(projection.company)).items()}
    paid = (projection["hpc", "loan_scheduled"] + projection["hpc", "loan_balloon"]).sum(axis=0)
    years = np.array([int(label[:4]) for label in projection.labels])
    projects: Row = {int(year): float(paid[years == year].sum()) for year in np.unique(years)}
    rows = {"corporate": corporate, "projects": projects}
    shown = {name: {year: due for year, due in row.items() if due > 0} for name, row in rows.items()}
    dated = sorted({year for row in shown.values() for year in row if isinstance(year, int)})
    last = [OPEN] if any(OPEN in row for row in shown.values()) else []
    columns = pd.Index([*dated, *last], dtype=object)
    return pd.DataFrame.from_dict(
        {name: row for name, row in shown.items() if row}, orient="index", columns=columns, dtype=float
    ).fillna(0.0)


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


def _payments(company: Company, row: Debt) -> Iterator[Due]:
    """Every payment of an instrument: one, or an instalment a month."""
    if row.principal <= 0:
        return
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
    for number, amount in enumerate(_instalments(row.principal, rate, count), start=1):
        yield _bullet(row.id, amount, "instalment", date(*month_after(start, number), 1))


def _first_put(company: Company, row: Debt) -> date | None:
    """The first date still to come on which holders may demand their principal before maturity."""
    last = row.maturity or date.max
    puts = [day for day in (row.put_date, row.second_put_date) if day is not None and company.as_of < day < last]
    return min(puts, default=None)


def _bullet(id: str, amount: float, event: str, day: date | None, in_cash: bool = True) -> Due:
    return Due(id, day.year if day else None, amount, event if day else f"no {event}", day, in_cash)


def _instalments(principal: float, rate: float, count: int) -> list[float]:
    """Principal repaid in each of ``count`` monthly payments: level with interest, equal parts without."""
    if not rate:
        return [principal / count] * count
    return [-float(npf.ppmt(rate / PAYMENTS_PER_YEAR, number, count, principal)) for number in range(1, count + 1)]


def _order(due: Due) -> tuple[bool, int, date, str]:
    return due.year is None, due.year or 0, due.day or date.max, due.id
