"""Every table that a study makes, with its columns: what the reference lists, and what names are held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpfin.common.columns import Heading
from corpfin.runs.outcome import summary_columns
from corpfin.studies import judged_columns, side_tables
from corpfin.studies.compare import columns as compare_columns
from corpfin.studies.compare import difference_columns
from corpfin.studies.credit import columns as credit_columns
from corpfin.studies.diff import columns as diff_columns
from corpfin.studies.drivers import BILL_COLUMNS
from corpfin.studies.drivers import COLUMNS as DRIVERS_COLUMNS
from corpfin.studies.failed import COLUMNS as FAILED_COLUMNS
from corpfin.studies.lifeline import columns as lifeline_columns
from corpfin.studies.rare import COLUMNS as RARE_COLUMNS
from corpfin.studies.roll import COLUMNS as ROLL_COLUMNS
from corpfin.studies.sector import columns as sector_columns
from corpfin.studies.sensitivity import columns as sensitivity_columns
from corpfin.studies.stress import columns as stress_columns
from corpfin.studies.tested import columns as tested_columns
from corpfin.studies.watch import columns as watch_columns

Columns = Callable[[int], Sequence[Heading]]


def _whatever_the_months(columns: Sequence[Heading]) -> Columns:
    return lambda months: columns


def _side(headings: Callable[[], Sequence[Heading]]) -> Columns:
    return lambda months: headings()


TABLES: dict[str, Columns] = {
    "simulation": summary_columns,
    "simulation.survival": _side(side_tables.simulation_survival),
    "simulation.dilution": _side(side_tables.simulation_dilution),
    "simulation.first_unpaid_bills": _side(side_tables.simulation_bills),
    "compare": compare_columns,
    "compare.differences": difference_columns,
    "credit": credit_columns,
    "credit.events": _side(side_tables.credit_events),
    "credit.covenants": _side(side_tables.credit_covenants),
    "stress": stress_columns,
    "drivers": _whatever_the_months(DRIVERS_COLUMNS),
    "drivers.bills": _whatever_the_months(BILL_COLUMNS),
    "lifeline": lifeline_columns,
    "watch": watch_columns,
    "sector": sector_columns,
    "sector.loop": _side(side_tables.sector_loop),
    "sector.effects": _side(side_tables.sector_effects),
    "sector.joint": _side(side_tables.sector_joint),
    "sector.flows": _side(side_tables.sector_flows),
    "sector.history": _side(side_tables.sector_history),
    "sector.gap": _side(side_tables.sector_gap),
    "sector.bridge": _side(side_tables.sector_bridge),
    "sector.capacity": _side(side_tables.sector_capacity),
    "sector.network": _side(side_tables.sector_network),
    "sector.elasticity": _side(side_tables.sector_elasticity),
    "sector.readings": _side(side_tables.sector_readings),
    "backtest": tested_columns,
    "backtest.order": _whatever_the_months(judged_columns.RANKED),
    "backtest.level": _whatever_the_months(judged_columns.LEVELS),
    "backtest.calibration": _whatever_the_months(judged_columns.CALIBRATION),
    "backtest.figures": _whatever_the_months(judged_columns.FIGURES),
    "backtest.coverage": _whatever_the_months(judged_columns.COVERED),
    "backtest.growth": _whatever_the_months(judged_columns.GROWTH),
    "backtest.dilution": _whatever_the_months(judged_columns.GROWN),
    "sensitivity": sensitivity_columns,
    "reverse": _side(side_tables.reverse_points),
    "failed": _whatever_the_months(FAILED_COLUMNS),
    "rare": _whatever_the_months(RARE_COLUMNS),
    "rare.shift": _side(side_tables.rare_shift),
    "roll": _whatever_the_months(ROLL_COLUMNS),
    "diff": diff_columns,
}
"""By study, and after a point the table beside its main one: the columns over so many months."""
