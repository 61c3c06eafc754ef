"""A back-test as a page, a document and plots."""

from __future__ import annotations

from itertools import chain
from math import isnan
from typing import TYPE_CHECKING, Any

from corpfin.common.columns import Column, on_page
from corpfin.common.tables import columns
from corpfin.common.text import share, without, wrapped
from corpfin.inputs.known import Known
from corpfin.report.document import records
from corpfin.report.face import Face, blocks, cells, joined, study_document
from corpfin.studies.backtest import ALL, MODEL, SEEN, Backtest
from corpfin.studies.judged import FAR
from corpfin.studies.judged_columns import CALIBRATION, COVERED, FIGURES, GROWN, GROWTH, LEVELS, PAGE, RANKED
from corpfin.studies.ratios import RATIOS
from corpfin.studies.tested import DRIVEN, FAILURES, STOOD, UNKNOWN

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

TABLES = ("order", "level", "calibration", "figures", "coverage", "growth", "dilution")
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
    rows = {times: result.rows("table", known, times) for times in result.times}
    told = on_page(result.columns, FAILURES)
    sections = [[TITLES[known], *columns(cells(told, rows[1.0]))]]
    if len(rows) > 1:
        sections.append(_multiples(told, rows))
    failing = {company: row for company, row in rows[1.0].items() if not isnan(row["default_month"])}
    if failing:
        heading = "DRIVERS of the paths that fail, in %; * where the real cause is told so"
        sections.append([heading, *columns(cells(on_page(result.columns, DRIVEN), failing))])
    of = {month: row["companies"] for month, row in result.rows("level", known).items()}
    unknown = [month for month, companies in of.items() if not companies]
    if unknown:
        named = " and ".join(map(str, unknown))
        sections.append(
            wrapped(f"By month {named}: whether a company failed is not known yet of any; nothing to judge.", "", "")
        )
    judged = [month for month in of if month not in unknown]
    sections += [_order(result, known, month) for month in judged]
    if judged:
        heading = "LEVEL: failures expected and those that came"
        sections.append([heading, *columns(cells(on_page(LEVELS, PAGE), _level(result, known, judged)))])
        sections.append(_calibration(result, known, judged[-1]))
    return [*sections, *_figures(result, known), *_growth(result, known)]


def _times(label: str, times: float) -> str:
    """A row's label, with the multiple of the commitments where it is another than one."""
    return label if times == 1.0 else f"{label}, x{times:g}"


def _multiples(told: dict[str, Column[Any]], rows: dict[float, dict[Any, Any]]) -> list[str]:
    """Probabilities of failure at every multiple of the commitments that are badly known."""
    shown = {heading: column for heading, column in told.items() if column.name.startswith("failure_")}
    table = [["", *(f"{heading} x{times:g}" for heading in shown for times in rows)]]
    for company in rows[1.0]:
        table.append([company, *(column.cell(rows[t][company]) for column in shown.values() for t in rows)])
    heading = "The same with commitments that are badly known taken " + ", ".join(f"{times:g}" for times in rows)
    return [f"{heading} times", *chain.from_iterable(blocks(table))]


def _level(result: Backtest, known: Known, judged: list[Any]) -> dict[str, Any]:
    found = {times: result.rows("level", known, times) for times in result.times}
    return {_times(f"by month {month}", times): found[times][month] for month in judged for times in found}


def _order(result: Backtest, known: Known, month: int) -> list[str]:
    """Who is put first by the model and by each ratio; a ratio that no commitment is in stands once."""
    found = {times: result.rows("order", known, times, month=month) for times in result.times}
    first = found[1.0][MODEL]
    heading = f"ORDER by month {month}: are those that fail put first?"
    if 0 < first["failures"] < first["companies"]:
        rows = {
            _times(label, times): rows[name]
            for name, label in FORECASTS.items()
            for times, rows in found.items()
            if times == 1.0 or rows[name]["auc"] != found[1.0][name]["auc"] or name == MODEL
        }
        return [heading, *columns(cells(on_page(RANKED, PAGE), rows))]
    which = "Every one" if first["failures"] else "None"
    told = f"{which} of {first['companies']:.0f} companies failed, so that there is no AUC: an order needs both kinds"
    return wrapped(f"{heading} {told}.", "", "")


def _calibration(result: Backtest, known: Known, month: int) -> list[str]:
    rows = {band: row for band, row in result.rows("calibration", known, month=month).items() if row["companies"]}
    return [
        f"CALIBRATION by month {month}: failures by what was said",
        *columns(cells(on_page(CALIBRATION, PAGE), rows)),
    ]


def _figures(result: Backtest, known: Known) -> list[list[str]]:
    """How often the bands hold the published figures, and those that lie outside."""
    if result.figures.empty:
        return [["FIGURES: none is published for a month of this run"]]
    found = {times: result.rows("coverage", known, times) for times in result.times}
    rows = {_times(ALL, times): found[times][ALL] for times in found} | found[1.0]
    heading = "FIGURES: how often the bands hold what came, and how many PITs lie in each fifth"
    apart = [
        f"{company}: the model's figures are {without(left_out)}."
        for company, left_out in result.unconsolidated.items()
    ]
    sections = [[heading, *columns(cells(on_page(COVERED, PAGE), rows)), *chain.from_iterable(map(wrapped, apart))]]
    outside = {" ".join(map(str, name)): row for name, row in result.rows("figures", known).items() if row["far"]}
    if outside:
        heading = f"Outside the 80 % band, or more than {100 * FAR:.0f} % off in months that are history"
        sections.append([heading, *columns(cells(on_page(FIGURES, PAGE), outside))])
    return sections


def _growth(result: Backtest, known: Known) -> list[list[str]]:
    """Growth of shares by company and date, and whether the companies are in order."""
    if result.growth.empty:
        return []
    companies = {" ".join(map(str, name)): row for name, row in result.rows("growth", known).items()}
    found = {times: result.rows("dilution", known, times) for times in result.times}
    dates = {_times(f"{day}", times): found[times][day] for day in found[1.0] for times in found}
    return [
        ["GROWTH OF SHARES from the balance sheet on", *columns(cells(on_page(GROWTH, PAGE), companies))],
        ["Are the companies in order?", *columns(cells(on_page(GROWN, PAGE), dates))],
    ]


def _causes(result: Backtest) -> list[list[str]]:
    """The real causes, and how often the failing paths of each reading are driven by them."""
    readings = {known: result.rows("table", known) for known in result.readings}
    lines: list[str] = []
    for company, first in readings[result.readings[0]].items():
        if first["happened"] in (STOOD, UNKNOWN):
            continue
        told = f"{company}: {first['happened']} on {first['happened_on']}"
        told += f", told as {first['cause']}" if first["cause"] else ""
        if first["cause_drivers"]:
            shares = {known: rows[company]["same_cause"] for known, rows in readings.items()}
            named = [f"{share(each)} ({SEEN[known]})" for known, each in shares.items()]
            told += (
                f"; as drivers {first['cause_drivers']}, which drive, on the mean, {', '.join(named)} of its failures"
            )
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
    badly_known = (
        " Badly known is a commitment that its file estimates with a range from half to one and a half times: such are "
        "often worked out from what was paid later."
    )
    beyond += badly_known if len(result.times) > 1 else ""
    return wrapped(
        "Month: median of the paths that fail, and 10 to 90 %; drivers as corpfin drivers finds them. A failure is any "
        "event but having stood; a company is judged at a horizon when it is known whether it had failed. Of so few "
        "companies nothing is decided to a digit: chance is the probability that failures that fall on any companies "
        "alike give as high an AUC, which a bootstrap cannot see. Failures expected have their interval on common "
        "markets, and were they independent. Figures are held against all paths, those in default as "
        "they stand, and count as held when they are right to a thousandth; where a reading sees what the company did "
        "nothing is random, so that there is no band. A carrying value of debt has no vote where the principal is "
        "published. Those of one company are not independent: intervals of coverage are too narrow."
        f" Shares grow from those at the start and in offerings of the file.{beyond}"
    )


def _document(result: Backtest) -> dict[str, Any]:
    outcomes = result.outcomes
    return study_document(
        result,
        vintage=result.vintage,
        beyond=result.beyond,
        unconsolidated=result.unconsolidated,
        **{name: records(getattr(result, name)) for name in TABLES},
        events=[event.model_dump() for event in outcomes.events],
        misses=[miss.model_dump() for miss in outcomes.misses],
    )


def _plots(result: Backtest) -> dict[str, Figure]:
    from corpfin.report.plots import calibration, forecasts, pit_histograms

    return {"forecasts": forecasts(result), "calibration": calibration(result), "pit": pit_histograms(result)}


FACE = Face(Backtest, _plots, backtest_page, _document)
