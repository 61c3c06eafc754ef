"""``corpfin lines``: the registry of lines on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

import corpfin as cf
from corpfin.runs.together import graphs_together

Corpfin = Callable[..., Result]


def test_every_line_of_the_model_is_printed_in_order(cli: Corpfin) -> None:
    result = cli("lines")
    assert result.exit_code == 0
    numbers = [int(row[:5]) for row in result.stdout.splitlines() if row[:5].strip().isdecimal()]
    assert numbers == list(range(1, len(cf.line_items()) + 1))


def test_a_line_is_shown_with_its_prose_and_formula(cli: Corpfin) -> None:
    text = cli("lines", "power_cost_per_btc").stdout
    row = cf.line_items("power_cost_per_btc").iloc[0]
    assert f"power_cost_per_btc: {row['label']} [USD/BTC]" in text
    assert " ".join(f"= {row['formula']}".split()) in " ".join(text.split())
    assert "reads " in text


def test_a_sheet_is_its_rooms_alone(cli: Corpfin) -> None:
    found = json.loads(cli("lines", "--sheet", "Debt", "--json").stdout)["lines"]
    assert {row["module"] for row in found} == {
        "debt",
        "debt_ladder",
        "debt_settlement",
        "buyback",
        "notes",
        "notes_books",
        "pledges",
    }


def test_the_file_is_the_table(cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    result = cli("lines", "--csv", file)
    assert (result.exit_code, result.stderr) == (0, f"{file} written\n")
    found = pd.read_csv(file, keep_default_na=False)
    assert found["line"].tolist() == cf.line_items()["line"].tolist()


@pytest.mark.parametrize(
    ("words", "message"),
    [(("hashpric",), "no line hashpric; nearest is hashprice"), (("--sheet", "Deb"), "no sheet Deb; nearest is Debt")],
)
def test_an_unknown_name_is_answered_with_the_nearest(words: tuple[str, ...], message: str, cli: Corpfin) -> None:
    result = cli("lines", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_reading_and_being_read_are_one_relation() -> None:
    """Whoever reads a line by its name is among those it is read by, across the graphs and over a month's end."""
    table = cf.line_items()
    readers = {(row.graph, row.scope, row.line): set(row.read_by) for row in table.itertuples()}
    missing = [
        (line.name, ref.name)
        for graph in graphs_together().values()
        for line in graph.lines
        for ref in line.parameters
        if line.name not in readers.get((ref.graph, ref.scope, ref.name), {line.name})
    ]
    assert missing == []


def test_the_market_knows_its_readers_and_an_opening_those_of_month_1() -> None:
    assert "revenue_per_mwh" in cf.line_items("hashprice")["read_by"].iloc[0]
    assert cf.line_items("debt.opening_due_month")["read_by"].iloc[0] != []


def test_a_line_may_be_named_with_its_block() -> None:
    assert cf.line_items("debt.interest")["scope"].tolist() == ["debt"]
    with pytest.raises(KeyError, match=r"no line debt\.intrest"):
        cf.line_items("debt.intrest")
