"""Plots of a back-test: what was said of each company, calibration, where published figures lie among the paths."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from corpfin.report.plots.style import COLOURS, GREY, INK, PALE, SIZE, new_panels, styled
from corpfin.studies.backtest import ALL, SEEN, Backtest
from corpfin.studies.judged import FIFTHS
from corpfin.studies.judged_columns import FIFTH_NAMES

FATES = {
    1.0: ("failed", COLOURS[1], "X"),
    0.0: ("stood", COLOURS[0], "o"),
    np.nan: ("not known yet", GREY, "s"),
}
"""Word, colour and marker of what became of a company."""


def _note(result: Backtest) -> str:
    return f"Vintage {result.vintage}, {result.paths:,} paths, seed {result.seed}"


@styled
def forecasts(result: Backtest) -> Figure:
    """Probability of failure by the last horizon, company by company, marked by what became of it.

    A line reaches over the multiples at which commitments that are badly known are taken. A panel a reading.
    """
    month = max(result.level.index.get_level_values("month"))
    name = f"failure_{month}"
    order = result.part("table", result.readings[0])[name].sort_values(kind="stable").index
    size = (max(SIZE[0], 3.6 * len(result.readings)), 1.8 + 0.3 * len(order))
    figure = new_panels(f"Probability of failure by month {month}, and what came", _note(result), size)
    panels = figure.subplots(1, len(result.readings), sharey=True, squeeze=False)[0]
    for axes, known in zip(panels, result.readings, strict=True):
        axes.set_title(SEEN[known], fontsize=9, pad=6)
        axes.grid(True, axis="x")
        ends = result.table.xs(known, level="known")[name].groupby(level="company").agg(["min", "max"]).loc[order]
        axes.hlines(range(len(order)), ends["min"], ends["max"], color=PALE, lw=4, zorder=1)
        own = result.part("table", known).loc[order]
        for fate, (word, colour, marker) in FATES.items():
            is_so = own[f"failed_{month}"].isna() if np.isnan(fate) else own[f"failed_{month}"] == fate
            places = np.flatnonzero(is_so)
            axes.plot(own[name].iloc[places], places, marker, color=colour, label=word, linestyle="none")
        axes.set_yticks(range(len(order)), list(order))
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(-0.03, 1.03)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(FATES))
    return figure


@styled
def calibration(result: Backtest) -> Figure:
    """Share that failed against what was said, by band of probability, with the interval of Jeffreys.

    At the last horizon of which anything is known; on the line, what was said came. The number of companies stands at
    each point.
    """
    known_of = result.level["companies"].groupby(level="month").max()
    months = known_of[known_of > 0].index
    figure = new_panels(
        f"Calibration by month {max(months)}" if len(months) else "Calibration: nothing is known yet",
        _note(result),
        (max(SIZE[0], 3.4 * len(result.readings)), 4.2),
    )
    panels = figure.subplots(1, len(result.readings), sharey=True, squeeze=False)[0]
    for axes, known in zip(panels, result.readings, strict=True):
        axes.set_title(SEEN[known], fontsize=9, pad=6)
        axes.grid(True)
        axes.plot([0, 1], [0, 1], color=GREY, lw=0.8)
        if len(months):
            found = result.part("calibration", known, month=max(months))
            found = found[found["companies"] > 0]
            reach = [found["realised"] - found["realised_low"], found["realised_high"] - found["realised"]]
            axes.errorbar(
                found["predicted"], found["realised"], yerr=np.array(reach), fmt="o", color=COLOURS[0], capsize=3
            )
            for _, row in found.iterrows():
                axes.annotate(f"{row['companies']:.0f}", (row["predicted"], row["realised"]), (5, 4),
                              textcoords="offset points", fontsize=8)  # fmt: skip
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="probability said")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1.0))
    panels[0].set_ylabel("share that failed")
    return figure


@styled
def pit_histograms(result: Backtest) -> Figure:
    """Where published figures lie among the paths, by figure: a fifth of them in each fifth where forecasts are right.

    A row a reading, of those that have a band for any figure; the broken line is what is to be expected.
    """
    rows = {known: result.rows("coverage", known) for known in result.readings}
    names = list(rows[result.readings[0]])
    judged = [known for known in result.readings if rows[known][ALL]["judged"]] or result.readings[:1]
    size = (max(SIZE[0], 1.35 * len(names)), 1.1 + 1.7 * len(judged))
    figure = new_panels("Where what came lies among the paths (PIT)", _note(result), size)
    panels = figure.subplots(len(judged), len(names), sharex=True, squeeze=False)
    for line, known in zip(panels, judged, strict=True):
        for axes, name in zip(line, names, strict=True):
            found = rows[known][name]
            heights = [found[fifth] for fifth in FIFTH_NAMES]
            axes.bar((np.arange(FIFTHS) + 0.5) / FIFTHS, heights, width=0.9 / FIFTHS,
                     color=COLOURS[0] if name == ALL else COLOURS[5])  # fmt: skip
            axes.axhline(found["judged"] / FIFTHS, color=INK, lw=0.8, linestyle=(0, (5, 1.5)))
            axes.set_title(name.replace("_", "\n", 1), fontsize=8, pad=3)
            axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
            axes.set_ylim(0, max(1.0, *heights) * 1.05)
            axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
            axes.tick_params(labelsize=7)
        line[0].set_ylabel(SEEN[known], fontsize=8)
    return figure
