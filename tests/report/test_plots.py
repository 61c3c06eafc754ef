"""Plots: what they show is what the result says, nothing is cut off, files appear whole."""

from __future__ import annotations

import errno
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

import corpfin as cf
from corpfin.report import plots
from corpfin.report.plots import company as of_company
from corpfin.report.plots import studies, style
from corpfin.runs.difference import Difference
from corpfin.runs.schedule import debt_due, loans_due
from corpfin.studies.lifeline import Lifeline
from corpfin.studies.reverse import ReverseStress
from corpfin.studies.sensitivity import Sensitivity, Study, median_difference
from corpfin.studies.stress import Stress
from corpfin.studies.variation import variations
from tests.fixtures.world import TICKERS

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def tornado() -> Sensitivity:
    """A sensitivity whose differences are made up; the last two have the largest swings, all within their errors."""
    company = cf.load_company("HALL")
    found = variations(company, "company")[:20]
    base = np.arange(64.0)
    differences = [
        {
            "survival_60": (median_difference(base - number / 100, base), median_difference(base + number / 50, base)),
            "cash": (median_difference(base + number, base), median_difference(base - number, base)),
        }
        for number in range(len(found) - 2)
    ]
    noise = (Difference(-9.0, 5.0), Difference(9.0, 5.0))
    differences += [{"survival_60": noise, "cash": noise}] * 2
    study = Study(company, cf.load_market(), cf.load_scenario("base"), 64, 1, 60, None, None)
    return Sensitivity(study, found, {"survival_60": 0.5, "cash": 31.5}, differences, {})


@pytest.fixture(scope="module")
def stress() -> Stress:
    """Three companies under base and two scenarios."""
    pairs = [["HALL", "DIGR", "TINY"], ["base", "btc-half", "crisis"]]
    index = pd.MultiIndex.from_product(pairs, names=["company", "scenario"])
    survival = np.array([0.6, 0.5, 0.71, 0.99, 0.9, 0.3, 0.2, 0.17, np.nan])
    table = pd.DataFrame({"survival_60": survival, "change_survival_60": survival - np.repeat(survival[::3], 3)}, index)
    table["change_survival_60_error"] = 0.02
    table["funding_gap"], table["change_funding_gap"], table["change_funding_gap_error"] = 1200.0, 0.0, 0.0
    stories = dict.fromkeys(("base", "btc-half", "crisis"), "")
    return Stress(
        table=table, failures={}, scenario="base", known="all", months=60, paths=1024, seed=1, stories=stories
    )


@pytest.fixture(scope="module")
def lifeline() -> Lifeline:
    table = pd.DataFrame(
        {
            "verdict": ["lifeline", "mixed", "no transition", "lifeline"],
            "verdict_survival_60": ["gain", "loss", "none", "none"],
            "verdict_value": ["gain", "gain", "none", "gain"],
            "survival_60": [0.9, 0.5, 0.6, 0.7],
            "change_survival_60": [0.06, -0.07, 0.0, 0.001],
            "change_survival_60_error": [0.005, 0.006, 0.0, 0.004],
            "change_value": [15.0, 4.0, 0.0, 3.9],
            "change_value_error": [0.5, 0.4, 0.0, 0.3],
            "late_change_survival_60": [-0.01, -0.05, 0.0, 0.0],
            "late_change_value": [-3.0, -2.0, 0.0, 0.0],
            "share_price": [15.0, 10.0, 0.41, 40.0],
        },
        index=pd.Index(["HALL", "DIGR", "TINY", "RING"], name="company"),
    )
    by_month = pd.DataFrame(index=pd.Index(["2026-04", "2026-05"], name="month"))
    run = {"scenario": "base", "known": "all", "months": 60, "paths": 1024, "seed": 1}
    return Lifeline(table=table, failures={}, levels=pd.DataFrame(), survival=by_month, **run)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def reverse() -> ReverseStress:
    return cf.reverse_stress("TINY", "btc_price", at=24, paths=512)


@pytest.fixture(scope="module")
def figures(
    sector: cf.Simulation, tornado: Sensitivity, stress: Stress, lifeline: Lifeline, reverse: ReverseStress
) -> dict[str, Figure]:
    """One of each kind of plot."""
    return {
        "survival": plots.survival_curves(sector),
        "survival_many": plots.survival_curves(many(sector)),
        "cash": plots.fan_chart(sector, "DIGR", "cash"),
        "dilution": plots.fan_chart(sector, "HALL", "dilution"),
        "price": plots.price_fan(sector, cf.project("DIGR")["btc_price_end"]),
        "wall": plots.principal_due_plot(cf.load_company("RING")),
        "wall_repaid": plots.principal_due_plot(cf.load_company("HALL")),
        "wall_with_undated": plots.principal_due_plot(cf.load_company("DIGR")),
        "tornado": plots.tornado(tornado),
        "tornado_cash": plots.tornado(tornado, "cash", count=5),
        "reverse": plots.reverse_curve(reverse),
        "reverse_none": plots.reverse_curve(cf.reverse_stress("RING", "power_index", at=12, paths=256)),
        "stress": plots.stress_heat_map(stress),
        "stress_gap": plots.stress_heat_map(stress, "funding_gap"),
        "stress_base": plots.stress_heat_map(
            replace(stress, table=stress.table.xs("base", level=1, drop_level=False), stories={"base": ""})
        ),
        "drivers": plots.driver_shares(cf.drivers(["HALL", "DIGR", "RING"], paths=512)),
        "lifeline": plots.lifeline_map(lifeline),
        "watch": plots.watch_list(cf.watch(["HALL", "DIGR", "RING"], paths=64)),
        "delivered": plots.delivered_against_leased(sector),
        "hashprice": plots.hashprice_against_break_even(cf.project("DIGR")),
    }


def many(sector: cf.Simulation) -> cf.Simulation:
    """Twelve companies of which each third is the same."""
    names = {f"{ticker}{copy}": ticker for copy in range(3) for ticker in TICKERS}
    found = pd.concat({name: sector.survival[ticker] for name, ticker in names.items()}, axis=1)
    outcomes = {name: sector.outcomes[ticker] for name, ticker in names.items()}
    common = {name: getattr(sector, name) for name in ("market_case", "months", "paths", "seed")}
    return SimpleNamespace(outcomes=outcomes, survival=found, **common)  # type: ignore[return-value]


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


def test_axis_labels_fit_their_axes(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        figure.canvas.draw()
        for axes in figure.axes:
            box, label = axes.get_window_extent(), axes.yaxis.label.get_window_extent()
            if axes.get_ylabel():
                assert label.y0 >= box.y0 - 2, (name, axes.get_ylabel())
                assert label.y1 <= box.y1 + 2, (name, axes.get_ylabel())


def test_no_two_ticks_of_an_axis_cover_each_other(figures: dict[str, Figure]) -> None:
    compared = 0
    for name, figure in figures.items():
        figure.canvas.draw()
        for axes in figure.axes:
            boxes = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
            for one, other in pairwise(sorted(boxes, key=lambda box: box.x0)):
                assert one.x1 + 4 < other.x0, name
                compared += 1
    assert compared > 50


def test_a_long_axis_has_few_years() -> None:
    axes = Figure().add_subplot()
    style.mark_years(axes, [f"{2026 + month // 12}-{month % 12 + 1:02d}" for month in range(3, 603)], most=4)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2027", "2040", "2053", "2066"]


def test_lines_differ_by_their_dashes_first() -> None:
    looks = [style.look_of(number) for number in range(21)]
    assert len({repr(dashes) for _, dashes in looks[:3]}) == 3
    assert len(set(map(repr, looks))) == 21


def test_nothing_is_told_as_of_today(figures: dict[str, Figure]) -> None:
    assert not [text for figure in figures.values() for text in texts(figure) if "today" in text]


def test_survival_has_a_panel_a_company_with_the_table_in_steps(sector: cf.Simulation) -> None:
    panels = plots.survival_curves(sector).axes
    order = sector.survival.iloc[-1].xs("survival", level=1).sort_values(ascending=False).index
    assert [panel.get_title(loc="left").split()[0] for panel in panels] == list(order)
    for company, panel in zip(order, panels, strict=True):
        *others, own = panel.get_lines()
        assert own.get_ydata()[0] == 1.0
        assert np.array_equal(own.get_ydata()[1:], sector.survival[company, "survival"])
        assert own.get_drawstyle() == "steps-post"
        assert len(others) == len(TICKERS) - 1
        assert {line.get_color() for line in others} == {style.PALE} != {own.get_color()}


def test_fan_shows_the_median_and_its_unit(sector: cf.Simulation) -> None:
    axes = plots.fan_chart(sector, "DIGR", "btc").axes[0]
    assert np.array_equal(axes.get_lines()[0].get_ydata(), sector.fan("DIGR", "btc")["50"])
    assert axes.get_ylabel() == "BTC"
    with pytest.raises(KeyError, match="no line intrest; nearest is interest"):
        plots.fan_chart(sector, "DIGR", "intrest")


def test_the_fan_of_the_bitcoin_price_has_the_central_path_above_its_median(sector: cf.Simulation) -> None:
    central = cf.project("DIGR")["btc_price_end"]
    axes = plots.price_fan(sector, central).axes[0]
    median, path = (line.get_ydata() for line in axes.get_lines()[:2])
    assert np.array_equal(median, sector.btc_price["50"])
    assert np.array_equal(path, central)
    assert path[-1] > median[-1]
    assert axes.get_ylabel() == "USD/BTC"
    assert axes.get_yscale() == "log"


def test_fan_says_that_paths_in_default_are_in_it(sector: cf.Simulation) -> None:
    share = 1 - sector.survival["TINY", "survival"].iloc[-1]
    found = " ".join(texts(plots.fan_chart(sector, "TINY", "cash")))
    assert f"include defaulted paths ({100 * share:.1f} % at the end; cash 0 at default)" in found
    month = sector.outcomes["TINY"].sample["default_month"].astype(int)
    failed = np.flatnonzero(month)
    assert failed.size > 100
    assert np.all(sector.outcomes["TINY"].monthly("cash")[month[failed] - 1, failed] == 0)
    assert "cash" not in " ".join(texts(plots.fan_chart(sector, "TINY", "btc")))


@pytest.mark.parametrize("ticker", TICKERS)
def test_wall_adds_up_to_everything_due(ticker: str) -> None:
    company = cf.load_company(ticker)
    axes = plots.principal_due_plot(company).axes[0]
    dues = [*debt_due(company), *loans_due(company)]
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(sum(item.amount for item in dues))
    gone = sum(item.amount for item in dues if item.event in ("repaid", "converted"))
    shown = [text.get_text().replace(",", "") for text in axes.texts[1:]]  # the note comes first
    known = sum(float(text.strip("()")) for text in shown if text.startswith("("))
    assert known == pytest.approx(gone, abs=1)
    total = sum(float(text) for text in shown if not text.startswith("("))
    assert total == pytest.approx(sum(item.amount for item in dues) - gone, abs=len(shown))


@pytest.mark.parametrize("ticker", TICKERS)
def test_wall_tells_instruments_apart_without_colour(ticker: str) -> None:
    company = cf.load_company(ticker)
    figure = plots.principal_due_plot(company)
    handles = figure.legends[0].legend_handles
    names = {due.id for due in (*debt_due(company), *loans_due(company))}
    assert len({handle.get_hatch() for handle in handles}) == len(handles) == len(names)
    loans = {due.id for due in loans_due(company)}
    for handle in handles:
        white = to_hex(handle.get_edgecolor()) == "#ffffff"
        empty = to_hex(handle.get_facecolor()) == "#ffffff"
        name, event = handle.get_label().split(" (")
        assert empty == event.startswith(("repaid", "converted")), handle.get_label()
        assert white == (name not in loans and not empty), handle.get_label()


def test_wall_says_what_repaid_a_loan_and_what_was_issued_since() -> None:
    found = texts(plots.principal_due_plot(cf.load_company("HALL")))
    assert "term-2027 (repaid 2026-05 out of sites)" in found
    assert "sites (issued 2026-05, maturity 2031-02)" in found
    assert "bridge (repaid 2026-04)" in texts(plots.principal_due_plot(cf.load_company("RING")))


def test_bars_of_the_wall_all_differ() -> None:
    looks = [of_company._bar_look("debt", number) for number in range(64)]
    assert len({(look["facecolor"], look["hatch"]) for look in looks}) == 64


def test_tornado_shows_the_largest_first_and_marks_the_unknown(tornado: Sensitivity) -> None:
    axes = plots.tornado(tornado, count=6).axes[0]
    names = [label.get_text().strip() for label in axes.get_yticklabels()]
    table = tornado.table.sort_values("survival_60_swing", ascending=False)[2:8]
    assert [name.removesuffix(" *") for name in names[::-1]] == list(table.index)
    for name, label in zip(table.index, names[::-1], strict=True):
        assert label.endswith("*") == (table.loc[name, "grade"] in ("estimated", "default"))


def test_tornado_leaves_out_what_is_within_its_error(tornado: Sensitivity) -> None:
    figure = plots.tornado(tornado, count=40)
    noise = {variation.name for variation in tornado.variations[-2:]}
    shown = {label.get_text().strip().removesuffix(" *") for label in figure.axes[0].get_yticklabels()}
    # The first has no effect at all.
    assert shown == {variation.name for variation in tornado.variations[1:]} - noise
    assert any("17 of 20 figures move it beyond the error" in text for text in texts(figure))
    silent = replace(tornado, differences=[tornado.differences[-1]] * 20)
    assert "nothing beyond the error" in texts(plots.tornado(silent))


def test_bars_and_whiskers_of_a_tornado_stand_apart(tornado: Sensitivity) -> None:
    axes = plots.tornado(tornado, count=40).axes[0]
    bars = sorted((bar.get_y(), bar.get_y() + bar.get_height()) for bar in axes.patches)
    assert len(bars) == 2 * 17
    assert all(one[1] < other[0] for one, other in pairwise(bars))
    segments = [segment for whiskers in axes.collections for segment in whiskers.get_segments()]
    middles = {round(y, 6) for segment in segments for y in segment[:, 1]}
    assert middles == {round((low + high) / 2, 6) for low, high in bars}
    low, high = axes.get_ylim()
    assert bars[0][0] - low < 0.5
    assert high - bars[-1][1] < 0.5


def test_reverse_curve_shows_bracket_and_points_around_base_and_level(reverse: ReverseStress) -> None:
    assert reverse.level is not None
    assert reverse.bracket is not None
    axes = plots.reverse_curve(reverse).axes[0]
    band = axes.patches[0].get_window_extent().transformed(axes.transData.inverted())
    assert (band.x0, band.x1) == pytest.approx(sorted(reverse.bracket))
    low, high = axes.get_xlim()
    inner = sorted((reverse.unchanged, reverse.level))
    assert low < inner[0] < inner[1] < high
    assert high - low < 0.8 * np.ptp(reverse.curve.index)
    beyond = reverse.curve.index[(reverse.curve.index > low) & (reverse.curve.index < high)]
    assert beyond[0] < inner[0]
    assert beyond[-1] > inner[1]
    points = next(line for line in axes.get_lines() if line.get_marker() == "o")
    assert np.array_equal(points.get_xdata(), reverse.curve.index)
    assert np.array_equal(points.get_ydata(), reverse.curve["survival"])


def test_reverse_curve_without_a_level_says_why_over_the_whole_range() -> None:
    result = cf.reverse_stress("RING", "power_index", at=12, paths=64)
    figure = plots.reverse_curve(result)
    low, high = figure.axes[0].get_xlim()
    assert low < result.curve.index[0] < result.curve.index[-1] < high
    assert any(result.reason in text for text in texts(figure))


def test_heat_map_shows_signed_changes_below_the_levels_of_base(stress: Stress) -> None:
    axes = plots.stress_heat_map(stress).axes[0]
    shown = {text.get_position(): text for text in axes.texts if text.get_text()}
    assert [label.get_text() for label in axes.get_xticklabels()] == ["DIGR", "HALL", "TINY"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["base [%]", "btc-half", "crisis"]
    assert [shown[place, 0].get_text() for place in range(3)] == ["99.0", "60.0", "20.0"]
    assert {to_hex(shown[place, 0].get_color()) for place in range(3)} == {style.INK}
    assert shown[0, 2].get_text() == "-69"
    assert shown[0, 2].get_weight() == "bold"
    assert shown[1, 2].get_text() == "+11"
    assert shown[2, 1].get_text() == "-3"
    assert shown[2, 1].get_weight() == "normal"
    assert shown[2, 2].get_text() == "-"
    assert shown[2, 2].get_color() == style.INK  # not white on white


def test_one_cell_does_not_pale_the_rest_of_the_heat_map(stress: Stress) -> None:
    figure = plots.stress_heat_map(stress)
    (image,) = figure.axes[0].images
    assert image.get_clim() == (-0.5, 0.5)
    assert image.colorbar.extend == "min"
    smaller = stress.table.assign(change_survival_60=stress.table["change_survival_60"] / 4)
    (image,) = plots.stress_heat_map(replace(stress, table=smaller)).axes[0].images
    assert image.get_clim() == pytest.approx((-0.1725, 0.1725))
    assert image.colorbar.extend == "neither"


def test_lifeline_map_leaves_out_companies_without_contracts(lifeline: Lifeline) -> None:
    found = texts(plots.lifeline_map(lifeline))
    assert {"HALL", "DIGR", "RING", "no contracts: TINY"} <= set(found)
    assert "TINY" not in found


def test_lifeline_map_shows_what_decided_and_where_a_delay_leads(lifeline: Lifeline) -> None:
    figure = plots.lifeline_map(lifeline)
    faces = {line.get_label(): line.get_markerfacecolor() for line in figure.legends[0].legend_handles}
    assert set(faces) == {
        "lifeline", "lifeline, by value alone", "mixed", "delivery twelve months late",
    }  # fmt: skip
    assert [label for label, face in faces.items() if face == "white"] == ["lifeline, by value alone"]
    arrows = [text for text in figure.axes[0].texts if isinstance(text, Annotation) and text.arrow_patch]
    # RING's delay changes nothing.
    ends = np.array([[*arrow.xyann, *arrow.xy] for arrow in arrows])
    assert ends == pytest.approx(np.array([[6.0, 1.0, 5.0, 0.8], [-7.0, 0.4, -12.0, 0.2]]))
    low, high = figure.axes[0].get_xlim()
    assert low < -12.0 < 6.0 < high
    assert "share prices of 2026-03-31" in figure.axes[0].get_ylabel()


def test_delivered_keeps_its_labels_off_the_diamonds(sector: cf.Simulation) -> None:
    figure = plots.delivered_against_leased(sector)
    figure.canvas.draw()
    axes = figure.axes[0]
    diamonds = [line for line in axes.get_lines() if line.get_marker() == "D"]
    labels = [text for text in axes.texts if text.get_text().endswith("%")]
    assert len(labels) == len(diamonds) == 2
    for diamond, label in zip(diamonds, labels, strict=True):
        right = diamond.get_window_extent().x1 + diamond.get_markersize() / 2 * figure.dpi / 72
        assert label.get_window_extent().x0 > right + 2
    assert any("2026-03-31" in text for text in texts(figure))


def test_watch_list_tells_flags_by_letter_and_what_is_not_leased() -> None:
    watched = cf.watch(["HALL", "DIGR", "RING"], paths=64)
    found = texts(plots.watch_list(watched))
    letters = [
        studies.FLAGS[flag][1]
        for name in ("price_flag", "funding_flag", "execution_flag")
        for flag in watched.table[name]
    ]
    assert sorted(text for text in found if text in {"G", "A", "R", "–"}) == sorted(letters)
    assert found.count("no contract") == 1
    assert "of 608 MW" in found


def test_every_result_has_its_plots(sector: cf.Simulation) -> None:
    comparison = cf.compare(sector)
    names = set(cf.plots_of(comparison))
    assert {f"principal_due_{ticker}" for ticker in sector.outcomes} <= names
    fans = {f"{line}_{ticker}" for line in plots.FANS for ticker in sector.outcomes}
    assert set(cf.plots_of(sector)) == fans | {name for name in names if not name.startswith("principal_due")}
    assert set(cf.plots_of(cf.watch("DIGR", paths=16))) == {"watch"}


def test_nothing_to_draw_is_an_error(sector: cf.Simulation) -> None:
    without = SimpleNamespace(outcomes={"TINY": sector.outcomes["TINY"]})
    with pytest.raises(ValueError, match="no company has leased"):
        plots.delivered_against_leased(without)  # type: ignore[arg-type]


def test_company_plots_fit_the_company(sector: cf.Simulation) -> None:
    simulation = cf.simulate("TINY", paths=64, months=12)
    names = set(plots.company_plots(cf.project("TINY", months=12), simulation))
    assert names == {"survival", "cash", "btc", "dilution", "btc_price", "principal_due", "hashprice"}


def test_files_are_whole_and_replace_old_ones(figures: dict[str, Figure], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "plots"
    chosen = {name: figures[name] for name in ("survival", "wall")}
    first = plots.save_plots(folder, chosen)
    assert plots.save_plots(folder, chosen) == first
    assert sorted(path.name for path in folder.iterdir()) == ["survival.png", "wall.png"]
    assert all(path.read_bytes().startswith(PNG) for path in first)


def test_a_plot_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

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
    moved = style.spread([0.9, 0.95, 1.0, 1.0], 0.1, 1.0)
    assert moved == pytest.approx([0.7, 0.8, 0.9, 1.0])
