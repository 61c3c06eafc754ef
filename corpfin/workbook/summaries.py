"""Annual figures as formulas, and the static sheets: what was simulated and stressed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpfin.runs.outcome import summary_columns
from corpfin.runs.readings import LEVELS, MONTHLY
from corpfin.runs.simulation import Simulation
from corpfin.studies.stress import Stress
from corpfin.workbook.book import (
    CONSTANT,
    DATE_ROW,
    FIRST_MONTH,
    HEADINGS,
    LEAD_ROW,
    TIMELINE,
    Book,
    Cell,
    Kind,
    Row,
    Sheet,
    month_column,
    quoted,
)
from corpfin.workbook.timeline import Calendar
from corpfin.workbook.wiring import Wiring

ANNUAL, MONTE_CARLO, STRESS = "Annual", "Monte Carlo", "Stress"
STATIC_NOTE = "static: values of a simulation, they do not follow the inputs"


def lay_out_annual(book: Book, wiring: Wiring, calendar: Calendar, flows: Sequence[str]) -> dict[str, int]:
    """Add the Annual sheet: ``flows`` added up by calendar year, balances at each year's last month.

    Returns the row of each line.
    """
    months = np.array([int(label[:4]) for label in wiring.run.labels])
    years = np.unique(months)
    lead = "Flows are added up by calendar year, balances are those of the year's last projected month"
    sheet = book.sheet(Sheet(ANNUAL, "By calendar year", lead))
    rows: dict[str, int] = {}
    for title, names, keys in (
        ("Flows", flows, calendar.year), ("Balances, prices and ratios at the end", LEVELS, calendar.last),
    ):  # fmt: skip
        sheet.head(title)
        for name in names:
            datum = wiring.row(name)
            if datum not in book.homes:
                continue
            home = book.homes[datum]
            monthly = wiring.value(datum)
            values = np.array([monthly[months == year].sum() if names is flows else monthly[months == year][-1]
                               for year in years])  # fmt: skip
            span = f"{quoted(home.sheet)}!{book.months_of(home.row)}"
            text = f"SUMIF({TIMELINE}!{book.months_of(keys)},{{c}}${DATE_ROW},{span})"
            label, unit = wiring.describe(datum)
            row = Row(title.partition(",")[0].lower(), label, unit, f"{name}, from {home.sheet}")
            row.months = Cell(values, text, Kind.LINK, unit=wiring.look(datum))
            number = rows[name] = sheet.next
            if names is flows:
                span = f"${month_column(0)}{number}:${month_column(len(years) - 1)}{number}"
                row.total = Cell(float(values.sum()), f"SUM({span})")
            sheet.add(row)
    first = month_column(0)
    header = f"{TIMELINE}!${first}${calendar.year}+(COLUMN({{c}}${LEAD_ROW})-COLUMN(${first}${LEAD_ROW}))"
    sheet.dates = Cell(years.astype(float), header, Kind.LINK, unit="year")
    sheet.printed = sheet.next - 1, FIRST_MONTH + len(years)
    return rows


def lay_out_monte_carlo(book: Book, wiring: Wiring, simulation: Simulation, ticker: str) -> dict[str, int]:
    """Add the Monte Carlo sheet; returns the row of each series by month, for charts."""
    about = f"seed {simulation.seed}, {simulation.paths:,} paths"
    lead = f"STATIC VALUES of a simulation, {about}: they do not follow the inputs of this book"
    headings = (*HEADINGS[:CONSTANT], "Value", "Standard error", "")
    sheet = book.sheet(Sheet(MONTE_CARLO, "Monte Carlo", lead, headings=headings))
    rows: dict[str, int] = {}
    sheet.head(f"Survival by month: {about}")
    share = simulation.survival[ticker, "survival"].to_numpy(dtype=float)
    error = simulation.survival[ticker, "survival_error"].to_numpy(dtype=float)
    for name, values in (
        ("survival", share), ("standard error", error), ("survival less 2 errors", np.maximum(0.0, share - 2 * error)),
        ("survival plus 2 errors", np.minimum(1.0, share + 2 * error)),
    ):  # fmt: skip
        rows[name] = sheet.add(_static("survival", f"Share of paths: {name}", "1", values))
    kept = MONTHLY[:-1]
    for name in kept:
        meaning, unit = wiring.describe(wiring.row(name))
        sheet.head(f"Quantiles by month: {meaning}")
        fan = simulation.fan(ticker, name)
        for quantile in fan.columns:
            label = f"{name} {quantile}"
            values = fan[quantile].to_numpy(dtype=float)
            rows[label] = sheet.add(_static(name, f"{meaning}: {quantile} % of paths are below", unit, values))
    sheet.head("First unpaid bill of failures by the horizon, share of paths")
    bills = simulation.first_unpaid_bills.loc[[ticker]]
    for bill, value, deviation in zip(bills["first_unpaid_bill"], bills["share"], bills["share_error"], strict=True):
        row = Row("bills", f"First unpaid bill: {bill}", "1", STATIC_NOTE)
        row.constant, row.total = Cell(float(value), kind=Kind.STATIC), Cell(float(deviation), kind=Kind.STATIC)
        sheet.add(row)
    sheet.head("Summary")
    for column in summary_columns(simulation.months):
        row = Row("summary", column.label, column.unit, STATIC_NOTE)
        row.constant = Cell(simulation.summary.loc[ticker, column.name], kind=Kind.STATIC)
        sheet.add(row)
    return rows


def _static(section: str, label: str, unit: str, values: np.ndarray) -> Row:
    return Row(section, label, unit, STATIC_NOTE, months=Cell(values, kind=Kind.STATIC))


def lay_out_stress(book: Book, stress: Stress, label: str) -> None:
    """Add the Stress sheet: one row a column of the stress's table, one column a scenario, base first.

    ``KeyError`` for a company that was not stressed.
    """
    table = stress.table.loc[label]
    lead = f"STATIC VALUES, seed {stress.seed}, {stress.paths:,} paths each: they do not follow the inputs of this book"
    scenarios = [str(name) for name in table.index]
    headings = (*HEADINGS[:CONSTANT], *scenarios)
    sheet = book.sheet(Sheet(STRESS, "Stress", lead, monthly=False, headings=headings))
    sheet.head("Results by scenario")
    for figure in stress.columns:
        row = Row("stress", figure.label, figure.unit, STATIC_NOTE)
        row.extra = {
            place: Cell(float(value), kind=Kind.STATIC) for place, value in enumerate(table[figure.name], CONSTANT)
        }
        sheet.add(row)
    sheet.head("Scenarios")
    for name in scenarios:
        told = f"{name}: {' '.join(stress.stories[name].split())}"
        sheet.add(Row("scenario", " ".join(filter(None, (told, stress.inert.get(name)))), "", ""))
