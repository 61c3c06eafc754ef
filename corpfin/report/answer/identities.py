"""Whether the accounts hold: the identities of the model on every path, and where one is broken."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corpfin.report.answer.tree import Block, Figure
from corpfin.report.findings import Findings
from corpfin.runs import Projection
from corpfin.runs.graphs import company_graph
from corpfin.runs.readings import CHECK_TOLERANCE


class Worst(NamedTuple):
    """The check that is furthest from zero on a path, its label and unit, the month, and by how much it is off."""

    check: str
    label: str
    unit: str
    month: str
    size: float


def identities(projection: Projection, found: Findings) -> Block:
    """The largest value of a check on any path and, where it does not hold, which it is, when and on which path.

    The central path is looked at too. A value that is no number does not hold either.
    """
    (size, number), unit, source = found.outcome.tally.worst, "", "study simulate"
    central = furthest(projection)
    broken, on = None, None
    if not size < CHECK_TOLERANCE:
        broken, on = furthest(found.simulation.path(found.label, number)), f"path {number}"
    elif not central.size < CHECK_TOLERANCE:
        broken, on, size, source = central, "the central path", central.size, "study project"
    check, label, month = (broken.check, broken.label, broken.month) if broken else (None, None, None)
    unit = broken.unit if broken else ""
    return Block(
        "identities",
        "Identities",
        (
            Figure("hold", "Every identity holds", broken is None, source=source),
            Figure("check_worst", "Largest value of a check", size, unit, source, month),
            Figure("check", "Check that is broken", check, source=source),
            Figure("says", "What it says", label, source=source),
            Figure("month", "Month it is broken in", month, source=source),
            Figure("path", "Path it is broken on", on, source=source),
        ),
    )


def furthest(projection: Projection) -> Worst:
    """The check furthest from zero on one path; one that is no number before all others."""
    checks = [line for line in company_graph().lines if line.name.startswith("check_")]
    values = np.abs([projection[line.name] for line in checks])
    row, month = np.unravel_index(int(np.argmax(values)), values.shape)
    line = checks[row]
    return Worst(line.name, line.label, line.unit, projection.labels[month], float(values[row, month]))
