"""The answer put together from a projection and a simulation of the same company."""

from __future__ import annotations

from corpfin.report.answer.building import capacity, debt
from corpfin.report.answer.given import inputs, left_out, notes
from corpfin.report.answer.identities import identities
from corpfin.report.answer.outcome import bitcoin, dilution, drivers, reading, survival
from corpfin.report.answer.position import break_even, liquidity, position, run
from corpfin.report.answer.tree import Answer
from corpfin.report.findings import Findings
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import MONTHLY


def answer_of(projection: Projection, simulation: Simulation, *, threads: int | None = None) -> Answer:
    """The answer for the projection's company, which must be one of the simulation's, under the same scenario.

    Failed paths are run again for their drivers, as many at once as there are ``threads`` (all processors when None).
    """
    found = Findings(simulation, projection.case.label)
    return Answer(
        blocks=(
            identities(projection, found),
            run(projection, simulation),
            position(projection),
            break_even(projection),
            liquidity(projection),
            debt(projection),
            capacity(projection),
            survival(projection, found),
            bitcoin(projection, found),
            drivers(found, threads),
            dilution(found, projection),
            inputs(projection),
            notes(projection),
            left_out(projection),
            reading(projection, found),
        ),
        tables={
            "months": list(projection.labels),
            "annual": projection.annual,
            "survival": found.survival,
            "btc_price": simulation.btc_price,
            "fans": {line: simulation.fan(found.label, line) for line in MONTHLY},
            "default_month": found.outcome.sample["default_month"].astype(int).tolist(),
            "defaults": found.defaults,
        },
    )
