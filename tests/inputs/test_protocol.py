"""Bitcoin's protocol as a calendar: which day may be the next halving, and what a block pays until then."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from corpfin.inputs.protocol import by_month, halvings, is_next, moved, next_halving, subsidy_before


@pytest.mark.parametrize(
    ("as_of", "halving", "fits"),
    [
        (date(2021, 12, 31), date(2024, 5, 6), True),  # from the height of that day
        (date(2021, 12, 31), date(2024, 4, 20), True),
        (date(2021, 12, 31), date(2028, 4, 12), False),
        (date(2021, 12, 31), date(2020, 5, 11), False),
        (date(2024, 3, 31), date(2024, 4, 20), True),
        (date(2024, 3, 31), date(2028, 4, 12), False),  # that of April 2024 comes first
        (date(2024, 4, 30), date(2024, 4, 20), False),
        (date(2024, 4, 30), date(2028, 4, 17), True),
        (date(2026, 3, 31), date(2028, 9, 30), True),  # blocks may be slow
        (date(2026, 3, 31), date(2029, 6, 30), False),
        (date(2026, 3, 31), date(2026, 3, 31), False),
        (date(2028, 4, 30), date(2028, 5, 10), True),  # later than ten minutes a block would have it
        (date(2031, 12, 31), date(2032, 4, 9), True),
    ],
)
def test_the_next_halving_is_told_from_any_other(as_of: date, halving: date, fits: bool) -> None:
    assert is_next(halving, as_of) is fits


@pytest.mark.parametrize(
    ("day", "pays"),
    [(date(2012, 11, 1), 50.0), (date(2019, 12, 31), 12.5), (date(2021, 12, 31), 6.25), (date(2024, 4, 19), 6.25),
     (date(2024, 4, 20), 3.125), (date(2026, 6, 30), 3.125), (date(2030, 1, 1), 1.5625)],
)  # fmt: skip
def test_the_subsidy_is_that_of_the_day(day: date, pays: float) -> None:
    assert subsidy_before(next_halving(day)) == pays


def test_halvings_are_four_years_apart() -> None:
    found = [day for day, _ in zip(halvings(), range(12), strict=False)]
    gaps = [(later - day).days for day, later in pairwise(found)]
    assert all(1_319 <= gap <= 1_459 for gap in gaps)
    assert moved(found[4], 3) == found[7]


def test_a_halving_on_the_first_of_a_month_leaves_no_day_before_it() -> None:
    first = date(2028, 5, 1)
    months = [(date(2028, 4, 1), date(2028, 4, 30)), (first, date(2028, 5, 31)), (date(2028, 6, 1), date(2028, 6, 30))]
    assert by_month(first, months) == ([3.125, 3.125, 1.5625], [1.0, 0.0, 1.0])
    assert by_month(first - timedelta(days=1), months) == ([3.125, 1.5625, 1.5625], [29 / 30, 1.0, 1.0])
