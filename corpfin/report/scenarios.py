"""The scenarios one can name: their story, what each changes and when, and whom it does not reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corpfin.common.text import wrapped
from corpfin.inputs import Company, Scenario, Shock
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import FACTORS, is_static
from corpfin.inputs.rows import layout

PROJECTS = "hpc"


def scenarios_page(found: Mapping[str, Scenario], companies: Iterable[Company]) -> str:
    """A paragraph a scenario: story, shocks with their months and reasons, companies that no shock reaches."""
    companies = list(companies)
    sections = []
    for name, scenario in found.items():
        lines = [name, *wrapped(" ".join(scenario.story.split()))]
        for shock in scenario.shocks:
            only = f", {shock.kind} alone" if shock.kind else ""
            lines += wrapped(
                f"{shock.target}{only}: {shock.said}, {months_of_shock(shock)}. {shock.why}", "  - ", "    "
            )
        missed = [company.ticker for company in companies if not reaches(scenario, company)]
        if missed and scenario.shocks:
            lines += wrapped(f"Changes nothing of {', '.join(missed)}.")
        sections.append("\n".join(lines))
    return "\n\n".join(sections)


def months_of_shock(shock: Shock) -> str:
    """When a shock holds, in words."""
    if shock.how == "path":
        return f"in {'steps' if shock.between == 'step' else 'a line'} and then for good"
    if shock.target in FACTORS and is_static(FACTORS[shock.target]):
        return "for the whole run"
    if shock.from_month is None and shock.to_month is None:
        return "for good"
    first = f"from {shock.from_month or '+1'}"
    return f"{first} to {shock.to_month}" if shock.to_month else f"{first} on"


def reaches(scenario: Scenario, company: Company) -> bool:
    """Whether a shock names something the company has; what all share reaches everybody."""
    return any(_reaches(shock, company) for shock in scenario.shocks)


def _reaches(shock: Shock, company: Company) -> bool:
    factor = FACTORS.get(shock.target)
    if factor is not None:
        building = any(row.delivered_mw < row.leased_mw for row in company.tables.hpc)
        return building or not is_static(factor)
    table = shock.field.partition(".")[0]
    rows = [row for row in company.rows if row.table == table]
    return table not in layout(CompanyTables) or any(
        shock.block in (None, row.id) and shock.kind in (None, row.get("kind")) for row in rows
    )
