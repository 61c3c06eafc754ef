"""Credit: which paper defaults, what is lost, which covenant trips first, and how that stands beside its price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.common.columns import TEXT, Column, Place, Row, documented, frame, name_of_error
from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS
from corpfin.common.text import amount, share, small_chance
from corpfin.inputs import AsOf, Market
from corpfin.inputs.company import Hpc
from corpfin.inputs.known import Known
from corpfin.runs.batch import ready
from corpfin.runs.cases import prepare_market
from corpfin.runs.months import shifted
from corpfin.runs.outcome import standard_error
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, project, scenario_of
from corpfin.runs.readings import COMPARED, HORIZONS, QUANTILES, horizons
from corpfin.runs.scatter import Progress, part_of
from corpfin.studies.grades import OBSERVED, grade_of, premium_range
from corpfin.studies.papers import COVENANTS, EVENTS, YEAR, Credits, Issuer, Paper
from corpfin.studies.result import Result

PAPERS, TERM, LOSSES, PRICES = "papers", "term", "losses", "prices"
"""The tables of the page: terms, default by horizon, what is lost, the market's view."""

RANKS = ("on its ring", "secured", "unsecured", "after others")
"""How an instrument ranks, best first."""

SHOWN = 1e-5
"""Errors below this are not told: of paths that all end alike they are rounding [1]."""

QUARTER = 3
"""Months of a quarter."""

FEWEST = 10
"""Defaults of an instrument below which its loss is held to tell nothing of its price."""


def rank_of(paper: Paper) -> str:
    """How an instrument ranks, in words."""
    row = paper.row
    if isinstance(row, Hpc):
        return RANKS[0]
    if row.ranking == "secured" or row.kind in ("btc_loan", "equipment"):
        return RANKS[1]
    return RANKS[3] if row.kind == "convertible" and row.ranking != "unsecured" else RANKS[2]


def _balance(paper: Paper) -> float:
    row = paper.row
    return float(row.loan_principal or 0.0) if isinstance(row, Hpc) else row.principal


def _coupon(paper: Paper) -> float:
    row = paper.row
    coupon = row.loan_coupon if isinstance(row, Hpc) else row.coupon
    return np.nan if coupon is None else coupon


def _matures(paper: Paper) -> str:
    row = paper.row
    day = row.loan_maturity if isinstance(row, Hpc) else row.maturity
    return f"{day:%Y-%m}" if day else "open"


def yearly_loss(paper: Paper) -> float:
    """Expected loss a year of the paper's life [1/year]: hazard times loss given default; nan if never outstanding."""
    months = paper.case.data.months
    return paper.yearly(paper.expected_loss(months), months)


def stale(paper: Paper) -> bool:
    """Whether its quote is more than a quarter older than the balance sheet.

    A borrower reports by the quarter: a younger quote is of the one that drew up this balance sheet or the last, as far
    as anybody knew it; an older one is of a borrower two reports ago, whose price says nothing of this one's risk.
    """
    start = paper.case.company.as_of.replace(day=1)
    return paper.quote is not None and paper.quote.quote_date < shifted(start, 1 - QUARTER) - timedelta(days=1)


def _spread(paper: Paper) -> float:
    spread = paper.quote.spread if paper.quote else None
    return np.nan if spread is None else spread


def implied_intensity(paper: Paper) -> float:
    """Risk-neutral intensity of default that the spread implies [1/year]: spread over loss given default.

    The loss is the model's, where enough paths default, else that of the middle of the recoveries observed; nan without
    a spread.
    """
    months = paper.case.data.months
    loss = paper.loss_given_default(months)
    if paper.defaulted(months).sum() < FEWEST or loss <= 0:
        loss = 1.0 - sum(OBSERVED[paper.row.kind]) / 2.0
    return float(_spread(paper) / loss)


def paid_over_loss(paper: Paper) -> float:
    """Spread over the model's expected loss a year [1]: what the market pays for each part of loss.

    nan without a spread, or with a stale one.
    """
    if stale(paper):
        return np.nan
    lost = yearly_loss(paper)
    return float(_spread(paper) / lost) if lost > 0 else (np.inf if _spread(paper) > 0 else np.nan)


def verdict(paper: Paper) -> str:
    """Where market and model disagree by more than bonds of such a grade have paid over their losses.

    Nothing without a spread, or with a stale one.
    """
    if np.isnan(_spread(paper)) or stale(paper):
        return ""
    months = paper.case.data.months
    if paper.defaulted(months).sum() < FEWEST or yearly_loss(paper) <= 0:
        return "pays for a loss the model does not see"
    low, high = premium_range(_grade(paper))
    ratio = paid_over_loss(paper)
    if low <= ratio <= high:
        return f"pays for {ratio:.1f} times the loss, within {low:g} to {high:g}"
    return f"pays for {'only ' if ratio < low else ''}{ratio:.1f} times the loss, not {low:g} to {high:g}"


def _grade(paper: Paper) -> str:
    """The grade that defaults as often in the time the paper is outstanding; nothing for what never is."""
    months = min(paper.case.data.months, HORIZONS[-1])
    years = paper.years_outstanding(months)
    if years <= 0:
        return ""
    centre = (paper.defaulted(months).sum() + 2) / (paper.paths + 4)  # Wilson's, as in the error: never zero
    return grade_of(float(centre), YEAR * years)


def _with_error(name: str, row: Row) -> str:
    return small_chance(row[name], max(row[name_of_error(name)], SHOWN)).removesuffix(" %")


def _alone(name: str, row: Row) -> str:
    return f"{100 * row[name]:.2f}"


def _recovered(row: Row) -> str:
    lost, error = row["loss_given_default"], row["loss_given_default_error"]
    if np.isnan(lost):
        return "-"
    return f"{100 * lost:.0f}" + ("" if np.isnan(error) else f" ± {100 * error:.0f}")


def _basis_points(name: str, row: Row) -> str:
    return "-" if np.isnan(row[name]) else f"{1e4 * row[name]:,.0f}"


def columns(months: int = MONTHS) -> tuple[Column[Paper], ...]:
    """The columns of the table of instruments over ``months``."""
    found: list[Column[Paper]] = [
        Column("name", TEXT, "Name", "name for people", lambda paper: paper.row.name or paper.row.id),
        Column("kind", TEXT, "Kind", "what it is", lambda paper: paper.row.kind, None, (Place(PAPERS, "kind"),)),
        Column("rank", TEXT, "Rank", "how it ranks", rank_of, None, (Place(PAPERS, "rank"),)),
        Column(
            "outstanding", "USD m", "Principal outstanding", "at the balance-sheet date, or to be issued", _balance,
            lambda row: amount(row["outstanding"]), (Place(PAPERS, "principal"),),
        ),
        Column(
            "coupon", "1/year", "Coupon", "interest rate; nan where not given", _coupon,
            lambda row: "-" if np.isnan(row["coupon"]) else f"{100 * row['coupon']:.2f}", (Place(PAPERS, "coupon"),),
        ),
        Column("matures", TEXT, "Maturity", "month of maturity", _matures, None, (Place(PAPERS, "maturity"),)),
    ]  # fmt: skip
    for month in horizons(months, HORIZONS):
        found += _by_horizon(month, month == months)
    found += [
        Column(
            "years_outstanding", "year", "Time outstanding", "mean over paths, from start or issue to default, "
            "repayment, conversion, put or the last month; a revolver while it can be drawn",
            lambda paper: paper.years_outstanding(paper.case.data.months),
            lambda row: f"{row['years_outstanding']:.1f}", (Place(TERM, "years"),),
        ),
        Column(
            "hazard", "1/year", "Hazard", "yearly intensity of default: the last probability over the time "
            "outstanding", lambda paper: paper.hazard(paper.case.data.months), partial(_basis_points, "hazard"),
            (Place(TERM, "hazard [bp]"),),
        ),
        Column(
            "loss_given_default", "1", "Loss given default (LGD)", "mean loss over claim of the defaults",
            lambda paper: paper.loss_given_default(paper.case.data.months), _recovered, (Place(LOSSES, "LGD"),),
        ),
        Column(
            name_of_error("loss_given_default"), "1", "Loss given default (LGD), error", "its standard error",
            lambda paper: paper.loss_given_default_error(paper.case.data.months),
        ),
        Column(
            "observed_loss_low", "1", "Observed loss, low", "lowest loss given default seen in its kind",
            lambda paper: 1 - OBSERVED[paper.row.kind][1],
        ),
        Column(
            "observed_loss_high", "1", "Observed loss, high", "highest loss given default seen in its kind",
            lambda paper: 1 - OBSERVED[paper.row.kind][0],
            lambda row: f"{share(row['observed_loss_low']).removesuffix(' %')}-{share(row['observed_loss_high'])}"
            .removesuffix(" %"),
            (Place(LOSSES, "observed"),),
        ),
        Column(
            "implied_grade", TEXT, "Implied grade", "grade whose default rate in the time outstanding is nearest; a "
            "mapping, no rating", _grade, None, (Place(TERM, "grade"),),
        ),
        Column(
            "yearly_loss", "1/year", "Expected loss a year", "last expected loss over the time outstanding",
            yearly_loss, partial(_basis_points, "yearly_loss"), (Place(PRICES, "loss"),),
        ),
        Column(
            "quoted", TEXT, "Quoted on", "day of the market's price; empty without one",
            lambda paper: str(paper.quote.quote_date) if paper.quote else "", None, (Place(PRICES, "quoted"),),
        ),
        Column(
            "quoted_spread", "1/year", "Quoted spread", "quoted, or yield less government's; nan without one", _spread,
            partial(_basis_points, "quoted_spread"), (Place(PRICES, "spread"),),
        ),
        Column(
            "implied_intensity", "1/year", "Implied intensity", "of default, that spread and loss given default imply",
            implied_intensity, partial(_basis_points, "implied_intensity"), (Place(PRICES, "implied"),),
        ),
        Column(
            "paid_over_loss", "1", "Spread over loss", "spread over expected loss a year; nan without a spread, and "
            "for a quote more than a quarter older than the balance sheet", paid_over_loss,
            lambda row: f"{row['paid_over_loss']:.1f}" if np.isfinite(row["paid_over_loss"]) else "-",
            (Place(PRICES, "over loss"),),
        ),
        Column(
            "market_against_model", TEXT, "Market against model", "whether such grades have paid that; empty without a "
            "spread, and for a quote more than a quarter older than the balance sheet", verdict,
        ),
    ]  # fmt: skip
    return tuple(found)


def _by_horizon(month: int, last: bool) -> list[Column[Paper]]:
    default, lost = f"default_{month}", f"expected_loss_{month}"
    return [
        Column(
            default, "1", f"Probability of default (PD), month {month}", f"default by the end of month {month}",
            lambda paper: paper.probability(month), partial(_with_error if last else _alone, default),
            (Place(TERM, f"PD {month}"),),
        ),
        Column(
            name_of_error(default), "1", f"Probability of default (PD), month {month}, error", "its standard error",
            lambda paper: paper.probability_error(month),
        ),
        Column(
            lost, "1", f"Expected loss (EL), month {month}", "mean loss over claim of all paths: PD times LGD",
            lambda paper: paper.expected_loss(month), partial(_with_error, lost),
            (Place(LOSSES, f"EL {month}", 1),) if month in COMPARED else (),
        ),
        Column(
            name_of_error(lost), "1", f"Expected loss (EL), month {month}, error", "its standard error",
            lambda paper: paper.expected_loss_error(month),
        ),
    ]  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Credit(Result):
    """The result of :func:`credit`: a row of ``table`` for each (company, instrument).

    ``events`` holds the share of paths on which each credit event has happened by a month, a row for each (company,
    event), with errors. ``covenants`` has a row for each (company, instrument, covenant, month) after history and
    before maturity: headroom on the central path and its quantiles, share of paths below nothing then and ever.
    """

    events: pd.DataFrame = field(repr=False)
    covenants: pd.DataFrame = field(repr=False)

    @property
    def columns(self) -> tuple[Column[Paper], ...]:
        """The columns of the table."""
        return columns(self.months)

    @property
    def tightest(self) -> pd.DataFrame:
        """Of each covenant the row of the month of least headroom on the central path."""
        if self.covenants.empty:
            return self.covenants
        keys = ["company", "instrument", "covenant"]
        return self.covenants.loc[self.covenants.groupby(level=keys, sort=False)["covenant_headroom"].idxmin()]


documented(Credit, columns(MONTHS))


def credit(
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
) -> Credit:
    """Default, loss and price of every instrument of some companies, with their credit events and covenants.

    ``companies`` None stands for all that are known by ticker, looked for in ``folder`` first. ``known`` says how much
    of what has happened is seen. Raises ``InputError`` when no company can be used, ``ValueError`` for paths, months or
    threads below one.
    """
    market, as_of = market_and_date(companies, market, as_of, folder)
    market_case = prepare_market(market, scenario_of(scenario), months, known)
    cases, failures = ready(companies, market, market_case, as_of, folder)
    issuers = Credits(market_case, cases, paths, seed).run(threads, part_of(progress, 0, 1, 1))
    papers = {(issuer.case.ticker, paper.row.id): paper for issuer in issuers for paper in issuer.papers}
    return Credit(
        table=frame(columns(months), papers, ["company", "instrument"]),
        failures=failures,
        scenario=market_case.scenario.name,
        known=known,
        months=months,
        paths=paths,
        seed=seed,
        events=_events(issuers, months, paths),
        covenants=_covenants(issuers, market, market_case.scenario, months, known),
    )


def _events(issuers: Iterable[Issuer], months: int, paths: int) -> pd.DataFrame:
    rows = {}
    for issuer in issuers:
        for line, words in EVENTS.items():
            found: dict[str, float] = {}
            for month in horizons(months, HORIZONS):
                found[f"by_{month}"] = issuer.share(line, month)
                found[name_of_error(f"by_{month}")] = float(standard_error(found[f"by_{month}"], paths))
            rows[issuer.case.ticker, words] = found
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["company", "event"])
    return table


def _covenants(
    issuers: Iterable[Issuer], market: Market, scenario: ScenarioLike, months: int, known: Known
) -> pd.DataFrame:
    """Headroom by month: central path, quantiles, share of paths in breach."""
    names = ["company", "instrument", "covenant", "month"]
    rows = {}
    for issuer in issuers:
        if not issuer.covenants:
            continue
        central = project(issuer.case.company, scenario, months=months, market=market, known=known)
        for covenant in issuer.covenants:
            block, line = next((b, lines[covenant.name]) for b, lines in COVENANTS.items() if covenant.name in lines)
            place = [row.id for row in getattr(issuer.case.company.tables, block)].index(covenant.paper)
            middle = central[block, line][place]
            span = range(issuer.case.randomness.known, min(months, covenant.months))
            if not span:
                continue
            headroom = covenant.headroom[span.start : span.stop]
            quantiles = np.quantile(headroom, QUANTILES, axis=1)
            ever = float((headroom < 0).any(axis=0).mean())
            for number, month in enumerate(span):
                rows[issuer.case.ticker, covenant.paper, covenant.name, central.labels[month]] = {
                    "covenant_level": covenant.level,
                    "covenant_headroom": float(middle[month]),
                    **{
                        f"covenant_headroom_{100 * q:.0f}": float(row[number])
                        for q, row in zip(QUANTILES, quantiles, strict=True)
                    },
                    "below": float((headroom[number] < 0).mean()),
                    "ever_below": ever,
                }
    table = pd.DataFrame.from_dict(rows, orient="index")
    empty = pd.MultiIndex.from_arrays([[]] * len(names), names=names)
    table.index = pd.MultiIndex.from_tuples(rows, names=names) if rows else empty
    return table
