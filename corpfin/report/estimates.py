"""Which inputs are judgements: the estimated figures a company's model reads, largest amounts first."""

from __future__ import annotations

from corpfin.inputs import Company, Figure
from corpfin.inputs.schema import declared
from corpfin.runs.declared import COMPANY_TABLES

QUARTERS = 4
USD_PER_MILLION = 1e6


def estimated(company: Company, btc_price: float) -> list[Figure]:
    """Estimated figures that reach a line: those that are amounts by size, the others in the order of the file."""
    found = [figure for figure in company.figures() if figure.grade == "estimated" and _reaches(figure)]
    return sorted(found, key=lambda figure: -_amount(figure, company, btc_price))


def key_of(figure: Figure) -> str:
    """The figure's address in the file: ``debt.conv-2031.principal``."""
    return ".".join(filter(None, (figure.table, figure.id, figure.field)))


def counts(company: Company) -> dict[str, int]:
    """Number of figures of each grade."""
    return {grade: tally.figures for grade, tally in company.grades().items()}


def _reaches(figure: Figure) -> bool:
    table = COMPANY_TABLES.get(figure.table)
    return table is not None and declared(table)[figure.field].spec.model


def _amount(figure: Figure, company: Company, btc_price: float) -> float:
    """The figure in USD m, a flow as what it makes in a year; 0 for what is not money."""
    if not isinstance(figure.value, float):
        return 0.0
    match figure.unit:
        case "USD m" | "USD m/year":
            return figure.value
        case "USD m/quarter":
            return figure.value * QUARTERS
        case "BTC":
            return figure.value * btc_price / USD_PER_MILLION
        case "USD m/MW":
            leased = company.value("hpc", "leased_mw", figure.id)
            return figure.value * leased if isinstance(leased, float) else 0.0
        case _:
            return 0.0
