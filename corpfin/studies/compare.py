"""Compare: all companies on the same paths, one row a company.

What an analyst holds side by side: survival and dilution from the simulation; costs, runway, equity to complete, debt
due from the file and the central path, at the last month that is history.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.common.columns import Column, Place, Row, documented, frame
from corpfin.common.defaults import MONTHS, PATHS
from corpfin.common.text import amount, share, whole
from corpfin.inputs import AsOf, Failure, InputError, Market, Problem, nearest_name
from corpfin.inputs.known import Known
from corpfin.lines.constants import RUNWAY_CAP
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.difference import NOTHING, Difference
from corpfin.runs.outcome import (
    DEFAULT_MONTH,
    DILUTION,
    DILUTION_95,
    FIRST_UNPAID_BILL,
    NO_CREDIT_EVENT,
    NO_CREDIT_EVENT_ERROR,
    Outcome,
    failure_columns,
    survival_columns,
)
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, project, scenario_of
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.runs.scatter import Progress, part_of
from corpfin.runs.schedule import principal_due
from corpfin.runs.simulation import Simulation, run_cases
from corpfin.studies.central import (
    DUE_MONTHS,
    MEGAWATTS,
    Central,
    cost,
    due_column,
    equity_column,
    pipeline_cost,
    summed_up,
)
from corpfin.studies.paired import change_columns, median, survival, survival_difference
from corpfin.studies.result import Result, known_name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparison(Result):
    """The result of :func:`compare`.

    ``maturities`` holds principal due by year, rows (company, ``corporate`` or ``projects``) as :func:`principal_due`
    says [USD m]. ``differences`` holds survival less that of ``reference``, with the error of the difference.
    ``table`` has one row a company (index ``company``).
    """

    simulation: Simulation = field(repr=False)
    maturities: pd.DataFrame
    reference: str
    differences: pd.DataFrame

    @property
    def columns(self) -> tuple[Column[Compared], ...]:
        """The columns of the table."""
        return columns(self.months)

    def first_to_fail(self) -> pd.DataFrame:
        """The table in the order in which companies fail: by probability of default by a year, then by median month.

        Companies that fail on no path come last.
        """
        soon = horizons(self.months, HORIZONS)[0]
        return self.table.sort_values([f"failure_{soon}", "default_month"], ascending=[False, True], kind="stable")

    def against(self, reference: str) -> pd.DataFrame:
        """Survival of every company less that of ``reference`` on the same paths, with the error of the difference.

        ``KeyError`` with the nearest name for a company that is not in the comparison.
        """
        return survival_differences(self.simulation, reference)


@dataclass(frozen=True)
class Compared:
    """A company's simulated paths and its central path."""

    outcome: Outcome
    central: Central


OUTCOME, FIRST, MONEY, DIFFERENCES = "outcome", "first", "money", "differences"
"""The tables of the page."""

THOUSAND = 1000.0


def _sold_share(outcome: Outcome) -> float:
    sold = outcome.sample["btc_sold_total"]
    at_hand = sold + outcome.sample["btc"]
    return median(sold[at_hand > 0] / at_hand[at_hand > 0])


def _built(name: str, row: Row) -> str:
    """Megawatts of a company with contracts, a dash without."""
    return amount(row[name]) if row["leased_mw"] > 0 else "-"


def columns(months: int) -> tuple[Column[Compared], ...]:
    """The columns of a comparison's table over ``months``."""
    soon = horizons(months, HORIZONS)[0]
    simulated = (
        *survival_columns(months, HORIZONS, OUTCOME, "Survival"),
        replace(DILUTION, places=(Place(OUTCOME, "dilution"),), sheet="Dilution"),
        replace(DILUTION_95, places=(Place(OUTCOME, "95 %"),), sheet="Dilution"),
        *failure_columns(soon, (Place(FIRST, f"by month {soon}"),), "Survival"),
        replace(DEFAULT_MONTH, places=(Place(FIRST, "default month"),), sheet="Survival"),
        replace(
            FIRST_UNPAID_BILL, places=(Place(OUTCOME, "first unpaid"), Place(FIRST, "first unpaid")), sheet="Survival"
        ),
    )
    sold = Column[Outcome](
        "btc_sold_share",
        "1",
        "Bitcoin sold, share",
        "bitcoin sold over bitcoin held and mined to the horizon, median path",
        _sold_share,
        lambda row: share(row["btc_sold_share"]),
        (Place(MONEY, "sold"),),
        "Dilution",
    )
    built = {"leased_mw": (Place(MONEY, "leased"),), "delivered_mw": (Place(MONEY, "deliv"),)}
    central = (
        replace(
            summed_up("runway", "month", "Runway", "months the money lasts", (Place(MONEY, "runway"),), "Liquidity"),
            show=lambda row: f"{whole(row['runway'])}{'+' if row['runway'] >= RUNWAY_CAP else ''}",
        ),
        summed_up("btc_price", "USD/BTC", "Bitcoin price, month's mean", "mean of the month", (), "Costs"),
        cost("power_cost_per_btc", "Power cost per bitcoin", "electricity alone", (Place(MONEY, "power"),), THOUSAND),
        cost("cash_cost_per_btc", "Cash cost per bitcoin", "with site and overhead", (Place(MONEY, "cash"),), THOUSAND),
        cost(
            "all_in_cost_per_btc",
            "All-in cost per bitcoin",
            "with depreciation, interest and pay in shares too",
            (Place(MONEY, "all-in"),),
            THOUSAND,
        ),
        summed_up("liquidity", "USD m", "Liquidity", "liquid now", (Place(MONEY, "liquid"),), "Liquidity"),
        due_column(DUE_MONTHS, "due 24", MONEY),
        equity_column((Place(MONEY, "equity"),)),
        Column[Central](
            "equity_with_pipeline",
            "USD m",
            "Equity with pipeline",
            "the same plus the uncontracted megawatts the company talks of at the default cost per MW; nan if it gives "
            "none",
            lambda c: c.to_complete + pipeline_cost(c.company, c.projection.market_case.market),
            lambda row: amount(row["equity_with_pipeline"]),
            (Place(MONEY, "pipe"),),
            "Liquidity",
        ),
        *(replace(column, show=partial(_built, column.name), places=built[column.name]) for column in MEGAWATTS),
        Column[Central](
            "delivered_share",
            "1",
            "Delivered over leased",
            "nan without contracts",
            lambda c: c.summary("delivered_mw_now") / c.summary("leased_mw") if c.summary("leased_mw") > 0 else np.nan,
            sheet="Capacity",
        ),
    )
    spotless = (
        replace(
            NO_CREDIT_EVENT,
            show=lambda row: share(row["no_credit_event"]).removesuffix(" %"),
            places=(Place(MONEY, "no ev"),),
            sheet="Survival",
        ),
        replace(NO_CREDIT_EVENT_ERROR, sheet="Survival"),
    )
    return (
        *(column.of(lambda found: found.outcome) for column in simulated),
        *(column.of(lambda found: found.central) for column in central),
        *(column.of(lambda found: found.outcome) for column in (sold, *spotless)),
    )


documented(Comparison, columns(MONTHS))


def compare(
    companies: Simulation | Companies = None,
    scenario: ScenarioLike = "base",
    *,
    reference: str | None = None,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Hold companies side by side on the same paths, or those of a simulation already run.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``reference`` is the
    ticker that differences are taken from, the company most likely to survive when None. ``known`` says how much of
    what has happened is seen. Raises ``InputError`` when no company can be used or the reference is none of them,
    ``ValueError`` for paths or months below one.
    """
    failures: dict[str, Failure] = {}
    if isinstance(companies, Simulation):
        simulation = companies
        reference = _reference(reference, list(simulation.outcomes))
    else:
        market, as_of = market_and_date(companies, market, as_of, folder)
        market_case = prepare_market(market, scenario_of(scenario), months, known)
        cases, failures = ready(companies, market, market_case, as_of, folder)
        reference = _reference(reference, [case.label for case in cases])
        simulation = run_cases(
            market_case,
            cases,
            paths=paths,
            seed=seed,
            threads=threads,
            executor=executor,
            progress=part_of(progress, 0, 1, 2),
        )
    step = part_of(progress, 1, 1, 2)
    rows: dict[str, Compared] = {}
    maturities = {}
    for number, (label, outcome) in enumerate(simulation.outcomes.items(), start=1):
        company, case = outcome.case.company, simulation.market_case
        central = project(company, case.scenario, months=simulation.months, market=case.market, known=case.known)
        rows[label] = Compared(outcome, Central(central))
        maturities[label] = principal_due(central)
        if step:
            step(number, len(simulation.outcomes))
    table = frame(columns(simulation.months), rows, "company")
    due = pd.concat(maturities, names=["company", "debt"]).fillna(0.0)
    survived = [f"survival_{horizon}" for horizon in horizons(simulation.months, HORIZONS)]
    best = reference or str(table[survived].sum(axis=1).idxmax())
    return Comparison(
        table=table,
        failures=failures,
        scenario=simulation.market_case.scenario.name,
        known=simulation.market_case.known,
        months=simulation.months,
        paths=simulation.paths,
        seed=simulation.seed,
        simulation=simulation,
        maturities=due[sorted(due, key=str)],
        reference=best,
        differences=survival_differences(simulation, best),
    )


def survival_differences(simulation: Simulation, reference: str) -> pd.DataFrame:
    """Survival less that of ``reference``: ``change_survival_12`` and its error and so on, a row a company [1].

    ``KeyError`` with the nearest name for a company that was not simulated.
    """
    known_name(reference, simulation.outcomes, "simulated company")
    base = simulation.outcomes[reference]
    rows: dict[str, dict[str, Difference]] = {}
    for label, outcome in simulation.outcomes.items():
        rows[label] = {
            f"survival_{month}": NOTHING if outcome is base else survival_difference(outcome.against(base), month)
            for month in horizons(simulation.months, HORIZONS)
        }
    return frame(difference_columns(simulation.months), rows, "company")


def difference_columns(months: int) -> list[Column[dict[str, Difference]]]:
    """The columns of the differences over ``months``."""
    compared = (replace(survival(month), heading=f"{month} months") for month in horizons(months, HORIZONS))
    return change_columns(tuple(compared), lambda found: found, part=DIFFERENCES)


def _reference(reference: str | None, labels: list[str]) -> str | None:
    """The reference as its company is labelled; ``InputError`` when it is none of them."""
    if reference is None or reference in labels:
        return reference
    if reference.upper() in labels:
        return reference.upper()
    near = nearest_name(reference, labels)
    message = "is none of the companies compared"
    raise InputError([Problem("compare", "reference", reference, message, ", ".join(labels), near)])
