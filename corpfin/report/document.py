"""The answer as one JSON document: the same bytes for the same question, whatever the machine's threads or clock."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from corpfin.report.estimates import counts, estimated, key_of
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import MONTHLY
from corpfin.runs.schedule import debt_due, loans_due

FORMAT = 1
"""Version of the document's layout."""


def versions() -> dict[str, str]:
    """Versions of what computes a result; corpfin that runs from a checkout uninstalled has none."""
    found = {}
    for package in ("corpfin", "llvmlite", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "checkout"
    return found


def document(projection: Projection, simulation: Simulation) -> dict[str, Any]:
    """Everything the page says and what it is made from, for programs.

    ``default_month`` holds one number per path, 0 for a path that survives: the first paths of a longer run are those
    of a shorter one with the same seed.
    """
    company = projection.company
    found = Findings(simulation, projection.case.label)
    return {
        "format": FORMAT,
        "versions": versions(),
        "digests": {
            "company": company.digest(),
            "market": projection.market_case.market.digest(),
            "scenario": projection.scenario.digest(),
        },
        "ticker": company.ticker,
        "scenario": projection.scenario.name,
        "seed": simulation.seed,
        "paths": simulation.paths,
        "months": list(projection.labels),
        "known": projection.market_case.known,
        "known_months": projection.market_case.history,
        "projection": projection.summary,
        "annual": _table(projection.annual),
        "debt_schedule": [asdict(due) for due in debt_due(company)],
        "loan_schedule": [asdict(due) for due in loans_due(company)],
        "simulation": found.summary | {"project_defaults_error": found.lenders_take.error},
        "survival": _table(found.survival),
        "dilution": found.dilution,
        "causes": [cause._asdict() for cause in found.causes],
        "fans": {line: _table(simulation.fan(found.label, line)) for line in MONTHLY},
        "grades": counts(company),
        "estimates": [
            {"key": key_of(figure), **{name: getattr(figure, name) for name in ("value", "unit", "low", "high", "why")}}
            for figure in estimated(company, projection.summary["btc_price"])
        ],
        "check_worst": found.outcome.check_worst.max(),
        "default_month": found.outcome.final["default_month"].astype(int).tolist(),
    }


def to_json(contents: dict[str, Any]) -> str:
    """A document on one line; what is not a number becomes null."""
    return json.dumps(_plain(contents), separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """A table by rows, its index among the fields."""
    return table.reset_index().to_dict("records")


def _table(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A table by columns, its index first."""
    return {str(frame.index.name): list(frame.index)} | {str(name): frame[name].tolist() for name in frame}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case np.generic() | np.ndarray():
            return _plain(value.tolist())
        case float():
            return value if math.isfinite(value) else None
        case date():
            return value.isoformat()
        case _:
            return value
