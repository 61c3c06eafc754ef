"""Reads chain data of the mempool interface and makes months of it: hash rate, fees and price.

Three answers, as files or fetched: ``/api/v1/mining/hashrate/:period`` (``hashrates``: timestamp, avgHashrate;
``difficulty``: timestamp or time, height, difficulty), ``/api/v1/mining/blocks/fees/:period`` (avgHeight, timestamp,
avgFees in satoshi) and ``/api/v1/historical-price`` (``prices``: time, USD).

The hash rate of a month is the work done in it over its seconds: the blocks of each stretch of difficulty times that
difficulty times 2**32. The number of blocks comes from the heights of the fees' rows. The interface's own daily hash
rates are estimates of the same and only hold it in check.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpfin.filings.companyfacts import read_json
from corpfin.filings.facts import unreadable
from corpfin.inputs.known import next_month

HASHES_PER_DIFFICULTY = 2.0**32
PER_EXA = 1e-18
SATOSHI = 1e-8
DAY = 86_400.0
TOLERANCE = 0.05
"""Between the hash rate of the blocks and the interface's own: luck of a month is 1.5 %, its estimate is smoothed."""

Points = list[tuple[float, float]]
"""Pairs of a time or height and a value, in order."""


@dataclass
class Chain:
    """What the files hold together; times are seconds since 1970."""

    daily: Points = field(default_factory=list)
    difficulty: Points = field(default_factory=list)
    heights: Points = field(default_factory=list)
    fees: Points = field(default_factory=list)
    prices: Points = field(default_factory=list)

    @property
    def last(self) -> datetime | None:
        """The latest moment of which the files say anything."""
        times = [series[-1][0] for series in (self.daily, self.heights, self.prices) if series]
        return datetime.fromtimestamp(max(times), UTC) if times else None


@dataclass(frozen=True)
class ChainMonth:
    """A whole month: figures as far as the files cover it, each with how it is made and how it is checked."""

    month: str
    price_mean: float | None
    price_end: float | None
    hashrate: float | None
    fees_per_block: float | None
    checks: Mapping[str, str]

    def number(self, name: str) -> float | None:
        """A figure by its name in the market file."""
        return {
            "price_mean": self.price_mean,
            "price_end": self.price_end,
            "hashrate": self.hashrate,
            "fees_per_block": self.fees_per_block,
        }[name]


MADE = {
    "price_mean": "mean of the month's prices, each weighted by the time until the next",
    "price_end": "last price before the month ended, at most a day before (UTC)",
    "hashrate": "blocks x difficulty x 2**32 over the seconds of the month",
    "fees_per_block": "mean of avgFees over the blocks of the month",
}
"""How each figure is made."""


def read_chain(paths: Iterable[Path]) -> Chain:
    """The answers in some files, told apart by what they hold; raises :class:`InputError` naming file and place."""
    chain = Chain()
    for path in paths:
        contents = read_json(path)
        if isinstance(contents, dict) and "hashrates" in contents and "difficulty" in contents:
            chain.daily += _points(path, "hashrates", contents["hashrates"], ("timestamp",), "avgHashrate")
            chain.difficulty += _points(path, "difficulty", contents["difficulty"], ("height",), "difficulty")
        elif isinstance(contents, dict) and "prices" in contents:
            chain.prices += _points(path, "prices", contents["prices"], ("time", "timestamp"), "USD")
        elif isinstance(contents, list) and contents and isinstance(contents[0], dict) and "avgFees" in contents[0]:
            chain.heights += _points(path, "rows", contents, ("timestamp",), "avgHeight")
            chain.fees += _points(path, "rows", contents, ("avgHeight",), "avgFees")
        else:
            forms = '{"hashrates": ..., "difficulty": ...}, [{"avgHeight": ..., "avgFees": ...}], {"prices": ...}'
            raise unreadable(path.name, f"is none of the chain's answers: {forms}")
    for name in ("daily", "difficulty", "heights", "fees", "prices"):
        setattr(chain, name, sorted(dict(getattr(chain, name)).items()))
    return chain


def whole_months(chain: Chain) -> list[ChainMonth]:
    """The months that the files cover from their first second to their last, as far as each figure does."""
    times = [series for series in (chain.heights, chain.prices) if series]
    if not times:
        return []
    first = min(series[0][0] for series in times)
    last = max(series[-1][0] for series in times)
    month = f"{datetime.fromtimestamp(first, UTC):%Y-%m}"
    months = []
    while _bounds(month)[1] <= last + DAY:
        found = _month(chain, month)
        if any(found.number(name) is not None for name in MADE):
            months.append(found)
        month = next_month(month)
    return months


def _month(chain: Chain, month: str) -> ChainMonth:
    start, end = _bounds(month)
    checks: dict[str, str] = {}
    prices = _inside(chain.prices, start, end)
    price_end = prices[-1][1] if prices and end - prices[-1][0] <= DAY else None
    whole = bool(prices) and price_end is not None and prices[0][0] - start <= DAY
    price_mean = _time_mean(prices, end) if whole and _gap(prices) <= 2 * DAY else None
    if prices and price_mean is None:
        checks["price_mean"] = f"the prices do not reach over all of {month} without a gap of two days"
    if prices and price_end is None:
        checks["price_end"] = f"the files have no price of the last day of {month}"
    blocks = _blocks(chain.heights, start, end)
    fees = None if blocks is None else _fees(chain.fees, *blocks)
    hashrate = None if blocks is None else _hashrate(chain.difficulty, *blocks, end - start)
    if blocks is None:
        checks["hashrate"] = checks["fees_per_block"] = f"the heights do not reach over all of {month}"
    elif hashrate is None:
        checks["hashrate"] = f"the difficulty at the start of {month} is not in the files"
    daily = [value * PER_EXA for _, value in _inside(chain.daily, start, end)]
    if hashrate is not None and len(daily) >= 0.8 * (end - start) / DAY:
        mean = sum(daily) / len(daily)
        agrees = abs(hashrate - mean) <= TOLERANCE * mean
        checks["hashrate"] = f"the interface's own mean is {mean:,.1f}: {'agrees' if agrees else 'does not agree'}"
        hashrate = hashrate if agrees else None
    return ChainMonth(month, price_mean, price_end, hashrate, fees, checks)


def log_fees(fees: float) -> float:
    """The natural log of fees per block, as [network] has it."""
    return math.log(fees)


def _bounds(month: str) -> tuple[float, float]:
    year, number = int(month[:4]), int(month[5:])
    start = datetime(year, number, 1, tzinfo=UTC).timestamp()
    return start, start + monthrange(year, number)[1] * DAY


def _inside(points: Points, start: float, end: float) -> Points:
    return [point for point in points if start <= point[0] < end]


def _gap(points: Points) -> float:
    """The longest stretch between two points."""
    return max((after[0] - before[0] for before, after in pairwise(points)), default=0.0)


def _time_mean(points: Points, end: float) -> float:
    lasts = [after - before for (before, _), (after, _) in zip(points, [*points[1:], (end, 0.0)], strict=True)]
    return sum(last * value for last, (_, value) in zip(lasts, points, strict=True)) / sum(lasts)


def _blocks(heights: Points, start: float, end: float) -> tuple[float, float] | None:
    """First and last height of a month, between the rows around its ends; None where the rows do not reach."""
    if not heights or not heights[0][0] <= start < end <= heights[-1][0] or _gap(heights) > 2 * DAY:
        return None
    return _between(heights, start), _between(heights, end)


def _between(points: Points, at: float) -> float:
    place = bisect_right(points, (at, math.inf))
    (left, low), (right, high) = points[place - 1], points[min(place, len(points) - 1)]
    return low if right == left else low + (high - low) * (at - left) / (right - left)


def _fees(fees: Points, first: float, last: float) -> float | None:
    """Mean fees over the blocks [BTC/block]: every row stands for about as many."""
    inside = [value for height, value in fees if first <= height < last]
    mean = sum(inside) / len(inside) * SATOSHI if inside else 0.0
    return mean if mean > 0 else None


def _hashrate(difficulty: Sequence[tuple[float, float]], first: float, last: float, seconds: float) -> float | None:
    """Work over time [EH/s]; None where the difficulty of the first blocks is not known."""
    if not difficulty or difficulty[0][0] > first:
        return None
    ends = [*(height for height, _ in difficulty[1:]), math.inf]
    work = sum(
        max(0.0, min(last, end) - max(first, height)) * value
        for (height, value), end in zip(difficulty, ends, strict=True)
    )
    return work * HASHES_PER_DIFFICULTY / seconds * PER_EXA


def _points(path: Path, what: str, rows: Any, at: Sequence[str], value: str) -> Points:
    points: Points = []
    if not isinstance(rows, list):
        raise unreadable(path.name, "is not a list", what)
    for position, row in enumerate(rows, start=1):
        place = next((name for name in at if isinstance(row, dict) and name in row), at[0])
        pair = [float(row[name]) for name in (place, value) if isinstance(row, dict) and _is_amount(row.get(name))]
        if len(pair) < 2:
            raise unreadable(path.name, f"{place} and {value} are not both numbers", f"{what}, row {position}")
        if value != "USD" or pair[1] > 0:  # a price of nought or -1 stands for none
            points.append((pair[0], pair[1]))
    return points


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
