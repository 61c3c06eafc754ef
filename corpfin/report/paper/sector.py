"""The sector as a page of the reports: what is said of it first, then the tables that bear it out, with their plots."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from corpfin.common.columns import TEXT, Heading, on_page
from corpfin.common.text import amount, percent, whole
from corpfin.report.claims import said
from corpfin.report.document import versions
from corpfin.report.paper.elements import Bullets, Link, Paper, Part, Plot, Section, Table, Text
from corpfin.report.paper.values import heading, value
from corpfin.report.plots import sector_figures
from corpfin.report.sector import (
    ALL_LEASED,
    CAPITAL,
    NETWORK_PUBLISHED,
    QUARTERS,
    READINGS_TAKE,
    SOLD,
    TITLES,
    runaway,
    share_delivered,
)
from corpfin.studies import side_tables
from corpfin.studies.circle import SHOCKS
from corpfin.studies.network_safety import EARLIER_SAID
from corpfin.studies.sector import COMPANIES, SectorStudy
from corpfin.studies.sector_tables import READINGS

POINTS = ("extra_default", "moves_others", "largest")
"""Changes of shares: their cells are points."""

CAPITAL_ASKED = ("capital_asked", "capital_capacity", "rationed")

DELIVERED = (
    "leased_megawatts", "delivered_megawatts", "delivered_megawatts_5", "delivered_megawatts_95", "late_megawatts",
    "lost_megawatts", "gap_after_signed", "gap_after_signed_5", "gap_after_signed_95",
)  # fmt: skip

BY_PRICE = (
    "btc_price", "hashprice", "fleet_under_water", "price_elasticity", "hashrate_half_year_later", "security_budget",
    "budget_share", "attack_hour_cost", "attack_hardware_cost",
)  # fmt: skip

ANSWERING = ("btc_price", "price_elasticity", "hashrate_half_year_later")

TAKEN = (
    "price_in_a_year", "price_at_end", "lowest_under_water", "highest_under_water", "hashrate_at_end",
    "in_default_together", "in_default_alone", "five_or_more", "delivered", "btc_kept",
)  # fmt: skip


EXPLAINED = (
    "extra_default", "moves_others", "moved_most_by", "shared_tenants", "listed_chosen", "listed_forced",
    "listed_liquidated", "unlisted_squeezed", "late_megawatts", "lost_megawatts", "gap_after_signed",
    "price_elasticity", "hashrate_half_year_later", "budget_share", "attack_hour_cost", "attack_hardware_cost",
)  # fmt: skip
"""Columns whose meaning stands below their table."""


def _times(found: float) -> str:
    return f"{found:.2f}"


def _gain(found: float) -> str:
    return f"{found:.3f}"


RATIOS: dict[str, Callable[[float], str]] = {
    **{f"gain_{100 * shock:.0f}": _gain for shock in SHOCKS},
    "defaults": lambda found: f"{found:+.3f}",
    **dict.fromkeys(("sold_over_mined", "price_elasticity"), _times),
    **dict.fromkeys(("price_in_a_year", "price_at_end", "hashrate_at_end"), _times),
    **dict.fromkeys(("in_default_alone", "in_default_together"), _times),
}
"""Ratios and counts, which are no per cent."""

DIGITS: dict[str, Callable[[float], str]] = {
    **RATIOS,
    "largest": lambda found: f"{100 * found:+.1f}",
    "hashprice": amount,
    "security_budget": amount,
    "budget_share": lambda found: percent(found, 2),
    "attack_hour_cost": _times,
    "attack_hardware_cost": whole,
}
"""What is written with other digits than its unit has."""


def sector_paper(result: SectorStudy) -> Paper:
    """What is said of the sector and what the run says of it, then table by table; links to index and reports."""
    left = f", without {', '.join(result.without)}" if result.without else ""
    plots = {name: Plot(name, drawn) for name, drawn in sector_figures(result).items()}
    return Paper(
        title="The sector of listed bitcoin miners",
        below=f"{len(result.table)} companies{left}; scenario {result.scenario}, impact {result.impact}; "
        f"{result.months} months; {result.paths:,} paths, seed {result.seed}, alone and together on the same paths",
        head=(Link("All companies side by side, each with its report", "index.html"),),
        sections=(
            Section("said", "What is said, and what the run says", (Bullets(tuple(said(result))),)),
            Section("circle", "The circle of price and sales", (*_circle(result), plots["circle"])),
            Section("defaults", "Who is pulled down", (*_defaults(result), plots["joint_defaults"])),
            Section("sales", "Bitcoin of the listed", (*_sales(result), plots["sales"])),
            Section("gap", "What is leased still needs", (*_gap(result), plots["gap"])),
            Section("delivery", "Leased and delivered", (*_delivery(result), plots["megawatts"])),
            Section("network", "Is the network safe?", (*_network(result), plots["network_by_price"])),
            Section("readings", "Three readings of the shift to AI", _readings(result)),
            Section("method", "Method and versions", _method(result)),
        ),
    )


def _circle(result: SectorStudy) -> list[Part]:
    headings = side_tables.sector_loop()
    loop = result.loop.set_axis([each.name for each in headings], axis=1)
    caption = "The circle: total over direct fall of the price, central path"
    return [_table(caption, loop, headings, "impact, times the run's"), Text(runaway(result))]


def _defaults(result: SectorStudy) -> list[Part]:
    found = list(on_page(result.columns, COMPANIES).values())
    cells = tuple(
        (str(ticker), *(column.cell(row) for column in found))
        for ticker, row in result.table.to_dict("index").items()
    )  # fmt: skip
    words = tuple(place for place, column in enumerate(found, 1) if column.unit == TEXT)
    links = {ticker: f"{ticker}.html" for ticker in map(str, result.table.index)}
    head = ("company", *map(_head, found))
    more = (
        f"On average {float(result.table['extra_default'].sum()):+.2f} companies more are in default among the others."
    )
    effects = f"Companies in default more than alone, by what they meet: each by itself, {result.effect_paths:,} paths"
    return [
        Table(
            "Each company alone and among the others; ± one error", head, cells, (0, *words), _meanings(found), links
        ),
        Text(more),
        _table(effects, result.effects, side_tables.sector_effects(), "met of each other"),
        _table("Companies in default at the end", result.joint, side_tables.sector_joint(), "companies"),
    ]


def _sales(result: SectorStudy) -> list[Part]:
    ahead, reported = side_tables.sector_flows(), side_tables.sector_history()
    peak = result.flows["listed_sold"].idxmax()
    caption = f"By quarter, mean of the paths; most is sold in {peak}"
    table = _table(caption, result.flows.head(QUARTERS), ahead, "quarter", (*SOLD, "sold_over_mined"))
    return [table, _table("As reported of earlier months, quarters and years", result.history, reported, "period")]


def _gap(result: SectorStudy) -> list[Part]:
    needs, steps = side_tables.sector_gap(), side_tables.sector_bridge()
    leased = result.gap[result.gap["leased_mw"] > 0]
    table = _table("First month of the central path", leased, needs, "company", noted=False)
    parts: list[Part] = [table, Text(ALL_LEASED)] if table.rows else [Text("Nothing is leased.")]
    for to, title in TITLES.items():
        if to in result.bridge.index:
            rows = result.bridge.loc[[to]].set_index("step")
            parts.append(_table(title, rows, steps[1:], steps[0].label.lower()))
    asked = result.flows.head(QUARTERS)
    by_quarter = _table("Capital by quarter", asked, side_tables.sector_flows(), "quarter", CAPITAL_ASKED)
    return [*parts, by_quarter, Text(CAPITAL)]


def _delivery(result: SectorStudy) -> list[Part]:
    every = result.capacity.iloc[5 :: max(1, len(result.capacity) // 6)]
    caption = "At month end, mean of the paths; the gap with all companies' money in one purse"
    table = _table(caption, every, side_tables.sector_capacity(), "month", DELIVERED)
    return [table, Text(share_delivered(result))]


def _network(result: SectorStudy) -> list[Part]:
    headings = side_tables.sector_network()
    first = "price over the central one"
    caption = "The network by price, first month after history"
    curves = {
        str(month): table.droplevel("month") for month, table in result.elasticity.groupby(level="month", sort=False)
    }
    *earlier, _ = curves
    answers = [
        _table(f"How much hash rate answers to price, {month}", curves[month], headings, first, ANSWERING, noted=False)
        for month in earlier
    ]
    whence = [text for month, text in EARLIER_SAID.items() if month in earlier]
    return [
        _table(caption, result.network, headings, first, BY_PRICE),
        Text(NETWORK_PUBLISHED),
        *answers,
        *([Text(" ".join(whence))] if whence else []),
    ]


def _readings(result: SectorStudy) -> tuple[Part, ...]:
    table = _table("Each a scenario", result.readings, side_tables.sector_readings(), "scenario", TAKEN)
    return (
        table,
        Text(READINGS_TAKE),
        Bullets(tuple(f"{name}: {text}." for name, text in READINGS.items())),
    )


def _method(result: SectorStudy) -> tuple[Part, ...]:
    made = ", ".join(f"{name} {number}" for name, number in versions().items())
    return (
        Text(
            "All companies run on the same paths twice: each alone, and together, where what they sell, ask for and "
            "switch off in one month meets everybody in the next. What differs is the circle's. These are projections "
            "from public figures and stated assumptions, and no investment advice."
        ),
        Text(f"History seen: {result.known}. Computed with {made}."),
    )


def _table(
    caption: str,
    table: pd.DataFrame,
    headings: Sequence[Heading],
    first: str,
    names: Sequence[str] = (),
    *,
    noted: bool = True,
) -> Table:
    """A frame under the labels and units of its columns, ``names`` of them; ``noted``: with their meaning below."""
    known = {each.name: each for each in headings}
    found = [known[name] for name in names or known]
    cells = tuple(
        (_index(key), *(_cell(each, row[each.name]) for each in found)) for key, row in table.to_dict("index").items()
    )
    words = tuple(place for place, each in enumerate(found, 1) if each.unit == TEXT)
    return Table(caption, (first, *map(_head, found)), cells, (0, *words), _meanings(found) if noted else "")


def _index(key: object) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def _head(column: Heading) -> str:
    """A label and its unit; what is no share has none."""
    if column.name in POINTS:
        return f"{column.label}, points"
    return column.label if column.name in RATIOS else heading(column)


def _cell(column: Heading, found: float | str) -> str:
    """A cell; the sign of per cent stands in the heading."""
    if isinstance(found, float) and math.isfinite(found) and column.name in DIGITS:
        return DIGITS[column.name](found).removesuffix(" %")
    return value(found, column.unit).removesuffix(" %")


def _meanings(columns: Iterable[Heading]) -> str:
    """What some of the columns are, in the words of the registry."""
    told = (each for each in columns if each.name in EXPLAINED)
    return " ".join(f"{each.label}: {each.meaning[0].lower()}{each.meaning[1:].rstrip('.')}." for each in told)
