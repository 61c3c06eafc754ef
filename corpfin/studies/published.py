"""What was published, beside the model: a file's last reported quarter, and what became of a vintage.

``first_quarter`` holds the model's first three months, market and share prices known, against ``[reported]``, the
quarter before: a company that changed little should look alike. ``published`` holds the last month that is known
against the ``outcomes.toml`` beside a vintage's companies, which no run reads.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.inputs import Company, Market
from corpfin.inputs.find import OUTCOMES
from corpfin.runs.projection import Projection, project
from corpfin.runs.simulation import simulate

QUARTER = 3
"""Months of a quarter."""

GAP = 0.25
"""Share of a reported figure beyond which the model's first quarter is worth a word."""

REPORTED = {
    "btc_mined": ("BTC", ("total_fleet_btc_mined",), ()),
    "mining_revenue": ("USD m", ("mined_value",), ()),
    "mining_cost": ("USD m", ("total_fleet_power_cost", "total_fleet_site_expense"), ("total_fleet_credits",)),
    "hpc_revenue": ("USD m", ("total_hpc_revenue",), ()),
    "interest_expense": ("USD m", ("interest_expense",), ()),
}
"""Fields of [reported]: their unit, the lines that add up to them and those that are taken off, over a quarter."""

LEVELS = {
    "btc": ("btc",),
    "cash_and_restricted": ("cash", "total_hpc_ring_cash", "parent_restricted_cash"),
    "debt_principal": ("corporate_debt", "total_hpc_loan_balance"),
    "debt_carrying": ("corporate_debt", "total_hpc_loan_balance"),
    "shares": ("shares",),
}
FLOWS = {
    "btc_mined": ("total_fleet_btc_mined",),
    "capex": ("total_hpc_capex_paid", "mining_ppe_added"),
    "hpc_revenue": ("total_hpc_revenue",),
}
"""What an outcome is made of: lines at the month's end, and lines summed over the months since the balance sheet."""


@dataclass(frozen=True)
class Gap:
    """A figure of the model's first quarter beside the last one that was reported."""

    field: str
    unit: str
    model: float
    reported: float

    @property
    def wide(self) -> bool:
        """Whether the two differ by more than a quarter of the reported figure, and by more than one unit."""
        return abs(self.model - self.reported) > max(GAP * abs(self.reported), 1.0)

    def __str__(self) -> str:
        over = f" ({self.model / self.reported - 1:+.0%})" if self.reported else ""
        return (
            f"{self.field}: the model's first quarter comes to {self.model:,.4g} {self.unit}, the last reported one to "
            f"{self.reported:,.4g}{over}"
        )


def first_quarter(company: Company, market: Market) -> list[Gap]:
    """The model's first quarter, market and share prices known, beside what the file reports of the last.

    Only what is reported is compared. ``InputError`` for a company that cannot run in this market.
    """
    projection = project(company, months=QUARTER, market=market, known="market")
    found = []
    for field, (unit, more, less) in REPORTED.items():
        value = getattr(company.tables.reported, field)
        if value is not None:
            model = sum(projection[name].sum() for name in more) - sum(projection[name].sum() for name in less)
            found.append(Gap(field, unit, float(model), value))
    return found


def outcomes(company: Company) -> dict[str, dict[str, object]]:
    """What is published of a company after its balance sheet, by figure: value, unit, grade, source; or nothing."""
    file = Path(company.file).parent / OUTCOMES
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        found: dict[str, dict[str, object]] = tomllib.load(stream).get(company.ticker, {})
    return found


def model_of(projection: Projection, figure: str) -> float:
    """A published figure as the model has it in the last month of a projection; ``KeyError`` for another figure."""
    if figure in FLOWS:
        return float(sum(projection[name].sum() for name in FLOWS[figure]))
    return float(sum(projection[name][-1] for name in LEVELS[figure]))


def published(company: Company, market: Market, *, paths: int = 200, seed: int = 1) -> pd.DataFrame:
    """What is published of the end of history beside the model, one row a figure.

    ``central`` sees market, share prices and signed events; ``median``, ``low`` and ``high`` (5 and 95 %) are of
    ``paths`` paths that see nothing after the balance sheet. Nothing random reaches into months that are history, so a
    run that sees the market has no spread there. Empty where nothing is published; ``InputError`` as in ``project``.
    """
    found = outcomes(company)
    months = len(market.tables.known_month)
    if not found or not months:
        return pd.DataFrame(columns=["published", "central", "gap", "median", "low", "high"])
    central = project(company, months=months, market=market, known="market")
    blind = simulate(company, paths=paths, seed=seed, months=months, market=market, known="none")
    drawn = [blind.path(company.ticker, number) for number in range(paths)]
    rows = {}
    for figure, facts in found.items():
        value, model = float(str(facts["value"])), model_of(central, figure)
        low, median, high = np.quantile([model_of(path, figure) for path in drawn], (0.05, 0.5, 0.95))
        rows[figure] = {
            "published": value, "central": model, "gap": model / value - 1, "median": median, "low": low, "high": high,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")
