"""Land, sites and machines bought after the balance-sheet date: payments that are already known."""

from corpfin.lines.constants import FUNDING_LEAD, ONE_YEAR

EACH = "purchase"


def bought(purchase_price, purchase_month, month_number):
    """Purchase price due [USD m]. In the month of the purchase."""
    return purchase_price if month_number == purchase_month else 0


def bought_soon(purchase_price, purchase_month, month_number):
    """Purchase price due soon [USD m]. Due in the coming months: cash is raised for it ahead."""
    return purchase_price if purchase_month > month_number and purchase_month - month_number <= FUNDING_LEAD else 0


def bought_within_year(purchase_price, purchase_month, month_number):
    """Purchase price due within twelve months [USD m]."""
    return purchase_price if purchase_month > month_number and purchase_month - month_number <= ONE_YEAR else 0
