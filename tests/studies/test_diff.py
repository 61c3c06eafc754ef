"""Two vintages of one invented company: every step is told, and nothing is left over."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import corpfin as cf
from corpfin.common.toml_text import toml_file
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.rows import layout
from corpfin.report.faces import face_of
from corpfin.studies.diff import GROUPS, MARKET, REST
from corpfin.studies.roll import rolled_contents
from tests.fixtures.blanks import contents_of
from tests.fixtures.world import FOLDER, frozen

EARLIER, LATER = "2026-03-31", "2026-06-30"
FEW: dict[str, Any] = {"paths": 512, "seed": 3, "months": 36}


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


def graded(contents: dict[str, Any]) -> str:
    """A file with one reason for everything in it."""
    tables = {name: table for name, table in contents.items() if name not in ("sources", "source", "notes")}
    flat: dict[str, Any] = {}
    for name, table in tables.items():
        if name.startswith("defaults."):
            flat.setdefault("defaults", {})[name.removeprefix("defaults.")] = table
        else:
            flat[name] = table
    cited = {name: {"grade": "estimated", "why": "made up"} for name, table in tables.items() if table}
    cited.pop("company", None)
    return toml_file({**flat, "sources": cited})


@pytest.fixture
def vintages(tmp_path: Path) -> Path:
    """DIGR in March, and in June as the model would have it, with the market three months on and nothing else."""
    for day in (EARLIER, LATER):
        (tmp_path / day).mkdir()
    source = FOLDER / "companies"
    (tmp_path / EARLIER / "digr.toml").write_text((source / "digr.toml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / EARLIER / "market.toml").write_text((source / "market.toml").read_text("utf-8"), encoding="utf-8")
    market = contents_of(source / "market.toml", 3)
    market["network"]["halving_date"] = date(2028, 4, 12)
    (tmp_path / LATER / "market.toml").write_text(graded(market), encoding="utf-8")
    write_later(tmp_path)
    return tmp_path


def write_later(folder: Path, **tables: dict[str, Any]) -> None:
    """The company of June: as rolled, with fields of ``tables`` changed."""
    company, market = cf.load_company(folder / EARLIER / "digr.toml"), cf.load_market(folder / EARLIER / "market.toml")
    contents, _, _ = rolled_contents(company, market, cf.load_scenario("base"), date(2026, 6, 30), "all")
    for name, fields in tables.items():
        table = contents[name]
        several = isinstance(table, list)
        contents[name] = [block | fields.get(block["id"], {}) for block in table] if several else table | fields
    (folder / LATER / "digr.toml").write_text(graded(contents), encoding="utf-8")


def test_every_table_of_a_company_file_is_in_one_group() -> None:
    grouped = [table for tables in GROUPS.values() for table in tables]
    assert sorted([*grouped, "company"]) == sorted(layout(CompanyTables))


def test_a_company_that_went_as_the_model_had_it_has_one_step(vintages: Path) -> None:
    found = cf.diff("DIGR", folder=vintages, **FEW)
    assert list(found.table.index) == [EARLIER, MARKET, REST]
    assert (found.before, found.after) == (EARLIER, LATER)
    assert found.table.loc[REST, ["change_survival_36", "change_dilution"]].tolist() == [0.0, 0.0]


def test_steps_lead_from_one_answer_to_the_other(vintages: Path) -> None:
    """First and last row are the runs of the two files; in between the changes add up."""
    tables = cf.load_company(vintages / LATER / "digr.toml").tables
    treasury, costs = {"cash": tables.treasury.cash / 4}, {"cash_sga": tables.costs.cash_sga * 5}
    write_later(vintages, treasury=treasury, costs=costs, equity={"share_price": 3.0})
    found = cf.diff("DIGR", folder=vintages, before=EARLIER, after=LATER, **FEW)
    assert list(found.table.index) == [EARLIER, MARKET, "balance", "equity", REST]
    for row, day in ((0, EARLIER), (-1, LATER)):
        alone = cf.simulate(vintages / day / "digr.toml", **FEW)
        assert found.table["survival_36"].iloc[row] == alone.survival["DIGR", "survival"].iloc[-1]
    total = found.table["survival_36"].iloc[-1] - found.table["survival_36"].iloc[0]
    assert found.table["change_survival_36"].sum() == pytest.approx(total)
    assert found.table.loc["balance", "change_survival_36"] < 0
    assert found.table.loc[REST, "change_survival_36"] == 0.0
    figures = found.figures
    assert figures.loc["treasury.cash", "group"] == "balance"
    assert figures.loc["treasury.cash", "after"] == pytest.approx(figures.loc["treasury.cash", "rolled"] / 4)
    assert figures.loc["equity.share_price", ["group", "after"]].tolist() == ["equity", 3.0]


def test_what_does_not_stand_without_the_next_is_put_in_with_it(vintages: Path) -> None:
    """A pledge of more bitcoin than the model had it hold goes in with the bitcoin."""
    later = cf.load_company(vintages / LATER / "digr.toml")
    (loan,) = [row for row in later.tables.debt if row.kind == "btc_loan" and row.collateral_btc]
    btc, lent = later.tables.treasury.btc, later.tables.treasury.btc_loaned or 0.0
    write_later(vintages, debt={loan.id: {"collateral_btc": btc - lent + 100.0}}, treasury={"btc": btc + 500.0})
    assert list(cf.diff("DIGR", folder=vintages, **FEW).table.index) == [EARLIER, MARKET, "debt and balance", REST]


def test_two_files_of_one_date_differ_by_their_figures_alone(vintages: Path) -> None:
    write_later(vintages, treasury={"cash": 1.0})
    company = cf.load_company(vintages / LATER / "digr.toml")
    contents = {row.key: dict(row.written) for row in company.rows if row.id is None}
    assert contents["treasury"]["cash"] == 1.0
    other = vintages / LATER / "other.toml"
    text = (vintages / LATER / "digr.toml").read_text(encoding="utf-8")
    other.write_text(text.replace("cash = 1.0\n", "cash = 300.0\n"), encoding="utf-8")
    found = cf.diff(vintages / LATER / "digr.toml", other, **FEW)
    assert list(found.table.index) == [LATER, "balance", REST]
    assert list(found.figures.index) == ["treasury.cash"]
    assert found.table.loc["balance", "change_survival_36"] >= 0


def test_the_page_reads_as_an_explanation(vintages: Path) -> None:
    write_later(vintages, treasury={"cash": 5.0})
    found = cf.diff("DIGR", folder=vintages, **FEW)
    page = face_of(found).page(found)
    assert page.startswith(f"DIGR: why the answer changed from {EARLIER} to {LATER}\n")
    assert "Reading: " in page
    assert "CHANGE IN PERCENTAGE POINTS" in page
    assert "BALANCE: 2026-03-31, as rolled, 2026-06-30" in page
    assert max(map(len, page.splitlines())) <= 100
    document = face_of(found).document(found)
    assert [row["step"] for row in document["table"]] == [EARLIER, MARKET, "balance", REST]
    assert "treasury.cash" in [row["figure"] for row in document["figures"]]


def test_what_cannot_be_held_against_each_other_is_refused(vintages: Path) -> None:
    earlier, later = vintages / EARLIER / "digr.toml", vintages / LATER / "digr.toml"
    with pytest.raises(cf.InputError, match="is after the other file's date, 2026-03-31; give the earlier one first"):
        cf.diff(later, earlier, **FEW)
    with pytest.raises(cf.InputError, match="the other file is of DIGR"):
        cf.diff(FOLDER / "companies" / "tiny.toml", later, **FEW)
    with pytest.raises(cf.InputError, match="there is no file of DIGR before 2026-03-31 to hold it against"):
        cf.diff("DIGR", after=EARLIER, folder=vintages, **FEW)
    with pytest.raises(cf.InputError, match="DIGR: as-of = 2025-12-31: there is no vintage of this date; allowed"):
        cf.diff("DIGR", before="2025-12-31", folder=vintages, **FEW)
    with pytest.raises(cf.InputError, match=r"digr\.toml: as-of = 2025-12-31: the file is of another date"):
        cf.diff(earlier, later, before="2025-12-31", **FEW)
