"""Reports in a real browser: nothing fetched, nothing logged, nothing wider than the screen, text that can be read."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import corpfin as cf
from corpfin.report.paper.html import html
from corpfin.report.paper.sector import sector_paper
from corpfin.report.paper.write import write_report
from tests.report.browser import BROWSER, DRIVER, Browser, browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (DRIVER and BROWSER), reason="chromium and its driver are not installed"),
]

WIDTHS = (390, 1440)
LEAST = 4.5
"""Contrast of text that WCAG 2.2 asks for at level AA."""

CONTRAST = """
const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c)) return c; } };
const faint = [];
for (const e of document.querySelectorAll('h1, h2, p, li, td, th, dt, dd, caption, figcaption span, figcaption b, a')) {
  const [a, b] = [lum(getComputedStyle(e).color), lum(behind(e))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < arguments_least) faint.push([e.tagName, ratio, e.textContent.slice(0, 40)]);
}
return faint;
"""

CUT = "e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth"
"""Whether words run out of their box or off the screen."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sector_study: cf.SectorStudy) -> Path:
    found = tmp_path_factory.mktemp("reports")
    write_report(found, ["DIGR", "RING"], paths=256, months=24)
    (found / "sector.html").write_text(html(sector_paper(sector_study)), encoding="utf-8")
    return found


@pytest.mark.parametrize("name", ["DIGR", "RING", "index", "sector"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(chromium: Browser, folder: Path, name: str, width: int) -> None:
    chromium.open(folder / f"{name}.html", width)
    assert chromium.run("return [document.documentElement.scrollWidth, innerWidth]") == [width, width]
    for said in ("caption span", ".tiles dd", *([".scroll"] if width > 1000 else [])):
        assert (
            chromium.run(f"return [...document.querySelectorAll('{said}')].filter({CUT}).map(e => e.innerText)") == []
        )


@pytest.mark.parametrize("name", ["DIGR", "RING", "index", "sector"])
def test_nothing_is_logged_and_nothing_fetched(chromium: Browser, folder: Path, name: str) -> None:
    file = folder / f"{name}.html"
    chromium.log("browser")
    chromium.requests()
    chromium.open(file, 1440)
    assert chromium.log("browser") == []
    assert [address for address in chromium.requests() if not address.startswith("data:")] == [file.resolve().as_uri()]


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("name", ["RING", "index", "sector"])
def test_text_can_be_read(chromium: Browser, folder: Path, name: str, dark: bool) -> None:
    chromium.open(folder / f"{name}.html", 390, dark=dark)
    assert chromium.run(CONTRAST.replace("arguments_least", f"{LEAST}")) == []


def test_night_is_dark(chromium: Browser, folder: Path) -> None:
    grounds = []
    for dark in (False, True):
        chromium.open(folder / "DIGR.html", 390, dark=dark)
        grounds.append(chromium.run("return getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(20, 24, 27)"]


@pytest.mark.parametrize("name", ["DIGR", "index", "sector"])
def test_headings_are_in_order_and_drawings_are_described(chromium: Browser, folder: Path, name: str) -> None:
    chromium.open(folder / f"{name}.html", 1440)
    levels = chromium.run("return [...document.querySelectorAll('h1, h2, h3, h4')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    labels = chromium.run("return [...document.querySelectorAll('svg')].map(e => e.getAttribute('aria-label'))")
    assert labels
    assert all(label and len(label) > 20 for label in labels)


def test_links_lead_to_the_reports(chromium: Browser, folder: Path) -> None:
    chromium.open(folder / "index.html", 1440)
    chromium.run("document.querySelector('tbody a').click()")
    assert chromium.run("return document.querySelector('h1').textContent").endswith(("(DIGR)", "(RING)"))


@pytest.mark.parametrize("name", ["RING", "index", "sector"])
def test_no_drawing_is_cut_in_print_and_no_table_is_wider_than_the_sheet(
    chromium: Browser, folder: Path, name: str
) -> None:
    chromium.open(folder / f"{name}.html", 703)  # what A4 leaves between its margins, in px
    chromium.devtools("Emulation.setEmulatedMedia", media="print")
    inside = "return [...document.querySelectorAll('figure')].map(e => getComputedStyle(e).breakInside)"
    assert set(chromium.run(inside)) == {"avoid"}
    wide = "return [...document.querySelectorAll('table')].map(e => e.scrollWidth).filter(width => width > 703)"
    assert chromium.run(wide) == []
    assert chromium.pdf().startswith(b"%PDF")
