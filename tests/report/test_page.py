"""The page says what the studies found, in lines that survive an email."""

import re
from dataclasses import replace

import numpy as np
import pytest

from corpfin.report.answer import answer_of
from corpfin.report.page import page
from corpfin.runs import Projection, Simulation, project, simulate
from corpfin.runs.schedule import debt_due, total

LONGEST_LINE = 100


@pytest.fixture(scope="module")
def text(projection: Projection, simulation: Simulation) -> str:
    return page(answer_of(projection, simulation))


@pytest.fixture(scope="module")
def ring_text(ring: Projection, simulated_ring: Simulation) -> str:
    return page(answer_of(ring, simulated_ring))


def figure(text: str, label: str) -> float:
    """The number that stands to the right of a label."""
    found = re.search(rf"^  {re.escape(label)} +(-?[\d,.]+)", text, re.MULTILINE)
    assert found, label
    return float(found[1].replace(",", ""))


def percentages(text: str, label: str) -> tuple[float, float]:
    """The probability and its error that stand to the right of a label, in per cent."""
    found = re.search(rf"^  {re.escape(label)}.*? ([\d.]+) ± ([\d.]+) %", text, re.MULTILINE)
    assert found, label
    return float(found[1]), float(found[2])


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Unrestricted cash", "cash"),
        ("Restricted cash", "restricted_cash"),
        ("Bitcoin at fair value", "btc_value"),
        ("Corporate debt", "corporate_debt"),
        ("Market cap", "market_cap"),
        ("Liquidity", "liquidity"),
        ("Next-year needs", "next_year_needs"),
        ("Cash burn", "burn"),
    ],
)
def test_money_is_the_summarys(text: str, projection: Projection, label: str, name: str) -> None:
    assert figure(text, label) == pytest.approx(projection.summary[name], abs=0.05)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Bitcoin price, month's mean", "btc_price"),
        ("Power cost per bitcoin", "power_cost_per_btc"),
        ("Cash cost per bitcoin", "cash_cost_per_btc"),
        ("All-in cost per bitcoin", "all_in_cost_per_btc"),
    ],
)
def test_prices_are_the_summarys(text: str, projection: Projection, label: str, name: str) -> None:
    assert figure(text, label) == pytest.approx(projection.summary[name], abs=0.5)


def test_costs_rise_from_power_to_all_in(text: str) -> None:
    power, cash, all_in = (
        figure(text, label) for label in ("Power cost per bitcoin", "Cash cost per bitcoin", "All-in cost per bitcoin")
    )
    assert 0 < power < cash < all_in


def test_survival_is_the_simulations(text: str, simulation: Simulation) -> None:
    for months in (12, 24, 36, 60):
        share, error = percentages(text, f"After {months} months")
        row = simulation.summary.loc["DIGR"]
        assert share == pytest.approx(100 * row[f"survival_{months}"], abs=0.051)
        assert error == pytest.approx(100 * row[f"survival_{months}_error"], abs=0.051)


def test_survival_falls_with_the_horizon(text: str) -> None:
    shares = [percentages(text, f"After {months} months")[0] for months in (12, 24, 36, 60)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]


def test_survival_and_unpaid_bills_add_up_to_all_paths(text: str) -> None:
    bills = re.findall(r"^  First unpaid: .*? ([\d.]+) ±", text, re.MULTILINE)
    alive, _ = percentages(text, "After 60 months")
    assert alive + sum(map(float, bills)) == pytest.approx(100, abs=0.1 * (len(bills) + 1))


def test_only_horizons_within_the_run(ring_text: str) -> None:
    assert re.findall(r"After (\d+) months", ring_text) == ["12", "24"]


def test_price_of_survival_is_the_simulations(text: str, simulation: Simulation) -> None:
    assert figure(text, "Dilution of survivors") == pytest.approx(
        100 * simulation.dilution.loc["DIGR", "dilution_50"], abs=0.051
    )
    sold = simulation.outcomes["DIGR"].sample["btc_sold_total"]
    assert figure(text, "Bitcoin sold, all paths") == pytest.approx(np.median(sold), abs=0.51)


def test_debt_by_year_is_all_the_debt(text: str, projection: Projection) -> None:
    schedule = text.split("DEBT DUE")[1].split("\n\n")[0]
    years = re.findall(r"^  (?:\d{4}|open) +([\d,.]+)", schedule, re.MULTILINE)
    assert sum(float(amount.replace(",", "")) for amount in years) == pytest.approx(
        total(debt_due(projection.company)), abs=0.05 * len(years)
    )


def test_capacity_names_every_project(ring_text: str, ring: Projection) -> None:
    for number, project_row in enumerate(ring.company.tables.hpc):
        line = next(line for line in ring_text.splitlines() if line.startswith(f"  {project_row.id} "))
        shown = [float(cell) for cell in line.split()[1:-1]]
        delivered = ring["hpc", "delivered_mw"][number]
        assert shown[:2] == pytest.approx([project_row.leased_mw, delivered[ring.market_case.now]], abs=0.05)
        assert shown[2:] == pytest.approx([delivered[8], delivered[20], delivered[23]], abs=0.05)


def test_lenders_and_projects_are_named_only_where_there_are_some(text: str, ring_text: str) -> None:
    assert "No project in the file." in text
    assert "Lenders take" not in text
    assert "Lenders take a project" in ring_text


def test_answer_names_the_first_unpaid_bill_and_when(text: str, simulation: Simulation) -> None:
    answer = " ".join(text.split("ANSWER")[1].split())
    default = simulation.outcomes["DIGR"].sample["default_month"]
    failed = default[default > 0]
    share = simulation.first_unpaid_bills.loc["DIGR"].iloc[0]["share"] * simulation.paths / failed.size
    half = simulation.market_case.labels[int(np.quantile(failed, 0.5, method="lower")) - 1]
    assert (
        f"half of these by {half}; first unpaid: principal it can neither repay nor roll over ({100 * share:.0f} %"
        in answer
    )


def test_answer_adds_up(text: str) -> None:
    answer = " ".join(text.split("ANSWER")[1].split())
    mining = float(re.search(r"mining brings (-?[\d.]+)", answer)[1])  # type: ignore[index]
    other, overhead, interest, short = (
        float(re.search(rf"{words} ([\d.]+)", answer)[1])  # type: ignore[index]
        for words in ("other income is", "overhead is", "corporate interest", "falls short by")
    )
    assert mining + other - overhead - interest == pytest.approx(-short, abs=0.25)


def test_estimates_are_counted_and_listed_with_unit(text: str, projection: Projection) -> None:
    grades = projection.company.grades()
    assert f"{grades['estimated'].figures} estimated, {grades['default'].figures} default" in text
    assert re.search(r"^  balance\.mining_ppe +1,750 +USD m +1,200 to 2,400$", text, re.MULTILINE)
    assert "reported.btc_mined" not in text


@pytest.mark.parametrize("ticker", ["HALL", "TINY"])
def test_every_page_is_plain_and_narrow(ticker: str) -> None:
    lines = page(answer_of(project(ticker, months=12), simulate(ticker, paths=64, months=12))).splitlines()
    assert max(map(len, lines)) <= LONGEST_LINE
    assert not any("\x1b" in line or "nan" in line.lower().split() or line != line.rstrip() for line in lines)


def test_wide_pages_are_narrow_too(text: str, ring_text: str) -> None:
    assert max(map(len, [*text.splitlines(), *ring_text.splitlines()])) <= LONGEST_LINE


def test_nobody_survives(projection: Projection, simulation: Simulation) -> None:
    """The worst case has a page: every path of a company without means in default."""
    outcome = simulation.outcomes["DIGR"]
    defaults = np.zeros_like(outcome.tally.defaults)
    defaults[5, 1] = 1024
    final = {"default_month": np.full(1024, 5.0), "first_unpaid_bill": np.full(1024, 1.0)}
    tally = replace(outcome.tally, defaults=defaults, final={0: outcome.sample | final})
    summary = replace(outcome.summary, tallies={outcome.key: tally})
    dead = replace(simulation, outcomes={"DIGR": replace(outcome, summary=summary)})
    text = page(answer_of(projection, dead))
    assert "none survives" in text
    assert "100.0 ± 0.1 % of paths fail within 60 months, half of these by 2026-08" in " ".join(text.split())
