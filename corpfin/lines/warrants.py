"""Warrants: exercised at expiry when in the money, counted by the treasury-stock method until then."""

EACH = "warrant"


def opening_outstanding(warrant_shares):
    """Shares the warrants can buy at the start [m share]."""
    return warrant_shares


def expiring(outstanding_prior, month_number, expiry_month):
    """Warrants whose last month this is [m share]."""
    return outstanding_prior if month_number >= expiry_month else 0


def exercised(expiring, share_price, strike, defaulted_prior):
    """Of those, the ones worth exercising; nobody does so after a default [m share]."""
    return expiring if share_price > strike and not defaulted_prior else 0


def strike_proceeds(exercised, strike):
    """Cash paid for the new shares [USD m]."""
    return exercised * strike


def outstanding(outstanding_prior, expiring):
    """Shares the warrants can still buy [m share]."""
    return outstanding_prior - expiring


def dilutive(outstanding, share_price, strike):
    """New shares net of those the strike would buy back: the treasury-stock method [m share]."""
    return outstanding * max(0, 1 - strike / share_price)
