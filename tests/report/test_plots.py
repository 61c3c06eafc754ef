"""Plots: what they show is what the result says, nothing is cut off, files appear whole."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import corpfin as cf
from corpfin.report import plots
from corpfin.report.schedule import debt_due, loans_due
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.sensitivity import Sensitivity, Study, effect, variations
from corpfin.studies.stress import Stress

TICKERS = ("CORZ", "MARA", "CANG", "IREN")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def sector() -> cf.Simulation:
    return cf.simulate(TICKERS, paths=1024, seed=7)


@pytest.fixture(scope="module")
def tornado() -> Sensitivity:
    """A sensitivity whose differences are made up."""
    company = cf.load_company("CORZ")
    found = variations(company, "company")[:20]
    base = np.arange(64.0)
    differences = [
        {
            "survival_60": (effect("cash", base - number / 100, base), effect("cash", base + number / 50, base)),
            "cash": (effect("cash", base + number, base), effect("cash", base - number, base)),
        }
        for number in range(len(found))
    ]
    study = Study(company, cf.load_market(), cf.load_scenario("base"), 64, 1, 60, None)
    return Sensitivity(study, found, {"survival_60": 0.5, "cash": 31.5}, differences, {})


@pytest.fixture(scope="module")
def stress() -> Stress:
    """Three companies under base and two scenarios."""
    index = pd.MultiIndex.from_product([TICKERS[:3], ["base", "btc-half", "crisis"]], names=["company", "scenario"])
    survival = np.array([0.99, 0.9, 0.5, 0.6, 0.3, 0.2, 0.2, 0.19, np.nan])
    table = pd.DataFrame({"survival_60": survival, "change_survival_60": survival - np.repeat(survival[::3], 3)}, index)
    table["error_survival_60"] = 0.02
    table["funding_gap"], table["change_funding_gap"], table["error_funding_gap"] = 1200.0, 0.0, 0.0
    stories = dict.fromkeys(("base", "btc-half", "crisis"), "")
    return Stress(table=table, failures={}, scenario="base", months=60, paths=1024, seed=1, stories=stories)


@pytest.fixture(scope="module")
def lifeline() -> Lifeline:
    table = pd.DataFrame(
        {
            "verdict": ["lifeline", "new risk", "no transition", "not decisive"],
            "survival_60": [0.9, 0.5, 0.6, 0.7],
            "change_survival_60": [0.06, -0.07, 0.0, 0.001],
            "error_survival_60": [0.005, 0.006, 0.0, 0.004],
            "change_value": [15.0, 4.0, 0.0, 3.9],
            "error_value": [0.5, 0.4, 0.0, 0.3],
        },
        index=pd.Index(["CORZ", "MARA", "CANG", "IREN"], name="company"),
    )
    run = {"scenario": "base", "months": 60, "paths": 1024, "seed": 1}
    return Lifeline(table=table, failures={}, levels=pd.DataFrame(), survival=pd.DataFrame(), **run)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def figures(sector: cf.Simulation, tornado: Sensitivity, stress: Stress, lifeline: Lifeline) -> dict[str, Figure]:
    """One of each kind of plot."""
    return {
        "survival": plots.survival_curves(sector),
        "cash": plots.fan_chart(sector, "MARA", "cash"),
        "dilution": plots.fan_chart(sector, "CORZ", "dilution"),
        "wall": plots.maturity_wall(cf.load_company("IREN")),
        "wall_with_undated": plots.maturity_wall(cf.load_company("MARA")),
        "tornado": plots.tornado(tornado),
        "tornado_cash": plots.tornado(tornado, "cash", count=5),
        "reverse": plots.reverse_curve(cf.reverse_stress("CANG", "btc_price", at=24, paths=512)),
        "reverse_none": plots.reverse_curve(cf.reverse_stress("WULF", "power_index", at=12, paths=256)),
        "stress": plots.stress_heat_map(stress),
        "stress_gap": plots.stress_heat_map(stress, "funding_gap"),
        "lifeline": plots.lifeline_map(lifeline),
        "lifeline_prices": plots.lifeline_map(lifeline, {"CORZ": 15.0, "MARA": 10.0, "IREN": 40.0}),
        "delivered": plots.delivered_against_leased(sector),
        "hashprice": plots.hashprice_against_break_even(cf.project("MARA")),
    }


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_no_text_is_cut_off(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        figure.canvas.draw()
        width, height = figure.bbox.size
        for text in figure.findobj(Text):
            if not text.get_visible() or not text.get_text().strip():
                continue
            box = text.get_window_extent()
            # Tick labels beyond the limits of an axis exist but are not drawn.
            if text.get_clip_on() and not figure.axes[0].bbox.overlaps(box):
                continue
            if text in [label for axes in figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]:
                continue
            assert box.x0 >= -1, (name, text.get_text())
            assert box.x1 <= width + 1, (name, text.get_text())
            assert box.y0 >= -1, (name, text.get_text())
            assert box.y1 <= height + 1, (name, text.get_text())


def test_every_plot_says_what_it_was_computed_from(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        found = " ".join(texts(figure))
        assert "paths" in found or "Balance sheet of" in found or "central path" in found, name


def test_survival_curves_are_the_table(sector: cf.Simulation) -> None:
    axes = plots.survival_curves(sector).axes[0]
    for company, line in zip(TICKERS, axes.get_lines(), strict=True):
        assert line.get_ydata()[0] == 1.0
        assert np.array_equal(line.get_ydata()[1:], sector.survival[company, "survival"])
    assert len({(line.get_color(), line.get_linestyle()) for line in axes.get_lines()}) == len(TICKERS)


def test_fan_shows_the_median_and_its_unit(sector: cf.Simulation) -> None:
    axes = plots.fan_chart(sector, "MARA", "btc").axes[0]
    assert np.array_equal(axes.get_lines()[0].get_ydata(), sector.fan("MARA", "btc")["50"])
    assert axes.get_ylabel() == "BTC"
    with pytest.raises(KeyError, match="not kept by month"):
        plots.fan_chart(sector, "MARA", "interest")


@pytest.mark.parametrize("ticker", ["CORZ", "MARA", "IREN", "HUT"])
def test_wall_adds_up_to_everything_due(ticker: str) -> None:
    company = cf.load_company(ticker)
    bars = plots.maturity_wall(company).axes[0].patches
    due = sum(item.amount for item in (*debt_due(company), *loans_due(company)))
    assert sum(bar.get_height() for bar in bars) == pytest.approx(due)


def test_tornado_shows_the_largest_first_and_marks_the_unknown(tornado: Sensitivity) -> None:
    axes = plots.tornado(tornado, count=6).axes[0]
    names = [label.get_text().strip() for label in axes.get_yticklabels()]
    table = tornado.table.sort_values("survival_60_swing", ascending=False).head(6)
    assert [name.removesuffix(" *") for name in names[::-1]] == list(table.index)
    for name, label in zip(table.index, names[::-1], strict=True):
        assert label.endswith("*") == (table.loc[name, "grade"] in ("estimated", "default"))


def test_heat_map_shows_levels_and_stresses_what_is_beyond_its_error(stress: Stress) -> None:
    shown = {text.get_position(): text for text in plots.stress_heat_map(stress).axes[0].texts if text.get_text()}
    assert shown[0, 2].get_text() == "50"
    assert shown[0, 2].get_weight() == "bold"
    assert shown[2, 1].get_text() == "19"
    assert shown[2, 1].get_weight() == "normal"
    assert shown[2, 2].get_text() == "-"


def test_lifeline_map_leaves_out_companies_without_contracts(lifeline: Lifeline) -> None:
    found = texts(plots.lifeline_map(lifeline))
    assert {"CORZ", "MARA", "IREN", "no contracts: CANG"} <= set(found)
    assert "CANG" not in found


def test_nothing_to_draw_is_an_error(sector: cf.Simulation) -> None:
    without = SimpleNamespace(outcomes={"CANG": sector.outcomes["CANG"]})
    with pytest.raises(ValueError, match="no company has leased"):
        plots.delivered_against_leased(without)  # type: ignore[arg-type]


def test_company_plots_fit_the_company(sector: cf.Simulation) -> None:
    simulation = cf.simulate("CANG", paths=64, months=12)
    names = set(plots.company_plots(cf.project("CANG", months=12), simulation))
    assert names == {"survival", "cash", "btc", "dilution", "maturity_wall", "hashprice"}


def test_files_are_whole_and_replace_old_ones(figures: dict[str, Figure], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "plots"
    chosen = {name: figures[name] for name in ("survival", "wall")}
    first = plots.save_plots(folder, chosen)
    assert plots.save_plots(folder, chosen) == first
    assert sorted(path.name for path in folder.iterdir()) == ["survival.png", "wall.png"]
    assert all(path.read_bytes().startswith(PNG) for path in first)


def test_a_plot_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        plots.save_plots(tmp_path, {"broken": SimpleNamespace(savefig=fail)})  # type: ignore[dict-item]
    assert list(tmp_path.iterdir()) == []


def test_the_style_of_the_user_is_neither_used_nor_changed(sector: cf.Simulation) -> None:
    with matplotlib.rc_context({"axes.spines.top": True, "font.size": 30}):
        axes = plots.survival_curves(sector).axes[0]
        assert matplotlib.rcParams["font.size"] == 30
    assert not axes.spines["top"].get_visible()
    assert axes.xaxis.label.get_fontsize() == 9


def test_places_are_spread_in_order_and_below_the_top() -> None:
    moved = plots.spread([0.9, 0.95, 1.0, 1.0], 0.1, 1.0)
    assert moved == pytest.approx([0.7, 0.8, 0.9, 1.0])
