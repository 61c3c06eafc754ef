"""Treasury policy worked by hand: what a stance does to cash kept, coins sold, the mix of sources, growth and costs.

Nothing is drawn: a case says how many spreads its treasurer stands from his policy. exp(log 2) is 2.
"""

import math

import pytest

from tests.oracle.build import Toy, end, near

SALARIES = {"cash_sga": 30.0}
"""10 a month."""

DOUBLE = math.log(2.0)
"""A spread that doubles what is one spread out."""


@pytest.mark.parametrize(("stance", "kept"), [(0.0, 20.0), (1.0, 40.0), (-1.0, 10.0)])
def test_cautious_treasurer_keeps_more_months_of_cost(toy: Toy, stance: float, kept: float) -> None:
    """Two months of 10 at the centre, four one spread out, one on the other side; 50 less 10, the rest from bitcoin."""
    p = toy(
        1,
        treasury={"cash": 20.0, "btc": 1000.0, "minimum_cash_months": 2.0},
        costs=SALARIES,
        finance={"cash_spread": DOUBLE},
        cash_stance=stance,
    )
    assert p["cash"] == near([kept])
    assert p["btc_sold"] == near([(kept - 10.0) * 10.0])


@pytest.mark.parametrize(("stance", "months"), [(0.0, 3), (1.0, 5), (-1.0, 1), (-3.0, 1), (3.0, 6)])
def test_lead_is_how_early_a_known_bill_is_raised(toy: Toy, stance: float, months: int) -> None:
    """10 are paid in month 7. Lead 3 and spread 2: 100 BTC go 3 months before, or 5, or 1, never above 6."""
    p = toy(
        7,
        treasury={"cash": 0.0, "btc": 100.0, "funding_lead": 3.0},
        purchase=[{"purchase_date": end(7), "purchase_price": 10.0}],
        finance={"lead_spread": 2.0},
        cash_stance=stance,
    )
    assert p["btc_sold"] == near([100.0 if month == 7 - months else 0.0 for month in range(1, 8)])


def test_holdings_sold_by_choice(toy: Toy) -> None:
    """6 % a quarter is 2 % a month of 1,000 BTC: 20, then 2 % of 980. Twice that one spread out."""
    held = {"cash": 0.0, "btc": 1000.0, "holdings_sold": 0.06}
    p = toy(2, treasury=held)
    assert p["btc_sold_by_policy"] == near([20, 19.6])
    assert p["btc_sold_forced"] == near([0, 0])
    assert p["cash"] == near([2, 3.96])
    p = toy(2, treasury=held, finance={"selling_spread": DOUBLE}, selling_stance=1.0)
    assert p["btc_sold"] == near([40, 38.4])


def test_production_held_back_and_sold(toy: Toy) -> None:
    """13,950 BTC of the network a month for 1 of 1000 EH/s: 13.95 BTC in January. Half is sold; all, one spread out."""
    fleet = [{"hashrate": 1.0, "efficiency": 20.0, "power_price": 0.0}]
    for stance, share in ((0.0, 0.5), (1.0, 0.8), (2.0, 1.0), (-2.0, 0.0)):
        p = toy(
            1,
            fleet=fleet,
            treasury={"production_sold": 0.5},
            finance={"production_spread": 0.3},
            selling_stance=stance,
        )
        assert p["btc_sold"] == near([13.95 * share])


def test_sources_mix(toy: Toy) -> None:
    """10 are missing; of what bitcoin and shares must meet 30 % is asked of shares first: 3, and 7 of bitcoin.

    Shares can bring 10 * 1 * 21 days * 5 % = 10.5. With 50 BTC, 5, they bring the rest; with the order turned bitcoin
    is asked for 3.
    """
    sells = {"average_daily_volume": 1.0, "atm_participation": 0.05, "atm_remaining": 100.0}
    for btc, order, sold, shares in (
        (1000.0, ["revolver", "btc", "atm"], 7.0, 3.0),
        (50.0, ["revolver", "btc", "atm"], 5.0, 5.0),
        (1000.0, ["revolver", "atm", "btc"], 3.0, 7.0),
    ):
        p = toy(
            1,
            treasury={"cash": 0.0, "btc": btc, "source_mix": 0.3, "funding_order": order},
            costs=SALARIES,
            equity=sells,
        )
        assert (p["btc_sale"][0], p["atm_sale"][0]) == near((sold, shares))
        assert p["cash"] == near([0])


def test_bitcoin_meets_what_shares_cannot(toy: Toy) -> None:
    """Shares are asked for 5 and bring 10 * 0.2 * 21 days * 5 % = 2.1: bitcoin meets 5 by rank and 2.9 more."""
    p = toy(
        1,
        treasury={"cash": 0.0, "btc": 1000.0, "source_mix": 0.5},
        costs=SALARIES,
        equity={"average_daily_volume": 0.2, "atm_participation": 0.05, "atm_remaining": 100.0},
    )
    assert (p["btc_by_rank"][0], p["btc_sale"][0], p["atm_sale"][0]) == near((5.0, 7.9, 2.1))


def test_maintenance_and_growth_wait_for_spare_money(toy: Toy) -> None:
    """Depreciation of 30 a quarter, a tenth of it kept up: 1 a month. Growth is 12 % a year of a market value of 1,000:
    10 a month, from what a term loan of 60 due in a year, less 20 of free bitcoin, leaves of 100.

    Month 1 knows of no burn; 100 - 1 - 40 leaves 59: 10. Month 2: 89 - 1 - 40. Cash 100, 89, 78.
    """
    p = toy(
        2,
        treasury={"cash": 100.0, "btc": 200.0, "growth_appetite": 0.12},
        costs={"mining_depreciation": 30.0, "maintenance_share": 0.1},
        balance={"mining_ppe": 1000.0},
        debt=[{"principal": 60.0, "maturity": end(11)}],
    )
    assert p["maintenance_paid"] == near([1, 1])
    assert p["growth_room"] == near([59, 48])
    assert p["discretionary_paid"] == near([10, 10])
    assert p["cash"] == near([89, 78])
    assert p["mining_ppe_added"] == near([11, 11])


def test_notes_bought_back_below_par(toy: Toy) -> None:
    """100 of zero-coupon notes due in 24 months where a new note pays 8 %: exp(-0.16 + a month's) each month.

    A treasurer two spreads readier to sell is one above the first: 30 % a quarter, 10 % a month. The price in month 1
    is exp(-0.08 * 23 / 12) = 0.857843, so 10 of notes cost 8.57843, 85.7843 BTC at 100,000, and 1.42157 is gained.
    """
    price = math.exp(-0.08 * 23.0 / 12.0)
    p = toy(
        1,
        treasury={"cash": 100.0, "btc": 5000.0},
        debt=[
            {"kind": "convertible", "principal": 100.0, "coupon": 0.0, "maturity": end(24), "conversion_price": 99.0}
        ],
        finance={"buyback_price": 0.95, "buyback_spread": 0.3},
        selling_stance=2.0,
    )
    assert p["debt", "note_price"][0] == near([price])
    assert p["buyback_paid"] == near([10 * price])
    assert p["btc_sold_for_buyback"] == near([100 * price])
    assert p["total_debt_balance"] == near([90])
    assert p["net_income"] == near([10 - 10 * price])
    assert p["cash"] == near([100])
    assert p["btc"] == near([5000 - 100 * price])


def test_a_called_note_is_repaid_and_not_bought_back(toy: Toy) -> None:
    """The notes above ask for a market value nobody has: bought back for a month, then all of the rest is due."""
    note = {"kind": "convertible", "principal": 100.0, "coupon": 0.0, "maturity": end(24), "conversion_price": 99.0}
    p = toy(
        2,
        treasury={"cash": 1000.0, "btc": 5000.0},
        debt=[note | {"minimum_market_cap": 500_000.0}],
        finance={"buyback_price": 0.95, "buyback_spread": 0.3},
        selling_stance=2.0,
    )
    assert p["debt", "accelerated"][0] == near([1, 1])
    assert p["debt", "bought_back"][0] == near([10, 0])
    assert p["debt", "repaid"][0] == near([0, 90])
    assert p["check_debt"] == near([0, 0])


def test_overhead_is_cut_in_distress_with_a_lag(toy: Toy) -> None:
    """30 of cash cover three months of 10: liquidity over a year's needs is 20 / 120 after month 1, 10 of cost paid.

    The deepest cut of 30 % is asked for by 1 - 1/6 = 5/6: 25 %. A fifth of the way to it is gone in month 2: 5 %.
    """
    p = toy(
        2,
        treasury={"cash": 30.0},
        costs=SALARIES | {"deepest_cut": 0.3},
        finance={"cut_speed": 0.2},
    )
    assert p["overhead_cut"] == near([0, 0.05])
    assert p["sga"] == near([10, 9.5])


def test_uptime_and_overhead_move(toy: Toy) -> None:
    """Half of 1 EH/s runs; a spread that doubles, one out, runs all of it. Overhead of 10 doubles likewise."""
    p = toy(
        1,
        fleet=[{"hashrate": 1.0, "efficiency": 20.0, "power_price": 0.0, "uptime": 0.5}],
        costs=SALARIES,
        finance={"uptime_spread": DOUBLE, "overhead_spread": DOUBLE},
        output_shock=1.0,
        overhead_shock=1.0,
    )
    assert p["total_fleet_btc_mined"] == near([13.95])
    assert p["sga"] == near([20])


def test_maintenance_comes_in_lumps(toy: Toy) -> None:
    """3 a quarter is 1 a month; nine spreads out it is half as much again, or half."""
    for shock, paid in ((0.0, 1.0), (9.0, 1.5), (-9.0, 0.5)):
        p = toy(1, costs={"maintenance_capex": 3.0}, finance={"capex_spread": 0.5}, capex_shock=shock)
        assert p["maintenance_paid"] == near([paid]), shock


def test_suppliers_wait_for_months_of_cost(toy: Toy) -> None:
    """Half a month of 10 is taken up once and kept: 100 + 5 - 10, then - 10. It is owed; net income knows nothing."""
    p = toy(2, costs=SALARIES, finance={"working_capital_spread": 0.5}, working_capital_shock=1.0)
    assert p["payables_taken"] == near([5, 0])
    assert p["cash"] == near([95, 85])
    assert p["liabilities"] == near([5, 5])
    assert p["operating_cash_flow"] == near([-5, -10])
    assert p["net_income"] == near([-10, -10])
    assert p["trade_claim"] == near([5, 5])


def test_payables_are_paid_down_from_what_bills_leave(toy: Toy) -> None:
    """20 are taken up, two months of 10, and all of it is to be paid in month 2: 13 + 20 - 10, less 10 of cost, are 13.

    So 13 are paid, 7 are still owed, and nobody is in default.
    """
    p = toy(2, treasury={"cash": 13.0}, costs=SALARIES, finance={"working_capital_spread": 2.0},
            working_capital_shock=[1.0, 0.0])  # fmt: skip
    assert p["payables_paid"] == near([0, 13])
    assert p["net_payables"] == near([20, 7])
    assert p["cash"] == near([23, 0])
    assert p["defaulted"] == near([0, 0])
    assert p["asked_within_year"] == near([20, 7])


@pytest.mark.parametrize(("cash", "ahead"), [(75.0, 20.0), (62.0, 12.0), (45.0, 0.0)])
def test_nobody_pays_ahead_what_is_needed(toy: Toy, cash: float, ahead: float) -> None:
    """40 fall due in month 3 and are kept from month 1 on: of cash less 10 and 40 up to 20 are paid ahead."""
    p = toy(
        1,
        treasury={"cash": cash, "funding_lead": 3.0},
        costs=SALARIES,
        debt=[{"principal": 40.0, "coupon": 0.0, "maturity": end(3)}],
        finance={"working_capital_spread": 2.0},
        working_capital_shock=-1.0,
    )
    assert p["payables_paid"] == near([ahead])
