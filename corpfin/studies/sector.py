"""The sector: do miners' sales and defaults pull each other down, what do they need, is the network safe?

All companies run on the same paths twice: each alone, and together, where what they sell, ask for and switch off in one
month meets everybody in the next. What differs is the circle's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, VARIANT_PATHS, Strength
from corpfin.inputs import AsOf, InputError, Market, Problem, nearest_name
from corpfin.inputs.documents import Key
from corpfin.inputs.known import Known
from corpfin.inputs.schema import Value
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.difference import Difference
from corpfin.runs.joint import Found, Together
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.runs.scatter import Progress, part_of
from corpfin.runs.together import APART, Sector, project_together, sector_of
from corpfin.studies import sector_tables as tables
from corpfin.studies.circle import Circle
from corpfin.studies.gap import bridge, gap_table
from corpfin.studies.network_safety import against_earlier, by_price
from corpfin.studies.paired import error_column, with_error
from corpfin.studies.result import Result
from corpfin.studies.sector_tables import ALONE, HISTORY, LINES, READINGS, SWITCHES, TOGETHER

STRENGTHS: tuple[str, ...] = get_args(Strength)

IMPACT = ("impact_coefficient", "daily_volatility", "flow_beta", "lasting_share", "impact_half_life")
"""Figures of [impact] that rise with ``--impact high``; a thin market, less daily volume, goes with it."""


@dataclass(frozen=True)
class Standing:
    """One company in the sector, for the columns of the table."""

    label: str
    found: Found
    months: int
    left_out: Mapping[str, float]
    moves: float
    tenants: str

    @property
    def extra(self) -> Difference:
        """Default because of the others [1]."""
        return self.found.difference(ALONE, TOGETHER, self.label, self.months)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SectorStudy(Result):
    """The result of :func:`sector`.

    - ``loop``: gain of the circle, total over direct log fall of the price, by multiple of the impact and shock;
      ``runaway`` is the multiple at which it adds as much again as the shock, nan beyond all tried.
    - ``effects``: defaults of all companies over those alone, with each thing they meet of each other by itself.
    - ``joint``: share of paths by number of companies in default at the end, alone and together.
    - ``who``: change of each company's survival (columns) when one (rows) is left out.
    - ``flows``: bitcoin by quarter, mean of the paths, and bands of what is sold; ``history`` what was reported.
    - ``gap``, ``bridge``: what delivering all that is leased needs, and how that goes over into VanEck's figures.
    - ``readings``: the scenarios of the article's three readings beside base: what each takes and comes to.
    - ``capacity``: megawatts and money by month: mean, 5 and 95 % of the paths; ``network``: figures by price.
    - ``elasticity``: of hash rate to price by price, today and in earlier months.
    """

    loop: pd.DataFrame
    runaway: float
    effects: pd.DataFrame
    joint: pd.DataFrame
    who: pd.DataFrame
    flows: pd.DataFrame
    history: pd.DataFrame
    gap: pd.DataFrame
    bridge: pd.DataFrame
    capacity: pd.DataFrame
    network: pd.DataFrame
    elasticity: pd.DataFrame
    readings: pd.DataFrame
    impact: str
    without: tuple[str, ...]
    together: Sector

    @property
    def columns(self) -> tuple[Column[Standing], ...]:
        """The columns of the table."""
        return columns(self.months)

    @property
    def effect_paths(self) -> int:
        """Paths on which each thing met was run by itself."""
        return min(self.paths, VARIANT_PATHS)


def sector(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    without: Sequence[str] = (),
    impact: Strength = "base",
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> SectorStudy:
    """The companies as a sector; ``companies`` None stands for all that are known by ticker of one date.

    ``without`` leaves companies out by ticker; ``impact`` takes the figures of [impact] at the low or high end of their
    ranges, or none. Who moves whom is found on at most 2,048 paths. Raises ``InputError`` when no company can be used,
    for a company left out that is not there and for a market file without [impact], ``ValueError`` for paths or months
    below one and for another strength.
    """
    if impact not in STRENGTHS:
        raise ValueError(f"impact is {impact!r}; it must be one of {', '.join(STRENGTHS)}")
    market, as_of = market_and_date(companies, market, as_of, folder)
    market = _strength(market, impact)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    tickers = [case.ticker for case in cases]
    if strange := [name for name in without if name not in tickers]:
        near = nearest_name(strange[0], tickers) or ", ".join(tickers)
        raise InputError([Problem("companies", "without", strange[0], f"is not in the run; nearest is {near}")])
    cases = [case for case in cases if case.ticker not in without]
    together = sector_of(market_case, cases)
    apart = together.with_inputs(**APART)
    job = Together({TOGETHER: together, ALONE: apart}, paths, seed, LINES, (TOGETHER,), ((ALONE, TOGETHER),))
    found = job.found(threads, executor, part_of(progress, 0, 3, 10))
    less = {case.ticker: together.without(case.ticker) for case in cases} if len(cases) > 1 else {}
    others = Together(
        {TOGETHER: together} | less, min(paths, VARIANT_PATHS), seed, pairs=[(name, TOGETHER) for name in less]
    )
    left_out = others.found(threads, executor, part_of(progress, 3, 5, 10))
    singly = {name: apart.with_inputs(**{key: together.inputs[key] for key in keys}) for name, keys in SWITCHES.items()}
    effects = Together(
        {ALONE: apart, **singly, "all of it": together},
        min(paths, VARIANT_PATHS),
        seed,
        pairs=[(ALONE, name) for name in (*singly, "all of it")],
    ).found(threads, executor, part_of(progress, 8, 2, 10))
    few = min(paths, VARIANT_PATHS)
    readings = pd.DataFrame(
        {name: tables.reading(market, cases, name, months, known, few, seed, threads, executor) for name in READINGS}
    ).T.rename_axis("scenario")
    values = project_together(together)
    circle = Circle(together)
    who = tables.who(left_out, [case.label for case in cases], months)
    gap = gap_table(together, values)
    network = by_price(market_case)
    renting = {case.label: {project.tenant for project in case.projects if project.tenant} for case in cases}
    rented = Counter(name for names in renting.values() for name in names)
    standings = {
        case.label: Standing(
            case.label,
            found,
            months,
            dict(who[case.label]) if case.label in who else {},
            float(who.T[case.label].sum()) if case.label in who.index else 0.0,
            ", ".join(sorted(name for name in renting[case.label] if rented[name] > 1)),
        )
        for case in cases
    }
    return SectorStudy(
        table=frame(columns(months), standings, "company"),
        failures=failures,
        scenario=market_case.scenario.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        loop=circle.table(),
        runaway=circle.runaway() if together.inputs["impact_coefficient"] > 0 else float("nan"),
        effects=tables.effects(effects, [case.label for case in cases], months),
        joint=tables.joint(found),
        who=who,
        flows=tables.flows(found, market_case.labels),
        history=pd.DataFrame(HISTORY, columns=["period", "listed_mined", "listed_sold", "source"]).set_index("period"),
        gap=gap,
        bridge=bridge(gap),
        capacity=tables.capacity(found, market_case.labels),
        network=network,
        elasticity=against_earlier(market_case, network, folder),
        readings=readings,
        impact=impact,
        without=tuple(without),
        together=together,
    )


def _strength(market: Market, impact: Strength) -> Market:
    """The market with figures of [impact] at the asked end of their ranges."""
    if impact == "base" or market.tables.impact is None:
        return market
    found: dict[Key, Value] = {}
    for figure in market.figures():
        if figure.table != "impact":
            continue
        key = figure.table, figure.id, figure.field
        if impact == "0" and figure.field in ("impact_coefficient", "flow_beta"):
            found[key] = 0.0
        elif impact != "0" and figure.field in (*IMPACT, "daily_volume"):
            upwards = (impact == "high") == (figure.field != "daily_volume")
            end = figure.high if upwards else figure.low
            if end is not None:
                found[key] = float(end)
    return market.changed(found)


COMPANIES = "companies"
"""The table of companies on the page."""


def columns(months: int) -> tuple[Column[Standing], ...]:
    """The columns of a table over so many months."""
    alive: list[Column[Standing]] = []
    for month in horizons(months, HORIZONS):
        for name, text in ((ALONE, "alone"), (TOGETHER, "among the others")):
            column = f"survival_{month}_{name}"
            places = (Place(COMPANIES, f"{name} {month}"),) if month == months else ()
            alive.append(
                Column(
                    column,
                    "1",
                    f"Survival to {month}, {text}",
                    f"share of paths not in default after {month} months, {text}",
                    partial(_alive, name=name, month=month),
                    partial(_percent, name=column),
                    places,
                )
            )
    shared = "who rents its projects and those of others in the run: they are hurt together"
    extra = "share of paths in default together and not alone, less those alone only"
    moved = "the company without which it would survive most more often"
    moves = "companies in default on average that would not be without it"
    return (
        *alive,
        Column(
            "extra_default",
            "1",
            "Default because of the others",
            extra,
            lambda standing: standing.extra.value,
            lambda row: with_error(100 * row["extra_default"], 100 * row["extra_default_error"], 1),
            (Place(COMPANIES, "extra"),),
        ),
        error_column("extra_default", "1", "Default because of the others", lambda standing: standing.extra.error),
        Column(
            "moves_others",
            "1",
            "Defaults of others when it is there",
            moves,
            lambda standing: standing.moves,
            lambda row: f"{100 * row['moves_others']:+.1f}",
            (Place(COMPANIES, "moves"),),
        ),
        Column("moved_most_by", TEXT, "Moved most by", moved, _mover, places=(Place(COMPANIES, "moved by"),)),
        Column(
            "shared_tenants",
            TEXT,
            "Shared tenants",
            shared,
            lambda standing: standing.tenants,
            places=(Place(COMPANIES, "shared tenants"),),
        ),
    )


def _alive(standing: Standing, name: str, month: int) -> float:
    return standing.found.survival(name, standing.label, month)


def _percent(row: Mapping[str, float], name: str) -> str:
    return f"{100 * row[name]:.1f}"


def _mover(standing: Standing) -> str:
    others = {name: value for name, value in standing.left_out.items() if name != standing.label}
    name = max(others, key=lambda key: others[key], default="")
    return name if name and others[name] > 0 else "-"


documented(SectorStudy, columns(MONTHS))
