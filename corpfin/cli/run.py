"""One company: its one-page answer, and the walk from one of its figures down to the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpfin.cli.given import can_write
from corpfin.cli.options import Json, Months, Name, Paths, Plots, ScenarioName, Seed, World
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, PATHS
from corpfin.inputs import Company, Market, Scenario, load_scenario
from corpfin.inputs.known import Known

if TYPE_CHECKING:
    from corpfin.runs import Projection


def run(
    company: Name,
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; all processors when left out. Changes no result.")
    ] = None,
    *,
    world: World,
    json: Json = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="Write the tables into this folder too.")
    ] = None,
    plots: Plots = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the model as a workbook with live formulas.")
    ] = None,
    path: Annotated[
        int | None, typer.Option("--path", min=0, help="With --xlsx: the workbook of this simulated path.")
    ] = None,
    from_workbook: Annotated[
        Path | None,
        typer.Option("--from-workbook", metavar="FILE", help="Take the changed inputs of an edited workbook."),
    ] = None,
) -> None:
    """Project and simulate one company and print the one-page answer."""
    from corpfin.report.answer import answer_of
    from corpfin.report.document import document, to_json
    from corpfin.report.page import page
    from corpfin.report.progress import progress
    from corpfin.report.tables import write_tables
    from corpfin.runs import project, simulate

    if path is not None and xlsx is None:
        raise typer.BadParameter("is the path a workbook shows: give --xlsx too", param_hint="--path")
    can_write(files=(xlsx,), folders=(csv, plots))
    found, where = world.load(company)
    shocks = load_scenario(scenario)
    if from_workbook is not None:
        found, where["market"] = _edited(from_workbook, found, where["market"], shocks, world.known)
    projection = project(found, shocks, months=months, **where)
    with progress() as callback:
        simulation = simulate(
            found, shocks, paths=paths, seed=seed, months=months, threads=threads, progress=callback, **where
        )
    if csv is not None:
        write_tables(csv, projection, simulation)
    if plots is not None:
        from corpfin.report.plots import company_plots, save_plots

        save_plots(plots, company_plots(projection, simulation))
    if xlsx is not None:
        from corpfin.studies import stress as stress_study
        from corpfin.workbook import write_workbook

        shown = projection if path is None else simulation.path(found.ticker, path)
        with progress() as callback:
            least = min(paths, DIFFERENCE_PATHS)
            cases = stress_study([found], paths=least, seed=seed, months=months, progress=callback, **where)
        write_workbook(xlsx, shown, simulation, cases)
    answer = answer_of(projection, simulation)
    typer.echo(to_json(document(answer)) if json else page(answer))


def explain(
    company: Name,
    line: Annotated[str, typer.Argument(metavar="LINE", help="A line: cash, or debt.conv-2031.interest.")],
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="A projected month.")],
    scenario: ScenarioName = "base",
    path: Annotated[
        int | None, typer.Option(min=0, help="A simulated path, counted from 0, in place of the central one.")
    ] = None,
    seed: Seed = 1,
    months: Months = MONTHS,
    depth: Annotated[int | None, typer.Option(min=0, help="Steps to walk down; all when left out.")] = None,
    *,
    world: World,
) -> None:
    """Walk from one figure of the projection down to the inputs, with value, unit, grade and source of each."""
    from corpfin.report.walk import walk

    found, where = world.load(company)
    projection = _one_path(found, scenario, path, seed, months, where)
    labels = projection.labels
    if month not in labels:
        message = f"no month {month}; the projection runs from {labels[0]} to {labels[-1]}"
        raise typer.BadParameter(message, param_hint="YYYY-MM")
    typer.echo("\n".join(walk(projection.explain(line, month), projection, depth)))


def _edited(book: Path, company: Company, market: Market, scenario: Scenario, known: Known) -> tuple[Company, Market]:
    """Company and market with the changes of an edited workbook, which are listed on standard error."""
    from corpfin.workbook import read_workbook

    if book.suffix.lower() not in (".xlsx", ".xlsm"):
        raise typer.BadParameter(f"{book} does not end in .xlsx", param_hint="--from-workbook")
    edited = read_workbook(book, company, market, scenario, known)
    changes = [f"  {change}" for change in edited.changes] or ["  nothing"]
    typer.echo("\n".join([f"Changed in {book.name}:", *changes]), err=True)
    return edited.company, edited.market


def _one_path(
    company: Company, scenario: str, path: int | None, seed: int, months: int, where: dict[str, Any]
) -> Projection:
    """The central path, or a simulated one by its number: the same whatever the number of paths simulated."""
    from corpfin.runs import project, simulate

    if path is None:
        return project(company, scenario, months=months, **where)
    simulation = simulate(company, scenario, paths=1, seed=seed, months=months, **where)
    return simulation.path(company.ticker, path)
