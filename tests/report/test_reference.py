"""The reference: everything the code declares stands in it, and the same code makes the same texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import corpfin as cf
from corpfin import lines
from corpfin.common.defaults import MONTHS
from corpfin.engine.grammar import Constant
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import DRAWS, FACTORS
from corpfin.inputs.find import known_scenarios
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.outcomes import FIGURES, OutcomeTables
from corpfin.inputs.provenance import Documents
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import declared
from corpfin.lines import constants
from corpfin.report.reference import reference
from corpfin.studies.tables import TABLES


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The documents by file."""
    return reference(cf.line_items(), "# Commands\n")


def sections(text: str, level: str) -> dict[str, str]:
    """The parts of a document below its headings of a level, by heading."""
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text: str) -> Iterator[str]:
    """The names in the first cell of a document's tables."""
    yield from re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE)


def test_the_index_names_every_document(texts: dict[str, str]) -> None:
    assert re.findall(r"\]\(([\w.]+)\)", texts["index.md"]) == [name for name in texts if name != "index.md"]


def test_every_line_has_its_paragraph(texts: dict[str, str]) -> None:
    found = sections(texts["lines.md"], "###")
    items = cf.line_items()
    assert len(found) == len(items)
    for line in items.itertuples():
        name = f"{line.scope}.{line.line}" if line.scope else line.line
        told = found[name + (", a total" if line.kind == "total" else "")]
        assert f"**{line.label}** [{line.unit}]" in told
        assert f"\n{line.formula}\n" in told
        assert all(f"`{each}`" in told for each in (*line.reads, *line.read_by))


def test_the_lines_of_a_run_of_companies_together_are_there(texts: dict[str, str]) -> None:
    rooms = {room.__name__.rpartition(".")[2] for room in lines.SECTOR}
    assert {f"sector: {room}" for room in rooms} <= set(sections(texts["lines.md"], "##"))


FILES = {
    "a company file": CompanyTables,
    "a market file": MarketTables,
    "both": Documents,
    "an outcomes file": OutcomeTables,
    "a scenario file": ScenarioTables,
}


@pytest.mark.parametrize("of", FILES)
def test_every_input_has_its_row_with_its_limits(of: str, texts: dict[str, str]) -> None:
    tables = FILES[of]
    found = sections(texts["scenarios.md" if tables is ScenarioTables else "inputs.md"], "###")
    for name, shape in layout(tables).items():
        told = found[f"[[{name}]] of {of}" if shape.repeats else f"[{name}] of {of}"]
        assert list(first_cells(told)) == list(declared(shape.table))
        for field in declared(shape.table).values():
            (row,) = (line for line in told.splitlines() if line.startswith(f"| `{field.name}` |"))
            assert (field.allowed or "any").replace("|", "\\|") in row
            assert field.spec.meaning.replace("|", "\\|") in row


def test_an_input_names_the_lines_that_read_it(texts: dict[str, str]) -> None:
    found = sections(texts["inputs.md"], "###")
    (cash,) = (line for line in found["[treasury] of a company file"].splitlines() if line.startswith("| `cash` |"))
    assert "`cash`" in cash.rpartition(" | ")[2]
    (price,) = (
        line for line in found["[[order]] of a company file"].splitlines() if line.startswith("| `order_efficiency` |")
    )
    assert "`energy`" in price.rpartition(" | ")[2]


def test_every_check_column_draw_factor_constant_and_scenario_is_told(texts: dict[str, str]) -> None:
    names = {line for line in cf.line_items()["line"] if line.startswith("check_")}
    assert names == {name.rpartition(".")[2] for name in first_cells(texts["checks.md"])}
    outputs = sections(texts["outputs.md"], "###")
    for table, columns in TABLES.items():
        assert list(first_cells(outputs[table])) == [column.name for column in columns(MONTHS)]
    method = set(first_cells(texts["method.md"]))
    stated = {name for name, found in vars(constants).items() if isinstance(found, Constant)}
    assert stated | {draw.name for draw in DRAWS} | set(FACTORS) <= method
    assert set(known_scenarios()) <= set(sections(texts["scenarios.md"], "###"))
    assert all(f"`{name}`" in texts["inputs.md"] for name in FIGURES)


def test_the_texts_are_whole(texts: dict[str, str]) -> None:
    """Every row of a table has the cells of its heading; nothing of the code's own markup is left."""
    for name, text in texts.items():
        width = 0
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert cells in (0, width) or width == 0, f"{name}: {line}"
            width = cells
        assert not re.search(r":(func|mod|class|data):|[^`]``\w", text), name
