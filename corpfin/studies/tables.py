"""Every table that a study makes, with its columns: what the reference lists, and what names are held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from corpfin.common.columns import Column
from corpfin.runs.outcome import summary_columns
from corpfin.studies import judged_columns
from corpfin.studies.compare import columns as compare_columns
from corpfin.studies.compare import difference_columns
from corpfin.studies.diff import columns as diff_columns
from corpfin.studies.drivers import COLUMNS as DRIVERS_COLUMNS
from corpfin.studies.lifeline import columns as lifeline_columns
from corpfin.studies.rare import COLUMNS as RARE_COLUMNS
from corpfin.studies.roll import COLUMNS as ROLL_COLUMNS
from corpfin.studies.sector import columns as sector_columns
from corpfin.studies.stress import columns as stress_columns
from corpfin.studies.tested import columns as tested_columns
from corpfin.studies.watch import columns as watch_columns

Columns = Callable[[int], Sequence[Column[Any]]]


def _whatever_the_months(columns: Sequence[Column[Any]]) -> Columns:
    return lambda months: columns


TABLES: dict[str, Columns] = {
    "simulation": summary_columns,
    "compare": compare_columns,
    "compare.differences": difference_columns,
    "stress": stress_columns,
    "drivers": _whatever_the_months(DRIVERS_COLUMNS),
    "lifeline": lifeline_columns,
    "watch": watch_columns,
    "sector": sector_columns,
    "backtest": tested_columns,
    "backtest.order": _whatever_the_months(judged_columns.RANKED),
    "backtest.level": _whatever_the_months(judged_columns.LEVELS),
    "backtest.calibration": _whatever_the_months(judged_columns.CALIBRATION),
    "backtest.figures": _whatever_the_months(judged_columns.FIGURES),
    "backtest.coverage": _whatever_the_months(judged_columns.COVERED),
    "backtest.growth": _whatever_the_months(judged_columns.GROWTH),
    "backtest.dilution": _whatever_the_months(judged_columns.GROWN),
    "rare": _whatever_the_months(RARE_COLUMNS),
    "roll": _whatever_the_months(ROLL_COLUMNS),
    "diff": diff_columns,
}
"""By study, and after a point the table beside its main one: the columns over so many months."""
