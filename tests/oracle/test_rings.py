"""Ring-fenced loans: 100 at 12 % on a building that earns 8 a month, and what reaches its owners."""

from tests.oracle.build import Row, Toy, end, near

HALL: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 10.0,
    "annual_revenue": 120.0,
    "noi_margin": 0.8,
    "loan_principal": 100.0,
    "loan_coupon": 0.12,
    "loan_maturity": end(36),
}
JANUARY, FEBRUARY, MARCH = 100 * 0.12 * 31 / 365, 100 * 0.12 * 28 / 365, 100 * 0.12 * 31 / 365

SITE: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 0.0,
    "first_delivery": end(4),
    "full_delivery": end(4),
    "loan_principal": 100.0,
    "loan_coupon": 0.12,
    "loan_maturity": end(36),
}
"""The same building four months before delivery; construction is paid unless a case adds some."""


def test_bullet_loan_and_distribution(toy: Toy) -> None:
    """8 less interest of 1.019178 goes to the parent; cover 8 over a twelfth of a year's interest."""
    p = toy(2, hpc=[HALL])
    assert p["hpc", "loan_interest"][0] == near([JANUARY, FEBRUARY])
    assert p["hpc", "dscr"][0] == near([8, 8])
    assert p["cash"] == near([108 - JANUARY, 116 - JANUARY - FEBRUARY])
    assert p["hpc", "ring_cash"][0] == near([0, 0])
    assert p["net_income"] == near([8 - JANUARY, 8 - FEBRUARY])


def test_sculpted_loan(toy: Toy) -> None:
    """8 / 1.25 = 6.4 less a twelfth of a year's interest repays each month: 5.4, then 5.454, then 5.50854."""
    p = toy(3, hpc=[HALL | {"loan_amortisation": "sculpted", "target_dscr": 1.25}])
    assert p["hpc", "loan_balance"][0] == near([94.6, 94.6 - 5.454, 94.6 - 5.454 - 5.50854])
    assert p["hpc", "dscr"][0] == near([1.25, 1.25, 1.25])
    second = 94.6 * 0.12 * 28 / 365
    third = (94.6 - 5.454) * 0.12 * 31 / 365
    assert p["cash"] == near(
        [100 + 2.6 - JANUARY, 102.6 - JANUARY + 2.546 - second, 105.146 - JANUARY - second + 2.49146 - third]
    )


def test_schedule_does_not_fall_with_the_tenant(toy: Toy) -> None:
    """The tenant is lost in month 2: 5.454 still fall due, as the contract had it, and the site costs 2 a month.

    January: 20 + 8 - 1.019178 - 5.4 stay. February takes 0.870838 + 5.454 + 2, March as much; April finds too little.
    """
    row = HALL | {"loan_amortisation": "sculpted", "reserve_months": 12.0, "tenant_default_hazard": 0.12}
    p = toy(4, treasury={"restricted_cash": 20.0}, hpc=[row], tenant_clock=[0.015])
    assert p["hpc", "loan_scheduled"][0, :3] == near([5.4, 5.454, 5.50854])
    assert p["hpc", "cfads"][0] == near([8, -2, -2, -2])
    left = 20 + 8 - JANUARY - 5.4
    left -= 94.6 * 0.12 * 28 / 365 + 5.454 + 2
    assert p["hpc", "ring_cash"][0, 1] == near(left)
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 0, 1])
    assert p["cash"] == near([100] * 4)


EMPTY = HALL | {"tenant_default_hazard": 1.0, "reletting_months": 2.0, "reletting_rent": 0.8, "cure_months": 3.0}
"""Its tenant fails in month 2: two months without rent and with 2 of cost, then 0.8 * 10 - 2 = 6."""


def test_owner_with_cash_cures_an_empty_hall(toy: Toy) -> None:
    """February and March ask 2 and the interest of the owner's 107; from April the ring stands alone again."""
    p = toy(5, hpc=[EMPTY], tenant_clock=[0.1])
    assert p["hpc", "cures"][0] == near([0, 1, 1, 0, 0])
    assert not p["hpc", "ring_defaulted"].any()
    paid = 100 + 8 - JANUARY - (2 + FEBRUARY) - (2 + MARCH)
    assert p["cash"][[2, 3]] == near([paid, paid + 6 - 100 * 0.12 * 30 / 365])


def test_cures_are_counted(toy: Toy) -> None:
    """One month is cured, the second hands the hall over and costs the owner nothing more."""
    p = toy(4, hpc=[EMPTY | {"cure_months": 1.0}], tenant_clock=[0.1])
    assert p["hpc", "cured_months"][0] == near([0, 1, 1, 1])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1, 1])
    assert p["cash"][1:] == near([100 + 8 - JANUARY - 2 - FEBRUARY] * 3)
    assert not p["defaulted"].any()


def test_nobody_cures_what_is_not_worth_it_or_without_the_cash(toy: Toy) -> None:
    """Let again at 25 % the hall earns 2.5 - 2, less than its interest; 106 of the 107 are kept for a note."""
    assert toy(2, hpc=[EMPTY | {"reletting_rent": 0.25}], tenant_clock=[0.1])["hpc", "ring_defaulted"][0, 1] == 1
    note = {"principal": 106.0, "maturity": end(12), "refinanceable": False}
    p = toy(2, finance={"payment_horizon": 24}, debt=[note], hpc=[EMPTY], tenant_clock=[0.1])
    assert p["hpc", "ring_defaulted"][0, 1] == 1


def test_sculpted_loan_is_not_repaid_from_nothing(toy: Toy) -> None:
    """No rent: 10 of ring cash pays interest until it is gone; nothing is scheduled on cash flow of zero."""
    row = HALL | {"loan_amortisation": "sculpted", "annual_revenue": 0.0}
    p = toy(2, treasury={"restricted_cash": 10.0}, hpc=[row])
    assert p["hpc", "loan_scheduled"][0] == near([0, 0])
    assert p["hpc", "ring_cash"][0] == near([10 - JANUARY, 10 - JANUARY - FEBRUARY])
    assert p["cash"] == near([100, 100])


def test_reserve(toy: Toy) -> None:
    """Six months of 1.0 are kept; 10 were there."""
    p = toy(2, treasury={"restricted_cash": 10.0}, hpc=[HALL | {"reserve_months": 6.0}])
    assert p["hpc", "ring_cash"][0] == near([6, 6])
    assert p["hpc", "reserve"][0] == near([6, 6])
    assert p["cash"] == near([100 + 10 + 8 - JANUARY - 6, 100 + 10 + 16 - JANUARY - FEBRUARY - 6])


def test_reserve_pays_no_construction(toy: Toy) -> None:
    """20 in the ring, 6 of it reserve. 15.625 of bills find 14 less interest; the guarantor pays the rest."""
    row = SITE | {"capex_per_mw": 10.0, "capex_spent": 0.0, "reserve_months": 6.0}
    p = toy(1, treasury={"restricted_cash": 20.0}, hpc=[row])
    assert p["hpc", "paid_in"][0] == near([15.625 - (14 - JANUARY)])
    assert p["hpc", "ring_cash"][0] == near([6])
    assert p["hpc", "reserve"][0] == near([6])


def test_reserve_pays_debt_service_and_is_filled_again(toy: Toy) -> None:
    """Finished, 4 in reserve of 6. January earns nothing and takes 1.019178; from February 8 a month fill it up."""
    row = HALL | {"reserve_months": 6.0, "delivered_mw": 0.0, "first_delivery": end(2), "full_delivery": end(2)}
    p = toy(3, treasury={"restricted_cash": 4.0}, hpc=[row])
    assert p["hpc", "reserve"][0] == near([4 - JANUARY, 6, 6])
    assert p["hpc", "paid_in"][0] == near([0, 0, 0])
    assert p["cash"][1] == near(100 + 4 - JANUARY + 8 - FEBRUARY - 6)


def test_reserve_is_filled_when_a_loan_closes(toy: Toy) -> None:
    """100 close in month 2: 6 go to reserve, 34.375 to the second bill, nothing leaves the ring."""
    row = SITE | {"capex_per_mw": 10.0, "capex_spent": 0.0, "reserve_months": 6.0, "loan_issue_date": end(2)}
    p = toy(2, hpc=[row])
    assert p["hpc", "reserve"][0] == near([0, 6])
    assert p["hpc", "ring_cash"][0] == near([0, 100 - 34.375])
    assert p["cash"] == near([100 - 15.625] * 2)


def test_lock_up(toy: Toy) -> None:
    """1.12 a month, of which 0.05 is credit in January: cover 1.07, locked. February's 1.12 is enough: all leaves."""
    row = HALL | {"annual_revenue": 16.8, "tenant_prepayment": 0.05}
    p = toy(2, hpc=[row])
    assert p["hpc", "noi"][0] == near([1.12, 1.12])
    assert p["hpc", "dscr"][0] == near([1.07, 1.12])
    assert p["hpc", "free_to_distribute"][0] == near([0, 1])
    assert p["hpc", "ring_cash"][0] == near([1.07 - JANUARY, 0])
    assert p["cash"] == near([100, 100 + 2.19 - JANUARY - FEBRUARY])


def test_sweep(toy: Toy) -> None:
    """Half of what is left repays the loan."""
    p = toy(2, hpc=[HALL | {"cash_sweep": 0.5}])
    left = 8 - JANUARY
    balance = 100 - left / 2
    next_left = 8 - balance * 0.12 * 28 / 365
    assert p["hpc", "loan_balance"][0] == near([balance, balance - next_left / 2])
    assert p["cash"] == near([100 + left / 2, 100 + left / 2 + next_left / 2])


def test_owner_of_a_bare_majority(toy: Toy) -> None:
    """50.1 % of what leaves the ring reaches the parent; the project is consolidated in full."""
    p = toy(1, hpc=[HALL | {"ownership": 0.501}])
    assert p["cash"] == near([100 + 0.501 * (8 - JANUARY)])
    assert p["hpc", "minority_distribution"][0] == near([0.499 * (8 - JANUARY)])
    assert p["ebitda"] == near([8])
    assert p["book_equity"][0] == near(100 - 100 + 8 - JANUARY - 0.499 * (8 - JANUARY))


def test_restricted_cash_pro_rata_to_the_loans(toy: Toy) -> None:
    """30 against loans of 100 and 200; nobody earns, so it pays interest in each ring."""
    row = HALL | {"annual_revenue": 0.0}
    p = toy(1, treasury={"restricted_cash": 30.0}, hpc=[row, row | {"loan_principal": 200.0}])
    assert p["hpc", "ring_cash"][:, 0] == near([10 - JANUARY, 20 - 2 * JANUARY])
    assert p["cash"] == near([100])


def test_restricted_cash_of_a_loan_not_yet_closed(toy: Toy) -> None:
    """What is restricted at the balance-sheet date secures the loan that exists then, not one of month 2."""
    row = HALL | {"annual_revenue": 0.0}
    later = row | {"loan_principal": 200.0, "loan_issue_date": end(2)}
    p = toy(1, treasury={"restricted_cash": 30.0}, hpc=[row, later])
    assert p["hpc", "ring_cash"][:, 0] == near([30 - JANUARY, 0])
    assert p["cash"] == near([100])


def test_restricted_cash_without_loans_pays_no_bill(toy: Toy) -> None:
    p = toy(1, treasury={"restricted_cash": 30.0, "cash": 5.0}, costs={"cash_sga": 30.0})
    assert p["default_month"] == near([1])
    assert p["parent_restricted_cash"] == near([30])
    assert p["assets"] == near([30])


def test_closing_of_a_loan(toy: Toy) -> None:
    """Month 2: 100 less fees of 3; 20 go back to the parent and 30 repay its note; 47 stay. Interest from month 3."""
    row = SITE | {"loan_issue_date": end(2), "loan_issue_cost": 3.0, "loan_distribution": 20.0}
    p = toy(
        3,
        hpc=[row | {"loan_repays_parent": 30.0}],
        debt=[{"principal": 30.0, "maturity": end(24), "repaid_date": end(2)}],
    )
    assert p["hpc", "loan_balance"][0] == near([0, 100, 100])
    assert p["hpc", "ring_cash"][0] == near([0, 47, 47 - MARCH])
    assert p["cash"] == near([100, 120, 120])
    assert p["debt", "balance"][0] == near([30, 0, 0])
    assert p["net_income"] == near([0, -3, -MARCH])


def test_loan_pays_construction_before_the_parent_does(toy: Toy) -> None:
    """40 of restricted cash pay 15.625 and 24.375 - interest of the second bill; the guarantor pays the rest."""
    row = SITE | {"capex_per_mw": 10.0, "capex_spent": 0.0, "loan_coupon": 0.0}
    p = toy(3, treasury={"restricted_cash": 40.0}, hpc=[row])
    assert p["hpc", "ring_cash"][0] == near([24.375, 0, 0])
    assert p["hpc", "paid_in"][0] == near([0, 10, 34.375])
    assert p["cash"] == near([100, 90, 55.625])


def test_completion_guarantee(toy: Toy) -> None:
    """Nothing is delivered before month 4: the parent pays the interest until then."""
    p = toy(3, hpc=[SITE])
    assert p["hpc", "paid_in"][0] == near([JANUARY, FEBRUARY, MARCH])
    assert p["cash"][-1] == near(100 - JANUARY - FEBRUARY - MARCH)
    assert not p["hpc", "ring_defaulted"].any()


def test_completion_guarantee_shared_with_other_owners(toy: Toy) -> None:
    p = toy(1, hpc=[SITE | {"ownership": 0.6}])
    assert p["cash"] == near([100 - 0.6 * JANUARY])
    assert p["hpc", "minority_paid_in"][0] == near([0.4 * JANUARY])


def test_completion_guarantee_that_cannot_be_paid(toy: Toy) -> None:
    """0.5 in cash against interest of 1.019178: parent and project default together, first unpaid bill 5."""
    p = toy(1, treasury={"cash": 0.5}, hpc=[SITE])
    assert p["first_unpaid_bill"] == near([5])
    assert p["unpaid"] == near([JANUARY - 0.5])
    assert p["hpc", "ring_defaulted"][0] == near([1])


def test_completion_guarantee_covers_the_last_bill(toy: Toy) -> None:
    """Delivered in month 4, when the last 15.625 of 100 fall due: the guarantor pays what completes the building."""
    row = SITE | {"capex_per_mw": 10.0, "capex_spent": 0.0, "loan_coupon": 0.0}
    p = toy(5, treasury={"cash": 150.0}, hpc=[row])
    assert p["hpc", "paid_in"][0] == near([15.625, 34.375, 34.375, 15.625, 0])
    assert p["cash"][-1] == near(50)


FRUGAL = {"cash_sga": 0.75}  # 0.25 a month
KEPT = {"cash": 3.25, "minimum_cash_months": 12.0}  # twelve months of it are kept: nothing is over for a project


def test_without_guarantee_the_ring_falls_and_the_parent_stands(toy: Toy) -> None:
    """January: 1.5 - 1.019178 = 0.480822 stay. February asks 0.920548: 0.480822 is paid, the lenders take the project.

    50 of building go with a loan of 100: a gain of 50. The parent is not bound: it keeps its minimum cash.
    """
    row = SITE | {"capex_per_mw": 5.0, "capex_spent": 50.0, "completion_guarantee": False}
    p = toy(4, treasury=KEPT | {"restricted_cash": 1.5}, costs=FRUGAL, hpc=[row])
    left = 1.5 - JANUARY
    assert p["hpc", "ring_defaulted"][0] == near([0, 1, 1, 1])
    assert p["hpc", "loan_interest_paid"][0] == near([JANUARY, left, 0, 0])
    assert p["hpc", "loan_balance"][0] == near([100, 0, 0, 0])
    assert p["hpc", "hpc_assets"][0] == near([50, 0, 0, 0])
    assert p["hpc", "ring_cash"][0] == near([left, 0, 0, 0])
    assert p["hpc", "delivered_mw"][0] == near([0, 0, 0, 0])
    assert p["net_income"] == near([-0.25 - JANUARY, -0.25 + 50 - left, -0.25, -0.25])
    assert p["cash"] == near([3, 2.75, 2.5, 2.25])
    assert p["projects_lost"] == near([0, 1, 1, 1])
    assert not p["defaulted"].any()


def test_without_guarantee_the_parent_helps_from_what_is_over(toy: Toy) -> None:
    """February: 4.5 - 0.5 is 1 above the minimum of 3 and pays what interest lacks. In March nothing is over."""
    row = SITE | {"completion_guarantee": False}
    p = toy(3, treasury=KEPT | {"cash": 4.5, "restricted_cash": 1.1}, costs=FRUGAL, hpc=[row])
    left = 1.1 - JANUARY
    assert p["hpc", "paid_in"][0] == near([0, FEBRUARY - left, 0])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])
    assert p["cash"] == near([4.25, 4 - (FEBRUARY - left), 3.75 - (FEBRUARY - left)])


def test_owners_sell_bitcoin_for_a_half_built_project(toy: Toy) -> None:
    """No guarantee, no cash over, 1000 BTC: each month's interest is raised to keep the building."""
    row = SITE | {"completion_guarantee": False}
    p = toy(3, treasury={"cash": 0.0, "btc": 1000.0}, hpc=[row])
    assert p["btc_sold"] == near([10 * JANUARY, 10 * FEBRUARY, 10 * MARCH])
    assert p["cash"] == near([0, 0, 0])
    assert not p["hpc", "ring_defaulted"].any()


def test_finished_ring_that_cannot_pay_interest(toy: Toy) -> None:
    """Rent 0.5 a month, restricted cash 1: 0.480822, then 0.060274, then default in month 3. No call on the parent."""
    p = toy(3, treasury={"restricted_cash": 1.0}, hpc=[HALL | {"annual_revenue": 7.5}])
    assert p["hpc", "ring_cash"][0] == near([1.5 - JANUARY, 2 - JANUARY - FEBRUARY, 0])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])
    assert p["cash"] == near([100, 100, 100])


def test_machines_do_not_return_with_a_lost_project(toy: Toy) -> None:
    """50 of 200 MW left the fleet in month 1. The lenders take the hall in month 3: the machines do not come back."""
    row = HALL | {"delivered_mw": 0.0, "first_delivery": end(1), "full_delivery": end(1), "annual_revenue": 7.5}
    p = toy(
        4,
        treasury={"restricted_cash": 1.0},
        hpc=[row | {"mining_mw_displaced": 50.0}],
        fleet=[{"hashrate": 10.0, "efficiency": 20.0, "power_price": 40.0}],
    )
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1, 1])
    assert p["fleet", "hashrate"][0] == near([7.5, 7.5, 7.5, 7.5])


COSTED: Row = {"capex_per_mw": 10.0, "capex_spent": 100.0, "loan_maturity": end(3)}


def test_loan_rolled_over(toy: Toy) -> None:
    """Due in month 3, cost 100: rolled in month 1 to month 25, from month 2 at max(12 % + 2 %, 8 %)."""
    p = toy(4, hpc=[HALL | COSTED])
    assert p["hpc", "loan_due_month"][0] == near([25, 25, 25, 25])
    assert p["hpc", "loan_interest"][0, :2] == near([JANUARY, 100 * 0.14 * 28 / 365])
    assert p["hpc", "loan_balance"][0] == near([100] * 4)


def test_loan_is_rolled_over_in_a_known_month_as_in_any(toy: Toy) -> None:
    known = [{"month": "2027-01", "price_mean": 100_000.0, "price_end": 100_000.0, "hashrate": 1000.0}]
    p = toy(2, known_month=known, hpc=[HALL | COSTED])
    assert p["hpc", "loan_due_month"][0] == near([25, 25])


def test_loan_above_cost_and_cover_is_not_rolled_over(toy: Toy) -> None:
    """110 on a building of 100; 1.6 a month cover 110 * 14 % of new interest 19.2 / 15.4 = 1.247 times, below 1.25.

    Due in month 3 the ring has 1.6, interest comes first; the lenders take the hall, the parent stands.
    """
    p = toy(3, hpc=[HALL | COSTED | {"loan_principal": 110.0, "annual_revenue": 24.0}])
    assert p["hpc", "loan_balloon"][0] == near([0, 0, 110])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])
    assert p["hpc", "loan_interest_paid"][0, 2] == near(1.1 * MARCH)
    assert p["hpc", "loan_repaid"][0, 2] == near(1.6 - 1.1 * MARCH)
    assert not p["defaulted"].any()


def test_loan_above_its_cost_is_rolled_over_on_its_cover(toy: Toy) -> None:
    """1.62 a month: 19.44 / 15.4 = 1.262."""
    p = toy(3, hpc=[HALL | COSTED | {"loan_principal": 110.0, "annual_revenue": 24.3}])
    assert p["hpc", "refinancing_cover"][0, 0] == near(19.44 / 15.4)
    assert p["hpc", "loan_due_month"][0] == near([25, 25, 25])


def test_closed_window_ends_the_ring(toy: Toy) -> None:
    p = toy(3, hpc=[HALL | COSTED], credit_open=0)
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])
    assert p["cash"] == near([108 - JANUARY, 116 - JANUARY - FEBRUARY, 116 - JANUARY - FEBRUARY])


def test_loan_without_coupon_is_not_locked_up(toy: Toy) -> None:
    """Nothing to serve is covered: 8 a month reach the parent."""
    p = toy(2, hpc=[HALL | {"loan_coupon": 0.0}])
    assert p["cash"] == near([108, 116])


def test_signed_loan_pays_the_construction_to_come(toy: Toy) -> None:
    """90 close in month 2. January's 15.625 come from cash; no bitcoin is sold ahead for what the loan will pay."""
    row = SITE | {"capex_per_mw": 10.0, "loan_principal": 90.0, "loan_coupon": 0.0, "loan_issue_date": end(2)}
    p = toy(3, treasury={"cash": 20.0, "btc": 1000.0}, hpc=[row])
    assert p["hpc", "ring_cash"][0] == near([0, 90 - 34.375, 90 - 68.75])
    assert p["btc_sold"] == near([0, 0, 0])
    assert p["cash"] == near([4.375] * 3)


def test_no_loan_closes_on_a_lost_project(toy: Toy) -> None:
    """The ring has no loan yet and falls with its first: lost in month 2. The second closing, month 4, never comes."""
    falls = SITE | {"completion_guarantee": False, "loan_issue_date": end(1), "loan_principal": 0.5}
    p = toy(4, treasury=KEPT, costs=FRUGAL, hpc=[falls | {"loan_issue_cost": 0.5, "loan_distribution": 0.0}])
    assert p["hpc", "ring_defaulted"][0] == near([0, 1, 1, 1])
    later = HALL | {"loan_issue_date": end(4), "loan_distribution": 20.0, "tenant_default_hazard": 0.6}
    q = toy(5, hpc=[later], tenant_clock=[0.07])  # 0.05 a month: the tenant fails in month 2
    assert q["hpc", "loan_issued"][0] == near([0] * 5)
    assert q["hpc", "closing_distribution"][0] == near([0] * 5)


def test_nothing_but_the_closing_leaves_in_the_month_a_loan_closes(toy: Toy) -> None:
    """A finished hall borrows 100 in month 2, 20 for the parent. Until then its 8 a month stay: the lender's to be.

    The other 80 and 8 of month 2 stay too; in month 3 all 96 + 8 less interest leave.
    """
    p = toy(3, hpc=[HALL | {"loan_issue_date": end(2), "loan_distribution": 20.0}])
    assert p["cash"] == near([100, 120, 120 + 96 + 8 - MARCH])
    assert p["hpc", "ring_cash"][0] == near([8, 96, 0])


def test_cash_restricted_for_a_loan_to_come_pays_no_salaries(toy: Toy) -> None:
    """50 of restricted cash belong to the ring whose loan closes in month 6; salaries of 10 find 5: default."""
    row = HALL | {"loan_issue_date": end(6), "annual_revenue": 0.0}
    p = toy(1, treasury={"restricted_cash": 50.0, "cash": 5.0}, costs={"cash_sga": 30.0}, hpc=[row])
    assert p["hpc", "ring_cash"][0] == near([50])
    assert p["first_unpaid_bill"] == near([1])


def test_loan_without_cash_flow_is_not_rolled_over(toy: Toy) -> None:
    """Within its cost, but the hall earns nothing: no lender takes it."""
    p = toy(3, treasury={"restricted_cash": 10.0}, hpc=[HALL | COSTED | {"annual_revenue": 0.0}])
    assert p["hpc", "loan_due_month"][0] == near([3, 3, 3])
    assert p["hpc", "ring_defaulted"][0] == near([0, 0, 1])


def test_ring_that_earns_less_than_nothing(toy: Toy) -> None:
    """Vacant from month 1: site cost of 2 a month, 2.5 in the ring. Month 1 pays 2 and 0.5 of 1.019178 of interest."""
    row = HALL | {"tenant_default_hazard": 0.6}
    p = toy(2, treasury={"restricted_cash": 2.5}, hpc=[row], tenant_clock=[0.01])
    assert p["hpc", "noi"][0] == near([-2, 0])
    assert p["hpc", "loan_interest_paid"][0] == near([0.5, 0])
    assert p["hpc", "ring_defaulted"][0] == near([1, 1])
    assert p["interest_expense"] == near([0.5, 0])
    q = toy(1, treasury={"restricted_cash": 1.5}, hpc=[row], tenant_clock=[0.01])
    assert q["hpc", "site_cost_unpaid"][0] == near([0.5])  # its suppliers get 1.5 of 2, the lender nothing
    assert q["interest_expense"] == near([0])
    assert q["ebitda"] == near([-1.5])


def test_an_empty_hall_without_a_loan_is_nobody_elses(toy: Toy) -> None:
    """Not bound, nothing over: the site cost of 2 stays unpaid, no lender takes the hall; a tenant comes in month 4."""
    row = {"leased_mw": 10.0, "delivered_mw": 10.0, "annual_revenue": 120.0, "noi_margin": 0.8, "committed": False}
    row |= {"tenant_default_hazard": 0.6, "reletting_months": 3.0}
    p = toy(4, treasury=KEPT, costs=FRUGAL, hpc=[row], tenant_clock=[0.01])
    assert not p["hpc", "ring_defaulted"].any()
    assert p["hpc", "site_cost_unpaid"][0] == near([2, 2, 2, 0])
    assert p["cash"] == near([3, 2.75, 2.5, 2.25 + 6])


def test_last_bill_unpaid_keeps_the_building_open(toy: Toy) -> None:
    """100 in four bills; the parent has 84.375 and is not bound. Delivered in month 4 but not complete: 15.625 is owed.

    Its rent of 10 pays from then on: 10 in month 4, 5.625 in month 5, and from month 6 the parent receives it.
    """
    row = SITE | {"loan_principal": 0.0, "capex_per_mw": 10.0, "capex_spent": 0.0, "annual_revenue": 120.0}
    p = toy(7, treasury={"cash": 84.375}, hpc=[row | {"committed": False}])
    assert p["hpc", "build_arrears"][0] == near([0, 0, 0, 5.625, 0, 0, 0])
    assert p["hpc", "complete"][0] == near([0, 0, 0, 1, 0, 1, 1])
    assert p["cash"] == near([68.75, 34.375, 0, 0, 4.375, 14.375, 24.375])


def test_other_owners_pay_their_own_tax(toy: Toy) -> None:
    """HALL at 50.1 %: 8 less interest is taxed at 20 % on the parent's half."""
    p = toy(1, hpc=[HALL | {"ownership": 0.501}], finance={"tax_rate": 0.2})
    assert p["tax"] == near([0.2 * 0.501 * (8 - JANUARY)])


def test_schedule_keeps_the_credit_of_a_tenant_that_failed(toy: Toy) -> None:
    """40 % of 10 is credited against 500 prepaid, so 6 a month carried the loan: 6 / 1.25 = 4.8, 3.8 of it principal.

    The tenant fails in month 2 and the prepayment is void; the schedule goes on as the contract had it, while the hall
    stands empty and after a new tenant pays 8 a month in full.
    """
    row = HALL | {"loan_amortisation": "sculpted", "noi_margin": 1.0, "tenant_prepayment": 500.0}
    row |= {"prepayment_credit": 0.4, "tenant_default_hazard": 0.12, "reletting_months": 1.0, "reserve_months": 12.0}
    p = toy(4, treasury={"restricted_cash": 20.0}, hpc=[row], tenant_clock=[0.015])
    assert p["hpc", "contract_cfads"][0] == near([6, 6, 6, 6])
    assert p["hpc", "loan_scheduled"][0, :2] == near([3.8, 4.8 - 0.01 * 96.2])
    assert p["hpc", "cfads"][0] == near([6, 0, 8, 8])


def test_owners_may_pay_the_last_bill_late(toy: Toy) -> None:
    """Without a guarantee, 100 in four bills, 84.375 at hand: month 4 is 15.625 short and all is delivered.

    Month 5 brings 30: the owner pays what is overdue.
    """
    row = SITE | {"capex_per_mw": 10.0, "capex_spent": 0.0, "loan_coupon": 0.0, "completion_guarantee": False}
    p = toy(
        6,
        treasury={"cash": 84.375},
        hpc=[row],
        offering=[{"offering_date": end(5), "offered_shares": 3.0, "net_proceeds": 30.0}],
    )
    assert p["hpc", "build_arrears"][0] == near([0, 0, 0, 15.625, 0, 0])
    assert p["hpc", "stall_months"][0] == near([0] * 6)  # all was delivered: nothing is late
    assert not p["hpc", "ring_defaulted"].any()
