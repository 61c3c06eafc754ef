"""The tables of ``market.toml`` (state of the network, price process, factors, defaults) and of a scenario file.

One file: whoever writes a market file wants every table of it in one place.
"""

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


_LEVEL = r" *(\d{4}-\d{2}|\+[1-9]\d{0,2}|halving) *= *-?\d+(\.\d+)? *"
LEVELS = f"^{_LEVEL}(,{_LEVEL})*$"
"""Months and levels of a path: ``+6 = 45000, 2027-12 = 80000``."""


def field_of(target: str) -> tuple[str, str | None]:
    """A target as ``table.field`` and the id between them, None without one.

    >>> field_of("debt.conv-2031.coupon"), field_of("hpc.annual_revenue"), field_of("btc_price")
    (('debt.coupon', 'conv-2031'), ('hpc.annual_revenue', None), ('btc_price', None))
    """
    parts = target.split(".")
    return (f"{parts[0]}.{parts[2]}", parts[1]) if len(parts) == 3 else (target, None)


def dated_levels(levels: str) -> list[tuple[str, float]]:
    """The months and levels that a path names.

    >>> dated_levels("+6 = 45000, 2027-12 = 80000")
    [('+6', 45000.0), ('2027-12', 80000.0)]
    """
    pairs = (part.split("=") for part in levels.split(","))
    return [(month.strip(), float(level)) for month, level in pairs]


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
    log_fees: float = given(
        "1", "Natural log of the fees per block in BTC, last month before the start", required=True, ge=-70, le=7
    )
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
    delivery_months: float = given(
        "month", "Mean time from paying for machines to their delivery", required=True, ge=1, le=60
    )
    efficiency_progress: float = given(
        "1/year", "Yearly fall of the energy per hash of the newest machines", required=True, ge=0, le=1
    )
    machine_price: float = given("USD/TH", "Price of the newest machines at the start, installed", required=True, gt=0)
    machine_price_payback: float = given(
        "month", "Months of margin that buyers pay for a new machine", required=True, gt=0, le=120
    )
    machine_price_lag: float = given(
        "month", "Mean time in which machine price follows what machines earn", required=True, ge=1, le=120
    )
    machine_cost: float = given(
        "USD/TH", "Cost of making the newest machines and bringing them to the site, at the start", required=True, gt=0
    )
    machine_cost_decline: float = given("1/year", "Yearly fall of that cost", required=True, ge=0, le=1)
    hurdle_yield: float = given(
        "1/year", "Yearly margin over machine price at which orders start", required=True, ge=0, le=10
    )
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
    past_btc_high: float | None = given(
        "USD/BTC",
        "Highest month-end price of the year before the start; the price at the start when left out",
        ge=0,
        absent=0,
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
        le=20,
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
    policy_persistence: float | None = given(
        "1",
        "Share of last month's deviation of a treasurer from his own policy that remains",
        ge=0,
        lt=1,
        absent=0,
        model=False,
    )
    operating_persistence: float | None = given(
        "1", "Share of last month's shock to uptime and to overhead that remains", ge=0, lt=1, absent=0, model=False
    )
    slip_on_time: float = given("1", "Probability that a project is on time", required=True, ge=0, le=1, model=False)
    slip_median: float = given(
        "1",
        "Median slip of a late project over its planned remaining duration",
        required=True,
        ge=0,
        le=20,
        model=False,
    )
    slip_sigma: float = given("1", "Spread of log slip", required=True, ge=0, le=3, model=False)
    overrun_median: float = given(
        "1", "Median of actual over guided construction cost", required=True, gt=0, le=20, model=False
    )
    overrun_sigma: float = given("1", "Spread of log cost factor", required=True, ge=0, le=3, model=False)
    project_correlation: float | None = given(
        "1",
        "Correlation of slip and of cost, on a normal scale, between any two projects of a company",
        ge=0,
        le=1,
        absent=0,
        model=False,
    )
    gpu_overrun_median: float = given(
        "1", "Median of actual over agreed cost of computers", required=True, gt=0, le=20, model=False
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
    refinancing_term: float = given(
        "month", "Term of a rolled-over instrument, and of a loan raised against a lease", required=True, ge=1, le=240
    )
    refinancing_leverage: float = given(
        "1", "Net corporate debt over enterprise value above which nothing is rolled over", required=True, ge=0, le=2
    )
    payment_horizon: float | None = given(
        "month",
        "How far ahead cash is kept for puts and maturities before anything optional is built",
        ge=0,
        le=120,
        absent=0,
    )
    fleet_resale: float | None = given(
        "1", "Price of own machines in a forced sale over that of new ones, by hash rate; 0: none", ge=0, le=1, absent=0
    )
    site_resale: float | None = given(
        "USD m/MW", "Price of a mining site's power in a forced sale, machines apart", ge=0, le=20, absent=0
    )
    asset_sale: bool | None = given("1", "Machines and sites are sold before a bill stays unpaid", absent=0)
    noi_multiple: float | None = given(
        "year", "Price of a finished and let project over its net operating income of a year", ge=0, le=40, absent=0
    )
    relet_multiple: float | None = given(
        "year",
        "The same once the tenant is lost: of one let again to a tenant nobody guarantees",
        ge=0,
        le=40,
        absent=0,
    )
    finished_discount: float | None = given(
        "1", "Discount of a finished project that lenders sell", ge=0, le=1, absent=0
    )
    unfinished_discount: float | None = given("1", "The same of one under construction", ge=0, le=1, absent=0)
    administration_share: float | None = given(
        "1", "Costs of an insolvency over what is distributed in it", ge=0, le=1, absent=0
    )
    prospect_conversion: float | None = given(
        "1/year",
        "Share of the capacity not let for which leases are signed a year; 0 in the base case",
        ge=0,
        le=5,
        absent=0,
    )
    prospect_capex: float | None = given("USD m/MW", "Cost of building it", ge=0, le=60, absent=0)
    prospect_noi: float | None = given(
        "USD m/(MW*year)", "Net operating income of it in the first contract year", ge=0, le=20, absent=0
    )
    prospect_months: float | None = given("month", "Mean time from lease to delivery", ge=0, le=120, absent=0)
    prospect_lent: float | None = given("1", "Share of its cost that lenders pay", ge=0, le=1, absent=0)
    prospect_cover: float | None = given("1", "Its NOI over debt service", ge=1, le=5, absent=0)
    tax_rate: float = given("1", "Corporate income tax", required=True, ge=0, le=0.6)
    tax_loss_limit: float = given("1", "Share of taxable income that old losses may offset", required=True, ge=0, le=1)
    distress_coverage: float = given(
        "1",
        "Liquidity over next year's needs below which the share carries a distress discount",
        required=True,
        gt=0,
        le=100,
    )
    hpc_depreciation_life: float = given("year", "Life of HPC buildings and plant", required=True, gt=0, le=60)
    high_fade: float | None = given(
        "1/month", "How fast a past high of share or bitcoin is forgotten", ge=0, lt=1, absent=0
    )
    window_share_floor: float | None = given(
        "1",
        "Share over its high below which, with bitcoin below its own floor, the equity window shuts",
        ge=0,
        le=1,
        absent=0,
    )
    window_btc_floor: float | None = given("1", "Bitcoin over its high, for the same", ge=0, le=1, absent=0)
    window_fall: float | None = given("1", "Fall of the share within a quarter that shuts it", gt=0, le=1, absent=1)
    window_recovery: float | None = given(
        "1", "Rise of the share from its low that opens it again", ge=0, le=10, absent=0
    )
    equity_closes: float | None = given(
        "1", "Monthly probability that an open equity window shuts for another reason", ge=0, le=1, absent=0
    )
    equity_opens: float | None = given(
        "1", "Monthly probability that a shut one opens without a recovery", ge=0, le=1, absent=1
    )
    shut_atm: float | None = given("1", "ATM sales in a shut window over those in an open one", ge=0, le=1, absent=1)
    equity_spread: float | None = given("1", "Spread of the log growth equity rate", ge=0, le=5, absent=0)
    equity_least: float | None = given(
        "1/year",
        "Part of a growth equity programme that comes to nothing; a smaller one is not run",
        ge=0,
        le=5,
        absent=0,
    )
    follow_on_days: float | None = given(
        "day", "Days of traded volume in a marketed share offering; none where 0", ge=0, le=60, absent=0
    )
    follow_on_discount: float | None = given("1", "Its discount to the close, and fees", ge=0, lt=1, absent=0)
    follow_on_interval: float | None = given("month", "Months between two of them", ge=0, le=60, absent=0)
    issue_reaction: float | None = given(
        "1", "Fall of the share on a marketed offering; others in proportion", ge=0, lt=1, absent=0
    )
    pressure_kept: float | None = given("1", "Of it, what is left a month later", ge=0, lt=1, absent=0)
    cash_spread: float | None = given(
        "1", "Spread of log months of cost kept in cash, all alike where 0", ge=0, le=3, absent=0
    )
    lead_spread: float | None = given("month", "Spread of the lead at which money is raised", ge=0, le=6, absent=0)
    selling_spread: float | None = given("1", "Spread of the log share of holdings sold", ge=0, le=5, absent=0)
    production_spread: float | None = given("1", "Spread of the share of production sold", ge=0, le=3, absent=0)
    mix_spread: float | None = given(
        "1", "Spread of the share of a need that the second source meets", ge=0, le=3, absent=0
    )
    notes_of_value: float | None = given(
        "1/year", "New convertible notes a year over market value, at most; none where 0", ge=0, le=2, absent=0
    )
    notes_leverage: float | None = given(
        "1", "Corporate debt over market value up to which they are bought", ge=0, le=5, absent=0.6
    )
    notes_days: float | None = given(
        "day", "Days of traded volume of the share in an issue of them, at most", ge=0, le=250, absent=6
    )
    notes_chance: float | None = given(
        "1", "Monthly probability that an issuer of usual appetite sells them without a need", ge=0, le=1, absent=0
    )
    notes_coupon_strong: float | None = given(
        "1/year", "Their coupon for a company without net debt", ge=0, le=0.5, absent=0
    )
    notes_coupon_weak: float | None = given(
        "1/year", "Their coupon at the highest leverage allowed", ge=0, le=0.5, absent=0
    )
    notes_premium_strong: float | None = given("1", "Their conversion premium for the one", ge=0, le=2, absent=0)
    notes_premium_weak: float | None = given("1", "Their conversion premium for the other", ge=0, le=2, absent=0)
    notes_cost: float | None = given("1", "Their fees and capped call over principal", ge=0, lt=1, absent=0)
    notes_term: float | None = given(
        "month", "Months until their holders may demand repayment", ge=1, le=240, absent=60
    )
    cash_cover_floor: float | None = given(
        "1", "Cash interest cover from which lenders roll over", ge=-100, le=100, absent=0
    )
    asset_cover_floor: float | None = given(
        "1",
        "Cash and bitcoin over corporate debt up to which they do so whatever is earned; no cover is asked for where 0",
        ge=0,
        le=100,
        absent=0,
    )
    exchange_price: float | None = given(
        "1",
        "New principal over the old in an exchange of notes that cannot be repaid; no exchange where 0",
        ge=0,
        le=1,
        absent=0,
    )
    buyback_price: float | None = given(
        "1", "Price of a note over par up to which it is bought back; never where 0", ge=0, le=1, absent=0
    )
    buyback_spread: float | None = given(
        "1/quarter",
        "Share of such notes bought back, per spread of readiness to sell beyond the first",
        ge=0,
        le=5,
        absent=0,
    )
    prepayment_fall: float | None = given(
        "1", "Fall of bitcoin below its recent high from which loans on it are prepaid", ge=0, le=1, absent=0
    )
    prepayment_spread: float | None = given(
        "1/quarter", "Share of what was lent on bitcoin prepaid, per spread of readiness to sell", ge=0, le=5, absent=0
    )
    cut_speed: float | None = given("1", "Share of the way to it gone in a month", ge=0, le=1, absent=0)
    growth_spread: float | None = given(
        "1", "Spread of the appetite for growth around 1, none below 0", ge=0, le=5, absent=0
    )
    uptime_spread: float | None = given("1", "Spread of log uptime", ge=0, le=1, absent=0)
    overhead_spread: float | None = given("1", "Spread of log overhead", ge=0, le=1, absent=0)
    working_capital_spread: float | None = given(
        "month", "Spread of net payables, in months of running cost", ge=0, le=12, absent=0
    )
    capex_spread: float | None = given(
        "1", "Capital expenditure of a month around the plan: 1 is between none and twice of it", ge=0, le=1, absent=0
    )


class Rating(Table):
    """[[rating]]: what a tenant of this credit is to its landlord."""

    id: str = text("The rating", required=True, pattern=ID)
    tenant_default_hazard: float = given(
        "1/year", "Yearly probability that a tenant rated so fails", required=True, ge=0, le=1, model=False
    )
    loan_coupon: float | None = given(
        "1/year", "Interest rate of a project's loan against a lease of such a tenant", ge=0, le=1, model=False
    )


class Tenant(Table):
    """[[tenant]]: a party that rents from several projects or companies: it fails once, for all of them."""

    id: str = text("Name a project gives as its tenant", required=True, pattern=ID)
    name: str = text("Name for people", required=True, min_length=1)
    rating: str | None = text("The id of its [[rating]]", pattern=ID)
    tenant_default_hazard: float | None = given(
        "1/year", "Yearly probability that it fails, in place of its rating's", ge=0, le=1, model=False
    )
    lease_kept: float | None = given(
        "1", "Share of failures in which the lease is taken over as it stands", ge=0, le=1, model=False
    )
    loan_coupon: float | None = given(
        "1/year",
        "Interest rate of a project's loan against its lease, in place of its rating's",
        ge=0,
        le=1,
        model=False,
    )


class Impact(Table):
    """[impact]: what companies do to the market and to each other; read only where they are run together."""

    impact_coefficient: float = given(
        "1",
        "Square-root law: fall in daily volatilities for a day's volume sold; 0: no impact",
        required=True,
        ge=0,
        le=100,
    )
    daily_volatility: float = given("1", "Daily volatility of bitcoin in that law", required=True, gt=0, le=1)
    daily_volume: float = given("USD m", "Spot volume of bitcoin a day that is to be trusted", required=True, gt=0)
    flow_beta: float = given(
        "1/(USD bn)",
        "Fall of the price for each billion sold, where this is more than the square-root law says",
        required=True,
        ge=0,
        le=1,
    )
    lasting_share: float = given("1", "Share of the impact that does not fade", required=True, ge=0, le=1)
    impact_half_life: float = given("day", "Days in which the rest fades by half", required=True, gt=0, le=3_650)
    usual_sold_share: float = given(
        "1", "Share of what listed companies mine whose sale the price takes for granted", required=True, ge=0, le=2
    )
    unlisted_btc: float = given(
        "BTC", "What the rest of the network holds and may sell, at the start", required=True, ge=0
    )
    squeeze_sales: float = given(
        "1/quarter",
        "Share of that sold in a quarter, times the share of machines under water beyond the usual",
        required=True,
        ge=0,
        le=3,
    )
    usual_under_water: float = given("1", "Share of machines under water that is usual", required=True, ge=0, le=1)
    listed_switching: float = given(
        "1", "1: what listed companies turn to AI leaves the network as they do it; 0: by the world's rate alone",
        required=True, ge=0, le=1,
    )  # fmt: skip
    forced_sale_discount: float = given(
        "1", "Fall of the price of machines while many are dumped; 0: dumping moves nothing", required=True, ge=0, lt=1
    )
    machine_absorption: float = given(
        "1/month", "Share of the world's machines that buyers take in a month", required=True, gt=0, le=1
    )
    shared_capital: float = given(
        "1", "1: companies share what the capital market gives; 0: each has it to itself", required=True, ge=0, le=1
    )
    open_capacity: float = given(
        "USD m/quarter", "What the capital market gives all companies while the window is open", required=True, gt=0
    )
    shut_capacity: float = given("USD m/quarter", "The same while it is shut", required=True, ge=0)
    distress_spread: float = given(
        "1/year", "Added to the refinancing spread were every company in default", required=True, ge=0, le=1
    )


class MarketTables(Table):
    """A whole market file without its sources and defaults: the one list of its tables and blocks."""

    network: Network = text("Network", required=True)
    machine: list[Machine] = text("Machine classes", required=True, min_length=1)
    known_month: list[KnownMonth] = blocks("Months that are history")
    price: Price = text("Bitcoin price", required=True)
    factors: Factors = text("Other factors", required=True)
    finance: Finance = text("Rates and rules", required=True)
    rating: list[Rating] = blocks("Ratings of tenants")
    tenant: list[Tenant] = blocks("Tenants known by name, wherever they rent")
    impact: Impact | None = text("What companies do to the market and each other; needed to run them together")


class ScenarioHead(Table):
    """[scenario]: name and story."""

    name: str = text("Name of the scenario", required=True, pattern=ID)
    story: str = text("Two lines for people", required=True, min_length=1)


class Shock(Table):
    """[[shock]]: one input or factor changed for some months, or for good."""

    target: str = text(
        f"What is changed: a factor ({', '.join(FACTORS)}), table.field (network.fee_median, hpc.annual_revenue) or, "
        "of one contract, note or fleet alone, table.id.field (debt.conv-2031.coupon)",
        required=True,
        min_length=1,
    )
    how: Literal["add", "multiply", "set", "path"] = text("How", required=True)
    value: float | None = text("By or to what; a path has levels instead")
    levels: str | None = text("path: the level in each of these months; the last one stays", pattern=LEVELS)
    between: Literal["line", "step"] | None = text(
        "path: straight lines from level to level, the first from the last known one, or steps; line when left out"
    )
    certain: bool | None = text(
        "path of a factor: true for one level on all paths, false: the central one, spread kept; true when left out"
    )
    from_month: str | None = text(
        "First month: YYYY-MM; +1, +2 ... counted from history's end; MM of every year; halving. +1 when left out",
        pattern=SHOCK_MONTH,
    )
    to_month: str | None = text("Last month, written likewise; the end when left out", pattern=SHOCK_MONTH)
    kind: Literal[HpcKind, DebtKind] | None = text("Only projects or instruments of this kind; all when left out")
    why: str = text("Reason or source", required=True, min_length=1)

    @property
    def field(self) -> str:
        """The factor or ``table.field``, without the id of a single block."""
        return field_of(self.target)[0]

    @property
    def block(self) -> str | None:
        """The id of the one block that is changed; None for all."""
        return field_of(self.target)[1]

    @property
    def amount(self) -> float:
        """The value; of a path, which has none, 0."""
        return self.value or 0.0

    @property
    def dated(self) -> list[tuple[str, float]]:
        """The months and levels of a path."""
        return dated_levels(self.levels or "")

    @property
    def said(self) -> str:
        """What is done, in few words."""
        return f"path {self.levels}" if self.how == "path" else f"{self.how} {self.amount:g}"


class ScenarioTables(Table):
    """A whole scenario file."""

    scenario: ScenarioHead = text("Head", required=True)
    shock: list[Shock] = blocks("Shocks")
