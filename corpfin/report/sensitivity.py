"""A sensitivity as a page, a document, tables and plots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corpfin.common.tables import columns, write_csv
from corpfin.common.text import chance, short, wrapped
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.face import Face
from corpfin.studies.paired import DILUTION_NOTE
from corpfin.studies.sensitivity import Sensitivity
from corpfin.studies.sobol import Sobol
from corpfin.studies.variation import UNKNOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 15
"""Figures shown of each group."""

POINTS = "percentage points"

TOO_WIDE = 0.3
"""Half width of a 95 % interval beyond which a Sobol index says nothing."""

UNKNOWN_HEADING = "UNKNOWN: estimated (e) or default (d); worth looking up first"
KNOWN_HEADING = "KNOWN: reported (r) or derived (c)"


def sensitivity_page(
    result: Sensitivity, count: int = SHOWN, output: str | None = None, indices: Sobol | None = None
) -> str:
    """The ``count`` unknown figures that move an output most, then as many of the known ones; ``KeyError`` as there."""
    output = output or result.main_output
    table = result.ranked(output)
    scale, unit = (1.0, "USD m") if output == "cash" else (100.0, POINTS)
    level, error = result.base[output], result.base_error[output]
    base = f"{level:,.1f} ± {error:,.1f} USD m" if output == "cash" else chance(level, error)
    head = [
        f"{result.company}: what moves {output}, {base} in scenario {result.study.scenario.name}",
        f"{len(table)} figures one at a time on {result.paths:,} common paths, seed {result.seed}; change in {unit}, "
        "± one error",
    ]
    unknown = table["grade"].isin(UNKNOWN)
    sections = [
        head,
        [UNKNOWN_HEADING, *_effects(table[unknown], output, scale, count)],
        [KNOWN_HEADING, *_effects(table[~unknown], output, scale, count)],
    ]
    if indices is not None:
        sections.append(_indices(indices, output))
    if output == "dilution":
        sections.append(wrapped(DILUTION_NOTE))
    return "\n\n".join("\n".join(lines) for lines in sections)


def write_sensitivity(folder: Path, result: Sensitivity, indices: Sobol | None = None) -> list[Path]:
    """Write the tables as CSV into a folder, made when missing, and return the files; ``OSError`` if one cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"sensitivity": result.table} | ({"sobol": indices.table} if indices else {})
    files = {folder / f"{name}.csv": table for name, table in tables.items()}
    for path, table in files.items():
        write_csv(path, table)
    return list(files)


def sensitivity_document(result: Sensitivity, indices: Sobol | None = None) -> dict[str, Any]:
    """The table and what it is held against, for programs."""
    study = result.study
    return {
        "format": FORMAT,
        "versions": versions(),
        "company": result.company,
        "scenario": study.scenario.name,
        "known": study.known,
        **{name: getattr(study, name) for name in ("months", "paths", "seed")},
        "base": result.base,
        "base_error": result.base_error,
        "table": records(result.table),
        "sobol": None if indices is None else records(indices.table),
    }


def _effects(table: pd.DataFrame, output: str, scale: float, count: int) -> list[str]:
    rows = [["", "", "low", "high", "at low", "at high", "±"]]
    for name, row in table.head(count).iterrows():
        mark = "c" if row["grade"] == "derived" else row["grade"][0]
        ends = [short(row["low"]), short(row["high"])]
        moves = [_signed(scale * row[f"{output}_{end}"]) for end in ("low", "high")]
        error = scale * max(row[f"{output}_low_error"], row[f"{output}_high_error"])
        rows.append([str(name), mark, *ends, *moves, _signed(error)[1:]])
    return columns(rows, left=2)


def _indices(indices: Sobol, output: str) -> list[str]:
    rows = [["", "alone", "", "with others", "", ""]]
    for name, row in indices.table.loc[output].iterrows():
        cells = [("± " if "_" in key else "") + f"{round(row[key], 2) + 0.0:.2f}" for key in row.index]
        wide = max(row["S1_conf"], row["ST_conf"]) > TOO_WIDE
        rows.append([str(name), *cells, "sample too small" if wide else ""])
    heading = "SOBOL INDICES: share of the variance when these vary together within their ranges, ± 95 %"
    return [heading, *columns(rows)]


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+,.1f}"


def _plots(result: Sensitivity) -> dict[str, Figure]:
    from corpfin.report.plots import tornado

    return {f"tornado_{result.main_output}": tornado(result)}


FACE = Face(Sensitivity, _plots, sensitivity_page, sensitivity_document)
