"""Machines and sites sold before a bill stays unpaid: 10 EH/s at 20 J/TH on a site of 200 MW, at 45 USD per PH a day.

New machines cost 15 USD/TH, own ones bring 0.3 of it: 45. The site's power brings 0.1 a MW: 20.
January mines 450 BTC * 31 / 100 = 139.5, 13.95 of cash; electricity is free.
"""

from tests.oracle.build import Row, Toy, end, near

FINANCE = {"fleet_resale": 0.3, "site_resale": 0.1, "asset_sale": True}
FLEET: Row = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}
NOTE: Row = {"principal": 49.0, "maturity": end(1), "refinanceable": False}
PLANT = {"mining_ppe": 130.0}


def test_what_is_missing_is_sold(toy: Toy) -> None:
    """10 and 13.95 leave 25.05 of the note: that part of 65 goes, of machines, site and book value alike."""
    p = toy(2, treasury={"cash": 10.0}, finance=FINANCE, balance=PLANT, fleet=[FLEET], debt=[NOTE])
    assert p["fleet", "resale_value"][0, 0] == near(65)
    assert p["fleet_sale"] == near([25.05, 0])
    kept = 1 - 25.05 / 65
    assert p["fleet", "hashrate"][0] == near([10, 10 * kept])
    assert p["mining_ppe"] == near([130 * kept] * 2)
    assert p["net_income"][0] == near(13.95 + 25.05 - 130 * (1 - kept))
    assert p["cash"] == near([0, 450 * 28 * 0.01 * kept * 0.1])
    assert not p["defaulted"].any()


def test_all_of_it_is_not_enough(toy: Toy) -> None:
    """A note of 100: 65 are sold, 11.05 stay unpaid, and nobody sells what is gone."""
    p = toy(
        2, treasury={"cash": 10.0}, finance=FINANCE, balance=PLANT, fleet=[FLEET], debt=[NOTE | {"principal": 100.0}]
    )
    assert p["fleet_sale"] == near([65, 0])
    assert p["default_month"][-1] == 1
    assert p["unpaid"][0] == near(100 - 10 - 13.95 - 65)
    assert p["fleet", "hashrate"][0] == near([10, 0])


def test_bitcoin_goes_first_and_growth_ends_with_a_sale(toy: Toy) -> None:
    """200 BTC pay 20 of the 25.05; the plan to double the fleet by June is given up after the sale of the rest."""
    row = FLEET | {"target_hashrate": 20.0, "target_date": end(6), "capex_per_th": 1.0}
    money = {"cash": 10.0, "btc": 200.0}
    p = toy(3, treasury=money, finance=FINANCE, balance=PLANT, fleet=[row], debt=[NOTE])
    assert p["fleet_sale"][0] == near(5.05)
    assert p["fleet", "machines_ordered"][0, 1:] == near([0, 0])
    assert toy(1, treasury=money, finance=FINANCE, fleet=[row])["fleet", "machines_ordered"][0, 0] == near(2)


def test_a_hosted_fleet_has_no_site_to_sell(toy: Toy) -> None:
    """Machines alone bring 45, and nothing where no resale is known."""
    assert toy(1, finance=FINANCE, fleet=[FLEET | {"hosting_fee": 5.0}])["fleet", "resale_value"][0, 0] == near(45)
    p = toy(1, treasury={"cash": 10.0}, balance=PLANT, fleet=[FLEET], debt=[NOTE])
    assert (p["fleet_sale"][0], p["default_month"][0]) == (0, 1)


def test_pledged_machines_are_not_the_companys_to_sell(toy: Toy) -> None:
    """A loan has security on 5 of the 10 EH/s: half of the 65, machines and site, can go."""
    loan: Row = {"kind": "equipment", "principal": 1.0, "collateral_hashrate": 5.0, "maturity": end(24)}
    note = NOTE | {"principal": 100.0}
    p = toy(1, treasury={"cash": 10.0}, finance=FINANCE, balance=PLANT, fleet=[FLEET], debt=[note, loan])
    assert p["fleet_sale"][0] == near(32.5)
