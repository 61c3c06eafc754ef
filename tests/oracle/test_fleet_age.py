"""Fleets age and are renewed: 10 EH/s at 20 J/TH in a network that pays 45 USD per PH a day, of which a tenth goes.

A new machine earns (45,000 - 45 USD/MWh * 20 MW * 24 h) a day over 15 m USD an EH/s: 23,400 * 365 / 15 m = 0.5694 a
year, 0.1694 above the hurdle. The world orders nothing and what the network pays stays as it is.
"""

from tests.oracle.build import Row, Toy, end, near

FLEET: Row = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0, "retirement": 0.1}
HELD = {"production_sold": 0.0}
KEPT = HELD | {"btc_sale_cap": 0.0}
EAGER = {"investment_sensitivity": 1.0}


def test_a_fleet_ages(toy: Toy) -> None:
    """Where nobody renews, a tenth of what is left goes each month."""
    p = toy(3, treasury=HELD, fleet=[FLEET])
    assert p["fleet", "hashrate"][0] == near([9, 8.1, 7.29])
    assert p["fleet", "empty_slots"][0] == near([1, 1.9, 2.71])
    assert p["cash"] == near([100, 100, 100])


def test_a_fleet_is_renewed_when_new_machines_pay(toy: Toy) -> None:
    """January loses 1 EH/s and buys it anew for 15; it runs in February, which loses 0.9 and buys that."""
    p = toy(3, treasury=HELD, network=EAGER, fleet=[FLEET])
    assert p["machine_yield"][0] == near(0.5694)
    assert p["fleet", "machines_renewed"][0] == near([1, 0.9, 0.91])
    assert p["fleet", "hashrate"][0] == near([9, 9.1, 9.09])
    assert p["cash"] == near([85, 85 - 13.5, 85 - 13.5 - 13.65])
    assert p["mining_ppe"] == near([15, 28.5, 42.15])


def test_a_fleet_is_renewed_as_eagerly_as_the_world_invests(toy: Toy) -> None:
    """0.05 a month for each unit of yield above the hurdle: 9 * 0.05 * 0.1694 = 0.07623 of the 1 EH/s that is gone."""
    p = toy(2, treasury=HELD, network={"investment_sensitivity": 0.05}, fleet=[FLEET])
    assert p["fleet", "machines_renewed"][0, 0] == near(0.07623)
    assert p["fleet", "hashrate"][0] == near([9, 8.1 + 0.07623])


def test_no_machine_is_renewed_that_does_not_pay(toy: Toy) -> None:
    p = toy(2, treasury=HELD, network=EAGER | {"hurdle_yield": 0.5694}, fleet=[FLEET])
    assert p["fleet", "hashrate"][0] == near([9, 8.1])
    assert p["cash"] == near([100, 100])


def test_machines_renewed_and_not_paid_for_do_not_run(toy: Toy) -> None:
    """5 of the 15 are there: a third comes, and the places of the rest stay empty."""
    p = toy(2, treasury={"cash": 5.0} | KEPT, network=EAGER, fleet=[FLEET])
    assert p["fleet", "hashrate"][0] == near([9, 8.1 + 1 / 3])
    assert p["fleet", "empty_slots"][0] == near([1, 1.9 - 1 / 3])


def test_maintenance_replaces_what_it_pays_for(toy: Toy) -> None:
    """24 a quarter are 8 a month, 8/15 of an EH/s; January's scrap is not replaced, February's only so far.

    Two fleets share it by their hash rate.
    """
    half = FLEET | {"hashrate": 5.0}
    p = toy(2, treasury=HELD, costs={"maintenance_capex": 24.0}, fleet=[half, half])
    assert p["fleet", "hashrate"][0] == near([4.5, 4.05 + 4 / 15])
    assert p["fleet", "hashrate"][1] == near([4.5, 4.05 + 4 / 15])
    assert p["cash"] == near([92, 84])
    assert p["mining_ppe"] == near([8, 16])


def test_maintenance_replaces_no_more_than_is_gone(toy: Toy) -> None:
    p = toy(2, treasury=HELD, costs={"maintenance_capex": 60.0}, fleet=[FLEET])
    assert p["fleet", "hashrate"][0] == near([9, 9])
    assert p["cash"] == near([80, 60])


def test_maintenance_waits_for_spare_cash(toy: Toy) -> None:
    """3 of 8 are there: a fifth of an EH/s is replaced, and no bill stays unpaid."""
    p = toy(2, treasury={"cash": 3.0} | KEPT, costs={"maintenance_capex": 24.0}, fleet=[FLEET])
    assert p["maintenance_paid"] == near([3, 0])
    assert p["fleet", "hashrate"][0] == near([9, 8.1 + 0.2])
    assert not p["defaulted"].any()


def test_growth_to_a_target_does_not_hide_age(toy: Toy) -> None:
    """10 to 12 by month 2: 2 ordered in January. What is scrapped, 1 and 0.9, is renewed only when that pays."""
    row = FLEET | {"target_hashrate": 12.0, "target_date": end(2)}
    p = toy(3, treasury=HELD, fleet=[row])
    assert p["fleet", "machines_ordered"][0] == near([2, 0, 0])
    assert p["fleet", "hashrate"][0] == near([9, 10.1, 9.09])


def test_a_fleet_that_is_wound_down_is_not_renewed(toy: Toy) -> None:
    """Age takes 1 of the 10 in January and the way down 5, half of what there was; February takes the rest."""
    row = FLEET | {"target_hashrate": 0.0, "target_date": end(2)}
    p = toy(2, treasury=HELD, network=EAGER, fleet=[row])
    assert p["fleet", "machines_renewed"][0] == near([0, 0])
    assert p["fleet", "hashrate"][0] == near([4, 0])


def test_empty_places_go_to_hpc_first(toy: Toy) -> None:
    """Of 200 MW 20 stand empty when a project asks for 50: machines of 30 MW leave, and no place is renewed."""
    hpc = {
        "leased_mw": 40.0,
        "delivered_mw": 0.0,
        "first_delivery": end(1),
        "full_delivery": end(1),
        "mining_mw_displaced": 50.0,
    }
    p = toy(1, treasury=HELD, network=EAGER, fleet=[FLEET], hpc=[hpc])
    assert p["fleet", "handed_over"][0] == near([30])
    assert p["fleet", "hashrate"][0] == near([7.5])
    assert p["fleet", "machines_renewed"][0] == near([0])


def test_pledged_machines_age(toy: Toy) -> None:
    """Of 5 EH/s pledged 4.5 and 4.05 are left, worth 15 USD/TH: 75, then 67.5."""
    loan = {"kind": "equipment", "principal": 10.0, "maturity": end(12), "collateral_hashrate": 5.0, "recourse": False}
    p = toy(2, treasury=HELD, network=EAGER, fleet=[FLEET], debt=[loan])
    assert p["debt", "pledged_hashrate"][0] == near([4.5, 4.05])
    assert p["debt", "machine_value"][0] == near([75, 67.5])
