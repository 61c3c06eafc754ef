"""Reverse stress and sensitivity as pages of plain text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from corpfin.common.tables import columns, write_csv
from corpfin.common.text import chance, percent, wrapped, written
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.studies import DILUTION
from corpfin.studies.failed import FailedPaths
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import Sensitivity
from corpfin.studies.sobol import Sobol
from corpfin.studies.variation import UNKNOWN

POINTS = "percentage points"

TOO_WIDE = 0.3
"""Half width of a 95 % interval beyond which a Sobol index says nothing."""

UNKNOWN_HEADING = "UNKNOWN: estimated (e) or default (d); worth looking up first"
KNOWN_HEADING = "KNOWN: reported (r) or derived (c)"


def reverse_page(result: ReverseStress, failed: FailedPaths | None) -> str:
    """The level found, or why there is none, and what the paths that fail there had in common."""
    asked = f"{result.company}: {result.target} at which survival to month {result.at} is {percent(result.survival, 0)}"
    run = f"scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}"
    head = [asked, f"{run}; ± is one standard error"]
    shown = result.table["value"].notna().all() and not result.table["value"].equals(result.table["level"])
    verb = {"multiply": "times base", "add": f"added [{result.unit}]"}[result.how]
    rows = [["", verb, *([_unit(result.unit)] if shown else []), "survival"]]
    for point, row in result.table.iterrows():
        value = [_short(float(row["value"]))] if shown else []
        rows.append([str(point), f"{row['level']:.4g}", *value, chance(row["survival"], row["error"])])
    sections = [head, columns(rows), wrapped(_finding(result))]
    if failed is not None:
        sections.append(_common(failed))
    return "\n\n".join("\n".join(lines) for lines in sections)


def sensitivity_page(result: Sensitivity, count: int, output: str | None = None, indices: Sobol | None = None) -> str:
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
        sections.append(wrapped(DILUTION))
    return "\n\n".join("\n".join(lines) for lines in sections)


def write_sensitivity(folder: Path, result: Sensitivity, indices: Sobol | None = None) -> list[Path]:
    """Write the tables as CSV into a folder, made when missing, and return the files; ``OSError`` if one cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"sensitivity": result.table} | ({"sobol": indices.table} if indices else {})
    files = {folder / f"{name}.csv": table for name, table in tables.items()}
    for path, table in files.items():
        write_csv(path, table)
    return list(files)


def reverse_document(result: ReverseStress, failed: FailedPaths | None) -> dict[str, Any]:
    """The level and what was found on the way, for programs."""
    asked = ("company", "target", "how", "unit", "survival", "at", "scenario", "paths", "seed")
    return {
        "format": FORMAT,
        "versions": versions(),
        **{name: getattr(result, name) for name in (*asked, "level", "bracket", "reason")},
        "table": records(result.table),
        "curve": records(result.curve),
        "failed_paths": None if failed is None else records(failed.table),
    }


def sensitivity_document(result: Sensitivity, indices: Sobol | None = None) -> dict[str, Any]:
    """The table and what it is held against, for programs."""
    study = result.study
    return {
        "format": FORMAT,
        "versions": versions(),
        "company": result.company,
        "scenario": study.scenario.name,
        **{name: getattr(study, name) for name in ("months", "paths", "seed")},
        "base": result.base,
        "base_error": result.base_error,
        "table": records(result.table),
        "sobol": None if indices is None else records(indices.table),
    }


def _finding(result: ReverseStress) -> str:
    if result.level is None:
        return f"None in range: {result.reason}."
    low, high = sorted(result.bracket or (result.level, result.level))
    verb = {"multiply": f"{result.level:.4g} times the base", "add": f"{result.level:.4g} added [{result.unit}]"}
    warning = f" Note: {result.reason}." if result.reason else ""
    return (
        f"Survival is {percent(result.survival, 0)} at {verb[result.how]}; {low:.4g} to {high:.4g} within one standard "
        f"error.{warning}"
    )


def _common(failed: FailedPaths) -> list[str]:
    heading = (
        f"WHAT THE FAILED PATHS HAD IN COMMON at this level: {failed.failed:,} failed by month {failed.at}, "
        f"{failed.survived:,} did not; means, and how many standard deviations they are apart"
    )
    rows = [["", "failed", "survived", "unit", "apart"]]
    for name, row in failed.table.iterrows():
        apart = f"{row['difference']:+.2f} ± {row['error']:.2f}"
        means = [_short(float(row[group])) for group in ("failed", "survived")]
        rows.append([str(name), *means, _unit(row["unit"]), apart])
    return [*wrapped(heading, "", ""), *columns(rows)]


def _effects(table: pd.DataFrame, output: str, scale: float, count: int) -> list[str]:
    rows = [["", "", "low", "high", "at low", "at high", "±"]]
    for name, row in table.head(count).iterrows():
        mark = "c" if row["grade"] == "derived" else row["grade"][0]
        ends = [_short(row["low"]), _short(row["high"])]
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


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _short(value: object) -> str:
    """A number with four digits, or whole from a thousand on; a date or a truth as it is written."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return written(value)  # type: ignore[arg-type]


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+,.1f}"
