"""Numbers and prose in plain text, of a width that survives being pasted into an email."""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import date

NARROWEST, WIDTH = 60, 96
"""Widths to which a page's prose is broken at least and at most; a figure with a note may be a little longer."""

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys or reads backwards: control characters but tab and line feed, marks of direction, halves of
characters."""

GLUE = "\N{NO-BREAK SPACE}"


DUST = 1e-9
"""What is nearer to zero is rounding, and shown as nothing."""


def undusted(value: float) -> float:
    """A number, exactly zero where it is rounding.

    >>> undusted(-2.3e-13), undusted(0.5), undusted(float("nan"))
    (0.0, 0.5, nan)
    """
    return 0.0 if abs(value) < DUST else value


def money(value: float) -> str:
    """An amount with one decimal.

    >>> money(2629.995), money(-0.04)
    ('2,630.0', '0.0')
    """
    return f"{round(value, 1) + 0.0:,.1f}"


def whole(value: float) -> str:
    """A count or a price without decimals.

    >>> whole(62999.59)
    '63,000'
    """
    return f"{round(value) + 0:,d}"


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 in per cent.

    >>> percent(0.2378)
    '23.8 %'
    """
    return f"{100 * share:,.{digits}f} %"


def share(value: float) -> str:
    """A share in whole per cent, a dash for none.

    >>> share(0.5), share(float("nan"))
    ('50 %', '-')
    """
    return "-" if math.isnan(value) else percent(value, 0)


def amount(value: float) -> str:
    """A number with a decimal below 100, a dash for none.

    >>> amount(62.45), amount(0.0), amount(5258.3), amount(float("nan"))
    ('62.5', '0', '5,258', '-')
    """
    if math.isnan(value):
        return "-"
    value = undusted(value)
    return f"{value:.1f}" if 0 < abs(value) < 100 and value != round(value) else whole(value)


def chance(share: float, error: float) -> str:
    """A probability and its standard error, both in per cent with as many digits as the error deserves.

    >>> chance(0.927, 0.0058), chance(1.0, 0.0001)
    ('92.7 ± 0.6 %', '100.00 ± 0.01 %')
    """
    digits = 1 if error >= 0.0005 else 2
    return f"{100 * share:.{digits}f} ± {100 * error:.{digits}f} %"


def small_chance(share: float, error: float) -> str:
    """The same of a small probability: two digits of the error, however small; a dash for none.

    >>> small_chance(0.000312, 0.0000213), small_chance(float("nan"), float("nan"))
    ('0.0312 ± 0.0021 %', '-')
    """
    if math.isnan(share):
        return "-"
    digits = max(1, 1 - math.floor(math.log10(100 * error))) if error > 0 else 1
    return f"{100 * share:.{digits}f} ± {100 * error:.{digits}f} %"


def written(value: float | str | bool | date | list[str] | None) -> str:
    """A value of an input file for people.

    >>> written(1250.0), written(True), written(["btc", "atm"]), written(None)
    ('1,250', 'true', 'btc, atm', 'none')
    >>> written(3e-17)
    '0'
    """
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case float() | int():
            return f"{undusted(value):,.6g}"
        case list():
            return ", ".join(value)
        case _:
            return str(value)


def row(label: str, figure: str, note: str = "") -> str:
    """One figure of a page: label, figure that ends in column 44 where a long label leaves it room, note."""
    return f"  {label} {figure:>{max(0, 41 - len(label))}}  {note}".rstrip()


def page_width() -> int:
    """The width of a page: that of the terminal, of COLUMNS where it is set, within limits; ``WIDTH`` without one.

    What is written into a file or a pipe is as wide on every machine.
    """
    if not (os.environ.get("COLUMNS", "").isdecimal() or sys.stdout.isatty()):
        return WIDTH
    return min(WIDTH, max(NARROWEST, shutil.get_terminal_size((WIDTH, 24)).columns))


def wrapped(text: str, first: str = "  ", rest: str = "  ") -> list[str]:
    """Text broken at spaces to the width of a page, its first and later lines indented by ``first`` and ``rest``.

    A number stays with its sign of per cent or error.
    """
    glued = text.replace(" %", f"{GLUE}%").replace(" ± ", f"{GLUE}±{GLUE}")
    lines = textwrap.wrap(glued, page_width(), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines]


def visible(text: str) -> str:
    """A text from outside as it may be printed: what a terminal would obey is written out.

    >>> visible("\u001b[31mred")
    '\\\\u001b[31mred'
    """
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without(projects: Sequence[str]) -> str:
    """What a published figure is without: at least one project.

    >>> without(["abernathy"])
    'without abernathy, which is not consolidated'
    >>> without(["north", "south"])
    'without north and south, which are not consolidated'
    """
    return f"without {' and '.join(projects)}, which {'is' if len(projects) == 1 else 'are'} not consolidated"


def unit_or_nothing(unit: str) -> str:
    """A unit, nothing for a pure number."""
    return "" if unit == "1" else unit


def short(value: float | str | bool | date | list[str] | None) -> str:
    """A number with four digits, or whole from a thousand on; a date or a truth as it is written."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{undusted(value):.4g}"
    return written(value)
