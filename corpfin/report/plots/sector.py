"""Plots of the sector: the circle, joint defaults, sales, the gap, delivery, the network by price."""

from __future__ import annotations

from textwrap import fill

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from corpfin.report.plots.style import (
    COLOURS,
    DASHES,
    GREY,
    HATCHES,
    INK,
    PALE,
    new_figure,
    new_panels,
    styled,
    thousands,
)
from corpfin.studies.circle import RUNAWAY, SHOCKS
from corpfin.studies.sector import SectorStudy
from corpfin.studies.sector_tables import ALONE, TOGETHER

SELLING = {
    "listed_chosen": "by choice",
    "listed_forced": "for want of cash or notes bought back",
    "listed_liquidated": "by lenders",
}
WORDS = 38
"""Letters in a line of words beside an axis."""

EVERY = 4
"""Every how many quarters one is named on the axis."""


def _note(result: SectorStudy) -> str:
    return (
        f"{len(result.table)} companies, scenario {result.scenario}, impact {result.impact}, "
        f"{result.paths:,} paths, seed {result.seed}"
    )


@styled
def circle_gain(result: SectorStudy) -> Figure:
    """Total over direct fall of the price by strength of impact, one line a shock."""
    figure, axes = new_figure("The circle: total over direct fall", f"central path; {_note(result)}", grid="both")
    for shock, name, dash, colour in zip(SHOCKS, result.loop, DASHES, COLOURS, strict=False):
        axes.plot(
            result.loop.index,
            result.loop[name],
            linestyle=dash,
            color=colour,
            marker="o",
            markersize=3,
            label=f"fall of {100 * shock:.0f} %",
        )
    axes.axhline(RUNAWAY, color=GREY, lw=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(thousands())
    axes.set(xlabel="impact, times that of the run", ylabel="gain")
    axes.legend()
    return figure


@styled
def joint_defaults(result: SectorStudy) -> Figure:
    """Paths by number of companies in default at the end, alone and together."""
    figure, axes = new_figure("Companies in default at the end", _note(result))
    number, width = result.joint.index.to_numpy(float), 0.4
    for shift, name, colour, hatch in ((-0.5, ALONE, PALE, ""), (0.5, TOGETHER, COLOURS[1], HATCHES[1])):
        axes.bar(
            number + shift * width, result.joint[name], width, color=colour, hatch=hatch, edgecolor=GREY, label=name
        )
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="companies", ylabel="share of paths")
    axes.legend()
    return figure


@styled
def sales_by_quarter(result: SectorStudy) -> Figure:
    """What the listed sell by quarter and reason, mean of the paths, over what they mine."""
    figure, axes = new_figure("Bitcoin sold by the listed", f"mean of the paths; {_note(result)}")
    at, below = np.arange(len(result.flows)), np.zeros(len(result.flows))
    for (name, label), colour, hatch in zip(SELLING.items(), COLOURS, HATCHES, strict=False):
        axes.bar(at, result.flows[name], bottom=below, color=colour, hatch=hatch, edgecolor="white", lw=0, label=label)
        below += result.flows[name].to_numpy()
    sold = result.flows["listed_sold"]
    reach = np.array([sold - result.flows["listed_sold_5"], result.flows["listed_sold_95"] - sold])
    axes.errorbar(at, sold, yerr=np.maximum(reach, 0), fmt="none", ecolor=GREY, lw=0.8)
    axes.plot(at, result.flows["listed_mined"], color=INK, marker="_", lw=0.8, label="mined")
    axes.set_xticks(at[::EVERY], list(result.flows.index[::EVERY]))
    axes.set_ylabel("BTC a quarter")
    axes.yaxis.set_major_formatter(thousands())
    axes.legend()
    return figure


@styled
def gap_bridge(result: SectorStudy) -> Figure:
    """From the gap of the model to VanEck's near gap, step by step."""
    steps = result.bridge.loc[["near"]]
    figure, axes = new_figure("From the gap of the model to VanEck's 50 bn", "USD bn, at the start", (9.0, 4.0), "x")
    sizes, start = steps["usd_m"].to_numpy() / 1000.0, 0.0
    at = np.arange(len(sizes))[::-1]
    for i, (size, grade) in enumerate(zip(sizes, steps["grade"], strict=True)):
        whole = i == len(sizes) - 1
        axes.barh(
            at[i],
            size,
            left=0.0 if whole else start,
            color=COLOURS[0] if whole or i == 0 else PALE,
            hatch=HATCHES[1] if grade == "remainder" else "",
            edgecolor=GREY,
        )
        axes.annotate(
            f"{size:+.1f}",
            (max(start, start + size) if not whole else size, at[i]),
            (4, -3),
            textcoords="offset points",
            fontsize=8,
        )
        start += size
    axes.set_yticks(at, [fill(text, WORDS) for text in steps["step"]], fontsize=8)
    return figure


@styled
def megawatts(result: SectorStudy) -> Figure:
    """Leased and delivered megawatts by month, late and lost ones among them."""
    figure, axes = new_figure("Leased and delivered", f"mean and 5 to 95 % of the paths; {_note(result)}")
    table, at = result.capacity, np.arange(len(result.capacity))
    axes.fill_between(at, table["delivered_megawatts_5"], table["delivered_megawatts_95"], color=COLOURS[5], alpha=0.4)
    for name, label, dash, colour in zip(
        ("leased_megawatts", "delivered_megawatts", "late_megawatts", "lost_megawatts"),
        ("leased", "delivered", "late", "lost"),
        DASHES,
        COLOURS,
        strict=False,
    ):
        axes.plot(at, table[name], linestyle=dash, color=colour, label=label)
    axes.set_xticks(at[:: 3 * EVERY], list(table.index[:: 3 * EVERY]))
    axes.set_ylabel("MW")
    axes.legend()
    return figure


@styled
def network_by_price(result: SectorStudy) -> Figure:
    """Elasticity and machines under water by price, and what miners are paid and an hour's attack costs."""
    figure = new_panels("The network by price", "first month after history", (9.0, 3.8))
    left, right = figure.subplots(1, 2)
    price = result.network["btc_price"] / 1000.0
    left.plot(price, result.network["price_elasticity"], color=COLOURS[0], label="elasticity of hash rate")
    left.plot(price, result.network["fleet_under_water"], color=COLOURS[1], linestyle=DASHES[1], label="under water")
    right.plot(price, result.network["security_budget"], color=COLOURS[0], label="paid to miners, USD m a day")
    right.plot(
        price,
        result.network["attack_hardware_cost"] / 1000.0,
        color=COLOURS[1],
        linestyle=DASHES[1],
        label="attack hardware, USD bn",
    )
    for axes in (left, right):
        axes.grid(True)
        axes.set_xlabel("bitcoin, thousand USD")
        axes.legend()
    return figure


def sector_figures(result: SectorStudy) -> dict[str, Figure]:
    """Every plot of a sector study, by name."""
    return {
        "circle": circle_gain(result),
        "joint_defaults": joint_defaults(result),
        "sales": sales_by_quarter(result),
        "gap": gap_bridge(result),
        "megawatts": megawatts(result),
        "network_by_price": network_by_price(result),
    }
