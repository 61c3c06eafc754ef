"""Bitcoin's protocol as a calendar: when the block subsidy has halved, when it is expected to, what a block pays.

The subsidy starts at 50 BTC and halves every 210,000 blocks. The days of past halvings are history; the first one still
ahead stands in the market file, and each later one follows 210,000 blocks of ten minutes after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

FIRST_SUBSIDY = 50.0
"""Paid for a block before the first halving [BTC/block]."""

EPOCH = 210_000
"""Blocks between two halvings."""

EPOCH_DAYS = EPOCH / 144
"""Days between two halvings at ten minutes a block."""

NOON = 0.5
"""A halving is taken at noon of its day: with thirds of a day added it stays clear of midnight in every reading."""

HALVED = (date(2012, 11, 28), date(2016, 7, 9), date(2020, 5, 11), date(2024, 4, 20))
"""The days of the halvings that have happened."""

SLACK_DAYS = 120
"""Days by which an expected halving may be off ten minutes a block; past epochs ran ahead by 18 to 139 of 1,458."""


def moved(day: date, epochs: int) -> date:
    """The day of the halving that comes ``epochs`` epochs after the one at ``day``.

    >>> moved(date(2028, 4, 12), 1)
    datetime.date(2032, 4, 9)
    """
    return date.fromordinal(int(day.toordinal() + NOON + epochs * EPOCH_DAYS))


def halvings() -> Iterator[date]:
    """The day of every halving: those that have happened, then as expected at ten minutes a block."""
    yield from HALVED
    yield from (moved(HALVED[-1], epochs) for epochs in count(1))


def next_halving(as_of: date) -> date:
    """The first halving after a day.

    >>> next_halving(date(2021, 12, 31))
    datetime.date(2024, 4, 20)
    """
    return next(day for day in halvings() if day > as_of)


def number_of(halving: date) -> int:
    """Which halving one expected at this day is, by the nearest; 0 is that of 2012.

    >>> number_of(date(2024, 5, 6)), number_of(date(2028, 4, 12))
    (3, 4)
    """
    number, gap = 0, abs(halving - HALVED[0])
    for other, day in enumerate(halvings()):
        if abs(halving - day) > gap:
            break
        number, gap = other, abs(halving - day)
    return number


def subsidy_before(halving: date) -> float:
    """What a block pays before a halving expected at this day [BTC/block].

    >>> subsidy_before(date(2024, 5, 6)), subsidy_before(date(2028, 4, 12))
    (6.25, 3.125)
    """
    return float(FIRST_SUBSIDY / 2 ** number_of(halving))


def is_next(halving: date, as_of: date) -> bool:
    """Whether a day may have been expected, at ``as_of``, for the next halving."""
    number = number_of(halving)
    nearest = next(day for other, day in enumerate(halvings()) if other == number)
    ahead = max((nearest - as_of).days, 0)
    return (
        as_of < halving
        and (halving - as_of).days <= EPOCH_DAYS + SLACK_DAYS
        and abs((halving - nearest).days) <= SLACK_DAYS + ahead / 10
        and not any(as_of < day < nearest for day in HALVED)
    )


def by_month(halving: date, months: list[tuple[date, date]]) -> tuple[list[float], list[float]]:
    """Subsidy at the beginning of each month and the share of its days before a halving in it, 1 where there is none.

    ``halving`` is the first expected after the first month begins, ``months`` the first and last days.
    """
    subsidy, share = [], []
    pays, epochs = subsidy_before(halving), 0
    for first, last in months:
        day = moved(halving, epochs)
        subsidy.append(pays)
        share.append(min(1.0, (day - first).days / ((last - first).days + 1)))
        if day <= last:
            pays, epochs = pays / 2, epochs + 1
    return subsidy, share
