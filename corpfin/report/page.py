"""The one-page answer in plain text: what the company holds, owes and builds, and whether it lives.

Every number is read off the projection's summary, the simulation's tables or the company file; nothing is computed
here that is not shown there, sums and ratios of two shown numbers aside.
"""

from __future__ import annotations

import numpy as np

from corpfin.common.tables import columns
from corpfin.common.text import money, percent, row, whole, wrapped, written
from corpfin.inputs import Figure
from corpfin.lines.constants import RUNWAY_CAP
from corpfin.paths import Lognormal
from corpfin.report.answer import answer
from corpfin.report.estimates import counts, estimated, key_of
from corpfin.report.findings import Chance, Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.runs.schedule import Due, by_year, debt_due, loans_due, principal_due, total

LISTED = 12
"""Estimates listed by name."""

YEARS = 6
"""Calendar years shown side by side."""


def page(projection: Projection, simulation: Simulation) -> str:
    """The answer for the projection's company, which must be one of the simulation's, under the same scenario."""
    found = Findings(simulation, projection.case.label)
    sections = [
        _header(projection, simulation),
        _position(projection),
        _break_even(projection),
        _liquidity(projection),
        _debt(projection),
        _capacity(projection),
        _survival(projection, found),
        _price_of_survival(projection, found),
        _estimates(projection),
        ["ANSWER", *answer(projection, simulation)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections)


def _header(projection: Projection, simulation: Simulation) -> list[str]:
    found = projection.summary
    scenario = projection.scenario
    return [
        f"{found['company']} ({found['ticker']}), balance sheet of {found['as_of']}",
        *wrapped(f"Scenario {scenario.name}: {' '.join(scenario.story.split())}", "", ""),
        f"{simulation.months} months to {projection.labels[-1]}; {simulation.paths:,} paths, seed {simulation.seed}",
        *wrapped(_seen(projection), "", ""),
        *wrapped(_bitcoin(projection), "", ""),
        "Money in USD m unless another unit is named; ± is one standard error",
    ]


def _seen(projection: Projection) -> str:
    """How much of what has happened since the balance sheet is in the run."""
    case = projection.market_case
    if not case.history:
        return "Nothing that has happened since the balance sheet is seen but the dated events of the company's file"
    last = case.labels[case.now]
    what = "market and share price" if case.known == "market" else "market, share price and what the company reported"
    return f"Seen to {last}: {what}; chance begins after it"


def _bitcoin(projection: Projection) -> str:
    """The price that everything below is held against and how it goes on."""
    found = projection.summary
    when = "the last month of history" if projection.market_case.history else "the first month"
    process = projection.market_case.randomness.process
    spread = f", volatility {percent(process.volatility, 0)} a year" if isinstance(process, Lognormal) else ""
    return (
        f"Bitcoin at {whole(found['btc_price'])} USD on average in {found['month_of_costs']}, {when}, and "
        f"{whole(found['btc_price_end'])} at its end; then {type(process).__name__.lower()}{spread}, "
        f"drift {percent(process.drift, 0)}"
    )


def _position(projection: Projection) -> list[str]:
    found = projection.summary
    equity = projection.company.tables.equity
    bitcoin = (
        f"{whole(found['btc'])} BTC at {whole(projection.market_case.market.tables.price.btc_close)}; "
        f"pledged {whole(found['btc_pledged'])}, lent {whole(found['btc_loaned'])}"
    )
    shares = f"{equity.shares:,g} m shares at {equity.share_price:,g} USD"
    return [
        f"POSITION on {found['as_of']}",
        row("Cash, unrestricted", money(found["cash"])),
        row("Restricted cash", money(found["restricted_cash"])),
        row("Bitcoin", money(found["btc_value"]), bitcoin),
        row("Corporate debt", money(found["corporate_debt"])),
        row("Project loans, ring-fenced", money(found["project_loans"])),
        row("Market capitalisation", money(found["market_cap"]), shares),
    ]


def _break_even(projection: Projection) -> list[str]:
    found = projection.summary
    heading = f"BREAK-EVEN BITCOIN PRICE in {found['month_of_costs']}, USD per BTC"
    hashprice = row("Hashprice", f"{found['hashprice']:.2f}", "USD per PH/s and day")
    if not found["power_cost_per_btc"]:
        return [heading, "  No machine runs, no bitcoin is mined.", hashprice]
    price = found["btc_price"]
    costs = {
        "Power": found["power_cost_per_btc"],
        "Cash cost": found["cash_cost_per_btc"],
        "All-in": found["all_in_cost_per_btc"],
    }
    meaning = {
        "Cash cost": "sites, mining's share of overhead",
        "All-in": "also interest, share pay, depreciation",
    }
    return [
        heading,
        row("Bitcoin price, month's mean", whole(price)),
        *(
            row(name, whole(cost), "; ".join(filter(None, (_beside(cost, price), meaning.get(name)))))
            for name, cost in costs.items()
        ),
        hashprice,
        row("Bitcoin mined in the month", whole(found["btc_mined_a_month"]), "BTC"),
    ]


def _beside(cost: float, price: float) -> str:
    return f"{percent(abs(cost / price - 1), 0)} {'above' if cost > price else 'below'}"


def _liquidity(projection: Projection) -> list[str]:
    found = projection.summary
    capped = found["runway"] >= RUNWAY_CAP
    runway = f"{whole(found['runway'])}{'+' if capped else ''}"
    needs = found["next_year_needs"]
    cover = f"covered {found['liquidity'] / needs:,.1f}x" if needs > 0 else "none"
    return [
        f"LIQUIDITY AND RUNWAY at the end of {found['month_of_costs']}, central path",
        row("Liquidity", money(found["liquidity"]), "cash, free bitcoin, undrawn revolvers"),
        row("Needs of the next 12 months", money(needs), f"burn, debt due, building committed; {cover}"),
        row("Burn a month", money(found["burn"]), "running cost and interest that receipts do not cover"),
        row("Runway, months", runway, "liquidity over burn, debt and building aside"),
    ]


def _debt(projection: Projection) -> list[str]:
    corporate, loans = debt_due(projection.company), loans_due(projection.company)
    lines = ["DEBT DUE BY YEAR by contract: first put, maturity, instalments; no roll-over, no conversion"]
    lines += _due_years(corporate) or ["  No corporate debt."]
    if loans:
        lines += ["  Project loans by contract, principal at maturity before scheduled repayment:", *_due_years(loans)]
    paid = principal_due(projection).filter(["projects"], axis="index")
    for amounts in paid.to_numpy():
        years = "; ".join(f"{year} {money(due)}" for year, due in zip(paid.columns, amounts, strict=True) if due > 0)
        lines += wrapped(f"Project loans as the model pays them on the central path: {years}", "  ", "    ")
    return lines


def _due_years(dues: list[Due]) -> list[str]:
    lines = []
    for year, group in by_year(dues).items():
        label = f"  {year or 'open':<5}{money(total(group)):>10}  "
        lines += wrapped("; ".join(map(_due, group)), label, " " * len(label))
    return lines


def _due(due: Due) -> str:
    day = f" {due.day:%Y-%m}" if due.day else ""
    kind = f"{due.event}{day}" if due.in_cash else f"{due.event} into shares{day}, not counted"
    return f"{due.id} {money(due.amount)} ({kind})"


def _capacity(projection: Projection) -> list[str]:
    projects = projection.company.tables.hpc
    if not projects:
        return ["AI AND HPC CAPACITY", "  No project."]
    found = projection.summary
    delivered = projection["hpc", "delivered_mw"]
    last = _last_months(projection)
    rows = [["critical MW", "leased", "now", *last, "guided"]]
    for number, project in enumerate(projects):
        guided = f"{project.full_delivery:%Y-%m}" if project.full_delivery else "-"
        by_end = [money(delivered[number][month]) for month in last.values()]
        rows.append([project.id, money(project.leased_mw), money(project.delivered_mw), *by_end, guided])
    if len(projects) > 1:
        by_end = [money(found["delivered_mw"][year]) for year in last]
        rows.append(["all", money(found["leased_mw"]), money(found["delivered_mw_now"]), *by_end, ""])
    return [
        "AI AND HPC CAPACITY: leased, delivered now and at each year's end on the central path",
        *columns(rows),
        row("Capital expenditure left", money(found["capex_left"]), "whole projects, before partners and lenders"),
    ]


def _last_months(projection: Projection) -> dict[str, int]:
    """The last projected month, counted from 0, of each calendar year shown."""
    return dict(list({label[:4]: number for number, label in enumerate(projection.labels)}.items())[:YEARS])


def _survival(projection: Projection, found: Findings) -> list[str]:
    months = horizons(found.simulation.months, HORIZONS)
    alive = [row(f"After {month} months ({projection.labels[month - 1]})", f"{found.alive(month)}") for month in months]
    bills = [
        row(f"First unpaid: {bill}", f"{Chance(share, error)}")
        for bill, share, error in found.first_unpaid_bills
        if share > 0
    ]
    lenders = [row("Lenders take a project", f"{found.lenders_take}", "at least one")]
    return [
        "SURVIVAL, share of paths not in default",
        *alive,
        row("Central path", _central(projection)),
        *bills,
        *(lenders if projection.company.tables.hpc else []),
    ]


def _central(projection: Projection) -> str:
    found = projection.summary
    if found["default_month"] is None:
        return "survives"
    return f"fails {found['default_month']}, first unpaid: {found['first_unpaid_bill']}"


def _price_of_survival(projection: Projection, found: Findings) -> list[str]:
    low, median, high = (found.dilution[f"survivors_{quantile}"] for quantile in (5, 50, 95))
    survivors = (
        row("Dilution of survivors", percent(median), f"5 to 95 %: {percent(low)} to {percent(high)}")
        if np.isfinite(median)
        else row("Dilution of survivors", "none survives")
    )
    sold, left = found.outcome.final["btc_sold_total"], found.outcome.final["btc"]
    return [
        f"PRICE OF SURVIVAL by {projection.labels[-1]}, median; dilution: new shares over shares at the start",
        survivors,
        row("Dilution, central path", percent(projection.summary["dilution"])),
        row("Bitcoin sold, all paths", whole(np.median(sold)), _spread(sold)),
        row("Bitcoin left, all paths", whole(np.median(left)), _spread(left)),
    ]


def _spread(values: np.ndarray) -> str:
    low, high = np.quantile(values, (0.05, 0.95))
    return f"5 to 95 %: {whole(low)} to {whole(high)} BTC"


def _estimates(projection: Projection) -> list[str]:
    figures = estimated(projection.company, projection.summary["btc_price"])
    by_grade = ", ".join(f"{count} {grade}" for grade, count in counts(projection.company).items())
    lines = [
        f"INPUTS: {by_grade} (default: the market file's)",
        f"  {len(figures)} estimates reach the model; amounts first, the largest first:",
        *columns([_estimate(figure) for figure in figures[:LISTED]]),
    ]
    return [*lines, f"  and {len(figures) - LISTED} more"] if len(figures) > LISTED else lines


def _estimate(figure: Figure) -> list[str]:
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    known = figure.low is not None or figure.high is not None
    unit = "" if figure.unit == "1" else figure.unit
    return [key_of(figure), written(figure.value), unit, f"{written(low)} to {written(high)}" if known else ""]
