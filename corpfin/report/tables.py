"""The answer as CSV files."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from corpfin.common.columns import units as units_of
from corpfin.common.defaults import MONTHS
from corpfin.common.tables import write_csv
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.outcome import summary_columns
from corpfin.runs.readings import MONTHLY
from corpfin.runs.schedule import Due, debt_due, loans_due

COUNTS = ("default_month", "first_unpaid_bill", "projects_lost")
"""Outcomes that are whole numbers."""


PLAIN = {"survival": "1", "survival_error": "1", "share": "1", "share_error": "1", "amount": "USD m"}
"""Units of columns that are neither lines nor columns of a study."""


def write_tables(folder: Path, projection: Projection, simulation: Simulation, *, units: bool = False) -> list[Path]:
    """Write every table into ``folder``, which must exist, and return the files; ``OSError`` if one cannot be written.

    ``monthly.csv`` and ``annual.csv`` are the central path, ``fan_*.csv`` quantiles by month, ``paths.csv`` one row
    a path of the sample, the first 16,384. With ``units`` they stand in the headings.
    """
    files = []
    for name, table in _tables(projection, simulation).items():
        path = folder / f"{name}.csv"
        write_csv(path, table, units_in(name, table) if units else None)
        files.append(path)
    return files


def _tables(projection: Projection, simulation: Simulation) -> dict[str, pd.DataFrame]:
    company = projection.company
    found = Findings(simulation, projection.case.label)
    label = found.label
    return {
        "monthly": projection.monthly,
        "annual": projection.annual,
        "debt_schedule": _schedule(debt_due(company)),
        "loan_schedule": _schedule(loans_due(company)),
        "survival": found.survival,
        "dilution": simulation.dilution.loc[[label]],
        "first_unpaid_bills": simulation.first_unpaid_bills.loc[[label]],
        "summary": simulation.summary.loc[[label]],
        "paths": pd.DataFrame(found.outcome.sample).astype(dict.fromkeys(COUNTS, int)).rename_axis("path"),
        **{f"fan_{line}": simulation.fan(label, line) for line in MONTHLY},
    }


def units_in(name: str, table: pd.DataFrame) -> dict[str, str]:
    """The unit of each column of a table of the answer, by name; texts have none.

    Quantiles by month have the unit of their line, a line of one block that of the line.
    """
    if name.startswith("fan_"):
        return dict.fromkeys(map(str, table), _unit_of_line(name.removeprefix("fan_")))
    if name == "dilution":
        return dict.fromkeys(map(str, table), "1")
    known = PLAIN | units_of(summary_columns(MONTHS))
    found = {str(column): known.get(str(column)) or _unit_of_line(str(column)) for column in table}
    return {column: unit for column, unit in found.items() if unit}


def _unit_of_line(name: str) -> str:
    """The unit of a line, a draw or a sum over months; nothing for what is none."""
    block, _, line = name.rpartition(".")
    key = block.partition(".")[0], line
    for graph in (market_graph(), company_graph()):
        if found := graph.by_key.get(key) or graph.given_by_key.get(key):
            return found.unit
    return _unit_of_line(name.removesuffix("_total")) if name.endswith("_total") else ""


def _schedule(dues: list[Due]) -> pd.DataFrame:
    table = pd.DataFrame([asdict(due) for due in dues], columns=[field.name for field in fields(Due)])
    return table.astype({"year": "Int64"}).set_index("id")
