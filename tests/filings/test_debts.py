"""Loans of the filing and of the file: which is which, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpfin.filings.debts import Instrument, Loan, agreement, instruments, loans, matched
from corpfin.filings.facts import WHOLE, Fact, Filing
from corpfin.filings.files import read_filings
from corpfin.filings.mapping import mapping
from corpfin.filings.refresh import refresh
from corpfin.inputs import load_company
from tests.filings.made import Document

pytestmark = pytest.mark.usefixtures("offline")

DAY = date(2026, 6, 30)
AXIS, KIND = "us-gaap:DebtInstrumentAxis", "us-gaap:LongtermDebtTypeAxis"
AMOUNT, FACE = "us-gaap:DebtInstrumentCarryingAmount", "us-gaap:DebtInstrumentFaceAmount"
NET, COST = "us-gaap:LongTermDebt", "us-gaap:DebtInstrumentUnamortizedDiscountPremiumAndDebtIssuanceCostsNet"
COUPON = "us-gaap:DebtInstrumentInterestRateStatedPercentage"
MATURITY = "us-gaap:DebtInstrumentMaturityDate"


def loan(key: str, principal: float, coupon: float | None = None, maturity: str | None = None) -> Loan:
    return Loan(key, principal, coupon, None if maturity is None else date.fromisoformat(maturity))


def instrument(
    name: str, amount: float | None, coupon: float | None = None, maturity: str = "", face: float | None = None
) -> Instrument:
    size = amount or face or 0.0
    fact = Fact(AMOUNT, size * 1e6, "USD", WHOLE, None, DAY, Filing("made.htm", "10-Q", DAY))
    return Instrument(name, frozenset({(AXIS, name)}), amount, size, face, coupon, maturity, None, (fact,))


def pairs(own: list[Loan], published: list[Instrument]) -> dict[str, str]:
    return {match.loan.key: match.instrument.name for match in matched(own, published)[0]}


@pytest.mark.parametrize(
    ("own", "published", "agreed"),
    [
        (loan("a", 650, 0.0, "2030-06-15"), instrument("n", 600, 0.0, "2030-06-30"), "coupon and maturity"),
        (loan("a", 650, 0.0, "2030-06-15"), instrument("n", 650, 0.0, "2030-06"), "coupon and maturity and amount"),
        (loan("a", 650, 0.0775, "2030-06-15"), instrument("n", 650, None, "2030-06-15"), "maturity and amount"),
        (loan("a", 650, None, "2030-06-15"), instrument("n", 650, 0.05, ""), ""),
        (loan("a", 650, 0.05, "2030-06-15"), instrument("n", 650, 0.06, "2030-06-15"), ""),
        (loan("a", 650, 0.05, "2030-06-15"), instrument("n", 650, 0.05, "2031-06-15"), ""),
        (loan("a", 650), instrument("n", 650), ""),
        (loan("a", 650, 0.05), instrument("n", None, 0.05, face=650), "coupon and amount"),
        (loan("a", 650, 0.05), instrument("n", 600, 0.05), ""),
    ],
)
def test_two_of_coupon_maturity_and_amount_make_a_match(own: Loan, published: Instrument, agreed: str) -> None:
    assert agreement(own, published) == agreed


def test_a_conversion_price_is_a_term() -> None:
    own = replace(loan("a", 650, 0.0), conversion_price=14.8)
    its = instrument("n", 600, None)
    assert agreement(own, replace(its, coupon=0.0, conversion_price=14.8)) == "coupon and conversion price"
    assert agreement(own, replace(its, coupon=0.0, size=650.0, amount=650.0, conversion_price=19.2)) == ""


def test_twins_are_told_apart_by_their_amount() -> None:
    own = [loan("a", 300, 0.0, "2030-06-15"), loan("b", 500, 0.0, "2030-06-15")]
    published = [instrument("large", 500, 0.0, "2030-06-15"), instrument("small", 290, 0.0, "2030-06-15")]
    assert pairs(own, published) == {"b": "large", "a": "small"}


def test_twins_that_nothing_tells_apart_are_no_match() -> None:
    own = [loan("a", 300, 0.0, "2030-06-15"), loan("b", 500, 0.0, "2030-06-15")]
    matches, unclear = matched(own, [instrument("n", 400, 0.0, "2030-06-15")])
    assert matches == []
    assert unclear == [
        "n may be a (coupon and maturity agree), but not it alone",
        "n may be b (coupon and maturity agree), but not it alone",
    ]


def test_the_loans_of_a_file_are_those_outstanding() -> None:
    ring = loans(load_company("RING"), DAY)
    assert {item.key.partition(".")[0] for item in ring} == {"debt", "hpc"}
    later = [
        row for row in load_company("RING").rows if "issue_date" in row.written or "loan_issue_date" in row.written
    ]
    late = [row for row in later if (row.day("issue_date") or row.day("loan_issue_date") or DAY) > DAY]
    assert not {row.key for row in late} & {item.key.rpartition(".")[0] for item in ring}


def machine_loan(document: Document, amount: str = "8,000", maturity: str = "August 31, 2027") -> Document:
    members = [(AXIS, "tiny:MachineLoanMember")]
    document.number(AMOUNT, amount, scale="3", decimals="-3", members=members)
    document.number(COUPON, "10.0", scale="-2", unit="xbrli:pure", members=members)
    return document.words(MATURITY, maturity, members, format="ixt:date-monthname-day-year-en")


def published(document: Document, folder: Path) -> list[Instrument]:
    return instruments(read_filings([document.write(folder / "tiny.htm")]), mapping().debt, DAY)


def test_terms_under_some_of_the_members_belong_to_the_loan(tmp_path: Path) -> None:
    both = [(AXIS, "tiny:Notes2030Member"), (KIND, "us-gaap:ConvertibleDebtMember")]
    document = Document().millions(AMOUNT, "650", members=both)
    document.number(COUPON, "0.25", "2024-12-17", scale="-2", unit="xbrli:pure", members=both[:1])
    document.words(MATURITY, "June 15, 2030", both[:1], format="ixt:date-monthname-day-year-en")
    (item,) = published(document, tmp_path)
    assert (item.name, item.amount, item.coupon, item.maturity) == (
        "Convertible Debt Notes 2030",
        650.0,
        0.0025,
        "2030-06-15",
    )


def test_terms_that_two_loans_share_by_kind_are_taken_only_where_they_agree(tmp_path: Path) -> None:
    document = Document()
    for name in ("A", "B"):
        document.millions(AMOUNT, "10", members=[(AXIS, f"tiny:{name}Member"), (KIND, "tiny:LoansMember")])
    for text in ("5.0", "6.0"):
        document.number(COUPON, text, scale="-2", unit="xbrli:pure", members=[(KIND, "tiny:LoansMember")])
    assert [item.coupon for item in published(document, tmp_path)] == [None, None]


def test_the_same_loan_under_more_members_is_one(tmp_path: Path) -> None:
    narrow = [(AXIS, "tiny:LoanMember")]
    document = Document().millions(AMOUNT, "10", members=narrow)
    document.millions(AMOUNT, "10", members=[*narrow, (KIND, "us-gaap:SecuredDebtMember")])
    assert [len(item.dimensions) for item in published(document, tmp_path)] == [2]


def test_what_happened_later_or_is_a_range_is_no_loan(tmp_path: Path) -> None:
    document = Document()
    document.millions(AMOUNT, "10", members=[(AXIS, "tiny:LoanMember"), ("srt:RangeAxis", "srt:MaximumMember")])
    document.millions(
        AMOUNT,
        "10",
        members=[(AXIS, "tiny:LoanMember"), ("us-gaap:SubsequentEventTypeAxis", "us-gaap:SubsequentEventMember")],
    )
    document.millions(AMOUNT, "10", "2026-03-31", members=[(AXIS, "tiny:LoanMember")])
    document.millions(AMOUNT, "10")
    assert published(document, tmp_path) == []


def test_loans_stand_in_the_table(tmp_path: Path) -> None:
    members = [(AXIS, "tiny:NewLineMember")]
    document = machine_loan(Document()).millions(AMOUNT, "55", members=members)
    result = refresh(load_company("TINY"), read_filings([document.write(tmp_path / "tiny.htm")]), {})
    by_group = {item.group: item for item in result.proposals if item.tag == AMOUNT or "btc-loan" in item.field}
    machines = by_group["matched"]
    assert (machines.field, machines.file, machines.filing) == ("debt.machines.principal", 10.0, 8.0)
    assert machines.check == "coupon and maturity agree: Machine Loan, 10 %, due 2027-08-31"
    new = by_group["new"]
    assert (new.field, new.filing) == ("debt", 55.0)
    assert new.check == "New Line, no terms published; nearest in the file is debt.btc-loan.principal"
    gone = by_group["vanished"]
    assert (gone.field, gone.file) == ("debt.btc-loan.principal", 30.0)
    assert gone.check == "nearest in the filing is New Line (no terms published)"


def test_a_project_loan_that_is_drawn_in_part_is_shown_and_not_taken(tmp_path: Path) -> None:
    text = load_company("RING").file.read_text(encoding="utf-8")
    (north,) = (row for row in load_company("RING").rows if row.key == "hpc.north")
    assert "loan_undrawn" not in north.written
    principal, coupon, maturity = (north.written[f"loan_{name}"] for name in ("principal", "coupon", "maturity"))
    line = f"loan_principal = {principal}"
    assert text.count(line) == 1
    file = tmp_path / "ring.toml"
    file.write_text(text.replace(line, f"loan_principal = {principal}\nloan_undrawn = 100.0"), encoding="utf-8")
    members = [(AXIS, "tiny:NorthLoanMember")]
    document = Document(symbol="RING").millions(AMOUNT, "200", members=members)
    document.number(COUPON, f"{100 * coupon:g}", scale="-2", unit="xbrli:pure", members=members)
    document.words(MATURITY, f"{maturity:%B %d, %Y}", members, format="ixt:date-monthname-day-year-en")
    result = refresh(load_company(file), read_filings([document.write(tmp_path / "ring.htm")]), {})
    (north,) = (item for item in result.proposals if item.field == "hpc.north.loan_principal")
    assert (north.group, north.file, north.filing) == ("unmatched", principal, 200.0)
    assert "the file's principal holds 100 not drawn yet" in north.check


def test_a_loan_of_a_venture_is_looked_for_in_no_balance_sheet(tmp_path: Path) -> None:
    text = load_company("RING").file.read_text(encoding="utf-8")
    file = tmp_path / "ring.toml"
    file.write_text(text.replace('id = "north"', 'id = "north"\nconsolidated = false'), encoding="utf-8")
    document = machine_loan(Document(symbol="RING")).write(tmp_path / "ring.htm")
    for company, said in ((file, "its project is not consolidated: no balance sheet has it"), ("RING", "nearest in")):
        result = refresh(load_company(company), read_filings([document]), {})
        (north,) = (item for item in result.proposals if item.field == "hpc.north.loan_principal")
        assert north.group == "vanished"
        assert north.check.startswith(said)


def test_a_face_is_not_what_is_outstanding(tmp_path: Path) -> None:
    members = [(AXIS, "tiny:MachineLoanMember")]
    document = Document().number(FACE, "12,000", scale="3", members=members)
    document.number(COUPON, "10.0", scale="-2", unit="xbrli:pure", members=members)
    document.words(MATURITY, "August 31, 2027", members, format="ixt:date-monthname-day-year-en")
    result = refresh(load_company("TINY"), read_filings([document.write(tmp_path / "tiny.htm")]), {})
    (machines,) = (item for item in result.proposals if item.field == "debt.machines.principal")
    assert (machines.group, machines.filing, machines.shown) == ("unmatched", None, "12,000,000 USD")
    assert machines.check.endswith("only its face, not what is outstanding, is published")


@pytest.mark.parametrize(
    ("printed", "amount", "formula"),
    [
        ({NET: "9.7", COST: "0.3", FACE: "10"}, 10.0, f"{NET} + {COST} 2026-06-30"),
        ({AMOUNT: "9.7", COST: "0.3", FACE: "10"}, 10.0, f"{AMOUNT} + {COST} 2026-06-30"),  # tagged as before cost
        ({AMOUNT: "10", COST: "0.3", FACE: "10"}, 10.0, ""),
        ({AMOUNT: "8", NET: "7.8", COST: "0.2", FACE: "10"}, 8.0, ""),  # two of ten repaid
        ({AMOUNT: "8", FACE: "10"}, 8.0, ""),
        ({NET: "7.8", COST: "0.2", FACE: "10"}, None, ""),  # 8 is not the face: two repaid, or another tranche
        ({NET: "9.7", COST: "0.3"}, None, ""),
        ({NET: "9.7", FACE: "10"}, None, ""),
    ],
)
def test_what_is_outstanding_is_before_cost(
    tmp_path: Path, printed: dict[str, str], amount: float | None, formula: str
) -> None:
    document = Document()
    for tag, text in printed.items():
        document.number(tag, text, scale="6", decimals="-5", members=[(AXIS, "tiny:LoanMember")])
    (item,) = published(document, tmp_path)
    assert item.amount == (None if amount is None else pytest.approx(amount))
    assert (item.trouble == "") == (amount is not None)
    assert item.formula.replace("us-gaap:", "").startswith(formula.replace("us-gaap:", ""))
    assert bool(item.formula) == bool(formula)


def test_an_amount_in_another_currency_is_not_taken(tmp_path: Path) -> None:
    document = machine_loan(Document())
    document.lines = [line.replace("u-1", "u-9") if AMOUNT in line else line for line in document.lines]
    document.units["iso4217:CAD"] = "u-9"
    result = refresh(load_company("TINY"), read_filings([document.write(tmp_path / "tiny.htm")]), {})
    (machines,) = (item for item in result.proposals if item.field == "debt.machines.principal")
    assert (machines.group, machines.filing) == ("unmatched", None)
    assert "the unit is CAD" in machines.check
