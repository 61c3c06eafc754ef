"""Where a shortfall is found, in which order, how much of it, and what stays unpaid."""

import pytest

from tests.oracle.build import Row, Toy, end, near

SALARIES = {"cash_sga": 30.0}  # 10 a month


def test_revolver_is_drawn_and_repaid(toy: Toy) -> None:
    """5 in cash, 10 a month: 5 drawn, then 10 and interest. Month 3 brings 40: 10 and interest, all is repaid."""
    p = toy(
        4,
        treasury={"cash": 5.0},
        costs=SALARIES,
        debt=[{"kind": "revolver", "principal": 0.0, "undrawn": 20.0, "coupon": 0.12, "maturity": end(12)}],
        offering=[{"offering_date": end(3), "offered_shares": 4.0, "net_proceeds": 40.0}],
    )
    february = 5 * 0.12 * 28 / 365
    drawn = 15 + february
    march = drawn * 0.12 * 31 / 365
    assert p["revolver_draw"] == near([5, 10 + february, 0, 0])
    assert p["debt", "balance"][0] == near([5, drawn, 0, 0])
    assert p["debt", "undrawn"][0] == near([15, 20 - drawn, 20, 20])
    assert p["cash"] == near([0, 0, 40 - 10 - march - drawn, 30 - march - drawn - 10])
    assert p["shares"] == near([100, 100, 104, 104])
    assert not p["defaulted"].any()


def test_expired_revolver_is_no_liquidity(toy: Toy) -> None:
    """A line of 50 that ends in month 2 cannot be drawn from then on and is no longer liquidity."""
    p = toy(3, debt=[{"kind": "revolver", "principal": 0.0, "undrawn": 50.0, "maturity": end(2)}])
    assert p["total_debt_headroom"] == near([50, 0, 0])
    assert p["liquidity"] == near([150, 100, 100])


@pytest.mark.parametrize(
    ("order", "revolver", "btc", "atm"),
    [
        (["revolver", "btc", "atm"], 4, 5, 1),
        (["revolver", "atm", "btc"], 4, 1.8, 4.2),
        (["btc", "revolver", "atm"], 4, 5, 1),
        (["btc", "atm", "revolver"], 0.8, 5, 4.2),
        (["atm", "revolver", "btc"], 4, 1.8, 4.2),
        (["atm", "btc", "revolver"], 0.8, 5, 4.2),
    ],
)
def test_funding_order(toy: Toy, order: list[str], revolver: float, btc: float, atm: float) -> None:
    """10 are missing. The line has 4; 50 BTC bring 5; shares 10 * 0.2 * 21 days * 10 % = 4.2."""
    p = toy(
        1,
        treasury={"cash": 0.0, "btc": 50.0, "funding_order": order},
        costs=SALARIES,
        equity={"average_daily_volume": 0.2, "atm_participation": 0.1, "atm_remaining": 100.0},
        debt=[{"kind": "revolver", "principal": 0.0, "undrawn": 4.0, "maturity": end(12)}],
    )
    assert p["revolver_draw"] == near([revolver])
    assert p["btc_sale"] == near([btc])
    assert p["btc_sold"] == near([btc * 10])
    assert p["atm_proceeds"] == near([atm])
    assert p["shares"] == near([100 + atm / 10])
    assert p["cash"] == near([0])
    assert not p["defaulted"].any()


def test_minimum_cash(toy: Toy) -> None:
    """Three months of 10 are kept: 35 - 10 leaves 25, 5 more are raised; then 10 a month."""
    p = toy(3, treasury={"cash": 35.0, "btc": 1000.0, "minimum_cash_months": 3.0}, costs=SALARIES)
    assert p["btc_sold"] == near([50, 100, 100])
    assert p["cash"] == near([30, 30, 30])


def test_minimum_cash_yields_before_default(toy: Toy) -> None:
    """The minimum is a wish: with nothing to sell it is spent, and only the bill that stays unpaid is a default."""
    p = toy(3, treasury={"cash": 15.0, "minimum_cash_months": 1.0}, costs=SALARIES)
    assert p["minimum_cash"][:2] == near([10, 10])
    assert p["cash"] == near([5, 0, 0])
    assert p["default_month"] == near([0, 2, 2])


def test_minimum_cash_does_not_multiply_a_tax_bill(toy: Toy) -> None:
    """One month's tax of 100 * 21 % is no running cost: months of cost and interest are kept, and there are none."""
    p = toy(
        2,
        treasury={"cash": 0.0, "minimum_cash_months": 3.0},
        costs={"other_income": 300.0},
        finance={"tax_rate": 0.21},
    )
    assert p["operations_due"] == near([0, 21])
    assert p["minimum_cash"] == near([0, 0])


def test_bitcoin_sale_within_the_monthly_cap(toy: Toy) -> None:
    """60 BTC a month bring 6 of 10. Month 1 is paid from cash; 4 are overdue in month 2, 8 in month 3."""
    p = toy(3, treasury={"cash": 10.0, "btc": 1000.0, "btc_sale_cap": 60.0}, costs=SALARIES)
    assert p["btc_sold"] == near([0, 60, 60])
    assert p["default_month"] == near([0, 2, 2])
    assert p["default_cause"] == near([0, 1, 1])
    assert p["arrears"] == near([0, 4, 8])
    assert p["operations_paid"] == near([10, 6, 6])
    assert p["btc_sold_total"] == near([0, 60, 120])
    assert p["btc"] == near([1000, 940, 880])


def test_shares_at_the_market_within_volume(toy: Toy) -> None:
    """10 * 1 million * 21 days * 5 % = 10.5 gross, less 20 %: 8.4. At a share of 5 half of it."""
    p = toy(
        2,
        treasury={"cash": 20.0},
        costs={"cash_sga": 90.0},
        equity={
            "average_daily_volume": 1.0,
            "atm_participation": 0.05,
            "atm_remaining": 1000.0,
            "atm_discount": 0.2,
        },
        share=[10.0, 5.0],
    )
    assert p["atm_capacity"][0] == near(8.4)
    assert p["atm_proceeds"] == near([8.4, 0])  # 20 + 8.4 against 30: default, and nobody buys shares afterwards
    assert p["unpaid"][0] == near(1.6)
    assert p["default_cause"] == near([1, 1])
    assert p["shares"] == near([101.05, 101.05])
    assert p["atm_volume"] == near([10.5, 5.25])


def test_shares_at_the_market_within_the_shelf(toy: Toy) -> None:
    """8 net are 10 gross at a discount of 20 %, a million shares. A shelf of 25 ends in month 3: 5 gross, 4 net."""
    p = toy(
        3,
        treasury={"cash": 0.0},
        costs={"cash_sga": 24.0},
        equity={
            "average_daily_volume": 1.0,
            "atm_participation": 0.05,
            "atm_remaining": 25.0,
            "atm_discount": 0.2,
        },
    )
    assert p["atm_proceeds"] == near([8, 8, 4])
    assert p["atm_remaining"] == near([15, 5, 0])
    assert p["shares"] == near([101, 102, 102.5])
    assert p["atm_shares_sold"] == near([1, 2, 2.5])
    assert p["dilution"] == near([0.01, 0.02, 0.025])
    assert p["default_month"] == near([0, 0, 3])
    assert p["arrears"] == near([0, 0, 4])


def test_shelf_is_renewed(toy: Toy) -> None:
    """12 % of 1,000 a year registers 10 in month 1; 0.2 m shares sold make it 10.02 in month 2. What is left stays."""
    p = toy(
        2,
        treasury={"cash": 6.0},
        costs={"cash_sga": 24.0},
        equity={"average_daily_volume": 1.0, "atm_participation": 0.05, "atm_renewal": 0.12},
    )
    assert p["atm_proceeds"] == near([2, 8])
    assert p["atm_remaining"] == near([8, 10.02])


def test_default_by_interest(toy: Toy) -> None:
    """1 in cash; interest of January 100 * 12 % * 31 / 365 = 1.019178. What is overdue is owed once, not twice."""
    p = toy(2, treasury={"cash": 1.0}, debt=[{"principal": 100.0, "coupon": 0.12, "maturity": end(24)}])
    january, february = 100 * 0.12 * 31 / 365, 100 * 0.12 * 28 / 365
    assert p["default_month"] == near([1, 1])
    assert p["default_cause"] == near([2, 2])
    assert p["arrears"] == near([january - 1, january - 1 + february])
    assert p["interest_expense"] == near([january, february])
    assert p["net_income"] == near([-january, -february])
    assert p["book_equity"] == near([1 - 100 - january, 1 - 100 - january - february])


def test_default_by_operations_comes_before_interest(toy: Toy) -> None:
    """Salaries are paid first; the first bill that is not paid in full gives the cause."""
    p = toy(1, treasury={"cash": 9.0}, costs=SALARIES, debt=[{"principal": 100.0, "coupon": 0.12, "maturity": end(24)}])
    assert p["operations_paid"] == near([9])
    assert p["interest_paid"] == near([0])
    assert p["default_cause"] == near([1])
    assert p["arrears"] == near([1 + 100 * 0.12 * 31 / 365])


# 10 MW at 10 a MW in four months: 3 t^2 - 2 t^3 of 100 is 15.625, 50, 84.375, 100.
BUILD: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 0.0,
    "capex_per_mw": 10.0,
    "first_delivery": end(4),
    "full_delivery": end(4),
}


def test_default_by_committed_construction(toy: Toy) -> None:
    """30 pays the first bill of 15.625 and 14.375 of the second of 34.375: default, cause 5."""
    p = toy(2, treasury={"cash": 30.0}, hpc=[BUILD])
    assert p["total_hpc_capex_paid"] == near([15.625, 14.375])
    assert p["default_month"] == near([0, 2])
    assert p["default_cause"] == near([0, 5])
    assert p["unpaid"] == near([0, 20])


def test_uncommitted_construction_stalls(toy: Toy) -> None:
    """The same, not committed: 20 of 34.375 are not paid, 0.5818 months are lost, nobody defaults."""
    p = toy(3, treasury={"cash": 30.0}, hpc=[BUILD | {"committed": False}])
    assert p["total_hpc_capex_paid"] == near([15.625, 14.375, 0])
    assert p["cash"] == near([14.375, 0, 0])
    assert p["hpc", "stall_months"][0] == near([0, 20 / 34.375, 20 / 34.375 + 1])
    assert p["hpc", "ramp_start_month"][0] == near([4, 4, 4 + 20 / 34.375])
    assert not p["defaulted"].any()


def test_uncommitted_construction_leaves_the_minimum_cash(toy: Toy) -> None:
    """10 a month, one month is kept: of 25 only 25 - 10 - 10 = 5 go into a bill of 15.625."""
    p = toy(1, treasury={"cash": 25.0, "minimum_cash_months": 1.0}, costs=SALARIES, hpc=[BUILD | {"committed": False}])
    assert p["optional_paid"] == near([5])
    assert p["cash"] == near([10])


def test_money_is_raised_ahead_for_committed_construction(toy: Toy) -> None:
    """20 in cash, 1000 BTC: January pays 15.625 and raises the 84.375 to come, 800 BTC. Nothing is sold later."""
    p = toy(5, treasury={"cash": 20.0, "btc": 1000.0}, hpc=[BUILD])
    assert p["btc_sold"] == near([800, 0, 0, 0, 0])
    assert p["cash"] == near([84.375, 50, 15.625, 0, 0])


def test_half_owner_needs_half_of_the_construction(toy: Toy) -> None:
    """84.375 are to come after January's bill; half of them, 42.1875, are the parent's."""
    p = toy(1, treasury={"cash": 100.0}, hpc=[BUILD | {"ownership": 0.5}])
    assert p["cash"] == near([100 - 7.8125])
    assert p["next_year_needs"] == near([42.1875])


def test_money_is_raised_six_months_ahead_of_a_long_construction(toy: Toy) -> None:
    """A year: the first bill is 3/144 - 2/1728 = 1.9676 of 100; six of the eleven months left are funded: 53.472."""
    row = BUILD | {"first_delivery": end(12), "full_delivery": end(12)}
    p = toy(1, treasury={"cash": 20.0, "btc": 1000.0}, hpc=[row])
    first = 100 * (3 / 144 - 2 / 1728)
    assert p["cash"] == near([(100 - first) * 6 / 11])
    assert p["btc_sold"] == near([((100 - first) * 6 / 11 + first - 20) * 10])


def test_money_is_raised_ahead_for_computers(toy: Toy) -> None:
    """60 now and 60 next month: the second 60 are raised now, 600 BTC."""
    row = {"kind": "gpu_cloud", "leased_mw": 10.0, "delivered_mw": 0.0, "gpu_capex": 120.0}
    row |= {"first_delivery": end(1), "full_delivery": end(2)}
    p = toy(2, treasury={"cash": 60.0, "btc": 1000.0}, hpc=[row])
    assert p["next_year_needs"] == near([60, 0])
    assert p["btc_sold"] == near([600, 0])
    assert p["cash"] == near([60, 0])


def test_bitcoin_above_the_target_is_sold(toy: Toy) -> None:
    """1000 held, 700 wanted, 200 a month: 200, then 100."""
    p = toy(3, treasury={"btc": 1000.0, "btc_target": 700.0, "btc_sale_cap": 200.0})
    assert p["btc"] == near([800, 700, 700])
    assert p["cash"] == near([120, 130, 130])


def test_shares_within_reach_cover_next_year(toy: Toy) -> None:
    """30 in cash, a note of 60 in month 9. Half a year of 10 * 0.2 * 21 * 10 % = 4.2 is 25.2, the shelf is 20."""
    p = toy(
        1,
        treasury={"cash": 30.0},
        equity={"average_daily_volume": 0.2, "atm_participation": 0.1, "atm_remaining": 20.0},
        debt=[{"principal": 60.0, "maturity": end(9)}],
    )
    assert p["liquidity"] == near([30])
    assert p["coverage"] == near([50 / 60])


def test_runway_and_interest_cover(toy: Toy) -> None:
    """10 a month and interest of 1.019178 burn; 100 - 11.019178 last 8.07 months. Cover -10 / 1.019178."""
    p = toy(1, costs=SALARIES, debt=[{"principal": 100.0, "coupon": 0.12, "maturity": end(24)}])
    interest = 100 * 0.12 * 31 / 365
    assert p["burn"] == near([10 + interest])
    assert p["runway"] == near([(90 - interest) / (10 + interest)])
    assert p["interest_cover"] == near([-10 / interest])


def test_repaid_note_is_no_need_of_next_year(toy: Toy) -> None:
    """60 of 100 repay the note in month 6. The month after, 40 of cash and no debt: the share carries no discount."""
    p = toy(
        8,
        equity={"distress_discount": 0.5},
        debt=[{"principal": 60.0, "maturity": end(6)}],
    )
    assert p["cash"][5:] == near([40, 40, 40])
    assert p["next_year_needs"] == near([60, 60, 60, 60, 60, 0, 0, 0])
    assert p["share_price"] == near([10] * 8)


def test_straight_line_payments_are_needs_of_next_year(toy: Toy) -> None:
    """120 over 24 months: 5 a month, 60 within the next twelve after each payment."""
    p = toy(2, debt=[{"principal": 120.0, "maturity": end(24), "amortisation": "straight_line"}])
    assert p["next_year_needs"] == near([60, 60])


def test_interest_on_cash(toy: Toy) -> None:
    p = toy(2, finance={"cash_yield": 0.04})
    january = 100 * 0.04 * 31 / 365
    assert p["cash"] == near([100 + january, (100 + january) * (1 + 0.04 * 28 / 365)])


def test_revolver_is_not_drawn_to_repay_itself(toy: Toy) -> None:
    """20 drawn and due in month 8, 200 undrawn: shares at 4.2 a month raise what is needed, the line is left alone."""
    p = toy(
        9,
        treasury={"cash": 0.0},
        equity={"average_daily_volume": 0.2, "atm_participation": 0.1, "atm_remaining": 1000.0},
        debt=[{"kind": "revolver", "principal": 20.0, "undrawn": 200.0, "maturity": end(8)}],
    )
    assert p["revolver_draw"] == near([0] * 9)
    assert p["atm_proceeds"].sum() == near(20)
    assert p["debt", "balance"][0, -1] == near(0)
    assert not p["defaulted"].any()


def test_revolver_to_come_cannot_be_drawn_before(toy: Toy) -> None:
    row = {"kind": "revolver", "principal": 0.0, "undrawn": 50.0, "issue_date": end(2), "maturity": end(12)}
    p = toy(2, treasury={"cash": 15.0}, costs=SALARIES, debt=[row])
    assert p["total_debt_headroom"] == near([0, 50])
    assert p["revolver_draw"] == near([0, 5])


def test_purchase_is_paid_and_kept_in_the_books(toy: Toy) -> None:
    """40 of land in month 2: 40 more in fixed assets. With 30 in cash and 1,000 BTC, 100 BTC are sold in month 1."""
    land = [{"purchase_date": end(2), "purchase_price": 40.0}]
    p = toy(3, purchase=land)
    assert p["cash"] == near([100, 60, 60])
    assert p["mining_ppe"] == near([0, 40, 40])
    assert p["net_income"] == near([0, 0, 0])
    assert p["asked_within_year"] == near([40, 0, 0])
    sold = toy(3, treasury={"cash": 30.0, "btc": 1000.0}, purchase=land)
    assert sold["btc_sold"] == near([100, 0, 0])


def test_purchase_that_cannot_be_paid_is_a_default(toy: Toy) -> None:
    """30 of 40 are paid, and 30 stand in the books."""
    p = toy(2, treasury={"cash": 30.0}, purchase=[{"purchase_date": end(1), "purchase_price": 40.0}])
    assert p["default_month"] == near([1, 1])
    assert p["default_cause"] == near([5, 5])
    assert p["mining_ppe"] == near([30, 30])


def test_signed_money_is_set_against_the_needs_of_a_year(toy: Toy) -> None:
    """30 due in month 4, when notes of 35 close: a year asks for nothing, nothing is sold for money that is signed."""
    p = toy(
        4,
        treasury={"cash": 0.0, "btc": 1000.0},
        debt=[
            {"principal": 30.0, "maturity": end(4)},
            {"principal": 35.0, "issue_date": end(4), "maturity": end(40)},
        ],
    )
    assert p["btc_sold"] == near([0, 0, 0, 0])
    assert p["asked_within_year"] == near([0, 0, 0, 0])
    assert p["cash"] == near([0, 0, 0, 5])


@pytest.mark.parametrize("closing", [5, 6, 7, 8])
def test_money_signed_for_later_than_the_need_does_not_count(toy: Toy, closing: int) -> None:
    """30 due in month 4, notes of 35 close after it: 300 BTC are sold ahead, or the note would find nothing."""
    p = toy(
        closing,
        treasury={"cash": 0.0, "btc": 1000.0},
        debt=[
            {"principal": 30.0, "maturity": end(4)},
            {"principal": 35.0, "issue_date": end(closing), "maturity": end(40)},
        ],
    )
    assert p["btc_sold"] == near([300] + [0] * (closing - 1))
    assert p["cash"] == near([30, 30, 30] + [0] * (closing - 4) + [35])


def test_each_need_is_held_against_what_is_signed_by_then(toy: Toy) -> None:
    """10 due in month 2, 60 signed for month 3, 100 due in month 5: by then 110 - 60 = 50 are missing, 500 BTC."""
    p = toy(
        5,
        treasury={"cash": 0.0, "btc": 2000.0},
        debt=[{"principal": 10.0, "maturity": end(2)}, {"principal": 100.0, "maturity": end(5)}],
        offering=[{"offering_date": end(3), "offered_shares": 6.0, "net_proceeds": 60.0}],
    )
    assert [p[f"gap_{month}"][0] for month in range(1, 7)] == near([10, -50, -50, 50, 50, 50])
    assert p["btc_sold"] == near([500, 0, 0, 0, 0])
    assert p["cash"] == near([50, 40, 100, 100, 0])


def test_a_bridge_that_is_due_before_the_need_pays_nothing_of_it(toy: Toy) -> None:
    """50 lent in month 2 go back in month 4; the 50 due in month 5 are raised, 500 BTC. 5 of 15 due in month 3 too."""
    p = toy(
        5,
        treasury={"cash": 0.0, "btc": 2000.0},
        debt=[
            {"principal": 50.0, "issue_date": end(2), "maturity": end(4)},
            {"principal": 50.0, "maturity": end(5)},
        ],
        purchase=[{"purchase_date": end(3), "purchase_price": 15.0}],
    )
    assert [p[f"gap_{month}"][0] for month in range(1, 7)] == near([-50, -35, 15, 65, 65, 65])
    assert p["btc_sold"] == near([650, 0, 0, 0, 0])
    assert p["cash"] == near([65, 115, 100, 50, 0])


def test_a_closing_pays_its_project_and_the_parent_what_it_sends_up(toy: Toy) -> None:
    """A loan of 100 closes in month 3: 20 go up, 80 stay. A note of 50 is due in month 4: 30 are raised for it.

    Of the building 84.375 are left after January, 28.125 a month for three months. What falls due before the closing is
    called of the parent and stays paid; from the closing on the loan pays, and pays nothing of the note.
    """
    p = toy(
        1,
        treasury={"cash": 0.0, "btc": 2000.0},
        debt=[{"principal": 50.0, "maturity": end(4)}],
        hpc=[BUILD | {"loan_principal": 100.0, "loan_issue_date": end(3), "loan_distribution": 20.0,
                      "loan_maturity": end(60)}],
    )  # fmt: skip
    assert [p["hpc", f"call_{month}"][0, 0] for month in range(1, 7)] == near([28.125] * 6)
    assert [p[f"gap_{month}"][0] for month in range(1, 7)] == near([28.125, 8.125, 58.125, 58.125, 58.125, 58.125])
    assert p["cash"] == near([58.125])


def test_money_is_raised_ahead_in_a_known_month_as_in_any(toy: Toy) -> None:
    """60 due in month 3, 20 in cash; months 1 and 2 are history: the 400 BTC that are missing are sold at once."""
    known = [
        {"month": month, "price_mean": 100_000.0, "price_end": 100_000.0, "hashrate": 1000.0}
        for month in ("2027-01", "2027-02")
    ]
    p = toy(
        3, known_month=known, treasury={"cash": 20.0, "btc": 1000.0}, debt=[{"principal": 60.0, "maturity": end(3)}]
    )
    assert p["btc_sold"] == near([400, 0, 0])
    assert p["cash"] == near([60, 60, 0])


def test_a_loan_against_bitcoin_that_is_not_there_is_no_money(toy: Toy) -> None:
    """30 due in month 4; a loan of 30 against 500 BTC is signed for month 3, no bitcoin is held: shares are sold."""
    loan = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "issue_date": end(3), "maturity": end(40)}
    p = toy(
        4,
        treasury={"cash": 0.0},
        equity={"average_daily_volume": 1.0, "atm_participation": 0.05, "atm_remaining": 1000.0},
        debt=[{"principal": 30.0, "maturity": end(4)}, loan],
    )
    assert p["asked_within_year"][:2] == near([30, 30])
    assert p["atm_proceeds"] == near([10.5, 10.5, 9, 0])
    assert not p["defaulted"].any()


def test_revolver_pays_bills_while_its_own_end_is_provided_for(toy: Toy) -> None:
    """Salaries of 10, a line of 100 of which 50 are drawn and due in month 4: the line pays January's bill.

    Shares would pay its end, if there were any: 10 are drawn each month until it ends, and then nothing pays.
    """
    row = {"kind": "revolver", "principal": 50.0, "undrawn": 50.0, "maturity": end(4)}
    p = toy(4, treasury={"cash": 0.0}, costs=SALARIES, debt=[row])
    assert p["revolver_draw"] == near([10, 10, 10, 0])
    assert p["default_month"] == near([0, 0, 0, 4])


def test_rescue_goes_before_growth_and_pipeline(toy: Toy) -> None:
    """1.019178 of interest of a half-built project, 15 of machines, 15.625 of an uncommitted site; 5 in cash.

    The rescue is paid in full, machines get what is left, the site nothing.
    """
    rescue = {"leased_mw": 10.0, "delivered_mw": 0.0, "first_delivery": end(4), "full_delivery": end(4)}
    ring = rescue | {"loan_principal": 100.0, "loan_coupon": 0.12, "loan_maturity": end(36)}
    p = toy(
        1,
        treasury={"cash": 5.0, "production_sold": 0.0},
        fleet=[
            {"hashrate": 0.0, "efficiency": 20.0, "power_price": 0.0, "target_hashrate": 1.0, "target_date": end(1)}
        ],
        hpc=[ring | {"completion_guarantee": False}, rescue | {"capex_per_mw": 10.0, "committed": False}],
    )
    interest = 100 * 0.12 * 31 / 365
    assert p["shortfall"] == near([0])
    assert p["rescue_paid"] == near([interest])
    assert p["growth_paid"] == near([5 - interest])
    assert p["pipeline_paid"] == near([0])
    assert not p["hpc", "ring_defaulted"].any()


def test_production_is_sold_within_the_monthly_cap(toy: Toy) -> None:
    """139.5 BTC mined and to be sold, the market takes 100."""
    fleet = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}
    p = toy(1, treasury={"btc_sale_cap": 100.0}, fleet=[fleet])
    assert p["btc_sold"] == near([100])
    assert p["btc"] == near([39.5])


def test_no_line_is_drawn_for_a_project_that_may_be_let_go(toy: Toy) -> None:
    """1.019178 of interest of a half-built project without guarantee, a line of 50, no cash: the lenders take it.

    Salaries of 10 are drawn. What was drawn for the project would fall due from the company itself.
    """
    ring = {"leased_mw": 10.0, "delivered_mw": 0.0, "first_delivery": end(4), "full_delivery": end(4)}
    ring |= {"loan_principal": 100.0, "loan_coupon": 0.12, "loan_maturity": end(36), "completion_guarantee": False}
    line = {"kind": "revolver", "principal": 0.0, "undrawn": 50.0, "maturity": end(12)}
    p = toy(1, treasury={"cash": 0.0}, costs=SALARIES, debt=[line], hpc=[ring])
    assert p["revolver_draw"] == near([10])
    assert p["hpc", "ring_defaulted"][0] == near([1])
    assert not p["defaulted"].any()
