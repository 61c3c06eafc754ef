"""Distance to default: how many standard deviations of a year's change lie between assets and the default point."""

from __future__ import annotations

import numpy as np

from corpfin.paths import Bootstrap, CompanyRandomness, Lognormal, Merton, PriceProcess, TwoRegime
from corpfin.runs.projection import Projection

YEAR = 12
"""Months of a year."""

LONG_TERM_SHARE = 0.5
"""Share of long-term debt in the default point (Crosbie and Bohn, Modeling Default Risk, Moody's KMV, 2003)."""


def yearly_variance(process: PriceProcess) -> float:
    """Variance of a year's log return of bitcoin as the process draws it [1]; of a bootstrap, twelve months' worth."""
    match process:
        case Lognormal():
            return process.volatility**2
        case Merton():
            return process.volatility**2 + process.intensity * (process.jump_mean**2 + process.jump_volatility**2)
        case TwoRegime():
            turbulent = process.worsens / (process.worsens + process.calms)
            return turbulent * process.turbulent**2 + (1 - turbulent) * process.calm**2
        case Bootstrap():
            return YEAR * float(np.var(process.history))
    raise TypeError(f"no variance is known of {type(process).__name__}")


def noise_variance(randomness: CompanyRandomness) -> float:
    """Variance after a year of the share's own noise: an AR(1) log deviation that starts from nothing [1]."""
    kept = randomness.idio_persistence**2
    return randomness.idio_volatility**2 / YEAR * sum(kept**month for month in range(YEAR))


def asset_volatility(projection: Projection, month: int, leverage: float) -> float:
    """Volatility over a year of a company's assets at ``month``: that of its share times equity over assets [1].

    The share's is the model's own, under the scenario: its betas times bitcoin and AI equity, and its noise. Debt is
    taken as riskless (the first step of the iteration in Crosbie and Bohn 2003). ``leverage`` is debt over assets.
    """
    randomness = projection.market_case.randomness
    after = min(month + 1, len(projection.labels) - 1)
    betas = projection.case.data.inputs[""]
    btc = float(betas["btc_beta"][after]) * np.sqrt(yearly_variance(randomness.process))
    ai = float(betas["ai_beta"][after]) * randomness.ai_volatility
    variance = btc**2 + ai**2 + 2 * randomness.ai_btc_correlation * btc * ai
    variance += noise_variance(projection.case.randomness)
    return float(np.sqrt(variance) * (1 - leverage))


def distance_to_default(projection: Projection, month: int) -> float:
    """Standard deviations of a year's change in asset value between the assets and the default point, at ``month`` [1].

    (assets - default point) / (assets x asset volatility), where assets are the market value of the shares and the
    corporate debt, and the default point is the debt that may be demanded within a year plus half of the rest (Crosbie
    and Bohn, Modeling Default Risk, Moody's KMV, 2003). Project loans are ring-fenced and stand on neither side.
    Infinite without debt and without volatility.
    """
    debt = float(projection["corporate_debt"][month])
    assets = float(projection["market_cap"][month]) + debt
    soon = float(projection["total_debt_due_within_year"][month])
    default_point = soon + LONG_TERM_SHARE * (debt - soon)
    spread = assets * asset_volatility(projection, month, debt / assets)
    return (assets - default_point) / spread if spread > 0 else np.inf
