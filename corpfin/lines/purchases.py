"""Land, sites and machines bought after the balance-sheet date: payments that are already known."""

from corpfin.lines.constants import FIVE_MONTHS, FOUR_MONTHS, FUNDING_LEAD, ONE_YEAR, STEP, THREE_MONTHS, TWO_MONTHS

EACH = "purchase"


def bought(purchase_price, purchase_month, month_number):
    """Purchase price due [USD m]. In the month of the purchase."""
    return purchase_price if month_number == purchase_month else 0


def bought_within_year(purchase_price, purchase_month, month_number):
    """Purchase price due within twelve months [USD m]."""
    return purchase_price if purchase_month > month_number and purchase_month - month_number <= ONE_YEAR else 0


def months_to_purchase(purchase_month, month_number):
    """Months to purchase [month]. Months until the price is paid, not above 0 once it is."""
    return purchase_month - month_number


def bought_1(bought_within_year, months_to_purchase):
    """Purchase price due in 1 month [USD m]."""
    return bought_within_year if months_to_purchase <= STEP else 0


def bought_2(bought_within_year, months_to_purchase):
    """Purchase price due in 2 months [USD m]."""
    return bought_within_year if months_to_purchase <= TWO_MONTHS else 0


def bought_3(bought_within_year, months_to_purchase):
    """Purchase price due in 3 months [USD m]."""
    return bought_within_year if months_to_purchase <= THREE_MONTHS else 0


def bought_4(bought_within_year, months_to_purchase):
    """Purchase price due in 4 months [USD m]."""
    return bought_within_year if months_to_purchase <= FOUR_MONTHS else 0


def bought_5(bought_within_year, months_to_purchase):
    """Purchase price due in 5 months [USD m]."""
    return bought_within_year if months_to_purchase <= FIVE_MONTHS else 0


def bought_6(bought_within_year, months_to_purchase):
    """Purchase price due in 6 months [USD m]."""
    return bought_within_year if months_to_purchase <= FUNDING_LEAD else 0
