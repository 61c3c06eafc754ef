"""The static sheets of a book say what the simulation and the stress say."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import write_workbook


def test_the_stress_sheet_holds_the_table(market: cf.Market, tmp_path: Path) -> None:
    stress = cf.stress(["TINY"], ["btc-half"], paths=64, months=48, market=market)
    projection = cf.project("TINY", months=48, market=market)
    page = load_workbook(write_workbook(tmp_path / "tiny.xlsx", projection, stress=stress))["Stress"]
    assert [cell.value for cell in page[4]][4:6] == ["base", "btc-half"]
    shown = {str(row[1].value): row for row in page.iter_rows(min_row=6)}
    names = [column.name for column in stress.columns]
    assert names == list(stress.table)
    assert {"survival_36", "survival_48_error", "change_survival_48_error", "change_funding_gap"} <= set(names)
    for column in stress.columns:
        wanted = stress.table.loc["TINY", column.name]
        assert shown[column.label][2].value == column.unit
        for cell, value in zip(shown[column.label][4:6], wanted, strict=True):
            assert cell.value is None if value != value else cell.value == pytest.approx(value)
    assert any(str(name).startswith("btc-half:") for name in shown)


def test_the_monte_carlo_sheet_holds_survival_and_quantiles(simulation: cf.Simulation, tmp_path: Path) -> None:
    projection = simulation.path("DIGR", 0)
    page = load_workbook(write_workbook(tmp_path / "digr.xlsx", projection, simulation))["Monte Carlo"]
    assert "seed 7, 2,048 paths" in str(page["A2"].value)
    rows = {str(row[1].value): [cell.value for cell in row[7:]] for row in page.iter_rows(min_row=6)}
    survival = simulation.survival["DIGR", "survival"].to_list()
    assert rows["Share of paths: survival"] == pytest.approx(survival)
    median = simulation.fan("DIGR", "cash")["50"].to_list()
    assert rows["Unrestricted cash: 50 % of paths are below"] == pytest.approx(median)
