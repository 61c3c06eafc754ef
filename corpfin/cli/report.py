"""Reports to hand on: one HTML file a company, and an index of several."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpfin.cli.given import can_write, leave, tell_written
from corpfin.cli.options import Months, Paths, ScenarioName, Seed, Workers, World
from corpfin.cli.studies import Asked
from corpfin.common.defaults import MONTHS, PATHS


def report(
    asked: Asked,
    out: Annotated[
        Path, typer.Option("-o", metavar="FILE.html|DIR", help="The file of one company, or a folder for several.")
    ],
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    sector: Annotated[
        bool, typer.Option("--sector", help="A page of all of them together beside the index, as the sector command.")
    ] = False,
    *,
    workers: Workers,
    world: World,
) -> None:
    """Write the report of a company as one HTML file with its plots, stress, lifeline and what would move it.

    Of several companies, one file each into a folder, with an index and, if asked, the sector's page.
    """
    from corpfin.report.face import faults_of
    from corpfin.report.paper.write import write_report
    from corpfin.report.progress import progress

    companies = asked.companies()
    single = out.suffix == ".html"
    if single and (companies is None or len(companies) > 1):
        raise typer.BadParameter("holds one company: give a folder for several", param_hint="-o")
    if single and sector:
        raise typer.BadParameter("stands beside the reports: give a folder with -o", param_hint="--sector")
    can_write(files=(out if single else None,), folders=(None if single else out,))
    with workers.at_work() as crew, progress() as callback:
        written, failures = write_report(
            out, companies, scenario, paths=paths, seed=seed, months=months, with_sector=sector,
            progress=callback, **crew, **world.of_several(),
        )  # fmt: skip
    tell_written(written)
    leave(faults_of(failures))
