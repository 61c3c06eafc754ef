"""Inputs and shocks: what a file may say, within which limits, and which lines read it."""

from __future__ import annotations

from collections.abc import Mapping

from corpfin.inputs import known_scenarios, load_scenario, scenario_template
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.fields import Table
from corpfin.inputs.limits import limits
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.outcomes import FIGURES, OutcomeTables
from corpfin.inputs.provenance import Citation, Documents
from corpfin.inputs.rows import Shape, layout
from corpfin.inputs.schema import Declared, declared
from corpfin.report.reference.prose import code, document, prose, table
from corpfin.report.scenarios import months_of_shock
from corpfin.runs.declared import company_inputs, market_inputs, sector_inputs
from corpfin.runs.together import OWN, graphs_together

Readers = Mapping[tuple[str, str], list[str]]
"""By table and field, the lines that read it."""

HEADS = ("field", "unit", "allowed", "meaning", "read by")


def inputs() -> str:
    """Every field of company, market and outcomes files: unit, limits, meaning, what is read without it, who reads."""
    readers = _readers()
    return document(
        "Inputs",
        "Money is USD m, bitcoin BTC, power MW, hash rate EH/s, efficiency J/TH, electricity USD/MWh. Rates are "
        "decimals. Every number carries a grade, reported, derived or estimated, and a source or a reason. What a "
        "company file leaves out comes from `[defaults]` of its market file where a field says so.",
        "A field that no line names is read by what draws paths or counts months, or informs people.",
        *_file("a company file", CompanyTables, readers),
        *_file("a market file", MarketTables, readers),
        *_file("both", Documents, readers),
        "### An entry of [sources]",
        table(HEADS[:-1], (_field(field, "")[:-1] for field in declared(Citation).values())),
        *_file("an outcomes file", OutcomeTables, readers),
        '### Figures of [TICKER."date"]',
        table(["figure", "unit", "meaning"], ([code(name), *told] for name, told in FIGURES.items())),
    )


def shocks() -> str:
    """The grammar of a scenario, the fields of a shock, the scenarios that are shipped."""
    found = {name: load_scenario(name) for name in known_scenarios()}
    shipped = []
    for name, scenario in found.items():
        shipped += [f"### {name}", prose(scenario.story)]
        rows = [[code(each.target), each.said, months_of_shock(each), each.why] for each in scenario.shocks]
        shipped.append("\n".join(table(["target", "what", "when", "why"], rows)) if rows else "")
    return document(
        "Scenarios",
        "Wherever a scenario is named several may be joined: `btc-half+funding-shut`.",
        f"```toml\n{scenario_template()}```",
        *_file("a scenario file", ScenarioTables, {}),
        "## Shipped scenarios",
        *shipped,
    )


def accepted() -> str:
    """Where what is accepted ends, and what a machine's fault may leave."""
    return document(
        "Limits",
        "What lies beyond is refused, with the file, the key and what is allowed. Within them figures are finite and "
        "identities hold; checks of sums beyond a trillion dollars or shares are in proportion to them.",
        "\n".join(table(["what", "allowed", "note"], map(list, limits()))),
        "A process that is killed while it writes leaves the old file or the new one, whole, and perhaps a hidden "
        "`.NAME.NUMBER.tmp` beside it, which may be deleted. Compiled code that cannot be kept is compiled anew; a "
        "folder of it that others may write is refused.",
    )


def _file(of: str, tables: type[Table], readers: Readers) -> list[str]:
    parts = [f"## Tables of {of}"]
    for name, shape in layout(tables).items():
        rows = (_field(field, _listed(readers.get((name, field.name), []))) for field in declared(shape.table).values())
        parts += [f"### {_heading(name, shape)} of {of}", shape.meaning, "\n".join(table(HEADS, rows))]
    return parts


def _heading(name: str, shape: Shape) -> str:
    return f"[[{name}]]" if shape.repeats else f"[{name}]"


def _field(field: Declared, readers: str) -> list[str]:
    unit = field.spec.unit if field.kind == "number" else field.kind
    must = "Must be given" if field.required else ""
    meaning = ". ".join(filter(None, (field.spec.meaning, field.only, field.absence, must)))
    return [code(field.name), unit, field.allowed or "any", meaning, readers]


def _listed(names: list[str]) -> str:
    return ", ".join(map(code, names))


def _readers() -> dict[tuple[str, str], list[str]]:
    """The lines that read a field, of all graphs, a value before month 1 through the line it opens among them."""
    lines: dict[tuple[str, str], dict[str, None]] = {}
    for graph in graphs_together().values():
        for line in (*graph.openings, *graph.lines):
            for ref in line.parameters:
                lines.setdefault((ref.scope, ref.name.removeprefix(OWN)), {})[line.name] = None
    found: dict[tuple[str, str], dict[str, None]] = {}
    for item in (*market_inputs(), *company_inputs(), *sector_inputs()):
        opened = {item.name.removeprefix("opening_"): None} if item.opening else {}
        readers = {**opened, **lines.get((item.scope, item.name), {})}
        for target in sorted(item.targets):
            table_name, _, name = target.partition(".")
            found.setdefault((table_name, name), {}).update(readers)
    return {key: list(names) for key, names in found.items()}
