"""A book put on disk: alone, or in the place of one that its reader has worked in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from corpfin.common.files import write_whole
from corpfin.runs.projection import Projection
from corpfin.runs.simulation import Simulation
from corpfin.studies.stress import Stress
from corpfin.workbook.cover import COVER
from corpfin.workbook.keep import keep
from corpfin.workbook.whole import workbook_bytes
from corpfin.workbook.write import Plan, fill


def write_workbook(
    path: str | Path, projection: Projection, simulation: Simulation | None = None, stress: Stress | None = None
) -> Path:
    """Write a projection, central or of one simulated path, as a workbook with live formulas.

    Every projected cell is a formula with the engine's value stored beside it. A ``simulation`` that holds the company
    adds its survival, quantiles and first unpaid bills as static values, a ``stress`` its table. In a book of the
    company that is there already, sheets, notes and named cells of its reader stay. Returns the path.

    ``KeyError`` when one of the two is of other companies. ``InputError`` when the file at ``path`` is no book of this
    company or holds what cannot be carried over: it then stays as it is.
    """
    path = Path(path)
    if simulation is not None and projection.case.label not in simulation.outcomes:
        raise KeyError(f"the simulation does not hold {projection.case.label}")
    return write_plan(path, Plan(projection, simulation, stress))


def write_plan(path: Path, plan: Plan) -> Path:
    """Write a book that is laid out, alone or in the place of one of the same company; returns the path."""
    if not path.exists():
        write_whole(path, workbook_bytes(partial(fill, plan=plan)))
        return path
    kept = keep(path, plan.projection, plan.book, frozenset((COVER, *plan.book.sheets)))
    write_whole(path, kept.into(workbook_bytes(partial(fill, plan=plan, notes=kept.note))))
    return path
