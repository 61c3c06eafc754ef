"""What publishers do to figures: each is right, or named as not taken, and none is guessed.

The company is TINY of the frozen world: cash 7.5, bitcoin 1,000, 400m shares, a bitcoin loan and a machine loan.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from corpfin.filings.coins import month_end_prices
from corpfin.filings.facts import Fact, Facts, Filing
from corpfin.filings.files import read_filings
from corpfin.filings.mapping import mapping
from corpfin.filings.page import page
from corpfin.filings.refresh import Proposal, Refresh, refresh
from corpfin.inputs import Company, InputError, load_company, load_market
from tests.filings.made import Document, Row, company_facts

pytestmark = pytest.mark.usefixtures("offline")

PRICE = 58_500.0
"""Of the end of June 2026 in the frozen market."""

COINS = "us-gaap:CryptoAssetNumberOfUnits"
WORTH = "us-gaap:CryptoAssetFairValue"
CASH = "us-gaap:CashAndCashEquivalentsAtCarryingValue"
CLASS = "us-gaap:StatementClassOfStockAxis"
Q1, Q2 = "2026-03-31", "2026-06-30"


def found(paths: Sequence[Path], company: Company | None = None) -> Refresh:
    prices = month_end_prices([load_market()])
    assert prices["2026-06"] == PRICE
    return refresh(company or load_company("TINY"), read_filings(paths), prices)


def of_document(document: Document, folder: Path) -> Refresh:
    return found([document.write(folder / "0000000042-26-000012" / "tiny.htm")])


def of_rows(rows: Sequence[Row], folder: Path) -> Refresh:
    anchor: Row = ("us-gaap:Assets", "USD", None, Q2, 500e6, "10-Q 2026-06-30")
    return found([company_facts(folder / "facts.json", [anchor, *rows])])


def row(result: Refresh, key: str, group: str = "matched") -> Proposal:
    (one,) = [item for item in result.proposals if item.field == key and item.group == group]
    return one


def untaken(result: Refresh, key: str) -> Proposal:
    """The row of a field that is not taken; it must not be taken elsewhere."""
    assert not [item for item in result.proposals if item.field == key and item.group in ("matched", "new")]
    return row(result, key, "unmatched")


# --- scale, sign, unit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "scale"), [("9,500", "3"), ("9.5", "6"), ("9,500,000", "0")])
def test_thousands_and_millions_are_the_same_money(tmp_path: Path, text: str, scale: str) -> None:
    cash = row(of_document(Document().number(CASH, text, scale=scale), tmp_path), "treasury.cash")
    assert (cash.file, cash.filing, cash.unit) == (7.5, 9.5, "USD m")
    assert (cash.tag, cash.context, cash.accession) == (CASH, "2026-06-30", "0000000042-26-000012")


def test_money_in_another_currency_is_not_taken(tmp_path: Path) -> None:
    document = Document().number(CASH, "9,500", scale="3", unit="iso4217:CNY")
    assert untaken(of_document(document, tmp_path), "treasury.cash").check == "the unit is CNY"


def test_a_loss_where_cash_should_be_is_not_taken(tmp_path: Path) -> None:
    document = Document().number(CASH, "9.5", scale="6", sign="-")
    assert untaken(of_document(document, tmp_path), "treasury.cash").check.startswith("not allowed")


def test_nil_and_dash_differ(tmp_path: Path) -> None:
    nil = of_document(Document().number(CASH, "", **{"xsi:nil": "true"}), tmp_path)
    assert untaken(nil, "treasury.cash").check == "nil in the filing"
    dash = of_document(Document().number(CASH, "\u2014", format="ixt:fixed-zero", scale="6"), tmp_path)
    assert row(dash, "treasury.cash").filing == 0.0


def test_a_figure_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = of_document(Document().number(CASH, "(9.5)", scale="6"), tmp_path)
    assert "'(9.5)' is not a number" in untaken(result, "treasury.cash").check
    assert any("1 facts could not be read" in remark for remark in result.remarks)


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_rounded_copy_gives_way_to_the_exact_one(tmp_path: Path) -> None:
    document = Document().number(CASH, "9.5", scale="6", decimals="-5").number(CASH, "9,512,345", decimals="0")
    assert row(of_document(document, tmp_path), "treasury.cash").filing == 9.512345


def test_copies_that_contradict_each_other_are_not_taken(tmp_path: Path) -> None:
    document = Document().number(CASH, "9.5", scale="6", decimals="-5").number(CASH, "9.7", scale="6", decimals="-5")
    check = untaken(of_document(document, tmp_path), "treasury.cash").check
    assert check.startswith("the filing says 9,500,000 and 9,700,000, lines ")


def test_a_hidden_fact_counts(tmp_path: Path) -> None:
    document = Document().number(CASH, "9.5", scale="6", hidden=True)
    assert row(of_document(document, tmp_path), "treasury.cash").filing == 9.5


def test_the_latest_filed_wins_and_says_what_was(tmp_path: Path) -> None:
    rows: list[Row] = [
        (CASH, "USD", None, Q2, 9.1e6, "10-Q/A 2026-06-30"),
        (CASH, "USD", None, Q2, 9.5e6, "10-Q 2026-06-30"),
    ]
    cash = row(of_rows(rows, tmp_path), "treasury.cash")
    assert (cash.filing, cash.accession) == (9.1, "0000000042-26-000015")
    assert cash.check == "restated: was 9,500,000 in 0000000042-26-000012"


def test_the_fiscal_year_of_a_row_is_not_its_period(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("us-gaap:ShareBasedCompensation", "USD", "2025-04-01", "2025-06-30", 9e6, "10-Q 2026-06-30"),
        ("us-gaap:ShareBasedCompensation", "USD", "2026-04-01", Q2, 2e6, "10-Q 2026-06-30"),
        (CASH, "USD", None, "2025-12-31", 3e6, "10-Q 2026-06-30"),
        (CASH, "USD", None, Q2, 9.5e6, "10-Q 2026-06-30"),
    ]
    result = of_rows(rows, tmp_path)
    assert row(result, "costs.stock_compensation").filing == 2.0
    assert row(result, "treasury.cash").filing == 9.5


# --- coins -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["Bitcoin", "pure", "Integer", "cryptoAsset", "bitcoin"])
def test_coins_come_under_many_units(tmp_path: Path, unit: str) -> None:
    document = Document().number(COINS, "1,100", unit=f"tiny:{unit}").millions(WORTH, "64")
    coins = row(of_document(document, tmp_path), "treasury.btc")
    assert coins.filing == 1100.0
    assert coins.check == "x 58,500 = 64.3, fair value 64.0 USD m: agrees"  # 1,100 x 58,500 = 64.35m


def test_coins_in_a_unit_that_is_none_of_coins(tmp_path: Path) -> None:
    for unit, said in (("iso4217:USD", "USD"), ("xbrli:shares", "shares")):
        document = Document().number(COINS, "1,100", unit=unit).millions(WORTH, "64")
        assert untaken(of_document(document, tmp_path), "treasury.btc").check == f"the unit is {said}"


def test_fair_value_is_current_plus_noncurrent(tmp_path: Path) -> None:
    document = Document().number(COINS, "1,100", unit="tiny:Bitcoin")
    document.millions(f"{WORTH}Current", "40").millions(f"{WORTH}Noncurrent", "24")
    assert "fair value 64.0 USD m: agrees" in row(of_document(document, tmp_path), "treasury.btc").check
    document.millions(f"{WORTH}Noncurrent", "4", "2026-03-31")
    assert "fair value 64.0 USD m: agrees" in row(of_document(document, tmp_path), "treasury.btc").check


def test_coins_that_are_held_for_users_are_not_owned(tmp_path: Path) -> None:
    tag = "us-gaap:PlatformOperatorCryptoAssetHeldForUser"
    document = Document().number(tag, "1,100", unit="tiny:Bitcoin").number(f"{tag}Value", "64", scale="6")
    result = of_document(document, tmp_path)
    assert not [item for item in result.proposals if tag in item.tag]
    assert row(result, "treasury.btc", "vanished").file == 1000.0


def test_coins_in_thousands_do_not_agree(tmp_path: Path) -> None:
    document = Document().number(COINS, "1,100", unit="xbrli:pure", scale="3").millions(WORTH, "64")
    check = untaken(of_document(document, tmp_path), "treasury.btc").check
    assert check.endswith("fair value 64.0 USD m: does not agree; it would agree divided by 1,000")


def test_coins_of_several_kinds_are_told_apart_by_their_member(tmp_path: Path) -> None:
    axis = "srt:CryptoAssetAxis"
    document = (
        Document()
        .number(COINS, "51,100", unit="tiny:coin")
        .millions(WORTH, "80")
        .number(COINS, "51,100", unit="xbrli:pure")
    )
    for member, count, value in (("tiny:BitcoinMember", "1,100", "64"), ("tiny:EtherMember", "50,000", "16")):
        document.number(COINS, count, unit="xbrli:pure", members=[(axis, member)])
        document.millions(WORTH, value, members=[(axis, member)])
    result = of_document(document, tmp_path)
    assert "does not agree" in untaken(result, "treasury.btc").check  # 51,100 are not all bitcoin


def test_coins_of_a_member_alone(tmp_path: Path) -> None:
    members = [("srt:CryptoAssetAxis", "tiny:BitcoinMember")]
    document = (
        Document().number(COINS, "1,100", unit="xbrli:pure", members=members).millions(WORTH, "64", members=members)
    )
    assert row(of_document(document, tmp_path), "treasury.btc").filing == 1100.0


def test_without_a_price_a_count_is_not_checked_and_says_so(tmp_path: Path) -> None:
    document = Document(period="September 30, 2026").number(COINS, "1,100", "2026-09-30", unit="xbrli:pure")
    document.millions(WORTH, "64", "2026-09-30")
    check = row(of_document(document, tmp_path), "treasury.btc").check
    assert check == (
        "fair value 64.0 USD m, which makes 58,182 a coin; not checked: the market file has no price for 2026-09"
    )


def test_without_a_price_a_count_in_thousands_cannot_be(tmp_path: Path) -> None:
    document = Document(period="September 30, 2026").number(COINS, "1,100", "2026-09-30", unit="xbrli:pure", scale="3")
    document.millions(WORTH, "64", "2026-09-30")
    check = untaken(of_document(document, tmp_path), "treasury.btc").check
    assert check == "fair value 64.0 USD m, which makes 58 a coin, and 58,500 at the end of 2026-06: cannot be"


@pytest.fixture
def cleanspark(tmp_path: Path) -> Company:
    """The same company under the ticker whose own tags the mapping knows."""
    text = load_company("TINY").file.read_text(encoding="utf-8").replace('ticker = "TINY"', 'ticker = "CLSK"')
    file = tmp_path / "clsk.toml"
    file.write_text(text, encoding="utf-8")
    return load_company(file)


def test_a_count_in_thousands_of_dollars_counts_once_the_fair_value_proves_it(
    tmp_path: Path, cleanspark: Company
) -> None:
    document = Document(symbol="CLSK").number("clsk:NumberOfBitcoinsHeld", "1,100", scale="3")
    unproven = found([document.write(tmp_path / "a.htm")], cleanspark)
    assert untaken(unproven, "treasury.btc").check.startswith("counts only with proof: no fair value in the filing")
    proven = found([document.millions(WORTH, "64").write(tmp_path / "b.htm")], cleanspark)
    coins = row(proven, "treasury.btc")
    assert (coins.filing, coins.tag) == (1100.0, "clsk:NumberOfBitcoinsHeld")
    assert coins.check == "the filer's unit is USD in thousands; x 58,500 = 64.3, fair value 64.0 USD m: agrees"
    other = found([Document(symbol="TINY").number("clsk:NumberOfBitcoinsHeld", "1,100").write(tmp_path / "c.htm")])
    assert row(other, "treasury.btc", "vanished").file == 1000.0


def test_pledged_coins_stand_beside_the_nearest_field(tmp_path: Path, cleanspark: Company) -> None:
    document = Document(symbol="CLSK").millions("clsk:ReceivableForBitcoinCollateralPledged", "11.7")
    pledged = row(found([document.write(tmp_path / "a.htm")], cleanspark), "treasury.btc_loaned", "unmatched")
    assert pledged.filing == 11.7
    assert pledged.check == "pledged bitcoin, at value; 200 BTC at 58,500"


# --- periods ---------------------------------------------------------------------------------------------------------

PAY = "us-gaap:ShareBasedCompensation"
OVERHEAD = "us-gaap:SellingGeneralAndAdministrativeExpense"


def test_a_quarter_is_the_year_to_date_less_the_year_to_date_before(tmp_path: Path) -> None:
    first = Document(period="March 31, 2026").millions(PAY, "2", Q1, "2026-01-01").write(tmp_path / "q1.htm")
    document = Document().millions(PAY, "5", Q2, "2026-01-01").millions(OVERHEAD, "9", Q2, "2026-04-01")
    result = found([first, document.write(tmp_path / "q2.htm")])
    pay = row(result, "costs.stock_compensation")
    assert pay.filing == 3.0
    assert pay.formula == ("ShareBasedCompensation 2026-01-01 to 2026-06-30 less 2026-01-01 to 2026-03-31")
    assert row(result, "costs.cash_sga").filing == 6.0  # 9 of the quarter less 3 of pay in shares


def test_a_part_of_the_overhead_is_shown_and_not_taken(tmp_path: Path) -> None:
    document = Document().millions("us-gaap:GeneralAndAdministrativeExpense", "9", Q2, "2026-04-01")
    part = untaken(of_document(document, tmp_path), "costs.cash_sga")
    assert (part.filing, part.unit) == (9.0, "USD m/quarter")


def test_the_last_quarter_is_the_year_less_nine_months(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("us-gaap:Assets", "USD", None, "2025-12-31", 480e6, "10-K 2025-12-31"),
        (PAY, "USD", "2025-01-01", "2025-12-31", 10e6, "10-K 2025-12-31"),
        (PAY, "USD", "2025-01-01", "2025-09-30", 7.5e6, "10-Q 2025-06-30"),
    ]
    result = found([company_facts(tmp_path / "facts.json", rows)])
    assert row(result, "costs.stock_compensation").filing == 2.5


def test_a_year_to_date_alone_is_no_quarter(tmp_path: Path) -> None:
    result = of_document(Document().millions(PAY, "5", Q2, "2026-01-01"), tmp_path)
    assert untaken(result, "costs.stock_compensation").check == (
        "only the year to date from 2026-01-01; the part to about 2026-03-31 is not in the files: "
        "give the earlier filing too, or company facts"
    )


def test_a_quarter_that_its_year_to_date_denies_says_so(tmp_path: Path) -> None:
    rows: list[Row] = [
        (PAY, "USD", "2026-04-01", Q2, 2e6, "10-Q 2026-06-30"),
        (PAY, "USD", "2026-01-01", Q2, 5e6, "10-Q 2026-06-30"),
        (PAY, "USD", "2026-01-01", Q1, 2e6, "10-Q 2026-03-31"),
    ]
    pay = row(of_rows(rows, tmp_path), "costs.stock_compensation")
    assert pay.filing == 2.0
    assert pay.check == "the year to date gives 3,000,000 for the quarter, published is 2,000,000"


def test_half_a_year_of_a_foreign_filer_is_no_quarter(tmp_path: Path) -> None:
    rows: list[Row] = [("ifrs-full:AdjustmentsForSharebasedPayments", "USD", "2026-01-01", Q2, 5e6, "6-K 2026-06-30")]
    assert "only the year to date" in untaken(of_rows(rows, tmp_path), "costs.stock_compensation").check


def test_capital_expenditure_is_added_and_shown(tmp_path: Path) -> None:
    document = Document().millions("us-gaap:PaymentsToAcquireMiningAssets", "30", Q2, "2026-04-01")
    document.millions("us-gaap:PaymentsToAcquireOtherProductiveAssets", "12", Q2, "2026-04-01")
    capex = row(of_document(document, tmp_path), "known_month.capex", "unmatched")
    assert (capex.filing, capex.check) == (42.0, "capital expenditure, paid")


# --- IFRS, shares, identities ----------------------------------------------------------------------------------------


def test_a_company_that_went_from_ifrs_to_us_gaap(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("ifrs-full:Assets", "USD", None, "2025-12-31", 480e6, "20-F 2025-12-31"),
        ("ifrs-full:CashAndCashEquivalents", "USD", None, "2025-12-31", 4e6, "20-F 2025-12-31"),
        (CASH, "USD", None, Q2, 9.5e6, "10-Q 2026-06-30"),
    ]
    cash = row(of_rows(rows, tmp_path), "treasury.cash")
    assert (cash.filing, cash.tag) == (9.5, CASH)


def test_an_ifrs_filer(tmp_path: Path) -> None:
    document = Document(form="20-F").millions("ifrs:CashAndCashEquivalents", "9").millions("ifrs:Assets", "500")
    document.millions("ifrs:EquityAndLiabilities", "500")
    result = of_document(document, tmp_path)
    assert row(result, "treasury.cash").tag == "ifrs-full:CashAndCashEquivalents"
    assert "assets = equity and liabilities: 500.0 USD m, holds" in result.remarks


def test_classes_of_shares_are_added(tmp_path: Path) -> None:
    document = Document()
    for member, count in (("CommonClassAMember", "300,000"), ("CommonClassBMember", "110,000")):
        members = [(CLASS, f"us-gaap:{member}")]
        document.number("us-gaap:CommonStockSharesOutstanding", count, scale="3", unit="xbrli:shares", members=members)
    shares = row(of_document(document, tmp_path), "equity.shares")
    assert (shares.filing, shares.check) == (410.0, "all classes of common shares; 300,000,000 + 110,000,000")


def test_classes_that_company_facts_mix_are_not_taken(tmp_path: Path) -> None:
    tag = "dei:EntityCommonStockSharesOutstanding"
    rows: list[Row] = [
        (tag, "shares", None, "2026-08-03", 300e6, "10-Q 2026-06-30"),
        (tag, "shares", None, "2026-08-03", 110e6, "10-Q 2026-06-30"),
    ]
    assert untaken(of_rows(rows, tmp_path), "equity.shares").check == "the filing says 300,000,000 and 110,000,000"


def test_the_cover_counts_where_the_balance_sheet_has_no_shares(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("dei:EntityCommonStockSharesOutstanding", "shares", None, "2026-08-03", 410e6, "10-Q 2026-06-30")
    ]
    shares = row(of_rows(rows, tmp_path), "equity.shares")
    assert (shares.filing, shares.context) == (410.0, "2026-08-03")
    assert shares.check == "of the cover page, after the balance sheet"


def test_a_figure_in_parts_alone_is_not_taken(tmp_path: Path) -> None:
    document = Document().millions(
        CASH, "9", members=[("srt:ConsolidationItemsAxis", "us-gaap:OperatingSegmentsMember")]
    )
    check = untaken(of_document(document, tmp_path), "treasury.cash").check
    assert check == "only in parts, such as 2026-06-30 [ConsolidationItemsAxis=OperatingSegmentsMember]"


def test_cash_that_does_not_add_up_speaks_against_restricted_cash(tmp_path: Path) -> None:
    document = Document().millions(CASH, "9").millions("us-gaap:RestrictedCashCurrent", "2")
    document.millions("us-gaap:CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents", "14")
    check = untaken(of_document(document, tmp_path), "treasury.restricted_cash").check
    assert "14.000 against 11.000 USD m, does not hold" in check
    document.millions("us-gaap:RestrictedCashNoncurrent", "3")
    assert row(of_document(document, tmp_path), "treasury.restricted_cash").filing == 5.0


def test_a_balance_sheet_that_does_not_balance_is_said(tmp_path: Path) -> None:
    document = Document().millions("us-gaap:Assets", "500").millions("us-gaap:LiabilitiesAndStockholdersEquity", "490")
    remarks = of_document(document, tmp_path).remarks
    assert "assets = liabilities and equity: 500.000 against 490.000 USD m, does not hold" in remarks


def test_the_average_cost_of_coins_is_cost_over_count(tmp_path: Path) -> None:
    document = Document().number(COINS, "1,100", unit="xbrli:pure").millions("us-gaap:CryptoAssetCost", "44")
    basis = row(of_document(document, tmp_path), "treasury.btc_tax_basis", "new")
    assert (basis.filing, basis.unit) == (40_000.0, "USD/BTC")
    assert basis.formula == "CryptoAssetCost 2026-06-30 / CryptoAssetNumberOfUnits 2026-06-30"


def test_the_whole_company_is_not_taken_for_its_mines(tmp_path: Path) -> None:
    document = Document(symbol="RING").millions("us-gaap:PropertyPlantAndEquipmentNet", "900")
    result = found([document.write(tmp_path / "ring.htm")], load_company("RING"))
    assert untaken(result, "balance.mining_ppe").check == "of the whole company, which has [[hpc]] too"


def test_own_tags_are_listed_with_the_nearest_field(tmp_path: Path) -> None:
    document = (
        Document().number("tiny:BitcoinCollateralPledged", "900", unit="tiny:Bitcoin").number("tiny:Widgets", "3")
    )
    result = of_document(document, tmp_path)
    assert row(result, "debt.collateral_btc", "unmatched").shown == "900 Bitcoin"
    assert "1 more of the filer's own tags at 2026-06-30 resemble no field closely" in result.remarks


@pytest.mark.parametrize("ticker", ["TINY", "RING", "DIGR"])
def test_whatever_is_published_ends_in_a_table(ticker: str) -> None:
    draw = random.Random(ticker)
    company, prices = load_company(ticker), {"2026-06": PRICE}
    ways = [way for item in (*mapping().field, *mapping().figure) for way in item.way] + mapping().coins.fair_value
    debt = mapping().debt
    tags = sorted({tag for way in ways for tag in (*way.sum, *way.some, *way.less)})
    tags += [*debt.amount, *debt.net, *debt.cost, *debt.face, *debt.coupon, *debt.maturity, *debt.conversion_price]
    tags += [tag for item in mapping().identity for tag in (*item.left, *item.right) if ":" in tag] + [
        "tiny:BitcoinMined"
    ]
    parts = [frozenset(), frozenset({("us-gaap:DebtInstrumentAxis", "tiny:LoanMember")}),
             frozenset({("srt:CryptoAssetAxis", "tiny:BitcoinMember")}), frozenset({(CLASS, "tiny:AMember")}),
             frozenset({("us-gaap:DebtInstrumentAxis", "tiny:LoanMember"), (CLASS, "tiny:AMember")})]  # fmt: skip
    days = [date(2026, 6, 30), date(2026, 3, 31), date(2026, 8, 3)]
    starts = [None, date(2026, 4, 1), date(2026, 1, 1), date(2025, 7, 1)]
    filings = [
        Filing("a", "10-Q", days[0], "a", date(2026, 8, 6)),
        Filing("b", "10-Q/A", days[0], "b", date(2026, 9, 1), True),
    ]
    values = [0.0, 1.0, -5e6, 9.5e6, 1e15, 0.05, None, "2030-06-15", "soon"]
    for _ in range(150):
        facts = [
            Fact(draw.choice(tags), draw.choice(values), draw.choice(["USD", "pure", "shares", "USD/shares"]),
                 draw.choice(parts), draw.choice(starts), draw.choice(days), draw.choice(filings),
                 draw.choice([None, 0, -3, -6]), 1, False, draw.choice(["", "", "", "cannot be read"]))
            for _ in range(draw.randint(1, 400))
        ]  # fmt: skip
        result = refresh(company, Facts(facts, filings[:1]), prices)
        text = page("made", result.proposals, result.remarks)
        assert result.proposals
        assert all(row.filing is not None and row.facts for row in result.of("matched"))
        assert all(item.field in text for item in result.proposals)


# --- whose, and of when ----------------------------------------------------------------------------------------------


def test_the_filing_of_another_company_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tiny\.htm: is of OTHR, not of TINY"):
        of_document(Document(symbol="OTHR").number(CASH, "9"), tmp_path)


def test_files_of_two_companies_are_refused(tmp_path: Path) -> None:
    document = Document(filer="0000000043").number(CASH, "9").write(tmp_path / "a.htm")
    facts = company_facts(tmp_path / "b.json", [(CASH, "USD", None, Q2, 9e6, "10-Q 2026-06-30")])
    with pytest.raises(InputError, match=r"of several companies: b\.json is of CIK 42, a\.htm is of CIK 43"):
        found([document, facts])


def test_a_file_without_a_date_is_refused(tmp_path: Path) -> None:
    document = Document(form="").number(CASH, "9")
    with pytest.raises(InputError, match="tells no balance-sheet date"):
        of_document(document, tmp_path)
    dated = of_document(document.millions("us-gaap:Assets", "500"), tmp_path)
    assert f"{dated.day}" == Q2


def test_accession_and_date_come_from_company_facts(tmp_path: Path) -> None:
    document = Document().number(CASH, "9", scale="6").write(tmp_path / "tiny.htm")
    rows: list[Row] = [
        (CASH, "USD", None, Q2, 9e6, "10-Q 2026-06-30"),
        ("us-gaap:Assets", "USD", None, Q2, 500e6, "10-Q 2026-06-30"),
        ("us-gaap:DebtInstrumentFaceAmount", "USD", None, "2026-07-20", 5e6, "10-Q 2026-06-30"),  # a later event
        ("us-gaap:Assets", "USD", None, Q1, 490e6, "10-Q 2026-03-31"),
    ]
    facts = company_facts(tmp_path / "facts.json", rows)
    cash = row(found([document, facts]), "treasury.cash")
    assert cash.accession == "0000000042-26-000012"
    assert f"{cash.facts[0].filing.filed}" == "2026-08-06"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"cik": 42, "facts": {"us-gaap": {"Cash": {"units": {"USD": [{"end": "2026-06-30", "val": 1', "too early"),
        ('{"cik": 42, "facts": {"us-gaap": {"Cash": {"units": {"USD": [{"end": "2026-06-30"}]}}}}}', "lacks val, accn"),
        ('{"cik": 42, "facts": {"us-gaap": {"Cash": {"units": {"USD": [{"end": "June", "val": 1, "accn": "a"}]}}}}}',
         "us-gaap:Cash USD, row 1: 'June' is not a date"),
        ('{"cik": 42, "facts": {"us-gaap": {"Cash": 5}}}', "is not of the form"),
        ('{"cik": 42, "facts": {"dei": {"X": {"units": {"USD": [{"end": "2026-06-30", "val": "1", "accn": "a"}]}}}}}',
         "val is '1', not a number"),
        ('{"cik": 42, "facts": {"dei": {"X": {"units": {"USD": [{"end": "2026-06-30", "val": NaN, "accn": "a"}]}}}}}',
         "val is nan, not a number"),
        ('{"cik": 42, "facts": {"dei": {"X": {"units": {"USD": [{"end": "2026-06-30", "val": 1, "accn": 5}]}}}}}',
         "accn is 5, not text"),
        ('{"cik": 42, "facts": {"dei": {"X": {"units": {"USD": [{"end": 5, "val": 1, "accn": "a"}]}}}}}',
         "5 is not a date"),
        ('{"prices": []}', "is not of the company-facts form"),
        ("[" * 100_000, "nested too deeply"),
    ],
)  # fmt: skip
def test_company_facts_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_filings([file])
    assert message in str(error.value)
    assert str(error.value).startswith("facts.json: ")
