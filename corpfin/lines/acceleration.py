"""Loans called: for a breach of their own, or because enough of the company's other debt is called.

A loan called falls due next month.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST

EACH = "debt"

opening_accelerated = Constant(0.0, "1", "No loan called when the projection starts")


def cross_defaulted(total_debt_debt_called, cross_default_threshold, balance, event_of_default):
    """Called by cross-default [1]. 1 when enough of the company's other debt is called; projects are no part of it."""
    return balance > DUST and not event_of_default and total_debt_debt_called > cross_default_threshold


def accelerated(accelerated_prior, event_of_default, cross_defaulted):
    """Loan called [1]. 1 once the lender has called it: all of it is due, nothing more is lent."""
    return accelerated_prior or event_of_default or cross_defaulted
