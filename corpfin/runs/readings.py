"""What is read off every run: the lines kept, horizons, quantiles, bills."""

from __future__ import annotations

from collections.abc import Sequence

KEPT = 16_384
"""Paths whose months are kept for fans and quantiles; outcomes are kept of every path."""

MONTHLY = ("cash", "btc", "liquidity", "share_price", "dilution", "total_hpc_delivered_mw", "failed")
OUTCOMES = (
    "default_month",
    "first_unpaid_bill",
    "dilution",
    "basic_dilution",
    "cash",
    "btc",
    "btc_sold_total",
    "btc_sold_forced_total",
    "btc_sold_for_buyback_total",
    "total_hpc_delivered_mw",
    "projects_lost",
    "credit_event_month",
)
CHECK_TOLERANCE = 1e-6
"""A check holds when it is nearer to zero than this, in its own unit; the tests hold the shipped companies to it."""

HORIZONS = (12, 24, 36, 60)
"""Months to which survival is shown, as far as they lie within the run."""

COMPARED = HORIZONS[-2:]
"""Those to which it is held against another case."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

FLOWS = (
    "group_revenue",
    "mined_value",
    "total_hpc_revenue",
    "total_fleet_btc_mined",
    "btc_sold",
    "btc_sold_by_policy",
    "btc_sold_for_prepayment",
    "btc_sold_forced",
    "btc_sold_for_buyback",
    "ebitda",
    "fair_value_change",
    "depreciation",
    "interest_expense",
    "tax",
    "net_income",
    "operating_cash_flow",
    "investing_cash_flow",
    "financing_cash_flow",
    "net_cash_flow",
    "total_hpc_capex_paid",
    "principal_falling_due",
    "atm_proceeds",
    "shares_issued",
    "unpaid",
)
LEVELS = (
    "cash",
    "total_hpc_ring_cash",
    "btc",
    "btc_value",
    "corporate_debt",
    "total_hpc_loan_balance",
    "book_equity",
    "shares",
    "share_price",
    "total_hpc_delivered_mw",
    "liquidity",
    "runway",
    "leverage",
    "hashprice",
    "network_hashrate",
    "failed",
)

BILLS = {
    0: "none",
    1: "operations",
    2: "interest",
    3: "maturity or put",
    4: "margin call",
    5: "committed capex",
    6: "distressed exchange",
}
"""Words for the codes of the line ``first_unpaid_bill``."""


def horizons(months: int, wanted: Sequence[int]) -> tuple[int, ...]:
    """The months to which a run is read: those ``wanted`` that lie before its end, and its end.

    >>> horizons(48, (12, 36, 60))
    (12, 36, 48)
    """
    return (*(month for month in wanted if month < months), months)
