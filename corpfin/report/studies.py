"""Compare, stress, lifeline and watch list as pages of plain text, CSV and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from corpfin.inputs import Failure, nearest_name
from corpfin.report.document import FORMAT, versions
from corpfin.report.files import write_whole
from corpfin.report.text import WIDTH, chance, columns, percent, whole, wrapped
from corpfin.studies.compare import WALL_MONTHS, Comparison
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.stress import BASE, Stress
from corpfin.studies.watch import WatchList

Study = Comparison | Stress | Lifeline | WatchList
StudyT = TypeVar("StudyT", Comparison, Stress, Lifeline, WatchList)

THOUSAND = 1000.0

FUNDING = ("cash", "liquidity", "shelf", "shelf_month", "due_12", "due_24", "gap", "burn")
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


def ordered(result: StudyT, column: str) -> StudyT:
    """The result with its companies in descending order of a column (stress: of survival under a scenario).

    ``KeyError`` with the nearest name for an unknown one.
    """
    if isinstance(result, Stress):
        survival = result.matrix(_last_survival(result.table))
        order = list(survival.sort_values(_known(column, survival, "scenario"), ascending=False, kind="stable").index)
        table = result.table.reindex([key for ticker in order for key in result.table.index if key[0] == ticker])
        return replace(result, table=table)
    name = _known(column, result.table, "column")
    return replace(result, table=result.table.sort_values(name, ascending=False, kind="stable"))


def compare_page(result: Comparison) -> str:
    """Survival and dilution, then costs, money and execution, then principal due by year."""
    simulation, table = result.simulation, result.table
    horizons, scenario = _horizons(table), simulation.market_case.scenario.name
    head = [
        f"{len(table)} companies on the same {simulation.paths:,} paths, scenario {scenario}, seed {simulation.seed}",
        "Survival to so many months in %, ± one error; dilution of surviving paths, median and 95 %",
    ]
    outcome = [["", *(f"{horizon} months" for horizon in horizons), "dilution", "95 %", "top cause"]]
    money = [
        ["", "runway", "power", "cash", "all-in", "liquid", "due", "gap", "pipeline", "MW", "leased", "sold", "DD"]
    ]
    for ticker, row in table.iterrows():
        pairs = [(row[f"survival_{horizon}"], row[f"error_{horizon}"]) for horizon in horizons]
        survival = [chance(*pair).removesuffix(" %") for pair in pairs]
        shares = [_share(row[name]) for name in ("dilution_median", "dilution_95")]
        outcome.append([str(ticker), *survival, *shares, row["top_cause"]])
        costs = [_or_dash(row[f"breakeven_{name}"] / THOUSAND or np.nan) for name in ("power", "cash", "all_in")]
        amounts = [_or_dash(row[name]) for name in ("liquidity", "wall", "funding_gap", "gap_with_pipeline")]
        built = [_or_dash(row["delivered_mw"]), _or_dash(row["leased_mw"])] if row["leased_mw"] > 0 else ["-", "-"]
        last = [_share(row["btc_sold_share"]), f"{row['distance_to_default']:.1f}"]
        money.append([str(ticker), whole(row["runway"]), *costs, *amounts, *built, *last])
    price = table["btc_price"].iloc[0]
    notes = wrapped(
        f"Runway in months; cost of a coin in USD thousand against a price of {price / THOUSAND:,.1f}; money in USD m: "
        f"liquid now, corporate principal due within {WALL_MONTHS} months by contract, what committed projects still "
        "ask of the company on the central path, the same with uncontracted pipeline; MW delivered and leased; DD: "
        "distance to default in standard deviations of a year. Sold: of bitcoin held and mined."
    )
    years = _years(result.maturities)
    due = columns(years) if len(years) > 1 else ["  None within the months simulated."]
    sections = [head, columns(outcome), columns(money), notes, ["PRINCIPAL DUE BY CONTRACT, USD m", *due]]
    return _page(sections)


def stress_page(result: Stress) -> str:
    """Survival under base and what each scenario changes, dilution and funding gap where they change most."""
    name = _last_survival(result.table)
    level, change = result.matrix(name), result.matrix(f"change_{name}")
    error, gap = result.matrix(f"error_{name}"), result.matrix("change_funding_gap")
    dilution = result.matrix("change_dilution")
    scenarios = [scenario for scenario in level if scenario != BASE]
    tickers = [str(ticker) for ticker in level.index]
    head = [
        f"Survival to month {name.removeprefix('survival_')}: base in %, change in percentage points; "
        f"{result.paths:,} common paths, seed {result.seed}",
        "* beyond two errors of the difference",
    ]
    rows = [["", *tickers], [BASE, *(f"{percent(share, 0)} " for share in level[BASE])]]
    for scenario in scenarios:
        moved = zip(change[scenario], error[scenario], strict=True)
        rows.append([str(scenario), *(_points(value, uncertain) for value, uncertain in moved)])
    sections = [head, *_blocks(rows)]
    for title, matrix, scale in (
        ("DILUTION, change in percentage points on paths that survive both", dilution, 100.0),
        ("FUNDING GAP, change of the mean in USD m", gap, 1.0),
    ):
        cells = pd.DataFrame({name: [_signed(scale * x) for x in matrix[name]] for name in scenarios}, index=tickers).T
        moving = cells.loc[(cells != ".").any(axis=1), (cells != ".").any()]
        if moving.size:
            rows = [
                ["", *moving],
                *([str(name), *row] for name, row in zip(moving.index, moving.to_numpy(), strict=True)),
            ]
            sections += [[title], *_blocks(rows)]
    return _page(sections)


def lifeline_page(result: Lifeline) -> str:
    """The verdicts and what the transition, and a year's delay, change."""
    horizons = _horizons(result.table)
    head = [
        f"With the AI/HPC transition less without it; scenario {result.scenario}, {result.paths:,} common paths, "
        f"seed {result.seed}; ± one error",
    ]
    names = [f"survival_{horizon}" for horizon in horizons]
    labels = [f"survival {horizon}" for horizon in horizons]
    plan = [["", "verdict", "by", *labels, "dilution", "value", "funding"]]
    late = [["", *labels, "dilution", "value", "funding"]]
    for ticker, row in result.table.iterrows():
        plan.append([str(ticker), row["verdict"], row["basis"], *_changes(row, "", names)])
        if row["verdict"] != "no transition":
            late.append([str(ticker), *_changes(row, "late_", names)])
    notes = wrapped(
        "Survival and dilution in percentage points (dilution on paths that survive both ways), value in USD per share "
        "at the horizon, funding in USD m raised or not found. A loss of survival beyond two errors and a point makes "
        "a new risk, a gain a lifeline; where survival does not move, value per share decides."
    )
    sections = [head, columns(plan, left=3), notes]
    if len(late) > 1:
        sections.append(["DELIVERY TWELVE MONTHS LATE less as planned", *columns(late)])
    return _page(sections)


def watch_page(result: WatchList) -> str:
    """The three points with their flags and what they are read from."""
    table = result.table
    head = [f"Watch list as of {result.month}, central path of scenario {result.scenario}"]
    price = [["PRICE", "", "price", "power", "cash cost"]]
    funding = [["FUNDING", "", "cash", "liquid", "shelf", "a month", "due 12", "due 24", "gap", "burn", "rolls"]]
    building = [["EXECUTION", "", "MW", "leased", "overdue", "to go", "slip", "capex left", "ring money", "liquid"]]
    for ticker, row in table.iterrows():
        costs = [_or_dash(row[name]) for name in ("btc_price", "power_cost", "cash_cost")]
        price.append([str(ticker), row["price"], *costs])
        rolls = "yes" if row["may_roll"] else "no"
        funding.append([str(ticker), row["funding"], *(_or_dash(row[name]) for name in FUNDING), rolls])
        if row["leased_mw"] > 0:
            building.append([str(ticker), row["execution"], *(_or_dash(row[name]) for name in EXECUTION)])
    notes = wrapped(
        "USD per coin, USD m, months. Shelf: shares that may be sold at the market, and what it takes of them a month. "
        "Gap: what committed projects still ask of the company. Rolls: leverage allows refinancing. Slip: mean delay "
        "the model draws for the last project."
    )
    return _page([head, columns(price, left=2), columns(funding, left=2), columns(building, left=2), notes])


def study_document(result: Study) -> dict[str, Any]:
    """A result for programs: its table by rows, what it was computed from, and why companies are missing."""
    run = result.simulation if isinstance(result, Comparison) else result
    names = ("scenario", "paths", "seed", "month")
    found = {name: getattr(run, name) for name in names if isinstance(getattr(run, name, None), int | str)}
    if isinstance(result, Comparison):
        found["scenario"] = result.simulation.market_case.scenario.name
        found["reference"] = result.reference
        found["differences"] = result.differences.reset_index().to_dict("records")
        found["maturities"] = result.maturities.reset_index().to_dict("records")
    if isinstance(result, Stress):
        found["stories"] = result.stories
    if isinstance(result, Lifeline):
        found["levels"] = result.levels.reset_index().to_dict("records")
    return {
        "format": FORMAT,
        "versions": versions(),
        **found,
        "table": result.table.reset_index().to_dict("records"),
        "failures": {name: [str(problem) for problem in failure.problems] for name, failure in result.failures.items()},
    }


def write_study(file: Path, result: Study) -> None:
    """Write the table as CSV, whole or not at all; ``OSError`` if it cannot be written."""
    write_whole(file, result.table.to_csv(lineterminator="\n"))


def faults_of(failures: Mapping[str, Failure]) -> list[str]:
    """Every problem of the companies that were left out, with the name each was given."""
    return [
        f"{problem}" if f"{problem}".startswith(f"{name}:") else f"{name}: {problem}"
        for name, failure in failures.items()
        for problem in failure.problems
    ]


def _known(name: str, table: pd.DataFrame, what: str) -> str:
    if name not in table:
        known = [str(column) for column in table]
        nearest = nearest_name(name, known, count=3)
        raise KeyError(
            f"no {what} {name}; " + (f"nearest is {nearest}" if nearest else f"there are {', '.join(known)}")
        )
    return name


def _horizons(table: pd.DataFrame) -> list[str]:
    """The horizons [month] that a table has survival to."""
    return [str(name).removeprefix("survival_") for name in table if str(name).startswith("survival_")]


def _last_survival(table: pd.DataFrame) -> str:
    return f"survival_{_horizons(table)[-1]}"


def _page(sections: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections)


def _years(maturities: pd.DataFrame) -> list[list[str]]:
    """Principal due: corporate by company, project loans below where there are any."""
    rows = [["", "", *map(str, maturities)]]
    for key, row in zip(maturities.index, maturities.to_numpy(dtype=float), strict=True):
        if row.sum() > 0:
            rows.append([*map(str, key), *(_or_dash(amount or np.nan) for amount in row)])
    return rows


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
