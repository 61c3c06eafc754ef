"""Docstrings and tables in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ROLE = re.compile(r":\w+:`~?(?:[\w.]*\.)?([\w]+)`")
_LITERAL = re.compile(r"``(.+?)``")


def prose(docstring: str | None) -> str:
    """A docstring in Markdown: its paragraphs, each on one line, lists kept; what is between backticks is code.

    >>> prose("Of :func:`corpfin.runs.project`\\n    and ``x``.")
    'Of `project` and `x`.'
    """
    text = _LITERAL.sub(r"`\1`", _ROLE.sub(r"`\1`", docstring or ""))
    paragraphs: list[str] = []
    for line in (line.strip() for line in text.strip().splitlines()):
        if not line:
            paragraphs.append("")
        elif line.startswith("- ") or not paragraphs or not paragraphs[-1]:
            paragraphs.append(line)
        else:
            paragraphs[-1] += f" {line}"
    return "\n".join(paragraphs)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown; a cell is one line, with its bars escaped.

    >>> table(["a"], [["x | y"]])
    ['| a |', '|---|', '| x \\\\| y |']
    """
    lines = [heads, ["---"] * len(heads), *rows]
    found = ["| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines]
    found[1] = found[1].replace(" ", "")
    return found


def code(text: str) -> str:
    """Text as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def document(title: str, *parts: str | Sequence[str]) -> str:
    """A document: its title, then its parts one blank line apart, those without a line left out."""
    texts = [part if isinstance(part, str) else "\n".join(part) for part in parts]
    return "\n\n".join([f"# {title}", *filter(None, texts)]) + "\n"
