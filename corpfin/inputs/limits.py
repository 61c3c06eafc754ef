"""Where what is accepted ends, in one table: read from the declarations that refuse what lies beyond."""

from __future__ import annotations

from typing import NamedTuple

from corpfin.common.defaults import LONGEST
from corpfin.common.files import LARGEST
from corpfin.inputs.checks import LARGEST_JUMP, OUT_OF_PROPORTION
from corpfin.inputs.draws import FACTORS, follows_path
from corpfin.inputs.fields import HIGHEST, LOWEST
from corpfin.inputs.schema import FIRST_DATE, LAST_DATE


class Limit(NamedTuple):
    """What is limited, where it begins and ends, and what to know of it."""

    what: str
    allowed: str
    note: str


def limits() -> list[Limit]:
    """Every limit that holds for more than one field; those of a single field stand with it."""
    found = [
        Limit(f"a figure in {unit}", _span(LOWEST.get(unit), HIGHEST.get(unit)), _of_unit(unit))
        for unit in dict.fromkeys([*HIGHEST, *LOWEST])
    ]
    found += [
        Limit(f"{table}.{name}", f"up to {times} times the market value", "it would be in another unit")
        for table, name, times in OUT_OF_PROPORTION
    ]
    found += [
        Limit(f"known_month.{name}", f"{1 / most:.3g} to {most:g} times the month before", "another month or unit else")
        for name, most in LARGEST_JUMP.items()
    ]
    for factor in FACTORS.values():
        for how in (*factor.hows, "path") if follows_path(factor) else factor.hows:
            unit = "" if how == "multiply" or factor.unit == "1" else f" {factor.unit}"
            found.append(Limit(f"a shock to {factor.name}, {how}", f"{_span(*factor.span(how))}{unit}", ""))
    return [
        *found,
        Limit("a date", f"{FIRST_DATE} to {LAST_DATE}", ""),
        Limit("months of a run", f"1 to {LONGEST:,}", ""),
        Limit("a file that is read", f"up to {LARGEST // 2**20} MiB", "a plain one: no pipe, no device"),
        Limit("a text", "no character that a terminal obeys or reads backwards", "tab and line feed may stand"),
    ]


def _span(least: float | None, most: float | None) -> str:
    words = [f"{least:,.10g}" if least is not None else "", f"to {most:,.10g}" if most is not None else "or more"]
    return " ".join(filter(None, words if least is not None or most is None else [f"up to {most:,.10g}"]))


def _of_unit(unit: str) -> str:
    parts = ["the least of a field above 0"] if unit in LOWEST else []
    parts += ["the most of a field that states none of its own"] if unit in HIGHEST else []
    return "; ".join(parts)
