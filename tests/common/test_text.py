"""Numbers and columns in words."""

import pytest

from corpfin.common.tables import columns
from corpfin.common.text import NARROWEST, WIDTH, money, page_width, row, whole, wrapped


def test_nothing_is_never_minus_nothing() -> None:
    assert (money(-0.001), whole(-0.4)) == ("0.0", "0")


def test_a_number_stays_with_its_sign() -> None:
    text = " ".join(["word"] * 17) + " and 99.9 ± 0.1 % of the paths survive"
    lines = wrapped(text)
    assert any("99.9 ± 0.1 %" in line for line in lines)
    assert max(map(len, lines)) <= WIDTH
    assert " ".join(" ".join(lines).split()) == text


def test_columns_and_rows_align() -> None:
    assert columns([["", "x", "long"], ["name", "1.0", "2"]]) == ["          x  long", "  name  1.0     2"]
    assert len(row("Cash", "1.0")) == len(row("Market capitalisation", "12,345.6"))


def test_a_page_is_as_wide_as_the_terminal_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert page_width() == WIDTH
    for asked, width in (("72", 72), ("20", NARROWEST), ("300", WIDTH)):
        monkeypatch.setenv("COLUMNS", asked)
        assert page_width() == width
        assert max(map(len, wrapped("word " * 60))) <= width
