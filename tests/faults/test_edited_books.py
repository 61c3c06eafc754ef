"""Books in whose blue cells anything may have been typed: refused by cell, or read, run and told like a file."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.book import CONSTANT, INPUTS
from corpfin.workbook.write import Plan
from tests.faults.judge import told_clearly, whole
from tests.fixtures.world import frozen

BOOKS = 6
TYPED: list[Any] = [
    -1.0, 0, 1e-300, 1e308, True, "", " ", "none", "=1/0", "#N/A", "1,5", "12 %", "x" * 30_000, datetime(1900, 1, 1),
    datetime(9999, 12, 31), "2027-13-45", "\u202etxt", "9" * 400, None, 1e-9,
]  # fmt: skip


@pytest.mark.slow
def test_whatever_is_typed_into_a_book(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with frozen():
        market = cf.load_market()
        company = cf.load_company("TINY", market.defaults)
        projection = cf.project(company, months=6, market=market)
        book = load_workbook(write_workbook(tmp_path / "book.xlsx", projection))
        page, rows = book[INPUTS], list(Plan(projection).inputs.blanks)
        dice = random.Random(1)
        for number in range(max(BOOKS, request.config.getoption("--fuzz") // 100)):
            cells = [page.cell(row, CONSTANT + 1) for row in dice.sample(rows, dice.choice((1, 1, 3)))]
            before = [cell.value for cell in cells]
            for cell, old in zip(cells, before, strict=True):
                scaled = old * 10 ** dice.uniform(-6, 6) if isinstance(old, float | int) else None
                cell.value = dice.choice([*TYPED, *[scaled] * len(TYPED)])
            edited = tmp_path / f"edited-{number}.xlsx"
            book.save(edited)
            try:
                found = read_workbook(edited, company, market)
                run = {"months": 6, "market": found.market}
                whole(cf.project(found.company, **run), cf.simulate(found.company, paths=64, threads=1, **run))
            except cf.InputError as error:
                told_clearly(error)
            for cell, old in zip(cells, before, strict=True):
                cell.value = old
