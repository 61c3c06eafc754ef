"""What must hold of the months of a company of which something is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from corpfin.inputs.errors import Report, nearest_name
from corpfin.inputs.rows import Row

Known = Literal["none", "market", "all"]
"""How much of what has happened a run may see.

``none``: no known month, neither of the market nor of a company, so that the first projected month is as open as the
last. Dated events of a company file (a note issued, a share sale, a lease) stay: the file does not say since when they
are known. ``market``: the market's months, share prices, and those events. ``all``: everything.
"""

KNOWN: tuple[Known, ...] = get_args(Known)

AT_MONTH_END = ("share_price", "delivered_mw", "cash")
"""What is known of a month end; a period has none."""

OF_PROJECT = ("capex", "delivered_mw")
"""What may be known of one project."""

FIGURES = (*AT_MONTH_END, "btc_mined", "btc_sold", "shares_sold", "share_proceeds", "capex")


def is_month(month: str) -> bool:
    """Whether this is a month of the calendar, ``YYYY-MM``."""
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) is not None


def next_month(month: str) -> str:
    """The month after ``month``."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def months_of(row: Row) -> list[str]:
    """The months a row of a company's [[known_month]] is of, in order; none when they cannot be read."""
    first, last = (str(row.get(end) or row.get("month") or "") for end in ("from", "to"))
    months = []
    while is_month(first) and is_month(last) and first <= last:
        months.append(first)
        first = next_month(first)
    return months


def check_known(as_of: date, tables: Mapping[str, Sequence[Row]], report: Report) -> None:
    """Report what does not hold between the known months of a company file and the rest of it."""
    projects = {row.id: row for row in tables["hpc"] if row.id is not None}
    seen: dict[tuple[str, str, str], str] = {}
    for row in tables["known_month"]:
        for name, message, allowed, nearest in _faults(as_of, row, tables, projects):
            value = row.written.get(name)
            report.add(f"{row.key}.{name}" if name else row.key, message, value, allowed, nearest)
        for name in FIGURES:
            for month in months_of(row) if name in row.valid else ():
                figure = (month, name, str(row.get("hpc") or ""))
                if seen.setdefault(figure, row.key) != row.key:
                    report.add(f"{row.key}.{name}", f"{month} has it from {seen[figure]} already", row.valid[name])
                    break


Fault = tuple[str, str, str | None, str | None]
"""The field, what is wrong with it, what is allowed and the nearest right thing."""


def _faults(as_of: date, row: Row, tables: Mapping[str, Sequence[Row]], projects: Mapping[str, Row]) -> Iterator[Fault]:
    yield from _month_faults(as_of, row)
    found = [name for name in FIGURES if name in row.written]
    if not found:
        yield "", "says nothing of its months; give a figure or take it out", ", ".join(FIGURES), None
    if "month" not in row.written:
        for name in (name for name in found if name in AT_MONTH_END):
            yield name, "is known of a month end, not of a period; give month in place of from and to", None, None
    project = row.get("hpc")
    if project is not None:
        if project not in projects:
            yield "hpc", "there is no such [[hpc]]", None, nearest_name(str(project), projects)
        for name in (name for name in found if name not in OF_PROJECT):
            yield name, "is no figure of a project; give it in a block without hpc", ", ".join(OF_PROJECT), None
    for name, table in (("btc_mined", "fleet"), *((name, "hpc") for name in OF_PROJECT)):
        if name in found and not tables[table]:
            yield name, f"there is no [[{table}]] that it could be of", None, None
    held = [item for item in projects.values() if item.get("consolidated") is not False]
    if "capex" in found and project is None and projects and not held:
        yield (
            "capex",
            "no [[hpc]] is consolidated; name in hpc the one this capital expenditure is of",
            None,
            None,
        )
    delivered = row.number("delivered_mw")
    own = [projects[str(project)]] if project in projects else list(projects.values()) if project is None else []
    leased = [value for value in (item.number("leased_mw") for item in own) if value is not None]
    if delivered is not None and leased and len(leased) == len(own) and delivered > sum(leased) + 1e-9:
        yield "delivered_mw", f"is more than the {sum(leased):g} MW under lease", None, None


def _month_faults(as_of: date, row: Row) -> Iterator[Fault]:
    given = [name for name in ("month", "from", "to") if name in row.written]
    if given not in (["month"], ["from", "to"]):
        yield "", "needs either month or both from and to", None, None
        return
    months = {name: str(row.valid[name]) for name in given if name in row.valid}
    for name, month in months.items():
        if not is_month(month):
            yield name, "there is no such month", "YYYY-MM, MM from 01 to 12", None
        elif month <= f"{as_of:%Y-%m}":
            yield (
                name,
                f"must be after the balance-sheet date {as_of}; what was before is in the balance sheet",
                None,
                None,
            )
    if len(months) == 2 and months["from"] >= months["to"]:
        yield "to", f"must be after from ({months['from']}); give month for a single one", None, None
