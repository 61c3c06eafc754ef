"""The JSON document: valid, on one line, the numbers of the studies."""

import json

import numpy as np
import pytest

from corpfin.report.answer import answer_of
from corpfin.report.document import document, to_json
from corpfin.runs import Projection, Simulation


def test_document_is_the_studies_in_json(projection: Projection, simulation: Simulation) -> None:
    text = to_json(document(answer_of(projection, simulation)))
    assert "\n" not in text
    found = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert found["projection"]["cash_cost_per_btc"] == projection.summary["cash_cost_per_btc"]
    assert found["survival"]["survival"] == simulation.survival["DIGR", "survival"].tolist()
    assert found["survival"]["month"] == list(projection.labels)
    assert found["default_month"] == simulation.outcomes["DIGR"].sample["default_month"].tolist()
    assert found["annual"]["year"][0] == "2026"
    assert found["grades"]["estimated"] == projection.company.grades()["estimated"].figures
    assert {len(column) for fan in found["fans"].values() for column in fan.values()} == {60}


def test_what_is_no_number_is_null() -> None:
    assert to_json({"a": float("nan"), "b": np.float64("inf"), "c": np.int64(3), "d": (1.5, None)}) == (
        '{"a":null,"b":null,"c":3,"d":[1.5,null]}'
    )
