"""Two months side by side: the last of history, which no scenario moves, and the first after it, which it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpfin.inputs import Scenario, load_scenario
from corpfin.report.answer import Answer, answer_of
from corpfin.report.answer.tree import SCENARIO_MONTH
from corpfin.report.document import document, to_json
from corpfin.report.page import page
from corpfin.runs import Projection, project, simulate

SHOCKS = {
    "base": [],
    "power-50": [("power_index", "multiply", 1.5, "")],
    "capex-40": [("overrun", "multiply", 1.4, "")],
    "btc-half": [("btc_price", "multiply", 0.5, "")],
    "later": [("power_index", "multiply", 1.5, 'from_month = "2027-02"\n')],
    "price-in-history": [("fleet.power_price", "multiply", 2.0, 'from_month = "2026-05"\n')],
}

Written = Callable[[str], Scenario]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("scenarios")

    def written(name: str) -> Scenario:
        file: Path = folder / f"{name}.toml"
        shocks = [
            f'[[shock]]\ntarget = "{target}"\nhow = "{how}"\nvalue = {value}\n{months}why = "invented"\n'
            for target, how, value, months in SHOCKS[name]
        ]
        file.write_text("\n".join([f'[scenario]\nname = "{name}"\nstory = "Invented."\n', *shocks]), encoding="utf-8")
        return load_scenario(str(file))

    return written


def answered(ticker: str, scenario: Scenario, months: int = 12) -> Answer:
    return answer_of(project(ticker, scenario, months=months), simulate(ticker, scenario, paths=8, months=months))


def cells(text: str, label: str) -> list[float]:
    """The figures of a row that has one a month; what stands beside a cost in per cent is left out."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"  {label} "))
    numbers = re.findall(r"(?<![+-])\b[\d,]+(?:\.\d+)?\b(?! %)", line.removeprefix(f"  {label}"))
    return [float(number.replace(",", "")) for number in numbers]


@pytest.mark.parametrize(
    ("name", "block", "figures"),
    [
        ("power-50", "break_even", {"power_cost_per_btc", "cash_cost_per_btc", "all_in_cost_per_btc"}),
        ("btc-half", "break_even", {"btc_price", "hashprice", "btc_price_end"}),
        ("capex-40", "capacity", {"capex_left"}),
        ("capex-40", "liquidity", {"next_year_needs"}),
    ],
)
def test_the_scenario_moves_the_second_month_and_not_the_first(
    scenario: Written, name: str, block: str, figures: set[str]
) -> None:
    before, after = (answered("HALL", scenario(which))[block] for which in ("base", name))
    now, then = ({figure: part[figure] for figure in figures} for part in (before, before.block(SCENARIO_MONTH)))
    assert {figure: after[figure] for figure in figures} == now
    assert [f for f in figures if after.block(SCENARIO_MONTH)[f] == then[f]] == []


def test_power_and_building_cost_more_on_the_page(scenario: Written) -> None:
    base, power = (page(answered("DIGR", scenario(name))) for name in ("base", "power-50"))
    assert cells(power, "Power cost per bitcoin")[0] == cells(base, "Power cost per bitcoin")[0]
    assert cells(power, "Power cost per bitcoin")[1] > cells(base, "Power cost per bitcoin")[1]
    base, building = (page(answered("HALL", scenario(name))) for name in ("base", "capex-40"))
    assert cells(building, "Power cost per bitcoin") == cells(base, "Power cost per bitcoin")
    assert cells(building, "Cost to complete")[0] == cells(base, "Cost to complete")[0]
    assert cells(building, "Cost to complete")[1] > cells(base, "Cost to complete")[1]


def test_the_reading_is_of_the_scenarios_month(scenario: Written) -> None:
    answer = answered("DIGR", scenario("btc-half"))
    then = answer["liquidity"].block(SCENARIO_MONTH)
    text = " ".join(page(answer).split())
    assert f"liquidity of {then['liquidity']:,.1f} at the end of 2026-07 against needs of" in text
    assert then["liquidity"] < answer["liquidity"]["liquidity"]


def test_figures_are_those_of_their_months(scenario: Written) -> None:
    answer = answered("HALL", scenario("power-50"))
    projection: Projection = project("HALL", scenario("power-50"), months=12)
    for block, name, line in (
        ("break_even", "power_cost_per_btc", "power_cost_per_btc"),
        ("break_even", "btc_mined_a_month", "total_fleet_btc_mined"),
        ("liquidity", "liquidity", "liquidity"),
    ):
        for part, month in ((answer[block], "2026-06"), (answer[block].block(SCENARIO_MONTH), "2026-07")):
            figure = part.figure(name)
            assert (figure.value, figure.month) == (projection.monthly.loc[month, line], month)
    left = answer["capacity"].block(SCENARIO_MONTH).figure("capex_left")
    assert (left.value, left.month) == (pytest.approx(projection["hpc", "capex_left"][:, 3].sum()), "2026-07")


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("base", "2026-07"),
        ("power-50", "2026-07"),
        ("later", "2027-02"),
        ("price-in-history", "2026-07"),
    ],
)
def test_the_first_month_touched(scenario: Written, name: str, month: str) -> None:
    answer = answered("DIGR", scenario(name))
    assert answer["run"][SCENARIO_MONTH] == month
    assert answer["break_even"].block(SCENARIO_MONTH)["month_of_costs"] == month
    text = page(answer)
    assert f"2026-06, the last month of history, and {month}, the first after it under the scenario" in " ".join(
        text.split()
    )
    assert json.loads(to_json(document(answer)))["scenario_month"]["month"] == month


def test_one_month_where_the_run_ends_with_history(scenario: Written) -> None:
    answer = answered("DIGR", scenario("base"), months=3)
    assert [block.name for block in answer["break_even"].blocks] == []
    assert len(cells(page(answer), "Power cost per bitcoin")) == 1


def test_nothing_of_history_is_seen(scenario: Written) -> None:
    """The scenario begins at once: there is one month, and it moves."""
    answers = [
        answer_of(
            project("DIGR", scenario(name), months=12, known="none"),
            simulate("DIGR", scenario(name), paths=8, months=12, known="none"),
        )
        for name in ("base", "btc-half")
    ]
    base, half = (answer["break_even"] for answer in answers)
    assert base.blocks == half.blocks == ()
    assert half["btc_price"] < base["btc_price"]
    assert "Figures of one month: 2026-04, the first month\n" in page(answers[0])
