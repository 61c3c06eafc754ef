"""A back-test as a page, a document and plots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from corpfin.common.columns import Column, on_page
from corpfin.common.tables import columns
from corpfin.common.text import percent, wrapped
from corpfin.inputs.known import Known
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.backtest import ALL, MODEL, Backtest
from corpfin.studies.judged_columns import CALIBRATION, COVERED, FIGURES, GROWN, LEVELS, PAGE, RANKED
from corpfin.studies.ratios import RATIOS
from corpfin.studies.tested import FAILURES, STOOD, UNKNOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLES: dict[Known, str] = {
    "none": "BLIND: nothing after the balance sheet is seen",
    "market": "MARKET SEEN: the market and share prices that are known are given",
    "all": "ALL SEEN: what is known of the companies is given too",
}
"""What each reading sees."""

FORECASTS = {MODEL: "the model"} | {ratio.name: ratio.label for ratio in RATIOS}
"""Rows of the table of order."""

TABLES = ("order", "level", "calibration", "figures", "coverage", "growth")
"""Tables of a back-test beside the one of its companies."""


def backtest_page(result: Backtest) -> str:
    """What was said and what came, reading by reading, with every score and its interval; then what is wrong."""
    count = result.table.index.get_level_values("company").nunique()
    head = [
        f"Back-test of {result.vintage}: {count} {'company' if count == 1 else 'companies'} as on that day, held "
        "against what came",
        f"{result.months} months, {result.paths:,} paths, seed {result.seed}; ± one error, [95 % interval]",
    ]
    sections = [head]
    for known in result.readings:
        sections += _reading(result, known)
    return joined([*sections, *_causes(result), *_misses(result), _notes(result)])


def _reading(result: Backtest, known: Known) -> list[list[str]]:
    """The sections of one reading: failures, order, level, calibration, figures, shares."""
    rows = {times: result.part("table", known, times).to_dict("index") for times in result.times}
    told = on_page(result.columns, FAILURES)
    sections = [[TITLES[known], *columns(cells(told, rows[1.0]))]]
    if len(rows) > 1:
        sections.append(_multiples(told, rows))
    months = list(dict.fromkeys(result.level.index.get_level_values("month")))
    unknown = [month for month in months if not result.level.loc[(known, 1.0, month), "companies"]]
    if unknown:
        named = " and ".join(map(str, unknown))
        sections.append(
            wrapped(f"By month {named}: whether a company failed is not known yet of any; nothing to judge.", "", "")
        )
    judged = [month for month in months if month not in unknown]
    for month in judged:
        sections += _order(result, known, month)
    if judged:
        keys = [(times, month) for month in judged for times in result.times]
        level = {_at(month, times, result.times): result.level.loc[(known, times, month)] for times, month in keys}
        sections.append(["LEVEL: failures expected and those that came", *columns(cells(on_page(LEVELS, PAGE), level))])
        sections.append(_calibration(result, known, judged[-1]))
    return [*sections, *_figures(result, known), *_growth(result, known)]


def _at(month: int, times: float, all_times: Sequence[float]) -> str:
    return f"by month {month}" + (f", commitments x{times:g}" if len(all_times) > 1 else "")


def _multiples(told: dict[str, Column[Any]], rows: dict[float, dict[Any, Any]]) -> list[str]:
    """Probabilities of failure at every multiple of the commitments that are badly known."""
    shown = {heading: column for heading, column in told.items() if column.name.startswith("failure_")}
    table = [["", *(f"{heading} x{times:g}" for heading in shown for times in rows)]]
    for company in rows[1.0]:
        table.append([company, *(column.cell(rows[t][company]) for column in shown.values() for t in rows)])
    heading = "The same with commitments that are badly known at " + ", ".join(f"{times:g}" for times in rows)
    return [f"{heading} times", *columns(table)]


def _order(result: Backtest, known: Known, month: int) -> list[list[str]]:
    """Who is put first by the model and by each ratio."""
    found = on_page(RANKED, PAGE)
    rows = {}
    for times in result.times:
        for name, label in FORECASTS.items():
            row = result.order.loc[(known, times, month, name)]
            if times == 1.0 or not row.equals(result.order.loc[(known, 1.0, month, name)]):
                rows[label if times == 1.0 else f"{label}, x{times:g}"] = row
    first = result.order.loc[(known, 1.0, month, MODEL)]
    heading = f"ORDER by month {month}: are those that fail put first?"
    if 0 < first["failures"] < first["companies"]:
        return [[heading, *columns(cells(found, rows))]]
    which = "none" if not first["failures"] else "every one"
    told = f"{which} of {first['companies']:.0f} companies failed, so that there is no AUC: an order needs both kinds"
    return [wrapped(f"{heading} {told[0].upper()}{told[1:]}.", "", "")]


def _calibration(result: Backtest, known: Known, month: int) -> list[str]:
    bands = result.part("calibration", known, month=month)
    rows = bands[bands["companies"] > 0].to_dict("index")
    return [
        f"CALIBRATION by month {month}: failures by what was said",
        *columns(cells(on_page(CALIBRATION, PAGE), rows)),
    ]


def _figures(result: Backtest, known: Known) -> list[list[str]]:
    """How often the bands hold the published figures, and those that lie outside."""
    if result.figures.empty:
        return [["FIGURES: none is published for a month of this run"]]
    found = on_page(COVERED, PAGE)
    rows = {}
    for times in result.times:
        for name, row in result.part("coverage", known, times).iterrows():
            if times == 1.0 or name == ALL:
                rows[str(name) if times == 1.0 else f"{name}, x{times:g}"] = row
    sections = [
        [
            "FIGURES: how often the bands hold what came, and PIT by fifth (-20 counts those up to 20 %)",
            *columns(cells(found, rows)),
        ]
    ]
    figures = result.part("figures", known)
    outside = figures[figures["spread"] & ~figures["within_80"]]
    if len(outside):
        named = {" ".join(map(str, name)): row for name, row in outside.iterrows()}
        sections.append(["Outside the 80 % band", *columns(cells(on_page(FIGURES, PAGE), named))])
    return sections


def _growth(result: Backtest, known: Known) -> list[list[str]]:
    if result.growth.empty:
        return []
    rows = {}
    for times in result.times:
        for day, row in result.part("growth", known, times).iterrows():
            rows[f"{day}" if times == 1.0 else f"{day}, x{times:g}"] = row
    heading = "GROWTH OF SHARES from the balance sheet on, and its rank correlation over the companies"
    return [[heading, *columns(cells(on_page(GROWN, PAGE), rows))]]


def _causes(result: Backtest) -> list[list[str]]:
    """The real causes, and how often the failing paths of each reading are driven by them."""
    table = result.table.xs(1.0, level="commitments")
    lines: list[str] = []
    for company, rows in table.groupby(level="company", sort=False):
        first = rows.iloc[0]
        if first["happened"] in (STOOD, UNKNOWN):
            continue
        told = f"{company}: {first['happened']} on {first['happened_on']}"
        told += f", told as {first['cause']}" if first["cause"] else ""
        if first["cause_drivers"]:
            shares = [
                f"{'-' if pd.isna(row['same_cause']) else percent(row['same_cause'], 0)} ({known})"
                for known, row in rows.droplevel("company").iterrows()
            ]
            told += f"; as drivers {first['cause_drivers']}, which drive {', '.join(shares)} of its failures"
        lines += wrapped(f"{told}.", "  ", "    ")
    return [["WHAT HAPPENED", *lines]] if lines else []


def _misses(result: Backtest) -> list[list[str]]:
    """What the vintage's file says the model gets wrong."""
    lines: list[str] = []
    for miss in result.outcomes.misses:
        of = ", ".join(filter(None, (miss.ticker, miss.figure)))
        lines += wrapped(f"{of}: {miss.text}" if of else miss.text, "  ", "    ")
    return [["WHAT THE MODEL GETS WRONG", *lines]] if lines else []


def _notes(result: Backtest) -> list[str]:
    """How to read it."""
    beyond = f" {result.beyond} published figures are of later months than those run." if result.beyond else ""
    return wrapped(
        "Month: median of the paths that fail, and 10 to 90 %; driver: the burden without which most of them would "
        "have paid, see corpfin drivers. A failure is any event but having stood; a company is judged at a horizon "
        "when it is known whether it had failed. Of so few companies nothing is decided to a digit: by luck is the "
        "probability that failures that fall on any companies alike give as high an AUC, which a bootstrap cannot see. "
        "Failures expected have their interval on common markets. Figures are held against all paths, those in "
        "default as they stand; those of one company are not independent, so that intervals of coverage are too "
        f"narrow.{beyond}"
    )


def _document(result: Backtest) -> dict[str, Any]:
    outcomes = result.outcomes
    return study_document(
        result,
        vintage=result.vintage,
        beyond=result.beyond,
        **{name: records(getattr(result, name)) for name in TABLES},
        events=[event.model_dump() for event in outcomes.events],
        misses=[miss.model_dump() for miss in outcomes.misses],
    )


def _plots(result: Backtest) -> dict[str, Figure]:
    from corpfin.report.plots import calibration, forecasts, pit_histograms

    return {"forecasts": forecasts(result), "calibration": calibration(result), "pit": pit_histograms(result)}


FACE = Face(Backtest, _plots, backtest_page, _document)
