"""Watch list: what to look at first, company by company: price against cost, funding, execution.

Read off the central path at the last month that is history, each point with a flag by a stated rule. Funding is held
against a simulation too: money that suffices on the central path may fail on half of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from corpfin.common.columns import TEXT, TRUTH, Column, Place, documented, frame
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.text import amount
from corpfin.engine import exp
from corpfin.inputs import AsOf, Market
from corpfin.inputs.known import Known
from corpfin.lines.constants import DUST_MW
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.outcome import Outcome, survival_columns
from corpfin.runs.projection import Companies, Projection, ScenarioLike, market_and_date, project, scenario_of
from corpfin.runs.scatter import Progress
from corpfin.runs.simulation import run_cases
from corpfin.studies.central import DUE_MONTHS, MEGAWATTS, Central, cost, due_column, equity_column, summed_up
from corpfin.studies.result import Result

Flag = Literal["green", "amber", "red", "none"]

LATE_MONTHS = 6.0
"""Months past a guided delivery that turn execution red: half of the time after which tenants are assumed to be free to
leave [month]."""

FUNDED = 0.9
"""Survival to three years below which funding is not green. A judgement made before a company was looked at: money that
runs out on more than one path in ten is not secured."""

FAILING = 0.5
"""Survival to three years below which funding is red: the company is likelier to fail than not."""

YEARS = (12, 36)
"""Months to which survival is shown; the flag reads the last, as most notes fall due beyond the first [month]."""

DELIVERED_SHARE = 0.5
"""Delivered over leased below which execution is amber: most of the rent is still a promise."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class WatchList(Result):
    """The result of :func:`watch`, read at ``month``.

    ``table`` has one row a company, three flags and what they are read from.

    - ``price_flag``: red when bitcoin stands below the power cost of a coin, amber below its cash cost, green above,
      none without mining.
    - ``funding_flag``: red when liquidity and what the shelf brings in twelve months do not cover the burn of twelve
      months, the corporate principal due in them and the equity to complete, or fewer than half of the paths survive
      three years; amber when liquidity alone does not, both do not cover 24 months, or fewer than 90 % survive; else
      green.
    - ``execution_flag``: red when the equity to complete exceeds liquidity or a delivery is six months overdue; amber
      when there is any or less than half is delivered; green otherwise, none without contracts.
    """

    month: str

    @property
    def columns(self) -> tuple[Column[Watched], ...]:
        """The columns of the table."""
        return columns(self.months)


@dataclass(frozen=True)
class Watched:
    """The central path of a company and its simulation."""

    central: Central
    outcome: Outcome

    @property
    def survival(self) -> float:
        """Share of paths not in default after three years, or at the end of a shorter run."""
        return self.outcome.survival(min(YEARS[-1], self.outcome.months))


def watch(
    companies: Companies = None,
    scenario: ScenarioLike = "base",
    *,
    paths: int = DIFFERENCE_PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> WatchList:
    """The watch list; ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first.

    Equity to complete is asked for within ``months``; survival is that of ``paths`` paths; ``known`` says how much of
    what has happened is seen. Raises ``InputError`` when no company can be used and ``ValueError`` for paths or months
    below one.
    """
    market, as_of = market_and_date(companies, market, as_of, folder)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    simulation = run_cases(market_case, cases, paths=paths, seed=seed, threads=threads, progress=progress)
    rows = {}
    for case in cases:
        projection = project(case.company, market_case.scenario, months=months, market=market, known=known)
        rows[case.ticker] = Watched(Central(projection), simulation.outcomes[case.label])
    return WatchList(
        table=frame(columns(months), rows, "company"),
        failures=failures,
        scenario=market_case.scenario.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        month=market_case.labels[market_case.now],
    )


def price_flag(btc_price: float, power_cost: float, cash_cost: float) -> Flag:
    """Bitcoin against the cost of mining one [USD/BTC]; costs are 0 where nothing is mined."""
    if power_cost <= 0:
        return "none"
    if btc_price < power_cost:
        return "red"
    return "amber" if btc_price < cash_cost else "green"


def funding_flag(
    liquidity: float,
    shelf: float,
    shelf_month: float,
    burn: float,
    due_12: float,
    due_24: float,
    to_complete: float,
    survival: float,
) -> Flag:
    """Liquidity and shelf against burn a month, principal due and equity to complete [USD m]; share that survives."""
    year, two_years = 12 * burn + due_12 + to_complete, 24 * burn + due_24 + to_complete
    if liquidity + min(shelf, 12 * shelf_month) < year or survival < FAILING:
        return "red"
    short = liquidity < year or liquidity + min(shelf, 24 * shelf_month) < two_years
    return "amber" if short or survival < FUNDED else "green"


def execution_flag(leased: float, delivered: float, overdue: float, to_complete: float, liquidity: float) -> Flag:
    """Delivery [MW], months overdue and money for what is left [USD m]."""
    if leased <= 0:
        return "none"
    if to_complete > liquidity or overdue >= LATE_MONTHS:
        return "red"
    return "amber" if to_complete > 0 or delivered < DELIVERED_SHARE * leased else "green"


def _delivery(p: Projection, now: int) -> tuple[float, float]:
    """Months a guided delivery is overdue at the end of ``now``, counted from 0, and months to the last guided one.

    The first counts where nothing is delivered by then, the last where not everything is.
    """
    inputs = p.case.data.openings["hpc"]
    delivered, leased = p["hpc", "delivered_mw"][:, now], inputs["leased_mw"]
    month, unfinished = now + 1, leased - delivered > DUST_MW
    guided = np.where(delivered > 0, inputs["full_delivery_month"], inputs["first_delivery_month"])
    overdue = np.where(unfinished, month - guided, 0.0)
    to_go = np.where(unfinished, inputs["full_delivery_month"] - month, 0.0)
    return float(np.max(overdue, initial=0.0)), float(np.max(to_go, initial=0.0))


def _slip(p: Projection) -> float:
    """Mean delay of the project with most time to go, as the draws have it under the scenario [month]."""
    factors, projects = p.case.randomness, p.case.projects
    mean_share = (1 - factors.slip_on_time) * factors.slip_median * exp(factors.slip_sigma**2 / 2)
    slips = mean_share * np.array([max(project.remaining_months, 0.0) for project in projects])
    p.market_case.shock({"slip": slips}, projects)  # shocks add, multiply or set: they act on a mean as on a draw
    return float(np.max(slips, initial=0.0))


def _ring_money(p: Projection, now: int) -> float:
    """Restricted cash of the rings and loans still to close, net of fees and of what they pay the parent [USD m]."""
    loans = (p["hpc", "loan_issued"] - p["hpc", "loan_cost"] - p["hpc", "closing_distribution"])[:, now + 1 :]
    return float(p["hpc", "ring_cash"][:, now].sum() + loans.sum())


PRICE, FUNDING, EXECUTION, SURVIVAL = "PRICE", "FUNDING", "EXECUTION", "SURVIVAL"
"""The tables of the page, one a flag, and what the flag of funding reads too."""


def _price(c: Central) -> Flag:
    return price_flag(c.summary("btc_price"), c.summary("power_cost_per_btc"), c.summary("cash_cost_per_btc"))


def _funding(watched: Watched) -> Flag:
    c = watched.central
    money = c.summary("liquidity"), c.at("atm_remaining"), c.at("atm_capacity"), c.summary("burn")
    return funding_flag(*money, c.due(DUE_MONTHS // 2), c.due(DUE_MONTHS), c.to_complete, watched.survival)


def _execution(c: Central) -> Flag:
    overdue, _ = _delivery(c.projection, c.now)
    return execution_flag(
        c.summary("leased_mw"), c.summary("delivered_mw_now"), overdue, c.to_complete, c.summary("liquidity")
    )


def _window(c: Central) -> bool:
    after = min(c.now + 1, len(c.projection.labels) - 1)
    return bool(c.projection["credit_open"][after] > 0)


def _may_roll(c: Central) -> bool:
    return bool(c.at("leverage") <= c.projection.market_case.market.tables.finance.refinancing_leverage)


def _flag(name: str, part: str, meaning: str, read: Callable[[Watched], Flag]) -> Column[Watched]:
    return Column(f"{name}_flag", TEXT, f"{name.capitalize()} flag", meaning, read, places=(Place(part, ""),))


def _shown(
    name: str, unit: str, label: str, meaning: str, read: Callable[[Central], float], *places: Place
) -> Column[Central]:
    return Column(name, unit, label, meaning, read, lambda row: amount(row[name]), places)


_LEASED, _DELIVERED = (Place(EXECUTION, heading) for heading in ("leased", "delivered"))
_CENTRAL: tuple[Column[Central], ...] = (
    summed_up("btc_price", "USD/BTC", "Bitcoin price, month's mean", "mean of the month", (Place(PRICE, "price"),)),
    cost("power_cost_per_btc", "Power cost per bitcoin", "electricity alone", (Place(PRICE, "power"),)),
    cost("cash_cost_per_btc", "Cash cost per bitcoin", "with site and overhead", (Place(PRICE, "cash cost"),)),
    _shown(
        "jpm_production_cost",
        "USD/BTC",
        "Production cost, JPMorgan method",
        "JPMorgan's cost of all miners, an electricity average",
        lambda c: c.at("jpm_production_cost"),
        Place(PRICE, "JPMorgan"),
    ),
    _shown(
        "cash", "USD m", "Unrestricted cash", "without that of projects", lambda c: c.at("cash"), Place(FUNDING, "cash")
    ),
    summed_up(
        "liquidity", "USD m", "Liquidity", "liquid now", (Place(FUNDING, "liquid"), Place(EXECUTION, "liquid", order=1))
    ),
    _shown(
        "shelf",
        "USD m",
        "Shelf",
        "shares that may be sold at the market now",
        lambda c: c.at("atm_remaining"),
        Place(FUNDING, "shelf"),
    ),
    _shown(
        "shelf_month",
        "USD m",
        "Shelf, a month",
        "what the market takes of it in a month",
        lambda c: c.at("atm_capacity"),
        Place(FUNDING, "a month"),
    ),
    due_column(DUE_MONTHS // 2, "due 12", FUNDING),
    due_column(DUE_MONTHS, "due 24", FUNDING),
    equity_column((Place(FUNDING, "equity"),)),
    _shown("burn", "USD m", "Cash burn", "a month", lambda c: c.summary("burn"), Place(FUNDING, "burn")),
    Column(
        "may_roll",
        TRUTH,
        "Leverage lets debt roll",
        "leverage allows refinancing, if the window is open",
        _may_roll,
        lambda row: "yes" if row["may_roll"] and row["window_open"] else "no",
        (Place(FUNDING, "rolls"),),
    ),
    Column(
        "window_open",
        TRUTH,
        "Credit window open",
        "credit is to be had in the first month that is not history",
        _window,
    ),
    *(replace(column, places=(place,)) for column, place in zip(MEGAWATTS, (_DELIVERED, _LEASED), strict=True)),
    _shown(
        "overdue",
        "month",
        "Overdue",
        "months since the guided first delivery of a project that has delivered nothing, or since the guided last "
        "one of a project not fully delivered",
        lambda c: _delivery(c.projection, c.now)[0],
        Place(EXECUTION, "overdue"),
    ),
    _shown(
        "to_go",
        "month",
        "To go",
        "months to the last guided delivery",
        lambda c: _delivery(c.projection, c.now)[1],
        Place(EXECUTION, "to go"),
    ),
    _shown(
        "slip_expected",
        "month",
        "Delay expected",
        "mean delay the model draws for the last project under the scenario",
        lambda c: _slip(c.projection),
        Place(EXECUTION, "slip"),
    ),
    _shown(
        "left_to_build",
        "USD m",
        "Left to build",
        "construction still to be paid after the month",
        lambda c: float(c.projection["hpc", "left_to_build"][:, c.now].sum()),
        Place(EXECUTION, "to build"),
    ),
    _shown(
        "ring_money",
        "USD m",
        "Money in the rings",
        "cash in the rings and loans still to close, fees and what they pay out deducted",
        lambda c: _ring_money(c.projection, c.now),
        Place(EXECUTION, "ring money"),
    ),
)
"""Columns of the central path."""


def _central(watched: Watched) -> Central:
    return watched.central


def columns(months: int) -> tuple[Column[Watched], ...]:
    """The columns of a table over so many months."""
    flags = (
        _flag("price", PRICE, "flag of bitcoin against the cost of mining one", lambda w: _price(w.central)),
        _flag("funding", FUNDING, "flag of money against what is asked of it, and of survival", _funding),
        _flag("execution", EXECUTION, "flag of delivery and the money for it", lambda w: _execution(w.central)),
    )
    survival = survival_columns(min(months, YEARS[-1]), YEARS[:-1], SURVIVAL)
    alive: list[Column[Watched]] = [column.of(lambda watched: watched.outcome) for column in survival]
    return (*flags, *(column.of(_central) for column in _CENTRAL), *alive)


documented(WatchList, columns(MONTHS))
