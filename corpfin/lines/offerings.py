"""Share sales after the balance-sheet date that are already known."""

from corpfin.lines.constants import ONE_YEAR

EACH = "offering"


def shares_sold(offered_shares, offering_month, month_number, defaulted_prior):
    """Offering shares sold [m share].

    New shares of the offering in its month; nobody buys those of a defaulted company.
    """
    return offered_shares if month_number == offering_month and not defaulted_prior else 0


def raised_within_year(net_proceeds, offering_month, month_number):
    """Offering proceeds within twelve months [USD m]."""
    return net_proceeds if offering_month > month_number and offering_month - month_number <= ONE_YEAR else 0


def cash_raised(net_proceeds, offering_month, month_number, defaulted_prior):
    """Offering proceeds [USD m]. In the month of the offering; none after a default."""
    return net_proceeds if month_number == offering_month and not defaulted_prior else 0
