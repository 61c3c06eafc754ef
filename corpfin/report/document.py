"""The answer as one JSON document: the same bytes for the same question, whatever the machine's threads or clock."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import name_of_error
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import SCENARIO_MONTH

FORMAT = 1
"""Version of the document's layout."""

PROJECTION = {
    "position": (
        "cash",
        "restricted_cash",
        "btc",
        "btc_pledged",
        "btc_loaned",
        "btc_value",
        "corporate_debt",
        "project_loans",
        "market_cap",
    ),
    "break_even": (
        "month_of_costs",
        "btc_price",
        "btc_price_end",
        "hashprice",
        "power_cost_per_btc",
        "cash_cost_per_btc",
        "all_in_cost_per_btc",
        "btc_mined_a_month",
    ),
    "liquidity": ("burn", "runway", "liquidity", "next_year_needs"),
    "debt": ("principal_due", "project_debt_service"),
    "capacity": ("capex_left", "leased_mw", "delivered_mw", "delivered_mw_now"),
}
"""Figures and blocks of the answer under ``projection``, by the block they stand in."""


def versions() -> dict[str, str]:
    """Versions of what computes a result; corpfin that runs from a checkout uninstalled has none."""
    found = {}
    for package in ("corpfin", "llvmlite", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "checkout"
    return found


def document(answer: Answer) -> dict[str, Any]:
    """Everything the page says and what it is made from, for programs; ``answer`` holds each figure with its label.

    ``default_month`` holds one number per path of the sample, the first 16,384, 0 for a path that survives: the first
    paths of a longer run are those of a shorter one with the same seed. ``defaults`` counts all paths in default by
    first unpaid bill and month.
    """
    run, survival, inputs = answer["run"], answer["survival"], answer["inputs"]
    identities, drivers = answer["identities"].values(), answer["drivers"]
    tables = answer.tables
    return {
        "format": FORMAT,
        "versions": versions(),
        "digests": run.block("digests").values(),
        **{name: run[name] for name in ("ticker", "scenario", "seed", "paths")},
        "months": tables["months"],
        "known": run["known"],
        "known_months": run["known_months"],
        "projection": _projection(answer),
        "scenario_month": _scenario_month(answer),
        "annual": _table(tables["annual"]),
        "debt_schedule": _schedule(answer["debt"].block("corporate")),
        "loan_schedule": _schedule(answer["debt"].block("loans")),
        "simulation": _with_errors(survival.figures),
        "survival": _table(tables["survival"]),
        "dilution": _with_errors(answer["dilution"].figures),
        "first_unpaid_bills": [
            {"bill": figure.name, "share": figure.value, "error": figure.error}
            for figure in survival.block("first_unpaid_bills").figures
        ],
        "drivers": drivers.values() | {"shares": _with_errors(drivers.block("shares").figures)},
        "bitcoin": {horizon.name: _with_errors(horizon.figures) for horizon in answer["bitcoin"].blocks},
        "btc_price": _table(tables["btc_price"]),
        "fans": {line: _table(fan) for line, fan in tables["fans"].items()},
        "grades": inputs.block("grades").values(),
        "estimates": [
            {"key": figure.name, **{name: getattr(figure, name) for name in ("value", "unit", "low", "high")}}
            | {"why": figure.facts["why"]}
            for figure in inputs.block("estimates").figures
        ],
        **{name: list(answer[name].values().values()) for name in ("notes", "left_out")},
        "check_worst": identities["check_worst"],
        "identities": identities,
        "default_month": tables["default_month"],
        "defaults": tables["defaults"],
        "answer": [_told(block) for block in answer.blocks],
    }


def _projection(answer: Answer) -> dict[str, Any]:
    """What is said of the central path, by name; amounts by year as objects."""
    found = {name: answer["run"][name] for name in ("company", "ticker", "as_of", "scenario")}
    for block, names in PROJECTION.items():
        inner = {each.name: each for each in answer[block].blocks}
        found |= {name: inner[name].values() if name in inner else answer[block][name] for name in names}
    return found | answer["survival"].block("central").values()


def _scenario_month(answer: Answer) -> dict[str, Any]:
    """What is said of the first month that the scenario touches, by name, after the month itself."""
    blocks = [inner for name in PROJECTION for inner in answer[name].blocks if inner.name == SCENARIO_MONTH]
    return {"month": answer["run"][SCENARIO_MONTH]} | {
        name: value for block in blocks for name, value in block.values().items()
    }


def _with_errors(figures: Iterable[Figure]) -> dict[str, Any]:
    """Figures by name, each followed by its error where it has one."""
    found: dict[str, Any] = {}
    for figure in figures:
        found[figure.name] = figure.value
        if figure.error is not None:
            found[name_of_error(figure.name)] = figure.error
    return found


def _schedule(dues: Block) -> list[dict[str, Any]]:
    """What falls due, a row an instrument and year."""
    return [
        {"id": due.name, "year": due.facts["year"], "amount": due.value}
        | {name: due.facts[name] for name in ("event", "day", "in_cash")}
        for year in dues.blocks
        for due in year.figures[1:]
    ]


def _told(block: Block) -> dict[str, Any]:
    """A block with all that is known of its figures; what is not known is left out."""
    return {
        "name": block.name,
        "label": block.label,
        "figures": [{k: v for k, v in vars(figure).items() if v not in (None, "", {})} for figure in block.figures],
        "blocks": [_told(inner) for inner in block.blocks],
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
