"""The answer as CSV files."""

import os
from pathlib import Path

import pandas as pd

from corpfin.report.tables import write_tables
from corpfin.runs import Projection, Simulation


def test_tables_hold_what_was_computed(tmp_path: Path, ring: Projection, simulated_ring: Simulation) -> None:
    files = write_tables(tmp_path, ring, simulated_ring)
    assert sorted(os.listdir(tmp_path)) == sorted(file.name for file in files)
    tables = {file.stem: pd.read_csv(file, index_col=0) for file in files}
    assert tables["monthly"]["cash"].tolist() == ring["cash"].tolist()
    assert tables["survival"]["survival"].tolist() == simulated_ring.survival["RING", "survival"].tolist()
    assert tables["paths"]["default_month"].tolist() == (
        simulated_ring.outcomes["RING"].sample["default_month"].astype(int).tolist()
    )
    assert tables["debt_schedule"]["amount"].sum() == 2580.0
    assert list(tables["fan_cash"].columns) == ["5", "25", "50", "75", "95"]
