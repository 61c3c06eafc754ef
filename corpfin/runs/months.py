"""The calendar of a run: projected months by number, from the balance-sheet date."""

from __future__ import annotations

import calendar
from datetime import date


def month_number(day: date, as_of: date) -> int:
    """Months from the balance-sheet date's month to the day's; the first projected month is 1."""
    return (day.year - as_of.year) * 12 + day.month - as_of.month


def month_after(as_of: date, number: int) -> tuple[int, int]:
    """Year and month of projected month ``number``."""
    index = as_of.year * 12 + as_of.month - 1 + number
    return index // 12, index % 12 + 1


def month_span(as_of: date, number: int) -> tuple[date, date]:
    """First and last day of projected month ``number``."""
    year, month = month_after(as_of, number)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def month_labels(as_of: date, months: int) -> list[str]:
    """Labels ``YYYY-MM`` of the projected months."""
    return ["{:04d}-{:02d}".format(*month_after(as_of, number)) for number in range(1, months + 1)]


def shifted(day: date, months: int) -> date:
    """The day ``months`` later, or the last of that month where it has no such day.

    >>> shifted(date(2026, 5, 31), -3)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_month(year_end: str | None) -> int:
    """The month, 1 to 12, a fiscal year begins with that ends on ``year_end``, MM-DD; without one the calendar year's.

    >>> first_month("06-30"), first_month(None)
    (7, 1)
    """
    return int(year_end[:2]) % 12 + 1 if year_end else 1
