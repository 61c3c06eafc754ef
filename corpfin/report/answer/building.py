"""When what the company owes falls due, and what it builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corpfin.inputs.company import Hpc
from corpfin.report.answer.position import beside
from corpfin.report.answer.tree import Block, Figure
from corpfin.runs import Projection
from corpfin.runs.schedule import OPEN, Due, by_year, debt_due, loans_due, principal_due, total

ASSUMED = (
    ("slip", "Months late on this path", "month"),
    ("overrun", "Actual over guided construction cost on this path", "1"),
)
"""What the path assumes of a project: on the central one the mean of what may come."""


def debt(projection: Projection) -> Block:
    """Principal by contract, and as the model pays it on the central path."""
    found = projection.summary
    paid = principal_due(projection).filter(["projects"], axis="index")
    by_model = {str(year): due for amounts in paid.to_numpy() for year, due in zip(paid, amounts, strict=True)}
    return Block(
        "debt",
        "Debt due by year",
        (
            _by_contract("corporate", "Corporate debt by contract", debt_due(projection.company)),
            _by_contract("loans", "Project loans by contract", loans_due(projection.company)),
            _by_year("loans_paid", "Project loans as the model pays them", by_model, "USD m", "study principal_due"),
            _by_year(
                "principal_due", "Corporate principal as the model pays it", found["principal_due"], "USD m",
                "line principal_falling_due",
            ),
            _by_year(
                "project_debt_service", "Debt service of the projects", found["project_debt_service"], "USD m",
                "line ring_debt_service",
            ),
        ),
    )  # fmt: skip


def _by_contract(name: str, label: str, dues: list[Due]) -> Block:
    """A block a year, ``open`` for what has no date: its total in cash, then what each instrument asks for."""
    years = []
    for year, group in by_year(dues).items():
        amount = Figure("total", "Total in cash", total(group), "USD m", f"study {name}")
        years.append(Block(f"{year or OPEN}", f"Due in {year or OPEN}", (amount, *map(_due, group))))
    return Block(name, label, tuple(years))


def _due(due: Due) -> Figure:
    facts = {"year": due.year, "event": due.event, "day": due.day, "in_cash": due.in_cash}
    return Figure(due.id, due.event, due.amount, "USD m", f"input {due.id}", facts=facts)


def _by_year(name: str, label: str, amounts: Mapping[str, float], unit: str, source: str) -> Block:
    return Block(name, label, tuple(Figure(year, year, amount, unit, source) for year, amount in amounts.items()))


def capacity(projection: Projection) -> Block:
    """Megawatts leased and delivered of each project, now and at each year's end, and the capital still to be spent."""
    found, company = projection.summary, projection.company
    delivered = projection["hpc", "delivered_mw"]
    month_now = projection.market_case.now
    ends = {label[:4]: number for number, label in enumerate(projection.labels)}

    def given(project: Hpc, field: str, label: str) -> Figure:
        figure = company.figure("hpc", project.id, field)
        return Figure(
            field, label, getattr(project, field), figure.unit, f"input hpc.{project.id}.{field}", None, figure.grade,
            low=figure.low, high=figure.high,
        )  # fmt: skip

    def now(name: str, amount: float, source: str) -> Figure:
        return Figure(name, "Delivered now", amount, "MW", source, projection.labels[month_now])

    def left(at: int) -> tuple[Figure, ...]:
        amount, month = projection.at_month(at)["capex_left"], projection.labels[at]
        return (Figure("capex_left", "Cost to complete", amount, "USD m", "line capex_left", month),)

    def megawatts(amounts: Iterable[float]) -> Block:
        by_end = {year: float(amount) for year, amount in zip(ends, amounts, strict=True)}
        return _by_year("delivered_by_year", "Delivered at each year's end", by_end, "MW", "line delivered_mw")

    projects = tuple(
        Block(
            project.id,
            project.id,
            (
                given(project, "leased_mw", "Leased"),
                now("delivered_mw", float(delivered[number][month_now]), "line delivered_mw"),
                given(project, "full_delivery", "Full delivery as guided"),
                megawatts(delivered[number][month] for month in ends.values()),
                *(
                    Figure(name, label, float(projection["hpc", name][number]), unit, f"draw {name}")
                    for name, label, unit in (ASSUMED if project.delivered_mw < project.leased_mw else ())
                ),
            ),
        )
        for number, project in enumerate(company.tables.hpc)
    )
    to_build = beside("capacity", "AI and HPC capacity", projection, left)
    return Block(
        to_build.name,
        to_build.label,
        (
            Block("projects", "Projects", projects),
            Figure("leased_mw", "Leased", found["leased_mw"], "MW", "input hpc.leased_mw"),
            now("delivered_mw_now", found["delivered_mw_now"], "line total_hpc_delivered_mw"),
            _by_year(
                "delivered_mw", "Delivered at each year's end", found["delivered_mw"], "MW",
                "line total_hpc_delivered_mw",
            ),
            *to_build.parts,
        ),
    )  # fmt: skip
