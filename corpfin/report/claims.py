"""What is said of the industry, claim by claim, beside what a run of the sector bears out, with numbers and ranges."""

from __future__ import annotations

import numpy as np

from corpfin.common.text import percent, whole, wrapped
from corpfin.studies.circle import RUNAWAY
from corpfin.studies.sector import SectorStudy
from corpfin.studies.sector_tables import ALONE


def claims(result: SectorStudy) -> list[str]:
    """What is said of the industry, and how far the run bears it out, as lines of a page."""
    lines = (line for text in said(result) for line in wrapped(f"- {text}", "  ", "    "))
    return ["What is said, and what the run says", *lines]


def said(result: SectorStudy) -> list[str]:
    """The same, a paragraph a claim."""
    return [_spiral(result), _sold(result), _needed(result), _late(result), _safe(result), *_three(result)]


def _spiral(result: SectorStudy) -> str:
    gain = float(result.loop.loc[[1.0]].to_numpy().max())
    extra, most = float(result.table["extra_default"].sum()), str(result.table["extra_default"].idxmax())
    alone = float(sum(1 - result.table[f"survival_{result.months}_{ALONE}"]))
    word = "weak" if gain < 1.1 else "felt" if gain < RUNAWAY else "running away"
    far = (
        f"it would add as much again as the shock at {result.runaway:.0f} times that impact"
        if np.isfinite(result.runaway)
        else "no strength of impact that was tried makes it add as much again as the shock"
    )
    return (
        f"Price falls, miners sell, price falls: {word}. A fall is made at most {percent(gain - 1, 1)} deeper by what "
        f"companies sell for it; {far}. {extra:+.2f} companies more fail than the {alone:.2f} that fail alone, {most} "
        "most: buyers of shares and notes that all share do as much of it as the price."
        if result.impact != "0"
        else f"Price falls, miners sell, price falls: switched off. {extra:+.2f} companies more fail than alone, for "
        "all that they meet besides."
    )


def _sold(result: SectorStudy) -> str:
    ahead = result.flows.iloc[1:5] if len(result.flows) > 4 else result.flows
    reported = {period: whole(sold) for period, sold in result.history["listed_sold"].items()}
    least, most = whole(ahead["listed_sold_5"].min()), whole(ahead["listed_sold_95"].max())
    return (
        f"More sold in a quarter than in a year: {reported['2026-Q1']} BTC reported of the first quarter of 2026, at "
        f"most {reported['2025']} of 2025. In the quarters ahead {whole(ahead['listed_sold'].min())} to "
        f"{whole(ahead['listed_sold'].max())} on average, 5 to 95 % of the paths from {least} to {most}: "
        f"{ahead['sold_over_mined'].min():.1f} to {ahead['sold_over_mined'].max():.1f} times what they mine."
    )


def _needed(result: SectorStudy) -> str:
    own = result.gap.to_dict("index")["sector"]
    capex, gap = own["left_to_build"] / 1000, own["gap_after_signed"] / 1000
    rest = {to: result.bridge.loc[[to]].set_index("step")["usd_m"] for to in ("near", "long")}
    near, long = (next(v for step, v in rest[to].items() if str(step).startswith("remainder")) for to in rest)
    unlet = next(v for step, v in rest["long"].items() if str(step).startswith("sites not let"))
    return (
        f"50 bn soon and 221 bn in the end: what is leased needs {capex:.1f} bn more, {gap:.1f} bn of it neither there "
        "nor signed. 50 is reached only with nothing taken off that is there or signed and "
        f"{near / 1000:.1f} bn that no file explains; of 221, {unlet / 1000:.0f} bn are sites that nobody has let and "
        f"{long / 1000:.0f} bn a remainder."
    )


def _late(result: SectorStudy) -> str:
    first, last = result.capacity.iloc[0], result.capacity.iloc[-1]
    leased = max(1.0, last["leased_megawatts"])
    now = first["delivered_megawatts"] / max(1.0, first["leased_megawatts"])
    ends = [last[f"delivered_megawatts{part}"] / leased for part in ("", "_5", "_95")]
    return (
        f"A quarter is delivered: {percent(now, 0)}. By the end {percent(ends[0], 0)} on average, 5 to 95 % of the "
        f"paths {percent(ends[1], 0)} to {percent(ends[2], 0)}."
    )


def _safe(result: SectorStudy) -> str:
    half = result.network.to_dict("index")[0.5]
    now = result.network.to_dict("index")[1.0]
    months = list(dict.fromkeys(result.elasticity.index.get_level_values("month")))
    then = ", ".join(f"{result.elasticity.loc[(m, 1.0), 'price_elasticity']:.2f} in {m}" for m in months[:-1])
    return (
        f"Is the network safe: miners are paid {percent(now['budget_share'], 2)} of market value a year at any price, "
        f"less in dollars when it falls. At half the price {percent(half['fleet_under_water'], 0)} of the machines are "
        f"under water, after half a year {percent(half['hashrate_half_year_later'], 0)} of the hash rate is there, and "
        f"an attack costs {half['attack_hour_cost']:.2f} m an hour or {half['attack_hardware_cost'] / 1000:.1f} bn in "
        f"machines, instead of {now['attack_hour_cost']:.2f} m and {now['attack_hardware_cost'] / 1000:.1f} bn. Hash "
        f"rate answers to price by {now['price_elasticity']:.2f} now" + (f", by {then}." if then else ".")
    )


def _three(result: SectorStudy) -> list[str]:
    """What would have to be true for each of the readings."""
    base = result.readings.loc["base"]
    return [
        f"{str(name).capitalize().replace('-', ' ')}: if the price stands at {row['price_in_a_year']:.2f} times "
        f"today's in a year, with up to {percent(row['highest_under_water'], 0)} of the machines under water, "
        f"{row['in_default_together']:.1f} companies are in default at the end instead of "
        f"{base['in_default_together']:.1f}, five or more on {percent(row['five_or_more'], 0)} of the paths, and "
        f"{percent(row['delivered'], 0)} of what is leased is delivered."
        for name, row in result.readings.iterrows()
        if name != "base"
    ]
