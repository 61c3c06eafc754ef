"""Compare: all companies on the same paths, one row a company.

What an analyst holds side by side: survival and dilution from the simulation; costs, runway, funding gap, debt due and
distance to default from the central path, at the last month that is history.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.inputs import Company, Failure, Market, Scenario, load_market, nearest_name
from corpfin.inputs.market import ScenarioTables
from corpfin.studies.batch import Companies, gather, prepare_batch
from corpfin.studies.model import MONTHS, MarketCase, prepare_market
from corpfin.studies.paired import NOTHING, Difference, columns_of, horizons_within, markdown, share_difference
from corpfin.studies.projection import Projection, ScenarioLike, project, scenario_of
from corpfin.studies.simulation import HORIZONS, PATHS, Progress, Simulation, run_cases

WALL_MONTHS = 24
"""Length of the maturity wall [month]."""

LONG_TERM_SHARE = 0.5
"""Share of long-term debt in the default point (Crosbie and Bohn, Modeling Default Risk, Moody's KMV, 2003)."""

AMPLE_CASH = 1e6
"""Cash that pays every debt, so that what falls due shows by contract [USD m]."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The result of :func:`compare`; ``failures`` says by name why a company is missing.

    ``table`` has one row a company (index ``company``):

    - ``survival_12`` to ``survival_60`` and ``error_12`` to ``error_60``: share of paths not in default, and its
      standard error [1];
    - ``dilution_median``, ``dilution_95``: of surviving paths, at the horizon [1];
    - ``runway`` [month]; ``btc_price``, ``breakeven_power``, ``breakeven_cash``, ``breakeven_all_in`` [USD/BTC];
    - ``funding_gap``: what the project rings still ask of the company, central path [USD m]; ``gap_with_pipeline``: the
      same plus the uncontracted megawatts the company talks of at the default cost per MW; nan if it gives none;
    - ``liquidity`` [USD m]; ``wall``: corporate principal due within 24 months by contract [USD m];
    - ``leased_mw``, ``delivered_mw`` [MW], ``delivered_share`` (nan without contracts);
    - ``btc_sold_share``: bitcoin sold over bitcoin held and mined to the horizon, median path [1];
    - ``distance_to_default``: see :func:`distance_to_default` [1]; ``top_cause`` of default.

    ``maturities`` holds principal due by contract, rows (company, ``corporate`` or ``projects``), a column a calendar
    year [USD m]. ``differences`` holds survival less that of ``reference``, with the error of the difference.
    """

    simulation: Simulation = field(repr=False)
    table: pd.DataFrame
    maturities: pd.DataFrame
    reference: str
    differences: pd.DataFrame
    failures: dict[str, Failure]

    def sorted(self, column: str, *, descending: bool = True) -> pd.DataFrame:
        """The table in the order of a column; ``KeyError`` with the nearest name for an unknown one."""
        if column not in self.table:
            raise KeyError(f"no column {column}; nearest is {nearest_name(column, self.table.columns)}")
        return self.table.sort_values(column, ascending=not descending, kind="stable")

    def filtered(self, condition: str) -> pd.DataFrame:
        """The rows for which a condition on the columns holds: ``survival_36 < 0.8 and leased_mw > 0``."""
        return self.table.query(condition)

    def against(self, reference: str) -> pd.DataFrame:
        """Survival of every company less that of ``reference`` on the same paths, with the error of the difference.

        ``KeyError`` with the nearest name for a company that is not in the comparison.
        """
        return survival_differences(self.simulation, reference)

    def to_markdown(self) -> str:
        """The table in Markdown."""
        return markdown(self.table)

    def to_csv(self, file: Path | str) -> None:
        """Write the table as CSV; ``OSError`` if it cannot be written."""
        self.table.to_csv(file, lineterminator="\n")


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
    progress: Progress | None = None,
) -> Comparison:
    """Hold companies side by side on the same paths, or those of a simulation already run.

    ``companies`` None stands for all that are known by ticker. ``reference`` is the ticker that differences are taken
    from, the company most likely to survive when None. Raises ``InputError`` when no company can be used and
    ``KeyError`` for an unknown reference.
    """
    failures: dict[str, Failure] = {}
    if isinstance(companies, Simulation):
        simulation = companies
    else:
        market = market or load_market()
        market_case = prepare_market(market, scenario_of(scenario), months)
        found, failures = gather(companies, market)
        cases, unfit = prepare_batch(found, market_case)
        failures |= unfit
        simulation = run_cases(market_case, cases, paths=paths, seed=seed, threads=threads, progress=progress)
    rows, walls = {}, {}
    for label, outcome in simulation.outcomes.items():
        company, market_case = outcome.case.company, simulation.market_case
        central = project(company, market_case.scenario, months=simulation.months, market=market_case.market)
        wall = debt_wall(company, market_case)
        rows[label] = _simulated(simulation, label) | _central(central, wall)
        walls[label] = wall.T.groupby(lambda month: int(month[:4])).sum().T
    table = pd.DataFrame(rows).T.rename_axis("company")
    reference = reference or str(table.filter(like="survival_").sum(axis=1).idxmax())
    differences = survival_differences(simulation, reference)
    table["top_cause"] = simulation.summary["top_cause"]
    maturities = pd.concat(walls, names=["company", "debt"])
    return Comparison(simulation, table, maturities, reference, differences, failures)


def survival_differences(simulation: Simulation, reference: str) -> pd.DataFrame:
    """Survival less that of ``reference``: columns ``change_12`` and ``error_12`` and so on, a row a company [1].

    ``KeyError`` with the nearest name for a company that was not simulated.
    """
    if reference not in simulation.outcomes:
        known = ", ".join(simulation.outcomes)
        near = nearest_name(reference, simulation.outcomes)
        raise KeyError(f"{reference} was not simulated; " + (f"nearest is {near}" if near else f"there are {known}"))
    base = simulation.outcomes[reference]
    rows = {}
    for label, outcome in simulation.outcomes.items():
        found: dict[str, Difference] = {}
        for horizon in horizons_within(simulation.months, HORIZONS):
            same = outcome is base
            found[f"{horizon}"] = NOTHING if same else share_difference(outcome.alive(horizon), base.alive(horizon))
        rows[label] = columns_of(found)
    return pd.DataFrame(rows).T.rename_axis("company")


def debt_wall(company: Company, market_case: MarketCase) -> pd.DataFrame:
    """Principal that falls due by contract, rows ``corporate`` and ``projects``, a column a month [USD m].

    The model itself says what is due and when, on the central path, with every roll-over ruled out and cash to pay
    everything: maturities, instalments, puts below the conversion price at the scenario's prices. Months that are
    history are left out.
    """
    shocks = [
        *(shock.model_dump(exclude_none=True) for shock in market_case.scenario.shocks),
        {"target": "treasury.cash", "how": "set", "value": AMPLE_CASH, "why": "everything is paid when due"},
        {"target": "debt.refinanceable", "how": "set", "value": 0.0, "why": "nothing is rolled over"},
        {"target": "credit_open", "how": "set", "value": 0.0, "why": "nothing is rolled over"},
    ]
    head = {"name": "debt-wall", "story": "Everything is repaid when it falls due."}
    contractual = Scenario(
        market_case.scenario.file, ScenarioTables.model_validate({"scenario": head, "shock": shocks})
    )
    p = project(company, contractual, months=len(market_case.labels), market=market_case.market)
    due = {
        "corporate": p["total_debt_principal_due"],
        "projects": (p["hpc", "loan_scheduled"] + p["hpc", "loan_balloon"]).sum(axis=0),
    }
    return pd.DataFrame(due, index=p.labels).T.iloc[:, market_case.known :]


def due_within(wall: pd.DataFrame, months: int) -> float:
    """Corporate principal due in the first so many months of a debt wall [USD m]."""
    return float(wall.loc["corporate"].to_numpy(dtype=float)[:months].sum())


def asset_volatility(projection: Projection, leverage: float) -> float:
    """Volatility of a company's assets [1/year**0.5]: that of its share times equity over assets.

    The share moves by its betas to bitcoin and to AI equity and by its own noise; debt is taken as riskless (the first
    step of the iteration in Crosbie and Bohn 2003). ``leverage`` is debt over assets.
    """
    randomness, equity = projection.market_case.randomness, projection.case.data.openings[""]
    btc = equity["btc_beta"] * projection.market_case.market.tables.price.volatility
    ai = equity["ai_beta"] * randomness.ai_volatility
    variance = btc**2 + ai**2 + 2 * randomness.ai_btc_correlation * btc * ai
    variance += projection.case.randomness.idio_volatility**2
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
    spread = assets * asset_volatility(projection, debt / assets)
    return (assets - default_point) / spread if spread > 0 else np.inf


def funding_gap(projection: Projection, known: int) -> float:
    """Committed construction and shortfalls that the rings cannot pay from here on, on the central path [USD m].

    What the company pays into committed projects after the first ``known`` months, plus its part of what is left
    unfunded at the horizon.
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


def _simulated(simulation: Simulation, label: str) -> dict[str, float]:
    """What the paths say of one company."""
    outcome, summary = simulation.outcomes[label], simulation.summary.loc[label]
    names = [name for name in summary.index if name.startswith(("survival_", "error_"))]
    sold = outcome.final["btc_sold_total"]
    at_hand = sold + outcome.final["btc"]
    shares = sold[at_hand > 0] / at_hand[at_hand > 0]
    return {
        **{name: float(summary[name]) for name in (*names, "dilution_median", "dilution_95")},
        "btc_sold_share": float(np.median(shares)) if shares.size else np.nan,
    }


def _central(projection: Projection, wall: pd.DataFrame) -> dict[str, float]:
    """What the central path says, at the last month that is history."""
    p, company = projection, projection.company
    summary, now = p.summary, p.market_case.now
    gap = funding_gap(p, now + 1)
    leased, delivered = summary["leased_mw"], summary["delivered_mw_now"]
    return {
        "runway": summary["runway"],
        "btc_price": summary["btc_price"],
        "breakeven_power": summary["power_cost_per_btc"],
        "breakeven_cash": summary["cash_cost_per_btc"],
        "breakeven_all_in": summary["all_in_cost_per_btc"],
        "liquidity": summary["liquidity"],
        "funding_gap": gap,
        "gap_with_pipeline": gap + pipeline_cost(company, p.market_case.market),
        "wall": due_within(wall, WALL_MONTHS),
        "leased_mw": leased,
        "delivered_mw": delivered,
        "delivered_share": delivered / leased if leased > 0 else np.nan,
        "distance_to_default": distance_to_default(p, now),
    }
