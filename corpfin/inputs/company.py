"""The tables of a company file, one class a table: what may be written, in which unit and range, and what it means.

Money is USD m, bitcoin BTC, shares millions, power MW, hash rate EH/s, efficiency J/TH, energy prices USD/MWh. Rates
are decimals (0.0775 is 7.75 %). Dates are calendar dates; the model reads ``maturity`` as ``maturity_month``, counted
in months from the balance-sheet date (the first projected month is 1).

One file: whoever writes a company's file wants every table of it in one place.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from corpfin.inputs.fields import NEVER, Table, blocks, given, text

ID = r"^[a-z0-9][a-z0-9-]*$"
MONTH = r"^\d{4}-\d{2}$"
Funding = Literal["revolver", "btc", "atm"]


class Identity(Table):
    """[company]: who it is and the date of the balance sheet everything starts from."""

    format: Literal[1] = text("Version of this file format", required=True)
    name: str = text("Registered name", required=True, min_length=1)
    ticker: str = text("Stock ticker", required=True, pattern=r"^[A-Z][A-Z0-9.]{0,5}$")
    as_of: date = text("Balance-sheet date; the first projected month is the next one", required=True)
    fiscal_year_end: str | None = text(
        "Last day of the fiscal year, over which tax is reckoned; 12-31 where left out",
        pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    )
    country: str | None = text("Country of the head office")


class Equity(Table):
    """[equity]: the share, how it moves and how fast new ones can be sold."""

    share_price: float = given("USD/share", "Share price at the balance-sheet date", required=True, gt=0)
    shares: float = given("m share", "Shares outstanding at the balance-sheet date", required=True, gt=0)
    btc_beta: float = given("1", "Change of the share per change of bitcoin, log returns", required=True, ge=-2, le=5)
    ai_beta: float | None = given("1", "Change of the share per change of the AI-equity factor", ge=-2, le=5)
    idio_volatility: float = given(
        "1/year**0.5", "Volatility of the share that neither factor explains", required=True, ge=0, le=3, model=False
    )
    share_drift: float | None = given(
        "1/year",
        "Expected growth of the undistressed share beyond its betas' part of the factors' drift",
        ge=-1,
        le=2,
        absent=0,
        model=False,
    )
    average_daily_volume: float = given("m share/day", "Shares traded on a mean day", required=True, ge=0)
    atm_remaining: float | None = given(
        "USD m", "Shares that may still be sold at the market under the ATM programme", ge=0
    )
    atm_participation: float | None = given("1", "Share of the traded volume an ATM programme may be", ge=0, le=1)
    atm_discount: float | None = given("1", "Discount and commission on shares sold at the market", ge=0, lt=1)
    atm_renewal: float | None = given(
        "1/year", "New ATM capacity the board registers a year, over market value", ge=0, le=2
    )
    equity_growth: float | None = given(
        "1/year",
        "Shares sold for growth over shares outstanding; fewer in a shut equity window",
        ge=0,
        le=5,
        absent=0,
    )
    past_share_high: float | None = given(
        "USD/share",
        "Highest month-end price of the year before; the price at the balance-sheet date when left out",
        ge=0,
        absent=0,
    )
    distress_discount: float | None = given("1", "Largest discount on the share when funding runs out", ge=0, lt=1)


class Treasury(Table):
    """[treasury]: cash, bitcoin and the policy for both."""

    cash: float = given("USD m", "Unrestricted cash, restricted cash excluded", required=True, ge=0)
    restricted_cash: float = given(
        "USD m", "Restricted cash; belongs to the loans of consolidated projects, pro rata", required=True, ge=0
    )
    btc: float = given("BTC", "Bitcoin owned, free and pledged together", required=True, ge=0)
    btc_loaned: float | None = given(
        "BTC", "Bitcoin lent out or otherwise not at hand, securing no loan below", ge=0, absent=0
    )
    btc_tax_basis: float | None = given("USD/BTC", "Average cost of the bitcoin held, for tax", ge=0)
    production_sold: float | None = given("1", "Share of each month's production sold at once", ge=0, le=1)
    holdings_sold: float | None = given(
        "1/quarter", "Share of free bitcoin sold a quarter by choice, whatever the need", ge=0, le=1, absent=0
    )
    btc_target: float | None = given("BTC", "Bitcoin held at most by policy; what is above is sold", ge=0, absent=1e9)
    minimum_cash_months: float | None = given(
        "month", "Months of cash cost kept in cash before funding is sought", ge=0, le=36
    )
    funding_lead: float | None = given(
        "month", "How long before it must be paid money is raised; six months ahead are seen", ge=0, le=6, absent=6
    )
    source_mix: float | None = given(
        "1",
        "Share of what bitcoin and shares must meet that is asked of the later of the two first",
        ge=0,
        le=1,
        absent=0,
    )
    growth_appetite: float | None = given(
        "1/year", "Discretionary capex over market value, paid from what next year's needs leave", ge=0, le=2, absent=0
    )
    repayment_cover: float | None = given(
        "1", "Money within reach over next year's needs from which principal is repaid, not rolled over", ge=0, le=100
    )
    btc_sale_cap: float | None = given("BTC", "Most bitcoin the market takes from one seller in a month", ge=0)
    funding_order: list[Funding] | None = given(
        "", "Where a shortfall is looked for, first to last", min_length=3, max_length=3
    )


class Costs(Table):
    """[costs]: what is paid outside fleets and projects, a quarter."""

    cash_sga: float = given(
        "USD m/quarter", "Selling, general and administrative cost, stock compensation excluded", required=True, ge=0
    )
    stock_compensation: float = given("USD m/quarter", "Pay in shares", required=True, ge=0)
    shares_withheld: float | None = given(
        "1", "Share of vested stock kept back for the holders' tax, which is paid in cash", ge=0, le=1, absent=0
    )
    other_operating_cost: float | None = given(
        "USD m/quarter", "Site and start-up cost in no fleet and no project", ge=0, absent=0
    )
    other_income: float | None = given(
        "USD m/quarter", "Margin of hosting and services in no fleet and no project", ge=0, absent=0
    )
    maintenance_capex: float | None = given(
        "USD m/quarter",
        "Capital spent on keeping the fleets as they are: machines that are scrapped are replaced as far as it is paid",
        ge=0,
        absent=0,
    )
    mining_depreciation: float = given(
        "USD m/quarter", "Depreciation of mining plant and corporate assets", required=True, ge=0
    )
    deepest_cut: float | None = given(
        "1", "Share of overhead given up when nothing covers next year's needs", ge=0, le=1, absent=0
    )
    maintenance_share: float | None = given(
        "1", "Maintenance capex over that depreciation, paid from spare cash", ge=0, le=2, absent=0
    )


class Balance(Table):
    """[balance]: what the balance sheet adds."""

    mining_ppe: float = given(
        "USD m",
        "Net book value of mining plant and corporate assets, deposits on machines included",
        required=True,
        ge=0,
    )
    tax_losses: float | None = given("USD m", "Tax losses carried forward", ge=0, absent=0)


class Reported(Table):
    """[reported]: last quarter's figures, against which the projection is held; it reads only the capacity to let."""

    btc_mined: float | None = given(
        "BTC/quarter", "Bitcoin mined in the quarter to the balance-sheet date", model=False, ge=0
    )
    mining_revenue: float | None = given("USD m/quarter", "Mining revenue", model=False, ge=0)
    hpc_revenue: float | None = given("USD m/quarter", "HPC revenue", model=False, ge=0)
    mining_cost: float | None = given("USD m/quarter", "Cost of mining revenue without depreciation", model=False, ge=0)
    interest_expense: float | None = given("USD m/quarter", "Interest expense before capitalisation", model=False, ge=0)
    hashrate_average: float | None = given("EH/s", "Mean operating hash rate", model=False, ge=0)
    hpc_potential_mw: float | None = given(
        "MW", "Uncontracted HPC capacity the company talks of; built only where leases are signed later", ge=0, absent=0
    )


class Fleet(Table):
    """[[fleet]]: a site or class of mining machines with one power arrangement."""

    id: str = text("Name of the fleet in this file, never reused", required=True, pattern=ID)
    name: str | None = text("Name for people")
    hashrate: float = given("EH/s", "Installed hash rate", required=True, ge=0)
    efficiency: float = given("J/TH", "Energy per hash of the machines", required=True, gt=0, le=200)
    uptime: float = given(
        "1", "Realised over installed hash rate when running pays, pool luck included", required=True, ge=0, le=1
    )
    power_price: float = given("USD/MWh", "Price of electricity, credits not deducted", required=True, ge=0, le=500)
    indexed_share: float | None = given("1", "Share of the electricity bought at an index price", ge=0, le=1)
    hosting_fee: float | None = given("USD/MWh", "Paid to a host on top of electricity", ge=0, le=500, absent=0)
    site_cost: float | None = given("USD/MWh", "Running cost of the site besides electricity", ge=0, le=500, absent=0)
    power_credit: float | None = given(
        "USD/MWh", "Demand-response credit per MWh of contracted capacity", ge=0, le=500, absent=0
    )
    pool_fee: float | None = given("1", "Share of the reward kept by the pool", ge=0, lt=1)
    target_hashrate: float | None = given(
        "EH/s", "Guided hash rate, before megawatts are handed to HPC", ge=0, absent=0
    )
    target_date: date | None = given("month", "Date of the guided hash rate", absent=NEVER)
    capex_per_th: float | None = given("USD/TH", "Price of a new machine, installed", ge=0, le=500)
    retirement: float | None = given(
        "1/month", "Share of the machines scrapped each month for age", ge=0, le=1, absent=0
    )


class Order(Table):
    """[[order]]: machines on order, paid for in equal monthly instalments and delivered in equal monthly parts.

    They run as a fleet of their own, under the id of the order, with site and power of the fleet they go to.
    """

    id: str = text("Name of the order in this file, unlike that of a fleet, never reused", required=True, pattern=ID)
    name: str | None = text("Name for people")
    fleet: str = text("Id of the fleet whose site and power they go to", required=True, pattern=ID)
    order_hashrate: float = given("EH/s", "Hash rate still to be delivered", required=True, absent=0, ge=0)
    order_efficiency: float = given("J/TH", "Energy per hash of the machines", required=True, gt=0, le=200)
    order_price: float = given("USD m", "Still to be paid after the deposit", required=True, absent=0, ge=0)
    deposit: float | None = given("USD m", "Already paid on it, a part of mining_ppe", ge=0, absent=0)
    first_payment: date | None = given(
        "month", "Month of the first instalment", absent=NEVER, future="what is paid is in the deposit"
    )
    last_payment: date | None = given(
        "month", "Month of the last instalment", absent=NEVER, future="what is paid is in the deposit"
    )
    first_delivery: date = given(
        "month", "Month of the first delivery", required=True, absent=NEVER, future="what has come is in the fleet"
    )
    last_delivery: date = given(
        "month", "Month of the last delivery", required=True, absent=NEVER, future="what has come is in the fleet"
    )
    cancellable: bool | None = given("1", "The company may walk away against the deposit", absent=0)


class Warrant(Table):
    """[[warrant]]: rights to buy new shares from the company."""

    id: str = text("Name of the warrant in this file, never reused", required=True, pattern=ID)
    holder: str | None = text("Holder")
    warrant_shares: float = given("m share", "Shares the warrants buy", required=True, ge=0)
    strike: float = given("USD/share", "Price paid per share", required=True, ge=0)
    expiry: date | None = given("month", "Last month of exercise", absent=NEVER, future="leave out what has lapsed")


class Offering(Table):
    """[[offering]]: a share sale after the balance-sheet date that is already known."""

    id: str = text("Name of the offering in this file, never reused", required=True, pattern=ID)
    name: str | None = text("Name for people")
    offering_date: date = given(
        "month",
        "Day the money arrives",
        required=True,
        future="its shares and cash are already in the balance sheet",
    )
    offered_shares: float = given("m share", "New shares", required=True, ge=0)
    net_proceeds: float = given("USD m", "Money received after fees", required=True, ge=0)


class Purchase(Table):
    """[[purchase]]: land, a site or machines bought after the balance-sheet date, as far as already known."""

    id: str = text("Name of the purchase in this file, never reused", required=True, pattern=ID)
    name: str | None = text("What is bought")
    purchase_date: date = given(
        "month", "Day it is paid", required=True, future="what is already paid is in the balance sheet"
    )
    purchase_price: float = given("USD m", "Price paid in cash", required=True, ge=0)


class KnownCompanyMonth(Table):
    """[[known_month]]: what is known of a month, or of several together, after the balance sheet.

    A figure given here takes the place of the model's; whatever is not given is modelled like any other month.
    """

    month: str | None = text("The month, YYYY-MM, when it is one", pattern=MONTH)
    from_: str | None = text("First of several months whose figures are known together", pattern=MONTH, alias="from")
    to: str | None = text("Last of them", pattern=MONTH)
    hpc: str | None = text("The project that capex or delivered_mw is of; the whole company when left out", pattern=ID)
    share_price: float | None = given("USD/share", "Closing share price; of one month only", gt=0, model=False)
    btc_mined: float | None = given("BTC", "Bitcoin mined", ge=0, model=False)
    btc_sold: float | None = given("BTC", "Bitcoin sold by the company", ge=0, model=False)
    shares_sold: float | None = given(
        "m share", "Shares sold for cash, at the market or otherwise, that are no [[offering]] here", ge=0, model=False
    )
    share_proceeds: float | None = given(
        "USD m", "Cash received for them after fees; shares times price when left out", ge=0, model=False
    )
    capex: float | None = given(
        "USD m",
        "Paid for construction and computers by the project, or by all that are consolidated",
        ge=0,
        model=False,
    )
    delivered_mw: float | None = given(
        "MW", "Critical IT capacity delivered at month end; of one month only", ge=0, model=False
    )
    cash: float | None = given(
        "USD m", "Unrestricted cash at month end, restricted cash excluded; of one month only", ge=0, model=False
    )


DebtKind = Literal["term", "convertible", "btc_loan", "revolver", "equipment"]


class Debt(Table):
    """[[debt]]: one corporate instrument; what only some kinds of it have names them.

    All have recourse to the parent but for an equipment loan that says it has none: its claim ends with the machines.
    """

    id: str = text("Name of the instrument in this file, never reused", required=True, pattern=ID)
    name: str | None = text("Name for people")
    kind: DebtKind = given("", "What it is", required=True)
    principal: float = given("USD m", "Amount outstanding, or issued when issue_date is given", required=True, ge=0)
    coupon: float | None = given("1/year", "Interest rate", ge=0, le=1)
    pik_coupon: float | None = given("1/year", "Interest added to principal, not paid in cash", ge=0, le=1, absent=0)
    issue_date: date | None = given(
        "month",
        "Date of issue when after the balance-sheet date",
        absent=0,
        future="leave it out for what is already outstanding",
    )
    issue_cost: float | None = given("USD m", "Fees and capped call paid out of the proceeds", ge=0, absent=0)
    maturity: date | None = given("month", "Date of repayment", absent=NEVER, future="take out what is already repaid")
    amortisation: Literal["bullet", "straight_line", "annuity"] | None = given("", "How principal is repaid")
    instalments_start: date | None = given("month", "Date of the first instalment of principal", absent=0)
    repaid_date: date | None = given(
        "month",
        "Date it was repaid early, known after the balance-sheet date",
        absent=NEVER,
        future="take out what is already repaid",
    )
    repaid_in_shares: bool | None = given(
        "1", "The early repayment was a conversion into shares", absent=0, kind="convertible"
    )
    refinanceable: bool | None = given(
        "1", "May be rolled over while money is short, the credit window open and leverage low", absent=0
    )
    conversion_price: float | None = given(
        "USD/share", "Price at which the notes convert", required=True, gt=0, absent=0, kind="convertible"
    )
    capped_call_price: float | None = given(
        "USD/share", "Cap of the capped call that offsets dilution", gt=0, absent=0, kind="convertible"
    )
    principal_in_cash: bool | None = given(
        "1", "On conversion the principal is paid in cash, only the excess in shares", absent=0, kind="convertible"
    )
    put_date: date | None = given(
        "month", "Date on which holders may demand repayment", absent=NEVER, kind="convertible"
    )
    second_put_date: date | None = given("month", "Second such date", absent=NEVER, kind="convertible")
    call_date: date | None = given(
        "month",
        "First date on which the issuer may force conversion above the trigger",
        absent=NEVER,
        kind="convertible",
    )
    call_trigger: float | None = given(
        "1", "Share price over conversion price that lets the issuer force conversion", ge=1, le=10, kind="convertible"
    )
    undrawn: float | None = given(
        "USD m",
        "Committed amount not drawn; but for a revolver it is drawn as capex, purchases and orders are paid",
        ge=0,
        absent=0,
        kind=("revolver", "term", "equipment"),
    )
    draw_end: date | None = given(
        "month", "Last date on which it may be drawn", absent=NEVER, kind=("term", "equipment")
    )
    recourse: bool | None = given("1", "The lender may claim more than the machines", absent=1, kind="equipment")
    collateral_hashrate: float | None = given(
        "EH/s", "Hash rate of the machines pledged for this loan", required=True, gt=0, absent=0, kind="equipment"
    )
    machine_resale: float | None = given(
        "1", "Price of its machines on resale over that of new ones, by hash rate", ge=0, le=1, absent=1,
        kind="equipment",
    )  # fmt: skip
    collateral_btc: float | None = given("BTC", "Bitcoin pledged for this loan", ge=0, absent=0, kind="btc_loan")
    margin_call_ltv: float | None = given(
        "1", "Loan-to-value above which the lender calls for more collateral", gt=0, le=1, kind="btc_loan"
    )
    restore_ltv: float | None = given("1", "Loan-to-value a margin call restores", gt=0, le=1, kind="btc_loan")
    release_ltv: float | None = given(
        "1", "Loan-to-value below which collateral is given back, down to it", gt=0, le=1, kind="btc_loan"
    )
    liquidation_ltv: float | None = given(
        "1", "Loan-to-value above which the lender sells collateral for all it is owed", gt=0, le=1, kind="btc_loan"
    )
    ranking: Literal["by_kind", "secured", "unsecured"] | None = given(
        "",
        "Rank beyond its own collateral: first lien on the company, with other creditors, or a convertible after them",
        absent=0,
    )
    minimum_liquidity: float | None = given("USD m", "Covenant: least cash at month end", ge=0, absent=0)
    bitcoin_counts: bool | None = given("1", "Free bitcoin counts towards minimum_liquidity", absent=0)
    minimum_market_cap: float | None = given("USD m", "Covenant: least market value of the shares", ge=0, absent=0)
    minimum_interest_cover: float | None = given(
        "1", "Covenant: least EBITDA over interest, of the month", ge=-100, le=100, absent=-100
    )
    maximum_net_leverage: float | None = given(
        "1", "Covenant: highest net debt over EBITDA, of the month times twelve", ge=0, le=100, absent=100
    )
    grace_months: float | None = given(
        "month", "Months a breach may last before the lender may call the loan", ge=0, le=60, absent=0
    )
    cure_number: float | None = given(
        "1", "Times the borrower may answer a breach by a repayment of cure_amount", ge=0, le=60, absent=0
    )
    cure_amount: float | None = given("USD m", "Repayment that cures a breach for a month", ge=0, absent=0)
    cross_default_threshold: float | None = given(
        "USD m", "Other corporate debt called, above which this one is called too", ge=0, absent=1e9
    )


class Quote(Table):
    """[[quote]]: what the market asks for an instrument; no line reads it, the study of credit holds it beside."""

    id: str = text("Id of the instrument, a [[debt]] or an [[hpc]] with a loan", required=True, pattern=ID)
    quote_date: date = given("1", "Day of the quote", required=True, model=False)
    quoted_price: float | None = given("1", "Price over par", gt=0, le=3, model=False)
    quoted_yield: float | None = given("1/year", "Yield to maturity or to the next put", ge=-0.1, le=1, model=False)
    benchmark_yield: float | None = given(
        "1/year", "Government yield of the same day and term", ge=-0.1, le=1, model=False
    )
    quoted_spread: float | None = given("1/year", "Spread over it, as quoted", ge=-0.1, le=1, model=False)

    @property
    def spread(self) -> float | None:
        """The spread quoted, else yield less benchmark [1/year]; None where neither is given."""
        if self.quoted_spread is not None:
            return self.quoted_spread
        if self.quoted_yield is None or self.benchmark_yield is None:
            return None
        return self.quoted_yield - self.benchmark_yield


HpcKind = Literal["colocation", "gpu_cloud"]


class Hpc(Table):
    """[[hpc]]: one contract or campus, with its ring-fenced loan; what only one kind of it has names that kind."""

    id: str = text("Name of the project in this file, never reused", required=True, pattern=ID)
    name: str | None = text("Site")
    tenant: str | None = text("Tenant: the id of a [[tenant]] of the market file, or words")
    backstop: str | None = text("Who stands behind the tenant")
    kind: HpcKind = given("", "What is sold: space and power, or computing", required=True)
    leased_mw: float = given("MW", "Critical IT capacity under lease", required=True, ge=0)
    gross_ratio: float | None = given("1", "Power drawn at the utility meter over critical IT power", ge=1, le=3)
    delivered_mw: float = given("MW", "Of it, delivered and earning at the balance-sheet date", required=True, ge=0)
    first_delivery: date | None = given("month", "Guided date of the first delivery", absent=NEVER)
    full_delivery: date | None = given("month", "Guided date of the last delivery", absent=NEVER)
    construction_start: date | None = given("month", "Start of construction, for the S-curve of spending", absent=0)
    annual_revenue: float | None = given(
        "USD m/year", "Revenue of the first contract year, everything delivered", ge=0, absent=0
    )
    escalator: float | None = given("1/year", "Yearly rise of the rent", ge=0, le=0.2)
    contract_value: float | None = given("USD m", "Revenue over the base term, as published", model=False, ge=0)
    term_years: float | None = given("year", "Base term of the contract", gt=0, le=50)
    noi_margin: float | None = given("1", "Net operating income over revenue", ge=0, le=1)
    capex_per_mw: float | None = given("USD m/MW", "Construction cost per MW of critical IT", ge=0, le=60)
    cooling_share: float | None = given("1", "Of it, cooling (air, liquid)", ge=0, le=1)
    network_share: float | None = given("1", "Of it, network and fit-out", ge=0, le=1)
    capex_spent: float | None = given("USD m", "Spent on construction by the balance-sheet date", ge=0, absent=-1)
    tenant_funded: float | None = given("1", "Share of construction paid by the tenant", ge=0, le=1, absent=0)
    tenant_prepayment: float | None = given(
        "USD m", "Rent prepaid and not yet credited at the balance-sheet date", ge=0, absent=0
    )
    receipt_amount: float | None = given(
        "USD m", "Rent the tenant will pay ahead in cash after the balance-sheet date", ge=0, absent=0
    )
    receipt_date: date | None = given(
        "month",
        "Day it arrives",
        absent=NEVER,
        future="what has arrived is in tenant_prepayment and the cash of the balance sheet",
    )
    second_receipt_amount: float | None = given("USD m", "Second such payment", ge=0, absent=0)
    second_receipt_date: date | None = given(
        "month",
        "Day it arrives",
        absent=NEVER,
        future="what has arrived is in tenant_prepayment and the cash of the balance sheet",
    )
    prepayment_credit: float | None = given(
        "1", "Share of rent taken as credit until the prepayment and tenant-funded capex are used up", ge=0, le=1
    )
    gpu_capex: float | None = given("USD m", "Computers bought by the company", ge=0, absent=0, kind="gpu_cloud")
    gpu_life: float | None = given("year", "Life of the computers; replaced at its end", gt=0, le=15, kind="gpu_cloud")
    gpu_residual: float | None = given(
        "1", "Value of the computers at the end of their life over cost", ge=0, le=1, kind="gpu_cloud"
    )
    gpu_price_decay: float | None = given(
        "1/year",
        "Yearly fall of the price per GPU-hour once uncontracted, and of replacement cost",
        ge=0,
        lt=1,
        kind="gpu_cloud",
    )
    utilisation: float | None = given("1", "GPU-hours sold over GPU-hours available", ge=0, le=1, kind="gpu_cloud")
    ownership: float | None = given("1", "Share of the project owned", gt=0, le=1, absent=1)
    consolidated: bool | None = given(
        "1",
        "False for a venture at equity: published cash, debt, capex and revenue are without it, the model's are not",
        absent=1,
    )
    venture_cash: float | None = given(
        "USD m", "Its cash at the balance-sheet date when it is not consolidated; no part of restricted_cash",
        ge=0, absent=0,
    )  # fmt: skip
    committed: bool | None = given(
        "1",
        "The company is bound to build: money missing is a default (with a loan, if it guarantees completion)",
        absent=1,
    )
    completion_guarantee: bool | None = given(
        "1", "The parent pays overruns and shortfalls up until completion", absent=1
    )
    mining_mw_displaced: float | None = given(
        "MW", "Mining load that leaves the fleets as the project delivers", ge=0, absent=0
    )
    outside_months: float | None = given("month", "Months late after which the tenant may leave", ge=0, le=240)
    termination_hazard: float | None = given(
        "1/year", "Yearly probability that a tenant leaves a project past the outside date", ge=0, le=12
    )
    tenant_default_hazard: float | None = given("1/year", "Yearly probability that the tenant fails", ge=0, le=1)
    lease_kept: float | None = given(
        "1", "Share of failures in which the lease is taken over as it stands", ge=0, le=1, absent=0
    )
    backstop_share: float | None = given(
        "1",
        "Share of the rent of what was let when the tenant failed to which a guarantor makes up",
        ge=0,
        le=1,
        absent=0,
    )
    backstop_cap: float | None = given("USD m", "Most the guarantor pays in all", ge=0, absent=1e9)
    reletting_months: float | None = given("month", "Months empty after a tenant is lost", ge=0, le=240)
    reletting_rent: float | None = given(
        "1", "Rent of the next tenant over the lost one's, or over the market's for computing", ge=0, le=2
    )
    loan_principal: float | None = given("USD m", "Ring-fenced debt outstanding, or to be issued", ge=0, absent=0)
    loan_undrawn: float | None = given(
        "USD m",
        "Of it, committed and drawn as construction and computers are paid, not at hand when the loan closes",
        ge=0,
        absent=0,
    )
    loan_coupon: float | None = given("1/year", "Its interest rate, on what is drawn", ge=0, le=1)
    loan_issue_date: date | None = given(
        "month",
        "Its issue date when after the balance-sheet date",
        absent=0,
        future="leave it out for what is already outstanding",
    )
    loan_issue_cost: float | None = given("USD m", "Fees paid out of its proceeds", ge=0, absent=0)
    loan_distribution: float | None = given(
        "USD m", "Of its proceeds, returned to the parent at closing", ge=0, absent=0
    )
    loan_repays_parent: float | None = given(
        "USD m", "Of its proceeds, used to repay debt of the parent at closing", ge=0, absent=0
    )
    loan_maturity: date | None = given("month", "Its maturity", absent=NEVER, future="take out what is already repaid")
    loan_amortisation: Literal["bullet", "sculpted"] | None = given("", "How it is repaid once delivery is complete")
    loan_to_cost: float | None = given(
        "1",
        "Loan over cost up to which a new lender refinances a finished project that covers its interest",
        ge=0,
        le=1.5,
    )
    advance_rate: float | None = given(
        "1",
        "Loan over cost of construction that lenders give against the lease of a project not committed, once they do",
        ge=0,
        le=1,
        absent=0,
    )
    gpu_advance_rate: float | None = given(
        "1", "The same over the cost of computers", ge=0, le=1, absent=0, kind="gpu_cloud"
    )
    cost_contingency: float | None = given(
        "1", "Overrun over guided cost that the owners have at hand when such a loan closes", ge=0, le=1, absent=0
    )
    loan_fee: float | None = given("1", "Fees of such a loan over its principal", ge=0, le=0.2, absent=0)
    target_dscr: float | None = given("1", "Debt service cover the sculpted repayment aims at", ge=1, le=5)
    lockup_dscr: float | None = given("1", "Cover below which nothing is distributed", ge=0, le=5)
    reserve_months: float | None = given("month", "Months of debt service kept in the reserve account", ge=0, le=24)
    cure_months: float | None = given(
        "month",
        "Months of debt service of a finished project that its owners would pay out of spare cash, in all",
        ge=0,
        le=120,
        absent=0,
    )
    cash_sweep: float | None = given("1", "Share of excess cash offered to lenders", ge=0, le=1)
    default_dscr: float | None = given(
        "1",
        "Covenant: cover of the finished project below which its lenders may call the loan",
        ge=0,
        le=5,
        absent=-100,
    )
    loan_grace_months: float | None = given("month", "Months below it before they may", ge=0, le=60, absent=0)


class CompanyTables(Table):
    """A whole company file without its sources: the one list of its tables and blocks.

    Loading, templates, the model's inputs and the workbook take theirs from here.
    """

    company: Identity = text("Identity", required=True)
    equity: Equity = text("The share", required=True)
    treasury: Treasury = text("Cash and bitcoin", required=True)
    costs: Costs = text("Corporate costs", required=True)
    balance: Balance = text("Other balance-sheet figures", required=True)
    reported: Reported = text("Reported figures to check against", required=True)
    fleet: list[Fleet] = blocks("Mining fleets")
    order: list[Order] = blocks("Machines on order")
    warrant: list[Warrant] = blocks("Warrants")
    offering: list[Offering] = blocks("Known share sales")
    purchase: list[Purchase] = blocks("Known purchases")
    debt: list[Debt] = blocks("Corporate debt")
    hpc: list[Hpc] = blocks("HPC projects")
    quote: list[Quote] = blocks("Market prices of instruments")
    known_month: list[KnownCompanyMonth] = blocks("Months after the balance sheet of which something is known")
