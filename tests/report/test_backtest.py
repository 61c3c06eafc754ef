"""The page, the document and the plots of a back-test."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import corpfin as cf
from corpfin.common.text import WIDTH
from corpfin.report.backtest import TABLES, backtest_page
from corpfin.report.document import to_json
from corpfin.report.faces import face_of
from tests.fixtures.vintage import OUTCOMES, vintage
from tests.fixtures.world import TICKERS


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cf.Backtest:
    return cf.backtest(vintage(tmp_path_factory.mktemp("vintages")), paths=64, months=15)


def squeezed(page: str) -> str:
    return " ".join(page.split())


def test_the_page_says_what_was_said_and_what_came(result: cf.Backtest) -> None:
    page = backtest_page(result)
    told = squeezed(page)
    assert max(map(len, page.splitlines())) <= WIDTH
    assert not re.search(r"\bnan\b", page)
    assert all(line == line.rstrip() for line in page.splitlines())
    assert all(f"  {ticker}" in page for ticker in TICKERS)
    assert page.count("BLIND: ") == page.count("MARKET SEEN: ") == 1
    assert "ORDER by month 12: are those that fail put first? None of 3 companies failed" in told
    assert "TINY: chapter 11 on 2027-05-14, told as electricity dearer than what it earned" in told
    assert "as drivers power, bitcoin, which drive" in told
    assert "TINY, btc: The lender sold the collateral at once" in told
    assert "A failure moves nobody else" in told


def test_a_reading_of_which_nothing_is_known_says_so(tmp_path: Path) -> None:
    home = vintage(tmp_path, OUTCOMES[OUTCOMES.rindex("[[miss]]") :])
    told = squeezed(backtest_page(cf.backtest(home, paths=8, months=13, known="none")))
    assert "By month 12 and 13: whether a company failed is not known yet of any; nothing to judge." in told
    assert "FIGURES: none is published for a month of this run" in told
    assert "AUC [" not in told
    assert "WHAT HAPPENED" not in told


def test_the_document_holds_every_table(result: cf.Backtest) -> None:
    found = json.loads(to_json(face_of(result).document(result)))
    assert (found["vintage"], found["known"], found["months"]) == ("2026-03-31", ["none", "market"], 15)
    assert len(found["table"]) == len(result.table)
    assert all(len(found[name]) == len(getattr(result, name)) for name in TABLES)
    assert [event["kind"] for event in found["events"]] == ["chapter_11", "survived", "survived"]
    assert len(found["misses"]) == 2
    assert found["figures"][0]["date"] == "2026-06-30"


def test_the_plots_are_drawn(result: cf.Backtest, tmp_path: Path) -> None:
    plots = cf.plots_of(result)
    assert set(plots) == {"forecasts", "calibration", "pit"}
    assert len(cf.save_plots(tmp_path, plots)) == 3
    assert [len(figure.axes) for figure in plots.values()][:2] == [2, 2]


def test_plots_of_a_vintage_of_which_nothing_is_known(tmp_path: Path) -> None:
    home = vintage(tmp_path, OUTCOMES[OUTCOMES.rindex("[[miss]]") :])
    assert set(cf.plots_of(cf.backtest(home, paths=8, months=3, known="none"))) == {"forecasts", "calibration", "pit"}
