"""The walk of a cell: from the figure to the sources."""

import pytest

from corpfin.inputs.schema import declared
from corpfin.report.walk import walk
from corpfin.runs import Projection
from corpfin.runs.declared import COMPANY_TABLES, company_inputs


def test_a_walk_ends_in_sources(ring: Projection) -> None:
    heading, top, *rest = walk(ring.explain("debt.conv-2030.interest", "2026-12"), ring)
    assert heading == "RING interest in 2026-12, scenario base, central path"
    assert top.startswith("debt conv-2030: interest = 1.27397 USD m = cash_interest * recourse")
    assert any("coupon = 0.03 1/year (reported: Pricing of the notes" in line for line in rest)


def test_dates_are_shown_as_months_of_the_calendar(ring: Projection) -> None:
    lines = walk(ring.explain("hpc.venture.progress", "2026-05"), ring)
    assert any("construction_start_month = -5 month (2025-10; estimated: " in line for line in lines)
    assert any("full_delivery_month = 9 month (2026-12; reported: " in line for line in lines)


def test_a_date_that_is_not_given_has_no_month(ring: Projection) -> None:
    lines = walk(ring.explain("debt.conv-2030.next_put_month", "2026-05"), ring)
    assert any(line.endswith(": put_month = 100,000 month (absent: not given, read as never)") for line in lines)


def test_inputs_that_end_in_month_are_dates() -> None:
    for item in company_inputs():
        field = declared(COMPANY_TABLES[item.table])[item.field.name]
        assert item.name.endswith("_month") == (field.kind == "date"), item.name


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_walk_can_be_cut(ring: Projection, depth: int) -> None:
    lines = walk(ring.explain("cash", "2027-03"), ring, depth)
    steps = [(len(line) - len(line.lstrip("│├└─ "))) // 3 for line in lines[1:]]
    assert max(steps) == depth
    assert not any("see above" in line for line in lines)
