"""Bitcoin-backed loans: 30 against 500 BTC at 100,000 USD, a loan-to-value of 0.6; called above 0.7, sold above 0.8."""

import numpy as np

from tests.oracle.build import Row, Toy, end, near

LOAN: Row = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "maturity": end(24)}


def test_margin_call_met_with_free_bitcoin_and_release(toy: Toy) -> None:
    """Month 2 at 80,000: 30 / 40 = 0.75. 0.6 needs 30e6 / 48,000 = 625 BTC: 125 are added of 200 free.

    Month 3 at 100,000: 500 BTC do, 125 come back. Month 4 at 120,000: 30e6 / 72,000 = 416.67 BTC do.
    """
    p = toy(4, treasury={"btc": 700.0}, debt=[LOAN], price=[100_000, 80_000, 100_000, 120_000])
    assert p["debt", "ltv"][0] == near([0.6, 0.75, 30 / 62.5, 30 / 60])
    assert p["debt", "margin_call_btc"][0] == near([0, 125, 0, 0])
    assert p["debt", "collateral"][0] == near([500, 625, 500, 30e6 / 72_000])
    assert p["btc"] == near([700] * 4)
    assert p["cash"] == near([100] * 4)
    assert not p["defaulted"].any()


def test_margin_call_met_partly_with_cash(toy: Toy) -> None:
    """50 BTC are free, 125 called. The other 75 BTC are worth 75 * 80,000 * 0.6 = 3.6 of repayment."""
    p = toy(3, treasury={"btc": 550.0, "cash": 10.0}, debt=[LOAN], price=[100_000, 80_000])
    assert p["debt", "collateral"][0] == near([500, 550, 550])
    assert p["cash"] == near([10, 10 - 3.6, 6.4])
    assert p["debt", "balance"][0] == near([30, 26.4, 26.4])
    assert p["debt", "ltv_after_call"][0] == near([0.6, 0.6, 0.6])
    assert not p["defaulted"].any()


def test_margin_call_met_by_selling_collateral(toy: Toy) -> None:
    """No free bitcoin and 1 in cash against a call of 125 * 80,000 * 0.6 = 6: the lender sells coins, nobody defaults.

    5 are left, 29 / 40 is below 0.8: 5 / (1 - 0.6) = 12.5 are sold, 156.25 BTC, after which 16.5 / 27.5 is 0.6.
    """
    p = toy(3, treasury={"btc": 500.0, "cash": 1.0}, debt=[LOAN], price=[100_000, 80_000])
    assert not p["defaulted"].any()
    assert p["debt", "call_left"][0] == near([0, 5, 0])
    assert p["debt", "liquidated_btc"][0] == near([0, 156.25, 0])
    assert p["debt", "balance"][0] == near([30, 16.5, 16.5])
    assert p["debt", "collateral"][0] == near([500, 343.75, 343.75])
    assert p["debt", "ltv"][0, 2] == near(0.6)
    assert p["btc_sold_forced"] == near([0, 156.25, 0])
    assert p["cash"] == near([1, 0, 0])
    assert p["collateral_taken_month"] == near([0, 2, 2])


def test_margin_call_leaves_the_minimum_of_cash(toy: Toy) -> None:
    """5 are left in month 2 after salaries of 10, below a minimum of 10: 6 / (1 - 0.6) = 15 are sold, 187.5 BTC."""
    p = toy(
        2,
        treasury={"btc": 500.0, "cash": 25.0, "minimum_cash_months": 1.0},
        costs={"cash_sga": 30.0},
        debt=[LOAN],
        price=[100_000, 80_000],
    )
    assert p["margin_paid"] == near([0, 0])
    assert p["cash"] == near([15, 5])
    assert p["debt", "liquidated_btc"][0] == near([0, 187.5])
    assert p["debt", "balance"][0] == near([30, 15])
    assert not p["defaulted"].any()


def test_lenders_who_must_sell_most_of_it_sell_all_they_are_owed(toy: Toy) -> None:
    """Restored to 0.1, called at 0.3, sold out at 0.9: 10 / 20 asks for 8 of 10, over 0.9 that is 8.8888 of 20.

    At 30,000 10 / 15 asks for 8.5, 9.4444: less than the 10 that are owed. At 22,000 10 / 11 is above 0.9.
    """
    terms = {"principal": 10.0, "restore_ltv": 0.1, "release_ltv": 0.1, "margin_call_ltv": 0.3, "liquidation_ltv": 0.9}
    for price, repaid in ((40_000, 8 / 0.9), (30_000, 8.5 / 0.9), (22_000, 10)):
        p = toy(2, treasury={"btc": 500.0, "cash": 0.0}, debt=[LOAN | terms], price=[200_000, price])
        assert p["debt", "liquidation_proceeds"][0, 1] == near(repaid)
        assert not p["defaulted"].any()


def test_liquidation(toy: Toy) -> None:
    """At 60,000: 30 / 30 = 1. 1 in cash is paid, 29 / 30 is above 0.8: 29e6 / 60,000 BTC are sold, the rest returns."""
    p = toy(3, treasury={"btc": 500.0, "cash": 1.0}, debt=[LOAN], price=[100_000, 60_000])
    sold = 29e6 / 60_000
    assert p["debt", "liquidated_btc"][0] == near([0, sold, 0])
    assert p["debt", "balance"][0] == near([30, 0, 0])
    assert p["debt", "collateral"][0] == near([500, 0, 0])
    assert p["btc"] == near([500, 500 - sold, 500 - sold])
    assert p["cash"] == near([1, 0, 0])
    assert not p["defaulted"].any()


def test_liquidation_that_leaves_a_debt(toy: Toy) -> None:
    """At 50,000 all 500 BTC bring 25: of 30, less 1 in cash, 4 stay owed. Due in month 3 and not paid: bill 4."""
    p = toy(3, treasury={"btc": 500.0, "cash": 1.0}, debt=[LOAN], price=[100_000, 50_000])
    assert p["debt", "liquidation_proceeds"][0] == near([0, 25, 0])
    assert p["debt", "balance"][0] == near([30, 4, 4])
    assert p["debt", "due_within_year"][0] == near([0, 4, 4])
    assert p["btc"] == near([500, 0, 0])
    assert p["unpaid"] == near([0, 0, 4])
    assert p["default_month"] == near([0, 0, 3])
    assert p["first_unpaid_bill"] == near([0, 0, 4])


def test_repayment_returns_the_collateral(toy: Toy) -> None:
    p = toy(4, treasury={"btc": 500.0}, debt=[LOAN | {"maturity": end(3), "coupon": 0.1}])
    assert p["debt", "collateral"][0] == near([500, 500, 0, 0])
    assert p["btc"] == near([500] * 4)
    assert p["cash"][-1] == near(100 - 30 - 30 * 0.1 * 90 / 365)


def test_loan_drawn_later_pledges_bitcoin(toy: Toy) -> None:
    row = {"kind": "btc_loan", "principal": 10.0, "collateral_btc": 300.0, "issue_date": end(2), "maturity": end(24)}
    p = toy(3, treasury={"btc": 1000.0}, debt=[row])
    assert p["debt", "collateral"][0, :2] == near([0, 300])
    assert p["debt", "collateral"][0, 2] == near(10e6 / 60_000)  # 10 / 30 is below 0.6: all above 166.67 BTC returns
    assert p["cash"] == near([100, 110, 110])


def test_pledged_bitcoin_pays_a_bill_at_an_unchanged_ltv(toy: Toy) -> None:
    """500 BTC, all pledged, 30 / 50 is 0.6: of 12.5 sold the lender takes 7.5, the other 5 pay what is missing of 10.

    Month 2 sells 25, 250 BTC, for 10. The 125 BTC left hold 5 beyond the loan: month 3 sells them all and lacks 5.
    """
    p = toy(4, treasury={"btc": 500.0, "cash": 5.0}, costs={"cash_sga": 30.0}, debt=[LOAN])
    assert p["collateral_sale"] == near([5, 10, 5, 0])
    assert p["debt", "collateral_sold"][0] == near([125, 250, 125, 0])
    assert p["debt", "repaid_pro_rata"][0] == near([7.5, 15, 7.5, 0])
    assert p["debt", "balance"][0] == near([22.5, 7.5, 0, 0])
    assert p["debt", "collateral"][0] == near([375, 125, 0, 0])
    assert p["btc_sold_forced"] == near([125, 250, 125, 0])
    assert p["btc"] == near([375, 125, 0, 0])
    assert p["investing_cash_flow"] == near([12.5, 25, 12.5, 0])
    assert p["financing_cash_flow"] == near([-7.5, -15, -7.5, 0])
    assert p["cash"] == near([0] * 4)
    assert p["unpaid"][:3] == near([0, 0, 5])
    assert p["default_month"] == near([0, 0, 3, 3])
    assert p["first_unpaid_bill"][-1] == near(1)


def test_collateral_sold_for_a_bill_comes_before_the_rest_of_a_margin_call(toy: Toy) -> None:
    """At 80,000 30 / 40 is called for 125 BTC: 50 are free and added. 44 less 30 is 14, of which 10 pay salaries.

    So 5/7 of 550 BTC go, and of the loan; of the 3.6 still called 2/7 are left, 7.2/7, for which the lender sells 18/7:
    6 / 10 is 0.6 again.
    """
    p = toy(
        2,
        treasury={"btc": 550.0, "cash": 10.0},
        costs={"cash_sga": 30.0},
        debt=[LOAN],
        price=[100_000, 80_000],
    )
    assert p["collateral_sale"] == near([0, 10])
    assert p["debt", "collateral_sold"][0] == near([0, 550 * 5 / 7])
    assert p["debt", "repaid_pro_rata"][0] == near([0, 150 / 7])
    assert p["debt", "call_left"][0] == near([0, 7.2 / 7])
    assert p["debt", "liquidated_btc"][0] == near([0, 18e6 / 7 / 80_000])
    assert p["debt", "balance"][0] == near([30, 6])
    assert p["debt", "collateral"][0] == near([500, 125])
    assert not p["defaulted"].any()


def test_collateral_of_a_matured_loan_pays_a_bill_before_it_comes_back(toy: Toy) -> None:
    """A loan of 10 on 500 BTC and a note of 30 are due: 30 of the 40 beyond the loan pay it.

    375 BTC go for them and 7.5 of the loan. The lender takes 25 BTC for the other 2.5, and 100 come back.
    """
    p = toy(
        2,
        treasury={"btc": 500.0, "cash": 0.0},
        debt=[
            LOAN | {"principal": 10.0, "release_ltv": 0.1, "maturity": end(2)},
            {"principal": 30.0, "maturity": end(2)},
        ],
    )
    assert p["debt", "collateral_sold"][0] == near([0, 375])
    assert p["debt", "liquidated_btc"][0] == near([0, 25])
    assert p["debt", "balance"][:, 1] == near([0, 0])
    assert p["debt", "collateral"][0] == near([500, 0])
    assert p["btc"] == near([500, 100])
    assert not p["defaulted"].any()


def test_collateral_is_sold_for_bills_below_an_ltv_of_1_and_as_the_market_takes_it(toy: Toy) -> None:
    """200 BTC of the first loan bring 20, of which 8 are kept. The second, 12 on 100 BTC, owes more than they bring."""
    p = toy(
        1,
        treasury={"btc": 600.0, "cash": 0.0, "btc_sale_cap": 200.0},
        costs={"cash_sga": 30.0},
        debt=[LOAN, LOAN | {"principal": 12.0, "collateral_btc": 100.0}],
    )
    assert p["debt", "collateral_sold"][:, 0] == near([200, 0])
    assert p["debt", "repaid_pro_rata"][:, 0] == near([12, 0])
    assert p["unpaid"] == near([2])


def test_lent_bitcoin_is_recalled_in_distress(toy: Toy) -> None:
    """100 BTC at hand, 400 lent; 30 in cash, 60 due in month 3.

    Month 1: 30 more is looked for, 100 BTC bring 10. Liquidity 40 over needs 60 is below 1: the 400 are called back.
    Month 2: 200 of them bring the missing 20.
    """
    p = toy(
        3,
        treasury={"btc": 500.0, "btc_loaned": 400.0, "cash": 30.0},
        debt=[{"principal": 60.0, "maturity": end(3)}],
    )
    assert p["coverage"][0] == near(40 / 60)
    assert p["btc_sold"] == near([100, 200, 0])
    assert p["cash"] == near([40, 60, 0])
    assert p["btc"] == near([400, 200, 200])


def test_matured_loan_takes_its_collateral(toy: Toy) -> None:
    """30 due in month 3 and no cash: the lender sells 300 of 500 BTC, 200 come back, and nobody is in default."""
    p = toy(4, treasury={"btc": 500.0, "cash": 0.0}, debt=[LOAN | {"maturity": end(3)}])
    assert p["debt", "liquidated_btc"][0] == near([0, 0, 300, 0])
    assert p["debt", "balance"][0] == near([30, 30, 0, 0])
    assert p["debt", "collateral"][0] == near([500, 500, 0, 0])
    assert p["btc"] == near([500, 500, 200, 200])
    assert not p["defaulted"].any()
    assert p["net_income"] == near([0, 0, 0, 0])


def test_matured_loan_is_repaid_from_spare_cash_first(toy: Toy) -> None:
    """15 of 25 in cash is above a minimum of 10: 15 are repaid, the lender sells 150 BTC for the other 15."""
    p = toy(
        3,
        treasury={"btc": 500.0, "cash": 55.0, "minimum_cash_months": 1.0},
        costs={"cash_sga": 30.0},
        debt=[LOAN | {"maturity": end(3)}],
    )
    assert p["secured_paid"] == near([0, 0, 15])
    assert p["debt", "liquidated_btc"][0] == near([0, 0, 150])
    assert p["cash"] == near([45, 35, 10])


def test_matured_loan_that_its_collateral_does_not_cover(toy: Toy) -> None:
    """At 50,000 in month 3 the 500 BTC bring 25 of 30: 5 are due in cash and 1 is there. Default at maturity."""
    p = toy(
        3,
        treasury={"btc": 500.0, "cash": 1.0},
        debt=[LOAN | {"maturity": end(3)}],
        price=[100_000, 100_000, 50_000],
    )
    assert p["debt", "principal_due"][0] == near([0, 0, 5])
    assert p["debt", "balance"][0] == near([30, 30, 4])
    assert p["btc"] == near([500, 500, 0])
    assert p["first_unpaid_bill"] == near([0, 0, 3])


def test_covered_loan_is_not_rolled_over(toy: Toy) -> None:
    """Short of money and the window open: the collateral settles it at worst, so nobody pays 8 % to keep it."""
    p = toy(8, treasury={"btc": 500.0, "cash": 0.0}, debt=[LOAN | {"maturity": end(8), "refinanceable": True}])
    assert p["debt", "roll"][0] == near([0] * 8)
    assert p["debt", "balance"][0, -1] == near(0)


def test_collateral_is_given_back_down_to_the_release_ltv(toy: Toy) -> None:
    """Released below 0.5: at 110,000 30 / 55 = 0.545 stays; at 150,000 30e6 / 75,000 = 400 BTC do, 100 come back."""
    p = toy(
        2, treasury={"btc": 500.0}, debt=[LOAN | {"restore_ltv": 0.6, "release_ltv": 0.5}], price=[110_000, 150_000]
    )
    assert p["debt", "collateral"][0] == near([500, 400])


def test_loan_pays_out_as_far_as_the_pledge_goes(toy: Toy) -> None:
    """10 against 300 BTC, 150 are there: 5 are paid out, 150 pledged."""
    row = {"kind": "btc_loan", "principal": 10.0, "collateral_btc": 300.0, "issue_date": end(1), "maturity": end(24)}
    p = toy(1, treasury={"btc": 150.0}, debt=[row])
    assert p["debt", "balance"][0] == near([5])
    assert p["debt", "collateral"][0] == near([150])
    assert p["cash"] == near([105])
    nothing = toy(1, debt=[row])
    assert nothing["debt", "balance"][0] == near([0])
    assert nothing["cash"] == near([100])


def test_debt_left_after_a_liquidation_is_paid_before_other_calls(toy: Toy) -> None:
    """4 stay owed after all collateral of the first loan went (see above); an offering brings 4.5 in month 3.

    At 35,000 the second loan, 10 against 400 BTC, 10 / 14, is called for 10 - 0.6 * 14 = 1.6: 0.5 are left for it, and
    1.1 / (1 - 0.6) = 2.75 are sold, after which 6.75 / 11.25 is 0.6.
    """
    p = toy(
        3,
        treasury={"btc": 900.0, "cash": 1.0},
        debt=[LOAN, LOAN | {"principal": 10.0, "collateral_btc": 400.0, "release_ltv": 0.1}],
        price=[100_000, 50_000, 35_000],
        offering=[{"offering_date": end(3), "offered_shares": 1.0, "net_proceeds": 4.5}],
    )
    assert p["debt", "ltv"][0] == near([0.6, 1.2, 100])
    assert p["debt", "deficiency_due"][0] == near([0, 0, 4])
    assert p["margin_due"] == near([0, 15, 1.6])
    assert p["debt", "balance"][0] == near([30, 4, 0])
    assert p["debt", "balance"][1] == near([10, 10, 6.75])
    assert p["debt", "collateral"][1, 2] == near(11.25e6 / 35_000)
    assert not p["defaulted"].any()


def test_collateral_comes_back_whatever_other_debt_stays_unpaid(toy: Toy) -> None:
    """A loan of 10 is settled with 100 of 500 BTC in month 2; a note of 30 is not paid then. 400 BTC return."""
    p = toy(
        2,
        treasury={"btc": 500.0, "cash": 0.0, "btc_sale_cap": 0.0},
        debt=[
            LOAN | {"principal": 10.0, "release_ltv": 0.1, "maturity": end(2)},
            {"principal": 30.0, "maturity": end(2)},
        ],
    )
    assert p["first_unpaid_bill"][-1] == near(3)
    assert p["debt", "collateral"][0] == near([500, 0])
    assert p["btc"] == near([500, 400])


def test_instalments_of_a_covered_loan_are_needs_of_next_year(toy: Toy) -> None:
    """30 in 24 equal parts, 1.25 a month: after the first, twelve of the 23 left are due in cash within a year."""
    p = toy(1, treasury={"btc": 500.0}, debt=[LOAN | {"amortisation": "straight_line"}])
    assert p["debt", "due_within_year"][0] == near([12 * 1.25])


PREPAID = {"prepayment_fall": 0.1, "prepayment_spread": 0.6}


def test_a_ready_seller_prepays_once_bitcoin_has_fallen(toy: Toy) -> None:
    """One spread readier to sell: 60 % a quarter, a fifth a month, from month 2 on, 12 % below the high of 100,000.

    6 are 6e6 / 88,000 = 68.18 BTC. The loan-to-value falls from 30 / 44 to 24 / 38.
    """
    p = toy(3, treasury={"btc": 500.0}, debt=[LOAN], price=88_000, finance=PREPAID, selling_stance=1.0)
    sold = np.array([0, 6e6, 6e6]) / 88_000
    assert p["btc_sold_for_prepayment"] == near(sold)
    assert p["debt", "balance"][0] == near([30, 24, 18])
    assert p["debt", "collateral"][0] == near(500 - sold.cumsum())
    assert p["debt", "ltv"][0] == near([30 / 44, 30 / 44, 24 / 38])
    assert p["btc_sold"] == near(sold)
    assert p["btc_sold_forced"] == near([0, 0, 0])
    assert p["investing_cash_flow"] == near([0, 6, 6])
    assert p["financing_cash_flow"] == near([0, -6, -6])
    assert p["cash"] == near([100] * 3)


def test_a_prepaid_loan_gives_its_collateral_back(toy: Toy) -> None:
    """Five spreads: all of it in month 2, for 30e6 / 88,000 BTC. The rest comes back in month 3, as the loan-to-value
    of month 2 was above the 0.6 down to which a lender gives back. Who is less ready to sell prepays nothing.
    """
    p = toy(3, treasury={"btc": 500.0}, debt=[LOAN], price=88_000, finance=PREPAID, selling_stance=5.0)
    left = 500 - 30e6 / 88_000
    assert p["debt", "balance"][0] == near([30, 0, 0])
    assert p["debt", "collateral"][0] == near([500, left, 0])
    assert p["btc"] == near([500, left, left])
    other = toy(3, treasury={"btc": 500.0}, debt=[LOAN], price=88_000, finance=PREPAID, selling_stance=-1.0)
    assert other["btc_sold"] == near([0, 0, 0])


def test_prepaid_before_collateral_pays_a_bill(toy: Toy) -> None:
    """Cash of 2 pays the salaries of month 1. In month 2 6 of 30 are prepaid, and 14 of equity must meet 2: a seventh.

    A seventh of 24 of loan and of 500 - 68.18 BTC go: 3.43 of 5.43. None is prepaid in a month of a margin call.
    """
    p = toy(
        2,
        treasury={"btc": 500.0, "cash": 2.0},
        costs={"cash_sga": 6.0},
        debt=[LOAN],
        price=88_000,
        finance=PREPAID,
        selling_stance=1.0,
    )
    assert p["collateral_sale"] == near([0, 2])
    assert p["debt", "balance"][0] == near([30, 24 * 6 / 7])
    assert p["debt", "collateral"][0] == near([500, (500 - 6e6 / 88_000) * 6 / 7])
    assert p["check_balance_sheet"] == near([0, 0])
    called = toy(2, treasury={"btc": 700.0}, debt=[LOAN], price=[88_000, 80_000], finance=PREPAID, selling_stance=1.0)
    assert called["debt", "margin_call_btc"][0] == near([0, 125])
    assert called["btc_sold_for_prepayment"] == near([0, 0])
