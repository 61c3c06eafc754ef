"""Tenants as named parties: what the market file says of one holds wherever a project names it.

Hazard, kept leases and coupon of a project come from its tenant, else from the tenant's rating, else from the defaults.
A tenant that the market file does not name is words for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from corpfin.inputs.errors import Report, nearest_name
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Value

SHARED = ("tenant_default_hazard", "lease_kept", "loan_coupon")
"""Fields of a project that its tenant gives."""
OWN = ("tenant_default_hazard", "lease_kept")
"""Of them, those a project with a named tenant may not give itself: one name has one credit."""
MISTYPED = 0.8
"""Likeness from which a tenant's name is taken for a mistyped one."""


class Shared(NamedTuple):
    """What projects read from their tenant: the value, and the key of the market file that gives it."""

    value: Value
    key: str


Tenants = Mapping[str, Mapping[str, Shared]]
"""By id of a tenant and field of a project."""


def tenants_of(rows: Sequence[Row], report: Report) -> Tenants:
    """The tenants of a market file, as projects read them; what does not hold goes into the report."""
    ratings = {row.id: row for row in rows if row.table == "rating" and row.id is not None}
    found: dict[str, dict[str, Shared]] = {}
    for row in rows:
        if row.table != "tenant" or row.id is None:
            continue
        rating = row.valid.get("rating")
        if rating is not None and rating not in ratings:
            allowed = ", ".join(ratings) or None
            report.add(f"{row.key}.rating", "there is no such [[rating]]", rating, allowed,
                       nearest_name(str(rating), ratings))  # fmt: skip
        elif rating is None and "tenant_default_hazard" not in row.written:
            report.add(f"{row.key}.tenant_default_hazard", "is missing: the tenant has no rating either")
        givers = [giver for giver in (ratings.get(str(rating)), row) if giver is not None]
        found[row.id] = {
            name: Shared(giver.valid[name], f"{giver.key}.{name}")
            for giver in givers
            for name in SHARED
            if name in giver.valid
        }
    return found


def with_tenants(rows: Sequence[Row], tenants: Tenants, report: Report) -> list[Row]:
    """The rows of a company file in which projects read from their tenants what they do not give themselves.

    A project that gives what its tenant gives, and a tenant whose name is nearly one of the market's, go into the
    report.
    """
    found = []
    for row in rows:
        name = row.valid.get("tenant") if row.table == "hpc" else None
        shared = tenants.get(str(name), {})
        for field in OWN:
            if field in row.written and field in shared:
                message = f"stands in the market file as {shared[field].key}, for all that rent to {name}; take it out"
                report.add(f"{row.key}.{field}", message, row.written[field])
        if isinstance(name, str) and name not in tenants:
            near = nearest_name(name, tenants)
            if near and SequenceMatcher(None, name.casefold(), near).ratio() >= MISTYPED:
                message = "is not how the market file writes this [[tenant]]"
                report.add(f"{row.key}.tenant", message, name, None, near)
        borrowed = {field: given.value for field, given in shared.items()}
        found.append(replace(row, defaults={**row.defaults, **borrowed}) if borrowed else row)
    return found
