"""Questions put to several companies: each command says what is its own, one function does the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpfin.cli.given import can_write, known_or_leave, leave, tell_written
from corpfin.cli.options import (
    Ascending,
    Companies,
    CsvFile,
    Everybody,
    Json,
    Markdown,
    Months,
    Names,
    Options,
    Paths,
    Plots,
    ScenarioName,
    Seed,
    Sort,
    Units,
    Workers,
    World,
)
from corpfin.common.defaults import BACKTEST_MONTHS, DIFFERENCE_PATHS, MONTHS, PATHS, Strength
from corpfin.inputs.known import Known

if TYPE_CHECKING:
    from corpfin.studies.result import Result


@dataclass(frozen=True)
class Asked(Options):
    """The companies a study is asked of."""

    names: Names = None
    everybody: Everybody = False

    def companies(self) -> list[str] | None:
        """The companies asked for, None for all: ``--all``, or the one word all."""
        if self.names == ["all"] and not self.everybody:
            return None
        if bool(self.names) == self.everybody:
            message = "name companies or ask for --all, not both and not neither"
            raise typer.BadParameter(message, param_hint="TICKER|FILE")
        return self.names or None


@dataclass(frozen=True)
class Shown(Options):
    """How a study's table is ordered, and what becomes of its result."""

    sort: Sort = None
    ascending: Ascending = False
    csv: CsvFile = None
    units: Units = False
    markdown: Markdown = False
    json: Json = False
    plots: Plots = None


@dataclass(frozen=True)
class Told(Shown):
    """The same, and the world the study is asked in."""

    world: World = field(default_factory=World)


@dataclass(frozen=True)
class ToldByScenario(Told):
    """The same of a study whose companies are ordered by their survival under a scenario."""

    sort: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Companies by survival under it, highest first.")
    ] = None


def compare(
    asked: Asked,
    scenario: ScenarioName = "base",
    reference: Annotated[
        str | None,
        typer.Option(metavar="TICKER", help="Company that differences are taken from."),
    ] = None,
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    told: Told,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook, one sheet a question.")
    ] = None,
    books: Annotated[
        Path | None,
        typer.Option("--books", metavar="DIR", help="With --xlsx: each company's own workbook too, linked from it."),
    ] = None,
) -> None:
    """Hold companies side by side on the same paths: survival, dilution, costs, debt due."""
    from corpfin.studies import compare as study
    from corpfin.studies.compare import columns
    from corpfin.workbook import write_comparison

    if books is not None and xlsx is None:
        raise typer.BadParameter("are linked from a workbook: give --xlsx too", param_hint="--books")
    can_write(folders=(books,))
    write = partial(write_comparison, books=books)
    ask = partial(study, scenario=scenario, reference=reference, paths=paths, seed=seed, months=months)
    _answer(asked, told, ask, lambda: [each.name for each in columns(months)], workers, book=(xlsx, write))


def credit(
    asked: Asked,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    told: Told,
) -> None:
    """Which paper defaults, what is lost, which covenant trips first, and how that stands beside its price."""
    from corpfin.studies import credit as study
    from corpfin.studies.credit import columns

    ask = partial(study, scenario=scenario, paths=paths, seed=seed, months=months)
    _answer(asked, told, ask, lambda: [each.name for each in columns(months)])


def stress(
    asked: Asked,
    scenario: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="A scenario, or several joined by +; all shipped ones when left out."),
    ] = None,
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    told: ToldByScenario,
) -> None:
    """Run companies under every scenario and show what each changes against base, on the same paths."""
    from corpfin.studies import stress as study
    from corpfin.studies.stress import scenario_names

    ask = partial(study, scenarios=scenario or None, paths=paths, seed=seed, months=months)
    _answer(asked, told, ask, lambda: scenario_names(scenario or None), workers, "scenario")


def drivers(
    asked: Asked,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    told: Told,
) -> None:
    """What drives companies into default: every failed path again, without one burden at a time."""
    from corpfin.studies import drivers as study
    from corpfin.studies.drivers import COLUMNS

    ask = partial(study, scenario=scenario, paths=paths, seed=seed, months=months)
    _answer(asked, told, ask, lambda: [each.name for each in COLUMNS])


def lifeline(
    asked: Asked,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    told: Told,
) -> None:
    """Is the move to AI a lifeline or a new risk: companies with it, without it and with delivery a year late."""
    from corpfin.studies import lifeline as study
    from corpfin.studies.lifeline import columns

    ask = partial(study, scenario=scenario, paths=paths, seed=seed, months=months)
    _answer(asked, told, ask, lambda: [each.name for each in columns(months)], workers)


def watch(
    asked: Asked,
    scenario: ScenarioName = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    *,
    told: Told,
) -> None:
    """What to look at first: price against production cost, funding and survival, execution, each with a flag."""
    from corpfin.studies import watch as study
    from corpfin.studies.watch import columns

    ask = partial(study, scenario=scenario, paths=paths, seed=seed)
    _answer(asked, told, ask, lambda: [each.name for each in columns(MONTHS)])


def sector(
    names: Names = None,
    scenario: ScenarioName = "base",
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="TICKER", help="A company left out; may be repeated.")
    ] = None,
    impact: Annotated[Strength, typer.Option("--impact", help="How far what is sold moves the price.")] = "base",
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    told: Told,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the sector's workbook, the companies' beside.")
    ] = None,
) -> None:
    """All companies together: the circle of sales and defaults, the funding gap, the network's safety."""
    from corpfin.studies import sector as study
    from corpfin.studies.sector import columns
    from corpfin.workbook import write_sector

    ask = partial(
        study, names or None, scenario, without=without or (), impact=impact, paths=paths, seed=seed, months=months
    )
    _show(
        told,
        lambda **work: ask(**told.world.of_several(), **work),
        lambda: [each.name for each in columns(months)],
        workers,
        book=(xlsx, write_sector),
    )


def backtest(
    vintage: Annotated[str, typer.Argument(metavar="DATE|DIR", help="A vintage by its date or its folder.")],
    known: Annotated[
        Known | None, typer.Option("--known", help="One reading alone; blind and with the market seen when left out.")
    ] = None,
    paths: Paths = DIFFERENCE_PATHS,
    seed: Seed = 1,
    months: Months = BACKTEST_MONTHS,
    companies: Companies = None,
    *,
    workers: Workers,
    told: Shown,
) -> None:
    """Hold a vintage, run as on its day, against what became of its companies, with an interval for every score."""
    from corpfin.studies import backtest as study
    from corpfin.studies.tested import columns

    ask = partial(study, vintage, known=known, paths=paths, seed=seed, months=months, folder=companies)
    _show(told, ask, lambda: [each.name for each in columns(months)], workers)


def _answer(
    asked: Asked,
    told: Told,
    ask: Callable[..., Result],
    columns: Callable[[], Sequence[str]],
    workers: Workers | None = None,
    column: str = "column",
    book: tuple[Path | None, Callable[[Path, Any], list[Path]]] | None = None,
) -> None:
    """Ask a study of the companies asked for in the world told; see :func:`_show`."""
    companies = asked.companies()
    _show(told, lambda **work: ask(companies, **told.world.of_several(), **work), columns, workers, column, book)


def _show(
    told: Shown,
    ask: Callable[..., Result],
    columns: Callable[[], Sequence[str]],
    workers: Workers | None = None,
    column: str = "column",
    book: tuple[Path | None, Callable[[Path, Any], list[Path]]] | None = None,
) -> None:
    """Ask a study, then order, write and print its result as told.

    ``columns`` are what its table can be ordered by, each a ``column`` in messages; ``book`` is the workbook asked for
    and what writes it; ``workers`` run what is simulated. Leaves with status 2 when a name is not known, or at the end
    when a company had to be left out.
    """
    from corpfin.report.document import to_json
    from corpfin.report.face import faults_of
    from corpfin.report.faces import face_of
    from corpfin.report.progress import progress

    known_or_leave(told.sort, columns(), column, "--sort")
    if told.ascending and told.sort is None:
        raise typer.BadParameter("is the order of a column: give --sort too", param_hint="--ascending")
    if told.units and told.csv is None:
        raise typer.BadParameter("stand in a file: give --csv too", param_hint="--units")
    xlsx, write = book or (None, None)
    can_write(files=(told.csv, xlsx), folders=(told.plots,))
    with ExitStack() as stack:
        crew = stack.enter_context(workers.at_work()) if workers else {}
        callback = stack.enter_context(progress())
        result = ask(**crew, progress=callback)
    if told.sort is not None:
        result = replace(result, table=result.sorted(told.sort, descending=not told.ascending))
    face = face_of(result)
    books = write(xlsx, result) if xlsx is not None and write is not None else []
    if told.csv is not None:
        result.to_csv(told.csv, units=told.units)
    tell_written([*books, told.csv])
    if told.plots is not None:
        from corpfin.report.plots import save_plots

        tell_written(save_plots(told.plots, face.plots(result)))
    if told.json:
        typer.echo(to_json(face.document(result)))
    else:
        typer.echo(result.to_markdown() if told.markdown else face.page(result))
    leave(faults_of(result.failures))
