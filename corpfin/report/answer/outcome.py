"""What becomes of the company: survival, what it costs, what kills it and what carries it."""

from __future__ import annotations

import numpy as np

from corpfin.common.columns import ERROR, TEXT, name_of_error
from corpfin.report.answer.tree import Block, Figure
from corpfin.report.findings import Findings
from corpfin.runs import Projection
from corpfin.runs.outcome import summary_columns
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.studies.burdens import NAMED
from corpfin.studies.drivers import WINDOW, drivers_of
from corpfin.studies.side_tables import simulation_dilution

SECOND_BILL = 0.2
"""A second bill is named when it stays unpaid first in at least this share of the failures."""

ONE_YEAR = 12
SIMULATED = "study simulate"
SPREAD = (0.05, 0.95)
RUN_AGAIN = 2_048
"""Failures that are run again for their drivers, the first ones: an error of a share of at most 1.1 %."""

PRICES = ("5", "50", "95")
"""Quantiles told of the bitcoin price [%]."""


LABELS = {
    "project_defaults": "Lenders take a project",
    "btc_sold_median": "Bitcoin sold, all paths",
    "btc_sold_forced_median": "Of it under pressure",
    "btc_sold_for_buyback_mean": "Of it for buy-backs, mean",
    "btc_left_median": "Bitcoin left, all paths",
}
"""What the outcomes of a simulation are called beside those of the central path."""

KEPT = {
    "btc_sold_median": "btc_sold_total",
    "btc_sold_forced_median": "btc_sold_forced_total",
    "btc_sold_for_buyback_mean": "btc_sold_for_buyback_total",
    "btc_left_median": "btc",
}
"""Where the paths' own figures behind a median are kept."""


def survival(projection: Projection, found: Findings) -> Block:
    """Survival to each horizon, the simulation's other outcomes, what stays unpaid first, the central path's end."""
    summary = found.summary
    errors = {name: summary.get(name_of_error(name)) for name in summary} | {
        "project_defaults": found.lenders_take.error
    }
    figures = []
    for column in summary_columns(found.simulation.months):
        name = column.name
        if name.endswith(ERROR):
            continue
        month, label = found.simulation.months, LABELS.get(name, column.label)
        if name.startswith("survival_"):
            month = int(name.removeprefix("survival_"))
            label = f"After {month} months"
        kept = KEPT.get(name)
        low, high = np.quantile(found.outcome.sample[kept], SPREAD).tolist() if kept else (None, None)
        unit = "" if column.unit == TEXT else column.unit
        at = projection.labels[month - 1]
        figures.append(Figure(name, label, summary[name], unit, SIMULATED, at, None, errors[name], low, high))
    return Block(
        "survival",
        "Survival",
        (
            *figures,
            Block(
                "first_unpaid_bills",
                "First unpaid bills",
                tuple(
                    Figure(bill, f"First unpaid: {bill}", share, "1", SIMULATED, error=error)
                    for bill, share, error in found.first_unpaid_bills
                ),
            ),
            Block(
                "central",
                "Central path",
                (
                    _central(projection, "default_month", "Month of default"),
                    _central(projection, "first_unpaid_bill", "First unpaid bill"),
                    _central(projection, "dilution", "Dilution, central path", "1"),
                    _central(projection, "basic_dilution", "Basic dilution, central path", "1"),
                ),
            ),
        ),
    )


def bitcoin(projection: Projection, found: Findings) -> Block:
    """The bitcoin price at each horizon: mean, quantiles, the central path's, and how many paths end below that."""
    spread, prices = found.simulation.btc_price, found.simulation.month_end_prices

    def at(horizon: int) -> Block:
        month, row = projection.labels[horizon - 1], spread.iloc[horizon - 1]
        central = float(projection["btc_price_end"][horizon - 1])
        below = float((prices[horizon - 1] < np.float32(central)).mean())

        def price(name: str, label: str, value: float, source: str = SIMULATED, error: float | None = None) -> Figure:
            return Figure(name, label, value, "USD/BTC", source, month, error=error)

        return Block(
            f"{horizon}",
            f"After {horizon} months",
            (
                price("mean", "Mean of the paths", row["mean"], error=row["mean_error"]),
                *(price(f"q{q}", f"{q} % of the paths are below", row[q]) for q in PRICES),
                price("central", "Central path", central, "study project"),
                Figure("below_central", "Paths below the central one", below, "1", SIMULATED, month),
            ),
        )

    return Block("bitcoin", "Bitcoin price at month end", tuple(map(at, horizons(found.simulation.months, HORIZONS))))


def drivers(found: Findings, threads: int | None = None) -> Block:
    """What would have had to be absent for failures to be paid, each over the failures of the paths looked at."""
    failed = np.flatnonzero(found.outcome.sample["default_month"] > 0)
    paths = int(failed[RUN_AGAIN - 1]) + 1 if failed.size > RUN_AGAIN else None
    failures = drivers_of(found.simulation, found.label, paths=paths, threads=threads)
    shares = failures.shares.itertuples() if failures.failures else ()
    labels = {name: (label, meaning) for name, label, meaning in NAMED}
    source = "study drivers"
    return Block(
        "drivers",
        "Drivers of failure",
        (
            Figure("window", "Months without the burden", WINDOW, "month", source),
            Figure("paths", "Paths looked at", failures.paths, "path", source),
            Figure("failures", "Failures among them", failures.failures, "path", source),
            Block(
                "shares",
                "Share of the failures",
                tuple(
                    Figure(name, labels[name][0], share, "1", source, error=error, facts={"meaning": labels[name][1]})
                    for name, share, error in shares
                ),
            ),
        ),
    )


def _central(projection: Projection, name: str, label: str, unit: str = "") -> Figure:
    return Figure(name, label, projection.summary[name], unit, f"line {name}", projection.labels[-1])


def dilution(found: Findings, projection: Projection) -> Block:
    """Quantiles of dilution: of paths that survive, of all, and the basic one of paths that survive."""
    labels = {heading.name: heading.label for heading in simulation_dilution()}
    return Block(
        "dilution",
        "Dilution",
        tuple(
            Figure(
                name,
                labels[name],
                value,
                "1",
                SIMULATED,
                projection.labels[-1],
                error=found.dilution[name_of_error(name)],
            )
            for name, value in found.dilution.items()
            if not name.endswith(ERROR)
        ),
    )


def reading(projection: Projection, found: Findings) -> Block:
    """What kills the company, and what carries it until it fails or the run ends."""
    return Block("reading", "Reading", (_kills(projection, found), _carries(projection)))


def _kills(projection: Projection, found: Findings) -> Block:
    failing = found.failing
    parts = [Figure("failing", "Paths that fail", failing.share, "1", SIMULATED, error=failing.error)]
    if found.half_failed:
        half = projection.labels[found.half_failed - 1]
        parts.append(Figure("half", "Month by which half of these have failed", half, source=SIMULATED))
        first, second, *_ = found.first_unpaid_bills
        named = [first, *([second] if second.share >= SECOND_BILL * failing.share else [])]
        parts += [
            Figure(bill.bill, "Share of the failures", bill.share / failing.share, "1", SIMULATED) for bill in named
        ]
    return Block("kills", "What kills it", tuple(parts))


def _carries(projection: Projection) -> Block:
    """What the last twelve months before default or horizon bring in and cost on the central path."""
    stop = int(projection["default_month"][-1]) or len(projection.labels)
    months = slice(max(0, stop - ONE_YEAR), stop)

    def over(*names: str) -> float:
        return float(sum(projection[name][months].sum() for name in names))

    earned = {
        "projects": over("total_hpc_parent_distribution"),
        "mining": over("mined_value", "total_fleet_credits")
        - over("total_fleet_power_cost", "total_fleet_site_expense"),
        "other_income": over("services_income", "interest_income"),
    }
    spent = {
        "overhead": over("sga", "other_cost"),
        "tax_on_pay": over("withholding_tax"),
        "interest": over("interest_due"),
    }
    left = {"left": sum(earned.values()) - sum(spent.values())}
    last = projection.labels[stop - 1]
    return Block(
        "carries",
        "What carries it",
        (
            Figure("months", "Months counted", stop - months.start, "month", "study project", last),
            *(
                Figure(name, name.replace("_", " "), amount, "USD m", "study project", last)
                for name, amount in (earned | spent | left).items()
            ),
        ),
    )
