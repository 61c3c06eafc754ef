"""Many companies at once: those that can be used, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from corpfin.inputs import AsOf, Company, Failure, InputError, Market, Problem, load_companies
from corpfin.inputs.find import companies_of
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company
from corpfin.runs.projection import Companies, CompanyLike, each, is_all


def named(companies: Companies, as_of: AsOf = None, folder: Path | None = None) -> list[CompanyLike]:
    """The companies asked for, one by one, for None all known by ticker of one date: ``as_of``, else the newest.

    ``InputError`` when none is named and for what names none.
    """
    wanted = each(list(companies_of(as_of, folder)) if is_all(companies) else companies)
    if not wanted:
        raise InputError([Problem("companies", "", None, "none is named; give tickers or files, or None for all")])
    return wanted


def distinct(companies: Iterable[Company]) -> list[Company]:
    """The companies, each once: results are kept by ticker.

    ``InputError`` for two companies of one ticker.
    """
    found: dict[str, Company] = {}
    for company in companies:
        first = found.setdefault(company.ticker, company)
        if first is not company and first.digest() != company.digest():
            message = f"is taken by {first.name} of {first.file}; give the other a ticker of its own"
            raise InputError([Problem(company.file.name, "company.ticker", company.ticker, message)])
    return list(found.values())


def gather(
    companies: Companies, market: Market, as_of: AsOf = None, folder: Path | None = None
) -> tuple[list[Company], dict[str, Failure]]:
    """The companies that load, in the order given, and why the others do not, by the name they were given.

    Tickers are of ``as_of`` and looked for in ``folder`` first. A ticker that another company named before has taken is
    a failure. Raises ``InputError`` with every problem when none loads, and when none is named.
    """
    wanted = named(companies, as_of, folder)
    names = [name for name in wanted if not isinstance(name, Company)]
    batch = load_companies(names, market.defaults, folder, as_of=as_of)
    found: dict[str, Company] = {}
    failures = dict(batch.failed)
    for item in wanted:
        company = item if isinstance(item, Company) else batch.loaded.get(str(item))
        if company is not None and found.setdefault(company.ticker, company).digest() != company.digest():
            message = "is taken by another company named before; left out"
            problem = Problem(company.file.name, "company.ticker", company.ticker, message)
            failures[str(item)] = Failure("INVALID", (problem,))
    _raise_if_none(list(found), failures)
    return list(found.values()), failures


def prepare_batch(
    companies: Sequence[Company], market_case: MarketCase
) -> tuple[list[CompanyCase], dict[str, Failure]]:
    """The companies under the market case's scenario, and why the others cannot be run under it, by ticker.

    Raises ``InputError`` with every problem when none can.
    """
    cases: list[CompanyCase] = []
    failures: dict[str, Failure] = {}
    for company in companies:
        try:
            cases.append(prepare_company(company, market_case))
        except InputError as error:
            failures[company.ticker] = Failure(error.kind, tuple(error.problems))
    _raise_if_none(cases, failures)
    return cases, failures


def ready(
    companies: Companies,
    market: Market,
    market_case: MarketCase,
    as_of: AsOf = None,
    folder: Path | None = None,
) -> tuple[list[CompanyCase], dict[str, Failure]]:
    """The companies that load and can be run under the market case's scenario, and why the others cannot."""
    found, failures = gather(companies, market, as_of, folder)
    cases, unfit = prepare_batch(found, market_case)
    return cases, failures | unfit


def _raise_if_none(found: Sequence[object], failures: dict[str, Failure]) -> None:
    if not found:
        raise InputError(problem for failure in failures.values() for problem in failure.problems)
