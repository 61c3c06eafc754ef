"""New convertible notes after payments: what is sold, repaid and converted, and the terms of what is left."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_SHARE, ONE_YEAR, STEP

opening_notes_balance = Constant(0.0, "USD m", "Notes known at the start are debts of the file")
opening_notes_shares = Constant(0.0, "m share", "Notes known at the start are debts of the file")
opening_notes_coupons = Constant(0.0, "USD m/year", "Notes known at the start are debts of the file")
opening_notes_due_month = Constant(100_000.0, "month", "Notes known at the start are debts of the file")
opening_notes_issued = Constant(0.0, "USD m", "No notes were sold in the month before the projection")


def opening_corporate_debt(total_debt_opening_balance):
    """Corporate debt at start [USD m]."""
    return total_debt_opening_balance


def notes_issued(notes_for_growth, notes_sale, notes_cost):
    """New notes issued [USD m]. For growth and for funding, what they cost included."""
    return notes_for_growth + notes_sale / (1 - notes_cost)


def notes_fee(notes_issued, notes_cost):
    """Cost of new notes [USD m]. Fees and capped call, paid out of the proceeds."""
    return notes_issued * notes_cost


def notes_repaid(notes_due, note_principal_share):
    """New notes repaid [USD m]. In cash, as other notes."""
    return notes_due * note_principal_share


def notes_exchanged(notes_due, note_principal_share, exchange):
    """New notes exchanged below par [USD m]. What was due and not paid."""
    return notes_due * (1 - note_principal_share) if exchange else 0


def exchange_paper(exchanged_face, exchange_price):
    """Paper given in an exchange [USD m]. Principal of the new notes that take the place of what was due."""
    return exchanged_face * exchange_price


def notes_balance(notes_balance_prior, notes_issued, exchange_paper, notes_converted, notes_repaid, notes_exchanged):
    """New notes outstanding [USD m]. At month end."""
    return max(
        0, notes_balance_prior + notes_issued + exchange_paper - notes_converted - notes_repaid - notes_exchanged
    )


def notes_kept(notes_balance_prior, notes_converted, notes_repaid, notes_exchanged):
    """Share of new notes kept [1]. Of last month's, what is neither converted, repaid nor exchanged."""
    return (
        max(0, 1 - (notes_converted + notes_repaid + notes_exchanged) / notes_balance_prior)
        if notes_balance_prior > DUST
        else 0
    )


def notes_shares(notes_shares_prior, notes_kept, notes_issued, exchange_paper, share_price, notes_premium):
    """New notes conversion shares [m share]. Shares the pool converts into."""
    return notes_shares_prior * notes_kept + (notes_issued + exchange_paper) / (share_price * (1 + notes_premium))


def notes_coupons(notes_coupons_prior, notes_kept, notes_issued, notes_coupon, exchange_paper, refinancing_coupon):
    """Coupons of new notes [USD m/year]. Of the pool, a year."""
    return notes_coupons_prior * notes_kept + notes_issued * notes_coupon + exchange_paper * refinancing_coupon


def notes_due_month(
    notes_due_month_prior,
    notes_balance_prior,
    notes_kept,
    notes_issued,
    notes_term,
    exchange_paper,
    refinancing_term,
    notes_balance,
    month_number,
):
    """Due month of new notes [month]. Of the pool, on average: maturity or the holders' put."""
    return (
        (
            notes_due_month_prior * notes_balance_prior * notes_kept
            + (month_number + notes_term) * notes_issued
            + (month_number + refinancing_term) * exchange_paper
        )
        / notes_balance
        if notes_balance > DUST
        else notes_due_month_prior
    )


def notes_conversion_shares(notes_converted, notes_strike):
    """Shares for new notes converted [m share]. In the month."""
    return notes_converted / notes_strike if notes_converted > DUST else 0


def notes_dilutive(notes_shares, notes_in_the_money):
    """If-converted shares of new notes [m share]. When the pool was in the money at the start of the month."""
    return notes_shares if notes_in_the_money else 0


def notes_as_shares(notes_balance, notes_in_the_money):
    """New notes that count as shares [USD m]. Of the pool in the money: who counts its shares counts no debt."""
    return notes_balance if notes_in_the_money else 0


def notes_within_year(notes_balance, notes_in_the_money, notes_due_month, month_number):
    """New notes due within twelve months [USD m]. What may be demanded in cash."""
    return (
        notes_balance
        if not notes_in_the_money and notes_due_month - month_number <= ONE_YEAR + STEP * DUST_SHARE
        else 0
    )


def corporate_debt(total_debt_balance, notes_balance):
    """Corporate debt [USD m]. Known instruments and new notes, at month end."""
    return total_debt_balance + notes_balance
