"""Machines on order, by hand: 4 EH/s at 15 J/TH, 60 in three instalments of 20, delivered in two halves, 15 deposited.

They pay 45 USD per PH a day at 100,000 USD. At 40 USD/MWh an EH/s of them costs 15 MW * 24 h * 40 = 14,400 USD a day.
"""

from pathlib import Path

import pytest

from corpfin.inputs import InputError
from tests.oracle.build import Row, Toy, end, load, near

FREE: Row = {"id": "site", "hashrate": 0.0, "efficiency": 20.0, "power_price": 0.0}
SITE = FREE | {"power_price": 40.0}
ORDER: Row = {
    "id": "order",
    "fleet": "site",
    "order_hashrate": 4.0,
    "order_efficiency": 15.0,
    "order_price": 60.0,
    "deposit": 15.0,
    "first_payment": end(1),
    "last_payment": end(3),
    "first_delivery": end(3),
    "last_delivery": end(4),
}
PLANT = {"mining_ppe": 15.0}
HELD = {"production_sold": 0.0}
KEPT = HELD | {"btc_sale_cap": 0.0}


def test_order_that_is_paid(toy: Toy) -> None:
    """20 a month from January; 2 EH/s come in March, 2 in April, and run at the site's price on 15 J/TH.

    March: 2 EH/s earn 450 BTC * 31 * 2 / 1000 = 27.9 and use 30 MW * 744 h = 22,320 MWh, 0.8928.
    """
    p = toy(5, balance=PLANT, fleet=[SITE], order=[ORDER])
    assert p["fleet", "hashrate"][1] == near([0, 0, 2, 4, 4])
    assert p["fleet", "btc_mined"][1, :4] == near([0, 0, 27.9, 54])
    assert p["fleet", "power_cost"][1, 2] == near(0.8928)
    assert p["cash"][:3] == near([80, 60, 40 + 2.79 - 0.8928])
    assert p["mining_ppe"] == near([35, 55, 75, 75, 75])
    assert p["asked_within_year"][:3] == near([40, 20, 0])
    assert [p[f"gap_{month}"][0] for month in range(1, 7)] == near([20, 40, 40, 40, 40, 40])
    assert not p["defaulted"].any()


def test_instalments_are_raised_ahead(toy: Toy) -> None:
    """30 in cash and 60 to pay: 300 BTC go in January, and nothing after."""
    p = toy(3, treasury={"cash": 30.0, "btc": 1000.0} | HELD, balance=PLANT, fleet=[FREE], order=[ORDER])
    assert p["btc_sold"] == near([300, 0, 0])
    assert p["cash"] == near([40, 20, 0])


def test_order_the_company_is_bound_to_and_cannot_pay(toy: Toy) -> None:
    """30 pay January and half of February: half of the machines are paid for, and only those ever come."""
    p = toy(5, treasury={"cash": 30.0} | KEPT, balance=PLANT, fleet=[FREE], order=[ORDER])
    assert p["default_month"][-1] == 2
    assert p["first_unpaid_bill"][-1] == 5
    assert p["fleet", "instalment_share"][1, :2] == near([1 / 3, 1 / 2])
    assert p["fleet", "hashrate"][1] == near([0, 0, 2, 2, 2])
    assert p["deposits_written_off"] == near([0] * 5)


def test_order_that_finds_no_money_is_cancelled(toy: Toy) -> None:
    """50 pay two instalments and half of the third: 5/6 of the machines come, 15 / 6 = 2.5 of the deposit is lost.

    March: 27.9 BTC at 0.1 are earned and kept, 2.5 written off. Nobody is in default.
    """
    p = toy(5, treasury={"cash": 50.0} | KEPT, balance=PLANT, fleet=[FREE], order=[ORDER | {"cancellable": True}])
    assert p["cash"] == near([30, 10, 0, 0, 0])
    assert p["fleet", "order_cancelled"][1] == near([0, 0, 1, 1, 1])
    assert p["fleet", "hashrate"][1] == near([0, 0, 2, 10 / 3, 10 / 3])
    assert p["mining_ppe"] == near([35, 55, 62.5, 62.5, 62.5])
    assert p["deposits_written_off"] == near([0, 0, 2.5, 0, 0])
    assert p["net_income"][:3] == near([0, 0, 2.79 - 2.5])
    assert p["book_equity"][2] == near(50 + 15 + 2.79 - 2.5)
    assert not p["defaulted"].any()


def test_order_that_does_not_pay_is_cancelled(toy: Toy) -> None:
    """In February bitcoin is at 30,000: 13.5 USD per PH a day is less than 14.4 of power.

    January: (125 - 40) USD/MWh * 60 MW * 24 h * 365 / 60 = 0.7446 a year, above the hurdle of 0.4. Two instalments are
    paid, 2/3 of the machines come, a third of the deposit is lost and 20 stay in hand.
    """
    p = toy(5, balance=PLANT, fleet=[SITE], order=[ORDER | {"cancellable": True}], price=[100_000, 30_000])
    assert p["fleet", "order_yield"][1, 0] == near(0.7446)
    assert p["fleet", "order_cancelled"][1] == near([0, 1, 1, 1, 1])
    assert p["cash"] == near([80, 60, 60, 60, 60])
    assert p["fleet", "hashrate"][1] == near([0, 0, 2, 8 / 3, 8 / 3])
    assert p["mining_ppe"] == near([35, 50, 50, 50, 50])


def test_no_cash_that_bills_ahead_need_goes_to_an_order_that_can_be_let_go(toy: Toy) -> None:
    """50 are kept for the note of March: the order finds 10 of its 20 in January and is let go."""
    note = {"principal": 50.0, "maturity": end(3)}
    p = toy(
        3,
        treasury={"cash": 60.0} | HELD,
        balance=PLANT,
        fleet=[FREE],
        order=[ORDER | {"cancellable": True}],
        debt=[note],
    )
    assert p["cancellable_paid"] == near([10, 0, 0])
    assert p["cash"] == near([50, 50, 0])
    assert not p["defaulted"].any()


def test_a_deposit_that_is_depreciated_is_not_lost_again(toy: Toy) -> None:
    """15 of plant are written down by 14 in January; of the deposit lost then only 1 is left to write off."""
    broke = ORDER | {"cancellable": True, "first_payment": end(2)}
    p = toy(
        2,
        treasury={"cash": 0.0},
        costs={"mining_depreciation": 42.0},
        balance=PLANT,
        fleet=[SITE],
        order=[broke],
        price=30_000,
    )
    assert p["deposits_written_off"] == near([1, 0])
    assert p["mining_ppe"] == near([0, 0])


def test_an_order_shares_the_site_it_goes_to(toy: Toy) -> None:
    """Each order runs at the price, uptime and credits of its own fleet, and shocks to the fleet reach it."""
    dear = SITE | {"id": "dear", "power_price": 50.0, "uptime": 0.5, "power_credit": 2.0}
    orders = [ORDER, ORDER | {"id": "other", "fleet": "dear"}]
    shock = {"target": "fleet.power_price", "how": "multiply", "value": 2.0}
    p = toy(4, treasury={"cash": 200.0}, balance={"mining_ppe": 30.0}, fleet=[SITE, dear], order=orders)
    assert p["fleet", "electricity_price"][:, 3] == near([40, 50, 40, 50])
    assert p["fleet", "operating_hashrate"][:, 3] == near([0, 0, 4, 2])
    assert p["fleet", "credits"][:, 3] == near([0, 0, 0, 4 * 15 * 24 * 30 * 2 / 1e6])
    p = toy(4, treasury={"cash": 200.0}, balance={"mining_ppe": 30.0}, fleet=[SITE, dear], order=orders, shock=[shock])
    assert p["fleet", "electricity_price"][:, 3] == near([80, 100, 80, 100])


def test_shocks_to_an_order(toy: Toy) -> None:
    """A price a half higher is 30 a month; machines at 30 J/TH are 120 MW when all are there."""
    shocks = [
        {"target": "order.order_price", "how": "multiply", "value": 1.5},
        {"target": "order.order_efficiency", "how": "set", "value": 30.0},
    ]
    p = toy(4, balance=PLANT, fleet=[FREE], order=[ORDER], treasury=HELD, shock=shocks)
    assert p["cash"] == near([70, 40, 10, 10])
    assert p["fleet", "planned_load"][1, 3] == near(120)
    assert p["fleet", "hashrate"][1, 3] == near(4)


def test_an_order_that_is_paid_for_comes_by_its_dates(toy: Toy) -> None:
    paid = {name: value for name, value in ORDER.items() if "payment" not in name} | {"order_price": 0.0}
    p = toy(4, treasury=HELD, balance=PLANT, fleet=[FREE], order=[paid | {"cancellable": True}])
    assert p["fleet", "hashrate"][1] == near([0, 0, 2, 4])
    assert p["cash"] == near([100, 100, 100, 100])


def test_an_order_to_be_paid_has_dates_of_payment(tmp_path: Path) -> None:
    undated = {name: value for name, value in ORDER.items() if "payment" not in name}
    with pytest.raises(
        InputError, match=r"order\.order\.first_payment: is missing: there is an order_price to be paid"
    ):
        load(tmp_path, balance=PLANT, fleet=[SITE], order=[undated])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fleet": "sight"}, 'order.order.fleet = "sight": there is no such [[fleet]]; allowed site; nearest is site'),
        ({"id": "site"}, "is the id of a fleet"),
        ({"first_payment": end(0)}, "must be after the balance-sheet date 2026-12-31; what is paid is in the deposit"),
        ({"last_delivery": end(0)}, "must be after the balance-sheet date 2026-12-31; what has come is in the fleet"),
        ({"first_payment": end(4)}, "must not be after last_payment (2027-03-31)"),
        ({"first_delivery": end(5)}, "must not be after last_delivery (2027-04-30)"),
        ({"deposit": 16.0}, "mining_ppe = 15: is less than the deposits on machines that are a part of it, 16"),
    ],
)
def test_what_an_order_may_not_say(tmp_path: Path, change: Row, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, balance=PLANT, fleet=[SITE], order=[ORDER | change])
    assert any(said in f"{problem}" for problem in caught.value.problems), caught.value.problems
