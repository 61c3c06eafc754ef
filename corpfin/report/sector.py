"""The sector as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import amount, percent, whole, wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.circle import RUNAWAY, SHOCKS
from corpfin.studies.gap import DELIVERED, OWN_DELIVERED
from corpfin.studies.network_safety import PUBLISHED
from corpfin.studies.sector import COMPANIES, SectorStudy
from corpfin.studies.sector_tables import READINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLES = ("loop", "effects", "joint", "who", "flows", "history", "gap", "bridge", "capacity", "network", "readings")
"""The frames of a result beside its table."""

SOLD = (
    "listed_mined",
    "listed_sold",
    "listed_sold_5",
    "listed_sold_95",
    "listed_chosen",
    "listed_forced",
    "listed_liquidated",
    "unlisted_squeezed",
)
"""Columns of the flows on the page."""

QUARTERS = 8
"""Quarters of sales on the page."""

TITLES = {"near": "To VanEck's near gap", "long": "To VanEck's long need", "iren": "To VanEck's figure for IREN"}


def sector_page(result: SectorStudy) -> str:
    """The circle, who goes with whom, what is sold, what is needed, what is delivered, how safe the network is."""
    left = f", without {', '.join(result.without)}" if result.without else ""
    head = [
        f"Sector of {len(result.table)} companies{left}, scenario {result.scenario}, impact {result.impact}",
        f"{result.paths:,} paths of {result.months} months, seed {result.seed}; alone and together on the same paths",
    ]
    return joined(
        [
            head,
            _circle(result),
            _defaults(result),
            _sales(result),
            _gap(result),
            _delivery(result),
            _network(result),
            _readings(result),
            _reading(result),
        ]
    )


def _circle(result: SectorStudy) -> list[str]:
    heads = ["impact, times the run's", *(f"fall of {percent(shock, 0)}" for shock in SHOCKS)]
    rows = [[f"{multiple:g}", *(f"{value:.3f}" for value in row)] for multiple, row in result.loop.iterrows()]
    far = (
        f"It would add as much again as the shock (gain {RUNAWAY:g}) at about {result.runaway:.0f} times that impact."
        if np.isfinite(result.runaway)
        else f"No strength of impact that was tried makes it add as much again as the shock (gain {RUNAWAY:g})."
    )
    return ["The circle: total over direct fall of the price", *columns([heads, *rows]), *wrapped(far)]


def _defaults(result: SectorStudy) -> list[str]:
    table = result.table
    found = columns(cells(on_page(result.columns, COMPANIES), table.to_dict("index"), ""))
    extra = float(table["extra_default"].sum())
    effects = [["companies in default more, of each thing met", "all", "largest"]]
    effects += [
        [str(name), f"{row['defaults']:+.3f}", f"{100 * row['largest']:+.1f} %"]
        for name, row in result.effects.iterrows()
    ]
    joint = [["in default at the end", *map(str, result.joint.index)]]
    joint += [[str(name), *(f"{100 * value:.1f}" for value in result.joint[name])] for name in result.joint]
    return [
        "Who is pulled down",
        *found,
        *wrapped(
            f"Survival to month {result.months} in %, alone and together. Extra: default because of the others, ± one "
            "error. Moves: companies in default, in hundredths, that would not be were it not there. On average "
            f"{extra:+.2f} companies more are in default than alone."
        ),
        "",
        *columns(effects),
        "",
        *columns(joint),
    ]


def _sales(result: SectorStudy) -> list[str]:
    heads = ["", "mined", "sold", "5 %", "95 %", "chosen", "forced", "liquidated", "rest's stock", "sold/mined"]
    rows = [heads]
    for name, row in result.flows.head(QUARTERS).iterrows():
        rows.append([str(name), *(whole(row[key]) for key in SOLD), f"{row['sold_over_mined']:.2f}"])
    for period, row in result.history.iterrows():
        mined = "-" if np.isnan(row["listed_mined"]) else whole(row["listed_mined"])
        over = "-" if np.isnan(row["listed_mined"]) else f"{row['listed_sold'] / row['listed_mined']:.2f}"
        rows.append([f"{period} reported", mined, whole(row["listed_sold"]), *["-"] * 6, over])
    peak = result.flows["listed_sold"].idxmax()
    return [
        "Bitcoin of the listed, by quarter",
        *columns(rows),
        *wrapped(f"Most is sold in {peak}. Rest's stock: what the rest of the network sells out of what it holds."),
    ]


def _gap(result: SectorStudy) -> list[str]:
    heads = ["USD m", "leased MW", "delivered", "capex left", "escrowed", "signed", "gap", "liquidity"]
    rows = [heads, *([str(name), *map(whole, row)] for name, row in result.gap.iterrows() if row["leased_mw"] > 0)]
    steps: list[str] = []
    for to, title in TITLES.items():
        if to in result.bridge.index:
            found = result.bridge.loc[[to]]
            steps += [
                "",
                title,
                *columns([[row["step"], whole(row["usd_m"]), row["grade"]] for _, row in found.iterrows()], left=1),
            ]
    asked = result.flows[["capital_asked", "capital_capacity", "rationed"]].head(QUARTERS)
    market = [["capital, USD m a quarter", *map(str, asked.index)]]
    market += [
        ["asked", *map(whole, asked["capital_asked"])],
        ["given at most", *map(whole, asked["capital_capacity"])],
    ]
    market += [["paths rationed, %", *(amount(100 * value) for value in asked["rationed"])]]
    return [
        "What delivering all that is leased still needs, at the start",
        *columns(rows),
        *steps,
        "",
        *columns(market),
    ]


def _delivery(result: SectorStudy) -> list[str]:
    every = result.capacity.iloc[5 :: max(1, len(result.capacity) // 6)]
    rows = [["", "leased", "delivered", "5 %", "95 %", "late", "lost", "gap, USD m", "5 %", "95 %"]]
    names = (
        "leased_megawatts",
        "delivered_megawatts",
        "delivered_megawatts_5",
        "delivered_megawatts_95",
        "late_megawatts",
        "lost_megawatts",
        "gap_after_signed",
        "gap_after_signed_5",
        "gap_after_signed_95",
    )
    rows += [[str(month), *(whole(row[name]) for name in names)] for month, row in every.iterrows()]
    first = result.capacity.iloc[0]
    share = first["delivered_megawatts"] / max(1.0, first["leased_megawatts"])
    low, high = OWN_DELIVERED
    return [
        "Leased and delivered, MW",
        *columns(rows),
        *wrapped(
            f"Delivered at the start: {percent(share, 0)} of what is leased; VanEck says {percent(DELIVERED, 0)}, a "
            f"count of disclosures {percent(low, 0)} to {percent(high, 0)}."
        ),
    ]


def _network(result: SectorStudy) -> list[str]:
    heads = ["price", "hashprice", "under water", "elasticity", "hash +6", "budget", "of value", "hour", "hardware"]
    rows = [heads]
    for _, row in result.network.iterrows():
        rows.append(
            [
                whole(row["btc_price"]),
                amount(row["hashprice"]),
                percent(row["fleet_under_water"], 0),
                f"{row['price_elasticity']:.2f}",
                percent(row["hashrate_half_year_later"], 0),
                amount(row["security_budget"]),
                percent(row["budget_share"], 2),
                f"{row['attack_hour_cost']:.2f}",
                f"{row['attack_hardware_cost'] / 1000:.1f}",
            ]
        )
    said = "; ".join(f"{name}: {value:g} ({text})" for name, (value, text) in PUBLISHED.items())
    return [
        "The network by price, first month after history",
        *columns(rows, left=0),
        *wrapped(
            "Elasticity of hash rate to price once difficulty has followed. Hash +6: hash rate after half a year over "
            "that at the central price. Budget: USD m a day, and a year of it over market value. Hour: reward of one, "
            "USD m. Hardware: of as much hash rate, USD bn. Published: " + said
        ),
    ]


def _readings(result: SectorStudy) -> list[str]:
    heads = [
        "",
        "price +12",
        "at end",
        "under water",
        "hash rate",
        "default",
        "alone",
        "5 or more",
        "delivered",
        "kept",
    ]
    rows = [heads]
    for name, row in result.readings.iterrows():
        rows.append(
            [
                str(name),
                f"{row['price_in_a_year']:.2f}",
                f"{row['price_at_end']:.2f}",
                f"{percent(row['lowest_under_water'], 0)} - {percent(row['highest_under_water'], 0)}",
                f"{row['hashrate_at_end']:.2f}",
                f"{row['in_default_together']:.2f}",
                f"{row['in_default_alone']:.2f}",
                percent(row["five_or_more"], 0),
                percent(row["delivered"], 0),
                percent(row["btc_kept"], 0),
            ]
        )
    says = "; ".join(f"{name}: {text}" for name, text in READINGS.items())
    return [
        "Three readings of the shift to AI, and what each takes",
        *columns(rows),
        *wrapped(
            f"Price and hash rate over those of the last month of history, central path; companies in default at the "
            f"end, together and alone, mean of the paths. {says}."
        ),
    ]


def _reading(result: SectorStudy) -> list[str]:
    gain = float(result.loop.loc[[1.0]].to_numpy().max())
    extra, most = float(result.table["extra_default"].sum()), str(result.table["extra_default"].idxmax())
    whole_sector = result.gap.to_dict("index")["sector"]
    gap, capex = whole_sector["gap_after_signed"], whole_sector["capex_left"]
    half = result.network.iloc[(result.network.index.to_series() - 0.5).abs().argmin()]
    word = "weak" if gain < 1.1 else "felt" if gain < RUNAWAY else "running away"
    said = (
        f"The circle of price and sales is {word}: a fall is made at most {percent(gain - 1, 1)} deeper by what "
        f"companies sell for it. {extra:+.2f} companies more fail among the others than alone, {most} most.",
        f"What is leased needs {whole(capex)} m more; {whole(gap)} m of it is neither there nor signed.",
        f"At half the price {percent(half['fleet_under_water'], 0)} of the machines are under water, after half a "
        f"year {percent(half['hashrate_half_year_later'], 0)} of the hash rate is there, and miners are paid "
        f"{amount(half['security_budget'])} m a day.",
    )
    return ["Reading", *(line for text in said for line in wrapped(f"- {text}", "  ", "    "))]


def _document(result: SectorStudy) -> dict[str, Any]:
    found = {name: records(getattr(result, name)) for name in TABLES}
    runaway = result.runaway if np.isfinite(result.runaway) else None
    return study_document(result, impact=result.impact, without=list(result.without), runaway=runaway, **found)


def _plots(result: SectorStudy) -> dict[str, Figure]:
    from corpfin.report.plots import sector_figures

    return sector_figures(result)


FACE = Face(SectorStudy, _plots, sector_page, _document)
