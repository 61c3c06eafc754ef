"""What the studies of one company say, as sections: stress, lifeline, and how far three levers must move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpfin.common.columns import Column, Row, on_page
from corpfin.report.lifeline import NOTES
from corpfin.report.paper.elements import Part, Plot, Section, Table, Text
from corpfin.report.reverse import finding, points
from corpfin.runs.outcome import shown_with_error
from corpfin.studies.lifeline import DELAY, PLAN, Lifeline
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.stress import BASE, Stress


def stress_section(result: Stress, ticker: str) -> Section:
    """How the company stands under each scenario, what that changes against base, and what happens in it."""
    known = {column.name: column for column in result.columns}
    changes = [known[name] for name in known if name.startswith("change_") and known[name].show is not None]
    head = ("scenario", f"{known[result.main_column].label}, %", *map(_in_points, changes))
    table = result.table.loc[[ticker]].droplevel("company")
    found = table.to_dict("index")
    cells = [
        (
            str(name),
            shown_with_error(result.main_column, row),
            *(("" if name == BASE else column.cell(row)) for column in changes),
        )
        for name, row in found.items()
    ]
    told = [(name, " ".join(story.split())) for name, story in result.stories.items()]
    inert = " ".join(f"{name} {why}." for name, why in result.inert.items())
    caption = f"{result.paths:,} common paths, seed {result.seed}; change against base ± one error"
    stories = Table("What happens in each", ("scenario", "what happens"), tuple(told), (0, 1))
    return Section("stress", "Stress", (Table(caption, head, tuple(cells), (0,), inert), stories))


def lifeline_section(result: Lifeline, ticker: str) -> Section:
    """The verdict, what the transition changes, and what a year's delay changes."""
    row: Row = result.table.to_dict("index")[ticker]
    text = f"Verdict on the move to AI: {row['verdict']}."
    if row["verdict"] == "no transition":
        return Section("lifeline", "Lifeline or new risk", (Text(text),))
    plan, late = on_page(result.columns, PLAN), on_page(result.columns, DELAY)
    cells = [(_in_points(column), column.cell(row), late[heading].cell(row)) for heading, column in plan.items()]
    caption = f"Less the same without it; {result.paths:,} common paths, seed {result.seed}; ± one error"
    head = ("", "transition as planned", "delivery a year late, less as planned")
    return Section("lifeline", "Lifeline or new risk", (Text(text), Table(caption, head, tuple(cells)), Text(NOTES)))


def levers_section(results: Sequence[ReverseStress]) -> Section:
    """How far each lever must move until half of the paths survive, or whatever share was asked for."""
    parts: list[Part] = []
    for result in results:
        from corpfin.report.plots import reverse_curve

        head, *rows = points(result)
        caption = f"{result.target}: survival to month {result.at}, {result.paths:,} paths, ± one error"
        parts.append(Text(f"{result.target}: {finding(result)}"))
        parts.append(Table(caption, tuple(head), tuple(map(tuple, rows))))
        if result.level is not None:
            parts.append(Plot(f"reverse_{result.target.replace('.', '_')}", reverse_curve(result)))
    return Section("levers", "What would move it", tuple(parts))


def _in_points(column: Column[Any]) -> str:
    """A column's heading with its unit; shares change by percentage points."""
    return f"{column.label} [{'points' if column.unit == '1' else column.unit}]"
