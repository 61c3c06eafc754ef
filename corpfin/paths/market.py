"""What is random in the market: bitcoin, the AI-equity factor, power, the credit window, and the network's own noise.

One block holds the same 1,024 markets for every company and every scenario (common random numbers).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from corpfin.engine import arrays, log
from corpfin.inputs.draws import drawn_by
from corpfin.paths.processes import MONTH, Lognormal, PriceProcess, diffuse
from corpfin.paths.streams import BLOCK, Array, Normals, buffers, normals, uniforms

_STEEPEST = 700.0
"""Largest exponent whose ``exp`` float64 can hold, rounded down."""


@dataclass(frozen=True, slots=True)
class MarketRandomness:
    """Parameters of the market's draws; meanings and units as in the [price] and [factors] tables.

    ``months`` is the horizon M, ``start`` [USD/BTC] the price at the end of the month before it. ``known_mean`` and
    ``known_end`` [USD/BTC] are the mean and end prices of the first months, which are history; ``known_ai`` [1],
    ``known_power`` [1, above 0] and ``known_open`` [0 or 1] are AI return, power index and credit window of the same
    months: 0, 1 and 1 when left empty. ``network_shocks`` says whether fees and hash rate have noise of their own.
    ``ValueError`` for an empty horizon or known months that do not pair up.
    """

    months: int
    start: float
    process: PriceProcess
    ai_volatility: float
    ai_btc_correlation: float
    power_volatility: float
    power_persistence: float
    window_closes: float
    window_opens: float
    window_ai_beta: float
    known_mean: tuple[float, ...] = ()
    known_end: tuple[float, ...] = ()
    known_ai: tuple[float, ...] = ()
    known_power: tuple[float, ...] = ()
    known_open: tuple[float, ...] = ()
    network_shocks: bool = True

    def __post_init__(self) -> None:
        if self.months < 1:
            raise ValueError(f"months is {self.months}; the horizon must be 1 month or more")
        if len(self.known_mean) != len(self.known_end):
            raise ValueError(
                f"{len(self.known_mean)} known mean prices but {len(self.known_end)} known end prices; give both"
            )
        for name, values in (("AI returns", self.known_ai), ("power", self.known_power), ("window", self.known_open)):
            if values and len(values) != len(self.known_end):
                raise ValueError(
                    f"{name}: {len(values)} known months but {len(self.known_end)} known prices; give both"
                )

    @property
    def known(self) -> int:
        """Number of months of the horizon that are history."""
        return min(len(self.known_end), self.months)

    def convexity(self, btc_beta: Array, ai_beta: Array) -> tuple[float, ...]:
        """What volatility alone adds to the expected growth of a share, with its sign turned: one log a random month.

        The expected value of exp(beta * r) grows with beta whatever the factor's price is expected to do (Jensen).
        With this added, a share of betas ``btc_beta`` and ``ai_beta`` [M] grows by its betas' part of the factors'
        drift, and the AI factor has none.
        """
        btc, ai = btc_beta[self.known :], ai_beta[self.known :] * (self.ai_volatility * math.sqrt(MONTH))
        growth = self.process.log_growth(btc, ai * self.ai_btc_correlation)
        growth += (
            ai * ai * (1.0 - self.ai_btc_correlation**2) / 2.0 - ai * (self.ai_volatility * math.sqrt(MONTH)) / 2.0
        )
        return tuple((btc * (self.process.drift * MONTH) - growth).tolist())

    def certain(self) -> MarketRandomness:
        """The same market without chance: every volatility zero, the price growing at its drift, the window open."""
        return replace(
            self,
            process=Lognormal(volatility=0.0, drift=self.process.drift),
            ai_volatility=0.0,
            power_volatility=0.0,
            window_closes=0.0,
            network_shocks=False,
        )


def market_draws(
    parameters: MarketRandomness,
    seed: int,
    block: int,
    out: dict[str, Array] | None = None,
    source: Normals = normals,
) -> dict[str, Array]:
    """The market of the 1,024 paths of a block: name -> float64 [M, 1024], C-contiguous.

    - ``btc_price_end`` [USD/BTC]: price at month end; the file's in known months.
    - ``btc_price`` [USD/BTC]: the month's mean; the file's in known months, later the mean of its two ends.
    - ``btc_dip`` [1]: twice the month's variance times a standard exponential, which with the month's two ends gives
      its lowest price (the minimum of a Brownian bridge, from the reflection principle); 0 in known months.
    - ``ai_return`` [1]: log return of the AI-equity factor, expected growth zero; the known one in known months.
    - ``power_index`` [1]: power price over contract price, exp of an AR(1) with median 1 that goes on from the last
      known month.
    - ``credit_open`` [0 or 1]: the credit window, a Markov chain that goes on from the last known month and is open
      when there is none. A fall of the AI factor by one standard deviation multiplies the odds of closing by
      ``exp(window_ai_beta)``.
    - ``fee_shock``, ``hashrate_shock`` [1]: standard normals; 0 in known months.

    ``out`` takes the arrays of an earlier block for reuse. ``ValueError`` when they do not fit. ``source`` may be
    :meth:`Tilt.normals`; the jumps of a price process are drawn as they are.
    """
    known = parameters.known
    shape = (parameters.months, BLOCK)
    draws = buffers({draw.name: shape for draw in drawn_by("market")}, out)
    end, ai, window = draws["btc_price_end"], draws["ai_return"], draws["credit_open"]

    # The array of mean prices, needed last, holds the bitcoin normals first and is scratch space in between.
    scratch = source(seed, "market/btc", block, shape, draws["btc_price"])
    parameters.process.log_returns(scratch, end, known, seed, block)

    dip = uniforms(seed, "market/btc/bridge", block, shape, draws["btc_dip"])
    np.subtract(1.0, dip, out=dip)  # in (0, 1]
    np.copyto(dip, arrays.log(dip))
    dip *= -2.0 * parameters.process.variance
    dip[:known] = 0.0

    source(seed, "market/ai", block, shape, ai)
    ai *= math.sqrt(1.0 - parameters.ai_btc_correlation**2)
    scratch *= parameters.ai_btc_correlation
    ai += scratch

    np.multiply(ai, parameters.window_ai_beta, out=scratch)
    uniforms(seed, "market/credit", block, shape, window)
    _walk_window(parameters, scratch, window)

    diffuse(ai, parameters.ai_volatility)
    _fill(ai, parameters.known_ai, known, 0.0)

    power = source(seed, "market/power", block, shape, draws["power_index"])
    power *= parameters.power_volatility
    _fill(power, tuple(map(log, parameters.known_power)), known, 0.0)
    for t in range(max(known, 1), parameters.months):
        power[t] += parameters.power_persistence * power[t - 1]
    arrays.exp(power, out=power)
    _fill(power, parameters.known_power, known, 1.0)

    for name, stream in (("fee_shock", "market/fees"), ("hashrate_shock", "market/hashrate")):
        if parameters.network_shocks:
            source(seed, stream, block, shape, draws[name])[:known] = 0.0
        else:
            draws[name][:] = 0.0

    _accumulate_prices(parameters, end, mean=scratch)
    return draws


def central_market(parameters: MarketRandomness) -> dict[str, Array]:
    """The market of the projection: name -> float64 [M], a path of :meth:`MarketRandomness.certain`."""
    return {name: array[:, 0].copy() for name, array in market_draws(parameters.certain(), 0, 0).items()}


def _fill(draws: Array, values: tuple[float, ...], known: int, neutral: float) -> None:
    """Write the known months of ``draws`` [M, P], in place: ``values``, or ``neutral`` when there are none."""
    draws[:known] = np.reshape(values[:known], (-1, 1)) if values else neutral


def _walk_window(parameters: MarketRandomness, pull: Array, window: Array) -> None:
    """Turn uniforms in ``window`` [M, P] into the open (1) or closed (0) credit window, in place.

    ``pull`` [M, P], used up, is the fall in the log odds of closing. With p = ``window_closes`` the shifted
    probability is p / (p + (1 - p) exp(pull)), which holds for p = 0 and p = 1 too.
    """
    known, p = parameters.known, parameters.window_closes
    np.clip(pull, -_STEEPEST, _STEEPEST, out=pull)
    arrays.exp(pull, out=pull)
    pull *= 1.0 - p
    pull += p
    np.divide(p, pull, out=pull)
    stays = window >= pull
    opens = window < parameters.window_opens
    _fill(window, parameters.known_open, known, 1.0)
    is_open = window[known - 1] > 0.0 if known else np.ones(BLOCK, dtype=bool)
    differ = np.logical_xor(stays, opens, out=stays)
    for t in range(known, parameters.months):
        # open ? stays : opens, in two operations on flags
        is_open = np.logical_xor(opens[t], np.logical_and(is_open, differ[t], out=differ[t]), out=opens[t])
    window[known:] = opens[known:]


def _accumulate_prices(parameters: MarketRandomness, end: Array, mean: Array) -> None:
    """Turn log returns in ``end`` [M, P] into month-end prices, in place, and fill ``mean`` [M, P]."""
    known = parameters.known
    last = parameters.known_end[known - 1] if known else parameters.start
    for t in range(known + 1, parameters.months):
        end[t] += end[t - 1]
    arrays.exp(end[known:], out=end[known:])
    end[known:] *= last
    end[:known] = np.reshape(parameters.known_end[:known], (known, 1))
    mean[:known] = np.reshape(parameters.known_mean[:known], (known, 1))
    np.add(end[known : known + 1], last, out=mean[known : known + 1])
    np.add(end[known:-1], end[known + 1 :], out=mean[known + 1 :])
    mean[known:] *= 0.5
