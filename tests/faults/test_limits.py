"""Every number of a file has a least and a most, and the table of limits says so."""

from __future__ import annotations

import math

import pytest

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import FACTORS
from corpfin.inputs.fields import HIGHEST, LOWEST
from corpfin.inputs.limits import limits
from corpfin.inputs.market import MarketTables
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import Declared, declared

NUMBERS = {
    f"{table}.{name}": field
    for tables in (CompanyTables, MarketTables)
    for table, shape in layout(tables).items()
    for name, field in declared(shape.table).items()
    if field.kind == "number"
}


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_has_a_least_and_a_most(key: str) -> None:
    field: Declared = NUMBERS[key]
    ends = [field.limits.get("ge"), field.limits.get("le", field.limits.get("lt"))]
    assert all(end is not None and math.isfinite(end) for end in ends), ends
    assert ends[0] < ends[1]


def test_the_table_of_limits_is_read_from_the_declarations() -> None:
    told = {limit.what: limit.allowed for limit in limits()}
    assert told["a figure in USD/share"] == "0.001 to 1,000,000"
    assert told["a figure in BTC"] == "up to 21,000,000"
    assert told["a shock to btc_price, multiply"] == "0.001 to 1,000"
    assert {unit for unit in (*HIGHEST, *LOWEST) if f"a figure in {unit}" not in told} == set()
    assert {name for name in FACTORS if not any(what.startswith(f"a shock to {name},") for what in told)} == set()
