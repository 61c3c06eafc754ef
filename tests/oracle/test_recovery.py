"""What comes back at default: collateral, classes of creditors, projects. An insolvency costs a tenth of the estate."""

from tests.oracle.build import Row, Toy, end, near

COSTS = {"administration_share": 0.1}
LIEN: Row = {"principal": 30.0, "maturity": end(1), "ranking": "secured"}
NOTE: Row = {"principal": 40.0, "maturity": end(24)}
CONVERTIBLE: Row = {"kind": "convertible", "principal": 20.0, "maturity": end(24), "conversion_price": 1000.0}
NO_SALE = {"btc_sale_cap": 0.0, "production_sold": 0.0}


def test_three_classes_by_hand(toy: Toy) -> None:
    """30 fall due, 20 of cash pay part: default owing 10 + 40 + 20. 500 BTC nobody buys in time are worth 50.

    Of 50 the costs take 5. The first lien has 10 of 10, the note 35 of 40, the convertible nothing of 20.
    """
    p = toy(1, finance=COSTS, treasury=NO_SALE | {"cash": 20.0, "btc": 500.0}, debt=[LIEN, NOTE, CONVERTIBLE])
    assert p["default_month"] == near([1])
    assert p["gross_estate"] == near([50])
    assert p["debt", "claim_at_default"][:, 0] == near([10, 40, 20])
    assert p["debt", "recovered_at_default"][:, 0] == near([10, 35, 0])
    assert p["equity_residual"] == near([0])
    assert p["debt", "paper_default_month"][:, 0] == near([1, 1, 1])


def test_convertible_notes_that_rank_with_other_creditors(toy: Toy) -> None:
    """The 35 left after the first lien are shared by 40 and 20 alike."""
    rows = [LIEN, NOTE, CONVERTIBLE | {"ranking": "unsecured"}]
    p = toy(1, finance=COSTS, treasury=NO_SALE | {"cash": 20.0, "btc": 500.0}, debt=rows)
    assert p["debt", "recovered_at_default"][:, 0] == near([10, 35 * 40 / 60, 35 * 20 / 60])


def test_raising_a_rank_never_lowers_what_comes_back(toy: Toy) -> None:
    found = []
    for rank in ("by_kind", "unsecured", "secured"):
        rows = [LIEN, NOTE, CONVERTIBLE | {"ranking": rank}]
        p = toy(1, finance=COSTS, treasury=NO_SALE | {"cash": 20.0, "btc": 500.0}, debt=rows)
        found.append(p["debt", "recovered_at_default"][2, 0])
    assert found == sorted(found)
    assert found[0] < found[1] < found[2]


def test_a_fully_secured_loan_loses_nothing(toy: Toy) -> None:
    """30 against 500 BTC at a price that stands is whole; of the 20 beyond it 18 are left for 10 of a note unpaid."""
    loan = {"kind": "btc_loan", "principal": 30.0, "collateral_btc": 500.0, "maturity": end(24)}
    rows = [loan, {"principal": 110.0, "maturity": end(1)}]
    p = toy(1, finance=COSTS, treasury=NO_SALE | {"btc": 500.0}, debt=rows)
    assert p["debt", "recovered_at_default"][:, 0] == near([30, 10])
    assert p["debt", "claim_at_default"][:, 0] == near([30, 10])


def test_a_lender_without_recourse(toy: Toy) -> None:
    """5 EH/s at 15 USD/TH and half of it are worth 37.5: the claim of 60 ends there, and the company goes on."""
    fleet = {"hashrate": 10.0, "efficiency": 20.0, "power_price": 0.0}
    loan = {
        "kind": "equipment",
        "principal": 60.0,
        "maturity": end(1),
        "recourse": False,
        "collateral_hashrate": 5.0,
        "machine_resale": 0.5,
    }
    p = toy(2, treasury={"cash": 0.0} | NO_SALE, fleet=[fleet], debt=[loan])
    assert p["debt", "paper_default_month"][0] == near([1, 1])
    assert p["debt", "claim_at_default"][0] == near([60, 60])
    assert p["debt", "recovered_at_default"][0] == near([37.5, 37.5])
    assert p["collateral_taken_month"] == near([1, 1])
    assert not p["defaulted"].any()


HALL: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 10.0,
    "annual_revenue": 12.0,
    "noi_margin": 0.5,
    "capex_per_mw": 8.0,
    "capex_spent": 80.0,
    "loan_principal": 100.0,
    "loan_coupon": 0.12,
    "loan_maturity": end(36),
}
MARKET = {"noi_multiple": 10.0, "finished_discount": 0.25, "unfinished_discount": 0.5, "administration_share": 0.1}


def test_a_finished_project_taken_by_its_lenders(toy: Toy) -> None:
    """Half a million a month does not pay 1.02 of interest. 6 a year at 10 is 60, below 80 of cost; sold at 45."""
    p = toy(1, finance=MARKET, hpc=[HALL])
    interest = 100 * 0.12 * 31 / 365
    assert p["hpc", "loan_default_month"][0] == near([1])
    assert p["hpc", "loan_claim_at_default"][0] == near([100 + interest - 0.5])
    assert p["hpc", "loan_recovered_at_default"][0] == near([45])
    assert not p["defaulted"].any()


def test_building_it_anew_bounds_the_price(toy: Toy) -> None:
    """24 a month earn 12: 1,440 at 10, but 80 built it; 60 less 20 owed leave 40 to the owners."""
    rich = HALL | {"annual_revenue": 288.0, "loan_principal": 20.0}
    p = toy(1, finance=MARKET, hpc=[rich])
    assert p["hpc", "building_value"][0] == near([60])
    assert p["hpc", "ring_equity"][0] == near([40])
    assert p["gross_estate"] == near(p["cash"] + 40)


def test_a_completion_guarantee_is_a_claim_on_the_parent(toy: Toy) -> None:
    """A paid but undelivered hall would bring half of 60: its lenders lack 70, which share 90 with a note of 40."""
    site = HALL | {
        "delivered_mw": 0.0,
        "first_delivery": end(6),
        "full_delivery": end(6),
        "loan_principal": 100.0,
        "loan_coupon": 0.0,
        "completion_guarantee": True,
    }
    p = toy(1, finance=MARKET, hpc=[site], treasury={"cash": 100.0}, debt=[{"principal": 40.0, "maturity": end(24)}])
    assert p["hpc", "building_value"][0] == near([30])
    assert p["hpc", "guarantee_claim"][0] == near([70])
    assert p["unsecured_recovery"] == near([90 / 110])
    assert p["hpc", "guarantee_recovered"][0] == near([70 * 90 / 110])


EMPTY = HALL | {"tenant_default_hazard": 1.0, "reletting_months": 12.0, "reletting_rent": 0.8}
"""Its tenant fails in month 1: 11 more months without rent and with 6 a year of cost, then 9.6 a year."""
LOST = MARKET | {"relet_multiple": 5.0, "site_resale": 0.2}


def test_without_the_tenant_no_contract_is_sold(toy: Toy) -> None:
    """3.6 a year at 5 are 18, less 9.6 * 11 / 12 = 8.8 of rent lost: 9.2, sold at 6.9 where the contract had 45."""
    p = toy(1, finance=LOST, hpc=[EMPTY], tenant_clock=[0.01])
    assert p["hpc", "loan_default_month"][0] == near([1])
    assert p["hpc", "vacancy_loss"][0] == near([8.8])
    assert p["hpc", "loan_recovered_at_default"][0] == near([6.9])


def test_a_guarantee_is_worth_what_is_left_of_it(toy: Toy) -> None:
    """47 of 48 are left, 47 / 12 years of 12 less 6: 23.5, more than 18 let again, nothing lost on the way: 17.625."""
    row = EMPTY | {"backstop_share": 1.0, "backstop_cap": 48.0}
    p = toy(1, finance=LOST, hpc=[row], tenant_clock=[0.01])
    assert p["hpc", "relet_value"][0] == near([18])
    assert p["hpc", "guaranteed_value"][0] == near([23.5])
    assert p["hpc", "loan_recovered_at_default"][0] == near([17.625])


def test_land_and_power_are_left_where_nothing_is_let(toy: Toy) -> None:
    """At 0.4 of the rent a new tenant does not pay the site's cost: ten megawatts at 0.2 are 2."""
    p = toy(1, finance=LOST, hpc=[EMPTY | {"reletting_rent": 0.4}], tenant_clock=[0.01])
    assert p["hpc", "loan_recovered_at_default"][0] == near([2])


DUE: Row = {"principal": 150.0, "maturity": end(2), "refinanceable": False}
EXCHANGE = COSTS | {"exchange_price": 0.75}
EARNS = {"other_income": 3.0}


def test_a_distressed_exchange_is_a_default_of_what_is_exchanged(toy: Toy) -> None:
    """48 of 150 cannot be repaid and become 36 of new notes; a second note, due later, is in no default."""
    p = toy(3, costs=EARNS, finance=EXCHANGE, debt=[DUE, NOTE])
    assert p["exchange_month"] == near([0, 2, 2])
    assert p["payment_default_month"] == near([0, 0, 0])
    assert p["credit_event_month"] == near([0, 2, 2])
    assert p["debt", "paper_default_month"][:, 2] == near([2, 0])
    assert p["debt", "claim_at_default"][0, 2] == near(48)
    assert p["debt", "recovered_at_default"][0, 2] == near(36)


def test_new_notes_share_with_convertible_ones(toy: Toy) -> None:
    """A month after the exchange 100 of a purchase find 1 less a month of 8 % on 36: suppliers have all of it first.

    1,300 BTC nobody buys in time are worth 130, 117 after costs; the notes have what suppliers leave.
    """
    bought = [{"purchase_price": 100.0, "purchase_date": end(3)}]
    money = NO_SALE | {"cash": 100.0, "btc": 1300.0}
    p = toy(3, treasury=money, costs=EARNS, finance=EXCHANGE, debt=[DUE], purchase=bought)
    claim = 100 - (1 - 2.88 * 31 / 365)
    assert p["payment_default_month"] == near([0, 0, 3])
    assert p["trade_recovered"][2] == near(claim)
    assert p["notes_recovered"][2] == near(117 - claim)
    assert p["subordinated_recovery"][2] == near((117 - claim) / 36)
    assert p["check_recovery"] == near([0, 0, 0])
