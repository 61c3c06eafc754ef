"""Two sentences from the numbers: what kills the company, what carries it."""

from __future__ import annotations

import numpy as np

from corpfin.common.text import money, percent, wrapped
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation

UNPAID = {
    "operations": "running costs",
    "interest": "interest",
    "maturity or put": "principal it can neither repay nor roll over",
    "margin call": "a margin call",
    "committed capex": "construction it is bound to pay for",
}
"""First unpaid bills as the end of a sentence."""

SECOND_BILL = 0.2
"""A second bill is named when it stays unpaid in at least this share of the failures."""

ONE_YEAR = 12

SHOWN = 0.05
"""Amounts that would be printed as nothing are left out [USD m]."""


def answer(projection: Projection, simulation: Simulation) -> list[str]:
    """What kills it and what carries it, broken to the width of a page."""
    found = Findings(simulation, projection.case.label)
    kills = f"What kills it: {_kills(projection, found)}{_lenders(found)}"
    return [*wrapped(kills), *wrapped(f"What carries it: {_carries(projection)}")]


def _kills(projection: Projection, found: Findings) -> str:
    months, failing, by_month = found.simulation.months, found.failing, found.default_months
    if not by_month.size:
        return f"nothing on {found.simulation.paths:,} paths of {months} months ({failing} fail)."
    half = projection.labels[int(np.quantile(by_month, 0.5, method="lower")) - 1]
    return f"{failing} of paths fail within {months} months, half of these by {half}; first unpaid: {_bills(found)}."


def _bills(found: Findings) -> str:
    first, second, *_ = found.first_unpaid_bills
    failing = found.failing.share
    parts = [f"{UNPAID[first.bill]} ({percent(first.share / failing, 0)} of the failures)"]
    if second.share >= SECOND_BILL * failing:
        parts.append(f"{UNPAID[second.bill]} ({percent(second.share / failing, 0)})")
    return ", then ".join(parts)


def _lenders(found: Findings) -> str:
    return f" Lenders take at least one project on {found.lenders_take}." if found.lenders_take.share else ""


def _carries(projection: Projection) -> str:
    """Liquidity, and what the last twelve months before default or horizon bring in and cost on the central path."""
    found = projection.summary
    stop = int(projection["default_month"][-1]) or len(projection.labels)
    months = slice(max(0, stop - ONE_YEAR), stop)

    def over(*names: str) -> float:
        return float(sum(projection[name][months].sum() for name in names))

    earned = {
        "the projects pass up {} after their own debt service": over("total_hpc_parent_distribution"),
        "mining brings {} after power and sites": over("mined_value", "total_fleet_credits")
        - over("total_fleet_power_cost", "total_fleet_site_expense"),
        "other income is {}": over("services_income", "interest_income"),
    }
    spent = {"overhead is {}": over("sga", "other_cost"), "corporate interest {}": over("total_debt_interest")}
    left = sum(earned.values()) - sum(spent.values())
    shown = [words.format(money(amount)) for words, amount in (earned | spent).items() if abs(amount) >= SHOWN]
    return (
        f"liquidity of {money(found['liquidity'])} against needs of {money(found['next_year_needs'])} in the next "
        f"12 months. In the {stop - months.start} months to {projection.labels[stop - 1]} on the central path "
        f"{', '.join(shown)}; {'this leaves' if left >= 0 else 'this falls short by'} {money(abs(left))} before tax, "
        "building and principal."
    )
