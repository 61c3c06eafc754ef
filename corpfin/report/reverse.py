"""A reverse stress as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.tables import columns
from corpfin.common.text import chance, percent, short, unit_or_nothing, wrapped
from corpfin.report.document import FORMAT, records, versions
from corpfin.report.face import Face
from corpfin.studies.failed import FailedPaths
from corpfin.studies.reverse import ReverseStress

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reverse_page(result: ReverseStress, failed: FailedPaths | None = None) -> str:
    """The level found, or why there is none, and what the paths that fail there had in common."""
    asked = f"{result.company}: {result.target} at which survival to month {result.at} is {percent(result.survival, 0)}"
    run = f"scenario {result.scenario}, {result.paths:,} paths, seed {result.seed}"
    head = [asked, f"{run}; ± is one standard error"]
    sections = [head, columns(points(result)), wrapped(finding(result))]
    if failed is not None:
        sections.append(_common(failed))
    return "\n\n".join("\n".join(lines) for lines in sections)


def reverse_document(result: ReverseStress, failed: FailedPaths | None = None) -> dict[str, Any]:
    """The level and what was found on the way, for programs."""
    asked = ("company", "target", "how", "unit", "survival", "at", "scenario", "known", "paths", "seed")
    return {
        "format": FORMAT,
        "versions": versions(),
        **{name: getattr(result, name) for name in (*asked, "level", "bracket", "reason")},
        "table": records(result.table),
        "curve": records(result.curve),
        "failed_paths": None if failed is None else records(failed.table),
    }


def points(result: ReverseStress) -> list[list[str]]:
    """The levels of interest as rows of cells, the headings first."""
    shown = result.table["value"].notna().all() and not result.table["value"].equals(result.table["level"])
    verb = {"multiply": "times base", "add": f"added [{result.unit}]"}[result.how]
    rows = [["", verb, *([unit_or_nothing(result.unit)] if shown else []), "survival"]]
    for point, row in result.table.iterrows():
        value = [short(float(row["value"]))] if shown else []
        rows.append([str(point), f"{row['level']:.4g}", *value, chance(row["survival"], row["survival_error"])])
    return rows


def finding(result: ReverseStress) -> str:
    """The level found, or why there is none."""
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
        apart = f"{row['difference']:+.2f} ± {row['difference_error']:.2f}"
        means = [short(float(row[group])) for group in ("mean_failed", "mean_survived")]
        rows.append([str(name), *means, unit_or_nothing(row["unit"]), apart])
    return [*wrapped(heading, "", ""), *columns(rows)]


def _plots(result: ReverseStress) -> dict[str, Figure]:
    from corpfin.report.plots import reverse_curve

    return {f"reverse_{result.target}": reverse_curve(result)}


FACE = Face(ReverseStress, _plots, reverse_page, reverse_document)
