"""The console entry and its commands, in the order of the help page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from corpfin.cli import files, model, moves, refresh, report, run, studies, vintages
from corpfin.cli.given import BAD_INPUT, can_write, for_people, tell_written, tolerant_output
from corpfin.cli.options import command


class Commands(TyperGroup):
    """The commands, with what a user did wrong turned into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command asked for; raises ``typer.Exit`` instead of an error that is the user's to mend."""
        with for_people():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    help="Financial and AI-transition model of the listed bitcoin miners.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """The console entry; characters that the output cannot encode are replaced.

    Without an open standard output nothing is begun: the answer would be lost, and what is opened next take its place.
    """
    if sys.stdout is None:
        typer.echo("corpfin: standard output is closed; an answer has nowhere to go", err=True)
        sys.exit(BAD_INPUT)
    tolerant_output()
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


def docs(
    out: Annotated[Path, typer.Option("-o", metavar="DIR", help="The folder to write, made when missing.")],
) -> None:
    """Write the method and a reference of lines, inputs, scenarios, checks, outputs and commands, in Markdown."""
    from corpfin.cli.reference import commands_reference
    from corpfin.report.reference import write_reference
    from corpfin.workbook.line_items import line_items

    can_write(folders=(out,))
    tell_written(write_reference(out, line_items(), commands_reference(COMMANDS)))


COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "merge": run.merge,
    "report": report.report,
    "list": files.list_companies,
    "check": files.check,
    "explain": run.explain,
    "lines": model.lines,
    "docs": docs,
    "new": files.new,
    "scenarios": files.scenarios,
    "refresh": refresh.refresh,
    "compare": studies.compare,
    "credit": studies.credit,
    "stress": studies.stress,
    "drivers": studies.drivers,
    "lifeline": studies.lifeline,
    "watch": studies.watch,
    "sector": studies.sector,
    "backtest": studies.backtest,
    "reverse": moves.reverse,
    "sensitivity": moves.sensitivity,
    "roll": vintages.roll,
    "diff": vintages.diff,
}
for name, function in COMMANDS.items():
    app.command(name)(command(function))
