"""Loans on machines, interest added to principal, instalments that start later, delayed draws. Months as in 2027."""

from pathlib import Path

import pytest

from corpfin.inputs import InputError
from tests.oracle.build import Row, Toy, end, load, near

FLEET: Row = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}
KEPT = {"production_sold": 0.0, "btc_sale_cap": 0.0}
LOAN: Row = {
    "kind": "equipment",
    "principal": 60.0,
    "coupon": 0.12,
    "maturity": end(3),
    "recourse": False,
    "collateral_hashrate": 5.0,
    "machine_resale": 0.5,
}
INTEREST = [60 * 0.12 * days / 365 for days in (31, 28, 31)]


def test_interest_added_to_principal(toy: Toy) -> None:
    """100 at 6 % in cash and 12 % added: each on the opening balance; what has been added is repaid in month 3."""
    p = toy(
        4, treasury={"cash": 200.0}, debt=[{"principal": 100.0, "coupon": 0.06, "pik_coupon": 0.12, "maturity": end(3)}]
    )
    first = 100 * (1 + 0.12 * 31 / 365)
    second = first * (1 + 0.12 * 28 / 365)
    third = second * (1 + 0.12 * 31 / 365)
    cash = [100 * 0.06 * 31 / 365, first * 0.06 * 28 / 365, second * 0.06 * 31 / 365]
    assert p["debt", "balance"][0] == near([first, second, 0, 0])
    assert p["debt", "interest"][0] == near([*cash, 0])
    assert p["principal_paid"] == near([0, 0, third, 0])
    assert p["cash"][-1] == near(200 - sum(cash) - third)
    assert p["net_income"].sum() == near(-sum(cash) - (third - 100))


def test_a_convertible_converts_with_what_was_added(toy: Toy) -> None:
    """100 at 12 % added for January: 101.019178 convert at 5, above which the share stands at 10."""
    row = {"kind": "convertible", "principal": 100.0, "pik_coupon": 0.12, "maturity": end(1), "conversion_price": 5.0}
    p = toy(1, debt=[row])
    assert p["shares"] == near([100 + (100 + 100 * 0.12 * 31 / 365) / 5])


def test_instalments_that_start_later(toy: Toy) -> None:
    """120 in equal parts from month 3 to 6; 100 at 12 % as an annuity of 34.0022 from month 3 to 5, interest before."""
    line = {"principal": 120.0, "maturity": end(6), "amortisation": "straight_line", "instalments_start": end(3)}
    p = toy(6, treasury={"cash": 200.0}, debt=[line])
    assert p["debt", "balance"][0] == near([120, 120, 90, 60, 30, 0])
    annuity = {"principal": 100.0, "coupon": 0.12, "maturity": end(5), "amortisation": "annuity"}
    p = toy(5, treasury={"cash": 200.0}, debt=[annuity | {"instalments_start": end(3)}])
    payment = 1.030301 / 0.030301
    assert p["cash"] == near([199, 198, 198 - payment, 198 - 2 * payment, 198 - 3 * payment])


def test_instalments_of_the_year_ahead(toy: Toy) -> None:
    """240 in 24 parts from month 7 to 30: after January 12 months hold the first 7 of them; in month 7 the other 11."""
    line = {"principal": 240.0, "maturity": end(30), "amortisation": "straight_line", "instalments_start": end(7)}
    p = toy(7, treasury={"cash": 300.0}, debt=[line])
    assert p["debt", "due_within_year"][0, 0] == near(70)
    assert p["debt", "due_within_year"][0, 5:] == near([120, 120])


def test_delayed_draw(toy: Toy) -> None:
    """40 of land in month 2 are drawn; 30 in month 4 come after the last date and are raised: 250 BTC in January."""
    loan = {"principal": 10.0, "undrawn": 50.0, "draw_end": end(3), "maturity": end(24)}
    land = [
        {"purchase_date": end(2), "purchase_price": 40.0},
        {"purchase_date": end(4), "purchase_price": 30.0},
    ]
    p = toy(5, treasury={"cash": 5.0, "btc": 1000.0}, debt=[loan], purchase=land)
    assert [p[f"gap_{month}"][0] for month in range(1, 7)] == near([0, 0, 30, 30, 30, 30])
    assert p["btc_sold"] == near([250, 0, 0, 0, 0])
    assert p["debt", "balance"][0] == near([10, 50, 50, 50, 50])
    assert p["debt", "undrawn"][0] == near([50, 10, 10, 10, 10])
    assert p["cash"] == near([30, 30, 30, 0, 0])


def test_delayed_draws_pay_orders_up_to_what_is_undrawn(toy: Toy) -> None:
    """Three instalments of 20: commitments of 30 and 10 pay two of them, three to one; the third is the company's."""
    order = {
        "fleet": "fleet-1", "order_hashrate": 4.0, "order_efficiency": 15.0, "order_price": 60.0,
        "first_payment": end(1), "last_payment": end(3), "first_delivery": end(4), "last_delivery": end(4),
    }  # fmt: skip
    loan = {"kind": "equipment", "principal": 0.0, "draw_end": end(6), "maturity": end(24), "collateral_hashrate": 1.0}
    loans = [loan | {"undrawn": 30.0}, loan | {"undrawn": 10.0}]
    p = toy(4, treasury=KEPT, fleet=[FLEET], order=[order], debt=loans)
    assert p["debt", "balance"][0] == near([15, 30, 30, 30])
    assert p["debt", "balance"][1] == near([5, 10, 10, 10])
    assert p["cash"] == near([100, 100, 80, 80])


def test_what_a_lender_pays_of_an_order_goes_to_no_other_bill(toy: Toy) -> None:
    """Cash of 5 is kept for salaries: the 15 of a lender pay three quarters of January, then the order is let go.

    7 a month are salaries, nothing is earned: without the loan the company would not live a day longer or shorter.
    """
    order = {
        "fleet": "fleet-1", "order_hashrate": 4.0, "order_efficiency": 15.0, "order_price": 60.0, "cancellable": True,
        "first_payment": end(1), "last_payment": end(3), "first_delivery": end(4), "last_delivery": end(4),
    }  # fmt: skip
    loan = {"principal": 0.0, "undrawn": 15.0, "draw_end": end(6), "maturity": end(24)}
    kept = KEPT | {"cash": 12.0, "minimum_cash_months": 1.0}
    p = toy(4, treasury=kept, costs={"cash_sga": 21.0}, fleet=[FLEET], order=[order], debt=[loan])
    assert p["cancellable_paid"] == near([15, 0, 0, 0])
    assert p["debt", "balance"][0] == near([15, 15, 15, 15])
    assert p["cash"][0] == near(5)
    assert p["default_month"][-1] == 2
    assert p["fleet", "hashrate"][1, 3] == near(4 * 15 / 60)


def test_lenders_without_recourse_take_the_machines(toy: Toy) -> None:
    """5 EH/s at 15 USD/TH, half of it on resale, are 37.5, less than the 60 owed; 0.3 in cash pay no interest.

    The loan ends, half of the machines with it, half of the 40 of plant: a gain of 60 - 20 beside 139.5 BTC mined.
    Nobody is in default.
    """
    p = toy(3, treasury={"cash": 0.3} | KEPT, balance={"mining_ppe": 40.0}, fleet=[FLEET], debt=[LOAN])
    assert p["debt", "machine_value"][0, 0] == near(37.5)
    assert p["debt", "machines_taken"][0] == near([1, 0, 0])
    assert p["debt", "balance"][0] == near([0, 0, 0])
    assert p["fleet", "hashrate"][0] == near([10, 5, 5])
    assert p["mining_ppe"] == near([20, 20, 20])
    assert p["net_income"][0] == near(13.95 + 40)
    assert p["cash"] == near([0.3, 0.3, 0.3])
    assert not p["defaulted"].any()


def test_machines_worth_less_are_kept_while_money_is_not_short(toy: Toy) -> None:
    """100 in cash serve and repay the loan as any other."""
    p = toy(3, treasury=KEPT, fleet=[FLEET], debt=[LOAN])
    assert p["debt", "machines_taken"][0] == near([0, 0, 0])
    assert p["cash"] == near([100 - INTEREST[0], 100 - sum(INTEREST[:2]), 40 - sum(INTEREST)])
    assert p["net_income"] == near([13.95 - INTEREST[0], 12.6 - INTEREST[1], 13.95 - INTEREST[2]])


def test_no_cash_that_bills_ahead_need_goes_to_machines_worth_less(toy: Toy) -> None:
    """A note of 50 is due in month 2: 50.3 in cash are kept for it. Machines worth 75 are paid for, the note fails."""
    note = {"principal": 50.0, "maturity": end(2)}
    p = toy(2, treasury={"cash": 50.3} | KEPT, fleet=[FLEET], debt=[LOAN, note])
    assert p["debt", "machines_taken"][0] == near([1, 0])
    assert p["cash"] == near([50.3, 0.3])
    assert not p["defaulted"].any()
    p = toy(2, treasury={"cash": 50.3} | KEPT, fleet=[FLEET], debt=[LOAN | {"machine_resale": 1.0}, note])
    assert p["cash"][0] == near(50.3 - INTEREST[0])
    assert p["default_month"][-1] == 2


def test_machines_worth_more_go_only_when_no_cash_is_left(toy: Toy) -> None:
    """Worth 75: January's interest is paid, the principal of March is not; the machines go and nobody is in default."""
    p = toy(4, treasury={"cash": 2.0} | KEPT, fleet=[FLEET], debt=[LOAN | {"machine_resale": 1.0}])
    assert p["debt", "machines_taken"][0] == near([0, 0, 1, 0])
    assert p["cash"][-1] == near(2 - sum(INTEREST[:2]))
    assert p["fleet", "hashrate"][0] == near([10, 10, 10, 5])
    assert not p["defaulted"].any()


def test_a_loan_with_recourse_is_a_term_note(toy: Toy) -> None:
    """Interest that finds no cash is a default of interest, whatever the machines; they stay."""
    p = toy(2, treasury={"cash": 0.3} | KEPT, fleet=[FLEET], debt=[LOAN | {"recourse": True}])
    assert p["default_month"][-1] == 1
    assert p["first_unpaid_bill"][-1] == 2
    assert p["fleet", "hashrate"][0] == near([10, 10])
    note = {name: LOAN[name] for name in ("principal", "coupon", "maturity")}
    both = [toy(3, treasury=KEPT, fleet=[FLEET], debt=[row]) for row in (LOAN | {"recourse": True}, note)]
    assert both[0]["cash"] == near(both[1]["cash"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"collateral_hashrate": 11.0}, "is too much: all loans have 11 EH/s of the 10 in [[fleet]] and [[order]]"),
        ({"collateral_hashrate": 0.0}, "collateral_hashrate: is missing: a loan without recourse has machines"),
        ({"kind": "term"}, 'belongs to kind = "equipment", not "term"'),
        ({"instalments_start": end(2)}, "says nothing of a bullet"),
        ({"instalments_start": end(4), "amortisation": "annuity"}, "must not be after maturity (2027-03-31)"),
        ({"undrawn": 5.0}, "draw_end: is missing: there is an undrawn amount"),
        ({"undrawn": 5.0, "draw_end": end(4)}, "must not be after maturity (2027-03-31)"),
    ],
)
def test_what_a_machine_loan_may_not_say(tmp_path: Path, change: Row, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, fleet=[FLEET], debt=[LOAN | change])
    assert any(said in f"{problem}" for problem in caught.value.problems), caught.value.problems
