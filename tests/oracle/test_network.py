"""The network: subsidy, fees, who is under water and how hash rate answers.

Values of the normal distribution are typed in from tables of 0.5 * (1 + erf(z / sqrt 2)).
"""

from datetime import date

import numpy as np

from tests.oracle.build import Row, Toy, near


def test_halving_month_by_days(toy: Toy) -> None:
    """15 February 2028: 14 of 29 days at 3.125, 15 at 1.5625, on average 2.316810344827586."""
    p = toy(15, network={"halving_date": date(2028, 2, 15)})
    half = (14 * 3.125 + 15 * 1.5625) / 29
    assert p["block_subsidy"][12:] == near([3.125, half, 1.5625])
    assert p["network_btc"][12:] == near([3.125 * 144 * 31, half * 144 * 29, 1.5625 * 144 * 31])
    assert p["hashprice"][13] == near(100_000 * half * 144 / 1_000_000)


def test_the_second_halving_follows_the_protocol(toy: Toy) -> None:
    """210,000 blocks of ten minutes are 1,458 1/3 days: from noon of 31 August 2028 to 28 August 2032, 20:00.

    Month 68 is August 2032: 27 of its days at 1.5625, 4 at 0.78125. The next is 1,458 1/3 days on: 26 August 2036.
    """
    p = toy(120, network={"halving_date": date(2028, 8, 31)})
    assert p["block_subsidy"][18:22] == near([3.125, (30 * 3.125 + 1.5625) / 31, 1.5625, 1.5625])
    assert p["block_subsidy"][66:69] == near([1.5625, (27 * 1.5625 + 4 * 0.78125) / 31, 0.78125])
    assert p["block_subsidy"][114:117] == near([0.78125, (25 * 0.78125 + 6 * 0.390625) / 31, 0.390625])


def test_machines_are_solved_from_hash_rate_and_what_pays(toy: Toy) -> None:
    """100,000 * 450 / 1,500,000 = 30 USD per PH a day: 37.91 % of OLD and 99.31 % of NEW pay (see the network's step).

    With 0.4 and 0.6 of the machines that is 74.753 %, so that 1500 / 0.74753 EH/s are installed; 1.5 % of the old ones
    are gone in month 1.
    """
    p = toy(1, network={"network_hashrate": 1500.0, "installed_capacity": None}, machine=[OLD, NEW])
    installed = 1500 / (0.4 * OLD_SHARE + 0.6 * NEW_SHARE)
    assert p["machine", "installed"][:, 0] == near([installed * 0.4 * 0.985, installed * 0.6])
    figure = p.market_case.market.figure("network", None, "installed_capacity")
    assert (figure.value, figure.grade) == (near(installed), "derived")
    assert "solved: 1,500 EH/s over the 74.8% of the machines that pay" in figure.why


def test_fees_return_to_their_median(toy: Toy) -> None:
    """Fees start at 0.05, twice the median; half of the log gap stays, and a shock of 1 * 0.2 comes in month 1."""
    p = toy(
        2,
        network={"log_fees": -2.995732273553991, "fee_median": 0.025, "fee_persistence": 0.5, "fee_volatility": 0.2},
        fee_shock=[1.0, 0.0],
    )
    # 0.025 * 2^0.5 * e^0.2 and 0.025 * 2^0.25 * e^0.1
    assert p["fees_per_block"] == near(
        [0.025 * 1.4142135623730951 * 1.2214027581601699, 0.025 * 1.189207115002721 * 1.1051709180756477]
    )


def test_growth_by_itself(toy: Toy) -> None:
    """2 % a month. Hashprice falls as hash rate grows: 45 / 1.02."""
    p = toy(2, network={"exogenous_growth": 0.02})
    assert p["network_hashrate"] == near([1020, 1040.4])
    assert p["hashprice"] == near([45 / 1.02, 45 / 1.0404])


def test_costs_of_the_network(toy: Toy) -> None:
    """JPMorgan: 50 USD/MWh, 32 J/TH: 32,000 MW a day make 450 BTC of subsidy. 1000 EH/s is difficulty 139.7 T.

    All machines are of 20 J/TH: 20,000 MW * 24 h * 45 USD for 450 BTC. The network pays 45 million USD a day.
    """
    p = toy(1)
    assert p["jpm_production_cost"] == near([32_000 * 24 * 50 / 450])
    assert p["difficulty"] == near([1000e6 * 600 / 4_294_967_296])
    assert p["mean_power_cost_per_btc"] == near([20_000 * 24 * 45 / 450])
    assert p["marginal_power_cost_per_btc"] == near([20_000 * 24 * 45 / 450 * 1.2840254166877414])  # e^0.25
    assert p["security_budget"] == near([45])
    assert p["attack_hour_cost"] == near([45 / 24])
    assert p["attack_hardware_cost"] == near([1e9 * 15 / 1e6])


OLD_SHARE = 0.37910045696869066  # 0.5 * (1 + erf(-0.307844 / sqrt 2))
NEW_SHARE = 0.9931444519778317  # 0.5 * (1 + erf(2.464745 / sqrt 2))
OLD_DENSITY = 0.3804796642086628  # exp(-0.307844^2 / 2) / sqrt(2 pi)
NEW_DENSITY = 0.01913145575237515

OLD: Row = {
    "id": "old",
    "machine_efficiency": 30.0,
    "capacity_share": 0.4,
    "investment_share": 0.0,
    "retirement": 0.01,
    "conversion": 0.005,
}
NEW: Row = {
    "id": "new",
    "machine_efficiency": 15.0,
    "capacity_share": 0.6,
    "investment_share": 1.0,
    "retirement": 0.0,
    "conversion": 0.0,
}


def test_network_step(toy: Toy) -> None:
    """Two classes at a hashprice of 60,000 * 450 / 900,000 = 30 USD per PH a day.

    A MWh in old machines earns 30,000 / (30 * 24) = 41.667: ln(41.667 / 45) / 0.25 = -0.307844 deviations, 37.91 % of
    them pay. In new ones 83.333: 2.464744 deviations, 99.31 %. Old: 400 - 1.5 % = 394 EH/s.
    Half of the log gap to 900 EH/s is closed, damped by half the elasticity e: the ratio to the power
    of 0.5 / (1 + e / 2).
    """
    p = toy(
        2,
        network={"network_hashrate": 900.0, "hashrate_response": 1.0},
        machine=[OLD, NEW],
        price=60_000,
    )
    online = 394 * OLD_SHARE + 600 * NEW_SHARE
    slope = (394 * OLD_DENSITY + 600 * NEW_DENSITY) / 0.25
    first = 900 * (online / 900) ** (0.5 / (1 + 0.5 * slope / online))
    assert p["prospective_hashprice"][0] == near(30)
    assert p["machine", "machine_breakeven"][:, 0] == near([30_000 / 720, 30_000 / 360])
    assert p["machine", "running_share"][:, 0] == near([OLD_SHARE, NEW_SHARE])
    assert p["machine", "installed"][:, 0] == near([394, 600])
    assert p["fleet_under_water"][0] == near(1 - online / 994)
    assert p["network_hashrate"][0] == near(first)
    assert p["hashprice"][0] == near(60_000 * 450 / (first * 1000))
    assert p["prospective_hashprice"][1] == near(60_000 * 450 / (first * 1000))
    assert p["machine", "installed"][:, 1] == near([394 * 0.985, 600])
    # elasticity: sum of installed * density / spread over what runs; densities 0.380480, 0.019131
    assert p["capacity_elasticity"][0] == near(slope / online)
    assert p["price_elasticity"][0] == near((slope / online) / (1 + slope / online))
    assert p["network_efficiency"][0] == near((394 * OLD_SHARE * 30 + 600 * NEW_SHARE * 15) / online)


def test_investment(toy: Toy) -> None:
    """A new machine of 15 J/TH earns 45 - 45 * 15 * 24 / 1000 = 28.8 USD per PH a day, 10,512 a year for 15,000.

    0.7008 less the hurdle of 0.4, times 0.1: 3.008 % of 980 EH/s (2 % went) are ordered and, with a month from order to
    delivery, run in month 2.
    """
    row = NEW | {"capacity_share": 1.0, "retirement": 0.02}
    p = toy(2, network={"investment_sensitivity": 0.1}, machine=[row])
    assert p["machine_margin"] == near([10.512, 10.512])
    assert p["machine_yield"] == near([0.7008, 0.7008])
    assert p["investment"][0] == near(980 * 0.03008)
    assert p["machine", "installed"][0] == near([980, 980 * 0.98 + 980 * 0.03008])


def test_no_investment_below_the_hurdle(toy: Toy) -> None:
    """At 60,000 a machine earns 27 - 16.2 = 10.8 a PH and day: 0.2628 a year, below 0.4."""
    p = toy(2, network={"investment_sensitivity": 0.1}, machine=[NEW | {"capacity_share": 1.0}], price=60_000)
    assert p["machine_yield"][0] == near(0.2628)
    assert p["machine", "installed"][0] == near([1000, 1000])


def test_what_is_on_order_arrives_whatever_the_price(toy: Toy) -> None:
    """120 EH/s on order, a quarter of the book a month: 30, 22.5, 16.875. Bitcoin at 20,000 orders nothing new.

    A third of the book is of the old class: 10 of the first 30, on 400 EH/s of which 1.5 % go.
    """
    p = toy(
        3,
        network={"network_orders": 120.0, "delivery_months": 4.0, "investment_sensitivity": 0.1},
        machine=[OLD | {"order_share": 1 / 3}, NEW | {"order_share": 2 / 3}],
        price=20_000,
    )
    assert p["investment"] == near([0, 0, 0])
    assert p["machine", "delivered"] == near(np.array([[10, 7.5, 5.625], [20, 15, 11.25]]))
    assert p["machine", "installed"][0] == near([404, 404 * 0.985 + 7.5, (404 * 0.985 + 7.5) * 0.985 + 5.625])
    assert p["machine", "installed"][1] == near([620, 635, 646.25])
    assert p["machine", "on_order"] == near(np.array([[30, 22.5, 16.875], [60, 45, 33.75]]))
    assert p["network_orders"] == near([90, 67.5, 50.625])


def test_new_orders_enter_the_book_and_come_with_the_same_lead(toy: Toy) -> None:
    """Yield 0.7008 as above: 3.008 % of 1000 EH/s ordered in month 1, a quarter of them delivered in month 2."""
    p = toy(
        2,
        network={"delivery_months": 4.0, "investment_sensitivity": 0.1},
        machine=[NEW | {"capacity_share": 1.0}],
    )
    assert p["machine", "ordered"][0, 0] == near(30.08)
    assert p["machine", "delivered"][0] == near([0, 7.52])
    assert p["machine", "installed"][0] == near([1000, 1007.52])
    assert p["network_orders"] == near([30.08, 30.08 - 7.52 + 1007.52 * 0.03008])


def test_machine_price_follows_what_machines_earn(toy: Toy) -> None:
    """Ten months of a margin of 10.512 USD/TH a year are 8.76. A quarter of the gap from 20 goes a month.

    From month 3 bitcoin is at 60,000: 3.942 a year, ten months 3.285, below the 6 that making a machine costs, so that
    the price goes a quarter of the way to 6.
    """
    p = toy(
        4,
        network={
            "machine_price": 20.0,
            "machine_price_payback": 10.0,
            "machine_price_lag": 4.0,
            "machine_cost": 6.0,
        },
        machine=[NEW | {"capacity_share": 1.0}],
        price=[100_000, 100_000, 60_000],
    )
    assert p["payback_price"] == near([8.76, 8.76, 3.285, 3.285])
    third = 15.0825 - (15.0825 - 6) / 4
    assert p["machine_price"] == near([17.19, 15.0825, third, third - (third - 6) / 4])
    assert p["machine_yield"][:2] == near([10.512 / 17.19, 10.512 / 15.0825])


def test_cost_of_machines_falls(toy: Toy) -> None:
    """12 % a year: e^-0.01 and e^-0.02 of 15 after one and two months; the price is at once there."""
    p = toy(2, network={"machine_cost_decline": 0.12})
    assert p["machine_cost"] == near([15 * 0.99004983374916811, 15 * 0.98019867330675525])
    assert p["machine_price"] == near([15 * 0.99004983374916811, 15 * 0.98019867330675525])


def test_orders_go_to_the_best_class_then_on_sale(toy: Toy) -> None:
    """The next generation is sold from 15 March 2027, in month 3: 0.6 a year for 3 months is e^-0.15 of 15 J/TH, 12.91.

    Until then all orders are of the class on sale at the start, in months 3 and 4 a quarter of them, afterwards none.
    A weight of three beside one of one: 0.75 and 0.25 of the orders, whatever they add up to.
    """
    coming: Row = NEW | {"id": "next", "capacity_share": 0.0, "investment_share": 0.3, "first_sale": date(2027, 3, 15)}
    p = toy(
        5,
        network={"investment_sensitivity": 0.1, "efficiency_progress": 0.6},
        machine=[NEW | {"capacity_share": 1.0, "investment_share": 0.1, "last_sale": date(2027, 4, 30)}, coming],
    )
    efficiency = 15 * 0.86070797642505781
    assert p["machine", "class_efficiency"][:, 0] == near([15, efficiency])
    mixed = 15 / 4 + efficiency * 3 / 4
    assert p["new_efficiency"] == near([15, 15, mixed, mixed, efficiency])
    shares = p["machine", "ordered"] / p["investment"]
    assert shares[0] == near([1, 1, 0.25, 0.25, 0])
    assert shares[1] == near([0, 0, 0.75, 0.75, 1])


def test_hash_rate_closes_its_gap_without_overshooting(toy: Toy) -> None:
    """One class near break-even at once: the elasticity is above 3, where an undamped half of the gap would swing.

    Every month is nearer to where machines pay than the one before, from the same side.
    """
    row = OLD | {"capacity_share": 1.0, "investment_share": 1.0, "retirement": 0.0, "conversion": 0.0}
    p = toy(12, network={"network_hashrate": 900.0, "hashrate_response": 1.0}, machine=[row], price=40_000)
    assert p["capacity_elasticity"][0] > 3
    change = p["network_hashrate"][1:] - p["network_hashrate"][:-1]
    assert (change < 0).all()
    assert (abs(change[1:]) < abs(change[:-1])).all()
