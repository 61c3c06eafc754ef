"""What is drawn at random, declared once: every draw, and the factors a scenario may shock.

How each is drawn stands in :mod:`corpfin.paths`. From here come the draws of the graphs, the arrays of a block, the
targets a shock may name, what may be done to them, and how far a reverse stress moves them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

How = Literal["add", "multiply", "set"]

UNCHANGED: dict[How, float] = {"multiply": 1.0, "add": 0.0}
"""The level that changes nothing."""

MULTIPLES = (0.001, 1_000.0)
"""Least and most that a shock may multiply a factor by; by 0 too where the factor may be 0."""

TINY = math.ulp(0.0)
"""The smallest number above zero."""


@dataclass(frozen=True, slots=True)
class Factor:
    """What a shock may name: the ways allowed, the values that may result, how a reverse stress moves it and how far.

    Its draws are those that carry it. ``returns`` says that they are log returns, of which the factor is the level.
    ``search`` is None for what has no level between its values. ``levels`` are the least and the most a scenario may
    set it to; what is added is no further from 0 than the most.
    """

    name: str
    unit: str
    search: tuple[How, float, float] | None
    levels: tuple[float, float]
    hows: tuple[How, ...] = ("add", "multiply", "set")
    lowest: float = 0.0
    highest: float = math.inf
    returns: bool = False

    def span(self, how: str) -> tuple[float, float]:
        """Least and most that a shock may add, multiply by, set or lead along a path to."""
        least, most = self.levels
        match how:
            case "add":
                return -most, most
            case "multiply":
                return (0.0 if self.lowest == 0.0 else MULTIPLES[0]), MULTIPLES[1]
            case _:
                return least, most


@dataclass(frozen=True, slots=True)
class Draw:
    """One thing drawn on every path: by month, or once for each instance of the block ``scope``."""

    name: str
    unit: str
    meaning: str
    home: Literal["market", "company"]
    factor: Factor | None = None
    scope: str = ""

    @property
    def static(self) -> bool:
        """Whether it is drawn once and has no months: so it is for everything that belongs to a block."""
        return bool(self.scope)


_BTC = Factor("btc_price", "USD/BTC", ("multiply", 0.02, 5.0), (1.0, 10_000_000.0), lowest=TINY)
_AI = Factor("ai_factor", "1", ("multiply", 0.02, 5.0), MULTIPLES, hows=("multiply",), lowest=-math.inf, returns=True)
_POWER = Factor("power_index", "1", ("multiply", 0.05, 20.0), (0.0, 100.0))
_WINDOW = Factor("credit_open", "1", None, (0.0, 1.0), hows=("set",), highest=1.0)
_SLIP = Factor("slip", "month", ("add", 0.0, 60.0), (0.0, 240.0))
_OVERRUN = Factor("overrun", "1", ("multiply", 0.25, 10.0), (0.0, 100.0))
_GPU_OVERRUN = Factor("gpu_overrun", "1", ("multiply", 0.25, 10.0), (0.0, 100.0))

DRAWS = (
    Draw("btc_price", "USD/BTC", "Bitcoin price, mean of the month", "market", _BTC),
    Draw("btc_price_end", "USD/BTC", "Bitcoin price at month end", "market", _BTC),
    Draw("btc_dip", "1", "How far below its ends the log price dips within the month, a square", "market"),
    Draw("ai_return", "1", "Log return of the AI-equity factor", "market", _AI),
    Draw("power_index", "1", "Index price of electricity over the contract's", "market", _POWER),
    Draw("credit_open", "1", "1 while maturities can be rolled over", "market", _WINDOW),
    Draw("fee_shock", "1", "Shock to log fees, in standard deviations", "market"),
    Draw("hashrate_shock", "1", "Shock to hash rate, in standard deviations", "market"),
    Draw("idio_return", "1", "Log return of the share that no factor explains", "company"),
    Draw("selling_stance", "1", "Readiness to sell bitcoin, in standard deviations from the company's own", "company"),
    Draw("cash_stance", "1", "Caution in holding and raising cash, in standard deviations", "company"),
    Draw("equity_stance", "1", "Readiness to sell shares, in standard deviations", "company"),
    Draw("growth_stance", "1", "Appetite for growth, in standard deviations", "company"),
    Draw("equity_shock", "1", "Chance of the equity window, in standard deviations: far below 0 it shuts", "company"),
    Draw("notes_shock", "1", "Chance of a note issue, in standard deviations: far below 0 there is one", "company"),
    Draw("output_shock", "1", "Shock to uptime, in standard deviations", "company"),
    Draw("overhead_shock", "1", "Shock to log overhead, in standard deviations", "company"),
    Draw("working_capital_shock", "1", "Shock to net payables, in standard deviations", "company"),
    Draw("capex_shock", "1", "Shock to the pace of spending, in standard deviations", "company"),
    Draw("relief", "USD m", "Bills paid for the company in a study of drivers, else 0", "company"),
    Draw("slip", "month", "Months late in construction", "company", _SLIP, "hpc"),
    Draw("overrun", "1", "Actual over guided construction cost", "company", _OVERRUN, "hpc"),
    Draw("gpu_overrun", "1", "Actual over agreed cost of computers", "company", _GPU_OVERRUN, "hpc"),
    Draw("tenant_clock", "1", "Cumulated hazard at which the tenant fails", "company", scope="hpc"),
    Draw("exit_clock", "1", "Cumulated hazard at which the tenant of a late project leaves", "company", scope="hpc"),
)

FACTORS = {draw.factor.name: draw.factor for draw in DRAWS if draw.factor}
"""Every factor by name."""


def drawn_by(home: Literal["market", "company"]) -> tuple[Draw, ...]:
    """The draws of the market, or of each company."""
    return tuple(draw for draw in DRAWS if draw.home == home)


def draws_of(factor: Factor) -> tuple[Draw, ...]:
    """The draws that a shock to a factor changes."""
    return tuple(draw for draw in DRAWS if draw.factor is factor)


def is_static(factor: Factor) -> bool:
    """Whether a factor has no months."""
    return all(draw.static for draw in draws_of(factor))


def follows_path(factor: Factor) -> bool:
    """Whether a factor has a level by month that a scenario may lay down: bitcoin and power have."""
    return not is_static(factor) and not factor.returns and "multiply" in factor.hows
