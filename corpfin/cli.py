"""The command line: ``run  list  check  explain  new  compare  stress  drivers  lifeline  watch  reverse  ...``.

Answers go to standard output, everything else to standard error. Exit status 0 when all went well, 2 when something
given is wrong, 130 when interrupted. What computes is imported when a command needs it, so that help is quick.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from typer.core import TyperGroup

from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, PATHS, VARIANT_PATHS
from corpfin.engine import ModelError
from corpfin.inputs import (
    Company,
    InputError,
    Market,
    Scenario,
    company_template,
    known_companies,
    load_companies,
    load_company,
    load_market,
    load_scenario,
)
from corpfin.inputs.known import Known

if TYPE_CHECKING:
    from corpfin.runs import Projection
    from corpfin.studies.result import Result

ResultT = TypeVar("ResultT", bound="Result")

LONGEST = 600
"""Most months that can be asked for: fifty years."""

BAD_INPUT = 2
INTERRUPTED = 130


class Commands(TyperGroup):
    """The commands, with what a user did wrong turned into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command asked for; raises ``typer.Exit`` instead of an error that is the user's to mend."""
        with _for_people():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    help="Financial and AI-transition model of the listed bitcoin miners.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Name = Annotated[str, typer.Argument(metavar="TICKER|FILE", help="A company by ticker or the path of its file.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="NAME|FILE", help="A scenario, or several: btc-half+funding-shut.")
]
Months = Annotated[int, typer.Option(min=1, max=LONGEST, help="Length of the projection.")]
Paths = Annotated[int, typer.Option(min=1, help="Number of simulated paths.")]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers.")]
MarketFile = Annotated[
    Path | None, typer.Option("--market", metavar="FILE", help="A market file in place of the companies' own.")
]
Seen = Annotated[
    Known, typer.Option("--known", help="What has happened and is seen: nothing, market and share prices, or all.")
]
Companies = Annotated[
    Path | None,
    typer.Option("--companies", metavar="DIR", help="A folder of company files that come before the shipped ones."),
]

Plots = Annotated[Path | None, typer.Option("--plots", metavar="DIR", help="Draw the plots into this folder too.")]

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[TICKER|FILE]...", help="Companies by ticker or file; or --all.")
]
Everybody = Annotated[bool, typer.Option("--all", help="Every company known by ticker.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table into this file too.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="The table in Markdown in place of the page.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document in place of the page.")]
Sort = Annotated[str | None, typer.Option(metavar="COLUMN", help="Largest first, by this column of the table.")]


def main() -> None:
    """The console entry; characters that the output cannot encode are replaced."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    app(prog_name="corpfin")


def _version(wanted: bool) -> None:
    if wanted:
        from corpfin.report.document import versions

        typer.echo(f"corpfin {versions()['corpfin']}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Financial and AI-transition model of the listed bitcoin miners."""


@app.command()
def run(
    company: Name,
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; all processors when left out. Changes no result.")
    ] = None,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
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
    from corpfin.report import document, page, to_json, write_tables
    from corpfin.report.progress import progress
    from corpfin.runs import project, simulate

    if path is not None and xlsx is None:
        raise typer.BadParameter("is the path a workbook shows: give --xlsx too", param_hint="--path")
    _can_write(files=(xlsx,), folders=(csv, plots))
    found, loaded = _load(company, market, companies)
    shocks = load_scenario(scenario)
    if from_workbook is not None:
        found, loaded = _edited(from_workbook, found, loaded, shocks, known)
    projection = project(found, shocks, months=months, market=loaded, known=known)
    with progress() as callback:
        simulation = simulate(
            found,
            shocks,
            paths=paths,
            seed=seed,
            months=months,
            threads=threads,
            market=loaded,
            known=known,
            progress=callback,
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
            cases = stress_study(
                [found],
                paths=min(paths, DIFFERENCE_PATHS),
                seed=seed,
                months=months,
                market=loaded,
                known=known,
                progress=callback,
            )
        write_workbook(xlsx, shown, simulation, cases)
    typer.echo(to_json(document(projection, simulation)) if json else page(projection, simulation))


@app.command("list")
def list_companies(companies: Companies = None) -> None:
    """List the companies with the share of their figures that are reported, derived, estimated and default."""
    from corpfin.report import listing

    files = known_companies(companies)
    batch = load_companies(files.values(), companies=companies)
    table, faults = listing(files, batch)
    typer.echo("\n".join(table))
    _leave(faults)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="TICKER|FILE...", help="Companies by ticker or file.")],
    market: MarketFile = None,
    companies: Companies = None,
) -> None:
    """Say of each company file whether it can be used, and if not, everything that is wrong with it."""
    from corpfin.report import verdict

    given = load_market(market) if market else None
    batch = load_companies(files, given.defaults if given else None, companies)
    faults = [f"{problem}" for failure in batch.failed.values() for problem in failure.problems]
    for found in batch.loaded.values():
        problems = _unfit(found, given or load_market(company=found.file, companies=companies))
        faults += problems
        if not problems:
            typer.echo(verdict(found))
    _leave(faults)


@app.command()
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
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
) -> None:
    """Walk from one figure of the projection down to the inputs, with value, unit, grade and source of each."""
    from corpfin.report import walk

    found, loaded = _load(company, market, companies)
    projection = _one_path(found, scenario, path, seed, months, loaded, known)
    labels = projection.labels
    if month not in labels:
        message = f"no month {month}; the projection runs from {labels[0]} to {labels[-1]}"
        raise typer.BadParameter(message, param_hint="YYYY-MM")
    typer.echo("\n".join(walk(projection.explain(line, month), projection, depth)))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The file to write.")],
) -> None:
    """Write an annotated blank company file; an existing file is never overwritten."""
    from corpfin.report import write_new

    if file.suffix != ".toml":
        raise typer.BadParameter(f"{file} does not end in .toml", param_hint="FILE.toml")
    write_new(file, company_template())
    typer.echo(f'{file} written: fill in every "", then run: corpfin check {file}')


@app.command()
def compare(
    names: Names = None,
    everybody: Everybody = False,
    scenario: ScenarioName = "base",
    reference: Annotated[
        str | None,
        typer.Option(metavar="TICKER", help="Company that differences are taken from."),
    ] = None,
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    sort: Sort = None,
    csv: CsvFile = None,
    markdown: Markdown = False,
    json: Json = False,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    plots: Plots = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook, one sheet a question.")
    ] = None,
) -> None:
    """Hold companies side by side on the same paths: survival, dilution, costs, debt due, distance to default."""
    from corpfin.studies import compare as study
    from corpfin.studies.compare import columns
    from corpfin.workbook import write_comparison

    wanted = _wanted(names, everybody)
    _known(sort, [column.name for column in columns(months)], "column", "--sort")
    _can_write(files=(csv, xlsx), folders=(plots,))
    ask = partial(
        study,
        wanted,
        scenario,
        reference=reference,
        paths=paths,
        seed=seed,
        months=months,
        known=known,
        folder=companies,
    )
    result = _ordered(_ask(ask, market), sort)
    if xlsx is not None:
        write_comparison(xlsx, result)
    _show(result, csv, plots, markdown, json)


@app.command()
def stress(
    names: Names = None,
    everybody: Everybody = False,
    scenario: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="A scenario, or several joined by +; all shipped ones when left out."),
    ] = None,
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    sort: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Companies by survival under it, highest first.")
    ] = None,
    csv: CsvFile = None,
    markdown: Markdown = False,
    json: Json = False,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    plots: Plots = None,
) -> None:
    """Run companies under every scenario and show what each changes against base, on the same paths."""
    from corpfin.studies import stress as study
    from corpfin.studies.stress import scenario_names

    wanted = _wanted(names, everybody)
    _known(sort, scenario_names(scenario or None), "scenario", "--sort")
    _can_write(files=(csv,), folders=(plots,))
    ask = partial(study, wanted, scenario or None, paths=paths, seed=seed, months=months, known=known, folder=companies)
    _show(_ordered(_ask(ask, market), sort), csv, plots, markdown, json)


@app.command()
def drivers(
    names: Names = None,
    everybody: Everybody = False,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    sort: Sort = None,
    csv: CsvFile = None,
    markdown: Markdown = False,
    json: Json = False,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    plots: Plots = None,
) -> None:
    """What drives companies into default: every failed path again, without one burden at a time."""
    from corpfin.studies import drivers as study
    from corpfin.studies.drivers import COLUMNS

    wanted = _wanted(names, everybody)
    _known(sort, [column.name for column in COLUMNS], "column", "--sort")
    _can_write(files=(csv,), folders=(plots,))
    ask = partial(study, wanted, scenario, paths=paths, seed=seed, months=months, known=known, folder=companies)
    _show(_ordered(_ask(ask, market), sort), csv, plots, markdown, json)


@app.command()
def lifeline(
    names: Names = None,
    everybody: Everybody = False,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    sort: Sort = None,
    csv: CsvFile = None,
    markdown: Markdown = False,
    json: Json = False,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    plots: Plots = None,
) -> None:
    """Is the move to AI a lifeline or a new risk: companies with it, without it and with delivery a year late."""
    from corpfin.studies import lifeline as study
    from corpfin.studies.lifeline import columns

    wanted = _wanted(names, everybody)
    _known(sort, [column.name for column in columns(months)], "column", "--sort")
    _can_write(files=(csv,), folders=(plots,))
    ask = partial(study, wanted, scenario, paths=paths, seed=seed, months=months, known=known, folder=companies)
    _show(_ordered(_ask(ask, market), sort), csv, plots, markdown, json)


@app.command()
def watch(
    names: Names = None,
    everybody: Everybody = False,
    scenario: ScenarioName = "base",
    sort: Sort = None,
    csv: CsvFile = None,
    markdown: Markdown = False,
    json: Json = False,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    plots: Plots = None,
) -> None:
    """What to look at first: price against production cost, funding, execution, each with a flag."""
    from corpfin.studies import watch as study
    from corpfin.studies.watch import COLUMNS

    wanted = _wanted(names, everybody)
    _known(sort, [column.name for column in COLUMNS], "column", "--sort")
    _can_write(files=(csv,), folders=(plots,))
    ask = partial(study, wanted, scenario, known=known, folder=companies)
    _show(_ordered(_ask(ask, market), sort), csv, plots, markdown, json)


@app.command()
def reverse(
    company: Name,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="btc_price, slip, or table.field of a file.")],
    survival: Annotated[float, typer.Option(help="Share of the paths that survive, between 0 and 1.")] = 0.5,
    at: Annotated[int, typer.Option(min=1, max=LONGEST, help="Month they survive to.")] = MONTHS,
    how: Annotated[Literal["multiply", "add"] | None, typer.Option(help="How the target is moved.")] = None,
    low: Annotated[float | None, typer.Option(help="Lowest level tried: a factor, or what is added.")] = None,
    high: Annotated[float | None, typer.Option(help="Highest level tried.")] = None,
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    json: Json = False,
    plots: Plots = None,
) -> None:
    """Find how far one input or factor must move until survival falls to a share of the paths."""
    from corpfin.report import to_json
    from corpfin.report.progress import progress
    from corpfin.report.reverse import reverse_document, reverse_page
    from corpfin.studies import reverse_stress

    _can_write(folders=(plots,))
    found, loaded = _load(company, market, companies)
    with progress() as callback:
        result = reverse_stress(
            found, target, survival, at, how=how, low=low, high=high, scenario=scenario, paths=paths, seed=seed,
            market=loaded, known=known, progress=callback,
        )  # fmt: skip
        failed = result.failed()
    if plots is not None:
        from corpfin.report.figures import plots_of, save_plots

        save_plots(plots, plots_of(result))
    typer.echo(to_json(reverse_document(result, failed)) if json else reverse_page(result, failed))


@app.command()
def sensitivity(
    company: Name,
    output: Annotated[
        str | None, typer.Option(metavar="NAME", help="survival_36, survival_60 (the usual one), dilution or cash.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Figures shown of each group.")] = 15,
    sobol: Annotated[int, typer.Option(min=0, max=20, help="Sobol indices of so many of the largest.")] = 0,
    samples: Annotated[int, typer.Option(min=2, help="Their sample, a power of two.")] = 64,
    scenario: ScenarioName = "base",
    paths: Paths = VARIANT_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    market: MarketFile = None,
    known: Seen = "all",
    companies: Companies = None,
    json: Json = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="Write the whole table into this folder too.")
    ] = None,
    plots: Plots = None,
) -> None:
    """Move every figure to the ends of its range and show what matters most, figures that are not known first."""
    from corpfin.report import to_json
    from corpfin.report.progress import progress
    from corpfin.report.sensitivity import sensitivity_document, sensitivity_page, write_sensitivity
    from corpfin.studies import sensitivity as study
    from corpfin.studies.sensitivity import outputs

    if samples & (samples - 1):
        raise typer.BadParameter(f"{samples} is not a power of two", param_hint="--samples")
    _known(output, outputs(months), "output", "--output")
    _can_write(folders=(csv, plots))
    found, loaded = _load(company, market, companies)
    with progress() as callback:
        result = study(
            found, scenario, paths=paths, seed=seed, months=months, market=loaded, known=known, progress=callback
        )
    indices = None
    if sobol:
        with progress() as callback:
            indices = result.sobol(sobol, output=output, samples=samples, progress=callback)
    if csv is not None:
        write_sensitivity(csv, result, indices)
    if plots is not None:
        from corpfin.report.plots import save_plots, tornado

        save_plots(plots, {f"tornado_{output or result.main_output}": tornado(result, output, top)})
    document = to_json(sensitivity_document(result, indices)) if json else ""
    typer.echo(document or sensitivity_page(result, top, output, indices))


def _load(name: str, market: Path | None, companies: Path | None) -> tuple[Company, Market]:
    loaded = load_market(market, company=name, companies=companies)
    return load_company(name, loaded.defaults, companies), loaded


def _edited(book: Path, company: Company, market: Market, scenario: Scenario, known: Known) -> tuple[Company, Market]:
    """Company and market with the changes of an edited workbook, which are listed on standard error."""
    from corpfin.workbook import read_workbook

    if book.suffix.lower() not in (".xlsx", ".xlsm"):
        raise typer.BadParameter(f"{book} does not end in .xlsx", param_hint="--from-workbook")
    edited = read_workbook(book, company, market, scenario, known)
    changes = [f"  {change}" for change in edited.changes] or ["  nothing"]
    typer.echo("\n".join([f"Changed in {book.name}:", *changes]), err=True)
    return edited.company, edited.market


def _wanted(names: list[str] | None, everybody: bool) -> list[str] | None:
    """The companies asked for, None for all."""
    if bool(names) == everybody:
        raise typer.BadParameter("name companies or ask for --all, not both and not neither", param_hint="TICKER|FILE")
    return names or None


def _known(name: str | None, known: Sequence[str], what: str, option: str) -> None:
    """Leave with the nearest names for a name that is not among the known ones."""
    from corpfin.studies.result import known_name

    try:
        if name is not None:
            known_name(name, known, what)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint=option) from None


def _can_write(files: Sequence[Path | None] = (), folders: Sequence[Path | None] = ()) -> None:
    """Find out before the work whether what is asked for can be written; ``OSError`` names the first that cannot be.

    Folders are made when missing.
    """
    for folder in filter(None, folders):
        folder.mkdir(parents=True, exist_ok=True)
    for path in filter(None, (*files, *folders)):
        if path in files and path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        try:
            with TemporaryFile(dir=path if path in folders else path.parent):
                pass
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None


def _ask(study: Callable[..., ResultT], market: Path | None) -> ResultT:
    """Run a study of several companies, in a market if one is given, with its progress."""
    from corpfin.report.progress import progress

    loaded = load_market(market) if market else None
    with progress() as callback:
        return study(market=loaded, progress=callback)


def _ordered(result: ResultT, sort: str | None) -> ResultT:
    """The result with its companies in the order asked for."""
    return result if sort is None else replace(result, table=result.sorted(sort))


def _show(
    result: Result,
    csv: Path | None,
    plots: Path | None,
    markdown: bool,
    json: bool,
) -> None:
    """Write and print a result as asked for, then leave with status 2 if a company had to be left out."""
    from corpfin.report import to_json
    from corpfin.report.face import faults_of
    from corpfin.report.faces import face_of

    face = face_of(result)
    if csv is not None:
        result.to_csv(csv)
    if plots is not None:
        from corpfin.report.plots import save_plots

        save_plots(plots, face.plots(result))
    if json:
        typer.echo(to_json(face.document(result)))
    else:
        typer.echo(result.to_markdown() if markdown else face.page(result))
    _leave(faults_of(result.failures))


def _one_path(
    company: Company, scenario: str, path: int | None, seed: int, months: int, market: Market, known: Known
) -> Projection:
    """The central path, or a simulated one by its number: the same whatever the number of paths simulated."""
    from corpfin.runs import project, simulate

    if path is None:
        return project(company, scenario, months=months, market=market, known=known)
    simulation = simulate(company, scenario, paths=1, seed=seed, months=months, market=market, known=known)
    return simulation.path(company.ticker, path)


def _unfit(company: Company, market: Market) -> list[str]:
    """Why a company that loads cannot be projected from this market."""
    from corpfin.runs.cases import prepare_company, prepare_market

    try:
        prepare_company(company, prepare_market(market, load_scenario("base"), months=1))
    except InputError as error:
        return [f"{problem}" for problem in error.problems]
    return []


def _leave(faults: list[str]) -> None:
    """Print what is wrong and leave with status 2, if anything is."""
    if faults:
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(BAD_INPUT)


@contextmanager
def _for_people() -> Iterator[None]:
    """Turn what a user may run into, a bad file above all, into a message without a traceback."""
    try:
        yield
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except MemoryError:
        message = "not enough memory; ask for fewer paths or months"
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else f"{error}"
    except (InputError, ModelError) as error:
        message = f"{error}"
    else:
        return
    typer.echo(f"corpfin: {message}", err=True)
    raise typer.Exit(BAD_INPUT)
