"""Projects ahead: what the parent will be bound to pay within so many months, what a closing sends up by then."""

from corpfin.lines.constants import FIVE_MONTHS, FOUR_MONTHS, FUNDING_LEAD, STEP, THREE_MONTHS, TWO_MONTHS

EACH = "hpc"


def months_to_closing(loan_issue_month, month_number):
    """Months to loan closing [month]. Months until a signed loan pays in, not above 0 once it has."""
    return loan_issue_month - month_number


def capex_ahead(capex_left, capex_due, gpu_replacement):
    """Capex after this month [USD m]. Construction and computers left after this month's bills, due at an even pace."""
    return max(0, capex_left - capex_due + gpu_replacement)


def ring_left(ring_available, capex_due, ring_debt_service, reserve_kept):
    """Ring cash for construction [USD m]. Left after this month, the reserve account aside."""
    return max(0, ring_available - capex_due - ring_debt_service - reserve_kept)


def pace_ahead(months_to_completion):
    """Pace of capex ahead [1/month]. Share of what is left that falls due each month."""
    return 1 / months_to_completion


def due_1(pace_ahead):
    """Capex due in 1 month [1]. Share of what is left."""
    return min(1, STEP * pace_ahead)


def due_2(pace_ahead):
    """Capex due in 2 months [1]. Share of what is left."""
    return min(1, TWO_MONTHS * pace_ahead)


def due_3(pace_ahead):
    """Capex due in 3 months [1]. Share of what is left."""
    return min(1, THREE_MONTHS * pace_ahead)


def due_4(pace_ahead):
    """Capex due in 4 months [1]. Share of what is left."""
    return min(1, FOUR_MONTHS * pace_ahead)


def due_5(pace_ahead):
    """Capex due in 5 months [1]. Share of what is left."""
    return min(1, FIVE_MONTHS * pace_ahead)


def due_6(pace_ahead):
    """Capex due in 6 months [1]. Share of what is left."""
    return min(1, FUNDING_LEAD * pace_ahead)


def before_closing(months_to_closing, pace_ahead):
    """Capex due before loan closing [1]. Share of what is left, for which a signed loan comes too late."""
    return max(0, min(1, (months_to_closing - STEP) * pace_ahead))


def ring_signed_1(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_1,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 1 month [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= STEP else 0)
        + capex_ahead * draw_share * max(0, due_1 - before_closing)
        + (receipt_left if months_to_receipt <= STEP else 0)
        + (second_receipt_left if months_to_second_receipt <= STEP else 0)
    )


def ring_signed_2(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_2,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 2 months [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= TWO_MONTHS else 0)
        + capex_ahead * draw_share * max(0, due_2 - before_closing)
        + (receipt_left if months_to_receipt <= TWO_MONTHS else 0)
        + (second_receipt_left if months_to_second_receipt <= TWO_MONTHS else 0)
    )


def ring_signed_3(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_3,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 3 months [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= THREE_MONTHS else 0)
        + capex_ahead * draw_share * max(0, due_3 - before_closing)
        + (receipt_left if months_to_receipt <= THREE_MONTHS else 0)
        + (second_receipt_left if months_to_second_receipt <= THREE_MONTHS else 0)
    )


def ring_signed_4(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_4,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 4 months [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= FOUR_MONTHS else 0)
        + capex_ahead * draw_share * max(0, due_4 - before_closing)
        + (receipt_left if months_to_receipt <= FOUR_MONTHS else 0)
        + (second_receipt_left if months_to_second_receipt <= FOUR_MONTHS else 0)
    )


def ring_signed_5(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_5,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 5 months [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= FIVE_MONTHS else 0)
        + capex_ahead * draw_share * max(0, due_5 - before_closing)
        + (receipt_left if months_to_receipt <= FIVE_MONTHS else 0)
        + (second_receipt_left if months_to_second_receipt <= FIVE_MONTHS else 0)
    )


def ring_signed_6(
    loan_to_come,
    months_to_closing,
    capex_ahead,
    draw_share,
    before_closing,
    due_6,
    receipt_left,
    months_to_receipt,
    second_receipt_left,
    months_to_second_receipt,
):
    """Signed ring money in 6 months [USD m]. Loan from its closing on, draws, tenant prepayments."""
    return (
        (loan_to_come if months_to_closing <= FUNDING_LEAD else 0)
        + capex_ahead * draw_share * max(0, due_6 - before_closing)
        + (receipt_left if months_to_receipt <= FUNDING_LEAD else 0)
        + (second_receipt_left if months_to_second_receipt <= FUNDING_LEAD else 0)
    )


def call_1(capex_ahead, due_1, ring_left, ring_signed_1, ownership, bound):
    """Committed call in 1 month [USD m]. What the parent will be bound to pay; signed money counts once it is there."""
    return bound * ownership * max(0, capex_ahead * due_1 - ring_left - ring_signed_1)


def call_2(call_1, capex_ahead, due_2, ring_left, ring_signed_2, ownership, bound):
    """Committed call in 2 months [USD m]. Never less than before: what is paid before a closing stays paid."""
    return max(
        call_1,
        bound * ownership * max(0, capex_ahead * due_2 - ring_left - ring_signed_2),
    )


def call_3(call_2, capex_ahead, due_3, ring_left, ring_signed_3, ownership, bound):
    """Committed call in 3 months [USD m]. Never less than before: what is paid before a closing stays paid."""
    return max(
        call_2,
        bound * ownership * max(0, capex_ahead * due_3 - ring_left - ring_signed_3),
    )


def call_4(call_3, capex_ahead, due_4, ring_left, ring_signed_4, ownership, bound):
    """Committed call in 4 months [USD m]. Never less than before: what is paid before a closing stays paid."""
    return max(
        call_3,
        bound * ownership * max(0, capex_ahead * due_4 - ring_left - ring_signed_4),
    )


def call_5(call_4, capex_ahead, due_5, ring_left, ring_signed_5, ownership, bound):
    """Committed call in 5 months [USD m]. Never less than before: what is paid before a closing stays paid."""
    return max(
        call_4,
        bound * ownership * max(0, capex_ahead * due_5 - ring_left - ring_signed_5),
    )


def call_6(call_5, capex_ahead, due_6, ring_left, ring_signed_6, ownership, bound):
    """Committed call in 6 months [USD m]. Never less than before: what is paid before a closing stays paid."""
    return max(
        call_5,
        bound * ownership * max(0, capex_ahead * due_6 - ring_left - ring_signed_6),
    )


def closing_1(closing_within_year, months_to_closing):
    """Closing distribution in 1 month [USD m]."""
    return closing_within_year if months_to_closing <= STEP else 0


def closing_2(closing_within_year, months_to_closing):
    """Closing distribution in 2 months [USD m]."""
    return closing_within_year if months_to_closing <= TWO_MONTHS else 0


def closing_3(closing_within_year, months_to_closing):
    """Closing distribution in 3 months [USD m]."""
    return closing_within_year if months_to_closing <= THREE_MONTHS else 0


def closing_4(closing_within_year, months_to_closing):
    """Closing distribution in 4 months [USD m]."""
    return closing_within_year if months_to_closing <= FOUR_MONTHS else 0


def closing_5(closing_within_year, months_to_closing):
    """Closing distribution in 5 months [USD m]."""
    return closing_within_year if months_to_closing <= FIVE_MONTHS else 0


def closing_6(closing_within_year, months_to_closing):
    """Closing distribution in 6 months [USD m]."""
    return closing_within_year if months_to_closing <= FUNDING_LEAD else 0
