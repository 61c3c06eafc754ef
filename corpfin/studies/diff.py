"""Diff: one company at two dates, what changed in its files and what each group of changes does to the answer.

The earlier file is first rolled to the later date by the model and put into the later market: that step is time and
market together, what would have been expected of the company. From there the figures of the later file are put in group
by group, in a stated order, on common paths: what each group does is what came otherwise than the model had it.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from corpfin.common.columns import Column, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.inputs import AsOf, Company, InputError, Market, Problem, Scenario, load_company, load_market, vintages
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Figure
from corpfin.inputs.find import date_asked, no_such_date
from corpfin.inputs.known import Known
from corpfin.inputs.load import company_from
from corpfin.inputs.rows import layout
from corpfin.runs.blocks import Job, World
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.difference import Difference
from corpfin.runs.projection import CompanyLike, ScenarioLike, scenario_of
from corpfin.runs.scatter import Progress, run_job
from corpfin.runs.simulation import of_job
from corpfin.runs.tally import Key
from corpfin.studies.paired import Reading, change_columns, level_columns, measures
from corpfin.studies.result import Result
from corpfin.studies.roll import rolled_contents

MARKET, REST = "market and time", "rest"
"""The first step, and what no group holds."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "mining": ("fleet", "order"),
    "projects": ("hpc",),
    "debt": ("debt", "quote"),
    "balance": ("treasury", "costs", "balance", "purchase", "reported"),
    "equity": ("equity", "warrant", "offering", "known_month"),
}
"""The groups after the market, in the order in which they are put in, and the tables of a company file in each."""

BEFORE, AFTER = "before", "after"
"""The worlds: the market of the earlier date and that of the later one."""


@dataclass(frozen=True)
class Step:
    """A state on the way from one file to the other, and what the last step changed."""

    reading: Reading
    changes: dict[str, Difference]


def columns(months: int) -> tuple[Column[Step], ...]:
    """The columns of a diff's table over ``months``."""
    by = measures(months)
    levels: list[Column[Step]] = [column.of(lambda found: found.reading) for column in level_columns(by)]
    return (*levels, *change_columns(by, lambda found: found.changes, part=STEPS))


STEPS = "steps"
"""The table of the page."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Diff(Result):
    """The result of :func:`diff`; survival and dilution are counted from each file's own date.

    ``table`` has one row a ``step``: the earlier file, market and time, each group in the order put in, what no group
    holds; how the company stands after the step, and what the step changed. The last row is the later file.
    ``figures`` has one row for each figure that changed (index ``figure``): its ``group``, ``unit``, the values
    ``before``, ``rolled`` (what the model made of it at the later date) and ``after``, with grade and source of the
    last.
    """

    company: str
    before: str
    after: str
    figures: pd.DataFrame = field(repr=False)

    @property
    def columns(self) -> tuple[Column[Step], ...]:
        """The columns of the table."""
        return columns(self.months)


documented(Diff, columns(MONTHS))


def diff(
    company: CompanyLike,
    other: CompanyLike | None = None,
    *,
    before: AsOf = None,
    after: AsOf = None,
    scenario: ScenarioLike = "base",
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Diff:
    """Why the answer for a company changed between two dates, or between two files: ``company`` and ``other``.

    By ticker, ``after`` is the date of the later file, the newest when None, and ``before`` that of the earlier one,
    the newest before it when None. Each file goes with the market beside it. Raises ``InputError`` for files that
    cannot be used or are of two companies, for a date there is no file of, and when the model has the earlier company
    in default by the later date; ``ValueError`` for paths or months below one.
    """
    earlier, later = _both(company, other, before, after, folder)
    markets = [load_market(company=item.file, companies=folder) for item in (earlier, later)]
    shocks = scenario_of(scenario)
    old, new = (prepare_market(market, shocks, months, known) for market in markets)
    start, states, expected = _states(earlier, later, markets[0], markets[1], shocks, known)
    cases = [replace(prepare_company(state, new), variant=name) for name, state in states.items()]
    cases.append(replace(prepare_company(later, new), variant=REST))
    worlds = {BEFORE: World(old, (prepare_company(start, old),)), AFTER: World(new, tuple(cases))}
    keys = [Key(BEFORE, start.ticker), *(Key(AFTER, case.label) for case in cases)]
    pairs = list(zip(keys[1:], keys[:-1], strict=True))
    job = Job(worlds, paths, seed, months_kept=False, pairs=pairs, differences=True)
    simulations = of_job(job, run_job(job, threads, executor, progress))
    readings = [Reading.of(simulations[world].outcomes[label]) for world, label in keys]
    names = [str(earlier.as_of), *states, REST]
    steps = {
        name: Step(reading, reading.less(readings[max(number - 1, 0)]))
        for number, (name, reading) in enumerate(zip(names, readings, strict=True))
    }
    return Diff(
        table=frame(columns(months), steps, "step"),
        failures={},
        scenario=shocks.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        company=later.ticker,
        before=str(earlier.as_of),
        after=str(later.as_of),
        figures=changed_figures(earlier, later, markets[0], markets[1], expected),
    )


def _both(
    company: CompanyLike, other: CompanyLike | None, before: AsOf, after: AsOf, folder: Path | None
) -> tuple[Company, Company]:
    """The earlier and the later file."""
    if other is not None:
        earlier, later = (_loaded(item, None, folder) for item in (company, other))
        for item, day in ((earlier, before), (later, after)):
            if day is not None and item.as_of != date_asked(day):
                raise no_such_date(item.file.name, date_asked(day), [item.as_of], "the file is of another date")
    else:
        later = _loaded(company, after, folder)
        days = [day for day in vintages(later.ticker, folder) if day < later.as_of]
        if before is None and not days:
            message = f"there is no file of {later.ticker} before {later.as_of} to hold it against; name two files"
            raise InputError([Problem(later.ticker, "from", None, message)], "MISSING")
        earlier = _loaded(later.ticker, before or days[0], folder)
    if earlier.ticker != later.ticker:
        message = f"the other file is of {later.ticker}; two files of one company can be held against each other"
        raise InputError([Problem(earlier.file.name, "company.ticker", earlier.ticker, message)])
    if earlier.as_of > later.as_of:
        message = f"is after the other file's date, {later.as_of}; give the earlier one first"
        raise InputError([Problem(earlier.file.name, "company.as_of", earlier.as_of, message)])
    return earlier, later


def _loaded(company: CompanyLike, as_of: AsOf, folder: Path | None) -> Company:
    return company if isinstance(company, Company) else load_company(company, companies=folder, as_of=as_of)


def _states(
    earlier: Company, later: Company, market: Market, new: Market, scenario: Scenario, known: Known
) -> tuple[Company, dict[str, Company], Company]:
    """The company at the start, after each step by its name, and as the model would have it at the later date.

    Groups that do not stand in one file without the next (a pledge without the bitcoin) are put in together, and a
    group that is as the model would have it is no step.
    """
    expected = _unsourced({row.key: (row.table, row.id, dict(row.written)) for row in earlier.rows})
    if later.as_of > earlier.as_of:
        contents, _, _ = rolled_contents(earlier, market, scenario, later.as_of, known)
        expected = {name: contents[name] for name in layout(CompanyTables) if name in contents}
        expected.pop("known_month", None)
    target = _unsourced({row.key: (row.table, row.id, dict(row.written)) for row in later.rows})
    file = Path(later.file.name)
    rolled = company_from(_graded(expected), file, new.defaults)
    states = {MARKET: rolled}
    if later.as_of == earlier.as_of and market.digest() == new.digest():
        states = {}
    contents = dict(expected)
    waiting: list[str] = []
    for group, tables in GROUPS.items():
        kept = {name: table for name, table in contents.items() if name not in tables}
        put = kept | {name: target[name] for name in tables if name in target}
        if put == contents and not waiting:
            continue
        contents = put
        waiting.append(group)
        try:
            states[" and ".join(waiting)] = company_from(_graded(contents), file, new.defaults)
        except InputError:
            continue
        waiting = []
    return earlier, states, rolled


def _unsourced(rows: Mapping[str, tuple[str, str | None, dict[str, Any]]]) -> dict[str, Any]:
    """The tables of a file without its sources."""
    tables: dict[str, Any] = {}
    for table, id, block in rows.values():
        if id is None:
            tables[table] = block
        else:
            tables.setdefault(table, []).append(block)
    return tables


def _graded(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with a grade for each: a state on the way has figures of two files, none with a source of its own."""
    cited = {name: {"grade": "estimated", "why": "on the way"} for name, table in tables.items() if table}
    return {**tables, "sources": {name: entry for name, entry in cited.items() if name != "company"}}


def changed_figures(earlier: Company, later: Company, market: Market, new: Market, expected: Company) -> pd.DataFrame:
    """Every figure that is not the same in both files, the market's among them, by group; see :class:`Diff`."""
    group_of = {table: group for group, tables in GROUPS.items() for table in tables}
    rolled = {_key(figure): figure for figure in expected.figures()}
    rows = []
    for documents in ((market, new), (earlier, later)):
        old, now = ({_key(figure): figure for figure in document.figures()} for document in documents)
        for key in {**now, **old}:
            first, last = old.get(key), now.get(key)
            values = [_value(item) for item in (first, rolled.get(key), last)]
            shown: Any = last or first
            if values[0] == values[2] or shown.grade == "text":
                continue
            group = "market" if documents[0] is market else group_of.get(shown.table, REST)
            rows.append((key, group, shown.unit, *values, *((last.grade, last.source_text) if last else ("", ""))))
    names = ["figure", "group", "unit", "before", "rolled", "after", "grade", "source"]
    order = {name: number for number, name in enumerate(("market", *GROUPS, REST))}
    rows.sort(key=lambda row: order[row[1]])
    return pd.DataFrame(rows, columns=names, dtype=object).set_index("figure")


def _key(figure: Figure) -> str:
    return ".".join(filter(None, (figure.table, figure.id, figure.field)))


def _value(figure: Figure | None) -> Any:
    """A figure's value; None where there is none, or nothing is read."""
    return None if figure is None or figure.grade == "absent" else figure.value
