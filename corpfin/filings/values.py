"""What is printed in a filing turned into values: the transformations that inline XBRL names by ``format``.

A format that is not known here is refused, not guessed: the fact is then listed as one that could not be read.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

SPACES = re.compile("[\\s\u00a0\u2007\u202f\u2009]+")
DASHES = {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212"}
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")

POINT = {"numdotdecimal", "numcommadot", "numspacedot", "numdotdecimalapos", "numdotdecimalin"}
"""Formats whose decimal sign is a point; groups are set off by commas, blanks or apostrophes."""

COMMA = {"numcommadecimal", "numdotcomma", "numspacecomma", "numcommadecimalapos"}
"""Formats whose decimal sign is a comma; groups are set off by points, blanks or apostrophes."""

ZERO = {"fixedzero"}
DASH = {"zerodash", "numdash"}
WORDS = {"numwordsen"}
EMPTY = {"fixedempty", "nocontent"}
TRUTHS = {"fixedtrue": "true", "fixedfalse": "false", "booleantrue": "true", "booleanfalse": "false"}
BALLOT = {"\u2612": "true", "\u2611": "true", "\u2610": "false"}

SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
POWERS = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
NAMED_ORDERS = {
    "datelongus": "mdy", "dateshortus": "mdy", "dateslashus": "mdy", "datedotus": "mdy",
    "datelonguk": "dmy", "dateshortuk": "dmy", "dateslasheu": "dmy", "datedoteu": "dmy",
    "datelongmonthyear": "my", "dateshortmonthyear": "my", "datelongyearmonth": "ym", "dateshortyearmonth": "ym",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LARGEST_SCALE = 30


def short_name(written: str) -> str:
    """The name of a format as it is looked up: without prefix, hyphens and case, which differ between registries.

    >>> short_name("ixt:num-dot-decimal"), short_name("ixt-sec:numwordsen")
    ('numdotdecimal', 'numwordsen')
    """
    return re.sub("[^a-z]", "", written.rpartition(":")[2].lower())


def number(text: str, written: str = "", scale: str = "0", sign: str = "") -> float:
    """The value of a number as printed; raises ``ValueError`` with the reason where it is none.

    >>> number("1,234.5", "ixt:num-dot-decimal", "3"), number("45", sign="-")
    (1234500.0, -45.0)
    """
    if not re.fullmatch(r"[+-]?\d{1,3}", scale) or abs(int(scale)) > LARGEST_SCALE:
        raise ValueError(f"scale {scale!r} is not a whole number from -{LARGEST_SCALE} to {LARGEST_SCALE}")
    if sign not in ("", "-"):
        raise ValueError(f"sign {sign!r} is not allowed")
    value = float(_digits(SPACES.sub(" ", text).strip(), short_name(written), written).scaleb(int(scale)))
    return -value if sign else value


def _digits(text: str, name: str, written: str) -> Decimal:
    if name in ZERO:
        return Decimal(0)
    if name in DASH and (text in DASHES or not text):
        return Decimal(0)
    if name in WORDS:
        return Decimal(_words(text))
    if name in POINT or name in COMMA:
        point, group = (".", "[, '\u2019]") if name in POINT else (",", r"[. '\u2019]")
        bare = re.sub(group, "", text).replace(point, ".")
    elif not name:
        bare = text
    else:
        raise ValueError(f"the format {written} is not known")
    signed = not name
    if not PLAIN.fullmatch(bare) or (not signed and bare[0] in "+-"):
        raise ValueError(f"{text!r} is not a number{f' in the format {written}' if written else ''}")
    return Decimal(bare)


def _words(text: str) -> int:
    """A number in English words.

    >>> _words("one hundred twenty-five thousand and six"), _words("no")
    (125006, 0)
    """
    words = [word for word in re.split("[^a-z]+", text.lower()) if word and word != "and"]
    if words in (["no"], ["none"], ["nil"]):
        return 0
    total, group = 0, 0
    for word in words:
        if word in SMALL:
            group += SMALL.index(word)
        elif word in TENS:
            group += 20 + 10 * TENS.index(word)
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in POWERS:
            total, group = total + (group or 1) * POWERS[word], 0
        else:
            words = []
            break
    if not words:
        raise ValueError(f"{text!r} is not a number in words")
    return total + group


def words(text: str, written: str = "") -> str:
    """Words as printed: blanks made one, dates as ``YYYY-MM-DD`` (or as far as they go), ballot boxes as truths.

    Raises ``ValueError`` for a date that is none.

    >>> words("June 30, 2026", "ixt:date-monthname-day-year-en"), words("\u2612", "ixt-sec:boolballotbox")
    ('2026-06-30', 'true')
    """
    name, plain = short_name(written), SPACES.sub(" ", text).strip()
    if name in TRUTHS or name in EMPTY:
        return TRUTHS.get(name, "")
    if name == "boolballotbox":
        return BALLOT.get(plain, plain)
    order = _order(name)
    return _date(plain, order) if order else plain


def _order(name: str) -> str:
    """The order of day, month and year in a format of dates; empty for another format."""
    if name in NAMED_ORDERS:
        return NAMED_ORDERS[name]
    if not name.startswith("date"):
        return ""
    places = {part[0]: name.find(part) for part in ("day", "month", "year")}
    return "".join(sorted((part for part, place in places.items() if place > 0), key=places.__getitem__))


def _date(text: str, order: str) -> str:
    parts = [part for part in re.findall(r"[^\W\d_]+|\d+", text) if part.lower() not in ("st", "nd", "rd", "th", "of")]
    if len(parts) != len(order):
        raise ValueError(f"{text!r} is not a date")
    found = dict(zip(order, parts, strict=True))
    month = found.get("m", "1")
    try:
        number_of_month = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        year = int(found["y"]) if "y" in found else None
        if year is None:
            return f"--{number_of_month:02d}-{int(found.get('d', '1')):02d}"
        day = date(year + (2000 if len(found["y"]) == 2 else 0), number_of_month, int(found.get("d", "1")))
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None
    return day.isoformat()[: 10 if "d" in order else 7 if "m" in order else 4]
