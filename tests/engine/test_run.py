# ruff: noqa: N801, N805
"""Interpreter and kernel: hand-worked months, equality bit for bit, shapes and faults."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpfin.engine import (
    Data,
    DataError,
    EvaluationError,
    Given,
    Graph,
    Kernel,
    ModelError,
    Row,
    explain,
    interpret,
    log,
    program,
)
from corpfin.engine.objects import compiled
from tests.engine import toys

MONTHS = 7
MODEL = toys.firm_model()
ECONOMY, FIRM = MODEL["economy"], MODEL["firm"]
ECONOMY_KERNEL, FIRM_KERNEL = Kernel(ECONOMY), Kernel(FIRM)
NOTES = ("a", "b", "c")


def economy_data(demand=100.0):
    return Data.of(MONTHS, {"": {"opening_demand": demand, "drift": 0.01}}, series={"tariff": 0.1})


def firm_data(count, principal=100.0):
    note = {"principal": principal, "share_repaid": 0.25, "coupon": 0.08, "due": np.arange(count) + 3.0}
    return Data.of(
        MONTHS, {"": {"cover": 0.7, "margin": 0.1}, "note": note},
        instances={"note": NOTES[:count]}, series={"month": np.arange(MONTHS) + 1.0},
    )  # fmt: skip


def economy_draws(dice, paths):
    return {"": {"shock": dice.normal(0, 0.3, (MONTHS, paths)), "regime": dice.normal(0, 0.1, paths)}}


def firm_draws(dice, count, paths):
    return {"note": {"hardship": dice.normal(0, 9, (count, MONTHS, paths)), "patience": dice.random((count, paths))}}


def one_path(draws, path):
    return {scope: {name: array[..., path] for name, array in named.items()} for scope, named in draws.items()}


def rows_of(graph, data):
    return [Row(line.scope, line.name, k) for line in graph.lines for k in range(data.count(line.scope))]


def of(values, row):
    return values[row.scope, row.name][row.k] if row.scope else values[row.name]


def test_savings_by_hand():
    data = Data.of(2, {"": {"opening_balance": 1200.0, "rate": [0.1, 0.2]}}, series={"deposit": [10.0, 20.0]})
    values = interpret(toys.savings_graph(), data, {"": {"noise": np.array([0.0, 0.5])}})
    first = 1200 + 1200 * 0.1 / 12 + 10  # 1220
    second = first + first * 0.2 / 12 + 20 * 1.5
    assert values["balance"].tolist() == [first, second]
    assert values.openings["opening_balance"] == 1200


def test_openings_by_hand():
    economy = interpret(ECONOMY, economy_data(), one_path(economy_draws(np.random.default_rng(1), 1), 0))
    openings = interpret(FIRM, firm_data(2), one_path(firm_draws(np.random.default_rng(1), 2, 1), 0), economy).openings
    assert openings["note", "opening_owed"].tolist() == [75.0, 75.0]
    assert openings["total_note_opening_owed"] == 150
    assert openings["opening_cash"] == 100 * 0.7 + 150 - 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32), count=st.integers(0, 3), paths=st.integers(1, 140),
    demand=st.floats(1, 1e6), principal=st.floats(0, 1e6),
)  # fmt: skip
def test_kernel_equals_interpreter_bit_for_bit(seed, count, paths, demand, principal):
    dice = np.random.default_rng(seed)
    economy_figures, data = economy_data(demand), firm_data(count, principal)
    shocks, draws = economy_draws(dice, paths), firm_draws(dice, count, paths)
    economy = ECONOMY_KERNEL.prepare(economy_figures)
    outer = economy.run(shocks, record=FIRM_KERNEL.needs["economy"]).record
    rows = rows_of(FIRM, data)
    result = FIRM_KERNEL.prepare(data, economy.openings).run(
        draws, {"economy": outer}, record=rows, worst=rows, final=rows
    )
    np.testing.assert_array_equal(result.worst, np.abs(result.record).max(axis=1))
    np.testing.assert_array_equal(result.final, result.record[:, -1])
    for path in {0, paths // 2, paths - 1}:
        upper = interpret(ECONOMY, economy_figures, one_path(shocks, path))
        values = interpret(FIRM, data, one_path(draws, path), upper)
        for row, found in zip(rows, result.record[..., path], strict=True):
            np.testing.assert_array_equal(found, of(values, row), err_msg=str(row))


@pytest.mark.parametrize("paths", [*range(1, 71), 1024])
def test_any_number_of_paths(paths):
    dice = np.random.default_rng(paths)
    draws = economy_draws(dice, 1100)
    all_rows = [Row("", "demand"), Row("", "mood"), Row("", "shock")]
    prepared = ECONOMY_KERNEL.prepare(economy_data())
    full = prepared.run(draws, record=all_rows).record
    some = {"": {name: array[..., :paths].copy() for name, array in draws[""].items()}}
    np.testing.assert_array_equal(prepared.run(some, record=all_rows).record, full[..., :paths])


def test_no_instances_add_up_to_nothing():
    data = firm_data(0)
    economy = ECONOMY_KERNEL.prepare(economy_data())
    draws = economy_draws(np.random.default_rng(2), 5)
    outer = economy.run(draws, record=FIRM_KERNEL.needs["economy"]).record
    result = FIRM_KERNEL.prepare(data, economy.openings).run({}, {"economy": outer}, worst=[Row("", "total_note_paid")])
    assert result.worst.tolist() == [[0.0] * 5]


def test_one_kernel_serves_companies_of_every_size(monkeypatch):
    economy = ECONOMY_KERNEL.prepare(economy_data())
    dice = np.random.default_rng(3)
    outer = economy.run(economy_draws(dice, 9), record=FIRM_KERNEL.needs["economy"]).record
    asked = []
    monkeypatch.setattr(program, "compiled", lambda code, target: asked.append(code) or compiled(code, target))
    for count in (1, 2, 3):
        FIRM_KERNEL.prepare(firm_data(count), economy.openings).run(firm_draws(dice, count, 9), {"economy": outer})
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_threads_share_a_prepared_company():
    prepared = ECONOMY_KERNEL.prepare(economy_data())
    blocks = [economy_draws(np.random.default_rng(seed), 128) for seed in range(8)]
    row = [Row("", "demand")]
    alone = [prepared.run(draws, final=row).final for draws in blocks]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda draws: prepared.run(draws, final=row).final, blocks))
    np.testing.assert_array_equal(alone, together)


class awkward:
    def share(numerator, divisor):
        """A guarded division [-]."""
        return numerator / divisor if divisor != 0 else -1

    def least(numerator, divisor):
        """Which of two equal zeros min takes [-]."""
        return min(numerator, divisor, 1)

    def most(numerator, divisor):
        """Which of two equal zeros max takes [-]."""
        return max(numerator, divisor, 0)

    def flag(numerator, divisor):
        """A condition of conditions [flag]."""
        return (numerator and not divisor) or numerator > divisor

    def chosen(flag, numerator):
        """A flag as a test [-]."""
        return abs(numerator) if flag else -numerator


AWKWARD = Graph.build("awkward", [awkward], [Given("numerator", "-", "draw"), Given("divisor", "-", "draw")])


def test_zeros_signs_and_flags_are_pythons():
    pairs = np.array([(a, b) for a in (0.0, -0.0, 1.0, -2.0) for b in (0.0, -0.0, 1.0, -2.0)]).T
    data = Data.of(1, {})
    draws = {"": {"numerator": pairs[:1].copy(), "divisor": pairs[1:].copy()}}
    rows = rows_of(AWKWARD, data)
    found = Kernel(AWKWARD).prepare(data).run(draws, record=rows).record
    for path in range(pairs.shape[1]):
        values = interpret(AWKWARD, data, one_path(draws, path))
        for row, value in zip(rows, found[:, 0, path], strict=True):
            assert math.copysign(1, value) == math.copysign(1, of(values, row)[0]), (row, pairs[:, path])
            assert value == of(values, row)[0], (row, pairs[:, path])


class fragile:
    EACH = "part"

    def ratio(size, divisor):
        """Ratio [-]."""
        return log(size) / divisor


FRAGILE = Graph.build("fragile", [fragile], [Given("size", "-", "input", "part"), Given("divisor", "-", "series")])


@pytest.mark.parametrize(
    ("size", "divisor", "words"), [(2.0, 0.0, "division by zero"), (-1.0, 1.0, "math domain error")]
)
def test_evaluation_error_names_line_instance_month_and_figures(size, divisor, words):
    inputs, series = {"part": {"size": [2.0, size]}}, {"divisor": [1, divisor, 1]}
    data = Data.of(3, inputs, instances={"part": ["x", "y"]}, series=series)
    with pytest.raises(EvaluationError) as caught:
        interpret(FRAGILE, data)
    assert words in str(caught.value)
    assert "line ratio, " in str(caught.value)
    assert f"of part {'x' if divisor == 0 else 'y'}, month {2 if divisor == 0 else 1}" in str(caught.value)
    assert f"divisor = {divisor!r}" in str(caught.value)


def test_a_worst_value_does_not_hide_nan():
    data = Data.of(3, {"part": {"size": [1.0]}}, instances={"part": ["x"]}, series={"divisor": [1.0, 0.0, 1.0]})
    worst = Kernel(FRAGILE).prepare(data).run(paths=2, worst=[Row("part", "ratio")]).worst
    assert np.isnan(worst).all()


def test_data_error_lists_everything():
    data = Data.of(3, {"": {"rate": math.nan}}, series={"deposit": 1.0})
    with pytest.raises(DataError, match="opening_balance is missing; input rate is not finite; input rate opening"):
        interpret(toys.savings_graph(), data)
    with pytest.raises(DataError, match=r"give \(2,\) or \(2, 3\)"):
        Data.of(3, {"note": {"due": np.zeros((5, 3))}}, instances={"note": ["a", "b"]})


def test_draws_and_rows_of_other_graphs_are_checked():
    economy = ECONOMY_KERNEL.prepare(economy_data())
    with pytest.raises(DataError, match=r"draw shock has shape \(2, 4\), not \(7, 4\); static_draw regime is missing"):
        economy.run({"": {"shock": np.zeros((2, 4))}})
    with pytest.raises(DataError, match="graph firm reads economy; run that first and pass its result"):
        FIRM_KERNEL.prepare(firm_data(1))
    firm = FIRM_KERNEL.prepare(firm_data(1), economy.openings)
    with pytest.raises(DataError, match=r"graph firm: rows of economy are missing; give \(2, 7, 2\)"):
        firm.run(firm_draws(np.random.default_rng(0), 1, 2))
    with pytest.raises(DataError, match=r"graph firm: rows of economy have shape \(1, 7, 2\), not \(2, 7, 2\)"):
        firm.run(firm_draws(np.random.default_rng(0), 1, 2), {"economy": np.zeros((1, 7, 2))})
    with pytest.raises(ModelError, match="has no Row"):
        economy.run(economy_draws(np.random.default_rng(0), 2), final=[Row("", "demnad")])
    with pytest.raises(DataError, match="say how many paths"):
        Kernel(FRAGILE).prepare(Data.of(1, {}, series={"divisor": 1.0})).run()


def test_month_inputs_move_and_openings_do_not():
    shocked = Data.of(
        2, {"": {"opening_balance": [5.0, 9.0], "rate": 0.0}}, openings={"": {"opening_balance": 100.0}},
        series={"deposit": 0.0},
    )  # fmt: skip
    values = interpret(toys.savings_graph(), shocked, {"": {"noise": np.zeros(2)}})
    assert values["balance"].tolist() == [100.0, 100.0]


def test_a_new_line_and_a_new_block_take_six_lines():
    class gifts:
        EACH = "gift"

        def received(size, noise):
            "Gift received [EUR]."
            return size * (1 + noise)

    class wealth:
        def worth(balance, total_gift_received):
            "Savings and gifts [EUR]."
            return balance + total_gift_received

    size = Given("size", "EUR", "input", "gift")
    graph = Graph.build("rich", [toys.savings, gifts, wealth], [*toys.SAVINGS_GIVEN, size])

    data = Data.of(
        2, {"": {"opening_balance": 10.0, "rate": 0.0}, "gift": {"size": [1.0, 2.0]}},
        instances={"gift": ["ring", "car"]}, series={"deposit": 0.0},
    )  # fmt: skip
    values = interpret(graph, data, {"": {"noise": np.zeros(2)}})
    assert values["worth"].tolist() == [13.0, 13.0]
    assert {"received", "total_gift_received", "worth"} <= {row["line"] for row in graph.table()}
    final = Kernel(graph).prepare(data).run({"": {"noise": np.zeros((2, 1))}}, final=[Row("", "worth")]).final
    assert final.tolist() == [[13.0]]
    assert explain(values, "worth", 2).children[1].children[1].instance == "car"
