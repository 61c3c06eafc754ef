"""Corporate notes: interest, repayment, put, conversion, roll-over. Months 1 to 12 have the days of 2027."""

import numpy_financial as npf

from tests.oracle.build import Row, Toy, end, near


def test_bullet_note(toy: Toy) -> None:
    """Interest by actual days over 365 on the opening balance, last time in the month of repayment."""
    p = toy(8, treasury={"cash": 150.0}, debt=[{"principal": 100.0, "coupon": 0.06, "maturity": end(6)}])
    interest = [
        100 * 0.06 * 31 / 365,
        100 * 0.06 * 28 / 365,
        100 * 0.06 * 31 / 365,
        100 * 0.06 * 30 / 365,
        100 * 0.06 * 31 / 365,
        100 * 0.06 * 30 / 365,
        0,
        0,
    ]
    assert p["debt", "interest"][0] == near(interest)
    assert p["debt", "balance"][0] == near([100, 100, 100, 100, 100, 0, 0, 0])
    assert p["principal_paid"] == near([0, 0, 0, 0, 0, 100, 0, 0])
    assert p["cash"][0] == near(150 - 6 * 31 / 365)
    assert p["cash"][4] == near(150 - 6 * (31 + 28 + 31 + 30 + 31) / 365)
    assert p["cash"][5:] == near([150 - 100 - 6 * 181 / 365] * 3)
    assert p["net_income"] == near([-x for x in interest])
    assert not p["defaulted"].any()


def test_straight_line_note(toy: Toy) -> None:
    """120 in four months: 30 a month, interest on what is left."""
    p = toy(
        6,
        treasury={"cash": 130.0},
        debt=[{"principal": 120.0, "coupon": 0.12, "maturity": end(4), "amortisation": "straight_line"}],
    )
    assert p["debt", "balance"][0] == near([90, 60, 30, 0, 0, 0])
    assert p["debt", "interest"][0] == near(
        [120 * 0.12 * 31 / 365, 90 * 0.12 * 28 / 365, 60 * 0.12 * 31 / 365, 30 * 0.12 * 30 / 365, 0, 0]
    )
    # 3720 + 2520 + 1860 + 900 = 9000 USD m-days at 12 %: 9000 * 0.12 / 365 = 2.958904...
    assert p["cash"][-1] == near(130 - 120 - 9000 * 0.12 / 365)


def test_annuity_note(toy: Toy) -> None:
    """100 at 12 % in three months: 1 % a month, payment 100 * 0.01 / (1 - 1.01**-3) = 34.00221114814...

    1.01^3 = 1.030301, so the payment is 1.030301 / 0.030301. The first month is 1 interest and 33.00221... principal.
    """
    row = {"principal": 100.0, "coupon": 0.12, "maturity": end(3), "amortisation": "annuity"}
    p = toy(5, treasury={"cash": 110.0}, debt=[row])
    payment = 1.030301 / 0.030301
    assert payment == near(34.00221114814693)
    first = 100 - (payment - 1)  # 66.997788851853...
    second = first - (payment - first * 0.01)  # 33.665555592225...
    assert p["debt", "balance"][0] == near([first, second, 0, 0, 0])
    assert p["debt", "interest"][0] == near([1, first * 0.01, second * 0.01, 0, 0])
    assert p["cash"] == near([110 - payment, 110 - 2 * payment] + [110 - 3 * payment] * 3)


def test_annuity_against_numpy_financial(toy: Toy) -> None:
    p = toy(24, debt=[{"principal": 50.0, "coupon": 0.09, "maturity": end(24), "amortisation": "annuity"}])
    month = list(range(1, 25))
    assert p["debt", "repaid"][0] == near(-npf.ppmt(0.09 / 12, month, 24, 50.0))
    assert p["debt", "interest"][0] == near(-npf.ipmt(0.09 / 12, month, 24, 50.0))
    assert p["cash"] == near([100 + npf.pmt(0.09 / 12, 24, 50.0) * m for m in month])


def test_annuity_issued_later(toy: Toy) -> None:
    """Issued in month 2, due in month 5: three level payments, the first in month 3."""
    row = {"principal": 90.0, "coupon": 0.12, "issue_date": end(2), "maturity": end(5), "amortisation": "annuity"}
    p = toy(6, debt=[row])
    payment = 0.9 * 1.030301 / 0.030301
    assert p["cash"] == near([100, 190, 190 - payment, 190 - 2 * payment, 190 - 3 * payment, 190 - 3 * payment])
    assert p["debt", "balance"][0, -1] == near(0)


def test_note_issued_after_the_balance_sheet(toy: Toy) -> None:
    """200 less 5 of fees arrive in month 3; interest starts the month after."""
    row = {"principal": 200.0, "coupon": 0.1, "issue_date": end(3), "issue_cost": 5.0, "maturity": end(5)}
    p = toy(6, debt=[row])
    april = 200 * 0.1 * 30 / 365
    may = 200 * 0.1 * 31 / 365
    after = 100 + 195 - april - may - 200
    assert p["debt", "balance"][0] == near([0, 0, 200, 200, 0, 0])
    assert p["cash"] == near([100, 100, 295, 295 - april, after, after])
    assert p["net_income"] == near([0, 0, -5, -april, -may, 0])


def test_note_repaid_early(toy: Toy) -> None:
    p = toy(4, debt=[{"principal": 50.0, "coupon": 0.08, "maturity": end(24), "repaid_date": end(2)}])
    paid = 50 * 0.08 * (31 + 28) / 365
    assert p["debt", "balance"][0] == near([50, 0, 0, 0])
    assert p["cash"] == near([100 - 50 * 0.08 * 31 / 365, 50 - paid, 50 - paid, 50 - paid])


def test_note_repaid_early_in_shares(toy: Toy) -> None:
    """A known conversion: 60 at 12 a share is 5 million shares, no cash, even below the conversion price."""
    row = {"kind": "convertible", "principal": 60.0, "conversion_price": 12.0, "maturity": end(24)}
    p = toy(3, debt=[row | {"repaid_date": end(2), "repaid_in_shares": True}], share=8.0)
    assert p["debt", "balance"][0] == near([60, 0, 0])
    assert p["shares"] == near([100, 105, 105])
    assert p["cash"] == near([100, 100, 100])
    assert p["book_equity"] == near([40, 100, 100])


CONVERTIBLE = {"kind": "convertible", "principal": 100.0, "conversion_price": 20.0}


def test_put_below_the_conversion_price(toy: Toy) -> None:
    """The share stands at 10, the notes convert at 20: holders put in month 4."""
    row = CONVERTIBLE | {"maturity": end(10), "put_date": end(4)}
    p = toy(6, treasury={"cash": 150.0}, debt=[row])
    assert p["debt", "balance"][0] == near([100, 100, 100, 0, 0, 0])
    assert p["cash"] == near([150, 150, 150, 50, 50, 50])
    assert p["shares"] == near([100] * 6)
    assert not p["defaulted"].any()


def test_put_that_cannot_be_paid(toy: Toy) -> None:
    """40 of 100 is there: default in month 4, first unpaid bill 3 (maturity or put); what is there is paid."""
    row = CONVERTIBLE | {"maturity": end(10), "put_date": end(4)}
    p = toy(6, treasury={"cash": 40.0}, debt=[row])
    assert p["default_month"] == near([0, 0, 0, 4, 4, 4])
    assert p["first_unpaid_bill"] == near([0, 0, 0, 3, 3, 3])
    assert p["unpaid"][3] == near(60)
    assert p["debt", "balance"][0] == near([100, 100, 100, 60, 60, 60])
    assert p["cash"] == near([40, 40, 40, 0, 0, 0])


def test_put_not_exercised_above_the_conversion_price(toy: Toy) -> None:
    """The share stands at 25 on the first put date, at 15 on the second: holders put then."""
    row = CONVERTIBLE | {"maturity": end(10), "put_date": end(3), "second_put_date": end(6)}
    p = toy(8, treasury={"cash": 150.0}, debt=[row], share=[25, 25, 25, 25, 25, 15])
    assert p["debt", "put"][0] == near([0, 0, 0, 0, 0, 100, 0, 0])
    assert p["debt", "balance"][0] == near([100, 100, 100, 100, 100, 0, 0, 0])


def test_conversion_with_capped_call_between_strike_and_cap(toy: Toy) -> None:
    """100 / 20 = 5 million shares at 25; the capped call returns 5 * (25 - 20) / 25 = 1 million."""
    row = CONVERTIBLE | {"maturity": end(3), "capped_call_price": 30.0}
    p = toy(4, debt=[row], share=25.0)
    assert p["debt", "conversion_shares"][0] == near([0, 0, 5, 0])
    assert p["debt", "call_offset"][0] == near([0, 0, 1, 0])
    assert p["shares"] == near([100, 100, 104, 104])
    assert p["debt", "balance"][0] == near([100, 100, 0, 0])
    assert p["cash"] == near([100, 100, 100, 100])
    assert p["diluted_shares"] == near([105, 105, 104, 104])
    assert p["dilution"][-1] == near(0.04)


def test_conversion_above_the_cap(toy: Toy) -> None:
    """At 40 the capped call returns 5 * (30 - 20) / 40 = 1.25 million shares."""
    row = CONVERTIBLE | {"maturity": end(3), "capped_call_price": 30.0}
    p = toy(4, debt=[row], share=40.0)
    assert p["shares"] == near([100, 100, 103.75, 103.75])


def test_principal_in_cash_and_excess_in_shares(toy: Toy) -> None:
    """At 25: 100 in cash; the shares are worth 125, the 25 above principal are 1 million shares."""
    p = toy(4, treasury={"cash": 130.0}, debt=[CONVERTIBLE | {"maturity": end(3), "principal_in_cash": True}], share=25)
    assert p["shares"] == near([100, 100, 101, 101])
    assert p["cash"] == near([130, 130, 30, 30])
    assert p["debt", "balance"][0] == near([100, 100, 0, 0])


def test_principal_in_cash_with_capped_call(toy: Toy) -> None:
    """At 40: excess 5 * (40 - 20) / 40 = 2.5 million, the call with a cap of 30 returns 1.25 million."""
    row = CONVERTIBLE | {"maturity": end(3), "principal_in_cash": True, "capped_call_price": 30.0}
    p = toy(4, treasury={"cash": 130.0}, debt=[row], share=40.0)
    assert p["shares"] == near([100, 100, 101.25, 101.25])
    assert p["cash"][-1] == near(30)


def test_diluted_count_with_principal_in_cash(toy: Toy) -> None:
    """If-converted, principal in cash: only the excess counts, 5 * (25 - 20) / 25 = 1 million (ASU 2020-06)."""
    p = toy(2, debt=[CONVERTIBLE | {"maturity": end(12), "principal_in_cash": True}], share=25.0)
    assert p["diluted_shares"] == near([101, 101])


def test_out_of_the_money_at_maturity_is_a_bond(toy: Toy) -> None:
    p = toy(4, treasury={"cash": 130.0}, debt=[CONVERTIBLE | {"maturity": end(3)}], share=19.99)
    assert p["shares"] == near([100] * 4)
    assert p["cash"] == near([130, 130, 30, 30])


def test_forced_conversion(toy: Toy) -> None:
    """The issuer may call from month 2 at 130 % of 20 = 26. Month 1: too early. Month 2: 25. Month 3: 27, converted."""
    row = CONVERTIBLE | {"coupon": 0.03, "maturity": end(24), "call_date": end(2), "call_trigger": 1.3}
    p = toy(5, debt=[row], share=[27, 25, 27, 27, 27])
    assert p["debt", "forced_conversion"][0] == near([0, 0, 1, 0, 0])
    assert p["debt", "balance"][0] == near([100, 100, 0, 0, 0])
    assert p["shares"] == near([100, 100, 105, 105, 105])
    assert p["cash"][-1] == near(100 - 100 * 0.03 * (31 + 28 + 31) / 365)


def test_conversion_needs_no_cash_in_its_month(toy: Toy) -> None:
    """In the money at maturity, no cash, 1000 BTC: nothing is due, so no bitcoin is sold in the month of conversion."""
    row = CONVERTIBLE | {"maturity": end(1)}
    p = toy(2, treasury={"cash": 0.0, "btc": 1000.0}, debt=[row], share=25.0)
    assert p["shares"] == near([105, 105])
    assert p["btc"] == near([1000, 1000])


def test_cash_is_not_raised_ahead_for_what_will_convert(toy: Toy) -> None:
    """In the money and settled in shares: the treasurer does not sell bitcoin for it in the months before."""
    row = CONVERTIBLE | {"maturity": end(5)}
    p = toy(4, treasury={"cash": 0.0, "btc": 1000.0}, debt=[row], share=25.0)
    assert p["btc"] == near([1000] * 4)


def test_what_will_convert_is_no_need_of_next_year(toy: Toy) -> None:
    """At 25, settled in shares in month 6: no distress, whose discount would itself push the share below 20."""
    row = CONVERTIBLE | {"maturity": end(6)}
    p = toy(6, treasury={"cash": 10.0}, debt=[row], share=25.0, equity={"distress_discount": 0.5})
    assert p["next_year_needs"] == near([0] * 6)
    assert p["share_price"] == near([25] * 6)
    assert p["shares"][-1] == near(105)


ROLLED = {"principal": 100.0, "coupon": 0.05, "maturity": end(8), "refinanceable": True}


def test_roll_over(toy: Toy) -> None:
    """Due in month 8, 50 in cash: rolled in month 2, six months before, to 2 + 24 = 26, at max(5 % + 2 %, 8 %)."""
    p = toy(26, treasury={"cash": 50.0}, debt=[ROLLED])
    assert p["debt", "roll"][0, :4] == near([0, 1, 0, 0])
    assert p["debt", "due_month"][0, :3] == near([8, 26, 26])
    assert p["debt", "interest"][0, :4] == near(
        [100 * 0.05 * 31 / 365, 100 * 0.05 * 28 / 365, 100 * 0.08 * 31 / 365, 100 * 0.08 * 30 / 365]
    )
    assert p["debt", "balance"][0, 7] == near(100)  # the old maturity passes


def test_note_is_repaid_while_money_is_there(toy: Toy) -> None:
    """150 in cash covers 100 and a year of interest: nobody pays 8 % to keep it."""
    p = toy(9, treasury={"cash": 150.0}, debt=[ROLLED])
    assert p["debt", "roll"][0] == near([0] * 9)
    assert p["debt", "balance"][0] == near([100] * 7 + [0, 0])
    assert p["cash"][-1] == near(150 - 100 - 100 * 0.05 * (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31) / 365)


def test_coverage_of_one_decides_the_roll_over(toy: Toy) -> None:
    """No coupon, so the year's needs are the principal: 99 of cash over 100 is rolled, 100 over 100 repaid."""
    row = ROLLED | {"coupon": 0.0}
    short = toy(8, treasury={"cash": 99.0}, debt=[row])
    assert short["coverage"][0] == near(0.99)
    assert short["debt", "due_month"][0, -1] == near(26)
    enough = toy(8, treasury={"cash": 100.0}, debt=[row])
    assert enough["coverage"][0] == near(1)
    assert enough["debt", "due_month"][0, -1] == near(8)
    assert enough["cash"][-1] == near(0)
    assert not enough["defaulted"].any()


def test_roll_over_adds_the_spread_to_a_high_coupon(toy: Toy) -> None:
    """7 % + 2 % = 9 % is above the floor of 8 %."""
    p = toy(3, debt=[ROLLED | {"coupon": 0.07}])
    assert p["debt", "rate"][0] == near([0.07, 0.07, 0.09])


def test_roll_over_waits_for_the_window(toy: Toy) -> None:
    """Closed in months 1 to 4, open in month 5: due in month 5 + 24 = 29."""
    p = toy(9, debt=[ROLLED], credit_open=[0, 0, 0, 0, 1])
    assert p["debt", "due_month"][0] == near([8, 8, 8, 8, 29, 29, 29, 29, 29])
    assert not p["defaulted"].any()


def test_known_repayment_is_not_rolled_over_before(toy: Toy) -> None:
    """Known to be repaid in month 5: nobody pays 8 % from month 3 on to extend it, though money is short.

    103 in cash against 100 and twelve months of interest: coverage stays below 1.
    """
    p = toy(6, treasury={"cash": 103.0}, debt=[ROLLED | {"repaid_date": end(5)}])
    assert (p["coverage"][:4] < 1).all()
    assert p["debt", "rate"][0, :5] == near([0.05] * 5)
    assert p["cash"][-1] == near(103 - 100 - 100 * 0.05 * (31 + 28 + 31 + 30 + 31) / 365)


def test_closed_window_ends_in_default_at_maturity(toy: Toy) -> None:
    """30 of cash less eight months of interest; 100 is due in month 8."""
    p = toy(10, treasury={"cash": 30.0}, debt=[ROLLED], credit_open=0)
    interest = 100 * 0.05 * (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31) / 365
    assert p["default_month"][-1] == near(8)
    assert p["first_unpaid_bill"][-1] == near(3)
    assert p["principal_paid"][7] == near(30 - interest)
    assert p["unpaid"][7] == near(100 - 30 + interest)
    assert p["debt", "balance"][0, 7] == near(70 + interest)
    assert p["cash"][7] == near(0)


def test_leverage_refuses_the_roll_over(toy: Toy) -> None:
    """Net debt 90 over 100 shares at 0.5 and net debt: 90 / 140 = 0.643, above 0.6. At 0.7: 90 / 160 = 0.5625."""
    row = ROLLED | {"coupon": 0.0}
    refused = toy(8, treasury={"cash": 10.0}, debt=[row], share=0.5)
    assert refused["leverage"][0] == near(90 / 140)
    assert refused["default_month"][-1] == near(8)
    assert refused["first_unpaid_bill"][-1] == near(3)
    granted = toy(8, treasury={"cash": 10.0}, debt=[row], share=0.7)
    assert granted["leverage"][0] == near(90 / 160)
    assert granted["debt", "due_month"][0, -1] == near(26)


def test_bitcoin_that_secures_a_loan_counts_in_net_debt(toy: Toy) -> None:
    """A note of 60 and 30 on 500 BTC, all pledged and worth 50, less 10 of cash: net debt 30, leverage 30 / 1030.

    Without the bitcoin it would be 80. At 120,000 it is 20; bitcoin lent out is owned as well: 100 more bring 8.
    """
    loan = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "maturity": end(40)}
    rows = [loan, {"principal": 60.0, "maturity": end(40)}]
    p = toy(2, treasury={"cash": 10.0, "btc": 500.0}, debt=rows, price=[100_000, 120_000])
    assert p["net_debt"] == near([30, 20])
    assert p["leverage"] == near([30 / 1030, 20 / 1020])
    lent = toy(1, treasury={"cash": 10.0, "btc": 600.0, "btc_loaned": 100.0}, debt=rows)
    assert lent["net_debt"] == near([20])


def test_a_note_is_rolled_in_a_known_month_as_in_any(toy: Toy) -> None:
    """Due in month 6 and money short: rolled in month 1, which is history, to month 1 + 24."""
    known = [{"month": "2027-01", "price_mean": 100_000.0, "price_end": 100_000.0, "hashrate": 1000.0}]
    p = toy(2, known_month=known, treasury={"cash": 10.0}, debt=[ROLLED | {"maturity": end(6)}])
    assert p["debt", "due_month"][0] == near([25, 25])


def test_a_note_that_signed_money_repays_is_not_rolled_at_the_start(toy: Toy) -> None:
    """100 due in month 4, notes of 110 close in month 3: in month 1 as later nothing is short of what is asked."""
    row = ROLLED | {"coupon": 0.0, "maturity": end(4)}
    p = toy(4, treasury={"cash": 0.0}, debt=[row, {"principal": 110.0, "issue_date": end(3), "maturity": end(40)}])
    assert p["debt", "due_month"][0] == near([4, 4, 4, 4])
    assert p["cash"] == near([0, 0, 110, 10])


def test_leverage_at_the_start_decides_month_1(toy: Toy) -> None:
    """100 shares at 0.5, net debt 90: 90 / 140 is refused in month 1. At 0.7 90 / 160 is rolled at once.

    Needs of a year are not known before the first month end; 10 at hand against 100 due are short all the same.
    """
    row = ROLLED | {"coupon": 0.0, "maturity": end(6)}
    refused = toy(1, treasury={"cash": 10.0}, equity={"share_price": 0.5}, debt=[row])
    assert refused["debt", "due_month"][0] == near([6])
    granted = toy(1, treasury={"cash": 10.0}, equity={"share_price": 0.7}, debt=[row])
    assert granted["debt", "due_month"][0] == near([25])


def test_put_is_rolled_as_straight_debt(toy: Toy) -> None:
    """A put in month 4 out of the money: refinanced in month 2 at 8 %, no longer convertible when the share rises."""
    row = CONVERTIBLE | {"coupon": 0.01, "maturity": end(30), "put_date": end(4), "refinanceable": True}
    p = toy(6, debt=[row], share=[10, 10, 30])
    assert p["debt", "due_month"][0] == near([30] + [26] * 5)
    assert p["debt", "interest"][0, 1:3] == near([100 * 0.01 * 28 / 365, 100 * 0.08 * 31 / 365])
    assert p["debt", "put"][0] == near([0] * 6)
    assert p["diluted_shares"] == near([100] * 6)


def test_cash_is_raised_six_months_ahead(toy: Toy) -> None:
    """60 is due in month 8 and not refinanceable; 20 in cash: in month 2 400 BTC are sold for 40."""
    p = toy(9, treasury={"cash": 20.0, "btc": 1000.0}, debt=[{"principal": 60.0, "maturity": end(8)}])
    assert p["btc_sold"] == near([0, 400, 0, 0, 0, 0, 0, 0, 0])
    assert p["cash"] == near([20, 60, 60, 60, 60, 60, 60, 0, 0])
    assert p["btc"][-1] == near(600)


def test_two_halves_make_a_whole(toy: Toy) -> None:
    """Two lenders share what there is: 30 of cash against two notes of 50 due together."""
    row = {"principal": 50.0, "maturity": end(2)}
    p = toy(2, treasury={"cash": 30.0}, debt=[row, row | {"principal": 25.0}])
    assert p["debt", "repaid"][:, 1] == near([20, 10])
    assert p["debt", "balance"][:, 1] == near([30, 15])


def test_cash_settled_notes_are_not_called(toy: Toy) -> None:
    """The share is far above the trigger, but to force conversion would make 100 fall due at once."""
    row = CONVERTIBLE | {"principal_in_cash": True, "call_date": end(2), "maturity": end(24)}
    p = toy(3, debt=[row], share=27)
    assert p["debt", "forced_conversion"][0] == near([0, 0, 0])
    assert p["debt", "balance"][0] == near([100, 100, 100])
    assert not p["defaulted"].any()


def test_notes_in_the_money_are_not_expected_to_be_put(toy: Toy) -> None:
    """Settled in cash, share 25 against 20, put in month 6: nobody puts, and nothing is raised for it."""
    row = CONVERTIBLE | {"principal_in_cash": True, "put_date": end(6), "maturity": end(24)}
    p = toy(4, treasury={"cash": 0.0, "btc": 1000.0}, debt=[row], share=25)
    assert p["btc_sold"] == near([0] * 4)
    assert p["next_year_needs"] == near([0] * 4)


def test_a_known_conversion_is_no_need(toy: Toy) -> None:
    """Due in month 8, known to be converted in month 5: no cash is raised for it."""
    row = CONVERTIBLE | {"maturity": end(8), "repaid_date": end(5), "repaid_in_shares": True}
    p = toy(6, treasury={"cash": 0.0, "btc": 2000.0}, debt=[row])
    assert p["btc_sold"] == near([0] * 6)
    assert p["next_year_needs"] == near([0] * 6)
    assert p["shares"][-1] == near(105)


def test_shares_that_cannot_be_sold_in_time_do_not_repay(toy: Toy) -> None:
    """60 in cash, 100 due in month 8. Shares at 21 a month bring 126 in six months: repaid by plan.

    At 4.2 a month they bring 25.2, and 85.2 are not enough: rolled over in month 2.
    """
    row = ROLLED | {"coupon": 0.0}
    sells = {"average_daily_volume": 1.0, "atm_participation": 0.1, "atm_remaining": 1000.0, "atm_discount": 0.0}
    planned = toy(8, treasury={"cash": 60.0}, equity=sells, debt=[row], share=10)
    assert planned["debt", "funds_by_due_date"][0, 1] == near(60 + 6 * 21)
    assert planned["debt", "roll"][0] == near([0] * 8)
    assert planned["debt", "balance"][0, -1] == near(0)
    slow = toy(3, treasury={"cash": 60.0}, equity=sells | {"average_daily_volume": 0.2}, debt=[row], share=10)
    assert slow["debt", "funds_by_due_date"][0, 1] == near(60 + 6 * 4.2)
    assert slow["debt", "roll"][0] == near([0, 1, 0])


def test_needs_at_the_start_count_notes_that_may_be_put(toy: Toy) -> None:
    """100 due in five years may be put in half a year, unless the share is above the conversion price."""
    note: Row = {"kind": "convertible", "principal": 100.0, "maturity": end(60), "put_date": end(6)}
    for conversion_price, needs in ((99.0, 100.0), (0.01, 0.0)):
        p = toy(1, debt=[note | {"conversion_price": conversion_price}])
        assert p.values.openings["opening_next_year_needs"] == near(needs)
    for put_date, second, needs in ((end(13), end(20), 0.0), (end(0), end(12), 100.0), (end(0), end(13), 0.0)):
        p = toy(1, debt=[note | {"conversion_price": 99.0, "put_date": put_date, "second_put_date": second}])
        assert p.values.openings["opening_next_year_needs"] == near(needs)
