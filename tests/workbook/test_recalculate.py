"""The book recalculated by engines that know nothing of the model equals the model, as written and after changes."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import corpfin as cf
from corpfin.inputs.documents import Document
from corpfin.inputs.market import ScenarioTables
from corpfin.inputs.schema import declared
from corpfin.runs.declared import COMPANY_TABLES, MARKET_TABLES
from corpfin.workbook import write_workbook
from corpfin.workbook.save import write_plan
from corpfin.workbook.write import Plan
from tests.workbook import excel
from tests.workbook.conftest import Short, Written

TICKERS = ("DIGR", "HALL", "RING", "TINY")
REACTION = (("HALL", 10), ("RING", 14))
"""Companies, and how many inputs are changed in the book of each."""

FIRST = (
    "coupon", "power_price", "annual_revenue", "conversion_price", "first_delivery", "capex_per_mw", "btc_beta",
    "ai_beta", "cash", "amortisation", "hashrate", "power_median", "loan_amortisation",
)  # fmt: skip
"""Fields an analyst changes first."""


@pytest.mark.slow
def test_two_halvings_stand_in_one_book(tmp_path: Path) -> None:
    """Six years hold those of April 2028 and 2032; the second is worked out in the book, and moves with the first."""
    projection = cf.project("TINY", months=75)
    plan = excel.without_slots(projection)
    file = write_plan(tmp_path / "long.xlsx", plan)
    expected = excel.cached(file)
    book = excel.engine(file)
    assert excel.differences(expected, excel.recalculated(book, expected)) == []
    assert projection.monthly["block_subsidy"].drop_duplicates().size == 5
    later = date(2028, 5, 28)
    market = projection.market_case.market.changed({("network", None, "halving_date"): later})
    row_of = {blank.key: row for row, blank in plan.inputs.blanks.items()}
    book.set_value("Inputs", row_of["network.halving_date"], 5, later)
    book.evaluate_all()
    moved = excel.planned(cf.project("TINY", months=75, market=market), excel.without_slots)
    assert excel.differences(but_for_the_count(moved, excel.counting(file)), excel.recalculated(book, moved)) == []


def but_for_the_count(expected: dict[excel.Address, Any], counting: set[excel.Address]) -> dict[excel.Address, Any]:
    """Without the cells that say what was changed: in a book written of the changed file nothing was."""
    return {address: value for address, value in expected.items() if address not in counting}


@pytest.mark.parametrize("ticker", TICKERS)
def test_every_formula_equals_the_engine(
    ticker: str, written: Written, record_property: Callable[[str, object], None], say: Callable[[str], None]
) -> None:
    file, projection = written(ticker)
    expected = excel.cached(file)
    found = excel.recalculated(excel.engine(file), expected)
    assert excel.differences(expected, found) == []
    assert excel.differences(excel.planned(projection), found) == []
    record_property("cells", len(expected))
    say(f"{ticker}: {len(expected):,} cells recalculated")
    assert len(expected) > 20_000


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_agrees(written: Written, tmp_path: Path, say: Callable[[str], None]) -> None:
    books = {ticker: written(ticker)[0] for ticker in ("RING", "TINY")}
    bare = {ticker: excel.stripped(file, tmp_path / file.name) for ticker, file in books.items()}
    made = excel.libreoffice(list(bare.values()), tmp_path / "made")
    cells = 0
    for ticker, file in books.items():
        expected = excel.cached(file)
        found = {address: formula.cached for address, formula in excel.formulas(made[bare[ticker]]).items()}
        assert excel.differences(expected, found) == [], ticker
        cells += len(expected)
    say(f"{cells:,} cells of {', '.join(books)} recalculated by LibreOffice")


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_believes_a_cache_so_it_must_be_stripped(short: Short, tmp_path: Path) -> None:
    file, _ = short
    address, poisoned = poison(file, tmp_path / "poisoned.xlsx")
    bare = excel.stripped(poisoned, tmp_path / "bare.xlsx")
    made = excel.libreoffice([poisoned, bare], tmp_path / "made")
    assert excel.formulas(made[poisoned])[address].cached == 999.0
    assert excel.same(excel.formulas(made[bare])[address].cached, excel.cached(file)[address])


def test_a_scenario_of_every_kind_of_shock(market: cf.Market, tmp_path: Path) -> None:
    shocks = [
        {"target": "treasury.cash", "how": "multiply", "value": 0.5},
        {"target": "treasury.minimum_cash_months", "how": "add", "value": 2.0, "from_month": "2027-01"},
        {"target": "treasury.minimum_cash_months", "how": "multiply", "value": 3.0, "to_month": "2028-06"},
        {"target": "network.fee_median", "how": "set", "value": 0.05, "from_month": "2026-09", "to_month": "2027-03"},
        {"target": "network.fee_median", "how": "multiply", "value": 1.5, "from_month": "2027-02"},
        {"target": "debt.coupon", "how": "add", "value": 0.03, "kind": "convertible"},
        {"target": "hpc.escalator", "how": "set", "value": 0.0},
        {"target": "btc_price", "how": "multiply", "value": 0.6},
        {"target": "slip", "how": "add", "value": 6.0},
    ]
    whole = [shock | {"why": "test"} for shock in shocks]
    tables = ScenarioTables.model_validate({"scenario": {"name": "all-kinds", "story": "Everything"}, "shock": whole})
    scenario = cf.Scenario(tmp_path / "all-kinds.toml", tables)
    projection = cf.project("RING", scenario, market=market, months=36)
    file = write_workbook(tmp_path / "shocked.xlsx", projection)
    expected = excel.cached(file)
    assert excel.differences(expected, excel.recalculated(excel.engine(file), expected)) == []


# Reaction to changed inputs


def other_values(document: Document) -> Iterator[tuple[str, Any]]:
    """For every figure that the model reads, its key and a value that it may have instead."""
    tables = COMPANY_TABLES | MARKET_TABLES
    for figure in document.figures():
        field = declared(tables[figure.table])[figure.field] if figure.table in tables else None
        if field is None or not field.spec.model or figure.grade == "absent":
            continue
        key = ".".join(filter(None, (figure.table, figure.id, figure.field)))
        match figure.value:
            case str():
                yield key, next(word for word in field.words if word != figure.value)
            case bool():
                yield key, not figure.value
            case date() if figure.value > date(2026, 4, 30):
                later = figure.value.month + 2
                yield key, date(figure.value.year + later // 13, (later - 1) % 12 + 1, 1)
            case float() if figure.value:
                yield key, round(figure.value * 0.9, 6)


def in_turn(changes: Iterator[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The changes: the fields in FIRST, then the tables in turn, each field once before any a second time."""
    seen: Counter[tuple[str, ...]] = Counter()
    ranked = []
    for key, value in changes:
        table, *_, field = key.split(".")
        seen[table, field] += 1
        if seen[table, field] == 1:
            seen[table,] += 1
        ranked.append((seen[table, field], field not in FIRST, seen[table,], len(ranked), key, value))
    return [(key, value) for *_, key, value in sorted(ranked, key=lambda item: item[:4])]


def any_values(document: Document, dice: random.Random) -> dict[str, Any]:
    """For every figure that the model reads, one left blank among them, something else: zeros, limits, other dates."""
    tables, found = COMPANY_TABLES | MARKET_TABLES, {}
    for figure in document.figures():
        field = declared(tables[figure.table])[figure.field] if figure.table in tables else None
        if field is None or not field.spec.model:
            continue
        limits = [field.limits[name] for name in ("ge", "gt", "le", "lt") if name in field.limits]
        value, blank = figure.value, figure.grade == "absent"
        match field.kind:
            case "word":
                values = [word for word in field.words if word != value]
            case "truth":
                values = [not value]
            case "date":
                values = [date(2026 + dice.randrange(5), 1 + dice.randrange(12), 1 + dice.randrange(28))]
            case "number" if blank or not isinstance(value, float):
                values = [0.0, 0.5, 1.0, 20.0, *limits]
            case "number":
                values = [0.0, value / 2, 2 * value, 10 * value, -value, *limits]
            case _:
                continue
        values += [] if blank or field.required or figure.grade == "default" else [None]
        found[".".join(filter(None, (figure.table, figure.id, figure.field)))] = dice.choice(values)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("ticker", "count"), REACTION)
def test_the_book_reacts_to_changed_inputs_as_the_engine_does(
    ticker: str,
    count: int,
    market: cf.Market,
    tmp_path: Path,
    say: Callable[[str], None],
    request: pytest.FixtureRequest,
) -> None:
    """Three years, by whose end the contracts have begun and the first notes have fallen due."""
    company = cf.load_company(ticker, market.defaults)
    projection = cf.project(company, market=market, months=36)
    file = write_workbook(tmp_path / "book.xlsx", projection)
    book = excel.engine(file)
    row_of = {blank.key: row for row, blank in Plan(projection).inputs.blanks.items()}
    base = excel.planned(projection)

    def edit(changes: dict[str, Any]) -> bool | None:
        """Change inputs in book and files, compare every cell, and say whether any moved; None where it is refused."""
        own = {key: value for key, value in changes.items() if key.partition(".")[0] in COMPANY_TABLES}
        others = {key: value for key, value in changes.items() if key not in own}
        try:
            other = cf.load_market(excel.changed(market, others, tmp_path)) if others else market
            same = cf.load_company(excel.changed(company, own, tmp_path), other.defaults) if own else company
            run = cf.project(replace(same, origin=company), market=replace(other, origin=market), months=36)
        except cf.InputError:
            return None  # a figure outside its limits, or a rule between fields broken
        before = {key: book.get_value("Inputs", row_of[key], 5) for key in changes}
        for key, value in changes.items():
            book.set_value("Inputs", row_of[key], 5, value)
        book.evaluate_all()
        expected = excel.planned(run)
        found = excel.recalculated(book, expected)
        assert excel.differences(expected, found) == [], changes
        for key, value in before.items():
            book.set_value("Inputs", row_of[key], 5, value)
        return any(found[address] != value for address, value in base.items() if address[0] != "Inputs")

    moved: list[str] = []
    for document in (company, market):
        target = count - 3 if document is company else count
        for key, value in in_turn((key, value) for key, value in other_values(document) if key in row_of):
            moved += [key] if edit({key: value}) else []
            if len(moved) == target:
                break
    say(f"{ticker}: {len(moved)} inputs changed, {len(moved) * len(base):,} cells compared: {', '.join(moved)}")
    assert len(moved) == count

    dice, told = random.Random(7), Counter[bool | None]()
    while told[True] + told[False] < request.config.getoption("--edits"):
        values = {
            key: value for document in (company, market) for key, value in any_values(document, dice).items()
            if key in row_of
        }  # fmt: skip
        told[edit({key: values[key] for key in dice.sample(sorted(values), dice.choice((1, 1, 1, 2, 3)))})] += 1
    if told:
        say(f"{ticker}: {told[True]} further edits moved the book, {told[False]} did not, {told[None]} were refused")


# Tests of the tests


def poison(file: Path, to: Path) -> tuple[excel.Address, Path]:
    """A copy with 999 as the cached value of one formula; its address."""
    address = next(
        address for address, found in excel.formulas(file).items()
        if address[0] == "Treasury" and address[1].startswith("K") and found.cached not in (0.0, 1.0)
    )  # fmt: skip

    def change(sheet: str, xml: bytes) -> bytes:
        if sheet != address[0]:
            return xml
        pattern = rb'(<c r="' + address[1].encode() + rb'"[^>]*>(?:' + excel.FORMULA + rb"))<v>.*?</v>"
        return re.sub(pattern, rb"\1<v>999</v>", xml, count=1)

    return address, excel.rewrite(file, to, change)


def test_a_poisoned_cache_is_noticed(short: Short, tmp_path: Path) -> None:
    file, _ = short
    address, poisoned = poison(file, tmp_path / "poisoned.xlsx")
    expected = excel.cached(poisoned)
    wrong = excel.differences(expected, excel.recalculated(excel.engine(poisoned), expected))
    assert [(found.sheet, found.cell) for found in wrong] == [address]
    assert wrong[0].expected == 999.0


def edit(where: tuple[str, str], change: Callable[[str], str], sheet: str, xml: bytes) -> bytes:
    """Change the formula texts of the cells of one sheet that a pattern fits."""
    if sheet != where[0]:
        return xml
    pattern = rb'(<c r="' + where[1].encode() + rb'"[^>]*><f>)(.*?)(</f>)'
    return re.sub(pattern, lambda found: found[1] + change(found[2].decode()).encode() + found[3], excel.expanded(xml))


DUST = 1e-3
DIFFERENCE = re.compile(r"([A-Z]+\d+)-([A-Z]+\d+)")


def a_difference(file: Path) -> excel.Address:
    """A cell of month 5 whose formula takes one cell from another, which is more than dust and no flag."""
    for address, found in excel.formulas(file).items():
        alone = DIFFERENCE.fullmatch(found.text.removeprefix("="))
        if address[1].startswith("L") and alone and abs(found.cached) > DUST and found.cached != 1:
            return address
    raise AssertionError("no such formula")


def test_a_swapped_operand_is_noticed(short: Short, tmp_path: Path) -> None:
    file, _ = short
    address = a_difference(file)
    swap = partial(edit, address, lambda text: DIFFERENCE.sub(r"\2-\1", text, count=1))
    changed = excel.rewrite(file, tmp_path / "swapped.xlsx", swap)
    expected = excel.cached(changed)
    wrong = excel.differences(expected, excel.recalculated(excel.engine(changed), expected))
    assert address in [(found.sheet, found.cell) for found in wrong]


def test_a_shifted_row_is_noticed(short: Short, tmp_path: Path) -> None:
    file, _ = short
    sheet, cell = a_difference(file)

    def down(text: str) -> str:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=1)

    changed = excel.rewrite(file, tmp_path / "shifted.xlsx", partial(edit, (sheet, f"[A-Z]+{cell[1:]}"), down))
    expected = excel.cached(changed)
    assert excel.differences(expected, excel.recalculated(excel.engine(changed), expected))
