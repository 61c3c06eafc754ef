"""``templates/workbook.toml``: the order of the sheets, the rooms on each, number formats and charts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpfin.inputs import shipped


@dataclass(frozen=True)
class SheetSettings:
    """One sheet of calculations: its name, its title and the rooms of the model it shows, in order."""

    name: str
    title: str
    rooms: tuple[str, ...]


@dataclass(frozen=True)
class ChartSettings:
    """One chart: of model lines by month or, when ``annual``, by year; or of rows of the simulation (``static``).

    Both map a row's name to its name in the legend. ``share`` is "" for amounts, "part" for shares in per cent and
    "whole" for those on an axis from 0 to 100 %.
    """

    title: str
    kind: str
    axis: str
    lines: Mapping[str, str]
    static: Mapping[str, str]
    annual: bool
    share: str


@dataclass(frozen=True)
class QuestionSettings:
    """One sheet of the book that compares companies, its question and chart; columns of a comparison name their sheet.

    The ``lines`` of the chart are columns; ``survival`` stands for the last of ``survival_12``, ``survival_36``.
    """

    name: str
    question: str
    chart: ChartSettings


@dataclass(frozen=True)
class OutputSettings:
    """Lines on the sheet Outputs: by name, all that stand once of some rooms, and some of every instance of a block."""

    lines: tuple[str, ...]
    rooms: tuple[str, ...]
    each: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """The whole file; ``formats`` are number formats by unit.

    ``multiples``, ``pure`` and ``bills`` name lines of unit 1 that are no share: of the first two the figure says so,
    of the last it stands for a word.
    """

    sheets: tuple[SheetSettings, ...]
    charts: tuple[ChartSettings, ...]
    formats: Mapping[str, str]
    multiples: frozenset[str]
    pure: frozenset[str]
    bills: frozenset[str]
    tolerance: float
    failure: str
    failure_month: str
    failure_bill: str
    headline: Mapping[str, str]
    sector_headline: Mapping[str, str]
    comparison: tuple[QuestionSettings, ...]
    outputs: OutputSettings
    spare: Mapping[str, int]

    def format_of(self, unit: str) -> str:
        """The number format for a unit."""
        return self.formats.get(unit, self.formats["other"])

    def look(self, line: str, unit: str, *, flag: bool) -> str:
        """The unit whose format a line takes: what has unit 1 is yes or no, a word, a multiple, a number or a share."""
        if unit != "1" or line in self.pure:
            return unit
        return "flag" if flag else "bill" if line in self.bills else "multiple" if line in self.multiples else "share"


@cache
def load_settings() -> Settings:
    """The shipped settings."""
    contents = tomllib.loads((shipped("templates") / "workbook.toml").read_text(encoding="utf-8"))
    return Settings(
        sheets=tuple(SheetSettings(s["name"], s["title"], tuple(s["rooms"])) for s in contents["sheet"]),
        charts=tuple(_chart(chart) for chart in contents["chart"]),
        formats=contents["formats"],
        headline=contents["headline"],
        multiples=frozenset(contents["multiples"]),
        pure=frozenset(contents["pure"]),
        bills=frozenset(contents["bills"]),
        sector_headline=contents["sector_headline"],
        comparison=tuple(
            QuestionSettings(q["name"], q["question"], _chart(q["chart"])) for q in contents["comparison"]
        ),
        outputs=OutputSettings(**{name: tuple(found) for name, found in contents["outputs"].items()}),
        **{name: contents[name] for name in ("spare", "tolerance", "failure", "failure_month", "failure_bill")},
    )


def _chart(chart: Mapping[str, Any]) -> ChartSettings:
    return ChartSettings(
        chart["title"], chart["kind"], chart["axis"], chart.get("lines", {}), chart.get("static", {}),
        chart.get("annual", False), chart.get("share", ""),
    )  # fmt: skip
