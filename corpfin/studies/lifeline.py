"""Lifeline: is the move to AI a lifeline or a new risk? The company with its contracts, without them, and a year late.

All three run on the same paths, so a difference is the transition's and not the luck of a sample.

**Without the transition** is the counterfactual of :mod:`corpfin.studies.counterfactual`.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.inputs import AsOf, Company, Market, joined
from corpfin.inputs.known import Known
from corpfin.runs.batch import ready
from corpfin.runs.blocks import Job, Measured, PathSum, World
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.difference import Difference
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.scatter import Progress, run_job
from corpfin.runs.simulation import of_job
from corpfin.runs.tally import Key
from corpfin.studies.counterfactual import BALANCE, Balance, Counterfactual, balance, without_transition
from corpfin.studies.paired import Reading, change_columns, level_columns, mean_of, measures
from corpfin.studies.result import Result

WITHOUT = "without"
LATE = "hpc-late-12"
PLANNED = "planned"
SPACE_MULTIPLE = 14.0
"""Value of let space and power over its yearly net operating income. Lower end of the mid-teens (14 to 16) VanEck used
for signed leases in May and June 2026, known from press summaries; the inverse of the 7 % yield quoted for powered
shells."""

CLOUD_MULTIPLE = 2.1
"""Value of computing over its yearly net operating income; the computers wear out with it. Derived: JPMorgan's 19 USD m
per MW at most for integrated GPU clouds (November 2025) over 85 % of a revenue of 10.65 USD m per MW."""

MINING_MULTIPLE = 2.5
"""Value of mining over its yearly EBITDA: an estimate. The inverse of the margin of 40 % on machine price at which the
market file lets miners invest, so that machines are worth what they cost where new ones are just bought."""

ERRORS = 2.0
"""Standard errors beyond which a difference is taken as one."""

POINT = 0.01
"""Smallest change of survival that decides anything."""

VALUE_SHARE = 0.05
"""Smallest change of value per share that decides anything, over the share price at the balance-sheet date."""

Verdict = Literal["lifeline", "new risk", "mixed", "not decisive", "no transition"]
Moved = Literal["gain", "loss", "none"]

SUMS: dict[str, PathSum] = {
    "noi_year": PathSum("noi", "hpc", weights=("ownership",), last=12),
    "ebitda_year": PathSum("ebitda", last=12),
    "noi_gross_year": PathSum("total_hpc_noi", last=12),
    "cloud_noi_year": PathSum("noi", "hpc", weights=("ownership", "gpu_cloud"), last=12),
    "corporate_debt": PathSum("corporate_debt", last=1),
    "in_the_money": PathSum("if_converted_shares", "debt", weights=("conversion_price",), last=1),
    "notes_as_shares": PathSum("notes_as_shares", last=1),
    "excess": PathSum("if_converted_shares", "debt", weights=("conversion_price", "principal_in_cash"), last=1),
    "project_loans": PathSum("loan_balance", "hpc", weights=("ownership",), last=1),
    "prepaid_rent": PathSum("tenant_prepayment", "hpc", weights=("ownership",), last=1),
    "ring_cash": PathSum("ring_cash", "hpc", weights=("ownership",), last=1),
    "btc_value": PathSum("btc_value", last=1),
    "diluted_shares": PathSum("diluted_shares", last=1),
    "raised": PathSum("need_met", until_default=True),
    "not_found": PathSum("unpaid", until_default=True),
}
"""What value per share and funding need are made of; months add up to the horizon."""


@dataclass(frozen=True)
class Multiples:
    """Value of a business over its yearly earnings: NOI of let space, NOI of computing, mining EBITDA [1]."""

    space: float = SPACE_MULTIPLE
    cloud: float = CLOUD_MULTIPLE
    mining: float = MINING_MULTIPLE


CASES = ("with", "without")
"""The cases whose opening balances stand side by side."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Lifeline(Result):
    """The result of :func:`lifeline`.

    ``table`` has one row a company: the verdict, what the transition changes against going without it, and what a
    year's delay changes against the plan.

    ``levels`` has one row for each (company, case) with case ``with``, ``without`` and ``late``: survival with its
    error, median dilution of surviving paths, mean value per share and funding need of all paths. ``survival`` has
    survival by month, columns (company, case).
    """

    levels: pd.DataFrame
    survival: pd.DataFrame

    @property
    def columns(self) -> tuple[Column[Transition], ...]:
        """The columns of the table."""
        return columns(self.months)


VALUE = mean_of(
    "value",
    "USD/share",
    "Value per share",
    "value of a share at the horizon, mean of all paths",
    "mean difference over all paths",
    "value",
    2,
)
FUNDING = mean_of(
    "funding",
    "USD m",
    "Funding need",
    "raised or not found up to the horizon, mean of all paths",
    "mean difference over all paths",
    "funding",
)

VERDICTS, PLAN, DELAY = "verdicts", "plan", "delay"
"""The tables of the page."""


@dataclass(frozen=True)
class Transition:
    """A company with its transition as planned, what that changes, and what a year's delay changes."""

    company: Company
    own: Reading
    change: dict[str, Difference]
    late: dict[str, Difference]
    balances: dict[str, Balance]
    other: Counterfactual | None

    @property
    def moved(self) -> dict[str, Moved]:
        """The verdict of each measure."""
        return moved(self.change, self.company.tables.equity.share_price)

    @property
    def verdict(self) -> Verdict:
        """The verdict on them all."""
        return "no transition" if self.other is None else verdict(self.moved)


def decides(name: str) -> bool:
    """Whether a measure of the differences enters the verdict."""
    return name == "value" or name.startswith("survival_")


def columns(months: int) -> tuple[Column[Transition], ...]:
    """The columns of a lifeline's table over ``months``."""
    compared = measures(months, VALUE, FUNDING)
    survival: list[Column[Transition]] = [
        column.of(lambda found: found.own) for column in level_columns(compared) if column.name.startswith("survival_")
    ]
    return (
        Column(
            "verdict",
            TEXT,
            "Verdict",
            "lifeline, new risk, mixed, not decisive or no transition",
            lambda found: found.verdict,
            places=(Place(VERDICTS, "verdict"),),
        ),
        *(
            Column[Transition](
                f"verdict_{item.name}",
                TEXT,
                f"{item.label}, verdict",
                "gain, loss or none",
                lambda found, name=item.name: found.moved[name],  # type: ignore[misc]
                places=(Place(VERDICTS, item.heading),),
            )
            for item in compared
            if decides(item.name)
        ),
        *survival,
        *change_columns(compared, lambda found: found.change, part=PLAN),
        *change_columns(compared, lambda found: found.late, prefix="late_change_", label="change by delay", part=DELAY),
        Column(
            "share_price",
            "USD/share",
            "Share price",
            "at the balance-sheet date",
            lambda found: found.company.tables.equity.share_price,
        ),
        Column(
            "returned",
            "USD m",
            "Project money returned",
            "what goes back to lenders and tenants without the transition",
            lambda found: found.other.returned if found.other else 0.0,
        ),
        Column(
            "unmet",
            "USD m",
            "Not returned",
            "the part of it that the company's cash does not cover",
            lambda found: found.other.unmet if found.other else 0.0,
        ),
        *(
            Column[Transition](
                f"opening_{case}_{name}",
                "USD m",
                f"{label}, {case}",
                f"opening balance at book, {case} the transition",
                lambda found, case=case, name=name: getattr(found.balances[case], name),  # type: ignore[misc]
            )
            for case in CASES
            for name, label in BALANCE.items()
        ),
    )


documented(Lifeline, columns(MONTHS))


def lifeline(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    multiples: Multiples | None = None,
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
) -> Lifeline:
    """Hold companies with their AI/HPC transition against the same without it and with delivery twelve months late.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``multiples`` value HPC
    and mining; ``known`` says how much of what has happened is seen. A company without HPC contracts differs by exactly
    nothing. Raises ``InputError`` when no company can be used and ``ValueError`` for paths or months below one.
    """
    market, as_of = market_and_date(companies, market, as_of, folder)
    multiples = multiples or Multiples()
    planned = scenario_of(scenario)
    market_case = prepare_market(market, planned, months, known)
    late_case = prepare_market(market, joined([planned, scenario_of(LATE)]), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    moving = [case.company for case in cases if case.company.tables.hpc]
    counterfactuals = {company.ticker: without_transition(company, market_case) for company in moving}
    cases += [replace(prepare_company(item.company, market_case), variant=WITHOUT) for item in counterfactuals.values()]
    balances = {case.label: balance(case, market_case) for case in cases}
    late = [prepare_company(company, late_case) for company in moving]
    pairs = []
    for item in late:
        planned_key = Key(PLANNED, item.ticker)
        pairs += [
            (planned_key, Key(PLANNED, f"{item.ticker} {WITHOUT}")),
            (Key(LATE, item.ticker), planned_key),
        ]
    worlds = {PLANNED: World(market_case, tuple(cases)), LATE: World(late_case, tuple(late))}
    measured = Measured(SUMS, {"value": partial(value_per_share, multiples=multiples), "funding": funding})
    job = Job(worlds, paths, seed, months_kept=False, measured=measured, pairs=pairs, differences=True)
    simulations = of_job(job, run_job(job, threads, executor, progress))
    outcomes = simulations[PLANNED].outcomes
    rows: dict[str, Transition] = {}
    levels: dict[tuple[str, str], Reading] = {}
    survival = {}
    for ticker in [case.ticker for case in cases if not case.variant]:
        own = without = delayed = Reading.of(outcomes[ticker], "value", "funding")
        if ticker in counterfactuals:
            without = Reading.of(outcomes[f"{ticker} {WITHOUT}"], "value", "funding")
            delayed = Reading.of(simulations[LATE].outcomes[ticker], "value", "funding")
        company = outcomes[ticker].case.company
        changes = own.less(without), delayed.less(own)
        opening = {"with": balances[ticker], "without": balances.get(f"{ticker} {WITHOUT}", balances[ticker])}
        rows[ticker] = Transition(company, own, *changes, opening, counterfactuals.get(ticker))
        for name, reading in (("with", own), ("without", without), ("late", delayed)):
            levels[ticker, name] = reading
            survival[ticker, name] = [reading.outcome.survival(month) for month in range(1, months + 1)]
    return Lifeline(
        table=frame(columns(months), rows, "company"),
        failures=failures,
        scenario=planned.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        levels=frame(level_columns(measures(months, VALUE, FUNDING)), levels, ["company", "case"]),
        survival=pd.DataFrame(survival, index=pd.Index(market_case.labels, name="month")),
    )


def value_per_share(lines: Mapping[str, np.ndarray], alive: np.ndarray, multiples: Multiples) -> np.ndarray:
    """Value of a share at the horizon on every path [USD/share, P].

    Cash and bitcoin at market, net operating income of let space and of computing and mining EBITDA (that of the group
    less HPC: all overhead is in it, and it may be negative) of the last twelve months times their ``multiples``, less
    corporate debt, project loans net of their restricted cash and prepaid rent, all projects at the company's share,
    over diluted shares. Convertibles in the money count as shares and not as debt, unless their principal is paid in
    cash. Nothing is left for the shares where debts exceed assets and on a path in default.
    """
    final = {name: array.astype(float) for name, array in lines.items()}
    assets = final["cash"] + final["btc_value"] + final["ring_cash"]
    mining, cloud = final["ebitda_year"] - final["noi_gross_year"], final["cloud_noi_year"]
    business = multiples.space * (final["noi_year"] - cloud) + multiples.cloud * cloud + multiples.mining * mining
    owed = final["corporate_debt"] - (final["in_the_money"] - final["excess"]) - final["notes_as_shares"]
    debts = owed + final["project_loans"] + final["prepaid_rent"]
    value = np.maximum(0.0, assets + business - debts) / final["diluted_shares"]
    return np.where(alive, value, 0.0)


def funding(lines: Mapping[str, np.ndarray], alive: np.ndarray) -> np.ndarray:
    """What is raised on every path up to default or horizon, and what was not found in the month of default [P]."""
    return np.asarray(lines["raised"] + lines["not_found"])


def moved(change: dict[str, Difference], share_price: float) -> dict[str, Moved]:
    """The verdict of each measure by itself: a gain or a loss where the transition moves it, else none.

    A change counts when it is beyond two of its errors and not small: survival to 36 and to 60 months by a point or
    more, value per share by 5 % or more of the ``share_price`` [USD/share].
    """
    found: dict[str, Moved] = {}
    for name, difference in change.items():
        if decides(name):
            least = VALUE_SHARE * share_price if name == "value" else POINT
            counts = difference.beyond(ERRORS) and abs(difference.value) >= least
            found[name] = "none" if not counts else ("gain" if difference.value > 0 else "loss")
    return found


def verdict(measures: dict[str, Moved]) -> Verdict:
    """What the transition is to the company, from its measures, none of which outvotes another.

    A lifeline when some gain and none loses, a new risk when some lose and none gains, mixed when they disagree (a
    company may not live through the building and be worth more if it does), not decisive when none moves. The rule was
    stated before its outcome was looked at.
    """
    gain, loss = ("gain" in measures.values(), "loss" in measures.values())
    if gain and loss:
        return "mixed"
    return "lifeline" if gain else ("new risk" if loss else "not decisive")
