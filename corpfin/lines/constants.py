"""Every number a formula may hold besides 0 and 1, named once, with its unit. Each becomes a named cell."""

from corpfin.engine import Constant

STEP = Constant(1.0, "month", "Length of one step of the model")
STEPS_PER_YEAR = Constant(12.0, "1/year", "Months in a year")
STEPS_PER_QUARTER = Constant(3.0, "1/quarter", "Months in a quarter")
MONTHS_PER_YEAR = Constant(12.0, "month/year", "Months in a year, as a rate of conversion")
DAYS_PER_YEAR = Constant(365.0, "day/year", "Days in a year, for interest")
HOURS_PER_DAY = Constant(24.0, "h/day", "Hours in a day")
TRADING_DAYS = Constant(21.0, "day", "Trading days in a month")
HALF_YEAR = Constant(6.0, "month", "Half a year")
ONE_YEAR = Constant(12.0, "month", "One year in months")
YEAR = Constant(1.0, "year", "One year, to make a yearly rate a plain number")
NEVER_MONTH = Constant(100_000.0, "month", "Month number of a date that is not given")

USD_PER_MILLION = Constant(1e6, "USD/(USD m)", "Dollars in a million dollars")
PH_PER_EH = Constant(1000.0, "PHs/EHs", "Petahashes in an exahash")
TH_PER_EH = Constant(1e6, "THs/EHs", "Terahashes in an exahash")
BLOCKS_PER_DAY = Constant(144.0, "block/day", "Blocks in a day at the protocol's ten minutes")
SECONDS_PER_BLOCK = Constant(600.0, "second", "Protocol's time between blocks")
HASHES_PER_DIFFICULTY = Constant(4294967296.0, "hash/difficulty", "Hashes expected per block at difficulty 1 (2**32)")
FEE_UNIT = Constant(1.0, "BTC/block", "Unit of fees inside a logarithm")

SECOND = Constant(2.0, "1", "Second place in an order of rank")
HALF = Constant(0.5, "1", "One half")
INVERSE_SQRT_TWO_PI = Constant(0.3989422804014327, "1", "1/sqrt(2 pi), for the normal density")
S_CURVE_THREE = Constant(3.0, "1", "Coefficient of the S-curve 3 t^2 - 2 t^3")
S_CURVE_TWO = Constant(2.0, "1", "Coefficient of the S-curve 3 t^2 - 2 t^3")

DUST = Constant(1e-9, "USD m", "Amounts of money below this are rounding")
DUST_RATE = Constant(1e-9, "USD m/year", "Amounts of money a year below this are rounding")
DUST_SHARE = Constant(1e-9, "1", "Shares below this are rounding")
DUST_BTC = Constant(1e-9, "BTC", "Amounts of bitcoin below this are rounding")
DUST_HASHRATE = Constant(1e-9, "EH/s", "Hash rate below this is rounding")
DUST_MW = Constant(1e-9, "MW", "Power below this is rounding")

RATIO_CAP = Constant(100.0, "1", "Largest ratio shown: what divides by almost nothing is not more informative")
RUNWAY_CAP = Constant(120.0, "month", "Longest runway shown")
FUNDING_LEAD = Constant(6.0, "month", "How far ahead money is raised for what must be paid")
REFINANCING_LEAD = Constant(6.0, "month", "How long before it is due a maturity may be rolled over")

BILL_OPERATIONS = Constant(1.0, "1", "First bill unpaid: electricity, sites, salaries, tax")
BILL_INTEREST = Constant(2.0, "1", "First bill unpaid: interest")
BILL_MATURITY = Constant(3.0, "1", "First bill unpaid: principal at maturity or put")
BILL_MARGIN = Constant(4.0, "1", "First bill unpaid: margin call on a bitcoin-backed loan")
BILL_CAPEX = Constant(5.0, "1", "First bill unpaid: committed capital expenditure")
