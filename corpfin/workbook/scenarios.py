"""The scenarios a reader may choose in the book: what each makes of an input or a draw, by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpfin.engine.data import Array
from corpfin.inputs import InputError, Scenario, load_scenario
from corpfin.inputs.draws import DRAWS, FACTORS, Factor, draws_of, is_static
from corpfin.inputs.find import known_scenarios
from corpfin.runs.cases import MarketCase, prepare_company, prepare_market
from corpfin.runs.declared import company_inputs, market_inputs
from corpfin.runs.projection import Projection
from corpfin.workbook.spare import Block

OWN = "own"
"""What the reader's own column of shocks is called in the selector."""

DECKS = ("btc_price", "power_index", "ai_factor")
"""Factors that a reader may lay down month by month."""


@dataclass(frozen=True)
class Effect:
    """What a scenario makes of a figure: value x factor + addition, by month [M]."""

    factor: Array
    addition: Array

    @property
    def nothing(self) -> bool:
        """Whether it leaves the figure as it is."""
        return bool(np.all(self.factor == 1.0) and np.all(self.addition == 0.0))

    @property
    def key(self) -> bytes:
        """Equal for effects that are the same."""
        return self.factor.tobytes() + self.addition.tobytes()


@dataclass(frozen=True)
class Choice:
    """One scenario of the selector, prepared for the months of the book."""

    scenario: Scenario
    case: MarketCase

    @property
    def name(self) -> str:
        """Its name."""
        return self.scenario.name

    def of_draw(self, factor: Factor) -> Effect:
        """What it makes of a factor: of its level, for one whose draws are returns."""
        months = len(self.case.labels)
        found = Effect(np.ones(months), np.zeros(months))
        for shock in self.case.draw_shocks:
            if shock.target != factor.name:
                continue
            inside = slice(None) if is_static(factor) else slice(shock.first, shock.last + 1)
            if shock.how == "add":
                found.addition[inside] += shock.value
            elif shock.how == "multiply":
                found.factor[inside] *= shock.value
                found.addition[inside] *= shock.value
            else:
                found.factor[inside], found.addition[inside] = 0.0, shock.value
        return found


class Choices:
    """Every shipped scenario that changes something here, and the one the book is written under.

    What a reader fills into one of the spare ``slots`` may be of any kind.
    """

    def __init__(self, projection: Projection, slots: frozenset[Block] = frozenset()) -> None:
        self.projection, self.slots = projection, slots
        names = [*known_scenarios(), projection.scenario.name]
        found: dict[str, Choice] = {}
        for name in names:
            if name == projection.scenario.name:
                found[name] = Choice(projection.scenario, projection.market_case)
            elif name not in found and (choice := self.prepared(name)):
                found[name] = choice
        self.all = tuple(found.values())

    def prepared(self, name: str) -> Choice | None:
        """A shipped scenario; None where it does not apply in these months, or not as formulas."""
        projection = self.projection
        case = projection.market_case
        try:
            scenario = load_scenario(name)
            made = prepare_market(case.market, scenario, len(case.labels), case.known)
            prepare_company(projection.company, made)
        except InputError:
            return None
        live = {target for item in (*company_inputs(), *market_inputs()) for target in item.targets} | set(FACTORS)
        whole = all(shock.field in live for shock in scenario.shocks)
        return Choice(scenario, made) if whole and self.touches(scenario) else None

    def touches(self, scenario: Scenario) -> bool:
        """Whether a scenario names anything that the company or the market has; the base case changes nothing."""
        projection = self.projection
        rows = [*projection.company.rows, *projection.market_case.market.rows]
        for shock in scenario.shocks:
            factor = FACTORS.get(shock.target)
            if factor is not None and (not is_static(factor) or projection.case.projects):
                return True
            table = shock.field.partition(".")[0]
            found = [row for row in rows if row.table == table and shock.block in (None, row.id)]
            kinds = [row.get("kind") for row in found]
            free = any((table, row.id) in self.slots for row in found)
            if factor is None and kinds and (free or shock.kind in (None, *kinds)):
                return True
        return not scenario.shocks

    @cached_property
    def fields(self) -> frozenset[str]:
        """The ``table.field`` that one of them changes."""
        return frozenset(field for choice in self.all for field in choice.case.shocks.fields)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The factors that one of them changes or a deck lays down."""
        shocked = {shock.target for choice in self.all for shock in choice.scenario.shocks}
        return tuple(factor for name, factor in FACTORS.items() if name in shocked or name in DECKS)

    @cached_property
    def draws(self) -> Mapping[tuple[str, str], Factor]:
        """Those draws by scope and name, with their factors."""
        moved = {draw.name: factor for factor in self.factors for draw in draws_of(factor)}
        return {(draw.scope, draw.name): moved[draw.name] for draw in DRAWS if draw.name in moved}
