"""Price processes: each turns standard normals into monthly log returns of bitcoin.

A process is a frozen dataclass with a ``drift`` and one method, ``log_returns``. In all of them the expected price
grows at ``drift``, so that the choice of process changes the spread of the paths and not their mean. Numbers beyond the
normals come from streams of the process's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corpfin.engine import arrays, exp, log
from corpfin.paths.streams import Array, normals, uniforms

MONTH = 1.0 / 12.0
"""Length of a month in years; the calendar's uneven days matter to energy, not to volatility."""


class PriceProcess(Protocol):
    """What the market asks of a price process."""

    @property
    def drift(self) -> float:
        """Expected growth of the price [1/year]: log of the expected ratio of prices a year apart."""

    @property
    def variance(self) -> float:
        """Variance of a month's log return within the month, jumps between months left out [1]."""

    def log_returns(self, z: Array, out: Array, known: int, seed: int, block: int) -> None:
        """Fill rows ``known`` and later of ``out`` [M, P] with monthly log returns.

        ``z`` [M, P] holds standard normals on entry. On return it holds the standardised bitcoin shock that other
        factors correlate with; a process that uses the normals as they are leaves it alone. Earlier rows of both
        are history and read by nobody. Row t may depend on earlier rows only.
        """

    def log_growth(self, beta: Array, tilt: Array) -> Array:
        """Log of what ``exp(beta * r + tilt * z)`` adds to an expected value in each random month [M].

        ``beta`` and ``tilt`` [M] belong to the months' log return r and to the standardised shock z that other factors
        correlate with. The exponentials of the running sums of the result are the expected values over all months so
        far, whatever the months have to do with one another.
        """


def diffuse(z: Array, volatility: float, drift: float = 0.0) -> None:
    """Turn standard normals into monthly lognormal log returns, in place: (drift - vol^2/2) dt + vol sqrt(dt) z.

    ``volatility`` [1/year**0.5], ``drift`` [1/year].
    """
    z *= volatility * math.sqrt(MONTH)
    z += (drift - volatility * volatility / 2.0) * MONTH


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Geometric Brownian motion: ``volatility`` [1/year**0.5], ``drift`` [1/year]."""

    volatility: float
    drift: float

    @property
    def variance(self) -> float:
        """See :class:`PriceProcess`."""
        return self.volatility**2 * MONTH

    def log_returns(self, z: Array, out: Array, known: int, seed: int, block: int) -> None:
        """See :class:`PriceProcess`."""
        np.copyto(out, z)
        diffuse(out, self.volatility, self.drift)

    def log_growth(self, beta: Array, tilt: Array) -> Array:
        """See :class:`PriceProcess`."""
        return diffusion_growth(beta, tilt, self.volatility, self.drift)


@dataclass(frozen=True, slots=True)
class Merton:
    """Lognormal with normal jumps of the log price at Poisson times (Merton, J. Financial Economics 3, 1976).

    ``volatility`` [1/year**0.5] is the diffusion's alone, ``intensity`` [1/year] the expected number of jumps,
    ``jump_mean`` and ``jump_volatility`` [1] describe the log of a jump. The drift is compensated for the jumps.
    """

    volatility: float
    drift: float
    intensity: float
    jump_mean: float
    jump_volatility: float

    @property
    def variance(self) -> float:
        """See :class:`PriceProcess`; of the diffusion alone."""
        return self.volatility**2 * MONTH

    def log_returns(self, z: Array, out: Array, known: int, seed: int, block: int) -> None:
        """See :class:`PriceProcess`; the jumps of a month are one normal, given their number."""
        np.copyto(out, z)
        diffuse(out, self.volatility, self.drift - self.compensator)
        arrival = uniforms(seed, "market/btc/jump-count", block, out.shape)
        jumps = np.searchsorted(_poisson_cdf(self.intensity * MONTH), arrival, side="right").astype(np.float64)
        size = normals(seed, "market/btc/jump-size", block, out.shape)
        size *= np.sqrt(jumps) * self.jump_volatility
        size += jumps * self.jump_mean
        out += size

    @property
    def compensator(self) -> float:
        """What jumps add to the expected growth of the price [1/year]."""
        return self.intensity * (exp(self.jump_mean + self.jump_volatility**2 / 2.0) - 1.0)

    def log_growth(self, beta: Array, tilt: Array) -> Array:
        """See :class:`PriceProcess`."""
        jumps = self.intensity * (arrays.exp(beta * self.jump_mean + (beta * self.jump_volatility) ** 2 / 2.0) - 1.0)
        return diffusion_growth(beta, tilt, self.volatility, self.drift - self.compensator) + jumps * MONTH


@dataclass(frozen=True, slots=True)
class TwoRegime:
    """Lognormal whose volatility switches between calm and turbulent months (Hardy, N. Am. Actuarial J. 5, 2001).

    ``calm`` and ``turbulent`` are volatilities [1/year**0.5], ``worsens`` and ``calms`` the monthly probabilities of
    leaving the calm and the turbulent regime. The first random month is drawn from the long-run shares: nothing is
    claimed about the regime of today. ``ValueError`` when neither regime is ever left.
    """

    drift: float
    calm: float
    turbulent: float
    worsens: float
    calms: float

    def __post_init__(self) -> None:
        if self.worsens + self.calms <= 0.0:
            raise ValueError("two-regime price: worsens and calms are both 0; use the lognormal process instead")

    @property
    def variance(self) -> float:
        """See :class:`PriceProcess`; in the long run."""
        share = self.worsens / (self.worsens + self.calms)
        return (share * self.turbulent**2 + (1.0 - share) * self.calm**2) * MONTH

    def log_returns(self, z: Array, out: Array, known: int, seed: int, block: int) -> None:
        """See :class:`PriceProcess`."""
        u = uniforms(seed, "market/btc/regime", block, out.shape)
        turbulent = np.zeros(out.shape, dtype=bool)
        share = self.worsens / (self.worsens + self.calms)
        turbulent[known : known + 1] = u[known : known + 1] < share
        for t in range(known + 1, len(u)):
            turbulent[t] = u[t] < np.where(turbulent[t - 1], 1.0 - self.calms, self.worsens)
        volatility = np.where(turbulent, self.turbulent, self.calm)
        np.multiply(z, volatility * math.sqrt(MONTH), out=out)
        out += (self.drift - volatility * volatility / 2.0) * MONTH

    def log_growth(self, beta: Array, tilt: Array) -> Array:
        """See :class:`PriceProcess`; carried on by regime as :func:`chained_growth` says."""
        by_regime = [diffusion_growth(beta, tilt, volatility, self.drift) for volatility in (self.calm, self.turbulent)]
        share = self.worsens / (self.worsens + self.calms)
        passage = np.array([[1.0 - self.worsens, self.worsens], [self.calms, 1.0 - self.calms]])
        return chained_growth(
            arrays.exp(np.asarray(by_regime)), np.array([1.0 - share, share]), lambda weight: weight @ passage
        )


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Stationary block bootstrap of past monthly log returns (Politis and Romano, JASA 89, 1994).

    Runs of consecutive months of ``history``, wrapped at its end and of ``mean_block`` months on average, follow each
    other at random. Each month's returns are shifted by one number so that the expected price grows at ``drift``
    [1/year] whatever history did; with months that resemble their neighbours that number depends on the horizon.
    ``ValueError`` for a history that is not finite or does not vary, or a mean block below one month.
    """

    drift: float
    history: tuple[float, ...]
    mean_block: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.history).all() and len(set(self.history)) > 1):
            raise ValueError("bootstrap history needs at least two different finite monthly log returns")
        if not self.mean_block >= 1.0:
            raise ValueError(f"bootstrap mean_block is {self.mean_block} months; it must be 1 or more")

    @property
    def variance(self) -> float:
        """See :class:`PriceProcess`."""
        return float(np.var(self.history))

    def log_returns(self, z: Array, out: Array, known: int, seed: int, block: int) -> None:
        """See :class:`PriceProcess`; the standardised history takes the place of the normals."""
        past = np.asarray(self.history)
        n = len(past)
        u = uniforms(seed, "market/btc/bootstrap", block, out.shape)
        month = np.zeros(out.shape, dtype=np.int64)
        month[known : known + 1] = (u[known : known + 1] * n).astype(np.int64)
        for t in range(known + 1, len(u)):
            fresh = u[t] * self.mean_block  # below 1 with probability 1 / mean_block, and then uniform again
            month[t] = np.where(fresh < 1.0, fresh * n, month[t - 1] + 1)
        np.take(past, month, out=out, mode="wrap")
        out[known:] += self._shifts(len(u) - known)[:, None]
        np.take((past - past.mean()) / past.std(), month, out=z, mode="wrap")

    def _shifts(self, months: int) -> Array:
        """What to add to the returns of each random month [months]."""
        growth = np.repeat(arrays.exp(np.asarray(self.history))[:, None], months, axis=1)
        return self.drift * MONTH - self._chained(growth)

    def log_growth(self, beta: Array, tilt: Array) -> Array:
        """See :class:`PriceProcess`; carried on by month of history as :func:`chained_growth` says."""
        past = np.asarray(self.history)[:, None]
        returns = past + self._shifts(len(beta))
        return self._chained(arrays.exp(beta * returns + tilt * (past - past.mean()) / past.std()))

    def _chained(self, growth: Array) -> Array:
        n, goes_on = len(self.history), 1.0 - 1.0 / self.mean_block
        return chained_growth(
            growth, np.full(n, 1.0 / n), lambda weight: goes_on * np.roll(weight, 1) + (1.0 - goes_on) / n
        )


def diffusion_growth(beta: Array, tilt: Array, volatility: float, drift: float) -> Array:
    """:meth:`PriceProcess.log_growth` of months as :func:`diffuse` makes them, independent of one another."""
    spread = beta * (volatility * math.sqrt(MONTH)) + tilt
    return np.asarray(beta * ((drift - volatility * volatility / 2.0) * MONTH) + spread * spread / 2.0)


def chained_growth(growth: Array, weight: Array, onwards: Callable[[Array], Array]) -> Array:
    """Log growth by month [M] of an expected value over states that follow one another.

    ``growth`` [S, M] is the growth of a month in each state. ``weight`` [S] holds, by the state a path has reached, the
    probability of being there times the growth so far; ``onwards`` passes it on to the next month as the paths are.
    """
    found = np.empty(growth.shape[1])
    for t, by_state in enumerate(growth.T):
        weight = weight * by_state
        total = weight.sum()
        found[t] = log(total)
        weight = onwards(weight / total)
    return found


def _poisson_cdf(mean: float) -> Array:
    """Distribution function of a Poisson number at 0, 1, 2, ... as far as float64 tells it from 1."""
    term = total = exp(-mean)
    values = [total]
    while term > 1e-17 or len(values) <= mean:
        term *= mean / len(values)
        total += term
        values.append(total)
    return np.asarray(values)
