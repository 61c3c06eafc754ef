"""The share, new shares, fair value and tax."""

import numpy as np

from corpfin.paths import Lognormal, MarketRandomness
from tests.oracle.build import Toy, end, near


def test_warrants(toy: Toy) -> None:
    """6 million at 5. At 10 the treasury-stock method counts 6 * (1 - 5 / 10) = 3, at 20 4.5; month 3: exercised."""
    p = toy(4, warrant=[{"warrant_shares": 6.0, "strike": 5.0, "expiry": end(3)}], share=[10, 20, 8, 8])
    assert p["diluted_shares"] == near([103, 104.5, 106, 106])
    assert p["shares"] == near([100, 100, 106, 106])
    assert p["cash"] == near([100, 100, 130, 130])
    assert p["book_equity"] == near([100, 100, 130, 130])
    assert p["dilution"] == near([0, 104.5 / 103 - 1, 106 / 103 - 1, 106 / 103 - 1])
    assert p["basic_dilution"] == near([0, 0, 0.06, 0.06])


def test_penny_warrants_are_shares_from_the_start(toy: Toy) -> None:
    """40 million at a cent of a share of 10 are 39.96 shares, notes of 80 at 8 are 10: 149.96 at the start.

    20 million sold are a fifth of the basic count, but 13.3 % of the diluted one. At a share of 5 the notes are no
    shares any more, and the warrants are 39.92: 159.92.
    """
    p = toy(
        2,
        warrant=[{"warrant_shares": 40.0, "strike": 0.01}],
        debt=[{"kind": "convertible", "principal": 80.0, "conversion_price": 8.0, "maturity": end(40)}],
        offering=[{"offering_date": end(1), "offered_shares": 20.0, "net_proceeds": 200.0}],
        share=[10, 5],
    )
    assert p["diluted_shares"] == near([169.96, 159.92])
    assert p["dilution"] == near([20 / 149.96, 9.96 / 149.96])
    assert p["basic_dilution"] == near([0.2, 0.2])


def test_notes_that_pay_principal_in_cash_are_their_excess_from_the_start(toy: Toy) -> None:
    """Notes of 80 at 8 are 10 shares; at a share of 10 a fifth of them is excess. At 16 half of them: 105 over 102."""
    row = {"kind": "convertible", "principal": 80.0, "conversion_price": 8.0, "maturity": end(40)}
    p = toy(2, debt=[row | {"principal_in_cash": True}], share=[10, 16])
    assert p["dilution"] == near([0, 105 / 102 - 1])


def test_warrants_lapse_out_of_the_money(toy: Toy) -> None:
    p = toy(3, warrant=[{"warrant_shares": 6.0, "strike": 12.0, "expiry": end(2)}], share=[14, 11, 20])
    assert p["diluted_shares"] == near([100 + 6 * (1 - 12 / 14), 100, 100])
    assert p["shares"] == near([100, 100, 100])
    assert p["cash"] == near([100, 100, 100])


def test_strike_proceeds_pay_bills(toy: Toy) -> None:
    """5 in cash and 30 from warrants pay a note of 35 in the same month."""
    p = toy(
        1,
        treasury={"cash": 5.0},
        debt=[{"principal": 35.0, "maturity": end(1)}],
        warrant=[{"warrant_shares": 6.0, "strike": 5.0, "expiry": end(1)}],
    )
    assert p["cash"] == near([0])
    assert not p["defaulted"].any()


def test_pay_in_shares(toy: Toy) -> None:
    """12 a quarter at the opening price of 10: 0.4 million a month; when the share doubles they cost 8."""
    p = toy(2, costs={"stock_compensation": 12.0}, share=[10, 20])
    assert p["shares"] == near([100.4, 100.8])
    assert p["compensation_expense"] == near([4, 8])
    assert p["net_income"] == near([-4, -8])
    assert p["book_equity"] == near([100, 100])
    assert p["cash"] == near([100, 100])


def test_shares_withheld_for_tax(toy: Toy) -> None:
    """Of 0.4 million that vest a month a quarter is withheld: 0.3 issued, 0.1 * 10 = 1 of tax paid, then 0.1 * 20 = 2.

    Pay in shares costs 4 and 8 as it does without; two months of cost kept, tax counted, are 2 and 4. Equity falls by
    the cash alone, which is financing, and burn is the tax.
    """
    p = toy(
        2,
        costs={"stock_compensation": 12.0, "shares_withheld": 0.25},
        treasury={"minimum_cash_months": 2.0},
        share=[10, 20],
    )
    assert p["shares"] == near([100.3, 100.6])
    assert p["withholding_paid"] == near([1, 2])
    assert p["compensation_expense"] == near([4, 8])
    assert p["operating_cash_flow"] == near([0, 0])
    assert p["financing_cash_flow"] == near([-1, -2])
    assert p["cash"] == near([99, 97])
    assert p["book_equity"] == near([99, 97])
    assert p["minimum_cash"] == near([2, 4])
    assert p["burn"] == near([1, 2])


def test_tax_on_vested_shares_is_a_bill(toy: Toy) -> None:
    """Salaries of 6 and tax of 2 meet cash of 4: half of each is paid, 4 is overdue, and then nothing vests any more.

    Month 2 owes salaries of 6 and the 4; there is no cash. Equity: 4 less 6 and 2, then less 6.
    """
    p = toy(
        2,
        treasury={"cash": 4.0},
        costs={"cash_sga": 18.0, "stock_compensation": 12.0, "shares_withheld": 0.5},
        share=10,
    )
    assert p["operations_due"] == near([8, 10])
    assert p["withholding_paid"] == near([1, 0])
    assert p["running_paid"] == near([3, 0])
    assert p["arrears"] == near([4, 10])
    assert p["default_month"] == near([1, 1])
    assert p["shares"] == near([100.2, 100.2])
    assert p["book_equity"] == near([-4, -10])


def test_known_offering(toy: Toy) -> None:
    p = toy(3, offering=[{"offering_date": end(2), "offered_shares": 5.0, "net_proceeds": 48.0}])
    assert p["shares"] == near([100, 105, 105])
    assert p["cash"] == near([100, 148, 148])
    assert p["dilution"] == near([0, 0.05, 0.05])


def test_share_price_by_betas(toy: Toy) -> None:
    """Bitcoin 100,000 to 110,000 to 99,000, AI equity +5 % (log) in month 2: 10 * 1.1^1.2, then * 0.9^1.2 * e^0.02."""
    p = toy(2, equity={"btc_beta": 1.2, "ai_beta": 0.4}, price=[110_000, 99_000], ai_return=[0, 0.05])
    assert p["share_price"][0] == near(10 * 1.1**1.2)
    assert p["share_price"][1] == near(10 * 0.99**1.2 * 1.0202013400267558)


def test_distress_discount(toy: Toy) -> None:
    """30 of liquidity over a note of 60 due in month 3 is a cover of 0.5: a quarter off, a month later."""
    p = toy(
        2,
        treasury={"cash": 30.0},
        equity={"distress_discount": 0.5},
        debt=[{"principal": 60.0, "maturity": end(3)}],
    )
    assert p["coverage"] == near([0.5, 0.5])
    assert p["share_price"] == near([10, 7.5])
    assert p["undistressed_price"] == near([10, 10])


def test_fair_value_through_income(toy: Toy) -> None:
    """100 BTC from 100,000 to 90,000 to 120,000; salaries of 9 take 100 BTC more, sold at a mean of 90,000."""
    held = toy(2, treasury={"btc": 100.0}, price=[90_000, 120_000])
    assert held["fair_value_change"] == near([-1, 3])
    assert held["net_income"] == near([-1, 3])
    assert held["book_equity"] == near([109, 112])
    # 200 BTC worth 20 at the start; 100 sold at 95,000 for 9.5; 100 worth 9 at the end: 9 - 20 + 9.5 = -1.5
    sold = toy(
        1,
        treasury={"btc": 200.0, "cash": 0.0},
        costs={"cash_sga": 28.5},
        price=90_000,
        mean_price=95_000,
    )
    assert sold["btc_sold"] == near([100])
    assert sold["fair_value_change"] == near([-1.5])
    assert sold["net_income"] == near([-1.5 - 9.5])


def test_losses_carried_forward(toy: Toy) -> None:
    """100 a month, losses of 200: 80 % of income is offset, 80, 160, all; tax of 21 % on the rest, a month later."""
    p = toy(
        4, costs={"other_income": 300.0}, balance={"tax_losses": 200.0}, finance={"tax_rate": 0.21, "cash_yield": 0.0}
    )
    assert p["tax_losses_used"] == near([80, 160, 200, 200])
    assert p["tax_losses"] == near([120, 40, 0, 0])
    assert p["tax"] == near([4.2, 4.2, 12.6, 21])
    assert p["cash"] == near([200, 295.8, 391.6, 479])
    assert p["liabilities"] == near([4.2, 4.2, 12.6, 21])
    assert p["net_income"] == near([95.8, 95.8, 87.4, 79])


def test_losses_arise(toy: Toy) -> None:
    p = toy(2, costs={"cash_sga": 30.0, "mining_depreciation": 6.0}, balance={"mining_ppe": 3.0})
    assert p["depreciation"] == near([2, 1])  # until nothing is left
    assert p["tax_losses"] == near([12, 23])
    assert p["tax"] == near([0, 0])


MINER = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}
"""4.5 BTC a day for nothing."""


def earning(incomes: list[float], days: list[int]) -> list[float]:
    """Bitcoin prices at which a ``MINER`` with salaries of 10 a month earns so much."""
    return [(income + 10) * 1e6 / (4.5 * length) for income, length in zip(incomes, days, strict=True)]


def test_months_of_a_tax_year_are_netted(toy: Toy) -> None:
    """6.95, -3.22, 6.95, -2.95 is 7.73 on the year, taxed 1.6233 at 21 %; a loss takes back what was accrued.

    Month by month the loss of February would be carried into March as an old one, and April's not be seen: 2.243.
    """
    p = toy(
        5,
        costs={"cash_sga": 30.0},
        finance={"tax_rate": 0.21},
        fleet=[MINER],
        price=earning([6.95, -3.22, 6.95, -2.95, 0], [31, 28, 31, 30, 31]),
    )
    assert p["taxable_income"] == near([6.95, -3.22, 6.95, -2.95, 0])
    assert p["tax"] == near([1.4595, -0.6762, 1.4595, -0.6195, 0])
    assert p["tax"].sum() == near(7.73 * 0.21)
    assert p["tax_losses"] == near([0] * 5)
    assert p["cash"] == near([106.95, 103.73 - 1.4595, 110.68 - 0.7833, 107.73 - 2.2428, 107.73 - 1.6233])


def test_only_the_loss_of_a_whole_tax_year_is_carried_forward(toy: Toy) -> None:
    """The year ends in February with a loss of 10. March's 8 are offset to 80 %: 1.6 are taxed. April takes it back."""
    p = toy(
        4,
        company={"fiscal_year_end": "02-28"},
        costs={"cash_sga": 30.0},
        finance={"tax_rate": 0.21},
        fleet=[MINER],
        price=earning([-5, -5, 8, -8], [31, 28, 31, 30]),
    )
    assert p["tax_losses"] == near([5, 10, 3.6, 10])
    assert p["tax_losses_used"] == near([0, 0, 6.4, 0])
    assert p["tax"] == near([0, 0, 0.336, -0.336])


def test_tax_of_a_closed_year_is_not_refunded(toy: Toy) -> None:
    """10 in the year to January is taxed; February's loss belongs to the next year, which has nothing to take back."""
    p = toy(
        2,
        company={"fiscal_year_end": "01-31"},
        costs={"cash_sga": 30.0},
        finance={"tax_rate": 0.21},
        fleet=[MINER],
        price=earning([10, -9], [31, 28]),
    )
    assert p["tax"] == near([2.1, 0])
    assert p["tax_losses"] == near([0, 9])


def test_tax_on_a_bitcoin_sale_at_average_cost(toy: Toy) -> None:
    """100 BTC at 40,000 and 139.5 mined at 100,000 cost 4 + 13.95 = 17.95; 100 of 239.5 are sold for 10.

    Gain 10 - 17.95 * 100 / 239.5 = 2.505219; income 13.95 - 10 + 2.505219, at 21 %.
    """
    p = toy(
        2,
        treasury={"cash": 0.0, "btc": 100.0, "btc_tax_basis": 40_000.0, "production_sold": 0.0},
        costs={"cash_sga": 30.0},
        finance={"tax_rate": 0.21},
        fleet=[{"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}],
    )
    cost = 17.95 * 100 / 239.5
    tax = (13.95 - 10 + 10 - cost) * 0.21
    assert p["tax_cost_sold"][0] == near(cost)
    assert p["btc_tax_cost"][0] == near(17.95 - cost)
    assert p["realised_gain"][0] == near(10 - cost)
    assert p["tax"][0] == near(tax)
    assert p["btc_sold"] == near([100, 100 + tax * 10])
    assert p["cash"] == near([0, 0])


def test_marks_are_not_taxed(toy: Toy) -> None:
    p = toy(1, treasury={"btc": 100.0}, finance={"tax_rate": 0.21}, price=200_000)
    assert p["fair_value_change"] == near([10])
    assert p["tax"] == near([0])


def test_after_a_default_nothing_converts_and_nobody_buys(toy: Toy) -> None:
    """Salaries cannot be paid in month 1: the warrant, the offering and the notes signed for month 2 fall away."""
    p = toy(
        3,
        treasury={"cash": 1.0},
        costs={"cash_sga": 30.0},
        share=30.0,
        warrant=[{"warrant_shares": 5.0, "strike": 1.0, "expiry": end(2)}],
        offering=[{"offering_date": end(2), "offered_shares": 4.0, "net_proceeds": 40.0}],
        debt=[
            {"kind": "convertible", "principal": 50.0, "conversion_price": 20.0, "maturity": end(2)},
            {"principal": 60.0, "issue_date": end(2), "maturity": end(20)},
        ],
    )
    assert p["default_month"] == near([1, 1, 1])
    assert p["shares"] == near([100, 100, 100])
    assert p["total_debt_balance"] == near([50, 50, 50])


def test_what_volatility_adds_to_a_share_is_taken_from_it() -> None:
    """A year of bitcoin at 60 % with a beta of 1.4: (1.4^2 - 1.4) * 0.36 / 2 = 0.1008 of growth by volatility alone.

    AI equity at 40 % with a beta of 0.5 adds (0.25 - 0.5) * 0.16 / 2 = -0.02, and their correlation of one half
    1.4 * 0.5 * 0.5 * 0.6 * 0.4 = 0.084. A twelfth of 0.1648 is taken from the return of each of two months.
    """
    market = MarketRandomness(
        months=2, start=70_000.0, process=Lognormal(volatility=0.6, drift=0.0), ai_volatility=0.4,
        ai_btc_correlation=0.5, power_volatility=0.0, power_persistence=0.0, window_closes=0.0, window_opens=1.0,
        window_ai_beta=0.0,
    )  # fmt: skip
    found = market.convexity(np.full(2, 1.4), np.full(2, 0.5))
    assert found == near([-0.1648 / 12] * 2)
