"""What a reader chose on the Scenario sheet, read back as a scenario that can be run and simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from corpfin.inputs import Company, Scenario, load_scenario
from corpfin.inputs.draws import FACTORS
from corpfin.inputs.load import scenario_from
from corpfin.workbook.book import CONSTANT, FIRST_MONTH, TOTAL
from corpfin.workbook.scenario_sheet import FACTOR, WORDS, ScenarioSheet
from corpfin.workbook.scenarios import OWN
from corpfin.workbook.wiring import Wiring

Shock = dict[str, Any]
WHY = "typed into the book"


class ChosenScenario:
    """The page of a book, and what it says; ``base`` is the scenario the book was written under.

    ``company`` is the one that the book says, its filled slots among the blocks.
    """

    def __init__(
        self, page: Any, made: ScenarioSheet, wiring: Wiring, base: Scenario, book: Path, company: Company
    ) -> None:
        self.page, self.made, self.wiring, self.base, self.book = page, made, wiring, base, book
        self.kinds = {(row.table, row.id): row.get("kind") for row in company.rows}
        case = wiring.projection.market_case
        self.labels, self.known = case.labels, case.history

    def read(self) -> Scenario:
        """The scenario in force, with the reader's own rows and decks; ``InputError`` where it may not be."""
        name = str(self.cell(self.made.selector))
        chosen = self.base if name in (self.base.name, OWN) else load_scenario(name)
        decks = {factor: str(self.cell(row)) for factor, row in self.made.decks.items()}
        changed = {factor: word for factor, word in decks.items() if word != WORDS[0]}
        if name == self.base.name and not changed:
            return self.base
        if name != OWN and not changed:
            return chosen
        tables = chosen.tables.model_dump(exclude_none=True, by_alias=True)
        shocks = list(self.own()) if name == OWN else list(tables["shock"])
        shocks = [shock for shock in shocks if shock["target"] not in changed]
        shocks += [shock for factor, word in changed.items() if word == OWN for shock in self.deck(factor)]
        decked = ", ".join(f"{factor}: {word}" for factor, word in changed.items())
        story = f"{name}, from {self.book.name}" + (f"; {decked}" if decked else "")
        contents = {"scenario": {"name": f"{name}-of-book", "story": story}, "shock": shocks}
        return scenario_from(contents, self.book)

    def cell(self, row: int, column: int = CONSTANT) -> Any:
        return self.page.cell(row, column + 1).value

    def months(self, row: int) -> list[float | None]:
        """What stands in the months of a row; None for blank."""
        found = [self.cell(row, FIRST_MONTH + month) for month in range(len(self.labels))]
        return [None if value in (None, "") else float(value) for value in found]

    def own(self) -> Iterator[Shock]:
        """The reader's own factors and additions, target by target."""
        rows: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, int]] = {}
        for row, own in self.made.owns.items():
            rows.setdefault((own.target, own.blocks), {})[own.what] = row
        for (target, blocks), found in rows.items():
            static = self.made.owns[next(iter(found.values()))].static
            for shock in self.static(found) if static else self.monthly(found):
                table, _, name = target.partition(".")
                there = [id for id, kind in blocks if self.holds(table, id, kind)]
                for full in [f"{table}.{id}.{name}" for id in there] if blocks else [target]:
                    yield {"target": full, "why": WHY} | shock

    def holds(self, table: str, id: str, kind: str) -> bool:
        """Whether a block is there, and of a kind where one is asked: a spare slot may be empty."""
        slot = (table, id) in self.wiring.slots
        return not slot or ((table, id) in self.kinds and kind in ("", self.kinds[table, id]))

    def static(self, rows: Mapping[str, int]) -> Iterator[Shock]:
        pair = {what: self.cell(row, TOTAL) for what, row in rows.items()}
        yield from _shocks(*_effect(pair))

    def monthly(self, rows: Mapping[str, int]) -> Iterator[Shock]:
        values = {what: self.months(row) for what, row in rows.items()}
        effects = [_effect({what: found[month] for what, found in values.items()}) for month in range(len(self.labels))]
        yield from self.spans(effects)

    def spans(self, effects: Sequence[tuple[float, float]]) -> Iterator[Shock]:
        """Months after history with the same effect as one shock."""
        first = 0
        for effect, group in groupby(effects[self.known :]):
            count = len(list(group))
            begin = self.known + first
            first += count
            dates = {"from_month": self.labels[begin], "to_month": self.labels[begin + count - 1]}
            yield from (shock | dates for shock in _shocks(*effect))

    def deck(self, name: str) -> Iterator[Shock]:
        """The reader's level by month: the path itself, or what turns the file's path into it."""
        levels = self.months(self.made.levels[name])
        base = np.asarray(self.made.months_of(self.made.bases[name]), dtype=float)
        certain = self.cell(self.made.certain) not in (False, 0, "FALSE", "=FALSE()")
        if FACTORS[name].returns:
            moved = np.exp(np.cumsum(np.where(np.arange(len(base)) < self.known, 0.0, base)))
            level, effects = 1.0, []
            for month, typed in enumerate(levels):
                level = 1.0 if month < self.known else level * float(np.exp(base[month])) if typed is None else typed
                effects.append((level / float(moved[month]), 0.0))
        elif certain:
            effects = [(1.0, 0.0) if typed is None else (0.0, typed) for typed in levels]
        else:
            effects = [(1.0 if typed is None else typed / base[month], 0.0) for month, typed in enumerate(levels)]
        yield from ({"target": name, "why": WHY} | shock for shock in self.spans(effects))


def _effect(pair: Mapping[str, Any]) -> tuple[float, float]:
    """Factor and addition, where blank leaves a figure as it is."""
    factor, addition = pair.get(FACTOR), next((value for what, value in pair.items() if what != FACTOR), None)
    return (1.0 if factor in (None, "") else float(factor)), (0.0 if addition in (None, "") else float(addition))


def _shocks(factor: float, addition: float) -> Iterator[Shock]:
    if factor == 0.0:
        yield {"how": "set", "value": addition}
        return
    if factor != 1.0:
        yield {"how": "multiply", "value": factor}
    if addition != 0.0:
        yield {"how": "add", "value": addition}
