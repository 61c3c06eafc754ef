"""The columns of the tables in which a back-test is judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np

from corpfin.common.columns import TEXT, TRUTH, Column, Place, Row
from corpfin.common.text import amount, percent
from corpfin.studies.judged import FAR, FIFTHS, INNER, OUTER, Band, Compared, Covered, Grown, Growth, Level, Ranked
from corpfin.studies.scores import Interval, brier

PAGE = "page"
"""The one table of a page that each of these tables fills."""

FIFTH_NAMES = tuple(f"pit_{100 * number // FIFTHS}_{100 * (number + 1) // FIFTHS}" for number in range(FIFTHS))
"""Columns that count PITs by fifth."""

ItemT = TypeVar("ItemT")


def _plain(name: str) -> Callable[[Row], str]:
    return lambda row: amount(row[name])


def _share(name: str, digits: int = 0) -> Callable[[Row], str]:
    return lambda row: "-" if np.isnan(row[name]) else percent(row[name], digits).removesuffix(" %")


def _two(name: str) -> Callable[[Row], str]:
    return lambda row: "-" if np.isnan(row[name]) else f"{row[name] + 0.0:.2f}"


def _with_ends(name: str, each: Callable[[str], Callable[[Row], str]]) -> Callable[[Row], str]:
    """A figure with the ends of its interval."""
    ends = f"{name}_low", f"{name}_high"
    return lambda row: (
        each(name)(row) if np.isnan(row[ends[0]]) else f"{each(name)(row)} [{each(ends[0])(row)}, {each(ends[1])(row)}]"
    )


class _Told(Generic[ItemT]):
    """Columns of one table as they are declared, one after the other."""

    def __init__(self) -> None:
        self.columns: list[Column[ItemT]] = []

    def add(
        self,
        name: str,
        unit: str,
        label: str,
        meaning: str,
        read: Callable[[ItemT], Any],
        show: Callable[[Row], str] | None = None,
        heading: str = "",
    ) -> None:
        """One column, on the page where it has a heading."""
        places = (Place(PAGE, heading),) if heading else ()
        self.columns.append(Column(name, unit, label, meaning, read, show, places))

    def ends(self, name: str, unit: str, label: str, read: Callable[[ItemT], Interval]) -> None:
        """The ends of the interval of a column."""
        for number, (end, word) in enumerate((("low", "low end"), ("high", "high end"))):
            meaning = f"{word} of its 95 % interval"
            self.add(f"{name}_{end}", unit, f"{label}, {word}", meaning, lambda item, number=number: read(item)[number])  # type: ignore[misc]


def _ranked() -> tuple[Column[Ranked], ...]:
    told = _Told[Ranked]()
    told.add(
        "companies",
        "1",
        "Companies",
        "of which it is known, and which have the figure",
        lambda ranked: ranked.failed.size,
        _plain("companies"),
        "companies",
    )
    told.add("failures", "1", "Failures", "of them failed", lambda r: r.failed.sum(), _plain("failures"), "failed")
    told.add(
        "auc",
        "1",
        "AUC",
        "probability that one that failed stands above one that did not; nan where all failed or none",
        lambda ranked: ranked.area,
        _with_ends("auc", _two),
        "AUC [95 %]",
    )
    told.ends("auc", "1", "AUC", lambda ranked: ranked.interval)
    told.add(
        "auc_chance",
        "1",
        "Chance of the AUC",
        "probability of an AUC as high when failures fall on any companies alike",
        lambda ranked: ranked.chance,
        lambda row: "-" if np.isnan(row["auc_chance"]) else f"{row['auc_chance']:.3f}",
        "chance",
    )
    return tuple(told.columns)


def _levels() -> tuple[Column[Level], ...]:
    told = _Told[Level]()
    told.add(
        "companies",
        "1",
        "Companies",
        "of which it is known",
        lambda level: level.failed.size,
        _plain("companies"),
        "companies",
    )
    told.add("failures", "1", "Failures", "of them failed", lambda level: level.failures, _plain("failures"), "failed")
    told.add(
        "expected",
        "1",
        "Failures expected",
        "sum of the probabilities",
        lambda level: level.probability.sum() if level.failed.size else np.nan,
        lambda row: (
            "-"
            if np.isnan(row["expected"])
            else f"{row['expected']:.1f} [{row['expected_low']:.0f}, {row['expected_high']:.0f}]"
        ),
        "expected [95 %]",
    )
    told.ends("expected", "1", "Failures expected, on common markets", lambda level: level.on_paths)
    told.add(
        "independent_low",
        "1",
        "Failures expected were companies independent, low end",
        "low end of the 95 % interval of a Poisson binomial",
        lambda level: level.alone.low,
        lambda row: (
            "-"
            if np.isnan(row["independent_low"])
            else f"[{row['independent_low']:.0f}, {row['independent_high']:.0f}]"
        ),
        "indep.",
    )
    told.add(
        "independent_high",
        "1",
        "Failures expected were companies independent, high end",
        "high end of the same",
        lambda level: level.alone.high,
    )
    told.add(
        "failures_chance",
        "1",
        "Chance of the failures",
        "probability on common markets of a number as far out on either side",
        lambda level: level.chance,
        lambda row: "-" if np.isnan(row["failures_chance"]) else f"{row['failures_chance']:.2f}",
        "chance",
    )
    told.add(
        "brier",
        "1",
        "Brier score",
        "mean square of probability less outcome",
        lambda level: brier(level.probability, level.failed),
        _with_ends("brier", _two),
        "Brier [95 %]",
    )
    told.ends("brier", "1", "Brier score", lambda level: level.brier)
    told.add(
        "brier_flat",
        "1",
        "Brier score of the share",
        "that of the share that failed, told of every company",
        lambda level: level.flat,
        _two("brier_flat"),
        "of share",
    )
    return tuple(told.columns)


def _bands() -> tuple[Column[Band], ...]:
    told = _Told[Band]()
    told.add(
        "companies",
        "1",
        "Companies",
        "whose probability lies in it",
        lambda b: b.failed.size,
        _plain("companies"),
        "companies",
    )
    told.add(
        "predicted",
        "1",
        "Probability of failure",
        "mean of theirs",
        lambda band: band.probability.mean() if band.failed.size else np.nan,
        _share("predicted"),
        "probability %",
    )
    told.add(
        "realised",
        "1",
        "Share that failed",
        "of them, with the interval of Jeffreys",
        lambda band: band.failed.mean() if band.failed.size else np.nan,
        _with_ends("realised", _share),
        "failed % [95 %]",
    )
    told.ends("realised", "1", "Share that failed", lambda band: band.interval)
    return tuple(told.columns)


def _figures() -> tuple[Column[Compared], ...]:
    told = _Told[Compared]()
    told.add("unit", TEXT, "Unit", "of the figure", lambda c: c.unit, heading="unit")
    told.add("published", "unit", "Published", "what came", lambda c: c.published, _plain("published"), "published")
    told.add("grade", TEXT, "Grade", "how well that is known", lambda c: c.grade)
    for quantile in (0.5, *OUTER, *INNER):
        name = f"q{100 * quantile:.0f}"
        told.add(
            name,
            "unit",
            "Median" if quantile == 0.5 else f"{100 * quantile:.0f} % quantile",
            "of the model's paths, those in default as they stand",
            lambda compared, quantile=quantile: compared.quantiles[quantile],  # type: ignore[misc]
            _plain(name),
            {0.5: "median", OUTER[0]: "10 %", OUTER[1]: "90 %"}.get(quantile, ""),
        )
    told.add("gap", "1", "Gap", "median over what came, less one", lambda c: c.gap, _share("gap"), "gap %")
    told.add("seen", TRUTH, "Seen", "whether the reading sees what the company did by its month", lambda c: c.seen)
    told.add("spread", TRUTH, "Spread", "whether its band is wider than what is rounded", lambda c: c.spread)
    told.add(
        "pit",
        "1",
        "PIT",
        "share of the paths below what came, half of those that are the same; nan where it is seen",
        lambda compared: compared.pit,
        _two("pit"),
        "PIT",
    )
    for band, name in ((INNER, "50"), (OUTER, "80")):
        told.add(
            f"within_{name}",
            TRUTH,
            f"Within the {name} % band",
            f"whether the {name} % band holds what came",
            lambda compared, band=band: compared.within(band),  # type: ignore[misc]
        )
    told.add(
        "far",
        TRUTH,
        "Far off",
        f"outside the 80 % band, or more than {100 * FAR:.0f} % off where it is seen",
        lambda compared: compared.far,
    )
    return tuple(told.columns)


def _covered() -> tuple[Column[Covered], ...]:
    told = _Told[Covered]()
    meaning = "published; a carrying value of debt only where the principal is not published too"
    told.add("figures", "1", "Figures", meaning, lambda c: len(c.figures), _plain("figures"), "figures")
    told.add(
        "off", "1", "Off", "median of how far the model's medians are off", lambda c: c.off, _share("off"), "off %"
    )
    told.add(
        "judged",
        "1",
        "Judged",
        "of months that are not history to the reading",
        lambda covered: len(covered.judged),
        _plain("judged"),
        "judged",
    )
    told.add(
        "no_spread",
        "1",
        "No band",
        "of these, whose band is no wider than what is rounded",
        lambda covered: sum(not each.spread for each in covered.judged),
        _plain("no_spread"),
        "no band",
    )
    for band, name in ((INNER, "50"), (OUTER, "80")):
        told.add(
            f"coverage_{name}",
            "1",
            f"Coverage of the {name} % band",
            "share of them",
            lambda covered, band=band: covered.share(band),  # type: ignore[misc]
            _with_ends(f"coverage_{name}", _share),
            f"{name} % band",
        )
        label = f"Coverage of the {name} % band"
        told.ends(f"coverage_{name}", "1", label, lambda covered, band=band: covered.interval(band))  # type: ignore[misc]
    for number, name in enumerate(FIFTH_NAMES):
        told.add(
            name,
            "1",
            f"PIT, fifth {number + 1} of {FIFTHS}",
            "how many have theirs there",
            lambda covered, number=number: covered.fifth(number),  # type: ignore[misc]
            lambda row: " ".join(f"{row[name]:.0f}".rjust(2) for name in FIFTH_NAMES),
            "" if number else "PIT fifths",
        )
    return tuple(told.columns)


def _growth() -> tuple[Column[Growth], ...]:
    told = _Told[Growth]()
    told.add(
        "growth_modelled",
        "1",
        "Growth of shares, model",
        "shares over those at the start and in offerings of the file, less one, median path",
        lambda growth: growth.modelled(),
        _with_ends("growth_modelled", _share),
        "model % [10, 90 %]",
    )
    for end, quantile in zip(("low", "high"), OUTER, strict=True):
        told.add(
            f"growth_modelled_{end}",
            "1",
            f"Growth of shares, model, {100 * quantile:.0f} % quantile",
            "of the same",
            lambda growth, quantile=quantile: growth.modelled(quantile),  # type: ignore[misc]
        )
    told.add(
        "growth_published",
        "1",
        "Growth of shares, published",
        "the same as it came",
        lambda growth: growth.published,
        _share("growth_published"),
        "published %",
    )
    told.add("pit", "1", "PIT", "that of the shares", lambda growth: growth.shares.pit, _two("pit"), "PIT")
    return tuple(told.columns)


def _grown() -> tuple[Column[Grown], ...]:
    told = _Told[Grown]()
    told.add(
        "companies",
        "1",
        "Companies",
        "whose shares are published",
        lambda g: len(g.companies),
        _plain("companies"),
        "companies",
    )
    told.add(
        "growth_modelled",
        "1",
        "Growth of shares, model",
        "that of the median company",
        lambda grown: np.median(grown.modelled),
        _share("growth_modelled"),
        "model %",
    )
    told.add(
        "growth_published",
        "1",
        "Growth of shares, published",
        "the same as it came",
        lambda grown: np.median(grown.published),
        _share("growth_published"),
        "published %",
    )
    told.add(
        "correlation",
        "1",
        "Rank correlation",
        "of the two over the companies; nan of fewer than three",
        lambda grown: grown.correlation,
        _with_ends("correlation", _two),
        "rank correlation [95 %]",
    )
    told.ends("correlation", "1", "Rank correlation", lambda grown: grown.interval)
    return tuple(told.columns)


RANKED = _ranked()
LEVELS = _levels()
CALIBRATION = _bands()
FIGURES = _figures()
COVERED = _covered()
GROWTH = _growth()
GROWN = _grown()
"""The columns of the tables: order, level, calibration, figures, bands, growth of shares by company and by date."""
