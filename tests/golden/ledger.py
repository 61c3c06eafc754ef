"""The ledger of results: one number for each company and column, and how far it may lie from what is on record.

A draw is the same everywhere, but for the last bit of a normal in its far tail, which numpy takes from the C library:
on another machine a path may fall on the other side of a threshold. What is read off the central path is held to 1e-6,
a share to one path, a median or mean of paths to 1e-4.
"""

from __future__ import annotations

import json
from fnmatch import fnmatch
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

import corpfin as cf
from corpfin.inputs import known_companies
from tests.fixtures.library import MONTHS, PATHS, SEED, stressed

DIGITS = 10
"""Significant digits on record."""

Value = float | str | None
Rows = dict[str, dict[str, Value]]
"""Company, column, value; None is not a number."""


class Tolerance(NamedTuple):
    """How far a value may lie from the one on record; a text must be the same."""

    relative: float
    absolute: float


ONE_PATH = Tolerance(0.0, 1.5 / PATHS)
OF_PATHS = Tolerance(1e-4, 1e-6)
CENTRAL = Tolerance(1e-6, 1e-9)

TOLERANCES = {
    "survival_*": ONE_PATH,
    "bill.*": ONE_PATH,
    "project_defaults": ONE_PATH,
    "scenario.*.survival_*": ONE_PATH,
    "lifeline.*survival_*": ONE_PATH,
    "dilution*": OF_PATHS,
    "btc_*": OF_PATHS,
    "scenario.*": OF_PATHS,
    "funding_gap": OF_PATHS,
    "lifeline.returned": CENTRAL,
    "lifeline.unmet": CENTRAL,
    "lifeline.*": OF_PATHS,
    "first_unpaid_bill": CENTRAL,
    "central.*": CENTRAL,
}
"""By column; the first pattern that fits counts."""

SIMULATED = ("dilution", "dilution_95", "btc_sold_median", "btc_left_median", "project_defaults")
CENTRAL_PATH = (
    "power_cost_per_btc", "cash_cost_per_btc", "all_in_cost_per_btc", "runway", "liquidity", "equity_to_complete",
    "principal_due_24", "leased_mw", "delivered_mw",
)  # fmt: skip
LIFELINE = (
    "verdict", "verdict_survival_36", "verdict_survival_60", "verdict_value",
    "change_survival_36", "change_survival_60", "change_dilution", "change_value", "change_funding",
    "late_change_survival_36", "late_change_survival_60", "late_change_dilution", "late_change_value",
    "late_change_funding", "returned", "unmet",
)  # fmt: skip
SCENARIO = ("survival_36", "survival_60", "dilution")
SCENARIOS = "scenario."
"""What the columns of a scenario begin with."""


class Move(NamedTuple):
    """A value that is not the one on record; ``absent`` stands for a column or company that only one side has."""

    company: str
    column: str
    before: Value
    after: Value


ABSENT = "absent"


def tolerance(column: str) -> Tolerance:
    """The tolerance of a column; ``KeyError`` for one that no pattern of TOLERANCES fits."""
    for pattern, found in TOLERANCES.items():
        if fnmatch(column, pattern):
            return found
    raise KeyError(f"no tolerance is declared for the column {column}")


def results(as_of: str) -> Rows:
    """Every shipped company of a vintage in every column, computed now."""
    base, shocked = of_base(as_of), of_scenarios(as_of)
    return {ticker: row | shocked[ticker] for ticker, row in base.items()}


def of_scenarios(as_of: str) -> Rows:
    """The columns that every scenario of the library is run for; they take four fifths of the time."""
    table = stressed(as_of).table
    return {
        ticker: {
            f"{SCENARIOS}{scenario}.{name}": recorded(figures[name])
            for scenario, figures in table.loc[ticker].iterrows()
            for name in SCENARIO
            if scenario != "base"
        }
        for ticker in known_companies(as_of=as_of)
    }


def of_base(as_of: str) -> Rows:
    """All other columns: of the company as it is, and of the lifeline."""
    wanted = list(known_companies(as_of=as_of))
    simulation = cf.simulate(wanted, paths=PATHS, seed=SEED, months=MONTHS, as_of=as_of)
    compared = cf.compare(simulation).table
    lifelines = cf.lifeline(wanted, paths=PATHS, seed=SEED, months=MONTHS, as_of=as_of).table
    gaps = cf.stress(wanted, "base", paths=PATHS, seed=SEED, months=MONTHS, as_of=as_of).table["funding_gap"]
    bills = simulation.first_unpaid_bills.set_index("first_unpaid_bill", append=True)["share"]
    rows: Rows = {}
    for ticker in wanted:
        summary = simulation.summary.loc[ticker]
        survival = [name for name in summary.index if name.startswith("survival_") and not name.endswith("_error")]
        row: dict[str, Any] = {name: summary[name] for name in (*survival, *SIMULATED)}
        row |= {
            "btc_sold_share": compared.loc[ticker, "btc_sold_share"],
            "first_unpaid_bill": summary["first_unpaid_bill"],
        }
        row |= {f"bill.{bill}": share for bill, share in sorted(bills.loc[ticker].items())}
        row |= {f"central.{name}": compared.loc[ticker, name] for name in CENTRAL_PATH}
        row |= {"funding_gap": gaps.loc[(ticker, "base")]}
        row |= {f"lifeline.{name}": lifelines.loc[ticker, name] for name in LIFELINE}
        rows[ticker] = {column: recorded(value) for column, value in row.items()}
    return rows


def recorded(value: Any) -> Value:
    """A value as it stands on record."""
    if isinstance(value, str):
        return value
    return float(f"{float(value):.{DIGITS}g}") if isfinite(value) else None


def moves(before: Rows, after: Rows) -> list[Move]:
    """What is not as on record, company by company."""
    found = []
    for company in dict.fromkeys([*before, *after]):
        old, new = before.get(company, {}), after.get(company, {})
        for column in dict.fromkeys([*old, *new]):
            move = Move(company, column, old.get(column, ABSENT), new.get(column, ABSENT))
            if not same(move):
                found.append(move)
    return found


def same(move: Move) -> bool:
    """Whether both values are one within the tolerance of their column."""
    allowed, (_, _, before, after) = tolerance(move.column), move
    if isinstance(before, float) and isinstance(after, float):
        return abs(after - before) <= max(allowed.absolute, allowed.relative * abs(before))
    return before == after


def table(found: list[Move]) -> str:
    """What moved in Markdown, as it goes into the changelog."""
    frame = pd.DataFrame(found, columns=["company", "column", "before", "after"])
    lines = ["| company | column | before | after | change |", "|---|---|---:|---:|---:|"]
    for company, column, before, after in frame.itertuples(index=False):
        number = isinstance(before, float) and isinstance(after, float)
        cells = (company, column, shown(before), shown(after), f"{after - before:+,.4g}" if number else "")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shown(value: Value) -> str:
    """A value with five significant digits, no fewer than its whole ones."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:,.5g}"
    return "-" if value is None else value


def read(file: Path) -> Rows:
    """The results on record."""
    contents = json.loads(file.read_text(encoding="utf-8"))
    assert (contents["paths"], contents["seed"], contents["months"]) == (PATHS, SEED, MONTHS), file.name
    rows: Rows = contents["companies"]
    return rows


def write(file: Path, rows: Rows) -> None:
    """Put results on record."""
    contents = {"paths": PATHS, "seed": SEED, "months": MONTHS, "companies": rows}
    file.write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8", newline="\n")
