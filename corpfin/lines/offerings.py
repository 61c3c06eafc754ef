"""Share sales after the balance-sheet date that are already known."""

EACH = "offering"


def shares_sold(offered_shares, offering_month, month_number):
    """New shares of the offering in its month [m share]."""
    return offered_shares if month_number == offering_month else 0


def cash_raised(net_proceeds, offering_month, month_number):
    """Cash from the offering in its month [USD m]."""
    return net_proceeds if month_number == offering_month else 0
