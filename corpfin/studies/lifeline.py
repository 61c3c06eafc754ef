"""Lifeline: is the move to AI a lifeline or a new risk? The company with its contracts, without them, and a year late.

All three run on the same paths, so a difference is the transition's and not the luck of a sample.

**Without the transition** the company has no HPC project: it mines on, keeps the megawatts, owes no project loan and
builds nothing. The opening balance is made consistent so:

- money taken up for a project and not yet built with goes back: for each project, loan outstanding and rent prepaid by
  its tenant, less construction spent, never below zero;
- it comes out of the restricted cash first, then out of the unrestricted; what neither can cover is noted as ``unmet``
  and forgiven. Restricted cash that is left becomes free: there is no loan any more that it could secure;
- what has been built is gone together with the loan it was built with;
- a debt of the parent that a project loan of the same month would have repaid is not repaid early but at its maturity;
- a fleet guided to shrink keeps its hash rate: its megawatts are not wanted for anything else;
- of what is known of the months since, cash, delivery and capital expenditure are left out: they are those of the
  company that builds.

Corporate notes, warrants and share sales stay: they have happened, whatever they were meant for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.engine import openings
from corpfin.inputs import Company, Market, joined
from corpfin.inputs.documents import Key
from corpfin.inputs.known import Known
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Value
from corpfin.runs.batch import ready
from corpfin.runs.cases import MarketCase, prepare_company, prepare_market
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.months import month_number
from corpfin.runs.outcome import Outcome, PathSum
from corpfin.runs.projection import Companies, ScenarioLike, market_of, scenario_of
from corpfin.runs.simulation import Progress, part_of, run_cases
from corpfin.studies.paired import Difference, Reading, change_columns, level_columns, mean_of, measures
from corpfin.studies.result import Result

WITHOUT = "without"
BUILDING = ("cash", "capex", "delivered_mw")
"""What is known of months of a company that would have been another one without its transition."""
LATE = "hpc-late-12"
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

Verdict = Literal["lifeline", "new risk", "not decisive", "no transition"]
Basis = Literal["survival", "value", ""]

SUMS = {
    "noi_year": PathSum("noi", "hpc", weights=("ownership",), last=12),
    "ebitda_year": PathSum("ebitda", last=12),
    "noi_gross_year": PathSum("total_hpc_noi", last=12),
    "cloud_noi_year": PathSum("noi", "hpc", weights=("ownership", "gpu_cloud"), last=12),
    "corporate_debt": PathSum("total_debt_balance", last=1),
    "in_the_money": PathSum("if_converted_shares", "debt", weights=("conversion_price",), last=1),
    "excess": PathSum("if_converted_shares", "debt", weights=("conversion_price", "principal_in_cash"), last=1),
    "project_loans": PathSum("loan_balance", "hpc", weights=("ownership",), last=1),
    "prepaid_rent": PathSum("tenant_prepayment", "hpc", weights=("ownership",), last=1),
    "ring_cash": PathSum("ring_cash", "hpc", weights=("ownership",), last=1),
    "btc_value": PathSum("btc_value", last=1),
    "diluted_shares": PathSum("diluted_shares", last=1),
    "raised": PathSum("funding", until_default=True),
    "not_found": PathSum("unpaid", until_default=True),
}
"""What value per share and funding need are made of; months add up to the horizon."""


@dataclass(frozen=True)
class Multiples:
    """Value of a business over its yearly earnings: NOI of let space, NOI of computing, mining EBITDA [1]."""

    space: float = SPACE_MULTIPLE
    cloud: float = CLOUD_MULTIPLE
    mining: float = MINING_MULTIPLE


@dataclass(frozen=True)
class Counterfactual:
    """A company without its transition; ``returned`` and ``unmet`` as in the module's rule [USD m]."""

    company: Company
    returned: float
    unmet: float


@dataclass(frozen=True, eq=False, kw_only=True)
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

PLAN, DELAY = "plan", "delay"
"""The tables of the page."""


@dataclass(frozen=True)
class Transition:
    """A company with its transition as planned, what that changes, and what a year's delay changes."""

    company: Company
    own: Reading
    change: dict[str, Difference]
    late: dict[str, Difference]
    other: Counterfactual | None

    @property
    def found(self) -> tuple[Verdict, Basis]:
        """The verdict and what decides it."""
        if self.other is None:
            return "no transition", ""
        return verdict(self.change, self.company.tables.equity.share_price)


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
            "lifeline, new risk, not decisive or no transition",
            lambda found: found.found[0],
            lambda row: ": ".join(filter(None, (row["verdict"], row["basis"]))),
            (Place(PLAN, "verdict"),),
        ),
        Column("basis", TEXT, "Decided by", "survival, value or nothing", lambda found: found.found[1]),
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
    market: Market | None = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Lifeline:
    """Hold companies with their AI/HPC transition against the same without it and with delivery twelve months late.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``multiples`` value HPC
    and mining; ``known`` says how much of what has happened is seen. A company without HPC contracts differs by exactly
    nothing. Raises ``InputError`` when no company can be used and ``ValueError`` for paths or months below one.
    """
    market, multiples = market or market_of(companies, folder), multiples or Multiples()
    planned = scenario_of(scenario)
    market_case = prepare_market(market, planned, months, known)
    late_case = prepare_market(market, joined([planned, scenario_of(LATE)]), months, known)
    cases, failures = ready(companies, market, market_case, folder)
    moving = [case.company for case in cases if case.company.tables.hpc]
    counterfactuals = {company.ticker: without_transition(company, market_case) for company in moving}
    cases += [replace(prepare_company(item.company, market_case), variant=WITHOUT) for item in counterfactuals.values()]
    late = [prepare_company(company, late_case) for company in moving]
    parts = len(cases) + len(late)
    run = partial(run_cases, paths=paths, seed=seed, threads=threads, kept=0, sums=SUMS)
    outcomes = run(market_case, cases, progress=part_of(progress, 0, len(cases), parts)).outcomes
    late_outcomes = run(late_case, late, progress=part_of(progress, len(cases), len(late), parts)).outcomes
    rows: dict[str, Transition] = {}
    levels: dict[tuple[str, str], Reading] = {}
    survival = {}
    for ticker in [case.ticker for case in cases if not case.variant]:
        found = {"with": outcomes[ticker]}
        if ticker in counterfactuals:
            found |= {"without": outcomes[f"{ticker} {WITHOUT}"], "late": late_outcomes[ticker]}
        own, *others = [_reading(outcome, months, multiples) for outcome in found.values()]
        without, delayed = others or (own, own)
        company = outcomes[ticker].case.company
        changes = own.less(without), delayed.less(own)
        rows[ticker] = Transition(company, own, *changes, counterfactuals.get(ticker))
        for name, reading in (("with", own), ("without", without), ("late", delayed)):
            outcome = found.get(name, outcomes[ticker])
            levels[ticker, name] = reading
            survival[ticker, name] = [float(outcome.alive(month).mean()) for month in range(1, months + 1)]
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


def without_transition(company: Company, market_case: MarketCase) -> Counterfactual:
    """The company without its transition, by the rule at the head of this module."""
    case = prepare_company(company, market_case)
    before = openings(company_graph(), case.data, openings(market_graph(), market_case.data))
    taken = before["hpc", "opening_loan_balance"] + before["hpc", "opening_tenant_prepayment"]
    returned = float(np.maximum(0.0, taken - before["hpc", "opening_construction_spent"]).sum())
    treasury = company.tables.treasury
    from_rings = min(returned, treasury.restricted_cash)
    from_cash = min(returned - from_rings, treasury.cash)
    values: dict[Key, Value] = {
        ("treasury", None, "cash"): treasury.cash - from_cash + treasury.restricted_cash - from_rings,
        ("treasury", None, "restricted_cash"): 0.0,
    }
    closings = {
        month_number(row.loan_issue_date, company.as_of)
        for row in company.tables.hpc
        if row.loan_issue_date is not None and row.loan_repays_parent
    }
    for debt in company.tables.debt:
        if debt.repaid_date is not None and month_number(debt.repaid_date, company.as_of) in closings:
            values["debt", debt.id, "repaid_date"] = date.max  # never: a figure cannot be taken out, only changed
    for fleet in company.tables.fleet:
        if fleet.target_date is not None and (fleet.target_hashrate or 0.0) < fleet.hashrate:
            values["fleet", fleet.id, "target_hashrate"] = fleet.hashrate
    kept = company.changed(values)
    rows = tuple(_not_building(row) for row in kept.rows if row.table != "hpc")
    tables = kept.tables.model_copy(update={"hpc": []})
    without = replace(kept, rows=rows, tables=tables, origin=None)
    return Counterfactual(without, returned, returned - from_rings - from_cash)


def _not_building(row: Row) -> Row:
    """A row without what is known of a company that builds."""
    if row.table != "known_month":
        return row
    written, valid = (
        {name: value for name, value in found.items() if name not in BUILDING} for found in (row.written, row.valid)
    )
    return replace(row, written=written, valid=valid)


def value_per_share(outcome: Outcome, months: int, multiples: Multiples) -> np.ndarray:
    """Value of a share at the horizon on every path [USD/share, P].

    Cash and bitcoin at market, net operating income of let space and of computing and mining EBITDA (that of the group
    less HPC: all overhead is in it, and it may be negative) of the last twelve months times their ``multiples``, less
    corporate debt, project loans net of their restricted cash and prepaid rent, all projects at the company's share,
    over diluted shares. Convertibles in the money count as shares and not as debt, unless their principal is paid in
    cash. Nothing is left for the shares where debts exceed assets and on a path in default.
    """
    final = {name: array.astype(float) for name, array in outcome.final.items()}
    assets = final["cash"] + final["btc_value"] + final["ring_cash"]
    mining, cloud = final["ebitda_year"] - final["noi_gross_year"], final["cloud_noi_year"]
    business = multiples.space * (final["noi_year"] - cloud) + multiples.cloud * cloud + multiples.mining * mining
    owed = final["corporate_debt"] - (final["in_the_money"] - final["excess"])
    debts = owed + final["project_loans"] + final["prepaid_rent"]
    value = np.maximum(0.0, assets + business - debts) / final["diluted_shares"]
    return np.where(outcome.alive(months), value, 0.0)


def verdict(change: dict[str, Difference], share_price: float) -> tuple[Verdict, Basis]:
    """What the transition is to the company and what decides it, by rule.

    Survival decides first: a change at 36 or 60 months counts when it is beyond two errors and at least a point. A loss
    at either horizon makes the transition a new risk, also where the other shows a gain: a company has to live through
    the building to earn the rent. A gain alone makes it a lifeline. Where survival does not move, value per share
    decides, if it changes by more than two errors and 5 % of the share price; else the transition is not decisive.
    """
    survival = [found for name, found in change.items() if name.startswith("survival")]
    moved = [found.value for found in survival if found.beyond(ERRORS) and abs(found.value) >= POINT]
    if moved:
        return "lifeline" if min(moved) > 0 else "new risk", "survival"
    value = change["value"]
    if value.beyond(ERRORS) and abs(value.value) >= VALUE_SHARE * share_price:
        return "lifeline" if value.value > 0 else "new risk", "value"
    return "not decisive", ""


def _reading(outcome: Outcome, months: int, multiples: Multiples) -> Reading:
    """Survival, dilution, value per share and funding need of one case."""
    needed = outcome.final["raised"] + outcome.final["not_found"]
    return Reading.of(outcome, months, value=value_per_share(outcome, months, multiples), funding=needed)
