"""The annotated blanks of a company, a market and an outcomes file, written from the declarations."""

from __future__ import annotations

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import FACTORS, follows_path
from corpfin.inputs.load import DEFAULTED, DEFAULTS
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.outcomes import FIGURES, OutcomeTables
from corpfin.inputs.provenance import Documents
from corpfin.inputs.rows import Shape, layout
from corpfin.inputs.schema import Declared, declared

HEAD = """\
# A {kind} file. Fill in every ""; numbers, dates and true or false stand without quotation marks. A line that starts
# with # may be left out, and its comment says what the model reads then. Loading lists everything that is still blank.
#
# Money is USD m, bitcoin BTC, shares millions, power MW, hash rate EH/s, efficiency J/TH, electricity USD/MWh. Rates
# are decimals: 0.0775 is 7.75 %. Dates are written 2026-03-31.
#
# Blocks under [[double brackets]] stand once for each {repeated}; those there are none of are left out.
"""

DEFAULTS_HEAD = """\
# What a company file may leave out, table by table. A blank one is needed unless every company file gives the field.
"""

SOURCES = """\
# Every number has a grade: reported (needs a source), derived (a source or the formula) or estimated (the reason). A
# key is table.field or table.id.field; a shorter one ("equity", "debt.conv-2031") covers everything below it that has
# no key of its own. low and high bound one number that is not known exactly.
[sources]
"""
COMPANY_EXAMPLES = """\
# "treasury.cash" = { grade = "reported", source = "q1-release" }
# "debt.conv-2031.principal" = { grade = "estimated", why = "split by series not published", low = 250, high = 330 }
"""
MARKET_EXAMPLES = """\
# "network.network_hashrate" = { grade = "derived", source = "chain-data", why = "mean of the month from difficulty" }
# "price.volatility" = { grade = "estimated", why = "42 % over one year, 64 % over eight", low = 0.42, high = 0.64 }
"""
OUTCOMES_HEAD = """\
# What became of the companies of a vintage, beside their files; corpfin backtest holds runs against it.
# Everything may be left out, but what is there needs its grade: reported (needs a source), derived (a source or the
# formula: why) or estimated (the reason: why).
#
# Figures stand below the ticker and the month end they are of, those since the balance sheet added up to it:
#
# [TICKER."2026-06-30"]
"""
COMMENT_COLUMN = 30


SCENARIO_HEAD = """\
# A scenario file: what is changed, for which months, and why. Fill in every ""; numbers and true or false stand without
# quotation marks. A line that starts with # may be left out.
#
# One [[shock]] after the other, each on what those before it made. What may be written:
#
#   target = "btc_price"               a factor:
#                                      {factors}
#   target = "hpc.annual_revenue"      a number of a company or market file, of every block of the table
#   target = "debt.conv-2031.coupon"   the same of one contract, note or fleet, by its id
#   how = "multiply" | "add" | "set"   with value
#   how = "path"                       with levels = "+6 = 45000, 2027-12 = 80000"; of {followed},
#                                      or of a number that may differ by month
#   from_month, to_month               2027-01; +1 for the first month that is not history; 07 of every year; halving
"""


def company_template() -> str:
    """The text of ``templates/company.toml``: every field with unit, range, meaning and what its absence means."""
    head = HEAD.format(kind="company", repeated="fleet, note, project")
    return _document(head, [_block(name, shape) for name, shape in layout(CompanyTables).items()], COMPANY_EXAMPLES)


def market_template() -> str:
    """The text of ``templates/market.toml``: every field of the market, and every default a company file may need."""
    head = HEAD.format(kind="market", repeated="class of machines, month of history")
    tables = [_block(name, shape) for name, shape in layout(MarketTables).items()]
    defaults = DEFAULTS_HEAD + "\n".join(filter(None, map(_defaults, DEFAULTED)))
    return _document(head, [*tables, defaults], MARKET_EXAMPLES)


def scenario_template() -> str:
    """The text of ``templates/scenario.toml``: the grammar, and every field of a shock."""
    followed = " and ".join(name for name, factor in FACTORS.items() if follows_path(factor))
    head = SCENARIO_HEAD.format(factors=", ".join(FACTORS), followed=followed)
    return "\n".join([head, *(_block(name, shape) for name, shape in layout(ScenarioTables).items())])


def outcomes_template() -> str:
    """The text of ``templates/outcomes.toml``: every figure with unit and meaning, and the blocks of events."""
    entry = 'value = "", unit = "{}", grade = "", source = ""'
    lines = [
        f"# {name} = {{ {entry.format(unit)} }}  # {meaning}\n" for name, (unit, meaning) in FIGURES.items()
    ]  # fmt: skip
    tables = [_commented(_block(name, shape)) for name, shape in layout(OutcomeTables).items()]
    return "\n".join([OUTCOMES_HEAD + "".join(lines), *tables])


def _document(head: str, tables: list[str], examples: str) -> str:
    documents = {name: _block(name, shape) for name, shape in layout(Documents).items()}
    return "\n".join([head, *tables, SOURCES + examples, documents["source"], documents["notes"]])


def _block(name: str, shape: Shape) -> str:
    heading = f"[[{name}]]" if shape.repeats else f"[{name}]"
    fields = declared(shape.table).values()
    to_fill_in = any(field.required for field in fields) if shape.repeats else shape.required
    lines = [_line(field, field.required and to_fill_in, field.absence) for field in fields]
    block = "\n".join([f"# {shape.meaning}", heading, *lines]) + "\n"
    return block if to_fill_in else _commented(block)


def _defaults(table: str) -> str:
    """The defaults of one table of a company file; empty when it leaves nothing to them."""
    lines = [
        _line(field, field.spec.absent is None, "" if field.spec.absent is None else field.absence)
        for field in declared(DEFAULTED[table]).values()
        if field.spec.model and not field.required and not field.spec.needed
    ]
    return "\n".join([f"[{DEFAULTS}.{table}]", *lines]) + "\n" if lines else ""


def _line(field: Declared, filled_in: bool, absence: str) -> str:
    """A field to be filled in, or one that may be left out, with what is read then."""
    blank = {"words": "[]"}.get(field.kind, "1" if field.allowed == "1" else '""')
    assignment = f"{'' if filled_in else '# '}{field.name} = {blank}"
    unit = field.spec.unit if field.kind == "number" and field.spec.unit != "1" else ""
    limits = "date" if field.kind == "date" else ", ".join(filter(None, (unit, field.allowed)))
    meaning = ". ".join(filter(None, (field.spec.meaning, field.only, absence)))
    return f"{assignment:<{COMMENT_COLUMN}}# {': '.join(filter(None, (limits, meaning)))}"


def _commented(block: str) -> str:
    return "".join(line if line.startswith("#") else f"# {line}" for line in block.splitlines(keepends=True))
