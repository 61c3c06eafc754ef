"""New convertible notes worked by hand: when they are sold, at which terms, and what becomes of them."""

import pytest

from tests.oracle.build import Row, Toy, end, near

NOTES = {
    "notes_of_value": 0.24,
    "notes_leverage": 0.6,
    "notes_days": 30.0,
    "notes_chance": 0.01,
    "notes_coupon_strong": 0.012,
    "notes_coupon_weak": 0.06,
    "notes_premium_strong": 0.25,
    "notes_premium_weak": 0.1,
    "notes_cost": 0.1,
    "notes_term": 3.0,
}
TRADED = {"average_daily_volume": 1.0}


def test_notes_sold_for_growth_interest_and_conversion(toy: Toy) -> None:
    """A deviation of -3 happens once in 741 months, below 1 %: notes are sold in month 1, a year's allowance at once.

    24 % of 100 m shares at 10 is 240, and a twelfth of it for the month does not raise a full allowance. Strong, the
    company pays 1.2 % and 25 %: 240 / 12.5 = 19.2 m shares. 24 go to fees and the capped call, 216 come in.
    Month 2, February, costs 240 * 1.2 % * 28 / 365. In month 4 they are due with the share at 20, and convert.
    """
    p = toy(4, equity=TRADED, finance=NOTES, notes_shock=[-3.0, 0.0], share=[10.0, 10.0, 10.0, 20.0])
    assert p["notes_issued"] == near([240, 0, 0, 0])
    assert p["notes_shares"][:3] == near([19.2, 19.2, 19.2])
    assert p["cash"][:2] == near([316, 316 - 240 * 0.012 * 28 / 365])
    assert p["notes_interest"][1] == near(240 * 0.012 * 28 / 365)
    assert p["corporate_debt"] == near([240, 240, 240, 0])
    assert p["shares"] == near([100, 100, 100, 119.2])
    assert p["dilution"] == near([0, 0, 0, 0.192])


def test_notes_out_of_the_money_are_repaid_and_asked_for_ahead(toy: Toy) -> None:
    """Sold in month 1 as above and due in month 4 at a share of 10: repaid from the cash raised from bitcoin before.

    With a lead of two months the 240 are looked for in month 2: 100 + 216 are at hand.
    """
    p = toy(4, equity=TRADED, treasury={"funding_lead": 2.0}, finance=NOTES, notes_shock=[-3.0, 0.0])
    assert p["notes_due_soon"] == near([0, 240, 240, 0])
    assert p["notes_due"] == near([0, 0, 0, 240])
    assert p["corporate_debt"] == near([240, 240, 240, 0])
    interest = 240 * 0.012 / 365
    assert p["cash"] == near([316, 316 - 28 * interest, 316 - 59 * interest, 76 - 89 * interest])


def test_notes_meet_a_need_before_an_offering(toy: Toy) -> None:
    """90 are missing after cash of 10 and nothing else to sell; 100 of notes bring 90."""
    p = toy(1, treasury={"cash": 10.0}, costs={"cash_sga": 300.0}, equity=TRADED, finance=NOTES)
    assert p["notes_sale"] == near([90])
    assert p["notes_issued"] == near([100])
    assert p["cash"] == near([0])
    assert not p["defaulted"].any()


LOAN = {"principal": 300.0, "coupon": 0.0, "maturity": end(60)}


@pytest.mark.parametrize(("leverage", "sold"), [(0.6, 200.0 / 0.9), (0.4, 100.0), (0.3, 0.0)])
def test_market_value_covers_new_notes(toy: Toy, leverage: float, sold: float) -> None:
    """A term loan of 300, a market value of 1,000, 200 short: 222.2 of notes, of which 10 % are fees.

    At debt of 0.4 of market value 100 are bought, at 0.3 none; cover by earnings or assets is not asked for.
    """
    cover = {"asset_cover_floor": 1.5, "cash_cover_floor": 1.0}
    terms: Row = {"treasury": {"cash": 10.0}, "costs": {"cash_sga": 630.0}, "debt": [LOAN], "equity": TRADED}
    p = toy(1, finance=NOTES | cover | {"notes_leverage": leverage}, **terms)
    assert p["notes_issued"] == near([sold])


def test_notes_for_growth_stop_where_market_value_covers_no_more(toy: Toy) -> None:
    """A loan of 300 and a market value of 1,000: at 0.42 of it 120 are bought of an allowance of 240, and none after.

    Month 2 would have an allowance of 120 + 20, but debt stands at 420. Nothing is needed, and what came in stays in
    cash: 100 + 120 - 12 of fees, less interest at 1.2 % plus 4.8 % * (200 / 1,200) / 0.6.
    """
    p = toy(2, debt=[LOAN], equity=TRADED, finance=NOTES | {"notes_leverage": 0.42}, notes_shock=-3.0)
    assert p["notes_room"] == near([120, 0])
    assert p["notes_issued"] == near([120, 0])
    assert p["cash"] == near([208, 208 - 120 * (0.012 + 0.048 * 5 / 18) * 28 / 365])


def test_trading_in_the_share_carries_an_issue(toy: Toy) -> None:
    """6 days of 1 million shares at 10 are 60, at 5 in month 2 they are 30; without trading there is no issue."""
    p = toy(2, equity=TRADED, finance=NOTES | {"notes_days": 6.0}, notes_shock=-3.0, share=[10.0, 5.0])
    assert p["notes_issued"] == near([60, 30])
    assert toy(1, finance=NOTES, notes_shock=-3.0)["notes_issued"] == near([0])


def test_weak_borrower_pays_more(toy: Toy) -> None:
    """300 of debt less 100 of cash over 1,000 + 200 is a leverage of 1/6; of the limit of 0.6 it is 5/18."""
    p = toy(1, debt=[LOAN], equity=TRADED, finance=NOTES, notes_shock=-3.0)
    assert p["weakness"] == near([5 / 18])
    assert p["notes_coupon"] == near([0.012 + 0.048 * 5 / 18])
    assert p["notes_premium"] == near([0.25 - 0.15 * 5 / 18])


def test_roll_over_asks_for_cover(toy: Toy) -> None:
    """A loan of 150 due in month 3 against cash of 100: rolled over on market value alone, not where cover is asked.

    No earnings and 100 over 150: the floor of 1.5 is not met, and the loan is a default in month 3.
    """
    due = [{"principal": 150.0, "coupon": 0.0, "maturity": end(3), "refinanceable": True}]
    assert toy(3, debt=due)["default_month"] == near([0, 0, 0])
    p = toy(3, debt=due, finance={"cash_cover_floor": 1.0, "asset_cover_floor": 1.5})
    assert p["debt", "roll"][0] == near([0, 0, 0])
    assert p["default_month"] == near([0, 0, 3])


DUE = {"principal": 150.0, "coupon": 0.0, "maturity": end(2), "refinanceable": False}


def test_notes_that_cannot_be_repaid_are_exchanged_below_par(toy: Toy) -> None:
    """150 are due in month 2 against 102 of cash: 48 become 36 of notes at 8 % due in month 26; 12 are gained.

    Earnings of 1 a month are the interest of a year's 12 on 150 at 8 %: a cover of 1. It is a default by name in month
    2, not of payment: the company goes on, and earns 1 less 36 * 8 % * 31 / 365 in March.
    """
    p = toy(3, debt=[DUE], costs={"other_income": 3.0}, finance={"exchange_price": 0.75})
    assert p["cash_cover"][0] == near(1)
    assert p["exchanged_face"] == near([0, 48, 0])
    assert p["corporate_debt"] == near([150, 36, 36])
    assert p["notes_coupons"] == near([0, 2.88, 2.88])
    assert p["notes_due_month"][1:] == near([26, 26])
    assert p["net_income"][1] == near(1 + 12)
    assert p["default_month"] == near([0, 2, 2])
    assert p["first_unpaid_bill"] == near([0, 6, 6])
    assert not p["defaulted"].any()
    assert p["cash"] == near([101, 0, 1 - 2.88 * 31 / 365])


def test_only_notes_are_exchanged_and_loans_are_paid_first(toy: Toy) -> None:
    """A loan repaid in two parts of 10 stands beside the notes: of 92 in month 2 it has 10, the notes 82; 68 become 51.

    Two parts of 100 cannot be paid, whatever the holders of notes would take: a default of payment.
    """
    loan = {"coupon": 0.0, "maturity": end(2), "amortisation": "straight_line", "refinanceable": False}
    terms: Row = {"costs": {"other_income": 3.0}, "finance": {"exchange_price": 0.75}}
    p = toy(2, debt=[DUE, loan | {"principal": 20.0}], **terms)
    assert p["debt", "repaid"][0] == near([0, 82])
    assert p["debt", "repaid"][1] == near([10, 10])
    assert p["debt", "exchanged"][0] == near([0, 68])
    assert p["debt", "exchanged"][1] == near([0, 0])
    assert p["corporate_debt"] == near([160, 51])
    assert p["first_unpaid_bill"] == near([0, 6])
    p = toy(2, debt=[DUE, loan | {"principal": 200.0}], **terms)
    assert p["exchanged_face"] == near([0, 0])
    assert p["first_unpaid_bill"] == near([0, 3])


def test_no_exchange_where_the_business_earns_nothing(toy: Toy) -> None:
    """Without earnings holders go to court: a default of payment."""
    p = toy(2, debt=[DUE], finance={"exchange_price": 0.75})
    assert p["exchanged_face"] == near([0, 0])
    assert p["first_unpaid_bill"] == near([0, 3])
