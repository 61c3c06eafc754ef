"""What happened to a company, as a run can be held against it: status by month, and published figures as lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from corpfin.inputs import Company
from corpfin.inputs.outcomes import Event, Outcome, Outcomes
from corpfin.runs.blocks import PathSum
from corpfin.runs.months import month_number
from corpfin.runs.tally import Array

LEVELS: dict[str, tuple[tuple[str, str], ...]] = {
    "btc": (("", "btc"),),
    "cash": (("", "cash"),),
    "cash_and_restricted": (("", "cash"), ("hpc", "ring_cash"), ("", "parent_restricted_cash")),
    "debt_principal": (("", "corporate_debt"), ("hpc", "loan_balance")),
    "debt_carrying": (("", "corporate_debt"), ("hpc", "loan_balance")),
    "shares": (("", "shares"),),
    "hashrate": (("fleet", "hashrate"),),
}
FLOWS: dict[str, tuple[tuple[str, str], ...]] = {
    "btc_mined": (("", "total_fleet_btc_mined"),),
    "btc_sold": (("", "btc_sold"),),
    "capex": (("hpc", "capex_paid"), ("", "mining_ppe_added")),
    "hpc_revenue": (("hpc", "revenue"),),
}
"""What a published figure is made of, (block, line) each: lines at the month's end, and lines summed since the balance
sheet, over the instances of a block. Debt is what is owed, new notes too; a carrying value is held against it. Projects
that are not consolidated are left out: what the parent pays into one is an investment and no capital expenditure."""

WEIGHTS: dict[str, tuple[str, ...]] = {"hpc": ("consolidated",)}
"""The inputs by which the instances of a block are multiplied."""

SHARES = "shares"


@dataclass(frozen=True)
class Realised:
    """What is known of a company after the balance sheet of ``as_of``: its first failure, and how long it stood."""

    ticker: str
    as_of: date
    failure: Event | None
    survived: date | None

    @classmethod
    def of(cls, outcomes: Outcomes, ticker: str, as_of: date) -> Realised:
        """That of a company of an outcomes file."""
        return cls(ticker, as_of, outcomes.failure(ticker), outcomes.survived(ticker))

    @property
    def month(self) -> float:
        """Projected month of the failure; nan without one."""
        return float(month_number(self.failure.date, self.as_of)) if self.failure else np.nan

    @property
    def stood(self) -> float:
        """Last projected month at whose end it is known to have stood, 0 when it is not known of any."""
        if self.failure:
            return self.month - 1
        return float(month_number(self.survived + timedelta(days=1), self.as_of) - 1) if self.survived else 0.0

    def failed(self, month: int) -> float:
        """1 when it had failed by the end of ``month``, 0 when it had not, nan when nobody knows yet."""
        if self.month <= month:
            return 1.0
        return 0.0 if self.stood >= month else np.nan


def sums(figure: str, month: int) -> dict[str, PathSum]:
    """What a published figure of the end of ``month`` is read from on every path, by name."""
    last = 0 if figure in FLOWS else 1
    lines = (LEVELS | FLOWS)[figure]
    return {
        f"{line}/{last}/{month}": PathSum(line, scope, WEIGHTS.get(scope, ()), last=last, to=month)
        for scope, line in lines
    }


def modelled(sample: dict[str, Array], figure: str, month: int) -> Array:
    """The figure on the paths of a sample [S]."""
    return np.asarray(sum(sample[name].astype(float) for name in sums(figure, month)))


def month_of(outcome: Outcome, as_of: date) -> int:
    """The projected month a figure is published for."""
    return month_number(outcome.date, as_of)


def shares_signed(company: Company, day: date) -> float:
    """Shares at the balance sheet and those of its offerings up to a day, which growth is measured from [m share]."""
    tables = company.tables
    return tables.equity.shares + sum(row.offered_shares for row in tables.offering if row.offering_date <= day)
