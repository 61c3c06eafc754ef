"""The book that holds companies side by side says what the comparison says."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import write_comparison

SHEETS = ["Cover", "Survival", "Dilution", "Costs", "Liquidity", "Capacity", "Maturities", "Differences"]


def test_every_figure_of_a_comparison_is_in_its_book(simulation: cf.Simulation, tmp_path: Path) -> None:
    comparison = cf.compare(simulation)
    book = load_workbook(*write_comparison(tmp_path / "compare.xlsx", comparison))
    assert book.sheetnames == SHEETS
    shown, names = set(), {column.label: column.name for column in comparison.columns}
    assert len(names) == len(comparison.columns)
    for page in book.worksheets[1:6]:
        assert "STATIC VALUES: scenario base, seed 7, 2,048 paths" in str(page["A2"].value)
        assert len(page._charts) == 1
        assert not page._hyperlinks
        headings = [names.get(str(cell.value), "") for cell in page[4]]
        units = [cell.value for cell in page[3]]
        for row in page.iter_rows(min_row=5, max_row=4 + len(comparison.table)):
            label = str(row[0].value)
            for name, unit, cell in list(zip(headings, units, row, strict=True))[1:]:
                wanted = comparison.table.loc[label, name]
                shown.add(name)
                assert (unit == "%") is ("%" in cell.number_format), name
                if isinstance(wanted, str):
                    assert cell.value == wanted
                elif cell.value is not None:
                    assert cell.value == pytest.approx(float(wanted), rel=1e-12)
                else:
                    assert wanted != wanted
    assert shown == set(comparison.table.columns)


def test_the_cover_says_what_was_run_and_leads_to_every_sheet(simulation: cf.Simulation, tmp_path: Path) -> None:
    comparison = cf.compare(simulation)
    cover = load_workbook(*write_comparison(tmp_path / "compare.xlsx", comparison))["Cover"]
    said = {str(row[1].value): row[2].value for row in cover.iter_rows() if row[1].value is not None}
    links = {cell.value: cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink}
    assert links == {name: f"{name}!A1" for name in SHEETS[1:]}
    market = simulation.market_case.market
    assert (said["Scenario"], said["Paths and seed"]) == ("base", "2,048 paths, seed 7")
    assert said["Balance-sheet date"] == f"{market.as_of}"
    assert said["Differences are taken from"] == comparison.reference
    names = {label: outcome.case.company.name for label, outcome in simulation.outcomes.items()}
    assert {label: said[label] for label in names} == names


def test_books_that_were_written_are_linked_and_can_be_read_back(market: cf.Market, tmp_path: Path) -> None:
    comparison = cf.compare(["TINY"], paths=16, months=6, market=market)
    folder = tmp_path / "own"
    written = write_comparison(tmp_path / "compare.xlsx", comparison, folder)
    assert written == [tmp_path / "compare.xlsx", folder / "tiny.xlsx"]
    book = load_workbook(written[0])
    for name in SHEETS[:6]:
        targets = [cell.hyperlink.target for row in book[name].iter_rows() for cell in row if cell.hyperlink]
        assert [target.replace("\\", "/") for target in targets if target] == ["own/tiny.xlsx"], name
    assert cf.read_workbook(written[1], comparison.simulation.outcomes["TINY"].case.company, market).changes == ()
    dashboard = load_workbook(written[1])["Dashboard"]
    assert any("seed 1, 16 paths" in str(cell.value) for row in dashboard.iter_rows() for cell in row)
