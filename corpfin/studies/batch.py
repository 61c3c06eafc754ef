"""Many companies at once: those that can be used, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence

from corpfin.inputs import Company, Failure, InputError, Market, known_companies, load_companies
from corpfin.studies.model import CompanyCase, MarketCase, prepare_company
from corpfin.studies.projection import CompanyLike

Companies = Sequence[CompanyLike] | CompanyLike | None
"""One company or several, loaded, by ticker or by path; None for every company known by ticker."""


def gather(companies: Companies, market: Market) -> tuple[list[Company], dict[str, Failure]]:
    """The companies that load, in the order given, and why the others do not, by the name they were given.

    Raises ``InputError`` with every problem when none loads.
    """
    if companies is None:
        companies = list(known_companies())
    wanted = [companies] if isinstance(companies, CompanyLike) else list(companies)
    batch = load_companies([name for name in wanted if not isinstance(name, Company)], market.defaults)
    found = [item if isinstance(item, Company) else batch.loaded.get(str(item)) for item in wanted]
    loaded = {company.ticker: company for company in found if company is not None}
    _raise_if_none(list(loaded), batch.failed)
    return list(loaded.values()), batch.failed


def prepare_batch(
    companies: Sequence[Company], market_case: MarketCase
) -> tuple[list[CompanyCase], dict[str, Failure]]:
    """The companies under the market case's scenario, and why the others cannot be run under it, by ticker.

    Raises ``InputError`` with every problem when none can.
    """
    cases: list[CompanyCase] = []
    failed: dict[str, Failure] = {}
    for company in companies:
        try:
            cases.append(prepare_company(company, market_case))
        except InputError as error:
            failed[company.ticker] = Failure(error.kind, tuple(error.problems))
    _raise_if_none(cases, failed)
    return cases, failed


def _raise_if_none(found: Sequence[object], failed: dict[str, Failure]) -> None:
    if not found and failed:
        raise InputError(problem for failure in failed.values() for problem in failure.problems)
