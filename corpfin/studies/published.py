"""A file's last reported quarter beside the model's first.

Three months, market and share prices known, are held against ``[reported]``, the quarter before: a company that changed
little should look alike. What became of a vintage is held against it by :mod:`corpfin.studies.backtest`.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpfin.common.text import without
from corpfin.inputs import Company, Market
from corpfin.runs.projection import project
from corpfin.runs.reported import REPORTED, reported_by_month

QUARTER = 3
"""Months of a quarter."""

GAP = 0.25
"""Share of a reported figure beyond which the model's first quarter is worth a word."""


@dataclass(frozen=True)
class Gap:
    """A figure of the model's first quarter beside the last one that was reported.

    ``without`` are the projects left out of it, which the company does not consolidate.
    """

    field: str
    unit: str
    model: float
    reported: float
    without: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether the two differ by more than a quarter of the reported figure, and by more than one unit."""
        return abs(self.model - self.reported) > max(GAP * abs(self.reported), 1.0)

    def __str__(self) -> str:
        over = f" ({self.model / self.reported - 1:+.0%})" if self.reported else ""
        over += f", {without(self.without)}" if self.without else ""
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
    for field, (unit, _, _, of_projects) in REPORTED.items():
        value = getattr(company.tables.reported, field)
        if value is not None:
            model = float(reported_by_month(projection, field).sum())
            found.append(Gap(field, unit, model, value, company.unconsolidated if of_projects else ()))
    return found
