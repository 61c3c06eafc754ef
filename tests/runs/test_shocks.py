"""What a shock may say: its months, what it may make of a field, and months counted from the end of history."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import InputError, Shock, known_scenarios
from corpfin.inputs.market import KnownMonth
from corpfin.runs.cases import prepare_company, prepare_market


def scenario(*shocks: dict[str, object]) -> cf.Scenario:
    base = cf.load_scenario("base")
    rows = [Shock.model_validate({"how": "multiply", "why": "test"} | shock) for shock in shocks]
    return replace(base, tables=base.tables.model_copy(update={"shock": rows}))


def with_july() -> cf.Market:
    """The shipped market with July 2026 as one more month of history."""
    market = cf.load_market()
    july = KnownMonth(month="2026-07", price_mean=60_000, price_end=61_000, hashrate=930)
    months = [*market.tables.known_month, july]
    return replace(market, tables=market.tables.model_copy(update={"known_month": months}))


# Months


@pytest.mark.parametrize(
    "target", ["price.volatility", "equity.idio_volatility", "factors.window_opens", "treasury.cash"]
)
@pytest.mark.parametrize("name", ["from_month", "to_month"])
def test_what_has_no_months_is_refused_with_months(target: str, name: str) -> None:
    with pytest.raises(InputError, match=rf'shock {target}.{name} = "2027-01": has no months'):
        prepare_market(cf.load_market(), scenario({"target": target, "value": 1.0, name: "2027-01"}))
    prepare_market(cf.load_market(), scenario({"target": target, "value": 1.0}))


def test_every_fault_of_the_months_is_told_at_once() -> None:
    shocks = (
        {"target": "slip", "how": "add", "value": 1.0, "from_month": "+2"},
        {"target": "btc_price", "value": 1.0, "from_month": "2026-05"},
        {"target": "power_index", "value": 1.0, "from_month": "+10", "to_month": "2026-09"},
    )
    with pytest.raises(InputError) as caught:
        prepare_market(cf.load_market(), scenario(*shocks))
    slip, price, power = map(str, caught.value.problems)
    assert "has no months" in slip
    assert "is history; the first month that is not is 2026-07, or +1" in price
    assert "lies before the shock's first month, 2027-04" in power


def test_months_counted_from_the_end_of_history_move_with_it() -> None:
    shocks = scenario({"target": "network.fee_median", "value": 0.5, "from_month": "+2", "to_month": "+3"})
    for market, first in ((cf.load_market(), 4), (with_july(), 5)):
        fees = prepare_market(market, shocks).data.inputs[""]["fee_median"]
        assert np.flatnonzero(fees != fees[0]).tolist() == [first, first + 1]


@pytest.mark.parametrize("name", sorted(known_scenarios()))
def test_one_more_known_month_breaks_no_shipped_scenario(name: str) -> None:
    case = prepare_market(with_july(), cf.load_scenario(name))
    assert case.history == 4
    assert all(shock.first >= 4 for shock in case.draw_shocks if shock.target not in ("slip", "overrun"))


@pytest.mark.parametrize(
    ("months", "message"),
    [
        ('from_month = "+0"', "\\+1 for the first month that is not history"),
        ('from_month = "2026-13"', "there is no such month"),
        ('from_month = "13"\nto_month = "01"', "there is no such month"),
        ('from_month = "07"', "is a month of every year: from_month and to_month are both written so, or neither"),
        ('from_month = "07"\nto_month = "+3"', "is a month of every year"),
        ('from_month = "+10"\nto_month = "+9"', "must not be after to_month"),
        ('from_month = "2027-10"\nto_month = "2027-09"', "must not be after to_month"),
    ],
)
def test_months_that_are_none_are_refused_by_the_file(months: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    head = '[scenario]\nname = "wrong"\nstory = "x"\n[[shock]]\ntarget = "btc_price"\nhow = "multiply"\nvalue = 0.5\n'
    file.write_text(f'{head}why = "x"\n{months}\n', encoding="utf-8")
    with pytest.raises(InputError, match=message):
        cf.load_scenario(file)


@pytest.mark.parametrize("target", ["known_month.price_end", "hpc.contract_value", "reported.btc_mined"])
def test_a_figure_that_nothing_reads_is_no_target(target: str, tmp_path: Path) -> None:
    file = tmp_path / "idle.toml"
    head = '[scenario]\nname = "idle"\nstory = "x"\n[[shock]]\nhow = "multiply"\nvalue = 0.5\nwhy = "x"\n'
    file.write_text(f'{head}target = "{target}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"is neither a factor nor the table\.field of a number"):
        cf.load_scenario(file)


def test_months_of_every_year_begin_when_history_ends() -> None:
    """December to February: history ends in June 2026, and with a market known to the end of January in February."""
    winter = scenario({"target": "power_index", "value": 2.0, "from_month": "12", "to_month": "02"})
    case = prepare_market(cf.load_market(as_of="2026-03-31"), winter, 36)
    assert [(shock.first, shock.last) for shock in case.draw_shocks] == [(8, 10), (20, 22), (32, 34)]
    later = replace(case.shocks, known=10)
    assert [(shock.first, shock.last) for shock in later.draws({})] == [(10, 10), (20, 22), (32, 34)]
    hot = scenario({"target": "network.fee_median", "value": 2.0, "from_month": "05", "to_month": "07"})
    factor, _ = replace(case.shocks, scenario=hot).change("network.fee_median")
    assert np.flatnonzero(factor == 2.0).tolist() == [3, 13, 14, 15, 25, 26, 27]


def test_the_halving_is_a_month_to_begin_in() -> None:
    shocks = scenario({"target": "network.fee_median", "value": 0.1, "from_month": "halving"})
    case = prepare_market(cf.load_market(as_of="2026-03-31"), shocks, 30)
    assert case.labels[case.touched] == "2028-04"
    assert np.flatnonzero(case.shocks.change("network.fee_median")[0] == 0.1).tolist() == list(range(24, 30))


@pytest.mark.parametrize(
    ("months", "message"),
    [
        ({"from_month": "halving"}, "changes nothing before 2028-04, and the run is from 2026-04 to 2027-03"),
        ({"from_month": "+20", "to_month": "+24"}, "changes nothing before 2028-02"),
        ({"from_month": "2025-01"}, "2025-01.: lies before the run, which begins in 2026-04"),
        ({"to_month": "2026-03"}, "2026-03.: lies before the run, which begins in 2026-04"),
    ],
)
def test_a_scenario_that_does_not_fit_the_run_is_refused(months: dict[str, str], message: str) -> None:
    market = cf.load_market(as_of="2026-03-31")
    with pytest.raises(InputError, match=message):
        prepare_market(market, scenario({"target": "network.fee_median", "value": 0.5} | months), 12)


def test_a_scenario_touched_in_part_and_one_without_months_are_run() -> None:
    market = cf.load_market(as_of="2026-03-31")
    late = {"target": "network.fee_median", "value": 0.5, "from_month": "+20"}
    for shocks in ([late, {"target": "slip", "how": "add", "value": 1.0}], [late, late | {"from_month": "+2"}]):
        assert prepare_market(market, scenario(*shocks), 12).inert == ""


# Limits


@pytest.mark.parametrize(
    ("target", "how", "value", "message"),
    [
        ("fleet.power_price", "add", -500.0, r"MARA fleet\.owned\.power_price -460 USD/MWh.*allowed 0 to 500"),
        (
            "treasury.cash",
            "add",
            -10_000.0,
            r"MARA treasury\.cash -9,460 USD m; the files say 540; allowed 0 to 500,000",
        ),
        ("fleet.uptime", "multiply", 5.0, r"MARA fleet\.hosted\.uptime 3\.8.*allowed 0 to 1"),
        ("equity.idio_volatility", "multiply", 15.0, r"MARA equity\.idio_volatility.*allowed 0 to 3"),
    ],
)
def test_a_company_is_held_within_the_limits_of_its_fields(target: str, how: str, value: float, message: str) -> None:
    case = prepare_market(cf.load_market(), scenario({"target": target, "how": how, "value": value}))
    with pytest.raises(InputError, match=message):
        prepare_company(cf.load_company("MARA"), case)


@pytest.mark.parametrize(
    ("target", "how", "value", "message"),
    [
        ("network.fee_median", "add", -500.0, "allowed 1e-30 to 1,000"),
        ("factors.window_opens", "add", 1.0, "makes factors.window_opens 1.25"),
        ("price.volatility", "multiply", 10.0, "allowed 0 to 3"),
        ("price.jump_mean", "add", 1.0, "does not give it: nothing reads it"),
    ],
)
def test_so_is_the_market(target: str, how: str, value: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        prepare_market(cf.load_market(), scenario({"target": target, "how": how, "value": value}))


def test_shocks_are_held_together_and_what_was_never_given_may_stay_so() -> None:
    """Two steps that end within the limits are allowed; a conversion price that a term loan lacks stays lacking."""
    market = cf.load_market()
    pair = scenario(
        {"target": "treasury.cash", "how": "add", "value": -10_000.0},
        {"target": "treasury.cash", "how": "set", "value": 1.0},
        {"target": "debt.conversion_price", "value": 2.0},
    )
    case = prepare_company(cf.load_company("MARA"), prepare_market(market, pair))
    assert case.data.openings[""]["opening_cash"] == 1.0
    assert 0.0 in case.data.openings["debt"]["conversion_price"]


def test_a_company_out_of_limits_is_left_out_and_the_others_run() -> None:
    shocks = scenario({"target": "treasury.cash", "how": "add", "value": -600.0})
    found = cf.compare(["MARA", "WULF"], shocks, paths=16)
    assert list(found.table.index) == ["WULF"]
    assert "MARA treasury.cash" in str(found.failures["MARA"].problems[0])


# One rule


def test_factor_and_addition_are_the_chain_of_shocks() -> None:
    """0.036 x 2 + 0.01, from month +2 set to 0.02, from +3 times 3."""
    chain = scenario(
        {"target": "network.fee_median", "value": 2.0},
        {"target": "network.fee_median", "how": "add", "value": 0.01},
        {"target": "network.fee_median", "how": "set", "value": 0.02, "from_month": "+2"},
        {"target": "network.fee_median", "value": 3.0, "from_month": "+3"},
    )
    case = prepare_market(cf.load_market(), chain, 7)
    assert case.data.inputs[""]["fee_median"] == pytest.approx([0.036] * 3 + [0.082, 0.02, 0.06, 0.06])
    factor, addition = case.shocks.change("network.fee_median")
    assert (0.036 * factor + addition).tolist() == case.data.inputs[""]["fee_median"].tolist()
