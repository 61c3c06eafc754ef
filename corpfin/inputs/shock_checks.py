"""What must hold of the shocks of a scenario file, beyond the limits of each field."""

from __future__ import annotations

from collections.abc import Sequence

from corpfin.inputs.checks import DRAWN, KINDS
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import FACTORS, Factor, follows_path
from corpfin.inputs.errors import Report, nearest_name
from corpfin.inputs.fields import Table
from corpfin.inputs.known import is_month
from corpfin.inputs.market import FROM_NOW, HALVING, MarketTables, dated_levels, field_of, is_yearly
from corpfin.inputs.rows import Row, layout, refused
from corpfin.inputs.schema import declared, fault

PATH = "path"
OF_PATHS = ("levels", "between", "certain")
"""Fields that a path alone has."""


def check_scenario(rows: Sequence[Row], report: Report) -> None:
    """Report shocks that name nothing that exists, a month that is none or months in the wrong order."""
    targets = shockable()
    for row in rows:
        _check_shock_months(row, report)
        if "target" not in row.valid:
            continue
        target, value = str(row.valid["target"]), row.valid.get("value")
        named, block = field_of(target)
        table = named.partition(".")[0]
        kind, kinds = row.valid.get("kind"), KINDS.get(table, ())
        if kind is not None and kind not in kinds:
            which = ", ".join(kinds) or f"none: only {' and '.join(KINDS)} have kinds"
            report.add(f"{row.key}.kind", f"is no kind of {named}", kind, which)
        if named not in FACTORS and named not in targets:
            message = "is neither a factor nor the table.field of a number"
            near = nearest_name(named, [*FACTORS, *targets])
            report.add(
                f"{row.key}.target", message, target, f"{', '.join(FACTORS)}, table.field or table.id.field", near
            )
        elif block is not None and not REPEATING[table]:
            report.add(f"{row.key}.target", f"{table} stands once and has no blocks with an id", target, None, named)
        elif row.valid.get("how") == "set" and value is not None and named in targets:
            _check_value(row, targets[named], named, report)
        elif named in FACTORS:
            _check_level(row, FACTORS[named], report)
        _check_path(row, named, report)


def _check_value(row: Row, table: type[Table], named: str, report: Report) -> None:
    """Report a value that the field it is set to does not allow."""
    name, value = named.partition(".")[2], row.valid["value"]
    if name in refused(table, {name: value}):
        message, allowed, _ = fault(declared(table)[name], value)
        report.add(f"{row.key}.value", f"{message} ({row.valid['target']})", value, allowed)


def _check_level(row: Row, factor: Factor, report: Report) -> None:
    """Report a level of a factor, or what one is multiplied by, that nobody can mean."""
    how, value = str(row.valid.get("how")), row.number("value")
    if how == PATH:
        field, tried = "levels", [level for _, level in _dated(row)]
    elif how in factor.hows:
        field, tried = "value", [] if value is None else [value]
    else:
        return
    least, most = factor.span(how)
    for level in tried:
        if not least <= level <= most:
            which = {"multiply": "multiplied by", "add": "added"}.get(how, f"set, in {factor.unit}")
            report.add(
                f"{row.key}.{field}",
                f"is out of range for {factor.name}, {which}",
                level,
                f"{least:,.10g} to {most:,.10g}",
            )


def _check_path(row: Row, named: str, report: Report) -> None:
    """Report what a path lacks, what only a path has, and a factor that cannot follow one."""
    given = [name for name in OF_PATHS if name in row.valid]
    if row.valid.get("how") != PATH:
        if "how" in row.valid and "value" not in row.valid:
            report.add(f"{row.key}.value", "is missing: by or to what", None, "a number")
        for name in given:
            report.add(f"{row.key}.{name}", 'belongs to how = "path"', row.valid[name])
        return
    if "levels" not in row.valid:
        report.add(f"{row.key}.levels", "is missing: a path has levels by month", None, "+6 = 45000, 2027-12 = 80000")
    for name in ("value", "from_month", "to_month"):
        if name in row.valid:
            report.add(f"{row.key}.{name}", "does not belong to a path: its levels have their months", row.valid[name])
    factor = FACTORS.get(named)
    if factor is not None and not follows_path(factor):
        followed = ", ".join(name for name, each in FACTORS.items() if follows_path(each))
        report.add(f"{row.key}.how", f"{named} cannot follow a path", PATH, f"of factors: {followed}")
    if factor is None and "certain" in row.valid:
        report.add(
            f"{row.key}.certain", "belongs to a factor: an input is the same on every path", row.valid["certain"]
        )
    for month, _ in _dated(row):
        if month != HALVING and not month.startswith(FROM_NOW) and not is_month(month):
            report.add(f"{row.key}.levels", "there is no such month", month, "YYYY-MM, MM from 01 to 12")


def _dated(row: Row) -> list[tuple[str, float]]:
    """The months and levels of a path; none where they are not written as they must be."""
    return dated_levels(str(row.valid["levels"])) if "levels" in row.valid else []


def _check_shock_months(row: Row, report: Report) -> None:
    """Report a month of a shock that is none, months in the wrong order, and half a span of every year."""
    months = {name: str(row.valid[name]) for name in ("from_month", "to_month") if name in row.valid}
    for name, month in months.items():
        calendar = f"2000-{month}" if is_yearly(month) else month
        if month != HALVING and not month.startswith(FROM_NOW) and not is_month(calendar):
            report.add(f"{row.key}.{name}", "there is no such month", month, "YYYY-MM, MM from 01 to 12")
    yearly = [name for name, month in months.items() if is_yearly(month)]
    if len(yearly) == 1:
        message = "is a month of every year: from_month and to_month are both written so, or neither"
        report.add(f"{row.key}.{yearly[0]}", message, months[yearly[0]])
    elif not yearly and len(months) == 2 and HALVING not in months.values():
        first, last = months["from_month"], months["to_month"]
        alike = first.startswith(FROM_NOW) == last.startswith(FROM_NOW)
        if alike and (len(first), first) > (len(last), last):
            report.add(f"{row.key}.from_month", f"must not be after to_month ({last})", first)


def shockable() -> dict[str, type[Table]]:
    """Every number a shock may change, as table.field, with the table that declares it: those that something reads."""
    shapes = layout(CompanyTables) | layout(MarketTables)
    return {
        f"{table}.{name}": shape.table
        for table, shape in shapes.items()
        for name, field in declared(shape.table).items()
        if field.kind == "number" and (field.spec.model or table in DRAWN)
    }


REPEATING = {name: shape.repeats for name, shape in (layout(CompanyTables) | layout(MarketTables)).items()}
"""Tables of a company or market file, and whether they stand in blocks with an id."""
