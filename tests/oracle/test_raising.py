"""Capital markets worked by hand: the equity window, shares at the market and in an offering, their price."""

import math

import pytest

from tests.oracle.build import Toy, near

SALARIES = {"cash_sga": 30.0}
"""10 a month."""

WINDOW = {
    "high_fade": 0.0,
    "window_share_floor": 0.5,
    "window_btc_floor": 0.6,
    "window_fall": 1.0,
    "window_recovery": 0.3,
    "equity_opens": 0.0,
    "shut_atm": 0.2,
}
SELLS = {"average_daily_volume": 1.0, "atm_participation": 0.1, "atm_remaining": 1000.0}


def test_window_shuts_in_a_slump_of_share_and_bitcoin_and_opens_on_recovery(toy: Toy) -> None:
    """The share falls from 10 to 4 in month 1, bitcoin to 50,000: both below their floors, seen in month 2.

    From the low of 3 in month 3 it is up 30 % at 3.9, but bitcoin and the share are still low: the slump is not over.
    Bitcoin back at 70,000 in month 5 is above its floor: open in month 6.
    """
    p = toy(
        7,
        share=[4, 4, 3, 3.9, 4, 4, 4],
        price=[50_000, 50_000, 50_000, 50_000, 70_000, 70_000, 70_000],
        finance=WINDOW,
        equity=SELLS,
    )
    assert p["slump"] == near([0, 1, 1, 1, 1, 0, 0])
    assert p["equity_open"] == near([1, 0, 0, 0, 0, 1, 1])
    assert p["shut_low"][3:] == near([3, 3, 3, 4])
    # 4 * 1 * 21 days * 10 % = 8.4 open, a fifth of it shut
    assert p["atm_volume"][:3] == near([8.4, 1.68, 1.26])


def test_fast_fall_shuts_whatever_bitcoin_does(toy: Toy) -> None:
    """From 10 to 6 within a quarter is a fall of more than 35 %; from 10 to 7 is not."""
    fall = WINDOW | {"window_fall": 0.35, "window_recovery": 9.0}
    assert toy(3, share=[7, 7, 7], finance=fall)["equity_open"] == near([1, 1, 1])
    assert toy(3, share=[7, 6, 6], finance=fall)["equity_open"] == near([1, 1, 0])


@pytest.mark.parametrize(("shock", "opens"), [(0.0, [1, 1]), (-3.0, [0, 0]), (3.0, [1, 1])])
def test_window_shuts_by_chance(toy: Toy, shock: float, opens: list[int]) -> None:
    """Three deviations below zero happen once in 741 months: below 1 %, so it shuts."""
    p = toy(2, finance=WINDOW | {"equity_closes": 0.01, "window_recovery": 9.0}, equity_shock=shock)
    assert p["equity_open"] == near(opens)


def test_marketed_offering_meets_what_nothing_else_does(toy: Toy) -> None:
    """30 a month are missing. At the market 10 * 1 * 21 * 10 % = 21; an offering of 2 days' volume brings 20 less 10 %.

    Month 1: 21 and 9 of 18. None follows within three months: month 2 lacks 9 and fails. The 9 are a million shares at
    9. Both take 5 % a deal of 2 million shares from the price of the next month: 3.1 million are 7.75 %.
    """
    p = toy(
        2,
        treasury={"cash": 0.0},
        costs={"cash_sga": 90.0},
        equity=SELLS,
        finance={
            "follow_on_days": 2.0,
            "follow_on_discount": 0.1,
            "follow_on_interval": 3.0,
            "issue_reaction": 0.05,
            "pressure_kept": 0.5,
        },
    )
    assert p["atm_sale"][0] == near(21)
    assert p["follow_on_capacity"] == near([18, 0])
    assert p["follow_on_sale"][0] == near(9)
    assert p["follow_on_shares"][0] == near(1)
    assert p["shares"][0] == near(103.1)
    assert p["issue_pressure"][0] == near(0.0775)
    assert p["share_price"] == near([10, 9.225])
    assert p["default_month"] == near([0, 2])


def test_shares_are_sold_for_growth_at_any_price(toy: Toy) -> None:
    """6 % a year of 1,000 is 5 a month, and of what the market value is last month: 1,005, then 603.3 at a price of 6.

    A fall of 40 % shuts the window in month 3, with a fifth of the sales: 0.2 x 6 % of 603.3 / 12.
    """
    p = toy(
        3,
        equity=SELLS | {"equity_growth": 0.06},
        finance=WINDOW | {"window_fall": 0.3},
        share=[10, 6, 6],
    )
    assert p["equity_open"] == near([1, 1, 0])
    assert p["growth_equity"] == near([5, 5.025, 0.2 * 0.005 * 6 * p["shares"][1]])
    assert p["atm_sale"] == near([0, 0, 0])
    assert p["cash"] == near([105, 110.025, 110.025 + p["growth_equity"][2]])
    assert p["shares"][0] == near(100.5)


def test_nobody_runs_a_small_programme(toy: Toy) -> None:
    """Of 6 % a year 4 come to nothing: 2 % of 1,000 are left, 8 one spread up, and none of the 3 one spread down."""
    for stance, sold in ((-1.0, 0.0), (0.0, 20.0 / 12), (1.0, 80.0 / 12)):
        p = toy(
            1,
            equity=SELLS | {"equity_growth": 0.06},
            finance={"equity_spread": math.log(2.0), "equity_least": 0.04},
            equity_stance=stance,
        )
        assert p["growth_equity"] == near([sold])
