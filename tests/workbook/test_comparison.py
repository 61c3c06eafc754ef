"""The book that holds companies side by side says what the comparison says."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import write_comparison


def test_every_figure_of_a_comparison_is_in_its_book(simulation: cf.Simulation, tmp_path: Path) -> None:
    comparison = cf.compare(simulation)
    book = load_workbook(*write_comparison(tmp_path / "compare.xlsx", comparison))
    assert book.sheetnames == ["Survival", "Dilution", "Costs", "Liquidity", "Capacity", "Maturities", "Differences"]
    shown, names = set(), {column.label: column.name for column in comparison.columns}
    assert len(names) == len(comparison.columns)
    for page in book.worksheets[:5]:
        assert "STATIC VALUES: scenario base, seed 7, 2,048 paths" in str(page["A2"].value)
        headings = [names.get(str(cell.value), "") for cell in page[4]]
        for row in page.iter_rows(min_row=5):
            label = str(row[0].value)
            assert row[1].hyperlink is not None
            assert row[1].hyperlink.target == f"{label.lower()}.xlsx"
            for name, cell in list(zip(headings, row, strict=True))[2:]:
                wanted = comparison.table.loc[label, name]
                shown.add(name)
                if isinstance(wanted, str):
                    assert cell.value == wanted
                elif cell.value is not None:
                    assert cell.value == pytest.approx(float(wanted), rel=1e-12)
                else:
                    assert wanted != wanted
    assert shown == set(comparison.table.columns)
