"""What a scenario does to inputs, as a factor and an addition by month: every chain of shocks comes to these two."""

from __future__ import annotations

import numpy as np

from corpfin.engine.data import Array
from corpfin.inputs import Scenario
from corpfin.studies.model import MarketCase, ModelInput

AFTER = "9999-12"
"""A month after any horizon."""


def shocked_fields(scenario: Scenario) -> frozenset[tuple[str, str]]:
    """The (table, field) pairs a scenario names."""
    pairs = (shock.target.partition(".") for shock in scenario.shocks)
    return frozenset((table, field) for table, _, field in pairs if field)


def factor_and_addition(case: MarketCase, item: ModelInput, kind: str | None) -> tuple[Array, Array]:
    """Factor and addition [M] that turn an input of an instance of this kind into what the scenario makes of it.

    A value before month 1 is changed whatever the months of a shock.
    """
    labels = case.labels
    start = labels[case.known] if case.known < len(labels) else AFTER
    factor, addition = np.ones(len(labels)), np.zeros(len(labels))
    for shock in case.scenario.shocks:
        if shock.target != f"{item.table}.{item.field.name}" or shock.kind not in (None, kind):
            continue
        first, last = shock.from_month or start, shock.to_month or AFTER
        always = item.name.startswith("opening_")
        inside = np.array([always or first <= label <= last for label in labels])
        if shock.how == "add":
            addition[inside] += shock.value
        elif shock.how == "multiply":
            factor[inside] *= shock.value
            addition[inside] *= shock.value
        else:
            factor[inside], addition[inside] = 0.0, shock.value
    return factor, addition
