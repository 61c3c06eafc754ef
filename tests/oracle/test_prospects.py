"""Leases not yet signed: 120 MW talked of at 10 a MW, of which lenders pay four fifths, built in two months on average.

At 1.2 a year a tenth of what is left is let each month, from February on: January knows of no spare cash.
"""

from tests.oracle.build import Toy, near

RULES = {
    "prospect_conversion": 1.2,
    "prospect_capex": 10.0,
    "prospect_noi": 1.5,
    "prospect_months": 2.0,
    "prospect_lent": 0.8,
    "prospect_cover": 1.25,
}
TALKED = {"hpc_potential_mw": 120.0}


def test_capacity_is_let_built_and_earns(toy: Toy) -> None:
    """12 are let in February, 6 of them built at 2 a MW of the company's own; 10.8 in March, half of 16.8 built.

    6 MW earn 0.75 a month from March; a fifth of it is left after debt service. The rest stands in the books at cost.
    """
    p = toy(3, finance=RULES, reported=TALKED)
    assert p["prospect_signed_mw"] == near([0, 12, 22.8])
    assert p["prospect_delivered_mw"] == near([0, 6, 14.4])
    assert p["cash"] == near([100, 88, 88 - 16.8 + 0.15])
    assert p["mining_ppe"] == near([0, 12, 28.8])
    assert p["net_income"] == near([0, 0, 0.15])


def test_no_more_is_signed_than_cash_will_build(toy: Toy) -> None:
    """15 pay for 7.5 MW: those are let in February, and in March nothing: the 7.5 left are for the 3.75 under way."""
    p = toy(3, treasury={"cash": 15.0}, finance=RULES, reported=TALKED)
    assert p["prospect_signed_mw"] == near([0, 7.5, 7.5])
    assert p["prospect_delivered_mw"] == near([0, 3.75, 5.625])
    assert p["cash"][1] == near(7.5)


def test_nothing_is_let_in_the_base_case_or_while_lenders_are_away(toy: Toy) -> None:
    for finance, window in ((RULES | {"prospect_conversion": 0.0}, 1.0), (RULES, 0.0)):
        p = toy(3, credit_open=window, finance=finance, reported=TALKED)
        assert p["prospect_signed_mw"] == near([0, 0, 0])
        assert p["cash"] == near([100, 100, 100])


def test_the_shipped_scenario_lets_them(toy: Toy) -> None:
    """A shock of the rate is what the scenario is: 0.12 a year lets a hundredth a month."""
    shock = {"target": "finance.prospect_conversion", "how": "set", "value": 0.12}
    p = toy(2, finance=RULES | {"prospect_conversion": 0.0}, reported=TALKED, shock=[shock])
    assert p["prospect_signed_mw"] == near([0, 1.2])
