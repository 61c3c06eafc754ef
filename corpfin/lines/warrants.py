"""Warrants: exercised at expiry when in the money, counted by the treasury-stock method until then."""

EACH = "warrant"


def opening_outstanding(warrant_shares):
    """Warrant shares at start [m share]. Shares the warrants can buy."""
    return warrant_shares


def opening_dilutive(opening_outstanding, opening_share_price, strike):
    """Dilutive warrant shares at start [m share].

    By the treasury-stock method, so that warrants at a penny are shares from the start.
    """
    return opening_outstanding * max(0, 1 - strike / opening_share_price)


def expiring(outstanding_prior, month_number, expiry_month):
    """Warrants expiring [m share]. Warrants whose last month this is."""
    return outstanding_prior if month_number >= expiry_month else 0


def exercised(expiring, share_price, strike, defaulted_prior):
    """Warrants exercised [m share]. Of those expiring, the ones worth exercising; nobody does so after a default."""
    return expiring if share_price > strike and not defaulted_prior else 0


def strike_proceeds(exercised, strike):
    """Warrant proceeds [USD m]. Cash paid for the new shares."""
    return exercised * strike


def outstanding(outstanding_prior, expiring):
    """Warrant shares outstanding [m share]. Shares the warrants can still buy."""
    return outstanding_prior - expiring


def dilutive(outstanding, share_price, strike):
    """Dilutive warrant shares [m share].

    New shares net of those the strike would buy back: the treasury-stock method.
    """
    return outstanding * max(0, 1 - strike / share_price)
