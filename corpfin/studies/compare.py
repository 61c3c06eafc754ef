"""Compare: all companies on the same paths, one row a company.

What an analyst holds side by side: survival and dilution from the simulation; costs, runway, equity to complete, debt
due and distance to default from the file and the central path, at the last month that is history.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.inputs import Company, Failure, InputError, Market, Problem, nearest_name
from corpfin.paths import Bootstrap, CompanyRandomness, Lognormal, Merton, PriceProcess, TwoRegime
from corpfin.runs.batch import Companies, ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.projection import Projection, ScenarioLike, market_of, project, scenario_of
from corpfin.runs.readings import HORIZONS, MONTHS, PATHS, horizons
from corpfin.runs.schedule import due_within, principal_due
from corpfin.runs.simulation import Progress, Simulation, part_of, run_cases
from corpfin.studies.paired import NOTHING, Difference, columns_of, median, share_difference
from corpfin.studies.result import Result, known_name

WALL_MONTHS = 24
"""Length of the maturity wall [month]."""

YEAR = 12
"""Months of a year."""

LONG_TERM_SHARE = 0.5
"""Share of long-term debt in the default point (Crosbie and Bohn, Modeling Default Risk, Moody's KMV, 2003)."""

COLUMNS = (
    "dilution_median",
    "dilution_95",
    "btc_sold_share",
    "runway",
    "btc_price",
    "breakeven_power",
    "breakeven_cash",
    "breakeven_all_in",
    "liquidity",
    "equity_to_complete",
    "equity_with_pipeline",
    "wall",
    "leased_mw",
    "delivered_mw",
    "delivered_share",
    "distance_to_default",
    "first_unpaid_bill",
)
"""Columns of the table after survival."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Result):
    """The result of :func:`compare`.

    ``table`` has one row a company (index ``company``):

    - ``survival_12`` to ``survival_60`` or the end and ``error_12`` to ``error_60``: share of paths not in default, and
      its standard error [1];
    - ``dilution_median``, ``dilution_95``: of surviving paths, at the horizon [1];
    - ``runway`` [month]; ``btc_price``, ``breakeven_power``, ``breakeven_cash``, ``breakeven_all_in`` [USD/BTC];
    - ``equity_to_complete``: see :func:`equity_to_complete` [USD m]; ``equity_with_pipeline``: the same plus the
      uncontracted megawatts the company talks of at the default cost per MW; nan if it gives none;
    - ``liquidity`` [USD m]; ``wall``: corporate principal due by contract in the 24 months after history [USD m];
    - ``leased_mw``, ``delivered_mw`` [MW], ``delivered_share`` (nan without contracts);
    - ``btc_sold_share``: bitcoin sold over bitcoin held and mined to the horizon, median path [1];
    - ``distance_to_default``: see :func:`distance_to_default` [1]; ``first_unpaid_bill`` of default.

    ``maturities`` holds principal due by year, rows (company, ``corporate`` or ``projects``) as :func:`principal_due`
    says [USD m]. ``differences`` holds survival less that of ``reference``, with the error of the difference.
    """

    simulation: Simulation = field(repr=False)
    maturities: pd.DataFrame
    reference: str
    differences: pd.DataFrame

    def against(self, reference: str) -> pd.DataFrame:
        """Survival of every company less that of ``reference`` on the same paths, with the error of the difference.

        ``KeyError`` with the nearest name for a company that is not in the comparison.
        """
        return survival_differences(self.simulation, reference)


def columns(months: int) -> tuple[str, ...]:
    """The columns of a comparison's table over ``months``."""
    shares = [f"{name}_{month}" for month in horizons(months, HORIZONS) for name in ("survival", "error")]
    return (*shares, *COLUMNS)


def compare(
    companies: Simulation | Companies = None,
    scenario: ScenarioLike = "base",
    *,
    reference: str | None = None,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    threads: int | None = None,
    market: Market | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Hold companies side by side on the same paths, or those of a simulation already run.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``reference`` is the
    ticker that differences are taken from, the company most likely to survive when None. Raises ``InputError`` when no
    company can be used or the reference is none of them, ``ValueError`` for paths or months below one.
    """
    failures: dict[str, Failure] = {}
    if isinstance(companies, Simulation):
        simulation = companies
        reference = _reference(reference, list(simulation.outcomes))
    else:
        market = market or market_of(companies, folder)
        market_case = prepare_market(market, scenario_of(scenario), months)
        cases, failures = ready(companies, market, market_case, folder)
        reference = _reference(reference, [case.label for case in cases])
        simulation = run_cases(
            market_case, cases, paths=paths, seed=seed, threads=threads, progress=part_of(progress, 0, 1, 2)
        )
    step = part_of(progress, 1, 1, 2)
    rows, maturities = {}, {}
    for number, (label, outcome) in enumerate(simulation.outcomes.items(), start=1):
        company, case = outcome.case.company, simulation.market_case
        central = project(company, case.scenario, months=simulation.months, market=case.market)
        rows[label] = _simulated(simulation, label) | _central(central)
        maturities[label] = principal_due(central)
        if step:
            step(number, len(simulation.outcomes))
    table = pd.DataFrame(rows).T.rename_axis("company")
    table["first_unpaid_bill"] = simulation.summary["first_unpaid_bill"]
    table = table[list(columns(simulation.months))]
    due = pd.concat(maturities, names=["company", "debt"]).fillna(0.0)
    best = reference or str(table.filter(like="survival_").sum(axis=1).idxmax())
    return Comparison(
        table=table,
        failures=failures,
        scenario=simulation.market_case.scenario.name,
        months=simulation.months,
        paths=simulation.paths,
        seed=simulation.seed,
        simulation=simulation,
        maturities=due[sorted(due, key=str)],
        reference=best,
        differences=survival_differences(simulation, best),
    )


def survival_differences(simulation: Simulation, reference: str) -> pd.DataFrame:
    """Survival less that of ``reference``: columns ``change_12`` and ``error_12`` and so on, a row a company [1].

    ``KeyError`` with the nearest name for a company that was not simulated.
    """
    known_name(reference, simulation.outcomes, "simulated company")
    base = simulation.outcomes[reference]
    rows = {}
    for label, outcome in simulation.outcomes.items():
        found: dict[str, Difference] = {}
        for horizon in horizons(simulation.months, HORIZONS):
            same = outcome is base
            found[f"{horizon}"] = NOTHING if same else share_difference(outcome.alive(horizon), base.alive(horizon))
        rows[label] = columns_of(found)
    return pd.DataFrame(rows).T.rename_axis("company")


def yearly_variance(process: PriceProcess) -> float:
    """Variance of a year's log return of bitcoin as the process draws it [1]; of a bootstrap, twelve months' worth."""
    match process:
        case Lognormal():
            return process.volatility**2
        case Merton():
            return process.volatility**2 + process.intensity * (process.jump_mean**2 + process.jump_volatility**2)
        case TwoRegime():
            turbulent = process.worsens / (process.worsens + process.calms)
            return turbulent * process.turbulent**2 + (1 - turbulent) * process.calm**2
        case Bootstrap():
            return YEAR * float(np.var(process.history))
    raise TypeError(f"no variance is known of {type(process).__name__}")


def noise_variance(randomness: CompanyRandomness) -> float:
    """Variance after a year of the share's own noise: an AR(1) log deviation that starts from nothing [1]."""
    kept = randomness.idio_persistence**2
    return randomness.idio_volatility**2 / YEAR * sum(kept**month for month in range(YEAR))


def asset_volatility(projection: Projection, month: int, leverage: float) -> float:
    """Volatility over a year of a company's assets at ``month``: that of its share times equity over assets [1].

    The share's is the model's own, under the scenario: its betas times bitcoin and AI equity, and its noise. Debt is
    taken as riskless (the first step of the iteration in Crosbie and Bohn 2003). ``leverage`` is debt over assets.
    """
    randomness = projection.market_case.randomness
    after = min(month + 1, len(projection.labels) - 1)
    betas = projection.case.data.inputs[""]
    btc = float(betas["btc_beta"][after]) * np.sqrt(yearly_variance(randomness.process))
    ai = float(betas["ai_beta"][after]) * randomness.ai_volatility
    variance = btc**2 + ai**2 + 2 * randomness.ai_btc_correlation * btc * ai
    variance += noise_variance(projection.case.randomness)
    return float(np.sqrt(variance) * (1 - leverage))


def distance_to_default(projection: Projection, month: int) -> float:
    """Standard deviations of a year's change in asset value between the assets and the default point, at ``month`` [1].

    (assets - default point) / (assets x asset volatility), where assets are the market value of the shares and the
    corporate debt, and the default point is the debt that may be demanded within a year plus half of the rest (Crosbie
    and Bohn, Modeling Default Risk, Moody's KMV, 2003). Project loans are ring-fenced and stand on neither side.
    Infinite without debt and without volatility.
    """
    debt = float(projection["total_debt_balance"][month])
    assets = float(projection["market_cap"][month]) + debt
    soon = float(projection["total_debt_due_within_year"][month])
    default_point = soon + LONG_TERM_SHARE * (debt - soon)
    spread = assets * asset_volatility(projection, month, debt / assets)
    return (assets - default_point) / spread if spread > 0 else np.inf


def equity_to_complete(projection: Projection, known: int) -> float:
    """What committed projects still ask of the company on the central path after the first ``known`` months [USD m].

    What it pays into them (building and shortfalls that the rings cannot pay), plus its part of what is left unfunded
    at the horizon.
    """
    inputs = projection.case.data.openings["hpc"]
    paid = (projection["hpc", "paid_in"][:, known:].sum(axis=1) * inputs["committed"]).sum()
    return float(paid + (projection["hpc", "committed_gap"][:, -1] * inputs["ownership"]).sum())


def pipeline_cost(company: Company, market: Market) -> float:
    """The uncontracted megawatts the company talks of at the default cost per MW; nan if either is not given [USD m].

    Companies count such megawatts gross or critical as they please: an order of magnitude, not a commitment.
    """
    potential, cost = company.tables.reported.hpc_potential_mw, market.defaults.values["hpc"].get("capex_per_mw")
    return potential * cost if potential is not None and isinstance(cost, float) else np.nan


def _reference(reference: str | None, labels: list[str]) -> str | None:
    """The reference as its company is labelled; ``InputError`` when it is none of them."""
    if reference is None or reference in labels:
        return reference
    if reference.upper() in labels:
        return reference.upper()
    near = nearest_name(reference, labels)
    message = "is none of the companies compared"
    raise InputError([Problem("compare", "reference", reference, message, ", ".join(labels), near)])


def _simulated(simulation: Simulation, label: str) -> dict[str, float]:
    """What the paths say of one company."""
    outcome, summary = simulation.outcomes[label], simulation.summary.loc[label]
    names = [name for name in summary.index if name.startswith(("survival_", "error_"))]
    sold = outcome.final["btc_sold_total"]
    at_hand = sold + outcome.final["btc"]
    return {
        **{name: float(summary[name]) for name in (*names, "dilution_median", "dilution_95")},
        "btc_sold_share": median(sold[at_hand > 0] / at_hand[at_hand > 0]),
    }


def _central(projection: Projection) -> dict[str, float]:
    """What file and central path say, at the last month that is history."""
    p, company = projection, projection.company
    summary, now = p.summary, p.market_case.now
    to_complete = equity_to_complete(p, now + 1)
    leased, delivered = summary["leased_mw"], summary["delivered_mw_now"]
    return {
        "runway": summary["runway"],
        "btc_price": summary["btc_price"],
        "breakeven_power": summary["power_cost_per_btc"],
        "breakeven_cash": summary["cash_cost_per_btc"],
        "breakeven_all_in": summary["all_in_cost_per_btc"],
        "liquidity": summary["liquidity"],
        "equity_to_complete": to_complete,
        "equity_with_pipeline": to_complete + pipeline_cost(company, p.market_case.market),
        "wall": due_within(company, now + 1, WALL_MONTHS),
        "leased_mw": leased,
        "delivered_mw": delivered,
        "delivered_share": delivered / leased if leased > 0 else np.nan,
        "distance_to_default": distance_to_default(p, now),
    }
