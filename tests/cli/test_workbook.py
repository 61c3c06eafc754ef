"""``corpfin run --xlsx``, ``--path``, ``--from-workbook`` and ``corpfin compare --xlsx``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import Result

Corpfin = Callable[..., Result]
SMALL = ("--paths", "64", "--seed", "7", "--months", "24")


@pytest.fixture(scope="module")
def book(cli: Corpfin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("books") / "tiny.xlsx"
    assert cli("run", "TINY", *SMALL, "--xlsx", file).exit_code == 0
    return file


def test_the_book_holds_every_sheet_and_nothing_is_left_beside_it(book: Path) -> None:
    sheets = load_workbook(book).sheetnames
    assert {"Cover", "Inputs", "Debt", "Treasury", "Statements", "Monte Carlo", "Stress", "Checks"} <= set(sheets)
    assert list(book.parent.iterdir()) == [book]


def test_a_simulated_path_names_itself_on_the_cover(cli: Corpfin, tmp_path: Path) -> None:
    assert cli("run", "TINY", *SMALL, "--xlsx", tmp_path / "path.xlsx", "--path", 5).exit_code == 0
    cover = load_workbook(tmp_path / "path.xlsx")["Cover"]
    words = [[str(value) for value in row if value is not None] for row in cover.values]
    assert ["Path", "", "simulated path 5"] in words


def test_a_path_without_a_workbook_is_refused(cli: Corpfin) -> None:
    result = cli("run", "TINY", "--path", 5)
    assert result.exit_code == 2
    assert "--xlsx" in result.stderr


def test_an_edited_book_changes_the_answer_and_says_what_changed(cli: Corpfin, book: Path, tmp_path: Path) -> None:
    edited = load_workbook(book)
    cells = [row for row in edited["Inputs"].iter_rows(min_col=1, max_col=5) if row[4].value == 7.5]
    assert cells, "the cash of TINY is 7.5"
    cells[0][4].value = 207.5
    edited.save(tmp_path / "edited.xlsx")
    before = json.loads(cli("run", "TINY", *SMALL, "--json").stdout)
    result = cli("run", "TINY", *SMALL, "--json", "--from-workbook", tmp_path / "edited.xlsx")
    assert result.exit_code == 0
    assert "treasury.cash [USD m]: 7.5 -> 207.5" in result.stderr
    after = json.loads(result.stdout)
    assert after["projection"]["cash"] == pytest.approx(before["projection"]["cash"] + 200.0)


def test_compare_writes_a_book_and_those_it_links_to(cli: Corpfin, tmp_path: Path) -> None:
    words = ("compare", "TINY", "--paths", 16, "--months", 6, "--books", tmp_path / "books")
    alone = cli(*words)
    assert alone.exit_code == 2
    assert "give --xlsx too" in alone.stderr
    result = cli(*words, "--xlsx", tmp_path / "all.xlsx")
    written = [tmp_path / "all.xlsx", tmp_path / "books" / "tiny.xlsx"]
    assert (result.exit_code, result.stderr) == (0, "".join(f"{file} written\n" for file in written))
    assert all(file.is_file() for file in written)
