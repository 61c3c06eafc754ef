"""Compare, stress, lifeline and watch list as pages of plain text and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.tables import columns
from corpfin.common.text import WIDTH, chance, percent, whole, wrapped
from corpfin.inputs import Failure
from corpfin.lines.constants import RUNWAY_CAP
from corpfin.report.document import FORMAT, records, versions
from corpfin.studies.compare import WALL_MONTHS, Comparison
from corpfin.studies.drivers import Drivers
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.paired import Difference
from corpfin.studies.result import Result
from corpfin.studies.stress import BASE, Stress
from corpfin.studies.watch import WatchList

THOUSAND = 1000.0

ERRORS = 2.0
"""Errors of a difference within which two companies are tied."""

DILUTION = (
    "Dilution: new shares over shares at the start, of paths that survive to the end (a level is their median, a "
    "change the mean over paths that survive both ways)."
)
"""The one convention, said on every page that shows dilution."""

FUNDING = ("cash", "liquidity", "shelf", "shelf_month", "due_12", "due_24", "equity_to_complete", "burn")
EXECUTION = (
    "delivered_mw",
    "leased_mw",
    "overdue",
    "to_go",
    "slip_expected",
    "capex_left",
    "ring_money",
    "liquidity",
)
"""Columns of the watch list behind its second and third flag, in the order of the page."""


def compare_page(result: Comparison) -> str:
    """Survival and dilution, survival against the reference, costs, money and execution, principal due by year."""
    table, horizons = result.table, _horizons(result.table)
    head = [
        f"{len(table)} {'company' if len(table) == 1 else 'companies'} on the same {result.paths:,} paths, "
        f"scenario {result.scenario}, seed {result.seed}",
        "Survival to so many months in %, ± one error; dilution median and 95 %",
    ]
    outcome = [["", *(f"{horizon} months" for horizon in horizons), "dilution", "95 %", "first unpaid"]]
    money = [
        ["", "runway", "power", "cash", "all-in", "liquid", "due", "equity", "pipeline", "MW", "leased", "sold", "DD"]
    ]
    for ticker, row in table.iterrows():
        pairs = [(row[f"survival_{horizon}"], row[f"error_{horizon}"]) for horizon in horizons]
        survival = [chance(*pair).removesuffix(" %") for pair in pairs]
        shares = [_share(row[name]) for name in ("dilution_median", "dilution_95")]
        outcome.append([str(ticker), *survival, *shares, row["first_unpaid_bill"]])
        runway = f"{whole(row['runway'])}{'+' if row['runway'] >= RUNWAY_CAP else ''}"
        costs = [_or_dash(row[f"breakeven_{name}"] / THOUSAND or np.nan) for name in ("power", "cash", "all_in")]
        amounts = [_or_dash(row[name]) for name in ("liquidity", "wall", "equity_to_complete", "equity_with_pipeline")]
        built = [_or_dash(row["delivered_mw"]), _or_dash(row["leased_mw"])] if row["leased_mw"] > 0 else ["-", "-"]
        last = [_share(row["btc_sold_share"]), f"{row['distance_to_default']:.1f}"]
        money.append([str(ticker), runway, *costs, *amounts, *built, *last])
    price = table["btc_price"].iloc[0]
    notes = wrapped(
        f"Runway in months; cost of a coin in USD thousand against a price of {price / THOUSAND:,.1f}; money in USD m: "
        f"liquid now, corporate principal due by contract in the next {WALL_MONTHS} months, equity to complete (what "
        "committed projects still ask of the company on the central path), the same with uncontracted pipeline; MW "
        "delivered and leased; sold: of bitcoin held and mined. " + DILUTION
    )
    distance = wrapped(
        "DD, distance to default: market value of assets over the default point, in standard deviations that the "
        "model's own share moves in a year; it sees market value, debt and one year, and neither liquidity nor "
        "building nor what can be raised, so it need not rank as survival does."
    )
    sections = [head, columns(outcome), *_ties(result, horizons), columns(money), notes, distance]
    sections.append(_maturities(result.maturities))
    return _page(sections)


def stress_page(result: Stress) -> str:
    """Survival under base and what each scenario changes, dilution and funding gap where they change most."""
    name = result.main_column
    level, change = result.matrix(name), result.matrix(f"change_{name}")
    error, uncertain = result.matrix(f"error_{name}"), result.matrix(f"level_error_{result.months}")
    dilution, gap = result.matrix("change_dilution"), result.matrix("change_funding_gap")
    scenarios = [scenario for scenario in level if scenario != BASE]
    tickers = [str(ticker) for ticker in level.index]
    head = [
        f"Survival to month {result.months}: base in %, change in percentage points; "
        f"{result.paths:,} common paths, seed {result.seed}",
        "* beyond two errors of the difference",
    ]
    rows = [
        ["", *tickers],
        [BASE, *(f"{percent(share).removesuffix(' %')} " for share in level[BASE])],
        ["± one error", *(f"{100 * spread:.1f} " for spread in uncertain[BASE])],
    ]
    for scenario in scenarios:
        moved = zip(change[scenario], error[scenario], strict=True)
        rows.append([str(scenario), *(_points(value, spread) for value, spread in moved)])
    sections = [head, *_blocks(rows)]
    for title, matrix, scale, note in (
        ("DILUTION, change in percentage points", dilution, 100.0, DILUTION),
        (
            "FUNDING GAP, change of the mean over all paths in USD m",
            gap,
            1.0,
            "What committed projects ask of the company from the start on. A project that its lenders have taken asks "
            "for nothing more: a gap may fall because things get worse.",
        ),
    ):
        cells = pd.DataFrame({name: [_signed(scale * x) for x in matrix[name]] for name in scenarios}, index=tickers).T
        moving = cells.loc[(cells != ".").any(axis=1), (cells != ".").any()]
        if moving.size:
            rows = [
                ["", *moving],
                *([str(name), *row] for name, row in zip(moving.index, moving.to_numpy(), strict=True)),
            ]
            sections += [[title], *_blocks(rows), wrapped(note)]
    return _page(sections)


def lifeline_page(result: Lifeline) -> str:
    """The verdicts, survival with and without, and what the transition, and a year's delay, change."""
    horizons = _horizons(result.table)
    head = [
        f"With the AI/HPC transition less without it; scenario {result.scenario}",
        f"{result.paths:,} common paths, seed {result.seed}; ± one error",
    ]
    names = [f"survival_{horizon}" for horizon in horizons]
    labels = [f"month {horizon}" for horizon in horizons]
    plan = [["", "verdict", *labels, "dilution", "value", "funding"]]
    late = [["", *labels, "dilution", "value", "funding"]]
    cases = ("with", "without", "late")
    levels = [["", *(f"{case} {horizon}" for horizon in horizons for case in cases)]]
    cells = result.levels.to_dict("index")
    for ticker, row in result.table.iterrows():
        verdict = ": ".join(filter(None, (row["verdict"], row["basis"])))
        plan.append([str(ticker), verdict, *_changes(row, "", names)])
        if row["verdict"] != "no transition":
            late.append([str(ticker), *_changes(row, "late_", names)])
        found = [(cells[ticker, case], horizon) for horizon in horizons for case in cases]
        shares = [chance(level[f"survival_{h}"], level[f"level_error_{h}"]).removesuffix(" %") for level, h in found]
        levels.append([str(ticker), *shares])
    notes = wrapped(
        "Survival to a month and dilution in percentage points, value in USD per share at the horizon, funding in "
        "USD m raised or not found. A loss of survival beyond two errors and a point makes a new risk, a gain a "
        "lifeline; where survival does not move, value per share decides. " + DILUTION
    )
    sections = [head, columns(plan, left=2), notes, ["SURVIVAL in %, with, without and a year late", *columns(levels)]]
    if len(late) > 1:
        sections.append(["DELIVERY TWELVE MONTHS LATE less as planned", *columns(late)])
    return _page(sections)


def watch_page(result: WatchList) -> str:
    """The three points with their flags and what they are read from."""
    table = result.table
    window = "open" if table["window_open"].all() else "shut"
    head = [
        f"Watch list as of {result.month}, central path of scenario {result.scenario}",
        f"Credit window in the first month that is not history: {window}",
    ]
    price = [["PRICE", "", "price", "power", "cash cost", "network"]]
    funding = [["FUNDING", "", "cash", "liquid", "shelf", "a month", "due 12", "due 24", "equity", "burn", "rolls"]]
    building = [["EXECUTION", "", "MW", "leased", "overdue", "to go", "slip", "capex left", "ring money", "liquid"]]
    for ticker, row in table.iterrows():
        costs = [_or_dash(row[name]) for name in ("btc_price", "power_cost", "cash_cost", "network_cost")]
        price.append([str(ticker), row["price"], *costs])
        rolls = "yes" if row["may_roll"] and row["window_open"] else "no"
        funding.append([str(ticker), row["funding"], *(_or_dash(row[name]) for name in FUNDING), rolls])
        if row["leased_mw"] > 0:
            building.append([str(ticker), row["execution"], *(_or_dash(row[name]) for name in EXECUTION)])
    notes = wrapped(
        "USD per coin, USD m, months. Network: JPMorgan's cost of all miners, an electricity average. Shelf: "
        "shares that may be sold at the market, and what it takes of them a month; the flag counts what it brings in "
        "time. Due: corporate principal by contract. Equity: what committed projects still ask of the company. Rolls: "
        "the window is open and leverage allows refinancing. Slip: mean delay the model draws for the last project."
    )
    return _page([head, columns(price, left=2), columns(funding, left=2), columns(building, left=2), notes])


def study_document(result: Result) -> dict[str, Any]:
    """A result for programs: its table by rows, what it was computed from, and why companies are missing."""
    found: dict[str, Any] = {name: getattr(result, name) for name in ("scenario", "months", "paths", "seed")}
    match result:
        case Comparison():
            found["reference"] = result.reference
            found["differences"] = records(result.differences)
            found["maturities"] = records(result.maturities)
        case Stress():
            found["stories"] = result.stories
        case Drivers():
            found["bills"] = records(result.bills)
        case Lifeline():
            found["levels"] = records(result.levels)
        case WatchList():
            found["month"] = result.month
    return {
        "format": FORMAT,
        "versions": versions(),
        **found,
        "table": records(result.table),
        "failures": {name: [str(problem) for problem in failure.problems] for name, failure in result.failures.items()},
    }


def faults_of(failures: Mapping[str, Failure]) -> list[str]:
    """Every problem of the companies that were left out, with the name each was given."""
    return [
        f"{problem}" if f"{problem}".startswith(f"{name}:") else f"{name}: {problem}"
        for name, failure in failures.items()
        for problem in failure.problems
    ]


def _ties(result: Comparison, horizons: list[str]) -> list[list[str]]:
    """Survival less that of the reference, with the error of the difference; nothing for a single company."""
    if len(result.table) < 2:
        return []
    rows = [["", *(f"{horizon} months" for horizon in horizons), ""]]
    for ticker in result.table.index.drop(result.reference):
        found = result.differences.loc[ticker]
        moved = [Difference(found[f"change_{horizon}"], found[f"error_{horizon}"]) for horizon in horizons]
        tie = "" if any(difference.beyond(ERRORS) for difference in moved) else "tie"
        rows.append([str(ticker), *(_with_error(100 * change, 100 * error, 1) for change, error in moved), tie])
    title = (
        f"SURVIVAL LESS {result.reference}'S in percentage points, ± one error of the difference; tie: within "
        f"{ERRORS:g} errors at every horizon"
    )
    return [[*wrapped(title, "", ""), *columns(rows)]]


def _horizons(table: pd.DataFrame) -> list[str]:
    """The horizons [month] that a table has survival to."""
    return [str(name).removeprefix("survival_") for name in table if str(name).startswith("survival_")]


def _page(sections: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections)


def _maturities(maturities: pd.DataFrame) -> list[str]:
    """Principal due by year: corporate by contract, project loans below where there are any."""
    heading = wrapped(
        "PRINCIPAL DUE BY YEAR, USD m. Corporate: by contract, from the balance-sheet date to the last date of the "
        "file (first put, else maturity or instalments; no roll-over, no conversion). Projects: what the model pays on "
        "their loans on the central path, up to its end.",
        "",
        "",
    )
    rows = [["", "", *map(str, maturities)]]
    for key, row in zip(maturities.index, maturities.to_numpy(dtype=float), strict=True):
        rows.append([*map(str, key), *(_or_dash(amount or np.nan) for amount in row)])
    return [*heading, *(columns(rows, left=2) if len(rows) > 1 else ["  None."])]


def _blocks(rows: list[list[str]]) -> list[list[str]]:
    """A wide table cut into tables that fit a page, each with the first column."""
    first = max(len(row[0]) for row in rows)
    width = 2 + max(len(cell) for row in rows for cell in row[1:])
    count = max(1, (WIDTH - 2 - first) // width)
    return [columns([[row[0], *row[start : start + count]] for row in rows]) for start in range(1, len(rows[0]), count)]


def _changes(row: pd.Series, prefix: str, survival: list[str]) -> list[str]:
    """Changes with their errors: survival and dilution in points, value, funding."""
    parts = [(name, 100.0, 1) for name in (*survival, "dilution")] + [("value", 1.0, 2), ("funding", 1.0, 0)]
    return [
        _with_error(scale * row[f"{prefix}change_{name}"], scale * row[f"{prefix}error_{name}"], digits)
        for name, scale, digits in parts
    ]


def _with_error(value: float, error: float, digits: int) -> str:
    if np.isnan(value):
        return "-"
    if value == 0.0 and error == 0.0:
        return "0"
    shown = f"{value + 0.0:+,.{digits}f}"
    return shown if np.isnan(error) else f"{shown} ± {error:,.{digits}f}"


def _points(value: float, error: float) -> str:
    return f"{_signed(100 * value)}{'*' if abs(value) > 2 * error else ' '}"


def _signed(value: float) -> str:
    """A change with its sign; a point where it rounds to nothing, a dash where there is none to show."""
    if np.isnan(value):
        return "-"
    return "." if abs(value) < 0.05 else (f"{value:+,.1f}" if abs(value) < 1000 else f"{value:+,.0f}")


def _share(value: float) -> str:
    return "-" if np.isnan(value) else percent(value, 0)


def _or_dash(value: float) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:.1f}" if 0 < abs(value) < 100 and value != round(value) else whole(value)
