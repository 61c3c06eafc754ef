"""The parts of an answer: labelled figures in blocks, and the tables that are too long to be figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

SCENARIO_MONTH = "scenario_month"
"""Block within another: the same figures in the first month after history that the scenario touches."""


@dataclass(frozen=True)
class Figure:
    """One figure of an answer: a number, a date, a word, or None where there is none.

    ``source`` is the line, the study or the input it comes from, ``grade`` that of an input. ``error`` is one standard
    error, ``low`` and ``high`` its range: of an input as the file gives it, of an outcome from 5 to 95 % of the paths.
    ``facts`` are what else there is to say of it, by name.
    """

    name: str
    label: str
    value: Any
    unit: str = ""
    source: str = ""
    month: str | None = None
    grade: str | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """Figures and smaller blocks under one label, in their order, each by its name."""

    name: str
    label: str
    parts: tuple[Figure | Block, ...]

    def __getitem__(self, name: str) -> Any:
        """The value of a figure; ``KeyError`` for a name there is none of."""
        return self.figure(name).value

    def figure(self, name: str) -> Figure:
        """A figure; ``KeyError`` for a name there is none of."""
        return _named(self.figures, name)

    def block(self, name: str) -> Block:
        """A smaller block; ``KeyError`` for a name there is none of."""
        return _named(self.blocks, name)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The block's own figures."""
        return tuple(part for part in self.parts if isinstance(part, Figure))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks within."""
        return tuple(part for part in self.parts if isinstance(part, Block))

    def values(self) -> dict[str, Any]:
        """The values of the block's own figures by name."""
        return {figure.name: figure.value for figure in self.figures}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a projection and a simulation say of one company: ``blocks`` of figures, and long ``tables`` by name."""

    blocks: tuple[Block, ...]
    tables: Mapping[str, Any]

    def __getitem__(self, name: str) -> Block:
        """A block; ``KeyError`` for a name there is none of."""
        return _named(self.blocks, name)


PartT = TypeVar("PartT", Figure, Block)


def _named(parts: Iterable[PartT], name: str) -> PartT:
    found = {part.name: part for part in parts}
    if name not in found:
        raise KeyError(f"no {name} among {', '.join(found)}")
    return found[name]


def months_of(found: Block) -> list[Block]:
    """A block as it stands in the last month of history and, where there is another, in the scenario's first."""
    return [found, *(inner for inner in found.blocks if inner.name == SCENARIO_MONTH)]
