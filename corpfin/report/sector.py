"""The sector as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpfin.common.columns import on_page
from corpfin.common.tables import columns
from corpfin.common.text import amount, percent, share, whole, wrapped
from corpfin.report.claims import claims
from corpfin.report.document import records
from corpfin.report.face import Face, cells, joined, study_document
from corpfin.studies.circle import RUNAWAY, SHOCKS
from corpfin.studies.gap import DELIVERED, OWN_DELIVERED
from corpfin.studies.network_safety import EARLIER_SAID, PUBLISHED
from corpfin.studies.sector import COMPANIES, SectorStudy
from corpfin.studies.sector_tables import READINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLES = (
    "loop",
    "effects",
    "joint",
    "who",
    "flows",
    "history",
    "gap",
    "bridge",
    "capacity",
    "network",
    "elasticity",
    "readings",
)
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

ALL_LEASED = (
    "Signed: loans not yet drawn and tenants' payments ahead. Gap: what is left of capex, company by company: what one "
    "holds too much pays nothing of another's."
)
CAPITAL = (
    "Asked: shares, notes rolled over and issued, project loans, mean of the paths. Given at most: capacity of the "
    "market by the state of the credit window. Rationed: paths on which a month of the quarter asks for more than is "
    "given; shares sold are then cut, all alike, while loans are closed and notes rolled over whole or not at all."
)
NETWORK_PUBLISHED = f"Published: {'; '.join(PUBLISHED.values())}."
READINGS_TAKE = (
    "What it takes: price after a year and at the end, and hash rate at the end, over those of the last month of "
    "history; least and largest share of machines under water; all on the central path. What it comes to: companies in "
    "default at the end, among the others and alone, mean of the paths; paths on which five or more are; leased "
    "capacity delivered and bitcoin kept at the end."
)
"""What stands below tables, here and in the report."""


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
            claims(result),
        ]
    )


def _circle(result: SectorStudy) -> list[str]:
    heads = ["impact, times the run's", *(f"fall of {percent(shock, 0)}" for shock in SHOCKS)]
    rows = [[f"{multiple:g}", *(f"{value:.3f}" for value in row)] for multiple, row in result.loop.iterrows()]
    return ["The circle: total over direct fall of the price", *columns([heads, *rows]), *wrapped(runaway(result))]


def runaway(result: SectorStudy) -> str:
    """The strength of impact at which the circle runs away."""
    again = f"add as much again as the shock (gain {RUNAWAY:g})"
    if np.isfinite(result.runaway):
        return f"It would {again} at about {result.runaway:.0f} times that impact."
    return f"No strength of impact that was tried makes it {again}."


def _defaults(result: SectorStudy) -> list[str]:
    table = result.table
    found = columns(cells(on_page(result.columns, COMPANIES), table.to_dict("index"), ""))
    extra = float(table["extra_default"].sum())
    effects = [["companies in default more than alone, by what they meet", "all", "largest"]]
    effects += [
        [str(name), f"{row['defaults']:+.3f}", f"{100 * row['largest']:+.1f} %"]
        for name, row in result.effects.iterrows()
    ]
    joint = [["paths by companies in default at the end, %", *map(str, result.joint.index)]]
    joint += [[str(name), *(f"{100 * value:.1f}" for value in result.joint[name])] for name in result.joint]
    return [
        "Who is pulled down",
        *found,
        *wrapped(
            f"Survival to month {result.months} in %, alone and among the others. Extra: points of default because of "
            "the others, ± one error. Moves: the same of all others together, were it not there. Moved by: whose "
            "absence would help it most. Shared tenants: names that rent from others here too. On average "
            f"{extra:+.2f} companies more are in default among the others than alone."
        ),
        "",
        *columns(effects),
        *wrapped(
            f"Each by itself, on {result.effect_paths:,} paths. All: the mean number of companies. Largest: points of "
            "the company that it moves most."
        ),
        "",
        *columns(joint),
    ]


def _sales(result: SectorStudy) -> list[str]:
    heads = ["", "mined", "sold", "5 %", "95 %", "chosen", "forced", "liquidated", "rest's stock", "sold/mined"]
    rows = [heads]
    for name, row in result.flows.head(QUARTERS).iterrows():
        rows.append([str(name), *(whole(row[key]) for key in SOLD), f"{row['sold_over_mined']:.2f}"])
    reported = []
    for period, row in result.history.iterrows():
        reported.append(f"{period}: {row['source']}")
        mined = "-" if np.isnan(row["listed_mined"]) else whole(row["listed_mined"])
        over = "-" if np.isnan(row["listed_mined"]) else f"{row['listed_sold'] / row['listed_mined']:.2f}"
        rows.append([f"{period} reported", mined, whole(row["listed_sold"]), *["-"] * 6, over])
    peak = result.flows["listed_sold"].idxmax()
    return [
        "Bitcoin of the listed, by quarter",
        *columns(rows),
        *wrapped(
            f"Mean of the paths, 5 and 95 % of what is sold. Chosen: by policy, or known. Forced: for want of cash, or "
            f"for notes bought back. Liquidated: by lenders. Rest's stock: what the rest of the network sells out of "
            f"what it holds. Most is sold in {peak}. Reported: {'; '.join(reported)}."
        ),
    ]


def _gap(result: SectorStudy) -> list[str]:
    heads = ["USD m", "leased MW", "delivered", "left to build", "escrowed", "signed", "gap", "liquidity"]
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
        *wrapped(f"First month of the central path. {ALL_LEASED}"),
        *steps,
        "",
        *columns(market),
        *wrapped(CAPITAL),
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
    return [
        "Leased and delivered, MW",
        *columns(rows),
        *wrapped(
            "Late: not delivered although the plan of the start says so. Lost: of projects their lenders took. Gap: "
            f"all companies' money in one purse. {share_delivered(result)}"
        ),
    ]


def share_delivered(result: SectorStudy) -> str:
    """How much of what is leased is delivered now, beside what others say."""
    first = result.capacity.iloc[0]
    now = first["delivered_megawatts"] / max(1.0, first["leased_megawatts"])
    low, high = OWN_DELIVERED
    return (
        f"Delivered in the first month: {percent(now, 0)} of what is leased; VanEck says {percent(DELIVERED, 0)}, "
        f"a count of disclosures {percent(low, 0)} to {percent(high, 0)}."
    )


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
    return [
        "The network by price, first month after history",
        *columns(rows, left=0),
        *wrapped(
            "Elasticity of hash rate to price once difficulty has followed. Hash +6: hash rate after half a year over "
            "that at the central price. Budget: USD m a day, and a year of it over market value. Hour: what an attack "
            "costs as a flow, the reward of an hour, USD m. Hardware: what it costs as a stock, machines of as much "
            f"hash rate, USD bn. {NETWORK_PUBLISHED}"
        ),
        "",
        *_elasticity(result),
    ]


def _elasticity(result: SectorStudy) -> list[str]:
    """How much hash rate answers to price, now and in earlier months."""
    months = list(dict.fromkeys(result.elasticity.index.get_level_values("month")))
    curves = {month: result.elasticity.loc[month] for month in months}
    rows = [["price, over that of the month", *(text for month in months for text in (month, "elasticity", "hash +6"))]]
    for factor in curves[months[-1]].index:
        row = [f"{factor:g}"]
        for month in months:
            at = curves[month].loc[factor]
            row += [whole(at["btc_price"]), f"{at['price_elasticity']:.2f}", percent(at["hashrate_half_year_later"], 0)]
        rows.append(row)
    said = [text for month, text in EARLIER_SAID.items() if month in months]
    return ["How much hash rate answers to price, now and then", *columns(rows), *wrapped(" ".join(said))]


def _readings(result: SectorStudy) -> list[str]:
    heads = [
        "",
        "price +12",
        "at end",
        "under water",
        "hash rate",
        "in default",
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
                share(row["btc_kept"]),
            ]
        )
    says = "; ".join(f"{name}: {text}" for name, text in READINGS.items())
    return [
        "Three readings of the shift to AI, and what each takes",
        *columns(rows),
        *wrapped(f"Each a scenario. {READINGS_TAKE} {says}."),
    ]


def _document(result: SectorStudy) -> dict[str, Any]:
    found = {name: records(getattr(result, name)) for name in TABLES}
    runaway = result.runaway if np.isfinite(result.runaway) else None
    return study_document(result, impact=result.impact, without=list(result.without), runaway=runaway, **found)


def _plots(result: SectorStudy) -> dict[str, Figure]:
    from corpfin.report.plots import sector_figures

    return sector_figures(result)


FACE = Face(SectorStudy, _plots, sector_page, _document)
