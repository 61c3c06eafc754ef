"""Money of a project in time: what a delay leaves as it is, what an overrun reaches, loans and tenants that pay later.

The market is known from January to March 2027 where a case says so. 100 over four months falls due as 15.625, 34.375,
34.375, 15.625; over twelve, 1.96759, 7.40741 and 15.625 of it are due by the end of January, February and March.
"""

import pytest

from tests.oracle.build import PRICE, Row, Toy, end, near

HISTORY = [
    {"month": month, "price_mean": PRICE, "price_end": PRICE, "hashrate": 1000.0}
    for month in ("2027-01", "2027-02", "2027-03")
]
RICH = {"cash": 300.0}
YEAR: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 0.0,
    "first_delivery": end(12),
    "full_delivery": end(12),
    "construction_start": end(0),
    "capex_per_mw": 10.0,
}
FOUR: Row = YEAR | {"first_delivery": end(4), "full_delivery": end(4)}
CLOUD: Row = {"kind": "gpu_cloud", "capex_per_mw": 0.0, "gpu_capex": 120.0}
LENT: Row = {"loan_principal": 60.0, "loan_coupon": 0.12, "loan_maturity": end(36), "loan_issue_date": end(1)}


def curve(t: float) -> float:
    """What of 100 is due after a share of the time."""
    return 100 * (3 * t * t - 2 * t**3)


def test_a_late_project_keeps_paying(toy: Toy) -> None:
    """Nine months late, as April finds out: the nine months left of twelve become eighteen, a twenty-fourth each."""
    p = toy(21, known_month=HISTORY, treasury=RICH, hpc=[YEAR], slip=9.0)
    assert p["hpc", "progress"][0, 2:5] == near([0.25, 0.25 + 0.75 / 18, 0.25 + 1.5 / 18])
    paid = p["total_hpc_capex_paid"]
    assert paid[:3] == near([1.96759259259, 5.43981481481, 8.21759259259])
    assert paid[3:5] == near([curve(7 / 24) - 15.625, curve(8 / 24) - curve(7 / 24)])
    assert (paid > 0).all()
    assert paid.sum() == near(100)
    assert p["hpc", "complete"][0, -2:].tolist() == [0, 1]


def test_a_stall_stretches_what_is_left(toy: Toy) -> None:
    """15.625 for the first bill and nothing in February: building stands still; 200 in March pay that bill alone."""
    p = toy(
        5,
        treasury={"cash": 15.625},
        hpc=[FOUR | {"committed": False}],
        offering=[{"offering_date": end(3), "offered_shares": 20.0, "net_proceeds": 200.0}],
    )
    assert p["hpc", "progress"][0] == near([0.25, 0.5, 0.5, 0.75, 1])
    assert p["total_hpc_capex_paid"] == near([15.625, 0, 34.375, 34.375, 15.625])
    assert p["hpc", "complete"][0].tolist() == [0, 0, 0, 0, 1]


def test_an_overrun_is_on_what_is_left_when_history_ends(toy: Toy) -> None:
    """Half over budget: 84.375 of 100 are left, so 126.5625; April pays half again of its 10.3, no arrears."""
    p = toy(12, known_month=HISTORY, treasury=RICH, hpc=[YEAR], overrun=1.5)
    assert p["total_hpc_capex_paid"][:3].sum() == near(15.625)
    assert p["total_hpc_capex_paid"][3] == near(1.5 * (curve(1 / 3) - 15.625))
    assert p["total_hpc_capex_paid"].sum() == near(15.625 + 126.5625)


def test_an_overrun_leaves_alone_what_was_paid_ahead(toy: Toy) -> None:
    """40 paid in January, all of the plan up to March and more: 60 are left and cost 90."""
    known = [{"month": "2027-01", "capex": 40.0}]
    p = toy(12, known_month=HISTORY, known=known, treasury=RICH, hpc=[YEAR], overrun=1.5)
    assert p["total_hpc_capex_paid"][:3] == near([40, 0, 0])
    assert p["total_hpc_capex_paid"].sum() == near(130)


def test_computers_have_an_overrun_of_their_own(toy: Toy) -> None:
    """Half of 120 with each half of the capacity, in March and April; a quarter dearer when history is over."""
    row = YEAR | CLOUD | {"first_delivery": end(3), "full_delivery": end(4)}
    p = toy(5, known_month=HISTORY, treasury=RICH, hpc=[row], gpu_overrun=1.25, overrun=3.0)
    assert p["total_hpc_capex_paid"] == near([0, 0, 60, 75, 0])
    assert p["hpc", "gpu_left"][0] == near([120, 120, 120, 75, 0])
    assert toy(5, treasury=RICH, hpc=[row], gpu_overrun=1.25)["total_hpc_capex_paid"] == near([0, 0, 75, 75, 0])


def test_a_delay_does_not_move_the_start_of_a_contract_that_runs(toy: Toy) -> None:
    """Two of ten megawatts a month from February: nine months late from April on, what runs has run since February.

    What is left, 6 MW, comes evenly in the twelve months to the last: 4 + 11 / 2 by month 14.
    """
    row = YEAR | {"first_delivery": end(2), "full_delivery": end(6), "annual_revenue": 120.0, "escalator": 0.04}
    p = toy(14, known_month=HISTORY, treasury=RICH, hpc=[row], slip=9.0)
    assert p["hpc", "contract_start_month"][0] == near([2] * 14)
    assert p["total_hpc_delivered_mw"][:4] == near([0, 2, 4, 4.5])
    assert p["hpc", "revenue"][0, 13] == near(9.5 * 1.04 ** ((14 - 2 - 6) / 12))


def test_a_contract_starts_when_the_first_megawatt_is_there(toy: Toy) -> None:
    """By plan in February; known: nothing by March; three months late, so all in May."""
    row = YEAR | {"first_delivery": end(2), "full_delivery": end(2)}
    known = [{"month": "2027-03", "delivered_mw": 0.0}]
    p = toy(5, known_month=HISTORY, known=known, treasury=RICH, hpc=[row], slip=3.0)
    assert p["total_hpc_delivered_mw"] == near([0, 0, 0, 0, 10])
    assert p["hpc", "contract_start_month"][0, -1] == near(5)


def test_a_loan_is_drawn_as_it_is_spent(toy: Toy) -> None:
    """60 of 100: three fifths of each bill. Interest of 12 % on what is drawn; the guarantor pays it and the rest."""
    p = toy(4, treasury=RICH, hpc=[FOUR | LENT | {"loan_undrawn": 60.0}])
    february, march, april = 9.375 * 0.12 * 28 / 365, 30 * 0.12 * 31 / 365, 50.625 * 0.12 * 30 / 365
    assert p["hpc", "loan_issued"][0] == near([9.375, 20.625, 20.625, 9.375])
    assert p["hpc", "loan_balance"][0] == near([9.375, 30, 50.625, 60])
    assert p["hpc", "loan_undrawn"][0] == near([50.625, 30, 9.375, 0])
    assert p["hpc", "loan_interest"][0] == near([0, february, march, april])
    assert p["hpc", "paid_in"][0] == near([6.25, 13.75 + february, 13.75 + march, 6.25 + april])
    assert p["hpc", "ring_cash"][0] == near([0, 0, 0, 0])
    assert p["hpc", "committed_gap"][0, 0] == near(84.375 - 50.625)


def test_a_late_project_draws_later(toy: Toy) -> None:
    """Four months late: a quarter of the way after two months; the commitment of a loan that closes then is whole."""
    row = FOUR | LENT | {"loan_undrawn": 60.0}
    p = toy(8, treasury=RICH, hpc=[row], slip=4.0)
    assert p["hpc", "loan_balance"][0, 1] == near(9.375)
    assert p["hpc", "loan_balance"][0, -1] == near(60)
    # a bill of 15.625 before the loan closes; then 60 against 84.375 left
    p = toy(2, treasury=RICH, hpc=[row | {"loan_issue_date": end(2)}])
    assert p["hpc", "loan_issued"][0] == near([0, 34.375 * 60 / 84.375])
    assert p["hpc", "paid_in"][0] == near([15.625, 34.375 * 24.375 / 84.375])


def test_part_of_a_loan_comes_at_closing(toy: Toy) -> None:
    """20 at closing, of which 3 are fees and 5 go up to the parent, once; 40 are drawn as 100 is spent.

    What came at closing pays the owners' part as long as it lasts: 20 - 8 + 6.25 - 15.625, then 13.75 against 34.375.
    """
    terms = {"loan_undrawn": 40.0, "loan_issue_cost": 3.0, "loan_distribution": 5.0, "loan_coupon": 0.0}
    p = toy(2, treasury=RICH, hpc=[FOUR | LENT | terms])
    assert p["hpc", "loan_issued"][0] == near([26.25, 13.75])
    assert p["hpc", "closing_distribution"][0] == near([5, 0])
    assert p["hpc", "ring_cash"][0] == near([2.625, 0])
    assert p["hpc", "paid_in"][0] == near([0, 34.375 - 13.75 - 2.625])


def test_nothing_is_drawn_for_a_tenant_that_is_gone(toy: Toy) -> None:
    row = FOUR | LENT | {"loan_undrawn": 60.0, "outside_months": 0.0, "termination_hazard": 12.0}
    p = toy(8, treasury=RICH, hpc=[row], slip=4.0, exit_clock=[0.5])
    assert p["hpc", "tenant_lost"][0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert (p["hpc", "loan_issued"][0, :4] > 0).all()
    assert p["hpc", "loan_issued"][0, 4:] == near([0, 0, 0, 0])


BUILT: Row = {"leased_mw": 10.0, "delivered_mw": 10.0, "annual_revenue": 120.0, "prepayment_credit": 0.5}


def test_a_tenant_pays_ahead_on_its_dates(toy: Toy) -> None:
    """50 in February and 7 in March beside 10 of rent a month; from March half of the rent is credit, no income."""
    row = BUILT | {"receipt_amount": 50.0, "receipt_date": end(2)}
    row |= {"second_receipt_amount": 7.0, "second_receipt_date": end(3)}
    p = toy(4, hpc=[row])
    assert p["hpc", "tenant_receipt"][0] == near([0, 50, 7, 0])
    assert p["hpc", "tenant_prepayment"][0] == near([0, 50, 52, 47])
    assert p["cash"] == near([110, 170, 182, 187])
    assert p["operating_cash_flow"] == near([10, 60, 12, 5])
    assert p["net_income"] == near([10] * 4)


def test_what_a_tenant_pays_ahead_stays_in_the_ring(toy: Toy) -> None:
    """50 arrive in February, before the loan of March: restricted, and they pay the bills of the building from then."""
    row = FOUR | LENT | {"loan_issue_date": end(3), "receipt_amount": 50.0, "receipt_date": end(2)}
    p = toy(3, treasury=RICH, hpc=[row])
    assert p["hpc", "ring_cash"][0] == near([0, 15.625, 15.625 + 60 - 34.375])
    assert p["cash"] == near([284.375] * 3)
    assert p["hpc", "committed_gap"][0, 0] == 0  # 84.375 less 50 of the tenant and 60 of the lender


def test_a_tenant_that_is_gone_pays_nothing_ahead(toy: Toy) -> None:
    row = BUILT | {"receipt_amount": 50.0, "receipt_date": end(2), "tenant_default_hazard": 1.0}
    assert toy(3, hpc=[row], tenant_clock=[1e-9])["hpc", "tenant_receipt"][0] == near([0, 0, 0])


@pytest.mark.parametrize("drawn", [0.0, 20.0])
def test_a_loan_that_was_partly_drawn_at_the_start(toy: Toy, drawn: float) -> None:
    """40 more for a building of 80 that is still to come: half of each bill."""
    row = FOUR | LENT | {"loan_principal": 40.0 + drawn, "loan_undrawn": 40.0, "loan_coupon": 0.0}
    del row["loan_issue_date"]
    p = toy(1, treasury=RICH, hpc=[row | {"capex_per_mw": 8.0}])
    assert p["hpc", "loan_balance"][0] == near([drawn + 6.25])
    assert p["hpc", "paid_in"][0] == near([6.25])


@pytest.mark.parametrize(
    ("signed", "calls"),
    [
        ({}, [28.125, 56.25, 84.375]),
        # 60 of the tenant in April, of which the months before see nothing: 84.375 - 60 is less than February and March
        ({"receipt_amount": 60.0, "receipt_date": end(4)}, [28.125, 56.25, 56.25]),
        # three fifths of every bill, from the next on
        (LENT | {"loan_undrawn": 60.0}, [11.25, 22.5, 33.75]),
        # the same of a loan that closes in March: February's bill comes before it
        (LENT | {"loan_undrawn": 60.0, "loan_issue_date": end(3)}, [28.125, 39.375, 50.625]),
    ],
)
def test_signed_money_of_a_project_is_not_raised_again(toy: Toy, signed: Row, calls: list[float]) -> None:
    """After January's bill 84.375 are left, 28.125 a month at an even pace."""
    p = toy(1, treasury=RICH, hpc=[FOUR | signed])
    assert [p["hpc", f"call_{n}"][0, 0] for n in (1, 2, 3)] == near(calls)
    assert p["hpc", "call_6"][0, 0] == near(calls[-1])
