"""One company: its one-page answer, and the walk from one of its figures down to the inputs."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpfin.cli.given import can_write, leave, tell_written
from corpfin.cli.options import Json, Months, Name, Options, Paths, Plots, ScenarioName, Seed, Units, Workers, World
from corpfin.common.broken import BrokenIdentity
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, PATHS
from corpfin.inputs import Company, Market, Scenario, load_scenario
from corpfin.inputs.known import Known

if TYPE_CHECKING:
    from corpfin.runs import Projection, Simulation
    from corpfin.runs.blocks import Job


@dataclass(frozen=True)
class Told(Options):
    """What becomes of the answer."""

    json: Json = False
    markdown: Annotated[bool, typer.Option("--markdown", help="The answer in Markdown in place of the page.")] = False
    csv: Annotated[Path | None, typer.Option("--csv", metavar="DIR", help="Write the tables into this folder too.")] = (
        None
    )
    units: Units = False
    plots: Plots = None
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the model as a workbook with live formulas.")
    ] = None
    path: Annotated[
        int | None, typer.Option("--path", min=0, help="With --xlsx: the workbook of this simulated path.")
    ] = None

    def check(self) -> None:
        """Find out before the work whether all that is asked for can be had."""
        if self.json and self.markdown:
            raise typer.BadParameter("give one of them", param_hint="--json and --markdown")
        if self.units and self.csv is None:
            raise typer.BadParameter("stand in files: give --csv too", param_hint="--units")
        if self.path is not None and self.xlsx is None:
            raise typer.BadParameter("is the path a workbook shows: give --xlsx too", param_hint="--path")
        can_write(files=(self.xlsx,), folders=(self.csv, self.plots))


RareFailures = Annotated[
    bool,
    typer.Option("--rare", help="The probability of default where plain paths hardly ever fail, and what it takes."),
]
Blocks = Annotated[
    str | None,
    typer.Option(metavar="A:B", help="Run the blocks of 1,024 paths from A up to B alone, and write them with -o."),
]
PartFile = Annotated[
    Path | None, typer.Option("-o", metavar="FILE", help="With --blocks: the part to write, for corpfin merge.")
]


def run(
    company: Name,
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    blocks: Blocks = None,
    part: PartFile = None,
    rare: RareFailures = False,
    world: World,
    told: Told,
    from_workbook: Annotated[
        Path | None,
        typer.Option("--from-workbook", metavar="FILE", help="Take the changed inputs of an edited workbook."),
    ] = None,
) -> None:
    """Project and simulate one company and print the one-page answer; status 1 when an identity is broken.

    With --rare: the probability of default by importance sampling; status 2 when it is refused.
    """
    from corpfin.report.progress import progress
    from corpfin.runs import project, simulate

    asked = _Asked(company, scenario, paths, seed, months, world, from_workbook)
    if rare:
        _tell_rare(asked, told.json, workers.threads, vars(told) | vars(workers) | {"blocks": blocks, "-o": part})
        return
    told.check()
    if (blocks is None) != (part is None):
        raise typer.BadParameter("a part is some blocks and a file: give both", param_hint="--blocks and -o")
    if blocks is not None and part is not None:
        _write_part(asked, _span(blocks, paths), part, workers)
        return
    found, shocks, where = asked.load()
    projection = project(found, shocks, months=months, **where)
    with workers.at_work() as crew, progress() as callback:
        simulation = simulate(found, shocks, paths=paths, seed=seed, months=months, progress=callback, **crew, **where)
    _tell(told, projection, simulation, where)


def merge(
    parts: Annotated[list[Path], typer.Argument(metavar="PART...", help="The files written with run --blocks.")],
    *,
    told: Told,
) -> None:
    """Put the parts of a run together and print what the whole run would have printed."""
    from corpfin.runs import project
    from corpfin.runs.parts import describe, merge_parts, same_run
    from corpfin.runs.simulation import WORLD, of_job

    told.check()
    run, summary = merge_parts(parts, lambda run: blocks_of(run["paths"]))
    asked = _Asked.of(run["given"])
    found, shocks, where = asked.load()
    job = asked.job(found, shocks, where)
    same_run(parts[0], run, describe(job, asked.given()))
    projection = project(found, shocks, months=asked.months, **where)
    _tell(told, projection, of_job(job, summary)[WORLD], where)


@dataclass(frozen=True)
class _Asked:
    """What a run is asked for, as it was typed."""

    company: str
    scenario: str
    paths: int
    seed: int
    months: int
    world: World
    from_workbook: Path | None

    def given(self) -> dict[str, Any]:
        """What was typed, for a part to carry."""
        files = {"market": self.world.market, "companies": self.world.companies, "from_workbook": self.from_workbook}
        numbers = {name: getattr(self, name) for name in ("company", "scenario", "paths", "seed", "months")}
        numbers |= {"known": self.world.known, "as_of": self.world.as_of}
        return numbers | {name: None if file is None else str(file) for name, file in files.items()}

    @classmethod
    def of(cls, given: dict[str, Any]) -> _Asked:
        """What was typed when a part was written."""
        names = ("market", "companies", "from_workbook")
        market, companies, book = (None if given[name] is None else Path(given[name]) for name in names)
        numbers = {name: given[name] for name in ("company", "scenario", "paths", "seed", "months")}
        return cls(**numbers, world=World(market, given["as_of"], given["known"], companies), from_workbook=book)

    def load(self) -> tuple[Company, Scenario, dict[str, Any]]:
        """Company, scenario, and the world by the keywords of whatever runs a model."""
        found, where = self.world.load(self.company)
        shocks = load_scenario(self.scenario)
        if self.from_workbook is not None:
            found, where["market"] = _edited(self.from_workbook, found, where["market"], shocks, self.world.known)
        return found, shocks, where

    def job(self, found: Company, shocks: Scenario, where: dict[str, Any]) -> Job:
        """What the simulation runs."""
        from corpfin.runs.cases import prepare_company, prepare_market
        from corpfin.runs.simulation import simulation_job

        market_case = prepare_market(where["market"], shocks, self.months, where["known"])
        return simulation_job(market_case, [prepare_company(found, market_case)], self.paths, self.seed)


def blocks_of(paths: int) -> int:
    """Number of blocks that so many paths take."""
    from corpfin.paths import BLOCK

    return -(-paths // BLOCK)


def _span(blocks: str, paths: int) -> range:
    """Blocks typed as ``A:B``, which must be some of the run's."""
    first, _, end = blocks.partition(":")
    most = blocks_of(paths)
    if first.isdecimal() and end.isdecimal() and int(first) < int(end) <= most:
        return range(int(first), int(end))
    message = f"{blocks}: {paths:,} paths are the blocks 0:{most}; give some of these"
    raise typer.BadParameter(message, param_hint="--blocks")


def _write_part(asked: _Asked, blocks: range, file: Path, workers: Workers) -> None:
    from corpfin.report.progress import progress
    from corpfin.runs.parts import describe, write_part
    from corpfin.runs.scatter import run_job

    can_write(files=(file,))
    job = asked.job(*asked.load())
    with workers.at_work() as crew, progress() as callback:
        summary = run_job(job, **crew, progress=callback, blocks=blocks)
    write_part(file, describe(job, asked.given()), summary)
    typer.echo(f"{file}: blocks {blocks.start}:{blocks.stop} of 0:{job.blocks}")


def _tell_rare(asked: _Asked, json: bool, threads: int | None, others: dict[str, object]) -> None:
    """Print the probability of a rare failure; leaves with status 2 when it is refused.

    ``others`` are the options of a whole run by name, of which no other may be given.
    """
    from corpfin.report.document import to_json
    from corpfin.report.faces import face_of
    from corpfin.report.progress import progress
    from corpfin.studies import rare

    given = [name for name, value in others.items() if value not in (None, False) and name not in ("json", "threads")]
    if given:
        names = ["--rare", *(name if name.startswith("-") else f"--{name}" for name in given)]
        message = "is a study of its own, on threads, with a page and --json; leave the others out"
        raise typer.BadParameter(message, param_hint=" and ".join(names))
    found, shocks, where = asked.load()
    with progress() as callback:
        result = rare(
            found, shocks, paths=asked.paths, seed=asked.seed, months=asked.months, threads=threads,
            progress=callback, **where,
        )  # fmt: skip
    face = face_of(result)
    typer.echo(to_json(face.document(result)) if json else face.page(result))
    leave([f"{result.company}: refused: {result.refused}"] if result.refused else [])


def _tell(told: Told, projection: Projection, simulation: Simulation, where: dict[str, Any]) -> None:
    """Write and print the answer as told; warns with ``BrokenIdentity`` when an identity is broken."""
    from corpfin.report.answer import answer_of
    from corpfin.report.document import document, to_json
    from corpfin.report.page import page
    from corpfin.report.progress import progress
    from corpfin.report.tables import write_tables
    from corpfin.report.words import broken

    company = projection.company
    if told.csv is not None:
        tell_written(write_tables(told.csv, projection, simulation, units=told.units))
    if told.plots is not None:
        from corpfin.report.plots import company_plots, save_plots

        tell_written(save_plots(told.plots, company_plots(projection, simulation)))
    if told.xlsx is not None:
        from corpfin.studies import stress as stress_study
        from corpfin.workbook import write_workbook

        shown = projection if told.path is None else simulation.path(company.ticker, told.path)
        with progress() as callback:
            least = min(simulation.paths, DIFFERENCE_PATHS)
            cases = stress_study(
                [company], paths=least, seed=simulation.seed, months=simulation.months, progress=callback, **where
            )
        write_workbook(told.xlsx, shown, simulation, cases)
        tell_written([told.xlsx])
    answer = answer_of(projection, simulation)
    if told.markdown:
        from corpfin.report.paper.company import company_paper
        from corpfin.report.paper.markdown import markdown

        typer.echo(markdown(company_paper(answer)))
    else:
        typer.echo(to_json(document(answer)) if told.json else page(answer))
    if fault := broken(answer["identities"]):
        warnings.warn(BrokenIdentity(fault), stacklevel=2)


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
    conflicts = [f"  {conflict}" for conflict in edited.conflicts]
    told = [f"Changed in {book.name}:", *changes, *(["Conflicts with the files:", *conflicts] if conflicts else [])]
    typer.echo("\n".join([*told, *(f"{book.name}: {remark}" for remark in edited.remarks)]), err=True)
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
