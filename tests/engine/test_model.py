# ruff: noqa: N801, N805
"""Three graphs stepped together: months by hand, kernel as interpreter, alone as together, and every refusal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpfin.engine import (
    Data,
    DataError,
    EvaluationError,
    ExplainError,
    Given,
    GraphError,
    Job,
    Kernel,
    ModelError,
    Openings,
    Plan,
    Ref,
    Row,
    build_model,
    explain,
    interpret,
    interpret_together,
    openings,
    render,
    run_together,
)
from corpfin.engine.kernel import BREAK_EVEN
from tests.engine import circle
from tests.engine.circle import ECONOMY, FIRM, POOL
from tests.engine.test_run import of, one_path, rows_of

KERNELS = {graph.name: Kernel(graph) for graph in circle.MODEL.values()}


def figures(months, count, weight=1.0):
    """The graphs and figures of a run of so many firms, in the order of the model."""
    firms = [(FIRM, data) for data in circle.firms_data(months)[:count]]
    return [(ECONOMY, circle.economy_data(months, weight)), *firms, (POOL, circle.pool_data(months))]


def draws(graph, data, dice, paths):
    found = {}
    for item in graph.draws:
        shape = data.shape(item.scope, *((data.months, paths) if item.kind == "draw" else (paths,)))
        found.setdefault(item.scope, {})[item.name] = dice.normal(0.5, 0.5, shape)
    return found


def still(graph, data):
    """Draws that change nothing: every shock 0, machines always up."""
    calm = draws(graph, data, np.random.default_rng(0), 1)
    return {
        scope: {name: np.full(array.shape[:-1], float(scope == "machine")) for name, array in named.items()}
        for scope, named in calm.items()
    }


def all_openings(run):
    """Openings in the order of the model, each from those before."""
    known: list[Openings] = []
    for graph, data in run:
        known.append(openings(graph, data, *known))
    return known


def jobs(run, drawn, keep=True, paths=0):
    known = all_openings(run)
    found = []
    for (graph, data), own in zip(run, drawn, strict=True):
        rows = rows_of(graph, data) if keep else []
        found.append(Job(KERNELS[graph.name].prepare(data, *known, paths=paths), own, rows, rows, rows))
    return found


def by_hand():
    """Two firms: a makes 2 + 4 tonnes a month, b 8; a sells half of what it has, b a quarter."""
    run = figures(3, 2)
    return interpret_together([(graph, data, still(graph, data)) for graph, data in run])


def test_three_months_by_hand():
    economy, a, b, pool = by_hand()
    assert pool.openings["total_firm_opening_sold"] == 4 + 6
    assert pool.openings["total_firm_total_machine_opening_made"] == 6 + 8
    assert pool.openings["opening_impact"] == 10 / 10
    # month 1: 100 - 1 = 99; a sells half of 10 + 6, b a quarter of 20 + 8; 15 in all
    # month 2: 99 - 2 = 97, less sold than before and below 98: alarm; month 3: everything is sold
    assert economy["price"].tolist() == [99.0, 99 - 2.0, 97 - 2.425]
    assert a["sold"].tolist() == [8.0, (8 + 6) / 2, 7.0 + 6]
    assert b["sold"].tolist() == [7.0, (21 + 8) / 4, 21.75 + 8]
    assert a["stock"].tolist() == [8.0, 7.0, 0.0]
    assert a["takings"].tolist() == [8 * 99.5, 7 * 98.0, 13 * (97 + 94.575) / 2]
    assert pool["total_firm_sold"].tolist() == [15.0, 14.25, 42.75]
    assert pool["impact"].tolist() == [0.5 + 1.5, 1 + 1.425, 1.2125 + 4.275]
    assert pool["alarm"].tolist() == [0.0, 1.0, 0.0]
    assert pool["cover"].tolist() == [15 / 29, 14.25 / 29, 42.75 / 29]
    assert economy["news"].tolist() == [10 * 99.0, 15 * 97.0, 14.25 * 94.575]


def test_a_reference_names_its_graph():
    def reads(graph, line):
        return graph.by_key["", line].parameters

    assert reads(ECONOMY, "price")[1] == Ref("pool", "prior", "", "impact")
    assert reads(ECONOMY, "news")[0] == Ref("pool", "prior", "", "total_firm_sold")
    assert reads(FIRM, "takings")[1:] == (
        Ref("economy", "line", "", "price"), Ref("economy", "prior", "", "price"), Ref("economy", "given", "", "weight")
    )  # fmt: skip
    assert reads(POOL, "total_firm_sold") == (Ref("firm", "line", "", "sold"),)
    assert reads(POOL, "total_firm_total_machine_made") == (Ref("firm", "line", "", "total_machine_made"),)
    assert POOL.opening_by_key["", "opening_impact"].parameters[0] == Ref(
        "pool", "opening", "", "total_firm_opening_sold"
    )
    assert (ECONOMY.lagged, FIRM.lagged, POOL.lagged) == (("pool",), ("pool",), ())


def test_totals_over_members_head_the_graph_and_say_what_they_are():
    heads = [line for line in POOL.lines if line.kind == "total"]
    assert list(POOL.lines[: len(heads)]) == heads
    total = POOL.by_key["", "total_firm_sold"]
    assert (total.module, total.unit, total.formula) == ("firm", "t", "sum of sold over each firm")
    assert total.label == "Goods sold, all of them after an alarm, total"


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 3), paths=st.sampled_from([1, 63, 64, 65, 140]))
def test_kernel_equals_interpreter_bit_for_bit(seed, count, paths):
    dice, run = np.random.default_rng(seed), figures(7, count)
    drawn = [draws(graph, data, dice, paths) for graph, data in run]
    results = run_together(jobs(run, drawn), paths)
    for result in results:
        np.testing.assert_array_equal(result.worst, np.abs(result.record).max(axis=1))
        np.testing.assert_array_equal(result.final, result.record[:, -1])
    for path in {0, paths // 2, paths - 1}:
        values = interpret_together([(*one, one_path(own, path)) for one, own in zip(run, drawn, strict=True)])
        for (graph, data), result, expected in zip(run, results, values, strict=True):
            for row, found in zip(rows_of(graph, data), result.record[..., path], strict=True):
                np.testing.assert_array_equal(found, of(expected, row), err_msg=f"{graph.name} {row}")


def test_narrowed_graphs_run_together_are_the_whole_ones():
    run = figures(7, 3)
    drawn = [draws(graph, data, np.random.default_rng(5), 70) for graph, data in run]
    whole, narrowed = (run_together(jobs(run, drawn, paths=paths), 70) for paths in (0, BREAK_EVEN))
    last = [replace(job, record=[], worst=[], final=job.final[-1:]) for job in jobs(run, drawn, paths=BREAK_EVEN)]
    for one, other, end in zip(whole, narrowed, run_together(last, 70), strict=True):
        np.testing.assert_array_equal(one.record, other.record)
        np.testing.assert_array_equal(one.worst, other.worst)
        np.testing.assert_array_equal(one.final[-1:], end.final)


def test_a_pool_without_weight_leaves_the_runs_alone_as_they_are():
    """Stepped month by month with the pool, or each through all months without it: the same to the last bit."""
    run, dice, paths = figures(7, 3, weight=0.0), np.random.default_rng(5), 100
    drawn = [draws(graph, data, dice, paths) for graph, data in run]
    together = run_together(jobs(run, drawn), paths)
    alone = jobs(run, drawn)
    rows = rows_of(*run[0])
    economy = alone[0].prepared.run(drawn[0], record=rows)
    steady = [i for i, row in enumerate(rows) if row.name != "news"]
    np.testing.assert_array_equal(economy.record[steady], together[0].record[steady])
    needed = {"economy": alone[0].prepared.run(drawn[0], record=KERNELS["firm"].needs["economy"]).record}
    for job, own, result in zip(alone[1:4], drawn[1:4], together[1:4], strict=True):
        found = job.prepared.run(own, needed, record=job.record, worst=job.worst, final=job.final)
        np.testing.assert_array_equal(found.record, result.record)
        np.testing.assert_array_equal(found.worst, result.worst)
        np.testing.assert_array_equal(found.final, result.final)


def test_alone_a_graph_takes_a_later_one_as_it_was_before_month_1():
    run = figures(4, 2)
    known = all_openings(run)
    drawn = [still(*one) for one in run]
    values = interpret(ECONOMY, run[0][1], drawn[0], known[-1])
    assert values["price"].tolist() == [99.0, 98.0, 97.0, 96.0]  # the impact of 1 before month 1, every month
    a = interpret(FIRM, run[1][1], drawn[1], values, known[-1])
    assert a["sold"].tolist() == [8.0, 7.0, 6.5, 6.25]  # and never an alarm
    wide = [{s: {n: x[..., None] for n, x in named.items()} for s, named in own.items()} for own in drawn]
    market, firm = (job.prepared for job in jobs(run, wide)[:2])
    found = market.run(wide[0], record=KERNELS["firm"].needs["economy"])
    rows = rows_of(FIRM, run[1][1])
    sold = firm.run(wide[1], {"economy": found.record}, record=rows)
    for row, months in zip(rows, sold.record[..., 0], strict=True):
        np.testing.assert_array_equal(months, of(a, row))
    assert explain(a, "sold", 3, others=[values, known[-1]]).children[3].value == 0


def test_a_graph_run_again_alone_on_what_the_others_came_to_repeats_the_run():
    run, dice, paths = figures(6, 2), np.random.default_rng(9), 70
    drawn = [draws(graph, data, dice, paths) for graph, data in run]
    together = jobs(run, drawn)
    results = run_together(together, paths)

    def rows(name, wanted):
        i = [graph.name for graph, _ in run].index(name)
        return results[i].record[[rows_of(*run[i]).index(row) for row in wanted]]

    outer = {name: rows(name, wanted) for name, wanted in KERNELS["firm"].needs.items()}
    assert set(outer) == {"economy", "pool"}
    again = together[1].prepared.run(drawn[1], outer, record=together[1].record)
    np.testing.assert_array_equal(again.record, results[1].record)


def test_members_add_up_in_their_order_whatever_the_order_of_the_jobs():
    run, dice = figures(5, 3), np.random.default_rng(3)
    drawn = [draws(graph, data, dice, 9) for graph, data in run]
    straight, turned = jobs(run, drawn), jobs(run, drawn)
    turned = [turned[4], turned[1], turned[2], turned[3], turned[0]]
    for one, other in zip(
        run_together(straight, 9), [run_together(turned, 9)[i] for i in (4, 1, 2, 3, 0)], strict=True
    ):
        np.testing.assert_array_equal(one.record, other.record)


class weather:
    def warmth(warmth_prior, drift):
        """Warmth [K]."""
        return warmth_prior + drift


def test_a_graph_that_reads_no_other_is_stepped_with_them():
    warmth = Plan("weather", [weather], (Given("opening_warmth", "K", "input"), Given("drift", "K", "series")))
    sky, *_ = build_model(warmth, *circle.PLANS).values()
    data = Data.of(4, {"": {"opening_warmth": 1.0}}, series={"drift": [1.0, 2.0, 3.0, 4.0]})
    run, dice = figures(4, 2), np.random.default_rng(2)
    others = jobs(run, [draws(*one, dice, 5) for one in run])
    row = [Row("", "warmth")]
    found = run_together([Job(Kernel(sky).prepare(data), {}, row, row, row), *others], 5)[0]
    assert found.record[0, :, 4].tolist() == [2.0, 4.0, 7.0, 11.0]
    assert (found.worst == 11).all()
    assert (found.final == 11).all()


def test_explanation_opens_a_total_into_members_and_follows_the_lag():
    economy, a, b, pool = by_hand()
    text = render(explain(pool, "total_firm_sold", 2, others=[economy, a, b]))
    assert text[0] == "total_firm_sold = 14.25 t = sum of sold over each firm"
    assert "├─ a: sold = 7 t = (stock_prior + total_machine_made) * (1 if alarm_prior else share_sold)" in text
    assert "└─ b: sold = 7.25 t = (stock_prior + total_machine_made) * (1 if alarm_prior else share_sold)" in text
    assert any("a: machine m1: made = 4 t" in line for line in text)
    late = explain(economy, "price", 3, others=[a, b, pool]).children[1]
    assert (late.name, late.graph, late.value, late.note) == ("impact_prior", "pool", 2.425, "last month")
    first = explain(economy, "price", 1, others=[a, b, pool]).children[1]
    assert (first.value, first.note) == (1.0, "opening_impact: before month 1")
    with pytest.raises(ExplainError, match="economy reads impact of pool; pass the run of that too"):
        explain(economy, "price", 3)


# Refusals


class reads_now:
    def rent(impact):
        """Rent [EUR]."""
        return impact


class reads_input:
    def rent(depth):
        """Rent [EUR]."""
        return depth


class reads_member:
    def rent(sold):
        """Rent [t]."""
        return sold


class reads_member_late:
    def rent(sold_prior):
        """Rent [t]."""
        return sold_prior


class wrong_total:
    def rent(total_firm_slod):
        """Rent [t]."""
        return total_firm_slod


class total_of_input:
    def rent(total_firm_share_sold):
        """Rent [-]."""
        return total_firm_share_sold


class no_opening:
    def rent(total_firm_takings_prior):
        """Rent [EUR]."""
        return total_firm_takings_prior


class before_month_1:
    def opening_rent(opening_alarm):
        """Rent [EUR]."""
        return opening_alarm


class stranger:
    def rent(price):
        """Rent [EUR]."""
        return price


class misspelt:
    def rent(imact_prior):
        """Rent [EUR]."""
        return imact_prior


def changed(graph, module=None, **fields):
    """The plans of the toy, one of them with a further module or other fields."""
    found = []
    for plan in circle.PLANS:
        if plan.name == graph:
            extra = [module] if module else []
            plan = replace(plan, modules=[*plan.modules, *extra], **fields)
        found.append(plan)
    return found


IDLE = Given("idle", "-", "series")
OWN = "line rent, "
FAULTS = [
    (changed("economy", reads_now), [OWN, "reads impact of pool, which comes later in the month", "read impact_prior"]),
    (changed("firm", reads_now), [OWN, "reads impact of pool", "read impact_prior"]),
    (changed("economy", reads_input), [OWN, "reads depth of pool, which comes later", "give it to economy instead"]),
    (changed("pool", reads_member), [OWN, "sold, which exists once for each firm", "write total_firm_sold"]),
    (changed("economy", reads_member_late), ["sold_prior, which exists once for each firm", "comes after firm"]),
    (changed("pool", wrong_total), [OWN, "total_firm_slod, but firm has no line slod", "did you mean sold?"]),
    (changed("pool", total_of_input), ["share_sold of firm is not a line", "give firm a line for it"]),
    (changed("pool", no_opening), ["no value before month 1", "add the input opening_takings to firm"]),
    (changed("economy", before_month_1), ["opening_alarm of pool before month 1", "only pool and later graphs can"]),
    (
        changed("firm", stranger, reads=("economy",)),
        ["alarm_prior of pool, which firm does not read", "name pool among"],
    ),
    (changed("economy", misspelt), ["reads imact_prior, which is not known", "did you mean impact?"]),
    (
        changed("pool", reads=("economy", "firms")),
        ["graph pool reads firms, which is no other graph", "are: economy, firm"],
    ),
    (changed("pool", reads=("economy", "firm", "pool")), ["graph pool reads pool, which is no other graph"]),
    (changed("pool", given=(*circle.POOL_GIVEN, IDLE)), ["graph pool: no line reads series idle; use"]),
    ([*circle.PLANS, Plan("pool", [])], ["two graphs are called pool; rename one of the two"]),
]


@pytest.mark.parametrize(("plans", "parts"), FAULTS)
def test_fault_says_where_what_and_what_instead(plans, parts):
    with pytest.raises(GraphError) as caught:
        build_model(*plans)
    for part in parts:
        assert part in str(caught.value)
    if parts[0].startswith("line "):
        assert f"{__file__}:" in str(caught.value)


def test_inputs_unread_in_any_graph_are_told_together():
    idle = Given("idle", "-", "input")
    plans = [replace(plan, given=(*plan.given, idle)) for plan in circle.PLANS]
    with pytest.raises(
        GraphError, match=r"economy: no line reads input idle; graph firm: .*; graph pool: .*; use them"
    ):
        build_model(*plans)


def test_a_block_may_not_have_the_name_of_a_graph():
    class firm:
        EACH = "economy"

        def cash(price):
            """Cash [EUR]."""
            return price

    with pytest.raises(GraphError, match="graph shop: block economy has the name of a graph"):
        build_model(*circle.PLANS, Plan("shop", [firm], reads=("economy",)))


def test_results_of_other_graphs_are_checked():
    run = figures(3, 2)
    known = all_openings(run)
    calm = [still(*one) for one in run]
    economy = interpret(ECONOMY, run[0][1], calm[0], known[-1])
    with pytest.raises(DataError, match="graph economy reads pool; run that first and pass its result"):
        interpret(ECONOMY, run[0][1], calm[0])
    with pytest.raises(DataError, match="graph firm reads economy; run that first and pass its result"):
        interpret(FIRM, run[1][1], calm[1], known[0], known[-1])  # its openings are not enough: it is read as it is
    with pytest.raises(
        DataError, match="graph pool reads firm; run that first, once for each member, and pass its result"
    ):
        openings(POOL, run[-1][1], known[0])
    with pytest.raises(DataError, match="graph firm was passed 2 results of economy; pass one"):
        interpret(FIRM, run[1][1], calm[1], economy, economy, known[-1])
    with pytest.raises(DataError, match="graph firm has 4 months and economy has 3"):
        openings(FIRM, circle.firms_data(4)[0], known[0])
    noise = [draws(*one, np.random.default_rng(1), 2) for one in run]
    with pytest.raises(DataError, match="graph pool reads firm; run it together with that"):
        run_together([job for job in jobs(run, noise) if job.prepared.graph is not FIRM], 2)
    shared, outer = jobs(run, noise)[-1].prepared, {"economy": np.zeros((1, 3, 2)), "firm": np.zeros((1, 3, 2))}
    with pytest.raises(DataError, match=r"rows of firm have shape \(1, 3, 2\), not \(2, 3, 2\)"):
        shared.run(noise[-1], outer)
    with pytest.raises(ModelError, match="graph pool is run twice; only a graph with members is"):
        run_together([*jobs(run, noise), jobs(run, noise)[-1]], 2)


class split:
    EACH = "part"

    def share(divisor):
        """Share [-]."""
        return 1 / divisor


def test_an_evaluation_error_names_the_member():
    (graph,) = build_model(Plan("heirs", [split], (Given("divisor", "-", "input", "part"),), members=True)).values()
    data = Data.of(2, {"part": {"divisor": [0.0]}}, instances={"part": ["x"]}, member="ann")
    with pytest.raises(EvaluationError, match=r"of part x of ann, month 1: .*division by zero"):
        interpret(graph, data)
