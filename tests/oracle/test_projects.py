"""HPC projects without a loan: delivery, rent, tenant, construction, computers. What is left goes to the parent.

The contract of these cases is 10 MW for 120 a year, 10 a month when all is delivered.
"""

from datetime import date

import pytest

from tests.oracle.build import Row, Toy, end, near

BUILT: Row = {"leased_mw": 10.0, "delivered_mw": 10.0, "annual_revenue": 120.0}
"""All delivered, first contract year about to start."""

BUILDING: Row = {"leased_mw": 10.0, "delivered_mw": 0.0, "first_delivery": end(4), "full_delivery": end(4)}
"""Delivered at once in month 4; built in months 1 to 4. 3 t^2 - 2 t^3 is 0.15625, 0.5, 0.84375, 1."""


def test_delivery_ramp(toy: Toy) -> None:
    """40 MW in months 2 to 5, a quarter each; 120 a year is 2.5 a month a quarter; 80 % of it stays."""
    row = {"leased_mw": 40.0, "delivered_mw": 0.0, "first_delivery": end(2), "full_delivery": end(5)}
    p = toy(6, hpc=[row | {"annual_revenue": 120.0, "noi_margin": 0.8}])
    assert p["hpc", "delivered_mw"][0] == near([0, 10, 20, 30, 40, 40])
    assert p["hpc", "complete"][0] == near([0, 0, 0, 0, 1, 1])
    assert p["hpc", "revenue"][0] == near([0, 2.5, 5, 7.5, 10, 10])
    assert p["cash"] == near([100, 102, 106, 112, 120, 128])
    assert p["ebitda"] == near([0, 2, 4, 6, 8, 8])


def test_delivery_ramp_of_what_is_left(toy: Toy) -> None:
    """10 of 40 MW earn; the other 30 come in months 1 to 3."""
    row = {"leased_mw": 40.0, "delivered_mw": 10.0, "first_delivery": end(-6), "full_delivery": end(3)}
    p = toy(4, hpc=[row | {"annual_revenue": 120.0}])
    assert p["hpc", "delivered_mw"][0] == near([20, 30, 40, 40])
    assert p["cash"] == near([105, 112.5, 122.5, 132.5])


def test_slip_stretches_the_ramp(toy: Toy) -> None:
    """The last a month and a half late, after 6.5 months in place of 5; the first after 2.6 in place of 2.

    So four months of deliveries become 6.5 - 2.6 + 1 = 4.9: in month 3 there are 40 * (3 - 2.6 + 1) / 4.9.
    """
    row = {"leased_mw": 40.0, "delivered_mw": 0.0, "first_delivery": end(2), "full_delivery": end(5)}
    p = toy(8, hpc=[row], slip=[1.5])
    assert p["hpc", "delivered_mw"][0] == near([0, *(40 * (month - 1.6) / 4.9 for month in (2, 3, 4, 5, 6)), 40, 40])


def test_escalator(toy: Toy) -> None:
    """4 % a year from the middle of the first contract year: month 13 is half a year on, month 19 a year."""
    row = BUILT | {"delivered_mw": 0.0, "first_delivery": end(1), "full_delivery": end(1), "escalator": 0.04}
    p = toy(19, hpc=[row])
    assert p["hpc", "revenue"][0, 0] == near(10)
    assert p["hpc", "revenue"][0, 6] == near(10)
    assert p["hpc", "revenue"][0, 12] == near(10 * 1.04**0.5)
    assert p["hpc", "revenue"][0, 18] == near(10.4)


def test_escalator_of_an_old_contract(toy: Toy) -> None:
    """Delivered in December 2024: month 1 is 25 months on, 25 - 6 = 19 past the middle of the first year."""
    row = BUILT | {"first_delivery": date(2024, 12, 31), "full_delivery": date(2024, 12, 31), "escalator": 0.04}
    p = toy(1, hpc=[row])
    assert p["hpc", "revenue"][0] == near([10 * 1.04 ** (19 / 12)])


def test_prepayment_is_credited(toy: Toy) -> None:
    """6 prepaid, up to half of the rent of 10 is credit: 5, then 1."""
    p = toy(3, hpc=[BUILT | {"tenant_prepayment": 6.0, "prepayment_credit": 0.5}])
    assert p["hpc", "credit_taken"][0] == near([5, 1, 0])
    assert p["hpc", "tenant_prepayment"][0] == near([1, 0, 0])
    assert p["cash"] == near([105, 114, 124])
    assert p["net_income"] == near([10, 10, 10])


def test_construction_with_overrun_and_components(toy: Toy) -> None:
    """100 of plan, 20 % over: 120 * (0.15625, 0.34375, 0.34375, 0.15625); cooling 20 %, network 10 %, rest shell."""
    p = toy(5, treasury={"cash": 200.0}, hpc=[BUILDING | {"capex_per_mw": 10.0}], overrun=[1.2])
    assert p["hpc", "construction_due"][0] == near([18.75, 41.25, 41.25, 18.75, 0])
    assert p["hpc", "cooling_due"][0, 0] == near(3.75)
    assert p["hpc", "network_due"][0, 0] == near(1.875)
    assert p["hpc", "shell_due"][0, 0] == near(13.125)
    assert p["cash"] == near([181.25, 140, 98.75, 80, 80])
    # twenty years on what stood there when the month began, once delivered: 101.25 and 120 over 240 months
    assert p["depreciation"] == near([0, 0, 0, 101.25 / 240, 0.5])
    assert p["hpc", "hpc_assets"][0] == near([18.75, 60, 101.25, 120 - 101.25 / 240, 119.5 - 101.25 / 240])


def test_construction_that_has_begun(toy: Toy) -> None:
    """Started two months ago, two to go: half of the S-curve is over, 60 of 100 are spent; 40 * 0.6875 and the rest.

    At 3/4 of the time the curve stands at 0.84375: (0.84375 - 0.5) / 0.5 = 0.6875.
    """
    row = BUILDING | {"capex_per_mw": 10.0, "capex_spent": 60.0, "construction_start": end(-2)}
    p = toy(3, hpc=[row | {"first_delivery": end(2), "full_delivery": end(2)}])
    assert p["total_hpc_capex_paid"] == near([27.5, 12.5, 0])


def test_slip_stretches_construction(toy: Toy) -> None:
    """Four months late: an eighth of eight months at 3/64 - 2/512 = 0.04296875, then a quarter at 0.15625."""
    p = toy(8, treasury={"cash": 200.0}, hpc=[BUILDING | {"capex_per_mw": 10.0}], slip=[4.0])
    assert p["total_hpc_capex_paid"][:2] == near([4.296875, 15.625 - 4.296875])
    assert p["total_hpc_capex_paid"].sum() == near(100)


@pytest.mark.parametrize(
    ("spread", "shock", "paid"),
    [
        (1.0, 9.0, (31.25, 68.75 * 0.34375 / 0.84375 * 2, 68.75 * (1 - 0.34375 / 0.84375 * 2), 0)),
        (0.5, -9.0, (7.8125, 18.77893518518, 25.23419415509, 48.17437065972)),
    ],
)
def test_bills_come_before_or_after_the_plan(toy: Toy, spread: float, shock: float, paid: tuple[float, ...]) -> None:
    """100 of plan: of what is left 0.15625, 0.34375 / 0.84375, 0.6875, all. Twice of it, or half, and all at the end.

    Nine spreads out the pace is at its end. Half: 7.8125 of 100, 0.2037037 of 92.1875, 0.34375 of 73.40856, and the
    48.17437 that are left when it stands.
    """
    p = toy(4, hpc=[BUILDING | {"capex_per_mw": 10.0}], finance={"capex_spread": spread}, capex_shock=shock)
    assert p["total_hpc_capex_paid"] == near(paid)
    assert p["hpc", "delivered_mw"][0] == near([0, 0, 0, 10])


def test_tenant_funded_construction(toy: Toy) -> None:
    """The tenant pays 40 % of 100 and takes it back as half of the rent of 10 from month 4 on."""
    row = BUILDING | {"capex_per_mw": 10.0, "tenant_funded": 0.4, "annual_revenue": 120.0}
    p = toy(5, hpc=[row])
    assert p["total_hpc_capex_paid"] == near([9.375, 20.625, 20.625, 9.375, 0])
    assert p["hpc", "tenant_prepayment"][0] == near([6.25, 20, 33.75, 33.75 + 6.25 - 5, 30])
    assert p["cash"] == near([90.625, 70, 49.375, 49.375 - 9.375 + 5, 50])
    assert p["hpc", "hpc_cost"][0] == near([15.625, 50, 84.375, 100, 100])


def test_tenant_default_and_reletting(toy: Toy) -> None:
    """1 % a month: past 2.5 % in month 3. Two months empty, then 80 % of the rent. What was prepaid stays."""
    row = BUILT | {"tenant_default_hazard": 0.12, "reletting_months": 2.0, "reletting_rent": 0.8}
    p = toy(6, hpc=[row | {"tenant_prepayment": 100.0}], tenant_clock=[0.025])
    assert p["hpc", "tenant_hazard"][0] == near([0.01, 0.02, 0.03, 0.04, 0.05, 0.06])
    assert p["hpc", "tenant_lost"][0] == near([0, 0, 1, 1, 1, 1])
    assert p["hpc", "revenue"][0] == near([10, 10, 0, 0, 8, 8])
    assert p["hpc", "tenant_prepayment"][0] == near([95, 90, 0, 0, 0, 0])
    assert p["cash"] == near([105, 110, 110, 110, 118, 126])
    assert p["net_income"] == near([10, 10, 90, 0, 8, 8])


def test_termination_past_the_outside_date(toy: Toy) -> None:
    """Due in month 2, outside date month 5: 1.2 a year is 0.1 a month from month 6; past 0.15 in month 7."""
    row = BUILDING | {"first_delivery": end(2), "full_delivery": end(2), "outside_months": 3.0}
    p = toy(8, hpc=[row | {"termination_hazard": 1.2}], slip=[30.0], exit_clock=[0.15])
    assert p["hpc", "late_hazard"][0] == near([0, 0, 0, 0, 0, 0.1, 0.2, 0.3])
    assert p["hpc", "tenant_lost"][0] == near([0, 0, 0, 0, 0, 0, 1, 1])


def test_a_tenant_that_is_gone_pays_no_construction(toy: Toy) -> None:
    """Half is paid by the tenant until it leaves in month 7; then the owner pays all of it."""
    row = BUILDING | {"first_delivery": end(2), "full_delivery": end(2), "outside_months": 3.0}
    row |= {"termination_hazard": 1.2, "capex_per_mw": 1.0, "tenant_funded": 0.5}
    p = toy(8, hpc=[row], slip=[30.0], exit_clock=[0.15])
    due = p["hpc", "construction_due"][0]
    # month 6 is 6/32 of the way: 10 * (3 * 0.1875^2 - 2 * 0.1875^3); month 7 at 7/32
    assert due[6] == near(10 * (3 * 0.21875**2 - 2 * 0.21875**3 - 3 * 0.1875**2 + 2 * 0.1875**3))
    assert p["hpc", "tenant_capex"][0, :6] == near(due[:6] / 2)
    assert p["hpc", "tenant_capex"][0, 6:] == near([0, 0])
    assert p["total_hpc_capex_paid"][6:] == near(due[6:])


CLOUD: Row = {"kind": "gpu_cloud", "leased_mw": 10.0, "delivered_mw": 0.0, "gpu_capex": 120.0}


def test_computers_are_bought_and_replaced(toy: Toy) -> None:
    """60 with each half of the capacity. After a year's life: 120 * (0.8 - 0.1) = 84 for a set, 7 a month."""
    row = CLOUD | {"first_delivery": end(1), "full_delivery": end(2), "gpu_life": 1.0}
    row |= {"gpu_price_decay": 0.2, "gpu_residual": 0.1}
    p = toy(15, treasury={"cash": 200.0}, hpc=[row])
    assert p["total_hpc_capex_paid"] == near([60, 60, *[0] * 10, 7, 7, 7])
    assert p["cash"][-1] == near(200 - 120 - 21)
    # a twelfth of what was bought before the month began: 5 in month 2, 10 in months 3 to 13, the last 5 in month 14
    assert p["depreciation"][:4] == near([0, 5, 10, 10])


def test_price_of_computing_falls_after_the_term(toy: Toy) -> None:
    """240 a year at 90 % utilisation: 18 a month. A year's term from month 1; then 20 % a year."""
    row = CLOUD | {"gpu_capex": 0.0, "first_delivery": end(1), "full_delivery": end(1), "annual_revenue": 240.0}
    p = toy(25, hpc=[row | {"utilisation": 0.9, "term_years": 1.0, "gpu_price_decay": 0.2}])
    assert p["hpc", "revenue"][0, :13] == near([18.0] * 13)
    assert p["hpc", "revenue"][0, 13] == near(18 * 0.8 ** (1 / 12))
    assert p["hpc", "revenue"][0, 24] == near(14.4)


def test_colocation_rent_does_not_fall_after_the_term(toy: Toy) -> None:
    row = BUILT | {"first_delivery": end(1), "full_delivery": end(1), "term_years": 1.0}
    assert toy(25, hpc=[row], **{"defaults.hpc": {"gpu_price_decay": 0.2}})["hpc", "revenue"][0] == near([10.0] * 25)


def test_computers_not_paid_are_still_owed(toy: Toy) -> None:
    """120 are due in month 1, 30 can be paid. Month 3 brings 200: the 90 that were left are paid then."""
    p = toy(
        3,
        treasury={"cash": 30.0},
        hpc=[CLOUD | {"first_delivery": end(1), "full_delivery": end(1), "committed": False}],
        offering=[{"offering_date": end(3), "offered_shares": 20.0, "net_proceeds": 200.0}],
    )
    assert p["total_hpc_capex_paid"] == near([30, 0, 90])
    assert p["cash"] == near([0, 0, 110])


def test_a_guarantor_pays_while_the_space_is_empty(toy: Toy) -> None:
    """The tenant fails in month 4; the guarantor pays half of 10 a month for two months, then a new tenant 8."""
    row = BUILT | {"tenant_default_hazard": 1.0, "backstop_share": 0.5, "gross_ratio": 1.25}
    row |= {"reletting_months": 2.0, "reletting_rent": 0.8}
    p = toy(6, hpc=[row], tenant_clock=[0.25])  # hazard 1 a year: 1/12 a month, above 0.25 in month 4
    assert p["hpc", "tenant_failed"][0] == near([0, 0, 0, 1, 1, 1])
    assert p["hpc", "revenue"][0] == near([10, 10, 10, 5, 5, 8])
    assert p["hpc", "site_mw"][0] == near(p["hpc", "delivered_mw"][0] * 1.25)


def test_a_guarantor_is_not_released_by_a_new_tenant_at_less(toy: Toy) -> None:
    """All is guaranteed, the new tenant pays 80 %: the guarantor adds 2 until the base term ends with month 6.

    Of a share of 90 % it adds 1; one of 70 % is less than the new rent. A space still empty after the term earns none.
    """
    row = BUILT | {"tenant_default_hazard": 1.0, "term_years": 0.5, "first_delivery": end(0)}
    row |= {"reletting_months": 1.0, "reletting_rent": 0.8}

    def revenue(share: float, empty: float = 1.0) -> list[float]:
        rows = [row | {"backstop_share": share, "reletting_months": empty}]
        return list(toy(8, hpc=rows, tenant_clock=[0.25])["hpc", "revenue"][0])

    assert revenue(1.0) == near([10, 10, 10, 10, 10, 10, 8, 8])
    assert revenue(0.9) == near([10, 10, 10, 9, 9, 9, 8, 8])
    assert revenue(0.7) == near([10, 10, 10, 7, 8, 8, 8, 8])
    assert revenue(1.0, empty=12.0) == near([10, 10, 10, 10, 10, 10, 0, 0])


def test_a_guarantor_stands_behind_what_was_let(toy: Toy) -> None:
    """4 of 10 MW are let when the tenant fails in month 2, 10 are there from month 4: 40 % of the rent is guaranteed.

    Nothing is, where the tenant fails before the first hall is let.
    """
    row = BUILT | {"delivered_mw": 4.0, "first_delivery": end(4), "full_delivery": end(4), "capex_spent": 0.0}
    row |= {"tenant_default_hazard": 1.0, "backstop_share": 1.0, "reletting_months": 12.0}
    p = toy(5, hpc=[row], tenant_clock=[0.1])
    assert p["hpc", "guaranteed_share"][0] == near([0, 1, 1, 0.4, 0.4])
    assert p["hpc", "revenue"][0] == near([4, 4, 4, 4, 4])
    early = toy(5, hpc=[row | {"delivered_mw": 0.0}], tenant_clock=[0.1])
    assert early["hpc", "tenant_failed"][0] == near([0, 1, 1, 1, 1])
    assert early["hpc", "revenue"][0] == near([0] * 5)


def test_a_guarantor_pays_up_to_its_cap(toy: Toy) -> None:
    """Half of 10 a month from month 4 on, 12 in all: 5, 5 and 2. Then the space earns nothing until it is let."""
    row = BUILT | {"tenant_default_hazard": 1.0, "backstop_share": 0.5, "backstop_cap": 12.0}
    p = toy(8, hpc=[row | {"reletting_months": 4.0, "reletting_rent": 0.8}], tenant_clock=[0.25])
    assert p["hpc", "revenue"][0] == near([10, 10, 10, 5, 5, 2, 0, 8])
    assert p["hpc", "guarantor_paid"][0, -1] == near(12)


def test_a_lease_that_is_kept_in_a_failure(toy: Toy) -> None:
    """Of a hazard of 1 a year 24 % ends the lease, 0.02 a month: 0.09 is passed in month 5."""
    p = toy(6, hpc=[BUILT | {"tenant_default_hazard": 1.0, "lease_kept": 0.76}], tenant_clock=[0.09])
    assert p["hpc", "tenant_hazard"][0] == near([0.02 * month for month in range(1, 7)])
    assert p["hpc", "tenant_failed"][0] == near([0, 0, 0, 0, 1, 1])


def test_computers_that_are_not_paid_earn_nothing(toy: Toy) -> None:
    """120 of computers due in month 1, only their own first month's 10 to pay them: 110 of 120 then stand idle."""
    row = CLOUD | {"first_delivery": end(1), "full_delivery": end(1), "annual_revenue": 120.0, "committed": False}
    p = toy(3, treasury={"cash": 0.0}, hpc=[row])
    assert p["hpc", "gpu_arrears"][0, 0] == near(110)
    assert p["hpc", "computers_in_place"][0, :2] == near([1, 10 / 120])
    assert p["hpc", "revenue"][0, :2] == near([10, 10 * 10 / 120])
    assert p["hpc", "complete"][0] == near([1, 0, 0])


def test_computers_that_are_not_replaced_wear_out(toy: Toy) -> None:
    """A year's life and no money for new ones: from month 13 a twelfth of them fails each month, seen a month later."""
    row = CLOUD | {"first_delivery": end(1), "full_delivery": end(1), "gpu_life": 1.0, "committed": False}
    p = toy(15, treasury={"cash": 120.0}, hpc=[row])
    assert p["hpc", "gpu_worn"][0, 11:] == near([0, 1 / 12, 2 / 12, 3 / 12])
    assert p["hpc", "computers_in_place"][0, 11:] == near([1, 1, 11 / 12, 10 / 12])


def test_computers_are_let_again_at_the_market_price(toy: Toy) -> None:
    """Half a year of decay a year; the tenant leaves in month 13, two months empty: 80 % of 10 * 0.5 ** (15 / 12)."""
    row = CLOUD | {"gpu_capex": 0.0, "first_delivery": end(1), "full_delivery": end(1), "annual_revenue": 120.0}
    row |= {"gpu_price_decay": 0.5, "tenant_default_hazard": 0.12, "reletting_months": 2.0}
    p = toy(16, hpc=[row], tenant_clock=[0.125])
    assert p["hpc", "tenant_lost"][0, 11:13] == near([0, 1])
    assert p["hpc", "revenue"][0, 11:] == near([10, 0, 0, 10 * 0.8 * 0.5 ** (14 / 12), 10 * 0.8 * 0.5 ** (15 / 12)])
