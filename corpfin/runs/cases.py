"""The cases of a run: the market under a scenario and the companies in it, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path

import numpy as np

from corpfin.common.defaults import MONTHS
from corpfin.common.numbers import whole_number
from corpfin.common.same import Same
from corpfin.engine import Data, EvaluationError, interpret
from corpfin.inputs import Company, InputError, Market, Problem, Scenario, protocol
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import drawn_by
from corpfin.inputs.find import other_date
from corpfin.inputs.known import KNOWN, Known
from corpfin.inputs.market import MarketTables, ScenarioHead, ScenarioTables
from corpfin.inputs.rows import layout
from corpfin.paths import CompanyRandomness, DrawShock, MarketRandomness, Project, apply, central_market
from corpfin.paths.company import NEVER_CLOCK
from corpfin.runs.capacity import with_capacity
from corpfin.runs.declared import company_inputs, market_inputs, members, timeless
from corpfin.runs.figures import by_month, parameters, price_process
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.known import Figures, check_months, facts, figures
from corpfin.runs.months import first_month, month_labels, month_number, month_span
from corpfin.runs.shocks import Shocks, raise_all


@dataclass(frozen=True)
class MarketCase:
    """The market under a scenario, as figures: ``labels`` [M] names the months, the first ``history`` are past.

    ``known`` says how much of what has happened is seen.
    """

    market: Market
    scenario: Scenario
    labels: tuple[str, ...]
    data: Data
    randomness: MarketRandomness
    shocks: Shocks
    known: Known = "all"

    @property
    def history(self) -> int:
        """Number of projected months that are history."""
        return self.randomness.known

    @property
    def now(self) -> int:
        """The last month that is history, counted from 0; the first month when none is."""
        return max(self.history, 1) - 1

    @property
    def inert(self) -> str:
        """Why the scenario changes nothing in this run; empty where it changes something."""
        return self.shocks.inert(timeless())

    @property
    def touched(self) -> int:
        """The first month after history that the scenario touches, counted from 0; see :attr:`Shocks.first`."""
        return self.shocks.first

    @cached_property
    def draw_shocks(self) -> tuple[DrawShock, ...]:
        """The scenario's shocks to what is drawn; paths start from the central one."""
        return self.shocks.draws(central_market(self.randomness) if self.shocks.has_path else {})

    def shock(self, draws: Mapping[str, np.ndarray], projects: Sequence[Project] = ()) -> None:
        """Apply the scenario to draws of the market, or of a company with these ``projects``, in place.

        ``InputError`` for a shock that cannot be applied or leads out of range.
        """
        try:
            apply(self.draw_shocks, draws, self.labels, self.history, [project.building for project in projects])
        except ValueError as error:
            raise InputError([Problem(self.scenario.file.name, "", None, f"{error}")]) from None


UNSHOCKED = Scenario(
    Path("unshocked"),
    ScenarioTables(scenario=ScenarioHead(name="unshocked", story="The files as they stand."), shock=[]),
)
"""No scenario: what is known is held against the company as its file has it."""


@dataclass(frozen=True)
class CompanyCase:
    """One company under a scenario, as figures; ``variant`` names a changed one beside the original."""

    company: Company
    data: Data
    randomness: CompanyRandomness
    projects: tuple[Project, ...]
    variant: str = ""

    @property
    def ticker(self) -> str:
        """Stock ticker; the draws are the same for every variant."""
        return self.company.ticker

    @property
    def label(self) -> str:
        """Name of the case in results: the ticker, and the variant."""
        return f"{self.ticker} {self.variant}".strip()


def prepare_market(
    market: Market, scenario: Scenario, months: int = MONTHS, known: Known = "all", *, inert: bool = False
) -> MarketCase:
    """Turn market file and scenario into figures of ``months`` months; ``known`` says what of history is seen.

    ``InputError`` for shocks that do not fit or lead out of a field's limits and, unless it may be ``inert``, for a
    scenario none of whose months is one of the run's; ``ValueError`` for months below one and for another word than
    ``none``, ``market`` and ``all``.
    """
    months = whole_number("months", months, 1)
    if known not in KNOWN:
        raise ValueError(f"known is {known!r}; it must be one of {', '.join(KNOWN)}")
    market = with_capacity(market)
    tables = market.tables
    as_of = market.as_of
    labels = tuple(month_labels(as_of, months))
    past = tables.known_month[:months] if known != "none" else []
    history = {row.month: row for row in past}
    spans = [month_span(as_of, number) for number in range(1, months + 1)]
    subsidy, share_before_halving = protocol.by_month(tables.network.halving_date, spans)
    series = {
        "days": [last.day for _, last in spans],
        "month_number": range(1, months + 1),
        "subsidy_before_halving": subsidy,
        "share_before_halving": share_before_halving,
        "is_history": [float(label in history) for label in labels],
        "known_hashrate": [history[label].hashrate if label in history else 0.0 for label in labels],
        "known_fees": [(history[label].fees_per_block or 0.0) if label in history else 0.0 for label in labels],
    }
    shocks = Shocks(scenario, labels, len(past), _halving_after(len(past), market))
    shocks.check_months(timeless())
    if not inert and (why := shocks.inert(timeless())):
        raise InputError([Problem(scenario.file.name, "scenario", scenario.name, f"{why}; run more months (--months)")])
    data, problems = by_month(market, market_inputs(), members(tables), as_of, months, shocks, series)
    problems += shocks.nowhere(market, layout(MarketTables))
    price = parameters(market, "price", shocks, problems)
    factors = parameters(market, "factors", shocks, problems)
    raise_all(problems)
    randomness = MarketRandomness(
        months=months,
        start=tables.price.btc_close,
        process=price_process(market, price),
        ai_volatility=factors["ai_volatility"],
        ai_btc_correlation=factors["ai_btc_correlation"],
        power_volatility=factors["power_volatility"],
        power_persistence=factors["power_persistence"],
        window_closes=factors["window_closes"],
        window_opens=factors["window_opens"],
        window_ai_beta=factors["window_ai_beta"],
        known_mean=tuple(row.price_mean for row in past),
        known_end=tuple(row.price_end for row in past),
        known_ai=tuple(row.ai_return or 0.0 for row in past),
        known_power=tuple(row.power_index or 1.0 for row in past),
        known_open=tuple(float(row.credit_open is not False) for row in past),
    )
    return MarketCase(market, scenario, labels, data, randomness, shocks, known)


@contextmanager
def said_of_files(market: Market, scenario: Scenario, *companies: Company) -> Iterator[None]:
    """Say of the files that were given what a line says of its figures when it has no value for them."""
    try:
        yield
    except EvaluationError as error:
        files = ", ".join(file.name for file in [*(company.file for company in companies), market.file, scenario.file])
        message = f"together these say what the model has no value for: {error}"
        raise InputError([Problem(files, "", None, message)]) from None


def _halving_after(known: int, market: Market) -> int:
    """The month of the first halving after ``known`` months of history, counted from 0."""
    first = market.tables.network.halving_date
    months = (month_number(protocol.moved(first, epochs), market.as_of) - 1 for epochs in count())
    return next(month for month in months if month >= known)


def prepare_company(company: Company, case: MarketCase) -> CompanyCase:
    """Turn a company into figures under the case's scenario, with as much of its known months as the case may see.

    ``InputError`` when its balance-sheet date is not the market's, it knows a month that the market does not, or a
    shock leads out of a field's limits.
    """
    market = case.market.tables
    as_of = company.as_of
    if as_of != market.network.as_of:
        raise other_date(company.file.name, as_of, market.network.as_of)
    check_months(company, case.market)
    months = len(case.labels)
    tables = company.tables
    data, problems = _company_data(company, case.shocks, months)
    problems += case.shocks.nowhere(company, layout(CompanyTables))
    own = parameters(company, "equity", case.shocks, problems)
    factors = parameters(case.market, "factors", case.shocks, [])
    raise_all(problems)
    projects = tuple(
        Project(
            row.id,
            month_number(row.full_delivery, as_of)
            if row.full_delivery is not None and row.delivered_mw < row.leased_mw
            else 0.0,
            row.tenant if row.tenant and row.tenant in company.defaults.tenants else "",
        )
        for row in tables.hpc
    )
    randomness = CompanyRandomness(
        months=months,
        known=case.history,
        disclosed=case.history if case.known == "all" else 0,
        idio_volatility=own["idio_volatility"],
        idio_persistence=factors["idio_persistence"],
        policy_persistence=factors["policy_persistence"],
        operating_persistence=factors["operating_persistence"],
        share_drift=own["share_drift"],
        convexity=case.randomness.convexity(data.inputs[""]["btc_beta"], data.inputs[""]["ai_beta"]),
        slip_on_time=factors["slip_on_time"],
        slip_median=factors["slip_median"],
        slip_sigma=factors["slip_sigma"],
        overrun_median=factors["overrun_median"],
        overrun_sigma=factors["overrun_sigma"],
        gpu_overrun_median=factors["gpu_overrun_median"],
        gpu_overrun_sigma=factors["gpu_overrun_sigma"],
        project_correlation=factors["project_correlation"],
    )
    origin = company.origin or company
    past = _known_figures(Same(origin), Same(case.market), case.known).over(months)
    past = past.among([row.id for row in origin.tables.hpc], [project.id for project in projects])
    return CompanyCase(company, past.in_data(data), randomness, projects)


def _company_data(company: Company, shocks: Shocks, months: int) -> tuple[Data, list[Problem]]:
    instances = members(company.tables)
    first = first_month(company.tables.company.fiscal_year_end)
    labels = month_labels(company.as_of, months)
    series = {"tax_year_start": [float(label.endswith(f"-{first:02d}")) for label in labels]}
    return by_month(company, company_inputs(), instances, company.as_of, months, shocks, series)


@lru_cache(maxsize=64)
def _known_figures(of: Same[Company], beside: Same[Market], known: Known) -> Figures:
    """What is known of a company's months, found on the central path of its file without any shock.

    A study asks for it once a scenario: it is kept for the companies and markets last asked for.
    """
    company, market = of.it, beside.it
    months = len(market.tables.known_month) if known != "none" else 0
    projects = [row.id for row in company.tables.hpc]
    labels = month_labels(company.as_of, months)
    found = facts(company, known, labels)
    if not found:
        return Figures.nothing(max(months, 1), len(projects))
    case = prepare_market(market, UNSHOCKED, months, known)
    data, _ = _company_data(company, case.shocks, months)
    certain = {"slip": 0.0, "overrun": 1.0, "gpu_overrun": 1.0, "tenant_clock": NEVER_CLOCK, "exit_clock": NEVER_CLOCK}
    draws = {
        "": {draw.name: np.zeros(months) for draw in drawn_by("company") if not draw.static},
        "hpc": {name: np.full(len(projects), value) for name, value in certain.items()},
    }
    with said_of_files(market, UNSHOCKED, company):
        above = interpret(market_graph(), case.data, {"": central_market(case.randomness)})
        return figures(
            found, projects, months, lambda made: interpret(company_graph(), made.in_data(data), draws, above)
        )
