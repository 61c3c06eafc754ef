"""What stands beside the main figures: the bitcoin price, drivers of failure, what is left out, broken identities."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import corpfin as cf
from corpfin.paths import market_draws
from corpfin.report.answer import Answer, answer_of
from corpfin.report.document import document, to_json
from corpfin.report.page import page
from corpfin.runs import Projection, Simulation
from corpfin.runs.readings import CHECK_TOLERANCE
from corpfin.runs.tally import Worst
from corpfin.studies.drivers import drivers_of
from corpfin.workbook.settings import load_settings


@pytest.fixture(scope="module")
def answer(projection: Projection, simulation: Simulation) -> Answer:
    return answer_of(projection, simulation)


@pytest.fixture(scope="module")
def told(answer: Answer) -> dict[str, Any]:
    return json.loads(to_json(document(answer)))


# The bitcoin price


def test_prices_are_those_of_the_simulated_paths(answer: Answer, simulation: Simulation) -> None:
    case = simulation.market_case
    end = market_draws(case.randomness, simulation.seed, 0)["btc_price_end"][35]
    found = answer["bitcoin"].block("36")
    assert found["mean"] == pytest.approx(end.mean(), rel=1e-6)
    assert found.figure("mean").error == pytest.approx(end.std(ddof=1) / np.sqrt(1024), rel=1e-6)
    assert [found["q5"], found["q50"], found["q95"]] == pytest.approx(np.quantile(end, (0.05, 0.5, 0.95)), rel=1e-6)
    assert found["below_central"] == pytest.approx((end < found["central"]).mean(), abs=0.002)
    assert simulation.path("DIGR", 5)["btc_price_end"][35] == pytest.approx(end[5])
    assert float(simulation.month_end_prices[35, 5]) == pytest.approx(end[5], rel=1e-6)


def test_prices_are_the_scenarios() -> None:
    base, half = (cf.simulate("DIGR", name, paths=1500, months=12) for name in ("base", "btc-half"))
    assert base.month_end_prices.shape == (12, 1500)
    assert half.month_end_prices[:3] == pytest.approx(base.month_end_prices[:3])
    assert half.month_end_prices[3:] == pytest.approx(base.month_end_prices[3:] / 2)


def test_the_central_path_is_not_the_median(answer: Answer, told: dict[str, Any]) -> None:
    found, text = answer["bitcoin"].block("60"), page(answer)
    assert found["central"] > found["q50"]
    row = next(line for line in text.splitlines() if line.startswith("  After 60 months"))
    shown = [float(cell.replace(",", "")) for cell in row.split("%")[1].split()]
    assert shown == pytest.approx([found[name] for name in ("mean", "q50", "q5", "q95", "central")], abs=0.5)
    assert f"not the median of the paths: it has bitcoin at {found['central']:,.0f} in 2031-03" in " ".join(
        text.split()
    )
    assert told["bitcoin"]["60"]["q50"] == found["q50"]
    assert set(told["btc_price"]) == {"month", "mean", "mean_error", "5", "25", "50", "75", "95"}


# Drivers of failure


def test_drivers_are_the_studys(answer: Answer, told: dict[str, Any], simulation: Simulation) -> None:
    shares = drivers_of(simulation, "DIGR").shares
    found = answer["drivers"].block("shares")
    assert found.values() == pytest.approx(shares["share"].to_dict())
    text = page(answer)
    leading = shares["share"].idxmax()
    lines = re.findall(r"^  (?:Driven by (\w+)|Several together) +([\d.]+) ± ", text, re.MULTILINE)
    assert lines[0][0] == found.figure(str(leading)).label
    assert [float(share) for _, share in lines] == sorted((float(share) for _, share in lines), reverse=True)
    assert told["drivers"]["shares"]["price_error"] == pytest.approx(shares.loc["price", "error"])
    assert told["drivers"]["failures"] == int((simulation.outcomes["DIGR"].sample["default_month"] > 0).sum())


def test_the_first_paths_are_looked_at(simulation: Simulation) -> None:
    failed = simulation.outcomes["DIGR"].sample["default_month"][:200] > 0
    some = drivers_of(simulation, "DIGR", paths=200)
    assert (some.paths, some.failures) == (200, failed.sum())
    assert np.array_equal(some.saved, drivers_of(simulation, "DIGR").saved[:, : some.failures])


def test_only_so_many_failures_are_run_again(
    projection: Projection, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpfin.report.answer.outcome.RUN_AGAIN", 50)
    found = answer_of(projection, simulation)["drivers"]
    failed = np.flatnonzero(simulation.outcomes["DIGR"].sample["default_month"] > 0)
    assert (found["failures"], found["paths"]) == (50, failed[49] + 1)


def test_no_drivers_where_no_path_fails() -> None:
    answer = answer_of(cf.project("RING", months=6), cf.simulate("RING", paths=64, months=6))
    assert answer["drivers"]["failures"] == 0
    assert answer["drivers"].block("shares").figures == ()
    assert "Driven by" not in page(answer)


# What is left out


def test_what_the_file_leaves_out_is_on_the_page(answer: Answer, told: dict[str, Any]) -> None:
    assert "\nWHAT IS LEFT OUT, by the company's file\n  - A lease under discussion for 200 MW has no row.\n" in page(
        answer
    )
    assert told["left_out"] == ["A lease under discussion for 200 MW has no row."]


def test_the_notes_of_the_file_are_on_the_page(projection: Projection, answer: Answer, told: dict[str, Any]) -> None:
    assert told["notes"] == list(projection.company.notes)
    if projection.company.notes:
        assert "\nNOTES of the company's file\n  - " in page(answer)


def test_much_that_is_left_out_is_counted(projection: Projection, simulation: Simulation) -> None:
    notes = tuple(f"Site {number} has no tenant" + " and no row" * 12 for number in range(9))
    company = replace(projection.company, left_out=notes)
    answer = answer_of(replace(projection, case=replace(projection.case, company=company)), simulation)
    section = page(answer).split("WHAT IS LEFT OUT")[1].split("\n\n")[0].splitlines()[1:]
    assert section[-1] == "  and 5 more in the file"
    assert len(section) == 9
    assert json.loads(to_json(document(answer)))["left_out"] == list(notes)


def test_nothing_is_left_out() -> None:
    answer = answer_of(cf.project("HALL", months=6), cf.simulate("HALL", paths=8, months=6))
    assert "LEFT OUT" not in page(answer)


# Identities


def test_identities_hold(answer: Answer, told: dict[str, Any]) -> None:
    found = answer["identities"].values()
    assert found["hold"]
    assert 0 <= found["check_worst"] < CHECK_TOLERANCE == load_settings().tolerance == 1e-6
    assert told["check_worst"] == told["identities"]["check_worst"] == found["check_worst"]
    assert page(answer).startswith("Digger Mining Corp.")


@pytest.mark.parametrize("size", [0.5, float("nan")])
def test_an_identity_broken_on_a_path_names_the_path(
    projection: Projection, simulation: Simulation, size: float
) -> None:
    outcome = simulation.outcomes["DIGR"]
    tally = replace(outcome.tally, worst=Worst(size, 17))
    summary = replace(outcome.summary, tallies={outcome.key: tally})
    broken = replace(simulation, outcomes={"DIGR": replace(outcome, summary=summary)})
    first = page(answer_of(projection, broken)).splitlines()[0]
    assert first.startswith("BROKEN IDENTITY: check_")
    assert "path 17" in " ".join(page(answer_of(projection, broken)).split("\n\n")[0].split())
