"""A company held against its filings, and the market against the chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpfin.cli.given import can_write, tell_written
from corpfin.cli.options import Companies, CsvFile, Date
from corpfin.inputs import load_company, load_market

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpfin.filings.refresh import Proposal

Given = Annotated[
    list[str] | None,
    typer.Argument(metavar="[TICKER|FILE.toml] [FILE]...", help="A company (none with --market), and what to read."),
]
OfMarket = Annotated[bool, typer.Option("--market", help="Hold the market file against the chain, not a company.")]
Fetch = Annotated[bool, typer.Option("--fetch", help="Get the latest filing, or the chain, over the network.")]
Out = Annotated[Path | None, typer.Option("--write", metavar="OUT", help="Write the file with the matched figures.")]
Force = Annotated[bool, typer.Option("--force", help="Let --write take the place of a file that is there.")]


def refresh(
    given: Given = None,
    market: OfMarket = False,
    fetch: Fetch = False,
    write: Out = None,
    force: Force = False,
    csv: CsvFile = None,
    as_of: Date = None,
    companies: Companies = None,
) -> None:
    """Hold a company file against inline XBRL and company facts: what matches, is new, has vanished, is not taken.

    A table of monthly updates (.csv, .tsv) becomes known months. Nothing is changed but the file that --write names.
    With --market, chain data of the mempool interface propose months that are history. --fetch needs
    CORPFIN_CONTACT="Name address@example.com".
    """
    can_write((write, csv))
    if write is not None and write.exists() and not force:
        raise FileExistsError(f"{write} exists already and is left as it is; --force writes over it")
    names = list(given or [])
    if market:
        _of_market(names, fetch, write, force, csv, as_of, companies)
    else:
        _of_company(names, fetch, write, force, csv, as_of, companies)


def _of_company(
    names: list[str],
    fetch: bool,
    write: Path | None,
    force: bool,
    csv: Path | None,
    as_of: str | None,
    companies: Path | None,
) -> None:
    from corpfin import filings

    if not names:
        raise typer.BadParameter("name a company", param_hint="TICKER|FILE.toml")
    own = load_market(company=names[0], companies=companies, as_of=as_of)
    company = load_company(names[0], own.defaults, companies, as_of=as_of)
    files = _files(names[1:], lambda: _latest_filing(company.ticker) if fetch else [])
    tables = [row for file in files if filings.is_table(file) for row in filings.read_updates(file)]
    filed = [file for file in files if not filings.is_table(file)]
    prices = filings.month_end_prices([own, load_market(companies=companies)])
    found = filings.refresh(company, filings.read_filings(filed), prices) if filed else filings.unfiled(company)
    updates = filings.hold_updates(company, tables)
    against = f"its filing for {found.day}" if filed else "what was pasted"
    title = f"{company.name} ({company.file.name}, as of {company.as_of}) against {against}"
    _print(title, [*found.proposals, *updates.proposals], found.remarks, csv)
    if write is not None:
        left = filings.write_company(write, found, own.defaults, updates=updates, force=force)
        tell_written([write])
        typer.echo("\n".join([f"then run: corpfin check {write}", *left]), err=True)


def _of_market(
    names: list[str],
    fetch: bool,
    write: Path | None,
    force: bool,
    csv: Path | None,
    as_of: str | None,
    companies: Path | None,
) -> None:
    from corpfin import filings

    base = Path(names.pop(0)) if names and names[0].endswith(".toml") else None
    market = load_market(base, companies=companies, as_of=as_of)
    files = _files(names, lambda: _latest_chain() if fetch else [])
    found = filings.refresh_market(market, filings.read_chain(files), ", ".join(file.name for file in files))
    title = f"{market.file.name}, as of {market.tables.network.as_of}, against the chain"
    _print(title, found.proposals, found.remarks, csv)
    if write is not None:
        filings.write_refreshed_market(write, found, force=force)
        tell_written([write])


def _files(names: list[str], fetched: Callable[[], list[Path]]) -> list[Path]:
    """What is read: the files named and those from the network."""
    for name in names:
        if not Path(name).is_file():
            raise typer.BadParameter(f"{name} is no file that is there", param_hint="FILE")
    files = [*map(Path, names), *fetched()]
    if not files:
        raise typer.BadParameter("give what to read, or --fetch", param_hint="FILE")
    return files


def _latest_filing(ticker: str) -> list[Path]:
    from corpfin.filings.fetch import client, fetch_filing

    return fetch_filing(ticker, client())


def _latest_chain() -> list[Path]:
    from corpfin.filings.fetch import client, fetch_chain

    return fetch_chain(client())


def _print(title: str, proposals: Sequence[Proposal], remarks: Sequence[str], csv: Path | None) -> None:
    from corpfin.filings.page import page, table

    if csv is not None:
        from corpfin.common.tables import write_csv

        write_csv(csv, table(proposals))
    tell_written([csv])
    typer.echo(page(title, proposals, remarks))
