"""What cannot apply is not in the book, and what is left of a formula is worth the same."""

import ast
import random
from collections.abc import Iterator

import corpfin as cf
from corpfin.engine import Line
from corpfin.engine.grammar import FUNCTIONS
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.workbook.applicable import Fact, Sign, not_negative, not_positive, reduce
from corpfin.workbook.book import MONTHS, Datum
from tests.workbook.excel import without_slots

POINTS = 12


def value(node: ast.expr, figures: dict[str, float]) -> float | None:
    """A formula's value at a point; None where it divides by nothing or leaves the floats."""
    try:
        return float(eval(ast.unparse(node), {**FUNCTIONS, **figures}))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None


def lines() -> Iterator[Line]:
    for graph in (market_graph(), company_graph()):
        yield from (line for line in (*graph.openings, *graph.lines) if line.expression)


def test_what_is_left_of_every_line_is_worth_the_same() -> None:
    """Each line at points where some parameters are known, or known to be on one side of 0."""
    chance = random.Random(5)
    compared = folded = 0
    for line in lines():
        assert line.expression is not None
        for _ in range(POINTS):
            facts: list[Fact] = []
            point = {}
            for name in line.names:
                figure = chance.choice((0.0, 1.0, 100_000.0, chance.uniform(-3, 3), chance.uniform(-3, 3)))
                sign = Sign.POSITIVE if figure > 0 else Sign.NOT_NEGATIVE if figure == 0 else Sign.NOT_POSITIVE
                facts.append(chance.choice((figure, sign, None)))
                point[name] = figure
            constants = {**line.expression.constants, "NEVER_MONTH": 100_000.0}
            left = reduce(line, facts)
            whole, rest = (value(node, {**constants, **point}) for node in (line.expression.node, left.node))
            if whole is None:
                continue
            if line.expression.is_flag:
                whole, rest = float(whole != 0.0), float(rest != 0.0)
            compared += 1
            folded += set(left.names) < set(line.names)
            assert rest == whole, line.name
            assert not isinstance(left.fact, float) or left.fact == whole, line.name
            assert not_negative(left.fact) <= (whole >= 0), line.name
            assert not_positive(left.fact) <= (whole <= 0), line.name
    assert folded > compared / 5 > 1_000


def test_a_note_has_the_rows_of_its_kind_only(market: cf.Market) -> None:
    plan = without_slots(cf.project("RING", months=6, market=market))
    kinds = {row.id: row.kind for row in plan.projection.company.tables.debt}
    ids = list(kinds)
    homes = plan.book.homes

    def has(id: str, name: str) -> bool:
        return Datum("company", MONTHS, "debt", ids.index(id), name) in homes

    for id, kind in kinds.items():
        assert has(id, "balance")
        assert has(id, "converted") is (kind == "convertible")
        assert has(id, "ltv") is (kind == "btc_loan")
        assert has(id, "drawn") is (kind == "revolver")
        assert has(id, "machine_value") is (kind == "equipment")
    keys = {blank.key for blank in plan.inputs.blanks.values()}
    for row in plan.projection.company.tables.debt:
        assert f"debt.{row.id}.kind" not in keys
        assert (f"debt.{row.id}.conversion_price" in keys) is (row.kind == "convertible")


def test_a_company_without_projects_has_no_sheet_of_them(market: cf.Market) -> None:
    plan = without_slots(cf.project("TINY", months=6, market=market))
    assert not plan.projection.company.tables.hpc
    assert "HPC" not in plan.book.sheets
    assert Datum("company", MONTHS, "", 0, "total_hpc_revenue") not in plan.book.homes
