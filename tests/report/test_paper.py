"""The answer as a document: nothing of it is lost, nothing of it is fetched, nothing in it can be taken for markup."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from matplotlib.hatch import get_path as hatched
from matplotlib.path import Path as Hatch

import corpfin as cf
from corpfin.report.answer import Answer, Block, Figure, answer_of
from corpfin.report.paper.company import company_paper
from corpfin.report.paper.elements import Bullets, Paper, Plot, Section, Table, Text, Tiles
from corpfin.report.paper.html import html
from corpfin.report.paper.markdown import markdown
from corpfin.report.paper.svg import DENSITY, TILE, svg
from corpfin.report.paper.write import write_report
from corpfin.report.plots import company_plots
from corpfin.report.plots.style import COLOURS, HATCHES, light, new_figure
from corpfin.report.words import carries, kills


@pytest.fixture(scope="module")
def answer(projection: cf.Projection, simulation: cf.Simulation) -> Answer:
    return answer_of(projection, simulation)


@pytest.fixture(scope="module")
def page(answer: Answer, projection: cf.Projection, simulation: cf.Simulation) -> str:
    return html(company_paper(answer, company_plots(projection, simulation)))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    written, failures = write_report(folder, ["DIGR", "RING"], paths=256, months=24)
    assert [file.name for file in written] == ["DIGR.html", "RING.html", "index.html"]
    assert failures == {}
    return folder


def test_the_answer_comes_first_in_the_words_of_the_page(answer: Answer) -> None:
    first, *_ = company_paper(answer).sections
    assert first.name == "answer"
    assert [part.text for part in first.parts if isinstance(part, Text)][:2] == [kills(answer), carries(answer)]


def test_a_block_that_no_section_was_written_for_has_one(answer: Answer) -> None:
    inner = Block("ratios", "Ratios", (Figure("leverage", "Leverage", 4.25, "1/year", "line leverage"),))
    new = Block("credit", "Credit", (Figure("rating", "Rating", "B2", source="study credit"), inner))
    paper = company_paper(replace(answer, blocks=(*answer.blocks, new)))
    names = [section.name for section in paper.sections]
    assert names.index("position") < names.index("credit") < names.index("survival")
    shown = markdown(paper)
    assert "| Rating | B2 | credit |" in shown
    assert "| Leverage | 4.25 | 1/year | leverage |" in shown


def test_every_estimate_and_what_is_left_out_stand_on_it(answer: Answer, page: str) -> None:
    text = unescape(page)
    estimates = answer["inputs"].block("estimates").figures
    assert estimates
    assert all(f">{figure.name}<" in text and figure.facts["why"] in text for figure in estimates)
    assert all(note in text for note in answer["left_out"].values().values())


def test_a_broken_identity_stands_above_everything(answer: Answer) -> None:
    values = {"hold": False, "check": "check_cash", "says": "Cash", "month": "2026-05", "path": "path 3"}
    found = answer["identities"]
    parts = tuple(replace(part, value=values.get(part.name, part.value)) for part in found.figures)
    blocks = tuple(replace(block, parts=parts) if block.name == found.name else block for block in answer.blocks)
    shown = html(company_paper(replace(answer, blocks=blocks)))
    assert shown.index('<p class="loud">BROKEN IDENTITY: check_cash (Cash)') < shown.index("<nav")


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    assert "<script" not in page
    assert set(re.findall(r"""(?:src|href)=["']([^"'#][^"']*)""", page)) == {"data:,"}
    assert not re.search(r"url\((?!#)", page)
    assert re.findall(r"https?://[^\"\s]+", page.replace("http://www.w3.org/", "")) == []


def test_no_two_parts_of_a_page_share_a_name(page: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names)) > 100
    assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', page)) <= set(names)


def test_a_page_is_the_same_bytes_each_time(
    answer: Answer, page: str, projection: cf.Projection, simulation: cf.Simulation
) -> None:
    assert html(company_paper(answer, company_plots(projection, simulation))) == page


def test_drawings_take_the_colours_of_the_page(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, re.S)
    assert drawings
    assert all("<text" in drawing and "var(--ink)" in drawing for drawing in drawings)
    assert not any(re.search(r"#(222222|767676|ffffff)", drawing) for drawing in drawings)


def test_a_hatch_is_told_by_the_square_it_repeats() -> None:
    """Each line and dot of the inch that matplotlib draws is one of the square's, moved by its sides, and no more."""
    figure, axes = new_figure("Hatches", "all of them")
    signs = [hatch[0] for hatch in HATCHES if hatch]
    for place, sign in enumerate(signs):
        axes.bar(place, 1, hatch=4 * sign, facecolor=COLOURS[place % len(COLOURS)], edgecolor="white")
    tiles = re.findall(r"<pattern.*?</pattern>", svg(figure, "hatches").drawing, re.S)
    assert len(tiles) == len(signs)
    for sign, tile in zip(signs, tiles, strict=True):
        assert f'width="{TILE}"' in tile
        assert len(tile) < 6_000
        (drawn,) = re.findall(r' d="([^"]*)"', tile)
        found = np.array([float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", drawn)]).reshape(-1, 2)
        inch = hatched(DENSITY * sign)
        whole = inch.vertices[inch.codes != Hatch.CLOSEPOLY] * (72, -72)
        assert folded(found) == folded(whole), sign


def folded(points: np.ndarray) -> set[tuple[int, int]]:
    """Points as they lie in the square, in tenths that are coarse enough for figures cut off."""
    return {(int(x), int(y)) for x, y in np.round(points, 0) % TILE}


def test_a_drawing_keeps_the_figures_of_its_words_and_its_shades() -> None:
    """Places are cut to a tenth of a point, and nothing else is."""
    figure, axes = new_figure("Level", "0.7083 times the base")
    axes.axvspan(0.68731, 0.72773, alpha=0.18, color=light(COLOURS[1]), lw=0)
    axes.annotate("0.6873 to 0.7277", (0.7, 0.5))
    drawn = svg(figure, "level")
    assert drawn.note == "0.7083 times the base"
    assert "0.6873 to 0.7277</text>" in drawn.drawing
    assert "opacity: 0.18" in drawn.drawing
    assert "fill: color-mix(in srgb, var(--c1) 20%, var(--paper))" in drawn.drawing
    assert not re.search(r"\d\.\d\d", " ".join(re.findall(r' d="([^"]*)"', drawn.drawing)))


def test_a_line_keeps_its_corners() -> None:
    """Steps are drawn by their corners: what is left out lies on a line along an axis between its neighbours."""
    figure, axes = new_figure("Steps", "of survival")
    axes.step(range(100), [1.0] * 40 + [0.5] * 30 + [0.25] * 30, where="post", color=COLOURS[0])
    axes.plot([0, 50, 20, 80], [0.0, 0.0, 0.0, 0.0], color=COLOURS[1])
    paths = dict(
        re.findall(r'<path d="([^"]*)" clip-path[^>]*style="fill: none; stroke: var\(--(c\d)', svg(figure, "s").drawing)
    )
    steps, back = (next(path for path, name in paths.items() if name == colour) for colour in ("c0", "c1"))
    assert (steps.count("L"), back.count("L")) == (5, 3)


def test_reports_of_several_have_an_index_with_links(reports: Path) -> None:
    index = (reports / "index.html").read_text()
    assert set(re.findall(r'<a href="([^"#]+)">', index)) == {"DIGR.html", "RING.html"}
    for name in ("DIGR", "RING"):
        text = (reports / f"{name}.html").read_text()
        assert [f'id="{part}"' in text for part in ("stress", "lifeline", "levers")] == [True] * 3
        assert len(text) < 300_000


def test_a_report_tells_what_a_run_tells(reports: Path) -> None:
    simulation = cf.simulate("DIGR", paths=256, months=24)
    alone = answer_of(cf.project("DIGR", months=24), simulation)
    assert kills(alone) in unescape((reports / "DIGR.html").read_text())


def test_one_company_makes_one_file(tmp_path: Path) -> None:
    written, _ = write_report(tmp_path / "one.html", "TINY", paths=64, months=12)
    assert written == [tmp_path / "one.html"]
    assert "<h1>" in written[0].read_text()


HOSTILE = "a | b <script>alert('x')</script> & \"c\" _d_ *e*"


@pytest.fixture
def hostile() -> Paper:
    table = Table(HOSTILE, (HOSTILE, "n"), ((HOSTILE, "1"),), note=HOSTILE)
    parts = (Text(HOSTILE, loud=True), Bullets((HOSTILE,)), Tiles(((HOSTILE, "1", HOSTILE),)), table)
    return Paper(HOSTILE, HOSTILE, (Text(HOSTILE),), (Section("s", HOSTILE, parts),))


def test_words_of_a_file_are_no_markup(hostile: Paper) -> None:
    shown = html(hostile)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 10


def test_words_of_a_file_are_no_markdown(hostile: Paper) -> None:
    lines = markdown(hostile).splitlines()
    assert not any("<script" in line for line in lines)
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("| ")]
    assert set(cells) == {3, 4}


def test_markdown_leaves_drawings_out(answer: Answer, projection: cf.Projection, simulation: cf.Simulation) -> None:
    plots = company_plots(projection, simulation)
    with_plots, without = (company_paper(answer, found) for found in (plots, {}))
    assert any(isinstance(part, Plot) for section in with_plots.sections for part in section.parts)
    assert markdown(with_plots) == markdown(without)
