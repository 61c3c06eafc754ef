"""Arguments and options that several commands take, declared once, alone or in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from corpfin.common.defaults import LONGEST
from corpfin.inputs import Company, Market, load_company, load_market
from corpfin.inputs.known import Known

Name = Annotated[str, typer.Argument(metavar="TICKER|FILE", help="A company by ticker or the path of its file.")]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[TICKER|FILE]...", help="Companies by ticker or file; or --all.")
]
Everybody = Annotated[bool, typer.Option("--all", help="Every company known by ticker.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="NAME|FILE", help="A scenario, or several: btc-half+funding-shut.")
]
Months = Annotated[int, typer.Option(min=1, max=LONGEST, help="Length of the projection.")]
Paths = Annotated[int, typer.Option(min=1, help="Number of simulated paths.")]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers.")]
MarketFile = Annotated[
    Path | None, typer.Option("--market", metavar="FILE", help="A market file in place of the companies' own.")
]
Companies = Annotated[
    Path | None,
    typer.Option("--companies", metavar="DIR", help="A folder of company files that come before the shipped ones."),
]
Date = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The balance-sheet date tickers are of; the newest when left out."),
]
Seen = Annotated[
    Known, typer.Option("--known", help="What has happened and is seen: nothing, market and share prices, or all.")
]
Sort = Annotated[str | None, typer.Option(metavar="COLUMN", help="Largest first, by this column of the table.")]
Ascending = Annotated[bool, typer.Option("--ascending", help="With --sort: smallest first.")]
Units = Annotated[bool, typer.Option("--units", help="With --csv: units in the headings.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table into this file too.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="The table in Markdown in place of the page.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document in place of the page.")]
Plots = Annotated[Path | None, typer.Option("--plots", metavar="DIR", help="Draw the plots into this folder too.")]


class Options:
    """Options that stand together: a dataclass whose fields are declared as the parameters of a command are."""


@dataclass(frozen=True)
class World(Options):
    """What every command that runs a model may be told of the world it runs in, declared and handed on here alone."""

    market: MarketFile = None
    as_of: Date = None
    known: Seen = "all"
    companies: Companies = None

    def load(self, name: str) -> tuple[Company, dict[str, Any]]:
        """A company, and the world by the keywords of whatever runs a model; ``InputError`` for what cannot be read."""
        from corpfin.runs.projection import market_and_date

        market, as_of = market_and_date(name, self.own_market(), self.as_of, self.companies)
        company = load_company(name, market.defaults, self.companies, as_of=as_of)
        return company, {"market": market, "known": self.known}

    def of_several(self) -> dict[str, Any]:
        """The world by the keywords of a study of several companies; ``InputError`` for what cannot be read."""
        return {"market": self.own_market(), "as_of": self.as_of, "known": self.known, "folder": self.companies}

    def own_market(self) -> Market | None:
        """The market file given, if any."""
        return load_market(self.market) if self.market else None


@dataclass(frozen=True)
class Workers(Options):
    """What runs the blocks of a simulation; no choice changes a result."""

    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; all processors when left out. Changes no result.")
    ] = None
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes of this machine in place of threads. Changes no result.")
    ] = None
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A dask scheduler in place of threads. Changes no result.")
    ] = None

    @contextmanager
    def at_work(self) -> Iterator[dict[str, Any]]:
        """What runs the blocks, by the keywords of whatever simulates; at most one kind may be given."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        if len(given) > 1:
            raise typer.BadParameter("give one of them", param_hint=" and ".join(f"--{name}" for name in given))
        if self.workers is None and self.cluster is None:
            yield {"threads": self.threads}
            return
        from corpfin.runs.scatter import Processes, cluster

        with Processes(self.workers) if self.workers else cluster(self.cluster or "") as executor:
            yield {"executor": executor}


def flat(group: type[Options]) -> Iterator[Parameter]:
    """The options of a group, those of the groups in it among them, in the order of the class."""
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):  # type: ignore[arg-type]
        yield from _parameters(Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default), hints[field.name])


def gathered(group: type[Options], given: dict[str, Any]) -> Options:
    """The group made from the options given by name, which are taken out of ``given``."""
    hints = get_type_hints(group)
    inner = {name: hint for name, hint in hints.items() if _is_group(hint)}
    return group(**{name: gathered(inner[name], given) if name in inner else given.pop(name) for name in hints})


def command(function: Callable[..., None], name: str = "") -> Callable[..., None]:
    """A function as typer reads it: each group of options among its parameters is typed one by one on the line."""
    hints = get_type_hints(function, include_extras=True)
    own = signature(function).parameters
    groups = {name: hints[name] for name in own if _is_group(hints[name])}

    @wraps(function)
    def typed(**given: Any) -> None:
        found = {name: gathered(group, given) for name, group in groups.items()}
        function(**found, **given)

    typed.__signature__ = Signature(  # type: ignore[attr-defined]
        [single for name, parameter in own.items() for single in _parameters(parameter, hints[name])]
    )
    typed.__annotations__ = {}
    return typed


def _parameters(parameter: Parameter, hint: Any) -> Iterator[Parameter]:
    if _is_group(hint):
        yield from flat(hint)
    else:
        yield parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hint)


def _is_group(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Options)
