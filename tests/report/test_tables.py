"""The answer as CSV files."""

import os
from pathlib import Path

import pandas as pd

from corpfin.report import write_tables
from corpfin.runs import Projection, Simulation


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
