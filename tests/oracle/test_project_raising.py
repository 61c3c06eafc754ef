"""A loan raised against a lease: a hall of 10 MW that costs 120, lets at 24 a year and is due in four months.

Nothing is known of means before the first month end, so January always waits: its bill, S(1/4) = 5/32 of 120 = 18.75,
is the first one paid once there is money, and everything comes a month later.
"""

from tests.oracle.build import Row, Toy, end, near

HALL: Row = {
    "leased_mw": 10.0,
    "delivered_mw": 0.0,
    "first_delivery": end(4),
    "full_delivery": end(4),
    "annual_revenue": 24.0,
    "capex_per_mw": 12.0,
    "capex_spent": 0.0,
    "committed": False,
    "advance_rate": 0.75,
}
S = [5 / 32, 1 / 2, 27 / 32, 1]
"""The S-curve at a quarter, a half, three quarters and all of the time."""


def test_loan_by_cost_is_drawn_as_it_is_spent(toy: Toy) -> None:
    """Cost allows 0.75 * 120 = 90, cover 24 / 1.25 * 10 = 192: lenders pay three quarters of every bill from February.

    The owners pay 30 of their 100; the hall is let from May, a month late, at 2 a month.
    """
    p = toy(6, finance={"refinancing_term": 24}, hpc=[HALL])
    assert p["hpc", "waits"][0, :2] == near([1, 0])
    assert p["hpc", "loan_raised"][0] == near([0, 90, 90, 90, 90, 90])
    assert p["hpc", "loan_balance"][0, :5] == near([0, *(90 * s for s in S)])
    assert p["cash"][:4] == near([100, *(100 - 30 * s for s in S[:3])])
    assert p["hpc", "stall_months"][0, -1] == near(1)
    assert p["hpc", "delivered_mw"][0, 3:5] == near([0, 10])
    assert p["hpc", "loan_due_month"][0, -1] == near(26)


def test_loan_by_cover_its_fee_and_its_own_interest(toy: Toy) -> None:
    """At 10 % a lease of 24 * 0.25 = 6 carries 6 / 1.25 * (1 - 1.1^-10) / 0.1 = 29.493922.

    At twice the margin cover allows 58.99, cost 0.2 * 120 = 24 for bills. Three months to delivery on half of it are
    1.25 % of interest on top; 2 % is the fee, drawn at closing. March draws the interest of February's balance, and
    owners pay nothing but their part of bills. Where cover is the limit, all of it pays bills.
    """
    row = HALL | {"loan_coupon": 0.1, "loan_fee": 0.02}
    cover = 4.8 * (1 - 1.1**-10) / 0.1
    assert toy(2, hpc=[row | {"noi_margin": 0.25}])["hpc", "loan_raised"][0, 1] == near(cover)
    assert toy(2, hpc=[row | {"noi_margin": 0.25}])["hpc", "interest_fund"][0, 1] == near(0)
    p = toy(6, hpc=[row | {"noi_margin": 0.5, "advance_rate": 0.2}])
    lent = 24
    assert p["hpc", "loan_raised"][0, 1] == near(1.0125 * lent)
    assert p["hpc", "loan_cost"][0, 1] == near(0.02 * lent)
    february = 0.02 * lent + 0.98 * lent * S[0]
    interest = february * 0.1 * 31 / 365
    assert p["hpc", "loan_balance"][0, 1:3] == near([february, 0.02 * lent + 0.98 * lent * S[1] + interest])
    assert p["cash"][1:4] == near([100 - (120 - 0.98 * lent) * s for s in S[:3]])
    assert p["hpc", "interest_fund"][0, 1:3] == near([0.0125 * lent, 0.0125 * lent - interest])


def test_rent_that_rises_carries_more(toy: Toy) -> None:
    """6 a year, 3 % more each year, at 10 %: (1 - (1.03 / 1.1)^10) / 0.07 = 6.8717 years of it, over 1.25.

    Rising as fast as the coupon discounts it, each year is worth 6 / 1.1.
    """
    row = HALL | {"noi_margin": 0.25, "loan_coupon": 0.1}
    rising = toy(1, hpc=[row | {"escalator": 0.03}])
    assert rising["hpc", "loan_by_cover"][0, 0] == near(4.8 * (1 - (1.03 / 1.1) ** 10) / 0.07)
    assert toy(1, hpc=[row | {"escalator": 0.1}])["hpc", "loan_by_cover"][0, 0] == near(4.8 * 10 / 1.1)


def test_computers_have_an_advance_of_their_own(toy: Toy) -> None:
    """0.75 * 120 + 0.5 * 40 = 110 by cost; a lender counts on the three years they live: 48 / 1.25 * 3 = 115.2."""
    gpu = {"kind": "gpu_cloud", "gpu_capex": 40.0, "gpu_advance_rate": 0.5, "gpu_life": 3.0, "gpu_residual": 0.0}
    row = HALL | gpu | {"gpu_price_decay": 0.0, "utilisation": 1.0, "annual_revenue": 48.0}
    assert toy(2, hpc=[row])["hpc", "loan_raised"][0, 1] == near(110)
    assert toy(2, hpc=[row | {"annual_revenue": 40.0}])["hpc", "loan_raised"][0, 1] == near(96)


def test_project_waits_for_the_window(toy: Toy) -> None:
    """Shut in February and March: the hall takes no cash, loses three months and closes its loan in April."""
    p = toy(4, credit_open=[1, 0, 0, 1], hpc=[HALL])
    assert p["cash"] == near([100, 100, 100, 100 - 30 * S[0]])
    assert p["hpc", "loan_raised"][0] == near([0, 0, 0, 90])
    assert p["hpc", "loan_committed"][0] == near([0, 0, 0, 90])
    assert p["hpc", "stall_months"][0] == near([1, 2, 3, 3])


def test_put_is_kept_before_building(toy: Toy) -> None:
    """80 are put in month 20: of 100 only 20 are free, less than the owners' 30, as long as the put is in sight.

    Who looks six months ahead raises what a lease of 3.12 carries, 24.96, spends 95.04 and cannot pay the put.
    """
    note: Row = {"kind": "convertible", "principal": 80.0, "conversion_price": 20.0, "put_date": end(20)}
    note |= {"maturity": end(60), "refinanceable": False}
    p = toy(24, finance={"payment_horizon": 24}, debt=[note], hpc=[HALL])
    assert p["hpc", "loan_raised"][0, :20] == near([0] * 20)
    assert p["debt", "kept_ahead"][0, :14] == near([80] * 13 + [0])
    assert p["asked_soon"][13] == near(80)
    assert p["cash"][18:20] == near([100, 20])
    assert not p["defaulted"].any()
    careless = toy(24, debt=[note], hpc=[HALL | {"noi_margin": 0.13}])
    assert careless["hpc", "loan_raised"][0, 1] == near(24 * 0.13 / 1.25 * 10)
    assert careless["first_unpaid_bill"][-1] == near(3)


def test_cash_to_build_leaves_a_maturity_alone(toy: Toy) -> None:
    """Without lenders the hall is built from what a note of 70 due in month 12 leaves of 100: 30 of its 120."""
    note = {"principal": 70.0, "maturity": end(12), "refinanceable": False}
    row = HALL | {"advance_rate": 0.0}
    p = toy(12, finance={"payment_horizon": 24}, debt=[note], hpc=[row])
    assert p["cash"][[0, 1, 10, 11]] == near([100 - 18.75, 70, 70, 0])
    assert not p["defaulted"].any()


def test_company_is_bound_once_the_loan_is_raised(toy: Toy) -> None:
    """Twice as dear as guided, which nobody knew: the loan stays 90, the owners owe 150 and have 100."""
    p = toy(8, hpc=[HALL], overrun=[2.0])
    assert p["hpc", "loan_raised"][0, 1] == near(90)
    assert p["first_unpaid_bill"][-1] == near(5)
    assert p["hpc", "bound"][0, :2] == near([0, 1])


def test_contingency_is_at_hand_before_the_loan_closes(toy: Toy) -> None:
    """30 and half of 120 are within 100; 30 and three fifths are not."""
    assert toy(2, hpc=[HALL | {"cost_contingency": 0.5}])["hpc", "loan_raised"][0, 1] == near(90)
    assert toy(2, hpc=[HALL | {"cost_contingency": 0.6}])["hpc", "loan_raised"][0, 1] == near(0)


def test_nothing_is_raised_in_months_that_are_known(toy: Toy) -> None:
    """January to March are history: the loan, of which nothing is told, closes in April."""
    known = [
        {"month": f"2027-0{n}", "price_mean": 100_000.0, "price_end": 100_000.0, "hashrate": 1000.0} for n in (1, 2, 3)
    ]
    p = toy(4, known_month=known, hpc=[HALL])
    assert p["hpc", "loan_raised"][0] == near([0, 0, 0, 90])
