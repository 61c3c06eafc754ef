"""The answer as CSV files."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from corpfin.common.tables import write_csv
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import MONTHLY
from corpfin.runs.schedule import Due, debt_due, loans_due

COUNTS = ("default_month", "first_unpaid_bill", "projects_lost")
"""Outcomes that are whole numbers."""


def write_tables(folder: Path, projection: Projection, simulation: Simulation) -> list[Path]:
    """Write every table into ``folder``, which must exist, and return the files; ``OSError`` if one cannot be written.

    ``monthly.csv`` and ``annual.csv`` are the central path, ``fan_*.csv`` quantiles by month, ``paths.csv`` one row
    a path of the sample, the first 16,384.
    """
    files = []
    for name, table in _tables(projection, simulation).items():
        path = folder / f"{name}.csv"
        write_csv(path, table)
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


def _schedule(dues: list[Due]) -> pd.DataFrame:
    table = pd.DataFrame([asdict(due) for due in dues], columns=[field.name for field in fields(Due)])
    return table.astype({"year": "Int64"}).set_index("id")
