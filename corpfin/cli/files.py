"""Company files: which there are, what is wrong with one, a blank to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpfin.cli.given import leave
from corpfin.cli.options import Companies, MarketFile
from corpfin.inputs import (
    Company,
    InputError,
    Market,
    company_template,
    known_companies,
    load_companies,
    load_market,
    load_scenario,
)

Files = Annotated[list[str], typer.Argument(metavar="TICKER|FILE...", help="Companies by ticker or file.")]


def list_companies(companies: Companies = None) -> None:
    """List the companies with the share of their figures that are reported, derived, estimated and default."""
    from corpfin.report.listing import listing

    files = known_companies(companies)
    batch = load_companies(files.values(), companies=companies)
    table, faults = listing(files, batch)
    typer.echo("\n".join(table))
    leave(faults)


def check(files: Files, market: MarketFile = None, companies: Companies = None) -> None:
    """Say of each company file whether it can be used, and if not, everything that is wrong with it.

    A file that can be used is held against itself: where the first quarter of the model is more than a quarter off what
    the file reports of the last one, that is said too.
    """
    from corpfin.report.listing import verdict
    from corpfin.studies.published import first_quarter

    given = load_market(market) if market else None
    batch = load_companies(files, given.defaults if given else None, companies)
    faults = [f"{problem}" for failure in batch.failed.values() for problem in failure.problems]
    for found in batch.loaded.values():
        its_market = given or load_market(company=found.file, companies=companies)
        problems = _unfit(found, its_market)
        faults += problems
        if not problems:
            typer.echo(verdict(found))
            for gap in first_quarter(found, its_market):
                if gap.wide:
                    typer.echo(f"  warning: {gap}")
    leave(faults)


def new(file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The file to write.")]) -> None:
    """Write an annotated blank company file; an existing file is never overwritten."""
    from corpfin.common.files import write_new

    if file.suffix != ".toml":
        raise typer.BadParameter(f"{file} does not end in .toml", param_hint="FILE.toml")
    write_new(file, company_template())
    typer.echo(f'{file} written: fill in every "", then run: corpfin check {file}')


def _unfit(company: Company, market: Market) -> list[str]:
    """Why a company that loads cannot be projected from this market."""
    from corpfin.runs.cases import prepare_company, prepare_market

    try:
        prepare_company(company, prepare_market(market, load_scenario("base"), months=1))
    except InputError as error:
        return [f"{problem}" for problem in error.problems]
    return []
