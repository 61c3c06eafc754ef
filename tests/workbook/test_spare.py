"""Spare slots: empty they change nothing; filled in they calculate as blocks of a file do, and read back as such."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import formualizer
import numpy as np
import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.common.toml_text import toml_file
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.book import FIRST_MONTH
from corpfin.workbook.inputs_sheet import APPLIES, FAULT, KEY
from corpfin.workbook.spare import with_slots
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short

LOAN = {
    "debt.spare-1.kind": "btc_loan", "debt.spare-1.principal": 2.0, "debt.spare-1.coupon": 0.11,
    "debt.spare-1.maturity": date(2026, 8, 31), "debt.spare-1.amortisation": "bullet",
    "debt.spare-1.refinanceable": False, "debt.spare-1.collateral_btc": 20.0, "debt.spare-1.margin_call_ltv": 0.8,
    "debt.spare-1.restore_ltv": 0.6, "debt.spare-1.release_ltv": 0.4, "debt.spare-1.liquidation_ltv": 0.9,
}  # fmt: skip
CONTRACT = {
    "hpc.spare-1.kind": "colocation", "hpc.spare-1.leased_mw": 5.0, "hpc.spare-1.delivered_mw": 1.0,
    "hpc.spare-1.first_delivery": date(2026, 6, 30), "hpc.spare-1.full_delivery": date(2027, 2, 28),
    "hpc.spare-1.annual_revenue": 9.0, "hpc.spare-1.capex_per_mw": 8.0, "hpc.spare-1.capex_spent": 4.0,
}  # fmt: skip
COMPUTERS = {
    "hpc.spare-2.kind": "gpu_cloud", "hpc.spare-2.gpu_capex": 12.0, "hpc.spare-2.gpu_life": 5.0,
    "hpc.spare-2.gpu_residual": 0.1, "hpc.spare-2.gpu_price_decay": 0.2, "hpc.spare-2.utilisation": 0.9,
}  # fmt: skip
FLEET = {
    "fleet.spare-1.hashrate": 0.3, "fleet.spare-1.efficiency": 19.0, "fleet.spare-1.uptime": 0.95,
    "fleet.spare-1.power_price": 40.0,
}  # fmt: skip


def rows_of(projection: cf.Projection) -> dict[str, int]:
    return {blank.key: row for row, blank in Plan(projection).inputs.blanks.items()}


def in_toml(company: cf.Company, market: cf.Market, typed: Mapping[str, Any], folder: Path) -> cf.Company:
    """The company with the same blocks written into its file."""
    contents = tomllib.loads(company.file.read_text(encoding="utf-8"))
    blocks: dict[tuple[str, str], dict[str, Any]] = {}
    for key, value in typed.items():
        table, id, name = key.split(".")
        blocks.setdefault((table, id), {"id": id})[name] = value
    for (table, id), block in blocks.items():
        contents[table] = [*contents.get(table, []), block]
        contents["sources"][f"{table}.{id}"] = {"grade": "estimated", "why": "made for a test"}
    (folder / "tiny.toml").write_text(toml_file(contents), encoding="utf-8")
    return cf.load_company(folder / "tiny.toml", market.defaults)


def test_what_a_market_does_not_know_has_no_slots(tiny: cf.Company) -> None:
    """That of 2021 gives no defaults of HPC."""
    values = {table: given for table, given in tiny.defaults.values.items() if table != "hpc"}
    other = replace(tiny, defaults=replace(tiny.defaults, values=values))
    counts = {"debt": 1, "hpc": 2}
    added = [{row.id for row in with_slots(of, counts).rows} - {row.id for row in of.rows} for of in (tiny, other)]
    assert added == [{"spare-1", "spare-2"}, {"spare-1"}]


def test_empty_slots_change_nothing(short: Short) -> None:
    projection = short[1]
    plan = Plan(projection)
    spared = plan.projection
    assert spared is not projection
    for name, values in projection.monthly.items():
        np.testing.assert_allclose(spared.monthly[name], values, rtol=1e-10, atol=1e-10, err_msg=str(name))
    assert [row.id for row in spared.company.tables.debt][-3:] == ["spare-1", "spare-2", "spare-3"]


def test_a_slot_filled_in_gives_what_the_file_gives_and_reads_back(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    typed = LOAN | CONTRACT | FLEET
    other = cf.project(in_toml(tiny, market, typed, tmp_path), months=6, market=market)
    rows = rows_of(short[1])
    book = excel.engine(short[0])
    for key, value in typed.items():
        book.set_value("Inputs", rows[key], 5, value)
    book.evaluate_all()
    expected = excel.planned(other)
    compared = {at: expected[at] for at in expected.keys() - excel.counting(short[0])}
    assert excel.differences(compared, excel.recalculated(book, compared)) == []
    assert book.get_value("Checks", *master(other)) == 0


def master(projection: cf.Projection) -> tuple[int, int]:
    sheet, _, cell = Plan(projection).book.master.partition("!")
    assert sheet == "Checks"
    return excel.position(cell.replace("$", ""))


def filled(file: Path, to: Path, typed: Mapping[str, Any]) -> Path:
    book = load_workbook(file)
    cells = {row[KEY].value: row[4] for row in book["Inputs"].iter_rows(min_row=5) if row[KEY].value}
    for key, value in typed.items():
        cells[key].value = value
    book.save(to)
    return to


def test_filled_slots_are_read_as_blocks_and_stay_in_their_slots(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    typed = {key.replace("debt.spare-1", "debt.spare-2"): value for key, value in (LOAN | CONTRACT).items()}
    file = filled(short[0], tmp_path / "filled.xlsx", typed)
    read = read_workbook(file, tiny, market)
    assert {change.key: change.after for change in read.changes} == typed
    (loan,) = (row for row in read.company.tables.debt if row.id == "spare-2")
    assert (loan.kind, loan.principal, loan.collateral_btc) == ("btc_loan", 2.0, 20.0)
    assert "typed into filled.xlsx" in read.company.figure("debt", "spare-2", "principal").why
    theirs = cf.project(in_toml(tiny, market, typed, tmp_path), months=6, market=market).monthly
    ours = cf.project(read.company, months=6, market=market)
    np.testing.assert_allclose(ours.monthly[theirs.columns], theirs, rtol=1e-12, atol=1e-12)
    again = write_workbook(tmp_path / "again.xlsx", ours)
    once_more = read_workbook(again, tiny, market)
    assert ({change.key: change.after for change in once_more.changes}, once_more.remarks) == (typed, ())


HALF = {"debt.spare-1.kind": "convertible", "debt.spare-1.principal": 2.0, "debt.spare-1.collateral_btc": 1.0}


def test_a_slot_half_filled_is_flagged(short: Short) -> None:
    rows = rows_of(short[1])
    book = excel.engine(short[0])
    assert book.get_value("Inputs", rows["debt.spare-1.conversion_price"], FAULT + 1) == 0
    for key, value in HALF.items():
        book.set_value("Inputs", rows[key], 5, value)
    book.evaluate_all()
    for key in ("collateral_btc", "conversion_price"):
        assert book.get_value("Inputs", rows[f"debt.spare-1.{key}"], FAULT + 1) == 1
    assert book.get_value("Inputs", rows["debt.spare-1.collateral_btc"], APPLIES + 1) == 0
    assert book.get_value("Inputs", rows["debt.spare-1.collateral_btc"], 6) == 0


def test_what_slots_may_not_hold_is_refused_with_the_cells(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    second = {key.replace("spare-1", "spare-2"): value for key, value in (LOAN | CONTRACT).items()}
    bad = {
        "debt.spare-1.kind": "loan_shark", "debt.spare-2.maturity": "31 August 2026", "debt.spare-2.coupon": 11.0,
        "hpc.spare-1.full_delivery": "next year", "hpc.spare-2.leased_mw": "many", "fleet.spare-1.hashrate": None,
    }  # fmt: skip
    half = {key.replace("spare-1", "spare-3"): value for key, value in HALF.items()}
    refused = [*bad, "debt.spare-3.collateral_btc", "debt.spare-3.conversion_price"]
    rows, typed = rows_of(short[1]), LOAN | CONTRACT | FLEET | second | bad | half
    with pytest.raises(cf.InputError) as caught:
        read_workbook(filled(short[0], tmp_path / "bad.xlsx", typed), tiny, market)
    for key in refused:
        assert f"Inputs!E{rows[key]} ({key})" in str(caught.value)


def test_no_input_of_a_shipped_kind_is_flagged(short: Short) -> None:
    plan = Plan(short[1])
    rows = [plan.inputs.sheet.rows[number] for number in plan.inputs.blanks]
    assert sum(row.extra[FAULT].value for row in rows if FAULT in row.extra) == 0  # type: ignore[union-attr]
    bound = [row for row in rows if APPLIES in row.extra]  # type: ignore[union-attr]
    assert any(row.extra[APPLIES].value == 0 and row.constant.value is None for row in bound)  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_works_filled_slots_out_as_the_engine_does(
    short: Short, tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    typed = LOAN | CONTRACT
    file = filled(short[0], tmp_path / "filled.xlsx", typed)
    bare = excel.stripped(file, tmp_path / "bare.xlsx")
    made = excel.libreoffice([bare], tmp_path / "made")[bare]
    expected = excel.planned(cf.project(read_workbook(file, tiny, market).company, months=6, market=market))
    found = {address: formula.cached for address, formula in excel.formulas(made).items()}
    assert excel.differences(expected, found) == []


@pytest.mark.slow
def test_a_scenario_of_one_kind_reaches_the_slots_of_that_kind(
    tiny: cf.Company, market: cf.Market, tmp_path: Path
) -> None:
    """One contract sells space, the other computing, whose revenue the book's scenario halves; read back, own too."""
    text = """[scenario]
name = "cheap-computing"
story = "Computing is let at half its price."

[[shock]]
target = "hpc.annual_revenue"
kind = "gpu_cloud"
how = "multiply"
value = 0.5
why = "made for a test"
"""
    (tmp_path / "cheap.toml").write_text(text, encoding="utf-8")
    scenario = cf.load_scenario(tmp_path / "cheap.toml")
    projection = cf.project(tiny, scenario, months=6, market=market)
    file = write_workbook(tmp_path / "cheap.xlsx", projection)
    computing = {key.replace("spare-1", "spare-2"): value for key, value in CONTRACT.items()}
    typed = CONTRACT | computing | COMPUTERS
    full = filled(file, tmp_path / "filled.xlsx", typed)
    read = read_workbook(full, tiny, market, scenario)
    assert (read.remarks, read.scenario) == ((), scenario)
    assert {change.key: change.after for change in read.changes} == typed
    expected = excel.planned(cf.project(read.company, scenario, months=6, market=market))
    worked = formualizer.load_workbook(str(full))  # what openpyxl saves has no cached values
    worked.evaluate_all()
    compared = {at: expected[at] for at in expected.keys() - excel.counting(file)}
    assert excel.differences(compared, excel.recalculated(worked, compared)) == []

    made = Plan(projection).scenario
    assert made is not None
    book = load_workbook(full)
    page = book["Scenario"]
    page.cell(made.selector, 5).value = "own"
    for row, own in made.owns.items():
        if (own.target, own.what) == ("hpc.annual_revenue", "own factor"):
            page.cell(row, FIRST_MONTH + 6).value = 0.5 if ("spare-2", "gpu_cloud") in own.blocks else 0.75
    book.save(full)
    shocks = read_workbook(full, tiny, market, scenario).scenario.shocks
    assert {(shock.target, shock.value) for shock in shocks} == {
        ("hpc.spare-1.annual_revenue", 0.75), ("hpc.spare-2.annual_revenue", 0.5),
    }  # fmt: skip
