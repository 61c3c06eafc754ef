"""What the sector does to the market: its sales weigh on the bitcoin price, machines it dumps on machine price.

Only a run of companies together has this room. Each line takes the place of the figure of the same name that a company
alone is given, which is read here as ``own_``.
"""

from corpfin.engine import exp


def btc_price(own_btc_price, impact_level_prior):
    """Bitcoin price, month's mean [USD/BTC]. What the world makes it, less what the sector's sales weigh on it."""
    return own_btc_price * exp(0 - impact_level_prior)


def btc_price_end(own_btc_price_end, impact_level_prior):
    """Bitcoin price at month's end [USD/BTC]. Less what the sector's sales of the months before weigh on it."""
    return own_btc_price_end * exp(0 - impact_level_prior)


def machine_price_payback(own_machine_price_payback, dumping_discount_prior):
    """Payback accepted for machines [month]. Buyers pay fewer months of margin while machines are dumped."""
    return own_machine_price_payback * (1 - dumping_discount_prior)
