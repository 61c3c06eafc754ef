"""What is kept of a company's simulated paths, and the columns every table of simulations starts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from corpfin.common.columns import TEXT, Column, Place, Row, name_of_error
from corpfin.common.text import amount, chance, share
from corpfin.runs.cases import CompanyCase
from corpfin.runs.readings import BILLS, HORIZONS, horizons
from corpfin.runs.tally import Key, Paired, Summary, Tally


@dataclass(frozen=True, eq=False)
class Outcome:
    """One company's simulation, read off the summary of a run.

    Shares, causes and means are of all paths. Quantiles are those of the sample, the first paths of the run, at most
    ``KEPT``: ``sample[name]`` [S] holds the lines and sums at the horizon, :meth:`monthly` a line by month [M, S].
    """

    key: Key
    case: CompanyCase
    summary: Summary = field(repr=False)

    @property
    def tally(self) -> Tally:
        """What is known of the case."""
        return self.summary.tallies[self.key]

    @cached_property
    def sample(self) -> dict[str, np.ndarray]:
        """Lines and sums at the horizon on the paths of the sample [S]."""
        blocks = [self.tally.final[number] for number in sorted(self.tally.final)]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def monthly(self, line: str) -> np.ndarray:
        """One of the lines ``MONTHLY`` on the paths of the sample [M, S]; ``KeyError`` for another or none kept."""
        kept = self.tally.monthly
        if not kept:
            raise KeyError(f"{line}: this run kept no months")
        return np.concatenate([kept[number][line] for number in sorted(kept)], axis=1)

    def alive(self, month: int) -> np.ndarray:
        """Which paths of the sample [S] are not in default at the end of ``month``."""
        default = self.sample["default_month"]
        return np.asarray((default == 0) | (default > month))

    @property
    def survivors(self) -> np.ndarray:
        """Which paths of the sample [S] are not in default at the horizon."""
        return self.alive(self.months)

    @property
    def months(self) -> int:
        """Length of the run."""
        return self.case.data.months

    @property
    def paths(self) -> int:
        """Number of paths."""
        return self.tally.paths

    def failing(self, month: int) -> int:
        """Number of paths in default by the end of ``month``."""
        return int(self.tally.defaults[1 : month + 1].sum())

    def survival(self, month: int) -> float:
        """Share of paths not in default at the end of ``month``."""
        return (self.paths - self.failing(month)) / self.paths

    def survival_error(self, month: int) -> float:
        """Its standard error."""
        return float(standard_error(self.survival(month), self.paths))

    def default_month(self, q: float = 0.5) -> float:
        """A quantile of the months of default of the paths that fail; nan where none does."""
        months = np.repeat(np.arange(1.0, self.months + 1.0), self.tally.defaults[1:].sum(axis=1))
        return quantile(months, q)

    def first_unpaid_bills(self) -> dict[str, float]:
        """Share of paths in default by the horizon by first unpaid bill, each in the order of its code."""
        counts = self.tally.defaults[1:].sum(axis=0)
        return {bill: float(counts[number] / self.paths) for number, bill in BILLS.items() if number}

    def first_unpaid_bill(self) -> str:
        """The most frequent first unpaid bill, none where no path fails."""
        shares = self.first_unpaid_bills()
        bill = max(shares, key=shares.__getitem__)
        return bill if shares[bill] > 0 else BILLS[0]

    def quantile(self, name: str, q: float, *, survivors: bool = False) -> float:
        """A quantile of a line or sum at the horizon over the sample, or over its survivors; nan of nothing."""
        return quantile(self.sample[name][self.survivors] if survivors else self.sample[name], q)

    def against(self, other: Outcome) -> Paired:
        """This case held against another on common paths; ``KeyError`` when the run did not compare them."""
        return self.summary.pair(self.key, other.key)


def standard_error(share: Any, paths: int) -> Any:
    """Standard error of a share of ``paths`` independent paths.

    Wilson's centre (Agresti and Coull 1998) is used, so that a share of 0 or 1 has an error too.
    """
    centre = (np.asarray(share) * paths + 2) / (paths + 4)
    return np.sqrt(centre * (1 - centre) / (paths + 4))


def quantile(values: np.ndarray, q: float) -> float:
    """A quantile, nan of nothing."""
    return float(np.quantile(values, q)) if values.size else np.nan


def quantile_error(values: np.ndarray, q: float) -> float:
    """Standard error of a quantile: half the distance of the quantiles one binomial error to either side.

    The number of values below a quantile is binomial (David and Nagaraja, Order Statistics, 2003, section 7.1). nan of
    fewer than two values.
    """
    if values.size < 2:
        return np.nan
    step = np.sqrt(q * (1.0 - q) / values.size)
    low, high = np.quantile(values, (max(0.0, q - step), min(1.0, q + step)))
    return float(high - low) / 2.0


def shown_with_error(name: str, row: Row) -> str:
    """A share and its error in per cent, the sign left out."""
    return chance(row[name], row[name_of_error(name)]).removesuffix(" %")


def survival_columns(months: int, wanted: Sequence[int], part: str = "", sheet: str = "") -> list[Column[Outcome]]:
    """Survival to each horizon within the run and to its end, each with its error."""
    found: list[Column[Outcome]] = []
    for month in horizons(months, wanted):
        name = f"survival_{month}"
        found += [
            Column(
                name,
                "1",
                f"Survival to month {month}",
                f"share of paths not in default at the end of month {month}",
                lambda outcome, month=month: outcome.survival(month),  # type: ignore[misc]
                partial(shown_with_error, name),
                (Place(part, f"{month} months"),) if part else (),
                sheet,
            ),
            Column(
                name_of_error(name),
                "1",
                f"Survival to month {month}, error",
                "its standard error",
                lambda outcome, month=month: outcome.survival_error(month),  # type: ignore[misc]
                sheet=sheet,
            ),
        ]
    return found


SURVIVES = (
    "Survival: the share of paths on which the company itself pays every bill and exchanges no notes below par; its "
    "projects may be lost on them."
)
"""What survival means, said on every page that shows it."""

NO_CREDIT_EVENT: Column[Outcome] = Column(
    "no_credit_event",
    "1",
    "No credit event",
    "share of paths to the end with no covenant breached, collateral or project taken, note exchanged or bill unpaid",
    lambda outcome: outcome.tally.moments["no_credit_event"].mean,
    partial(shown_with_error, "no_credit_event"),
)
NO_CREDIT_EVENT_ERROR: Column[Outcome] = Column(
    name_of_error("no_credit_event"),
    "1",
    "No credit event, error",
    "its standard error",
    lambda outcome: float(standard_error(outcome.tally.moments["no_credit_event"].mean, outcome.paths)),
)


def failure_columns(month: int, places: tuple[Place, ...] = (), sheet: str = "") -> list[Column[Outcome]]:
    """Probability of default by a month, and its error."""
    name, label = f"failure_{month}", f"Failure by month {month}"

    def share_failing(outcome: Outcome) -> float:
        return outcome.failing(month) / outcome.paths

    def error(outcome: Outcome) -> float:
        return outcome.survival_error(month)

    meaning, show = f"share of paths in default by the end of month {month}", partial(shown_with_error, name)
    return [
        Column(name, "1", label, meaning, share_failing, show, places, sheet),
        Column(name_of_error(name), "1", f"{label}, error", "its standard error", error, sheet=sheet),
    ]


DILUTION: Column[Outcome] = Column(
    "dilution",
    "1",
    "Dilution",
    "diluted shares over those at the start, less one, median of the paths that survive to the end",
    lambda outcome: outcome.quantile("dilution", 0.5, survivors=True),
    lambda row: share(row["dilution"]),
)
DILUTION_95: Column[Outcome] = Column(
    "dilution_95",
    "1",
    "Dilution, 95 % quantile",
    "the same, 95 % of the surviving paths are below",
    lambda outcome: outcome.quantile("dilution", 0.95, survivors=True),
    lambda row: share(row["dilution_95"]),
)
BASIC_DILUTION: Column[Outcome] = Column(
    "basic_dilution",
    "1",
    "Basic dilution",
    "shares outstanding over those at the start, less one, median of the paths that survive to the end",
    lambda outcome: outcome.quantile("basic_dilution", 0.5, survivors=True),
    lambda row: share(row["basic_dilution"]),
)
DEFAULT_MONTH: Column[Outcome] = Column(
    "default_month",
    "month",
    "Month of default",
    "median month of default of the paths that fail; nan where none does",
    lambda outcome: outcome.default_month(),
    lambda row: amount(row["default_month"]),
)
FIRST_UNPAID_BILL: Column[Outcome] = Column(
    "first_unpaid_bill",
    TEXT,
    "First unpaid bill",
    "what paths in default by the horizon most often left unpaid first",
    lambda outcome: outcome.first_unpaid_bill(),
)


def summary_columns(months: int) -> tuple[Column[Outcome], ...]:
    """The columns of a simulation's summary."""
    return (
        *survival_columns(months, HORIZONS),
        NO_CREDIT_EVENT,
        NO_CREDIT_EVENT_ERROR,
        DILUTION,
        DILUTION_95,
        BASIC_DILUTION,
        Column(
            "btc_sold_median",
            "BTC",
            "Bitcoin sold",
            "bitcoin sold up to the horizon, median path",
            lambda outcome: outcome.quantile("btc_sold_total", 0.5),
        ),
        Column(
            "btc_sold_forced_median",
            "BTC",
            "Bitcoin sold under pressure",
            "of it, sold for a shortfall or by lenders, median path",
            lambda outcome: outcome.quantile("btc_sold_forced_total", 0.5),
        ),
        Column(
            "btc_sold_for_buyback_mean",
            "BTC",
            "Bitcoin sold for buy-backs",
            "of it, sold to buy notes back below par, mean of the paths",
            lambda outcome: float(outcome.sample["btc_sold_for_buyback_total"].mean()),
        ),
        Column(
            "btc_left_median",
            "BTC",
            "Bitcoin held at the end",
            "bitcoin held at the horizon, median path",
            lambda outcome: outcome.quantile("btc", 0.5),
        ),
        Column(
            "project_defaults",
            "1",
            "Projects taken by their lenders",
            "share of paths on which lenders take at least one project",
            lambda outcome: outcome.tally.lost / outcome.paths,
        ),
        FIRST_UNPAID_BILL,
    )
