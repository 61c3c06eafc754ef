"""Limits and relations every company obeys, over companies drawn by Hypothesis from the shipped ones.

A drawn company is a shipped one with cash, bitcoin, costs, debts, projects and policy changed within wide bounds; it is
run on 64 paths of the market by the kernel, which other tests hold equal to the interpreter.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpfin.lines.constants import BILL_EXCHANGE, BILL_MATURITY, DUST_BTC
from corpfin.runs.cases import CompanyCase
from corpfin.runs.declared import BLOCKS, company_inputs
from corpfin.runs.graphs import company_graph, company_kernel
from tests.runs.cases import SHIPPED, company_case, input_of, paths, run, run_each, with_inputs, with_rows

NEVER = 100_000.0
LINES = [line for line in company_graph().lines if not line.scope]
NAMES = [line.name for line in LINES]
CHECKS = [name for name in NAMES if name.startswith("check_")]

EXTENSIVE = {"USD m", "USD m/quarter", "USD m/year", "m share", "m share/day", "BTC", "MW", "MWh", "EH/s"}
"""Units of what doubles when a company is doubled."""
INTENSIVE = {
    "1", "month", "year", "1/year", "1/month", "1/quarter", "USD/share", "USD/MWh", "USD/BTC", "USD/TH", "USD m/MW",
    "J/TH",
}  # fmt: skip
"""Units of what does not."""

COUNTS = {
    "total_hpc_ring_defaulted", "projects_lost", "total_hpc_loan_defaults", "total_hpc_loan_in_breach",
    "total_hpc_loan_called", "total_hpc_cures", "total_debt_liquidity_short", "total_debt_in_breach",
    "total_debt_event_of_default", "total_debt_cross_defaulted", "total_debt_headroom",
}  # fmt: skip
"""Lines that add up over projects and debts what each has whole, and so count the halves of one."""

RANKED = {
    "total_debt_unsecured_claim", "total_debt_subordinated_claim", "unsecured_claims", "unsecured_distributed",
    "subordinated_claims", "subordinated_distributed", "unsecured_recovery", "subordinated_recovery", "notes_recovered",
    "trade_recovered", "total_debt_claim_recovered", "total_hpc_guarantee_recovered", "check_recovery",
}  # fmt: skip
"""What a convertible, which ranks behind the others, may change in a winding up."""

OF_THE_BORROWER = {"minimum_liquidity", "minimum_market_cap", "cross_default_threshold"}
"""Terms of a debt that ask something of its borrower: half of a note asks as much."""

drawn = settings()
"""As many as the profile says: 40, or 2,000 with ``--hypothesis-profile long``."""


@dataclass(frozen=True)
class Like:
    """A company like a shipped one, in the few figures in which it differs, so that a failure prints what matters."""

    ticker: str
    times: Mapping[tuple[str, str], float]
    to: Mapping[tuple[str, str], float]

    @property
    def case(self) -> CompanyCase:
        """The company as figures."""
        times = {key: scale(factor) for key, factor in self.times.items()}
        return with_inputs(company_case(self.ticker, known="market"), {**times, **self.to})


def scale(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda old: old * factor


TIMES = {
    ("", "opening_cash"): (0, 3),
    ("", "opening_btc"): (1, 3),  # not less than what is pledged
    ("", "cash_sga"): (0.2, 3),
    ("fleet", "opening_hashrate"): (0.5, 2),
    ("fleet", "power_price"): (0.3, 2),
    ("debt", "principal"): (0.3, 2),
    ("debt", "coupon"): (0, 2),
    ("hpc", "capex_per_mw"): (0.7, 1.5),
    ("hpc", "noi_margin"): (0.5, 1),
}
"""Range of the factor by which an input of the shipped company is multiplied."""

SWITCHES = (("debt", "refinanceable"), ("hpc", "committed"), ("hpc", "completion_guarantee"))


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of two decimals."""
    return st.integers(round(100 * low), round(100 * high)).map(lambda number: number / 100)


def companies(tickers: Sequence[str] = SHIPPED) -> st.SearchStrategy[Like]:
    """Companies like the shipped ones."""
    sources = [("", f"{source}_rank") for source in ("revolver", "btc", "atm")]
    ranks = st.permutations((1.0, 2.0, 3.0)).map(lambda order: dict(zip(sources, order, strict=True)))
    policy = st.fixed_dictionaries(
        {
            ("", "production_sold"): hundredths(0, 1),
            ("", "minimum_cash_months"): hundredths(0, 12),
            **{switch: st.sampled_from((0.0, 1.0)) for switch in SWITCHES},
        }
    )
    return st.builds(
        Like,
        st.sampled_from(tickers),
        st.fixed_dictionaries({key: hundredths(*limits) for key, limits in TIMES.items()}),
        st.builds(operator.or_, ranks, policy),
    )


def every_line(case: CompanyCase) -> dict[str, np.ndarray]:
    """Every line of the company itself [M, P], totals of blocks included."""
    return run(case, paths(64), NAMES)


def default_month(case: CompanyCase) -> np.ndarray:
    """Month of default [P], infinite where there is none."""
    found = run(case, paths(64), ["default_month"])["default_month"][-1]
    return np.where(found == 0, np.inf, found)


def equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray], tolerance: float = 0.0) -> list[str]:
    """Lines that differ by more than the tolerance, relative to the larger of the two and 1."""
    return [
        name
        for name in one
        if not (
            np.abs(one[name] - other[name])
            <= tolerance * np.maximum(np.maximum(np.abs(one[name]), np.abs(other[name])), 1)
        ).all()
    ]


# Identities


@drawn
@given(companies())
def test_every_check_holds(like: Like) -> None:
    found = run(like.case, paths(64), CHECKS)
    assert {name: worst for name, rows in found.items() if not (worst := np.abs(rows).max()) < 1e-6} == {}


def test_drawn_companies_fail_and_survive() -> None:
    """The draw reaches both sides; else the relations below would say nothing."""
    fates = set()

    @settings(database=None)
    @given(companies())
    def look(like: Like) -> None:
        fates.update(np.isinf(default_month(like.case)).tolist())

    look()
    assert fates == {True, False}


# Survival

NO_MARKET = {
    ("", "atm_participation"): 0,
    ("", "average_daily_volume"): 0,
    ("", "equity_growth"): 0,
    ("", "btc_target"): 0,
    ("", "growth_appetite"): 0,
    ("", "maintenance_share"): 0,
    ("", "deepest_cut"): 0,
}
"""Nobody buys shares or notes, all that is mined is sold, nothing is spent but what must be, and nothing is cut."""


def profitable(case: CompanyCase, cash: float, sga: float, power: float) -> CompanyCase:
    """Nothing built or bought, fleets that curtail below cost, production sold, overhead in cash to the horizon."""
    return with_inputs(
        with_rows(with_rows(case, "hpc", []), "purchase", []),
        {
            ("", "opening_cash"): cash + 42 * sga,  # twice the horizon's, for overhead moves
            ("", "cash_sga"): sga,
            ("", "other_operating_cost"): 0,
            ("", "stock_compensation"): 0,
            ("", "production_sold"): 1,
            ("", "opening_btc"): 0,
            ("", "opening_btc_loaned"): 0,
            **NO_MARKET,
            ("fleet", "power_price"): power,
            ("fleet", "indexed_share"): 0,
            ("fleet", "site_cost"): 0,
            ("fleet", "target_month"): NEVER,
            ("fleet", "retirement"): 0,
        },
    )


@drawn
@given(companies(), hundredths(0, 100), hundredths(0, 50), hundredths(0, 200))
def test_without_debt_and_with_a_profit_it_survives(like: Like, cash: float, sga: float, power: float) -> None:
    safe = profitable(with_rows(like.case, "debt", []), cash, sga, power)
    assert np.isinf(default_month(safe)).all()


@drawn
@given(companies(), st.integers(1, 60))
def test_a_note_it_cannot_pay_ends_it_in_the_month_it_falls_due(like: Like, due: int) -> None:
    """The same company with one note of far more than it could ever earn."""
    off = (
        "convertible",
        "btc_loan",
        "revolver",
        "annuity",
        "straight_line",
        "refinanceable",
        "collateral_btc",
        "coupon",
    )
    indebted = with_inputs(
        profitable(with_rows(like.case, "debt", [0]), 10, 1, 50),
        {
            **{("debt", name): 0 for name in off},
            **{("debt", f"{event}_month"): NEVER for event in ("repaid", "put", "second_put", "call")},
            ("debt", "issue_month"): 0,
            ("debt", "principal"): 1e6,
            ("debt", "maturity_month"): due,
        },
    )
    found = run(indebted, paths(64), ["default_month", "first_unpaid_bill"])
    assert (found["default_month"][-1] == due).all()
    assert np.isin(found["first_unpaid_bill"][-1], (BILL_MATURITY, BILL_EXCHANGE)).all()


def nothing_to_decide(case: CompanyCase) -> CompanyCase:
    """The company with cash as its only source of money and bills that do not depend on it.

    Where there is a choice, more money can do harm on single paths, as it can in life: a richer company sells fewer
    shares and bitcoin before prices fall, lets its fleets grow, and goes on paying into a project that a poorer one has
    lost to its lenders. Dearer debt makes a treasurer who keeps months of cost pay suppliers less ahead.
    """
    return with_inputs(
        case,
        {
            **NO_MARKET,
            ("", "production_sold"): 1,
            ("", "minimum_cash_months"): 0,
            ("", "opening_btc"): 0,
            ("", "opening_btc_loaned"): 0,
            ("debt", "collateral_btc"): 0,
            ("debt", "btc_loan"): 0,
            ("debt", "refinanceable"): 0,
            ("fleet", "target_month"): NEVER,
            ("hpc", "committed"): 1,
            ("hpc", "loan_principal"): 0,
        },
    )


@drawn
@given(companies(), hundredths(0, 2000))
def test_more_cash_never_brings_default_forward(like: Like, more: float) -> None:
    poor = nothing_to_decide(like.case)
    rich = with_inputs(poor, {("", "opening_cash"): lambda old: old + more})
    assert (default_month(rich) >= default_month(poor)).all()


@drawn
@given(companies(), hundredths(0, 0.2))
def test_a_higher_coupon_never_puts_default_off(like: Like, more: float) -> None:
    cheap = nothing_to_decide(like.case)
    dear = with_inputs(cheap, {("debt", "coupon"): lambda old: old + more})
    assert (default_month(dear) <= default_month(cheap)).all()


@drawn
@given(companies(), hundredths(0, 1))
def test_more_overhead_never_puts_default_off(like: Like, more: float) -> None:
    lean = nothing_to_decide(like.case)
    fat = with_inputs(lean, {("", "cash_sga"): scale(1 + more)})
    assert (default_month(fat) <= default_month(lean)).all()


def test_the_relations_compare_companies_that_differ() -> None:
    """More cash and a higher coupon move defaults; else the three relations above would say nothing."""
    case = nothing_to_decide(company_case("MARA", known="market"))
    months = default_month(case)
    assert (default_month(with_inputs(case, {("", "opening_cash"): lambda old: old + 500})) > months).any()
    assert (default_month(with_inputs(case, {("debt", "coupon"): lambda old: old + 0.2})) < months).any()


HORIZONS = (12, 24, 36, 60)
SEEDS = range(4)
"""Four times 1,024 paths."""

ERRORS = 3.5
"""Standard errors allowed to luck."""


def alive(case: CompanyCase) -> np.ndarray:
    """1 where a path is not in default, by horizon [H, P]."""
    parts = [
        found["default_month"] for found in run_each(case, [paths(1024, seed) for seed in SEEDS], ["default_month"])
    ]
    return (np.concatenate(parts, axis=1)[[month - 1 for month in HORIZONS]] == 0).astype(float)


def losses(better: CompanyCase, worse: CompanyCase) -> dict[int, float]:
    """Survival the company that should be better loses against the other, in standard errors, where beyond luck."""
    difference = alive(worse) - alive(better)
    mean, error = difference.mean(axis=1), difference.std(axis=1) / np.sqrt(difference.shape[1])
    found = {month: mean[k] / error[k] for k, month in enumerate(HORIZONS) if mean[k] > 0}
    return {month: value for month, value in found.items() if value > ERRORS}


@pytest.mark.slow
@drawn
@given(companies(), hundredths(0, 2000))
def test_more_cash_lowers_no_survival(like: Like, more: float) -> None:
    """With every choice open, what holds where there is none holds for survival over many paths.

    A single path may still do worse with more: the richer company sells shares later, and the price has fallen.
    """
    rich = with_inputs(like.case, {("", "opening_cash"): lambda old: old + more})
    assert losses(better=rich, worse=like.case) == {}


@pytest.mark.slow
@drawn
@given(companies(), hundredths(0, 3))
def test_more_bitcoin_lowers_no_survival(like: Like, more: float) -> None:
    rich = with_inputs(like.case, {("", "opening_btc"): scale(1 + more)})
    assert losses(better=rich, worse=like.case) == {}


@pytest.mark.slow
@drawn
@given(companies(), hundredths(0, 0.2))
def test_a_higher_coupon_raises_no_survival(like: Like, more: float) -> None:
    dear = with_inputs(like.case, {("debt", "coupon"): lambda old: old + more})
    assert losses(better=like.case, worse=dear) == {}


@pytest.mark.slow
@drawn
@given(companies(), st.sampled_from((("", "atm_participation"), ("debt", "refinanceable"))))
def test_a_source_of_money_less_raises_no_survival(like: Like, source: tuple[str, str]) -> None:
    """Neither shares at the market nor roll-overs are a trap the treasurer walks into."""
    assert losses(better=like.case, worse=with_inputs(like.case, {source: 0.0})) == {}


def test_the_losses_of_survival_are_noticed() -> None:
    """What should be better and is worse is found; else the three relations above would say nothing."""
    case = company_case("MARA", known="market")
    indebted = with_inputs(case, {("debt", "principal"): scale(1.5)})
    assert set(losses(better=indebted, worse=case)) == set(HORIZONS[1:])
    assert losses(better=case, worse=indebted) == {}


# Terms of debt


@drawn
@given(companies())
def test_convertible_far_out_of_the_money_is_a_bond(like: Like) -> None:
    far = {
        ("debt", "conversion_price"): 1e6,
        ("debt", "capped_call_price"): 0,
        ("debt", "put_month"): NEVER,
        ("debt", "second_put_month"): NEVER,
        ("debt", "repaid_in_shares"): 0,
        ("debt", "revolver"): 0,
        ("debt", "btc_loan"): 0,
        ("debt", "collateral_btc"): 0,
    }
    convertible = every_line(with_inputs(like.case, {**far, ("debt", "convertible"): 1}))
    bond = every_line(with_inputs(like.case, {**far, ("debt", "convertible"): 0}))
    assert set(equal(convertible, bond)) <= RANKED | {
        "equity_residual"
    }  # what is left after other sums: rounding alone
    paid = [rows["unsecured_distributed"] + rows["subordinated_distributed"] for rows in (convertible, bond)]
    assert np.allclose(*paid, rtol=1e-9, atol=1e-9)
    assert np.allclose(convertible["equity_residual"], bond["equity_residual"], rtol=1e-9, atol=1e-9)


def test_convertible_in_the_money_is_not_a_bond() -> None:
    near = {("debt", "conversion_price"): 0.5, ("debt", "repaid_month"): NEVER}
    convertible = every_line(with_inputs(company_case("WULF", known="market"), {**near, ("debt", "convertible"): 1}))
    bond = every_line(with_inputs(company_case("WULF", known="market"), {**near, ("debt", "convertible"): 0}))
    assert "total_debt_new_shares" in equal(convertible, bond)


@drawn
@given(companies())
def test_zero_coupon_means_no_interest(like: Like) -> None:
    free = with_inputs(like.case, {("debt", "coupon"): 0, ("debt", "refinanceable"): 0})
    found = run(free, paths(64), ["total_debt_interest", "total_debt_balance"])
    assert (found["total_debt_interest"] == 0).all()
    assert input_of(free, "debt", "principal").size == 0 or (found["total_debt_balance"] > 0).any()


# Size


def test_every_unit_is_known_to_grow_or_not() -> None:
    assert {line.unit for line in LINES} | {item.field.spec.unit or "1" for item in company_inputs()} <= (
        EXTENSIVE | INTENSIVE
    )


def resized(case: CompanyCase, factor: float) -> CompanyCase:
    """The company with everything that has a size multiplied: money, bitcoin, shares, megawatts, hash rate."""
    sizes = [(item.scope, item.name) for item in company_inputs() if item.field.spec.unit in EXTENSIVE]
    return with_inputs(case, {key: scale(factor) for key in sizes})


@drawn
@given(companies(), st.integers(-2, 6).filter(bool))
def test_twice_the_company_has_the_same_ratios(like: Like, power: int) -> None:
    """Powers of two, so that rounding scales too and every line must fit to the last bit.

    As long as the network is no smaller than the company, for all there is to mine does not grow with it, and its
    bitcoin is no trace, for what counts as dust does not grow either.
    """
    factor = 2.0**power
    small, large = every_line(like.case), every_line(resized(like.case, factor))
    so_far = scales(small) & scales(large)
    assume(so_far[-1].any())
    grown = {line.name: small[line.name] * (factor if line.unit in EXTENSIVE else 1) for line in LINES}
    found = {name: rows[so_far] for name, rows in large.items()}
    assert equal({name: rows[so_far] for name, rows in grown.items() if name not in CHECKS}, found) == []


def of_network(name: str) -> np.ndarray:
    """A line of the market [M, P]."""
    return paths(64).outer["market"][[row.name for row in company_kernel().needs["market"]].index(name)]


def scales(rows: dict[str, np.ndarray]) -> np.ndarray:
    """Months and paths [M, P] until a company is larger than the network, or holds bitcoin that is next to nothing."""
    within = rows["total_fleet_hashrate"] <= of_network("network_hashrate")
    held = rows["btc"]
    return np.logical_and.accumulate(within & ((held == 0) | (held > 100 * DUST_BTC)), axis=0)


def test_a_company_beyond_the_network_mines_all_there_is() -> None:
    """MARA a hundred times over: by the law of a smaller one it would mine more than the network pays."""
    huge = every_line(resized(company_case("MARA", known="market"), 128.0))
    assert not scales(huge).any()
    paid = of_network("network_btc")
    assert (huge["total_fleet_btc_mined"] <= paid * (1 + 1e-12)).all()
    assert (huge["total_fleet_btc_mined"] > 0.9 * paid).any()


def test_twice_the_cash_alone_changes_ratios() -> None:
    small = every_line(company_case("CORZ", known="market"))
    large = every_line(with_inputs(company_case("CORZ", known="market"), {("", "opening_cash"): scale(2)}))
    assert {"leverage", "coverage"} <= set(equal(small, large))


# Parts


def halved(case: CompanyCase, block: str, k: int) -> CompanyCase:
    """The company with instance ``k`` of a block replaced by two halves of it."""
    count = case.data.count(block)
    part = np.ones(count + 1)
    part[[k, count]] = 0.5
    sizes = [item.name for item in company_inputs() if item.scope == block and item.field.spec.unit in EXTENSIVE]
    sizes = [name for name in sizes if name not in OF_THE_BORROWER]

    def halve(old: np.ndarray) -> np.ndarray:
        # a figure below zero says that the file does not give it
        return np.where(old < 0, old, old * part.reshape(-1, *[1] * (old.ndim - 1)))

    return with_inputs(with_rows(case, block, [*range(count), k]), {(block, name): halve for name in sizes})


@pytest.mark.parametrize("block", [block for block in BLOCKS if block != "machine"])
@settings(max_examples=drawn.max_examples // 2)
@given(data=st.data())
def test_two_halves_make_a_whole(block: str, data: st.DataObject) -> None:
    """A note, fleet, project, warrant or share sale split in two is the same company."""
    have = tuple(ticker for ticker in SHIPPED if company_case(ticker).data.count(block))
    case = data.draw(companies(have)).case
    if block == "hpc":  # each half would have a delay and cost of its own
        case = replace(case, randomness=case.randomness.certain())
    k = data.draw(st.integers(0, case.data.count(block) - 1))
    whole, parts = every_line(case), every_line(halved(case, block, k))
    assert set(equal(whole, parts, 1e-9)) <= COUNTS


# Horizon


@pytest.mark.parametrize("ticker", ["WULF", "MARA", "BTDR"])
@pytest.mark.parametrize("months", [1, 4, 25, 59])
def test_a_longer_horizon_changes_no_earlier_month(ticker: str, months: int) -> None:
    long = run(company_case(ticker, known="market"), paths(64), NAMES)
    short = run(company_case(ticker, months, "market"), paths(64, months=months), NAMES)
    assert equal({name: rows[:months] for name, rows in long.items()}, short) == []
