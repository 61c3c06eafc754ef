"""Method, lines and checks: what the model computes, in which order, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from types import ModuleType
from typing import Any

import pandas as pd

from corpfin import lines, paths
from corpfin.common.defaults import BACKTEST_MONTHS, DIFFERENCE_PATHS, MONTHS, PATHS, VARIANT_PATHS
from corpfin.engine.grammar import Constant
from corpfin.inputs.draws import DRAWS, FACTORS
from corpfin.lines import constants
from corpfin.paths import processes
from corpfin.report.reference.prose import code, document, prose, table
from corpfin.runs.readings import BILLS, CHECK_TOLERANCE, HORIZONS, KEPT, QUANTILES
from corpfin.studies.burdens import NAMED
from corpfin.studies.tables import TABLES

CHECK = "check_"
"""Begins the name of a line that must be zero."""

ROOMS = {
    "Market": lines.MARKET,
    "Company": lines.COMPANY,
    "Sector": lines.SECTOR,
    "Market, when companies run together": lines.MARKET_TOGETHER,
    "Company, when companies run together": (*lines.COMPANY_TOGETHER, *lines.COMPANY_ADDED),
}
"""The rooms of the model by graph, in the order of the month."""


def method() -> str:
    """How the model runs: its order, what is drawn, how results are read, what each study does, every constant."""
    return document(
        "Method",
        prose(lines.__doc__),
        "A line is one expression; `x_prior` is last month's `x`, and `total_debt_interest` the sum of `interest` over "
        "the instruments. From that one definition come the projection, the simulation, the workbook and `explain`. "
        "Every line stands in [lines](lines.md), every input in [inputs](inputs.md).",
        "## The order of the month",
        *(part for name, rooms in ROOMS.items() for part in _rooms(name, rooms)),
        "## What is drawn at random",
        prose(paths.__doc__),
        "A draw is a function of seed, name and number of the path: the same for every company, scenario and machine.",
        table(["draw", "unit", "of", "what it is"], ([code(d.name), d.unit, _home(d), d.meaning] for d in DRAWS)),
        "### Price of bitcoin",
        prose(processes.__doc__),
        *(f"**{name}.** {prose(kind.__doc__)}" for name, kind in _processes()),
        "### What a scenario may shock",
        table(
            ["factor", "unit", "how"],
            ([code(factor.name), factor.unit, ", ".join(factor.hows)] for factor in FACTORS.values()),
        ),
        "## How a run is read",
        table(
            ["what", "value"],
            [
                ["months of a run, unless asked otherwise", f"{MONTHS}; of a back-test {BACKTEST_MONTHS}"],
                ["paths", f"{PATHS:,}; of a study of differences {DIFFERENCE_PATHS:,}, of a variant {VARIANT_PATHS:,}"],
                ["survival is shown to months", ", ".join(map(str, HORIZONS))],
                ["quantiles", ", ".join(f"{100 * q:g} %" for q in QUANTILES)],
                ["paths whose months are kept for quantiles", f"{KEPT:,}"],
                ["a check holds when it is nearer to zero than", f"{CHECK_TOLERANCE:g}, in its own unit"],
                ["first unpaid bills", ", ".join(BILLS.values())],
            ],
        ),
        "### Drivers of failure",
        table(["driver", "share of failures"], ([label, meaning] for _, label, meaning in NAMED)),
        "## The studies",
        *(part for name in dict.fromkeys(map(study_of, TABLES)) for part in (f"### {name}", prose(about(name)))),
        "## Constants",
        table(
            ["constant", "value", "unit", "what it is"],
            ([code(name), f"{found:.12g}", found.unit, found.meaning] for name, found in _constants()),
        ),
    )


def line_reference(items: pd.DataFrame) -> str:
    """Every line of the table of :func:`corpfin.line_items` with formula, what it reads and who reads it."""
    parts: list[str] = []

    def place(line: Any) -> tuple[str, str, str]:
        return line.graph, line.module, ", before month 1" if line.kind == "opening" else ""

    for (graph, module, when), group in groupby(items.itertuples(), key=place):
        found = list(group)
        parts += [f"## {graph}: {module}{when}", f"Sheet {found[0].sheet}. {_module(module)}".strip()]
        parts += ["\n\n".join(filter(None, _line(line))) for line in found]
    return document("Lines", "In the order of the month: market, company, sector.", *parts)


def checks(items: pd.DataFrame) -> str:
    """What must be zero every month on every path, in every reading of the model."""

    def row(line: Any) -> list[str]:
        return [code(_full(line)), f"{line.label} [{line.unit}]", line.prose, code(line.formula)]

    return document(
        "Checks",
        f"Each is nearer to zero than {CHECK_TOLERANCE:g} in its own unit, every month on every path. A run that "
        "breaks one says so first and ends with status 1.",
        table(
            ["check", "what holds", "why", "formula"], map(row, items[items["line"].str.startswith(CHECK)].itertuples())
        ),
    )


def study_of(name: str) -> str:
    """The study that a table belongs to."""
    return name.partition(".")[0]


def about(study: str) -> str | None:
    """What a study asks and how it answers, from its module."""
    room = "runs" if study == "simulation" else "studies"
    return import_module(f"corpfin.{room}.{study}").__doc__


def _rooms(name: str, rooms: tuple[ModuleType, ...]) -> tuple[str, list[str]]:
    def row(room: ModuleType) -> list[str]:
        each = getattr(room, "EACH", "")
        return [code(_short(room)), code(each), prose(room.__doc__)]

    return f"### {name}", table(["room", "for each", "what it says"], map(row, rooms))


def _line(line: Any) -> Iterator[str]:
    yield f"### {_full(line)}{', a total' if line.kind == 'total' else ''}"
    yield f"**{line.label}** [{line.unit}]. {prose(line.prose)}".strip()
    yield f"```\n{line.formula}\n```"
    yield f"Reads {_names(line.reads)}. Read by {_names(line.read_by)}."


def _full(line: Any) -> str:
    return f"{line.scope}.{line.line}" if line.scope else str(line.line)


def _names(names: list[str]) -> str:
    return ", ".join(map(code, names)) or "nothing"


def _module(name: str) -> str:
    """What a room says; lines of no room add up those of companies."""
    found = {_short(room): room.__doc__ for rooms in ROOMS.values() for room in rooms}
    return prose(found.get(name, "Sums over the companies run together."))


def _short(room: ModuleType) -> str:
    return room.__name__.rpartition(".")[2]


def _home(draw: Any) -> str:
    return f"each {draw.scope}" if draw.scope else str(draw.home)


def _processes() -> list[tuple[str, type]]:
    """The price processes that are, without the class they share."""
    own = ((name, found) for name, found in vars(processes).items() if isinstance(found, type))
    return [(name, found) for name, found in own if name in paths.__all__ and found is not processes.PriceProcess]


def _constants() -> list[tuple[str, Constant]]:
    """Every constant that a line may name, and the values before month 1 that a room states."""
    rooms = [room for found in ROOMS.values() for room in found]
    named = [item for room in (constants, *rooms) for item in vars(room).items()]
    return list({name: found for name, found in named if isinstance(found, Constant)}.items())
