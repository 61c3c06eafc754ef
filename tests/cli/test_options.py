"""Groups of options: typed one by one on the line, gathered for the command, offered wherever they belong."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from inspect import signature
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from corpfin.cli.app import COMMANDS
from corpfin.cli.options import Options, World, command

RUNS_A_MODEL = ("run", "explain", "compare", "stress", "lifeline", "watch", "reverse", "sensitivity")


@dataclass(frozen=True)
class Inner(Options):
    size: Annotated[int, typer.Option(min=1)] = 3


@dataclass(frozen=True)
class Outer(Options):
    colour: Annotated[str, typer.Option()] = "red"
    inner: Inner = field(default_factory=Inner)


def app_of(seen: list[object]) -> typer.Typer:
    def show(name: str, *, outer: Outer, last: Annotated[bool, typer.Option("--last")] = False) -> None:
        seen.extend([name, outer, last])

    app = typer.Typer()
    app.command()(command(show))
    return app


def test_a_group_is_typed_one_by_one_and_handed_on_whole() -> None:
    seen: list[object] = []
    result = CliRunner().invoke(app_of(seen), ["DIGR", "--size", "5", "--last"])
    assert result.exit_code == 0
    assert seen == ["DIGR", Outer("red", Inner(5)), True]


def test_limits_of_an_option_in_a_group_hold() -> None:
    assert CliRunner().invoke(app_of([]), ["DIGR", "--size", "0"]).exit_code == 2


@pytest.mark.parametrize("name", RUNS_A_MODEL)
def test_every_command_that_runs_a_model_takes_the_options_of_the_world(name: str) -> None:
    taken = list(signature(command(COMMANDS[name])).parameters)
    wanted = [each.name for each in fields(World)]
    place = taken.index(wanted[0])
    assert taken[place : place + len(wanted)] == wanted


def test_the_world_is_handed_on_under_the_names_of_the_library(tmp_path: Path) -> None:
    company, where = World(companies=tmp_path).load("DIGR")
    assert company.ticker == "DIGR"
    assert where["market"].defaults
    assert World(companies=tmp_path).of_several()["folder"] == tmp_path
