"""Corporate debt, read like a term sheet: what each instrument costs, when it falls due, what it asks for.

Notes, convertibles, bitcoin-backed loans and revolvers are the same instrument with different terms. What can be paid
is found in ``treasury``; ``debt_settlement`` settles it.
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
    USD_PER_MILLION,
)

EACH = "debt"

opening_rolled = Constant(0.0, "1", "Nothing rolled over when the projection starts")


def opening_balance(principal, issue_month):
    """Outstanding at the start; notes issued later start at nothing [USD m]."""
    return principal if issue_month <= 0 else 0


def opening_due_month(maturity_month):
    """Month in which the instrument is due [month]."""
    return maturity_month


def opening_due_in_year(opening_balance, maturity_month):
    """Principal that matures within twelve months of the start [USD m]."""
    return opening_balance if maturity_month <= ONE_YEAR else 0


def opening_collateral(collateral_btc, issue_month):
    """Bitcoin pledged at the start [BTC]."""
    return collateral_btc if issue_month <= 0 else 0


# Issue and interest


def issued(principal, issue_month, month_number, defaulted_prior):
    """Issued this month; nobody lends to a defaulted borrower [USD m]."""
    return principal if month_number == issue_month and not defaulted_prior else 0


def issue_within_year(principal, issue_cost, issue_month, month_number, collateral_btc):
    """Proceeds of a known issue within twelve months; a loan on bitcoin brings less than it ties up [USD m]."""
    return (
        max(0, principal - issue_cost)
        if collateral_btc <= DUST_BTC and issue_month > month_number and issue_month - month_number <= ONE_YEAR
        else 0
    )


def cost_of_issue(issued, issue_cost):
    """Fees and capped call paid at issue [USD m]."""
    return issue_cost if issued > DUST else 0


def pledged_at_issue(collateral_btc, issued):
    """Bitcoin pledged when the loan is drawn [BTC]."""
    return collateral_btc if issued > DUST else 0


def issued_on_pledge(issued, pledged_at_issue):
    """Of what is issued, loans that are paid out against bitcoin [USD m]."""
    return issued if pledged_at_issue > DUST_BTC else 0


def rate(coupon, rolled_prior, refinancing_spread, refinancing_coupon):
    """Interest rate, higher once rolled over [1/year]."""
    return max(coupon + refinancing_spread, refinancing_coupon) if rolled_prior else coupon


def period(annuity, days):
    """Fraction of a year interest accrues for: a twelfth for annuities, actual days over 365 otherwise [year]."""
    return 1 / STEPS_PER_YEAR if annuity else days / DAYS_PER_YEAR


def interest(balance_prior, rate, period):
    """Interest of the month on the opening balance, paid in cash [USD m]."""
    return balance_prior * rate * period


# Conversion


def convertible_now(convertible, rolled_prior, balance_prior):
    """1 while the notes can convert: outstanding and not yet rolled into straight debt [1]."""
    return convertible and not rolled_prior and balance_prior > DUST


def in_the_money(convertible_now, share_price, conversion_price, defaulted_prior):
    """1 when the share is worth more than the conversion price; nobody converts after a default [1]."""
    return convertible_now and share_price > conversion_price and not defaulted_prior


def forced_conversion(
    in_the_money, month_number, call_month, share_price, conversion_price, call_trigger, principal_in_cash
):
    """1 when the issuer may and does force conversion: into shares, never into a bill of its own [1]."""
    return (
        in_the_money
        and not principal_in_cash
        and month_number >= call_month
        and share_price >= conversion_price * call_trigger
    )


def matures(month_number, due_month_prior):
    """1 from the month the instrument is due [1]."""
    return month_number >= due_month_prior


def repaid_early(balance_prior, repaid_month, month_number):
    """Balance that a known event after the balance-sheet date retires this month [USD m]."""
    return balance_prior if month_number == repaid_month else 0


def converted(balance_prior, forced_conversion, matures, in_the_money, repaid_early, repaid_in_shares, convertible):
    """Principal that converts: forced, at maturity above the conversion price, or in a known conversion [USD m]."""
    return (
        balance_prior
        if forced_conversion or (matures and in_the_money) or (repaid_early > DUST and repaid_in_shares and convertible)
        else 0
    )


def conversion_shares(converted, conversion_price):
    """Shares the converted principal buys [m share]."""
    return converted / conversion_price if converted > DUST else 0


def excess_share(share_price, conversion_price):
    """Part of a conversion share that is worth more than the principal [1]."""
    return max(0, 1 - conversion_price / share_price)


def call_offset(conversion_shares, capped_call_price, conversion_price, share_price):
    """Shares the capped call delivers back, up to its cap [m share]."""
    return (
        conversion_shares * max(0, min(share_price, capped_call_price) - conversion_price) / share_price
        if capped_call_price > 0
        else 0
    )


def new_shares(conversion_shares, principal_in_cash, excess_share, call_offset):
    """Shares issued on conversion, net of the capped call [m share]."""
    return (conversion_shares * excess_share if principal_in_cash else conversion_shares) - call_offset


def settled_in_shares(converted, principal_in_cash):
    """Principal that needs no cash because it converts [USD m]."""
    return converted * (1 - principal_in_cash)


# Roll-over


def next_put_month(month_number, put_month, second_put_month):
    """Next month in which holders may put [month]."""
    return (
        put_month
        if month_number <= put_month
        else (second_put_month if month_number <= second_put_month else NEVER_MONTH)
    )


def retired_month(repaid_month, repaid_in_shares, month_number):
    """Month in which a known event will retire the instrument in cash [month]."""
    return repaid_month if not repaid_in_shares and month_number <= repaid_month else NEVER_MONTH


def falls_due_month(convertible_now, in_the_money, due_month_prior, next_put_month, retired_month):
    """Month in which principal may next be demanded: nobody puts what is in the money [month]."""
    return min(
        retired_month,
        min(due_month_prior, next_put_month) if convertible_now and not in_the_money else due_month_prior,
    )


def converts_later(repaid_in_shares, convertible, repaid_month, month_number):
    """1 while a known conversion into shares lies ahead: the principal will ask for no cash [1]."""
    return repaid_in_shares and convertible and month_number < repaid_month


def months_to_raise(falls_due_month, month_number):
    """Months in which money can still be raised for the principal, this one counted [month]."""
    return max(STEP, falls_due_month - month_number + STEP)


def funds_by_due_date(liquidity_prior, atm_remaining_prior, atm_volume, months_to_raise):
    """Liquidity and the shares the market would take until then, half a year at most [USD m]."""
    return liquidity_prior + min(atm_remaining_prior, atm_volume * min(FUNDING_LEAD, months_to_raise) / STEP)


def collateral_value(collateral_prior, btc_close, btc_loan):
    """Bitcoin behind a bitcoin-backed loan, at the month-end price [USD m]."""
    return collateral_prior * btc_close / USD_PER_MILLION * btc_loan


def uncovered_brought_forward(balance_prior, collateral_value):
    """Principal that no collateral pays back [USD m]."""
    return max(0, balance_prior - collateral_value)


def worth_rolling(uncovered_brought_forward, funds_by_due_date, repayment_cover, next_year_needs_prior):
    """1 when rolling over beats repaying: money is short of what comes next, and no collateral settles the loan [1].

    Who repays with money that barely covers a year's needs has nothing left; who rolls over whatever comes pays a high
    coupon on debt that bitcoin could have retired. Either way survival falls when money is added.
    """
    return uncovered_brought_forward > DUST and funds_by_due_date < repayment_cover * next_year_needs_prior


def roll(
    refinanceable,
    worth_rolling,
    balance_prior,
    falls_due_month,
    month_number,
    credit_open,
    leverage_prior,
    refinancing_leverage,
    in_the_money,
    repaid_month,
    defaulted_prior,
    is_history,
):
    """1 when the instrument is rolled over: near its date, window open, leverage within the limit [1]."""
    return (
        refinanceable
        and worth_rolling
        and balance_prior > DUST
        and falls_due_month - month_number <= REFINANCING_LEAD
        and credit_open
        and leverage_prior <= refinancing_leverage
        and not in_the_money
        and (repaid_month >= NEVER_MONTH or month_number > repaid_month)
        and not defaulted_prior
        and not is_history
    )


def rolled(rolled_prior, roll):
    """1 once the instrument has been rolled over [1]."""
    return rolled_prior or roll


def due_month(due_month_prior, roll, month_number, refinancing_term):
    """Month in which the instrument is due, later once rolled over [month]."""
    return month_number + refinancing_term if roll else due_month_prior


# Principal


def payments_left(due_month, month_number):
    """Monthly payments left, this one counted [1]."""
    return max(STEP, due_month - month_number + STEP) / STEP


def annuity_payment(balance_prior, rate, payments_left):
    """Level payment that repays the balance with interest at a twelfth of the rate a month [USD m]."""
    return (
        balance_prior * rate / STEPS_PER_YEAR / (1 - exp(0 - payments_left * log(1 + rate / STEPS_PER_YEAR)))
        if rate > 0
        else balance_prior / payments_left
    )


def scheduled(balance_prior, straight_line, annuity, payments_left, annuity_payment, interest):
    """Scheduled repayment: equal parts, the annuity's rest after interest, or nothing before maturity [USD m]."""
    return (
        balance_prior / payments_left
        if straight_line
        else (min(balance_prior, annuity_payment - interest) if annuity else 0)
    )


def put(convertible_now, balance_prior, in_the_money, next_put_month, month_number, roll):
    """Principal that holders put: below the conversion price, on their date [USD m]."""
    return balance_prior if convertible_now and not in_the_money and month_number == next_put_month and not roll else 0


def bill(balance_prior, repaid_early, due_month, month_number, put, scheduled):
    """Principal that falls due: early, on a put, at maturity or by schedule [USD m]."""
    return max(repaid_early, put, balance_prior if month_number >= due_month else scheduled)


def principal_owed(bill, converted, settled_in_shares):
    """Principal to be paid: the bill, or of what converts the part that is settled in cash [USD m]."""
    return converted - settled_in_shares if converted > DUST else bill


def secured_due(principal_owed, collateral_value, month_number, due_month):
    """Of a matured loan, what its lender takes from the collateral unless spare cash repays it [USD m]."""
    return min(principal_owed, collateral_value) if month_number >= due_month else 0


def principal_due(principal_owed, secured_due):
    """Principal that must be paid in cash [USD m]."""
    return principal_owed - secured_due


# Bitcoin-backed loans


def exposure(balance_prior, btc_loan, principal_owed):
    """What a bitcoin-backed loan will owe if it is served [USD m]."""
    return (balance_prior - principal_owed) * btc_loan


def ltv(exposure, collateral_prior, btc_close):
    """Loan-to-value at the month-end price: 0 without a loan, the cap without collateral [1]."""
    return (
        exposure * USD_PER_MILLION / (collateral_prior * btc_close)
        if collateral_prior > DUST_BTC
        else (RATIO_CAP if exposure > DUST else 0)
    )


def required_collateral(exposure, btc_close, restore_ltv):
    """Bitcoin that brings the loan back to the restored loan-to-value [BTC]."""
    return exposure * USD_PER_MILLION / (btc_close * restore_ltv)


def margin_call_btc(required_collateral, collateral_prior, ltv, margin_call_ltv):
    """Bitcoin the lender calls for [BTC]."""
    return max(0, required_collateral - collateral_prior) if ltv > margin_call_ltv else 0


def margin_call_value(margin_call_btc, btc_close, restore_ltv):
    """Repayment that would do as well as the bitcoin called for [USD m]."""
    return margin_call_btc * btc_close * restore_ltv / USD_PER_MILLION


def kept_collateral(exposure, btc_close, release_ltv):
    """Bitcoin the lender keeps when the loan is better covered than it must be [BTC]."""
    return exposure * USD_PER_MILLION / (btc_close * release_ltv)


def release_btc(kept_collateral, collateral_prior, ltv, release_ltv):
    """Bitcoin the lender then gives back [BTC]."""
    return max(0, collateral_prior - kept_collateral) if ltv < release_ltv else 0


# Revolver


def headroom(revolver, undrawn_prior, month_number, issue_month, due_month, defaulted_prior):
    """What can still be drawn; lenders do not fund a defaulted borrower [USD m]."""
    return (
        undrawn_prior
        if revolver and month_number >= issue_month and month_number < due_month and not defaulted_prior
        else 0
    )


def repayable(revolver, balance_prior, principal_due):
    """Revolver that surplus cash may repay [USD m]."""
    return (balance_prior - principal_due) * revolver


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
):
    """Principal near its date, neither rolled over nor about to convert: cash is raised for it ahead [USD m]."""
    return (
        max(0, uncovered_brought_forward - principal_owed - settled_in_shares)
        if not roll
        and not converts_later
        and falls_due_month - month_number <= REFINANCING_LEAD
        and (not in_the_money or principal_in_cash)
        else 0
    )


def line_due_soon(revolver, due_soon):
    """Of it, revolvers: no line is drawn to repay itself [USD m]."""
    return due_soon * revolver
