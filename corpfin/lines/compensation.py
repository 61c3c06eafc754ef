"""Pay in shares: what vests, what of it the company withholds for the holders' tax, and that tax in cash.

In the United States vested stock is wages: the employer withholds tax on what it is worth that day. Settled net, it
keeps part of the shares and pays the tax for them in cash, so fewer shares are issued and money goes out.
"""

from corpfin.lines.constants import STEPS_PER_QUARTER


def vested_shares(stock_compensation, opening_share_price, defaulted_prior):
    """Shares vested [m share]. Pay in shares: a constant number, set at the opening price; nothing after default."""
    return 0 if defaulted_prior else stock_compensation / STEPS_PER_QUARTER / opening_share_price


def withheld_shares(vested_shares, shares_withheld):
    """Shares withheld for tax [m share]. Of what vests: the company keeps them and pays the holders' tax."""
    return vested_shares * shares_withheld


def compensation_shares(vested_shares, withheld_shares):
    """Stock compensation shares [m share]. Issued to those who are paid in shares, net of what is withheld."""
    return vested_shares - withheld_shares


def withholding_tax(withheld_shares, share_price):
    """Withholding tax on vested shares [USD m]. What the shares withheld are worth, owed in cash for the holders."""
    return withheld_shares * share_price


def compensation_expense(vested_shares, share_price):
    """Stock compensation [USD m]. Shares given as pay, those withheld among them, at the current price."""
    return vested_shares * share_price
