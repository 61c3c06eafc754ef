"""The tables of ``market.toml`` (state of the network, price process, factors, defaults) and of a scenario file."""

from __future__ import annotations

from datetime import date
from typing import Literal

from corpfin.inputs.company import ID, MONTH, DebtKind, HpcKind
from corpfin.inputs.draws import FACTORS
from corpfin.inputs.fields import NEVER, Table, blocks, given, text

FROM_NOW = "+"
HALVING = "halving"
SHOCK_MONTH = r"^(\d{4}-\d{2}|\+[1-9]\d{0,2}|\d{2}|halving)$"
"""A calendar month, one counted from the first that is not history (``+1``), one of every year (``07``), or that of the
first halving after history."""


def is_yearly(month: str) -> bool:
    """Whether a shock's month is one of every year: ``07``."""
    return len(month) == 2 and month.isdecimal()


class Network(Table):
    """[network]: the bitcoin network at the start and how it answers the price."""

    as_of: date = text("Last day before the first projected month", required=True)
    network_hashrate: float = given(
        "EH/s", "Network hash rate, mean of the last month before the start", required=True, gt=0
    )
    installed_capacity: float | None = given(
        "EH/s",
        "Machines installed, running or not; solved from the hash rate and the machines that pay when left out",
        absent=-1,
        gt=0,
    )
    log_fees: float = given("1", "Natural log of the fees per block in BTC, last month before the start", required=True)
    fee_median: float = given("BTC/block", "Fees per block the process returns to", required=True, gt=0)
    fee_persistence: float = given(
        "1", "Share of last month's log deviation of fees that remains", required=True, ge=0, lt=1
    )
    fee_volatility: float = given("1", "Monthly volatility of log fees", required=True, ge=0, le=3)
    halving_date: date = given(
        "1",
        "Expected day of the next halving; later ones and the subsidy follow by protocol",
        required=True,
        model=False,
    )
    power_median: float = given("USD/MWh", "Median electricity price across miners", required=True, gt=0)
    power_spread: float = given(
        "1", "Standard deviation of log electricity price across miners", required=True, gt=0, le=2
    )
    response_speed: float = given(
        "1", "Share of the gap between hash rate and profitable capacity closed in a month", required=True, ge=0, le=1
    )
    hashrate_response: float = given(
        "1", "1: hash rate answers the price; 0: it grows at exogenous_growth", required=True, ge=0, le=1
    )
    exogenous_growth: float = given(
        "1/month", "Monthly growth of hash rate when it does not answer the price", required=True, ge=-0.2, le=0.2
    )
    network_orders: float = given("EH/s", "Machines paid for and not yet delivered at the start", required=True, ge=0)
    delivery_months: float = given("month", "Mean time from paying for machines to their delivery", required=True, ge=1)
    efficiency_progress: float = given(
        "1/year", "Yearly fall of the energy per hash of the newest machines", required=True, ge=0, le=1
    )
    machine_price: float = given("USD/TH", "Price of the newest machines at the start, installed", required=True, gt=0)
    machine_price_payback: float = given(
        "month", "Months of margin that buyers pay for a new machine", required=True, gt=0, le=120
    )
    machine_price_lag: float = given(
        "month", "Mean time in which machine price follows what machines earn", required=True, ge=1
    )
    machine_cost: float = given(
        "USD/TH", "Cost of making the newest machines and bringing them to the site, at the start", required=True, gt=0
    )
    machine_cost_decline: float = given("1/year", "Yearly fall of that cost", required=True, ge=0, le=1)
    hurdle_yield: float = given("1/year", "Yearly margin over machine price at which orders start", required=True, ge=0)
    investment_sensitivity: float = given(
        "year", "Share of capacity ordered a month per unit of yearly yield above the hurdle", required=True, ge=0, le=1
    )
    hashrate_volatility: float = given(
        "1", "Monthly volatility of hash rate that price does not explain", required=True, ge=0, le=1
    )
    jpm_power_price: float = given("USD/MWh", "Electricity price in JPMorgan's production cost", required=True, gt=0)
    jpm_efficiency: float = given(
        "J/TH", "Efficiency in JPMorgan's production cost, as reconstructed", required=True, gt=0
    )


class Machine(Table):
    """[[machine]]: one class of the world's mining machines."""

    id: str = text("Name of the class", required=True, pattern=ID)
    name: str | None = text("Machines in the class")
    machine_efficiency: float = given(
        "J/TH",
        "Energy per hash; before its first_sale, that of the best class on sale at the start",
        required=True,
        gt=0,
    )
    capacity_share: float = given("1", "Share of the installed capacity at the start", required=True, ge=0, le=1)
    investment_share: float = given(
        "1", "Weight among new orders while the class is on sale", required=True, ge=0, le=1
    )
    first_sale: date | None = given("month", "First day on which it can be ordered", absent=0)
    last_sale: date | None = given("month", "Last day on which it can be ordered", absent=NEVER)
    order_share: float | None = given("1", "Share of network_orders that is of this class", ge=0, le=1, absent=0)
    retirement: float = given("1/month", "Share of the class scrapped each month", required=True, ge=0, le=1)
    conversion: float = given(
        "1/month", "Share of the class that gives its power to AI each month", required=True, ge=0, le=1
    )


class KnownMonth(Table):
    """[[known_month]]: a month that is history: nothing in it is random."""

    month: str = text("Month, YYYY-MM", required=True, pattern=MONTH)
    price_mean: float = given("USD/BTC", "Mean price of the month", required=True, gt=0, model=False)
    price_end: float = given("USD/BTC", "Price at its end", required=True, gt=0, model=False)
    hashrate: float = given("EH/s", "Mean network hash rate", required=True, gt=0, model=False)
    fees_per_block: float | None = given("BTC/block", "Mean fees per block", gt=0, model=False)
    power_index: float | None = given(
        "1", "Index price of electricity over the contract's; 1 when left out", gt=0, le=20, model=False
    )
    credit_open: bool | None = given("1", "Whether maturities could be rolled over; true when left out", model=False)
    ai_return: float | None = given(
        "1", "Log return of the AI-equity factor; 0 when left out", ge=-3, le=3, model=False
    )


class Price(Table):
    """[price]: how bitcoin moves after the last known month."""

    process: Literal["lognormal", "merton", "two_regime", "bootstrap"] = text("Price process", required=True)
    btc_close: float = given(
        "USD/BTC", "Price at the end of the month before the first projected one", required=True, gt=0
    )
    volatility: float = given("1/year**0.5", "Volatility of the bitcoin price", required=True, ge=0, le=3, model=False)
    drift: float = given(
        "1/year",
        "Expected growth of the price; zero is an assumption, not a forecast",
        required=True,
        ge=-1,
        le=2,
        model=False,
    )
    jump_intensity: float | None = given("1/year", "merton: expected number of jumps", ge=0, le=365, model=False)
    jump_mean: float | None = given("1", "merton: mean of the log of a jump", ge=-3, le=3, model=False)
    jump_volatility: float | None = given("1", "merton: spread of the log of a jump", ge=0, le=3, model=False)
    turbulent_volatility: float | None = given(
        "1/year**0.5",
        "two_regime: volatility in turbulent months; volatility is that of calm ones",
        ge=0,
        le=5,
        model=False,
    )
    worsens: float | None = given("1", "two_regime: monthly probability that calm ends", ge=0, le=1, model=False)
    calms: float | None = given("1", "two_regime: monthly probability that turbulence ends", ge=0, le=1, model=False)
    history_file: str | None = text("bootstrap: CSV file beside this one with a column price_end, one row a month")
    mean_block: float | None = given("month", "bootstrap: mean length of a run of months", ge=1, le=120, model=False)


class Factors(Table):
    """[factors]: the other random things, shared by all companies."""

    ai_volatility: float = given(
        "1/year**0.5", "Volatility of the AI-equity factor", required=True, ge=0, le=3, model=False
    )
    ai_btc_correlation: float = given("1", "Its correlation with bitcoin", required=True, ge=-1, le=1, model=False)
    power_volatility: float = given(
        "1", "Monthly volatility of the log power index", required=True, ge=0, le=3, model=False
    )
    power_persistence: float = given(
        "1",
        "Share of last month's log deviation of the power index that remains",
        required=True,
        ge=0,
        lt=1,
        model=False,
    )
    window_closes: float = given(
        "1", "Monthly probability that an open credit window closes", required=True, ge=0, le=1, model=False
    )
    window_opens: float = given(
        "1", "Monthly probability that a closed one opens", required=True, ge=0, le=1, model=False
    )
    window_ai_beta: float = given(
        "1",
        "Rise of the closing odds (log) per standard deviation of fall in the AI-equity factor",
        required=True,
        ge=0,
        model=False,
    )
    idio_persistence: float = given(
        "1",
        "Share of last month's log deviation of a share from what the factors imply that remains",
        required=True,
        ge=0,
        le=1,
        model=False,
    )
    slip_on_time: float = given("1", "Probability that a project is on time", required=True, ge=0, le=1, model=False)
    slip_median: float = given(
        "1", "Median slip of a late project over its planned remaining duration", required=True, ge=0, model=False
    )
    slip_sigma: float = given("1", "Spread of log slip", required=True, ge=0, le=3, model=False)
    overrun_median: float = given(
        "1", "Median of actual over guided construction cost", required=True, gt=0, model=False
    )
    overrun_sigma: float = given("1", "Spread of log cost factor", required=True, ge=0, le=3, model=False)
    gpu_overrun_median: float = given(
        "1", "Median of actual over agreed cost of computers", required=True, gt=0, model=False
    )
    gpu_overrun_sigma: float = given("1", "Spread of its logarithm", required=True, ge=0, le=3, model=False)


class Finance(Table):
    """[finance]: rates and rules that hold for every company."""

    cash_yield: float = given("1/year", "Interest earned on cash", required=True, ge=0, le=0.2)
    refinancing_spread: float = given(
        "1/year", "Added to the coupon when a maturity is rolled over", required=True, ge=0, le=0.5
    )
    refinancing_coupon: float = given(
        "1/year", "Lowest coupon of a rolled-over instrument", required=True, ge=0, le=0.5
    )
    refinancing_term: float = given("month", "Term of a rolled-over instrument", required=True, ge=1, le=240)
    refinancing_leverage: float = given(
        "1", "Net corporate debt over enterprise value above which nothing is rolled over", required=True, ge=0, le=2
    )
    fleet_resale: float | None = given(
        "1", "Price of own machines in a forced sale over that of new ones, by hash rate; 0: none", ge=0, le=1, absent=0
    )
    site_resale: float | None = given(
        "USD m/MW", "Price of a mining site's power in a forced sale, machines apart", ge=0, le=20, absent=0
    )
    noi_multiple: float | None = given(
        "year", "Price of a finished and let project over its net operating income of a year", ge=0, le=40, absent=0
    )
    finished_discount: float | None = given(
        "1", "Discount of a finished project that lenders sell", ge=0, le=1, absent=0
    )
    unfinished_discount: float | None = given("1", "The same of one under construction", ge=0, le=1, absent=0)
    administration_share: float | None = given(
        "1", "Costs of an insolvency over what is distributed in it", ge=0, le=1, absent=0
    )
    tax_rate: float = given("1", "Corporate income tax", required=True, ge=0, le=0.6)
    tax_loss_limit: float = given("1", "Share of taxable income that old losses may offset", required=True, ge=0, le=1)
    distress_coverage: float = given(
        "1", "Liquidity over next year's needs below which the share carries a distress discount", required=True, gt=0
    )
    hpc_depreciation_life: float = given("year", "Life of HPC buildings and plant", required=True, gt=0, le=60)


class MarketTables(Table):
    """A whole market file without its sources and defaults: the one list of its tables and blocks."""

    network: Network = text("Network", required=True)
    machine: list[Machine] = text("Machine classes", required=True, min_length=1)
    known_month: list[KnownMonth] = blocks("Months that are history")
    price: Price = text("Bitcoin price", required=True)
    factors: Factors = text("Other factors", required=True)
    finance: Finance = text("Rates and rules", required=True)


class ScenarioHead(Table):
    """[scenario]: name and story."""

    name: str = text("Name of the scenario", required=True, pattern=ID)
    story: str = text("Two lines for people", required=True, min_length=1)


class Shock(Table):
    """[[shock]]: one input or factor changed for some months, or for good."""

    target: str = text(
        f"What is changed: a factor ({', '.join(FACTORS)}) or table.field "
        "(network.fee_median, price.volatility, equity.atm_participation, hpc.annual_revenue)",
        required=True,
        min_length=1,
    )
    how: Literal["add", "multiply", "set"] = text("How", required=True)
    value: float = text("By or to what", required=True)
    from_month: str | None = text(
        "First month: YYYY-MM; +1, +2 ... counted from history's end; MM of every year; halving. +1 when left out",
        pattern=SHOCK_MONTH,
    )
    to_month: str | None = text("Last month, written likewise; the end when left out", pattern=SHOCK_MONTH)
    kind: Literal[HpcKind, DebtKind] | None = text("Only projects or instruments of this kind; all when left out")
    why: str = text("Reason or source", required=True, min_length=1)


class ScenarioTables(Table):
    """A whole scenario file."""

    scenario: ScenarioHead = text("Head", required=True)
    shock: list[Shock] = blocks("Shocks")
