"""Months that are history: what is known takes the place of the model's, the rest follows the rules of any month.

The market is known from January to March 2027 (31, 28 and 31 days) and is what it is in every case: 100,000 USD, 1000
EH/s, 450 BTC a day.
"""

import math

import pytest

from tests.oracle.build import PRICE, Toy, end, near

MARKET = [
    {"month": month, "price_mean": PRICE, "price_end": PRICE, "hashrate": 1000.0}
    for month in ("2027-01", "2027-02", "2027-03")
]
QUARTER = {"from": "2027-01", "to": "2027-03"}
JANUARY, FEBRUARY, MARCH = ({"month": row["month"]} for row in MARKET)
FLEET = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0}
"""1 % of the network: 4.5 BTC a day, 139.5, 126 and 139.5 in the months of the quarter, 405 in all. It draws 200 MW:
200 MW x 24 h x 31, 28, 31 days x 40 USD = 5.952, 5.376, 5.952."""


def test_a_known_quarter(toy: Toy) -> None:
    """324 of 405 BTC were mined, 162 sold, shares closed at 12 in February, cash was 90 at the end of March."""
    known = [
        QUARTER | {"btc_mined": 324.0, "btc_sold": 162.0},
        FEBRUARY | {"share_price": 12.0},
        MARCH | {"cash": 90.0},
    ]
    p = toy(4, known_month=MARKET, fleet=[FLEET], known=known)
    assert p["total_fleet_btc_mined"] == near([111.6, 100.8, 111.6, 135])  # 324 / 405 = 0.8 of each month
    assert p["total_fleet_power_cost"] == near([4.7616, 4.3008, 4.7616, 5.76])  # machines that stood still cost nothing
    assert p["btc_sold"] == near(
        [55.8, 50.4, 55.8, 135]
    )  # 162 x 139.5 / 405, x 126 / 405: as it would sell what it mines
    assert p["btc"] == near([55.8, 106.2, 162, 162])
    assert p["share_price"] == near([10, 12, 12, 12])
    # 100 + 5.58 - 4.7616 + 5.04 - 4.3008 + 5.58 - 4.7616 = 102.376 against 90
    assert p["explained_cash"] == near([100.8184, 101.5576, 102.376, 97.74])
    assert p["unexplained_cash"] == near([0, 0, -12.376, 0])
    assert p["cash"] == near([100.8184, 101.5576, 90, 97.74])
    # 100 + 324 BTC at 0.1 - power 13.824 - what nothing explains 12.376 = cash 90 + 162 BTC at 0.1
    assert p["book_equity"][2] == near(106.2)


def test_a_close_is_the_price_whatever_the_factors_say(toy: Toy) -> None:
    market = [MARKET[0] | {"ai_return": 0.5}, *MARKET[1:]]
    factors = {"ai_beta": 1.0}
    p = toy(4, known_month=market, equity=factors, known=[FEBRUARY | {"share_price": 12.0}])
    assert p["share_price"] == near([10 * math.exp(0.5), 12, 12, 12])


def test_a_close_sets_the_undistressed_price_before_the_discount(toy: Toy) -> None:
    """Nothing at hand against 100 due in a year: the whole discount of a half from the second month on."""
    p = toy(
        4,
        known_month=MARKET,
        equity={"distress_discount": 0.5},
        treasury={"cash": 0.0},
        debt=[{"principal": 100.0, "maturity": end(10)}],
        known=[MARCH | {"share_price": 9.0}],
    )
    assert p["share_price"][2] == 9.0
    assert p["undistressed_price"][2] == near(9 / (1 - p["distress"][2]))
    assert p["distress"][2] == near(0.5)


def test_known_share_sales_replace_the_programme(toy: Toy) -> None:
    """2 million shares for 25 in January; 10 a month is missing later, and only then the programme is used."""
    p = toy(
        4,
        known_month=MARKET,
        equity={"average_daily_volume": 1.0, "atm_remaining": 100.0, "atm_participation": 1.0, "atm_renewal": 0.0},
        treasury={"cash": 0.0, "funding_order": ["atm", "btc", "revolver"]},
        costs={"cash_sga": 30.0},
        known=[JANUARY | {"shares_sold": 2.0, "share_proceeds": 25.0}],
    )
    assert p["atm_proceeds"] == near([25, 0, 5, 10])  # 25 - 10 - 10 leaves 5, and 5 are missing in March
    assert p["cash"] == near([15, 5, 0, 0])
    assert p["shares"] == near([102, 102, 102.5, 103.5])
    assert p["atm_remaining"] == near([75, 75, 70, 60])


def test_shares_known_without_their_price_bring_that_of_the_month(toy: Toy) -> None:
    known = [
        JANUARY | {"share_price": 20.0, "shares_sold": 2.0},
        FEBRUARY | {"share_price": 25.0, "share_proceeds": 50.0},
    ]
    p = toy(3, known_month=MARKET, equity={"atm_discount": 0.2}, known=known)
    assert p["atm_proceeds"] == near([32, 50, 0])  # 2 x 20 x 0.8
    assert p["shares"] == near([102, 104.5, 104.5])  # 50 / (25 x 0.8)


PROJECT = {
    "leased_mw": 10.0,
    "delivered_mw": 0.0,
    "first_delivery": end(12),
    "full_delivery": end(12),
    "construction_start": end(0),
    "capex_per_mw": 10.0,
}
"""100 over twelve months on an S-curve: 1.96759, 7.40741 and 15.625 of it by the end of January, February, March."""


def test_known_capital_expenditure_moves_the_plan_and_loses_nothing(toy: Toy) -> None:
    """5 in January, of which 3.03 come out of what was left; 1 in February, less than the 2.41 then due."""
    known = [JANUARY | {"capex": 5.0}, FEBRUARY | {"capex": 1.0}]
    p = toy(12, known_month=MARKET, treasury={"cash": 200.0}, hpc=[PROJECT], known=known)
    assert p["total_hpc_capex_paid"][:3] == near([5, 1, 9.625])  # 15.625 - 6
    assert p["total_hpc_capex_paid"].sum() == near(100)
    assert p["cash"][-1] == near(100)


def test_capital_expenditure_of_a_quarter_is_spread_as_planned(toy: Toy) -> None:
    p = toy(12, known_month=MARKET, treasury={"cash": 200.0}, hpc=[PROJECT], known=[QUARTER | {"capex": 31.25}])
    assert p["total_hpc_capex_paid"][:3] == near(
        [3.93518518518, 10.8796296296, 16.4351851852]
    )  # twice each month's plan
    assert p["total_hpc_capex_paid"][3] == 0  # a third, 25.9, is due by then, and 31.25 have been paid
    assert p["total_hpc_capex_paid"].sum() == near(100)


def test_computers_can_be_paid_ahead_and_are_not_paid_twice(toy: Toy) -> None:
    """Computers for 60 are due with the delivery in December; 40 were paid in January, 1.97 of it due for the hall."""
    cloud = PROJECT | {"kind": "gpu_cloud", "gpu_capex": 60.0}
    p = toy(12, known_month=MARKET, treasury={"cash": 200.0}, hpc=[cloud], known=[JANUARY | {"capex": 40.0}])
    lead = (40 - 1.96759259259) / (160 - 1.96759259259)
    assert p["hpc", "gpu_due"][0, 0] == near(60 * lead)
    assert p["total_hpc_capex_paid"][0] == near(40)
    assert p["total_hpc_capex_paid"].sum() == near(160)
    assert p["hpc", "gpu_due"][0, -1] == near(60 - 60 * lead)


def test_known_delivery_holds_until_chance_begins(toy: Toy) -> None:
    """2 MW a month from February on by plan; 3 at the end of March, and the project is three months late from then on.

    Before March the plan is followed as far as the 3 allow. The 7 MW that are left come evenly in the six months to
    September.
    """
    ramp = PROJECT | {"first_delivery": end(2), "full_delivery": end(6)}
    p = toy(
        9, known_month=MARKET, treasury={"cash": 300.0}, hpc=[ramp], known=[MARCH | {"delivered_mw": 3.0}], slip=3.0
    )
    assert p["total_hpc_delivered_mw"] == near([0, 2, 3, *(3 + 7 * month / 6 for month in (1, 2, 3, 4, 5, 6))])


def test_known_delivery_of_the_company_is_shared_by_plan(toy: Toy) -> None:
    """By plan 4 and 2 MW in February; 3 in all were delivered: 2 and 1. The third project is not expected yet."""
    first, second, third = (
        PROJECT | {"leased_mw": leased, "first_delivery": end(month), "full_delivery": end(month)}
        for leased, month in ((4.0, 2), (2.0, 2), (8.0, 6))
    )
    known = [FEBRUARY | {"delivered_mw": 3.0}]
    p = toy(3, known_month=MARKET, treasury={"cash": 300.0}, hpc=[first, second, third], known=known)
    assert p["hpc", "delivered_mw"][:, 1] == near([2, 1, 0])
    assert p["hpc", "delivered_mw"][:, 2] == near([4, 2, 0])


def test_chance_does_not_reach_into_history(toy: Toy) -> None:
    """A project of two months, half over budget, late and with a tenant that fails at once: from April on only."""
    sure = {"tenant_default_hazard": 1.0, "annual_revenue": 12.0}
    soon = PROJECT | {"first_delivery": end(2), "full_delivery": end(2)} | sure
    chance = {"overrun": 1.5, "slip": 9.0, "tenant_clock": 1e-9}
    p, q = (toy(4, known_month=MARKET, treasury={"cash": 300.0}, hpc=[soon], **case) for case in (chance, {}))
    for line in ("cash", "total_hpc_delivered_mw", "total_hpc_revenue", "total_hpc_capex_paid"):
        assert p[line][:3] == near(q[line][:3])
    assert p["hpc", "tenant_failed"][0].tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("known", ["none", "market", "all"])
def test_how_much_is_seen(toy: Toy, known: str) -> None:
    figures = [JANUARY | {"share_price": 12.0, "cash": 90.0}]
    p = toy(4, known_month=MARKET, known=figures, seen=known, price=50_000.0 if known == "none" else PRICE)
    assert p.market_case.history == (0 if known == "none" else 3)
    assert p["share_price"][0] == (10 if known == "none" else 12)
    assert p["cash"][0] == (90 if known == "all" else 100)
