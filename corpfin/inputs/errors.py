"""What is wrong with an input file, said so that the person who wrote it can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from corpfin.common.text import visible

FailureKind = Literal["MISSING", "PARSING", "INVALID"]
LONGEST_VALUE, LONGEST_KEY, LONGEST_MESSAGE = 60, 200, 2_000


@dataclass(frozen=True)
class Problem:
    """One fault: the file's name, the key, what is written there (None: nothing), what is wrong, what is allowed and
    the nearest known name."""

    file: str
    key: str
    value: Any
    message: str
    allowed: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        key = _cut(self.key, LONGEST_KEY)
        where = key if self.value is None else f"{key} = {toml_text(self.value)}"
        parts = [_cut(self.message, LONGEST_MESSAGE)]
        if self.allowed:
            parts.append(f"allowed {_cut(self.allowed, LONGEST_MESSAGE)}")
        if self.nearest:
            parts.append(f"nearest is {self.nearest}")
        return visible(": ".join(filter(None, [self.file, where, "; ".join(parts)])).replace("\n", "\\n"))


class InputError(ValueError):
    """All the problems of one input file together; ``kind`` says whether it was missing, unreadable or wrong."""

    def __init__(self, problems: Iterable[Problem], kind: FailureKind = "INVALID") -> None:
        self.problems = list(problems)
        self.kind: FailureKind = kind
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Report:
    """Collects the problems of one file while it is checked."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(
        self, key: str, message: str, value: Any = None, allowed: str | None = None, nearest: str | None = None
    ) -> None:
        """Note one fault; the parameters are the fields of :class:`Problem`."""
        self.problems.append(Problem(self.file.name, key, value, message, allowed, nearest))

    def close(self) -> None:
        """Raise :class:`InputError` with everything noted, if anything was."""
        if self.problems:
            raise InputError(self.problems)


@dataclass(frozen=True)
class Failure:
    """Why one file of a batch was not loaded."""

    kind: FailureKind
    problems: tuple[Problem, ...]


def nearest_name(name: str, known: Iterable[str], count: int = 1) -> str | None:
    """Up to ``count`` of the ``known`` names that look like ``name``, or None when none does.

    >>> nearest_name("pricipal", ["principal", "put_date"])
    'principal'
    """
    by_fold = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_fold, n=count, cutoff=0.5)
    return " or ".join(by_fold[fold] for fold in close) or None


def toml_text(value: Any) -> str:
    """A value as it would be written in TOML, cut when it is long.

    >>> toml_text(True), toml_text("term"), toml_text([1, 2.5])
    ('true', '"term"', '[1, 2.5]')
    """
    if isinstance(value, bool):
        written = "true" if value else "false"
    elif isinstance(value, str):
        written = f'"{value}"'
    elif isinstance(value, datetime):
        written = value.isoformat(sep=" ")
    elif isinstance(value, date):
        written = value.isoformat()
    elif isinstance(value, list):
        written = f"[{', '.join(toml_text(item) for item in value)}]"
    elif isinstance(value, dict):
        written = f"{{ {', '.join(f'{key} = {toml_text(item)}' for key, item in value.items())} }}" if value else "{}"
    else:
        written = f"{value:.12g}" if isinstance(value, float) else str(value)
    return _cut(written, LONGEST_VALUE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
