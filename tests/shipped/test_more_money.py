"""More money on the balance sheets of the newest date: where it does harm, a building was begun with it."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import companies_of
from corpfin.runs.simulation import Simulation

PATHS = 8_192
ERRORS = 3.5
"""Standard errors allowed to luck."""

LEAST = 1.0
"""USD m of loans to projects by which two runs of a path differ."""

FIGURES = ("cash", "btc")
"""What there is half of in the poorer company, of bitcoin what is neither pledged nor lent."""


@dataclass(frozen=True)
class Fate:
    """Month of default [P], 0 without one, and loans raised for projects until each month [M, P]."""

    month: np.ndarray
    lent: np.ndarray

    def lent_by(self, month: np.ndarray) -> np.ndarray:
        """Loans raised by each path's month [P]."""
        return np.take_along_axis(self.lent, np.maximum(month - 1, 0)[None], axis=0)[0]


def fate(company: cf.Company, market: cf.Market | None = None, paths: int = PATHS) -> Fate:
    run: Simulation = cf.simulate(company, paths=paths, market=market)
    found = run.outcomes[company.ticker].sample["default_month"].astype(int)
    return Fate(found, np.cumsum(run.monthly(company.ticker, "total_hpc_loan_issued"), axis=0, dtype=float))


def half(company: cf.Company, figure: str) -> cf.Company:
    """The company with half of a figure."""
    tables = company.tables
    bound = sum(debt.collateral_btc or 0.0 for debt in tables.debt) + (tables.treasury.btc_loaned or 0.0)
    held = company.value("treasury", figure)
    return company.changed({("treasury", None, figure): (held + (bound if figure == "btc" else 0.0)) / 2})


@pytest.mark.slow
@pytest.mark.parametrize("ticker", sorted(companies_of()))
def test_more_money_harms_only_who_builds_with_it(ticker: str) -> None:
    """Who can pay the owners' part of a building closes its loan and is bound to finish it, whatever it comes to cost.

    The poorer company never begins, and lives on. But for those paths, fewer fail with more money alone than with less.
    """
    company = cf.load_company(ticker)
    rich = fate(company)
    for figure in FIGURES:
        poor = fate(half(company, figure))
        harmed, saved = (rich.month > 0) & (poor.month == 0), (rich.month == 0) & (poor.month > 0)
        built = rich.lent_by(rich.month) > poor.lent_by(rich.month) + LEAST
        other = int((harmed & ~built).sum())
        assert other <= saved.sum() + ERRORS * np.sqrt(other + saved.sum()), (figure, other, int(saved.sum()))


@pytest.mark.slow
def test_a_building_begun_is_a_risk_that_money_alone_is_not(tmp_path: Path) -> None:
    """Hut 8's second phase at Beacon Point has a lease and no loan yet: with half its free bitcoin fewer paths fail.

    Where nobody borrows before he must, that is: coins also pay notes sold in better years, and make good for it.
    """
    text = cf.load_market().file.read_text(encoding="utf-8")
    text, count = re.subn("^notes_chance = .*$", "notes_chance = 0.0", text, flags=re.MULTILINE)
    assert count == 1
    file = tmp_path / "market.toml"
    file.write_text(text, encoding="utf-8")
    company, market = cf.load_company("HUT"), cf.load_market(file)
    rich = fate(company, market, 4 * PATHS)
    poor = fate(half(company, "btc"), market, 4 * PATHS)
    harmed, saved = (rich.month > 0) & (poor.month == 0), (rich.month == 0) & (poor.month > 0)
    assert harmed.sum() > saved.sum() + ERRORS * np.sqrt(harmed.sum() + saved.sum())
    assert (rich.lent_by(rich.month) > poor.lent_by(rich.month) + LEAST)[harmed].mean() > 0.9
