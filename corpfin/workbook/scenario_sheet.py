"""The Scenario sheet: a selector, the reader's own shocks, and decks of prices; what they make of inputs and draws.

Every scenario is there as rows of a factor and an addition by month, and the chosen one's go into the model. In the
rows called "own" a reader types factors and additions of his own; a deck is a level by month that takes the place of
file and scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from corpfin.engine import Given, Graph
from corpfin.inputs.draws import Factor, draws_of, is_static
from corpfin.runs.declared import Source
from corpfin.workbook.book import (
    FIRST_MONTH,
    MONTHS,
    ONE,
    SCENARIO_SHEET,
    TIMELINE,
    TOTAL,
    UNSHOCKED,
    Book,
    Cell,
    Datum,
    Kind,
    Row,
    Sheet,
)
from corpfin.workbook.scenarios import DECKS, OWN, Choice, Effect
from corpfin.workbook.timeline import Site
from corpfin.workbook.wiring import Wiring

WORDS = ("scenario", "file", OWN)
"""What a deck may follow: the scenario, the file whatever the scenario, or the reader's own row."""

ON_PAPER = 14
"""Columns of months that the stories of the scenarios take on paper."""

FACTOR, ADDITION = "own factor", "own addition"


@dataclass(frozen=True)
class Own:
    """A row in which a reader types: of which target, of which blocks (none: of all), what it holds, whether once.

    A block is an id and a kind; the kind is empty where it does not matter.
    """

    target: str
    blocks: tuple[tuple[str, str], ...]
    what: str
    static: bool


@dataclass
class ScenarioSheet:
    """The sheet, the selector's row, and what the reader's own rows and the switches of the decks stand for."""

    sheet: Sheet
    selector: int = 0
    owns: dict[int, Own] = field(default_factory=dict)
    decks: dict[str, int] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    bases: dict[str, int] = field(default_factory=dict)
    certain: int = 0

    def months_of(self, row: int) -> Sequence[float]:
        """The figures in the months of a row."""
        found = self.sheet.rows[row]
        assert isinstance(found, Row)
        assert found.months is not None
        return found.months.value  # type: ignore[no-any-return]


def lay_out_scenario(book: Book, wiring: Wiring, sites: Mapping[int, Site]) -> ScenarioSheet:
    """Add the sheet."""
    lead = "Choose in the blue cells; the rows below say what each scenario makes of an input, the own rows are yours"
    made = ScenarioSheet(book.sheet(Sheet(SCENARIO_SHEET, "Scenario and decks", lead)))
    _Layout(book, wiring, made, sites).lay_out()
    return made


class _Layout:
    def __init__(self, book: Book, wiring: Wiring, made: ScenarioSheet, sites: Mapping[int, Site]) -> None:
        self.book, self.wiring, self.made, self.sheet, self.sites = book, wiring, made, made.sheet, sites
        assert wiring.choices is not None
        self.factors, self.choices = wiring.choices.factors, wiring.choices.all
        self.chosen = wiring.projection.scenario.name
        self.numbers = {choice.name: float(n) for n, choice in enumerate(self.choices, start=1)}
        self.number, self.own, self.history = 0, 0, 0

    def lay_out(self) -> None:
        self.selector()
        self.switches()
        for factor in self.factors:
            self.factor(factor)
        for graph in self.wiring.graphs.values():
            for given in graph.given:
                if given.kind == "input" and self.wiring.is_shocked(graph, given.scope, given.name):
                    self.input(graph, given)

    def selector(self) -> None:
        sheet, names = self.sheet, [*self.numbers, OWN]
        sheet.head("Scenario")
        first = sheet.next + 4
        span = f"$B${first}:$B${first + len(names) - 1}"
        row = Row("choice", "Scenario in force", "text", "choose from the list")
        rule = {"validate": "list", "source": f"={span}", "ignore_blank": False,
                "error_message": "One of the scenarios listed below"}  # fmt: skip
        row.constant = Cell(self.chosen, kind=Kind.INPUT, unit="text", validation=rule)
        self.made.selector = sheet.add(row)
        number = Row("choice", "Its number", "count", "")
        number.constant = Cell(self.numbers[self.chosen], f"MATCH($E${self.made.selector},{span},0)")
        self.number = sheet.add(number)
        sheet.head("Scenarios that apply", minor=False)
        assert sheet.next == first
        for choice in self.choices:
            story = " ".join(choice.scenario.story.split())
            line = Row("scenario", choice.name, "count", "")
            line.total = Cell(story, kind=Kind.CONSTANT)
            line.constant = Cell(self.numbers[choice.name], kind=Kind.CONSTANT)
            sheet.add(line)
        line = Row("scenario", OWN, "count", "")
        story = "your own factors and additions, in the rows called own below"
        line.total = Cell(story, kind=Kind.CONSTANT)
        line.constant = Cell(float(len(names)), kind=Kind.CONSTANT)
        self.own = sheet.add(line)

    def switches(self) -> None:
        """A switch for each deck, with the words it takes."""
        sheet = self.sheet
        sheet.head("Decks: level by month of")
        history = Datum("market", MONTHS, "", 0, "is_history")
        first = sheet.next
        for n, word in enumerate(WORDS):
            row = Row("words", word, "count", "what a deck may follow")
            row.constant = Cell(float(n), kind=Kind.CONSTANT)
            sheet.add(row)
        span = f"$B${first}:$B${first + len(WORDS) - 1}"
        rule = {"validate": "list", "source": f"={span}", "ignore_blank": False, "error_message": ", ".join(WORDS)}
        for factor in self.factors:
            if factor.name not in DECKS:
                continue
            here = sheet.next
            row = Row("deck", f"Deck: {_title(factor)}", "text", "")
            row.opening = Cell("file, scenario or own row", kind=Kind.CONSTANT)
            row.constant = Cell(WORDS[0], kind=Kind.INPUT, unit="text", validation=rule)
            row.total = Cell(0.0, f"MATCH($E${here},{span},0)-1", unit="count")
            self.made.decks[factor.name] = sheet.add(row)
        row = Row("deck", "Own decks are certain", "flag", "")
        row.opening = Cell("read back: the path itself, or the level around which paths move", kind=Kind.CONSTANT)
        row.constant = Cell(True, kind=Kind.INPUT, validation={"validate": "list", "source": ["TRUE", "FALSE"]})
        self.made.certain = sheet.add(row)
        row = Row("deck", "In history", "flag", "history cannot be chosen")
        row.months = Cell(self.wiring.value(history), partial(self.book.link, history), Kind.LINK)
        self.history = sheet.add(row)
        sheet.printed = self.history, FIRST_MONTH + ON_PAPER

    def effects(
        self, section: str, label: str, unit: str, target: str, blocks: tuple[tuple[str, str], ...],
        found: Sequence[tuple[Choice, Effect]], *, static: bool, additive: bool = True,
    ) -> tuple[int, int]:  # fmt: skip
        """Rows of every scenario that changes a figure, the reader's own, and the chosen factor and addition."""
        rows = []
        for what, shown, neutral, own in (
            ("factor", "1", 1.0, FACTOR), ("addition", unit, 0.0, ADDITION),
        )[: 2 if additive else 1]:  # fmt: skip
            given = []
            for choice, effect in found:
                values = getattr(effect, what)
                if np.all(values == neutral):
                    continue
                row = Row(section, f"{label}, {what}: {choice.name}", shown, f"scenario {choice.name}", grouped=True)
                row.constant = Cell(self.numbers[choice.name], f"$E${self.row_of(choice)}", unit="count")
                self.put(row, Cell(float(values[0]) if static else values, kind=Kind.GIVEN), static=static)
                given.append((choice, self.sheet.add(row), values))
            mine = Row(section, f"{label}, {own}", shown, "type here; blank leaves it as it is")
            mine.constant = None if static else Cell(float(len(self.choices) + 1), f"$E${self.own}", unit="count")
            blank = Cell(None, kind=Kind.INPUT) if static else Cell([None] * self.book.months, kind=Kind.INPUT)
            self.put(mine, blank, static=static)
            number = self.sheet.add(mine)
            self.made.owns[number] = Own(target, blocks, own, static)
            column = "$F$" if static else "{c}"
            plain = int(neutral)
            text = f"IF(ISBLANK({column}{number}),{plain},{column}{number})"
            text = f"IF($E${self.number}=$E${self.own},{text},{plain})"
            for _, row_number, _ in reversed(given):
                text = f"IF($E${self.number}=$E${row_number},{column}{row_number},{text})"
            current = next((values for choice, _, values in given if choice.name == self.chosen), None)
            values = np.full(self.book.months, neutral) if current is None else current
            picked = Row(section, f"{label}, {what} in force", shown, "of the scenario in force")
            self.put(picked, Cell(float(values[0]) if static else values, text), static=static)
            rows.append(self.sheet.add(picked))
        return rows[0], rows[-1]

    def row_of(self, choice: Choice) -> int:
        return self.own - len(self.choices) + list(self.numbers).index(choice.name)

    def put(self, row: Row, cell: Cell, *, static: bool) -> None:
        if static:
            row.total = cell
        else:
            row.months = cell

    def factor(self, factor: Factor) -> None:
        """What is drawn: the draws before, the chosen change, the deck, what the model reads."""
        data = [
            (given, datum)
            for graph in self.wiring.graphs.values() for given in graph.draws
            if given.name in {draw.name for draw in draws_of(factor)}
            for k in range(self.wiring.count(graph, given.scope))
            if (datum := self.wiring.given(graph, given.scope, k, given.name)) in self.wiring.read
        ]  # fmt: skip
        if not data:
            return
        self.sheet.head(_title(factor))
        found = [(choice, effect) for choice in self.choices if not (effect := choice.of_draw(factor)).nothing]
        static = is_static(factor)
        title = _title(factor)
        rows = self.effects(
            "draw", title, factor.unit, factor.name, (), found, static=static, additive=not factor.returns
        )
        if static:
            for given, datum in data:
                self.static_draw(given, datum, rows)
            return
        deck = self.made.decks.get(factor.name, 0)
        mine = self.level(factor, title) if deck else 0
        if factor.returns:
            self.returns(factor, data[0], rows[0], deck, mine)
            return
        for given, datum in data:
            base = self.made.bases[factor.name] = self.base(given, datum)
            scenario = f"({{c}}{base}*{{c}}{rows[0]})+{{c}}{rows[1]}"
            text = scenario
            if deck:
                typed = f"IF(OR({{c}}{self.history}=1,ISBLANK({{c}}{mine})),{{c}}{base},{{c}}{mine})"
                text = f"IF($F${deck}>1,{typed},IF($F${deck}=1,{{c}}{base},{scenario}))"
            self.home(Row("draw", given.meaning, given.unit, "what the model reads"), datum, text)

    def level(self, factor: Factor, title: str) -> int:
        """The reader's own row of a deck."""
        unit = factor.unit
        note = "1 is the last month of history" if factor.returns else "used where the deck says own; blank: the file's"
        row = Row("deck", f"{title}: own deck", unit, note)
        row.months = Cell([None] * self.book.months, kind=Kind.INPUT)
        self.made.levels[factor.name] = number = self.sheet.add(row)
        return number

    def base(self, given: Given, datum: Datum) -> int:
        unshocked = datum._replace(shape=UNSHOCKED)
        row = Row("draw", f"{given.meaning}, file", given.unit, "from Timeline", grouped=True)
        row.months = Cell(self.wiring.drawn(datum), partial(self.book.link, unshocked), Kind.LINK)
        return self.sheet.add(row)

    def home(self, row: Row, datum: Datum, text: Callable[[], str] | str) -> int:
        row.months = Cell(self.wiring.value(datum), text, unit=self.wiring.look(datum))
        number = self.sheet.add(row)
        self.book.settle(self.sheet, datum, number, FIRST_MONTH)
        return number

    def returns(self, factor: Factor, drawn: tuple[Given, Datum], level: int, deck: int, mine: int) -> None:
        """A factor that is drawn as returns: its level is changed, the model reads the return."""
        given, datum = drawn
        picked = self.sheet.rows[level]
        assert isinstance(picked, Row)
        picked.opening = Cell(1.0, kind=Kind.CONSTANT)
        base = self.made.bases[factor.name] = self.base(given, datum)
        values = np.asarray(self.wiring.drawn(datum), dtype=float)
        past = np.asarray(self.wiring.value(Datum("market", MONTHS, "", 0, "is_history"))) == 1
        levels = np.exp(np.cumsum(np.where(past, 0.0, values)))
        row = Row("deck", f"{_title(factor)}: level of the own deck", "1", "blank months move as the file does")
        number = self.sheet.next
        row.opening = Cell(1.0, kind=Kind.CONSTANT)
        moved = f"IF(ISBLANK({{c}}{mine}),{{p}}{number}*EXP({{c}}{base}),{{c}}{mine})"
        row.months = Cell(levels, f"IF({{c}}{self.history}=1,1,{moved})")
        self.sheet.add(row)
        own = f"IF({{c}}{self.history}=1,{{c}}{base},LN({{c}}{number}/{{p}}{number}))"
        scenario = f"{{c}}{base}+LN({{c}}{level}/{{p}}{level})"
        text = f"IF($F${deck}>1,{own},IF($F${deck}=1,{{c}}{base},{scenario}))"
        self.home(Row("draw", given.meaning, given.unit, "what the model reads"), datum, text)

    def static_draw(self, given: Given, datum: Datum, rows: tuple[int, int]) -> None:
        """A draw of a project: a finished one is neither late nor dearer."""
        id = self.wiring.ids(self.wiring.graphs[datum.graph], datum.scope)[datum.instance]
        unshocked = datum._replace(shape=UNSHOCKED)
        row = Row(f"{datum.scope} {id}", given.meaning, given.unit, "changed while under construction")
        row.constant = Cell(self.wiring.drawn(datum), partial(self.book.link, unshocked), Kind.LINK)
        here = self.sheet.next
        building = f"{TIMELINE}!{self.sites[datum.instance].building}"
        row.total = Cell(self.wiring.value(datum), f"IF({building}>0,($E${here}*$F${rows[0]})+$F${rows[1]},$E${here})")
        self.book.settle(self.sheet, datum, self.sheet.add(row), TOTAL)

    def input(self, graph: Graph, given: Given) -> None:
        """An input of every instance that reads it; those that a scenario changes alike share its rows."""
        wiring = self.wiring
        item = wiring.inputs[graph.name][given.scope, given.name]
        projection = wiring.projection
        document = projection.company if graph.members else projection.market_case.market
        monthly = wiring.changes(graph, given.scope, given.name)
        groups: dict[tuple[bytes, ...], list[tuple[int, float, str]]] = {}
        known: dict[tuple[bytes, ...], tuple[str, list[tuple[Choice, Effect]]]] = {}
        instances: dict[tuple[int, float], dict[str, tuple[int, int]]] = {}
        for k, member in enumerate(wiring.members[graph.name][given.scope]):
            if not wiring.is_read(graph, item, k):
                continue
            source = item.source(member)
            value = document.figure(*source.key).value if source else item.left_out
            written = item.read(value, projection.company.as_of)
            target, block = (source.target, source.id) if source else ("", None)
            for kind in self.kinds(source):
                found = [
                    (choice, Effect(*choice.case.shocks.change(target, kind, block, before=written,
                                                               at_start=item.opening)))
                    for choice in self.choices
                ]  # fmt: skip
                key = tuple(effect.key for _, effect in found) + self.alone(source)
                groups.setdefault(key, []).append((k, written, kind or ""))
                known[key] = target, found
                instances.setdefault((k, written), {})[kind or ""] = (0, 0)
        if not groups:
            return
        self.sheet.head(given.meaning)
        whole = {k for entries in groups.values() for k, _, _ in entries}
        of_kind = {k for k in whole if sum(any(k == each for each, _, _ in entries) for entries in groups.values()) > 1}
        for key, entries in groups.items():
            target, found = known[key]
            changed = [(choice, effect) for choice, effect in found if not effect.nothing]
            several = len(groups) > 1
            named = dict.fromkeys(
                (str(wiring.members[graph.name][given.scope][k].id), kind if k in of_kind else "")
                for k, _, kind in entries
            )
            words = ", ".join(f"{id} as {kind}" if kind else id for id, kind in named)
            label = f"{given.meaning} ({words})" if several else given.meaning
            blocks = tuple(named) if several else ()
            rows = self.effects(item.table, label, given.unit, target, blocks, changed, static=not monthly)
            for k, written, kind in entries:
                instances[k, written][kind] = rows
        for (k, written), by_kind in instances.items():
            self.instance(graph, given, k, written, by_kind, monthly=monthly)

    def alone(self, source: Source | None) -> tuple[bytes, ...]:
        """What keeps a spare slot from sharing rows: a path begins at its figure, which differs once it is filled."""
        if source is None or (source.table, source.id) not in self.wiring.slots:
            return ()
        shocks = [shock for choice in self.choices for shock in choice.scenario.shocks]
        paths = any(shock.how == "path" and shock.field == source.target for shock in shocks)
        return (str(source.id).encode(),) if paths else ()

    def kinds(self, source: Source | None) -> tuple[str | None, ...]:
        """What kind of block an input may be of: a spare slot is of any."""
        row = self.wiring.blocks[source.table, source.id] if source else None
        if row is None or "kind" not in row.fields:
            return (None,)
        return row.fields["kind"].words if (row.table, row.id) in self.wiring.slots else (str(row.get("kind")),)

    def instance(
        self, graph: Graph, given: Given, k: int, written: float, rows: Mapping[str, tuple[int, int]], *, monthly: bool
    ) -> None:
        member = self.wiring.members[graph.name][given.scope][k]
        section = f"{given.scope} {member.id}" if member.id else given.scope or "scenario"
        datum = Datum(graph.name, MONTHS if monthly else ONE, given.scope, k, given.name)
        base = datum._replace(shape=UNSHOCKED)
        row = Row(section, f"{given.meaning}, in force", given.unit, "value x factor + addition")
        row.constant = Cell(written, partial(self.book.link, base), Kind.LINK)
        number = self.sheet.next
        column = "{c}" if monthly else "$F$"
        factor, addition = (partial(self.of_kind, datum, {kind: pair[n] for kind, pair in rows.items()}, column)
                            for n in (0, 1))  # fmt: skip
        look = self.wiring.look(datum)
        cell = Cell(self.wiring.value(datum), lambda: f"($E${number}*{factor()})+{addition()}", unit=look)
        self.put(row, cell, static=not monthly)
        self.book.settle(self.sheet, datum, self.sheet.add(row), FIRST_MONTH if monthly else TOTAL)

    def of_kind(self, datum: Datum, rows: Mapping[str, int], column: str) -> str:
        """The factor or addition of an instance: by its kind where a scenario changes one kind alone."""
        plain, *others = rows.items()
        text = f"{column}{plain[1]}"
        for kind, row in reversed(others):
            if row != plain[1]:
                flag = self.book.link(datum._replace(shape=ONE, name=kind))
                text = f"IF({flag}>0,{column}{row},{text})"
        return text


def _title(factor: Factor) -> str:
    """What a factor is called: the meaning of its first draw."""
    return draws_of(factor)[0].meaning
