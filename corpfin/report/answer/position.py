"""What a company is asked about, what it holds and owes, what a coin costs it, how long its money lasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpfin.lines.constants import RUNWAY_CAP
from corpfin.paths import Lognormal
from corpfin.report.answer.tree import SCENARIO_MONTH, Block, Figure
from corpfin.runs import Projection, Simulation

COSTS = {
    "power_cost_per_btc": "Power cost per bitcoin",
    "cash_cost_per_btc": "Cash cost per bitcoin",
    "all_in_cost_per_btc": "All-in cost per bitcoin",
}
"""Costs of a coin, each with what the one before it leaves out."""


def run(projection: Projection, simulation: Simulation) -> Block:
    """Company, scenario, length of the run, and how the bitcoin price goes on."""
    found, market_case = projection.summary, projection.market_case
    process = market_case.randomness.process
    volatility = process.volatility if isinstance(process, Lognormal) else None
    digests = {
        "company": projection.company.digest(),
        "market": market_case.market.digest(),
        "scenario": projection.scenario.digest(),
    }
    return Block(
        "run",
        "What was asked",
        (
            Figure("company", "company", found["company"], source="input company.name"),
            Figure("ticker", "ticker", found["ticker"], source="input company.ticker"),
            Figure("as_of", "balance sheet of", found["as_of"], source="input company.as_of"),
            Figure("scenario", "scenario", found["scenario"], source="scenario"),
            Figure("story", "story of the scenario", " ".join(projection.scenario.story.split()), source="scenario"),
            Figure("seed", "seed", simulation.seed, source="study simulate"),
            Figure("paths", "paths", simulation.paths, "path", "study simulate"),
            Figure("months", "months", simulation.months, "month", "study simulate", projection.labels[-1]),
            Figure("known", "what of history is seen", market_case.known, source="study project"),
            Figure("known_months", "months of history", market_case.history, "month", "input market"),
            Figure("known_to", "last month of history", projection.labels[market_case.now], source="study project"),
            Figure(
                SCENARIO_MONTH,
                "first month the scenario touches",
                projection.labels[market_case.touched],
                source="scenario",
            ),
            Figure("process", "bitcoin price process", type(process).__name__.lower(), source="input price.process"),
            Figure("volatility", "volatility of the price", volatility, "1/year", "input price.volatility"),
            Figure("drift", "drift of the price", process.drift, "1/year", "input price.drift"),
            Block(
                "digests",
                "Digests of what was read",
                tuple(Figure(name, name, digest) for name, digest in digests.items()),
            ),
        ),
    )


def position(projection: Projection) -> Block:
    """What the company holds and owes on the day of its balance sheet."""
    company, market = projection.company, projection.market_case.market

    def given(name: str, label: str, table: str, field: str | None = None) -> Figure:
        """A figure of the company's file."""
        figure = company.figure(table, None, field or name)
        return Figure(
            name, label, figure.value, figure.unit, f"input {table}.{figure.field}", projection.summary["as_of"],
            figure.grade, low=figure.low, high=figure.high,
        )  # fmt: skip

    def found(name: str, label: str, source: str, unit: str = "USD m") -> Figure:
        return Figure(name, label, projection.summary[name], unit, source, projection.summary["as_of"])

    close = market.figure("price", None, "btc_close")
    return Block(
        "position",
        "Position",
        (
            given("cash", "Unrestricted cash", "treasury"),
            given("restricted_cash", "Restricted cash", "treasury"),
            found("btc_value", "Bitcoin at fair value", "line opening_btc_value"),
            given("btc", "Bitcoin owned", "treasury"),
            Figure("btc_close", "Bitcoin price", close.value, close.unit, "input price.btc_close", grade=close.grade),
            found("btc_pledged", "Bitcoin pledged", "line total_debt_opening_collateral", "BTC"),
            found("btc_loaned", "Bitcoin lent out", "input treasury.btc_loaned", "BTC"),
            found("corporate_debt", "Corporate debt", "line total_debt_opening_balance"),
            found("project_loans", "Project loans, ring-fenced", "line total_hpc_opening_loan_balance"),
            found("market_cap", "Market cap", "input equity.shares, equity.share_price"),
            given("shares", "Shares outstanding", "equity"),
            given("share_price", "Share price", "equity"),
        ),
    )


def scenario_month(projection: Projection) -> int | None:
    """The first month the scenario touches, counted from 0; None where the run has none beside the one of history."""
    case = projection.market_case
    return case.touched if case.touched != case.now else None


def beside(name: str, label: str, projection: Projection, told: Callable[[int], tuple[Figure, ...]]) -> Block:
    """What ``told`` says of the last month of history and, as a block of its own, of the scenario's first month."""
    then = scenario_month(projection)
    inner = () if then is None else (Block(SCENARIO_MONTH, "First month the scenario touches", told(then)),)
    return Block(name, label, (*told(projection.market_case.now), *inner))


def break_even(projection: Projection) -> Block:
    """What a coin costs in the last month that is history and in the scenario's first, against its price."""

    def told(at: int) -> tuple[Figure, ...]:
        found, month = projection.at_month(at), projection.labels[at]
        price = found["btc_price"]

        def line(name: str, label: str, unit: str, source: str = "", **facts: Any) -> Figure:
            return Figure(name, label, found[name], unit, f"line {source or name}", month, facts=facts)

        def drawn(name: str, label: str) -> Figure:
            return Figure(name, label, found[name], "USD/BTC", "study project", month)

        return (
            Figure("month_of_costs", "Month of the costs", month, source="study project"),
            drawn("btc_price", "Bitcoin price, month's mean"),
            drawn("btc_price_end", "Bitcoin price at month's end"),
            *(line(name, label, "USD/BTC", over_price=found[name] / price - 1) for name, label in COSTS.items()),
            line("hashprice", "Hashprice", "USD/PH/day"),
            line("btc_mined_a_month", "Bitcoin mined in the month", "BTC", "total_fleet_btc_mined"),
        )

    return beside("break_even", "Break-even bitcoin price", projection, told)


def liquidity(projection: Projection) -> Block:
    """How long the money lasts, on the central path."""

    def told(at: int) -> tuple[Figure, ...]:
        found, month = projection.at_month(at), projection.labels[at]
        needs = found["next_year_needs"]
        cover = found["liquidity"] / needs if needs > 0 else None

        def line(name: str, label: str, unit: str = "USD m", **facts: Any) -> Figure:
            return Figure(name, label, found[name], unit, f"line {name}", month, facts=facts)

        return (
            line("liquidity", "Liquidity"),
            line("next_year_needs", "Next-year needs", cover=cover),
            line("burn", "Cash burn"),
            line("runway", "Runway", "month", at_cap=found["runway"] >= RUNWAY_CAP),
        )

    return beside("liquidity", "Liquidity and runway", projection, told)
