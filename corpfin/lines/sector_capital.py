"""What the sector does to a company's access to capital: buyers are shared.

Only a run of companies together has this room; ``own_`` is what a company alone is given.
"""


def atm_participation(own_atm_participation, capital_share_prior):
    """ATM share of trading volume [1]. Less where the sector asked for more than the market gives, all alike."""
    return own_atm_participation * capital_share_prior


def refinancing_spread(own_refinancing_spread, distress_premium_prior):
    """Refinancing spread [1/year]. More, the larger the part of the sector that is in default."""
    return own_refinancing_spread + distress_premium_prior
