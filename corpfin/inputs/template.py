"""The annotated blank of a company file, written from the declarations."""

from __future__ import annotations

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.fields import NEVER
from corpfin.inputs.provenance import Documents
from corpfin.inputs.rows import Shape, layout
from corpfin.inputs.schema import Declared, declared

HEAD = """\
# A company file. Fill in every ""; numbers, dates and true or false stand without quotation marks. A line that starts
# with # may be left out, and its comment says what the model reads then. Loading lists everything that is still blank.
#
# Money is USD m, bitcoin BTC, shares millions, power MW, hash rate EH/s, efficiency J/TH, electricity USD/MWh. Rates
# are decimals: 0.0775 is 7.75 %. Dates are written 2026-03-31.
#
# Blocks under [[double brackets]] are repeated, one for each fleet, note, project. If there are none, delete the block
# and say so here, above the first table:
"""

SOURCES = """\
# Every number has a grade: reported (needs a source), derived (a source or the formula) or estimated (the reason). A
# key is table.field or table.id.field; a shorter one ("equity", "debt.conv-2031") covers everything below it that has
# no key of its own. low and high bound one number that is not known exactly.
[sources]
# "treasury.cash" = { grade = "reported", source = "q1-release" }
# "debt.conv-2031.principal" = { grade = "estimated", why = "split by series not published", low = 250, high = 330 }
"""
COMMENT_COLUMN = 30


def company_template() -> str:
    """The text of ``templates/company.toml``: every field with unit, range, meaning and what its absence means."""
    shapes = layout(CompanyTables)
    empties = "".join(f"# {name} = []\n" for name, shape in shapes.items() if shape.repeats)
    tables = [_block(name, shape) for name, shape in shapes.items()]
    documents = {name: _block(name, shape) for name, shape in layout(Documents).items()}
    return "\n".join([HEAD + empties, *tables, SOURCES, documents["source"], _commented(documents["notes"])])


def _block(name: str, shape: Shape) -> str:
    heading = f"[[{name}]]" if shape.repeats else f"[{name}]"
    return "\n".join([f"# {shape.meaning}", heading, *map(_line, declared(shape.table).values())]) + "\n"


def _line(field: Declared) -> str:
    blank = {"words": "[]"}.get(field.kind, "1" if field.allowed == "1" else '""')
    assignment = f"{'' if field.required else '# '}{field.name} = {blank}"
    unit = field.spec.unit if field.kind == "number" and field.spec.unit != "1" else ""
    limits = "date" if field.kind == "date" else ", ".join(filter(None, (unit, field.allowed)))
    meaning = ". ".join(filter(None, (field.spec.meaning, _absence(field))))
    return f"{assignment:<{COMMENT_COLUMN}}# {': '.join(filter(None, (limits, meaning)))}"


def _absence(field: Declared) -> str:
    """What the model reads when the field is left out."""
    absent = field.spec.absent
    if field.required or not field.spec.model:
        return ""
    if absent is None:
        return "Left out: the market file's default"
    if field.kind == "date":
        return "Left out: never" if absent == NEVER else "Left out: by the balance-sheet date"
    if field.kind == "truth":
        return f"Left out: {'true' if absent else 'false'}"
    return f"Left out: {absent:g}" if absent >= 0 else "Left out: not known"


def _commented(block: str) -> str:
    return "".join(line if line.startswith("#") else f"# {line}" for line in block.splitlines(keepends=True))
