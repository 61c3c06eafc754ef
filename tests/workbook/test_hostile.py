"""Texts from a file never become a formula, a link or a name that breaks the book."""

import re
import tomllib
from pathlib import Path

import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.common.toml_text import toml_file
from corpfin.workbook import read_workbook, write_workbook
from corpfin.workbook.write import Plan
from tests.workbook import excel

HOSTILE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","click")',
    "=IMPORTXML(CONCAT(A1),B1)", "\t=1+1", "\n=1+1", " =1+1", "{=1+1}", "'=1+1", "http://x.example/a b",
    "mailto:a@x.example", "internal:'Inputs'!A1", "external:c:\\x.xlsx", "file:///etc/passwd", "javascript:alert(1)",
    "]]></t><f>1+1</f>", "<c r='A1'><f>1</f></c>", "_x0001_b", "_x003D_1+1", "\U0001f600 ≤ é \ufffe",
    "[1]Sheet!A1:B2*?/\\", "&[File]&D" + "x" * 40_000,
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """HALL with hostile texts wherever a file may hold words."""
    contents = tomllib.loads(cf.load_company("HALL").file.read_text(encoding="utf-8"))
    texts = iter(HOSTILE * 9)
    contents["company"] |= {"name": next(texts), "country": next(texts)}
    for table, names in (("fleet", ("name",)), ("debt", ("name",)), ("hpc", ("name", "tenant", "backstop"))):
        for block in contents[table]:
            block |= {name: next(texts) for name in names}
    contents["notes"] = {"items": list(HOSTILE)}
    for entry in contents["sources"].values():
        entry["why"] = next(texts, "=1")
    for source in contents["source"]:
        source |= {"title": next(texts, "=2"), "url": next(texts, "=3"), "note": next(texts, "=4")}
    path = tmp_path_factory.mktemp("hostile") / "hall.toml"
    path.write_text(toml_file(contents), encoding="utf-8")
    return path


def test_hostile_texts_stay_texts(file: Path, tmp_path: Path, market: cf.Market) -> None:
    assert len(HOSTILE) >= 24
    company = cf.load_company(file, market.defaults)
    book = write_workbook(tmp_path / "hostile.xlsx", cf.project(company, months=6, market=market))
    below = re.compile(r"[A-Z]+([5-9]|\d{2,})")
    ours = {(sheet, cell) for sheet, cell in excel.formulas(book) if sheet != "Cover" and below.fullmatch(cell)}
    assert ours == set(excel.planned(cf.project(company, months=6, market=market)))
    opened = load_workbook(book)
    assert opened.sheetnames == ["Cover", *Plan(cf.project(company, months=6, market=market)).book.sheets]
    for page in opened:
        for row in page.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    target = cell.hyperlink.target or ""
                    assert page.title in ("Cover", "Sources")
                    assert not target or re.fullmatch(r"https?://[^\s\"'<>]+", target)
    shown = {str(cell.value) for row in opened["Cover"].iter_rows() for cell in row}
    assert {"=1+1", "@SUM(A1:A9)", "javascript:alert(1)"} <= shown
    expected = excel.cached(book)
    assert excel.differences(expected, excel.recalculated(excel.engine(book), expected)) == []
    assert read_workbook(book, company, market).changes == ()


@pytest.mark.slow
@pytest.mark.skipif(excel.soffice() is None, reason="LibreOffice (soffice) is not installed")
def test_a_hostile_book_opens_in_libreoffice(file: Path, tmp_path: Path, market: cf.Market) -> None:
    company = cf.load_company(file, market.defaults)
    book = write_workbook(tmp_path / "hostile.xlsx", cf.project(company, months=6, market=market))
    made = excel.libreoffice([book], tmp_path / "made")[book]
    assert len(excel.formulas(made)) >= len(excel.formulas(book))
