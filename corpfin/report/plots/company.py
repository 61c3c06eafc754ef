"""Plots of one company: its principal by year, its fleets' break-even, and every plot there is of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpfin.inputs import Company
from corpfin.report.plots.simulations import FANS, fan_chart, price_fan, sector_plots
from corpfin.report.plots.style import (
    COLOURS,
    GREY,
    HATCHES,
    INK,
    label_ends,
    light,
    look_of,
    mark_history,
    mark_years,
    new_figure,
    styled,
    thousands,
)
from corpfin.runs import Projection, Simulation
from corpfin.runs.schedule import Due, debt_due, loans_due

GONE = ("repaid", "converted")
"""Events that are known and past."""


def company_plots(projection: Projection, simulation: Simulation) -> dict[str, Figure]:
    """Every plot of one company, by name: those of mining and of HPC only where it has any."""
    company = projection.company
    figures = sector_plots(simulation)
    figures |= {line: fan_chart(simulation, company.ticker, line) for line in FANS}
    figures["btc_price"] = price_fan(simulation, projection["btc_price_end"])
    figures["principal_due"] = principal_due_plot(company)
    if company.tables.fleet:
        figures["hashprice"] = hashprice_against_break_even(projection)
    return figures


@styled
def principal_due_plot(company: Company) -> Figure:
    """Principal that falls due by contract [USD m], by calendar year and instrument, each with a hatch of its own.

    Corporate debt is dark with white hatches, project loans are light with dark ones. A convertible stands at its first
    put date. What the model expects to be rolled over or converted is not deducted. What is known to be repaid or
    converted after the balance-sheet date is drawn empty and stands in brackets, not in the total: what repaid it may
    be in the wall already, as a loan issued since.
    """
    corporate = debt_due(company)
    groups = {
        "debt": [due for due in corporate if due.event not in GONE],
        "loan": loans_due(company),
        "gone": [due for due in corporate if due.event in GONE],
    }
    dues = [(kind, due) for kind, group in groups.items() for due in group]
    note = f"Balance sheet of {company.as_of}"
    note += "; light: project loans, as bullets" if groups["loan"] else ""
    note += "; empty, in brackets: repaid or converted since, not in the total" if groups["gone"] else ""
    look: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, due in dues:
        look.setdefault((kind, due.id), _bar_look(kind, len(look)) | {"label": _due_name(company, kind, due)})
    figure, axes = new_figure(f"{company.ticker}: principal due by contract", note, (8.4, 4.0 + 0.1 * len(look)))
    last = max((due.year for _, due in dues if due.year is not None), default=company.as_of.year)
    columns: list[int | None] = [*range(company.as_of.year, last + 1)]
    columns += [None] if any(due.year is None for _, due in dues) else []
    for place, year in enumerate(columns):
        height = {False: 0.0, True: 0.0}
        for kind, due in dues:
            if due.year == year:
                axes.bar(place, due.amount, 0.7, sum(height.values()), lw=0.9, **look[kind, due.id])
                height[kind == "gone"] += due.amount
        written_out = [(f"{height[False]:,.0f}", INK)] if height[False] else []
        written_out += [(f"({height[True]:,.0f})", GREY)] if height[True] else []
        for line, (text, colour) in enumerate(written_out):
            axes.annotate(
                text, (place, sum(height.values())), (0, 3 + 11 * line), textcoords="offset points", ha="center",
                color=colour,
            )  # fmt: skip
    axes.set_xticks(range(len(columns)), [str(year or "no date") for year in columns])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylabel("USD m")
    axes.yaxis.set_major_formatter(thousands())
    axes.margins(y=0.14)
    if look:
        figure.legend(handles=[Patch(**item) for item in look.values()], loc="outside lower left", ncols=2)
    else:
        axes.text(0.5, 0.5, "no debt", transform=axes.transAxes, ha="center", color=GREY)
    return figure


@styled
def hashprice_against_break_even(projection: Projection) -> Figure:
    """Hashprice by month on one path against what each fleet must earn to pay its electricity; ``ValueError`` if none.

    A fleet whose line lies above the hashprice is switched off; machines on order stand as a fleet of their own.
    """
    fleets = projection.values.data.instances["fleet"]
    if not fleets:
        raise ValueError(f"{projection.company.ticker} has no fleet")
    path = "central path" if projection.path is None else f"path {projection.path:,}"
    title = f"{projection.company.ticker}: hashprice against break-even"
    figure, axes = new_figure(title, f"Scenario {projection.scenario.name}, {path}")
    months = np.arange(len(projection.labels))
    hashprice = projection["hashprice"]
    needed = hashprice * projection["fleet", "electricity_price"] / projection["fleet", "revenue_per_mwh"]
    ends = {}
    for number, (fleet, line) in enumerate(zip(fleets, needed, strict=True)):
        colour, dash = look_of(number)
        axes.plot(months, line, color=colour, linestyle=dash)
        ends[fleet] = (line[-1], colour)
    axes.plot(months, hashprice, color=INK, lw=2.4)
    ends["hashprice"] = (hashprice[-1], INK)
    axes.set_ylim(0, 1.1 * max(hashprice.max(), needed.max()))
    axes.set_ylabel("USD per PH/s and day")
    label_ends(axes, ends, len(months) - 1)
    mark_years(axes, projection.labels)
    mark_history(axes, projection.market_case.history)
    return figure


def _bar_look(kind: str, number: int) -> dict[str, Any]:
    """Colours and hatch of an instrument in the maturity wall; the first 64 differ, each eight by their hatch alone."""
    colour = COLOURS[(number + number // len(HATCHES)) % len(COLOURS)]
    face, edge = {"debt": (colour, "white"), "loan": (light(colour), colour), "gone": ("white", GREY)}[kind]
    return {
        "facecolor": face,
        "edgecolor": edge,
        "hatch": HATCHES[number % len(HATCHES)],
        "linestyle": "--" if kind == "gone" else "-",
    }


def _due_name(company: Company, kind: str, due: Due) -> str:
    """An instrument of the maturity wall, what happens to it and when, and which loan issued since repaid it."""
    when = due.event if due.day is None else f"{due.event} {due.day:%Y-%m}"
    since = {
        row.id: f"{row.loan_issue_date:%Y-%m}"
        for row in company.tables.hpc
        if row.loan_issue_date is not None and row.loan_issue_date > company.as_of
    }
    if kind == "loan" and due.id in since:
        when = f"issued {since[due.id]}, {when}"
    if kind == "gone" and due.day is not None:
        payers = [row.id for row in company.tables.hpc if row.loan_repays_parent]
        when += "".join(f" out of {payer}" for payer in payers if since.get(payer) == f"{due.day:%Y-%m}")
    return f"{due.id} ({when})"
