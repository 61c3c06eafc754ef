"""Corporate debt ahead: principal that falls due within so many months, less signed issues that pay in by then."""

from corpfin.lines.constants import (
    FIVE_MONTHS,
    FOUR_MONTHS,
    FUNDING_LEAD,
    REFINANCING_LEAD,
    STEP,
    THREE_MONTHS,
    TWO_MONTHS,
)

EACH = "debt"


def kept_ahead(
    uncovered_brought_forward,
    falls_due_month,
    month_number,
    payment_horizon,
    principal_owed,
    settled_in_shares,
    in_the_money,
    principal_in_cash,
    converts_later,
):
    """Principal cash is kept for [USD m].

    Puts and maturities that are known but too far ahead to raise money for: optional building leaves their cash alone.
    """
    return (
        max(0, uncovered_brought_forward - principal_owed - settled_in_shares)
        if not converts_later
        and falls_due_month - month_number > REFINANCING_LEAD
        and falls_due_month - month_number <= payment_horizon
        and (not in_the_money or principal_in_cash)
        else 0
    )


def months_to_due(falls_due_month, month_number):
    """Months to next demand [month]. Months until principal may next be demanded."""
    return falls_due_month - month_number


def months_to_issue(issue_month, month_number):
    """Months to issue [month]. Months until a signed issue pays in, not above 0 once it has."""
    return issue_month - month_number


def net_due_1(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 1 month [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= STEP else 0) - (
        issue_within_year if months_to_issue <= STEP and months_to_due > STEP else 0
    )


def net_due_2(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 2 months [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= TWO_MONTHS else 0) - (
        issue_within_year if months_to_issue <= TWO_MONTHS and months_to_due > TWO_MONTHS else 0
    )


def net_due_3(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 3 months [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= THREE_MONTHS else 0) - (
        issue_within_year if months_to_issue <= THREE_MONTHS and months_to_due > THREE_MONTHS else 0
    )


def net_due_4(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 4 months [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= FOUR_MONTHS else 0) - (
        issue_within_year if months_to_issue <= FOUR_MONTHS and months_to_due > FOUR_MONTHS else 0
    )


def net_due_5(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 5 months [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= FIVE_MONTHS else 0) - (
        issue_within_year if months_to_issue <= FIVE_MONTHS and months_to_due > FIVE_MONTHS else 0
    )


def net_due_6(due_soon, months_to_due, issue_within_year, months_to_issue):
    """Net principal due in 6 months [USD m]. Less a signed issue that pays in, and is not itself due, by then."""
    return (due_soon if months_to_due <= FUNDING_LEAD else 0) - (
        issue_within_year if months_to_issue <= FUNDING_LEAD and months_to_due > FUNDING_LEAD else 0
    )


def drawable_1(drawable, draw_end_month, month_number):
    """Delayed draw for 1 month ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= STEP else 0


def drawable_2(drawable, draw_end_month, month_number):
    """Delayed draw for 2 months ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= TWO_MONTHS else 0


def drawable_3(drawable, draw_end_month, month_number):
    """Delayed draw for 3 months ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= THREE_MONTHS else 0


def drawable_4(drawable, draw_end_month, month_number):
    """Delayed draw for 4 months ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= FOUR_MONTHS else 0


def drawable_5(drawable, draw_end_month, month_number):
    """Delayed draw for 5 months ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= FIVE_MONTHS else 0


def drawable_6(drawable, draw_end_month, month_number):
    """Delayed draw for 6 months ahead [USD m]. What may still be drawn then, as far as it is left."""
    return drawable if draw_end_month - month_number >= FUNDING_LEAD else 0
