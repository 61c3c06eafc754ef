"""Corporate debt, read like a term sheet: what each instrument costs, when it falls due, what it asks for.

Notes, convertibles, bitcoin-backed loans and revolvers are the same instrument with different terms. What can be paid
is found in ``payments``; ``debt_settlement`` settles it.

One file: a reader wants all terms of an instrument in one place, and every kind shares most of them.
"""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import (
    DAYS_PER_YEAR,
    DUST,
    DUST_BTC,
    FUNDING_LEAD,
    NEVER_MONTH,
    ONE_YEAR,
    RATIO_CAP,
    REFINANCING_LEAD,
    STEP,
    STEPS_PER_YEAR,
    TH_PER_EH,
    USD_PER_MILLION,
)

EACH = "debt"

SECTIONS = {
    "issued": "Issue and interest",
    "convertible_now": "Conversion",
    "next_put_month": "Roll-over",
    "payments_left": "Principal",
    "exposure": "Bitcoin-backed loans",
    "headroom": "Commitments",
}

opening_rolled = Constant(0.0, "1", "Nothing rolled over when the projection starts")


def opening_balance(principal, issue_month):
    """Principal at start [USD m]. Notes issued later start at nothing."""
    return principal if issue_month <= 0 else 0


def opening_due_month(maturity_month):
    """Due month at start [month]. Month in which the instrument is due by contract."""
    return maturity_month


def opening_due_in_year(
    opening_balance,
    maturity_month,
    convertible,
    conversion_price,
    opening_share_price,
    put_month,
    second_put_month,
):
    """Due within a year of the start [USD m]. At maturity, or put by holders whose notes are out of the money."""
    return (
        opening_balance
        if maturity_month <= ONE_YEAR
        or (
            convertible
            and opening_share_price <= conversion_price
            and ((put_month > 0 and put_month <= ONE_YEAR) or (second_put_month > 0 and second_put_month <= ONE_YEAR))
        )
        else 0
    )


def opening_issue_in_year(principal, issue_cost, issue_month, collateral_btc):
    """Issue in year 1 [USD m]. Of an issue signed at the start; a loan on bitcoin brings less than it ties up."""
    return (
        max(0, principal - issue_cost)
        if collateral_btc <= DUST_BTC and issue_month > 0 and issue_month <= ONE_YEAR
        else 0
    )


def opening_if_converted_shares(convertible, opening_balance, opening_share_price, conversion_price, principal_in_cash):
    """If-converted shares at start [m share]. Shares of notes in the money, as at month end."""
    return (
        opening_balance / conversion_price * (1 - (conversion_price / opening_share_price if principal_in_cash else 0))
        if convertible and opening_share_price > conversion_price
        else 0
    )


def opening_collateral(collateral_btc, issue_month):
    """Collateral at start [BTC]. Bitcoin pledged."""
    return collateral_btc if issue_month <= 0 else 0


def issued(principal, issue_month, month_number, defaulted_prior):
    """Principal issued [USD m]. In the month of issue; nobody lends to a defaulted borrower."""
    return principal if month_number == issue_month and not defaulted_prior else 0


def issue_within_year(principal, issue_cost, issue_month, month_number, collateral_btc):
    """Issue within twelve months [USD m]. Proceeds of a known issue; a loan on bitcoin brings less than it ties up."""
    return (
        max(0, principal - issue_cost)
        if collateral_btc <= DUST_BTC and issue_month > month_number and issue_month - month_number <= ONE_YEAR
        else 0
    )


def cost_of_issue(issued, issue_cost):
    """Cost of issue [USD m]. Fees and capped call paid at issue."""
    return issue_cost if issued > DUST else 0


def pledged_at_issue(collateral_btc, issued):
    """Collateral asked at issue [BTC]. Bitcoin pledged when the loan is drawn."""
    return collateral_btc if issued > DUST else 0


def issued_on_pledge(issued, pledged_at_issue):
    """Bitcoin-backed loans issued [USD m]. Of what is issued, loans that are paid out against bitcoin."""
    return issued if pledged_at_issue > DUST_BTC else 0


def rate(coupon, pik_coupon, rolled_prior, refinancing_spread, refinancing_coupon):
    """Interest rate [1/year]. Paid in cash; higher once rolled over, when nothing is added to principal any more."""
    return max(coupon + pik_coupon + refinancing_spread, refinancing_coupon) if rolled_prior else coupon


def period(annuity, days):
    """Interest period [year].

    Fraction of a year interest accrues for: a twelfth for annuities, actual days over 365 otherwise.
    """
    return 1 / STEPS_PER_YEAR if annuity else days / DAYS_PER_YEAR


def pik_interest(balance_prior, pik_coupon, rolled_prior, period):
    """PIK interest [USD m]. Of the month, on the opening balance, added to principal."""
    return 0 if rolled_prior else balance_prior * pik_coupon * period


def brought_forward(balance_prior, pik_interest):
    """Principal brought forward [USD m]. Of last month end, with the month's PIK interest."""
    return balance_prior + pik_interest


def cash_interest(balance_prior, rate, period):
    """Cash interest [USD m]. Of the month, on the opening balance, whoever bears it."""
    return balance_prior * rate * period


def interest(cash_interest, recourse):
    """Interest due [USD m]. Of the month, paid in cash; that of a loan without recourse may be left unpaid."""
    return cash_interest * recourse


def convertible_now(convertible, rolled_prior, brought_forward):
    """Convertible and outstanding [1].

    1 while the notes can convert: outstanding and not yet rolled into straight debt.
    """
    return convertible and not rolled_prior and brought_forward > DUST


def in_the_money(convertible_now, share_price, conversion_price, defaulted_prior):
    """In the money [1]. 1 when the share is worth more than the conversion price; nobody converts after a default."""
    return convertible_now and share_price > conversion_price and not defaulted_prior


def forced_conversion(
    in_the_money, month_number, call_month, share_price, conversion_price, call_trigger, principal_in_cash
):
    """Forced conversion [1].

    1 when the issuer may and does force conversion: into shares, never into a bill of its own.
    """
    return (
        in_the_money
        and not principal_in_cash
        and month_number >= call_month
        and share_price >= conversion_price * call_trigger
    )


def matures(month_number, due_month_prior):
    """Matured [1]. 1 from the month the instrument is due."""
    return month_number >= due_month_prior


def repaid_early(brought_forward, repaid_month, month_number):
    """Early retirement [USD m]. Balance that a known event after the balance-sheet date retires this month."""
    return brought_forward if month_number == repaid_month else 0


def converted(brought_forward, forced_conversion, matures, in_the_money, repaid_early, repaid_in_shares, convertible):
    """Principal converted [USD m]. Forced, at maturity above the conversion price, or in a known conversion."""
    return (
        brought_forward
        if forced_conversion or (matures and in_the_money) or (repaid_early > DUST and repaid_in_shares and convertible)
        else 0
    )


def conversion_shares(converted, conversion_price):
    """Conversion shares [m share]. Shares the converted principal buys."""
    return converted / conversion_price if converted > DUST else 0


def excess_share(share_price, conversion_price):
    """Conversion value above principal [1]. Part of a conversion share that is worth more than the principal."""
    return max(0, 1 - conversion_price / share_price)


def call_offset(conversion_shares, capped_call_price, conversion_price, share_price):
    """Capped call shares received [m share]. Shares the capped call delivers back, up to its cap."""
    return (
        conversion_shares * max(0, min(share_price, capped_call_price) - conversion_price) / share_price
        if capped_call_price > 0
        else 0
    )


def new_shares(conversion_shares, principal_in_cash, excess_share, call_offset):
    """Shares issued on conversion [m share]. Net of the capped call."""
    return (conversion_shares * excess_share if principal_in_cash else conversion_shares) - call_offset


def settled_in_shares(converted, principal_in_cash):
    """Principal settled in shares [USD m]. It needs no cash because it converts."""
    return converted * (1 - principal_in_cash)


def next_put_month(month_number, put_month, second_put_month):
    """Next put month [month]. Next month in which holders may put."""
    return (
        put_month
        if month_number <= put_month
        else (second_put_month if month_number <= second_put_month else NEVER_MONTH)
    )


def retired_month(repaid_month, repaid_in_shares, month_number):
    """Month of early retirement [month]. Month in which a known event will retire the instrument in cash."""
    return repaid_month if not repaid_in_shares and month_number <= repaid_month else NEVER_MONTH


def falls_due_month(convertible_now, in_the_money, due_month_prior, next_put_month, retired_month):
    """Next demand month [month]. Month in which principal may next be demanded: nobody puts what is in the money."""
    return min(
        retired_month,
        min(due_month_prior, next_put_month) if convertible_now and not in_the_money else due_month_prior,
    )


def converts_later(repaid_in_shares, convertible, repaid_month, month_number):
    """Conversion to come [1]. 1 while a known conversion into shares lies ahead: the principal will ask for no cash."""
    return repaid_in_shares and convertible and month_number < repaid_month


def months_to_raise(falls_due_month, month_number):
    """Months left to raise funds [month].

    Months in which money can still be raised for the principal, this one counted.
    """
    return max(STEP, falls_due_month - month_number + STEP)


def funds_by_due_date(liquidity_prior, atm_remaining_prior, atm_volume, months_to_raise):
    """Funds raisable by the due date [USD m].

    Liquidity and the shares the market would take until then, half a year at most.
    """
    return liquidity_prior + min(atm_remaining_prior, atm_volume * min(FUNDING_LEAD, months_to_raise) / STEP)


def collateral_value(collateral_prior, btc_close, btc_loan):
    """Collateral value [USD m]. Bitcoin behind a bitcoin-backed loan, at the month-end price."""
    return collateral_prior * btc_close / USD_PER_MILLION * btc_loan


def uncovered_brought_forward(brought_forward, collateral_value):
    """Uncovered principal brought forward [USD m].

    Principal of last month end that no collateral, at this month-end price, pays back.
    """
    return max(0, brought_forward - collateral_value)


def machine_value(equipment, pledged_hashrate_prior, total_fleet_hashrate, machine_price, machine_resale):
    """Value of machines pledged [USD m].

    At the market's price of new ones and what used ones fetch of it, as far as they are there.
    """
    return (
        min(pledged_hashrate_prior, total_fleet_hashrate) * TH_PER_EH * machine_price * machine_resale / USD_PER_MILLION
        if equipment
        else 0
    )


def under_water(equipment, recourse, machine_value, brought_forward):
    """Machines worth less than the loan [1]. 1 for a loan without recourse that it would not pay to serve."""
    return equipment and not recourse and machine_value < brought_forward


def worth_rolling(uncovered_brought_forward, funds_by_due_date, repayment_cover, next_year_needs_prior):
    """Roll-over beats repayment [1].

    1 when money is short of what comes next, and no collateral settles the loan. Who repays with money that barely
    covers a year's needs has nothing left; who rolls over whatever comes pays a high coupon on debt that bitcoin could
    have retired. Either way survival falls when money is added.
    """
    return uncovered_brought_forward > DUST and funds_by_due_date < repayment_cover * next_year_needs_prior


def roll(
    refinanceable,
    worth_rolling,
    brought_forward,
    falls_due_month,
    month_number,
    credit_open,
    leverage_prior,
    refinancing_leverage,
    covered,
    in_the_money,
    under_water,
    repaid_month,
    defaulted_prior,
):
    """Roll-over [1]. 1 when the instrument is rolled over: near its date, window open, leverage and cover allow."""
    return (
        refinanceable
        and worth_rolling
        and brought_forward > DUST
        and falls_due_month - month_number <= REFINANCING_LEAD
        and credit_open
        and leverage_prior <= refinancing_leverage
        and covered
        and not in_the_money
        and not under_water
        and (repaid_month >= NEVER_MONTH or month_number > repaid_month)
        and not defaulted_prior
    )


def rolled(rolled_prior, roll):
    """Rolled over [1]. 1 once the instrument has been rolled over."""
    return rolled_prior or roll


def due_month(due_month_prior, roll, month_number, refinancing_term):
    """Due month [month]. Month in which the instrument is due, later once rolled over."""
    return month_number + refinancing_term if roll else due_month_prior


def payments_left(due_month, month_number):
    """Payments left [1]. Monthly payments left, this one counted."""
    return max(STEP, due_month - month_number + STEP) / STEP


def annuity_payment(brought_forward, rate, payments_left):
    """Annuity payment [USD m]. Level payment that repays the balance with interest at a twelfth of the rate a month."""
    return (
        brought_forward * rate / STEPS_PER_YEAR / (1 - exp(0 - payments_left * log(1 + rate / STEPS_PER_YEAR)))
        if rate > 0
        else brought_forward / payments_left
    )


def scheduled(
    brought_forward,
    straight_line,
    annuity,
    payments_left,
    annuity_payment,
    cash_interest,
    instalments_start_month,
    month_number,
):
    """Scheduled repayment [USD m]. Equal parts, the annuity's rest after interest, or nothing before maturity."""
    return (
        0
        if month_number < instalments_start_month
        else (
            brought_forward / payments_left
            if straight_line
            else (min(brought_forward, annuity_payment - cash_interest) if annuity else 0)
        )
    )


def put(convertible_now, brought_forward, in_the_money, next_put_month, month_number, roll):
    """Principal put [USD m]. Principal that holders put: below the conversion price, on their date."""
    return (
        brought_forward if convertible_now and not in_the_money and month_number == next_put_month and not roll else 0
    )


def bill(brought_forward, repaid_early, due_month, month_number, put, scheduled, accelerated_prior, cure_due_prior):
    """Principal falling due [USD m]. Early, on a put, at maturity, once called, by schedule or to cure a breach."""
    return max(
        repaid_early,
        put,
        brought_forward
        if month_number >= due_month or accelerated_prior
        else min(brought_forward, scheduled + cure_due_prior),
    )


def unsecured_bullet(revolver, btc_loan, equipment, straight_line, annuity):
    """Unsecured bullet [1]. A note: nothing secures it, and nothing is repaid before it matures."""
    return not revolver and not btc_loan and not equipment and not straight_line and not annuity


def principal_owed(bill, converted, principal_in_cash):
    """Principal payable in cash or collateral [USD m].

    What falls due, or of what converts the part that is settled in cash.
    """
    return converted * principal_in_cash if converted > DUST else bill


def secured_due(principal_owed, collateral_value, month_number, due_month, accelerated_prior):
    """Principal due from collateral [USD m].

    Of a loan matured or called, what its lender takes from the collateral unless spare cash repays it.
    """
    return min(principal_owed, collateral_value) if month_number >= due_month or accelerated_prior else 0


def principal_due(principal_owed, secured_due, recourse):
    """Principal due in cash [USD m]. What must be paid in cash; that of a loan without recourse may be left unpaid."""
    return (principal_owed - secured_due) * recourse


def loan_due(principal_due, unsecured_bullet):
    """Principal of loans due [USD m]. Of lenders who take no other paper for it: secured ones, and instalments."""
    return 0 if unsecured_bullet else principal_due


def machine_principal(principal_owed, recourse):
    """Principal of machine loans due [USD m]. Of loans without recourse: unpaid, the lender takes the machines."""
    return principal_owed * (1 - recourse)


def kept_service(cash_interest, recourse, machine_principal, under_water):
    """Service of machines kept [USD m].

    Interest and principal of loans without recourse on machines that are worth more: any cash pays it.
    """
    return 0 if under_water else cash_interest * (1 - recourse) + machine_principal


def waivable_service(cash_interest, recourse, machine_principal, under_water):
    """Service of machines let go [USD m].

    Of loans without recourse on machines that are worth less: only spare cash pays it.
    """
    return cash_interest * (1 - recourse) + machine_principal if under_water else 0


def exposure(brought_forward, btc_loan, principal_owed):
    """Loan exposure [USD m]. What a bitcoin-backed loan will owe if it is served."""
    return (brought_forward - principal_owed) * btc_loan


def ltv(exposure, collateral_prior, btc_close):
    """Loan-to-value [1]. At the month-end price: 0 without a loan, the cap without collateral."""
    return (
        exposure * USD_PER_MILLION / (collateral_prior * btc_close)
        if collateral_prior > DUST_BTC
        else (RATIO_CAP if exposure > DUST else 0)
    )


def lowest_price_ltv(exposure, collateral_prior, btc_low):
    """Loan-to-value at the lowest price [1]. Of the month: lenders mark every day, not at its end."""
    return (
        exposure * USD_PER_MILLION / (collateral_prior * btc_low)
        if collateral_prior > DUST_BTC
        else (RATIO_CAP if exposure > DUST else 0)
    )


def required_collateral(exposure, btc_low, restore_ltv):
    """Required collateral [BTC]. Bitcoin that brings the loan back to the restored loan-to-value, at that price."""
    return exposure * USD_PER_MILLION / (btc_low * restore_ltv)


def margin_call_btc(required_collateral, collateral_prior, lowest_price_ltv, margin_call_ltv):
    """Margin call in bitcoin [BTC]. Bitcoin the lender calls for, while it has collateral."""
    return (
        max(0, required_collateral - collateral_prior)
        if collateral_prior > DUST_BTC and lowest_price_ltv > margin_call_ltv
        else 0
    )


def margin_call_value(margin_call_btc, btc_low, restore_ltv):
    """Margin call in cash [USD m]. Repayment that would do as well as the bitcoin called for."""
    return margin_call_btc * btc_low * restore_ltv / USD_PER_MILLION


def prepayment_sought(
    exposure, principal, prepayment_share, ltv, margin_call_btc, repaid_month, month_number, defaulted_prior
):
    """Prepayment sought [USD m].

    Of a loan on bitcoin, by choice: it may be repaid at any time by the sale of pledged coins worth more than it.
    Not where the lender calls for more, nor where it is known when the loan will be repaid, nor after default.
    """
    return (
        min(exposure, prepayment_share * principal)
        if ltv < 1
        and margin_call_btc <= DUST_BTC
        and (repaid_month >= NEVER_MONTH or month_number > repaid_month)
        and not defaulted_prior
        else 0
    )


def prepayment_btc(prepayment_sought, btc_close):
    """Bitcoin that would prepay it [BTC]. At the month-end price."""
    return prepayment_sought * USD_PER_MILLION / btc_close


def deficiency_due(exposure, collateral_prior):
    """Deficiency due [USD m]. Loan on bitcoin whose collateral has all been sold: the rest is a bill."""
    return exposure if collateral_prior <= DUST_BTC else 0


def kept_collateral(exposure, btc_close, release_ltv):
    """Collateral kept by the lender [BTC]. Bitcoin the lender keeps when the loan is better covered than it must be."""
    return exposure * USD_PER_MILLION / (btc_close * release_ltv)


def release_btc(kept_collateral, collateral_prior, ltv, release_ltv):
    """Collateral release [BTC]. Bitcoin the lender then gives back."""
    return max(0, collateral_prior - kept_collateral) if ltv < release_ltv else 0


def headroom(
    revolver, undrawn_prior, month_number, issue_month, due_month, in_breach_prior, accelerated_prior, defaulted_prior
):
    """Revolver headroom [USD m]. What can still be drawn this month; nobody funds a breach, a call or a default."""
    return (
        undrawn_prior
        if revolver
        and month_number >= issue_month
        and month_number < due_month
        and not in_breach_prior
        and not accelerated_prior
        and not defaulted_prior
        else 0
    )


def repayable(revolver, brought_forward, principal_due):
    """Revolver repayable [USD m]. Revolver that surplus cash may repay."""
    return (brought_forward - principal_due) * revolver


def drawable(
    revolver,
    undrawn_prior,
    month_number,
    issue_month,
    draw_end_month,
    due_month,
    in_breach_prior,
    accelerated_prior,
    defaulted_prior,
):
    """Delayed draw available [USD m]. Committed for capital expenditure, until its last date."""
    return (
        undrawn_prior
        if not revolver
        and month_number >= issue_month
        and month_number <= draw_end_month
        and month_number < due_month
        and not in_breach_prior
        and not accelerated_prior
        and not defaulted_prior
        else 0
    )


def due_soon(
    uncovered_brought_forward,
    falls_due_month,
    month_number,
    roll,
    principal_owed,
    settled_in_shares,
    in_the_money,
    principal_in_cash,
    converts_later,
    under_water,
):
    """Principal due soon [USD m].

    Principal near its date, neither rolled over nor about to convert: cash is raised for it ahead.
    """
    return (
        max(0, uncovered_brought_forward - principal_owed - settled_in_shares)
        if not roll
        and not converts_later
        and not under_water
        and falls_due_month - month_number <= REFINANCING_LEAD
        and (not in_the_money or principal_in_cash)
        else 0
    )


def line_due_soon(revolver, due_soon):
    """Revolver due soon [USD m]. Of the principal due soon, revolvers: no line is drawn to repay itself."""
    return due_soon * revolver
