# ruff: noqa: N801, N805
"""Wiring: resolution, order, totals, openings and the message of every fault."""

import pytest

from corpfin.engine import Constant, Given, Graph, GraphError, Plan, Ref, build_model
from tests.engine import toys

opening_level = Constant(3.0, "m", "Level before month 1")


def build(*modules, given=()):
    return Graph.build("toy", modules, given)


class lone:
    def cash(inflow):
        """Cash [EUR]."""
        return inflow


INFLOW = Given("inflow", "EUR", "input")


def test_unit_label_and_prose_come_from_the_docstring():
    line = toys.savings_graph().by_key["", "balance"]
    assert (line.unit, line.label) == ("EUR", "Balance at month end")
    assert "saver's mood" in line.prose


def test_a_section_reaches_from_its_first_line_to_the_next():
    class rooms:
        SECTIONS = {"cash": "Money", "debt": "What is owed"}  # noqa: RUF012

        def income(inflow):
            """Income [EUR]."""
            return inflow

        def cash(income):
            """Cash [EUR]."""
            return income

        def spare(cash):
            """Spare cash [EUR]."""
            return cash

        def debt(spare):
            """Debt [EUR]."""
            return spare

    assert [line.section for line in build(rooms, given=[INFLOW]).lines] == ["", "Money", "Money", "What is owed"]


def test_totals_stand_at_the_foot_of_their_module():
    order = [line.name for line in toys.firm_model()["firm"].lines]
    assert order.index("asked") + 1 == order.index("total_note_asked")
    assert order.index("total_note_owed") == order.index("owed") + 1
    assert order.index("total_note_paid") < order.index("cash")


def test_table_says_who_reads_whom():
    table = {row["line"]: row for row in toys.firm_model()["firm"].table()}
    assert table["paid"]["reads"] == ["asked", "granted_share"]
    assert table["paid"]["read_by"] == ["owed", "total_note_paid"]
    assert table["total_note_paid"]["formula"] == "sum of paid over each note"
    assert [row["order"] for row in table.values()] == sorted(row["order"] for row in table.values())


def test_longest_block_name_wins():
    class note_plus:
        EACH = "note_plus"

        def fee(inflow):
            """Fee [EUR]."""
            return inflow

    class note:
        EACH = "note"

        def plus_fee(inflow):
            """Fee of another kind [EUR]."""
            return inflow

    class late:
        def all_fees(total_note_plus_fee):
            """Fees [EUR]."""
            return total_note_plus_fee

    graph = build(note_plus, note, late, given=[INFLOW])
    assert graph.by_key["", "total_note_plus_fee"].parameters[0].scope == "note_plus"


def test_opening_may_be_a_constant():
    class tank:
        def level(level_prior, inflow):
            """Level [m]."""
            return level_prior + inflow

    assert build(tank, given=[INFLOW]).opening_constants == {("", "opening_level"): 3.0}


class no_unit:
    def cash(inflow):
        """Cash."""
        return inflow


class unknown:
    def cash(inflov):
        """Cash [EUR]."""
        return inflov


class later:
    def cash(profit):
        """Cash [EUR]."""
        return profit

    def profit(inflow):
        """Profit [EUR]."""
        return inflow


class total_too_early:
    EACH = "note"

    def asked(inflow):
        """Asked [EUR]."""
        return inflow

    def share(asked, total_note_asked):
        """Share [-]."""
        return asked / total_note_asked


class bare_block_name:
    def cash(asked):
        """Cash [EUR]."""
        return asked


class block:
    EACH = "note"

    def asked(inflow):
        """Asked [EUR]."""
        return inflow


class wrong_total:
    def cash(total_note_asket):
        """Cash [EUR]."""
        return total_note_asket


class wrong_block:
    def cash(total_loan_asked):
        """Cash [EUR]."""
        return total_loan_asked


class no_opening:
    def cash(cash_prior, inflow):
        """Cash [EUR]."""
        return cash_prior + inflow


class no_block_opening:
    EACH = "note"

    def owed(owed_prior, inflow):
        """Owed [EUR]."""
        return owed_prior + inflow


class prior_of_input:
    def cash(inflow_prior):
        """Cash [EUR]."""
        return inflow_prior


class kept_name:
    def cash_prior(inflow):
        """Cash [EUR]."""
        return inflow


class circle:
    def opening_a(opening_b):
        """A [EUR]."""
        return opening_b

    def opening_b(opening_a):
        """B [EUR]."""
        return opening_a


class opening_later:
    def opening_a(opening_b):
        """A [EUR]."""
        return opening_b

    def opening_b(inflow):
        """B [EUR]."""
        return inflow


class input_twice:
    def inflow(outflow):
        """Inflow [EUR]."""
        return outflow


OUTFLOW = Given("outflow", "EUR", "input")
NOTE_INFLOW = Given("inflow", "EUR", "draw", "note")

FAULTS = [
    ([no_unit], [INFLOW], ["line cash", "does not begin with a label and a unit", "[USD m]"]),
    ([unknown], [INFLOW], ["line cash", "reads inflov, which is not known", "did you mean inflow?"]),
    ([later], [INFLOW], ["line cash", "reads profit, which comes later (line profit", "or read profit_prior"]),
    ([total_too_early], [INFLOW], ["added up at the foot of module total_too_early", "to a later module"]),
    ([block, bare_block_name], [INFLOW], ["reads asked, which exists once for each note", "write total_note_asked"]),
    ([block, wrong_total], [INFLOW], ["but note has no line or input asket", "did you mean asked?"]),
    ([block, wrong_block], [INFLOW], ["but no block has that name", "the blocks are: note"]),
    ([no_opening], [INFLOW], ["cash has no value before month 1", "add the input opening_cash to toy"]),
    ([no_block_opening], [INFLOW], ["add the input opening_owed to each note, or a line opening_owed"]),
    ([prior_of_input], [INFLOW], ["reads inflow_prior, but inflow is not a line", "only lines have a last month"]),
    ([kept_name], [INFLOW], ["name kept for last month's values or totals", "choose another name"]),
    ([circle], [], ["line opening_a", "reads opening_b, which in turn reads opening_a: a circle", "break the circle"]),
    ([opening_later], [INFLOW], ["reads opening_b, which comes later", "move opening_b above it"]),
    ([input_twice], [INFLOW, OUTFLOW], ["line inflow", "has the name of a given input", "rename the line"]),
    ([lone, lone], [INFLOW], ["line cash", "is already defined (line cash", "rename one of the two"]),
    ([lone], [INFLOW, INFLOW], ["a given is listed twice", "keep one"]),
    ([lone], [INFLOW, OUTFLOW, NOTE_INFLOW], ["no line reads input outflow, draw inflow of note", "or remove them"]),
]


@pytest.mark.parametrize(("modules", "given", "parts"), FAULTS)
def test_fault_says_where_what_and_what_instead(modules, given, parts):
    with pytest.raises(GraphError) as caught:
        build(*modules, given=given)
    for part in parts:
        assert part in str(caught.value)
    if parts[0].startswith("line "):
        assert f"{__file__}:" in str(caught.value)


def test_an_input_that_only_another_graph_reads_is_read():
    class below:
        def profit(cash, outflow):
            """Profit [EUR]."""
            return cash - outflow

    plans = Plan("toy", [lone], (INFLOW, OUTFLOW)), Plan("shop", [below], reads=("toy",))
    assert build_model(*plans)["shop"].by_key["", "profit"].parameters[1] == Ref("toy", "given", "", "outflow")
    with pytest.raises(GraphError, match="graph toy: no line reads input outflow; use them in a line or remove them"):
        build_model(plans[0])


def test_prior_of_a_line_of_another_graph_needs_its_opening():
    class below:
        def profit(cash_prior):
            """Profit [EUR]."""
            return cash_prior

    with pytest.raises(GraphError, match="add the input opening_cash to toy"):
        build_model(Plan("toy", [lone], (INFLOW,)), Plan("shop", [below], reads=("toy",)))
