"""Roll: the next vintage's file of a company, from the model, with what to look up in the order in which it matters.

Balances are those of the central path, each graded as estimated; what is past by then is carried out. What is to be
replaced is ordered by how far the same figure of the file it was rolled from moves survival, on common paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, documented, frame, to_html
from corpfin.common.defaults import MONTHS, VARIANT_PATHS
from corpfin.common.text import amount, short, unit_or_nothing
from corpfin.common.toml_text import toml_file
from corpfin.inputs import AsOf, Company, InputError, Market, Problem, Scenario
from corpfin.inputs.documents import Key
from corpfin.inputs.find import date_asked
from corpfin.inputs.known import Known
from corpfin.inputs.load import company_from
from corpfin.runs.months import is_month_end, month_number, shifted
from corpfin.runs.projection import CompanyLike, ScenarioLike, company_of, market_and_date, project, scenario_of
from corpfin.runs.readings import COMPARED, horizons
from corpfin.runs.roll import Removed, contents_of, rolled
from corpfin.runs.scatter import Progress
from corpfin.studies.sensitivity import Study, one_at_a_time
from corpfin.studies.variation import variations

LONGEST_ROLL = 120
"""Most months a file is rolled: what a model says of ten years on is no balance sheet."""


@dataclass(frozen=True)
class Replaced:
    """A figure that was rolled: its key in the file, its value before and after, and how far it moves the answer."""

    key: str
    unit: str
    before: Any
    after: Any
    survival: float
    dilution: float


LOOK_UP = "look up"
"""The table of the page."""

COLUMNS: tuple[Column[Replaced], ...] = (
    Column("unit", TEXT, "Unit", "its unit", lambda figure: figure.unit, places=(Place(LOOK_UP, "unit"),)),
    Column(
        "before",
        TEXT,
        "Before",
        "what the file it was rolled from says, nothing where it says nothing",
        lambda figure: figure.before,
        lambda row: "-" if row["before"] is None else short(row["before"]),
        (Place(LOOK_UP, "before"),),
    ),
    Column(
        "after",
        TEXT,
        "Rolled",
        "what the model makes of it",
        lambda figure: figure.after,
        lambda row: short(row["after"]),
        (Place(LOOK_UP, "rolled"),),
    ),
    Column(
        "survival_swing",
        "1",
        "Survival, swing",
        "how far survival to the end of the run moves when the figure of the file it was rolled from goes through its "
        "range; nan for what the file did not say",
        lambda figure: figure.survival,
        lambda row: amount(100.0 * row["survival_swing"]),
        (Place(LOOK_UP, "survival"),),
    ),
    Column(
        "dilution_swing",
        "1",
        "Dilution, swing",
        "how far dilution moves then, the mean over paths that survive both ways",
        lambda figure: figure.dilution,
        lambda row: amount(100.0 * row["dilution_swing"]),
        (Place(LOOK_UP, "dilution"),),
    ),
)
"""The columns of the table."""


@dataclass(frozen=True, eq=False, repr=False)
class Roll:
    """The result of :func:`roll`; ``table`` is indexed by ``figure``, its key in the file, what matters most first.

    ``text`` is the rolled file; ``removed`` says by key what it has no more, and what has become of it.
    """

    company: str
    before: date
    as_of: date
    scenario: str
    known: Known
    months: int
    paths: int
    seed: int
    table: pd.DataFrame
    removed: pd.DataFrame
    text: str

    def __repr__(self) -> str:
        return f"<Roll {self.company}, {self.before} to {self.as_of}, {self.scenario}: {len(self.table)} figures>"

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        return to_html(self.table, COLUMNS, repr(self))


documented(Roll, COLUMNS)


def roll(
    company: CompanyLike,
    to: AsOf,
    scenario: ScenarioLike = "base",
    *,
    paths: int = VARIANT_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Roll:
    """The next vintage's file of a company, ``to`` a later month end: balances rolled on the central path.

    Survival over ``months`` on ``paths`` paths orders what is to be looked up. Raises ``InputError`` for files that
    cannot be used, a date that is no month end after the file's, and a company that the model has in default by then;
    ``ValueError`` for paths or months below one.
    """
    market, as_of = market_and_date(company, market, as_of, folder)
    found, shocks = company_of(company, market, as_of, folder), scenario_of(scenario)
    day = _later(found, to)
    study = Study(found, market, shocks, paths, seed, months, threads, None, known)
    contents, removed, moved = rolled_contents(found, market, shocks, day, known)
    company_from(contents, Path(found.file.name), market.defaults)  # a fault is said before anything is made of it
    own = tuple(item for item in variations(found, "company", study.history) if item.key in moved)
    swings = one_at_a_time(study, own, progress).table
    rows = {}
    for key, (unit, before, after) in moved.items():
        name = ".".join(filter(None, key))
        of = [float(swings[f"{output}_swing"].get(name, np.nan)) for output in _outputs(months)]
        rows[name] = Replaced(name, unit, before, after, *of)
    order = sorted(rows.values(), key=lambda item: [-np.nan_to_num(item.survival), -np.nan_to_num(item.dilution)])
    table = frame(COLUMNS, {item.key: item for item in order}, "figure")
    gone = pd.DataFrame([(item.key, item.why) for item in removed], columns=["key", "became"], dtype=object).set_index(
        "key"
    )
    head = _head(found, day, table, shocks.name, months)
    return Roll(
        company=found.ticker,
        before=found.as_of,
        as_of=day,
        scenario=shocks.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        table=table,
        removed=gone,
        text=f"{head}\n{toml_file(contents)}",
    )


Moved = dict[Key, tuple[str, Any, Any]]
"""What was rolled: unit, value before and after of a figure."""


def rolled_contents(
    company: Company, market: Market, scenario: Scenario, day: date, known: Known
) -> tuple[dict[str, Any], tuple[Removed, ...], Moved]:
    """What the file of a company says at ``day``, what left it, and which figures were rolled.

    ``InputError`` for a company that the central path has in default by then.
    """
    count = month_number(day, company.as_of)
    projection = project(company, scenario, months=count, market=market, known=known)
    failed = int(projection["default_month"][-1])
    if failed:
        message = f"the model has it in default in {projection.labels[failed - 1]}: there is nothing to roll on"
        raise InputError([Problem(company.ticker, "to", day, message)])
    found = rolled(projection, day)
    moved: Moved = {}
    for row, block in found.blocks.values():
        for name, value in block.items():
            if row.fields[name].graded and value != row.written.get(name):
                moved[row.table, row.id, name] = (row.fields[name].spec.unit, row.written.get(name), value)
    return contents_of(company, found.blocks, f"rolled from {company.as_of}"), found.removed, moved


def _later(company: Company, to: AsOf) -> date:
    """The date rolled to; ``InputError`` when it is no month end after the company's, or too late."""
    day = date_asked(to)
    if day is None:
        raise InputError([Problem("roll", "to", None, "give the date to roll to, YYYY-MM-DD")])
    message, nearest = "", None
    if not is_month_end(day):
        message, nearest = "must be the last day of a month", f"{shifted(day.replace(day=1), 1) - timedelta(days=1)}"
    elif day <= company.as_of:
        message = f"must be after the file's date, {company.as_of}"
    elif month_number(day, company.as_of) > LONGEST_ROLL:
        message = f"is more than {LONGEST_ROLL} months after the file's date, {company.as_of}"
    if message:
        raise InputError([Problem(company.ticker, "to", day, message, None, nearest)])
    return day


def _outputs(months: int) -> tuple[str, str]:
    """The outputs that order what is to be looked up."""
    return f"survival_{horizons(months, COMPARED)[-1]}", "dilution"


def _head(company: Company, day: date, table: pd.DataFrame, scenario: str, months: int) -> str:
    """What stands on top of a rolled file: what it is, and what to look up first."""
    lines = [
        f"# {company.name}, rolled by corpfin from {company.as_of} to {day} (central path, scenario {scenario}).",
        '# Replace what is graded as "rolled from" by what was reported. Look up, in the order in which a figure moves',
        f"# survival to month {months} (swing in percentage points; a dash where the older file did not say it):",
    ]
    for name, row in table.to_dict("index").items():
        before = "-" if row["before"] is None else short(row["before"])
        swing = "-" if np.isnan(row["survival_swing"]) else f"{100.0 * row['survival_swing']:.1f}"
        lines.append(f"#   {swing:>5}  {name}: {short(row['after'])} {unit_or_nothing(row['unit'])}".rstrip())
        lines[-1] += f" (was {before})"
    return "\n".join(lines)
