"""The sector: do miners' sales and defaults pull each other down, what do they need, is the network safe?

All companies run on the same paths twice: each alone, and together, where what they sell, ask for and switch off in one
month meets everybody in the next. What differs is the circle's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, VARIANT_PATHS
from corpfin.inputs import AsOf, InputError, Market, Problem, nearest_name
from corpfin.inputs.known import Known
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.joint import Found, Together
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.runs.scatter import Progress, part_of
from corpfin.runs.together import APART, Sector, project_together, sector_of
from corpfin.studies.circle import Circle
from corpfin.studies.gap import bridge, gap_table
from corpfin.studies.network_safety import by_price
from corpfin.studies.paired import with_error
from corpfin.studies.result import Result

Strength = Literal["0", "low", "base", "high"]
STRENGTHS: tuple[str, ...] = get_args(Strength)

IMPACT = ("impact_coefficient", "daily_volatility", "flow_beta", "lasting_share", "impact_half_life")
"""Figures of [impact] that rise with ``--impact high``; a thin market, less daily volume, goes with it."""

TOGETHER, ALONE = "together", "alone"

LINES = (
    "listed_mined", "listed_sold", "listed_chosen", "listed_forced", "listed_liquidated", "listed_btc",
    "unlisted_squeezed", "excess_sales", "impact_level", "leased_megawatts", "delivered_megawatts", "late_megawatts",
    "lost_megawatts", "capital_asked", "capital_capacity", "capital_share", "capex_to_deliver", "escrowed",
    "signed_to_come", "gap_after_signed", "liquidity_of_all", "listed_share", "companies_in_default",
)  # fmt: skip
"""Lines of the sector that are kept by month."""

FLOWS = ("listed_mined", "listed_sold", "listed_chosen", "listed_forced", "listed_liquidated", "unlisted_squeezed")

HISTORY = (
    ("2022-06", 3_900.0, 14_600.0, "Arcane Research: a quarter of what they held"),
    ("2022-Q2", float("nan"), 20_000.0, "Arcane Research, April and May derived: the record until then"),
    ("2023-10", 5_230.0, 5_492.0, "TheMinerMag, 13 companies: 105 % of production"),
    ("2026-Q1", 9_201.0, 38_805.0, "sum of six companies' filings; the press counts 32,000"),
)
"""Month or quarter, mined and sold by listed companies [BTC], where from."""

SWITCHES = {
    "price impact": ("impact_coefficient", "flow_beta"),
    "hash rate given up for AI": ("listed_switching",),
    "machines dumped": ("forced_sale_discount",),
    "shared capital": ("shared_capital",),
    "spread by distress": ("distress_spread",),
}
"""What companies meet of each other, and the figures of [impact] it takes."""


@dataclass(frozen=True)
class Standing:
    """One company in the sector, for the columns of the table."""

    label: str
    found: Found
    months: int
    left_out: Mapping[str, float]
    market_hit: float
    tenants: str

    def extra(self, part: int) -> float:
        """Default because of the others [1] and its error."""
        mean, error = self.found.difference(ALONE, TOGETHER, self.label, self.months)
        return mean if part == 0 else error


@dataclass(frozen=True, eq=False, kw_only=True)
class SectorStudy(Result):
    """The result of :func:`sector`.

    - ``loop``: gain of the circle, total over direct log fall of the price, by multiple of the impact and shock;
      ``runaway`` is the multiple at which it adds as much again as the shock, nan beyond all tried.
    - ``effects``: defaults of all companies over those alone, with each thing they meet of each other by itself.
    - ``joint``: share of paths by number of companies in default at the end, alone and together.
    - ``who``: change of each company's survival (columns) when one (rows) is left out.
    - ``flows``: bitcoin by quarter, mean of the paths, and bands of what is sold; ``history`` what was reported.
    - ``gap``, ``bridge``: what delivering all that is leased needs, and how that goes over into VanEck's figures.
    - ``capacity``: megawatts and money by month: mean, 5 and 95 % of the paths; ``network``: figures by price.
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
    impact: str
    without: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column[Standing], ...]:
        """The columns of the table."""
        return columns(self.months)


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
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    tickers = [case.ticker for case in cases]
    if strange := [name for name in without if name not in tickers]:
        near = nearest_name(strange[0], tickers) or ", ".join(tickers)
        raise InputError([Problem("companies", "without", strange[0], f"is not in the run; nearest is {near}")])
    cases = [case for case in cases if case.ticker not in without]
    together = sector_of(market_case, cases, _strength(market, impact))
    apart = together.with_inputs(**APART)
    job = Together({TOGETHER: together, ALONE: apart}, paths, seed, LINES, (TOGETHER,), ((ALONE, TOGETHER),))
    found = job.found(threads, executor, part_of(progress, 0, 4, 10))
    less = {case.ticker: together.without(case.ticker) for case in cases} if len(cases) > 1 else {}
    others = Together(
        {TOGETHER: together} | less, min(paths, VARIANT_PATHS), seed, pairs=[(name, TOGETHER) for name in less]
    )
    left_out = others.found(threads, executor, part_of(progress, 4, 4, 10))
    singly = {name: apart.with_inputs(**{key: together.inputs[key] for key in keys}) for name, keys in SWITCHES.items()}
    effects = Together(
        {ALONE: apart, **singly, "all of it": together}, min(paths, VARIANT_PATHS), seed,
        pairs=[(ALONE, name) for name in (*singly, "all of it")],
    ).found(threads, executor, part_of(progress, 8, 2, 10))  # fmt: skip
    values = project_together(together)
    circle = Circle(together)
    who = _who(left_out, [case.label for case in cases], months)
    gap = gap_table(together, values)
    standings = {
        case.label: Standing(
            case.label, found, months, dict(who[case.label]) if case.label in who else {},
            float(who.loc[case.label].sum()) if case.label in who.index else 0.0,
            ", ".join(sorted({row.tenant for row in case.company.tables.hpc if row.tenant})),
        )
        for case in cases
    }  # fmt: skip
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
        effects=_effects(effects, [case.label for case in cases], months),
        joint=_joint(found),
        who=who,
        flows=_flows(found, market_case.labels),
        history=pd.DataFrame(HISTORY, columns=["period", "mined", "sold", "source"]).set_index("period"),
        gap=gap,
        bridge=bridge(gap),
        capacity=_capacity(found, market_case.labels),
        network=by_price(market_case),
        impact=impact,
        without=tuple(without),
    )


def _strength(market: Market, impact: Strength) -> dict[str, float]:
    """Figures of [impact] at the asked end of their ranges."""
    if impact == "0":
        return dict.fromkeys(("impact_coefficient", "flow_beta"), 0.0)
    if impact == "base":
        return {}
    found = {}
    for figure in market.figures():
        if figure.table == "impact" and figure.field in (*IMPACT, "daily_volume"):
            upwards = (impact == "high") == (figure.field != "daily_volume")
            end = figure.high if upwards else figure.low
            if end is not None:
                found[figure.field] = float(end)
    return found


def _joint(found: Found) -> pd.DataFrame:
    shares = {name: found.joint[name] / found.paths for name in (ALONE, TOGETHER)}
    return pd.DataFrame(shares).rename_axis("in_default")


def _who(found: Found, labels: Sequence[str], months: int) -> pd.DataFrame:
    """Change of survival of the columns when the row is left out; its own place is 0."""
    pairs = {(name, other): found.difference(name, TOGETHER, other, months)[0]
             for name in found.counts if name != TOGETHER for other in labels if other in found.counts[name]}  # fmt: skip
    rows = [name for name in labels if name in found.counts]
    table = [[pairs.get((name, other), 0.0) for other in labels] for name in rows]
    return pd.DataFrame(table, index=pd.Index(rows, name="left_out"), columns=labels)


def _effects(found: Found, labels: Sequence[str], months: int) -> pd.DataFrame:
    rows = {}
    for name in found.counts:
        if name != ALONE:
            each = [found.difference(ALONE, name, label, months) for label in labels]
            rows[name] = {"defaults": sum(mean for mean, _ in each), "largest": max(mean for mean, _ in each)}
    return pd.DataFrame(rows).T.rename_axis("met")


def _flows(found: Found, labels: Sequence[str]) -> pd.DataFrame:
    """Bitcoin by quarter: means of the paths, and 5 and 95 % of what is sold."""
    sample = found.sample(TOGETHER)
    quarters = [f"{label[:4]}-Q{(int(label[5:]) - 1) // 3 + 1}" for label in labels]
    rows = {}
    for quarter in dict.fromkeys(quarters):
        months = [i for i, each in enumerate(quarters) if each == quarter]
        row = {name: sample[LINES.index(name)][months].sum(axis=0) for name in FLOWS}
        low, high = np.quantile(row["listed_sold"], (0.05, 0.95))
        rows[quarter] = {name.removeprefix("listed_"): float(value.mean()) for name, value in row.items()}
        rows[quarter] |= {"sold_5": low, "sold_95": high}
        rows[quarter]["sold_over_mined"] = rows[quarter]["sold"] / max(1.0, rows[quarter]["mined"])
        for name in ("capital_asked", "capital_capacity"):
            rows[quarter][name] = float(sample[LINES.index(name)][months].sum(axis=0).mean())
        rows[quarter]["rationed"] = float((sample[LINES.index("capital_share")][months].min(axis=0) < 1).mean())
    return pd.DataFrame(rows).T.rename_axis("quarter")


def _capacity(found: Found, labels: Sequence[str]) -> pd.DataFrame:
    sample = found.sample(TOGETHER)
    names = (
        "leased_megawatts", "delivered_megawatts", "late_megawatts", "lost_megawatts", "capex_to_deliver", "escrowed",
        "signed_to_come", "gap_after_signed", "liquidity_of_all", "listed_btc", "listed_share", "impact_level",
        "companies_in_default",
    )  # fmt: skip
    values: dict[str, np.ndarray] = {}
    for name in names:
        row = sample[LINES.index(name)]
        values[name] = row.mean(axis=1)
        values[f"{name}_5"], values[f"{name}_95"] = np.quantile(row, (0.05, 0.95), axis=1)
    return pd.DataFrame(values, index=pd.Index(labels, name="month"))


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
                Column(column, "1", f"Survival to {month}, {text}", f"share of paths not in default after {month} months, {text}",
                       partial(_alive, name=name, month=month), partial(_percent, name=column), places)
            )  # fmt: skip
    return (
        *alive,
        Column("extra_default", "1", "Default because of the others", "share of paths in default together and not alone, less those alone only",
               lambda s: s.extra(0), lambda row: with_error(100 * row["extra_default"], 100 * row["extra_default_error"], 1), (Place(COMPANIES, "extra"),)),
        Column("extra_default_error", "1", "Default because of the others, error", "its standard error", lambda s: s.extra(1)),
        Column("moves_others", "1", "Defaults of others when it is there", "companies in default on average that would not be without it",
               lambda s: s.market_hit, lambda row: f"{100 * row['moves_others']:+.1f}", (Place(COMPANIES, "moves"),)),
        Column("moved_most_by", TEXT, "Moved most by", "the company without which it would survive most more often",
               _mover, lambda row: row["moved_most_by"], (Place(COMPANIES, "moved by"),)),
        Column("tenants", TEXT, "Tenants", "who rents its projects: whoever shares one is hurt with it",
               lambda s: s.tenants, lambda row: row["tenants"][:28], (Place(COMPANIES, "tenants"),)),
    )  # fmt: skip


def _alive(standing: Standing, name: str, month: int) -> float:
    return standing.found.survival(name, standing.label, month)


def _percent(row: Mapping[str, float], name: str) -> str:
    return f"{100 * row[name]:.1f}"


def _mover(standing: Standing) -> str:
    others = {name: value for name, value in standing.left_out.items() if name != standing.label}
    name = max(others, key=lambda key: others[key], default="")
    return name if name and others[name] > 0 else "-"


documented(SectorStudy, columns(MONTHS))
