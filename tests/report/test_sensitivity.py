"""Pages of reverse stress and sensitivity, and their files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.text import WIDTH
from corpfin.report.reverse import reverse_page
from corpfin.report.sensitivity import sensitivity_page, write_sensitivity
from corpfin.studies.sobol import Sobol


@pytest.fixture(scope="module")
def result() -> cf.Sensitivity:
    return cf.sensitivity("TINY", paths=32, months=6)


def test_reverse_page_gives_level_error_and_what_failed_paths_share() -> None:
    found = cf.reverse_stress("TINY", "btc_price", at=24, paths=512)
    page = reverse_page(found, found.failed())
    assert page.startswith("TINY: btc_price at which survival to month 24 is 50 %\nscenario base, 512 paths, seed 1")
    assert f"Survival is 50 % at {found.level:.4g} times the base" in " ".join(page.split())
    assert "bitcoin price, lowest" in page
    assert max(map(len, page.splitlines())) <= WIDTH


def test_reverse_page_gives_the_reason_when_there_is_no_level() -> None:
    found = cf.reverse_stress("RING", "power_index", at=12, paths=256)
    page = reverse_page(found, found.failed())
    assert "None in range: survival stays at 100.0%" in page
    assert "FAILED PATHS" not in page


def test_sensitivity_page_lists_unknown_figures_first(result: cf.Sensitivity) -> None:
    page = sensitivity_page(result, 5, "cash")
    head, unknown, known = page.split("\n\n")
    assert head.startswith("TINY: what moves cash, ")
    assert len(unknown.splitlines()) == len(known.splitlines()) == 7
    first = result.ranked("cash").index[0]
    assert unknown.splitlines()[2].split()[:2] == [first, result.table.loc[first, "grade"][0]]
    assert max(map(len, page.splitlines())) <= WIDTH


def test_indices_are_shown_when_there_are_any(result: cf.Sensitivity) -> None:
    row = {"S1": 0.6, "S1_conf": 0.1, "ST": 0.7, "ST_conf": 0.12}
    table = pd.DataFrame([row], index=pd.MultiIndex.from_tuples([("cash", "treasury.cash")]))
    page = sensitivity_page(result, 1, "cash", Sobol(table, pd.DataFrame()))
    assert "treasury.cash   0.60  ± 0.10         0.70  ± 0.12" in page


def test_the_whole_table_is_written(result: cf.Sensitivity, tmp_path: Path) -> None:
    (file,) = write_sensitivity(tmp_path / "tables", result)
    table = pd.read_csv(file, index_col="input")
    assert list(table.index) == list(result.table.index)
    assert table["cash_high"].to_numpy() == pytest.approx(result.table["cash_high"].to_numpy())
