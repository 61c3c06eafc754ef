"""What a document is made of, before it is written in any language of paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn


@dataclass(frozen=True)
class Text:
    """A paragraph; ``loud`` where it must not be overlooked."""

    text: str
    loud: bool = False


@dataclass(frozen=True)
class Link:
    """A line that leads to another file of the same folder."""

    text: str
    file: str


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Tiles:
    """The few figures to be seen first: label, figure, note."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Table:
    """Cells under headings; ``words`` are the columns of words, which stand to the left; ``links`` are by heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = (0,)
    note: str = ""
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plot:
    """A drawing and what it shows, for those who do not see it."""

    name: str
    drawn: Drawn


Part = Text | Link | Bullets | Tiles | Table | Plot


@dataclass(frozen=True)
class Section:
    """Parts under a heading; ``name`` is what a link calls it."""

    name: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Paper:
    """A whole document: its title, a line below it, what stands before the sections, and the sections."""

    title: str
    below: str
    head: tuple[Part, ...]
    sections: tuple[Section, ...]
