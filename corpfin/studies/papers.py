"""The papers of a company on simulated paths: when each instrument defaults, what is claimed and what comes back.

Months of the credit events and of each instrument's default are kept of every path; of the months in which an
instrument is outstanding, how many paths have it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from corpfin.engine import Row, openings
from corpfin.inputs.company import CompanyTables, Debt, Hpc, Quote
from corpfin.lines.constants import DUST
from corpfin.paths import BLOCK, company_draws, market_draws
from corpfin.runs.cases import CompanyCase, MarketCase
from corpfin.runs.graphs import company_kernel, market_graph, market_kernel
from corpfin.runs.months import month_number
from corpfin.runs.outcome import standard_error
from corpfin.runs.projection import split
from corpfin.runs.readings import KEPT
from corpfin.runs.scatter import Progress, scatter
from corpfin.runs.tally import Array

EVENTS = {
    "liquidity_short_month": "liquidity short of covenant",
    "breach_month": "covenant breach",
    "acceleration_month": "loan called",
    "cross_default_month": "cross-default",
    "collateral_taken_month": "collateral taken",
    "cure_month": "project cured by its owners",
    "project_default_month": "project default",
    "exchange_month": "distressed exchange",
    "payment_default_month": "payment default",
    "default_month": "payment default or exchange",
    "credit_event_month": "any credit event",
}
"""Credit events in plain words, by the line that dates the first of each."""

COVENANTS = {
    "debt": {
        "minimum_liquidity": "liquidity_headroom",
        "minimum_market_cap": "market_cap_headroom",
        "minimum_interest_cover": "interest_cover_headroom",
        "maximum_net_leverage": "net_leverage_headroom",
        "margin_call_ltv": "ltv_headroom",
    },
    "hpc": {"default_dscr": "dscr_headroom"},
}
"""Fields that are covenants, with the line that holds their headroom, by block."""

AT_DEFAULT = {
    "debt": ("paper_default_month", "claim_at_default", "recovered_at_default"),
    "hpc": ("loan_default_month", "loan_claim_at_default", "loan_recovered_at_default"),
}
"""Lines that hold month, claim and recovery of an instrument's default, by block."""

OPEN = {"debt": ("balance", "line_left"), "hpc": ("loan_balance",)}
"""Lines of an instrument above nothing at month end while it is outstanding: what is owed, and a line that is open."""


@dataclass(frozen=True, eq=False)
class Paper:
    """One instrument on P paths: ``month`` of its default (0: none), ``claim`` and ``recovered`` then [USD m].

    ``outstanding`` is the share of paths [M] on which it is outstanding as each month begins, and not in default yet.
    """

    case: CompanyCase
    row: Debt | Hpc
    month: Array = field(repr=False)
    claim: Array = field(repr=False)
    recovered: Array = field(repr=False)
    outstanding: Array = field(repr=False)

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.month.size)

    @property
    def quote(self) -> Quote | None:
        """What the market asks for it; None where the file says nothing."""
        return next((quote for quote in self.case.company.tables.quote if quote.id == self.row.id), None)

    @cached_property
    def loss(self) -> Array:
        """Loss over claim on each path [P] [1]; 0 without default."""
        return np.where(self.month > 0, 1.0 - self.recovered / np.where(self.claim > 0, self.claim, 1.0), 0.0)

    def defaulted(self, month: int) -> Array:
        """Which paths [P] see its default by the end of ``month``."""
        return np.asarray((self.month > 0) & (self.month <= month))

    def probability(self, month: int) -> float:
        """Probability of default by the end of ``month`` [1]."""
        return float(self.defaulted(month).mean())

    def probability_error(self, month: int) -> float:
        """Its standard error."""
        return float(standard_error(self.probability(month), self.paths))

    def years_outstanding(self, month: int) -> float:
        """Mean time it is outstanding up to the end of ``month`` [year]: from the start or its issue to its end."""
        return float(self.outstanding[:month].sum()) / YEAR

    def yearly(self, chance: float, month: int) -> float:
        """Constant rate that comes to ``chance`` by the end of ``month`` while it is outstanding [1/year].

        Events over time at risk, the estimate of greatest likelihood (Lawless, Statistical Models and Methods for
        Lifetime Data, 2003); nan for what is never outstanding.
        """
        years = self.years_outstanding(month)
        return chance / years if years > 0 else np.nan

    def hazard(self, month: int) -> float:
        """Constant intensity of default while it is outstanding [1/year]."""
        return self.yearly(self.probability(month), month)

    def loss_given_default(self, month: int) -> float:
        """Mean loss over claim of the paths in default by ``month`` [1]; nan where none is."""
        lost = self.loss[self.defaulted(month)]
        return float(lost.mean()) if lost.size else np.nan

    def loss_given_default_error(self, month: int) -> float:
        """Its standard error; nan of fewer than two defaults."""
        lost = self.loss[self.defaulted(month)]
        return float(lost.std(ddof=1) / np.sqrt(lost.size)) if lost.size > 1 else np.nan

    def expected_loss(self, month: int) -> float:
        """Mean loss over claim of all paths, on defaults by ``month`` [1]."""
        return float(np.where(self.defaulted(month), self.loss, 0.0).mean())

    def expected_loss_error(self, month: int) -> float:
        """Its standard error."""
        lost = np.where(self.defaulted(month), self.loss, 0.0)
        return float(lost.std(ddof=1) / np.sqrt(lost.size)) if lost.size > 1 else np.nan


YEAR = 12
"""Months of a year."""


@dataclass(frozen=True, eq=False)
class Covenant:
    """A covenant in numbers: instrument, field, level, months it runs, its headroom by month on some paths [M, S]."""

    paper: str
    name: str
    level: float
    months: int
    headroom: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class Issuer:
    """A company on P paths: months of its credit events [P] by line (0: none), its papers and their covenants."""

    case: CompanyCase
    events: dict[str, Array] = field(repr=False)
    papers: tuple[Paper, ...] = field(repr=False)
    covenants: tuple[Covenant, ...] = field(repr=False)

    def share(self, event: str, month: int) -> float:
        """Share of paths on which the event has happened by the end of ``month`` [1]."""
        found = self.events[event]
        return float(((found > 0) & (found <= month)).mean())


@dataclass(frozen=True, eq=False)
class Found:
    """What is kept of a company on one block of P paths.

    Its ``final`` rows [R, P], ``headroom`` by month [C, M, P] of the sample's blocks, and on how many paths each
    instrument is ``outstanding`` as each month begins [I, M].
    """

    final: Array
    headroom: Array
    outstanding: Array


class Credits:
    """Companies in their market, ready to be run block by block by several threads."""

    def __init__(self, market_case: MarketCase, cases: Sequence[CompanyCase], paths: int, seed: int) -> None:
        self.market_case, self.cases, self.paths, self.seed = market_case, list(cases), paths, seed
        before = openings(market_graph(), market_case.data)
        self.market = market_kernel().prepare(market_case.data, paths=paths)
        self.companies = [company_kernel().prepare(case.data, before, paths=paths) for case in self.cases]
        self.rows = [_final_rows(case) for case in self.cases]
        self.covenants = [covenants_of(case) for case in self.cases]
        self.open = [_open_rows(case) for case in self.cases]

    def run(self, threads: int | None, progress: Progress | None) -> list[Issuer]:
        """All paths, company by company in the order given; ``ValueError`` for paths or threads below one."""
        if self.paths < 1:
            raise ValueError(f"paths is {self.paths}; it must be 1 or more")
        found = scatter(self._blocks, dict.__or__, range(-(-self.paths // BLOCK)), threads, progress=progress)
        blocks = [found[number] for number in sorted(found)]
        return [self._issuer(number, [block[number] for block in blocks]) for number in range(len(self.cases))]

    def _blocks(self, blocks: range) -> dict[int, list[Found]]:
        return {number: self._block(number) for number in blocks}

    def _block(self, number: int) -> list[Found]:
        """What is kept of every company on one block."""
        lanes = min(BLOCK, self.paths - number * BLOCK)
        draws = market_draws(self.market_case.randomness, self.seed, number)
        self.market_case.shock(draws)
        needed = company_kernel().needs["market"]
        outer = {"market": self.market.run({"": draws}, paths=BLOCK, record=needed).record}
        found = []
        for place, case in enumerate(self.cases):
            own = company_draws(case.randomness, case.ticker, case.projects, self.seed, number)
            self.market_case.shock(own, case.projects)
            record = [row for *_, row in self.covenants[place]] if number * BLOCK < KEPT else []
            asked = [*record, *(row for rows in self.open[place] for row in rows)]
            result = self.companies[place].run(split(own), outer, paths=BLOCK, record=asked, final=self.rows[place])
            headroom = np.asarray(result.record[: len(record)], dtype=np.float32)[..., :lanes]
            final = np.array(result.final)[:, :lanes]
            rows = iter(result.record[len(record) :, :, :lanes] > DUST)
            papers, months = papers_of(case), final[len(EVENTS) :: len(AT_DEFAULT["debt"])]
            outstanding = [
                paths_outstanding(starts_open(paper), np.any([next(rows) for _ in lines], axis=0), month)
                for paper, lines, month in zip(papers, self.open[place], months, strict=True)
            ]
            found.append(Found(final, headroom, np.array(outstanding).reshape(len(papers), case.data.months)))
        return found

    def _issuer(self, place: int, blocks: list[Found]) -> Issuer:
        """One company from what was kept of each block."""
        case = self.cases[place]
        rows = np.concatenate([kept.final for kept in blocks], axis=1)
        outstanding = np.sum([kept.outstanding for kept in blocks], axis=0) / rows.shape[1]
        events = dict(zip(EVENTS, rows, strict=False))
        start, papers = len(EVENTS), []
        for row, months in zip(papers_of(case), outstanding, strict=True):
            month, claim, recovered = rows[start : start + 3]
            papers.append(Paper(case, row, month, claim, recovered, months))
            start += 3
        covenants = self.covenants[place]
        sample = np.concatenate([kept.headroom for kept in blocks if kept.headroom.size], axis=2) if covenants else ()
        return Issuer(
            case,
            events,
            tuple(paper for paper in papers if is_paper(paper.row)),
            tuple(
                Covenant(id, name, level, months, headroom)
                for (id, name, level, months, _), headroom in zip(covenants, sample, strict=True)
            ),
        )


def papers_of(case: CompanyCase) -> list[Debt | Hpc]:
    """The instruments of a company's file in the order of their rows."""
    return [row for block in AT_DEFAULT for row in getattr(case.company.tables, block)]


def starts_open(row: Debt | Hpc) -> bool:
    """Whether an instrument is outstanding when the projection starts: something is owed, or a line is open."""
    if isinstance(row, Hpc):
        return row.loan_issue_date is None and (row.loan_principal or 0.0) - (row.loan_undrawn or 0.0) > DUST
    line = row.undrawn if row.kind == "revolver" else None
    return row.issue_date is None and row.principal + (line or 0.0) > DUST


def paths_outstanding(at_start: bool, is_open: Array, default: Array) -> Array:
    """On how many paths an instrument is outstanding as each month begins [M], and not in default yet.

    ``is_open`` says by month and path [M, P] whether it is so at month end, ``default`` in which month it defaults (0:
    none). The month of default counts, even of what was lent in it.
    """
    month = np.arange(1, len(is_open) + 1)[:, None]
    begins = np.vstack([np.full_like(is_open[:1], at_start), is_open[:-1]])
    return np.asarray(((begins & ((default == 0) | (month <= default))) | (month == default)).sum(axis=1))


def _open_rows(case: CompanyCase) -> list[list[Row]]:
    """Of each instrument the rows that say whether it is outstanding."""
    return [
        [Row(block, name, k) for name in names] for block, names in OPEN.items() for k in range(case.data.count(block))
    ]


def _final_rows(case: CompanyCase) -> list[Row]:
    """Months of the credit events, then month, claim and recovery of each instrument's default."""
    papers = [
        Row(block, name, k)
        for block, names in AT_DEFAULT.items()
        for k in range(case.data.count(block))
        for name in names
    ]
    return [Row("", name) for name in EVENTS] + papers


def covenants_of(case: CompanyCase) -> list[tuple[str, str, float, int, Row]]:
    """The covenants in numbers of a company: instrument, field, level, months to maturity, row of its headroom.

    Those its file gives, and of loans on bitcoin the margin call, which has a default.
    """
    found = []
    for block, k, row, name, line in covenants_given(case.company.tables):
        day = row.loan_maturity if isinstance(row, Hpc) else row.maturity
        months = case.data.months if day is None else month_number(day, case.company.as_of) - 1
        found.append((row.id, name, float(case.data.openings[block][name][k]), months, Row(block, line, k)))
    return found


def covenants_given(tables: CompanyTables) -> Iterator[tuple[str, int, Debt | Hpc, str, str]]:
    """The covenants in numbers of a file: block, instrument with its place there, field, line of the headroom."""
    for block, lines in COVENANTS.items():
        for k, row in enumerate(getattr(tables, block)):
            for name, line in lines.items():
                given = row.kind == "btc_loan" if name == "margin_call_ltv" else getattr(row, name) is not None
                if given and is_paper(row):
                    yield block, k, row, name, line


def is_paper(row: Debt | Hpc) -> bool:
    """Whether a block of a file owes, or may come to owe, anything."""
    if isinstance(row, Hpc):
        return (row.loan_principal or 0.0) > 0
    return row.principal > 0 or (row.undrawn or 0.0) > 0
