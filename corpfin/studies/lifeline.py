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
- a fleet guided to shrink keeps its hash rate: its megawatts are not wanted for anything else.

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

from corpfin.engine import openings
from corpfin.inputs import Company, Failure, Market, joined, load_market
from corpfin.inputs.schema import Value
from corpfin.studies.batch import Companies, gather, prepare_batch
from corpfin.studies.model import (
    MONTHS,
    MarketCase,
    company_graph,
    market_graph,
    month_number,
    prepare_company,
    prepare_market,
)
from corpfin.studies.paired import (
    NOTHING,
    Difference,
    columns_of,
    horizons_within,
    markdown,
    mean_difference,
    share_difference,
)
from corpfin.studies.projection import ScenarioLike, scenario_of
from corpfin.studies.sensitivity import Key, changed
from corpfin.studies.simulation import Outcome, PathSum, Progress, part_of, run_cases

PATHS = 4_096
"""Paths unless another number is asked for."""

HORIZONS = (36, 60)
WITHOUT = "without"
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
    "in_the_money": PathSum("convertible_shares", "debt", weights=("conversion_price",), last=1),
    "excess": PathSum("convertible_shares", "debt", weights=("conversion_price", "principal_in_cash"), last=1),
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


@dataclass(frozen=True, eq=False)
class Lifeline:
    """The result of :func:`lifeline`; ``failures`` says by name why a company is missing.

    ``table`` has one row a company: ``verdict`` and its ``basis`` (survival or value); ``survival_36``, ``survival_60``
    with the transition; what the transition changes against going without it as ``change_x`` with ``error_x`` for x of
    ``survival_36``, ``survival_60`` [1], ``dilution`` [1, paths that survive both ways], ``value`` [USD/share],
    ``funding`` [USD m raised or not found]; the same for a year's delay against the plan as ``late_change_x`` and
    ``late_error_x``; ``returned`` and ``unmet`` of the counterfactual [USD m].

    ``levels`` has one row for each (company, case) with case ``with``, ``without`` and ``late``: survival, mean
    dilution, value per share and funding need. ``survival`` has survival by month, columns (company, case).
    """

    table: pd.DataFrame
    levels: pd.DataFrame
    survival: pd.DataFrame
    scenario: str
    paths: int
    seed: int
    failures: dict[str, Failure]

    def to_markdown(self) -> str:
        """The table in Markdown."""
        return markdown(self.table)

    def to_csv(self, file: Path | str) -> None:
        """Write the table as CSV; ``OSError`` if it cannot be written."""
        self.table.to_csv(file, lineterminator="\n")


@dataclass(frozen=True)
class Reading:
    """One case of a company, by path [P]: survival by horizon and by month, dilution, value, funding need."""

    alive: dict[int, np.ndarray]
    by_month: np.ndarray
    dilution: np.ndarray
    value: np.ndarray
    funding: np.ndarray

    @classmethod
    def of(cls, outcome: Outcome, months: int, multiples: Multiples) -> Reading:
        """What is kept of a simulation."""
        return cls(
            {horizon: outcome.alive(horizon) for horizon in horizons_within(months, HORIZONS)},
            np.array([outcome.alive(month).mean() for month in range(1, months + 1)]),
            outcome.final["dilution"],
            value_per_share(outcome, months, multiples),
            outcome.final["raised"] + outcome.final["not_found"],
        )

    @property
    def survivors(self) -> np.ndarray:
        """Which paths [P] survive to the longest horizon."""
        return self.alive[max(self.alive)]

    def levels(self) -> dict[str, float]:
        """The figures of the case itself: survival, and means of the others over all paths."""
        return {
            **{f"survival_{horizon}": float(alive.mean()) for horizon, alive in self.alive.items()},
            "dilution": float(self.dilution.mean()),
            "value": float(self.value.mean()),
            "funding": float(self.funding.mean()),
        }

    def less(self, other: Reading) -> dict[str, Difference]:
        """The differences from another case; exactly nothing from itself."""
        names = [*(f"survival_{horizon}" for horizon in self.alive), "dilution", "value", "funding"]
        if self is other:
            return dict.fromkeys(names, NOTHING)
        both = self.survivors & other.survivors
        found = [share_difference(alive, other.alive[horizon]) for horizon, alive in self.alive.items()]
        found.append(mean_difference(self.dilution[both], other.dilution[both]))
        found.append(mean_difference(self.value, other.value))
        found.append(mean_difference(self.funding, other.funding))
        return dict(zip(names, found, strict=True))


def lifeline(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    multiples: Multiples | None = None,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    progress: Progress | None = None,
) -> Lifeline:
    """Hold companies with their AI/HPC transition against the same without it and with delivery twelve months late.

    ``companies`` None stands for all that are known by ticker. ``multiples`` value HPC and mining. A company without
    HPC contracts differs by exactly nothing. Raises ``InputError`` when no company can be used.
    """
    market, multiples = market or load_market(), multiples or Multiples()
    planned = scenario_of(scenario)
    market_case = prepare_market(market, planned, months)
    late_case = prepare_market(market, joined([planned, scenario_of(LATE)]), months)
    found, failures = gather(companies, market)
    cases, unfit = prepare_batch(found, market_case)
    failures |= unfit
    moving = [case.company for case in cases if case.company.tables.hpc]
    counterfactuals = {company.ticker: without_transition(company, market_case) for company in moving}
    cases += [replace(prepare_company(item.company, market_case), variant=WITHOUT) for item in counterfactuals.values()]
    late = [prepare_company(company, late_case) for company in moving]
    parts = len(cases) + len(late)
    run = partial(run_cases, paths=paths, seed=seed, threads=threads, kept=0, sums=SUMS)
    outcomes = run(market_case, cases, progress=part_of(progress, 0, len(cases), parts)).outcomes
    late_outcomes = run(late_case, late, progress=part_of(progress, len(cases), len(late), parts)).outcomes
    rows, levels, survival = {}, {}, {}
    for ticker in [case.ticker for case in cases if not case.variant]:
        own = Reading.of(outcomes[ticker], months, multiples)
        without = delayed = own
        if ticker in counterfactuals:
            without = Reading.of(outcomes[f"{ticker} {WITHOUT}"], months, multiples)
            delayed = Reading.of(late_outcomes[ticker], months, multiples)
        rows[ticker] = _row(outcomes[ticker].case.company, own, without, delayed, counterfactuals.get(ticker))
        for name, reading in (("with", own), ("without", without), ("late", delayed)):
            levels[ticker, name] = reading.levels()
            survival[ticker, name] = reading.by_month
    return Lifeline(
        pd.DataFrame.from_dict(rows, orient="index").rename_axis("company"),
        pd.DataFrame(levels).T.rename_axis(["company", "case"]),
        pd.DataFrame(survival, index=pd.Index(market_case.labels, name="month")),
        planned.name,
        paths,
        seed,
        failures,
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
    kept = changed(company, values)
    rows = tuple(row for row in kept.rows if row.table != "hpc")
    tables = kept.tables.model_copy(update={"hpc": []})
    return Counterfactual(replace(kept, rows=rows, tables=tables), returned, returned - from_rings - from_cash)


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


def _row(
    company: Company, own: Reading, without: Reading, delayed: Reading, other: Counterfactual | None
) -> dict[str, object]:
    change = own.less(without)
    late = {f"late_{name}": number for name, number in columns_of(delayed.less(own)).items()}
    found = ("no transition", "") if other is None else verdict(change, company.tables.equity.share_price)
    return {
        "verdict": found[0],
        "basis": found[1],
        **{f"survival_{horizon}": float(alive.mean()) for horizon, alive in own.alive.items()},
        **columns_of(change),
        **late,
        "returned": other.returned if other else 0.0,
        "unmet": other.unmet if other else 0.0,
    }
