"""Whether a count of bitcoin can be right: units times the month-end price against the fair value that is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from corpfin.filings.reading import Reading
from corpfin.inputs import Market

SCALES = (1e3, 1e6, 1e8)
"""What a count may be too large by: thousands, millions, satoshi."""

PLAUSIBLE = 10.0
"""Times the nearest known price, above or below, that a coin may be worth where the month's own is not known."""


def month_end_prices(markets: Iterable[Market]) -> dict[str, float]:
    """Price of bitcoin at the end of each month [USD/BTC] that the markets know; the first that knows it counts."""
    prices: dict[str, float] = {}
    for market in markets:
        prices.setdefault(f"{market.tables.network.as_of:%Y-%m}", market.tables.price.btc_close)
        for month in market.tables.known_month:
            prices.setdefault(month.month, month.price_end)
    return prices


def coin_test(
    worth: Reading, prices: Mapping[str, float], month: str, tolerance: float
) -> Callable[[Reading], Reading]:
    """The test of a count against the fair value ``worth`` [USD] at the end of a month.

    A count that fails loses its value and gets the trouble; one that nothing bears out is noted, or dropped where its
    way demands proof.
    """

    def test(reading: Reading) -> Reading:
        count, price = reading.value or 0.0, prices.get(month)
        if worth.value is None:
            return _unproven(reading, worth.trouble or "no fair value in the filing to hold it against")
        if price is None:
            return _without_price(reading, count, worth.value, prices, month)
        value, slack = count * price, tolerance * worth.value
        told = f"x {price:,.0f} = {value / 1e6:,.1f}, fair value {worth.value / 1e6:,.1f} USD m"
        if abs(value - worth.value) <= slack:
            return replace(reading, notes=(*reading.notes, f"{told}: agrees"))
        fits = next((power for power in SCALES if worth.value and abs(value / power - worth.value) <= slack), 0)
        hint = f"; it would agree divided by {fits:,.0f}" if fits else ""
        return replace(reading, value=None, trouble=f"{told}: does not agree{hint}")

    return test


def _without_price(reading: Reading, count: float, worth: float, prices: Mapping[str, float], month: str) -> Reading:
    """A count of a month whose price is not known: what it makes of a coin must be near the price that is."""
    told = f"fair value {worth / 1e6:,.1f} USD m" + (f", which makes {worth / count:,.0f} a coin" if count else "")
    known = [name for name in sorted(prices) if name <= month] or sorted(prices)
    near = prices[known[-1]] if known else None
    if near and not near / PLAUSIBLE <= (worth / count if count else near) <= near * PLAUSIBLE:
        return replace(reading, value=None, trouble=f"{told}, and {near:,.0f} at the end of {known[-1]}: cannot be")
    return _unproven(reading, f"{told}; not checked: the market file has no price for {month}")


def _unproven(reading: Reading, gap: str) -> Reading:
    """A reading that nothing vouches for: dropped where it needs proof, else with the remark."""
    if reading.proven:
        return replace(reading, value=None, trouble=f"counts only with proof: {gap}")
    return replace(reading, notes=(*reading.notes, gap))
