"""What a program owes whoever gives it a file: a clear refusal, or an answer that is finite, adds up and is told."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

import corpfin as cf
from corpfin.inputs import Company, InputError, Market, Scenario
from corpfin.report.answer import answer_of
from corpfin.report.document import document, to_json
from corpfin.report.page import page
from corpfin.runs.readings import CHECK_TOLERANCE
from tests.faults.mutate import Case

Outcome = Literal["refused", "accepted"]
JARGON = ("Traceback", "pydantic", "validation error", "Input should", "object at 0x")


class PromiseError(AssertionError):
    """What a case showed that must not be."""


@dataclass(frozen=True)
class World:
    """What a mutated file of one kind is run with: the others as they are."""

    company: Company
    market: Market
    scenario: Scenario
    months: int
    paths: int


def judged(made: Case, world: World, folder: Path) -> Outcome:
    """What becomes of a case; :class:`PromiseError` where it is neither refused clearly nor answered whole."""
    file = folder / f"{made.kind}.toml"
    file.write_bytes(made.content)
    try:
        company, market, scenario = world.company, world.market, world.scenario
        match made.kind:
            case "company":
                company = cf.load_company(file, market.defaults)
            case "market":
                market = cf.load_market(file)
                company = cf.load_company(company.file, market.defaults)
            case "scenario":
                scenario = cf.load_scenario(file)
        projection = cf.project(company, scenario, months=world.months, market=market)
        simulation = cf.simulate(company, scenario, months=world.months, paths=world.paths, market=market, threads=1)
    except InputError as error:
        told_clearly(error)
        return "refused"
    whole(projection, simulation)
    return "accepted"


def told_clearly(error: InputError) -> None:
    """Problems in words for people, each with its file, none of which can reach into a terminal."""
    text = str(error)
    if not error.problems or not text.strip():
        raise PromiseError("refused without a word")
    printable(text)
    if found := [word for word in JARGON if word in text]:
        raise PromiseError(f"speaks of {', '.join(found)}: {text[:300]}")
    if max(map(len, text.splitlines())) > 2_000:
        raise PromiseError(f"a line of {max(map(len, text.splitlines()))} characters: {text[:200]}")


def printable(text: str) -> None:
    """No character that a terminal obeys, and none that turns the direction of what follows."""
    bad = {f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n"}
    if bad:
        raise PromiseError(f"{', '.join(sorted(bad))} in what is printed")


def whole(projection: cf.Projection, simulation: cf.Simulation) -> None:
    """Every figure of the central path and of the sample is finite, every identity holds, page and JSON are made."""
    for values in (projection.market, projection.values):
        for (scope, name), rows in values.rows.items():
            if not np.isfinite(rows).all():
                raise PromiseError(f"{scope}.{name} is not finite on the central path")
    (outcome,) = simulation.outcomes.values()
    for name, values in outcome.sample.items():
        if not np.isfinite(values).all():
            raise PromiseError(f"{name} is not finite on {int((~np.isfinite(values)).sum())} paths")
    answer = answer_of(projection, simulation)
    identities = answer["identities"]
    if not identities["hold"]:
        raise PromiseError(f"{identities['check']} is off by {identities['check_worst']:g} on {identities['path']}")
    assert identities["check_worst"] < CHECK_TOLERANCE
    printable(page(answer))
    json.loads(to_json(document(answer)))
