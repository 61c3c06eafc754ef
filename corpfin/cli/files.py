"""Company files: which there are, what is wrong with one, a blank to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpfin.cli.given import leave
from corpfin.cli.options import Companies, Date, MarketFile
from corpfin.inputs import (
    Company,
    InputError,
    Market,
    companies_of,
    company_template,
    known_companies,
    known_scenarios,
    load_companies,
    load_market,
    load_scenario,
    market_template,
    scenario_template,
    vintages,
)
from corpfin.inputs.find import is_market

Files = Annotated[
    list[str], typer.Argument(metavar="TICKER|FILE...", help="Companies by ticker or file, and market files.")
]


def list_companies(companies: Companies = None, as_of: Date = None) -> None:
    """List the companies, newest vintage first, with the share of their figures that are reported, derived and so on.

    Each is listed at its newest balance-sheet date, or at the one asked for, with the other dates there are.
    """
    from corpfin.report.listing import listing

    files = known_companies(companies) if as_of is None else companies_of(as_of, companies)
    batch = load_companies(files.values(), companies=companies)
    table, faults = listing(files, batch, {ticker: vintages(ticker, companies) for ticker in files})
    typer.echo("\n".join(table))
    leave(faults)


def check(files: Files, market: MarketFile = None, as_of: Date = None, companies: Companies = None) -> None:
    """Say of each company or market file whether it can be used, and if not, everything that is wrong with it.

    A company that can be used is held against itself: where the first quarter of the model is more than a quarter off
    what the file reports of the last one, that is said too.
    """
    from corpfin.report.listing import verdict
    from corpfin.studies.published import first_quarter

    given = load_market(market) if market else None
    names = [name for name in files if not is_market(name)]
    faults = [fault for name in files if name not in names for fault in _market_faults(name)]
    batch = load_companies(names, given.defaults if given else None, companies, as_of=as_of)
    faults += [f"{problem}" for failure in batch.failed.values() for problem in failure.problems]
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


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The file to write.")],
    market: Annotated[bool, typer.Option("--market", help="A blank market file in place of a company's.")] = False,
    scenario: Annotated[bool, typer.Option("--scenario", help="A blank scenario, with what it may say.")] = False,
) -> None:
    """Write an annotated blank company, market or scenario file; an existing file is never overwritten."""
    from corpfin.common.files import write_new

    if file.suffix != ".toml":
        raise typer.BadParameter(f"{file} does not end in .toml", param_hint="FILE.toml")
    if market and scenario:
        raise typer.BadParameter("give one of them", param_hint="--market and --scenario")
    write_new(file, market_template() if market else scenario_template() if scenario else company_template())
    then = f"then run: corpfin check {file}"
    if market:
        then = "a run of a company beside it lists what is wrong"
    if scenario:
        then = f"then run: corpfin run MARA --scenario {file}"
    typer.echo(f'{file} written: fill in every "", {then}')


def scenarios(companies: Companies = None, as_of: Date = None) -> None:
    """List the scenarios: story, what each changes and when, and the companies that it does not reach."""
    from corpfin.report.scenarios import scenarios_page

    found = {name: load_scenario(name) for name in known_scenarios()}
    batch = load_companies(companies_of(as_of, companies).values(), companies=companies)
    typer.echo(scenarios_page(found, batch.loaded.values()))


def _market_faults(file: str) -> list[str]:
    """What is wrong with a market file; one without a fault is said to be so."""
    from corpfin.report.listing import verdict
    from corpfin.runs.cases import prepare_market

    try:
        typer.echo(verdict(prepare_market(load_market(file), load_scenario("base"), months=1).market))
    except InputError as error:
        return [f"{problem}" for problem in error.problems]
    return []


def _unfit(company: Company, market: Market) -> list[str]:
    """Why a company that loads cannot be projected from this market."""
    from corpfin.runs.cases import prepare_company, prepare_market

    try:
        prepare_company(company, prepare_market(market, load_scenario("base"), months=1))
    except InputError as error:
        return [f"{problem}" for problem in error.problems]
    return []
