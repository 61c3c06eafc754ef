"""The registry of line items: every row of the model in the order of the month, what it reads and who reads it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from corpfin.runs.together import graphs_together
from corpfin.studies.result import known_name
from corpfin.workbook.settings import load_settings


def line_items(name: str | None = None, sheet: str | None = None) -> pd.DataFrame:
    """Every line of the model in the order of the month, market, company, sector; of a name or a sheet alone if given.

    One row a line: ``order``, ``graph``, ``sheet``, ``module``, ``scope`` (the block it stands in, "" for none),
    ``line``, ``kind``, ``unit``, ``label``, ``prose``, ``reads``, ``read_by`` (lists of names) and ``formula``.
    ``name`` may carry its block: ``debt.interest``. ``KeyError`` with the nearest for a name or sheet there is none of.
    """
    table = _table()
    if sheet is not None:
        known_name(sheet, table["sheet"].unique(), "sheet")
        table = table[table["sheet"] == sheet]
    if name is not None:
        full = table["scope"].where(table["scope"] == "", table["scope"] + ".") + table["line"]
        known_name(name, dict.fromkeys([*full, *table["line"]]), "line")
        table = table[(full == name) | (table["line"] == name)]
    return table.reset_index(drop=True)


@cache
def _table() -> pd.DataFrame:
    """The tables of the graphs under one another, in the order of the month."""
    sheets = {room: sheet.name for sheet in load_settings().sheets for room in sheet.rooms}
    rows: list[dict[str, Any]] = []
    for graph in graphs_together().values():
        for row in graph.table():
            module = str(row["module"])
            place = {"graph": graph.name, "sheet": sheets.get(module, module.capitalize())}
            rows.append({**row, **place, "order": len(rows) + 1})
    first = ["order", "graph", "sheet", "module", "scope"]
    table = pd.DataFrame(rows)
    return table[[*first, *(name for name in table if name not in first)]]
