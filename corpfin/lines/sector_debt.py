"""What rolling over asks of the market that all companies share.

Only a run of companies together has this room.
"""

EACH = "debt"


def rolled_over(roll, brought_forward):
    """Debt rolled over [USD m]. In the month in which an instrument is."""
    return brought_forward if roll else 0
