"""What an input cell holds, and what may be typed into it, as a data validation."""

from __future__ import annotations

from typing import Any

from corpfin.inputs.schema import FIRST_DATE, LAST_DATE, Declared
from corpfin.workbook.book import clean

LONGEST_MESSAGE = 250


def validation(field: Declared, *, required: bool) -> dict[str, Any]:
    """The rule of a field; ``required`` where it may not be left blank."""
    rule: dict[str, Any] = {
        "ignore_blank": not required,
        "error_title": "Not allowed",
        "error_message": clean(f"{field.expected}; {field.allowed or 'any'}")[:LONGEST_MESSAGE],
        "input_title": field.name[:32],
        "input_message": clean(f"{field.described}. {field.allowed or ''}")[:LONGEST_MESSAGE],
    }
    match field.kind:
        case "date":
            return rule | {"validate": "date", "criteria": "between", "minimum": FIRST_DATE, "maximum": LAST_DATE}
        case "truth":
            return rule | {"validate": "list", "source": ["TRUE", "FALSE"]}
        case "word" | "words":
            return rule | {"validate": "list", "source": list(field.words)}
    limits = field.limits
    inclusive = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
    found = {name: limits[name] for name in inclusive if name in limits}
    if len(found) == 1:
        ((name, bound),) = found.items()
        return rule | {"validate": "decimal", "criteria": inclusive[name], "value": bound}
    low = limits.get("ge", limits.get("gt", -1e300))
    high = limits.get("le", limits.get("lt", 1e300))
    return rule | {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}


def held(value: Any, place: int) -> Any:
    """A value as its cell holds it; ``place`` is that of a cell among those of a list."""
    if isinstance(value, list):
        return value[place] if 0 <= place < len(value) else None
    return value
