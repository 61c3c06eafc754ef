"""Whether the accounts hold: the identities of the model on every path, and where one is broken."""

from __future__ import annotations

from corpfin.report.answer.tree import Block, Figure
from corpfin.report.findings import Findings
from corpfin.runs import Projection
from corpfin.runs.identities import furthest, holds, place


def identities(projection: Projection, found: Findings) -> Block:
    """The largest value of a check on any path and, where it does not hold, which it is, when and on which path.

    The central path is looked at too. A value that is no number does not hold either.
    """
    (size, number), unit, source = found.outcome.tally.worst, "", "study simulate"
    central = furthest(projection)
    broken, on = None, None
    if not holds(size):
        path = found.simulation.path(found.label, number)
        broken, on = furthest(path), place(path)
    elif not holds(central.size):
        broken, on, size, source = central, place(projection), central.size, "study project"
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
