"""How a figure of the answer is written, by its unit."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from corpfin.common.columns import TEXT, Heading
from corpfin.common.text import chance, money, percent, short, unit_or_nothing, whole
from corpfin.report.answer import Figure

WHOLE = ("BTC", "USD/BTC", "month", "path", "m share")


def shown(figure: Figure) -> str:
    """A figure with its error or range and the sign of per cent; its unit stands elsewhere."""
    if figure.error is not None and figure.unit == "1" and isinstance(figure.value, float):
        return chance(figure.value, figure.error)
    text = value(figure.value, figure.unit)
    if figure.facts.get("at_cap"):
        text += "+"
    if "over_price" in figure.facts and figure.value:
        text += f" ({100 * figure.facts['over_price']:+,.0f} %)"
    if figure.error is not None and isinstance(figure.value, float) and math.isfinite(figure.value):
        text += f" ± {value(figure.error, figure.unit)}"
    return text


def value(found: Any, unit: str) -> str:
    """A value in a unit, a dash where there is none.

    >>> value(2629.995, "USD m"), value(0.2378, "1"), value(None, ""), value(True, ""), value(4096, "path")
    ('2,630.0', '23.8 %', '-', 'yes', '4,096')
    """
    match found:
        case None | "":
            return "-"
        case bool():
            return "yes" if found else "no"
        case date() | str():
            return str(found)
        case float() if not math.isfinite(found):
            return "-"
        case float() | int() if unit == "1":
            return percent(found)
        case float() | int() if unit in WHOLE:
            return whole(found)
        case float() if unit in ("USD m", "MW"):
            return money(found)
        case int():
            return f"{found}"
        case _:
            return short(found)


def between(figure: Figure) -> str:
    """The range of a figure; nothing where it has none."""
    if figure.low is None and figure.high is None:
        return ""
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    return f"{value(low, figure.unit)} to {value(high, figure.unit)}"


def unit(figure: Figure) -> str:
    """Its unit; nothing where the figure carries it."""
    return unit_or_nothing(figure.unit)


def heading(column: Heading) -> str:
    """A column's label with its unit; shares stand in per cent.

    >>> heading(Heading("survival", "1", "Survival", "")), heading(Heading("cash", "USD m", "Cash", ""))
    ('Survival, %', 'Cash, USD m')
    """
    unit = "%" if column.unit == "1" else "" if column.unit == TEXT else column.unit
    return f"{column.label}, {unit}" if unit else column.label
