"""A stress as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corpfin.common.columns import name_of_error
from corpfin.common.text import percent, wrapped
from corpfin.report.face import Face, blocks, joined, signed, study_document
from corpfin.studies.stress import BASE, Stress, compared

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def stress_page(result: Stress) -> str:
    """Survival under base and what each scenario changes, dilution and funding gap where they change most."""
    name = result.main_column
    level, change = result.matrix(name), result.matrix(f"change_{name}")
    error, uncertain = result.matrix(name_of_error(f"change_{name}")), result.matrix(name_of_error(name))
    scenarios = [scenario for scenario in level if scenario != BASE]
    tickers = [str(ticker) for ticker in level.index]
    head = [
        f"Survival to month {result.months}: base in %, change in percentage points; "
        f"{result.paths:,} common paths, seed {result.seed}",
        "* beyond two errors of the difference",
    ]
    rows = [
        ["", *tickers],
        [BASE, *(f"{percent(share).removesuffix(' %')} " for share in level[BASE])],
        ["± one error", *(f"{100 * spread:.1f} " for spread in uncertain[BASE])],
    ]
    for scenario in scenarios:
        moved = zip(change[scenario], error[scenario], strict=True)
        rows.append([str(scenario), *(points(value, spread) for value, spread in moved)])
    inert = [line for name, why in result.inert.items() for line in wrapped(f"{name} {why}.")]
    sections = [head, *blocks(rows), *([inert] if inert else [])]
    for item in compared(result.months):
        if not item.note:
            continue
        matrix, share = result.matrix(f"change_{item.name}"), item.scale > 1
        cells = pd.DataFrame(
            {name: [signed(item.scale * change) for change in matrix[name]] for name in scenarios}, index=tickers
        ).T
        moving = cells.loc[(cells != ".").any(axis=1), (cells != ".").any()]
        if moving.size:
            named = zip(moving.index, moving.to_numpy(), strict=True)
            what = "change in percentage points" if share else f"change of the mean over all paths in {item.unit}"
            rows = [["", *moving], *([str(name), *row] for name, row in named)]
            sections += [[f"{item.label.upper()}, {what}"], *blocks(rows), wrapped(item.note)]
    return joined(sections)


def points(value: float, error: float) -> str:
    """A change of a share in percentage points, with a star beyond two of its errors."""
    return f"{signed(100 * value)}{'*' if abs(value) > 2 * error else ' '}"


def _document(result: Stress) -> dict[str, Any]:
    return study_document(result, stories=result.stories, inert=result.inert)


def _plots(result: Stress) -> dict[str, Figure]:
    from corpfin.report.plots import stress_heat_map

    return {"stress": stress_heat_map(result)}


FACE = Face(Stress, _plots, stress_page, _document)
