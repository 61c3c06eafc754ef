"""Watch list: what to look at first, company by company: price against cost, funding, execution.

Read off the central path at the last month that is history, each point with a flag by a stated rule. Nothing here is
simulated, so there are no errors; what may still go wrong is in :mod:`corpfin.studies.compare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from corpfin.inputs import Company, Failure, Market, load_market
from corpfin.studies.batch import Companies, gather, prepare_batch
from corpfin.studies.compare import WALL_MONTHS, debt_wall, due_within, funding_gap
from corpfin.studies.model import MONTHS, MarketCase, prepare_market
from corpfin.studies.paired import markdown
from corpfin.studies.projection import Projection, ScenarioLike, project, scenario_of

Flag = Literal["green", "amber", "red", "none"]

LATE_MONTHS = 6.0
"""Months past the guided first delivery, with nothing delivered, that turn execution red: half of the time after which
tenants are assumed to be free to leave [month]."""

DELIVERED_SHARE = 0.5
"""Delivered over leased below which execution is amber: most of the rent is still a promise."""


@dataclass(frozen=True, eq=False)
class WatchList:
    """The result of :func:`watch`; ``failures`` says by name why a company is missing.

    ``table`` has one row a company, three flags and what they are read from.

    - ``price``: red when bitcoin stands below the power cost of a coin, amber below its cash cost, green above, none
      without mining. From ``btc_price``, ``power_cost``, ``cash_cost`` [USD/BTC].
    - ``funding``: red when liquidity does not cover the burn of twelve months, the corporate principal due in them and
      the funding gap; amber when it does not cover 24 months of both and the gap; else green. From ``cash``,
      ``liquidity``, ``shelf`` (what may be sold at the market now), ``shelf_month`` (what the market takes of it in a
      month), ``due_12``, ``due_24``, ``gap``, ``burn`` a month [USD m]; ``may_roll``: whether leverage would let
      maturities be rolled over in an open credit window.
    - ``execution``: red when the gap exceeds liquidity or first delivery is six months overdue; amber when there is a
      gap or less than half is delivered; green otherwise, none without contracts. From ``leased_mw``, ``delivered_mw``
      [MW], ``overdue``: months since the guided first delivery of a project that has delivered nothing, at the last
      known month; ``to_go``: months to the last guided delivery; ``slip_expected``: mean delay the model draws for it
      [month]; ``capex_left``, ``ring_money``: cash in the rings and loans still to close, fees and what they pay out
      deducted [USD m].
    """

    table: pd.DataFrame
    month: str
    scenario: str
    failures: dict[str, Failure]

    def to_markdown(self) -> str:
        """The table in Markdown."""
        return markdown(self.table)

    def to_csv(self, file: Path | str) -> None:
        """Write the table as CSV; ``OSError`` if it cannot be written."""
        self.table.to_csv(file, lineterminator="\n")


def watch(companies: Companies = None, scenario: ScenarioLike = "base", *, market: Market | None = None) -> WatchList:
    """The watch list; ``companies`` None stands for all that are known by ticker.

    Raises ``InputError`` when no company can be used.
    """
    market = market or load_market()
    market_case = prepare_market(market, scenario_of(scenario), MONTHS)
    found, failures = gather(companies, market)
    cases, unfit = prepare_batch(found, market_case)
    rows = {case.ticker: _row(case.company, market_case) for case in cases}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("company")
    month = market_case.labels[market_case.now]
    return WatchList(table, month, market_case.scenario.name, failures | unfit)


def price_flag(btc_price: float, power_cost: float, cash_cost: float) -> Flag:
    """Bitcoin against the cost of mining one [USD/BTC]; costs are 0 where nothing is mined."""
    if power_cost <= 0:
        return "none"
    if btc_price < power_cost:
        return "red"
    return "amber" if btc_price < cash_cost else "green"


def funding_flag(liquidity: float, burn: float, due_12: float, due_24: float, gap: float) -> Flag:
    """Liquidity against burn a month, principal due and funding gap [USD m]."""
    if liquidity < 12 * burn + due_12 + gap:
        return "red"
    return "amber" if liquidity < 24 * burn + due_24 + gap else "green"


def execution_flag(leased: float, delivered: float, overdue: float, gap: float, liquidity: float) -> Flag:
    """Delivery [MW], months overdue and money for what is left [USD m]."""
    if leased <= 0:
        return "none"
    if gap > liquidity or overdue >= LATE_MONTHS:
        return "red"
    return "amber" if gap > 0 or delivered < DELIVERED_SHARE * leased else "green"


def _row(company: Company, market_case: MarketCase) -> dict[str, object]:
    p = project(company, market_case.scenario, months=len(market_case.labels), market=market_case.market)
    now = market_case.now
    figures = p.summary
    wall = debt_wall(company, market_case)
    due_12, due_24 = due_within(wall, WALL_MONTHS // 2), due_within(wall, WALL_MONTHS)
    gap, liquidity, burn = funding_gap(p, now + 1), figures["liquidity"], figures["burn"]
    leased, delivered = figures["leased_mw"], figures["delivered_mw_now"]
    overdue, to_go = _delivery(p, now + 1)
    limit = market_case.market.tables.finance.refinancing_leverage
    return {
        "price": price_flag(figures["btc_price"], figures["power_cost_per_btc"], figures["cash_cost_per_btc"]),
        "funding": funding_flag(liquidity, burn, due_12, due_24, gap),
        "execution": execution_flag(leased, delivered, overdue, gap, liquidity),
        "btc_price": figures["btc_price"],
        "power_cost": figures["power_cost_per_btc"] or np.nan,
        "cash_cost": figures["cash_cost_per_btc"] or np.nan,
        "cash": float(p["cash"][now]),
        "liquidity": liquidity,
        "shelf": float(p["atm_remaining"][now]),
        "shelf_month": float(p["atm_capacity"][now]),
        "due_12": due_12,
        "due_24": due_24,
        "gap": gap,
        "burn": burn,
        "may_roll": bool(p["leverage"][now] <= limit),
        "leased_mw": leased,
        "delivered_mw": delivered,
        "overdue": overdue,
        "to_go": to_go,
        "slip_expected": _slip(p),
        "capex_left": float(p["hpc", "capex_left"][:, now].sum()),
        "ring_money": _ring_money(p, now),
    }


def _delivery(p: Projection, month: int) -> tuple[float, float]:
    """Months the guided first delivery is overdue at ``month``, and months to the last guided delivery."""
    inputs = p.case.data.openings["hpc"]
    delivered, leased = inputs["opening_delivered_mw"], inputs["leased_mw"]
    overdue = np.where((delivered <= 0) & (leased > 0), month - inputs["first_delivery_month"], 0.0)
    to_go = np.where(delivered < leased, inputs["full_delivery_month"] - month, 0.0)
    return float(np.max(overdue, initial=0.0)), float(np.max(to_go, initial=0.0))


def _slip(p: Projection) -> float:
    """Mean delay of the project with most time to go, as the draws have it [month]."""
    factors = p.case.randomness
    longest = max((project.remaining_months for project in p.case.projects), default=0.0)
    mean_share = factors.slip_median * np.exp(factors.slip_sigma**2 / 2)
    return float((1 - factors.slip_on_time) * mean_share * max(longest, 0.0))


def _ring_money(p: Projection, now: int) -> float:
    """Restricted cash of the rings and loans still to close, net of fees and of what they pay the parent [USD m]."""
    loans = (p["hpc", "loan_issued"] - p["hpc", "loan_cost"] - p["hpc", "closing_distribution"])[:, now + 1 :]
    return float(p["hpc", "ring_cash"][:, now].sum() + loans.sum())
