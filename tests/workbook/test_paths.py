"""A simulated path as a workbook: it fails in the month the simulation says, and opens there."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

import corpfin as cf
from corpfin.runs.readings import BILLS
from corpfin.workbook import write_workbook
from corpfin.workbook.emit import EPOCH
from corpfin.workbook.write import Plan
from tests.workbook import excel


@pytest.mark.parametrize("ticker", ["HALL", pytest.param("DIGR", marks=pytest.mark.slow)])
def test_a_failing_path_fails_in_the_same_month_in_the_book(
    ticker: str, simulation: cf.Simulation, tmp_path: Path, say: Callable[[str], None]
) -> None:
    outcome = simulation.outcomes[ticker]
    failed = np.flatnonzero(outcome.sample["default_month"] > 0)
    assert failed.size, f"no path of {ticker} fails; take more paths"
    number = int(failed[0])
    month = int(outcome.sample["default_month"][number])
    projection = simulation.path(ticker, number)
    file = write_workbook(tmp_path / "path.xlsx", projection, simulation)

    plan = Plan(projection)
    book = excel.engine(file)
    last = 7 + plan.book.months
    homes = {name: plan.book.homes[plan.wiring.row(name)] for name in ("default_month", "first_unpaid_bill", "unpaid")}
    shown = {name: book.get_value(home.sheet, home.row, last) for name, home in homes.items()}
    assert shown["default_month"] == month
    assert shown["first_unpaid_bill"] == outcome.sample["first_unpaid_bill"][number]
    unpaid = [book.get_value("Treasury", homes["unpaid"].row, 8 + position) for position in range(month)]
    assert unpaid[-1] > 1e-9
    assert max(unpaid[:-1], default=0) <= 1e-9

    opened = load_workbook(file, data_only=True)
    assert opened.active is opened["Treasury"]
    cover = {row[1].value: row[3].value for row in opened["Cover"].iter_rows()}
    assert f"{EPOCH + timedelta(cover['Month of default']):%Y-%m}" == projection.labels[month - 1]
    assert cover["First unpaid bill"] == BILLS[int(shown["first_unpaid_bill"])]
    assert cover["Path"] == f"simulated path {number}"

    expected = excel.cached(file)
    assert excel.differences(expected, excel.recalculated(book, expected)) == []
    say(f"{ticker} path {number}: fails in month {month}, {len(expected):,} cells recalculated")


def test_a_simulation_of_other_companies_is_refused(simulation: cf.Simulation, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="does not hold RING"):
        write_workbook(tmp_path / "ring.xlsx", cf.project("RING"), simulation)
