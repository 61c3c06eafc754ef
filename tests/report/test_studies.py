"""Compare, stress, lifeline and watch list as pages, JSON and CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import corpfin as cf
from corpfin.report import to_json
from corpfin.report.studies import (
    Study,
    compare_page,
    lifeline_page,
    ordered,
    stress_page,
    study_document,
    watch_page,
    write_study,
)
from corpfin.report.text import WIDTH

TICKERS = ["CIFR", "MARA", "WULF"]
Page = Callable[..., str]


@pytest.fixture(scope="module")
def results() -> dict[str, tuple[Study, Page]]:
    return {
        "compare": (cf.compare(TICKERS, paths=256), compare_page),
        "stress": (cf.stress(TICKERS, ["btc-half", "capex-40"], paths=256), stress_page),
        "lifeline": (cf.lifeline(TICKERS, paths=256), lifeline_page),
        "watch": (cf.watch(TICKERS), watch_page),
    }


@pytest.mark.parametrize("name", ["compare", "stress", "lifeline", "watch"])
def test_a_page_names_every_company_and_fits(name: str, results: dict[str, tuple[Study, Page]]) -> None:
    result, page = results[name]
    text = page(result)
    assert all(ticker in text for ticker in TICKERS)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search(r"\bnan\b", text)
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("name", ["compare", "stress", "lifeline", "watch"])
def test_json_and_csv_hold_the_table(name: str, results: dict[str, tuple[Study, Page]], tmp_path: Path) -> None:
    result, _ = results[name]
    document = json.loads(to_json(study_document(result)))
    assert [row["company"] for row in document["table"]] == list(result.table.reset_index()["company"])
    assert document["failures"] == {}
    assert document["scenario" if name != "stress" else "stories"]
    write_study(tmp_path / "table.csv", result)
    assert len(pd.read_csv(tmp_path / "table.csv")) == len(result.table)


def test_a_page_says_what_the_tables_say(results: dict[str, tuple[Study, Page]]) -> None:
    lifeline, page = results["lifeline"]
    line = next(line for line in page(lifeline).splitlines() if line.startswith("  CIFR"))
    assert f"{100 * lifeline.table.loc['CIFR', 'change_survival_60']:+.1f}" in line
    stress, page = results["stress"]
    assert isinstance(stress, cf.Stress)
    change = stress.matrix("change_survival_60").loc["CIFR", "capex-40"]
    line = next(line for line in page(stress).splitlines() if line.startswith("  capex-40"))
    assert line.split()[1] == f"{100 * change:+.1f}*"


def test_nothing_due_is_said() -> None:
    assert "None within the months simulated." in compare_page(cf.compare("WULF", paths=16, months=3))


def test_companies_in_order(results: dict[str, tuple[Study, Page]]) -> None:
    comparison, stress = results["compare"][0], results["stress"][0]
    assert list(ordered(comparison, "leased_mw").table.index) == ["CIFR", "WULF", "MARA"]
    assert list(ordered(stress, "capex-40").table.index.unique("company")) == ["WULF", "MARA", "CIFR"]
    with pytest.raises(KeyError, match="no scenario capex; nearest is capex-40"):
        ordered(stress, "capex")
    with pytest.raises(KeyError, match="no column liquid; nearest is liquidity"):
        ordered(comparison, "liquid")
