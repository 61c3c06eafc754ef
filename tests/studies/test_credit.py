"""Credit by instrument: what must hold of every table whatever the figures, and grades as a mapping."""

from datetime import date

import numpy as np
import pytest

import corpfin as cf
from corpfin.common.text import WIDTH
from corpfin.report.credit import credit_page
from corpfin.runs.readings import HORIZONS
from corpfin.studies.grades import PREMIUM, RATES, grade_of, premium_range, rate
from corpfin.studies.papers import paths_outstanding

PATHS = 1024


@pytest.fixture(scope="module")
def found() -> cf.Credit:
    return cf.credit(["CIFR", "MARA", "HUT"], paths=PATHS)


def test_expected_loss_is_default_times_loss(found: cf.Credit) -> None:
    table = found.table
    assert len(table) > 10
    expected = table["default_60"] * table["loss_given_default"].fillna(0.0)
    np.testing.assert_allclose(table["expected_loss_60"], expected, atol=1e-12)
    assert (table["expected_loss_60"] > 0).sum() > 3


def test_a_year_of_loss_is_one_of_the_papers_life(found: cf.Credit) -> None:
    """Notes due in month 9 live as long on every path, whatever the run is; a loan to 2042 may outlive it."""
    table = found.table
    assert table.loc[("MARA", "conv-2026-100pct"), "years_outstanding"] == 0.75
    assert table.loc[("MARA", "conv-2030-0pct"), "years_outstanding"] < 2.5
    assert table["years_outstanding"].between(0, 5).all()
    np.testing.assert_allclose(table["hazard"] * table["years_outstanding"], table["default_60"])
    np.testing.assert_allclose(table["yearly_loss"] * table["years_outstanding"], table["expected_loss_60"])


def test_months_outstanding_worked_by_hand() -> None:
    """Four paths of five months: repaid in month 3, default in month 2, lent in month 2 and default then, never owed.

    Of what is there at the start months 1 to 3 and 1 to 2 count, of what is not only month 2, that of default.
    """
    owed = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 1, 1, 0]], dtype=bool)
    default = np.array([0.0, 2.0, 2.0, 0.0])
    assert list(paths_outstanding(True, owed[:, :2], default[:2])) == [2, 2, 1, 0, 0]
    assert list(paths_outstanding(False, owed[:, 2:], default[2:])) == [0, 1, 0, 0, 0]
    issued = np.array([[False], [True], [True]])
    assert list(paths_outstanding(False, issued, np.array([0.0]))) == [0, 0, 1]


def test_default_never_falls_with_time_and_loss_is_a_share(found: cf.Credit) -> None:
    steps = np.diff(found.table[[f"default_{month}" for month in HORIZONS]].to_numpy(), axis=1)
    assert (steps >= 0).all()
    lost = found.table["loss_given_default"].dropna()
    assert ((lost >= -1e-9) & (lost <= 1)).all()


def test_a_better_rank_never_loses_more(found: cf.Credit) -> None:
    """Of one company, on the same defaults: a loan on bitcoin less than notes that come after others."""
    mara = found.table.loc["MARA"]
    assert mara.loc["btc-backed-lines", "loss_given_default"] <= mara["loss_given_default"].dropna().max()


def test_no_company_fails_more_often_than_any_event_happens(found: cf.Credit) -> None:
    for company in ("CIFR", "MARA", "HUT"):
        events = found.events.loc[company]
        assert (events["by_60"] <= events.loc["any credit event", "by_60"] + 1e-12).all()


def test_the_page_fits_and_says_where_market_and_model_part(found: cf.Credit) -> None:
    page = credit_page(found)
    assert max(map(len, page.splitlines())) <= WIDTH
    verdict = found.table["market_against_model"]
    parted = (verdict != "") & ~verdict.str.contains(", within")
    assert parted.any()
    for company, instrument in found.table.index[parted]:
        assert f"{company} {instrument} pays for" in page


def test_survival_is_what_the_simulation_says(found: cf.Credit) -> None:
    simulation = cf.simulate(["MARA"], paths=PATHS)
    outcome = simulation.outcomes["MARA"]
    assert found.events.loc[("MARA", "payment default or exchange"), "by_60"] == pytest.approx(1 - outcome.survival(60))
    spotless = simulation.summary.loc["MARA", "no_credit_event"]
    assert found.events.loc[("MARA", "any credit event"), "by_60"] == pytest.approx(1 - spotless)


def test_only_covenants_in_numbers_are_shown(found: cf.Credit) -> None:
    names = {key[:3] for key in found.covenants.index}
    assert names == {
        ("CIFR", "syndicated-revolver-2027", "minimum_liquidity"),
        ("CIFR", "syndicated-revolver-2027", "minimum_market_cap"),
        ("MARA", "btc-backed-lines", "margin_call_ltv"),
        ("HUT", "falconx-btc-loan", "margin_call_ltv"),
    }


def test_a_quote_is_held_against_the_loss(found: cf.Credit) -> None:
    notes = found.table.loc["MARA", "conv-2030-0pct"]
    assert notes["quoted_spread"] == pytest.approx(0.08 - 0.038)
    assert notes["implied_intensity"] == pytest.approx(notes["quoted_spread"] / notes["loss_given_default"])
    assert np.isnan(found.table.loc["MARA", "conv-2032-0pct"]["quoted_spread"])


def test_a_quote_of_an_older_borrower_has_no_verdict() -> None:
    """As of 31 March a quote of 30 December is more than a quarter old, one of the 31st is not."""
    quotes = {"conv-2030-0pct": date(2025, 12, 30), "conv-2031-0pct": date(2025, 12, 31)}
    company = cf.load_company("MARA").changed({("quote", id, "quote_date"): day for id, day in quotes.items()})
    result = cf.credit([company], paths=PATHS)
    old, young = (result.table.loc["MARA", id] for id in quotes)
    assert (old["quoted"], old["market_against_model"]) == ("2025-12-30", "")
    assert np.isnan(old["paid_over_loss"])
    assert young["market_against_model"].startswith("pays for ")
    prices = credit_page(result).split("THE MARKET'S VIEW")[1]
    assert "MARA conv-2030-0pct  " in prices
    assert "MARA conv-2030-0pct pays" not in prices
    assert "MARA conv-2030-0pct ." not in prices
    assert "MARA conv-2031-0pct pays" in prices


def test_a_company_without_debt_has_no_event_but_bills_unpaid() -> None:
    """Nor may it borrow: its projects raise no loan against their leases, and it sells no notes."""
    company = cf.load_company("HIVE")
    bare = company.changed(
        {("debt", row.id, "principal"): 0.0 for row in company.tables.debt}
        | {("hpc", row.id, name): 0.0 for row in company.tables.hpc for name in ("advance_rate", "gpu_advance_rate")}
    )
    market = cf.load_market().changed({("finance", None, "notes_of_value"): 0.0})
    result = cf.credit([bare], paths=PATHS, market=market)
    assert result.table.empty
    events = result.events.loc["HIVE", "by_60"]
    unpaid = ["payment default", "payment default or exchange", "any credit event"]
    assert (events.drop(unpaid) == 0).all()
    assert (events[unpaid] == events["payment default"]).all()


def test_rates_are_those_of_the_table() -> None:
    assert [rate("B", 12 * year) for year in range(1, 6)] == pytest.approx(RATES["B"])
    assert all(np.diff([rate(grade, 60) for grade in list(RATES)[1:]]) > 0)
    assert 0 < rate("B", 6) < rate("B", 12)


def test_a_grade_by_its_default_rate() -> None:
    assert [grade_of(rate(grade, 60), 60) for grade in RATES if grade != "AAA"] == list(RATES)[1:]
    assert set(PREMIUM) == set(RATES)
    assert premium_range("AAA") == (13.0, 16.8)
