"""One company from one balance-sheet date to the next: its file rolled forward, and why its answer changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpfin.cli.given import can_write, tell_written
from corpfin.cli.options import Companies, CsvFile, Json, Months, Name, Paths, ScenarioName, Seed, Seen, Workers, World
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, VARIANT_PATHS


def roll(
    company: Name,
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The balance-sheet date to roll to, a month end.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE.toml", help="The file to write; it goes to standard output when left out."),
    ] = None,
    scenario: ScenarioName = "base",
    paths: Paths = VARIANT_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    world: World,
    csv: CsvFile = None,
    json: Json = False,
) -> None:
    """Write the next vintage's file of a company: balances by the model, and what to look up, what matters most first.

    With -o the page tells what was rolled; an existing file is never overwritten.
    """
    from corpfin.common.files import write_new
    from corpfin.common.tables import write_csv
    from corpfin.report.document import to_json
    from corpfin.report.faces import face_of
    from corpfin.report.progress import progress
    from corpfin.studies import roll as study

    if output is not None and output.suffix != ".toml":
        raise typer.BadParameter(f"{output} does not end in .toml", param_hint="-o")
    if output is not None and output.exists():
        raise FileExistsError(f"{output} exists already and is left as it is")
    can_write(files=(output, csv))
    found, where = world.load(company)
    with progress() as callback:
        result = study(
            found, to, scenario, paths=paths, seed=seed, months=months, folder=world.companies, progress=callback,
            **where,
        )  # fmt: skip
    if output is not None:
        write_new(output, result.text)
    if csv is not None:
        write_csv(csv, result.table)
    tell_written([output, csv])
    face = face_of(result)
    if json:
        typer.echo(to_json(face.document(result)))
    else:
        typer.echo(result.text if output is None else face.page(result), nl=output is not None)


def diff(
    company: Name,
    other: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The later file, when the first is the earlier one.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The earlier date; the one before when left out.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The later date; the newest when left out.")
    ] = None,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    known: Seen = "all",
    companies: Companies = None,
    csv: CsvFile = None,
    json: Json = False,
) -> None:
    """Explain why a company's answer changed between two dates, or files: the figures, and what each group does."""
    from corpfin.report.document import to_json
    from corpfin.report.faces import face_of
    from corpfin.report.progress import progress
    from corpfin.studies import diff as study

    can_write(files=(csv,))
    with workers.at_work() as crew, progress() as callback:
        result = study(
            company, other, before=before, after=after, scenario=scenario, paths=paths, seed=seed, months=months,
            known=known, folder=companies, progress=callback, **crew,
        )  # fmt: skip
    if csv is not None:
        result.to_csv(csv)
    tell_written([csv])
    face = face_of(result)
    typer.echo(to_json(face.document(result)) if json else face.page(result))
