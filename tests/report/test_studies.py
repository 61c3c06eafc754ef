"""Compare, stress, lifeline and watch list as pages, JSON and CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.text import WIDTH, chance, money
from corpfin.report.compare import compare_page
from corpfin.report.document import to_json
from corpfin.report.drivers import drivers_page
from corpfin.report.faces import face_of
from corpfin.report.figures import plots_of
from corpfin.report.lifeline import lifeline_page
from corpfin.report.stress import stress_page
from corpfin.report.watch import watch_page
from corpfin.studies.paired import DILUTION_NOTE
from corpfin.studies.result import Result

TICKERS = ["HALL", "DIGR", "RING"]
Page = Callable[..., str]


@pytest.fixture(scope="module")
def results() -> dict[str, tuple[Result, Page]]:
    return {
        "compare": (cf.compare(TICKERS, paths=256), compare_page),
        "stress": (cf.stress(TICKERS, ["btc-half", "capex-40"], paths=256), stress_page),
        "drivers": (cf.drivers(TICKERS, paths=256), drivers_page),
        "lifeline": (cf.lifeline(TICKERS, paths=256), lifeline_page),
        "watch": (cf.watch(TICKERS, paths=256), watch_page),
    }


@pytest.mark.parametrize("name", ["compare", "stress", "drivers", "lifeline", "watch"])
def test_a_page_names_every_company_and_fits(name: str, results: dict[str, tuple[Result, Page]]) -> None:
    result, page = results[name]
    text = page(result)
    assert all(ticker in text for ticker in TICKERS)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search(r"\bnan\b", text)
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("name", ["compare", "stress", "drivers", "lifeline", "watch"])
def test_json_and_csv_hold_the_table(name: str, results: dict[str, tuple[Result, Page]], tmp_path: Path) -> None:
    result, _ = results[name]
    document = json.loads(to_json(face_of(result).document(result)))
    assert [row["company"] for row in document["table"]] == list(result.table.reset_index()["company"])
    assert document["failures"] == {}
    assert document["scenario" if name != "stress" else "stories"]
    result.to_csv(tmp_path / "table.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]
    assert len(pd.read_csv(tmp_path / "table.csv")) == len(result.table)


def test_a_page_says_what_the_tables_say(results: dict[str, tuple[Result, Page]]) -> None:
    lifeline, page = results["lifeline"]
    hall = lifeline.table.loc["HALL"]
    verdicts, changes = (line for line in page(lifeline).splitlines()[:12] if line.startswith("  HALL"))
    assert verdicts.split()[-3:] == [hall[f"verdict_{name}"] for name in ("survival_36", "survival_60", "value")]
    assert f"{100 * hall['change_survival_60']:+.1f}" in changes
    opening = next(line for line in section(page(lifeline), "OPENING BALANCE") if line.startswith("  HALL without"))
    assert opening.split()[-1] == money(hall["opening_without_net_worth"])
    stress, page = results["stress"]
    assert isinstance(stress, cf.Stress)
    change = stress.matrix("change_survival_60").loc["HALL", "capex-40"]
    line = next(line for line in page(stress).splitlines() if line.startswith("  capex-40"))
    assert line.split()[1] == f"{100 * change:+.1f}*"


def test_the_drivers_page_shows_shares_and_who_does_not_fail(results: dict[str, tuple[Result, Page]]) -> None:
    drivers, page = results["drivers"]
    assert isinstance(drivers, cf.Drivers)
    digr, text = drivers.table.loc["DIGR"], page(drivers)
    first, second = (line for line in text.splitlines() if re.match("  DIGR +[0-9]", line))
    assert chance(digr["principal"], digr["principal_error"]).removesuffix(" %") in first
    assert chance(digr["price"], digr["price_error"]).removesuffix(" %") in second
    bill = drivers.bills.loc[("DIGR", "maturity or put")]
    shown = next(line.split() for line in text.splitlines() if line.startswith("  DIGR maturity or put"))
    assert shown[4:6] == [f"{100 * bill['share_of_all']:.0f}", f"{100 * bill['interest']:.0f}"]
    sound = drivers_page(cf.drivers("RING", paths=16, months=3))
    assert [line.split()[-4:] for line in sound.splitlines() if line.startswith("  RING")] == [["-"] * 4] * 2


def section(text: str, heading: str) -> list[str]:
    """The lines of the part of a page that begins with a heading."""
    return next(part for part in text.split("\n\n") if part.startswith(heading)).splitlines()


def test_levels_stand_with_their_errors(results: dict[str, tuple[Result, Page]]) -> None:
    stress, page = results["stress"]
    lines = {line.split()[0]: line.split() for line in page(stress).splitlines() if line.startswith("  ")}
    assert lines["base"][1] == f"{100 * stress.table.loc[('HALL', 'base'), 'survival_60']:.1f}"
    assert lines["±"][3] == f"{100 * stress.table.loc[('HALL', 'base'), 'survival_60_error']:.1f}"
    lifeline, page = results["lifeline"]
    assert isinstance(lifeline, cf.Lifeline)
    shown = next(line for line in section(page(lifeline), "SURVIVAL in %") if line.startswith("  HALL"))
    for case in ("with", "without", "late"):
        level = lifeline.levels.loc[("HALL", case)]
        assert chance(level["survival_60"], level["survival_60_error"]).removesuffix(" %") in shown


def test_ties_and_differences_from_the_reference(results: dict[str, tuple[Result, Page]]) -> None:
    comparison, page = results["compare"]
    found = cf.compare(comparison.simulation, reference="ring")  # type: ignore[attr-defined]
    rows = section(page(found), "SURVIVAL LESS RING'S")
    digr = found.differences.loc["DIGR"]
    assert f"{100 * digr['change_survival_60']:+.1f} ± {100 * digr['change_survival_60_error']:.1f}" in rows[-1]
    assert not rows[-1].endswith("tie")
    assert not any(line.startswith("  RING") for line in rows)
    twins = cf.compare(cf.simulate(["TINY", "RING"], paths=16, months=3))
    assert section(page(twins), "SURVIVAL LESS")[-1].endswith("tie")


def test_every_page_with_dilution_says_whose(results: dict[str, tuple[Result, Page]]) -> None:
    for name in ("compare", "stress", "lifeline"):
        result, page = results[name]
        assert DILUTION_NOTE in " ".join(page(result).split())
    assert "a gap may fall because things get worse" in " ".join(stress_page(results["stress"][0]).split())  # type: ignore[arg-type]


def test_a_capped_runway_is_marked(results: dict[str, tuple[Result, Page]]) -> None:
    result, page = results["compare"]
    line = next(line for line in page(result).splitlines() if line.startswith("  RING") and "120" in line)
    assert line.split()[1] == "120+"


def test_the_watch_list_shows_the_window_and_the_networks_cost() -> None:
    base, shut = (watch_page(cf.watch("HALL", name, paths=16)) for name in ("base", "funding-shut"))
    assert "not history: open" in base
    assert "not history: shut" in shut
    assert section(base, "  FUNDING")[1].endswith("yes")
    assert section(shut, "  FUNDING")[1].endswith("no")
    assert section(base, "  PRICE")[1].endswith("78,933")


def test_the_watch_list_shows_survival_with_its_error(results: dict[str, tuple[Result, Page]]) -> None:
    result, page = results["watch"]
    line = next(line for line in section(page(result), "  SURVIVAL") if line.startswith("  DIGR"))
    row = result.table.loc["DIGR"]
    assert line.split()[4:] == chance(row["survival_36"], row["survival_36_error"]).split()[:3]
    assert "Survival on 256 paths, seed 1" in page(result)


def test_stress_over_four_years_says_so_and_has_a_markdown() -> None:
    result = cf.stress("TINY", "btc-half", paths=16, months=48)
    assert stress_page(result).startswith("Survival to month 48")
    assert result.to_markdown().splitlines()[0] == "| company | base | btc-half |"
    assert {"survival_36", "survival_48"} <= set(result.table)


def test_nothing_due_is_said() -> None:
    assert "  None." in compare_page(cf.compare(_without_debt("TINY"), paths=16, months=3))


def _without_debt(ticker: str) -> cf.Company:
    company = cf.load_company(ticker)
    rows = tuple(row for row in company.rows if row.table != "debt")
    return replace(company, rows=rows, tables=company.tables.model_copy(update={"debt": []}))


def test_companies_in_order(results: dict[str, tuple[Result, Page]]) -> None:
    comparison, stress = results["compare"][0], results["stress"][0]
    assert list(comparison.sorted("leased_mw").index) == ["RING", "HALL", "DIGR"]
    assert list(stress.sorted("capex-40").index.unique("company")) == ["RING", "DIGR", "HALL"]
    with pytest.raises(KeyError, match="no scenario capex; nearest is capex-40"):
        stress.sorted("capex")
    with pytest.raises(KeyError, match="no column liquid; nearest is liquidity"):
        comparison.sorted("liquid")


def test_each_result_has_its_plots(results: dict[str, tuple[Result, Page]]) -> None:
    names = {name: set(plots_of(result)) for name, (result, _) in results.items()}
    assert names == {
        "compare": {
            "survival",
            "delivered_against_leased",
            *(f"principal_due_{name}" for name in ("HALL", "DIGR", "RING")),
        },
        "stress": {"stress"},
        "drivers": {"drivers"},
        "lifeline": {"lifeline"},
        "watch": {"watch"},
    }
