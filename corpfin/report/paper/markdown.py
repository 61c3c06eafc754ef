"""A document as Markdown, for an e-mail or a ticket; drawings are left out."""

from __future__ import annotations

from collections.abc import Iterator

from corpfin.report.paper.elements import Bullets, Link, Paper, Part, Plot, Table, Text, Tiles


def markdown(paper: Paper) -> str:
    """The whole document."""
    blocks = [f"# {_plain(paper.title)}", _plain(paper.below), *(text for part in paper.head for text in _part(part))]
    for section in paper.sections:
        blocks += [f"## {_plain(section.title)}", *(text for part in section.parts for text in _part(part))]
    return "\n\n".join(blocks)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text():
            yield f"**{_plain(part.text)}**" if part.loud else _plain(part.text)
        case Link():
            yield f"[{_plain(part.text)}]({part.file})"
        case Bullets():
            yield "\n".join(f"- {_plain(item)}" for item in part.items)
        case Tiles():
            yield _table(("", "", ""), [*part.items], (0, 2))
        case Table():
            yield f"**{_plain(part.caption)}**"
            yield _table(part.head, [*part.rows], part.words)
            if part.note:
                yield _plain(part.note)
        case Plot():
            return


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]], words: tuple[int, ...]) -> str:
    rule = ("---" if place in words else "---:" for place, _ in enumerate(head))
    lines = [head, *rows]
    written = ["| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join([written[0], f"|{'|'.join(rule)}|", *written[1:]])


def _plain(text: str) -> str:
    """Text that no sign of Markdown is in by accident."""
    return " ".join(text.split()).replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")
