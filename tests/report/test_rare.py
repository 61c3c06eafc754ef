"""The page and the document of a rare failure."""

import json
import re

import pandas as pd
import pytest

import corpfin as cf
from corpfin.common.text import WIDTH
from corpfin.report.document import to_json
from corpfin.report.faces import face_of

SHIFT = pd.DataFrame(
    [(1, 0.9, "overrun of north", 0, 2.71), (1, 0.9, "bitcoin price", 2, -0.52), (2, 0.1, "fees", 1, 1.0)],
    columns=["way", "pilot_share", "factor", "year", "deviations"],
)


def result(refused: str = "") -> cf.Rare:
    nan = float("nan")
    rows = {12: (nan, nan, 3.0, 2.0, nan), 60: (0.000312, 0.0000213, 1_500.0, 210.0, 687_500.0)}
    names = ["probability", "probability_error", "failures", "effective", "plain_paths"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("horizon")
    return cf.Rare("RING", "base", "all", 60, 4096, 1, 20_480, 1.004, 0.0289, refused, table, SHIFT)


def test_the_page_says_what_is_found_and_what_it_takes() -> None:
    page = face_of(result()).page(result())
    lines = [" ".join(line.split()) for line in page.splitlines()]
    assert "12 - 3 2 -" in lines
    assert "60 0.0312 ± 0.0021 % 1,500 210 687,500" in lines
    assert "1: 90 % overrun of north +2.7" in lines
    assert "bitcoin price, year 2 -0.5" in lines
    assert "2: 10 % fees, year 1 +1.0" in lines
    assert max(map(len, page.splitlines())) <= WIDTH
    assert not re.search(r"\bnan\b|Refused", page)


def test_the_page_says_why_a_probability_is_refused() -> None:
    refused = result("no path fails by month 60")
    assert "Refused: no path fails by month 60." in face_of(refused).page(refused)


def test_the_document_holds_both_tables() -> None:
    found = json.loads(to_json(face_of(result()).document(result())))
    assert [row["probability"] for row in found["table"]] == [None, pytest.approx(0.000312)]
    assert [row["factor"] for row in found["shift"]] == list(SHIFT["factor"])
    assert (found["company"], found["pilot_paths"], found["weight"], found["refused"]) == ("RING", 20_480, 1.004, "")
