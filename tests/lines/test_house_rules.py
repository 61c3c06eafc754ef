"""House rules over the registry of lines: what every line must be, whoever adds it."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from corpfin import lines
from corpfin.engine import Constant, Given, GrammarError, Graph, GraphError, Line
from corpfin.engine.parts import functions
from corpfin.lines import constants
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.together import graphs_together
from corpfin.workbook.settings import load_settings
from tests.lines.vocabulary import known, registry

RESULTS = {
    # what the network room reports
    "machine_breakeven",
    "network_orders",
    "difficulty",
    "price_elasticity",
    "marginal_power_cost_per_btc",
    "jpm_production_cost",
    "attack_hour_cost",
    "attack_hardware_cost",
    # what the sector comes to
    "listed_forced",
    "listed_btc",
    "sold_over_mined",
    "unlisted_mined",
    "lost_megawatts",
    "late_megawatts",
    "megawatts_delivered",
    "gap_after_signed",
    "liquidity_of_all",
    # what the company's rooms end in
    "shell_due",
    "site_mw",
    "basic_dilution",
    "notes_as_shares",
    "dilution",
    "runway",
    "power_cost_per_btc",
    "cash_cost_per_btc",
    "all_in_cost_per_btc",
    "principal_falling_due",
    "projects_lost",
    "delivered_over_leased",
    "ltv_headroom",
    "credit_event_month",
}
"""Lines that people read and no other line does; besides them only ``check_*``."""

CHECKED = ("balance_sheet", "cash", "bitcoin", "debt", "shares", "delivered", "pledged", "recovery")

RETIRED = (
    "hash_price",
    "hash_rate",
    "btc_held",
    "btc_holdings",
    "bitcoin_held",
    "shares_outstanding",
    "cash_balance",
    "loan_outstanding",
    "notional",
    "opex",
    "default_flag",
    "is_default",
    "insolvent",
)
"""Names that other models use for what has another name here; one thing has one name."""

UNITS = registry()
GRAPHS = tuple(graphs_together().values())
"""The model of companies together, which has every line of a company alone."""
EVERY: list[tuple[Graph, Line]] = [(graph, line) for graph in GRAPHS for line in (*graph.openings, *graph.lines)]
WRITTEN = [line for _, line in EVERY if line.function]


def modules() -> list[ModuleType]:
    """Every module of the lines package."""
    return [importlib.import_module(f"{lines.__name__}.{item.name}") for item in pkgutil.iter_modules(lines.__path__)]


def test_there_are_lines_to_hold_rules_over() -> None:
    assert len(WRITTEN) > 300
    assert {line.module for line in WRITTEN} == {module.__name__.split(".")[-1] for module in modules()} - {"constants"}


# Words


def test_every_label_fits_a_row_and_is_no_code() -> None:
    assert [(line.name, line.label) for line in WRITTEN if not is_label(line.label)] == []


@pytest.mark.parametrize(
    "label", ["cash", "1 once lost", "The loan_balance", "Cash `free`", "Cash: at hand", "Cash.", "Cash at hand" * 4]
)
def test_a_sentence_or_a_name_is_no_label(label: str) -> None:
    assert not is_label(label)
    assert is_label("Cash, month end")


def is_label(text: str) -> bool:
    """Whether a text can stand in a row: at most 40 characters, a capital first, neither a sentence nor a name."""
    return len(text) <= 40 and re.fullmatch(r"[A-Z][^_`:;.]*", text) is not None


def test_a_label_stands_once_on_a_sheet() -> None:
    sheets = {room: sheet.name for sheet in load_settings().sheets for room in sheet.rooms}
    said = defaultdict(list)
    for line in WRITTEN:
        said[sheets[line.module], line.label].append(line.name)
    assert {key: names for key, names in said.items() if len(names) > 1} == {}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__.split(".")[-1])
def test_every_section_begins_with_a_line_of_its_module(module: ModuleType) -> None:
    sections = getattr(module, "SECTIONS", {})
    assert [name for name in sections if name not in {function.__name__ for function in functions(module)}] == []
    assert len(set(sections.values())) == len(sections)
    source = inspect.getsource(module)
    assert re.findall(r"\n\n# .*\n\n", source) == [], "a heading is declared in SECTIONS, not a comment"


# Conditions


def test_a_condition_stands_alone() -> None:
    assert [line.name for line in WRITTEN if line.expression and is_dressed(line.expression.node)] == []
    assert is_dressed(ast.parse("1 if a > b else 0", mode="eval").body)
    assert not is_dressed(ast.parse("a > b", mode="eval").body)


def is_dressed(node: ast.expr) -> bool:
    """Whether a formula writes ``1 if condition else 0``, which the condition by itself says."""
    ends = (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()
    return bool(ends) and all(isinstance(end, ast.Constant) for end in ends)


def test_a_flag_is_asked_by_its_name() -> None:
    flags = {line.name for line in WRITTEN if line.expression and line.expression.is_flag}
    assert len(flags) > 10
    for line in WRITTEN:
        if line.expression:
            assert compared(line.expression.node) & flags == set(), f"{line.place}: write the flag, or not and the flag"
    assert compared(ast.parse("a if lost_prior > 0 and 0 < b else c", mode="eval").body) == {"lost", "b"}


def compared(node: ast.expr) -> set[str]:
    """The names, without ``_prior``, that a formula compares with a plain number."""
    found = [part for part in ast.walk(node) if isinstance(part, ast.Compare)]
    sides = [{*map(type, (part.left, *part.comparators))} for part in found]
    return {
        side.id.removesuffix("_prior")
        for part, kinds in zip(found, sides, strict=True)
        for side in (part.left, *part.comparators)
        if isinstance(side, ast.Name) and ast.Constant in kinds
    }


# Units and names


def test_every_unit_is_in_the_vocabulary() -> None:
    assert [(line.name, line.unit) for _, line in EVERY if not known(UNITS, line.unit)] == []


def test_names_are_small_letters() -> None:
    assert [line.name for _, line in EVERY if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", line.name)] == []


def test_no_retired_name_comes_back() -> None:
    names = {line.name for _, line in EVERY} | {given.name for graph in GRAPHS for given in graph.given}
    parts = {name: set(_runs(name.split("_"))) for name in names}
    assert [name for name in names if parts[name] & set(RETIRED)] == []
    assert set(_runs(["total", "fleet", "hash", "rate"])) & set(RETIRED) == {"hash_rate"}


def _runs(words: list[str]) -> Iterator[str]:
    for first in range(len(words)):
        for last in range(first, len(words)):
            yield "_".join(words[first : last + 1])


def test_one_name_means_one_thing() -> None:
    units = defaultdict(set)
    for graph in GRAPHS:
        for item in (*graph.openings, *graph.lines, *graph.given):
            units[item.name].add(item.unit)
        for (_, name), constant in graph.opening_constants.items():
            units[name].add(constant.unit)
    assert {name: found for name, found in units.items() if len(found) > 1} == {}


# Readers


def unread(graphs: tuple[Graph, ...]) -> set[str]:
    """Lines that no line reads; a value before month 1 is read by whoever reads last month's value."""
    read = set()
    for graph in graphs:
        for line in (*graph.openings, *graph.lines):
            for ref in line.parameters:
                read.add((ref.graph, ref.scope, ref.name))
                if ref.kind == "prior":
                    read.add((ref.graph, ref.scope, graph.home(ref).opening_name(ref.name)))
    return {
        line.name
        for graph in graphs
        for line in (*graph.openings, *graph.lines)
        if (graph.name, line.scope, line.name) not in read
    }


def test_a_line_without_a_reader_is_a_result() -> None:
    # a total before month 1 comes with the total of the month, read or not
    before = {line.name for _, line in EVERY if line.kind == "opening" and not line.function}
    found = unread(GRAPHS) - before
    assert {name for name in found if not name.startswith("check_")} == RESULTS


def test_every_check_is_read_by_no_line() -> None:
    names = {line.name for line in WRITTEN if line.name.startswith("check_")}
    assert names <= unread(GRAPHS)


@pytest.mark.parametrize("subject", CHECKED)
def test_every_promised_check_exists(subject: str) -> None:
    assert ("", f"check_{subject}") in company_graph().by_key


def test_every_check_is_in_the_checks_room() -> None:
    assert {line.module for line in WRITTEN if line.name.startswith("check_")} == {"checks"}
    assert {line.name[:6] for line in WRITTEN if line.module == "checks"} == {"check_"}


# Values before month 1


def test_a_value_before_month_1_has_the_unit_of_its_line() -> None:
    found = []
    for graph in GRAPHS:
        before = {(given.scope, given.name): given.unit for given in graph.given}
        before |= {(line.scope, line.name): line.unit for line in graph.openings}
        before |= {key: constant.unit for key, constant in graph.opening_constants.items()}
        for line in graph.lines:
            key = line.scope, graph.opening_name(line.name)
            found += [(key, before[key], line.unit)] if before.get(key, line.unit) != line.unit else []
    assert found == []


def test_every_opening_constant_opens_a_line_and_says_why() -> None:
    opened = {key for graph in GRAPHS for key in graph.opening_constants}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, Constant) and name.startswith("opening_"):
                assert (getattr(module, "EACH", ""), name) in opened, f"{name} opens no line"
                assert known(UNITS, value.unit), name
                assert re.match(r"[A-Z]", value.meaning), name


# Numbers


def numbers_in(source: str) -> list[float]:
    """Number literals in the formulas of a module, other than 0 and 1."""
    bodies = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Return)]
    found = [part.value for body in bodies for part in ast.walk(body) if isinstance(part, ast.Constant)]
    return [value for value in found if value not in (0, 1)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__.split(".")[-1])
def test_no_formula_holds_a_number(module: ModuleType) -> None:
    assert numbers_in(Path(inspect.getfile(module)).read_text(encoding="utf-8")) == []


def test_a_number_in_a_formula_is_refused() -> None:
    class wrong:  # noqa: N801
        def power_cost(energy):  # noqa: N805
            """Electricity at fifty dollars [USD m]."""
            return energy * 50

    with pytest.raises(GrammarError, match="50` is a bare number"):
        Graph.build("wrong", [wrong], [Given("energy", "MWh", "input")])
    assert numbers_in("def f(x):\n    return x * 50 + 1") == [50]


def test_a_line_without_a_unit_is_refused() -> None:
    class wrong:  # noqa: N801
        def power_cost(energy):  # noqa: N805
            """Electricity."""
            return energy

    with pytest.raises(GraphError, match="begin with a label and a unit"):
        Graph.build("wrong", [wrong], [Given("energy", "MWh", "input")])


def test_every_constant_is_used_named_in_capitals_and_explained() -> None:
    found = {name: value for name, value in vars(constants).items() if isinstance(value, Constant)}
    used = {name for line in WRITTEN if line.expression for name in line.expression.constants}
    assert set(found) - used == set()
    assert [name for name in found if not re.fullmatch(r"[A-Z][A-Z_]*", name)] == []
    assert [name for name, value in found.items() if not re.match(r"[A-Z1]", value.meaning)] == []


def test_no_other_room_names_a_number() -> None:
    """Constants live in one module, each a named cell once; only values before month 1 stand by their line."""
    for module in modules():
        own = [
            target.id
            for node in ast.parse(inspect.getsource(module)).body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        ]
        if module is not constants:
            strange = {name for name in own if not name.startswith("opening_")}
            assert strange <= {"EACH", "MARKET", "COMPANY", "SECTIONS"}, f"{module.__name__}: {strange}"


# Order


def test_every_module_with_lines_is_in_one_graph() -> None:
    stated = [*lines.MARKET, *lines.COMPANY, *lines.SECTOR]
    stated += [*lines.MARKET_TOGETHER, *lines.COMPANY_TOGETHER, *lines.COMPANY_ADDED]
    assert len(stated) == len(set(stated))
    assert set(stated) == {module for module in modules() if functions(module)}


def test_companies_read_the_market_and_hide_none_of_its_lines() -> None:
    assert market_graph().reads == ()
    assert company_graph().reads == ("market",)
    market = {line.name for line in market_graph().lines if not line.scope}
    assert {line.name for line in company_graph().lines} & market == set()
