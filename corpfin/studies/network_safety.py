"""The network by price: how much hash rate answers, who is under water, what miners are paid and what an attack costs.

One month, the first after history, at prices from a quarter to twice the central one, machines and difficulty as they
stand then: what a day's fall would find. Half a year later hash rate has answered.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from corpfin.engine import Row
from corpfin.inputs import InputError, load_market, protocol
from corpfin.inputs.known import Known
from corpfin.lines.constants import BLOCKS_PER_DAY, DAYS_PER_YEAR
from corpfin.paths import central_market
from corpfin.runs.cases import MarketCase, prepare_market
from corpfin.runs.graphs import market_kernel
from corpfin.runs.projection import scenario_of

FACTORS = (0.25, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5, 2.0)
"""Prices over the central one."""

ANSWERED = 6
"""Months after which hash rate is read again."""

LINES = (
    "btc_price", "hashprice", "fleet_under_water", "price_elasticity", "network_hashrate", "security_budget",
    "attack_hour_cost", "attack_hardware_cost",
)  # fmt: skip

PUBLISHED = {
    "budget_share": "0.82 % of value a year by own sums of 2026, 0.25 to 1 % being called enough without a derivation",
    "attack_hour_cost": "1.2 m an hour in June 2026 by Budish's condition",
    "attack_hardware_cost": "7.2 to 17.4 bn for 958 EH/s at list prices of 7.5 to 18.2 USD/TH",
}
"""What others say, beside the curve."""


EARLIER: dict[str, tuple[str, int, Known]] = {
    "2022-01": ("2021-12-31", 1, "none"),
    "2024-01": ("2021-12-31", 25, "market"),
}
"""Months that today is held against: the vintage, its months, and what of its history is seen.

January 2024, before the halving, is the network of 2021 under the prices and hash rates that came: no file was written
for it.
"""


CURVE = ("btc_price", "hashprice", "fleet_under_water", "price_elasticity", "hashrate_half_year_later")
"""What is held against earlier months."""

EARLIER_SAID = {
    "2022-01": "2022-01: the vintage of 2021-12-31.",
    "2024-01": "2024-01: no file was written for it; the network of 2021-12-31 under the prices, hash rates and fees "
    "that came, machines as the model renews them.",
}
"""Where the earlier months come from."""


def supply(as_of: date, halving: date) -> float:
    """Bitcoin issued by a day, blocks at ten minutes each before the next ``halving`` [BTC]."""
    number = protocol.number_of(halving)
    paid = [protocol.FIRST_SUBSIDY / 2**k for k in range(number + 1)]
    left = (halving - as_of).days * BLOCKS_PER_DAY
    return float(protocol.EPOCH * sum(paid[:-1]) + (protocol.EPOCH - left) * paid[-1])


def by_price(case: MarketCase) -> pd.DataFrame:
    """Figures of the first month after history by price, and hash rate half a year later over that at the price of the
    central path; units as those of the lines, ``budget_share`` a year over market value."""
    count, first = len(FACTORS), min(case.history, len(case.labels) - 1)
    draws = central_market(case.randomness)
    case.shock(draws)
    wide = {name: np.repeat(array[:, None], count, axis=1) for name, array in draws.items()}
    for name in ("btc_price", "btc_price_end"):
        wide[name][first:] *= FACTORS
    ready = market_kernel().prepare(case.data)
    record = ready.run({"": wide}, paths=count, record=[Row("", name) for name in LINES]).record
    found = {name: record[i, first] for i, name in enumerate(LINES)}
    late = record[LINES.index("network_hashrate"), min(first + ANSWERED, record.shape[1] - 1)]
    start = case.market.tables.network
    value = found["btc_price"] * supply(case.market.as_of, start.halving_date)
    found["budget_share"] = found["security_budget"] * 1e6 * DAYS_PER_YEAR / value
    found["hashrate_half_year_later"] = late / late[FACTORS.index(1.0)]
    return pd.DataFrame(found, index=pd.Index(FACTORS, name="price_factor"))


def against_earlier(case: MarketCase, today: pd.DataFrame, folder: Path | None = None) -> pd.DataFrame:
    """The elasticity of hash rate by price, of ``today`` and of each of the months in ``EARLIER``.

    One row a month and price, the columns of ``CURVE``. A month whose vintage is not there is left out.
    """
    names = list(CURVE)
    curves = {}
    for month, (vintage, months, known) in EARLIER.items():
        try:
            market = load_market(companies=folder, as_of=vintage)
        except InputError:
            continue
        curves[month] = by_price(prepare_market(market, scenario_of("base"), months + ANSWERED, known))[names]
    curves[case.labels[min(case.history, len(case.labels) - 1)]] = today[names]
    return pd.concat(curves, names=["month"])
