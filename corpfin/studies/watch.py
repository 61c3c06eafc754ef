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

from corpfin.inputs import Company, Market
from corpfin.runs.batch import ready
from corpfin.runs.cases import MarketCase, prepare_market
from corpfin.runs.projection import Companies, Projection, ScenarioLike, market_of, project, scenario_of
from corpfin.runs.readings import MONTHS
from corpfin.runs.schedule import due_within
from corpfin.runs.simulation import Progress
from corpfin.studies.compare import WALL_MONTHS, equity_to_complete
from corpfin.studies.result import Result

Flag = Literal["green", "amber", "red", "none"]

LATE_MONTHS = 6.0
"""Months past a guided delivery that turn execution red: half of the time after which tenants are assumed to be free to
leave [month]."""

DELIVERED_SHARE = 0.5
"""Delivered over leased below which execution is amber: most of the rent is still a promise."""

COLUMNS = (
    "price",
    "funding",
    "execution",
    "btc_price",
    "power_cost",
    "cash_cost",
    "network_cost",
    "cash",
    "liquidity",
    "shelf",
    "shelf_month",
    "due_12",
    "due_24",
    "equity_to_complete",
    "burn",
    "may_roll",
    "window_open",
    "leased_mw",
    "delivered_mw",
    "overdue",
    "to_go",
    "slip_expected",
    "capex_left",
    "ring_money",
)
"""Columns of the table."""


@dataclass(frozen=True, eq=False, kw_only=True)
class WatchList(Result):
    """The result of :func:`watch`, read at ``month``.

    ``table`` has one row a company, three flags and what they are read from.

    - ``price``: red when bitcoin stands below the power cost of a coin, amber below its cash cost, green above, none
      without mining. From ``btc_price``, ``power_cost``, ``cash_cost``; beside them ``network_cost``: JPMorgan's
      production cost of the whole network [USD/BTC].
    - ``funding``: red when liquidity and what the shelf brings in twelve months do not cover the burn of twelve months,
      the corporate principal due in them and the equity to complete; amber when liquidity alone does not, or both do
      not cover 24 months; else green. From ``cash``, ``liquidity``, ``shelf`` (what may be sold at the market now),
      ``shelf_month`` (what the market takes of it in a month), ``due_12``, ``due_24`` (by contract),
      ``equity_to_complete``, ``burn`` a month [USD m]; beside them ``window_open``: credit is to be had in the first
      month that is not history, and ``may_roll``: leverage would then let maturities be rolled over.
    - ``execution``: red when the equity to complete exceeds liquidity or a delivery is six months overdue; amber when
      there is any or less than half is delivered; green otherwise, none without contracts. From ``leased_mw``,
      ``delivered_mw`` [MW], ``overdue``: months since the guided first delivery of a project that has delivered
      nothing, or since the guided last one of a project not fully delivered, at the last known month; ``to_go``: months
      to the last guided delivery; ``slip_expected``: mean delay the model draws for it under the scenario [month];
      ``capex_left``, ``ring_money``: cash in the rings and loans still to close, fees and what they pay out deducted
      [USD m].
    """

    month: str


def watch(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    months: int = MONTHS,
    market: Market | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> WatchList:
    """The watch list; ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first.

    Equity to complete is asked for within ``months``. Raises ``InputError`` when no company can be used.
    """
    market = market or market_of(companies, folder)
    market_case = prepare_market(market, scenario_of(scenario), months)
    cases, failures = ready(companies, market, market_case, folder)
    rows = {}
    for number, case in enumerate(cases, start=1):
        rows[case.ticker] = _row(case.company, market_case)
        if progress:
            progress(number, len(cases))
    return WatchList(
        table=pd.DataFrame.from_dict(rows, orient="index").rename_axis("company")[list(COLUMNS)],
        failures=failures,
        scenario=market_case.scenario.name,
        months=months,
        month=market_case.labels[market_case.now],
    )


def price_flag(btc_price: float, power_cost: float, cash_cost: float) -> Flag:
    """Bitcoin against the cost of mining one [USD/BTC]; costs are 0 where nothing is mined."""
    if power_cost <= 0:
        return "none"
    if btc_price < power_cost:
        return "red"
    return "amber" if btc_price < cash_cost else "green"


def funding_flag(
    liquidity: float, shelf: float, shelf_month: float, burn: float, due_12: float, due_24: float, to_complete: float
) -> Flag:
    """Liquidity and shelf against burn a month, principal due and equity to complete [USD m]."""
    year, two_years = 12 * burn + due_12 + to_complete, 24 * burn + due_24 + to_complete
    if liquidity + min(shelf, 12 * shelf_month) < year:
        return "red"
    return "amber" if liquidity < year or liquidity + min(shelf, 24 * shelf_month) < two_years else "green"


def execution_flag(leased: float, delivered: float, overdue: float, to_complete: float, liquidity: float) -> Flag:
    """Delivery [MW], months overdue and money for what is left [USD m]."""
    if leased <= 0:
        return "none"
    if to_complete > liquidity or overdue >= LATE_MONTHS:
        return "red"
    return "amber" if to_complete > 0 or delivered < DELIVERED_SHARE * leased else "green"


def _row(company: Company, market_case: MarketCase) -> dict[str, object]:
    p = project(company, market_case.scenario, months=len(market_case.labels), market=market_case.market)
    now = market_case.now
    figures = p.summary
    after = min(now + 1, len(p.labels) - 1)
    due_12, due_24 = (due_within(company, now + 1, months) for months in (WALL_MONTHS // 2, WALL_MONTHS))
    to_complete, liquidity, burn = equity_to_complete(p, now + 1), figures["liquidity"], figures["burn"]
    shelf, shelf_month = float(p["atm_remaining"][now]), float(p["atm_capacity"][now])
    leased, delivered = figures["leased_mw"], figures["delivered_mw_now"]
    overdue, to_go = _delivery(p, now + 1)
    limit = market_case.market.tables.finance.refinancing_leverage
    return {
        "price": price_flag(figures["btc_price"], figures["power_cost_per_btc"], figures["cash_cost_per_btc"]),
        "funding": funding_flag(liquidity, shelf, shelf_month, burn, due_12, due_24, to_complete),
        "execution": execution_flag(leased, delivered, overdue, to_complete, liquidity),
        "btc_price": figures["btc_price"],
        "power_cost": figures["power_cost_per_btc"] or np.nan,
        "cash_cost": figures["cash_cost_per_btc"] or np.nan,
        "network_cost": float(p["jpm_production_cost"][now]),
        "cash": float(p["cash"][now]),
        "liquidity": liquidity,
        "shelf": shelf,
        "shelf_month": shelf_month,
        "due_12": due_12,
        "due_24": due_24,
        "equity_to_complete": to_complete,
        "burn": burn,
        "may_roll": bool(p["leverage"][now] <= limit),
        "window_open": bool(p["credit_open"][after] > 0),
        "leased_mw": leased,
        "delivered_mw": delivered,
        "overdue": overdue,
        "to_go": to_go,
        "slip_expected": _slip(p),
        "capex_left": float(p["hpc", "capex_left"][:, now].sum()),
        "ring_money": _ring_money(p, now),
    }


def _delivery(p: Projection, month: int) -> tuple[float, float]:
    """Months a guided delivery is overdue at ``month``, and months to the last guided one.

    The first counts where nothing is delivered, the last where not everything is.
    """
    inputs = p.case.data.openings["hpc"]
    delivered, leased = inputs["opening_delivered_mw"], inputs["leased_mw"]
    guided = np.where(delivered > 0, inputs["full_delivery_month"], inputs["first_delivery_month"])
    overdue = np.where(delivered < leased, month - guided, 0.0)
    to_go = np.where(delivered < leased, inputs["full_delivery_month"] - month, 0.0)
    return float(np.max(overdue, initial=0.0)), float(np.max(to_go, initial=0.0))


def _slip(p: Projection) -> float:
    """Mean delay of the project with most time to go, as the draws have it under the scenario [month]."""
    factors, projects = p.case.randomness, p.case.projects
    mean_share = (1 - factors.slip_on_time) * factors.slip_median * np.exp(factors.slip_sigma**2 / 2)
    slips = mean_share * np.array([max(project.remaining_months, 0.0) for project in projects])
    p.market_case.shock({"slip": slips}, projects)  # shocks add, multiply or set: they act on a mean as on a draw
    return float(np.max(slips, initial=0.0))


def _ring_money(p: Projection, now: int) -> float:
    """Restricted cash of the rings and loans still to close, net of fees and of what they pay the parent [USD m]."""
    loans = (p["hpc", "loan_issued"] - p["hpc", "loan_cost"] - p["hpc", "closing_distribution"])[:, now + 1 :]
    return float(p["hpc", "ring_cash"][:, now].sum() + loans.sum())
