"""What the sector does to the world's machines: what listed companies turn to AI is part of what the network loses.

Only a run of companies together has this room; ``own_`` is what a company alone is given.
"""

from corpfin.lines.constants import STEP

EACH = "machine"


def expected_converted(installed_prior, own_conversion):
    """Expected conversion [EH/s]. Machines of the class that the world's rate turns to AI this month."""
    return installed_prior * own_conversion * STEP


def conversion(own_conversion, conversion_shift_prior):
    """Conversion rate [1/month]. The world's rate, with what listed companies did in place of their part of it."""
    return max(0, own_conversion + conversion_shift_prior)
