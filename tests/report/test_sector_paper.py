"""The sector's page of the reports: the claims first, every figure of the study under its label and unit, links."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import corpfin as cf
from corpfin.common.text import money, whole
from corpfin.report.claims import said
from corpfin.report.paper.elements import Bullets, Paper, Table, Text
from corpfin.report.paper.html import html
from corpfin.report.paper.index import index_paper
from corpfin.report.paper.sector import RATIOS, sector_paper
from corpfin.report.paper.write import write_report
from corpfin.report.sector import sector_page
from corpfin.studies import side_tables
from tests.fixtures.world import thawed

UNITS = re.compile(r", (%|points|BTC|MW|USD m|USD/BTC|USD/PH/day|USD m/day|USD m/h)$")

NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?( ± \d+\.\d+)?|-")


@pytest.fixture(scope="module")
def paper(sector_study: cf.SectorStudy) -> Paper:
    return sector_paper(sector_study)


def tables(paper: Paper, section: str = "") -> list[Table]:
    return [
        part
        for each in paper.sections
        for part in each.parts
        if isinstance(part, Table) and section in ("", each.name)
    ]  # fmt: skip


def test_what_is_said_comes_first_in_the_words_of_the_page(paper: Paper, sector_study: cf.SectorStudy) -> None:
    first, *_ = paper.sections
    assert first.parts == (Bullets(tuple(said(sector_study))),)
    page = " ".join(sector_page(sector_study).split())
    assert all(text in page for text in said(sector_study))


def test_every_column_has_its_unit_and_every_cell_a_figure(paper: Paper) -> None:
    headings = (*side_tables.sector_loop(), *side_tables.sector_effects(), *side_tables.sector_flows())
    headings += (*side_tables.sector_network(), *side_tables.sector_readings())
    bare = {each.label for each in headings if each.name in RATIOS}
    assert len(tables(paper)) > 10
    for table in tables(paper):
        numbers = [head for place, head in enumerate(table.head) if place not in table.words]
        assert [head for head in numbers if not UNITS.search(head) and head not in bare] == []
        assert {len(row) for row in table.rows} == {len(table.head)}
        cells = [cell for row in table.rows for place, cell in enumerate(row) if place not in table.words]
        assert [cell for cell in cells if not NUMBER.fullmatch(cell)] == []


def test_the_figures_are_those_of_the_study(paper: Paper, sector_study: cf.SectorStudy) -> None:
    needs = tables(paper, "gap")[0]
    assert [row[0] for row in needs.rows] == ["IREN", "sector"]
    assert needs.rows[0][1:] == tuple(map(money, sector_study.gap.loc["IREN"]))
    ahead, _ = tables(paper, "sales")
    sold = list(ahead.head).index("Sold by listed companies, BTC")
    assert [row[sold] for row in ahead.rows] == [whole(found) for found in sector_study.flows["listed_sold"].head(8)]
    own = dict(zip(tables(paper, "defaults")[0].head, tables(paper, "defaults")[0].rows[1], strict=True))
    assert own["Survival to 12, alone, %"] == f"{100 * sector_study.table.loc['MARA', 'survival_12_alone']:.1f}"


def test_a_sector_without_leases_or_bitcoin_says_so(sector_study: cf.SectorStudy) -> None:
    none = float("nan")
    gap, readings = sector_study.gap.assign(leased_mw=0.0), sector_study.readings.assign(btc_kept=none)
    without = replace(sector_study, gap=gap, readings=readings, runaway=none)
    shown = sector_paper(without)
    texts = [part.text for section in shown.sections for part in section.parts if isinstance(part, Text)]
    assert "Nothing is leased." in texts
    assert any(text.startswith("No strength of impact") for text in texts)
    assert {row[-1] for row in tables(shown, "readings")[0].rows} == {"-"}
    assert not re.search(r"\bnan\b", sector_page(without))


def test_it_leads_to_the_index_and_the_reports_and_fetches_nothing(paper: Paper) -> None:
    page = html(paper)
    assert set(re.findall(r'<a href="([^"#]+)">', page)) == {"index.html", "IREN.html", "MARA.html"}
    assert set(re.findall(r"""(?:src|href)=["']([^"'#.]+)["']""", page)) == {"data:,"}
    assert "<script" not in page
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names)) > 100
    assert len(page) < 300_000


@pytest.mark.slow
def test_the_reports_have_the_sector_beside_the_index(tmp_path: Path) -> None:
    """Of one company that holds no bitcoin and has the longest file: over all months its report is the heaviest."""
    with thawed():
        written, failures = write_report(tmp_path / "new", "IREN", paths=16, with_sector=True)
    assert all(file.stat().st_size < 300_000 for file in written)
    assert ([file.name for file in written], failures) == (["IREN.html", "sector.html", "index.html"], {})
    assert '<a href="sector.html">' in written[-1].read_text()


@pytest.mark.slow
def test_the_index_of_all_companies_is_light() -> None:
    with thawed():
        simulation = cf.simulate("all", paths=1024)
        stressed, carried = cf.stress(scenarios=["btc-half"], paths=64), cf.lifeline(paths=64)
        page = html(index_paper(simulation, stressed, carried))
    assert len(simulation.outcomes) == 12
    assert len(page) < 250_000
