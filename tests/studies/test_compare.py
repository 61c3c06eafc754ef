"""Companies side by side: rows, order, differences on common paths, the debt wall."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.tables import markdown
from corpfin.inputs.find import known_companies
from corpfin.runs.difference import share_difference
from corpfin.runs.tally import Moments
from corpfin.studies.central import equity_to_complete
from corpfin.studies.compare import Comparison, columns
from corpfin.studies.paired import mean_difference

PATHS = 1_024


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return cf.compare(["MARA", "WULF", "HIVE"], paths=PATHS)


def test_a_row_says_what_simulation_and_central_path_say(comparison: Comparison) -> None:
    simulation, projection = comparison.simulation, cf.project("MARA")
    row = comparison.table.loc["MARA"]
    assert list(comparison.table.index) == ["MARA", "WULF", "HIVE"]
    for name in ("survival_12", "survival_36_error", "survival_60", "dilution", "first_unpaid_bill"):
        assert row[name] == simulation.summary.loc["MARA", name]
    assert row["power_cost_per_btc"] == projection.summary["power_cost_per_btc"]
    assert row["runway"] == projection.summary["runway"]
    final = simulation.outcomes["MARA"].sample
    assert row["btc_sold_share"] == pytest.approx(
        np.median(final["btc_sold_total"] / (final["btc_sold_total"] + final["btc"]))
    )


def test_a_simulation_already_run_gives_the_same_table(comparison: Comparison) -> None:
    again = cf.compare(comparison.simulation)
    pd.testing.assert_frame_equal(again.table, comparison.table)
    pd.testing.assert_frame_equal(again.maturities, comparison.maturities)


def test_sorted_filtered_and_written(comparison: Comparison, tmp_path: Path) -> None:
    assert comparison.sorted("survival_60")["survival_60"].is_monotonic_decreasing
    assert list(comparison.filtered("leased_mw > 100").index) == ["WULF"]
    with pytest.raises(KeyError, match=r"no column survival_6; nearest is survival_"):
        comparison.sorted("survival_6")
    comparison.to_csv(tmp_path / "compare.csv")
    read = pd.read_csv(tmp_path / "compare.csv", index_col="company")
    assert read["survival_36"].to_dict() == pytest.approx(comparison.table["survival_36"].to_dict())
    lines = comparison.to_markdown().splitlines()
    assert len(lines) == 2 + 3
    assert lines[0].startswith("| company | survival_12 |")


def test_differences_come_from_the_paths_themselves(comparison: Comparison) -> None:
    outcomes = comparison.simulation.outcomes
    found = comparison.against("MARA")
    assert found.loc["MARA"].abs().sum() == 0.0
    by_path = outcomes["WULF"].alive(60).astype(float) - outcomes["MARA"].alive(60)
    assert found.loc["WULF", "change_survival_60"] == pytest.approx(by_path.mean())
    assert found.loc["WULF", "change_survival_60_error"] == pytest.approx(by_path.std() / np.sqrt(PATHS), rel=0.02)
    with pytest.raises(KeyError, match="nearest is MARA"):
        comparison.against("MAR")


def test_common_paths_make_the_error_smaller_than_two_runs_would() -> None:
    base = np.arange(1000) % 2 == 0
    worse = base & (np.arange(1000) % 10 != 0)
    found = share_difference(int((worse & ~base).sum()), int((base & ~worse).sum()), 1000)
    apart = np.sqrt(worse.mean() * (1 - worse.mean()) / 1000 + 0.25 / 1000)
    assert found.value == pytest.approx(-0.1)
    assert found.error < apart / 2
    # by hand: no path gained, 100 lost, half a path added to each cell
    more, fewer, total = 0.5, 100.5, 1002
    assert found.error == pytest.approx(np.sqrt(more + fewer - (more - fewer) ** 2 / total) / total)


def test_a_difference_of_nothing_has_an_error_too() -> None:
    assert share_difference(0, 0, 1000).value == 0.0
    assert share_difference(0, 0, 1000).error == pytest.approx(1 / 1002)
    assert np.isnan(mean_difference(Moments.of(np.zeros(0))).value)
    assert np.isnan(mean_difference(Moments.of(np.ones(1))).error)


def test_markdown_says_none_for_what_is_not_a_number() -> None:
    table = pd.DataFrame({"x": [np.nan, 1234.5]}, index=pd.Index(["A", "B"], name="company"))
    assert markdown(table).splitlines()[2:] == ["| A | - |", "| B | 1,234 |"]


def test_one_broken_file_leaves_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "hive.toml"
    text = known_companies()["HIVE"].read_text(encoding="utf-8")
    broken.write_text(text.replace("cash = 23.1", "cash = -23.1"), encoding="utf-8")
    found = cf.compare(["WULF", broken, "NOSUCH"], paths=16)
    assert list(found.table.index) == ["WULF"]
    assert set(found.failures) == {str(broken), "NOSUCH"}
    assert found.failures[str(broken)].problems[0].key == "treasury.cash"
    with pytest.raises(cf.InputError, match=r"treasury\.cash"):
        cf.compare(broken, paths=16)


def test_the_wall_is_the_contracts_of_the_file(comparison: Comparison) -> None:
    """Puts of June and December 2027 (291.6, 632.5) and the maturity of December 2026 (48.1), all after June 2026."""
    assert comparison.table.loc["MARA", "principal_due_24"] == pytest.approx(48.1 + 291.6 + 632.5)
    mara = comparison.maturities.loc[("MARA", "corporate")]
    assert mara[[2026, 2027, 2029, 2030, "open"]].tolist() == pytest.approx([48.1, 924.1, 300.0, 1025.0, 250.0])
    assert ("MARA", "projects") not in comparison.maturities.index


def test_notes_that_convert_on_the_central_path_and_those_beyond_the_horizon_are_due_by_contract() -> None:
    found = cf.compare(["CORZ", "WULF"], paths=16, months=12)
    assert found.maturities.loc[("CORZ", "corporate"), [2027, 2029]].tolist() == pytest.approx([625.0, 460.0])
    assert found.maturities.loc[("WULF", "corporate"), [2030, 2031, 2032]].tolist() == pytest.approx([500, 1000, 1025])
    longer = cf.compare("CORZ", "buying-opportunity", paths=16)
    assert longer.maturities.loc[("CORZ", "corporate"), [2027, 2029]].tolist() == pytest.approx([625.0, 460.0])


def test_due_within_24_months_is_not_cut_at_the_horizon() -> None:
    assert cf.compare("MARA", paths=16, months=6).table.loc["MARA", "principal_due_24"] == pytest.approx(
        48.1 + 291.6 + 632.5
    )


def test_project_loans_are_due_as_the_model_pays_them(comparison: Comparison) -> None:
    p = cf.project("WULF")
    paid = (p["hpc", "loan_scheduled"] + p["hpc", "loan_balloon"]).sum(axis=0)
    in_2028 = [label.startswith("2028") for label in p.labels]
    assert comparison.maturities.loc[("WULF", "projects"), 2028] == pytest.approx(paid[in_2028].sum())
    assert paid[in_2028].sum() > 100.0


@pytest.mark.parametrize(("months", "horizons"), [(6, [6]), (48, [12, 24, 36, 48]), (72, [12, 24, 36, 60, 72])])
def test_survival_is_shown_to_the_horizons_within_and_to_the_end(months: int, horizons: list[int]) -> None:
    found = cf.compare("HIVE", paths=16, months=months)
    shown = [name for name in found.table if name.startswith("survival_") and not name.endswith("_error")]
    assert shown == [f"survival_{horizon}" for horizon in horizons]
    assert list(found.table) == [column.name for column in columns(months)]


def test_a_reference_is_looked_for_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("corpfin.studies.compare"), "run_cases", lambda *_, **__: pytest.fail("in vain"))
    with pytest.raises(cf.InputError, match=r'reference = "WULFF": is none of .*nearest is WULF'):
        cf.compare(["WULF", "HIVE"], reference="WULFF", paths=16)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"companies": []}, "none is named"),
        ({"companies": "HIVE", "paths": 0}, "paths is 0; it must be 1 or more"),
        ({"companies": "HIVE", "months": 0}, "months is 0; it must be 1 or more"),
    ],
)
@pytest.mark.parametrize("study", [cf.compare, cf.stress, cf.drivers, cf.lifeline])
def test_what_cannot_be_asked(study: Callable[..., object], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        study(**options)


def test_a_company_without_projects_has_nothing_to_complete_and_one_with_late_notes_no_wall() -> None:
    table = cf.compare("BITF", paths=16).table
    assert table.loc["BITF", "equity_to_complete"] == 0.0
    assert table.loc["BITF", "principal_due_24"] == 0.0


def test_the_share_delivered_is_that_of_the_last_month_of_history() -> None:
    """CORZ bills 395 of 590 MW at the end of June, 225 at the balance-sheet date."""
    assert cf.compare("CORZ", paths=16).table.loc["CORZ", "delivered_share"] == pytest.approx(395 / 590)


def test_equity_to_complete_takes_the_owners_part_of_a_gap_once() -> None:
    """Half of Abernathy is WULF's. With no month after history nothing is paid in: what is asked is the gap alone."""
    p = cf.project("WULF", months=3)
    row = p.case.data.instances["hpc"].index("abernathy-jv")
    terms = ("capex_left", "build_paid", "ring_cash", "reserve", "loan_to_come", "receipts_to_come")
    left, paid, cash, reserve, loan, receipts = (p["hpc", name][row, 2] for name in terms)
    open_loan = p["hpc", "loan_available"][row, 2] - p["hpc", "loan_drawn"][row, 2]
    whole = left - paid - (cash - reserve) - loan - open_loan - receipts
    others = np.delete(p["hpc", "committed_gap"][:, 2], row).sum()
    assert whole > 50
    assert equity_to_complete(p, 3) == pytest.approx(0.501 * whole + others)
