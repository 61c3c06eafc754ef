"""The index of several reports: the companies side by side on the same paths, each with a link to its own."""

from __future__ import annotations

from typing import Any

from corpfin.common.columns import TEXT, Column, Row, name_of_error, on_page
from corpfin.common.text import percent
from corpfin.report.lifeline import NOTES
from corpfin.report.paper.elements import Link, Paper, Part, Plot, Section, Table, Text
from corpfin.report.paper.values import heading, value
from corpfin.report.plots import lifeline_map, sector_plots
from corpfin.report.stress import points
from corpfin.runs import Simulation
from corpfin.runs.outcome import summary_columns
from corpfin.studies.lifeline import PLAN, VERDICTS, Lifeline
from corpfin.studies.stress import BASE, Stress

SURVIVAL = ("survival_", "no_credit_event", "project_defaults", "first_unpaid_bill")
"""What the columns of the first table begin with; the others stand in the second."""


def index_paper(simulation: Simulation, stressed: Stress, carried: Lifeline, sector: str = "") -> Paper:
    """Survival, dilution and bitcoin, stress by scenario, the verdicts on the move to AI; ``sector`` is its file."""
    case = simulation.market_case
    links = {ticker: f"{ticker}.html" for ticker in simulation.outcomes}
    run = f"{simulation.paths:,} common paths, seed {simulation.seed}"
    return Paper(
        title="Listed bitcoin miners",
        below=f"Market of {case.market.as_of}; scenario {case.scenario.name}; {simulation.months} months to "
        f"{case.labels[-1]}; {run}",
        head=(Link("The sector: circle of sales and defaults, funding gap, network", sector),) if sector else (),
        sections=(
            Section("survival", "Survival and its price", (*_side_by_side(simulation, links), *_plots(simulation))),
            Section("stress", "Stress", (_stress(stressed, links),)),
            Section("lifeline", "Lifeline or new risk", (_lifeline(carried, links), Text(NOTES), *_map(carried))),
        ),
    )


def _side_by_side(simulation: Simulation, links: dict[str, str]) -> list[Part]:
    """Two tables, each no wider than a sheet: whether they survive, and at what price."""
    found = [column for column in summary_columns(simulation.months) if not column.name.endswith(name_of_error(""))]
    rows = simulation.summary.to_dict("index")
    order = sorted(rows, key=lambda ticker: -rows[ticker][f"survival_{simulation.months}"])

    def table(caption: str, columns: list[Column[Any]]) -> Table:
        cells = [(str(ticker), *(_cell(column, rows[ticker]) for column in columns)) for ticker in order]
        heads = ("company", *(heading(column) for column in columns))
        words = (0, *(place for place, column in enumerate(columns, 1) if column.unit == TEXT))
        return Table(caption, heads, tuple(cells), words, links=links)

    alive = [column for column in found if column.name.startswith(SURVIVAL)]
    price = [column for column in found if column not in alive]
    return [table("On the same paths, highest survival first", alive), table("What it costs them", price)]


def _cell(column: Column[Any], row: Row) -> str:
    return (column.cell(row) if column.show else value(row[column.name], column.unit)).removesuffix(" %")


def _plots(simulation: Simulation) -> list[Part]:
    return [Plot(name, drawn) for name, drawn in sector_plots(simulation).items()]


def _stress(result: Stress, links: dict[str, str]) -> Table:
    """A scenario a row: there are more of them than companies."""
    name = result.main_column
    change, error = f"change_{name}", name_of_error(f"change_{name}")
    rows = result.table.to_dict("index")
    base = (f"{BASE}, %", *(percent(rows[ticker, BASE][name]).removesuffix(" %") for ticker in links))
    cells = [
        (scenario, *(points(rows[ticker, scenario][change], rows[ticker, scenario][error]).strip() for ticker in links))
        for scenario in result.stories
        if scenario != BASE
    ]
    label = next(column.label for column in result.columns if column.name == name)
    caption = f"{label}: base, and change by scenario in percentage points; {result.paths:,} common paths"
    note = " ".join(["* beyond two errors.", *(f"{scenario} {why}." for scenario, why in result.inert.items())])
    return Table(caption, ("scenario", *links), (base, *cells), note=note, links=links)


def _lifeline(result: Lifeline, links: dict[str, str]) -> Table:
    verdicts, plan = on_page(result.columns, VERDICTS), on_page(result.columns, PLAN)
    rows = result.table.to_dict("index")
    shown = (verdicts["verdict"], *plan.values())
    cells = tuple((ticker, *(each.cell(rows[ticker]) for each in shown)) for ticker in links)
    caption = f"The move to AI less the same company without it; {result.paths:,} common paths; ± one error"
    return Table(caption, ("company", "verdict", *plan), cells, (0, 1), links=links)


def _map(result: Lifeline) -> list[Part]:
    return [Plot("lifeline", lifeline_map(result))]
