"""Files appear whole or not at all."""

import os
from pathlib import Path

import pandas as pd
import pytest

from corpfin.report import write_new, write_tables
from corpfin.studies import Projection, Simulation
from corpfin.studies.files import write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    write_whole(file, "old\n")
    write_whole(file, "new\n")
    assert file.read_text(encoding="utf-8") == "new\n"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OSError, match=r"a\.csv") as caught:
        write_whole(tmp_path / "a.csv", "text")
    assert caught.value.filename == str(tmp_path / "a.csv")
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_new_file_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    write_new(file, "first")
    with pytest.raises(FileExistsError, match="left as it is"):
        write_new(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


def test_tables_hold_what_was_computed(tmp_path: Path, wulf: Projection, simulated_wulf: Simulation) -> None:
    files = write_tables(tmp_path, wulf, simulated_wulf)
    assert sorted(os.listdir(tmp_path)) == sorted(file.name for file in files)
    tables = {file.stem: pd.read_csv(file, index_col=0) for file in files}
    assert tables["monthly"]["cash"].tolist() == wulf["cash"].tolist()
    assert tables["survival"]["survival"].tolist() == simulated_wulf.survival["WULF", "survival"].tolist()
    assert tables["paths"]["default_month"].tolist() == (
        simulated_wulf.outcomes["WULF"].final["default_month"].astype(int).tolist()
    )
    assert tables["debt_schedule"]["amount"].sum() == 2600.0
    assert list(tables["fan_cash"].columns) == ["5", "25", "50", "75", "95"]
