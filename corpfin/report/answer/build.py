"""The answer put together from a projection and a simulation of the same company."""

from __future__ import annotations

from corpfin.report.answer.building import capacity, debt
from corpfin.report.answer.given import inputs
from corpfin.report.answer.outcome import dilution, reading, survival
from corpfin.report.answer.position import break_even, liquidity, position, run
from corpfin.report.answer.tree import Answer
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import MONTHLY


def answer_of(projection: Projection, simulation: Simulation) -> Answer:
    """The answer for the projection's company, which must be one of the simulation's, under the same scenario."""
    found = Findings(simulation, projection.case.label)
    return Answer(
        blocks=(
            run(projection, simulation),
            position(projection),
            break_even(projection),
            liquidity(projection),
            debt(projection),
            capacity(projection),
            survival(projection, found),
            dilution(found, projection),
            inputs(projection),
            reading(projection, found),
        ),
        tables={
            "months": list(projection.labels),
            "annual": projection.annual,
            "survival": found.survival,
            "fans": {line: simulation.fan(found.label, line) for line in MONTHLY},
            "default_month": found.outcome.sample["default_month"].astype(int).tolist(),
            "defaults": found.defaults,
        },
    )
