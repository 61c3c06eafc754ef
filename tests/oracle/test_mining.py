"""One fleet of 10 EH/s at 20 J/TH, 200 MW, in a network of 1000 EH/s that pays 450 BTC a day: 45 USD per PH a day."""

from tests.oracle.build import Row, Toy, end, near

FLEET: Row = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0}


def test_fleet_that_runs(toy: Toy) -> None:
    """A MWh earns 45 * 1000 * 0.98 / (20 * 24) = 91.875 and costs 40 + 1: it runs.

    200 MW * 0.9 * 24 h * 31 days = 133,920 MWh; 450 * 31 * 9 / 1000 * 0.98 = 123.039 BTC.
    """
    row = FLEET | {"uptime": 0.9, "pool_fee": 0.02, "power_credit": 2.0, "site_cost": 3.0, "hosting_fee": 1.0}
    p = toy(2, fleet=[row])
    assert p["fleet", "revenue_per_mwh"][0, 0] == near(91.875)
    assert p["fleet", "energy"][0] == near([133_920, 200 * 0.9 * 24 * 28])
    assert p["fleet", "power_cost"][0] == near([133_920 * 41 / 1e6, 120_960 * 41 / 1e6])
    assert p["fleet", "site_expense"][0, 0] == near(133_920 * 3 / 1e6)
    assert p["fleet", "credits"][0, 0] == near(200 * 24 * 31 * 2 / 1e6)
    assert p["fleet", "btc_mined"][0] == near([123.039, 450 * 28 * 9 / 1000 * 0.98])
    assert p["cash"][0] == near(100 + 12.3039 - 5.49072 - 0.40176 + 0.2976)
    assert p["ebitda"][0] == near(12.3039 - 5.49072 - 0.40176 + 0.2976)
    assert p["group_revenue"][0] == near(12.3039)
    assert p["power_cost_per_btc"][0] == near(5_490_720 / 123.039)
    assert p["cash_cost_per_btc"][0] == near((5_490_720 + 401_760 - 297_600) / 123.039)
    assert p["btc"] == near([0, 0])


def test_no_fleet_mines_more_than_there_is(toy: Toy) -> None:
    """3,000 and 1,000 EH/s in a network of 1,000 share all of 450 * 31 = 13,950 BTC, and no more."""
    p = toy(1, fleet=[FLEET | {"hashrate": 3_000.0}, FLEET | {"hashrate": 1_000.0}])
    assert [mined[0] for mined in p["fleet", "btc_mined"]] == near([10_462.5, 3_487.5])


def test_all_in_cost(toy: Toy) -> None:
    """139.5 BTC carry electricity 5.952, salaries 10, interest 1.019178, depreciation 2 and pay in shares 4."""
    p = toy(
        1,
        costs={"cash_sga": 30.0, "stock_compensation": 12.0, "mining_depreciation": 6.0},
        balance={"mining_ppe": 50.0},
        fleet=[FLEET],
        debt=[{"principal": 100.0, "coupon": 0.12, "maturity": end(24)}],
    )
    assert p["all_in_cost_per_btc"] == near([(5.952e6 + 10e6 + 100e6 * 0.12 * 31 / 365 + 2e6 + 4e6) / 139.5])


def test_fleet_that_curtails(toy: Toy) -> None:
    """Half on an index at 4: 40 * (1 + 0.5 * 3) = 100 is above 45 * 1000 / 480 = 93.75. At 3.5 it is 90: it runs.

    Curtailed, it buys and mines nothing, pays its site and takes its credits.
    """
    row = FLEET | {"indexed_share": 0.5, "power_credit": 2.0, "site_cost": 3.0}
    p = toy(2, fleet=[row], power_index=[4, 3.5])
    assert p["fleet", "electricity_price"][0] == near([100, 90])
    assert p["fleet", "runs"][0] == near([0, 1])
    assert p["fleet", "power_cost"][0] == near([0, 200 * 24 * 28 * 90 / 1e6])
    assert p["fleet", "btc_mined"][0] == near([0, 450 * 28 / 100])
    assert p["cash"][0] == near(100 - 200 * 24 * 31 * 3 / 1e6 + 200 * 24 * 31 * 2 / 1e6)


def test_held_production(toy: Toy) -> None:
    """A quarter is sold as mined: 139.5 BTC mined, 34.875 sold at the mean of 90,000; the rest at the end's 80,000."""
    p = toy(1, treasury={"production_sold": 0.25}, fleet=[FLEET], price=80_000, mean_price=90_000)
    assert p["btc_sold"] == near([34.875])
    assert p["btc"] == near([104.625])
    assert p["btc_value"] == near([104.625 * 0.08])
    assert p["cash"] == near([100 + 34.875 * 0.09 - 200 * 24 * 31 * 40 / 1e6])


def test_growth_to_target(toy: Toy) -> None:
    """10 to 12 EH/s by month 4: ordered in months 1 to 3, 666,667 TH at 15 USD = 10 each; they run a month later."""
    row = FLEET | {"power_price": 0.0, "target_hashrate": 12.0, "target_date": end(4)}
    p = toy(6, treasury={"production_sold": 0.0}, fleet=[row])
    assert p["fleet", "hashrate"][0] == near([10, 10 + 2 / 3, 10 + 4 / 3, 12, 12, 12])
    assert p["cash"] == near([90, 80, 70, 70, 70, 70])
    assert p["mining_ppe"] == near([10, 20, 30, 30, 30, 30])
    assert p["btc"][:2] == near([450 * 31 * 10 / 1000, 450 * 31 * 10 / 1000 + 450 * 28 * (10 + 2 / 3) / 1000])


def test_machines_not_paid_do_not_come(toy: Toy) -> None:
    """1 to 12 EH/s at once would cost 165; 5 in cash pay a 33rd of it, and nothing mines that is not paid.

    Bitcoin is not sold for machines: the 13.95 BTC mined are kept, and February has no spare cash.
    """
    row = FLEET | {"power_price": 0.0, "hashrate": 1.0, "target_hashrate": 12.0, "target_date": end(1)}
    p = toy(3, treasury={"cash": 5.0, "production_sold": 0.0}, fleet=[row])
    assert p["growth_share"][0] == near(5 / 165)
    assert p["fleet", "hashrate"][0] == near([1, 1 + 1 / 3, 1 + 1 / 3])
    assert p["btc_sold"] == near([0, 0, 0])


def test_shrink_to_target(toy: Toy) -> None:
    row = FLEET | {"power_price": 0.0, "target_hashrate": 6.0, "target_date": end(2)}
    p = toy(3, treasury={"production_sold": 0.0}, fleet=[row])
    assert p["fleet", "hashrate"][0] == near([8, 6, 6])
    assert p["cash"] == near([100, 100, 100])


def test_growth_waits_for_spare_cash(toy: Toy) -> None:
    """15 pays month 1: 5 of salaries, 10 of machines. From month 2 on salaries take bitcoin: nothing is left."""
    row = FLEET | {"power_price": 0.0, "target_hashrate": 12.0, "target_date": end(4)}
    p = toy(4, treasury={"cash": 15.0, "btc": 1000.0, "production_sold": 0.0}, costs={"cash_sga": 15.0}, fleet=[row])
    assert p["fleet", "hashrate"][0] == near([10, 10 + 2 / 3, 10 + 2 / 3, 10 + 2 / 3])
    assert p["btc_sold"] == near([0, 50, 50, 50])


def test_megawatts_handed_to_hpc(toy: Toy) -> None:
    """50 of 200 MW go in two steps as the project delivers; both fleets give alike."""
    hpc = {
        "leased_mw": 40.0,
        "delivered_mw": 0.0,
        "first_delivery": end(2),
        "full_delivery": end(3),
        "mining_mw_displaced": 50.0,
    }
    half = FLEET | {"hashrate": 5.0}
    p = toy(4, fleet=[half, half], hpc=[hpc])
    assert p["total_hpc_displaced_mw"] == near([0, 25, 50, 50])
    assert p["fleet", "hashrate"].sum(axis=0) == near([10, 8.75, 7.5, 7.5])
    assert p["fleet", "hashrate"][0] == near([5, 4.375, 3.75, 3.75])


def test_fleets_give_megawatts_by_their_load(toy: Toy) -> None:
    """100 MW at 20 J/TH and 300 MW at 60: of 40 MW they give 10 and 30, half an EH/s each."""
    hpc = {
        "leased_mw": 40.0,
        "delivered_mw": 0.0,
        "first_delivery": end(1),
        "full_delivery": end(1),
        "mining_mw_displaced": 40.0,
    }
    p = toy(1, fleet=[FLEET | {"hashrate": 5.0}, FLEET | {"hashrate": 5.0, "efficiency": 60.0}], hpc=[hpc])
    assert p["fleet", "hashrate"][:, 0] == near([4.5, 4.5])


def test_a_fleet_that_grew_gives_the_same_megawatts(toy: Toy) -> None:
    """Twice the machines by month 3, 400 MW; the project takes 50 MW, not an eighth more: 350 MW, 17.5 EH/s, stay."""
    row = FLEET | {"power_price": 0.0, "target_hashrate": 20.0, "target_date": end(3), "capex_per_th": 1.0}
    hpc = {
        "leased_mw": 40.0,
        "delivered_mw": 0.0,
        "first_delivery": end(4),
        "full_delivery": end(4),
        "mining_mw_displaced": 50.0,
    }
    p = toy(4, fleet=[row], hpc=[hpc])
    assert p["fleet", "hashrate"].sum(axis=0) == near([10, 15, 20, 17.5])


def test_megawatts_come_from_the_fleet_that_has_them(toy: Toy) -> None:
    """A keeps 200 MW; B grows from nothing to 150. Of 350 MW the project takes 70 in month 4: 40 from A, 30 from B."""
    grows = FLEET | {"hashrate": 0.0, "power_price": 0.0, "target_hashrate": 7.5, "target_date": end(2)}
    hpc = {
        "leased_mw": 40.0,
        "delivered_mw": 0.0,
        "first_delivery": end(4),
        "full_delivery": end(4),
        "mining_mw_displaced": 70.0,
    }
    p = toy(4, fleet=[FLEET | {"power_price": 0.0}, grows | {"capex_per_th": 1.0}], hpc=[hpc])
    assert p["fleet", "handed_over"][:, 3] == near([40, 30])
    assert p["fleet", "hashrate"][:, 3] == near([8, 6])
