"""Outputs: the columns of every table, and the lines that a run tells by year, by month and by path."""

from __future__ import annotations

from itertools import groupby

from corpfin.common.defaults import MONTHS
from corpfin.report.reference.model import study_of
from corpfin.report.reference.prose import code, document, table
from corpfin.runs.readings import FLOWS, LEVELS, MONTHLY, OUTCOMES
from corpfin.studies.tables import TABLES


def outputs() -> str:
    """The columns of every study by table, as the page, the CSV and the JSON document name them."""
    parts = []
    for study, names in groupby(TABLES, study_of):
        parts.append(f"## {study}")
        for name in names:
            rows = ([code(c.name), c.unit, c.label, c.meaning] for c in TABLES[name](MONTHS))
            parts += [f"### {name}", "\n".join(table(["column", "unit", "label", "meaning"], rows))]
    kept = {
        "summed by calendar year (`annual.csv`)": FLOWS,
        "at each year's end (`annual.csv`)": LEVELS,
        "quantiles by month (`fan_*.csv`)": MONTHLY,
        "at the end of each path (`paths.csv`)": OUTCOMES,
    }
    return document(
        "Outputs",
        "Columns carry the same name in a table, its CSV, its JSON document and on the command line (`--sort`).",
        *parts,
        "## Lines that a run tells",
        "`monthly.csv` holds every line of [lines](lines.md) and every draw of the central path by month.",
        table(["how", "lines"], ([how, ", ".join(map(code, lines))] for how, lines in kept.items())),
    )
