"""The tables of the sector study, made of what was found: by company, by quarter, by month, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np
import pandas as pd

from corpfin.inputs import Market
from corpfin.inputs.known import Known
from corpfin.runs.cases import CompanyCase, prepare_company, prepare_market
from corpfin.runs.joint import Found, Together
from corpfin.runs.projection import scenario_of
from corpfin.runs.together import APART, project_together, sector_of

TOGETHER, ALONE = "together", "alone"

LINES = (
    "listed_mined",
    "listed_sold",
    "listed_chosen",
    "listed_forced",
    "listed_liquidated",
    "listed_btc",
    "unlisted_squeezed",
    "excess_sales",
    "impact_level",
    "leased_megawatts",
    "delivered_megawatts",
    "late_megawatts",
    "lost_megawatts",
    "capital_asked",
    "capital_capacity",
    "capital_share",
    "capex_to_deliver",
    "escrowed",
    "signed_to_come",
    "gap_after_signed",
    "liquidity_of_all",
    "listed_share",
    "companies_in_default",
)
"""Lines of the sector that are kept by month."""

FLOWS = ("listed_mined", "listed_sold", "listed_chosen", "listed_forced", "listed_liquidated", "unlisted_squeezed")

CAPACITY = (
    "leased_megawatts",
    "delivered_megawatts",
    "late_megawatts",
    "lost_megawatts",
    "capex_to_deliver",
    "escrowed",
    "signed_to_come",
    "gap_after_signed",
    "liquidity_of_all",
    "listed_btc",
    "listed_share",
    "impact_level",
    "companies_in_default",
)
"""Lines told by month with their ends over the paths."""

READINGS = {
    "base": "the files as they stand",
    "crisis": "price and delivery fail together and money is dear",
    "selection": "mining stays poor, who has leases and money lives",
    "buying-opportunity": "the price comes back before the notes fall due",
}
"""Scenarios of the article's readings, and what each says."""

HISTORY = (
    ("2022-06", 3_900.0, 14_600.0, "Arcane Research, a quarter of what they held, Core Scientific alone 7,202"),
    ("2022-Q2", float("nan"), 20_000.0, "Arcane Research, April and May derived, the record until then"),
    ("2023-10", 5_230.0, 5_492.0, "TheMinerMag, 13 companies, 105 % of production"),
    ("2025", float("nan"), 32_000.0, "at most, as the press counts more in the first quarter of 2026"),
    ("2026-Q1", 9_201.0, 38_805.0, "sum of six companies' filings; the press counts 32,000"),
)
"""Month or quarter, mined and sold by listed companies [BTC], where from."""

SWITCHES = {
    "price impact": ("impact_coefficient", "flow_beta"),
    "hash rate given up for AI": ("listed_switching",),
    "machines dumped": ("forced_sale_discount",),
    "shared capital": ("shared_capital",),
    "spread by distress": ("distress_spread",),
}
"""What companies meet of each other, and the figures of [impact] it takes."""


def reading(
    market: Market,
    cases: Sequence[CompanyCase],
    scenario: str,
    months: int,
    known: Known,
    paths: int,
    seed: int,
    threads: int | None,
    executor: Executor | None,
) -> dict[str, float]:
    """What one scenario takes and comes to, alone and together."""
    case = prepare_market(market, scenario_of(scenario), months, known, inert=True)
    together = sector_of(case, [prepare_company(each.company, case) for each in cases])
    job = Together({TOGETHER: together, ALONE: together.with_inputs(**APART)}, paths, seed, LINES, (TOGETHER,))
    found, (market_values, *_) = job.found(threads, executor), project_together(together)
    sample = found.sample(TOGETHER)
    rows = {name: sample[i] for i, name in enumerate(LINES)}
    labels = [each.label for each in cases]
    last, first = months - 1, case.now
    in_default = {name: sum(1 - found.survival(name, label, months) for label in labels) for name in (ALONE, TOGETHER)}
    ahead = min(first + 12, last)
    held = float(rows["listed_btc"][first].mean())
    return {
        "price_in_a_year": float(market_values["btc_price_end"][ahead] / market_values["btc_price_end"][first]),
        "price_at_end": float(market_values["btc_price_end"][last] / market_values["btc_price_end"][first]),
        "lowest_under_water": float(market_values["fleet_under_water"][first:].min()),
        "highest_under_water": float(market_values["fleet_under_water"][first:].max()),
        "hashrate_at_end": float(market_values["network_hashrate"][last] / market_values["network_hashrate"][first]),
        "in_default_alone": in_default[ALONE],
        "in_default_together": in_default[TOGETHER],
        "five_or_more": float(found.joint[TOGETHER][5:].sum() / found.paths),
        "delivered": float(rows["delivered_megawatts"][last].mean() / max(1.0, rows["leased_megawatts"][last].mean())),
        "btc_kept": float(rows["listed_btc"][last].mean()) / held if held > 0 else float("nan"),
        "impact_at_end": float(rows["impact_level"][last].mean()),
    }


def joint(found: Found) -> pd.DataFrame:
    shares = {name: found.joint[name] / found.paths for name in (ALONE, TOGETHER)}
    return pd.DataFrame(shares).rename_axis("in_default")


def who(found: Found, labels: Sequence[str], months: int) -> pd.DataFrame:
    """Change of survival of the columns when the row is left out; its own place is 0."""
    pairs = {
        (name, other): found.difference(name, TOGETHER, other, months).value
        for name in found.counts
        if name != TOGETHER
        for other in labels
        if other in found.counts[name]
    }
    rows = {name: {other: pairs.get((name, other), 0.0) for other in labels} for name in labels if name in found.counts}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(labels)).rename_axis("left_out")


def effects(found: Found, labels: Sequence[str], months: int) -> pd.DataFrame:
    rows = {}
    for name in found.counts:
        if name != ALONE:
            each = [found.difference(ALONE, name, label, months).value for label in labels]
            rows[name] = {"defaults": sum(each), "largest": max(each)}
    return pd.DataFrame(rows).T.rename_axis("met")


def flows(found: Found, labels: Sequence[str]) -> pd.DataFrame:
    """Bitcoin by quarter: means of the paths, and 5 and 95 % of what is sold."""
    sample = found.sample(TOGETHER)
    quarters = [f"{label[:4]}-Q{(int(label[5:]) - 1) // 3 + 1}" for label in labels]
    rows = {}
    for quarter in dict.fromkeys(quarters):
        months = [i for i, each in enumerate(quarters) if each == quarter]
        row = {name: sample[LINES.index(name)][months].sum(axis=0) for name in FLOWS}
        low, high = np.quantile(row["listed_sold"], (0.05, 0.95))
        rows[quarter] = {name: float(value.mean()) for name, value in row.items()}
        rows[quarter] |= {"listed_sold_5": low, "listed_sold_95": high}
        rows[quarter]["sold_over_mined"] = rows[quarter]["listed_sold"] / max(1.0, rows[quarter]["listed_mined"])
        for name in ("capital_asked", "capital_capacity"):
            rows[quarter][name] = float(sample[LINES.index(name)][months].sum(axis=0).mean())
        rows[quarter]["rationed"] = float((sample[LINES.index("capital_share")][months].min(axis=0) < 1).mean())
    return pd.DataFrame(rows).T.rename_axis("quarter")


def capacity(found: Found, labels: Sequence[str]) -> pd.DataFrame:
    sample = found.sample(TOGETHER)
    values: dict[str, np.ndarray] = {}
    for name in CAPACITY:
        row = sample[LINES.index(name)]
        values[name] = row.mean(axis=1)
        values[f"{name}_5"], values[f"{name}_95"] = np.quantile(row, (0.05, 0.95), axis=1)
    return pd.DataFrame(values, index=pd.Index(labels, name="month"))
