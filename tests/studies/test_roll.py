"""A shipped file rolled forward: it can be used, says what it is, and refuses what cannot be."""

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import known_companies
from corpfin.inputs.load import company_from
from corpfin.report.faces import face_of
from corpfin.runs.months import month_number
from corpfin.studies.roll import COLUMNS, rolled_contents
from tests.fixtures.world import MARCH


@pytest.fixture(scope="module")
def mara() -> cf.Roll:
    return cf.roll("MARA", "2026-06-30", paths=256, seed=1, as_of=MARCH)


@pytest.mark.parametrize("ticker", sorted(known_companies(as_of=MARCH)))
@pytest.mark.parametrize("to", [date(2026, 4, 30), date(2026, 6, 30), date(2027, 2, 28)])
def test_a_rolled_file_can_be_used(ticker: str, to: date) -> None:
    company, market = cf.load_company(ticker, as_of=MARCH), cf.load_market(as_of=MARCH)
    contents, _, moved = rolled_contents(company, market, cf.load_scenario("base"), to, "all")
    again = company_from(contents, Path("rolled.toml"), market.defaults)
    assert again.as_of == to
    written = [(row, name) for row in again.rows for name in row.written]
    assert moved.keys() == {(row.table, row.id, name) for row, name in written if _is_rolled(again, row.key, name)}
    assert ("treasury", None, "cash") in moved
    known = [row.key for row in again.rows if row.table == "known_month"]
    assert all(key > f"known_month.{to:%Y-%m}" for key in known)


def test_a_loan_raised_on_the_path_stands_in_the_file_and_binds_the_company() -> None:
    """HIVE's project at Merritt has no loan in March; the path raises one for five years against its lease."""
    company, market = cf.load_company("HIVE", as_of=MARCH), cf.load_market(as_of=MARCH)
    contents, _, _ = rolled_contents(company, market, cf.load_scenario("base"), date(2027, 2, 28), "all")
    path = cf.project("HIVE", months=11, as_of=MARCH)
    place = path.values.data.instances["hpc"].index("merritt-cohere-bell")
    (month,) = np.flatnonzero(path["hpc", "loan_raises"][place])
    parts = {name: float(path["hpc", name][place][-1]) for name in ("loan_balance", "loan_undrawn", "interest_fund")}
    (block,) = [block for block in contents["hpc"] if block["id"] == "merritt-cohere-bell"]
    assert parts["loan_balance"] > 0
    assert block["loan_principal"] == pytest.approx(sum(parts.values()), rel=1e-5)
    assert block["loan_undrawn"] == pytest.approx(parts["loan_undrawn"] + parts["interest_fund"], rel=1e-5, abs=1e-5)
    due = date.fromisoformat(f"{path.labels[month]}-01")
    assert (block["loan_maturity"].year, block["loan_maturity"].month) == (due.year + 5, due.month)
    assert block["committed"] is True


def test_notes_sold_on_the_path_are_a_debt_of_the_file() -> None:
    """Cango sells notes by June 2026: the file that has their cash owes them, on the terms of the pool."""
    company, market = cf.load_company("CANG", as_of=MARCH), cf.load_market(as_of=MARCH)
    contents, _, _ = rolled_contents(company, market, cf.load_scenario("base"), date(2026, 6, 30), "all")
    path = cf.project("CANG", months=3, as_of=MARCH)
    pool = float(path["notes_balance"][-1])
    assert pool > 1
    (block,) = [block for block in contents["debt"] if block["id"] == "new-notes-2026-06"]
    assert block["principal"] == pytest.approx(pool, rel=1e-5)
    assert block["principal"] * block["coupon"] == pytest.approx(float(path["notes_coupons"][-1]), rel=1e-5)
    assert block["principal"] / block["conversion_price"] == pytest.approx(float(path["notes_shares"][-1]), rel=1e-5)
    assert month_number(block["maturity"], company.as_of) == np.ceil(path["notes_due_month"][-1])
    cited = contents["sources"]["debt.new-notes-2026-06.principal"]
    assert (cited["grade"], cited["why"]) == ("estimated", f"rolled from {MARCH}")
    again = company_from(contents, Path("rolled.toml"), market.defaults)
    assert sum(row.principal for row in again.tables.debt) == pytest.approx(path["corporate_debt"][-1], rel=1e-5)


def _is_rolled(company: cf.Company, key: str, name: str) -> bool:
    citation = company.provenance.citations.get(f"{key}.{name}")
    return citation is not None and (citation.grade, citation.why) == ("estimated", f"rolled from {MARCH}")


def test_what_matters_most_stands_first(mara: cf.Roll) -> None:
    swings = mara.table["survival_swing"].dropna()
    assert (np.diff(swings) <= 0).all()
    assert swings.iloc[0] > 0
    assert mara.table["survival_swing"].isna().iloc[-1]
    head = [line for line in mara.text.splitlines() if line.startswith("#   ")]
    assert [line.split()[2].rstrip(":") for line in head] == list(mara.table.index)


def test_the_text_is_the_file_and_the_page_says_what_left_it(mara: cf.Roll) -> None:
    contents = tomllib.loads(mara.text)
    assert contents["company"]["as_of"] == date(2026, 6, 30)
    assert contents["treasury"]["cash"] == mara.table.loc["treasury.cash", "after"]
    text = face_of(mara).page(mara)
    assert text.startswith("MARA rolled from 2026-03-31 to 2026-06-30")
    assert "CARRIED OUT\n  past: known_month.2026-04" in text
    assert max(map(len, text.splitlines())) <= 100
    document = face_of(mara).document(mara)
    assert [row["figure"] for row in document["table"]] == list(mara.table.index)
    assert document["table"][0].keys() == {"figure", *(column.name for column in COLUMNS)}


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("2026-03-31", "MARA: to = 2026-03-31: must be after the file's date, 2026-03-31"),
        ("2025-12-31", "must be after the file's date"),
        ("2026-06-15", "must be the last day of a month; nearest is 2026-06-30"),
        ("2046-03-31", "is more than 120 months after the file's date"),
        ("soon", "soon is no date"),
        (None, "give the date to roll to"),
    ],
)
def test_a_date_that_cannot_be_rolled_to_is_refused(to: str | None, message: str) -> None:
    with pytest.raises(cf.InputError, match=message):
        cf.roll("MARA", to, paths=16, as_of=MARCH)


def test_a_company_in_default_by_then_is_not_rolled() -> None:
    with pytest.raises(cf.InputError, match="CANG: to = 2029-03-31: the model has it in default in 2027-"):
        cf.roll("CANG", "2029-03-31", paths=16, as_of=MARCH)
