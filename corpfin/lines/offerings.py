"""Share sales after the balance-sheet date that are already known."""

from corpfin.lines.constants import FIVE_MONTHS, FOUR_MONTHS, FUNDING_LEAD, ONE_YEAR, STEP, THREE_MONTHS, TWO_MONTHS

EACH = "offering"


def opening_raised_in_year(net_proceeds, offering_month):
    """Offering proceeds in year 1 [USD m]. Known at the start."""
    return net_proceeds if offering_month <= ONE_YEAR else 0


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


def months_to_offering(offering_month, month_number):
    """Months to offering [month]. Months until its money arrives, not above 0 once it has."""
    return offering_month - month_number


def raised_1(raised_within_year, months_to_offering):
    """Offering proceeds in 1 month [USD m]."""
    return raised_within_year if months_to_offering <= STEP else 0


def raised_2(raised_within_year, months_to_offering):
    """Offering proceeds in 2 months [USD m]."""
    return raised_within_year if months_to_offering <= TWO_MONTHS else 0


def raised_3(raised_within_year, months_to_offering):
    """Offering proceeds in 3 months [USD m]."""
    return raised_within_year if months_to_offering <= THREE_MONTHS else 0


def raised_4(raised_within_year, months_to_offering):
    """Offering proceeds in 4 months [USD m]."""
    return raised_within_year if months_to_offering <= FOUR_MONTHS else 0


def raised_5(raised_within_year, months_to_offering):
    """Offering proceeds in 5 months [USD m]."""
    return raised_within_year if months_to_offering <= FIVE_MONTHS else 0


def raised_6(raised_within_year, months_to_offering):
    """Offering proceeds in 6 months [USD m]."""
    return raised_within_year if months_to_offering <= FUNDING_LEAD else 0
