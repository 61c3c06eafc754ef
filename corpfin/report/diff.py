"""A diff of two vintages as a page and a document: an explanation of why the answer changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import chance, percent, short, unit_or_nothing, wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.diff import GROUPS, MARKET, REST, STEPS, Diff
from corpfin.studies.paired import DILUTION_NOTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 12
"""Most lines on one group of figures; all stand in the CSV and the document."""

KNOWN_MONTH = "known_month."


def diff_page(result: Diff) -> str:
    """What the answer was and is, what each step did to it, and the figures behind each step."""
    name, table = f"survival_{result.months}", result.table
    first, last = table.iloc[0], table.iloc[-1]
    head = [
        f"{result.company}: why the answer changed from {result.before} to {result.after}",
        f"Scenario {result.scenario}, {result.paths:,} common paths, seed {result.seed}",
        f"Survival to month {result.months} of each date: {chance(first[name], first[f'{name}_error'])} -> "
        f"{chance(last[name], last[f'{name}_error'])}; dilution {percent(first['dilution'])} -> "
        f"{percent(last['dilution'])}",
    ]
    steps = {step: row for step, row in table.iloc[1:].to_dict("index").items() if step != REST or _moves(row, result)}
    notes = wrapped(
        f"Each line is put in on top of those above it. {MARKET}: {result.before} rolled to {result.after} by the "
        "model and put into the market of that date, what would have been expected. Every other line puts in the "
        "later file's figures in place of the model's: what came otherwise. Money raised stands in debt or equity and "
        "in the cash of balance: read them together. Months are counted from each date. " + DILUTION_NOTE
    )
    sections = [head, wrapped(_reading(result), "", ""), ["CHANGE IN PERCENTAGE POINTS, ± one error"]]
    sections[-1] += columns(cells(on_page(result.columns, STEPS), steps, "step"))
    sections.append(notes)
    for group in ("market", *GROUPS, REST):
        lines = _figures(result.figures[result.figures["group"] == group])
        if len(lines) > 1:
            sections.append([f"{group.upper()}: {result.before}, as rolled, {result.after}", *columns(lines, left=2)])
    return joined(sections)


def _moves(row: dict[Any, Any], result: Diff) -> bool:
    """Whether a step changes anything."""
    return any(row[f"change_{name}"] != 0.0 for name in (f"survival_{result.months}", "dilution"))


def _reading(result: Diff) -> str:
    """The answer in a sentence: the steps that changed survival beyond two errors, the largest first."""
    name = f"change_survival_{result.months}"
    found = result.table.iloc[1:]
    counted = found[found[name].abs() > 2 * found[f"{name}_error"]].sort_values(name, key=abs, ascending=False)
    level = result.table[name.removeprefix("change_")]
    total = 100 * (level.iloc[-1] - level.iloc[0])
    if counted.empty:
        return f"Reading: {total:+.1f} points in all; no step changes survival beyond two errors."
    parts = ", ".join(f"{step} {100 * change:+.1f}" for step, change in counted[name].items())
    return f"Reading: {total:+.1f} points in all; beyond two errors {parts}."


def _figures(found: pd.DataFrame) -> list[list[str]]:
    """The figures of a group, largest change first: known months as one line, a block that came or went as one."""
    months = found.index.str.startswith(KNOWN_MONTH)
    rows = [["figure", "unit", "before", "rolled", "after"]]
    lines: list[tuple[float, list[str]]] = []
    for block, figures in found[~months].groupby(_block, sort=False):
        whole = len(figures) > 1 and (figures["before"].isna().all() or figures["after"].isna().all())
        for key, figure in figures.iloc[: 1 if whole else None].to_dict("index").items():
            before, after = figure["before"], figure["after"]
            label = str(key) if not whole else f"{block} ({'new' if before is None else 'gone'})"
            shown = [figure[name] for name in ("before", "rolled", "after")]
            unit = "" if any(isinstance(value, date) for value in shown) else unit_or_nothing(figure["unit"])
            lines.append((_size(before, after), [label, unit, *map(_shown, shown)]))
    lines.sort(key=lambda line: -line[0])
    rows += [line for _, line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        rows.append([f"and {len(lines) - SHOWN} more", "", "", "", ""])
    if months.any():
        known = [_span(found[months], name) for name in ("before", "after")]
        rows.append(["months known", "", known[0], "", known[1]])
    return rows


def _block(key: str) -> str:
    """The block of a figure: ``debt.conv-2031`` of ``debt.conv-2031.principal``, else the figure itself."""
    parts = key.split(".")
    return ".".join(parts[:-1]) if len(parts) > 2 else key


def _span(found: pd.DataFrame, name: str) -> str:
    """First and last month of which something is known."""
    known = found.index[found[name].notna()].str.removeprefix(KNOWN_MONTH)
    parts = sorted(month for key in known for month in key.split(".")[0].split("/")[:2])
    return f"{parts[0]} to {parts[-1]}" if parts else "-"


def _size(before: Any, after: Any) -> float:
    """How much a figure changed, for their order: relative to the larger; what came or went, or is no number, first."""
    if isinstance(before, float) and isinstance(after, float):
        return abs(after - before) / max(abs(before), abs(after), 1e-12)
    return 2.0 if before is None or after is None else 1.0


def _shown(value: Any) -> str:
    return "-" if value is None else short(value)


def _document(result: Diff) -> dict[str, Any]:
    given = {name: getattr(result, name) for name in ("company", "before", "after")}
    return study_document(result, **given, figures=records(result.figures))


def _plots(result: Diff) -> dict[str, Figure]:
    """None: the steps are few and stand in a table."""
    return {}


FACE = Face(Diff, _plots, diff_page, _document)
