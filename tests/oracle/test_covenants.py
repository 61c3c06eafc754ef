"""Covenants of corporate debt and of a project's loan: headroom, draws stopped, cures, calls, cross-default."""

from tests.oracle.build import Row, Toy, end, near

LOAN: Row = {"principal": 40.0, "maturity": end(24), "minimum_liquidity": 50.0}
NOTE: Row = {"principal": 20.0, "maturity": end(24)}
SPENT = {"cash_sga": 90.0}  # 30 a month


def test_a_breach_is_called_and_paid(toy: Toy) -> None:
    """70, then 40 in month 2, 10 below the least: called, and due in month 3, when 10 are left to pay 40."""
    p = toy(3, costs=SPENT, debt=[LOAN])
    assert p["debt", "liquidity_headroom"][0, :2] == near([20, -10])
    assert p["debt", "in_breach"][0] == near([0, 1, 0])
    assert p["debt", "accelerated"][0] == near([0, 1, 1])
    assert p["debt", "principal_due"][0] == near([0, 0, 40])
    assert p["debt", "balance"][0] == near([40, 40, 30])
    assert p["default_month"] == near([0, 0, 3])
    assert p["liquidity_short_month"] == near([0, 2, 2])
    assert p["acceleration_month"] == near([0, 2, 2])
    assert p["credit_event_month"] == near([0, 2, 2])


def test_a_covenant_left_out_is_none(toy: Toy) -> None:
    p = toy(3, costs=SPENT, debt=[NOTE | {"principal": 40.0}])
    assert p["cash"] == near([70, 40, 10])
    assert p["credit_event_month"] == near([0, 0, 0])


def test_free_bitcoin_counts_where_it_is_said_to(toy: Toy) -> None:
    """In month 2 cash is 40 and 100 BTC are worth 10: as much as asked, which is no breach."""
    kept = {"btc": 100.0, "btc_sale_cap": 0.0, "production_sold": 0.0}
    p = toy(2, treasury=kept, costs=SPENT, debt=[LOAN | {"bitcoin_counts": True}])
    assert p["debt", "liquidity_headroom"][0] == near([30, 0])
    assert p["credit_event_month"] == near([0, 0])


def test_a_breach_cured_and_one_not(toy: Toy) -> None:
    """One cure of 5: the breach of month 2 is answered by 5 in month 3, the next is not and the loan is called."""
    rows = [LOAN | {"cure_number": 1.0, "cure_amount": 5.0, "minimum_liquidity": 75.0}]
    p = toy(4, costs={"cash_sga": 30.0}, debt=rows)
    assert p["cash"][:3] == near([90, 80, 70])
    assert p["debt", "in_breach"][0] == near([0, 0, 1, 1])
    assert p["debt", "cured"][0] == near([0, 0, 1, 0])
    assert p["debt", "balance"][0] == near([40, 40, 40, 35])
    assert p["cash"][3] == near(55)
    assert p["debt", "accelerated"][0] == near([0, 0, 0, 1])
    assert p["breach_month"] == near([0, 0, 3, 3])
    assert not p["defaulted"].any()


def test_a_grace_period(toy: Toy) -> None:
    """In breach from month 3 on, two months allowed: the third, month 5, is an event of default."""
    p = toy(5, costs={"cash_sga": 30.0}, debt=[LOAN | {"minimum_liquidity": 75.0, "grace_months": 2.0}])
    assert p["debt", "breach_months"][0] == near([0, 0, 1, 2, 3])
    assert p["debt", "accelerated"][0] == near([0, 0, 0, 0, 1])


def test_cross_default(toy: Toy) -> None:
    """The loan of 40 is called in month 3: that is above 30 and calls the note that says 30, not the one without."""
    rows = [LOAN | {"minimum_liquidity": 75.0}, NOTE | {"cross_default_threshold": 30.0}, NOTE]
    p = toy(4, costs={"cash_sga": 30.0}, debt=rows)
    assert p["debt", "accelerated"][:, 2] == near([1, 1, 0])
    assert p["cross_default_month"] == near([0, 0, 3, 3])
    assert p["debt", "principal_due"][:, 3] == near([40, 20, 0])
    assert p["debt", "balance"][:, 3] == near([0, 0, 20])


def test_below_its_threshold_nothing_crosses(toy: Toy) -> None:
    rows = [LOAN | {"minimum_liquidity": 75.0}, NOTE | {"cross_default_threshold": 40.0}]
    p = toy(4, costs={"cash_sga": 30.0}, debt=rows)
    assert p["debt", "accelerated"][:, 3] == near([1, 0])
    assert p["cross_default_month"] == near([0, 0, 0, 0])


def test_a_breach_stops_draws(toy: Toy) -> None:
    """Market value of 1,000 falls to 800, below 900: the line of 50 cannot be drawn the month after, and is called."""
    line = {"kind": "revolver", "principal": 0.0, "undrawn": 50.0, "maturity": end(24), "minimum_market_cap": 900.0}
    p = toy(3, debt=[line], share=[10.0, 8.0, 8.0])
    assert p["debt", "market_cap_headroom"][0] == near([100, -100, -100])
    assert p["debt", "headroom"][0] == near([50, 50, 0])


def test_cover_of_a_project_below_the_least_allowed(toy: Toy) -> None:
    """1.2 a month against interest of 1: below 1.25 for a month of grace and one more, then the lenders take it."""
    hall = {
        "leased_mw": 10.0,
        "delivered_mw": 10.0,
        "annual_revenue": 18.0,
        "noi_margin": 0.8,
        "loan_principal": 100.0,
        "loan_coupon": 0.12,
        "loan_maturity": end(36),
        "default_dscr": 1.25,
        "loan_grace_months": 1.0,
    }
    p = toy(3, hpc=[hall])
    assert p["hpc", "dscr_headroom"][0, :2] == near([-0.05, -0.05])
    assert p["hpc", "loan_called"][0] == near([0, 1, 1])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])
    assert p["project_default_month"] == near([0, 0, 3])
    assert p["breach_month"] == near([1, 1, 1])
    assert not p["defaulted"].any()


def test_a_month_the_owners_pay_for_is_cured(toy: Toy) -> None:
    """Two months stand empty and are paid for by the owners: in breach, never a month of it counted, nothing called."""
    hall = {
        "leased_mw": 10.0,
        "delivered_mw": 10.0,
        "annual_revenue": 24.0,
        "noi_margin": 0.8,
        "loan_principal": 100.0,
        "loan_coupon": 0.12,
        "loan_maturity": end(36),
        "default_dscr": 1.0,
        "tenant_default_hazard": 1.0,
        "reletting_months": 2.0,
        "reletting_rent": 0.9,
    }
    p = toy(5, hpc=[hall | {"cure_months": 3.0}], tenant_clock=[0.1])
    assert p["hpc", "loan_in_breach"][0] == near([0, 1, 1, 0, 0])
    assert p["hpc", "loan_breach_months"][0] == near([0, 0, 0, 0, 0])
    assert p["cure_month"] == near([0, 2, 2, 2, 2])
    assert p["credit_event_month"][-1] == 2
    assert not p["hpc", "ring_defaulted"].any()
    assert toy(3, hpc=[hall], tenant_clock=[0.1])["hpc", "ring_defaulted"][0, 1] == 1
