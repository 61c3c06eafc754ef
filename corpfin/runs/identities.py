"""Whether the accounts hold: the check furthest from zero on a path, and the warning of a run that breaks one."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

from corpfin.common.broken import BrokenIdentity
from corpfin.runs.blocks import Job
from corpfin.runs.graphs import company_graph
from corpfin.runs.projection import Projection, simulated
from corpfin.runs.readings import CHECK_TOLERANCE
from corpfin.runs.tally import Summary


class Furthest(NamedTuple):
    """The check that is furthest from zero on a path, its label and unit, the month, and by how much it is off."""

    check: str
    label: str
    unit: str
    month: str
    size: float


def holds(size: float) -> bool:
    """Whether a check of this size holds; one that is no number does not."""
    return size < CHECK_TOLERANCE


def furthest(projection: Projection) -> Furthest:
    """The check furthest from zero on one path; one that is no number before all others."""
    checks = [line for line in company_graph().lines if line.name.startswith("check_")]
    values = np.abs([projection[line.name] for line in checks])
    row, month = np.unravel_index(int(np.argmax(values)), values.shape)
    line = checks[row]
    return Furthest(line.name, line.label, line.unit, projection.labels[month], float(values[row, month]))


def place(projection: Projection) -> str:
    """The path a check is broken on, for a sentence."""
    path = "the central path" if projection.path is None else f"path {projection.path}"
    return f"{path} of {projection.case.label} under {projection.scenario.name}"


def broken(check: str, says: str, size: float, unit: str, month: str, path: str) -> str:
    """The identity that does not hold, in a sentence."""
    return (
        f"BROKEN IDENTITY: {check} ({says}) is off by {size:,.6g} {unit} in {month} on {path}; "
        "no figure here can be relied on"
    )


def warn_of_broken(job: Job, summary: Summary) -> None:
    """Warn with ``BrokenIdentity`` of the identity that is furthest from holding on any path of any case, if one is."""
    worst = {key: tally.worst for key, tally in summary.tallies.items() if not holds(tally.worst.size)}
    if not worst:
        return
    key = max(worst, key=lambda key: math.inf if math.isnan(worst[key].size) else worst[key].size)
    world, (size, number) = job.worlds[key.world], worst[key]
    case = next(case for case in world.cases if case.label == key.label)
    path = simulated(case, world.market_case, job.seed, number)
    found = furthest(path)
    warnings.warn(
        BrokenIdentity(broken(found.check, found.label, size, found.unit, found.month, place(path))), stacklevel=2
    )
