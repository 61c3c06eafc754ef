"""Which figure a line reads, where it stands, what it is worth and how it is described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from corpfin.engine import Constant, Graph, Line, ModelError, Ref, Values
from corpfin.engine.parts import Key
from corpfin.inputs import Company, Market, Scenario
from corpfin.inputs.draws import DRAWS
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Declared
from corpfin.runs.cases import MarketCase
from corpfin.runs.declared import KNOWN_INPUTS, ModelInput, company_inputs, market_inputs, members
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.projection import Projection
from corpfin.workbook.applicable import Fact, Facts, Sign
from corpfin.workbook.book import INPUTS, MONTHS, ONE, OPENS, SCENARIO_SHEET, TIMELINE, UNSHOCKED, Datum
from corpfin.workbook.files_sheet import base_of
from corpfin.workbook.scenarios import Choices
from corpfin.workbook.settings import Settings
from corpfin.workbook.spare import slots_of

CALENDAR = ("is_history", "tax_year_start", "subsidy_before_halving", "share_before_halving")
"""Series that are never below 0."""

RELIEF = "relief"
"""What a study of drivers pays for a company; in other books it is nothing."""


def is_settled(row: Row, field: Declared) -> bool:
    """Whether a field is settled in the file: what a block is, and that it stands already where no date is given."""
    return field.spec.model and (field.name == "kind" or (field.name == "issue_date" and row.get(field.name) is None))


def is_share(field: Declared) -> bool:
    """Whether a number of unit 1 is a share of something: it is never above 1."""
    return field.kind == "number" and field.spec.unit == "1" and field.limits.get("le", field.limits.get("lt", 2)) <= 1


class Run(Protocol):
    """What is shown of a run, of one company or of several together: months, scenario, market and path."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Months as ``YYYY-MM``."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def market_case(self) -> MarketCase:
        """The market prepared."""

    @property
    def market(self) -> Values:
        """The market's figures."""

    @property
    def path(self) -> int | None:
        """The number of the simulated path, None for the central one."""


@dataclass(frozen=True)
class Shown:
    """A graph as a book shows it: what it came to, its inputs, their file, and that file before it was edited."""

    graph: Graph
    values: Values
    inputs: tuple[ModelInput, ...]
    document: Company | Market
    filed: Company | Market


def alone(projection: Projection) -> tuple[Shown, Shown]:
    """The two graphs of a company alone."""
    company, market = projection.company, projection.market_case.market
    base = base_of(company, market, projection.scenario)
    return (
        Shown(market_graph(), projection.market, market_inputs(), market, base.market),
        Shown(company_graph(), projection.values, company_inputs(), company, base.company),
    )


class Wiring:
    """The graphs of a run seen from the book: every reference becomes a figure with a place.

    ``ran`` says whether companies met each other.
    """

    ran = "alone"

    def __init__(self, run: Run, shown: Sequence[Shown], as_of: date, settings: Settings) -> None:
        self.run, self.as_of = run, as_of
        self.settings, self.tolerance = settings, settings.tolerance
        self.graphs = {each.graph.name: each.graph for each in shown}
        self.values = {each.graph.name: each.values for each in shown}
        self.documents = {each.graph.name: each.document for each in shown}
        self.filed = {each.graph.name: each.filed for each in shown}
        self.inputs: dict[str, dict[Key, ModelInput]] = {
            each.graph.name: {(item.scope, item.name): item for item in each.inputs} for each in shown
        }
        self.members = {each.graph.name: members(each.document.tables) for each in shown}
        company, filed = (found.get(company_graph().name) for found in (self.documents, self.filed))
        self.slots, self.empty = slots_of(company, filed, settings.spare)
        self.choices = Choices(run, self.slots) if isinstance(run, Projection) and run.drawn else None
        self.shocked = self.choices.fields if self.choices else run.market_case.shocks.fields
        self.sheet_of_room = {room: sheet.name for sheet in settings.sheets for room in sheet.rooms}
        self.facts = Facts(self.graphs, self.count, self.parameters, self.starts_from, self.fact)

    def folded(self, table: str, id: str) -> bool | None:
        """Whether rows of a block are folded away: a spare slot's while it is empty; None for any other block."""
        return (table, id) in self.empty if (table, id) in self.slots else None

    def count(self, graph: Graph, scope: str) -> int:
        """Number of instances of a block."""
        return self.values[graph.name].data.count(scope)

    def ids(self, graph: Graph, scope: str) -> tuple[str, ...]:
        """The ids of a block's instances."""
        return tuple(self.values[graph.name].data.instances.get(scope, ()))

    @property
    def projection(self) -> Projection:
        """The run, where it is one of a company."""
        assert isinstance(self.run, Projection)
        return self.run

    def parameters(self, graph: Graph, line: Line, instance: int) -> Iterator[tuple[Datum, int]]:
        """What a line names, in the order of its parameters (or of what a total adds up), with lag."""
        for ref in line.parameters:
            summed = line.function is None and ref.scope
            for k in range(self.count(graph, ref.scope)) if summed else [instance]:
                yield self.figure(graph, ref, k)

    def reads(self, graph: Graph, line: Line, instance: int) -> Iterator[tuple[Datum, int]]:
        """What the formula of a line reads, as far as it applies."""
        return (read for _, read in self.facts.reads(self.datum(graph, line, instance)))

    def datum(self, graph: Graph, line: Line, instance: int) -> Datum:
        """The figure that a line of an instance works out."""
        shape = OPENS if line.kind == "opening" else MONTHS
        return Datum(graph.name, shape, line.scope, instance if line.scope else 0, line.name)

    def applies(self, datum: Datum) -> bool:
        """Whether a line's figure has a row: what can only be nothing has none."""
        return not self.facts.plain(datum)

    def starts_from(self, graph: Graph, line: Line, instance: int) -> Datum | None:
        """The figure that is a line's value before month 1, if there is one."""
        name = self.opening_of(graph, line)
        return None if name is None else self.before(graph, line.scope, instance, name)

    def fact(self, datum: Datum) -> Fact:
        """What is known of an input, a draw or a figure of the calendar."""
        if datum.graph not in self.graphs:
            return None
        value = self.fixed(datum)
        if value is not None:
            return value
        key = datum.scope, datum.name
        item = self.inputs[datum.graph].get(key)
        if item is not None:
            limits = item.field.limits
            flag = item.field.kind in ("truth", "word", "words")
            above = limits.get("ge", limits.get("gt", -1)) >= 0 and item.left_out >= 0
            return Sign.NOT_NEGATIVE if flag or above else None
        if datum.name in ("month_number", "days"):
            return Sign.POSITIVE
        if datum.name == RELIEF and not np.any(self.value(datum)):
            return 0.0
        factor = next((draw.factor for draw in DRAWS if (draw.scope, draw.name) == key), None)
        above = datum.name in CALENDAR or (factor is not None and factor.lowest >= 0)
        return Sign.NOT_NEGATIVE if above else None

    def fixed(self, datum: Datum) -> float | None:
        """What an input is worth where it is no cell a reader may fill: the kind, and what the kind does not have."""
        graph, key = self.graphs[datum.graph], (datum.scope, datum.name)
        if key in graph.opening_constants:
            return float(graph.opening_constants[key])
        item = self.inputs[datum.graph].get(key)
        if item is None or not datum.scope or self.is_shocked(graph, *key):
            return None
        source = item.source(self.members[datum.graph][datum.scope][datum.instance])
        row = None if source is None else self.blocks[source.table, source.id]
        if source is None or row is None:
            return item.left_out
        if (source.table, source.id) in self.slots:
            return None
        if row.has(source.field.name) and not is_settled(row, source.field):
            return None
        return float(self.value(datum._replace(shape=ONE)))

    @cached_property
    def read(self) -> frozenset[Datum]:
        """Every figure that a row of the book reads, this month or last, or starts from."""
        found: set[Datum] = set()
        for graph in self.graphs.values():
            for line in (*graph.openings, *graph.lines):
                for k in range(self.count(graph, line.scope)):
                    if self.applies(self.datum(graph, line, k)):
                        found.update(datum for datum, _ in self.reads(graph, line, k))
                        found.update(filter(None, [self.starts_from(graph, line, k)]))
        return frozenset(found)

    def is_read(self, graph: Graph, item: ModelInput, instance: int) -> bool:
        """Whether a row of the book reads an input of an instance, by month or as it is."""
        datum = Datum(graph.name, ONE, item.scope, instance, item.name)
        return not self.read.isdisjoint((datum, datum._replace(shape=MONTHS)))

    @cached_property
    def blocks(self) -> dict[tuple[str, str | None], Row]:
        """The blocks of company and market file by table and id."""
        return {(row.table, row.id): row for document in self.documents.values() for row in document.rows}

    def figure(self, graph: Graph, ref: Ref, instance: int) -> tuple[Datum, int]:
        """The figure behind a reference, and 1 when it is last month's."""
        home = self.graphs[ref.graph]
        k = instance if ref.scope else 0
        match ref.kind:
            case "prior":
                return Datum(home.name, MONTHS, ref.scope, k, ref.name), 1
            case "opening":
                return self.before(home, ref.scope, k, ref.name), 0
            case "given":
                return self.given(home, ref.scope, k, ref.name), 0
            case _:
                return Datum(home.name, MONTHS, ref.scope, k, ref.name), 0

    def given(self, graph: Graph, scope: str, k: int, name: str) -> Datum:
        """The figure of a given as the months read it."""
        kind = graph.given_by_key[scope, name].kind
        constant = kind == "static_draw" or (kind == "input" and not self.changes(graph, scope, name))
        return Datum(graph.name, ONE if constant else MONTHS, scope, k, name)

    def before(self, graph: Graph, scope: str, k: int, name: str) -> Datum:
        """The figure behind a value known before month 1."""
        if (scope, name) in graph.opening_constants:
            return Datum(graph.name, ONE, scope, 0, name)
        if (scope, name) in graph.opening_by_key:
            return Datum(graph.name, OPENS, scope, k, name)
        return Datum(graph.name, ONE, scope, k, name)

    def opening_of(self, graph: Graph, line: Line) -> str | None:
        """The name under which a line's value before month 1 is known, if it is."""
        name = graph.opening_name(line.name)
        return name if graph.knows_opening(line.scope, name) else None

    def before_row(self, datum: Datum) -> Datum | None:
        """The figure that stands before the months of a row, if there is one."""
        graph = self.graphs[datum.graph]
        line = graph.by_key.get((datum.scope, datum.name))
        name = self.opening_of(graph, line) if line else None
        return None if line is None or name is None else self.before(graph, line.scope, datum.instance, name)

    def partner(self, graph: Graph, opening: Line) -> Line | None:
        """The line whose opening value an opening line is, if there is one."""
        return self._partners[graph.name].get((opening.scope, opening.name))

    @cached_property
    def _partners(self) -> dict[str, dict[Key, Line]]:
        return {
            graph.name: {(line.scope, graph.opening_name(line.name)): line for line in graph.lines}
            for graph in self.graphs.values()
        }

    def changes(self, graph: Graph, scope: str, name: str) -> bool:
        """Whether an input differs by month: by the scenario (an opening value it changes once), or as known."""
        shocked = self.is_shocked(graph, scope, name) and not name.startswith("opening_")
        return shocked or self.is_known(graph, scope, name)

    def is_known(self, graph: Graph, scope: str, name: str) -> bool:
        """Whether an input is what is known of a company's months."""
        return graph.members and any((given.scope, given.name) == (scope, name) for given in KNOWN_INPUTS)

    def is_shocked(self, graph: Graph, scope: str, name: str) -> bool:
        """Whether the scenario changes an input at all."""
        item = self.inputs[graph.name].get((scope, name))
        return item is not None and not item.targets.isdisjoint(self.shocked)

    def sheet_of(self, datum: Datum) -> str:
        """The sheet a figure is at home on."""
        graph = self.graphs[datum.graph]
        key = datum.scope, datum.name
        line = graph.by_key.get(key) if datum.shape == MONTHS else graph.opening_by_key.get(key)
        if line is not None and line.kind == "opening":
            line = self.partner(graph, line) or line
        if line is not None:
            return self.sheet_of_room.get(line.module, line.module.capitalize())
        moved = self.choices.draws if self.choices else {}
        if datum.shape == UNSHOCKED:
            return TIMELINE if key in moved else INPUTS
        if key in moved or (key in graph.given_by_key and self.is_shocked(graph, *key)):
            return SCENARIO_SHEET if self.choices else TIMELINE
        drawn = key in graph.given_by_key and graph.given_by_key[key].kind != "input"
        return TIMELINE if drawn or datum.shape == MONTHS else INPUTS

    def row(self, name: str) -> Datum:
        """The months of a line or draw that stands once; ``ModelError`` when there is none of this name."""
        for graph in self.graphs.values():
            given = graph.given_by_key.get(("", name))
            if ("", name) in graph.by_key or (given is not None and given.kind == "draw"):
                return Datum(graph.name, MONTHS, "", 0, name)
        raise ModelError(f"templates/workbook.toml names {name}, which is no line of the model")

    def rows(self, name: str, *, spare: bool = False) -> list[tuple[str, Datum]]:
        """The months of a line by the id of its instance, a single one without id for a line that stands once.

        Slots that nobody has filled are left out unless ``spare`` ones are wanted.
        """
        for graph in self.graphs.values():
            for line in graph.lines:
                if line.name == name and line.scope:
                    ids = enumerate(self.ids(graph, line.scope))
                    here = [(k, id) for k, id in ids if spare or (line.scope, id) not in self.empty]
                    return [(id, Datum(graph.name, MONTHS, line.scope, k, name)) for k, id in here]
        return [("", self.row(name))]

    def value(self, datum: Datum) -> Any:
        """The engine's figure: months as an array, else a number."""
        values = self.values[datum.graph]
        graph = self.graphs[datum.graph]
        key = datum.scope, datum.name
        if datum.shape == MONTHS:
            found = values.rows[key] if key in values.rows else self._given_value(graph, values, datum)
            return found[datum.instance] if datum.scope else found
        if key in graph.given_by_key and graph.given_by_key[key].kind == "static_draw":
            return float(np.atleast_1d(values.draws[datum.scope][datum.name])[datum.instance])
        found = values.openings[key]
        return float(found[datum.instance] if datum.scope and found.ndim else found)

    def drawn(self, datum: Datum) -> Any:
        """A draw before any scenario."""
        found = self.projection.drawn[datum.name]
        return float(np.atleast_1d(found)[datum.instance]) if datum.scope else found

    def _given_value(self, graph: Graph, values: Values, datum: Datum) -> Any:
        match graph.given_by_key[datum.scope, datum.name].kind:
            case "series":
                return values.data.series[datum.name]
            case "input":
                return values.data.inputs[datum.scope][datum.name]
            case _:
                return values.draws[datum.scope][datum.name]

    def graph_of(self, datum: Datum) -> Graph:
        """The graph a figure belongs to."""
        return self.graphs[datum.graph]

    def describe(self, datum: Datum) -> tuple[str, str]:
        """Label and unit of a figure."""
        graph = self.graph_of(datum)
        key = datum.scope, datum.name
        if key in graph.opening_constants:
            return graph.opening_constants[key].meaning, graph.opening_constants[key].unit
        if (line := graph.by_key.get(key) or graph.opening_by_key.get(key)) is not None:
            return line.label, line.unit
        given = graph.given_by_key[key]
        item = self.inputs.get(graph.name, {}).get(key)
        return (f"{given.meaning}: {item.choice}" if item and item.choice else given.meaning), given.unit

    def look(self, datum: Datum) -> str:
        """The unit whose number format a figure takes."""
        graph, key = self.graph_of(datum), (datum.scope, datum.name)
        line = graph.by_key.get(key) or graph.opening_by_key.get(key)
        if line is not None:
            flag = line.expression is not None and line.expression.is_flag
            return self.settings.look(line.name, line.unit, flag=flag)
        item = self.inputs.get(datum.graph, {}).get(key)
        if item is not None and item.field.kind in ("truth", "word"):
            return "flag"
        unit = self.describe(datum)[1]
        return "share" if item is not None and unit == "1" and is_share(item.field) else unit

    @cached_property
    def constants(self) -> dict[str, Constant]:
        """The named constants that formulas of this book use; ``ModelError`` when two different ones share a name."""
        found: dict[str, Constant] = {}
        for graph in self.graphs.values():
            for line in (*graph.openings, *graph.lines):
                for k in range(self.count(graph, line.scope)):
                    datum = self.datum(graph, line, k)
                    for name, constant in self.facts.reduced[datum].constants.items() if self.applies(datum) else ():
                        if float(found.setdefault(name, constant)) != float(constant):
                            message = f"{line.place}: two constants are called {name}; rename one for the workbook"
                            raise ModelError(message)
        return found
