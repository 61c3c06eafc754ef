"""How long and how often a run is made unless another is asked for: light, so that the command line starts fast."""

from typing import Literal

MONTHS = 60
"""Length of a projection unless another is asked for [month]."""

LONGEST = 600
"""Most months that can be asked for: fifty years."""

BACKTEST_MONTHS = 24
"""Length of a back-test unless another is asked for [month]."""

PATHS = 16_384
"""Number of paths unless another is asked for."""

DIFFERENCE_PATHS = 4_096
"""The same for each case of a study of differences: on common paths they need few."""

VARIANT_PATHS = 2_048
"""The same for each of the hundreds of variants of a sensitivity."""

Strength = Literal["0", "low", "base", "high"]
"""How far the sector's sales move the price: not at all, as the market file says, or at an end of its ranges."""
