"""The figures an analyst would put in an email, read off a projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from corpfin.studies.projection import Projection

CAUSES = {0: "none", 1: "operations", 2: "interest", 3: "maturity or put", 4: "margin call", 5: "committed capex"}


def summarise(projection: Projection) -> dict[str, Any]:
    """Position, costs, runway, debt due by year, capacity and outcome of one path; money in USD m.

    Costs per bitcoin and burn are those of the last month that is history, or of the first month when none is.
    """
    p = projection
    tables = p.company.tables
    last_known = p.market_case.now
    month = int(p["default_month"][-1])
    years = np.array([int(label[:4]) for label in p.labels])

    def at(name: str, position: int = last_known) -> float:
        return float(p[name][position])

    def by_year(flow: np.ndarray) -> dict[str, float]:
        return {str(year): float(flow[years == year].sum()) for year in np.unique(years)}

    return {
        "company": p.company.name,
        "ticker": p.company.ticker,
        "as_of": str(p.company.as_of),
        "scenario": p.scenario.name,
        "cash": tables.treasury.cash,
        "restricted_cash": tables.treasury.restricted_cash,
        "btc": tables.treasury.btc,
        "btc_pledged": float(p.values.openings["debt", "opening_collateral"].sum()),
        "btc_loaned": tables.treasury.btc_loaned or 0.0,
        "btc_value": float(p.values.openings["opening_btc_value"]),
        "corporate_debt": float(p.values.openings["debt", "opening_balance"].sum()),
        "project_loans": float(p.values.openings["hpc", "opening_loan_balance"].sum()),
        "market_cap": tables.equity.shares * tables.equity.share_price,
        "month_of_costs": p.labels[last_known],
        "btc_price": at("btc_price"),
        "btc_price_end": at("btc_price_end"),
        "hashprice": at("hashprice"),
        "power_cost_per_btc": at("power_cost_per_btc"),
        "cash_cost_per_btc": at("cash_cost_per_btc"),
        "all_in_cost_per_btc": at("all_in_cost_per_btc"),
        "burn": at("burn"),
        "runway": at("runway"),
        "liquidity": at("liquidity"),
        "next_year_needs": at("next_year_needs"),
        "principal_due": by_year(p["principal_falling_due"]),
        "project_debt_service": by_year(p["hpc", "ring_debt_service"].sum(axis=0)),
        "capex_left": float(p["hpc", "capex_left"].sum(axis=0)[0]),
        "leased_mw": float(sum(row.leased_mw for row in tables.hpc)),
        "delivered_mw": {str(year): float(p["total_hpc_delivered_mw"][years == year][-1]) for year in np.unique(years)},
        "delivered_mw_now": float(sum(row.delivered_mw for row in tables.hpc)),
        "btc_mined_a_month": at("total_fleet_btc_mined"),
        "dilution": float(p["dilution"][-1]),
        "default_month": p.labels[month - 1] if month else None,
        "default_cause": CAUSES[int(p["default_cause"][-1])],
    }
