"""Land, sites and machines bought after the balance-sheet date: payments that are already known."""

from corpfin.lines.constants import FUNDING_LEAD, ONE_YEAR

EACH = "purchase"


def bought(purchase_price, purchase_month, month_number):
    """Price of the purchase, due in its month [USD m]."""
    return purchase_price if month_number == purchase_month else 0


def bought_soon(purchase_price, purchase_month, month_number):
    """The same in the coming months: cash is raised for it ahead [USD m]."""
    return purchase_price if purchase_month > month_number and purchase_month - month_number <= FUNDING_LEAD else 0


def bought_within_year(purchase_price, purchase_month, month_number):
    """The same within twelve months [USD m]."""
    return purchase_price if purchase_month > month_number and purchase_month - month_number <= ONE_YEAR else 0
