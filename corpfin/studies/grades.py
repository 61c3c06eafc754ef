"""Letter grades as a mapping of default rates, and what bonds pay over the losses of their grade.

A grade here says only which rated companies failed as often; nobody rates the instrument so.
"""

from __future__ import annotations

import numpy as np

RATES = {
    "AAA": (0.0000, 0.0003, 0.0013, 0.0024, 0.0034),
    "AA": (0.0002, 0.0006, 0.0011, 0.0019, 0.0028),
    "A": (0.0005, 0.0013, 0.0020, 0.0030, 0.0039),
    "BBB": (0.0014, 0.0039, 0.0067, 0.0101, 0.0136),
    "BB": (0.0056, 0.0172, 0.0310, 0.0447, 0.0575),
    "B": (0.0293, 0.0687, 0.1045, 0.1335, 0.1560),
    "CCC": (0.2612, 0.3575, 0.4080, 0.4400, 0.4653),
}
"""Cumulative default rates after 1 to 5 years, companies of the world 1981 to 2024 (S&P, edition of March 2025).

Years 2 to 4 are interpolated on the shape of the edition of 2019.
"""

PREMIUM = {"AAA": 16.8, "AA": 13.0, "A": 9.8, "BBB": 5.1, "BB": 2.1, "B": 1.2, "CCC": 1.3}
"""Intensity that bond yields imply over that of defaults (Hull, Predescu and White 2005: yields of 1996 to 2004,
defaults of 1970 to 2003, recovery of 40 %)."""

OBSERVED = {
    "colocation": (0.30, 1.00),
    "gpu_cloud": (0.15, 0.95),
    "btc_loan": (0.90, 1.00),
    "equipment": (0.15, 0.60),
    "convertible": (0.03, 0.70),
    "term": (0.05, 0.50),
    "revolver": (0.30, 1.00),
}
"""Recoveries seen or thought likely by kind of instrument, lowest and highest.

Miners of 2022 to 2025 (Core Scientific, Compute North, Iris Energy, Stronghold, Bitfarms, Argo), Moody's averages by
rank and of project finance, and judgement where nothing has failed yet.
"""


def rate(grade: str, months: float) -> float:
    """Cumulative default rate of a grade after so many months, at most 60, hazard constant between years [1]."""
    curve = np.concatenate([[0.0], -np.log1p(-np.array(RATES[grade]))])
    return float(-np.expm1(-np.interp(min(months, 60) / 12, np.arange(curve.size), curve)))


def grade_of(probability: float, months: float) -> str:
    """The grade whose default rate after so many months is nearest to ``probability``, by ratio.

    >>> grade_of(0.05, 60), grade_of(0.16, 60), grade_of(0.9, 60)
    ('BB', 'B', 'CCC')
    """
    rates = np.array([max(rate(grade, months), 1e-5) for grade in RATES])
    return list(RATES)[int(np.argmin(np.abs(np.log(rates / max(probability, 1e-5)))))]


def premium_range(grade: str) -> tuple[float, float]:
    """What bonds of a grade and its two neighbours have paid over their losses, lowest and highest.

    >>> premium_range("BB")
    (1.2, 5.1)
    """
    names = list(PREMIUM)
    place = names.index(grade)
    near = [PREMIUM[name] for name in names[max(0, place - 1) : place + 2]]
    return min(near), max(near)
